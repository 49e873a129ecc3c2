"""The schematic district's roads: segments with class, stakes and keeper.

The article counts 707 km of public highway: 214 kept by the district's highway bureau, 401 by the
city's, 92 by expressway companies. The drawing is cut so that the geodesic lengths of the rounded
lines add up to that. City roads, a road not handed over and an estate road come on top. The refs of
the country roads, and all positions, are made up; who owns what in which years is in
`geo.demo.owners`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from pyproj import Geod
from shapely import LineString, Point, get_parts, offset_curve, transform

from geo.demo.drawn_roads import (
    CITY_ROADS,
    ESTATE_ROAD,
    EXPRESSWAYS,
    NOT_HANDED_OVER,
    SERVICE_ROAD_OF,
    SERVICE_ROAD_OFFSET,
)
from geo.demo.network import LonLat, country_roads, curve, main_roads
from geo.demo.outline import GROUNDS, joined

CITY_KM, DISTRICT_KM, EXPRESSWAY_KM = 401, 214, 92
_EXPRESSWAY_SEGMENT_M = 2000
_GEOD = Geod(ellps="WGS84")
_CLASS_OF = {"G": "national", "S": "provincial", "X": "county"}


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment of road (line in EPSG:4326, to 1e-6 degrees) with who keeps it, by unit id."""

    code: str
    name: str
    ref: str
    road_class: str
    legal_class: str  # highway | city_road | estate_road
    keeper: str  # hwy_d | hwy_c | exp_… | umb | property, as in the article's era
    line: LineString
    left: date | None = None  # first day on which its ground was no longer the district's
    from_m: int | None = None
    to_m: int | None = None
    handed_over: bool = True

    @property
    def length_m(self) -> float:
        """Geodesic length in metres."""
        return _length_m(self.line)


@cache
def segments() -> tuple[Segment, ...]:
    """Every segment of the district of 2004. The highways make 707 km to within a few metres."""
    return (
        *_staked(_expressways()),
        *_staked(_country()),
        *_unstaked("CR", _city_roads(), keeper="umb"),
        *_unstaked("NR", [_parsed(NOT_HANDED_OVER)], keeper="property", handed_over=False),
        *_unstaked("ER", [_parsed(ESTATE_ROAD)], keeper="property"),
    )


def _expressways() -> Iterator[Segment]:
    left_m = EXPRESSWAY_KM * 1000.0
    for (ref, name, company), corners in EXPRESSWAYS:
        whole = LineString([point for line in curve(_corners(corners)) for point in line.coords])
        whole, _ = _cut(_rounded(whole), left_m)
        left_m -= _length_m(whole)
        rest: LineString | None = whole
        while rest is not None:
            # the last segment takes a short tail along
            near_end = _length_m(rest) < 1.5 * _EXPRESSWAY_SEGMENT_M
            line, rest = (rest, None) if near_end else _cut(rest, _EXPRESSWAY_SEGMENT_M)
            yield Segment("", name, ref, "expressway", "highway", company, line)


def _country() -> Iterator[Segment]:
    """The highways that are no expressways: the city's 401 km first, then the district's 214 km."""
    left_m = {"hwy_c": CITY_KM * 1000.0, "hwy_d": DISTRICT_KM * 1000.0}
    refs = {
        "hwy_c": (f"S{number}" for number in range(301, 400)),
        "hwy_d": (f"X{number}-440307" for number in range(201, 300)),
    }
    names: set[str] = set()
    for road in (*main_roads(), *country_roads()):
        rest = [_rounded(line) for line in road.lines]
        name = road.name or _named_after(road.ends, names)
        for keeper in ("hwy_c", "hwy_d"):
            taken, rest = _taken(rest, left_m[keeper])
            if taken:
                left_m[keeper] -= sum(map(_length_m, taken))
                ref = road.ref or next(refs[keeper])
                for line in taken:
                    yield Segment("", name, ref, _CLASS_OF[ref[0]], "highway", keeper, line)


