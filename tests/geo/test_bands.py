"""Bands beside highways and around schools: from the edge outward, by the widths of the day."""

from datetime import date

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point, box

from geo.bands import LAND_M, Width, highway_bands, school_bands
from geo.editions import CRS, Edition, Kind
from geo.layers import Atlas
from tests.geo.builders import FIRST, METRE, MIDDLE, layer, point, road, streets

METRIC = "EPSG:4547"
WIDTHS = {
    "expressway": [Width(30, FIRST)],
    "national": [Width(20, FIRST)],
    "provincial": [Width(15, FIRST)],
    "county": [Width(10, FIRST)],
    "township": [Width(5, FIRST)],
}
NORTH = 1 / 110_740  # of latitude, in degrees, in a metre


def one_road(kind: str, legal_class: str = "highway", ceases_on: date | None = None) -> Edition:
    about = {"road_class": kind, "legal_class": legal_class, "ref": "X1"}
    rows = [road("r", (114.0, MIDDLE), (114.02, MIDDLE), **about)]
    return layer(Kind.ROAD, rows, ceases_on=ceases_on)


@pytest.mark.parametrize("kind", sorted(LAND_M))
def test_a_band_reaches_its_width_outward_from_the_edge_of_the_land(kind: str) -> None:
    (made,) = highway_bands(one_road(kind), WIDTHS, METRIC, name="bands")
    today = Atlas([streets(), made]).on(FIRST)
    reach_m = LAND_M[kind] + WIDTHS[kind][0].metres
    zone, grade = ("expressway_band", "inside") if kind == "expressway" else ("highway_band", kind)

    def zones(metres: float) -> dict[str, tuple[str, ...]]:
        return dict(today.at(point(114.01 + METRE, MIDDLE + metres * NORTH), 0.0).places[0].zones)

    assert zones(reach_m - 0.3)[zone] == (grade,)
    assert zones(reach_m + 0.3)[zone] == ()
    assert zones(LAND_M[kind] - 0.3)["highway_land"] == ("inside",)
    assert zones(LAND_M[kind] + 0.3)["highway_land"] == ()


@pytest.mark.parametrize("legal_class", ["city_road", "unknown"])
def test_what_is_no_highway_has_no_band(legal_class: str) -> None:
    assert highway_bands(one_road("national", legal_class), WIDTHS, METRIC, name="bands") == ()


def test_a_width_that_changes_starts_a_new_edition_and_one_that_stays_does_not() -> None:
    same, turn = date(2009, 7, 1), date(2011, 7, 1)
    dated = {
        "county": [Width(10, FIRST, same), Width(10, same, turn), Width(12, turn)],
        "national": [Width(20, FIRST)],
    }
    editions = highway_bands(one_road("county"), dated, METRIC, name="bands")
    assert [(one.name, one.valid_from, one.ceases_on) for one in editions] == [
        ("bands-2008-01-01", FIRST, turn),
        ("bands-2011-07-01", turn, None),
    ]
    before, after = (one.frame.to_crs(METRIC).geometry.iloc[0].area for one in editions)
    assert after - before == pytest.approx(2 * 2 * 2_056, rel=0.05)


def test_bands_end_with_their_roads_and_begin_with_their_law() -> None:
    begins, ends = date(2009, 1, 1), date(2010, 1, 1)
    dated = {"county": [Width(10, begins)]}
    (made,) = highway_bands(one_road("county", ceases_on=ends), dated, METRIC, name="bands")
    assert (made.name, made.valid_from, made.ceases_on) == ("bands", begins, ends)


def schools() -> gpd.GeoDataFrame:
    rows = [
        {"code": "s1", "name": "gate", "geometry": Point(114.005, MIDDLE)},
        {"code": "s2", "name": "ground", "geometry": box(114.014, 22.604, 114.015, 22.605)},
    ]
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=CRS)


def test_a_school_is_surrounded_from_its_gate_or_its_ground_outward() -> None:
    widths = [Width(200, FIRST)]
    (made,) = school_bands(schools(), widths, METRIC, name="schools", valid_from=FIRST)
    today = Atlas([streets(), made]).on(FIRST)

    def near(lon: float) -> bool:
        return today.at(point(lon, 22.6045), 0.0).places[0].zones == (("school", ("inside",)),)

    assert near(114.015 + 199 * METRE)
    assert not near(114.015 + 201 * METRE)
    gate = made.frame.to_crs(METRIC).geometry.iloc[0]
    assert gate.area == pytest.approx(np.pi * 200**2, rel=0.01)


def test_without_a_width_in_force_schools_have_no_surroundings() -> None:
    ended = [Width(200, date(2001, 1, 1), FIRST)]
    assert school_bands(schools(), ended, METRIC, name="schools", valid_from=FIRST) == ()


@given(st.floats(1, 60), st.floats(1, 60))
def test_a_wider_band_holds_a_narrower_one(one_m: float, other_m: float) -> None:
    narrow, wide = sorted((one_m, other_m))
    grounds = [
        shapely.union_all(made.frame.geometry.values)
        for metres in (narrow, wide)
        for made in highway_bands(
            one_road("county"), {"county": [Width(metres, FIRST)]}, METRIC, name="b"
        )
    ]
    assert grounds[0].difference(grounds[1]).area < 1e-9
