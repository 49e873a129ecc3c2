"""`seamless roads check` and `join`: seams of the network, and names with the unknown counted."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pytest
from click.testing import CliRunner, Result

from web.cli import main


def seamless(data: Path, *arguments: str) -> Result:
    environment = {"SEAMLESS_DATA": str(data), "SEAMLESS_DISTRICT": "", "DATABASE_URL": ""}
    return CliRunner().invoke(main, list(arguments), env=environment, prog_name="seamless")


def test_roads_that_nobody_maintains_are_listed_by_length(tmp_path: Path) -> None:
    maintained = seamless(tmp_path, "roads", "check", "--on", "2008-11-05", "--json")
    told = json.loads(maintained.stdout)["faults"]
    assert "unowned" not in {one["flaw"] for one in told}
    planned = seamless(tmp_path, "roads", "check", "--on", "2008-11-05", "--function", "plan")
    assert planned.exit_code == 1
    assert planned.stdout.startswith("没有登记单位")


def test_a_shared_line_alone_is_told_and_is_no_seam_and_has_its_place(tmp_path: Path) -> None:
    out = tmp_path / "faults.geojson"
    result = seamless(tmp_path, "roads", "check", "--on", "2026-11-20", "--geojson", str(out))
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("与另一条路共线，桩号在此停计: 2, 3.31 千米")
    drawn = gpd.read_file(out)
    assert list(drawn.ref) == ["S208", "S210"]
    assert list(drawn.along) == ["G205", "G205"]
    assert set(drawn.geometry.geom_type) == {"LineString"}


def test_numbers_and_names_are_joined_from_the_real_list(tmp_path: Path, shared_data: Path) -> None:
    out = tmp_path / "joined.gpkg"
    result = seamless(
        tmp_path, "roads", "join", str(shared_data / "longgang_roads.geojson"),
        str(shared_data / "longgang_expressways_tm.geojson"), str(out), "--json",
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    told = json.loads(result.stdout)
    assert told["refs_joined"] == 9
    assert told["expressways_unnumbered_km"] == 0
    assert told["unnamed_km"] / told["total_km"] == pytest.approx(0.8, abs=0.02)
    assert told["absent"] == ["S22", "S30", "S86"]
    named = gpd.read_file(out)
    assert set(named[named["name"] == "水官高速"]["ref"]) == {"S28"}
    imported = seamless(
        tmp_path, "layers", "import", str(out), "--kind", "road", "--edition", "named",
        "--from", "2017-01-01",
    )  # fmt: skip
    assert imported.exit_code == 0, imported.stderr


def test_a_list_without_the_columns_is_refused(tmp_path: Path, shared_data: Path) -> None:
    roads = str(shared_data / "longgang_roads.geojson")
    streets = str(shared_data / "longgang_streets.geojson")
    result = seamless(tmp_path, "roads", "join", roads, streets, str(tmp_path / "out.gpkg"))
    assert result.exit_code == 2
    assert "name_zh" in result.stderr
