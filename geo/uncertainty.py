"""Every place that a circle, or any other shape, has ground in, and how much.

The circle is a polygon in degrees that is a circle in the local metric plane at its centre. Shares
of area are the same in both, because the one is a linear image of the other.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.areas import AreaIndex, Rows, Shapes
from geo.metric import Plane
from geo.places import Place

_CORNERS = 64
_NOTHING = 1e-9  # of the whole: below it an area is the noise of floating-point overlay
_CLEARLY = 1e-7  # of the whole: what is larger is no noise

# The polygon goes around the circle, so that nothing that the circle touches is missed
CORNER = 1 / math.cos(math.pi / _CORNERS)
"""Of the radius: how far from the position the corners are."""
_TURN = 2 * math.pi / _CORNERS
_FAN = math.sin(_TURN) / 2  # the area of one of the triangles of a circle of radius 1
_ANGLES = np.arange(_CORNERS) * _TURN
_UNIT = np.column_stack([np.cos(_ANGLES), np.sin(_ANGLES)]) * CORNER


def circle(plane: Plane, radius_m: float) -> shapely.Polygon:
    """The circle around the plane's position, in degrees: a polygon of 64 corners around it."""
    corners = _UNIT * (radius_m / plane.east, radius_m / plane.north) + (plane.lon, plane.lat)
    return shapely.Polygon(corners)


def beyond_chord(
    plane: Plane, accuracy_m: float, piece: tuple[float, float, float, float]
) -> float | None:
    """The share of the circle's polygon beyond a line that cuts right through it, else None."""
    lon1, lat1, lon2, lat2 = piece
    x1, y1 = (lon1 - plane.lon) * plane.east, (lat1 - plane.lat) * plane.north
    x2, y2 = (lon2 - plane.lon) * plane.east, (lat2 - plane.lat) * plane.north
    radius = accuracy_m * CORNER
    if min(math.hypot(x1, y1), math.hypot(x2, y2)) <= radius * (1 + _NOTHING):
        return None
    dx, dy = x2 - x1, y2 - y1
    length = math.hypot(dx, dy)
    # The unit normal from the position towards the line, and how far the line is
    away = (x1 * dy - y1 * dx) / length
    normal_x, normal_y = (dy / length, -dx / length) if away > 0 else (-dy / length, dx / length)
    away = abs(away)
    towards = math.atan2(normal_y, normal_x)
    half = math.acos(away / radius)
    # The corners beyond the line, and the points where the line leaves through an edge
    first = math.ceil((towards - half) / _TURN)
    last = math.floor((towards + half) / _TURN)

    def corner(number: int) -> tuple[float, float, float]:
        x, y = radius * math.cos(number * _TURN), radius * math.sin(number * _TURN)
        return x, y, x * normal_x + y * normal_y - away

    def leaving(inner: int, outer: int) -> tuple[float, float]:
        inner_x, inner_y, below = corner(inner)
        outer_x, outer_y, above = corner(outer)
        part = below / (below - above)
        return inner_x + part * (outer_x - inner_x), inner_y + part * (outer_y - inner_y)

    if last < first:
        return None
    enter_x, enter_y = leaving(first - 1, first)
    leave_x, leave_y = leaving(last + 1, last)
    first_x, first_y, _ = corner(first)
    last_x, last_y, _ = corner(last)
    area = (last - first) * _FAN * radius * radius
    area += (enter_x * first_y - enter_y * first_x) / 2
    area += (last_x * leave_y - last_y * leave_x) / 2
    area -= (enter_x * leave_y - enter_y * leave_x) / 2
    return area / (_CORNERS * _FAN * radius * radius)


def faces(around: shapely.Polygon, lines: Shapes) -> list[tuple[float, float, float]] | None:
    """What straight lines part a circle into: the share of each piece and a position in it.

    None where a piece is so small that whether it counts is better left to an overlay.
    """
    noded = shapely.union_all([around.exterior, *lines])
    pieces = shapely.get_parts(shapely.polygonize([noded]))
    spots = shapely.point_on_surface(pieces)
    within = shapely.contains(around, spots)
    parted = shapely.area(pieces[within]) / around.area
    if not parted.size or parted.min() < _CLEARLY:
        return None
    at = shapely.get_coordinates(spots[within])
    return list(zip(parted.tolist(), *at.T.tolist(), strict=True))


def ordered(shares: Iterable[tuple[Place, float]]) -> list[tuple[Place, float]]:
    """By falling share; equal ones by what they say, so that no order of input shows."""
    given = list(shares)
    if len({round(share, 9) for _, share in given}) == len(given):
        return sorted(given, key=_by_share)
    return sorted(given, key=lambda pair: (-round(pair[1], 9), repr(pair[0])))


def _by_share(pair: tuple[Place, float]) -> float:
    return -pair[1]


def shares_of(areas: AreaIndex, shape: BaseGeometry) -> dict[Place, float]:
    """The places that the shape has ground in, with their shares; the shares add up to 1.

    Where two streets overlap, their piece is divided equally between the places it may be.
    """
    shares: dict[Place, float] = {}
    pieces = _pieces(areas, shape)
    whole = sum(area for _, area in pieces)
    for rows, area in pieces:
        places = areas.places(rows)
        for place in places:
            shares[place] = shares.get(place, 0.0) + area / whole / len(places)
    return shares


def _pieces(areas: AreaIndex, shape: BaseGeometry) -> list[tuple[Rows, float]]:
    """The shape cut by every area that touches it: the rows that cover a piece, and its area."""
    least = shape.area * _NOTHING
    rows = np.array(areas.touching(shape), dtype=int)
    whole = shapely.covers(areas.shapes[rows], shape)
    covering_all = tuple(rows[whole].tolist())
    pieces: list[tuple[BaseGeometry, Rows]] = [(shape, ())]
    rows = rows[~whole]
    for row, part in zip(
        rows.tolist(), map(_ground, shapely.intersection(areas.shapes[rows], shape)), strict=True
    ):
        if part.area <= least:
            continue
        cut: list[tuple[BaseGeometry, Rows]] = []
        for piece, covering in pieces:
            inside = _ground(piece.intersection(part))
            if inside.area <= least:
                cut.append((piece, covering))
                continue
            cut.append((inside, (*covering, row)))
            outside = _ground(piece.difference(part))
            if outside.area > least:
                cut.append((outside, covering))
        pieces = cut
    return [(tuple(sorted((*covering_all, *covering))), piece.area) for piece, covering in pieces]


def _ground(shape: BaseGeometry) -> BaseGeometry:
    """The shape without the points and lines that touching borders leave in an overlay."""
    if shape.geom_type in ("Polygon", "MultiPolygon"):
        return shape
    parts = shapely.get_parts(shape)
    return shapely.MultiPolygon([part for part in parts if part.geom_type == "Polygon"])
