"""How many questions the tables need: on average, at most, and beside the best fixed form.

With the place known: the facts that geography answers are given, as in nearly every real question.
Every possible combination of values counts the same.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from rules.model import Matter
from rules.questions import Numbers, Open, next_question
from rules.table import Axis, Table


@dataclass(frozen=True, slots=True)
class Asking:
    """Questions asked in one matter and interval, in sums over `combinations`.

    `mean` and `most` are of the program's questions, `fixed_mean` of the best order of questions
    that does not depend on the answers, stopping as soon as the outcome is settled.
    """

    matter: str
    combinations: int
    mean: float
    most: int
    fixed_mean: float
    fixed_order: tuple[str, ...]


def asking(table: Table, matter: Matter, outcome_of: Sequence[int]) -> Asking:
    """The questions of one table; `outcome_of` numbers what each verdict comes to (-1: impossible).

    The best fixed order is found by exhaustive search over sets of questions already asked, which
    visits every order.
    """
    known = [n for n, axis in enumerate(table.axes) if _is_place(matter, axis)]
    asked = [axis for n, axis in enumerate(table.axes) if n not in known]
    parts = list(_parts(table, known, np.asarray(outcome_of, dtype=np.int64)))
    total = sum(weight * _existing(open_) for open_, weight in parts)
    spent, most = 0, 0
    for open_, weight in parts:
        questions, deepest = _asked(open_)
        spent += weight * questions
        most = max(most, deepest)
    fixed, order = _best_order(asked, parts)
    return Asking(
        matter=matter.code,
        combinations=total,
        mean=spent / total if total else 0.0,
        most=most,
        fixed_mean=fixed / total if total else 0.0,
        fixed_order=order,
    )


def _is_place(matter: Matter, axis: Axis) -> bool:
    fact = matter.fact(axis.fact)
    return fact is not None and fact.place is not None


def _parts(table: Table, known: Sequence[int], numbers: Numbers) -> Iterator[tuple[Open, int]]:
    """The table over the facts to ask, for each combination of place facts with its weight."""
    for answers in itertools.product(*(range(len(table.axes[n])) for n in known)):
        index: list[int | slice] = [slice(None)] * table.cells.ndim
        weight = 1
        for n, answer in zip(known, answers, strict=True):
            index[n] = answer
            weight *= len(table.axes[n].classes[answer])
        axes = tuple(axis for n, axis in enumerate(table.axes) if n not in known)
        yield Open.of(axes, np.asarray(table.cells[tuple(index)]), numbers.tolist()), weight


def _weights(open_: Open) -> Numbers:
    weights = np.ones(open_.outcomes.shape, dtype=np.int64)
    for at, axis in enumerate(open_.axes):
        shape = [1] * weights.ndim
        shape[at] = len(axis)
        weights = weights * np.array([len(c) for c in axis.classes]).reshape(shape)
    return weights * (open_.outcomes >= 0)


def _existing(open_: Open) -> int:
    return int(_weights(open_).sum())


def _asked(open_: Open) -> tuple[int, int]:
    """The sum of the program's questions over all combinations, and the most for one."""
    fact = next_question(open_)
    if fact is None:
        return 0, 0
    at = next(n for n, axis in enumerate(open_.axes) if axis.fact == fact)
    total, most = _existing(open_), 0
    for n, members in enumerate(open_.axes[at].classes):
        axes = open_.axes[:at] + open_.axes[at + 1 :]
        spent, deepest = _asked(Open(axes, np.take(open_.outcomes, n, axis=at)))
        total += len(members) * spent
        most = max(most, deepest)
    return total, most + 1


def _best_order(
    asked: Sequence[Axis], parts: Sequence[tuple[Open, int]]
) -> tuple[int, tuple[str, ...]]:
    """The least sum of questions that a fixed order needs, and that order.

    An order costs, after each set of questions, one more for each combination not yet settled; so
    the best way to each set is found from the best ways to the sets with one question less.
    """
    best: dict[frozenset[int], tuple[int, tuple[int, ...]]] = {frozenset(): (0, ())}
    for size in range(len(asked)):
        for before in itertools.combinations(range(len(asked)), size):
            key = frozenset(before)
            spent, order = best[key]
            cost = spent + sum(weight * _unsettled(open_, key) for open_, weight in parts)
            for n in range(len(asked)):
                if n not in key:
                    after = key | {n}
                    if after not in best or cost < best[after][0]:
                        best[after] = (cost, (*order, n))
    spent, order = best[frozenset(range(len(asked)))]
    return spent, tuple(asked[n].fact for n in order)


def _unsettled(open_: Open, known: frozenset[int]) -> int:
    """How many combinations have more than one outcome left when these facts are known."""
    others = tuple(n for n in range(open_.outcomes.ndim) if n not in known)
    hidden = np.where(open_.outcomes < 0, np.iinfo(np.int64).max, open_.outcomes)
    several = hidden.min(axis=others) < open_.outcomes.max(axis=others)
    return int((_weights(open_).sum(axis=others) * several).sum())
