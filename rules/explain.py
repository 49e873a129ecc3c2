"""What would change the lead: the fewest facts that, answered otherwise, lead elsewhere.

Why a rule holds and which rivals lost to which exception stands in the verdicts; what is missing
for a person who doubts an answer is the nearest combination with another one.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rules.table import Table

MOST_FACTS = 3
"""A change of more facts than this is another question, not the same one answered otherwise."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A smallest change: each fact with the values that all bring the same other outcome."""

    facts: Mapping[str, tuple[str, ...]]
    outcome: int


def turns(
    table: Table, known: Mapping[str, str], outcome_of: Sequence[int], fixed: frozenset[str]
) -> tuple[Turn, ...]:
    """The smallest changes of known facts that settle on another outcome than now.

    `outcome_of` numbers what each verdict comes to (-1: it does not exist). Facts in `fixed`
    stay as they are. All changes of the smallest size are returned, in the order of the matter's
    facts; values of the last changed fact with the same outcome are told together. Empty when
    the known facts do not settle one outcome, or no change of up to three facts does.
    """
    numbers = np.asarray(outcome_of, dtype=np.int64)
    now = _settled(table, known, numbers)
    if now is None:
        return ()
    changeable = [axis for axis in table.axes if axis.fact in known and axis.fact not in fixed]
    for size in range(1, MOST_FACTS + 1):
        found: dict[tuple[tuple[tuple[str, str], ...], str, int], list[str]] = {}
        for axes in itertools.combinations(changeable, size):
            others = [
                [members for members in axis.classes if known[axis.fact] not in members]
                for axis in axes
            ]
            for chosen in itertools.product(*others):
                changed = {a.fact: members[0] for a, members in zip(axes, chosen, strict=True)}
                outcome = _settled(table, {**known, **changed}, numbers)
                if outcome is not None and outcome != now:
                    *first, (last, _) = changed.items()
                    found.setdefault((tuple(first), last, outcome), []).extend(chosen[-1])
        if found:
            return tuple(
                Turn({**{name: (value,) for name, value in first}, last: tuple(values)}, outcome)
                for (first, last, outcome), values in found.items()
            )
    return ()


def _settled(
    table: Table, known: Mapping[str, str], numbers: np.ndarray[tuple[int, ...], np.dtype[np.int64]]
) -> int | None:
    """The one outcome that the known facts leave, or None."""
    _, cells = table.part(known)
    left = {int(one) for one in np.unique(numbers[cells]) if one >= 0}
    return left.pop() if len(left) == 1 else None
