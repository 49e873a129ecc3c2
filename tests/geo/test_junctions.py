"""Two roads by number or name come to the places where they meet."""

import pytest

from geo.editions import Kind
from geo.junctions import junctions, road_names, rows_of
from geo.roads import RoadLines
from tests.geo.builders import METRE, MIDDLE, layer, road

LEFT, RIGHT, SOUTH, NORTH = 114.0, 114.02, 22.60, 22.61
CROSSING = 114.005


@pytest.fixture(scope="module")
def lines() -> RoadLines:
    """A dual carriageway, a road that crosses it twice, one that ends 20 m off, one far away."""
    along = [
        road("A1", (LEFT, MIDDLE), (RIGHT, MIDDLE), ref="S28", name="水官高速"),
        road("A2", (LEFT, MIDDLE + 0.0001), (RIGHT, MIDDLE + 0.0001), ref="S28", name="水官高速"),
    ]
    across = [
        road("B", (CROSSING, SOUTH), (CROSSING, NORTH), name="龙岗大道"),
        road("C", (114.015, SOUTH), (114.015, NORTH), name="龙岗大道"),
        road("D", (114.01, MIDDLE + 0.0001 + 20 * METRE), (114.01, NORTH), name="Hill Road"),
        road("E", (114.012, MIDDLE + 0.002), (114.012, NORTH), name="Far Lane"),
    ]
    return RoadLines(layer(Kind.ROAD, [*along, *across]))


def test_the_crossings_of_two_carriageways_are_one_junction(lines: RoadLines) -> None:
    met = junctions(lines, rows_of(lines, "s28"), rows_of(lines, "龙岗大道"))
    assert [round(point.lon, 4) for point in met] == [CROSSING, 114.015]
    assert all(abs(point.lat - MIDDLE) < 0.0002 for point in met)


def test_the_order_of_the_roads_does_not_matter(lines: RoadLines) -> None:
    one, other = rows_of(lines, "S28"), rows_of(lines, "龙岗大道")
    assert junctions(lines, one, other) == junctions(lines, other, one)


def test_a_road_that_ends_twenty_metres_away_meets_it(lines: RoadLines) -> None:
    (met,) = junctions(lines, rows_of(lines, "S28"), rows_of(lines, "hill road"))
    assert round(met.lon, 4) == 114.01


def test_roads_that_stay_apart_do_not_meet(lines: RoadLines) -> None:
    assert junctions(lines, rows_of(lines, "S28"), rows_of(lines, "Far Lane")) == ()
    assert junctions(lines, (), rows_of(lines, "S28")) == ()


def test_a_road_is_found_by_number_by_name_or_by_a_part_of_its_name(lines: RoadLines) -> None:
    codes = [lines.segments[row].code for row in rows_of(lines, "水官")]
    assert codes == ["A1", "A2"]
    assert rows_of(lines, " S 28 ") == rows_of(lines, "水官高速") == rows_of(lines, "水官")
    assert rows_of(lines, "no such road") == ()
    assert rows_of(lines, "  ") == ()


def test_every_number_and_name_is_listed_once(lines: RoadLines) -> None:
    assert road_names(lines) == ("Far Lane", "Hill Road", "S28", "水官高速", "龙岗大道")
