"""The answers to "where": an area, a road, a place, and all the places that a position may be."""

from __future__ import annotations

from dataclasses import dataclass

from geo.points import Point

Owners = tuple[tuple[str, str], ...]
"""Pairs of function (plan, build, manage, maintain, enforce) and unit id, sorted."""


@dataclass(frozen=True, slots=True, order=True)
class Area:
    """A street, community or neighbouring district, by its code."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class RoadHit:
    """A carriageway, and where on it: stake, side and distance where they can be known.

    `direction` is "up" (rising stakes) or "down"; `side` is "left" or "right" of the carriageway
    seen towards rising stakes (in the direction of drawing where it has no stakes). `owners` are
    those that the register has at this very stake on the day.
    """

    segment: str
    ref: str
    name: str
    road_class: str
    legal_class: str
    handed_over: bool | None
    stake: str | None
    direction: str | None
    side: str | None
    distance_m: float
    owners: Owners


@dataclass(frozen=True, slots=True)
class Place:
    """One possible answer to "where": what every position in one piece of ground has in common.

    `neighbour` is the polygon of the district layer that covers the position when no street does.
    `zones` lists each kind of zone that a layer in force has, with the grades that apply here
    (none: not inside any). `road_known` is False where no road layer was asked, which is not the
    same as being on no road.
    """

    street: Area | None
    community: Area | None
    neighbour: Area | None
    zones: tuple[tuple[str, tuple[str, ...]], ...]
    road: RoadHit | None = None
    road_known: bool = False


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Every place that the accuracy circle around a position touches, with its share.

    The first place is that of the position itself. Shares are of the circle's area and add up to
    1; roads have no area, so several possible roads divide the share of their place equally.
    `border_m` is the distance to the nearest street border in metres (see `geo.metric`), None
    without a street layer. `editions` are the pairs of kind and name that answered.
    """

    point: Point | None
    accuracy_m: float
    places: tuple[Place, ...]
    shares: tuple[float, ...]
    border_m: float | None
    editions: tuple[tuple[str, str], ...]
