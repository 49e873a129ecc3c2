"""The only door to durable_rules: conjunctions of flags in, the numbers of those that hold out.

durable_rules is a fast Rete engine in C with traps that were measured one by one; this is the
one safe way to call it. Only the C module is used: no threads, no timers, no actions of its own.
What enters is a flat ASCII message of small integer flags, what leaves is rule names. All
comparison of values happened before, in Python. A set of conjunctions is split over several
rulesets, each far below the limits at which the C code hangs or overflows.

Not done here: disjunction, negation, priorities, defaults. `table` expands and stages them.
"""

from __future__ import annotations

import itertools
import json
import os
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

import durable_rules_engine as rete

from rules.errors import EngineFailed

MAX_FLAGS = 60
"""Flags of one ruleset. The C code fails at 64 sibling conditions that are true at once, hangs
at 512 and refuses messages of more than 252; with 60 flags no ruleset can come near."""
MAX_RULES = 200
"""Rules of one ruleset. 255 with equal conditions overflow; equal ones are merged besides."""

_END = "end"
_numbers = itertools.count(1)
_lock = threading.RLock()


def _renew_lock() -> None:
    global _lock  # noqa: PLW0603 - a lock held by another thread of the parent never opens
    _lock = threading.RLock()


os.register_at_fork(after_in_child=_renew_lock)


class Conjunctions:
    """Many conjunctions of flags, ready to be asked which of them hold.

    `wanted[i]` are the flags that conjunction i needs; an empty one always holds. Ask with
    `holding(flags)`. Close it when done, or use it in a `with` block.
    """

    def __init__(self, wanted: Sequence[frozenset[int]]) -> None:
        places: dict[frozenset[int], list[int]] = {}
        for at, flags in enumerate(wanted):
            if len(flags) > MAX_FLAGS:
                raise EngineFailed(
                    field="rules",
                    zh=f"一条规则的条件超过 {MAX_FLAGS} 个",
                    en=f"one rule has more than {MAX_FLAGS} conditions",
                )
            places.setdefault(flags, []).append(at)
        self._always = frozenset(places.pop(frozenset(), []))
        self._parts = [_Part(group) for group in _grouped(places)]

    def holding(self, flags: frozenset[int]) -> frozenset[int]:
        """The numbers of the conjunctions whose flags are all among `flags`.

        Raises `EngineFailed` when the engine did not reach its end rule twice in a row.
        """
        found = set(self._always)
        for part in self._parts:
            found |= part.holding(flags)
        return frozenset(found)

    def close(self) -> None:
        """Free the engine's memory; the object cannot be asked again."""
        for part in self._parts:
            part.close()
        self._parts = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _grouped(
    places: dict[frozenset[int], list[int]],
) -> Iterable[dict[frozenset[int], list[int]]]:
    """Groups that stay below both limits, filled in order of the flags so that they share."""
    group: dict[frozenset[int], list[int]] = {}
    used: set[int] = set()
    for flags in sorted(places, key=sorted):
        if group and (len(used | flags) > MAX_FLAGS or len(group) == MAX_RULES):
            yield group
            group, used = {}, set()
        group[flags] = places[flags]
        used |= flags
    if group:
        yield group


@dataclass
class _Handle:
    """A live ruleset of the C code. It counts as dead until an evaluation has come to its end."""

    number: int
    warmed: bool = False
    dead: bool = False


class _Part:
    """One ruleset with its one permanent state, used by one caller at a time."""

    def __init__(self, group: dict[frozenset[int], list[int]]) -> None:
        self._flags = frozenset().union(*group)
        self._meaning = {f"r{at}": frozenset(group[flags]) for at, flags in enumerate(group)}
        rules: dict[str, object] = {
            f"r{at}": {
                "all": [{"m": {"$and": [{"t": 1}, *({f"p{flag}": 1} for flag in sorted(flags))]}}],
                "pri": at + 1,
            }
            for at, flags in enumerate(group)
        }
        rules[_END] = {"all": [{"m": {"t": 1}}], "pri": 65535}
        self._definition = json.dumps(rules)
        self._fragments = {flag: f',"p{flag}":1' for flag in self._flags}
        self._handle: _Handle | None = None

    def holding(self, flags: frozenset[int]) -> frozenset[int]:
        fragments = self._fragments
        message = "".join(
            ['{"sid":"s","id":"f","t":1', *(fragments[f] for f in flags & self._flags), "}"]
        )
        with _lock:
            names = self._evaluated(message)
            if names is None:
                names = self._evaluated(message)
        if names is None:
            raise EngineFailed(
                field="engine",
                zh="规则引擎两次都没有完成计算",
                en="the rule engine did not finish, twice",
            )
        found: set[int] = set()
        for name in names:
            found |= self._meaning[name]
        return frozenset(found)

    def _evaluated(self, message: str) -> list[str] | None:
        """The rules that fired, or None when the C code failed or did not come to its end."""
        try:
            if self._handle is None or self._handle.dead:
                self.close()
                number = rete.create_ruleset(f"seamless-{next(_numbers)}", self._definition)
                self._handle = _Handle(number)
                if self._drained(self._handle, '{"sid":"s","id":"f","t":1}') is None:
                    return None
                self._handle.warmed = True
            return self._drained(self._handle, message)
        except rete.error:
            return None

    def _drained(self, handle: _Handle, message: str) -> list[str] | None:
        handle.dead = True
        _, offset = rete.assert_fact(handle.number, message)
        fired: list[str] = []
        started = rete.start_action_for_state(handle.number, offset)
        answer = None if started is None else started[1]
        while answer is not None:
            fired.append(next(iter(json.loads(answer))))
            answer = rete.complete_and_start_action(handle.number, offset)
        if not fired or fired.pop() != _END or _END in fired:
            return None
        rete.retract_fact(handle.number, '{"sid":"s","id":"f"}')
        handle.dead = False
        return fired

    def close(self) -> None:
        """The state first, then the ruleset: the reverse leaks."""
        handle, self._handle = self._handle, None
        if handle is not None:
            if handle.warmed:
                rete.delete_state(handle.number, "s")
            rete.delete_ruleset(handle.number)
