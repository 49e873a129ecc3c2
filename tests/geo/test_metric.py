"""The formula for short distances, held to geodesics and to vectors that JavaScript shares."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from geo.metric import (
    Plane,
    distance_m,
    lengths_m,
    line_tree,
    mercator,
    mercator_lats,
    metres_per_degree,
)
from tests.geo.make_metric_vectors import vectors

VECTORS: dict[str, list[dict[str, Any]]] = json.loads(
    Path(__file__).with_name("metric_vectors.json").read_text(encoding="utf-8")
)


def test_the_shared_vectors_are_fresh() -> None:
    assert json.loads(json.dumps(vectors())) == VECTORS


@pytest.mark.parametrize("vector", VECTORS["metres_per_degree"])
def test_a_degree_is_worth_what_the_vectors_say(vector: dict[str, float]) -> None:
    assert metres_per_degree(vector["lat"]) == pytest.approx((vector["east"], vector["north"]))


@pytest.mark.parametrize("vector", VECTORS["to_line"])
def test_a_distance_is_within_a_tenth_of_a_percent_or_a_metre_of_the_geodesic(
    vector: dict[str, Any],
) -> None:
    plane = Plane.at(vector["lon"], vector["lat"])
    distance, along = plane.to_piece(*vector["line"][0], *vector["line"][1])
    assert distance == pytest.approx(vector["distance_m"], abs=1e-6)
    assert along == pytest.approx(vector["along"], abs=1e-9)
    assert distance == pytest.approx(vector["geodesic_m"], rel=0.001, abs=1)


def test_a_line_has_one_length_whichever_end_is_asked() -> None:
    there = np.array([[114.0, 22.6, 114.1, 22.7]])
    back = there[:, [2, 3, 0, 1]]
    assert lengths_m(there) == pytest.approx(lengths_m(back))
    assert lengths_m(there)[0] == pytest.approx(15_120, rel=0.002)


def test_a_line_of_no_length_is_a_point() -> None:
    plane = Plane.at(114, 22.6)
    assert plane.to_piece(114, 22.61, 114, 22.61) == (
        distance_m(lon=114, lat=22.6, to_lon=114, to_lat=22.61),
        0.0,
    )


def test_in_the_level_plane_what_is_nearer_on_the_ground_is_nearer() -> None:
    """In plain degrees at 51.5 north, 7 km east would seem nearer than 6 km north."""
    lon, lat = 0.0, 51.5
    east, north = (0.1, 51.5), (0.0, 51.554)
    drawn = np.array([[*east, *east], [*north, *north]])
    drawn[:, 1], drawn[:, 3] = mercator_lats(drawn[:, 1]), mercator_lats(drawn[:, 3])
    spot = shapely.Point(*mercator(lon=lon, lat=lat))
    assert line_tree(drawn).query_nearest(spot).tolist() == [1]


def test_the_level_plane_ends_before_the_poles() -> None:
    assert mercator(lon=0, lat=90)[1] == mercator(lon=0, lat=89.95)[1]
    assert mercator_lats(np.array([45.0]))[0] == mercator(lon=0, lat=45.0)[1]
