"""A cell of ground remembers what the trees would say, and never says anything else."""

import threading
from collections.abc import Mapping, Sequence
from datetime import date
from random import Random

import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from shapely.geometry import Polygon

from geo import demo
from geo.cells import PER_DEGREE, REACH_M, AreaCells
from geo.editions import Kind
from geo.layers import Atlas
from geo.locate import MapOn
from geo.metric import Plane
from geo.road_cells import RoadCells
from geo.roads import EXPRESSWAY_REACH_M
from tests.geo.builders import layer, on_map, road, streets, zone
from tests.geo.test_properties import SOME_STREETS, at_grid, shapes

STEP = 1e-4
BESIDE = st.sampled_from([0.0, 0.0, 1e-9, -1e-9, 3.3e-5, -2.71e-5, 9.7e-5, STEP / 2])
ACCURACIES = st.sampled_from([0.0, 0.5, 3.0, 9.9, 10.0, 20.0, REACH_M])


@st.composite
def positions(draw: st.DrawFn) -> tuple[float, float]:
    """On corners, edges and edges of cells (114.0 and 22.6 are), a hair beside them, or not."""
    x, y = at_grid(draw(st.integers(-25, 25)), draw(st.integers(-25, 25)))
    return x + draw(BESIDE), y + draw(BESIDE)


def assert_alike(today: MapOn, cells: AreaCells, lon: float, lat: float, accuracy_m: float) -> bool:
    """Whether the cell answered; if so, what the trees say."""
    cells.cell(lon, lat)
    found = cells.around(lon, lat, accuracy_m)
    if found is None:
        return False
    shares, border = found
    expected, expected_border = today.by_trees(lon, lat, accuracy_m)
    assert border == expected_border
    assert [place for place, _ in shares] == [place for place, _ in expected]
    assert [share for _, share in shares] == pytest.approx(
        [share for _, share in expected], abs=1e-8
    )
    return True


@settings(max_examples=400)
@example([Polygon([at_grid(0, 0), at_grid(1, 0), at_grid(1, 1)])], [], (114.0, 22.5999729), 3.0)
@given(SOME_STREETS, st.lists(shapes(), max_size=3), positions(), ACCURACIES)
def test_cells_and_trees_say_the_same(
    found: Sequence[Polygon], zones: Sequence[Polygon], at: tuple[float, float], accuracy_m: float
) -> None:
    rows: list[Mapping[str, object]] = [{"geometry": shape} for shape in found]
    editions = [layer(Kind.STREET, rows)]
    if zones:
        of_zones = [zone("water", f"level{n}", one, f"z{n}") for n, one in enumerate(zones)]
        editions.append(layer(Kind.ZONE, of_zones))
    today = on_map(*editions)
    assert_alike(today, AreaCells(today.areas), *at, accuracy_m)


@settings(max_examples=200)
@given(
    st.lists(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=2, max_size=4)),
    positions(),
    ACCURACIES,
)
def test_cells_and_trees_find_the_same_roads(
    drawn: Sequence[Sequence[tuple[int, int]]], at: tuple[float, float], accuracy_m: float
) -> None:
    rows = [
        road(
            f"r{n}",
            *(at_grid(x, y) for x, y in line),
            road_class="expressway" if n % 2 else "branch",
        )
        for n, line in enumerate(drawn)
        if len(set(line)) == len(line)
    ]
    if not rows:
        return
    today = on_map(streets(), layer(Kind.ROAD, rows))
    assert today.roads is not None
    lines = today.roads.lines
    cells = RoadCells(lines)
    cells.cell(*at)
    plane = Plane.at(*at)
    found = cells.near(plane, accuracy_m)
    box = plane.box(accuracy_m + EXPRESSWAY_REACH_M)
    assert found is None or found == lines.near(box, plane, accuracy_m)


@pytest.mark.parametrize("day", [date(2008, 11, 5), date(2026, 11, 20)])
def test_in_the_schematic_district_cells_answer_almost_always_and_rightly(day: date) -> None:
    today = Atlas(demo.editions(), demo.register()).on(day)
    cells = AreaCells(today.areas)
    chance = Random(7)
    west, south, east, north = shapely.total_bounds(today.areas.shapes).tolist()
    spots = [(chance.uniform(west, east), chance.uniform(south, north)) for _ in range(600)]
    ends = today.areas.street_borders.pieces + today.areas.other_borders.pieces
    for lon1, lat1, lon2, lat2 in chance.sample(ends, 400):
        part = chance.random()
        near = lon1 + part * (lon2 - lon1), lat1 + part * (lat2 - lat1)
        spots += [near, (near[0] + chance.uniform(-2e-4, 2e-4), near[1] + 5e-5)]
    spots += [(round(lon * PER_DEGREE) / PER_DEGREE, lat) for lon, lat in spots[:100]]
    answered = [assert_alike(today, cells, *spot, 10.0) for spot in spots]
    assert sum(answered[:600]) >= 0.97 * 600
    assert sum(answered[600:]) >= 0.4 * len(answered[600:])


def test_a_poor_accuracy_is_left_to_the_trees() -> None:
    today = on_map(streets())
    cells = AreaCells(today.areas)
    cells.cell(114.005, 22.605)
    assert cells.around(114.005, 22.605, REACH_M) is not None
    assert cells.around(114.005, 22.605, REACH_M + 0.1) is None


def test_the_first_positions_fill_no_cells() -> None:
    """Whoever asks once from the command line should not pay for what only a server needs."""
    today = on_map(streets())
    cells = AreaCells(today.areas)
    told = [cells.around(114.005, 22.605, 10.0) is None for _ in range(100)]
    assert told[0]
    assert not told[-1]


def test_without_any_layer_cells_know_nothing_either() -> None:
    today = Atlas([]).on(date(2026, 1, 1))
    assert_alike(today, AreaCells(today.areas), 114.005, 22.605, 10.0)


def test_threads_may_share_cells() -> None:
    today = on_map(streets())
    cells = AreaCells(today.areas)
    chance = Random(1)
    spots = [(chance.uniform(114.0, 114.02), chance.uniform(22.6, 22.61)) for _ in range(300)]
    expected = [today.by_trees(*spot, 10.0) for spot in spots]
    wrong: list[object] = []

    def ask() -> None:
        for spot, (places, border) in zip(spots, expected, strict=True):
            found = cells.around(*spot, 10.0)
            if found is not None and (found[0][0][0], found[1]) != (places[0][0], border):
                wrong.append(spot)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
