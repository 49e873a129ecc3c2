"""`seamless layers check`: real sources compared, faults as text, JSON and a map for a GIS."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pytest
from click.testing import CliRunner, Result

from web.cli import main

SOURCES = ("--column", "code=adcode", "--column", "name=district", "--column", "source=src")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("check")


def check(data: Path, *arguments: str) -> Result:
    environment = {"SEAMLESS_DATA": str(data), "SEAMLESS_DISTRICT": "", "DATABASE_URL": ""}
    whole = ["layers", "check", *arguments]
    return CliRunner().invoke(main, whole, env=environment, prog_name="seamless")


def test_the_drawn_layers_in_force_have_no_faults(data: Path) -> None:
    result = check(data, "--on", "2008-11-05")
    assert (result.exit_code, result.stdout) == (0, "共 0 处，0 平方米\n")


def test_two_sources_in_one_file_are_checked_and_compared(
    data: Path, shared_data: Path, tmp_path: Path
) -> None:
    districts = str(shared_data / "shenzhen_districts.geojson")
    faults = tmp_path / "faults.geojson"
    result = check(
        data, districts, *SOURCES, "--about", "440307", "--json", "--geojson", str(faults)
    )
    assert result.exit_code == 1, result.stderr
    told = json.loads(result.stdout)["faults"]
    (hole,) = (one for one in told if one["flaw"] == "hole" and one["area_m2"] > 1e3)
    assert hole["area_m2"] == pytest.approx(69_110, rel=0.01)
    assert {side["name"] for side in hole["sides"]} == {"龙华区", "龙岗区"}
    differ = sum(one["area_m2"] for one in told if one["flaw"] == "difference")
    assert differ == pytest.approx(16.6e6, rel=0.01)
    drawn = gpd.read_file(faults)
    assert len(drawn) == len(told)
    assert drawn.crs.to_epsg() == 4326


def test_differences_are_divided_by_a_finer_layer_and_say_where_they_lie(
    data: Path, shared_data: Path, tmp_path: Path
) -> None:
    districts, streets = (
        str(shared_data / f"{name}.geojson") for name in ("shenzhen_districts", "longgang_streets")
    )
    faults = tmp_path / "parts.geojson"
    asked = (districts, *SOURCES, "--about", "440307", "--parts", streets)
    result = check(data, *asked, "--least-difference", "1000000", "--geojson", str(faults))
    drawn = gpd.read_file(faults)
    told = drawn[drawn.flaw == "difference"]
    assert told.part.tolist()[0] == "南湾街道 440307012"
    assert told.names.tolist()[0] == "龙岗区, 罗湖区"
    assert "南湾街道 440307012" in result.stdout


def test_the_layer_in_force_is_compared_with_a_file(data: Path, shared_data: Path) -> None:
    streets = str(shared_data / "longgang_streets.geojson")
    result = check(data, "--kind", "street", "--against", streets, "--on", "2017-06-01", "--json")
    told = json.loads(result.stdout)["faults"]
    assert {one["flaw"] for one in told} == {"difference"}
    assert {one["sides"][0]["source"] for one in told} >= {"street/schematic-2016"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--against", "no-such"), "no-such"),
        (("nowhere.geojson",), "nowhere.geojson"),
    ],
)
def test_what_is_not_there_is_named(data: Path, arguments: tuple[str, ...], said: str) -> None:
    result = check(data, *arguments)
    assert result.exit_code == 2
    assert said in result.stderr


def test_a_column_that_the_file_does_not_have_is_named(data: Path, shared_data: Path) -> None:
    streets = str(shared_data / "longgang_streets.geojson")
    result = check(data, streets, "--column", "code=nummer")
    assert result.exit_code == 2
    assert "nummer" in result.stderr
