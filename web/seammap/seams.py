"""What the map of the seams shows, as plain values: each seam with its place, grouped by kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from enforcement.district import District
from enforcement.seams_of_map import functions_of
from geo.editions import Edition
from geo.map_check import PARTITIONS, MapFaults, faults_on, layer_of
from geo.road_check import RoadFinding, RoadFlaw
from geo.roads import RoadIndex
from geo.topology import Finding, Flaw, Side, differences

ORDER: Final = (
    Flaw.HOLE,
    Flaw.OVERLAP,
    RoadFlaw.CONTESTED,
    RoadFlaw.UNOWNED,
    Flaw.DIFFERENCE,
    RoadFlaw.STAKE_HOLE,
    RoadFlaw.STAKE_OVERLAP,
    RoadFlaw.CHAIN_BREAK,
    RoadFlaw.UNMATCHED,
    Flaw.SLIVER,
    Flaw.OUTSIDE,
    Flaw.INVALID,
    RoadFlaw.SHARED,
)
"""The kinds as the list has them: first what leaves somebody without a unit, or with two."""


@dataclass(frozen=True, slots=True)
class Seam:
    """One entry of the list: its kind, how large, who is on its sides, where.

    `area_m2` is of ground, `length_m` of road. `road` is the road's number or name, empty for one
    without; then `road_class` says what kind of road it is. `shape` and `spot` (lon, lat) are None
    for what is nowhere on the map.
    """

    kind: Flaw | RoadFlaw
    area_m2: float = 0.0
    length_m: float = 0.0
    sides: tuple[Side, ...] = ()
    road: str = ""
    road_class: str = ""
    segments: tuple[str, ...] = ()
    function: str = ""
    owners: tuple[str, ...] = ()
    stakes: tuple[str, ...] = ()
    along: tuple[str, ...] = ()
    reason: str = ""
    shape: BaseGeometry | None = None
    spot: tuple[float, float] | None = None

    @property
    def size(self) -> float:
        """By which seams of one kind are ordered."""
        return self.area_m2 or self.length_m

    @property
    def is_known(self) -> bool:
        """Whether it is only told, and no seam."""
        return self.kind is RoadFlaw.SHARED


def comparable(district: District, day: date) -> tuple[Edition, ...]:
    """The editions of areas that one in force on the day can be compared with."""
    in_force = {edition for edition, _ in district.atlas.in_force(day)}
    kinds = {edition.kind for edition in in_force} & PARTITIONS
    return tuple(
        one for one in district.atlas.editions if one.kind in kinds and one not in in_force
    )


def faults_of(district: District, day: date, against: Edition | None) -> MapFaults:
    """The faults of the map of a day, with what differs from another edition of one kind."""
    metric = district.settings.crs_metric
    found = faults_on(district.atlas, day, metric, functions_of(district))
    if against is None:
        return found
    other = layer_of(against, metric)
    differ = [
        one
        for edition, _ in district.atlas.in_force(day)
        if edition.kind is against.kind
        for one in differences(layer_of(edition, metric), other)
    ]
    return MapFaults((*found.areas, *differ), found.roads)


def seams_of(faults: MapFaults, roads: RoadIndex | None) -> tuple[Seam, ...]:
    """The faults as entries of the list, by kind, the largest first.

    Segments of one road that lack the same are one entry, and so are all that an owner is
    registered for and the layer does not have.
    """
    found = [*_of_areas(faults.areas), *_of_roads(faults.roads, roads)]
    return tuple(sorted(found, key=lambda one: (ORDER.index(one.kind), -one.size, one.road)))


def by_kind(seams: Iterable[Seam]) -> Iterator[tuple[Flaw | RoadFlaw, list[Seam]]]:
    """The seams of each kind, in the order of the list."""
    grouped: dict[Flaw | RoadFlaw, list[Seam]] = defaultdict(list)
    for one in seams:
        grouped[one.kind].append(one)
    yield from grouped.items()


def _of_areas(findings: Iterable[Finding]) -> Iterator[Seam]:
    outside: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for one in findings:
        if one.flaw is Flaw.OUTSIDE and one.area_m2 == 0:
            (side,) = one.sides
            outside[side.name, side.source].append(one)
            continue
        placed = not one.shape.is_empty
        yield Seam(
            one.flaw,
            area_m2=one.area_m2,
            sides=one.sides,
            reason=one.reason,
            shape=one.shape if placed else None,
            spot=(one.lon, one.lat) if placed else None,
        )
    # Roads have no area: all pieces of one road are one entry
    for (name, source), some in outside.items():
        yield Seam(
            Flaw.OUTSIDE,
            sides=(Side("", name, source),),
            segments=tuple(side.code for one in some for side in one.sides),
            shape=shapely.union_all([one.shape for one in some]),
            spot=(some[0].lon, some[0].lat),
        )


def _of_roads(findings: Iterable[RoadFinding], roads: RoadIndex | None) -> Iterator[Seam]:
    grouped: dict[tuple[object, ...], list[RoadFinding]] = defaultdict(list)
    for one in findings:
        name, road_class = _named(one, roads)
        owned = one.flaw in (RoadFlaw.UNOWNED, RoadFlaw.CONTESTED)
        listed = owned or one.flaw is RoadFlaw.UNMATCHED
        alone = () if listed else (one.segments, one.stakes)
        key = (one.flaw, one.function, one.owners, name, "" if name else road_class, alone)
        grouped[key].append(one)
    for some in grouped.values():
        name, road_class = _named(some[0], roads)
        shapes = [one.shape for one in some if one.shape is not None]
        shape = shapely.union_all(shapes) if shapes else None
        spot = None if shape is None else _middle(shape)
        yield Seam(
            some[0].flaw,
            length_m=round(sum(one.length_m for one in some), 1),
            road=name,
            road_class=road_class,
            segments=tuple(code for one in some for code in one.segments),
            function=some[0].function,
            owners=some[0].owners,
            stakes=tuple(dict.fromkeys(some[0].stakes or ())),
            along=some[0].along,
            shape=shape,
            spot=None if spot is None else (round(spot.x, 6), round(spot.y, 6)),
        )


def _middle(shape: BaseGeometry) -> shapely.Point:
    """A position on the lines: half way along where they are one."""
    if isinstance(shape, shapely.LineString):
        return shape.interpolate(0.5, normalized=True)
    return shape.representative_point()


def _named(one: RoadFinding, roads: RoadIndex | None) -> tuple[str, str]:
    """The number or name of the road, and its class."""
    rows = [] if roads is None else [roads.lines.by_code.get(code) for code in one.segments]
    row = next((row for row in rows if row is not None), None)
    if roads is None or row is None:
        return one.ref, "unknown"
    segment = roads.lines.segments[row]
    name = " ".join(dict.fromkeys(part for part in (segment.ref, segment.name) if part))
    return name, segment.road_class
