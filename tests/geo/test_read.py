"""From a file to an edition: every fault at once, each with its feature; nothing half-imported."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TypedDict, Unpack

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely.geometry import LineString, MultiLineString, Polygon, box
from shapely.geometry.base import BaseGeometry

from geo.crs import many_from_wgs84
from geo.editions import CRS, Edition, Kind
from geo.errors import BadLayer, NoSuchEdition
from geo.layers import Atlas
from geo.metric import Floats
from geo.read import import_layer, load_edition, load_editions, save_edition
from tests.geo.builders import DAY, EAST, FIRST, WEST, layer, point, streets

WEST_ROW = {"code": "001", "name": "West", "geometry": WEST}
EAST_ROW = {"code": "002", "name": "East", "geometry": EAST}


class About(TypedDict, total=False):
    """What an import may be told."""

    edition: str
    valid_from: date
    ceases_on: date | None
    columns: Mapping[str, str] | None
    crs: str | None
    near: BaseGeometry | None
    beside: Sequence[Edition]


def file_of(
    folder: Path, rows: Sequence[Mapping[str, object]], name: str = "layer.geojson"
) -> Path:
    file = folder / name
    gpd.GeoDataFrame(rows, geometry="geometry", crs=CRS).to_file(file)
    return file


def imported(file: Path, kind: Kind = Kind.STREET, **about: Unpack[About]) -> Edition:
    defaults: About = {"edition": "new", "valid_from": FIRST}
    return import_layer(file, kind=kind, **(defaults | about))


def faults_of(file: Path, kind: Kind = Kind.STREET, **about: Unpack[About]) -> list[str]:
    """The faults in English, each after its field."""
    with pytest.raises(BadLayer) as refused:
        imported(file, kind, **about)
    assert all(fault.zh and fault.en for fault in refused.value.faults)
    return [f"{fault.field}: {fault.en}" for fault in refused.value.faults]


@pytest.mark.parametrize("suffix", ["geojson", "gpkg", "shp", "fgb"])
def test_any_file_that_gdal_reads_becomes_an_edition(tmp_path: Path, suffix: str) -> None:
    made = imported(file_of(tmp_path, [EAST_ROW, WEST_ROW], f"layer.{suffix}"))
    assert (made.kind, made.name, made.valid_from, made.schematic) == (
        Kind.STREET,
        "new",
        FIRST,
        False,
    )
    assert list(made.frame["code"]) == ["001", "002"]
    assert made.frame.crs == CRS
    assert Atlas([made]).on(DAY).at(point(114.005)).places[0].street is not None


def test_columns_are_named_or_given_as_one_value(tmp_path: Path) -> None:
    file = file_of(tmp_path, [{"nr": 7, "titel": "Lake", "geometry": WEST}])
    made = imported(
        file,
        Kind.ZONE,
        columns={"code": "nr", "name": "titel", "zone": "=water", "grade": "=level1"},
    )
    (row,) = made.frame.drop(columns="geometry").to_dict("records")
    assert row == {"code": "7", "name": "Lake", "zone": "water", "grade": "level1"}


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    bow_tie = Polygon([(114.0, 22.6), (114.01, 22.61), (114.01, 22.6), (114.0, 22.61)])
    rows: list[Mapping[str, object]] = [
        {"code": "001", "name": "West", "geometry": WEST},
        {"code": "001", "name": "", "geometry": bow_tie},
        {"code": None, "name": "Third", "geometry": None},
        {"code": "004", "name": "Fourth", "geometry": LineString([(114, 22.6), (114.1, 22.6)])},
        {"code": "005", "name": "Fifth", "geometry": box(1140, 226, 1141, 227)},
        {"code": "006", "name": "Sixth", "geometry": box(114, 22.6, 114.0000001, 22.6000001)},
    ]
    assert faults_of(
        file_of(tmp_path, rows), edition="../up", ceases_on=FIRST, columns={"colour": "x"}
    ) == [
        (
            'edition: "../up" is no name for an edition: letters and digits, then also . + - _, '
            "up to 80"
        ),
        "until: ceases on 2008-01-01, which must be after 2008-01-01",
        'layer.geojson:colour: a street layer has no column "colour"; it has: code, name',
        "layer.geojson:3:code: is empty",
        "layer.geojson:1 (001):code: the code 001 is used 2 times, by features 1, 2",
        "layer.geojson:2 (001):name: is empty",
        "layer.geojson:2 (001): is no valid polygon: Self-intersection[114.005 22.605]",
        "layer.geojson:3: has no shape",
        "layer.geojson:4 (004): is a LineString; a polygon is needed",
        (
            "layer.geojson:5 (005): has the position 1141, 226, out of range: "
            "check the crs (--crs) and the order"
        ),
        "layer.geojson:6 (006): is so small that nothing is left at 1e-6 degrees",
    ]


def test_missing_columns_are_named_with_those_there_are(tmp_path: Path) -> None:
    file = file_of(tmp_path, [{"nr": "1", "titel": "Lake", "geometry": WEST}])
    assert faults_of(file, columns={"name": "title"}) == [
        'layer.geojson:name: the file has no column "title"; it has: nr, titel',
        (
            'layer.geojson:code: no column "code"; say which one with --column code=…, '
            "the file has: nr, titel"
        ),
    ]


def test_a_layer_of_another_district_is_refused_feature_by_feature(tmp_path: Path) -> None:
    london = [
        {"code": f"{n}", "name": f"{n}", "geometry": box(n / 10, 51.5, n / 10 + 0.1, 51.6)}
        for n in range(2)
    ]
    faults = faults_of(file_of(tmp_path, london), near=WEST)
    assert [fault.partition(":")[2].partition(" lies")[0] for fault in faults] == [
        "1 (0):",
        "2 (1):",
    ]
    assert "km from the district" in faults[0]


def test_a_single_feature_astray_is_refused_and_a_neighbour_is_not(tmp_path: Path) -> None:
    rows = [WEST_ROW, EAST_ROW, {"code": "3", "name": "Null", "geometry": box(0, 0, 0.1, 0.1)}]
    (fault,) = faults_of(file_of(tmp_path, rows), near=WEST)
    assert fault.startswith("layer.geojson:3 (3): lies")
    both = imported(file_of(tmp_path, [WEST_ROW, EAST_ROW], "b.geojson"), near=WEST)
    assert len(both.frame) == 2


def test_a_layer_in_another_system_is_brought_to_wgs84(tmp_path: Path) -> None:
    file = tmp_path / "metres.gpkg"
    gpd.GeoDataFrame([WEST_ROW], geometry="geometry", crs=CRS).to_crs("EPSG:4547").to_file(file)
    assert imported(file).frame.geometry.iloc[0].equals_exact(shapely.normalize(WEST), 1e-6)


@pytest.mark.parametrize("crs", ["gcj02", "bd09"])
def test_a_layer_from_a_map_application_is_brought_back_when_it_is_said(
    tmp_path: Path, crs: str
) -> None:
    def shifted(pairs: Floats) -> Floats:
        return np.column_stack(many_from_wgs84(pairs[:, 0], pairs[:, 1], crs))

    moved = shapely.transform(WEST, shifted)
    file = file_of(tmp_path, [WEST_ROW | {"geometry": moved}])
    assert (
        imported(file, crs=crs).frame.geometry.iloc[0].equals_exact(shapely.normalize(WEST), 1.1e-6)
    )


def test_a_file_that_declares_no_system_must_be_told(tmp_path: Path) -> None:
    file = file_of(tmp_path, [WEST_ROW], "bare.shp")
    file.with_suffix(".prj").unlink()
    (fault,) = faults_of(file)
    assert fault.startswith("bare.shp:crs: the file declares no coordinate system")
    assert len(imported(file, crs="wgs84").frame) == 1
    assert faults_of(file, crs="mars")[0].startswith('crs: "mars" is no coordinate system')


def test_what_is_no_layer_at_all_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text("hello")
    (tmp_path / "table.csv").write_text("code,name\n1,West\n")
    (tmp_path / "empty.geojson").write_text('{"type": "FeatureCollection", "features": []}')
    assert "no file" in faults_of(tmp_path / "none.geojson")[0]
    assert "GDAL cannot read it" in faults_of(tmp_path / "text.txt")[0]
    assert "only a table" in faults_of(tmp_path / "table.csv")[0]
    assert faults_of(tmp_path / "empty.geojson")


def test_what_gdal_says_of_a_ring_that_it_cannot_read_is_passed_on(tmp_path: Path) -> None:
    file = tmp_path / "open.geojson"
    file.write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": '
        '{"code": "1", "name": "a"}, "geometry": {"type": "Polygon", "coordinates": '
        "[[[114, 22.6], [114.01, 22.6], [114.01, 22.61]]]}}]}"
    )
    said, shape = faults_of(file)
    assert "Non closed ring" in said
    assert shape == "open.geojson:1 (1): has no shape"


def test_coordinates_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "nan.geojson"
    file.write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": '
        '{"code": "1", "name": "a"}, "geometry": {"type": "Polygon", "coordinates": '
        "[[[114, 22.6], [NaN, 22.6], [114.01, 22.61], [114, 22.6]]]}}]}"
    )
    assert faults_of(file) == ["nan.geojson:1 (1): has coordinates that are no numbers"]


def test_of_a_file_with_several_layers_none_is_chosen_silently(tmp_path: Path) -> None:
    file = tmp_path / "two.gpkg"
    for name, row in (("west", WEST_ROW), ("east", EAST_ROW)):
        gpd.GeoDataFrame([row], geometry="geometry", crs=CRS).to_file(file, layer=name)
    assert "west, east" in faults_of(file)[0]


# ------------------------------------------------------------------------------------ roads

ALONG = LineString([(114.0, 22.605), (114.02, 22.605)])


def test_roads_need_no_code_and_are_then_numbered_by_row(tmp_path: Path) -> None:
    file = file_of(tmp_path, [{"class": "motorway", "geometry": ALONG}] * 2)
    made = imported(file, Kind.ROAD)
    assert list(made.frame["code"]) == ["1", "2"]
    assert list(made.frame["road_class"]) == ["expressway"] * 2
    assert list(made.frame["legal_class"]) == ["highway"] * 2


def test_what_a_file_says_of_roads_is_read_in_our_words(tmp_path: Path) -> None:
    row = {
        "id": 84,
        "road_class": "国道",
        "direction": "上行",
        "from_m": "K12+300",
        "to_m": "14300",
        "handed_over": "是",
        "oneway": 1,
        "series": "a",
        "geometry": ALONG,
    }
    (read,) = imported(file_of(tmp_path, [row]), Kind.ROAD).frame.to_dict("records")
    assert read["code"] == "84"
    assert (read["road_class"], read["legal_class"]) == ("national", "highway")
    assert (read["direction"], read["series"]) == ("up", "A")
    assert (read["from_m"], read["to_m"]) == (12300.0, 14300.0)
    assert (read["handed_over"], read["oneway"]) == (True, True)


def test_openstreetmap_does_not_say_what_a_road_is_by_law(tmp_path: Path) -> None:
    file = file_of(tmp_path, [{"class": "primary", "geometry": ALONG}])
    (read,) = imported(file, Kind.ROAD).frame.to_dict("records")
    assert (read["road_class"], read["legal_class"]) == ("arterial", "unknown")


def test_a_road_drawn_against_its_traffic_is_turned(tmp_path: Path) -> None:
    row = {"oneway": -1, "from_m": 0, "to_m": 2000, "geometry": ALONG}
    (read,) = imported(file_of(tmp_path, [row]), Kind.ROAD).frame.to_dict("records")
    assert read["geometry"].coords[0] == (114.02, 22.605)
    assert (read["from_m"], read["to_m"], read["oneway"]) == (2000.0, 0.0, True)


def test_parts_of_a_road_that_meet_are_joined(tmp_path: Path) -> None:
    parts = MultiLineString([[(114.01, 22.6), (114.02, 22.6)], [(114.0, 22.6), (114.01, 22.6)]])
    (read,) = imported(file_of(tmp_path, [{"geometry": parts}]), Kind.ROAD).frame.to_dict("records")
    assert list(read["geometry"].coords) == [(114.0, 22.6), (114.01, 22.6), (114.02, 22.6)]


def test_faults_of_roads_are_named(tmp_path: Path) -> None:
    apart = MultiLineString([[(114.0, 22.6), (114.01, 22.6)], [(114.015, 22.6), (114.02, 22.6)]])
    still = LineString([(114.0, 22.6), (114.0000001, 22.6)])
    rows: list[Mapping[str, object]] = [
        {"code": "a", "road_class": "avenue", "from_m": "K1", "to_m": None, "geometry": ALONG},
        {"code": "b", "direction": "left", "from_m": "5", "to_m": "5", "geometry": apart},
        {"code": "c", "oneway": "maybe", "series": "AB", "legal_class": "x", "geometry": still},
        {"code": "d", "geometry": WEST},
    ]
    faults = faults_of(file_of(tmp_path, rows), Kind.ROAD)
    fields = [fault.removeprefix("layer.geojson:").partition(": ")[0] for fault in faults]
    assert fields == [
        "1 (a):road_class",
        "3 (c):legal_class",
        "2 (b):direction",
        "3 (c):series",
        "1 (a):from_m",
        "3 (c):oneway",
        "2 (b):to_m",
        "2 (b)",
        "3 (c)",
        "4 (d)",
    ]


# ---------------------------------------------------------------------------------- storing


def test_what_is_stored_is_what_is_loaded(tmp_path: Path) -> None:
    made = streets()
    home = save_edition(tmp_path, made)
    assert home == tmp_path / "street" / "one"
    (loaded,) = load_editions(tmp_path)
    assert loaded.sha256 == made.sha256
    assert (loaded.kind, loaded.name, loaded.valid_from) == (made.kind, made.name, made.valid_from)
    spot = point(114.01)
    assert Atlas.load(tmp_path).on(DAY).at(spot) == Atlas([made]).on(DAY).at(spot)


def test_a_folder_that_does_not_exist_holds_nothing(tmp_path: Path) -> None:
    assert load_editions(tmp_path / "none") == ()
    assert Atlas.load(tmp_path / "none", drawn=[streets(schematic=True)]).on(DAY).streets()


def test_no_edition_is_overwritten(tmp_path: Path) -> None:
    save_edition(tmp_path, streets(ceases_on=DAY))
    with pytest.raises(BadLayer, match="choose another name"):
        save_edition(tmp_path, streets(valid_from=DAY))


def test_an_edition_in_force_on_the_same_day_as_a_stored_one_is_refused(tmp_path: Path) -> None:
    save_edition(tmp_path, streets())
    with pytest.raises(BadLayer, match="in force on the same day"):
        save_edition(tmp_path, streets(name="two", valid_from=date(2016, 12, 26)))
    file = file_of(tmp_path, [WEST_ROW, EAST_ROW])
    (fault,) = faults_of(file, beside=load_editions(tmp_path))
    assert fault.startswith("street/new: is in force on the same day as street/one")


def test_a_write_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    class NoDisk(OSError):
        pass

    made = streets()

    def full(*_: object, **__: object) -> None:
        raise NoDisk

    made.frame.to_parquet = full
    with pytest.raises(NoDisk):
        save_edition(tmp_path, made)
    assert list((tmp_path / "street").iterdir()) == []
    assert load_editions(tmp_path) == ()


def test_a_half_written_folder_is_no_edition(tmp_path: Path) -> None:
    """As a kill in the middle of an import would leave it."""
    half = tmp_path / "street" / ".importing-abc"
    half.mkdir(parents=True)
    (half / "edition.json").write_text("{}")
    assert load_editions(tmp_path) == ()


def test_an_edition_that_was_changed_on_disk_is_refused(tmp_path: Path) -> None:
    home = save_edition(tmp_path, streets())
    other = layer(Kind.STREET, [WEST_ROW])
    other.frame.to_parquet(home / "features.parquet", index=False)
    with pytest.raises(NoSuchEdition, match="sha256") as refused:
        load_edition(home)
    assert refused.value.field == "street/one"
    (home / "edition.json").write_text("{")
    with pytest.raises(NoSuchEdition):
        load_editions(tmp_path)
