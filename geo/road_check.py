"""The seams of the road network: functions without an owner or with two, stakes out of order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from geo.kilometres import owned_parts
from geo.metric import Plane, distance_m
from geo.register import RegisterEntry
from geo.roads import RoadIndex, RoadLines
from geo.stakes import Stake

MEETS_M: Final = 1.0
"""Stakes are written in whole metres: two that differ by less are the same."""
NEAR_M: Final = 20.0
"""A road that runs so near to both ends of a broken chain is what the other one runs along."""
CHAIN_M: Final = 50.0
"""Where one segment ends at a stake and the next begins, their ends lie at most so far apart."""


class RoadFlaw(StrEnum):
    """What is wrong with a road. `SHARED` is a chain that runs along another road: no seam."""

    UNOWNED = "unowned"
    CONTESTED = "contested"
    STAKE_HOLE = "stake_hole"
    STAKE_OVERLAP = "stake_overlap"
    CHAIN_BREAK = "chain_break"
    SHARED = "shared"
    UNMATCHED = "unmatched"


@dataclass(frozen=True, slots=True)
class RoadFinding:
    """One seam of a road: on which segments, how many metres of it, between which stakes.

    `function` and `owners` are those of the register; of an entry that matches no segment
    (`unmatched`) the length is 0 and there is no `shape`. Else `shape` is where on the map (WGS84):
    the stretch itself, or the straight line over a hole or a break. `along` are the roads that run
    by both ends of a broken chain: it shares their carriageway there, and its own stakes pause.
    """

    flaw: RoadFlaw
    ref: str
    segments: tuple[str, ...]
    length_m: float
    function: str = ""
    owners: tuple[str, ...] = ()
    stakes: tuple[str, str] | None = None
    shape: BaseGeometry | None = None
    along: tuple[str, ...] = ()


def road_faults(
    roads: RoadIndex,
    entries: Iterable[RegisterEntry],
    functions: Sequence[str] = ("maintain",),
) -> tuple[RoadFinding, ...]:
    """All seams of a road layer with the register's entries in force; in order of what and where.

    `functions` are those that every road needs an owner for. None may have two of any.
    """
    given = list(entries)
    found = [
        *_ownership(roads, functions),
        *_stakes(roads.lines),
        *_unmatched(roads.lines, given),
    ]
    order = list(RoadFlaw)
    return tuple(
        sorted(found, key=lambda one: (order.index(one.flaw), one.function, one.ref, one.segments))
    )


def _ownership(roads: RoadIndex, functions: Sequence[str]) -> Iterator[RoadFinding]:
    for row, segment in enumerate(roads.lines.segments):
        stretches = roads.stretches.get(row, ())
        for function in sorted({*functions, *(s.function for s in stretches)}):
            parts: dict[tuple[str, ...], list[tuple[float, float]]] = defaultdict(list)
            for owners, begins, ends in owned_parts(
                segment, [s for s in stretches if s.function == function]
            ):
                if len(owners) > 1 or (not owners and function in functions):
                    parts[owners].append((begins, ends))
            for owners, metres in parts.items():
                yield RoadFinding(
                    RoadFlaw.CONTESTED if owners else RoadFlaw.UNOWNED,
                    segment.ref,
                    (segment.code,),
                    round(sum(ends - begins for begins, ends in metres), 1),
                    function,
                    owners,
                    shape=shapely.union_all([roads.lines.line(row, *part) for part in metres]),
                )


def _stakes(lines: RoadLines) -> Iterator[RoadFinding]:
    """Where the stakes of a carriageway, in their order, leave some out or come twice."""
    chains: dict[tuple[str, str, str | None], list[tuple[float, float, int]]] = defaultdict(list)
    for row, segment in enumerate(lines.segments):
        if segment.ref and segment.from_m is not None and segment.to_m is not None:
            begins, ends = sorted((segment.from_m, segment.to_m))
            chains[segment.ref, segment.series, segment.direction].append((begins, ends, row))
    for (ref, series, _), chain in chains.items():
        reached, *rest = sorted(chain)
        for after in rest:
            rows = (reached[2], after[2])
            codes = tuple(lines.segments[at].code for at in rows)
            low, high = sorted((min(reached[1], after[1]), after[0]))
            stakes = (str(Stake(series, low)), str(Stake(series, high)))
            gap = _gap(lines, *rows)
            if high - low > MEETS_M:
                hole = after[0] > reached[1]
                yield RoadFinding(
                    RoadFlaw.STAKE_HOLE if hole else RoadFlaw.STAKE_OVERLAP,
                    ref,
                    codes,
                    round(high - low, 1),
                    stakes=stakes,
                    shape=gap if hole else _between(lines, rows, low, high),
                )
            elif (gap_m := _length_m(gap)) > CHAIN_M:
                stake = str(Stake(series, after[0]))
                along = _along(lines, gap, ref)
                yield RoadFinding(
                    RoadFlaw.SHARED if along else RoadFlaw.CHAIN_BREAK,
                    ref,
                    codes,
                    round(gap_m, 1),
                    stakes=(stake, stake),
                    shape=gap,
                    along=along,
                )
            reached = max(reached, after, key=lambda one: one[1])


def _between(lines: RoadLines, rows: Iterable[int], low: float, high: float) -> BaseGeometry:
    """The parts of the segments between two stakes in metres that each of them has."""
    parts = []
    for row in rows:
        segment = lines.segments[row]
        from_m, to_m = segment.from_m or 0.0, segment.to_m or 0.0
        per_stake = segment.length_m / (to_m - from_m)
        parts.append(lines.line(row, *sorted((at - from_m) * per_stake for at in (low, high))))
    return shapely.union_all(parts)


def _gap(lines: RoadLines, one: int, after: int) -> shapely.LineString:
    """From where the stakes of one segment end straight to where those of the next begin."""

    def end(row: int, *, last: bool) -> tuple[float, float]:
        segment = lines.segments[row]
        rising = (segment.to_m or 0.0) > (segment.from_m or 0.0)
        point = lines.at(row, segment.length_m if last is rising else 0.0)
        return point.lon, point.lat

    return shapely.LineString([end(one, last=True), end(after, last=False)])


def _along(lines: RoadLines, gap: shapely.LineString, ref: str) -> tuple[str, ...]:
    """The numbered roads that run by both ends of a gap."""
    by_end = []
    for lon, lat in gap.coords:
        plane = Plane.at(lon, lat)
        near = lines.near(plane.box(NEAR_M), plane, NEAR_M)
        by_end.append(
            {lines.segments[one.row].ref for one in near if one.distance_m <= NEAR_M} - {ref, ""}
        )
    return tuple(sorted(by_end[0] & by_end[1]))


def _length_m(line: shapely.LineString) -> float:
    (lon, lat), (to_lon, to_lat) = line.coords
    return distance_m(lon=lon, lat=lat, to_lon=to_lon, to_lat=to_lat)


def _unmatched(lines: RoadLines, entries: Iterable[RegisterEntry]) -> Iterator[RoadFinding]:
    """Entries that name a segment or a road that the layer does not have."""
    for entry in entries:
        known = entry.segment in lines.by_code if entry.segment else entry.ref in lines.by_ref
        if not known:
            stakes = None
            if entry.from_stake is not None and entry.to_stake is not None:
                stakes = (str(entry.from_stake), str(entry.to_stake))
            yield RoadFinding(
                RoadFlaw.UNMATCHED,
                entry.ref,
                (entry.segment,) if entry.segment else (),
                0.0,
                entry.function,
                (entry.owner,),
                stakes,
            )
