"""A layer that says WGS84 and is GCJ-02 is found when it is imported, and put right by --crs."""

import re
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, box

from geo.crs import many_from_wgs84
from geo.editions import CRS, Edition, Kind
from geo.errors import BadLayer
from geo.metric import Floats
from geo.read import import_layer
from geo.shifted import shift_faults
from tests.geo.builders import FIRST, streets

COLUMNS = {"name": "name", "code": "code"}


def moved(frame: gpd.GeoDataFrame, crs: str) -> gpd.GeoDataFrame:
    def forth(pairs: Floats) -> Floats:
        return np.column_stack(many_from_wgs84(pairs[:, 0], pairs[:, 1], crs))

    return frame.set_geometry(shapely.transform(np.asarray(frame.geometry.values), forth))


def taken(file: Path, kind: Kind, beside: list[Edition], crs: str | None = None) -> Edition:
    ended = [  # the layers that stand must not clash with the new one
        Edition.made(
            kind=one.kind, name=one.name, valid_from=FIRST, ceases_on=FIRST.replace(year=2009),
            frame=one.frame,
        )
        for one in beside
    ]  # fmt: skip
    return import_layer(
        file,
        kind=kind,
        edition="new",
        valid_from=FIRST.replace(year=2010),
        crs=crs,
        beside=ended,
    )


@pytest.fixture(scope="module")
def real(shared_data: Path) -> Edition:
    return import_layer(
        shared_data / "longgang_streets.geojson", kind=Kind.STREET, edition="r", valid_from=FIRST
    )


@pytest.mark.parametrize("crs", ["gcj02", "bd09"])
def test_real_streets_in_a_shifted_system_are_refused_and_right_with_crs(
    real: Edition, tmp_path: Path, crs: str
) -> None:
    file = tmp_path / "shifted.geojson"
    moved(real.frame, crs).to_file(file)
    with pytest.raises(BadLayer) as refused:
        taken(file, Kind.STREET, [real])
    (fault,) = refused.value.faults
    assert fault.field == "shifted.geojson:crs"
    assert f"--crs {crs}" in fault.en
    assert f"--crs {crs}" in fault.zh
    (metres,) = re.findall(r"about ([\d,]+) m off", fault.en)
    assert int(metres.replace(",", "")) == pytest.approx(
        {"gcj02": 590, "bd09": 1230}[crs], rel=0.02
    )
    put_right = taken(file, Kind.STREET, [real], crs)
    off = shapely.hausdorff_distance(
        np.asarray(put_right.frame.geometry.values), np.asarray(real.frame.geometry.values)
    )
    assert off.max() < 3e-6
    assert taken(file, Kind.STREET, [real], "wgs84").sha256 != put_right.sha256


def test_streets_are_not_compared_with_roads(real: Edition) -> None:
    line = gpd.GeoDataFrame({"code": ["r"]}, geometry=[LineString([(114, 22.6), (114, 22.7)])])
    road = Edition.made(
        kind=Kind.ROAD, name="r", valid_from=FIRST, ceases_on=None, frame=line.set_crs(CRS)
    )
    shapes = moved(real.frame, "gcj02").geometry
    assert shift_faults("file", shapes, Kind.STREET, [road]) == []
    assert len(shift_faults("file", shapes, Kind.STREET, [road, real])) == 1


def test_a_real_layer_beside_itself_is_not_suspected(real: Edition, shared_data: Path) -> None:
    again = taken(shared_data / "longgang_streets.geojson", Kind.STREET, [real])
    assert len(again.frame) == len(real.frame)


def test_real_roads_in_gcj02_are_told_by_other_roads(shared_data: Path, tmp_path: Path) -> None:
    roads = gpd.read_file(shared_data / "longgang_roads.geojson")
    stands = import_layer(
        shared_data / "longgang_roads.geojson", kind=Kind.ROAD, edition="r", valid_from=FIRST
    )
    file = tmp_path / "roads.geojson"
    moved(roads.iloc[::5], "gcj02").to_file(file)
    with pytest.raises(BadLayer, match="--crs gcj02"):
        taken(file, Kind.ROAD, [stands])


def test_streets_a_hundred_metres_apart_hide_no_shift() -> None:
    """In a grid no vertex is far from some line, wherever the grid is moved to."""
    across = [LineString([(114.1, y), (114.12, y)]) for y in np.arange(22.60, 22.62, 0.00093)]
    along = [LineString([(x, 22.6), (x, 22.62)]) for x in np.arange(114.1, 114.12, 0.00101)]
    lines = [line.segmentize(0.0011) for line in (*across, *along)]
    frame = gpd.GeoDataFrame({"code": range(len(lines))}, geometry=lines, crs=CRS)
    stands = Edition.made(
        kind=Kind.ROAD,
        name="r",
        valid_from=FIRST,
        ceases_on=None,
        frame=frame.astype({"code": str}),
    )
    (fault,) = shift_faults("file", moved(frame, "gcj02").geometry, Kind.ROAD, [stands])
    assert "--crs gcj02" in fault.en
    assert shift_faults("file", frame.geometry, Kind.ROAD, [stands]) == []


@given(st.floats(-2e-3, 2e-3), st.floats(-2e-3, 2e-3))
def test_areas_that_are_only_drawn_elsewhere_are_not_taken_for_gcj02(
    east: float, north: float
) -> None:
    """Another district, or another outline, is no shift: moving it back would not mend it."""
    other = gpd.GeoSeries([box(114.05 + east, 22.65 + north, 114.06 + east, 22.67 + north)])
    assert shift_faults("file", other, Kind.STREET, [streets()]) == []
