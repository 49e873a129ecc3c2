"""The schematic district's editions: every layer in every state it was in since 2004."""

from __future__ import annotations

from datetime import date
from functools import cache

import geopandas as gpd

from geo.demo.areas import (
    community_editions,
    district_editions,
    editions_of,
    street_editions,
)
from geo.demo.outline import DAPENG_LEFT, DRAWN_FROM, PINGSHAN_LEFT
from geo.demo.roads import segments
from geo.demo.zones import VENDOR_AREAS_FROM, zones
from geo.editions import CRS, Edition, Kind


@cache
def editions() -> tuple[Edition, ...]:
    """All editions, named `schematic-` and the year they begin in; of a kind, never two at once."""
    return (
        *street_editions(),
        *district_editions(),
        *community_editions(),
        *editions_of(Kind.ROAD, (DRAWN_FROM, PINGSHAN_LEFT, DAPENG_LEFT), _roads),
        *editions_of(
            Kind.ZONE, (DRAWN_FROM, PINGSHAN_LEFT, DAPENG_LEFT, VENDOR_AREAS_FROM), _zones
        ),
    )


def _roads(day: date) -> gpd.GeoDataFrame:
    """The segments on ground that was the district's on the day; a line stands for both ways."""
    there = [segment for segment in segments() if segment.left is None or day < segment.left]
    columns = ("code", "name", "ref", "road_class", "legal_class", "from_m", "to_m", "handed_over")
    frame = {column: [getattr(segment, column) for segment in there] for column in columns}
    frame["oneway"] = [False] * len(there)
    return gpd.GeoDataFrame(frame, geometry=[segment.line for segment in there], crs=CRS)


def _zones(day: date) -> gpd.GeoDataFrame:
    there = [
        zone
        for zone in zones()
        if zone.valid_from <= day and (zone.ceases_on is None or day < zone.ceases_on)
    ]
    columns = ("code", "name", "zone", "grade")
    frame = {column: [getattr(zone, column) for zone in there] for column in columns}
    return gpd.GeoDataFrame(frame, geometry=[zone.shape for zone in there], crs=CRS)
