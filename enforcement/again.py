"""Asking a frozen question again with corrected facts: the same matter and place, today's rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from enforcement.district import District
from enforcement.errors import BadQuestion
from enforcement.questions import PLACE_FACTS, AtPoint, AtStake, InArea, Question
from enforcement.resolution import resolve
from geo.points import Point
from rules.errors import Fault


def asked_again(frozen: Mapping[str, Any], facts: Mapping[str, str], on: date) -> Question:
    """The question of a frozen resolution with corrected facts, handled on `on`.

    Raises BadQuestion when the resolution was of no place that can be asked again.
    """
    asked = frozen.get("asked")
    return Question(
        matter=frozen["matter"],
        on=on,
        occurred_on=date.fromisoformat(frozen.get("occurred_on") or frozen["on"]),
        where=_found(frozen.get("place") or {}) if asked is None else _where(asked),
        facts={**(_answered(frozen) if asked is None else asked["facts"]), **facts},
        asker=frozen.get("asker"),
    )


def resolve_again(
    frozen: Mapping[str, Any], facts: Mapping[str, str], on: date, *, district: District
) -> Mapping[str, Any]:
    """The new resolution; raises what `resolve` raises.

    A street or road that was named then, and that the map of `on` does not have there, is left
    out: the answer asks for it anew.
    """
    question = asked_again(frozen, facts, on)
    try:
        return resolve(question, district).as_dict()
    except BadQuestion as refused:
        stale = {fault.field.removeprefix("fact ") for fault in refused.faults}
        if not stale <= set(PLACE_FACTS) - facts.keys():
            raise
        kept = {name: value for name, value in question.facts.items() if name not in stale}
        return resolve(replace(question, facts=kept), district).as_dict()


def _where(asked: Mapping[str, Any]) -> AtPoint | AtStake | InArea:
    if asked["at"] is not None:
        return AtPoint(Point.checked(**asked["at"]), float(asked["accuracy"]))
    if asked["area"] is not None:
        return InArea(asked["area"])
    return AtStake(asked["road"], asked["stake"], asked["direction"])


# --- resolutions that were frozen before they kept what was asked ---------------------------------


def _answered(frozen: Mapping[str, Any]) -> dict[str, str]:
    """What was known; place facts are the map's to say anew."""
    return {
        name: value
        for name, value in frozen.get("facts", {}).items()
        if not name.startswith(("place.", "zone.", "road."))
    }


def _found(place: Mapping[str, Any]) -> AtPoint | InArea:
    if place.get("lon") is not None and place.get("lat") is not None:
        point = Point.checked(lon=place["lon"], lat=place["lat"])
        return AtPoint(point, float(place.get("accuracy_m") or 10.0))
    for kind in ("community", "street"):
        if place.get(kind):
            return InArea(place[kind]["code"])
    raise BadQuestion(
        [
            Fault(
                "place",
                "原认定没有可以重新查询的位置；请带位置重新登记",
                "the resolution has no place that can be asked again; file it anew with a place",
            )
        ]
    )