def _city_roads() -> Iterator[Segment]:
    for text in CITY_ROADS.strip().splitlines():
        road = _parsed(text)
        yield road
        if road.name == SERVICE_ROAD_OF:
            beside = _rounded(LineString(offset_curve(road.line, -SERVICE_ROAD_OFFSET).coords))
            yield replace(road, name=f"{road.name}辅路", road_class="branch", line=beside)


def _parsed(text: str) -> Segment:
    head, corners = text.split(": ")
    name, road_class = head.split()
    legal_class = "estate_road" if road_class == "estate" else "city_road"
    line = LineString([point for part in curve(_corners(corners)) for point in part.coords])
    return Segment("", name, "", road_class, legal_class, "", _rounded(line))


def _staked(roads: Iterable[Segment]) -> Iterator[Segment]:
    """The segments cut where they leave a ground, numbered and staked along each ref in turn."""
    gone_m: dict[str, float] = {}
    number: dict[str, int] = {}
    for road in roads:
        for line, left in _by_ground(road.line):
            start_m = gone_m.get(road.ref, 0.0)
            gone_m[road.ref] = start_m + _length_m(line)
            number[road.ref] = number.get(road.ref, 0) + 1
            yield replace(
                road,
                code=f"{road.ref.removesuffix('-440307')}-{number[road.ref]:02}",
                line=line,
                left=left,
                from_m=round(start_m),
                to_m=round(gone_m[road.ref]),
            )


def _unstaked(
    prefix: str, roads: Iterable[Segment], *, keeper: str, handed_over: bool = True
) -> Iterator[Segment]:
    for number, road in enumerate(roads, start=1):
        for piece, (line, left) in enumerate(_by_ground(road.line), start=1):
            yield replace(
                road,
                code=f"{prefix}{number:02}-{piece:02}",
                line=line,
                left=left,
                keeper=keeper,
                handed_over=handed_over,
            )


def _by_ground(line: LineString) -> list[tuple[LineString, date | None]]:
    """The pieces of the line in its direction, each with the day its ground left the district."""
    pieces = [
        (_rounded(piece), ground.left)
        for ground in GROUNDS
        for piece in get_parts(line.intersection(joined(ground.patches)))
        if isinstance(piece, LineString) and _length_m(piece) > 1
    ]
    return sorted(pieces, key=lambda piece: line.project(Point(piece[0].coords[0])))


def _taken(lines: list[LineString], metres: float) -> tuple[list[LineString], list[LineString]]:
    """The lines up to that length, the last one cut, and what is left of them."""
    taken: list[LineString] = []
    for number, line in enumerate(lines):
        if metres < 1:
            return taken, lines[number:]
        piece, rest = _cut(line, metres)
        metres -= _length_m(piece)
        taken.append(piece)
        if rest is not None:
            return taken, [rest, *lines[number + 1 :]]
    return taken, []


def _cut(line: LineString, metres: float) -> tuple[LineString, LineString | None]:
    """The first metres of the line, and its rest if there is one."""
    points = list(line.coords)
    for number in range(1, len(points)):
        (lon, lat), (to_lon, to_lat) = points[number - 1], points[number]
        step_m = _GEOD.inv(lon, lat, to_lon, to_lat)[2]
        if metres < step_m and (number + 1 < len(points) or metres < step_m - 1):
            share = metres / step_m
            corner = (
                round(lon + share * (to_lon - lon), 6),
                round(lat + share * (to_lat - lat), 6),
            )
            return (
                LineString([*points[:number], corner]),
                LineString([corner, *points[number:]]),
            )
        metres -= step_m
    return line, None


def _named_after(ends: tuple[str, str], taken: set[str]) -> str:
    short = f"{ends[0][0]}{ends[1][0]}公路"
    name = f"{ends[0]}{ends[1]}公路" if short in taken else short
    taken.add(name)
    return name


def _corners(text: str) -> list[LonLat]:
    pairs = (pair.split() for pair in text.split(","))
    return [(float(lon), float(lat)) for lon, lat in pairs]


def _rounded(line: LineString) -> LineString:
    return transform(line, lambda coordinates: coordinates.round(6))


def _length_m(line: LineString) -> float:
    return float(_GEOD.geometry_length(line))
