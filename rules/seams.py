"""What the tables show of the rules alone: gaps, overlaps, rules that never decide anything.

Every seam comes with its smallest witness: the fewest facts that already force it, whatever the
rest may be. Units, mandates and maps are not looked at here; `enforcement.seams` joins them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from rules.model import Catalogue
from rules.periods import Period
from rules.table import Table, Verdict


class SeamKind(StrEnum):
    """A gap: no rule names a lead. An overlap: standing rules name different leads."""

    GAP = "gap"
    OVERLAP = "overlap"


@dataclass(frozen=True, slots=True)
class Seam:
    """Combinations of one matter and interval with no lead or with several.

    `facts` is the smallest witness: values that force the seam whatever else holds. `rules` are
    the standing rules with a lead (none for a gap), `leads` their roles, `combinations` how many
    combinations of values have this verdict in the interval.
    """

    matter: str
    period: Period
    kind: SeamKind
    facts: Mapping[str, str]
    rules: tuple[str, ...]
    leads: tuple[str, ...]
    combinations: int


@dataclass(frozen=True, slots=True)
class IdleRule:
    """A rule that decides nothing in a whole interval.

    `masked_by` names the rules that beat it wherever it holds; empty when it never holds.
    """

    matter: str
    period: Period
    rule: str
    masked_by: tuple[str, ...]


def leads(verdict: Verdict, catalogue: Catalogue) -> tuple[str, ...]:
    """The distinct roles that the standing rules name as lead, in order of their ids."""
    named = {catalogue.rules[id_].lead for id_ in verdict.standing}
    return tuple(sorted(role.id for role in named if role is not None))


def seams_of(table: Table, catalogue: Catalogue) -> Iterator[Seam]:
    """The seams of one table, one for each verdict that names no lead or several."""
    weights = _weights(table)
    for number, verdict in enumerate(table.verdicts):
        roles = leads(verdict, catalogue)
        if verdict.impossible is not None or len(roles) == 1:
            continue
        cells = table.cells == number
        yield Seam(
            matter=table.matter,
            period=table.period,
            kind=SeamKind.OVERLAP if roles else SeamKind.GAP,
            facts=witness(table, cells),
            rules=tuple(id_ for id_ in verdict.standing if catalogue.rules[id_].lead is not None),
            leads=roles,
            combinations=int(weights[cells].sum()),
        )


def idle_rules(table: Table, catalogue: Catalogue) -> Iterator[IdleRule]:
    """The rules in force in the table's interval that stand in no possible combination."""
    verdicts = [v for v in table.verdicts if v.impossible is None]
    standing = {id_ for verdict in verdicts for id_ in verdict.standing}
    for rule in catalogue.rules_of(table.matter):
        if rule.period.covers(table.period.valid_from) and rule.id not in standing:
            masks = {w for verdict in verdicts for lost, w in verdict.lost if lost == rule.id}
            yield IdleRule(table.matter, table.period, rule.id, tuple(sorted(masks)))


def witness(table: Table, cells: npt.NDArray[np.bool_]) -> Mapping[str, str]:
    """The fewest facts that force one of `cells`, greedily from the first cell of the table.

    Starting from one full combination, facts are dropped as long as every possible combination
    that agrees with the rest is among `cells`.
    """
    possible = table.possible[table.cells]
    at = tuple(int(n) for n in np.argwhere(cells)[0])
    kept: list[int | slice] = list(at)
    for n in range(len(table.axes)):
        wider = [*kept[:n], slice(None), *kept[n + 1 :]]
        index = tuple(wider)
        if (cells[index] | ~possible[index]).all():
            kept = wider
    return {
        axis.fact: axis.classes[n][0]
        for axis, n in zip(table.axes, kept, strict=True)
        if isinstance(n, int)
    }


def _weights(table: Table) -> npt.NDArray[np.int64]:
    """How many combinations of values each cell stands for."""
    weights = np.ones(table.cells.shape, dtype=np.int64)
    for at, axis in enumerate(table.axes):
        shape = [1] * table.cells.ndim
        shape[at] = len(axis)
        weights = weights * np.array([len(c) for c in axis.classes]).reshape(shape)
    return weights
