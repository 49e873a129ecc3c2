"""The schematic district's zones: water, schools, road bands, vendor areas, no-livestock ground.

Reservoirs are real names at rough positions; how far their zones reach, the schools and the vendor
areas are made up. Distances are buffered in EPSG:4547. Bands round expressways begin at the outer
edge of the highway land, which is taken to lie 20 m from the centre line.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial

import numpy as np
from pyproj import Transformer
from shapely import Point, Polygon, box, transform, union_all
from shapely.geometry.base import BaseGeometry

from geo.demo.outline import DISTRICT_2004, DRAWN_FROM, GROUNDS, joined, patches
from geo.demo.places import Community, communities
from geo.demo.roads import Segment, segments

VENDOR_AREAS_FROM = date(2015, 10, 1)
SCHOOL_BAND_M = 200
EXPRESSWAY_BAND_M = 30
_WATER_ZONES_M = (("level1", 150), ("level2", 450), ("quasi", 900))
_TOWN_CENTRE_M = 1000
# From the centre line to the outer edge of the highway land: assumed, the same along a whole road.
_HIGHWAY_LAND_M = {"expressway": 20, "national": 15, "provincial": 12, "county": 8}
_RESERVOIRS = {
    "清林径水库": """114.2165 22.7785, 114.2205 22.7765, 114.2265 22.7785, 114.2255 22.7825,
        114.2205 22.7855, 114.2170 22.7825""",
    "炳坑水库": "114.2800 22.6815, 114.2845 22.6800, 114.2875 22.6815, 114.2855 22.6835",
    "松子坑水库": "114.3500 22.7480, 114.3545 22.7465, 114.3560 22.7500, 114.3515 22.7525",
    "赤坳水库": "114.3825 22.6600, 114.3870 22.6585, 114.3905 22.6620, 114.3860 22.6645",
    "径心水库": "114.4375 22.6430, 114.4415 22.6410, 114.4450 22.6445, 114.4405 22.6465",
    "雁田水库": "114.1290 22.7195, 114.1350 22.7180, 114.1375 22.7215, 114.1320 22.7235",
    "龙口水库": "114.2230 22.6265, 114.2270 22.6250, 114.2285 22.6290, 114.2245 22.6310",
    "岭澳水库": "114.5370 22.6175, 114.5425 22.6160, 114.5440 22.6200, 114.5390 22.6215",
}
_SCHOOL_NAMES = ("启明", "向阳", "春晖", "新苗", "育林", "晨光", "星河", "远志")
_SCHOOL_KINDS = ("小学", "中学", "幼儿园")

_METRIC = "EPSG:4547"
_TO_METRES = Transformer.from_crs("EPSG:4326", _METRIC, always_xy=True)
_TO_DEGREES = Transformer.from_crs(_METRIC, "EPSG:4326", always_xy=True)


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone with the days on which it is one; `shape` is in EPSG:4326."""

    code: str
    name: str
    zone: str
    grade: str
    shape: BaseGeometry
    valid_from: date = DRAWN_FROM
    ceases_on: date | None = None


@dataclass(frozen=True, slots=True)
class School:
    """A made-up school, as a point at its gate."""

    name: str
    community: Community
    lon: float
    lat: float


@cache
def zones() -> tuple[Zone, ...]:
    """Every zone of the district of 2004 with its dates."""
    return (*_water(), *_schools(), *_road_bands(), *_vendor_areas(), *_livestock_bans())


@cache
def schools() -> tuple[School, ...]:
    """Forty made-up schools, 250 to 400 m from the centre of every third community."""
    found = []
    for number, community in enumerate(communities()[::3]):
        kind = _SCHOOL_KINDS[number % 3]
        name = f"{community.name}{_SCHOOL_NAMES[number % 8]}{kind}"
        point = beside(community, metres=250 + 50 * (number % 4), degrees=137 * number)
        found.append(School(name, community, point.x, point.y))
    return tuple(found)


def beside(community: Community, *, metres: float, degrees: float) -> Point:
    """A point that far from the community's centre, well within its patch; to 1e-6 degrees.

    The direction (from east, against the clock) turns on in steps of 60 degrees until the point
    lies at least 40 m from the border of the patch.
    """
    within = patches()[community.patch].buffer(-0.0004)
    for turn in range(6):
        angle = math.radians(degrees + 60 * turn)
        lon = community.lon + metres * math.cos(angle) / 102_700
        lat = community.lat + metres * math.sin(angle) / 110_750
        point = Point(round(lon, 6), round(lat, 6))
        if within.contains(point):
            return point
    raise ValueError(f"{community.name} lies too close to the border of its street")


