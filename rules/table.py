"""Decision tables: what the rules say for every combination of facts, one per matter and interval.

The input is finite, so each combination is asked once (`build`), and the table is what answers
from then on: live, in bulk, offline, in proofs. Values that no rule and no `cannot` tells apart
share a class, so a table is as small as the rules allow; the whole verdict is kept, not only
the lead, so merging never changes an answer.
"""

from __future__ import annotations

import base64
import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt

from rules.errors import Fault, PackRefused
from rules.model import Cannot, Catalogue, Condition, Matter, Rule
from rules.periods import Period, cut

MAX_COMBINATIONS = 50_000
Cells = npt.NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say of one combination.

    `standing`: the rules that hold and were not beaten, in order of id. `lost`: each rule that
    held and was beaten, with the standing rule that beat it. `impossible`: the id of the
    `cannot` clause that excludes the combination, then the rest is empty.
    """

    standing: tuple[str, ...] = ()
    lost: tuple[tuple[str, str], ...] = ()
    impossible: str | None = None


@dataclass(frozen=True, slots=True)
class Axis:
    """One fact of a table: its values in classes that no rule tells apart."""

    fact: str
    classes: tuple[tuple[str, ...], ...]

    def __len__(self) -> int:
        return len(self.classes)


@dataclass(frozen=True)
class Table:
    """The verdicts on all combinations of one matter in one interval.

    `cells` has one dimension per axis and holds numbers into `verdicts`.
    """

    matter: str
    period: Period
    axes: tuple[Axis, ...]
    cells: Cells
    verdicts: tuple[Verdict, ...]
    raw_combinations: int = field(default=0, compare=False)

    @cached_property
    def at(self) -> Mapping[str, Mapping[str, int]]:
        """Fact → value → the class it is in."""
        return {
            axis.fact: {value: n for n, values in enumerate(axis.classes) for value in values}
            for axis in self.axes
        }

    @cached_property
    def possible(self) -> npt.NDArray[np.bool_]:
        """For each verdict, whether its combinations exist at all."""
        return np.array([verdict.impossible is None for verdict in self.verdicts])

    @property
    def combinations(self) -> int:
        """How many combinations of classes there are, impossible ones included."""
        return int(self.cells.size)

    @property
    def excluded_share(self) -> float:
        """The share of the combinations of values (not of classes) that a `cannot` excludes."""
        return float(self.weights[~self.possible[self.cells]].sum() / self.weights.sum())

    @cached_property
    def weights(self) -> npt.NDArray[np.int64]:
        """How many combinations of values each cell stands for."""
        weights = np.ones(self.cells.shape, dtype=np.int64)
        for at, axis in enumerate(self.axes):
            shape = [1] * self.cells.ndim
            shape[at] = len(axis)
            weights = weights * np.array([len(c) for c in axis.classes]).reshape(shape)
        return weights

    def part(self, known: Mapping[str, str]) -> tuple[tuple[Axis, ...], Cells]:
        """The axes that `known` leaves open, and the cells over them.

        Facts that the table does not have are ignored; values must be values of their facts.
        """
        index: list[int | slice] = []
        free: list[Axis] = []
        for axis in self.axes:
            value = known.get(axis.fact)
            if value is None:
                free.append(axis)
                index.append(slice(None))
            else:
                index.append(self.at[axis.fact][value])
        return tuple(free), np.asarray(self.cells[tuple(index)])

    def verdict(self, facts: Mapping[str, str]) -> Verdict:
        """The verdict on one combination; `facts` must name every axis."""
        return self.verdicts[
            int(self.cells[tuple(self.at[axis.fact][facts[axis.fact]] for axis in self.axes)])
        ]


def intervals(matter: Matter, catalogue: Catalogue) -> tuple[Period, ...]:
    """The matter's days, cut wherever one of its rules, thresholds or exclusions changes."""
    changing: list[Period] = [rule.period for rule in catalogue.rules_of(matter.code)]
    changing += [clause.period for clause in matter.cannot]
    for fact in matter.facts:
        for id_ in fact.cuts:
            changing += [value.period for value in catalogue.parameters[id_].values]
    days: set[date] = {period.valid_from for period in changing}
    days |= {period.ceases_on for period in changing if period.ceases_on is not None}
    return cut(matter.periods, days)


