"""Asking a frozen question again with corrected facts: the same matter and place, today's rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from enforcement.district import District
from enforcement.errors import BadQuestion
from enforcement.questions import AtPoint, InArea, Question
from enforcement.resolution import resolve
from geo.points import Point
from rules.errors import Fault


def asked_again(frozen: Mapping[str, Any], facts: Mapping[str, str], on: date) -> Question:
    """The question of a frozen resolution with corrected facts, handled on `on`.

    Raises BadQuestion when the resolution was of no place that can be asked again.
    """
    return Question(
        matter=frozen["matter"],
        on=on,
        occurred_on=date.fromisoformat(frozen.get("occurred_on") or frozen["on"]),
        where=_where(frozen.get("place") or {}),
        facts={**_answered(frozen), **facts},
        asker=frozen.get("asker"),
    )


def resolve_again(
    frozen: Mapping[str, Any], facts: Mapping[str, str], on: date, *, district: District
) -> Mapping[str, Any]:
    """The new resolution; raises what `resolve` raises."""
    return resolve(asked_again(frozen, facts, on), district).as_dict()


def _answered(frozen: Mapping[str, Any]) -> dict[str, str]:
    """What was known; place facts are the map's to say anew."""
    return {
        name: value
        for name, value in frozen.get("facts", {}).items()
        if not name.startswith(("place.", "zone.", "road."))
    }


def _where(place: Mapping[str, Any]) -> AtPoint | InArea:
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
