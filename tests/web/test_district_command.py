"""`seamless district new` and `seamless rules learn`: what they write, and what they refuse."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pytest
from click.testing import CliRunner, Result
from shapely.geometry import box

from web.cli import main

FROM = ("--from", "2020-01-01")


@pytest.fixture(autouse=True)
def _place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SEAMLESS_LANG", "en")
    monkeypatch.setenv("SEAMLESS_DATA", str(tmp_path / "var"))
    monkeypatch.delenv("SEAMLESS_DISTRICT", raising=False)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    frame = gpd.GeoDataFrame(
        {"id": ["N", "S"], "label": ['North: "Hill"', "South"]},
        geometry=[box(1.0, 50.1, 1.1, 50.2), box(1.0, 50.0, 1.1, 50.1)],
        crs="EPSG:4326",
    )
    frame.to_file(tmp_path / "areas.geojson")


def seamless(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), prog_name="seamless")


def started(monkeypatch: pytest.MonkeyPatch, *more: str) -> Result:
    result = seamless(
        "district", "new", "mine", *FROM, "--streets", "areas.geojson",
        "--column", "code=id", "--column", "name=label", *more,
    )  # fmt: skip
    monkeypatch.setenv("SEAMLESS_DISTRICT", "mine")
    return result


def test_a_new_district_answers_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert started(monkeypatch).exit_code == 0
    result = seamless("resolve", "first", "--at", "1.05,50.15", "--fact", "size=small", "--json")
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert told["lead"]["unit"] == "team.N"
    assert told["lead"]["name"]["en"] == 'North: "Hill"'
    assert told["notices"] == []


def test_without_a_layer_it_opens_and_everything_is_outside(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert seamless("district", "new", "bare", *FROM).exit_code == 0
    monkeypatch.setenv("SEAMLESS_DISTRICT", "bare")
    assert seamless("resolve", "first", "--at", "1.05,50.15").exit_code == 5


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear", encoding="utf-8")
    result = seamless("district", "new", "mine", "--pack", "Bad Name")
    assert result.exit_code == 2
    assert "not empty" in result.stderr
    assert "name of a pack" in result.stderr
    assert [one.name for one in (tmp_path / "mine").iterdir()] == ["letter.txt"]


def test_a_pack_is_learned_from_a_table_of_areas(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started(monkeypatch)
    rows = ["type,lon,lat,who"]
    rows += ["Pothole,1.05,50.15,North roads"] * 3 + ["Pothole,1.05,50.05,South roads"] * 3
    rows += ["Tree,1.05,50.05,Parks", "Tree,1.05,50.05,Woods", "Tree,1.05,49.0,Parks"]
    (tmp_path / "past.csv").write_text("\n".join(rows), encoding="utf-8")
    learn = (
        "rules", "learn", "past.csv", "--columns", "type,place.street", "--at", "lon,lat",
        "--lead", "who", "--minimum", "2", "--pack", "calls", *FROM,
    )  # fmt: skip
    result = seamless(*learn)
    assert result.exit_code == 0, result.stderr
    assert "8 rows (1 without a value left out): 3 combinations, 2 with a lead" in result.output
    settings = tmp_path / "mine" / "district.yaml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace("[first]", "[first, calls]"), encoding="utf-8"
    )
    north = seamless("resolve", "calls", "--at", "1.05,50.15", "--fact", "type=Pothole", "--json")
    assert json.loads(north.stdout)["lead"]["name"]["en"] == "North roads"
    tree = seamless("resolve", "calls", "--at", "1.05,50.05", "--fact", "type=Tree", "--json")
    assert (tree.exit_code, json.loads(tree.stdout)["outcome"]) == (4, "vacant")
    again = seamless(*learn)
    assert again.exit_code == 2
    assert "--replace" in again.stderr


@pytest.mark.parametrize(
    ("table", "columns", "told"),
    [
        ("none.csv", "type", "cannot be read"),
        ("areas.geojson", "type", ".parquet, .csv or .xlsx"),
        ("past.csv", "kind", "has no column 'kind'"),
    ],
)
def test_a_table_that_cannot_be_learned_from_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: str, columns: str, told: str
) -> None:
    started(monkeypatch)
    (tmp_path / "past.csv").write_text("type,who\na,b\n", encoding="utf-8")
    result = seamless(
        "rules", "learn", table, "--columns", columns, "--lead", "who", "--pack", "calls"
    )
    assert result.exit_code == 2
    assert told in result.stderr
    assert not (tmp_path / "mine" / "packs" / "calls").exists()


def test_learning_needs_a_district_of_ones_own() -> None:
    result = seamless("rules", "learn", "t.csv", "--columns", "a", "--lead", "b", "--pack", "c")
    assert result.exit_code == 2
    assert "district new" in result.stderr


def test_a_position_that_is_no_location_is_never_taken_for_the_area_around_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started(monkeypatch)
    settings = tmp_path / "mine" / "district.yaml"
    text = settings.read_text(encoding="utf-8")
    text = text.replace("no_location: []", "no_location: [{lon: 1.05, lat: 50.15}]")
    settings.write_text(text, encoding="utf-8")

    def told(*facts: str) -> dict[str, object]:
        given = [word for fact in facts for word in ("--fact", fact)]
        body: dict[str, object] = json.loads(
            seamless("resolve", "first", "--at", "1.05,50.15", *given, "--json").stdout
        )
        return body

    small = told("size=small")
    assert (small["outcome"], small["lead"]) == ("needs_facts", None)
    assert "no location" in str(small["notices"])
    large = told("size=large")  # one office for all areas: it needs no location
    assert (large["outcome"], large["certain"]) == ("decided", False)
    assert told("size=small", "place.street=S")["outcome"] == "decided"
