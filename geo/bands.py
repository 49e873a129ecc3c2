"""Zones as bands: so many metres outward from the highway land or from a school.

The widths are dated parameters, so one road layer becomes a zone edition for each interval in
which no width changes. A band begins at the outer edge of the highway land, which the road layer
does not have: it is taken to lie a given distance from the centre line. The zone includes the land
itself. Buffers are made in the district's projected system.

Not done here: where the widths come from (the rule catalogue's parameters).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import geopandas as gpd
import shapely

from geo.editions import CRS, Edition, Kind

EXPRESSWAY_BAND: Final = "expressway_band"
HIGHWAY_BAND: Final = "highway_band"
HIGHWAY_LAND: Final = "highway_land"
SCHOOL: Final = "school"
INSIDE: Final = "inside"

LAND_M: Final[Mapping[str, float]] = {
    "expressway": 20.0,
    "national": 15.0,
    "provincial": 12.0,
    "county": 8.0,
    "township": 5.0,
}
"""From the centre line to the outer edge of the highway land: assumed, unless a survey says."""
_CORNERS: Final = 8  # to a quarter of a circle: 0.5 % of the width


@dataclass(frozen=True, slots=True)
class Width:
    """How wide a band is, from `valid_from` up to, not including, `ceases_on`."""

    metres: float
    valid_from: date
    ceases_on: date | None = None

    def covers(self, day: date) -> bool:
        """Whether it holds on the day."""
        return self.valid_from <= day and (self.ceases_on is None or day < self.ceases_on)


def highway_bands(
    roads: Edition,
    widths: Mapping[str, Iterable[Width]],
    crs_metric: str,
    *,
    name: str,
    land_m: Mapping[str, float] = LAND_M,
) -> tuple[Edition, ...]:
    """The highway land and the control bands of a road edition, an edition for each interval.

    `widths` are those of each road class, in metres from the edge of the land. Expressways get the
    zone `expressway_band`, other highways `highway_band` with their class as the grade. City roads,
    and roads whose legal class is not known, have none; empty when there is no highway.
    """
    highways = roads.frame[roads.frame["legal_class"] == "highway"].to_crs(crs_metric)
    dated = {kind: tuple(given) for kind, given in widths.items() if kind in land_m}
    editions = []
    for begins, ends, metres in _intervals(dated, roads.valid_from, roads.ceases_on):
        rows: list[dict[str, object]] = []
        for (kind, road), shapes in _roads_of(highways):
            if kind not in metres:
                continue
            line = shapely.union_all(shapes)
            zone, grade = (
                (EXPRESSWAY_BAND, INSIDE) if kind == "expressway" else (HIGHWAY_BAND, kind)
            )
            band = _around(line, land_m[kind] + metres[kind])
            land = _around(line, land_m[kind])
            rows.append(_row(f"B-{kind}-{road}", road, (zone, grade), band))
            rows.append(_row(f"L-{kind}-{road}", road, (HIGHWAY_LAND, INSIDE), land))
        if rows:
            editions.append(_edition(name, begins, ends, rows, crs_metric))
    return _named_apart(editions)


def school_bands(
    schools: gpd.GeoDataFrame,
    widths: Iterable[Width],
    crs_metric: str,
    *,
    name: str,
    valid_from: date,
    ceases_on: date | None = None,
) -> tuple[Edition, ...]:
    """The surroundings of schools, outward from each point or ground, an edition per interval.

    `schools` has `code` and `name` and any CRS.
    """
    dated = {SCHOOL: tuple(widths)}
    placed = schools.to_crs(crs_metric)
    editions = []
    for begins, ends, metres in _intervals(dated, valid_from, ceases_on):
        if SCHOOL not in metres:
            continue
        rows = [
            _row(str(code), str(called), (SCHOOL, INSIDE), _around(shape, metres[SCHOOL]))
            for code, called, shape in zip(
                placed["code"], placed["name"], placed.geometry, strict=True
            )
        ]
        editions.append(_edition(name, begins, ends, rows, crs_metric))
    return _named_apart(editions)


def _intervals(
    widths: Mapping[str, tuple[Width, ...]], valid_from: date, ceases_on: date | None
) -> list[tuple[date, date | None, dict[str, float]]]:
    """The days from the first to the last, cut where a width changes, with the widths of each part.

    A law that is replaced by one with the same number cuts nothing.
    """
    turns = {one.valid_from for given in widths.values() for one in given}
    turns |= {one.ceases_on for given in widths.values() for one in given if one.ceases_on}
    last = date.max if ceases_on is None else ceases_on
    starts = [valid_from, *(day for day in sorted(turns) if valid_from < day < last)]
    parts: list[tuple[date, dict[str, float]]] = []
    for begins in starts:
        metres = {
            key: one.metres for key, given in widths.items() for one in given if one.covers(begins)
        }
        if not parts or metres != parts[-1][1]:
            parts.append((begins, metres))
    ends = [*(begins for begins, _ in parts[1:]), ceases_on]
    return [(begins, end, metres) for (begins, metres), end in zip(parts, ends, strict=True)]


def _roads_of(
    highways: gpd.GeoDataFrame,
) -> list[tuple[tuple[str, str], list[shapely.Geometry]]]:
    """The lines of each road: by number, else by name, else each segment by itself."""
    grouped: dict[tuple[str, str], list[shapely.Geometry]] = {}
    for kind, ref, called, code, line in zip(
        highways["road_class"],
        highways["ref"],
        highways["name"],
        highways["code"],
        highways.geometry,
        strict=True,
    ):
        grouped.setdefault((kind, ref or called or code), []).append(line)
    return sorted(grouped.items(), key=lambda pair: pair[0])


def _around(shape: shapely.Geometry, metres: float) -> shapely.Geometry:
    return shapely.buffer(shape, metres, quad_segs=_CORNERS)


def _row(
    code: str, called: str, zone: tuple[str, str], ground: shapely.Geometry
) -> dict[str, object]:
    kind, grade = zone
    return {"code": code, "name": called, "zone": kind, "grade": grade, "geometry": ground}


def _edition(
    name: str, begins: date, ends: date | None, rows: list[dict[str, object]], crs_metric: str
) -> Edition:
    frame = gpd.GeoDataFrame(rows, geometry="geometry", crs=crs_metric).to_crs(CRS)
    return Edition.made(kind=Kind.ZONE, name=name, valid_from=begins, ceases_on=ends, frame=frame)


def _named_apart(editions: list[Edition]) -> tuple[Edition, ...]:
    """Several editions of one name get their first day behind it."""
    if len(editions) < 2:
        return tuple(editions)
    return tuple(
        Edition.made(
            kind=one.kind,
            name=f"{one.name}-{one.valid_from}",
            valid_from=one.valid_from,
            ceases_on=one.ceases_on,
            frame=one.frame,
        )
        for one in editions
    )