def axes(matter: Matter, rules: Iterable[Rule], cannot: Iterable[Cannot]) -> tuple[Axis, ...]:
    """The matter's facts, each with its values merged where nothing tells them apart."""
    asked = [one for rule in rules for one in rule.alternatives]
    asked += [one for clause in cannot for one in clause.alternatives]
    found = []
    for fact in matter.facts:
        sets = [one[fact.name] for one in asked if fact.name in one]
        classes: dict[tuple[bool, ...], list[str]] = {}
        for value in fact.values:
            classes.setdefault(tuple(value in wanted for wanted in sets), []).append(value)
        found.append(Axis(fact.name, tuple(tuple(values) for values in classes.values())))
    return tuple(found)


@dataclass(frozen=True)
class Draft:
    """A table before it is filled: what is in force, and the axes that this gives."""

    matter: Matter
    period: Period
    rules: tuple[Rule, ...]
    cannot: tuple[Cannot, ...]
    axes: tuple[Axis, ...]

    @property
    def combinations(self) -> int:
        """The number of combinations that have to be asked."""
        return math.prod(len(axis) for axis in self.axes)

    @property
    def raw_combinations(self) -> int:
        """The number of combinations before values were merged."""
        return math.prod(len(fact.values) for fact in self.matter.facts)


def drafts(matter: Matter, catalogue: Catalogue) -> tuple[Draft, ...]:
    """What has to be asked, per interval.

    Raises `PackRefused` when an interval has more than `MAX_COMBINATIONS`, naming the factors.
    """
    found = []
    for period in intervals(matter, catalogue):
        day = period.valid_from
        rules = tuple(r for r in catalogue.rules_of(matter.code) if r.period.covers(day))
        cannot = tuple(c for c in matter.cannot if c.period.covers(day))
        found.append(Draft(matter, period, rules, cannot, axes(matter, rules, cannot)))
    large = [draft for draft in found if draft.combinations > MAX_COMBINATIONS]
    if large:
        raise PackRefused(
            Fault(
                f"matter {matter.code}",
                f"{draft.period} 有 {draft.combinations} 种组合，超过 {MAX_COMBINATIONS}："
                + _factors(draft.axes),
                f"{draft.combinations} combinations on {draft.period}, more than "
                f"{MAX_COMBINATIONS}: {_factors(draft.axes)}",
            )
            for draft in large
        )
    return tuple(found)


def _factors(of: Sequence[Axis]) -> str:
    return " × ".join(f"{axis.fact} {len(axis)}" for axis in of)


def combinations(of: Sequence[Axis]) -> Iterable[tuple[int, ...]]:
    """Every combination of class numbers, the last axis fastest."""
    return itertools.product(*(range(len(axis)) for axis in of))


def holds(condition: Condition, facts: Mapping[str, str]) -> bool:
    """Whether a condition is satisfied by facts that name everything it asks.

    For one combination and for reading; tables come from the engine.
    """
    return all(facts[name] in wanted for name, wanted in condition.items())


def as_json(table: Table) -> dict[str, object]:
    """The table as JSON carries it: to the cache on disk and to the tablet."""
    return {
        "matter": table.matter,
        "valid_from": table.period.valid_from.isoformat(),
        "ceases_on": table.period.ceases_on and table.period.ceases_on.isoformat(),
        "axes": [[axis.fact, [list(values) for values in axis.classes]] for axis in table.axes],
        "cells": base64.b64encode(table.cells.astype("<u2").tobytes()).decode("ascii"),
        "verdicts": [
            [list(v.standing), [list(pair) for pair in v.lost], v.impossible]
            for v in table.verdicts
        ],
        "raw_combinations": table.raw_combinations,
    }


def from_json(value: Mapping[str, object]) -> Table:
    """The table that `as_json` wrote."""
    given: Mapping[str, object] = value
    axes_ = tuple(
        Axis(str(fact), tuple(tuple(map(str, values)) for values in classes))
        for fact, classes in given["axes"]  # type: ignore[attr-defined]
    )
    cells = np.frombuffer(base64.b64decode(str(given["cells"])), dtype="<u2").astype(np.uint16)
    ceases_on = given["ceases_on"]
    return Table(
        matter=str(given["matter"]),
        period=Period(
            date.fromisoformat(str(given["valid_from"])),
            None if ceases_on is None else date.fromisoformat(str(ceases_on)),
        ),
        axes=axes_,
        cells=cells.reshape(tuple(len(axis) for axis in axes_)),
        verdicts=tuple(
            Verdict(tuple(standing), tuple((str(a), str(b)) for a, b in lost), impossible)
            for standing, lost, impossible in given["verdicts"]  # type: ignore[attr-defined]
        ),
        raw_combinations=int(str(given["raw_combinations"])),
    )
