"""When two findings of one matter are about the same thing: the same site, or near each other."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot
from typing import Protocol

from geo.metric import metres_per_degree
from geo.points import Point


class Placed(Protocol):
    """A case, as far as its place goes."""

    @property
    def site_id(self) -> str | None:
        """The site, if it is about a known one."""
        ...

    @property
    def lon(self) -> float | None:
        """WGS84 longitude."""
        ...

    @property
    def lat(self) -> float | None:
        """WGS84 latitude."""
        ...


@dataclass(frozen=True, slots=True)
class Box:
    """West, south, east, north, in degrees: what a query can look up before it is measured."""

    west: float
    south: float
    east: float
    north: float


def box_around(point: Point | None, near_m: float) -> Box | None:
    """A box that holds everything within `near_m` metres of the point; None without a point."""
    if point is None:
        return None
    east, north = metres_per_degree(point.lat)
    # One part in a hundred more: the box is a sieve, `is_same` measures.
    dlon, dlat = 1.01 * near_m / east, 1.01 * near_m / north
    return Box(point.lon - dlon, point.lat - dlat, point.lon + dlon, point.lat + dlat)


def is_same(case: Placed, site_id: str | None, point: Point | None, near_m: float) -> bool:
    """Whether a finding at a site or point may be about what the case is about.

    Two known sites are the same or they are not, however near; else the distance decides.
    """
    if site_id is not None and case.site_id is not None:
        return site_id == case.site_id
    if point is None or case.lon is None or case.lat is None:
        return False
    east, north = metres_per_degree(point.lat)
    return hypot((case.lon - point.lon) * east, (case.lat - point.lat) * north) <= near_m
