"""What the tables show of the rules alone: gaps, overlaps, rules that never decide anything.

Every seam comes with the region of facts it covers and its smallest witness: the fewest facts that
already force it, whatever the rest may be. Units, mandates and maps are not looked at here;
`enforcement.seams` joins them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from rules.model import Catalogue
from rules.periods import Period
from rules.regions import Facts, regions
from rules.table import Table, Verdict


class SeamKind(StrEnum):
    """A gap: no rule names a lead. An overlap: standing rules name different leads."""

    GAP = "gap"
    OVERLAP = "overlap"


@dataclass(frozen=True, slots=True)
class Seam:
    """Combinations of one matter and interval with no lead or with several.

    `facts` is the region, `witness` the fewest facts that force it. `rules` are the standing rules
    with a lead (none for a gap), `leads` their roles, `combinations` how many combinations of
    values the region has in the interval.
    """

    matter: str
    period: Period
    kind: SeamKind
    facts: Facts
    witness: Mapping[str, str]
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


def leading(verdict: Verdict, catalogue: Catalogue) -> tuple[str, ...]:
    """The standing rules that name a lead, in order of their ids."""
    return tuple(id_ for id_ in verdict.standing if catalogue.rules[id_].lead is not None)


def leads(verdict: Verdict, catalogue: Catalogue) -> tuple[str, ...]:
    """The distinct roles that the standing rules name as lead, in order of their ids."""
    named = {catalogue.rules[id_].lead for id_ in verdict.standing}
    return tuple(sorted(role.id for role in named if role is not None))


def seams_of(table: Table, catalogue: Catalogue) -> Iterator[Seam]:
    """The seams of one table: for each set of rules that lead together, each region."""
    together: dict[tuple[str, ...], list[int]] = {}
    for number, verdict in enumerate(table.verdicts):
        if verdict.impossible is None and len(leads(verdict, catalogue)) != 1:
            together.setdefault(leading(verdict, catalogue), []).append(number)
    for rules, numbers in sorted(together.items()):
        roles = leads(table.verdicts[numbers[0]], catalogue)
        for region in regions(table, np.isin(table.cells, numbers)):
            yield Seam(
                matter=table.matter,
                period=table.period,
                kind=SeamKind.OVERLAP if roles else SeamKind.GAP,
                facts=region.facts,
                witness=region.witness,
                rules=rules,
                leads=roles,
                combinations=region.combinations,
            )


def idle_rules(table: Table, catalogue: Catalogue) -> Iterator[IdleRule]:
    """The rules in force in the table's interval that stand in no possible combination."""
    verdicts = [v for v in table.verdicts if v.impossible is None]
    standing = {id_ for verdict in verdicts for id_ in verdict.standing}
    for rule in catalogue.rules_of(table.matter):
        if rule.period.covers(table.period.valid_from) and rule.id not in standing:
            masks = {w for verdict in verdicts for lost, w in verdict.lost if lost == rule.id}
            yield IdleRule(table.matter, table.period, rule.id, tuple(sorted(masks)))