def _water() -> Iterator[Zone]:
    for number, (name, corners) in enumerate(_RESERVOIRS.items(), start=1):
        water = Polygon([tuple(map(float, pair.split())) for pair in corners.split(",")])
        within: BaseGeometry = Polygon()
        for grade, metres in _WATER_ZONES_M:
            reach = _buffered(water, metres)
            ring = reach.difference(within).intersection(joined(DISTRICT_2004))
            within = reach
            if not ring.is_empty:
                yield _dated(Zone(f"W{number:02}-{grade}", name, "water", grade, ring))


def _schools() -> Iterator[Zone]:
    for number, school in enumerate(schools(), start=1):
        shape = _buffered(Point(school.lon, school.lat), SCHOOL_BAND_M)
        yield _dated(Zone(f"SCH{number:02}", f"{school.name}（虚构）", "school", "inside", shape))


def _road_bands() -> Iterator[Zone]:
    """Highway land, and the control band beside the expressways (the land itself included)."""
    by_road: dict[tuple[str, date | None], list[Segment]] = {}
    for segment in segments():
        if segment.legal_class == "highway":
            by_road.setdefault((segment.ref, segment.left), []).append(segment)
    for (ref, left), stretch in by_road.items():
        line = union_all([segment.line for segment in stretch])
        land_m = _HIGHWAY_LAND_M[stretch[0].road_class]
        code = ref if left is None else f"{ref}@{left.year}"
        zone = partial(Zone, grade="inside", ceases_on=left)
        if stretch[0].road_class == "expressway":
            band = _buffered(line, land_m + EXPRESSWAY_BAND_M)
            name = f"{stretch[0].name}建筑控制区"
            yield zone(f"EB-{code}", name, "expressway_band", shape=band)
        land = _buffered(line, land_m)
        yield zone(f"HL-{code}", f"{stretch[0].name}公路用地", "highway_land", shape=land)


def _vendor_areas() -> Iterator[Zone]:
    """One area of about 120 m by 80 m in each street of today, away from the schools."""
    seen: set[str] = set()
    for number, community in enumerate(communities()):
        if number % 3 != 1 or community.patch in seen or _left(community) is not None:
            continue
        seen.add(community.patch)
        middle = beside(community, metres=220, degrees=61 * number)
        shape = box(middle.x - 6e-4, middle.y - 36e-5, middle.x + 6e-4, middle.y + 36e-5)
        name = f"{community.name}食品摊贩疏导区（虚构）"
        code = f"VA{len(seen):02}"
        yield Zone(code, name, "vendor_area", "inside", shape, valid_from=VENDOR_AREAS_FROM)


def _livestock_bans() -> Iterator[Zone]:
    """The inner water zones, and the old town of each street."""
    for zone in _water():
        if zone.grade != "quasi":
            code, name = f"LB-{zone.code}", f"{zone.name}禁养区"
            yield _dated(Zone(code, name, "livestock_ban", "inside", zone.shape))
    centres: dict[str, Community] = {}
    for community in communities():
        centres.setdefault(community.patch, community)
    for number, community in enumerate(centres.values(), start=1):
        shape = _buffered(Point(community.lon, community.lat), _TOWN_CENTRE_M)
        shape = shape.intersection(joined(DISTRICT_2004))
        name = f"{community.name}建成区禁养区"
        yield _dated(Zone(f"LB-T{number:02}", name, "livestock_ban", "inside", shape))


def _left(community: Community) -> date | None:
    return next(ground.left for ground in GROUNDS if community.patch in ground.patches)


def _dated(zone: Zone) -> Zone:
    """The zone, until the ground under it left the district."""
    middle = zone.shape.representative_point()
    grounds = [ground for ground in GROUNDS if joined(ground.patches).covers(middle)]
    return replace(zone, ceases_on=grounds[0].left if grounds else None)


def _buffered(shape: BaseGeometry, metres: float) -> BaseGeometry:
    """What lies within so many metres of the shape, in EPSG:4326 to 1e-6 degrees."""
    flat = _moved(shape, _TO_METRES).simplify(2)
    back = _moved(flat.buffer(metres, quad_segs=4), _TO_DEGREES)
    return transform(back, lambda pairs: pairs.round(6))


def _moved(shape: BaseGeometry, to: Transformer) -> BaseGeometry:
    return transform(shape, lambda pairs: np.column_stack(to.transform(*pairs.T)))
