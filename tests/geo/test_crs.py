"""Coordinates at the edge: tagged, turned into WGS84, and back to less than a centimetre."""

import math
from collections.abc import Callable

import numpy as np
import prcoords
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.crs import checked_crs, from_wgs84, many_from_wgs84, to_wgs84
from geo.errors import BadCrs, BadPoint
from geo.metric import distance_m
from geo.points import Point

IN_CHINA = (st.floats(74, 135), st.floats(18.5, 53))
NEAR_LONGGANG = (st.floats(113.5, 115), st.floats(22, 23.5))


@pytest.mark.parametrize("crs", ["wgs84", "cgcs2000", "gcj02", "bd09"])
@given(*IN_CHINA)
def test_there_and_back_is_less_than_a_centimetre(crs: str, lon: float, lat: float) -> None:
    x, y = from_wgs84(Point.checked(lon=lon, lat=lat), crs)
    back = to_wgs84(x=x, y=y, crs=crs)
    assert distance_m(lon=lon, lat=lat, to_lon=back.lon, to_lat=back.lat) < 0.01


@pytest.mark.parametrize("crs", ["EPSG:4547", "EPSG:4490", "EPSG:32650", "EPSG:3857"])
@given(*NEAR_LONGGANG)
def test_a_projected_position_comes_back_too(crs: str, lon: float, lat: float) -> None:
    x, y = from_wgs84(Point.checked(lon=lon, lat=lat), crs)
    back = to_wgs84(x=x, y=y, crs=crs)
    assert distance_m(lon=lon, lat=lat, to_lon=back.lon, to_lat=back.lat) < 0.01


@pytest.mark.parametrize(
    ("crs", "theirs"), [("gcj02", prcoords.wgs_gcj), ("bd09", prcoords.wgs_bd)]
)
def test_the_shifts_equal_those_of_prcoords(
    crs: str, theirs: Callable[[tuple[float, float]], tuple[float, float]]
) -> None:
    chance = np.random.default_rng(20081105)
    lons, lats = chance.uniform(74, 135, 500), chance.uniform(18.5, 53, 500)
    xs, ys = many_from_wgs84(lons, lats, crs)
    for lon, lat, x, y in zip(lons, lats, xs, ys, strict=True):
        their_lat, their_lon = theirs((float(lat), float(lon)))
        assert x == pytest.approx(their_lon, abs=1e-11)
        assert y == pytest.approx(their_lat, abs=1e-11)


def test_gcj02_is_590_metres_off_in_longgang() -> None:
    """A position from a map application, dropped on a WGS84 layer, may lie in the wrong street."""
    x, y = from_wgs84(Point.checked(lon=114.2461, lat=22.7211), "gcj02")
    assert distance_m(lon=114.2461, lat=22.7211, to_lon=x, to_lat=y) == pytest.approx(588, abs=2)


def test_outside_china_gcj02_is_wgs84() -> None:
    assert from_wgs84(Point.checked(lon=-0.1, lat=51.5), "gcj02") == (-0.1, 51.5)


def test_a_national_grid_position_is_understood_east_first() -> None:
    point = to_wgs84(x=513672.9, y=2513000.0, crs="EPSG:4547")
    assert (point.lon, point.lat) == pytest.approx((114.133, 22.714), abs=0.01)


@pytest.mark.parametrize("text", ["mars", "EPSG:", "EPSG:999999", "EPSG:5773", "4547", ""])
def test_an_unknown_system_is_refused_with_what_is_allowed(text: str) -> None:
    with pytest.raises(BadCrs, match="gcj02") as refused:
        to_wgs84(x=114.1, y=22.6, crs=text)
    assert refused.value.field == "crs"


@pytest.mark.parametrize("text", ["WGS84", "wgs-84", " GCJ-02 ", "epsg:04547"])
def test_the_way_a_system_is_written_does_not_matter(text: str) -> None:
    assert checked_crs(text) in {"wgs84", "gcj02", "EPSG:4547"}


@pytest.mark.parametrize(
    ("x", "y", "crs"),
    [
        (math.nan, 22.6, "wgs84"),
        (200.0, 22.6, "gcj02"),
        (1e12, 1e12, "EPSG:4547"),
        (114.1, math.inf, "bd09"),
    ],
)
def test_a_pair_with_no_place_in_its_system_is_refused(x: float, y: float, crs: str) -> None:
    with pytest.raises(BadPoint):
        to_wgs84(x=x, y=y, crs=crs)
