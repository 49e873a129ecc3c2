"""The accuracy circle: everything that it touches is a place, by its share of the ground."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Point, box

from geo.editions import Kind
from geo.metric import Plane
from geo.uncertainty import circle
from tests.geo.builders import METRE, MIDDLE, WEST, layer, on_map, point, streets, zone


def test_the_circle_goes_around_its_radius_and_hardly_beyond() -> None:
    plane = Plane.at(114.01, 22.605)
    around = circle(plane, 10.0)
    area = around.area * plane.east * plane.north
    assert math.pi * 100 < area < math.pi * 100 * 1.002
    corners = [
        math.hypot((lon - plane.lon) * plane.east, (lat - plane.lat) * plane.north)
        for lon, lat in around.exterior.coords
    ]
    assert min(corners) > 10.0
    assert max(corners) < 10.02


@given(st.floats(-9.5, 9.5))
def test_shares_are_those_of_the_two_parts_of_a_cut_circle(offset_m: float) -> None:
    found = on_map(streets()).at(point(114.01 + offset_m * METRE), 10.0)
    share = dict(zip([p.street.code for p in found.places if p.street], found.shares, strict=True))
    beyond = (
        math.acos(offset_m / 10) - offset_m / 10 * math.sqrt(1 - (offset_m / 10) ** 2)
    ) / math.pi
    assert share["001"] == pytest.approx(beyond, abs=0.002)
    assert sum(found.shares) == pytest.approx(1.0)


def test_the_place_of_the_position_itself_comes_first() -> None:
    found = on_map(streets()).at(point(114.01 + 1 * METRE), 10.0)
    assert [place.street.code for place in found.places if place.street] == ["002", "001"]


def test_a_circle_that_reaches_out_of_the_district_has_a_place_outside() -> None:
    """Just inside the outer border nothing may be certain; nor may it be just outside."""
    for lon in (114.0 + 4 * METRE, 114.0 - 4 * METRE):
        found = on_map(streets()).at(point(lon), 10.0)
        assert {place.street and place.street.code for place in found.places} == {"001", None}


def test_far_from_all_borders_the_circle_is_not_even_drawn() -> None:
    found = on_map(streets()).at(point(114.005), 500.0)
    assert found.shares == (1.0,)


def test_a_zone_border_makes_two_places_of_one_street() -> None:
    zones = layer(Kind.ZONE, [zone("water", "level1", box(114.0, 22.60, 114.005, 22.61))])
    found = on_map(streets(), zones).at(point(114.005 + 2 * METRE), 10.0)
    assert [place.zones for place in found.places] == [
        (("water", ()),),
        (("water", ("level1",)),),
    ]
    assert found.border_m == pytest.approx(0.005 / METRE, rel=0.01)


def test_a_position_on_a_zone_border_is_inside_it_and_its_circle_is_also_outside() -> None:
    zones = layer(Kind.ZONE, [zone("water", "level1", box(114.0, 22.60, 114.005, 22.61))])
    found = on_map(streets(), zones).at(point(114.005), 10.0)
    assert found.places[0].zones == (("water", ("level1",)),)
    assert found.shares == pytest.approx((0.5, 0.5), abs=0.001)


def test_between_two_zones_the_line_itself_is_in_both() -> None:
    zones = layer(
        Kind.ZONE,
        [
            zone("water", "level1", box(114.0, 22.60, 114.005, 22.61), "a"),
            zone("water", "level2", box(114.005, 22.60, 114.01, 22.61), "b"),
        ],
    )
    found = on_map(streets(), zones).at(point(114.005), 10.0)
    assert found.places[0].zones == (("water", ("level1", "level2")),)
    assert found.shares == pytest.approx((0.0, 0.5, 0.5), abs=0.001)


def test_a_small_zone_wholly_within_the_circle_is_a_place_too() -> None:
    stall = box(114.005, MIDDLE, 114.005 + 2 * METRE, MIDDLE + 2 * METRE)
    zones = layer(Kind.ZONE, [zone("vendor", "inside", stall)])
    found = on_map(streets(), zones).at(point(114.005 + 6 * METRE), 10.0)
    assert [place.zones[0][1] for place in found.places] == [(), ("inside",)]
    assert found.shares[1] == pytest.approx(4 / (math.pi * 100), rel=0.15)


def test_many_zones_at_once_still_share_out_the_whole_circle() -> None:
    rings = [
        zone("water", f"level{n}", Point(114.005, MIDDLE).buffer(n * 3 * METRE), f"w{n}")
        for n in (1, 2, 3)
    ]
    rings.append(zone("school", "inside", box(114.004, 22.6, 114.005, 22.61), "s"))
    found = on_map(streets(), layer(Kind.ZONE, rings)).at(point(114.005), 10.0)
    assert sum(found.shares) == pytest.approx(1.0)
    assert len(found.places) == 2 * 4


def test_a_hole_in_a_street_is_a_place_in_no_street() -> None:
    hole = box(114.005, MIDDLE, 114.006, 22.606)
    street = layer(Kind.STREET, [{"code": "001", "name": "West", "geometry": WEST - hole}])
    assert on_map(street).at(point(114.0055, 22.6055)).places[0].street is None
    found = on_map(street).at(point(114.005 - 2 * METRE, 22.6055), 10.0)
    assert {place.street and place.street.code for place in found.places} == {"001", None}


def test_a_street_in_two_parts_is_one_street() -> None:
    parts = MultiPolygon([WEST, box(114.03, 22.60, 114.04, 22.61)])
    found = on_map(layer(Kind.STREET, [{"code": "001", "name": "West", "geometry": parts}]))
    assert found.at(point(114.035)).places == found.at(point(114.005)).places
