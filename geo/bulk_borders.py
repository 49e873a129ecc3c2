"""The border lines of areas, cut into straight pieces that know which areas they divide.

Crossing a piece takes a position out of, or into, exactly the areas whose border it is. So where
all pieces near a position divide the same areas, what lies beyond them is known without an overlay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import shapely

from geo.metric import Floats, line_tree, metres_per_degree_at

Ints = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Spots:
    """Positions with their metric planes: degrees, and metres in a degree at each of them."""

    lons: Floats
    lats: Floats
    east: Floats
    north: Floats

    @classmethod
    def at(cls, lons: Floats, lats: Floats) -> Spots:
        """The planes around these positions (WGS84 degrees)."""
        return cls(lons, lats, *metres_per_degree_at(lats))

    def __len__(self) -> int:
        return len(self.lons)

    def among(self, rows: npt.NDArray[np.bool_] | Ints) -> Spots:
        """Some of them."""
        return Spots(self.lons[rows], self.lats[rows], self.east[rows], self.north[rows])

    def boxes(self, reach_m: Floats) -> npt.NDArray[np.object_]:
        """The boxes in degrees that just hold the circles of these radii."""
        wide, high = reach_m / self.east, reach_m / self.north
        boxes: npt.NDArray[np.object_] = shapely.box(
            self.lons - wide, self.lats - high, self.lons + wide, self.lats + high
        )
        return boxes

    def to_pieces(self, ends: Floats) -> tuple[Floats, Floats]:
        """Metres from each position to its own piece, and how far along it (0 to 1) that is."""
        return to_segments(
            (ends[:, 0] - self.lons) * self.east,
            (ends[:, 1] - self.lats) * self.north,
            (ends[:, 2] - self.lons) * self.east,
            (ends[:, 3] - self.lats) * self.north,
        )


def to_segments(x1: Floats, y1: Floats, x2: Floats, y2: Floats) -> tuple[Floats, Floats]:
    """`geo.metric.to_segment` for many: the same operations in the same order."""
    dx, dy = x2 - x1, y2 - y1
    square = dx * dx + dy * dy
    along = -(x1 * dx + y1 * dy) / np.where(square == 0.0, 1.0, square)
    along = np.clip(np.where(square == 0.0, 0.0, along), 0.0, 1.0)
    return np.hypot(x1 + along * dx, y1 + along * dy), along


class DividingPieces:
    """All border pieces of some areas, each once, with the key of the areas that it divides.

    The key of a set of areas is the exclusive or of `area_keys`, so crossing a piece turns the
    key of what covers a position into that of what covers the other side. `areas` has the areas
    of each key in `divides`.
    """

    def __init__(self, shapes: npt.NDArray[np.object_], area_keys: Keys) -> None:
        parts, shape_of = shapely.get_parts(shapely.boundary(shapes), return_index=True)
        coordinates, line = shapely.get_coordinates(parts, return_index=True)
        joined = line[1:] == line[:-1]
        ends = np.hstack([coordinates[:-1][joined], coordinates[1:][joined]])
        owner = shape_of[line[:-1][joined]] if len(line) else np.zeros(0, dtype=np.int64)
        swap = (ends[:, 0] > ends[:, 2]) | ((ends[:, 0] == ends[:, 2]) & (ends[:, 1] > ends[:, 3]))
        ends[swap] = ends[swap][:, [2, 3, 0, 1]]
        self.ends: Floats
        self.ends, piece = np.unique(ends, axis=0, return_inverse=True)
        self.divides: Keys = np.zeros(len(self.ends), dtype=np.uint64)
        piece = piece.reshape(-1)
        np.bitwise_xor.at(self.divides, piece, area_keys[owner])
        self.areas: Mapping[int, frozenset[int]] = _areas(self.divides, piece, owner)

    @cached_property
    def tree(self) -> shapely.STRtree:
        """A tree of the pieces in degrees."""
        return line_tree(self.ends)

    def within(self, spots: Spots, reach_m: Floats) -> tuple[Ints, Ints, Floats]:
        """Pairs of position and piece that are at most `reach_m` apart, and their metres.

        In order of positions.
        """
        position, piece = self.tree.query(spots.boxes(reach_m))
        metres, _ = spots.among(position).to_pieces(self.ends[piece])
        held = metres <= reach_m[position]
        return position[held], piece[held], metres[held]


def _areas(divides: Keys, piece: Ints, owner: Ints) -> Mapping[int, frozenset[int]]:
    """The areas that each kind of piece divides, looked up at one piece of the kind."""
    kinds, shown = np.unique(divides, return_index=True)
    areas: dict[int, frozenset[int]] = {}
    order = np.argsort(piece, kind="stable")
    begins = np.searchsorted(piece[order], np.arange(len(divides) + 1))
    for kind, at in zip(kinds.tolist(), shown.tolist(), strict=True):
        held: frozenset[int] = frozenset()
        for one in owner[order[begins[at] : begins[at + 1]]].tolist():
            held ^= {one}  # an area on both sides of a piece is not left by crossing it
        areas[kind] = held
    return areas
