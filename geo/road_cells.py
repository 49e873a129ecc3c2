"""Small cells of ground that remember which carriageways are near; see `geo.cells`."""

from __future__ import annotations

import math
from typing import Final

import shapely

from geo.cells import PER_DEGREE, REACH_M
from geo.metric import Plane, metres_per_degree
from geo.roads import EXPRESSWAY_REACH_M, Near, RoadLines, RoadPiece, nearest

_PER_DEGREE: Final = 2 * PER_DEGREE  # carriageways lie closer than borders
_REMEMBERED: Final = 8192
_WARMING: Final = 64
_SAME_M: Final = 1e-6
"""So close to the end of its reach, a road is left to the tree."""

# west, east, south, north of where the piece counts, and the piece
_Boxed = tuple[float, float, float, float, RoadPiece]


class RoadCells:
    """The cells of the carriageways of an edition. Threads may share it."""

    def __init__(self, lines: RoadLines) -> None:
        self.lines = lines
        self._cells: dict[tuple[int, int], tuple[_Boxed, ...]] = {}
        self._asked = 0

    def near(self, plane: Plane, accuracy_m: float) -> list[Near] | None:
        """What `RoadLines.near` says of the plane's position; None where it must be asked."""
        if accuracy_m > REACH_M:
            return None
        lon, lat = plane.lon, plane.lat
        cell = self._cells.get((math.floor(lon * _PER_DEGREE), math.floor(lat * _PER_DEGREE)))
        if cell is None:
            self._asked += 1
            if self._asked < _WARMING:
                return None
            cell = self.cell(lon, lat)
        pieces = [one[4] for one in cell if one[0] <= lon <= one[1] and one[2] <= lat <= one[3]]
        found = nearest(pieces, plane, accuracy_m) if pieces else []
        for near in found:
            reach_m = self.lines.segments[near.row].reach_m + accuracy_m
            if near.distance_m > reach_m - _SAME_M:
                return None
        return found

    def cell(self, lon: float, lat: float) -> tuple[_Boxed, ...]:
        """The cell of a position, filled and kept."""
        at = math.floor(lon * _PER_DEGREE), math.floor(lat * _PER_DEGREE)
        made = self._filled(*at)
        if len(self._cells) >= _REMEMBERED:
            self._cells.clear()
        self._cells[at] = made
        return made

    def _filled(self, column: int, row: int) -> tuple[_Boxed, ...]:
        """The pieces within reach of the cell in the tree's order, so that the same one counts."""
        size = 1 / _PER_DEGREE
        west, south = column * size, row * size
        # A degree of longitude is shortest at the edge of the cell that is nearest to a pole
        furthest = min(max(abs(south), abs(south + size)), 89.0)
        reach_m = EXPRESSWAY_REACH_M + REACH_M + 1.0
        wide = reach_m / metres_per_degree(furthest)[0]
        high = reach_m / metres_per_degree(0.0)[1]
        box = shapely.box(west - wide, south - high, west + size + wide, south + size + high)
        found = []
        for number in self.lines.tree.query(box).tolist():
            piece = self.lines.pieces[number]
            lon1, lat1, lon2, lat2 = piece[:4]
            found.append(
                (
                    min(lon1, lon2) - wide,
                    max(lon1, lon2) + wide,
                    min(lat1, lat2) - high,
                    max(lat1, lat2) + high,
                    piece,
                )
            )
        return tuple(found)
