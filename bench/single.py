"""One resolve in process, beside the tree queries that it makes, called bare.

The peer asks the very same trees the very same boxes and points, and looks one key up in a
dictionary. It measures nothing, decides nothing and says nothing: it is what finding the ground
costs at the least.
"""

from __future__ import annotations

import random
from datetime import date

import shapely

from bench.measured import Measured, side_by_side
from enforcement.district import District
from enforcement.resolution import AtPoint, Question, resolve
from geo.areas import AreaIndex
from geo.locate import MapOn
from geo.metric import Plane, mercator
from geo.points import Point
from geo.roads import EXPRESSWAY_REACH_M

POINTS = 2_000
ACCURACY_M = 10.0
TARGET = 2.0

CASES: tuple[tuple[str, date, dict[str, str]], ...] = (
    (
        "food.safety",
        date(2008, 11, 5),
        {"stage": "catering", "licence": "unlicensed", "premises": "mobile"},
    ),
    ("food.safety", date(2026, 11, 20), {"stage": "circulation", "licence": "licensed"}),
    ("road.asset_defect", date(2008, 11, 5), {"asset": "guardrail"}),
)


def measure(district: District) -> list[Measured]:
    """A line for each case."""
    return [_one(district, *case) for case in CASES]


def points_in(on_map: MapOn, count: int, seed: int = 1) -> list[Point]:
    """Positions spread over the streets of a day, always the same."""
    areas: AreaIndex = on_map.areas
    ground = shapely.union_all(areas.shapes)
    west, south, east, north = ground.bounds
    chance = random.Random(seed)
    found: list[Point] = []
    while len(found) < count:
        lon, lat = chance.uniform(west, east), chance.uniform(south, north)
        if any(place.street for place in areas.places(areas.covering(lon, lat))):
            found.append(Point.checked(lon=lon, lat=lat))
    return found


def _one(district: District, matter: str, on: date, facts: dict[str, str]) -> Measured:
    told = district.book.matter(matter)
    on_map = district.atlas.on(on)
    points = points_in(on_map, POINTS)
    questions = [
        Question(matter, on, on, AtPoint(point, ACCURACY_M), facts, None) for point in points
    ]
    asks_roads = any((fact.place or "").startswith("road:") for fact in told.facts)
    roads = on_map.roads if asks_roads else None
    reach_m = ACCURACY_M if roads is None else ACCURACY_M + EXPRESSWAY_REACH_M
    planes = [Plane.at(point.lon, point.lat) for point in points]
    boxes = [plane.box(reach_m) for plane in planes]
    spots = [shapely.Point(*mercator(lon=point.lon, lat=point.lat)) for point in points]
    known = {(matter, on, code): code for code in range(len(points))}

    def ours() -> None:
        for question in questions:
            resolve(question, district)

    def peer() -> None:
        covering = on_map.areas.tree.query
        nearest = on_map.areas.street_borders.tree.query_nearest
        others = on_map.areas.other_borders.tree.query
        lines = None if roads is None else roads.lines.tree.query
        for at, (box, spot) in enumerate(zip(boxes, spots, strict=True)):
            covering(box)
            nearest(spot, all_matches=False)
            others(box)
            if lines is not None:
                lines(box)
            known[matter, on, at]

    mine, bare = side_by_side(ours, peer)
    return Measured(
        name=f"resolve {matter} on {on}",
        ours=mine / POINTS * 1e6,
        peer=bare / POINTS * 1e6,
        unit="us",
        peer_name="the same tree queries bare, one look-up",
        target=f"<= {TARGET}",
        holds=mine <= TARGET * bare,
    )
