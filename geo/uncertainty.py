"""Every place that a circle, or any other shape, has ground in, and how much.

The circle is a polygon in degrees that is a circle in the local metric plane at its centre. Shares
of area are the same in both, because the one is a linear image of the other.
"""

from __future__ import annotations

import math

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.areas import AreaIndex, Rows
from geo.metric import Plane
from geo.places import Place

CORNERS = 64
_NOTHING = 1e-9  # of the whole: below it an area is the noise of floating-point overlay

# The polygon goes around the circle, so that nothing that the circle touches is missed
_ANGLES = np.arange(CORNERS) * (2 * math.pi / CORNERS)
_UNIT = np.column_stack([np.cos(_ANGLES), np.sin(_ANGLES)]) / math.cos(math.pi / CORNERS)


def circle(plane: Plane, radius_m: float) -> shapely.Polygon:
    """The circle around the plane's position, in degrees: a polygon of 64 corners around it."""
    corners = _UNIT * (radius_m / plane.east, radius_m / plane.north) + (plane.lon, plane.lat)
    return shapely.Polygon(corners)


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
