"""Editions by day: which is in force, which beats which, and what no order of files may change."""

import threading
from datetime import date, timedelta

import pytest
from shapely.geometry import box

from geo.editions import Kind
from geo.errors import BadLayer
from geo.layers import Atlas
from geo.places import Area, Whereabouts
from tests.geo.builders import DAY, EAST, WEST, entry, layer, on_map, point, road, streets, zone

SPLIT = date(2016, 12, 26)


def names(atlas: Atlas, day: date) -> tuple[str, ...]:
    return tuple(name for _, name in atlas.on(day).editions)


def test_an_edition_is_in_force_from_its_first_day_until_the_day_it_ceases() -> None:
    old = streets(name="old", ceases_on=SPLIT)
    new = streets(name="new", valid_from=SPLIT)
    atlas = Atlas([old, new])
    assert names(atlas, SPLIT - timedelta(days=1)) == ("old",)
    assert names(atlas, SPLIT) == ("new",)
    assert names(atlas, date(2007, 12, 31)) == ()


def test_days_between_two_changes_share_one_map() -> None:
    atlas = Atlas([streets()])
    assert atlas.on(DAY) is atlas.on(DAY + timedelta(days=1))


def test_a_street_that_left_the_district_is_outside_with_the_name_of_its_district() -> None:
    """大鹏 is a street of the district in 2009 and is run by somebody else in 2026."""
    left = date(2011, 12, 30)
    dapeng = {"code": "010", "name": "Dapeng", "geometry": box(114.02, 22.60, 114.03, 22.61)}
    west = {"code": "001", "name": "West", "geometry": WEST}
    atlas = Atlas(
        [
            layer(Kind.STREET, [west, dapeng], name="before", ceases_on=left),
            layer(Kind.STREET, [west], name="after", valid_from=left),
            layer(Kind.DISTRICT, [dapeng | {"code": "D"}], name="new", valid_from=left),
        ]
    )
    there = point(114.025)
    assert atlas.on(date(2009, 1, 1)).at(there).places[0].street == Area("010", "Dapeng")
    today = atlas.on(date(2026, 11, 20)).at(there).places[0]
    assert (today.street, today.neighbour) == (None, Area("D", "Dapeng"))


def test_an_imported_edition_beats_a_drawn_one_while_it_lasts() -> None:
    drawn = streets(name="drawn", schematic=True)
    real = streets(name="real", valid_from=SPLIT, ceases_on=date(2020, 1, 1))
    atlas = Atlas([drawn, real])
    assert names(atlas, DAY) == ("drawn",)
    assert names(atlas, SPLIT) == ("real",)
    assert names(atlas, date(2020, 1, 1)) == ("drawn",)


def test_an_imported_zone_layer_beats_only_the_drawn_zones_of_its_kinds() -> None:
    drawn = layer(
        Kind.ZONE,
        [zone("water", "level1", WEST, "w"), zone("school", "inside", WEST, "s")],
        name="drawn",
        schematic=True,
    )
    real = layer(Kind.ZONE, [zone("water", "level2", EAST, "w")], name="real")
    found = on_map(streets(), drawn, real)
    assert found.at(point(114.005)).places[0].zones == (("school", ("inside",)), ("water", ()))
    assert found.editions == (("street", "one"), ("zone", "drawn"), ("zone", "real"))


def test_two_imported_editions_in_force_on_one_day_are_refused() -> None:
    with pytest.raises(BadLayer, match="two") as refused:
        Atlas([streets(name="one"), streets(name="two", valid_from=SPLIT)])
    assert refused.value.faults[0].field == "street/two"


def test_two_zone_editions_with_different_kinds_of_zone_stand_together() -> None:
    water = layer(Kind.ZONE, [zone("water", "level1", WEST)], name="water")
    school = layer(Kind.ZONE, [zone("school", "inside", WEST)], name="school")
    assert names(Atlas([water, school]), DAY) == ("school", "water")
    with pytest.raises(BadLayer, match="water"):
        Atlas([water, layer(Kind.ZONE, [zone("water", "level2", EAST)], name="again")])


def test_the_order_of_features_and_editions_does_not_matter() -> None:
    rows = [
        {"code": "001", "name": "West", "geometry": WEST},
        {"code": "002", "name": "East", "geometry": EAST},
    ]
    one, other = layer(Kind.STREET, rows), layer(Kind.STREET, rows[::-1])
    assert one.sha256 == other.sha256
    zones = layer(Kind.ZONE, [zone("water", "level1", WEST)])
    spots = [point(114.005), point(114.01), point(114.3)]
    assert [on_map(one, zones).at(spot) for spot in spots] == [
        on_map(zones, other).at(spot) for spot in spots
    ]


def test_any_difference_changes_the_hash() -> None:
    base = streets().sha256
    moved = layer(Kind.STREET, [{"code": "001", "name": "West", "geometry": WEST}])
    renamed = streets(name="other")
    dated = streets(ceases_on=SPLIT)
    assert len({base, moved.sha256, renamed.sha256, dated.sha256}) == 4


def test_coordinates_are_rounded_to_a_millionth_of_a_degree() -> None:
    fine = box(114.0000004, 22.6000004, 114.0100006, 22.61)
    made = layer(Kind.STREET, [{"geometry": fine}])
    assert made.frame.geometry.iloc[0].bounds == (114.0, 22.6, 114.010001, 22.61)


def test_a_ring_that_rounding_would_make_cross_itself_is_snapped_as_a_whole() -> None:
    spike = box(114.0, 22.6, 114.01, 22.61).difference(box(114.005, 22.6, 114.0050004, 22.6099996))
    made = layer(Kind.STREET, [{"geometry": spike}])
    assert made.frame.geometry.is_valid.all()


def test_many_threads_asking_first_get_one_map_and_the_same_answers() -> None:
    rows = [road("r", (114.0, 22.605), (114.02, 22.605))]
    atlas = Atlas([streets(), layer(Kind.ROAD, rows)], [entry("x", segment="r")])
    spots = [point(114.0 + n / 1000) for n in range(21)]
    answers: list[list[Whereabouts]] = []

    def ask() -> None:
        answers.append([atlas.on(DAY).at(spot) for spot in spots])

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 8
    assert all(answer == answers[0] for answer in answers)
