"""Real positions in the real district, against geopandas and geodesics.

Every check asks the imported layers what an officer would ask, and plain, slow, independent tools
whether that is true.
"""

import time
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import shapely

from geo.editions import Edition, Kind
from geo.layers import Atlas
from geo.locate import MapOn
from geo.points import Point
from geo.read import import_layer, load_editions, save_edition
from tests.geo.geodesy import geodesic_to

SPLIT = date(2016, 12, 26)
TODAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def streets(shared_data: Path) -> Edition:
    return import_layer(
        shared_data / "longgang_streets.geojson",
        kind=Kind.STREET,
        edition="2017",
        valid_from=SPLIT,
    )


@pytest.fixture(scope="module")
def roads(shared_data: Path, streets: Edition) -> Edition:
    return import_layer(
        shared_data / "longgang_roads.geojson",
        kind=Kind.ROAD,
        edition="osm",
        valid_from=SPLIT,
        near=shapely.union_all(streets.frame.geometry.values),
    )


@pytest.fixture(scope="module")
def longgang(streets: Edition, roads: Edition) -> MapOn:
    return Atlas([streets, roads]).on(TODAY)


def positions(streets: Edition, roads: Edition) -> list[tuple[str, Point]]:
    """Real positions, each with what it is, drawn from the layers the same way every time."""
    found: list[tuple[str, shapely.Point]] = [
        (f"inside {row.code}", row.geometry.representative_point())
        for row in streets.frame.itertuples()
    ]
    borders = streets.frame.geometry.boundary
    for row, border in zip(streets.frame.itertuples(), borders, strict=True):
        line = shapely.get_parts(border)[0]
        for part in (0.13, 0.57, 0.91):
            spot = line.interpolate(part, normalized=True)
            ahead = line.interpolate(min(1.0, part + 0.0005), normalized=True)
            along = np.array([ahead.x - spot.x, ahead.y - spot.y])
            left = np.array([-along[1], along[0]]) / np.hypot(*along)
            for metres in (3.0, -3.0, 8.0, -8.0):
                beside = shapely.Point(np.array([spot.x, spot.y]) + left * metres / 105_000)
                found.append((f"{metres:+} m beside the border of {row.code}", beside))
        found.append((f"a corner of {row.code}", shapely.Point(line.coords[7])))
    found.extend(
        (f"a vertex of road {row.code}", shapely.Point(row.geometry.coords[0]))
        for row in list(roads.frame.itertuples())[::120]
    )
    found.append(("far out at sea", shapely.Point(115.5, 22.0)))
    return [(what, Point.checked(lon=spot.x, lat=spot.y)) for what, spot in found]


def test_the_known_position_lies_in_buji_1446_metres_from_the_border(longgang: MapOn) -> None:
    found = longgang.at(Point.checked(lon=114.1172, lat=22.6046))
    (place,) = found.places
    assert place.street is not None
    assert (place.street.code, place.street.name) == ("440307014", "布吉街道")
    assert found.border_m == pytest.approx(1446, abs=1)
    assert found.editions == (("road", "osm"), ("street", "2017"))


def test_real_positions_are_in_the_streets_that_geopandas_finds(
    longgang: MapOn, streets: Edition, roads: Edition
) -> None:
    asked = positions(streets, roads)
    assert len(asked) > 150
    for what, where in asked:
        found = longgang.at(where, 0.0, roads=False)
        plain = streets.frame[streets.frame.intersects(shapely.Point(where.lon, where.lat))]
        assert {p.street.code for p in found.places if p.street} == set(plain["code"]), what


def test_their_border_distances_are_those_on_the_ellipsoid(
    longgang: MapOn, streets: Edition, roads: Edition
) -> None:
    lines = shapely.union_all(streets.frame.geometry.boundary.values)
    under_ten = 0
    for what, where in positions(streets, roads):
        border_m = longgang.at(where, roads=False).border_m
        assert border_m is not None
        under_ten += border_m < 10
        if what == "far out at sea":
            continue
        judged = geodesic_to(where.lon, where.lat, lines)
        assert border_m == pytest.approx(judged, rel=0.001, abs=1), what
    assert under_ten >= 50


def test_less_than_ten_metres_from_a_border_nothing_is_certain(
    longgang: MapOn, streets: Edition, roads: Edition
) -> None:
    for what, where in positions(streets, roads):
        found = longgang.at(where, 10.0, roads=False)
        assert found.border_m is not None
        assert (len(found.places) > 1) == (found.border_m <= 10.0), what
        assert sum(found.shares) == pytest.approx(1.0)


def test_every_road_has_a_place_and_is_found_at_its_own_vertices(
    longgang: MapOn, roads: Edition
) -> None:
    for row in list(roads.frame.itertuples())[::7]:
        lon, lat = row.geometry.coords[0]
        hits = longgang.roads_near(Point.checked(lon=lon, lat=lat), 0.0)
        assert row.code in {hit.segment for hit in hits if hit.distance_m == 0.0}


def test_both_layers_import_and_store_in_less_than_twenty_seconds(
    shared_data: Path, tmp_path: Path
) -> None:
    began = time.monotonic()
    for kind, name in ((Kind.STREET, "longgang_streets"), (Kind.ROAD, "longgang_roads")):
        file = shared_data / f"{name}.geojson"
        save_edition(tmp_path, import_layer(file, kind=kind, edition="x", valid_from=SPLIT))
    assert time.monotonic() - began < 20
    assert [len(edition.frame) for edition in load_editions(tmp_path)] == [11, 3954]


def test_the_kilometres_of_real_roads_are_told_with_nobody_as_their_owner(
    longgang: MapOn, roads: Edition
) -> None:
    summary = longgang.roads_summary("maintain")
    assert summary.total_km == pytest.approx(
        roads.frame.geometry.to_crs("EPSG:4547").length.sum() / 1000, rel=0.0005
    )
    assert summary.unowned_km == summary.total_km
