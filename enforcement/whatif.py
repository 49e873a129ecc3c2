"""What would change an answer: the fewest facts that, answered otherwise, name another unit.

Only facts that a person gave or could give are changed, the ones that the map knows as well: a map
can be wrong. The place itself stays.
"""

from __future__ import annotations

from dataclasses import dataclass

from enforcement.district import District
from enforcement.findings import Outcome
from enforcement.places import Ground
from enforcement.resolution import Resolution, asked_of
from enforcement.units import Unit
from rules.explain import turns
from rules.model import Fact, Text
from rules.seams import leads
from rules.table import Verdict


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A smallest change: facts with the values that all bring the same other unit (or nobody)."""

    facts: tuple[tuple[Fact, tuple[str, ...]], ...]
    unit: Unit | None
    name: Text | None

    def says(self) -> Text:
        """The change as a sentence."""
        zh = "，".join(
            f"{fact.question.zh.rstrip('？?')}→" + "或".join(fact.values[v].zh for v in values)
            for fact, values in self.facts
        )
        en = ", ".join(
            f"{fact.name} → " + " or ".join(fact.values[v].en for v in values)
            for fact, values in self.facts
        )
        if self.name is None:
            return Text(f"若 {zh}：没有主办单位", f"if {en}: nobody leads")
        return Text(f"若 {zh}：由{self.name.zh}主办", f"if {en}: {self.name.en} leads")


def what_if(resolution: Resolution) -> tuple[WhatIf, ...]:
    """The smallest changes of facts that change the lead of a decided resolution; else empty."""
    if resolution.outcome is not Outcome.DECIDED:
        return ()
    question, district = resolution.question, resolution.district
    asked = asked_of(question, district)
    ground = asked.grounds(resolution.whereabouts.places)[0]
    facts = dict(ground.facts) | dict(asked.given.facts)
    units: dict[str | None, int] = {}
    outcomes = [
        -1
        if verdict.impossible
        else units.setdefault(_unit(verdict, ground, resolution, district), len(units))
        for verdict in asked.table.verdicts
    ]
    known = {axis.fact: facts[axis.fact] for axis in asked.table.axes if axis.fact in facts}
    by_number = {number: unit for unit, number in units.items()}
    found = []
    for turn in turns(asked.table, known, outcomes, frozenset()):
        id_ = by_number[turn.outcome]
        unit = None if id_ is None else district.registry.units[id_]
        changed = [(asked.matter.fact(name), values) for name, values in turn.facts.items()]
        found.append(
            WhatIf(
                tuple((fact, values) for fact, values in changed if fact is not None),
                unit,
                None if unit is None else unit.name(question.on),
            )
        )
    return tuple(found)


def _unit(
    verdict: Verdict, ground: Ground, resolution: Resolution, district: District
) -> str | None:
    """The one unit that leads under a verdict here, or None."""
    on = resolution.question.on
    holders = {
        district.registry.holder(role, ground.spot, on)
        for role in leads(verdict, district.book.catalogue)
    }
    (unit,) = holders if len(holders) == 1 else (None,)
    return None if unit is None else unit.id
