"""`resolve`: the one accountable unit for a matter at a place on a day, with its reasons.

Pure: no clock, no file, no database, no request; dates are arguments, and the same question to
the same district gives the same resolution. Expected ends (no unit, several, too little known,
outside) are outcomes, not exceptions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from enforcement.combining import answered
from enforcement.district import District
from enforcement.errors import BadQuestion
from enforcement.findings import Finding, Outcome
from enforcement.inquiry import Inquiry
from enforcement.nowhere import is_no_location, nowhere
from enforcement.place_json import place_json
from enforcement.places import Ground, PlaceFact, agreeing, ground, place_facts
from enforcement.questions import (
    OUTSIDE,
    ROAD_FACT,
    STREET_FACT,
    AtPoint,
    AtStake,
    InArea,
    Known,
    Question,
    asked_json,
    known,
)
from enforcement.units import UnitKind
from geo.locate import Place, Whereabouts
from rules.errors import Fault
from rules.model import Matter
from rules.table import Table

__all__ = ["AtPoint", "AtStake", "InArea", "Question", "Resolution", "resolve"]

REMEMBERED = 1024
"""How many questions and answers a district keeps; when full, all are dropped and made again."""
KEPT_ALONE = 64
"""How many answers on single places one question keeps besides, so that memory stays flat."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """The answer to one question.

    `answer` is what equal questions on equal grounds share; `whereabouts` is this question's.
    """

    question: Question
    outcome: Outcome
    certain: bool
    answer: Mapping[str, Any]
    whereabouts: Whereabouts
    district: District

    @property
    def lead(self) -> Mapping[str, Any] | None:
        """The lead as in JSON, or None."""
        found: Mapping[str, Any] | None = self.answer["lead"]
        return found

    @property
    def interim(self) -> Mapping[str, Any] | None:
        """The unit that acts while nobody leads, or None when somebody does."""
        found: Mapping[str, Any] | None = self.answer["interim"]
        return found

    def as_dict(self) -> dict[str, Any]:
        """The contract's JSON, with keys of our own beside it (`seam`, `notices`, `asked` …)."""
        return {
            **self.answer,
            "asked": asked_json(self.question),
            "place": place_json(self.whereabouts),
            "versions": {
                "rules": f"sha256:{self.district.book.catalogue.sha256}",
                "layers": dict(self.whereabouts.editions),
                "units": f"sha256:{self.district.registry.sha256}",
            },
        }


def resolve(question: Question, district: District) -> Resolution:
    """The resolution of a question in a district.

    Raises `BadQuestion`, `rules.errors.UnknownMatter`, `DateNotCovered` and `ImpossibleFacts`,
    and what `geo` raises for a stake or area that does not exist.
    """
    asked = asked_of(question, district)
    whereabouts = _whereabouts(question, asked, district)
    answer = answer_on(question, asked, whereabouts.places, district)
    return Resolution(question, answer[0], answer[1], answer[2], whereabouts, district)


def answer_on(
    question: Question, asked: Asked, places: tuple[Place, ...], district: District
) -> tuple[Outcome, bool, dict[str, Any]]:
    """What a checked question comes to where it may be in these places: outcome, certain, body.

    Raises `BadQuestion` when none of them is where the asker says, and `ImpossibleFacts`.
    """
    if asked.given.street is not None or asked.given.road is not None:
        places = _agreeing(places, asked.given)
    # Most positions have one place, which the map keeps and gives again
    alone = places[0] if len(places) == 1 and not asked.about_roads else None
    if alone is not None:
        kept = asked.answers.get(id(alone))
        if kept is not None and kept[0] is alone:
            return kept[1]
    named = asked.given.road is not None or isinstance(question.where, AtStake)
    grounds = asked.grounds(places, named=named)
    key = (asked.token, grounds)
    answer: tuple[Outcome, bool, dict[str, Any]] | None = district.memory.get(key)
    if answer is None:
        answer = answered(
            Inquiry(
                question=question,
                district=district,
                matter=asked.matter,
                table=asked.table,
                given=asked.given,
                grounds=grounds,
                places=places,
                found=asked.findings,
            )
        )
        _remember(district, key, answer)
    if alone is not None and len(asked.answers) < KEPT_ALONE:
        asked.answers[id(alone)] = (alone, answer)
    return answer


