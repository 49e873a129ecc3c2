"""What must hold for any map: held by comparing with plain, slow ways to say the same."""

from collections.abc import Mapping, Sequence

import geopandas as gpd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point as Spot
from shapely.geometry import Polygon, box
from shapely.geometry.base import BaseGeometry

from geo.editions import Edition, Kind
from geo.metric import Plane
from geo.points import Point
from tests.geo.builders import layer, on_map, road, zone

# Small whole numbers of 1e-4 degrees, so that corners, edges and coincidences really happen
STEP = 1e-4
GRID = st.integers(0, 12)


def at_grid(x: float, y: float) -> tuple[float, float]:
    return round(114.0 + x * STEP, 6), round(22.6 + y * STEP, 6)


@st.composite
def shapes(draw: st.DrawFn) -> Polygon:
    """A box or a triangle with corners on the grid."""
    x, y = draw(GRID), draw(GRID)
    wide, high = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    corners = [at_grid(x, y), at_grid(x + wide, y), at_grid(x + wide, y + high)]
    if draw(st.booleans()):
        corners.append(at_grid(x, y + high))
    return Polygon(corners)


def streets_of(given_shapes: Sequence[Polygon]) -> Edition:
    rows: list[Mapping[str, object]] = [{"geometry": shape} for shape in given_shapes]
    return layer(Kind.STREET, rows)


@st.composite
def positions(draw: st.DrawFn) -> Point:
    """Often on a corner or an edge, sometimes a hair beside one, sometimes anywhere."""
    x, y = draw(st.integers(-2, 20)), draw(st.integers(-2, 20))
    lon, lat = at_grid(x, y)
    if draw(st.booleans()):
        lon = lon + draw(st.sampled_from([-1e-9, 1e-9, 3.3e-5, STEP / 2]))
    return Point.checked(lon=lon, lat=lat)


SOME_STREETS = st.lists(shapes(), min_size=1, max_size=6)


@given(SOME_STREETS, positions())
def test_the_streets_are_those_that_geopandas_finds(found: list[Polygon], where: Point) -> None:
    edition = streets_of(found)
    places = on_map(edition).at(where, 0.0).places
    frame = gpd.GeoDataFrame(edition.frame)
    plain = frame[frame.intersects(Spot(where.lon, where.lat))]
    assert {p.street.code for p in places if p.street} == set(plain["code"])


@given(SOME_STREETS, positions(), st.floats(0.1, 60))
def test_the_circle_touches_what_plain_geometry_says(
    found: list[Polygon], where: Point, accuracy_m: float
) -> None:
    edition = streets_of(found)
    answer = on_map(edition).at(where, accuracy_m)
    plane = Plane.at(where.lon, where.lat)

    def flat(shape: Polygon) -> BaseGeometry:
        return shapely.transform(
            shape, lambda p: (p - (plane.lon, plane.lat)) * (plane.east, plane.north)
        )

    around = Spot(0, 0).buffer(accuracy_m, quad_segs=64)
    ground = {code: flat(shape) for code, shape in edition.frame[["code", "geometry"]].values}
    touched = {code for code, shape in ground.items() if shape.distance(Spot(0, 0)) <= accuracy_m}
    assert {p.street.code for p in answer.places if p.street} <= {
        code
        for code, shape in ground.items()
        if shape.distance(Spot(0, 0)) <= accuracy_m * 1.002 + 1e-9
    }
    clearly = {
        code for code in touched if ground[code].intersection(around).area > 1e-3 * around.area
    }
    assert clearly <= {p.street.code for p in answer.places if p.street}
    uncovered = around.difference(shapely.union_all(list(ground.values()))).area
    if uncovered > 1e-2 * around.area:
        assert None in {p.street for p in answer.places}
    assert sum(answer.shares) == pytest.approx(1.0)
    assert len(set(answer.places)) == len(answer.places)


@given(SOME_STREETS, positions())
def test_the_border_distance_is_that_of_every_piece_measured(
    found: list[Polygon], where: Point
) -> None:
    edition = streets_of(found)
    plane = Plane.at(where.lon, where.lat)
    measured = min(
        plane.to_piece(*one, *other)[0]
        for shape in edition.frame.geometry
        for one, other in zip(shape.exterior.coords, shape.exterior.coords[1:], strict=False)
    )
    answer = on_map(edition).at(where).border_m
    assert answer == pytest.approx(measured, rel=1e-4, abs=1e-3)


@given(SOME_STREETS, positions(), st.sampled_from([0.0, 5.0, 30.0]))
def test_an_unrelated_area_changes_nothing(
    found: list[Polygon], where: Point, accuracy_m: float
) -> None:
    far = box(114.5, 22.5, 114.6, 22.6)
    before = on_map(streets_of(found)).at(where, accuracy_m)
    after = on_map(streets_of([*found, far])).at(where, accuracy_m)
    assert after == before


@given(SOME_STREETS, st.randoms(use_true_random=False), positions(), st.sampled_from([0.0, 30.0]))
def test_the_order_of_features_changes_nothing(
    found: list[Polygon], chance: object, where: Point, accuracy_m: float
) -> None:
    rows: list[Mapping[str, object]] = [
        zone("water", f"level{n % 2}", shape, f"z{n}") for n, shape in enumerate(found)
    ]
    shuffled = list(rows)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    street = streets_of([box(114.0, 22.6, 114.0015, 22.6015)])
    assert on_map(street, layer(Kind.ZONE, shuffled)).at(where, accuracy_m) == on_map(
        layer(Kind.ZONE, rows), street
    ).at(where, accuracy_m)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(GRID, GRID, GRID, GRID), min_size=1, max_size=8),
    positions(),
    st.floats(0, 40),
)
def test_the_roads_are_those_that_every_line_measured_gives(
    lines: list[tuple[int, int, int, int]], where: Point, accuracy_m: float
) -> None:
    rows = [
        road(f"r{n}", at_grid(x1, y1), at_grid(x2 + 13, y2), name=f"{n}")
        for n, (x1, y1, x2, y2) in enumerate(lines)
    ]
    plane = Plane.at(where.lon, where.lat)
    distances = {
        str(row["code"]): plane.to_piece(*row["geometry"].coords[0], *row["geometry"].coords[1])[0]  # type: ignore[attr-defined]
        for row in rows
    }
    nearest = min(distances.values())
    expected = {
        code
        for code, distance in distances.items()
        if distance <= 15 + accuracy_m and distance - nearest <= 2 * accuracy_m
    }
    answer = on_map(layer(Kind.ROAD, rows)).at(where, accuracy_m).places
    assert {p.road.segment for p in answer if p.road} == expected
    assert (None in {p.road for p in answer}) == (nearest > 15)
