"""YAML files as plain values, each fault named with its file and key.

Only `true` and `false` are booleans here: in rule data `on`, `yes` and `no` are words. A key that
stands twice is a fault, since the first one would be lost without a word.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from rules.errors import Fault

M = TypeVar("M", bound=BaseModel)


# libyaml reads a tenth of the time that pure Python takes, which opening a district is made of
_Safe: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Safe):  # type: ignore[misc]  # the faster of two classes with one interface
    """The safe loader, without YAML 1.1's `yes`/`no`/`on`/`off`, and strict about keys."""

    def construct_mapping(
        self,
        node: yaml.MappingNode,
        deep: bool = False,  # noqa: FBT001, FBT002 - as the base class has it
    ) -> dict[Any, Any]:
        seen: set[object] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable):
                raise yaml.constructor.ConstructorError(
                    None, None, "a list or mapping cannot be a key", key_node.start_mark
                )
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} stands twice", key_node.start_mark
                )
            seen.add(key)
        found: dict[Any, Any] = super().construct_mapping(node, deep)
        return found


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for _word in ("true", "false"):
    _Loader.yaml_implicit_resolvers.setdefault(_word[0], []).append(
        ("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"))
    )


def read_yaml(path: Path, shown_as: str, faults: list[Fault]) -> object:
    """What the file holds, or None with a fault added when it is missing or not YAML."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        faults.append(Fault(shown_as, f"读不了这个文件：{error}", f"cannot be read: {error}"))
        return None
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a subclass of the safe loader
    except (yaml.YAMLError, ValueError) as error:  # a ValueError: 2008-02-30 is no date
        faults.append(Fault(shown_as, f"不是有效的 YAML：{error}", f"is not valid YAML: {error}"))
        return None


def parsed(model: type[M], value: object, shown_as: str, faults: list[Fault]) -> M | None:
    """The value as `model`, or None with one fault for each key that does not fit."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        for one in error.errors():
            key = ".".join(str(part) for part in one["loc"]) or "(file)"
            given = repr(one.get("input"))
            given = given if len(given) <= 80 else given[:77] + "…"
            faults.append(
                Fault(
                    f"{shown_as}:{key}",
                    f"给的是 {given}，不符合格式：{one['msg']}",
                    f"given {given}: {one['msg']}",
                )
            )
        return None
