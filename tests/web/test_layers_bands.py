"""`seamless layers bands`: zones from the dated widths of the rule packs, stored as editions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from web.cli import main


def seamless(data: Path, *arguments: str) -> Result:
    environment = {"SEAMLESS_DATA": str(data), "SEAMLESS_DISTRICT": "", "DATABASE_URL": ""}
    return CliRunner().invoke(main, list(arguments), env=environment, prog_name="seamless")


def test_bands_are_built_beside_a_road_edition_and_around_schools(tmp_path: Path) -> None:
    """The widths have not changed since 2011, though their law has: one edition."""
    made = seamless(
        tmp_path, "layers", "bands", "--edition", "bands", "--roads", "schematic-2011",
        "--land", "expressway=22",
    )  # fmt: skip
    assert made.exit_code == 0, made.stderr
    point = {"type": "Point", "coordinates": [114.2, 22.7]}
    feature = {"type": "Feature", "properties": {"nr": "s1", "name": "x"}, "geometry": point}
    schools = tmp_path / "schools.geojson"
    schools.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    made = seamless(
        tmp_path, "layers", "bands", "--edition", "schools", "--schools", str(schools),
        "--from", "2020-01-01", "--column", "code=nr",
    )  # fmt: skip
    assert made.exit_code == 0, made.stderr
    listed = json.loads(seamless(tmp_path, "layers", "list", "--json").stdout)
    ours = {one["edition"]: one for one in listed if not one["schematic"]}
    assert set(ours) == {"bands", "schools"}
    assert (ours["bands"]["valid_from"], ours["bands"]["ceases_on"]) == ("2011-12-30", None)
    assert ours["schools"]["features"] == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "--schools"),
        (("--roads", "no-such"), "schematic-2011"),
        (("--roads", "schematic-2011", "--land", "expressway=wide"), "CLASS=METRES"),
        (("--schools", "x.geojson"), "--from"),
        (("--schools", "x.geojson", "--from", "2020-01-01"), "x.geojson"),
    ],
)
def test_what_cannot_be_built_is_refused(
    tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    result = seamless(tmp_path, "layers", "bands", "--edition", "bands", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr
