"""`resolve`: the one accountable unit for a matter at a place on a day, with its reasons.

Pure: no clock, no file, no database, no request; dates are arguments, and the same question to
the same district gives the same resolution. Expected ends (no unit, several, too little known,
outside) are outcomes, not exceptions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from enforcement.answers import Body, Speaker, seam_of
from enforcement.district import District
from enforcement.errors import BadQuestion
from enforcement.findings import Finding, Outcome, Standing, find, sure
from enforcement.places import Ground, about_roads, ground
from enforcement.questions import (
    PLACE_FACTS,
    ROAD_FACT,
    STREET_FACT,
    AtPoint,
    AtStake,
    InArea,
    Known,
    Question,
    known,
)
from enforcement.units import Spot, Unit, UnitKind
from geo.locate import Area, Place, RoadHit, Whereabouts
from rules.errors import Fault, ImpossibleFacts
from rules.model import UNKNOWN, Fact, Matter, Text
from rules.table import Table

__all__ = ["AtPoint", "AtStake", "InArea", "Question", "Resolution", "resolve"]

REMEMBERED = 4096
"""How many answers a district keeps; when full, all are dropped and made again as needed."""
OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Resolution:
    """The answer to one question.

    `answer` is what equal questions on equal grounds share; `whereabouts` is this question's.
    """

    question: Question
    outcome: Outcome
    certain: bool
    answer: Mapping[str, object]
    whereabouts: Whereabouts
    district: District

    @property
    def lead(self) -> Mapping[str, Any] | None:
        """The lead as in JSON, or None."""
        found: Any = self.answer["lead"]
        return found

    @property
    def interim(self) -> Mapping[str, Any] | None:
        """The unit that acts while nobody leads, or None when somebody does."""
        found: Any = self.answer["interim"]
        return found

    def as_dict(self) -> dict[str, object]:
        """The contract's JSON, with keys of our own beside it (`seam`, `notices`, `open`)."""
        return {
            **self.answer,
            "place": _place(self.whereabouts),
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
    matter = district.book.matter(question.matter)
    table = district.book.table(question.matter, question.on)
    given = known(question, matter, district.book.catalogue)
    _check_asker(question, district)
    whereabouts = _whereabouts(question, matter, district)
    places = _settled(whereabouts, given)
    grounds = tuple(dict.fromkeys(ground(place, matter) for place in places))
    key = (
        question.matter,
        question.on,
        question.occurred_on,
        question.asker,
        given,
        grounds,
        whereabouts.editions,
    )
    remembered: Any = district.memory.get(key)
    if remembered is None:
        remembered = _answered(question, district, matter, table, given, grounds, places)
        if len(district.memory) >= REMEMBERED:
            district.memory.clear()
        district.memory[key] = remembered
    outcome, certain, answer = remembered
    return Resolution(question, outcome, certain, answer, whereabouts, district)


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


def _whereabouts(question: Question, matter: Matter, district: District) -> Whereabouts:
    on_map = district.atlas.on(question.on)
    where = question.where
    if isinstance(where, AtPoint):
        return on_map.at(where.point, where.accuracy_m, roads=about_roads(matter))
    if isinstance(where, AtStake):
        return on_map.at_stake(where.ref, where.stake, where.direction)
    return on_map.in_area(where.code)


def _settled(whereabouts: Whereabouts, given: Known) -> tuple[Place, ...]:
    """The places that agree with the street and road that the asker named."""
    places = whereabouts.places
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


# --- one answer for all grounds ------------------------------------------------------------


def _answered(
    question: Question,
    district: District,
    matter: Matter,
    table: Table,
    given: Known,
    grounds: Sequence[Ground],
    places: Sequence[Place],
) -> tuple[Outcome, bool, Body]:
    typed = dict(given.facts)
    findings = {
        one: find(
            table,
            dict(one.facts) | typed,
            given.declined,
            one,
            question.on,
            district.registry,
            district.book.catalogue,
        )
        for one in grounds
        if one.street is not None
    }
    excluded = [finding.excluded for finding in findings.values() if finding.excluded]
    findings = {one: finding for one, finding in findings.items() if not finding.excluded}
    if excluded and not findings:
        raise _impossible(matter, excluded[0], dict(grounds[0].facts) | typed)
    outside = [one for one in grounds if one.street is None]
    first = next(iter(findings), grounds[0])
    speaker = Speaker(
        matter=matter,
        table=table,
        catalogue=district.book.catalogue,
        registry=district.registry,
        facts=dict(first.facts) | typed,
        spot=first.spot,
        on=question.on,
        occurred_on=question.occurred_on,
        asker=question.asker,
    )
    results = _results(findings, outside)
    combined = _Combined(district, matter, given, speaker, findings, outside, places)
    if not findings:
        outcome, certain, body = Outcome.OUTSIDE, False, combined.unsettled([])
    elif len(results) == 1:
        outcome, certain, body = combined.agreed(next(iter(findings.values())))
    else:
        ask = combined.question()
        outcome = Outcome.NEEDS_FACTS if ask or _lacks_facts(findings) else Outcome.CONTESTED
        certain, body = False, combined.unsettled(ask)
    facts = dict(first.facts) | typed | dict.fromkeys(sorted(given.declined), UNKNOWN)
    head: Body = {
        "outcome": outcome.value,
        "certain": certain,
        "matter": matter.code,
        "matter_name": matter.name.as_dict(),
        "on": question.on.isoformat(),
        "occurred_on": question.occurred_on.isoformat(),
        "facts": {name: facts[name] for name in sorted(facts)},
        "asker": question.asker,
    }
    body = head | body
    if body["lead"] is None:
        body["interim"] = _interim(question, district, first, outcome, speaker)
    body["notices"] = _notices(district, first, typed, matter, outcome, question)
    return outcome, certain, body


def _lacks_facts(findings: Mapping[Ground, Finding]) -> bool:
    return any(one.outcome is Outcome.NEEDS_FACTS for one in findings.values())


def _results(findings: Mapping[Ground, Finding], outside: Sequence[Ground]) -> set[object]:
    """What the grounds come to; one element means that they agree."""
    found: set[object] = set()
    for finding in findings.values():
        found.update(_result(one) for one in finding.standings)
    found.update((OUTSIDE, one.neighbour) for one in outside)
    return found


def _result(standing: Standing) -> object:
    if standing.unit is not None:
        return standing.unit.id
    return tuple(role.id for role in standing.roles)


@dataclass(frozen=True, slots=True)
class _Combined:
    """The findings on all grounds of one question, and how they are told together."""

    district: District
    matter: Matter
    given: Known
    speaker: Speaker
    findings: Mapping[Ground, Finding]
    outside: Sequence[Ground]
    places: Sequence[Place]

    def agreed(self, finding: Finding) -> tuple[Outcome, bool, Body]:
        """Every ground comes to the same: a decision, or the same seam everywhere."""
        possible = tuple(dict.fromkeys(v for f in self.findings.values() for v in f.possible))
        rules = self.speaker.told(possible)
        certain = frozenset(sure(possible))
        standing = finding.standings[0]
        body: Body = {
            "lead": self.speaker.lead(standing),
            "interim": None,
            "seam": seam_of(finding),
            "assist": self.speaker.assist(
                (rule for rule in rules if rule.id in certain), standing.unit
            ),
            "basis": self.speaker.basis(rules),
            "because": self.speaker.because(rules, certain),
            "rivals": self.speaker.rivals(possible),
            "readings": self.speaker.readings(rules),
            "ask": [],
            "candidates": [self.speaker.candidate(one) for one in finding.standings],
            "open": self.speaker.still_open(),
            "enforcement_point": self.speaker.enforcement_point(rules),
            "safety": self.speaker.safety(possible),
            "deadlines": self.speaker.deadlines(rules),
        }
        return finding.outcome, True, body

    def unsettled(self, ask: Sequence[Body]) -> Body:
        """No common answer yet: the question to ask, and the leads that are still possible."""
        standings: dict[object, Standing] = {}
        for finding in self.findings.values():
            for one in finding.standings:
                standings.setdefault(_result(one), one)
        possible = tuple(dict.fromkeys(v for f in self.findings.values() for v in f.possible))
        return {
            "lead": None,
            "interim": None,
            "seam": None,
            "assist": [],
            "basis": [],
            "because": [],
            "rivals": [],
            "readings": [],
            "ask": list(ask),
            "candidates": [self.speaker.candidate(one) for one in standings.values()]
            + [_outside(one, self.district, self.speaker) for one in self.outside],
            "open": self.speaker.still_open(),
            "enforcement_point": None,
            "safety": self.speaker.safety(possible) if possible else None,
            "deadlines": [],
        }

    def question(self) -> list[Body]:
        """The one next question: a fact of the matter, or else one about the place."""
        for finding in self.findings.values():
            if finding.ask is not None:
                fact = self.matter.fact(finding.ask[0])
                if fact is not None:
                    return [self.speaker.ask(fact, finding.ask[1])]
        asked = self._about_the_place()
        return [] if asked is None else [asked]

    def _about_the_place(self) -> Body | None:
        """The feature of the place whose answer leaves the fewest results in the worst case."""
        grounds = [*self.findings, *self.outside]
        best: tuple[int, int, str] | None = None
        features = [STREET_FACT, ROAD_FACT, *(f.name for f in self.matter.facts if f.place)]
        for at, name in enumerate(features):
            if name in self.given.declined:
                continue
            groups: dict[str, set[object]] = {}
            for one in grounds:
                value = _feature(one, name)
                if value is not None:
                    groups.setdefault(value, set()).update(self._results_on(one))
            if len(groups) > 1 and (best is None or self._worst(groups) < best[0]):
                best = (self._worst(groups), at, name)
        if best is None or best[0] >= len(_results(self.findings, self.outside)):
            return None
        return self._asked(best[2], grounds)

    @staticmethod
    def _worst(groups: Mapping[str, set[object]]) -> int:
        return max(len(results) for results in groups.values())

    def _results_on(self, one: Ground) -> set[object]:
        if one in self.findings:
            return _results({one: self.findings[one]}, ())
        return _results({}, [one])

    def _asked(self, name: str, grounds: Sequence[Ground]) -> Body:
        values = list(dict.fromkeys(v for g in grounds if (v := _feature(g, name)) is not None))
        fact = self.matter.fact(name)
        if fact is not None:
            return self.speaker.ask(fact, values)
        labels = self._labels(name)
        question = (
            Text("位置在哪个街道？", "Which street is it in?")
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
        found = {OUTSIDE: Text("辖区以外", "outside the district")}
        names = {street.code: street.name for street in self.district.settings.streets}
        for place in self.places:
            if name == STREET_FACT and place.street is not None:
                plain = Text(place.street.name, place.street.name)
                found[place.street.code] = names.get(place.street.code, plain)
            elif name == ROAD_FACT and place.road is not None:
                found[place.road.segment] = _road_label(place.road)
        return found


def _road_label(road: RoadHit) -> Text:
    name = " ".join(filter(None, (road.ref, road.name))) or road.segment
    side = {"left": ("左侧", "left side"), "right": ("右侧", "right side")}.get(road.side or "")
    end = (side[0], f", {side[1]}") if side else ("", "")
    way = {"up": ("上行", ", up"), "down": ("下行", ", down")}.get(road.direction or "", ("", ""))
    return Text(
        f"{name}{way[0]}{end[0]}（约 {road.distance_m:.0f} 米）",
        f"{name}{way[1]}{end[1]} (about {road.distance_m:.0f} m)",
    )


def _feature(one: Ground, name: str) -> str | None:
    if name == STREET_FACT:
        return one.street or OUTSIDE
    if name == ROAD_FACT:
        return one.road
    return dict(one.facts).get(name)


def _impossible(matter: Matter, clause_id: str, facts: Mapping[str, str]) -> ImpossibleFacts:
    clause = next(one for one in matter.cannot if one.id == clause_id)
    involved = next(
        (
            one
            for one in clause.alternatives
            if all(facts.get(name) in wanted for name, wanted in one.items())
        ),
        clause.alternatives[0],
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


# --- who acts while nobody leads -----------------------------------------------------------


def _interim(
    question: Question, district: District, first: Ground, outcome: Outcome, speaker: Speaker
) -> Body:
    """The asker; without one the first contact at the place; outside, who runs it there."""
    settings, registry = district.settings, district.registry
    if outcome is Outcome.OUTSIDE:
        neighbour = district.neighbour(first.neighbour, question.on) if first.neighbour else None
        unit = registry.units[neighbour.unit if neighbour else settings.intake_unit]
        return speaker.unit(unit, "neighbour" if neighbour else "intake")
    if question.asker is not None:
        return speaker.unit(registry.units[question.asker], "asker")
    found = _first_contact(district, first.spot, question)
    if found is not None:
        return speaker.unit(found, settings.first_contact)
    return speaker.unit(registry.units[settings.intake_unit], "intake")


def _first_contact(district: District, spot: Spot, question: Question) -> Unit | None:
    return district.registry.holder(district.settings.first_contact, spot, question.on)


def _outside(one: Ground, district: District, speaker: Speaker) -> Body:
    return {
        "unit": None,
        "name": None,
        "role": None,
        "roles": [],
        "role_names": [],
        "outcome": OUTSIDE,
        "neighbour": one.neighbour,
    }


def _notices(
    district: District,
    first: Ground,
    typed: Mapping[str, str],
    matter: Matter,
    outcome: Outcome,
    question: Question,
) -> list[dict[str, str]]:
    """What the reader must know besides: made-up data, a map overruled, who runs the place."""
    found = []
    if district.settings.schematic:
        found.append(
            Text(
                "示意数据：地图、道路、对象和电话为示意，不可用于实际执法",
                "Schematic data: map, roads, sites and phone numbers are made up; not for real use",
            )
        )
    for name, value in first.facts:
        said = typed.get(name)
        fact = matter.fact(name)
        if said is not None and said != value and fact is not None:
            found.append(
                Text(
                    f"地图显示“{fact.values[value].zh}”，按现场认定“{fact.values[said].zh}”处理",
                    f"the map says {fact.values[value].en!r}; taken as said: "
                    f"{fact.values[said].en!r}",
                )
            )
    if outcome is Outcome.OUTSIDE:
        neighbour = district.neighbour(first.neighbour, question.on) if first.neighbour else None
        here = district.settings.name
        if neighbour is not None:
            found.append(
                Text(
                    f"位置不在{here.zh}，由{neighbour.name.zh}管理",
                    f"the place is not in {here.en}; {neighbour.name.en} runs it",
                )
            )
        else:
            found.append(
                Text(
                    f"位置不在{here.zh}，也没有登记由谁管理",
                    f"the place is not in {here.en}, and who runs it is not recorded",
                )
            )
    return [one.as_dict() for one in found]


# --- the place -----------------------------------------------------------------------------


def _area(area: Area | None) -> dict[str, str] | None:
    return None if area is None else {"code": area.code, "name": area.name}


def _road(road: RoadHit | None) -> dict[str, object] | None:
    if road is None:
        return None
    return {
        "segment": road.segment,
        "ref": road.ref,
        "name": road.name,
        "class": road.road_class,
        "legal_class": road.legal_class,
        "handed_over": road.handed_over,
        "stake": road.stake,
        "direction": road.direction,
        "side": road.side,
        "distance_m": round(road.distance_m, 1),
        "owners": dict(road.owners),
    }


def _place(whereabouts: Whereabouts) -> dict[str, object]:
    """The place of the position itself, and the other places that its circle touches."""
    first = whereabouts.places[0]
    point = whereabouts.point
    found: dict[str, object] = {
        "street": _area(first.street),
        "community": _area(first.community),
        "neighbour": _area(first.neighbour),
        "zones": {kind: list(grades) for kind, grades in first.zones},
        "road": _road(first.road),
        "border_m": None if whereabouts.border_m is None else round(whereabouts.border_m, 1),
        "lon": None if point is None else point.lon,
        "lat": None if point is None else point.lat,
        "accuracy_m": whereabouts.accuracy_m,
    }
    if len(whereabouts.places) > 1:
        found["touches"] = [
            {
                "street": _area(place.street),
                "neighbour": _area(place.neighbour),
                "zones": {kind: list(grades) for kind, grades in place.zones},
                "road": _road(place.road),
                "share": round(share, 4),
            }
            for place, share in zip(whereabouts.places, whereabouts.shares, strict=True)
        ]
    return found
