"""A toy district for tests: two square streets side by side, and whatever a test lays over them.

lon 114.00   114.01   114.02
     |  west  |  east  |          both from lat 22.60 to 22.61; a degree of longitude is
     |   001  |   002  |          about 102,800 m here, so a street is a kilometre wide
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import geopandas as gpd
from shapely.geometry import LineString, box
from shapely.geometry.base import BaseGeometry

from geo.editions import CRS, Edition, Kind
from geo.layers import Atlas
from geo.locate import MapOn
from geo.points import Point
from geo.register import RegisterEntry
from geo.stakes import Stake

FIRST = date(2008, 1, 1)
DAY = date(2008, 11, 5)

WEST = box(114.00, 22.60, 114.01, 22.61)
EAST = box(114.01, 22.60, 114.02, 22.61)
MIDDLE = 22.605
METRE = 1 / 102_800  # of longitude, in degrees, here


def layer(
    kind: Kind,
    rows: Sequence[Mapping[str, object]],
    *,
    name: str = "one",
    valid_from: date = FIRST,
    ceases_on: date | None = None,
    schematic: bool = False,
) -> Edition:
    """An edition of rows that each have a `geometry`; code and name are made up where missing."""
    filled = [{"code": f"{n:03}", "name": f"{kind} {n}"} | dict(row) for n, row in enumerate(rows)]
    return Edition.made(
        kind=kind,
        name=name,
        valid_from=valid_from,
        ceases_on=ceases_on,
        frame=gpd.GeoDataFrame(filled, geometry="geometry", crs=CRS),
        schematic=schematic,
    )


def streets(**about: object) -> Edition:
    """The two streets."""
    rows: list[Mapping[str, object]] = [
        {"code": "001", "name": "West", "geometry": WEST},
        {"code": "002", "name": "East", "geometry": EAST},
    ]
    return layer(Kind.STREET, rows, **about)  # type: ignore[arg-type]


def zone(kind: str, grade: str, shape: BaseGeometry, code: str = "z") -> Mapping[str, object]:
    """A row of a zone layer."""
    return {"code": code, "name": code, "zone": kind, "grade": grade, "geometry": shape}


def road(code: str, *corners: tuple[float, float], **about: object) -> Mapping[str, object]:
    """A row of a road layer."""
    return {"code": code, "name": "", "geometry": LineString(corners)} | about


def entry(
    owner: str,
    *,
    function: str = "maintain",
    segment: str = "",
    ref: str = "",
    stakes: tuple[Stake, Stake] | None = None,
    direction: str | None = None,
    valid_from: date = FIRST,
    ceases_on: date | None = None,
) -> RegisterEntry:
    """An entry of a road register."""
    return RegisterEntry(
        segment=segment,
        ref=ref,
        from_stake=stakes[0] if stakes else None,
        to_stake=stakes[1] if stakes else None,
        direction=direction,
        function=function,
        owner=owner,
        valid_from=valid_from,
        ceases_on=ceases_on,
    )


def on_map(*editions: Edition, register: Sequence[RegisterEntry] = (), day: date = DAY) -> MapOn:
    """The map of the day of these editions."""
    return Atlas(editions, register).on(day)


def point(lon: float, lat: float = MIDDLE) -> Point:
    """A point, by default half-way up the district."""
    return Point.checked(lon=lon, lat=lat)
