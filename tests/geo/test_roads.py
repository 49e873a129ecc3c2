"""Roads by position and by stake: the nearest carriageway, the runner-up, the side, the owner."""

import pytest

from geo.editions import Kind
from geo.errors import BadStake, NoSuchStake
from geo.locate import MapOn
from geo.places import Place, RoadHit
from geo.points import Point
from geo.stakes import Stake
from tests.geo.builders import METRE, MIDDLE, entry, layer, on_map, point, road, streets

LENGTH_M = 0.02 / METRE  # of a road across the district, about 2,056 m
NORTHWARD = 1 / 110_739  # a metre of latitude in degrees


def across(code: str, metres_north: float = 0.0, **about: object) -> dict[str, object]:
    """A road from west to east across the district, so many metres north of its middle."""
    lat = round(MIDDLE + metres_north * NORTHWARD, 6)
    return dict(road(code, (114.0, lat), (114.02, lat), **about))


def beside(metres_north: float, lon: float = 114.005) -> Point:
    return point(lon, MIDDLE + metres_north * NORTHWARD)


def roads_at(found: MapOn, metres_north: float, accuracy_m: float) -> list[str | None]:
    """The codes of the roads that the position may be on; None for on no road."""
    places = found.at(beside(metres_north), accuracy_m).places
    return [place.road.segment if place.road else None for place in places]


def only(places: tuple[Place, ...]) -> RoadHit:
    assert len(places) == 1
    assert places[0].road is not None
    return places[0].road


def test_the_nearest_carriageway_is_found_with_its_distance_and_side() -> None:
    found = on_map(streets(), layer(Kind.ROAD, [across("r", ref="S28", road_class="expressway")]))
    north = only(found.at(beside(8), 3.0).places)
    assert (north.segment, north.ref, north.side) == ("r", "S28", "left")
    assert north.distance_m == pytest.approx(8, abs=0.1)
    assert only(found.at(beside(-8), 3.0).places).side == "right"
    assert only(found.at(beside(0), 3.0).places).side is None


def test_without_a_road_layer_the_road_is_not_known() -> None:
    place = on_map(streets()).at(beside(0)).places[0]
    assert (place.road, place.road_known) == (None, False)
    assert on_map(streets()).roads_near(beside(0)) == ()


def test_far_from_every_road_it_is_known_that_there_is_none() -> None:
    found = on_map(streets(), layer(Kind.ROAD, [across("r")]))
    place = found.at(beside(200)).places[0]
    assert (place.road, place.road_known) == (None, True)


def test_parallel_carriageways_too_close_to_tell_are_both_given() -> None:
    """12 m apart: with 20 m accuracy it is a question, with 3 m it is certain and right."""
    rows = [across("main", 0, ref="S28"), across("service", 12, ref="", name="service")]
    found = on_map(streets(), layer(Kind.ROAD, rows))
    assert roads_at(found, 1, 20.0) == ["main", "service"]
    assert roads_at(found, 1, 3.0) == ["main"]
    assert roads_at(found, 11, 3.0) == ["service"]
    assert found.at(beside(1), 20.0).shares == pytest.approx((0.5, 0.5))


def test_a_main_line_above_a_city_road_is_both() -> None:
    rows = [
        across("above", 0, road_class="expressway", legal_class="highway"),
        road("below", (114.005, 22.60), (114.005, 22.61), road_class="arterial"),
    ]
    found = on_map(streets(), layer(Kind.ROAD, rows))
    assert roads_at(found, 2, 5.0) == ["below", "above"]


def test_an_expressway_reaches_farther_than_a_city_road() -> None:
    rows = [across("fast", 0, road_class="expressway"), across("city", 300)]
    found = on_map(streets(), layer(Kind.ROAD, rows))
    assert roads_at(found, 25, 3.0) == ["fast"]
    assert roads_at(found, 275, 3.0) == [None]


def test_where_only_the_accuracy_reaches_a_road_it_may_also_be_none() -> None:
    found = on_map(streets(), layer(Kind.ROAD, [across("city")]))
    assert roads_at(found, 14, 10.0) == ["city"]
    assert roads_at(found, 20, 10.0) == [None, "city"]
    assert roads_at(found, 26, 10.0) == [None]


