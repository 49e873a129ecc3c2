"""The schematic highways as a network: which communities a road joins, and the line it takes.

Two communities are joined when no third one lies in the circle between them (a Gabriel graph: what
real road networks look like, and never two roads crossing by accident). Named main roads run over
it from place to place; what they leave is gathered into the straightest roads possible. Only lines
are made here; owners, stakes and kilometres are in `geo.demo.roads`.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations, pairwise

from shapely import LineString, prepare

from geo.demo.outline import DISTRICT_2004, joined
from geo.demo.places import communities

# Degrees of longitude shrink to this share of a degree of latitude at 22.7° north.
_SQUEEZE = math.cos(math.radians(22.7))
_VERTEX_EVERY = 0.0018  # degrees, about 200 m
_OFF_THE_BORDER = 0.0015  # degrees, about 150 m: room for a road to bend beside the district's edge

# Ref, name, and the places it runs through. The numbers of the S roads are made up.
_MAIN_ROADS = (
    ("G205", "深惠路", "布吉墟 丹竹头 六约 横岗 荷坳 南联 龙岗墟 新生 坪地 四方埔"),
    ("S201", "深汕路", "龙岗墟 同心 六和 坑梓 金沙"),
    ("S202", "横坪公路", "横岗 安良 碧岭 沙湖 坪山 石井"),
    ("S203", "坪葵公路", "坪山 金龟 葵涌"),
    ("S204", "葵鹏公路", "葵涌 布新 王母 鹏城"),
    ("S205", "鹏南公路", "王母 下沙 南隆 东山"),
    ("S206", "盐葵公路", "溪涌 土洋 葵涌"),
    ("S207", "布龙公路", "布吉墟 水径 坂田 五和 岗头"),
    ("S208", "沙平公路", "沙湾 丹竹头 下李朗 上木古 新木 山厦"),
    ("S209", "平吉公路", "布吉墟 罗岗 上李朗 白坭坑 平湖 鹅公岭"),
    ("S210", "龙平公路", "荷坳 爱联 五联 龙西 平南 新生 年丰 龙田"),
    ("S211", "龙清公路", "回龙埔 龙西 清林 黄龙"),
)

Edge = tuple[int, int]
LonLat = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Road:
    """A road of the network: its ref and name (empty until given), and a line for each stretch."""

    ref: str
    name: str
    ends: tuple[str, str]
    lines: tuple[LineString, ...]


@cache
def main_roads() -> tuple[Road, ...]:
    """The named main roads in the order of their importance; no stretch belongs to two of them."""
    return tuple(road for road, _ in _main_roads())


@cache
def country_roads() -> tuple[Road, ...]:
    """What the main roads leave of the network, gathered into straight roads, longest first."""
    left = set(_joined_pairs()) - {edge for _, edges in _main_roads() for edge in edges}
    paths = []
    while left:
        first = max(left, key=lambda edge: (_length(edge), edge))
        path = [*first]
        left.discard(first)
        for end in (-1, 0):
            while (onward := _straight_on(path, end, left)) is not None:
                left.discard(_edge(path[end], onward))
                path.insert(len(path) if end else 0, onward)
        paths.append(path)
    paths.sort(key=lambda path: (-sum(_length(pair) for pair in pairwise(path)), path))
    return tuple(_road("", "", path, pairwise(path)) for path in paths)


def curve(corners: Sequence[LonLat]) -> list[LineString]:
    """A smooth line through the corners (Catmull–Rom), as one line for each stretch between two."""
    padded = [_beyond(corners[1], corners[0]), *corners, _beyond(corners[-2], corners[-1])]
    return [LineString(_arc(*padded[start : start + 4])) for start in range(len(corners) - 1)]


@cache
def _main_roads() -> tuple[tuple[Road, tuple[Edge, ...]], ...]:
    place = {community.name: number for number, community in enumerate(communities())}
    taken: set[Edge] = set()
    roads = []
    for ref, name, through in _MAIN_ROADS:
        stops = [place[stop] for stop in through.split()]
        path = [stops[0]]
        for start, end in pairwise(stops):
            path += _shortest_path(start, end)[1:]
        own = [pair for pair in pairwise(path) if _edge(*pair) not in taken]
        taken |= {_edge(*pair) for pair in own}
        roads.append((_road(ref, name, path, own), tuple(_edge(*pair) for pair in own)))
    return tuple(roads)


def _road(ref: str, name: str, path: Sequence[int], pairs: Iterable[Edge]) -> Road:
    wanted = set(pairs)
    smooth = zip(pairwise(path), curve([_position(number) for number in path]), strict=True)
    ends = communities()[path[0]].name, communities()[path[-1]].name
    lines = tuple(_bent(line, pair) for pair, line in smooth if pair in wanted)
    return Road(ref, name, ends, lines)


@cache
def _joined_pairs() -> dict[Edge, float]:
    """Each pair of joined communities with its length, in degrees of latitude."""
    inside = joined(DISTRICT_2004).buffer(-_OFF_THE_BORDER)
    prepare(inside)
    flat = [(c.lon * _SQUEEZE, c.lat) for c in communities()]
    pairs = {}
    for one, other in combinations(range(len(flat)), 2):
        middle = (flat[one][0] + flat[other][0]) / 2, (flat[one][1] + flat[other][1]) / 2
        reach = math.dist(flat[one], middle)
        # the two themselves lie on the circle: a hair less than its radius leaves them out
        between = any(math.dist(middle, third) < reach * (1 - 1e-9) for third in flat)
        if not between and inside.covers(LineString([_position(one), _position(other)])):
            pairs[one, other] = 2 * reach
    return pairs


@cache
def _neighbours(number: int) -> tuple[int, ...]:
    return tuple(sum(pair) - number for pair in _joined_pairs() if number in pair)


def _shortest_path(start: int, end: int) -> list[int]:
    queue, seen = [(0.0, [start])], set()
    while queue:
        gone, path = heapq.heappop(queue)
        if path[-1] == end:
            return path
        if path[-1] not in seen:
            seen.add(path[-1])
            for onward in _neighbours(path[-1]):
                heapq.heappush(queue, (gone + _length((path[-1], onward)), [*path, onward]))
    raise ValueError(f"no road leads from community {start} to community {end}")


def _straight_on(path: Sequence[int], end: int, left: set[Edge]) -> int | None:
    """The community that continues the path with the least turn: under 45 degrees, and onward."""
    here, before, far = (path[-1], path[-2], path[0]) if end else (path[0], path[1], path[-1])
    gone = math.dist(_position(here), _position(far))
    turns = [
        (abs(math.remainder(_heading(here, onward) - _heading(before, here), math.tau)), onward)
        for onward in _neighbours(here)
        if _edge(here, onward) in left and math.dist(_position(onward), _position(far)) > gone
    ]
    turn, onward = min(turns, default=(math.inf, -1))
    return onward if turn < math.radians(45) else None


def _arc(before: LonLat, start: LonLat, end: LonLat, after: LonLat) -> Iterator[LonLat]:
    steps = max(2, round(math.dist(start, end) / _VERTEX_EVERY))
    for step in range(steps + 1):
        t = step / steps
        yield tuple(  # type: ignore[misc]
            0.5
            * (
                2 * b
                + (c - a) * t
                + (2 * a - 5 * b + 4 * c - d) * t**2
                + (3 * b - a - 3 * c + d) * t**3
            )
            for a, b, c, d in zip(before, start, end, after, strict=True)
        )


def _bent(line: LineString, pair: Edge) -> LineString:
    """The line with a gentle bow to one side, so that the map does not look ruled."""
    (lon, lat), (to_lon, to_lat) = line.coords[0], line.coords[-1]
    bow = 0.05 * math.sin(7 * pair[0] + 3 * pair[1])
    points = []
    for step, (x, y) in enumerate(line.coords):
        shift = bow * math.sin(math.pi * step / (len(line.coords) - 1)) ** 2
        points.append((x - shift * (to_lat - lat), y + shift * (to_lon - lon)))
    return LineString(points)


def _edge(one: int, other: int) -> Edge:
    return (one, other) if one < other else (other, one)


def _length(pair: Edge) -> float:
    return _joined_pairs()[_edge(*pair)]


def _position(number: int) -> LonLat:
    return communities()[number].lon, communities()[number].lat


def _heading(start: int, end: int) -> float:
    (lon, lat), (to_lon, to_lat) = _position(start), _position(end)
    return math.atan2(to_lat - lat, (to_lon - lon) * _SQUEEZE)


def _beyond(start: LonLat, end: LonLat) -> LonLat:
    return 2 * end[0] - start[0], 2 * end[1] - start[1]
