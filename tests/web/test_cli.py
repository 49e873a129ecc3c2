"""The command line on the toy district: what it prints, and what its exit status says."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from tests.enforcement import toy
from web.cli import main
from web.cli.speaking import Speaker
from web.desk import Desk
from web.logs import FILE
from web.settings import Lang

WEST = "114.007,22.008"
SHOP = ("--fact", "stage=shop", "--fact", "licence=licensed")
Seamless = Callable[..., Result]


def call(desk: Desk, *arguments: str) -> Result:
    speaker = Speaker(desk.settings, Lang.ZH, desk)
    return CliRunner().invoke(main, list(arguments), obj=speaker, prog_name="seamless")


@pytest.fixture(scope="session")
def seamless(toy_desk: Desk) -> Seamless:
    """Calls the command line on the toy desk."""
    return lambda *arguments: call(toy_desk, *arguments)


def said(result: Result) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(result.stdout)
    return told


# --- resolve ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code", "outcome"),
    [
        (("food", "--at", WEST, *SHOP), 0, "decided"),
        (("food", "--at", WEST), 3, "needs_facts"),
        (
            ("food", "--at", WEST, "--fact", "stage=odd", "--fact", "licence=unlicensed"),
            4,
            "contested",
        ),
        (
            ("food", "--at", WEST, "--fact", "stage=fumes", "--fact", "licence=licensed"),
            4,
            "vacant",
        ),
        (("food", "--at", "114.025,22.005", *SHOP), 5, "outside"),
        (("food", "--at", "114.5,21.0", *SHOP), 5, "outside"),
        (("hole", "--road", "R1", "--stake", "K0+300"), 0, "decided"),
        (("food", "--area", "W", *SHOP), 0, "decided"),
    ],
)
def test_the_exit_status_says_how_it_ended(
    seamless: Seamless, arguments: tuple[str, ...], code: int, outcome: str
) -> None:
    result = seamless("resolve", *arguments, "--json")
    assert (result.exit_code, said(result)["outcome"]) == (code, outcome)
    assert seamless("resolve", *arguments).exit_code == code


def test_json_is_the_same_from_the_command_line_and_over_http(
    seamless: Seamless, client: FlaskClient
) -> None:
    over_http = client.post(
        "/api/v1/resolve",
        json={
            "matter": "food",
            "at": {"lon": 114.007, "lat": 22.008},
            "accuracy": 15,
            "facts": {"stage": "shop", "licence": "licensed"},
            "asker": "team_w",
            "on": "2009-07-01",
            "occurred_on": "2009-05-31",
        },
    )
    options = ("--accuracy", "15", "--asker", "team_w", "--on", "2009-07-01")
    typed = ("--occurred-on", "2009-05-31", "--json")
    result = seamless("resolve", "food", "--at", WEST, *SHOP, *options, *typed)
    assert said(result) == json.loads(over_http.data)


def test_text_speaks_the_language_that_was_asked_for(seamless: Seamless) -> None:
    assert seamless("resolve", "food", "--at", WEST, *SHOP).stdout.startswith("trade局\n主办单位\n")
    english = seamless("--lang", "en", "resolve", "food", "--at", WEST, *SHOP).stdout
    assert english.startswith("trade\nAccountable\n")


def test_a_negative_longitude_is_no_option(seamless: Seamless) -> None:
    assert seamless("resolve", "food", "--at", "-0.1,51.5", *SHOP).exit_code == 5


@pytest.mark.parametrize(
    ("arguments", "field", "allowed"),
    [
        (("food", "--at", "200,22"), "at", "180"),
        (("food", "--at", "nan,22"), "at", "180"),
        (("food", "--at", "114"), "at", "114.1172,22.6046"),
        (("foot", "--at", WEST), "matter", "food"),
        (("food", "--at", WEST, "--fact", "stage=moon"), "fact stage", "kitchen"),
        (("food", "--at", WEST, "--fact", "shape=round"), "fact shape", "stage"),
        (
            ("food", "--at", WEST, "--fact", "stage=farm", "--fact", "licence=licensed"),
            "stage, licence",
            "no such licence",
        ),
        (("food", "--at", WEST, "--on", "2008-02-30"), "on", "2008-11-05"),
        (("food", "--at", WEST, "--on", "1999-01-01"), "on", "2004-01-01"),
        (("food",), "at", "area"),
        (("food", "--at", WEST, "--area", "W"), "area", "--at"),
        (("food", "--area", "Q"), "area", "西街道"),
        (("food", "--at", WEST, "--asker", "office"), "asker", "office"),
        (("hole", "--road", "R9", "--stake", "K0+100"), "road", "R1"),
        (("hole", "--road", "R1", "--stake", "K99+100"), "stake", "K0+000"),
        (("food", "--site", "S-404"), "site", "sites list"),
        (("food", "--at", WEST, "--nonsense"), "--nonsense", "--help"),
        (("food", "--at"), "", "--help"),
        ((), "", "--help"),
    ],
)
def test_bad_input_is_exit_2_with_the_field_and_what_is_allowed(
    seamless: Seamless, arguments: tuple[str, ...], field: str, allowed: str
) -> None:
    result = seamless("resolve", *arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    chinese, english = result.stderr.splitlines()[:2]
    assert chinese.startswith(f"错误 {field}：" if field else "错误")
    assert english.startswith(f"error {field}: " if field else "error")
    assert allowed in result.stderr


def test_every_fault_is_told_at_once_and_the_chosen_language_first(seamless: Seamless) -> None:
    result = seamless("--lang", "en", "resolve", "food", "--at", "200,22", "--on", "never")
    lines = result.stderr.splitlines()
    assert [line.split(":")[0].split("：")[0] for line in lines] == [
        "error on",
        "错误 on",
        "error at",
        "错误 at",
    ]


def test_an_error_nobody_foresaw_is_one_sentence_and_exit_1(toy_desk: Desk) -> None:
    def broken() -> date:
        raise ZeroDivisionError("a secret of the inside")

    result = call(replace(toy_desk, today=broken), "resolve", "food", "--at", WEST)
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert "secret" not in result.output
    assert len(result.stderr.splitlines()) == 2
    log = (toy_desk.settings.data / FILE).read_text(encoding="utf-8").splitlines()[-1]
    assert json.loads(log)["command"] == "resolve"


@given(st.lists(st.text(max_size=20), max_size=6))
def test_whatever_is_typed_ends_with_a_sentence_and_never_a_traceback(
    toy_desk: Desk, arguments: list[str]
) -> None:
    result = call(toy_desk, "resolve", *arguments)
    assert result.exit_code in {0, 2, 3, 4, 5}
    assert "Traceback" not in result.output


# --- matters and facts -----------------------------------------------------------------------


def test_matters_lists_searches_and_shows_one(seamless: Seamless) -> None:
    assert [line.split()[0] for line in seamless("matters").stdout.splitlines()] == [
        "food",
        "hole",
        "mast",
    ]
    assert seamless("matters", "坑洞").stdout.split()[:2] == ["hole", "坑洞"]
    full = seamless("matters", "food").stdout
    assert full.startswith("食品（food）\n有规则的时段：2004-01-01 至 今\n")
    assert "不可能：养殖不发证" in full
    found = said(seamless("matters", "food", "--json", "--on", "2008-11-05"))
    assert found["on"] == "2008-11-05"
    assert [one["code"] for one in json.loads(seamless("matters", "--json").stdout)] == [
        "food",
        "hole",
        "mast",
    ]


def test_a_matter_that_nothing_fits_is_bad_input(seamless: Seamless) -> None:
    result = seamless("matters", "zzzzqqq")
    assert (result.exit_code, result.stdout) == (2, "")


def test_facts_are_shown_as_they_are_typed(seamless: Seamless) -> None:
    lines = seamless("--lang", "en", "facts", "food").stdout.splitlines()
    assert lines[0] == "stage  Which stage?"
    assert "  kitchen  Cooking" in lines
    assert "  unknown  I do not know" in lines
    (listed,) = json.loads(seamless("facts", "mast", "--json").stdout)
    assert (listed["fact"], listed["unit"]) == ("height_m", "m")
    assert seamless("facts", "moon").exit_code == 2


# --- layers, roads, sites --------------------------------------------------------------------


def test_layers_are_listed_by_kind_and_day(seamless: Seamless) -> None:
    lines = seamless("layers", "list").stdout.splitlines()
    assert len(lines) == 5
    assert any(line.split()[:3] == ["street", "toy-street", "2004-01-01"] for line in lines)
    listed = json.loads(seamless("layers", "list", "--json").stdout)
    assert {one["kind"] for one in listed} == {"street", "district", "zone", "road"}


def square(folder: Path, name: str, west: float) -> Path:
    path = folder / name
    ring = [[west, 22.0], [west + 0.01, 22.0], [west + 0.01, 22.01], [west, 22.01], [west, 22.0]]
    feature = {
        "type": "Feature",
        "properties": {"id": "C1", "called": "社区"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    return path


COMMUNITY = ("--kind", "community", "--edition", "one", "--column", "code=id")


def test_a_layer_is_imported_whole_or_refused_by_name(seamless: Seamless, tmp_path: Path) -> None:
    good = square(tmp_path, "good.geojson", 114.0)
    dated = (*COMMUNITY, "--column", "name=called", "--from", "2008-01-01")
    unnamed = seamless("layers", "import", str(good), *COMMUNITY, "--from", "2008-01-01")
    assert unnamed.exit_code == 2
    assert "good.geojson:name" in unnamed.stderr
    far = seamless("layers", "import", str(square(tmp_path, "far.geojson", 100.0)), *dated)
    assert far.exit_code == 2
    assert "far.geojson:1" in far.stderr
    missing = seamless("layers", "import", str(tmp_path / "none.geojson"), *dated)
    assert missing.exit_code == 2
    done = seamless("layers", "import", str(good), *dated)
    assert (done.exit_code, done.stderr) == (0, "")
    again = seamless("layers", "import", str(good), *dated)
    assert again.exit_code == 2
    assert "edition" in again.stderr


def test_wrong_options_of_an_import_are_told_together(seamless: Seamless, tmp_path: Path) -> None:
    good = square(tmp_path, "good.geojson", 114.0)
    options = ("--kind", "zone", "--edition", "x", "--from", "soon", "--until", "late")
    result = seamless("layers", "import", str(good), *options, "--column", "zone")
    assert [line.split("：")[0] for line in result.stderr.splitlines()[::2]] == [
        "错误 from",
        "错误 until",
        "错误 column",
    ]


def test_an_unknown_kind_of_layer_is_refused_with_those_that_exist(seamless: Seamless) -> None:
    result = seamless("layers", "import", "x", "--kind", "moon", "--edition", "x", "--from", "x")
    assert result.exit_code == 2
    assert result.stderr.startswith("错误 --kind：值不正确，可选：street、road、zone")


def test_the_kilometres_of_roads_are_summed_by_owner(seamless: Seamless) -> None:
    lines = seamless("roads", "summary", "--on", "2008-11-05").stdout.splitlines()
    assert lines[1] == "城市道路 4.1 = 2.1 + 2.1 千米"
    assert lines[-1] == "没有登记权属单位：0.00 千米"
    told = said(seamless("roads", "summary", "--on", "2008-11-05", "--json"))
    assert set(told["by_owner"]) == {"works", "builder"}
    unowned = said(seamless("roads", "summary", "--function", "plan", "--json"))
    assert unowned["unowned_km"] == unowned["total_km"]


def test_a_road_register_is_imported_or_refused_line_by_line(
    seamless: Seamless, toy_desk: Desk, tmp_path: Path
) -> None:
    head = "segment,ref,from_stake,to_stake,direction,function,owner,valid_from,ceases_on\n"
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(head + "R1,,,,,maintain,works,2008-01-01,\n", encoding="utf-8")
    bad.write_text(head + "R1,,,,,dig,works,2008-13-01,\n", encoding="utf-8")
    assert seamless("roads", "import", str(good)).stdout.startswith("已导入 1 条")
    assert (toy_desk.settings.data / "layers" / "register" / "good.csv").exists()
    refused = seamless("roads", "import", str(bad))
    assert refused.exit_code == 2
    assert {line.split("：")[0] for line in refused.stderr.splitlines()[::2]} == {
        "错误 bad.csv:2:function",
        "错误 bad.csv:2:valid_from",
    }
    assert not (toy_desk.settings.data / "layers" / "register" / "bad.csv").exists()


def test_sites_are_imported_listed_and_prefill_the_facts(
    seamless: Seamless, tmp_path: Path
) -> None:
    path = tmp_path / "sites.csv"
    path.write_text(
        "id,name,stages,licences,lon,lat\nS1,小卖部,shop,,114.007,22.008\nS2,没有位置,shop,,,\n",
        encoding="utf-8",
    )
    assert seamless("sites", "import", str(path)).stdout == "新增 2，更新 0，未变 0\n"
    assert seamless("sites", "import", str(path)).stdout == "新增 0，更新 0，未变 2\n"
    assert [line.split()[0] for line in seamless("sites", "list").stdout.splitlines()] == [
        "S1",
        "S2",
    ]
    assert json.loads(seamless("sites", "list", "小卖", "--json").stdout)[0]["id"] == "S1"
    by_site = said(seamless("resolve", "food", "--site", "S1", "--json"))
    facts = ("--fact", "stage=shop", "--fact", "licence=unlicensed")
    by_hand = said(seamless("resolve", "food", "--at", WEST, *facts, "--json"))
    assert by_site.pop("site")["facts"][0]["value"] == "shop"
    assert by_site == by_hand
    text = seamless("resolve", "food", "--site", "S1").stdout
    assert "对象登记" in text
    overruled = said(
        seamless("resolve", "food", "--site", "S1", "--fact", "licence=licensed", "--json")
    )
    assert overruled["lead"]["unit"] == "trade"
    nowhere = seamless("resolve", "food", "--site", "S2")
    assert nowhere.exit_code == 2
    assert "没有登记位置" in nowhere.stderr


def test_a_list_of_sites_with_faults_is_refused_row_by_row(
    seamless: Seamless, tmp_path: Path
) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("id,name,stages\nS8,甲,moon\n", encoding="utf-8")
    result = seamless("sites", "import", str(path))
    assert result.exit_code == 2
    assert "S8" in result.stderr or "bad.csv" in result.stderr


# --- the command itself ----------------------------------------------------------------------


def test_help_is_in_both_languages(seamless: Seamless) -> None:
    for arguments in ((), ("resolve",), ("layers", "import"), ("serve",)):
        shown = seamless(*arguments, "--help")
        assert shown.exit_code == 0
        assert any("\u4e00" <= character <= "\u9fff" for character in shown.stdout)


def test_wrong_settings_are_refused_before_anything_is_done() -> None:
    result = CliRunner().invoke(main, ["matters"], env={"SEAMLESS_LANG": "fr"})
    assert result.exit_code == 2
    assert "SEAMLESS_LANG" in result.stderr


def test_an_unknown_command_is_refused(seamless: Seamless) -> None:
    result = seamless("resolf")
    assert result.exit_code == 2
    assert "resolf" in result.stderr


def test_the_day_of_the_toy_is_in_the_articles_era(toy_desk: Desk) -> None:
    assert toy_desk.today() == toy.DAY