def test_consecutive_segments_of_one_road_are_no_question() -> None:
    rows = [
        road("a", (114.0, MIDDLE), (114.005, MIDDLE), ref="S28", from_m=0.0, to_m=500.0),
        road("b", (114.005, MIDDLE), (114.02, MIDDLE), ref="S28", from_m=500.0, to_m=2000.0),
    ]
    assert roads_at(on_map(layer(Kind.ROAD, rows)), 2, 10.0) == ["a"]
    register = [entry("one", segment="a"), entry("two", segment="b")]
    assert roads_at(on_map(layer(Kind.ROAD, rows), register=register), 2, 10.0) == ["a", "b"]


def test_with_a_very_poor_fix_no_road_is_guessed() -> None:
    found = on_map(streets(), layer(Kind.ROAD, [across("r")]))
    place = found.at(beside(0), 101.0).places[0]
    assert (place.road, place.road_known) == (None, False)


def test_the_runner_up_is_told_with_its_distance() -> None:
    found = on_map(layer(Kind.ROAD, [across("main", 0), across("service", 12)]))
    hits = found.roads_near(beside(1), 3.0)
    assert [hit.segment for hit in hits] == ["main", "service"]
    assert [hit.distance_m for hit in hits] == pytest.approx([1, 11], abs=0.1)


def staked(**about: object) -> MapOn:
    rows = [
        across("up", 0, ref="S28", direction="up", from_m=12_000.0, to_m=14_000.0),
        {
            **road("down", (114.02, MIDDLE + 0.0003), (114.0, MIDDLE + 0.0003)),
            "ref": "S28",
            "direction": "down",
            "from_m": 14_000.0,
            "to_m": 12_000.0,
        },
        road("ramp", (114.0, 22.602), (114.02, 22.602), ref="S28", series="A", from_m=0, to_m=400),
    ]
    return on_map(streets(), layer(Kind.ROAD, rows), **about)  # type: ignore[arg-type]


def test_a_stake_is_a_position_on_its_carriageway() -> None:
    found = staked().at_stake("S28", "K12+300", "up")
    assert found.point is not None
    assert found.point.lon == pytest.approx(114.003, abs=1e-6)
    hit = only(found.places)
    assert (hit.segment, hit.stake, hit.direction, hit.distance_m) == ("up", "K12+300", "up", 0.0)
    assert found.places[0].street is not None
    assert found.places[0].street.code == "001"


def test_falling_stakes_run_against_the_line() -> None:
    found = staked().at_stake("s28", "K12+300", "下行")
    assert found.point is not None
    assert found.point.lon == pytest.approx(114.003, abs=1e-6)
    assert only(found.places).segment == "down"


def test_without_a_direction_both_carriageways_answer() -> None:
    found = staked().at_stake("S28", "K12+300", None)
    assert {place.road.segment for place in found.places if place.road} == {"up", "down"}
    assert found.shares == pytest.approx((0.5, 0.5))


def test_a_ramp_has_stakes_of_its_own() -> None:
    assert only(staked().at_stake("S28", "AK0+120").places).stake == "AK0+120"


def test_a_stake_near_a_street_border_may_be_in_both_streets() -> None:
    found = staked().at_stake("S28", "K13+000", "up")
    assert {place.street.code for place in found.places if place.street} == {"001", "002"}


def test_a_position_has_the_stake_that_its_road_has_there() -> None:
    by_stake = staked().at_stake("S28", "K13+456", "up")
    assert by_stake.point is not None
    assert only(staked().at(by_stake.point, 1.0).places).stake == "K13+456"


def test_the_side_is_seen_towards_rising_stakes_on_both_carriageways() -> None:
    found = staked()
    north_of_down = beside(40)
    assert only(found.at(north_of_down, 3.0).places).direction == "down"
    assert only(found.at(north_of_down, 3.0).places).side == "left"