@dataclass(frozen=True, slots=True)
class Asked:
    """What equal questions share wherever they are asked; `token` stands for them in memory.

    `answers` are those on single places, by the identity of the place, which is kept with them;
    `findings` those on single grounds, of which answers where several places touch are made.
    """

    matter: Matter
    table: Table
    given: Known
    place_facts: tuple[PlaceFact, ...]
    about_roads: bool
    token: object
    answers: dict[int, tuple[Place, tuple[Outcome, bool, dict[str, Any]]]] = field(
        default_factory=dict, repr=False, compare=False
    )
    findings: dict[Ground, Finding] = field(default_factory=dict, repr=False, compare=False)

    def grounds(self, places: Sequence[Place], *, named: bool = False) -> tuple[Ground, ...]:
        """The distinct grounds of the places, after what was said; `named`: also which road."""
        found = tuple(
            dict.fromkeys(ground(one, self.place_facts, roads=self.about_roads) for one in places)
        )
        if self.given.facts and self.place_facts:
            return agreeing(found, dict(self.given.facts), self.matter, named=named)
        return found


def asked_of(question: Question, district: District) -> Asked:
    """The question checked against rules and units; raises as `resolve` does, but for its place."""
    key = (
        question.matter,
        question.on,
        question.occurred_on,
        question.asker,
        tuple(question.facts.items()),
    )
    found: Asked | None = district.memory.get(key)
    if found is None:
        matter = district.book.matter(question.matter)
        table = district.book.table(question.matter, question.on)
        given = known(question, matter, district.book.catalogue)
        _check_asker(question, district)
        facts = place_facts(matter)
        roads = any(one.kind == "road" for one in facts)
        found = Asked(matter, table, given, facts, roads, object())
        _remember(district, key, found)
    return found


def _remember(district: District, key: object, value: object) -> None:
    if len(district.memory) >= REMEMBERED:
        district.memory.clear()
    district.memory[key] = value


def _check_asker(question: Question, district: District) -> None:
    if question.asker is None:
        return
    unit = district.registry.units.get(question.asker)
    if unit is None or not unit.period.covers(question.on) or unit.kind is not UnitKind.ORG:
        raise BadQuestion(
            [
                Fault(
                    "asker",
                    f"{question.on} 没有可以首问的单位“{question.asker[:60]}”",
                    f"no unit {question.asker[:60]!r} that may hold a case exists on {question.on}",
                )
            ]
        )


def _whereabouts(question: Question, asked: Asked, district: District) -> Whereabouts:
    on_map = district.atlas.on(question.on)
    where = question.where
    if isinstance(where, AtPoint):
        if is_no_location(where.point, district.settings):
            return nowhere(
                where,
                on_map,
                on=question.on,
                registry=district.registry,
                anywhere=asked.given.street is not None,
            )
        return on_map.at(where.point, where.accuracy_m, roads=asked.about_roads)
    if isinstance(where, AtStake):
        return on_map.at_stake(where.ref, where.stake, where.direction)
    return on_map.in_area(where.code)


def _agreeing(places: tuple[Place, ...], given: Known) -> tuple[Place, ...]:
    """The places that agree with the street and road that the asker named."""
    if given.street is not None:
        held = tuple(one for one in places if _street_code(one) == given.street)
        if not held:
            listed = ", ".join(dict.fromkeys(_street_code(one) for one in places))
            raise BadQuestion([_not_here(STREET_FACT, given.street, listed)])
        places = held
    if given.road is not None:
        held = tuple(one for one in places if one.road and one.road.segment == given.road)
        if not held:
            listed = ", ".join(dict.fromkeys(p.road.segment for p in places if p.road))
            raise BadQuestion([_not_here(ROAD_FACT, given.road, listed or "-")])
        places = held
    return places


def _street_code(place: Place) -> str:
    return OUTSIDE if place.street is None else place.street.code


def _not_here(fact: str, said: str, listed: str) -> Fault:
    return Fault(
        f"fact {fact}",
        f"所给位置不在“{said[:40]}”，可选：{listed}；位置有误请重新定位",
        f"the position is not in {said[:40]!r}; possible there: {listed}",
    )
