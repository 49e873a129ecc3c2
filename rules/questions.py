"""The next question worth asking: the one after which the fewest are needed on average.

What is still possible is a small array, so the best way to ask is searched for exactly: the mean
number of questions until the lead is settled, over all combinations that exist. Among equally good
questions, the one wins that leaves the fewest leads in the worst case. Where the array is
too large for that, this worst case alone decides.

Works on a part of a table over the facts that are still open. `lead_of` maps each verdict to a
number for who would lead (or for the seam that would show), so units, vacancies and seams are
all just outcomes here; what they mean is decided by the caller.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rules.table import Axis, Cells

Numbers = npt.NDArray[np.int64]
MAX_EXACT = 2_000
"""Up to how many part-answered states (each open fact answered or not) the search is exact."""
MAX_REMEMBERED = 200_000
_Known = tuple[tuple[int, ...], bytes, bytes]
_costs: dict[_Known, int] = {}
_choices: dict[_Known, int] = {}


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

    Facts in `declined` were answered with "I do not know" and are not asked again. The best one
    leaves the fewest questions on average over the combinations that exist, then the fewest
    outcomes in the worst case; then the matter's order decides.
    """
    askable = [n for n, axis in enumerate(open_.axes) if axis.fact not in declined]
    left = _Left.of(open_, askable)
    if left.settled:
        return None
    wide = _reduced(left)
    at = _choices.get(wide.key)
    if at is None:
        kept = range(len(wide.axes)) if wide.exact else _telling(wide)
        at = min((_after(wide, n) if wide.exact else 0, *_worst(wide, n), n) for n in kept)[-1]
        _remember(_choices, wide.key, at)
    return open_.axes[wide.axes[at]].fact


def mean_questions(open_: Open) -> float:
    """How many questions are asked on average until nothing open can change the outcome.

    Over all combinations of values that exist, each as likely as the other.
    """
    left = _Left.of(open_, range(len(open_.axes)))
    return _cost(left) / int(left.weights.sum()) if left.weights.any() else 0.0


@dataclass(frozen=True, slots=True)
class _Left:
    """What the facts that may be asked leave open.

    `sets` holds for each combination of those facts the outcomes that are possible, as the bits
    of a number (several where a declined fact decides; 0 where the combination does not exist);
    `weights` for how many combinations of values it stands; `axes` the facts, as numbers.
    """

    axes: tuple[int, ...]
    sets: Numbers
    weights: Numbers

    @classmethod
    def of(cls, open_: Open, askable: Collection[int]) -> _Left:
        """The askable facts alone; the others are folded into the sets."""
        kinds, numbered = np.unique(open_.outcomes, return_inverse=True)
        kinds, numbered = kinds.ravel(), numbered.reshape(open_.outcomes.shape)
        ids = np.array([0 if kind < 0 else 1 << n for n, kind in enumerate(kinds)], dtype=object)
        if len(kinds) < 63:
            ids = ids.astype(np.int64)
        exists = open_.outcomes >= 0
        weights = np.asarray(exists, dtype=np.int64)
        for at, axis in enumerate(open_.axes):
            shape = [1] * weights.ndim
            shape[at] = len(axis)
            weights = weights * np.array([len(c) for c in axis.classes]).reshape(shape)
        folded = tuple(n for n in range(len(open_.axes)) if n not in askable)
        sets = np.bitwise_or.reduce(ids[numbered], axis=folded) if folded else ids[numbered]
        _, plain = np.unique(sets, return_inverse=True)
        plain = plain.reshape(np.shape(sets)) + (0 if (sets == 0).any() else 1)
        return cls(
            tuple(n for n in range(len(open_.axes)) if n in askable),
            np.asarray(plain, dtype=np.int64),
            weights.sum(axis=folded) if folded else weights,
        )

    @property
    def settled(self) -> bool:
        """Whether every combination that exists leaves the same outcomes."""
        return len(np.unique(self.sets[self.sets > 0])) < 2

    @property
    def exact(self) -> bool:
        """Whether it is small enough for the exact search."""
        states: int = math.prod(n + 1 for n in self.sets.shape)
        return states <= MAX_EXACT

    @property
    def key(self) -> _Known:
        """What the best question depends on; equal keys, whatever the facts are called."""
        return self.sets.shape, self.sets.tobytes(), self.weights.tobytes()

    def given(self, at: int, answer: int) -> _Left:
        """What is left when the fact at place `at` has this answer."""
        return _Left(
            self.axes[:at] + self.axes[at + 1 :],
            np.take(self.sets, answer, axis=at),
            np.take(self.weights, answer, axis=at),
        )


