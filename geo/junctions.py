"""Where two roads meet: roads by number or name → positions of their junctions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import shapely

from geo.metric import Plane
from geo.points import Point
from geo.roads import RoadLines

ONE_JUNCTION_M: Final = 120.0
"""Crossings closer than this are one junction: two dual carriageways cross four times."""
REACH_M: Final = 30.0
"""Roads that come this close meet, though their lines need not touch: one may pass above."""


def road_names(lines: RoadLines) -> tuple[str, ...]:
    """Each number and each name in the layer, once, sorted."""
    found = {segment.ref for segment in lines.segments} | {one.name for one in lines.segments}
    return tuple(sorted(found - {""}))


def rows_of(lines: RoadLines, road: str) -> tuple[int, ...]:
    """The segments of the road with this number or name; of every name that has it, if none is it.

    Capitals and spaces do not matter. Empty for a road that the layer does not have.
    """
    wanted = _plain(road)
    if not wanted:
        return ()
    numbered = [(row, _plain(s.ref), _plain(s.name)) for row, s in enumerate(lines.segments)]
    exact = tuple(row for row, ref, name in numbered if wanted in (ref, name))
    return exact or tuple(row for row, _, name in numbered if wanted in name)


def junctions(lines: RoadLines, one: Sequence[int], other: Sequence[int]) -> tuple[Point, ...]:
    """The positions where segments of one road meet those of another, from west to east.

    Empty when they never come within 30 m of one another.
    """
    if not one or not other:
        return ()
    here, there = _shape(lines, one), _shape(lines, other)
    meet = shapely.get_coordinates(shapely.intersection(here, there)).tolist()
    if not meet:
        near = shapely.shortest_line(here, there)
        (lon1, lat1), (lon2, lat2) = shapely.get_coordinates(near).tolist()
        if Plane.at(lon1, lat1).to_piece(lon2, lat2, lon2, lat2)[0] > REACH_M:
            return ()
        meet = [[(lon1 + lon2) / 2, (lat1 + lat2) / 2]]
    return tuple(
        Point.checked(lon=float(lon), lat=float(lat)) for lon, lat in sorted(_gathered(meet))
    )


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()


def _shape(lines: RoadLines, rows: Iterable[int]) -> shapely.Geometry:
    wanted = set(rows)
    ends = [piece[:4] for piece in lines.pieces if piece[4] in wanted]
    return shapely.union_all(shapely.linestrings(np.asarray(ends).reshape(-1, 2, 2)))


def _gathered(meet: Iterable[Sequence[float]]) -> list[tuple[float, float]]:
    """The middles of groups of crossings that belong to one junction."""
    groups: list[list[Sequence[float]]] = []
    for lon, lat in sorted(map(tuple, meet)):
        plane = Plane.at(lon, lat)
        close = [
            group
            for group in groups
            if any(plane.to_piece(x, y, x, y)[0] <= ONE_JUNCTION_M for x, y in group)
        ]
        joined = [[lon, lat], *(at for group in close for at in group)]
        groups = [group for group in groups if group not in close] + [joined]
    return [
        (sum(x for x, _ in group) / len(group), sum(y for _, y in group) / len(group))
        for group in groups
    ]
