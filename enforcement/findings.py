"""What the rules and mandates say of one matter on one ground: the part that places share.

Reads the decision table over everything that is still possible. One lead left is a decision,
whatever else stays open; otherwise there is a next question, or a seam.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np

from enforcement.places import Ground
from enforcement.units import Registry, Unit
from rules.model import Catalogue, Role
from rules.questions import Open, next_question
from rules.table import Axis, Table, Verdict


class Outcome(StrEnum):
    """How a question ends; the words are the contract's."""

    DECIDED = "decided"
    NEEDS_FACTS = "needs_facts"
    CONTESTED = "contested"
    VACANT = "vacant"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Standing:
    """What one combination comes to: a lead, or why there is none.

    `unit` and `role` name the lead. Without one, `roles` are the roles that are named: none for
    a gap, one that nobody holds for a vacancy, several for an overlap.
    """

    unit: Unit | None
    roles: tuple[Role, ...]

    @property
    def outcome(self) -> Outcome:
        """Decided, vacant (a gap or a role without a unit) or contested (an overlap)."""
        if self.unit is not None:
            return Outcome.DECIDED
        return Outcome.CONTESTED if len(self.roles) > 1 else Outcome.VACANT


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer on one ground.

    `possible` are the distinct verdicts that the known facts allow and that exist; `standings`
    what they come to, without repeats; `ask` the next fact to ask and its values, or None.
    """

    outcome: Outcome
    possible: tuple[Verdict, ...]
    standings: tuple[Standing, ...]
    ask: tuple[str, tuple[str, ...]] | None
    excluded: str | None = None

    @property
    def lead(self) -> Standing | None:
        """The one lead, or None."""
        return self.standings[0] if self.outcome is Outcome.DECIDED else None


def find(
    table: Table,
    facts: Mapping[str, str],
    declined: frozenset[str],
    ground: Ground,
    *,
    on: date,
    registry: Registry,
    catalogue: Catalogue,
) -> Finding:
    """What is possible on this ground on this day, and what to ask next.

    `excluded` names the `cannot` clause when the known facts contradict each other; then there
    is nothing else in the finding.
    """
    free, cells = table.part(facts)
    numbers = [int(one) for one in np.unique(cells)]
    possible = [n for n in numbers if table.verdicts[n].impossible is None]
    if not possible:
        clause = table.verdicts[numbers[0]].impossible
        return Finding(Outcome.VACANT, (), (), None, excluded=clause)
    standings: list[Standing] = []
    lead_of = np.full(len(table.verdicts), -1, dtype=np.int64)
    for n in possible:
        standing = _standing(table.verdicts[n], ground, on, registry, catalogue)
        at = _place_of(standing, standings)
        lead_of[n] = at
    outcome, ask = standings[0].outcome, None
    if len(standings) > 1:
        outcome = Outcome.NEEDS_FACTS
        ask = _question(Open(free, lead_of[cells]), declined)
    return Finding(outcome, tuple(table.verdicts[n] for n in possible), tuple(standings), ask)


def _question(open_: Open, declined: frozenset[str]) -> tuple[str, tuple[str, ...]] | None:
    fact = next_question(open_, declined)
    return None if fact is None else (fact, open_.values(fact))


def _place_of(standing: Standing, among: list[Standing]) -> int:
    """The number of an equal standing: the same unit, or the same roles without one."""
    for at, other in enumerate(among):
        if standing.unit is not None and other.unit is not None:
            if standing.unit.id == other.unit.id:
                return at
        elif standing.unit is None and other.unit is None and standing.roles == other.roles:
            return at
    among.append(standing)
    return len(among) - 1


def _standing(
    verdict: Verdict, ground: Ground, on: date, registry: Registry, catalogue: Catalogue
) -> Standing:
    named: dict[str, Role] = {}
    for id_ in verdict.standing:
        role = catalogue.rules[id_].lead
        if role is not None:
            named[role.id] = role
    roles = tuple(named[id_] for id_ in sorted(named))
    holders = [registry.holder(role.id, ground.spot, on) for role in roles]
    distinct = {unit.id: unit for unit in holders if unit is not None}
    if len(distinct) == 1 and None not in holders:
        return Standing(next(iter(distinct.values())), roles)
    return Standing(None, roles)


def sure(possible: Sequence[Verdict]) -> tuple[str, ...]:
    """The rules that stand in every possible verdict, in order of id."""
    shared = frozenset(possible[0].standing).intersection(*(v.standing for v in possible[1:]))
    return tuple(sorted(shared))


def open_axes(table: Table, facts: Mapping[str, str]) -> tuple[Axis, ...]:
    """The facts that are not known and that some rule tells apart."""
    free, _ = table.part(facts)
    return tuple(axis for axis in free if len(axis) > 1)
