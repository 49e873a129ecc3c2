"""The words of the pages: a catalogue `strings.yaml` each, complete in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from rules.errors import Fault
from rules.model import Text
from web.errors import BadInput

CATALOGUE = Path(__file__).parent / "strings.yaml"


class Words(dict[str, Text]):
    """Keys to texts. Asking for a key that is not there is a fault of the program."""

    def say(self, key: str, lang: str, values: Mapping[str, object] | None = None) -> str:
        """The words of a key with its `{slots}` filled; raises KeyError for an unknown key."""
        text = self[key]
        return (text.en if lang == "en" else text.zh).format_map(values or {})


@lru_cache
def words(catalogue: Path = CATALOGUE) -> Words:
    """A catalogue of words; raises `BadInput` naming every key that lacks a language."""
    raw: dict[str, Any] = yaml.load(
        catalogue.read_text(encoding="utf-8"),
        Loader=yaml.CSafeLoader,
    )
    faults = []
    found = Words()
    for key, said in raw.items():
        if not isinstance(said, dict) or set(said) != {"zh", "en"} or not all(said.values()):
            faults.append(
                Fault(
                    f"{catalogue.name}:{key}", "须有 zh 和 en", "must have zh and en, and no more"
                )
            )
            continue
        found[key] = Text(str(said["zh"]), str(said["en"]))
    if faults:
        raise BadInput(faults)
    return found
