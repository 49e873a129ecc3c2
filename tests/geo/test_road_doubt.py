"""Which of two roads, when the position cannot tell: a question, never a guess."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.editions import Kind
from geo.locate import MapOn
from tests.geo.builders import METRE, MIDDLE, entry, layer, on_map, point, road, streets

NORTH = 1 / 110_740  # of latitude, in degrees, in a metre
APART_M = 12.0


@cache
def dual() -> MapOn:
    """Two carriageways 12 m apart: rising stakes to the south, falling ones to the north."""
    north = MIDDLE + APART_M * NORTH
    rows = [
        road("up", (114.0, MIDDLE), (114.02, MIDDLE), ref="S28", road_class="expressway",
             direction="up", from_m=0.0, to_m=2056.0),
        road("down", (114.02, north), (114.0, north), ref="S28", road_class="expressway",
             direction="down", from_m=2056.0, to_m=0.0),
    ]  # fmt: skip
    return on_map(streets(), layer(Kind.ROAD, rows))


def roads_at(today: MapOn, metres_north: float, accuracy_m: float) -> list[str | None]:
    found = today.at(point(114.005, MIDDLE + metres_north * NORTH), accuracy_m)
    return [place.road.segment if place.road else None for place in found.places]


@given(st.floats(-8.0, APART_M + 8.0))
def test_parallel_carriageways_12_m_apart_with_20_m_accuracy_are_both_possible(
    north: float,
) -> None:
    today = dual()
    assert set(roads_at(today, north, 20.0)) == {"up", "down"}


@given(st.floats(-2.9, 2.9))
def test_with_3_m_accuracy_a_position_on_a_carriageway_is_certain_and_right(off_m: float) -> None:
    """Within 3 m of one line it is more than twice 3 m farther to the other."""
    today = dual()
    assert roads_at(today, off_m, 3.0) == ["up"]
    assert roads_at(today, APART_M + off_m, 3.0) == ["down"]


@pytest.mark.parametrize(("north", "expected"), [(0.0, ["up"]), (12.0, ["down"]), (2.0, ["up"])])
def test_with_3_m_accuracy_it_is_the_nearer_one(north: float, expected: list[str]) -> None:
    assert roads_at(dual(), north, 3.0) == expected


def test_between_the_two_even_3_m_accuracy_cannot_tell() -> None:
    assert set(roads_at(dual(), APART_M / 2, 3.0)) == {"up", "down"}


def test_a_main_line_above_a_city_road_is_asked_whatever_the_accuracy() -> None:
    """The bridge and the road under it have one position: no GPS tells them apart."""
    rows = [
        road("bridge", (114.0, MIDDLE), (114.02, MIDDLE), ref="G15", road_class="expressway",
             legal_class="highway"),
        road("under", (114.0, MIDDLE), (114.02, MIDDLE), name="Under", road_class="arterial",
             legal_class="city_road"),
    ]  # fmt: skip
    today = on_map(
        streets(),
        layer(Kind.ROAD, rows),
        register=[entry("expco", segment="bridge"), entry("city", segment="under")],
    )
    for accuracy_m in (0.0, 1.0, 3.0, 20.0):
        assert set(roads_at(today, 0.0, accuracy_m)) == {"bridge", "under"}
    found = today.at(point(114.005), 3.0)
    assert {place.road.owners for place in found.places if place.road} == {
        (("maintain", "expco"),),
        (("maintain", "city"),),
    }
    assert found.shares == (0.5, 0.5)


def test_a_crossing_bridge_is_asked_at_the_crossing_and_not_beside_it() -> None:
    rows = [
        road("bridge", (114.005, 22.60), (114.005, 22.61), ref="G15", road_class="expressway"),
        road("under", (114.0, MIDDLE), (114.02, MIDDLE), name="Under", road_class="arterial"),
    ]
    today = on_map(streets(), layer(Kind.ROAD, rows))
    assert set(roads_at(today, 0.0, 3.0)) == {"bridge", "under"}
    beside = today.at(point(114.005 + 100 * METRE), 3.0)
    assert [place.road.segment for place in beside.places if place.road] == ["under"]