def test_where_two_segments_meet_the_stake_belongs_to_the_one_that_begins() -> None:
    rows = [
        road("a", (114.0, MIDDLE), (114.01, MIDDLE), ref="S28", from_m=0.0, to_m=1000.0),
        road("b", (114.01, MIDDLE), (114.02, MIDDLE), ref="S28", from_m=1000.0, to_m=2000.0),
    ]
    found = on_map(layer(Kind.ROAD, rows))
    assert only(found.at_stake("S28", "K1+000").places).segment == "b"
    assert only(found.at_stake("S28", "K2+000").places).segment == "b"
    assert only(found.at_stake("S28", "K0+000").places).segment == "a"


def test_an_unknown_road_is_refused_with_those_there_are() -> None:
    with pytest.raises(NoSuchStake, match="S28") as refused:
        staked().at_stake("G4", "K1+000")
    assert refused.value.field == "road"


def test_a_stake_beyond_the_road_is_refused_with_the_stakes_there_are() -> None:
    with pytest.raises(NoSuchStake, match=r"K12\+000–K14\+000") as refused:
        staked().at_stake("S28", "K99+000", "up")
    assert refused.value.field == "stake"
    assert "down" not in refused.value.en.partition("it has:")[2]


def test_a_direction_that_is_none_is_refused() -> None:
    with pytest.raises(BadStake, match="up") as refused:
        staked().at_stake("S28", "K12+300", "sideways")
    assert refused.value.field == "direction"


def test_without_a_road_layer_no_stake_can_be_found() -> None:
    with pytest.raises(NoSuchStake, match="that day"):
        on_map(streets()).at_stake("S28", "K1+000")


def test_a_road_without_stakes_says_so() -> None:
    with pytest.raises(NoSuchStake, match="it has: -"):
        on_map(layer(Kind.ROAD, [across("r", ref="S28")])).at_stake("S28", "K1+000")


def test_the_register_names_the_owner_of_each_function_at_the_stake() -> None:
    stakes = (Stake("", 12_000.0), Stake("", 13_000.0))
    found = staked(
        register=[
            entry("first", ref="S28", stakes=stakes),
            entry("second", ref="S28", stakes=(Stake("", 13_000.0), Stake("", 14_000.0))),
            entry("police", ref="S28", function="enforce"),
        ]
    )

    def owners(stake: str) -> dict[str, str]:
        return dict(only(found.at_stake("S28", stake, "up").places[:1]).owners)

    assert owners("K12+999") == {"maintain": "first", "enforce": "police"}
    assert owners("K13+001") == {"maintain": "second", "enforce": "police"}
    assert owners("K14+000") == {"maintain": "second", "enforce": "police"}


def test_an_entry_for_one_direction_leaves_the_other_alone() -> None:
    found = staked(register=[entry("up_only", ref="S28", direction="up")])
    assert only(found.at_stake("S28", "K12+300", "up").places).owners == (("maintain", "up_only"),)
    assert only(found.at_stake("S28", "K12+300", "down").places).owners == ()


def test_two_owners_of_one_function_are_both_told() -> None:
    """Which of them counts is a seam, not a choice that geography makes."""
    found = staked(register=[entry("one", segment="up"), entry("two", ref="S28", direction="up")])
    assert only(found.at_stake("S28", "K12+300", "up").places).owners == (
        ("maintain", "one"),
        ("maintain", "two"),
    )


def test_stakes_that_meet_are_told_as_one_stretch_and_a_hole_as_a_hole() -> None:
    rows = [
        road("a", (114.0, MIDDLE), (114.005, MIDDLE), ref="S28", from_m=0.0, to_m=500.0),
        road("b", (114.005, MIDDLE), (114.01, MIDDLE), ref="S28", from_m=500.0, to_m=1000.0),
        road("c", (114.015, MIDDLE), (114.02, MIDDLE), ref="S28", from_m=1500.0, to_m=2000.0),
    ]
    with pytest.raises(NoSuchStake, match=r"it has: K0\+000–K1\+000, K1\+500–K2\+000"):
        on_map(layer(Kind.ROAD, rows)).at_stake("S28", "K1+200")
