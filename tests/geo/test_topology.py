"""Holes, overlaps, slivers, differences, features outside: each found, with its size and sides."""

import json
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from geo import demo
from geo.editions import CRS, Kind
from geo.fault_map import as_dict, as_geojson, says
from geo.topology import Flaw, Layer, differences, faults_in, faults_outside, joined
from tests.geo.builders import EAST, METRE, MIDDLE, WEST

METRIC = "EPSG:4547"
DEGREE2 = 102_800 * 110_740  # square metres in a square degree here


def areas(*shapes: BaseGeometry, source: str = "") -> Layer:
    rows = [
        {"code": f"{n:03}", "name": f"area {n}", "geometry": s} for n, s in enumerate(shapes, 1)
    ]
    frame = gpd.GeoDataFrame(rows, geometry="geometry", crs=CRS)
    return Layer.of(frame, METRIC, source=source)


def codes(found: Sequence[object]) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.flaw.value, tuple(side.code for side in one.sides)) for one in found]  # type: ignore[attr-defined]


def test_areas_that_divide_the_ground_have_no_faults() -> None:
    assert faults_in(areas(WEST, EAST)) == ()


def test_a_hole_is_found_with_its_size_its_place_and_its_sides() -> None:
    hole = box(114.009, 22.604, 114.011, 22.606)
    (found,) = faults_in(areas(WEST - hole, EAST - hole))
    assert (found.flaw, [side.code for side in found.sides]) == (Flaw.HOLE, ["001", "002"])
    assert found.area_m2 == pytest.approx(0.002 * 0.002 * DEGREE2, rel=0.01)
    assert hole.contains(Point(found.lon, found.lat))
    assert found.shape.symmetric_difference(hole).area < 1e-6 * hole.area


def test_an_island_in_a_hole_is_no_part_of_it() -> None:
    hole, island = box(114.004, 22.604, 114.006, 22.606), box(114.0045, 22.6045, 114.0055, 22.6055)
    (found,) = faults_in(areas(WEST - hole, island))
    assert found.area_m2 == pytest.approx((0.002**2 - 0.001**2) * DEGREE2, rel=0.01)


def test_an_overlap_is_found_with_both_areas() -> None:
    wider = box(114.008, 22.60, 114.02, 22.61)
    (found,) = faults_in(areas(WEST, wider))
    assert codes([found]) == [("overlap", ("001", "002"))]
    assert found.area_m2 == pytest.approx(0.002 * 0.01 * DEGREE2, rel=0.01)


@pytest.mark.parametrize("metres", [-0.5, 0.5])
def test_a_border_drawn_twice_leaves_a_sliver_open_or_closed(metres: float) -> None:
    moved = box(114.01 + metres * METRE, 22.60, 114.02, 22.61)
    (found,) = faults_in(areas(WEST, moved))
    assert codes([found]) == [("sliver", ("001", "002"))]
    assert found.area_m2 == pytest.approx(0.5 * 0.01 * 110_740, rel=0.05)


def test_a_ring_that_crosses_itself_is_named_with_its_reason() -> None:
    bow = Polygon([(114.0, 22.6), (114.01, 22.61), (114.01, 22.6), (114.0, 22.61)])
    (found,) = faults_in(areas(bow))
    assert found.flaw is Flaw.INVALID
    assert "Self-intersection" in found.reason
    assert "Self-intersection" in says(found)[0]


def test_zones_may_overlap() -> None:
    assert faults_in(areas(WEST, WEST), partition=False) == ()


def test_what_lies_outside_is_told_but_not_what_rounding_put_there() -> None:
    ground = areas(WEST)
    (found,) = faults_outside(areas(box(114.005, 22.602, 114.012, 22.604)), ground)
    assert found.flaw is Flaw.OUTSIDE
    assert found.area_m2 == pytest.approx(0.002 * 0.002 * DEGREE2, rel=0.01)
    hair = box(114.005, 22.602, 114.01 + 0.1 * METRE, 22.604)
    assert faults_outside(areas(hair), ground) == ()


