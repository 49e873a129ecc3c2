"""One checked question on every ground that its position may be on: what each of them comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from enforcement.district import District, Neighbour
from enforcement.findings import Finding, Standing, find
from enforcement.places import Ground
from enforcement.questions import OUTSIDE, Known, Question
from geo.locate import Place
from rules.errors import ImpossibleFacts
from rules.model import Fact, Matter
from rules.table import Table, Verdict

KEPT_FINDINGS: Final = 2_000
"""On so many grounds at most, the findings of one question are kept while its answers are."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A checked question with everything that answers it; `grounds` are what `places` come to.

    `found` has findings on grounds that equal questions came upon before, and takes in new ones.
    """

    question: Question
    district: District
    matter: Matter
    table: Table
    given: Known
    grounds: tuple[Ground, ...]
    places: tuple[Place, ...]
    found: dict[Ground, Finding]

    @property
    def typed(self) -> dict[str, str]:
        """The facts that the asker gave."""
        return dict(self.given.facts)

    def neighbour(self, one: Ground) -> Neighbour | None:
        """The recorded neighbour that a ground outside the district belongs to."""
        if one.neighbour is None:
            return None
        return self.district.neighbour(one.neighbour, self.question.on)


@dataclass(frozen=True)
class Findings:
    """The finding on each ground inside the district, and the grounds `outside` of it."""

    inquiry: Inquiry
    inside: Mapping[Ground, Finding]

    @cached_property
    def outside(self) -> tuple[Ground, ...]:
        """The grounds that no street of the district has."""
        return tuple(one for one in self.inquiry.grounds if one.street is None)

    @property
    def grounds(self) -> tuple[Ground, ...]:
        """All grounds, those inside first."""
        return (*self.inside, *self.outside)

    @property
    def possible(self) -> tuple[Verdict, ...]:
        """Every verdict that is still possible on some ground, each once."""
        return tuple(dict.fromkeys(one for found in self.inside.values() for one in found.possible))

    def results(self) -> set[object]:
        """What all grounds come to; one element means that they agree."""
        return {result for one in self.grounds for result in self.on(one)}

    def on(self, one: Ground) -> set[object]:
        """What a ground comes to: a result for each standing that is possible there."""
        if one.street is None:
            return {(OUTSIDE, one.neighbour)}
        return {result_of(standing) for standing in self.inside[one].standings}


def findings_of(inquiry: Inquiry) -> Findings:
    """The findings on the grounds whose facts do not contradict each other.

    Raises `ImpossibleFacts` when they do so on every ground.
    """
    found: dict[Ground, Finding] = {}
    for one in inquiry.grounds:
        if one.street is not None:
            found[one] = inquiry.found.get(one) or _finding(inquiry, one)
    consistent = {one: finding for one, finding in found.items() if finding.excluded is None}
    if found and not consistent:
        one, finding = next(iter(found.items()))
        raise _impossible(inquiry.matter, finding.excluded or "", dict(one.facts) | inquiry.typed)
    return Findings(inquiry, consistent)


def _finding(inquiry: Inquiry, ground: Ground) -> Finding:
    finding = find(
        inquiry.table,
        dict(ground.facts) | inquiry.typed,
        inquiry.given.declined,
        ground,
        on=inquiry.question.on,
        registry=inquiry.district.registry,
        catalogue=inquiry.district.book.catalogue,
    )
    # Where two streets touch, each ground is met again with every neighbour
    if len(inquiry.found) < KEPT_FINDINGS:
        inquiry.found[ground] = finding
    return finding


def _impossible(matter: Matter, clause_id: str, facts: Mapping[str, str]) -> ImpossibleFacts:
    clause = next(one for one in matter.cannot if one.id == clause_id)
    involved = next(
        one
        for one in clause.alternatives
        if all(facts[name] in wanted for name, wanted in one.items() if name in facts)
    )
    named: list[tuple[Fact, str]] = [
        (fact, facts[name])
        for name in involved
        if name in facts and (fact := matter.fact(name)) is not None
    ]
    zh = "，".join(f"{fact.name}={value}（{fact.values[value].zh}）" for fact, value in named)
    en = ", ".join(f"{fact.name}={value}" for fact, value in named)
    return ImpossibleFacts(
        field=", ".join(fact.name for fact, _ in named) or "facts",
        zh=f"{zh} 不能同时成立：{clause.because.zh}。请改其中一项",
        en=f"{en} cannot hold together: {clause.because.en}. Change one of them",
    )


def result_of(standing: Standing) -> object:
    """What a standing comes to; equal results need no question between them."""
    if standing.unit is not None:
        return standing.unit.id
    return tuple(role.id for role in standing.roles)
