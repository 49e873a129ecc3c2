"""The map of the seams: what its list says of drawn and of real layers, and what is refused."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from flask.testing import FlaskClient

from geo.editions import Edition, Kind
from geo.layers import Atlas
from geo.read import import_layer
from geo.register import RegisterEntry
from web.app import app_of
from web.desk import Desk
from web.officer.words import words
from web.seammap import STRINGS

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def drawn(longgang: Desk) -> FlaskClient:
    return app_of(longgang).test_client()


def with_editions(desk: Desk, editions: Iterable[Edition]) -> FlaskClient:
    """The page of the same district with these layers instead of its own, and its register."""
    district = replace(
        desk.district, atlas=Atlas(tuple(editions), desk.district.atlas.register_entries)
    )
    return app_of(replace(desk, district=district)).test_client()


def edition(kind: Kind, shapes: Mapping[str, shapely.Geometry], name: str = "test") -> Edition:
    frame = gpd.GeoDataFrame(
        {"code": list(shapes), "name": [f"name of {code}" for code in shapes]},
        geometry=list(shapes.values()),
        crs="EPSG:4326",
    )
    return Edition.made(
        kind=kind, name=name, valid_from=date(2020, 1, 1), ceases_on=None, frame=frame
    )


def text(client: FlaskClient, address: str, lang: str = "zh", status: int = 200) -> str:
    client.set_cookie("lang", lang)
    answer = client.get(address)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return unescape(answer.get_data(as_text=True))


def groups(page: str) -> dict[str, int]:
    """How many entries each kind has in the list."""
    found = {}
    for section in page.split('<section class="seams-group"')[1:]:
        kind = re.search(r'aria-labelledby="(\w+)"', section)
        assert kind is not None
        found[kind[1]] = section.count('class="seams-item"')
    return found


def test_the_drawn_map_of_today_has_no_seams_and_says_what_was_checked(drawn: FlaskClient) -> None:
    page = text(drawn, "/seams/map")
    assert "这一天的地图没有缝" in page
    assert groups(page) == {"shared": 2}
    assert "S208" in page
    assert "街道图层“schematic-2016”，11 个要素" in page


def test_two_editions_are_compared_with_codes_names_and_areas(drawn: FlaskClient) -> None:
    page = text(drawn, "/seams/map?against=street/schematic-2011", "en")
    assert groups(page) == {"difference": 4, "shared": 2}
    assert "440307018 | 440307014" in page
    assert "Jihua | Buji" in page
    assert "Before the bar: Street layer schematic-2016" in page


def test_another_day_has_its_own_map(drawn: FlaskClient) -> None:
    page = text(drawn, "/seams/map?on=2010-06-01")
    assert "以下是 2010-06-01 的地图，不是今天的" in page
    assert groups(page) == {"stake_hole": 1, "shared": 2}


def test_holes_overlaps_slivers_and_invalid_rings_are_told_with_their_sides(longgang: Desk) -> None:
    ring = shapely.difference(
        shapely.box(114.0, 22.6, 114.1, 22.7), shapely.box(114.04, 22.64, 114.05, 22.65)
    )
    west = shapely.intersection(ring, shapely.box(114.0, 22.6, 114.05, 22.7))
    east = shapely.intersection(ring, shapely.box(114.045, 22.6, 114.1, 22.7))
    client = with_editions(longgang, [edition(Kind.STREET, {"440307014": west, "x": east})])
    page = text(client, "/seams/map", "en")
    assert groups(page) == {"hole": 1, "overlap": 2}
    assert "Buji | name of x" in page
    assert "Two sides have this ground" in page


def test_a_road_of_two_units_names_both(longgang: Desk) -> None:
    ground = shapely.box(114.0, 22.6, 114.1, 22.7)
    line = shapely.LineString([(114.0, 22.65), (114.1, 22.65)])
    layers = (edition(Kind.STREET, {"440307014": ground}), edition(Kind.ROAD, {"r1": line}))
    entries = [
        RegisterEntry("r1", "", None, None, None, "maintain", owner, date(2020, 1, 1), None)
        for owner in ("trans2", "nobody_knows")
    ]
    district = replace(longgang.district, atlas=Atlas(layers, entries))
    page = text(app_of(replace(longgang, district=district)).test_client(), "/seams/map")
    assert groups(page) == {"contested": 1}
    assert "nobody_knows 与 深圳市交通运输局龙岗管理局" in page


def test_entries_and_features_have_the_same_numbers(drawn: FlaskClient) -> None:
    query = "?against=street/schematic-2011"
    listed = re.findall(r'data-number="(\d+)"', text(drawn, f"/seams/map{query}"))
    features = drawn.get(f"/seams/map.json{query}").get_json(force=True)["features"]
    assert [str(one["id"]) for one in features] == listed
    for one in features:
        lon, lat = one["properties"]["spot"]
        assert shapely.geometry.shape(one["geometry"]).distance(shapely.Point(lon, lat)) < 1e-5


def test_the_download_is_a_layer_of_all_faults(drawn: FlaskClient, tmp_path: Path) -> None:
    answer = drawn.get("/seams/faults.geojson?against=street/schematic-2011")
    assert "seams-440307-2026-11-20.geojson" in answer.headers["Content-Disposition"]
    (tmp_path / "faults.geojson").write_bytes(answer.data)
    frame = gpd.read_file(tmp_path / "faults.geojson")
    assert sorted(frame.flaw) == ["difference"] * 4 + ["shared"] * 2


def test_real_layers_are_listed_whole_and_segments_of_one_road_are_one_entry(
    longgang: Desk, shared_data: Path
) -> None:
    """3,954 real segments without an owner are entries by road, and all their kilometres."""
    kept = [one for one in longgang.district.atlas.editions if one.kind is Kind.DISTRICT]
    real = [
        import_layer(
            shared_data / f"longgang_{kind}s.geojson",
            kind=kind,
            edition="real",
            valid_from=date(2017, 1, 7),
        )
        for kind in (Kind.STREET, Kind.ROAD)
    ]
    client = with_editions(longgang, [*kept, *real])
    begin = time.perf_counter()
    page = text(client, "/seams/map")
    assert time.perf_counter() - begin < 10
    found = groups(page)
    assert found["unowned"] < 120
    assert "S28 水官高速" in page
    (km,) = re.findall(r"没有登记单位的道路.*?· ([\d,.]+) 千米</span>", page, re.DOTALL)
    assert float(km.replace(",", "")) == pytest.approx(1565.6, abs=1)
    features = json.loads(client.get("/seams/map.json").data)["features"]
    assert len(features) == page.count('class="seams-ask"')


def test_it_is_complete_in_english_where_names_are(drawn: FlaskClient) -> None:
    page = text(drawn, "/seams/map?against=community/schematic-2004", "en")
    frame = re.sub(r'<span class="seams-title">.*?</span>', "", page)
    assert set(re.findall(r"[\u4e00-\u9fff]+", frame)) <= {"中文"}


def test_words_are_complete_and_all_of_them_are_used() -> None:
    said = "".join(
        path.read_text(encoding="utf-8")
        for path in [
            *(ROOT / "web/templates/seammap").glob("*.html"),
            *(ROOT / "web/seammap").glob("*.py"),
        ]
    )
    built = ("kind.", "closes.", "layer.", "function.", "class.")
    for key in words(STRINGS):
        assert key.startswith(built) or f"'{key}'" in said or f'"{key}"' in said, key


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("on=soon", "日期"),
        ("against=../../etc", "没有版次"),
        ("against=road/schematic-2011", "没有版次"),
    ],
)
def test_what_is_not_there_is_refused_in_words(drawn: FlaskClient, query: str, says: str) -> None:
    for page in ("map", "map.json", "faults.geojson"):
        assert says in text(drawn, f"/seams/{page}?{query}", status=422)


def test_hostile_names_in_a_layer_stay_text(longgang: Desk) -> None:
    bad = "<img src=x onerror=alert(1)>"
    shapes = {
        bad: shapely.box(114.0, 22.6, 114.1, 22.7),
        "b": shapely.box(114.05, 22.6, 114.2, 22.7),
    }
    client = with_editions(longgang, [edition(Kind.STREET, shapes)])
    assert b"<img" not in client.get("/seams/map").data


def test_the_rule_book_leads_to_it(drawn: FlaskClient) -> None:
    assert 'href="/seams/map"' in text(drawn, "/rules/")


def test_a_district_without_layers_says_so(longgang: Desk) -> None:
    page = text(with_editions(longgang, []), "/seams/map")
    assert "这一天没有图层生效" in page
    assert "这一天的地图没有缝" not in page
