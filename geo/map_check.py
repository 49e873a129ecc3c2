"""What is wrong with the layers in force on a day, taken together: each with its own kind of check.

Areas that divide the ground may neither overlap nor leave any; zones may overlap; roads and zones
must touch the district; neighbouring districts divide the ground together with our own streets.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from geo.editions import Edition, Kind
from geo.layers import Atlas
from geo.road_check import RoadFinding, road_faults
from geo.topology import LEAST_M2, Finding, Layer, faults_in, faults_outside, joined

PARTITIONS: Final = frozenset({Kind.STREET, Kind.COMMUNITY, Kind.GRID, Kind.DISTRICT})
"""The kinds whose areas divide the ground."""


@dataclass(frozen=True, slots=True)
class MapFaults:
    """All faults of the map of one day: of areas, and of roads with their register."""

    areas: tuple[Finding, ...]
    roads: tuple[RoadFinding, ...]


def faults_on(
    atlas: Atlas, day: date, crs_metric: str, functions: Sequence[str] = ("maintain",)
) -> MapFaults:
    """The faults of the layers and the road register in force on a day.

    `functions` are those that every road needs an owner for.
    """
    index = atlas.on(day).roads
    entries = [one for one in atlas.register_entries if one.in_force(day)]
    editions = [edition for edition, _ in atlas.in_force(day)]
    return MapFaults(
        areas=area_faults(editions, crs_metric),
        roads=() if index is None else road_faults(index, entries, functions),
    )


def area_faults(
    editions: Iterable[Edition],
    crs_metric: str,
    *,
    least_m2: float = LEAST_M2,
    only: Kind | None = None,
) -> tuple[Finding, ...]:
    """The faults of editions that are in force together; of one kind `only` where it is given."""
    layers = [(edition.kind, layer_of(edition, crs_metric)) for edition in editions]
    streets = [layer for kind, layer in layers if kind is Kind.STREET]
    return tuple(
        fault
        for kind, layer in layers
        if only in (None, kind)
        for fault in _faults(kind, layer, streets, least_m2)
    )


def layer_of(edition: Edition, crs_metric: str) -> Layer:
    """The edition to be checked; its name is the source on the sides of what is found."""
    return Layer.of(edition.frame, crs_metric, source=f"{edition.kind}/{edition.name}")


def _faults(
    kind: Kind, layer: Layer, streets: Sequence[Layer], least_m2: float
) -> Iterable[Finding]:
    if kind is Kind.DISTRICT:
        own = {side for one in streets for side in one.sides}
        told = faults_in(joined([layer, *streets]), least_m2=least_m2)
        yield from (one for one in told if not own.issuperset(one.sides))
    elif kind is not Kind.ROAD:
        yield from faults_in(layer, least_m2=least_m2, partition=kind in PARTITIONS)
    if kind not in (Kind.STREET, Kind.DISTRICT):
        wholly = kind in (Kind.ROAD, Kind.ZONE)
        for one in streets:
            yield from faults_outside(layer, one, least_m2=least_m2, wholly=wholly)
