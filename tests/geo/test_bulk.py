"""Many positions at once have the places of one at a time, borders and roads included."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo import demo
from geo.bulk import Located, ManyMaps
from geo.editions import CRS, Kind
from geo.errors import BadAccuracy, BadPoint
from geo.layers import Atlas
from geo.locate import MapOn
from geo.places import Place
from geo.points import Point
from tests.geo.builders import METRE, MIDDLE, layer, on_map, road, streets, zone

Floats = npt.NDArray[np.float64]


def without_measures(places: Sequence[Place]) -> tuple[Place, ...]:
    """The places with roads as many positions have them: without stake and distance."""
    return tuple(
        place
        if place.road is None
        else replace(place, road=replace(place.road, stake=None, distance_m=0.0))
        for place in places
    )


def different(found: Located, on: MapOn, where: tuple[Floats, Floats], accuracy_m: float) -> int:
    """How many positions are not told what one at a time tells them."""
    count = 0
    for row, (lon, lat) in enumerate(zip(where[0].tolist(), where[1].tolist(), strict=True)):
        one = on.at(Point.checked(lon=lon, lat=lat), accuracy_m)
        measured = None if found.border_m is None else found.border_m[row]
        same = without_measures(one.places) == found.places[found.code[row]]
        count += not (same and one.border_m == measured)
    return count


@pytest.fixture(scope="module")
def schematic() -> Atlas:
    return Atlas(demo.editions(), demo.register())


def around_everything(on: MapOn, count: int, seed: int) -> tuple[Floats, Floats]:
    """Positions all over the district, near its roads, near and exactly on its borders."""
    random = np.random.default_rng(seed)
    ends = on.areas.street_borders.ends
    low, high = ends[:, :2].min(axis=0) - 0.01, ends[:, 2:].max(axis=0) + 0.01
    anywhere = random.uniform(low, high, (count, 2))
    assert on.roads is not None
    lines = np.array(on.roads.lines.pieces)[:, :4]
    near: list[Floats] = []
    for pieces in (lines, ends, on.areas.other_borders.ends):
        picked = pieces[random.integers(0, len(pieces), count)]
        along = random.uniform(0, 1, (count, 1))
        on_line = picked[:, :2] + along * (picked[:, 2:] - picked[:, :2])
        near += [on_line + random.normal(0, 1e-4, (count, 2)), picked[:, :2]]
    places = np.vstack([anywhere, *near])
    return places[:, 0], places[:, 1]


@pytest.mark.parametrize("accuracy_m", [0.0, 3.0, 10.0, 120.0])
@pytest.mark.parametrize("worth_cells", [1, 10**9])
def test_positions_everywhere_are_told_what_one_at_a_time_tells(
    schematic: Atlas, accuracy_m: float, worth_cells: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geo.bulk._WORTH_CELLS", worth_cells)
    on = schematic.on(date(2008, 11, 5))
    where = around_everything(on, 60, seed=round(accuracy_m))
    found = ManyMaps().at(on, *where, accuracy_m)
    assert different(found, on, where, accuracy_m) == 0


def test_days_share_what_they_have_in_common(schematic: Atlas) -> None:
    many = ManyMaps()
    for day in (date(2008, 11, 5), date(2015, 6, 1), date(2026, 1, 1), date(2008, 11, 5)):
        on = schematic.on(day)
        where = around_everything(on, 20, seed=7)
        assert different(many.at(on, *where, 10.0), on, where, 10.0) == 0


near_the_seam = st.tuples(
    st.integers(-300, 300).map(lambda steps: 114.01 + steps * METRE / 10),
    st.integers(-300, 300).map(lambda steps: MIDDLE + steps * METRE / 10),
)


@given(st.lists(near_the_seam, min_size=1, max_size=8), st.floats(0, 30))
def test_near_a_border_a_zone_and_two_roads_nothing_differs(
    spots: list[tuple[float, float]], accuracy_m: float
) -> None:
    on = CROWDED
    lons, lats = (np.array(each) for each in zip(*spots, strict=True))
    assert different(ManyMaps().at(on, lons, lats, accuracy_m), on, (lons, lats), accuracy_m) == 0


CROWDED = on_map(
    streets(),
    layer(
        Kind.ZONE,
        [
            zone("water", "level1", shapely.box(114.0099, 22.6049, 114.0101, 22.6051), "w1"),
            zone("water", "level2", shapely.box(114.01, 22.605, 114.0103, 22.6053), "w2"),
        ],
    ),
    layer(
        Kind.ROAD,
        [
            road("a", (114.0, MIDDLE), (114.01, MIDDLE + 0.0001), (114.02, MIDDLE)),
            road("b", (114.0, MIDDLE + 0.0001), (114.02, MIDDLE + 0.0001), name="other"),
        ],
    ),
)


def test_without_roads_and_border_neither_is_looked_for() -> None:
    found = ManyMaps().at(
        CROWDED, np.array([114.005]), np.array([MIDDLE]), roads=False, border=False
    )
    assert found.border_m is None
    assert [place.road_known for place in found.places[0]] == [False]


def test_without_any_layer_nothing_is_known() -> None:
    empty = Atlas([]).on(date(2026, 1, 1))
    found = ManyMaps().at(empty, np.array([114.0]), np.array([22.6]))
    assert found.places == ((Place(None, None, None, ()),),)
    assert found.border_m is None


def test_no_positions_are_no_answers() -> None:
    found = ManyMaps().at(CROWDED, np.zeros(0), np.zeros(0))
    assert len(found.code) == 0


@pytest.mark.parametrize(("lon", "accuracy_m"), [(200.0, 10.0), (math.nan, 10.0)])
def test_a_position_that_is_none_is_refused(lon: float, accuracy_m: float) -> None:
    with pytest.raises(BadPoint):
        ManyMaps().at(CROWDED, np.array([lon]), np.array([22.6]), accuracy_m)


@pytest.mark.parametrize("accuracy_m", [-1.0, math.nan, math.inf])
def test_an_accuracy_that_is_no_distance_is_refused(accuracy_m: float) -> None:
    with pytest.raises(BadAccuracy):
        ManyMaps().at(CROWDED, np.array([114.0]), np.array([22.6]), accuracy_m)


def voronoi(count: int) -> npt.NDArray[np.object_]:
    random = np.random.default_rng(count)
    ground = shapely.box(114.0, 22.5, 114.3, 22.8)
    seeds = shapely.multipoints(random.uniform((114.0, 22.5), (114.3, 22.8), (count, 2)))
    cells = shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=ground))
    return np.asarray(shapely.set_precision(shapely.intersection(cells, ground), 1e-6))


def test_130_000_positions_are_where_one_at_a_time_and_geopandas_say() -> None:
    """Random ones, on vertices, on edges, and 1e-9 degrees beside them."""
    shapes = voronoi(200)
    rows = [{"code": f"{n:03}", "name": "", "geometry": one} for n, one in enumerate(shapes)]
    on = on_map(layer(Kind.STREET, rows))
    random = np.random.default_rng(130_000)
    vertices = shapely.get_coordinates(on.areas.shapes)
    ends = on.areas.street_borders.ends
    picked = ends[random.integers(0, len(ends), 25_000)]
    part = random.uniform(0, 1, (25_000, 1))
    on_edges = picked[:, :2] + part * (picked[:, 2:] - picked[:, :2])
    on_vertices = vertices[random.integers(0, len(vertices), 15_000)]
    beside = np.vstack([on_edges, on_vertices])
    beside = beside + random.choice([-1e-9, 0.0, 1e-9], beside.shape)
    anywhere = random.uniform((113.99, 22.49), (114.31, 22.81), (50_000, 2))
    spots = np.vstack([anywhere, on_vertices, on_edges, beside])
    assert len(spots) == 130_000
    found = ManyMaps().at(on, spots[:, 0], spots[:, 1], 0.0, roads=False, border=False)
    streets_of = [
        sorted(place.street.code for place in places if place.street) for places in found.places
    ]
    frame = gpd.GeoDataFrame(
        {"code": [feature.area.code for feature in on.areas.features]},
        geometry=on.areas.shapes,
        crs=CRS,
    )
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(*spots.T, crs=CRS))
    joined = points.sjoin(frame, predicate="intersects", how="left").dropna()
    expected: dict[int, list[str]] = joined.groupby(level=0)["code"].agg(sorted).to_dict()
    wrong = alone = 0
    for row, (lon, lat) in enumerate(spots.tolist()):
        bulk = streets_of[found.code[row]]
        wrong += bulk != expected.get(row, [])
        one = on.at(Point(lon, lat), 0.0, roads=False)
        alone += without_measures(one.places) != found.places[found.code[row]]
    assert (wrong, alone) == (0, 0)
