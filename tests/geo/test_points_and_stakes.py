import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import BadPoint, BadStake, GeoError
from geo.points import Point
from geo.stakes import Stake


@pytest.mark.parametrize(
    ("lon", "lat", "named"),
    [
        (200.0, 22.6, "lon 200.0"),
        (114.1, 91.0, "lat 91.0"),
        (math.nan, 22.6, "lon nan"),
        (114.1, math.inf, "lat inf"),
        (-180.1, 0.0, "lon -180.1"),
    ],
)
def test_a_coordinate_out_of_range_is_refused_and_named(lon: float, lat: float, named: str) -> None:
    """Shapely finds nothing for NaN or longitude 200 and says nothing: silence is not an answer."""
    with pytest.raises(BadPoint) as refused:
        Point.checked(lon=lon, lat=lat)
    assert named in refused.value.en
    assert refused.value.field == "at"
    assert str(refused.value) == f"{refused.value.zh} / {refused.value.en}"


def test_the_edges_of_the_world_are_positions() -> None:
    assert Point.checked(lon=-180, lat=90) == Point(-180.0, 90.0)


@pytest.mark.parametrize(
    ("text", "series", "metres"),
    [
        ("K12+300", "", 12300.0),
        ("k0+000", "", 0.0),
        (" AK0+120 ", "A", 120.0),
        ("K1234+999.5", "", 1234999.5),
        ("K12+300.125", "", 12300.125),
    ],
)
def test_a_stake_is_read_in_metres(text: str, series: str, metres: float) -> None:
    assert Stake.parsed(text) == Stake(series, metres)


@pytest.mark.parametrize(
    "text", ["", "12+300", "K12", "K12+30", "ABK1+000", "K12+3000", "K１2+300"]
)
def test_what_is_no_stake_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(BadStake, match=r"K12\+300"):
        Stake.parsed(text)


@given(st.integers(0, 9_999_999), st.sampled_from(["", "A", "Z"]))
def test_a_stake_reads_back_what_it_says(metres: int, series: str) -> None:
    assert Stake.parsed(str(Stake(series, float(metres)))) == Stake(series, float(metres))


def test_every_error_has_one_root() -> None:
    assert issubclass(BadPoint, GeoError)
    assert issubclass(BadStake, GeoError)
