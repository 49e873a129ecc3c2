"""One resolve in process, beside tree queries over the same shapes, called bare.

The peer starts, as everybody must, from a longitude and a latitude: it asks the district's trees
which areas cover the position, which street border is nearest, which other borders and which
roads are within reach, and looks one key up in a dictionary. It measures nothing, decides nothing
and says nothing.

Where the accuracy circle touches several places, finding their shares cuts polygons, which is no
tree query: those positions count in the second line of each case and have no target.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

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
    """Two lines for each case."""
    return [line for case in CASES for line in _lines(district, *case)]


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


def _lines(district: District, matter: str, on: date, facts: dict[str, str]) -> Iterator[Measured]:
    on_map = district.atlas.on(on)
    told = district.book.matter(matter)
    asks_roads = any((fact.place or "").startswith("road:") for fact in told.facts)
    points = points_in(on_map, POINTS)
    sure = [one for one in points if len(on_map.at(one, ACCURACY_M).places) == 1]
    for these, name, target in (
        (sure, "one place in the circle", TARGET),
        (points, "anywhere", None),
    ):
        questions = [
            Question(matter, on, on, AtPoint(point, ACCURACY_M), facts, None) for point in these
        ]
        bare = _bare(on_map, these, roads=asks_roads)
        mine, peer = side_by_side(partial(_resolve_all, questions, district), bare)
        yield Measured(
            name=f"resolve {matter} on {on}, {name}",
            ours=mine / len(these) * 1e6,
            peer=peer / len(these) * 1e6,
            unit="us",
            peer_name="tree queries bare, one look-up",
            target="" if target is None else f"<= {target}",
            holds=None if target is None else mine <= target * peer,
        )


def _resolve_all(questions: list[Question], district: District) -> None:
    for question in questions:
        resolve(question, district)


def _bare(on_map: MapOn, points: list[Point], *, roads: bool) -> Callable[[], None]:
    """The queries for all points, and one look-up each."""
    areas, index = on_map.areas, on_map.roads if roads else None
    reach_m = ACCURACY_M if index is None else ACCURACY_M + EXPRESSWAY_REACH_M
    known = {point: at for at, point in enumerate(points)}
    starts = []
    for point in points:
        plane = Plane.at(point.lon, point.lat)
        box = plane.box(reach_m).bounds
        starts.append((point, (point.lon, point.lat), mercator(lon=point.lon, lat=point.lat), box))

    def run() -> None:
        covering = areas.tree.query
        nearest = areas.street_borders.tree.query_nearest
        others = areas.other_borders.tree.query
        lines = None if index is None else index.lines.tree.query
        for point, position, level, bounds in starts:
            box = shapely.box(*bounds)
            covering(shapely.points(position), predicate="intersects")
            nearest(shapely.points(level), all_matches=False)
            others(box)
            if lines is not None:
                lines(box)
            known[point]

    return run
