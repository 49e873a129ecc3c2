"""From a position, a road stake or an area to every place that it may be, on one day.

`MapOn` is the map of one day. It is made by `geo.layers.Atlas`, is read-only and may be shared by
threads.
"""

from __future__ import annotations

import math
from datetime import date
from typing import Final

import shapely

from geo.cells import AreaCells
from geo.editions import Kind
from geo.errors import BadAccuracy, BadStake, NoSuchArea, NoSuchStake
from geo.kilometres import RoadsSummary, roads_summary
from geo.metric import Plane
from geo.places import Area, Place, RoadHit, Whereabouts
from geo.points import Point
from geo.register import DIRECTIONS
from geo.road_cells import RoadCells
from geo.roads import EXPRESSWAY_REACH_M, Near, RoadIndex
from geo.segments import TELLS_UP_TO_M
from geo.stakes import Stake
from geo.uncertainty import circle, ordered, shares_of

__all__ = ["Area", "MapOn", "Place", "RoadHit", "Whereabouts"]

GPS_ACCURACY_M: Final = 10.0
STAKE_ACCURACY_M: Final = 10.0
"""A stake is a post by the road, and between two posts the line is only interpolated."""

Shares = list[tuple[Place, float]]


class MapOn:
    """The layers in force on one day. All its answers name the editions that gave them."""

    def __init__(
        self,
        day: date,
        cells: AreaCells,
        roads: RoadIndex | None,
        road_cells: RoadCells | None,
        editions: tuple[tuple[str, str], ...],
    ) -> None:
        self.day = day
        self.editions = editions
        self.areas = cells.areas
        self.roads = roads
        self._cells = cells
        self._road_cells = road_cells
        self._in_area: dict[str, Whereabouts] = {}

    def at(
        self, point: Point, accuracy_m: float = GPS_ACCURACY_M, *, roads: bool = True
    ) -> Whereabouts:
        """Every place that the circle of `accuracy_m` around the position touches.

        The place of the position itself comes first, with the others by falling share. Without
        `roads` the road is left unknown. Raises BadAccuracy.
        """
        if not 0.0 <= accuracy_m < math.inf:
            raise BadAccuracy(
                field="accuracy",
                zh=f"精度 {accuracy_m} 无效：应为不小于 0 的米数",
                en=f"accuracy {accuracy_m} is refused: metres from 0 up are needed",
            )
        known = self._cells.around(point.lon, point.lat, accuracy_m)
        if known is None:
            known = self.by_trees(point.lon, point.lat, accuracy_m)
        places, border = known
        if roads and self.roads is not None and accuracy_m <= TELLS_UP_TO_M:
            plane = Plane.at(point.lon, point.lat)
            near = None if self._road_cells is None else self._road_cells.near(plane, accuracy_m)
            if near is None:
                box = plane.box(accuracy_m + EXPRESSWAY_REACH_M)
                near = self.roads.lines.near(box, plane, accuracy_m)
            places = _on_roads(places, self.roads.told(near, accuracy_m))
        return Whereabouts(
            point,
            accuracy_m,
            tuple([place for place, _ in places]),
            tuple([share for _, share in places]),
            border,
            self.editions,
        )

    def roads_near(self, point: Point, accuracy_m: float = GPS_ACCURACY_M) -> tuple[RoadHit, ...]:
        """All carriageways within reach plus the accuracy, nearest first.

        The second is the runner-up. Empty without a road layer.
        """
        if self.roads is None:
            return ()
        plane = Plane.at(point.lon, point.lat)
        box = plane.box(accuracy_m + EXPRESSWAY_REACH_M)
        found = self.roads.lines.near(box, plane, accuracy_m)
        return tuple(self.roads.hit(near) for near in found)

    def at_stake(
        self,
        ref: str,
        stake: str,
        direction: str | None = None,
        *,
        accuracy_m: float = STAKE_ACCURACY_M,
    ) -> Whereabouts:
        """Every place that a stake of a road may be; the road itself is certain.

        Without a direction, both carriageways. Raises BadStake for what is no stake or direction,
        NoSuchStake when the layer in force has no such road or stake.
        """
        way = _direction(direction)
        parsed = Stake.parsed(stake)
        if self.roads is None:
            raise NoSuchStake(
                field="road",
                zh="当天没有生效的路网图层，无法按桩号定位",
                en="no road layer is in force on that day, so no stake can be found",
            )
        lines = self.roads.lines
        found = lines.at_stake(ref, parsed, way)
        places: Shares = []
        for row, along in found:
            hit = self.roads.hit(Near(distance_m=0.0, row=row, along_m=along, cross=0.0))
            around = self.at(lines.at(row, along), accuracy_m, roads=False)
            places.extend(
                (_on(place, hit), share / len(found))
                for place, share in zip(around.places, around.shares, strict=True)
            )
        point = lines.at(*found[0])
        border = self.areas.border_m(Plane.at(point.lon, point.lat))
        return self._whereabouts(point, accuracy_m, _merged(places), border)

    def in_area(self, code: str) -> Whereabouts:
        """Every place within a street or community, by share of its area; the road is not known.

        Raises NoSuchArea when no edition in force on the day has the code.
        """
        known = self._in_area.get(code)
        if known is not None:
            return known
        rows = self.areas.street(code)
        if not rows:
            codes = ", ".join(f"{area.code} {area.name}" for area in self.streets()) or "-"
            raise NoSuchArea(
                field="area",
                zh=f"当天没有代码为“{code}”的街道或社区；街道有：{codes}",
                en=f'no street or community "{code}" on that day; the streets are: {codes}',
            )
        ground = shapely.union_all([self.areas.shapes[row] for row in rows])
        wanted = {self.areas.features[row].area for row in rows}
        shares = {
            place: share
            for place, share in shares_of(self.areas, ground).items()
            if place.street in wanted or place.community in wanted
        }
        total = sum(shares.values())
        places = ordered((place, share / total) for place, share in shares.items())
        self._in_area[code] = answer = self._whereabouts(None, 0.0, places, None)
        return answer

    def roads_summary(self, function: str = "maintain") -> RoadsSummary:
        """Who has how many kilometres of road for a function on the day, and how many nobody has.

        Raises BadRegister for a function that there is not.
        """
        return roads_summary(self.roads, function)

    def streets(self) -> tuple[Area, ...]:
        """The streets in force on the day, by code."""
        return self._all(Kind.STREET)

    def communities(self) -> tuple[Area, ...]:
        """The communities in force on the day, by code."""
        return self._all(Kind.COMMUNITY)

    def _all(self, kind: Kind) -> tuple[Area, ...]:
        return tuple(sorted({f.area for f in self.areas.features if f.kind is kind}))

    def by_trees(self, lon: float, lat: float, accuracy_m: float) -> tuple[Shares, float | None]:
        """The places in the circle with their shares, that of the position itself first.

        Without their roads; and the metres to the nearest street border. This is what `geo.cells`
        remembers for most positions.
        """
        areas = self.areas
        plane = Plane.at(lon, lat)
        border = areas.border_m(plane)
        box = plane.box(accuracy_m)
        here = areas.places(areas.covering(lon, lat, box))
        if (border is None or border > accuracy_m) and not areas.other_border_within(
            box, plane, accuracy_m
        ):
            return [(here[0], 1.0)] if len(here) == 1 else _equal(here), border
        if accuracy_m == 0.0:
            return _equal(here), border
        shares = shares_of(areas, circle(plane, accuracy_m))
        first = ordered((place, shares.pop(place, 0.0)) for place in here)
        return first + ordered(shares.items()), border

    def _whereabouts(
        self, point: Point | None, accuracy_m: float, places: Shares, border: float | None
    ) -> Whereabouts:
        return Whereabouts(
            point=point,
            accuracy_m=accuracy_m,
            places=tuple([place for place, _ in places]),
            shares=tuple([share for _, share in places]),
            border_m=border,
            editions=self.editions,
        )


def _equal(places: tuple[Place, ...]) -> Shares:
    return [(place, 1.0 / len(places)) for place in places]


def _merged(places: Shares) -> Shares:
    merged: dict[Place, float] = {}
    for place, share in places:
        merged[place] = merged.get(place, 0.0) + share
    return list(merged.items())


def _on_roads(places: Shares, roads: tuple[RoadHit | None, ...]) -> Shares:
    """Each place with each road that it may be on; that nearest to the position first."""
    return [(_on(place, road), share / len(roads)) for place, share in places for road in roads]


def _on(place: Place, road: RoadHit | None) -> Place:
    return Place(place.street, place.community, place.neighbour, place.zones, road, road_known=True)


def _direction(text: str | None) -> str | None:
    if text is None:
        return None
    way = DIRECTIONS.get(text.strip().lower())
    if way is None:
        raise BadStake(
            field="direction",
            zh=f"“{text}”不是方向；应为 up（上行，桩号增大）或 down（下行）",
            en=f'"{text}" is no direction; up (rising stakes) or down is needed',
        )
    return way
