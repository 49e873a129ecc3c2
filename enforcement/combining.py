"""Findings on every ground that a position may be on, told as one answer.

When all grounds come to the same, that is the answer, and it is certain. When not, there is one
next question: a fact of the matter first, then one about the place itself. A difference that no
question settles is contested.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from enforcement.answers import Body, Speaker, seam_of
from enforcement.district import District, Neighbour
from enforcement.findings import Finding, Outcome, Standing, find, sure
from enforcement.nowhere import NO_LOCATION, NOT_A_POSITION, NOWHERE
from enforcement.places import Ground
from enforcement.questions import OUTSIDE, ROAD_FACT, STREET_FACT, Known, Question
from geo.locate import Place, RoadHit
from rules.errors import ImpossibleFacts
from rules.model import UNKNOWN, Fact, Matter, Text
from rules.table import Table

_SCHEMATIC = Text(
    "示意数据：地图、道路、对象和电话为示意，不可用于实际执法",
    "Schematic data: map, roads, sites and phone numbers are made up; not for real use",
)

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


def answered(inquiry: Inquiry) -> tuple[Outcome, bool, Body]:
    """The outcome, whether it is certain, and the shared part of the answer.

    Raises `ImpossibleFacts` when the facts contradict each other wherever the place may be.
    """
    findings = _findings(inquiry)
    told = _Telling(inquiry, findings)
    if not findings:
        outcome, certain, body = Outcome.OUTSIDE, False, told.unsettled([])
    elif len(told.results()) == 1:
        outcome, certain, body = told.agreed()
    else:
        ask = told.question()
        lacking = any(one.outcome is Outcome.NEEDS_FACTS for one in findings.values())
        outcome = Outcome.NEEDS_FACTS if ask or lacking else Outcome.CONTESTED
        certain, body = False, told.unsettled(ask)
    if body["lead"] is None:
        body["interim"] = told.interim(outcome)
    return outcome, certain, told.head(outcome, certain=certain) | body | told.notices(outcome)


def _findings(inquiry: Inquiry) -> dict[Ground, Finding]:
    """The finding on each ground inside the district whose facts do not contradict each other."""
    found: dict[Ground, Finding] = {}
    for one in inquiry.grounds:
        if one.street is not None:
            found[one] = inquiry.found.get(one) or _finding(inquiry, one)
    consistent = {one: finding for one, finding in found.items() if finding.excluded is None}
    if found and not consistent:
        one, finding = next(iter(found.items()))
        raise _impossible(inquiry.matter, finding.excluded or "", dict(one.facts) | inquiry.typed)
    return consistent


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


def _result(standing: Standing) -> object:
    """What a standing comes to; equal results need no question between them."""
    if standing.unit is not None:
        return standing.unit.id
    return tuple(role.id for role in standing.roles)


class _Telling:
    """The findings of one inquiry, and the words for them."""

    def __init__(self, inquiry: Inquiry, findings: Mapping[Ground, Finding]) -> None:
        self._inquiry = inquiry
        self._findings = findings
        self._outside = [one for one in inquiry.grounds if one.street is None]
        self._first = next(iter(findings), inquiry.grounds[0])
        self._facts = dict(self._first.facts) | inquiry.typed
        self._speaker = Speaker(
            matter=inquiry.matter,
            table=inquiry.table,
            catalogue=inquiry.district.book.catalogue,
            registry=inquiry.district.registry,
            facts=self._facts,
            spot=self._first.spot,
            on=inquiry.question.on,
            occurred_on=inquiry.question.occurred_on,
            asker=inquiry.question.asker,
        )

    def results(self) -> set[object]:
        """What all grounds come to; one element means that they agree."""
        return {result for one in (*self._findings, *self._outside) for result in self._on(one)}

    def _on(self, one: Ground) -> set[object]:
        if one.street is None:
            return {(OUTSIDE, one.neighbour)}
        return {_result(standing) for standing in self._findings[one].standings}

    def head(self, outcome: Outcome, *, certain: bool) -> Body:
        """What was asked, and how it ended."""
        question = self._inquiry.question
        declined = dict.fromkeys(self._inquiry.given.declined, UNKNOWN)
        return {
            "outcome": outcome.value,
            "certain": certain,
            "matter": self._inquiry.matter.code,
            "matter_name": self._inquiry.matter.name.as_dict(),
            "on": question.on.isoformat(),
            "occurred_on": question.occurred_on.isoformat(),
            "facts": dict(sorted((self._facts | declined).items())),
            "asker": question.asker,
        }

    def agreed(self) -> tuple[Outcome, bool, Body]:
        """Every ground comes to the same: a decision, or the same seam everywhere."""
        finding = next(iter(self._findings.values()))
        lacks_road = self._lacks_road()
        possible = tuple(dict.fromkeys(v for f in self._findings.values() for v in f.possible))
        rules = self._speaker.told(possible)
        certain = frozenset(sure(possible))
        standing = finding.standings[0]
        body: Body = {
            "lead": self._speaker.lead(standing),
            "interim": None,
            "seam": None if lacks_road else seam_of(finding),
            "assist": self._speaker.assist(
                (rule for rule in rules if rule.id in certain), standing.unit
            ),
            "basis": self._speaker.basis(rules),
            "because": self._speaker.because(rules, certain),
            "rivals": self._speaker.rivals(possible),
            "readings": self._speaker.readings(rules),
            "ask": self._which_road() if lacks_road else [],
            "candidates": [self._speaker.candidate(one) for one in finding.standings],
            "open": self._speaker.still_open(),
            "enforcement_point": self._speaker.enforcement_point(rules),
            "safety": self._speaker.safety(possible),
            "deadlines": self._speaker.deadlines(rules),
        }
        # What is done where no location is known says nothing of where it really is
        located = all(one.street != NOWHERE for one in self._findings)
        return (
            Outcome.NEEDS_FACTS if lacks_road else finding.outcome,
            located and not lacks_road,
            body,
        )

    def unsettled(self, ask: Sequence[Body]) -> Body:
        """No common answer yet: the question to ask, and the leads that are still possible."""
        standings: dict[object, Standing] = {}
        for finding in self._findings.values():
            for one in finding.standings:
                standings.setdefault(_result(one), one)
        possible = tuple(dict.fromkeys(v for f in self._findings.values() for v in f.possible))
        empty: Body = {
            name: [] for name in ("assist", "basis", "because", "rivals", "readings", "deadlines")
        }
        return empty | {
            "lead": None,
            "interim": None,
            "seam": None,
            "ask": list(ask),
            "candidates": [self._speaker.candidate(one) for one in standings.values()]
            + [self._outside_candidate(one) for one in self._outside],
            "open": self._speaker.still_open(),
            "enforcement_point": None,
            "safety": self._speaker.safety(possible) if possible else None,
        }

    def _outside_candidate(self, one: Ground) -> Body:
        neighbour = self._inquiry.neighbour(one)
        return {
            "unit": neighbour and neighbour.unit,
            "name": neighbour and neighbour.name.as_dict(),
            "role": None,
            "roles": [],
            "role_names": [],
            "outcome": Outcome.OUTSIDE.value,
        }

    # --- the one next question -------------------------------------------------------------

    def question(self) -> list[Body]:
        """A fact of the matter, or else one about the place; empty when nothing can settle it."""
        for finding in self._findings.values():
            if finding.ask is not None:
                name, values = finding.ask
                fact = self._inquiry.matter.fact(name)
                if fact is not None:
                    return [self._speaker.ask(fact, values)]
        feature = self._telling_feature()
        if feature is not None:
            return [self._asked(feature)]
        return self._which_road() if self._lacks_road() else []

    def _lacks_road(self) -> bool:
        """Whether a lead is lacking only because no road is known whose register would name it."""
        registry, on = self._inquiry.district.registry, self._inquiry.question.on
        return any(
            one.road is None
            and standing.unit is None
            and len(standing.roles) == 1
            and registry.by_register(standing.roles[0].id, on)
            for one, finding in self._findings.items()
            for standing in finding.standings
        )

    def _which_road(self) -> list[Body]:
        """The question that a road and stake answer; empty when the asker does not know."""
        if ROAD_FACT in self._inquiry.given.declined:
            return []
        question = Text("在哪条路、哪个桩号？", "Which road is it on, and at which stake?")
        return [{"fact": ROAD_FACT, "question": question.as_dict(), "unit": None, "values": []}]

    def _telling_feature(self) -> str | None:
        """The feature of the place whose answer leaves the fewest results in the worst case."""
        grounds = [*self._findings, *self._outside]
        place_facts = [fact.name for fact in self._inquiry.matter.facts if fact.place]
        best: tuple[int, int, str] | None = None
        for at, name in enumerate((STREET_FACT, ROAD_FACT, *place_facts)):
            groups: dict[str, set[object]] = {}
            for one in grounds:
                value = _feature(one, name)
                if value is not None:
                    groups.setdefault(value, set()).update(self._on(one))
            if len(groups) < 2 or name in self._inquiry.given.declined:
                continue
            worst = max(len(results) for results in groups.values())
            if best is None or worst < best[0]:
                best = (worst, at, name)
        return best[2] if best is not None and best[0] < len(self.results()) else None

    def _asked(self, name: str) -> Body:
        grounds = [*self._findings, *self._outside]
        values = list(dict.fromkeys(v for g in grounds if (v := _feature(g, name)) is not None))
        fact = self._inquiry.matter.fact(name)
        if fact is not None:
            return self._speaker.ask(fact, values)
        labels = self._labels(name)
        areas = self._inquiry.district.settings.streets_are
        question = (
            Text(f"位置在哪个{areas.zh}？", f"Which {areas.en} is it in?")
            if name == STREET_FACT
            else Text("在哪条路上？", "Which road is it on?")
        )
        return {
            "fact": name,
            "question": question.as_dict(),
            "unit": None,
            "values": [{"value": v, "label": labels[v].as_dict()} for v in values],
        }

    def _labels(self, name: str) -> dict[str, Text]:
        found = {OUTSIDE: Text("辖区以外", "outside the district"), NOWHERE: NO_LOCATION}
        names = {street.code: street.name for street in self._inquiry.district.settings.streets}
        for place in self._inquiry.places:
            if name == STREET_FACT and place.street is not None:
                plain = Text(place.street.name, place.street.name)
                found.setdefault(place.street.code, names.get(place.street.code, plain))
            elif name == ROAD_FACT and place.road is not None:
                found[place.road.segment] = _road_label(place.road)
        return found

    # --- who acts while nobody leads, and what else to know --------------------------------

    def interim(self, outcome: Outcome) -> Body:
        """The asker; without one the first contact at the place; outside, who runs it there."""
        question, district = self._inquiry.question, self._inquiry.district
        units = district.registry.units
        if outcome is Outcome.OUTSIDE:
            neighbour = self._inquiry.neighbour(self._first)
            unit = units[neighbour.unit if neighbour else district.settings.intake_unit]
            return self._speaker.unit(unit, "neighbour" if neighbour else "intake")
        if question.asker is not None:
            return self._speaker.unit(units[question.asker], "asker")
        role = district.settings.first_contact
        found = district.registry.holder(role, self._first.spot, question.on)
        if found is not None:
            return self._speaker.unit(found, role)
        return self._speaker.unit(units[district.settings.intake_unit], "intake")

    def notices(self, outcome: Outcome) -> Body:
        """What the reader must know: made-up data, a map overruled, who runs the place."""
        found = [_SCHEMATIC] if self._inquiry.district.settings.schematic else []
        found += self._for_now(outcome)
        typed = self._inquiry.typed
        for name, value in self._first.facts:
            said, fact = typed.get(name), self._inquiry.matter.fact(name)
            if said is not None and said != value and fact is not None:
                on_map, taken = fact.values[value], fact.values[said]
                found.append(
                    Text(
                        f"地图显示“{on_map.zh}”，按现场认定“{taken.zh}”处理",
                        f"the map says “{on_map.en}”; taken as said: “{taken.en}”",
                    )
                )
        if outcome is Outcome.OUTSIDE:
            found.append(self._who_runs_it())
        if any(one.street == NOWHERE for one in self._inquiry.grounds):
            found.append(NOT_A_POSITION)
        return {"notices": [one.as_dict() for one in found]}

    def _for_now(self, outcome: Outcome) -> list[Text]:
        """That the lead holds its role only until the government has named a department."""
        if outcome is not Outcome.DECIDED:
            return []
        standing = next(iter(self._findings.values())).standings[0]
        registry, on = self._inquiry.district.registry, self._inquiry.question.on
        notes = (registry.for_now(role.id, on) for role in standing.roles)
        return [one for one in notes if one is not None]

    def _who_runs_it(self) -> Text:
        here = self._inquiry.district.settings.name
        neighbour = self._inquiry.neighbour(self._first)
        if neighbour is None:
            return Text(
                f"位置不在{here.zh}，也没有登记由谁管理",
                f"the place is not in {here.en}, and who runs it is not recorded",
            )
        return Text(
            f"位置不在{here.zh}，由{neighbour.name.zh}管理",
            f"the place is not in {here.en}; {neighbour.name.en} runs it",
        )


def _feature(one: Ground, name: str) -> str | None:
    if name == STREET_FACT:
        return one.street or OUTSIDE
    if name == ROAD_FACT:
        return one.road
    return dict(one.facts).get(name)


def _road_label(road: RoadHit) -> Text:
    name = " ".join(filter(None, (road.ref, road.name))) or road.segment
    way = {"up": ("上行", ", up"), "down": ("下行", ", down")}.get(road.direction or "", ("", ""))
    side = {"left": ("左侧", ", left side"), "right": ("右侧", ", right side")}.get(
        road.side or "", ("", "")
    )
    return Text(
        f"{name}{way[0]}{side[0]}（约 {road.distance_m:.0f} 米）",
        f"{name}{way[1]}{side[1]} (about {road.distance_m:.0f} m)",
    )