def test_of_roads_and_zones_only_those_wholly_outside_are_told() -> None:
    ground = areas(WEST)
    across = LineString([(114.005, MIDDLE), (114.015, MIDDLE)])
    beyond = LineString([(114.015, MIDDLE), (114.018, MIDDLE)])
    assert codes(faults_outside(areas(across, beyond), ground, wholly=True)) == [
        ("outside", ("002",))
    ]


def test_a_neighbour_that_takes_our_ground_is_an_overlap_of_the_two_layers() -> None:
    neighbour = areas(box(114.018, 22.60, 114.03, 22.61))
    (found,) = faults_in(joined([areas(WEST, EAST), neighbour]))
    assert codes([found]) == [("overlap", ("002", "001"))]


def test_two_sources_differ_where_they_name_others_or_only_one_has_an_area() -> None:
    one = areas(WEST, EAST, source="a")
    other = areas(
        box(114.00, 22.60, 114.012, 22.61), box(114.012, 22.60, 114.025, 22.61), source="b"
    )
    found = differences(one, other)
    assert codes(found) == [("difference", ("", "002")), ("difference", ("002", "001"))]
    assert [round(f.area_m2 / DEGREE2 * 1e5, 1) for f in found] == [5.0, 2.0]
    assert codes(differences(one, other, about="001")) == [("difference", ("002", "001"))]
    assert differences(one, one) == ()


def test_a_difference_is_divided_by_a_finer_layer_and_none_of_it_is_lost() -> None:
    one = areas(WEST, EAST, source="a")
    other = areas(
        box(114.00, 22.60, 114.012, 22.61), box(114.012, 22.60, 114.02, 22.61), source="b"
    )
    south = areas(box(114.00, 22.60, 114.03, 22.604))
    (whole,) = differences(one, other)
    assert whole.part is None
    rest, part = differences(one.divided(south), other.divided(south))
    assert codes([rest, part]) == [("difference", ("002", "001"))] * 2
    assert (rest.part, part.part) == (None, south.sides[0])
    assert rest.area_m2 / part.area_m2 == pytest.approx(6 / 4, rel=0.001)
    assert rest.area_m2 + part.area_m2 == pytest.approx(whole.area_m2, rel=0.001)
    assert faults_in(one.divided(south)) == ()


def test_areas_without_a_code_are_the_same_by_name() -> None:
    frame = gpd.GeoDataFrame(
        {"name": ["大鹏新区"], "geometry": [WEST]}, geometry="geometry", crs=CRS
    )
    bare = Layer.of(frame, METRIC)
    coded = Layer.of(frame.assign(code="440311"), METRIC)
    assert differences(bare, coded) == ()


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=1, max_size=5))
def test_holes_and_ground_together_are_all_that_the_outline_encloses(
    corners: list[tuple[int, int]],
) -> None:
    """Whatever is cut out: nothing of it is lost, nothing is told twice."""
    cut = shapely.union_all(
        [
            box(
                round(114.001 + x * 1e-3, 6),
                round(22.601 + y * 1e-3, 6),
                round(114.002 + x * 1e-3, 6),
                round(22.602 + y * 1e-3, 6),
            )
            for x, y in corners
            if x < 8 and y < 8
        ]
    )
    layer = areas(WEST - cut)
    told = sum(one.area_m2 for one in faults_in(layer) if one.flaw is not Flaw.INVALID)
    (whole,) = areas(WEST).shapes
    assert told == pytest.approx(whole.area - layer.shapes[0].area, abs=1)


def test_the_drawn_district_has_no_faults() -> None:
    for edition in demo.editions():
        if edition.kind in (Kind.STREET, Kind.COMMUNITY):
            assert faults_in(Layer.of(edition.frame, METRIC)) == ()


def test_the_map_of_faults_is_a_layer_that_gdal_reads(tmp_path: Path) -> None:
    hole = box(114.009, 22.604, 114.011, 22.606)
    found = faults_in(areas(WEST - hole, EAST - hole, source="one"))
    path = tmp_path / "faults.geojson"
    path.write_text(as_geojson(found), encoding="utf-8")
    (row,) = gpd.read_file(path).itertuples()
    assert (row.flaw, row.codes, row.sources) == ("hole", "001, 002", "one, one")
    assert row.geometry.symmetric_difference(hole).area < 1e-6 * hole.area
    assert json.dumps(as_dict(found[0]), ensure_ascii=False)


