"""Coordinate systems at the edge: whatever comes in becomes WGS84, and may go out again.

Known are `wgs84`, `cgcs2000` (the same to within a few decimetres, and taken as the same), `gcj02`
(Chinese map applications; about 590 m off in Longgang), `bd09` (Baidu) and `EPSG:n`. GCJ-02 is
defined inside China only; outside its box it is WGS84. The way back is found by iteration to far
less than a millimetre.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from geo.errors import BadCrs, BadPoint
from geo.points import Point

Floats = npt.NDArray[np.float64]
_Shift = Callable[[Floats, Floats], tuple[Floats, Floats]]

NAMED: Final = ("wgs84", "cgcs2000", "gcj02", "bd09")

# The constants of GCJ-02: the Krasovsky ellipsoid and the box within which it shifts
_AXIS = 6378245.0
_FLATNESS = 0.00669342162296594323
_CHINA = (72.004, 0.8293, 137.8347, 55.8271)
_BAIDU_LON, _BAIDU_LAT = 0.0065, 0.006
_BAIDU_TURNS = math.pi * 3000 / 180
_ROUNDS = 8  # each round leaves at most a two-hundredth of the error of a few hundred metres


def checked_crs(text: str) -> str:
    """The name of a coordinate system as used here; raises BadCrs with what is allowed.

    >>> checked_crs("epsg:4547")
    'EPSG:4547'
    """
    name = text.strip().lower().replace("-", "")
    if name in NAMED:
        return name
    if name.startswith("epsg:") and name[5:].isdecimal():
        code = f"EPSG:{int(name[5:])}"
        try:
            known = CRS.from_user_input(code)
        except CRSError as error:
            raise _unknown(text) from error
        if known.is_projected or known.is_geographic:
            return code
    raise _unknown(text)


def to_wgs84(*, x: float, y: float, crs: str) -> Point:
    """The WGS84 point of a coordinate pair; `x` is the longitude or easting, `y` the other.

    Raises BadCrs for an unknown system and BadPoint for a pair that it has no place for.
    """
    name = checked_crs(crs)
    lon = lat = math.nan
    if math.isfinite(x) and math.isfinite(y):
        lons, lats = many_to_wgs84(np.array([x], dtype=float), np.array([y], dtype=float), name)
        lon, lat = float(lons[0]), float(lats[0])
    if not (math.isfinite(lon) and math.isfinite(lat)):
        raise BadPoint(
            field="at",
            zh=f"坐标 {x}, {y} 在 {name} 中无效：请核对坐标系与坐标顺序（先东后北，先经度后纬度）",
            en=f"{x}, {y} is no position in {name}: check the system and the order "
            "(easting then northing, longitude then latitude)",
        )
    return Point.checked(lon=lon, lat=lat)


def from_wgs84(point: Point, crs: str) -> tuple[float, float]:
    """The coordinate pair of a point in another system, x then y; raises BadCrs."""
    xs, ys = many_from_wgs84(np.array([point.lon]), np.array([point.lat]), crs)
    return float(xs[0]), float(ys[0])


def many_to_wgs84(xs: Floats, ys: Floats, crs: str) -> tuple[Floats, Floats]:
    """Longitudes and latitudes in WGS84 of many pairs; not finite where a pair has no place.

    The pairs are not checked otherwise. Raises BadCrs.
    """
    name = checked_crs(crs)
    if name in ("wgs84", "cgcs2000"):
        return xs, ys
    if name == "gcj02":
        return _back(xs, ys, _gcj02)
    if name == "bd09":
        return _back(*_back(xs, ys, _bd09), _gcj02)
    lons, lats = _transformer(name).transform(xs, ys)
    return np.asarray(lons), np.asarray(lats)


def many_from_wgs84(lons: Floats, lats: Floats, crs: str) -> tuple[Floats, Floats]:
    """The pairs, x then y, of many WGS84 positions in another system; raises BadCrs."""
    name = checked_crs(crs)
    if name in ("wgs84", "cgcs2000"):
        return lons, lats
    if name == "gcj02":
        return _gcj02(lons, lats)
    if name == "bd09":
        return _bd09(*_gcj02(lons, lats))
    xs, ys = _transformer(name).transform(lons, lats, direction="INVERSE")
    return np.asarray(xs), np.asarray(ys)


@lru_cache(maxsize=64)
def _transformer(name: str) -> Transformer:
    """From this system to WGS84, longitude or easting first; may be used by several threads."""
    return Transformer.from_crs(name, "EPSG:4326", always_xy=True)


def _gcj02(lons: Floats, lats: Floats) -> tuple[Floats, Floats]:
    """GCJ-02 of WGS84 positions."""
    west, south, east, north = _CHINA
    inside = (west <= lons) & (lons <= east) & (south <= lats) & (lats <= north)
    x, y = lons - 105.0, lats - 35.0
    ripple = 20.0 / 3.0 * (2 * np.sin(6 * math.pi * x) + 2 * np.sin(2 * math.pi * x))

    def waves(t: Floats, twelfth: float, thirtieth: float) -> Floats:
        swing: Floats = (
            20.0
            / 3.0
            * (
                2 * np.sin(math.pi * t)
                + 4 * np.sin(math.pi * t / 3)
                + twelfth * np.sin(math.pi * t / 12)
                + thirtieth * np.sin(math.pi * t / 30)
            )
        )
        return swing

    root = np.sqrt(np.abs(x))
    north_m = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north_m = north_m + ripple + waves(y, 16, 32)
    east_m = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east_m = east_m + ripple + waves(x, 15, 30)
    phi = np.radians(lats)
    bulge = 1 - _FLATNESS * np.sin(phi) ** 2
    degree_north = np.radians(_AXIS * (1 - _FLATNESS) / bulge**1.5)
    degree_east = np.radians(_AXIS * np.cos(phi) / np.sqrt(bulge))
    return (
        np.where(inside, lons + east_m / degree_east, lons),
        np.where(inside, lats + north_m / degree_north, lats),
    )


def _bd09(lons: Floats, lats: Floats) -> tuple[Floats, Floats]:
    """BD-09 of GCJ-02 positions."""
    radius = np.hypot(lons, lats) + 0.00002 * np.sin(_BAIDU_TURNS * lats)
    angle = np.arctan2(lats, lons) + 0.000003 * np.cos(_BAIDU_TURNS * lons)
    return radius * np.cos(angle) + _BAIDU_LON, radius * np.sin(angle) + _BAIDU_LAT


def _back(xs: Floats, ys: Floats, forth: _Shift) -> tuple[Floats, Floats]:
    """The positions that `forth` moves to these."""
    lons, lats = xs.astype(float), ys.astype(float)
    for _ in range(_ROUNDS):
        moved_x, moved_y = forth(lons, lats)
        lons, lats = lons - (moved_x - xs), lats - (moved_y - ys)
    return lons, lats


def _unknown(text: str) -> BadCrs:
    allowed = ", ".join((*NAMED, "EPSG:n"))
    return BadCrs(
        field="crs",
        zh=f"坐标系“{text}”无法识别；应为 {allowed}（例如 EPSG:4547）",
        en=f'"{text}" is no coordinate system known here; one of {allowed} is needed '
        "(EPSG:4547, for example)",
    )
