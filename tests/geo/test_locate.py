"""From a position to its place: streets, communities, neighbours, zones, on one day."""

import math
from datetime import date

import pytest
from shapely.geometry import box

from geo.editions import Kind
from geo.errors import BadAccuracy, NoSuchArea
from geo.layers import Atlas
from geo.places import Area, Place
from tests.geo.builders import (
    EAST,
    METRE,
    MIDDLE,
    WEST,
    layer,
    on_map,
    point,
    road,
    streets,
    zone,
)

west, east = Area("001", "West"), Area("002", "East")
INSIDE_WEST = point(114.005)
ON_THE_BORDER = point(114.01)
AT_SEA = point(114.5)


def test_a_position_inside_a_street_is_certain() -> None:
    found = on_map(streets()).at(INSIDE_WEST)
    assert found.places == (Place(street=west, community=None, neighbour=None, zones=()),)
    assert found.shares == (1.0,)
    assert found.border_m == pytest.approx(0.005 / METRE, rel=0.001)
    assert found.editions == (("street", "one"),)
    assert (found.point, found.accuracy_m) == (INSIDE_WEST, 10.0)


@pytest.mark.parametrize("accuracy_m", [0.0, 10.0])
def test_a_position_on_a_shared_border_is_in_both_streets(accuracy_m: float) -> None:
    """`within` finds neither; whoever takes the first match drops the other."""
    found = on_map(streets()).at(ON_THE_BORDER, accuracy_m)
    assert [place.street for place in found.places] == [west, east]
    assert found.shares == pytest.approx((0.5, 0.5))
    assert found.border_m == 0.0


def test_a_position_at_a_corner_is_in_what_meets_there() -> None:
    found = on_map(streets()).at(point(114.01, 22.61), 0.0)
    assert {place.street for place in found.places} == {east, west}


def test_a_position_in_no_street_has_the_neighbour_that_covers_it() -> None:
    sea = {"code": "440310", "name": "Next", "geometry": box(114.4, 22.5, 114.6, 22.7)}
    found = on_map(streets(), layer(Kind.DISTRICT, [sea])).at(AT_SEA)
    assert found.places[0].street is None
    assert found.places[0].neighbour == Area("440310", "Next")


def test_a_position_in_no_street_and_no_neighbour_is_nowhere() -> None:
    found = on_map(streets()).at(AT_SEA)
    assert found.places == (Place(street=None, community=None, neighbour=None, zones=()),)
    assert found.border_m == pytest.approx(0.48 / METRE, rel=0.001)


def test_inside_a_street_no_neighbour_is_named_even_where_its_layer_covers_the_street() -> None:
    whole = {"code": "440307", "name": "Ours", "geometry": WEST.union(EAST)}
    assert (
        on_map(streets(), layer(Kind.DISTRICT, [whole])).at(INSIDE_WEST).places[0].neighbour is None
    )


def test_communities_are_found_within_streets() -> None:
    halves = [
        {"code": "001001", "name": "South", "geometry": box(114.0, 22.60, 114.02, MIDDLE)},
        {"code": "001002", "name": "North", "geometry": box(114.0, MIDDLE, 114.02, 22.61)},
    ]
    found = on_map(streets(), layer(Kind.COMMUNITY, halves))
    assert found.at(point(114.005, 22.602)).places[0].community == Area("001001", "South")
    assert {place.community for place in found.at(INSIDE_WEST).places} == {
        Area("001001", "South"),
        Area("001002", "North"),
    }
    assert found.communities() == (Area("001001", "South"), Area("001002", "North"))


def test_each_kind_of_zone_in_force_is_said_even_where_it_does_not_apply() -> None:
    """No layer for a kind of zone is not the same as lying outside all such zones."""
    zones = layer(
        Kind.ZONE,
        [
            zone("water", "level1", box(114.004, 22.604, 114.006, 22.606), "w1"),
            zone("water", "level2", box(114.003, 22.603, 114.007, 22.607), "w2"),
            zone("school", "inside", box(114.015, 22.604, 114.016, 22.606), "s1"),
        ],
    )
    found = on_map(streets(), zones)
    assert found.at(INSIDE_WEST).places[0].zones == (
        ("school", ()),
        ("water", ("level1", "level2")),
    )
    assert found.at(point(114.018)).places[0].zones == (("school", ()), ("water", ()))
    assert on_map(streets()).at(INSIDE_WEST).places[0].zones == ()


def test_overlapping_streets_both_answer() -> None:
    both = layer(
        Kind.STREET,
        [
            {"code": "001", "name": "West", "geometry": WEST},
            {"code": "002", "name": "East", "geometry": box(114.004, 22.60, 114.02, 22.61)},
        ],
    )
    found = on_map(both).at(INSIDE_WEST)
    assert {place.street for place in found.places} == {west, east}
    assert found.shares == pytest.approx((0.5, 0.5))


@pytest.mark.parametrize("accuracy_m", [-1.0, math.nan, math.inf])
def test_an_accuracy_that_is_no_distance_is_refused(accuracy_m: float) -> None:
    with pytest.raises(BadAccuracy) as refused:
        on_map(streets()).at(INSIDE_WEST, accuracy_m)
    assert refused.value.field == "accuracy"


def test_without_any_layer_nothing_is_known() -> None:
    found = Atlas([]).on(date(2026, 1, 1)).at(INSIDE_WEST)
    assert found.places == (Place(street=None, community=None, neighbour=None, zones=()),)
    assert found.border_m is None
    assert found.editions == ()


def test_a_road_that_is_not_wanted_is_left_unknown() -> None:
    roads = layer(Kind.ROAD, [road("r", (114.0, MIDDLE), (114.02, MIDDLE))])
    found = on_map(streets(), roads)
    assert found.at(INSIDE_WEST).places[0].road_known
    assert not found.at(INSIDE_WEST, roads=False).places[0].road_known
    assert found.at(INSIDE_WEST, roads=False).places[0].road is None


def test_a_street_is_found_by_its_code() -> None:
    today = on_map(streets())
    found = today.in_area("001")
    assert today.in_area("001") is found
    assert found.places == (Place(street=west, community=None, neighbour=None, zones=()),)
    assert (found.point, found.border_m, found.shares) == (None, None, (1.0,))


def test_an_area_is_every_place_within_it_by_share() -> None:
    """Who names only a street may still be anywhere in it; the zone is then a question."""
    zones = layer(Kind.ZONE, [zone("water", "level1", box(114.0, 22.60, 114.0025, 22.61))])
    roads = layer(Kind.ROAD, [road("r", (114.0, MIDDLE), (114.02, MIDDLE))])
    found = on_map(streets(), zones, roads).in_area("001")
    assert [place.zones for place in found.places] == [
        (("water", ()),),
        (("water", ("level1",)),),
    ]
    assert found.shares == pytest.approx((0.75, 0.25))
    assert {place.street for place in found.places} == {west}
    assert not any(place.road_known for place in found.places)


def test_a_community_is_found_by_its_code() -> None:
    south = {"code": "001001", "name": "South", "geometry": box(114.0, 22.60, 114.01, 22.602)}
    found = on_map(streets(), layer(Kind.COMMUNITY, [south])).in_area("001001")
    assert [(place.street, place.community) for place in found.places] == [
        (west, Area("001001", "South"))
    ]


def test_an_unknown_area_is_refused_with_those_there_are() -> None:
    with pytest.raises(NoSuchArea, match="001 West") as refused:
        on_map(streets()).in_area("009")
    assert refused.value.field == "area"


def test_the_streets_of_the_day_are_listed_by_code() -> None:
    assert on_map(streets()).streets() == (west, east)
