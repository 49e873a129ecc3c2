"""The roads that many positions may be on: `RoadIndex.near` asked once for all that are alike.

Positions are alike when they have the same carriageways in the same order, on the same sides, with
the same owners, within what their accuracy cannot tell apart. Where a measure is too close to a
limit for two ways of computing to agree on it, the position is asked alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from geo.bulk_borders import Ints, Keys, Spots
from geo.metric import Floats, Plane
from geo.places import RoadHit
from geo.roads import RoadIndex
from geo.segments import EXPRESSWAY_REACH_M

Bools = npt.NDArray[np.bool_]
Hits = tuple[RoadHit | None, ...]

_SAME_M: Final = 1e-6
_REMEMBERED: Final = 50_000
_NOWHERE: Final = np.uint64(0x5EA)
_BEYOND: Final = np.uint64(0xB0D)


class ManyOnRoads:
    """The carriageways of a day with their owners, for many positions."""

    def __init__(self, index: RoadIndex) -> None:
        self._index = index
        lines = index.lines
        pieces = np.array(lines.pieces, dtype=np.float64).reshape(-1, 8)
        self._ends: Floats = pieces[:, :4]
        self._row: Ints = pieces[:, 4].astype(np.int64)
        self._start: Floats = pieces[:, 5]
        self._length: Floats = pieces[:, 6]
        self._reach: Floats = pieces[:, 7]
        self._changes = _changes(index)
        self._known: dict[int, Hits] = {}

    def hits(self, spots: Spots, accuracy_m: Floats) -> tuple[Ints, list[Hits]]:
        """For each position the number of its roads in the list that comes second.

        The roads are those of `RoadIndex.near`, without the stake and the distance, which are each
        position's own.
        """
        keys, alone = self._keys(spots, accuracy_m)
        alike = np.flatnonzero(~alone)
        distinct, first, of = np.unique(keys[alike], return_index=True, return_inverse=True)
        number = np.empty(len(spots), dtype=np.int64)
        number[alike] = of.reshape(-1)
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        told: list[Hits] = []
        for key, at in zip(distinct.tolist(), alike[first].tolist(), strict=True):
            hits = self._known.get(key)
            if hits is None:
                hits = self._known[key] = self._near(spots, accuracy_m, at)
            told.append(hits)
        for at in np.flatnonzero(alone).tolist():
            number[at] = len(told)
            told.append(self._near(spots, accuracy_m, at))
        return number, told

    def _near(self, spots: Spots, accuracy_m: Floats, at: int) -> Hits:
        plane = Plane.at(float(spots.lons[at]), float(spots.lats[at]))
        accuracy = float(accuracy_m[at])
        box = plane.box(accuracy + EXPRESSWAY_REACH_M)
        return tuple(
            None if hit is None else replace(hit, stake=None, distance_m=0.0)
            for hit in self._index.near(box, plane, accuracy)
        )

    def _keys(self, spots: Spots, accuracy_m: Floats) -> tuple[Keys, Bools]:
        """What makes positions alike, as one number each; and those that must be asked alone."""
        keys: Keys = np.full(len(spots), _NOWHERE, dtype=np.uint64)
        alone = np.zeros(len(spots), dtype=bool)
        position, piece = self._index.lines.tree.query(
            spots.boxes(accuracy_m + EXPRESSWAY_REACH_M + _SAME_M)
        )
        near = spots.among(position)
        metres, part = near.to_pieces(self._ends[piece])
        limit = self._reach[piece] + accuracy_m[position]
        _mark(alone, position, np.abs(metres - limit) < _SAME_M)
        held = metres <= limit
        position, piece, metres, part = position[held], piece[held], metres[held], part[held]
        if not len(position):
            return keys, alone
        cross = _cross(near.among(held), self._ends[piece])
        side = (np.sign(cross) + 1).astype(np.int64)
        row = self._row[piece]
        # The nearest piece of each segment; where another one is as near, the sides must agree
        order = np.lexsort((metres, row, position))
        position, row, metres = position[order], row[order], metres[order]
        side, along = side[order], (self._start[piece] + part * self._length[piece])[order]
        first = np.append([True], (np.diff(position) != 0) | (np.diff(row) != 0))
        best = np.flatnonzero(first)[np.cumsum(first) - 1]
        tied = (metres - metres[best] < _SAME_M) & (side != side[best])
        _mark(alone, position, tied)
        position, row, metres = position[first], row[first], metres[first]
        side, along = side[first], along[first]
        # The segments of each position, nearest first
        order = np.lexsort((row, metres, position))
        position, row, metres = position[order], row[order], metres[order]
        side, along = side[order], along[order]
        first = np.append([True], np.diff(position) != 0)
        nearest = np.flatnonzero(first)[np.cumsum(first) - 1]
        behind = metres - metres[nearest] - 2 * accuracy_m[position]
        reach = self._reach_of(row)
        _mark(alone, position, np.abs(behind) < _SAME_M, unless=first)
        _mark(alone, position, np.append([False], np.diff(metres) < _SAME_M), unless=first)
        _mark(alone, position, first & (np.abs(metres - reach) < _SAME_M))
        counted = (behind <= 0) | first
        beyond = (metres > reach)[nearest]
        rank = np.arange(len(position)) - nearest
        interval, unsure = self._intervals(row, along)
        _mark(alone, position, unsure & counted)
        told = (row * 3 + side).astype(np.uint64) + (interval.astype(np.uint64) << np.uint64(32))
        mixed = _mixed(told + _mixed(rank.astype(np.uint64)))
        mixed[~counted] = 0
        starts = np.flatnonzero(first)
        sums = np.add.reduceat(mixed, starts)
        keys[position[starts]] = np.where(beyond[starts], sums ^ _BEYOND, sums)
        return keys, alone

    def _reach_of(self, row: Ints) -> Floats:
        reach = np.zeros(len(self._index.lines.segments))
        reach[self._row] = self._reach
        return reach[row]

    def _intervals(self, row: Ints, along: Floats) -> tuple[Ints, Bools]:
        """Between which changes of owners each position on its segment lies."""
        interval = np.zeros(len(row), dtype=np.int64)
        unsure = np.zeros(len(row), dtype=bool)
        if not self._changes:
            return interval, unsure
        staked = np.isin(row, np.fromiter(self._changes, dtype=np.int64))
        for one in np.unique(row[staked]).tolist():
            at = np.flatnonzero(row == one)
            changes = self._changes[one]
            interval[at] = np.searchsorted(changes, along[at], side="right")
            unsure[at] = (np.abs(along[at, None] - changes) < 1e3 * _SAME_M).any(axis=1)
        return interval, unsure


def _changes(index: RoadIndex) -> dict[int, Floats]:
    """Per segment with owners of parts of it: how far along it they change, ascending."""
    changes: dict[int, Floats] = {}
    for row, stretches in index.stretches.items():
        segment = index.lines.segments[row]
        from_m, to_m = segment.from_m, segment.to_m
        if from_m is None or to_m is None or from_m == to_m:
            continue
        stakes = [
            stake for one in stretches for stake in (one.from_m, one.to_m) if stake is not None
        ]
        along = {segment.length_m * (stake - from_m) / (to_m - from_m) for stake in stakes}
        if along:
            changes[row] = np.array(sorted(a for a in along if np.isfinite(a)))
    return changes


def _cross(spots: Spots, ends: Floats) -> Floats:
    """Positive to the left of the direction of drawing; the operations of `RoadLines.near`."""
    lon1, lat1, lon2, lat2 = ends.T
    cross: Floats = (lon1 - spots.lons) * (lat2 - spots.lats) - (lon2 - spots.lons) * (
        lat1 - spots.lats
    )
    return cross


def _mark(marked: Bools, position: Ints, which: Bools, *, unless: Bools | None = None) -> None:
    marked[position[which if unless is None else which & ~unless]] = True


def _mixed(numbers: Keys) -> Keys:
    """Numbers whose sums tell apart what they are sums of (splitmix64)."""
    mixed = numbers + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
