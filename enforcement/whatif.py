"""What would change an answer: the fewest facts that, answered otherwise, name another unit.

Only facts that a person gave or could give are changed, the ones that the map knows as well: a map
can be wrong. The place itself stays. The table proposes the changes, and each is asked again like
any question, so that what is told is what the changed question comes to.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from enforcement.district import District
from enforcement.errors import BadQuestion
from enforcement.findings import Outcome
from enforcement.places import Ground
from enforcement.resolution import Question, Resolution, asked_of, resolve
from rules.errors import ImpossibleFacts
from rules.explain import turns
from rules.model import Fact, Matter, Text
from rules.seams import leads
from rules.table import Verdict

NOBODY = (Outcome.VACANT, Outcome.CONTESTED)
"""How a changed question ends where nobody leads; other ends say nothing of another unit."""


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A smallest change: facts with the values that all bring the same other lead (or nobody).

    `lead` is the lead as in JSON.
    """

    facts: tuple[tuple[Fact, tuple[str, ...]], ...]
    lead: Mapping[str, Any] | None

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
        if self.lead is None:
            return Text(f"若 {zh}：没有主办单位", f"if {en}: nobody leads")
        name = self.lead["name"]
        return Text(f"若 {zh}：由{name['zh']}主办", f"if {en}: {name['en']} leads")


def what_if(resolution: Resolution) -> tuple[WhatIf, ...]:
    """The smallest changes of facts that change the lead of a decided resolution; else empty."""
    if resolution.outcome is not Outcome.DECIDED:
        return ()
    return tuple(one for facts in _proposed(resolution) for one in _confirmed(facts, resolution))


def _proposed(resolution: Resolution) -> Iterator[tuple[tuple[Fact, tuple[str, ...]], ...]]:
    """The changes that the table knows, where the question was asked."""
    asked = asked_of(resolution.question, resolution.district)
    ground = asked.grounds(resolution.whereabouts.places)[0]
    facts = dict(ground.facts) | dict(asked.given.facts)
    units: dict[str | None, int] = {}
    outcomes = [
        -1
        if verdict.impossible
        else units.setdefault(_unit(verdict, ground, resolution), len(units))
        for verdict in asked.table.verdicts
    ]
    known = {axis.fact: facts[axis.fact] for axis in asked.table.axes if axis.fact in facts}
    for turn in turns(asked.table, known, outcomes, frozenset()):
        yield tuple((_fact(asked.matter, name), values) for name, values in turn.facts.items())


def _confirmed(
    facts: tuple[tuple[Fact, tuple[str, ...]], ...], resolution: Resolution
) -> Iterator[WhatIf]:
    """The change asked again with each of its values, told by the lead that it comes to."""
    question, district = resolution.question, resolution.district
    *first, (last, values) = facts
    fixed = {fact.name: chosen[0] for fact, chosen in first}
    ends = [
        (
            value,
            _lead(replace(question, facts={**question.facts, **fixed, last.name: value}), district),
        )
        for value in values
    ]
    now = resolution.lead and resolution.lead["unit"]
    told = [
        (value, lead)
        for value, (settled, lead) in ends
        if settled and (lead and lead["unit"]) != now
    ]
    for _, group in itertools.groupby(told, key=lambda one: one[1] and one[1]["unit"]):
        alike = list(group)
        yield WhatIf((*first, (last, tuple(value for value, _ in alike))), alike[0][1])


def _lead(question: Question, district: District) -> tuple[bool, Mapping[str, Any] | None]:
    """Whether the question ends with a lead or with nobody, and the lead."""
    try:
        then = resolve(question, district)
    except (ImpossibleFacts, BadQuestion):
        return False, None  # such a combination does not exist, so it changes nothing
    return then.outcome is Outcome.DECIDED or then.outcome in NOBODY, then.lead


def _fact(matter: Matter, name: str) -> Fact:
    return next(fact for fact in matter.facts if fact.name == name)


def _unit(verdict: Verdict, ground: Ground, resolution: Resolution) -> str | None:
    """The one unit that leads under a verdict here, or None."""
    district = resolution.district
    holders = {
        district.registry.holder(role, ground.spot, resolution.question.on)
        for role in leads(verdict, district.book.catalogue)
    }
    (unit,) = holders if len(holders) == 1 else (None,)
    return None if unit is None else unit.id
