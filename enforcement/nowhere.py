"""A position that is none: the coordinate that a system fills in when it does not know where.

It looks like any other point and lies inside some street, so that everything without a location
would go to whoever is in charge there. A district lists such coordinates, and they are answered
as what they are: no location.
"""

from __future__ import annotations

from datetime import date
from typing import Protocol

from enforcement.questions import AtPoint
from enforcement.units import Registry, Scope
from geo.editions import DECIMALS
from geo.locate import Area, MapOn, Place, Whereabouts
from geo.points import Point
from rules.model import Text

NOWHERE = "nowhere"
"""The code that stands where a street's would; mandates may name it as their element."""
NO_LOCATION = Text("没有位置", "no location")
NOT_A_POSITION = Text(
    "这个坐标是系统在没有位置时填的默认值，不是真实位置；请核实地点",
    "this coordinate is what a system fills in when it has no location; find out where it is",
)


class Listing(Protocol):
    """What lists the coordinates that are no location: a district's settings."""

    @property
    def no_location(self) -> tuple[Point, ...]:
        """The coordinates, in WGS84."""


def is_no_location(point: Point, listing: Listing) -> bool:
    """Whether the point, on the map's grid of 1e-6 degrees, is listed as no location."""
    return any(
        round(one.lon - point.lon, DECIMALS) == 0 and round(one.lat - point.lat, DECIMALS) == 0
        for one in listing.no_location
    )


def nowhere(
    where: AtPoint, on_map: MapOn, *, on: date, registry: Registry, anywhere: bool
) -> Whereabouts:
    """No location as a place of its own, with every street beside it where it may still be.

    Where mandates say who takes what has no location, that is the only place, unless
    `anywhere`: then somebody has said which street it is. The zones of a street are not known.
    """
    held = any(
        one.scope is Scope.STREET and one.element == NOWHERE and one.period.covers(on)
        for one in registry.mandates
    )
    streets: tuple[Area, ...] = () if held and not anywhere else on_map.streets()
    areas = (Area(NOWHERE, f"{NO_LOCATION.zh} / {NO_LOCATION.en}"), *streets)
    return Whereabouts(
        point=where.point,
        accuracy_m=where.accuracy_m,
        places=tuple(Place(area, None, None, ()) for area in areas),
        shares=(1 / len(areas),) * len(areas),
        border_m=None,
        editions=on_map.editions,
    )
