"""The one next question, where the grounds of a position come to different answers.

A fact of the matter first; then the feature of the place whose answer leaves the fewest results
in the worst case; then, where a register would name the unit, the road.
"""

from __future__ import annotations

from typing import Any

from enforcement.answers import Body, Speaker
from enforcement.inquiry import Findings
from enforcement.nowhere import NO_LOCATION, NOWHERE
from enforcement.places import Ground
from enforcement.questions import OUTSIDE, ROAD_FACT, STREET_FACT
from geo.locate import RoadHit
from rules.model import Text


def next_question(findings: Findings, speaker: Speaker) -> list[Body]:
    """A fact of the matter, or else one about the place; empty when nothing can settle it."""
    for finding in findings.inside.values():
        if finding.ask is not None:
            name, values = finding.ask
            fact = findings.inquiry.matter.fact(name)
            if fact is not None:
                return [speaker.ask(fact, values)]
    feature = _telling_feature(findings)
    if feature is not None:
        return [_about(feature, findings, speaker)]
    return which_road(findings) if lacks_road(findings) else []


def lacks_road(findings: Findings) -> bool:
    """Whether a lead is lacking only because no road is known whose register would name it."""
    registry, on = findings.inquiry.district.registry, findings.inquiry.question.on
    return any(
        one.road is None
        and standing.unit is None
        and len(standing.roles) == 1
        and registry.by_register(standing.roles[0].id, on)
        for one, finding in findings.inside.items()
        for standing in finding.standings
    )


def which_road(findings: Findings) -> list[Body]:
    """The question that a road and stake answer; empty when the asker does not know."""
    if ROAD_FACT in findings.inquiry.given.declined:
        return []
    question = Text("在哪条路、哪个桩号？", "Which road is it on, and at which stake?")
    return [_asked(ROAD_FACT, question, [])]


def _telling_feature(findings: Findings) -> str | None:
    """The feature of the place whose answer leaves the fewest results in the worst case."""
    inquiry = findings.inquiry
    place_facts = [fact.name for fact in inquiry.matter.facts if fact.place]
    best: tuple[int, int, str] | None = None
    for at, name in enumerate((STREET_FACT, ROAD_FACT, *place_facts)):
        groups: dict[str, set[object]] = {}
        for one in findings.grounds:
            value = _feature(one, name)
            if value is not None:
                groups.setdefault(value, set()).update(findings.on(one))
        if len(groups) < 2 or name in inquiry.given.declined:
            continue
        worst = max(len(results) for results in groups.values())
        if best is None or worst < best[0]:
            best = (worst, at, name)
    return best[2] if best is not None and best[0] < len(findings.results()) else None


def _about(name: str, findings: Findings, speaker: Speaker) -> Body:
    """The question about a feature, with the values that it has on the grounds."""
    inquiry = findings.inquiry
    found = (_feature(one, name) for one in findings.grounds)
    values = list(dict.fromkeys(value for value in found if value is not None))
    fact = inquiry.matter.fact(name)
    if fact is not None:
        return speaker.ask(fact, values)
    areas = inquiry.district.settings.streets_are
    question = (
        Text(f"位置在哪个{areas.zh}？", f"Which {areas.en} is it in?")
        if name == STREET_FACT
        else Text("在哪条路上？", "Which road is it on?")
    )
    labels = _labels(name, findings)
    return _asked(
        name, question, [{"value": value, "label": labels[value].as_dict()} for value in values]
    )


def _asked(name: str, question: Text, values: list[dict[str, Any]]) -> Body:
    return {"fact": name, "question": question.as_dict(), "unit": None, "values": values}


def _labels(name: str, findings: Findings) -> dict[str, Text]:
    inquiry = findings.inquiry
    found = {OUTSIDE: Text("辖区以外", "outside the district"), NOWHERE: NO_LOCATION}
    names = {street.code: street.name for street in inquiry.district.settings.streets}
    for place in inquiry.places:
        if name == STREET_FACT and place.street is not None:
            plain = Text(place.street.name, place.street.name)
            found.setdefault(place.street.code, names.get(place.street.code, plain))
        elif name == ROAD_FACT and place.road is not None:
            found[place.road.segment] = _road_label(place.road)
    return found


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
