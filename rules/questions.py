"""The next question worth asking: the one that leaves the fewest leads in the worst case.

Works on a part of a table over the facts that are still open. `lead_of` maps each verdict to a
number for who would lead (or for the seam that would show), so units, vacancies and seams are
all just outcomes here; what they mean is decided by the caller.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rules.table import Axis, Cells

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Open:
    """What is still possible: the open axes, the outcome of every combination over them.

    `outcomes` has one dimension per axis; -1 stands for a combination that does not exist.
    """

    axes: tuple[Axis, ...]
    outcomes: Numbers

    @classmethod
    def of(cls, axes: tuple[Axis, ...], cells: Cells, lead_of: Sequence[int]) -> Open:
        """The part of a table as outcomes; `lead_of` is indexed by verdict."""
        return cls(axes, np.asarray(lead_of, dtype=np.int64)[cells])

    def possible(self) -> tuple[int, ...]:
        """The outcomes that are still possible, ascending; empty when nothing is possible."""
        found = np.unique(self.outcomes)
        return tuple(int(one) for one in found if one >= 0)

    def values(self, fact: str) -> tuple[str, ...]:
        """The values of an open fact that some possible combination has."""
        at = next(n for n, axis in enumerate(self.axes) if axis.fact == fact)
        return tuple(
            value
            for n, members in enumerate(self.axes[at].classes)
            if (np.take(self.outcomes, n, axis=at) >= 0).any()
            for value in members
        )


def next_question(open_: Open, declined: Collection[str] = ()) -> str | None:
    """The fact to ask next, or None when no open question can change the outcome.

    Facts in `declined` were answered with "I do not know" and are not asked again. Among the
    others the one wins that leaves the fewest outcomes in the worst case, then the fewest on
    average over its values, then the one that the matter lists first.
    """
    best: tuple[int, float] | None = None
    chosen: str | None = None
    for at, axis in enumerate(open_.axes):
        if axis.fact in declined or len(axis) < 2:
            continue
        left = [
            (len(outcomes), len(axis.classes[n]))
            for n in range(len(axis))
            if (outcomes := _outcomes(np.take(open_.outcomes, n, axis=at)))
        ]
        if not _can_change(open_, at):
            continue
        worst = max(count for count, _ in left)
        mean = sum(count * weight for count, weight in left) / sum(weight for _, weight in left)
        if best is None or (worst, mean) < best:
            best, chosen = (worst, mean), axis.fact
    return chosen


def _outcomes(cells: Numbers) -> set[int]:
    return {int(one) for one in np.unique(cells) if one >= 0}


def _can_change(open_: Open, at: int) -> bool:
    """Whether, all other open facts being equal, the answer to this one can change the outcome."""
    moved = np.moveaxis(open_.outcomes, at, 0).reshape(open_.outcomes.shape[at], -1)
    hidden = np.where(moved < 0, np.iinfo(np.int64).max, moved)
    lowest = hidden.min(axis=0)
    highest = moved.max(axis=0)
    return bool(((highest >= 0) & (lowest != highest) & (lowest <= highest)).any())
