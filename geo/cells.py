"""Small cells of ground that remember what is near, so that one position is placed in microseconds.

A cell is filled when a position first falls into it. It knows which areas cover all of it, the
border pieces within `REACH_M` of it with the areas that each divides, and the few street border
pieces that can be nearest somewhere in it. What these do not decide beyond doubt (a position
on a border, a border that just touches the circle, a poor accuracy) is answered None, and the
trees are asked: both ways give the same answer.

Not done here: many positions at once (`geo.bulk`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from geo.areas import AreaIndex, Rows
from geo.bulk_borders import DividingPieces, to_segments
from geo.metric import Plane, mercator, mercator_lats, metres_per_degree, to_segment
from geo.places import Place
from geo.uncertainty import CORNER, beyond_chord, circle, faces, ordered

Shares = list[tuple[Place, float]]

PER_DEGREE: Final = 500
"""Cells along a degree: each is some 200 m wide."""
REACH_M: Final = 30.0
"""Up to this accuracy the cells are asked."""
_REMEMBERED: Final = 8192
"""So many cells are kept; when there are more, all are dropped and filled again."""
_WARMING: Final = 64
"""So many positions are placed without cells first: whoever asks once need not fill one."""
_EDGE: Final = 1e-7  # degrees; far more than what floating point moves the edge of a cell by
_SLACK: Final = 1e-9
_SAME_M: Final = 2e-3  # border distances are rounded to a millimetre
_WELL_IN: Final = 0.97
"""Of the accuracy. A border that comes so far in has ground on both sides in the circle."""
_KEY_SEED: Final = 20081105

# west, east, south, north of where it counts; two ends in degrees; the areas that it divides
_Piece = tuple[float, float, float, float, float, float, float, float, frozenset[int]]
# begin and way in the Mercator plane, one over the square of its length; its ends in degrees
_Nearest = tuple[float, float, float, float, float, tuple[float, float, float, float]]

_NONE: Final[tuple[float, list[_Piece]]] = (math.inf, [])


@dataclass(frozen=True, slots=True)
class Cell:
    """What is known of a cell. `doubtful` are the areas that cover only a part of it."""

    rows: Rows
    doubtful: Rows
    shapes: npt.NDArray[np.object_]
    pieces: tuple[_Piece, ...]
    nearest: tuple[_Nearest, ...]


class AreaCells:
    """The cells of an area index. Threads may share it: two may fill a cell, and fill it alike."""

    def __init__(self, areas: AreaIndex) -> None:
        self.areas = areas
        self._cells: dict[tuple[int, int], Cell] = {}
        self._asked = 0

    def around(
        self, lon: float, lat: float, accuracy_m: float
    ) -> tuple[Shares, float | None] | None:
        """The places in the circle with their shares, and the metres to the nearest street border.

        None where the trees must be asked.
        """
        if accuracy_m > REACH_M:
            return None
        cell = self._cells.get((math.floor(lon * PER_DEGREE), math.floor(lat * PER_DEGREE)))
        if cell is None:
            self._asked += 1
            if self._asked < _WARMING:
                return None
            cell = self.cell(lon, lat)
        rows = self._rows(cell, lon, lat) if cell.doubtful else cell.rows
        here = self.areas.places(rows)
        if len(here) != 1:
            return None
        east, north = metres_per_degree(lat)
        border = _border_m(cell, lon, lat, east, north)
        plane = (lon, lat, east, north)
        least, within = _within(cell.pieces, plane, accuracy_m) if cell.pieces else _NONE
        if least > accuracy_m + _SAME_M:
            return [(here[0], 1.0)], border
        if least <= _SAME_M or least > accuracy_m - _SAME_M:
            return None
        shares = None
        if least < _WELL_IN * accuracy_m - _SAME_M:
            shares = self._two_sided(Plane(*plane), accuracy_m, rows, within)
        if shares is None:
            shares = self._parted(Plane(*plane), accuracy_m, here[0], within)
        return None if shares is None else (shares, border)

    def cell(self, lon: float, lat: float) -> Cell:
        """The cell of a position, filled and kept."""
        at = math.floor(lon * PER_DEGREE), math.floor(lat * PER_DEGREE)
        made = self._filled(*at)
        if len(self._cells) >= _REMEMBERED:
            self._cells.clear()
        self._cells[at] = made
        return made

    def _rows(self, cell: Cell, lon: float, lat: float) -> Rows:
        """The areas that cover a position of the cell, borders included."""
        covered = shapely.intersects_xy(cell.shapes, lon, lat).tolist()
        held = [row for row, is_in in zip(cell.doubtful, covered, strict=True) if is_in]
        return tuple(sorted((*cell.rows, *held))) if held else cell.rows

    def _two_sided(
        self, plane: Plane, accuracy_m: float, rows: Rows, within: list[_Piece]
    ) -> Shares | None:
        """The two places where all border pieces in the circle divide the same areas, else None."""
        divides = within[0][8]
        if any(piece[8] != divides for piece in within):
            return None
        first = self.areas.places(rows)[0]
        beyond = self.areas.places(tuple(sorted(divides.symmetric_difference(rows))))
        if len(beyond) != 1:
            return None
        if beyond[0] == first:
            return [(first, 1.0)]
        share = beyond_chord(plane, accuracy_m, within[0][4:8]) if len(within) == 1 else None
        if share is None:
            row = min(divides)
            around = circle(plane, accuracy_m)
            share = self.areas.shapes[row].intersection(around).area / around.area
            if row in rows:
                share = 1.0 - share
        return [(first, 1.0 - share), (beyond[0], share)]

    def _parted(
        self, plane: Plane, accuracy_m: float, here: Place, within: list[_Piece]
    ) -> Shares | None:
        """The places of all pieces that borders part the circle into; None where one is tiny."""
        around = circle(plane, accuracy_m)
        ends = np.array([piece[4:8] for piece in within]).reshape(-1, 2, 2)
        parts = faces(around, np.atleast_1d(np.asarray(shapely.linestrings(ends))))
        if parts is None:
            return None
        shares: dict[Place, float] = {}
        for share, lon, lat in parts:
            places = self.areas.places(self.areas.covering(lon, lat))
            for place in places:
                shares[place] = shares.get(place, 0.0) + share / len(places)
        first = shares.pop(here, 0.0)
        return [(here, first), *ordered(shares.items())]

    # --- filling a cell ------------------------------------------------------------------------

    @cached_property
    def _dividing(self) -> DividingPieces:
        """All border pieces with the areas that each divides."""
        random = np.random.default_rng(_KEY_SEED)
        most = np.iinfo(np.uint64).max
        keys = random.integers(1, most, size=len(self.areas.features), dtype=np.uint64)
        return DividingPieces(self.areas.shapes, keys)

    def _filled(self, column: int, row: int) -> Cell:
        west, east = column / PER_DEGREE - _EDGE, (column + 1) / PER_DEGREE + _EDGE
        south, north = row / PER_DEGREE - _EDGE, (row + 1) / PER_DEGREE + _EDGE
        ground = shapely.box(west, south, east, north)
        near = self.areas.tree.query(ground)
        crossing = np.zeros(len(near), dtype=bool)
        pieces: tuple[_Piece, ...] = ()
        furthest = max(abs(south), abs(north))
        if furthest < 89:
            pieces = self._pieces(west, south, east, north, furthest)
        if len(near):
            edges = shapely.boundary(self.areas.shapes[near])
            crossing = shapely.intersects(edges, ground)
        middle = (west + east) / 2, (south + north) / 2
        whole = near[~crossing]
        whole = whole[shapely.intersects_xy(self.areas.shapes[whole], *middle)]
        doubtful = np.sort(near[crossing])
        return Cell(
            tuple(sorted(whole.tolist())),
            tuple(doubtful.tolist()),
            self.areas.shapes[doubtful],
            pieces,
            self._nearest(*middle, furthest),
        )

    def _pieces(
        self, west: float, south: float, east: float, north: float, furthest: float
    ) -> tuple[_Piece, ...]:
        """The border pieces within reach of the cell, each with the box in which it counts."""
        reach_m = REACH_M * CORNER + 1.0
        wide = reach_m / metres_per_degree(furthest)[0]
        high = reach_m / metres_per_degree(0.0)[1]
        box = shapely.box(west - wide, south - high, east + wide, north + high)
        dividing = self._dividing
        found = []
        for piece in np.sort(dividing.tree.query(box, predicate="intersects")).tolist():
            lon1, lat1, lon2, lat2 = dividing.ends[piece].tolist()
            found.append(
                (
                    min(lon1, lon2) - wide,
                    max(lon1, lon2) + wide,
                    min(lat1, lat2) - high,
                    max(lat1, lat2) + high,
                    lon1,
                    lat1,
                    lon2,
                    lat2,
                    dividing.areas[int(dividing.divides[piece])],
                )
            )
        return tuple(found)

    def _nearest(self, lon: float, lat: float, furthest: float) -> tuple[_Nearest, ...]:
        """The street border pieces that can be nearest somewhere in the cell around its middle.

        The bound is that of `geo.bulk_nearest`: the square of the distance to a piece changes by
        twice the way to its nearest point, and that point moves no further than the position.
        """
        borders = self.areas.street_borders
        if not borders.pieces:
            return ()
        x, y = mercator(lon=lon, lat=lat)
        spot = shapely.points(x, y)
        tallest = mercator(lon=0.0, lat=furthest)[1]
        high = tallest - mercator(lon=0.0, lat=furthest - 1 / PER_DEGREE - 2 * _EDGE)[1]
        half = math.hypot(1 / PER_DEGREE + 2 * _EDGE, high) / 2 * (1 + 1e-6)
        least = shapely.distance(
            borders.tree.geometries[borders.tree.query_nearest(spot, all_matches=False)[0]], spot
        )
        near = np.sort(borders.tree.query(spot, predicate="dwithin", distance=least + 2.001 * half))
        ends = borders.ends[near].copy()
        ends[:, 1], ends[:, 3] = mercator_lats(ends[:, 1]), mercator_lats(ends[:, 3])
        away, along = to_segments(ends[:, 0] - x, ends[:, 1] - y, ends[:, 2] - x, ends[:, 3] - y)
        way = ends[:, 2:] - ends[:, :2]
        at = ends[:, :2] + along[:, None] * way
        moves = np.minimum(half, np.hypot(*way.T))
        first = int(np.argmin(away))
        bound = 2 * half * (np.hypot(*(at - at[first]).T) + moves + moves[first])
        held = away**2 - away[first] ** 2 <= bound * (1 + 1e-6) + _SLACK * half**2
        square = (way**2).sum(axis=1)
        return tuple(
            (x1, y1, dx, dy, 1 / length if length else 0.0, borders.pieces[piece])
            for (x1, y1), (dx, dy), length, piece in zip(
                ends[held, :2].tolist(),
                way[held].tolist(),
                square[held].tolist(),
                near[held].tolist(),
                strict=True,
            )
        )


def _within(
    pieces: tuple[_Piece, ...], plane: tuple[float, float, float, float], accuracy_m: float
) -> tuple[float, list[_Piece]]:
    """The pieces that come into the circle's polygon, and how far away the nearest of them is."""
    lon, lat, east, north = plane
    limit = accuracy_m * CORNER + _SAME_M
    least, within = math.inf, []
    for piece in pieces:
        if piece[0] <= lon <= piece[1] and piece[2] <= lat <= piece[3]:
            metres = to_segment(
                (piece[4] - lon) * east,
                (piece[5] - lat) * north,
                (piece[6] - lon) * east,
                (piece[7] - lat) * north,
            )[0]
            if metres <= limit:
                within.append(piece)
                least = min(least, metres)
    return least, within


def _border_m(cell: Cell, lon: float, lat: float, east: float, north: float) -> float | None:
    """Metres to the nearest street border, to the millimetre; the choice is made as in the tree."""
    pieces = cell.nearest
    if not pieces:
        return None
    found = pieces[0][5]
    if len(pieces) > 1:
        _, y = mercator(lon=lon, lat=lat)
        least = math.inf
        for x1, y1, dx, dy, inverse, piece in pieces:
            away_x, away_y = x1 - lon, y1 - y
            along = -(away_x * dx + away_y * dy) * inverse
            if along > 0.0:
                along = min(along, 1.0)
                away_x += along * dx
                away_y += along * dy
            square = away_x * away_x + away_y * away_y
            if square < least:
                least, found = square, piece
    lon1, lat1, lon2, lat2 = found
    return round(
        to_segment(
            (lon1 - lon) * east, (lat1 - lat) * north, (lon2 - lon) * east, (lat2 - lat) * north
        )[0],
        3,
    )