def _reduced(left: _Left) -> _Left:
    """The same with equal answers merged, and without the facts that then have one answer."""
    axes, sets, weights = left.axes, left.sets, left.weights
    for at in reversed(range(len(axes))):  # from the last: the places before it stay the same
        rows = np.moveaxis(sets, at, 0)
        groups: dict[bytes, list[int]] = {}
        for n, row in enumerate(rows):
            if row.any():
                groups.setdefault(row.tobytes(), []).append(n)
        if len(groups) < len(rows):
            members = list(groups.values())
            heavy = np.moveaxis(weights, at, 0)
            sets = np.moveaxis(rows[[group[0] for group in members]], 0, at)
            merged = np.stack([heavy[group].sum(axis=0) for group in members])
            weights = np.moveaxis(merged, 0, at)
        if len(groups) == 1:
            sets, weights = np.take(sets, 0, axis=at), np.take(weights, 0, axis=at)
            axes = axes[:at] + axes[at + 1 :]
    return _Left(axes, np.ascontiguousarray(sets), np.ascontiguousarray(weights))


def _cost(left: _Left) -> int:
    """The sum over all combinations of the questions still to ask, asked as well as possible."""
    if left.settled:
        return 0
    small = _reduced(left)
    found = _costs.get(small.key)
    if found is None:
        if small.exact:
            found = min(_after(small, at) for at in range(len(small.axes)))
        else:
            found = _after(small, min((*_worst(small, at), at) for at in _telling(small))[-1])
        _remember(_costs, small.key, found)
    return found


def _remember(memory: dict[_Known, int], key: _Known, value: int) -> None:
    if len(memory) >= MAX_REMEMBERED:
        memory.clear()
    memory[key] = value


def _after(left: _Left, at: int) -> int:
    """The sum of questions when the fact at place `at` is asked now."""
    answers = range(left.sets.shape[at])
    return int(left.weights.sum()) + sum(_cost(left.given(at, one)) for one in answers)


def _worst(left: _Left, at: int) -> tuple[int, float]:
    """How many kinds of outcome an answer leaves in the worst case, and on average."""
    counts = [
        (len(np.unique(row[row > 0])), int(weight.sum()))
        for row, weight in zip(
            np.moveaxis(left.sets, at, 0), np.moveaxis(left.weights, at, 0), strict=True
        )
    ]
    total = sum(weight for _, weight in counts)
    return max(n for n, _ in counts), sum(n * weight for n, weight in counts) / total


def _telling(left: _Left) -> list[int]:
    """The places of facts that matter when all others are known.

    Where facts imply each other, each is dispensable beside the others; then the
    dispensable ones are given up one by one from the last, and what must stay is returned.
    """
    must = [at for at in range(len(left.axes)) if not _dispensable(left.sets, at)]
    if must:
        return must
    sets, stay = left.sets, list(range(len(left.axes)))
    for at in reversed(range(len(left.axes))):
        if _dispensable(sets, at):
            sets = sets.max(axis=at)
            stay.remove(at)
    return stay


def _dispensable(sets: Numbers, at: int) -> bool:
    """Whether the outcome is the same for every answer, all other facts being equal."""
    lowest = np.where(sets == 0, np.iinfo(np.int64).max, sets).min(axis=at)
    highest = sets.max(axis=at)
    return bool(np.all((highest == 0) | (lowest == highest)))
