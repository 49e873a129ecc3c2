"""Real streets and roads, imported by the command line as anybody would, and asked at once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from web.cli import main

DAY = "2017-06-01"


def seamless(data: Path, *arguments: str) -> Result:
    environment = {"SEAMLESS_DATA": str(data), "SEAMLESS_DISTRICT": "", "DATABASE_URL": ""}
    return CliRunner().invoke(main, list(arguments), env=environment, prog_name="seamless")


@pytest.fixture(scope="module")
def imported(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with the real streets and roads from the split of 2016 on."""
    data = tmp_path_factory.mktemp("real")
    for kind, file in (("street", "longgang_streets"), ("road", "longgang_roads")):
        result = seamless(
            data,
            *("layers", "import", str(shared_data / f"{file}.geojson")),
            *("--kind", kind, "--edition", "2017", "--from", "2016-12-26"),
        )
        assert result.exit_code == 0, result.stderr
    return data


def test_a_real_position_lies_in_its_real_street_far_from_the_border(imported: Path) -> None:
    result = seamless(
        imported,
        *("resolve", "food.safety", "--at", "114.1172,22.6046", "--on", DAY, "--json"),
        *("--fact", "stage=catering", "--fact", "licence=unlicensed", "--fact", "premises=mobile"),
    )
    assert result.exit_code == 0, result.stderr
    told = json.loads(result.stdout)
    assert told["place"]["street"] == {"code": "440307014", "name": "布吉街道"}
    assert told["place"]["border_m"] == pytest.approx(1446, abs=2)
    assert told["lead"]["unit"] == "street_enf.440307014"
    assert told["versions"]["layers"]["street"] == "2017"


def test_imported_layers_beat_the_drawn_ones_from_their_first_day_on(imported: Path) -> None:
    listed = json.loads(seamless(imported, "layers", "list", "--json").stdout)
    streets = [one for one in listed if one["kind"] == "street" and not one["schematic"]]
    assert [(one["edition"], one["features"]) for one in streets] == [("2017", 11)]
    before = seamless(
        imported, "resolve", "food.safety", "--area", "440307014", "--on", "2008-11-05", "--json"
    )
    assert json.loads(before.stdout)["versions"]["layers"]["street"] != "2017"


def test_kilometres_without_an_owner_are_reported(imported: Path) -> None:
    told = json.loads(seamless(imported, "roads", "summary", "--on", DAY, "--json").stdout)
    assert told["total_km"] == pytest.approx(1367, rel=0.2)
    assert told["unowned_km"] == pytest.approx(told["total_km"], rel=0.01)
    assert "没有登记权属单位" in seamless(imported, "roads", "summary", "--on", DAY).stdout
