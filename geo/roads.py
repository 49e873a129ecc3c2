"""Carriageways: which is nearest to a position, at which stake and on which side; and back.

`RoadLines` holds the lines of one edition. `RoadIndex` adds who owns them on a day. Two
carriageways whose distances differ by at most twice the accuracy cannot be told apart, and both are
given; so is "on no road" where the position itself lies beyond the tolerance.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
import shapely

from geo.editions import Edition
from geo.errors import NoSuchStake
from geo.metric import Plane, lengths_m, line_tree
from geo.owners import Stretch, joined_to, owners_at
from geo.places import Owners, RoadHit
from geo.points import Point
from geo.register import RegisterEntry
from geo.segments import EXPRESSWAY_REACH_M, Segment, segment_of
from geo.stakes import Stake

__all__ = ["EXPRESSWAY_REACH_M", "Near", "RoadIndex", "RoadLines", "RoadPiece", "nearest"]


RoadPiece = tuple[float, float, float, float, int, float, float, float]
"""Two ends in degrees, the row of the segment, metres to its begin, its length, its reach."""


class Near(NamedTuple):
    """A segment near a position: how far from it, how far along it, and on which side.

    `cross` is positive where the position lies to the left of the direction of drawing.
    """

    distance_m: float
    row: int
    along_m: float
    cross: float


def nearest(pieces: Iterable[RoadPiece], plane: Plane, accuracy_m: float) -> list[Near]:
    """The segments of the pieces within their reach plus the accuracy, nearest first (then by row).

    Where two pieces of a segment are as near, the first of them counts.
    """
    best: dict[int, Near] = {}
    for lon1, lat1, lon2, lat2, row, start, length, reach in pieces:
        distance, part = plane.to_piece(lon1, lat1, lon2, lat2)
        if distance > reach + accuracy_m:
            continue
        known = best.get(row)
        if known is None or distance < known.distance_m:
            cross = (lon1 - plane.lon) * (lat2 - plane.lat) - (lon2 - plane.lon) * (
                lat1 - plane.lat
            )
            best[row] = Near(distance, row, start + part * length, cross)
    return sorted(best.values())


class RoadLines:
    """The carriageways of one edition. Read-only once made, so threads may share it."""

    def __init__(self, edition: Edition) -> None:
        frame = edition.frame
        coordinates, line = shapely.get_coordinates(
            np.asarray(frame.geometry.values), return_index=True
        )
        joined = line[1:] == line[:-1]
        ends = np.hstack([coordinates[:-1][joined], coordinates[1:][joined]])
        rows = line[:-1][joined]
        lengths = lengths_m(ends)
        totals = np.bincount(rows, weights=lengths, minlength=len(frame))
        ran = np.concatenate([[0.0], np.cumsum(lengths)[:-1]])
        first = np.searchsorted(rows, np.arange(len(frame)))
        starts = ran - ran[first][rows]
        self.segments: tuple[Segment, ...] = tuple(
            segment_of(values, total)
            for values, total in zip(
                frame.drop(columns="geometry").to_dict("records"), totals.tolist(), strict=True
            )
        )
        self.pieces: list[RoadPiece] = [
            (*four, row, start, length, self.segments[row].reach_m)
            for four, row, start, length in zip(
                ends.tolist(), rows.tolist(), starts.tolist(), lengths.tolist(), strict=True
            )
        ]
        self._first: list[int] = [*first.tolist(), len(rows)]
        self._starts: list[float] = starts.tolist()
        self.tree = line_tree(ends)
        self.by_ref: Mapping[str, tuple[int, ...]] = _grouped(self.segments)
        self.by_code: Mapping[str, int] = {s.code: row for row, s in enumerate(self.segments)}

    def near(self, box: shapely.Polygon, plane: Plane, accuracy_m: float) -> list[Near]:
        """The segments within their reach plus the accuracy, nearest first (then by code).

        `box` is the plane's box of at least the widest reach plus the accuracy.
        """
        return nearest(
            map(self.pieces.__getitem__, self.tree.query(box).tolist()), plane, accuracy_m
        )

    def at(self, row: int, along_m: float) -> Point:
        """The position on a segment at a distance from its first vertex."""
        first, beyond = self._first[row], self._first[row + 1]
        number = bisect_right(self._starts, along_m, first, beyond) - 1
        lon1, lat1, lon2, lat2, _, start, length, _ = self.pieces[max(first, number)]
        part = min(1.0, (along_m - start) / length) if length else 0.0
        return Point(lon=lon1 + part * (lon2 - lon1), lat=lat1 + part * (lat2 - lat1))

    def line(self, row: int, from_m: float = 0.0, to_m: float | None = None) -> shapely.LineString:
        """A segment, or the part of it between two distances from its first vertex, in WGS84."""
        first, beyond = self._first[row], self._first[row + 1]
        ends_m = self.segments[row].length_m if to_m is None else to_m
        vertices = [
            (piece[0], piece[1])
            for piece in self.pieces[first:beyond]
            if from_m < piece[5] < ends_m
        ]
        begins, ends = self.at(row, from_m), self.at(row, ends_m)
        return shapely.LineString([(begins.lon, begins.lat), *vertices, (ends.lon, ends.lat)])

    def at_stake(self, ref: str, stake: Stake, direction: str | None) -> list[tuple[int, float]]:
        """The segments that have the stake, with the distance along each; sorted by code.

        Where one segment ends and the next begins, the stake belongs to the one that begins.
        Raises NoSuchStake when the road or the stake is not in the layer.
        """
        on_road = self.by_ref.get(ref.strip().upper(), ())
        if not on_road:
            known = ", ".join(sorted(self.by_ref)) or "-"
            raise NoSuchStake(
                field="road",
                zh=f"当日路网中没有编号为“{ref}”的道路；有：{known}",
                en=f'no road "{ref}" in the layer in force on that day; there are: {known}',
            )
        fitting = [
            row
            for row in on_road
            if self.segments[row].series == stake.series
            and self.segments[row].has(stake.metres)
            and (direction is None or self.segments[row].direction in (None, direction))
        ]
        if not fitting:
            spans = self._spans(on_road, direction)
            raise NoSuchStake(
                field="stake",
                zh=f"{ref} 上没有桩号 {stake}（方向 {direction or '不限'}）；有：{spans}",
                en=f"{ref} has no stake {stake} (direction {direction or 'any'}); it has: {spans}",
            )
        begun = {
            self.segments[row].direction
            for row in fitting
            if self._begins_at(row) <= stake.metres and stake.metres < self._ends_at(row)
        }
        return [
            (row, self._along(row, stake.metres))
            for row in fitting
            if stake.metres < self._ends_at(row) or self.segments[row].direction not in begun
        ]

    def _begins_at(self, row: int) -> float:
        segment = self.segments[row]
        return min(segment.from_m or 0.0, segment.to_m or 0.0)

    def _ends_at(self, row: int) -> float:
        segment = self.segments[row]
        return max(segment.from_m or 0.0, segment.to_m or 0.0)

    def _along(self, row: int, metres: float) -> float:
        segment = self.segments[row]
        from_m, to_m = segment.from_m or 0.0, segment.to_m or 0.0
        return segment.length_m * (metres - from_m) / (to_m - from_m) if to_m != from_m else 0.0

    def _spans(self, rows: Iterable[int], direction: str | None) -> str:
        """The stretches of stakes that there are, joined where they meet, in words."""
        stretches: dict[tuple[str, str], list[list[float]]] = defaultdict(list)
        for row in sorted(rows, key=self._begins_at):
            segment = self.segments[row]
            if segment.from_m is None or segment.to_m is None:
                continue
            if direction is not None and segment.direction not in (None, direction):
                continue
            known = stretches[segment.series, segment.direction or ""]
            if known and self._begins_at(row) <= known[-1][1]:
                known[-1][1] = max(known[-1][1], self._ends_at(row))
            else:
                known.append([self._begins_at(row), self._ends_at(row)])
        said = [
            f"{Stake(series, begins)}–{Stake(series, ends)}{f' {way}' if way else ''}"
            for (series, way), known in sorted(stretches.items())
            for begins, ends in known
        ]
        return ", ".join(said) or "-"


class RoadIndex:
    """The carriageways with their owners on some days. Read-only once made."""

    def __init__(self, lines: RoadLines, entries: Iterable[RegisterEntry]) -> None:
        self.lines = lines
        self.stretches: Mapping[int, tuple[Stretch, ...]] = joined_to(
            lines.segments, lines.by_code, lines.by_ref, entries
        )
        self._whole: list[Owners | None] = [
            owners_at(self.stretches.get(row, ()), None)
            if all(s.from_m is None for s in self.stretches.get(row, ()))
            else None
            for row in range(len(lines.segments))
        ]

    def near(
        self, box: shapely.Polygon, plane: Plane, accuracy_m: float
    ) -> tuple[RoadHit | None, ...]:
        """The roads that the position may be on, nearest first; (None,) when on none.

        None among others means that it may as well be on no road: the position itself lies beyond
        the reach of the nearest one, and only its accuracy brings it within.
        """
        return self.told(self.lines.near(box, plane, accuracy_m), accuracy_m)

    def told(self, found: list[Near], accuracy_m: float) -> tuple[RoadHit | None, ...]:
        """The roads that segments near the position, nearest first, leave possible."""
        if not found:
            return (None,)
        nearest = found[0]
        beyond = nearest.distance_m > self.lines.segments[nearest.row].reach_m
        if len(found) == 1 and not beyond:
            return (self.hit(nearest),)
        hits: dict[tuple[object, ...], RoadHit] = {}
        for near in found:
            if near.distance_m - nearest.distance_m > 2 * accuracy_m:
                break
            hit = self.hit(near)
            # Consecutive segments of one road that say the same are no question to anyone
            hits.setdefault(_says(hit), hit)
        if beyond:
            return (None, *hits.values())
        return tuple(hits.values())

    def hit(self, near: Near) -> RoadHit:
        """The answer for a segment near a position."""
        segment = self.lines.segments[near.row]
        metres = segment.metres_at(near.along_m)
        side = None
        if near.cross:
            falling = metres is not None and (segment.to_m or 0.0) < (segment.from_m or 0.0)
            side = "left" if bool(near.cross > 0) is not falling else "right"
        return RoadHit(
            segment=segment.code,
            ref=segment.ref,
            name=segment.name,
            road_class=segment.road_class,
            legal_class=segment.legal_class,
            handed_over=segment.handed_over,
            stake=None if metres is None else str(Stake(segment.series, metres)),
            direction=segment.direction,
            side=side,
            distance_m=round(near.distance_m, 3),
            owners=self.owners(near.row, metres),
        )

    def owners(self, row: int, metres: float | None) -> Owners:
        """The owners of each function of a segment, at a stake where that matters."""
        whole = self._whole[row]
        return whole if whole is not None else owners_at(self.stretches[row], metres)


def _says(hit: RoadHit) -> tuple[object, ...]:
    """What a hit says of its road, apart from where on it the position is."""
    return (
        hit.ref,
        hit.name,
        hit.road_class,
        hit.legal_class,
        hit.handed_over,
        hit.direction,
        hit.owners,
    )


def _grouped(segments: Iterable[Segment]) -> Mapping[str, tuple[int, ...]]:
    grouped: dict[str, list[int]] = defaultdict(list)
    for row, segment in enumerate(segments):
        if segment.ref:
            grouped[segment.ref.upper()].append(row)
    return {ref: tuple(rows) for ref, rows in grouped.items()}