# --- real data ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sources(shared_data: Path) -> tuple[Layer, Layer]:
    frame = gpd.read_file(shared_data / "shenzhen_districts.geojson")
    one, other = (
        Layer.of(rows, METRIC, code="adcode", name="district", source=str(source))
        for source, rows in frame.groupby("src")
    )
    return one, other


def test_the_real_hole_between_longhua_and_longgang_is_found(
    sources: tuple[Layer, Layer],
) -> None:
    found = [one for one in faults_in(sources[1]) if one.area_m2 > 1000]
    assert [(one.flaw, {side.name for side in one.sides}) for one in found] == [
        (Flaw.HOLE, {"龙华区", "龙岗区"})
    ]
    assert found[0].area_m2 == pytest.approx(69_110, rel=0.01)
    assert (found[0].lon, found[0].lat) == pytest.approx((114.0471, 22.6330), abs=2e-4)


@pytest.mark.parametrize(("by_streets", "count"), [(False, 403), (True, 408)])
def test_the_pieces_where_the_two_real_sources_differ_are_those_known(
    sources: tuple[Layer, Layer], shared_data: Path, *, by_streets: bool, count: int
) -> None:
    """409 known pieces, cut at the borders of streets, too; as 403 where only districts cut.

    Divided by the streets of Longgang they agree one by one with those known, but for two that a
    border between streets of 龙华 parts, which no layer has: those are one here.
    """
    known = gpd.read_file(shared_data / "longgang_boundary_conflicts.geojson").to_crs(METRIC)
    assert len(known) == 409
    one, other = sources
    streets: set[str] = set()
    if by_streets:
        frame = gpd.read_file(shared_data / "longgang_streets.geojson")
        finer = Layer.of(frame, METRIC)
        streets = set(frame["name"])
        one, other = one.divided(finer), other.divided(finer)
    found = differences(one, other, about="440307")
    assert sum(one.area_m2 for one in found) == pytest.approx(known.area_m2.sum(), rel=0.001)
    known["part"] = known.street_a.where(known.street_a.isin(streets), "")
    whole = _without_cuts(known)
    assert len(whole) == len(found) == count
    ours = sorted(
        (
            found_in.part.name if found_in.part else "",
            *(side.name for side in found_in.sides),
            found_in.area_m2,
        )
        for found_in in found
    )
    assert [one[:3] for one in ours] == [one[:3] for one in whole]
    areas = np.array([[mine[3], theirs[3]] for mine, theirs in zip(ours, whole, strict=True)])
    assert np.abs(areas[:, 0] / areas[:, 1] - 1).max() < 0.01


def _without_cuts(pieces: gpd.GeoDataFrame) -> list[tuple[str, str, str, float]]:
    """The pieces with those of one part and pair of districts put together that lie side by side.

    What parts them then is a border between streets alone.
    """
    named = pieces[["part", "district_a", "district_b"]].fillna("")
    sides = list(named.itertuples(index=False, name=None))
    shapes = pieces.geometry.values
    first = list(range(len(pieces)))
    left, right = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=0.2)
    for a, b in zip(left.tolist(), right.tolist(), strict=True):
        # More than a corner, where other pieces meet
        meet = shapes[a].buffer(0.15).intersection(shapes[b]).area > 0.5
        if sides[a] == sides[b] and first[a] != first[b] and meet:
            first = [first[a] if one == first[b] else one for one in first]
    areas = pieces.area_m2.groupby(first).sum()
    return sorted((*sides[at], float(area)) for at, area in areas.items())


def test_real_streets_have_no_holes_and_no_overlaps(shared_data: Path) -> None:
    frame = gpd.read_file(shared_data / "longgang_streets.geojson")
    assert faults_in(Layer.of(frame, METRIC)) == ()
