"""The steward's commands: prove, test, compare, export, publish, count questions."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from tests.enforcement.test_publishing import case, folder, pack
from tests.rules.packs import Data, Pack, plain, rule, text
from web.cli import main
from web.cli.speaking import Speaker
from web.settings import Lang, Settings

Seamless = Callable[..., Result]
GAP = [rule("G", {"colour": "red"}, "north", confidence="M", rows=["F1"])]
ENTRY: Data = {
    "id": "R1",
    "what": text("who minds green"),
    "matter": "m",
    "kind": "gap",
    "facts": {"colour": "green"},
    "valid_from": "2000-01-01",
    "owner": "a",
    "deadline": "2020-01-01",
    "interim": text("the asker"),
    "cites": ["F1"],
}
RULING: Data = {
    "lead": "south",
    "on": "2026-12-01",
    "valid_from": "2027-01-01",
    "by": text("the district"),
    "says": text("green is for the south"),
    "basis": [{"law": "law"}],
    "source": ["A"],
}


def steward(at: Path, given: Pack, *entries: Data, lang: Lang = Lang.EN) -> Seamless:
    """Calls the command line on a district's folder with a register."""
    home = folder(at / "home", given)
    (home / "register.yaml").write_text(plain({"entries": list(entries)}), encoding="utf-8")
    settings = Settings(
        data=at / "data", database_url=f"sqlite:///{at / 'seamless.db'}", district=home
    )

    def call(*arguments: str) -> Result:
        speaker = Speaker(settings, lang)
        return CliRunner().invoke(main, list(arguments), obj=speaker, prog_name="seamless")

    return call


def said(result: Result) -> Any:  # noqa: ANN401 - JSON
    return json.loads(result.stdout)


# The small districts have no map: that map and settings agree is shown elsewhere


def test_seams_exits_0_without_an_open_seam(tmp_path: Path) -> None:
    result = steward(tmp_path, pack())("seams")
    assert result.exit_code == 0, result.output
    assert "0 open seams, 0 registered" in result.stdout
    assert "Rules: nothing found" in result.stdout
    assert (
        "m: 2 combinations, 1 intervals, 1 asked of the engine, 0% impossible, 0.0% seams"
        in result.stdout
    )


def test_seams_exits_1_and_names_what_is_open(tmp_path: Path) -> None:
    result = steward(tmp_path, pack(rules=GAP, cases=[]))("seams")
    assert result.exit_code == 1
    assert "[OPEN] gap" in result.stdout
    assert "“m” (colour: green): no rule names a lead (1 combinations)" in result.stdout


def test_seams_exits_0_when_the_seam_is_registered_and_says_what_is_overdue(
    tmp_path: Path,
) -> None:
    result = steward(tmp_path, pack(rules=GAP, cases=[]), ENTRY)("seams")
    assert result.exit_code == 0
    assert "[R1] gap" in result.stdout
    assert "0% impossible, 50.0% seams" in result.stdout
    assert "entries that cover no seam" not in result.stdout
    assert "overdue R1 (a, 2020-01-01): who minds green" in result.stdout


def test_an_entry_that_covers_nothing_any_more_is_told(tmp_path: Path) -> None:
    rules = [rule("G", {}, "north", confidence="M", rows=["F1"])]
    result = steward(tmp_path, pack(rules=rules, cases=[]), ENTRY)("seams")
    assert result.exit_code == 0
    assert "entries that cover no seam: R1" in result.stdout


def test_a_ruling_is_printed_as_a_proposed_rule(tmp_path: Path) -> None:
    result = steward(tmp_path, pack(rules=GAP, cases=[]), ENTRY | {"decision": RULING})("seams")
    assert "rule proposed by the ruling on R1:" in result.stdout
    assert "- id: R1.ruling" in result.stdout
    assert "overdue" not in result.stdout


def test_seams_in_chinese_and_as_json(tmp_path: Path) -> None:
    call = steward(tmp_path, pack(rules=GAP, cases=[]), lang=Lang.ZH)
    assert "没有规则指明主办单位" in call("seams").stdout
    result = call("seams", "--json")
    told = said(result)
    assert result.exit_code == 1
    assert (told["open"], told["registered"], told["rules"]) == (1, 0, 1)
    (seam,) = [one for one in told["seams"] if one["open"]]
    assert (seam["kind"], seam["witness"]) == ("gap", {"colour": "green"})
    assert seam["says"]["zh"]


def test_the_register_is_told_in_json(tmp_path: Path) -> None:
    told = said(steward(tmp_path, pack(rules=GAP, cases=[]), ENTRY)("seams", "--json"))
    (entry,) = told["register"]
    assert (entry["id"], entry["overdue"], entry["proposed_rule"]) == ("R1", True, None)


def test_a_register_with_faults_is_exit_2(tmp_path: Path) -> None:
    result = steward(tmp_path, pack(), ENTRY | {"owner": "z"})("seams")
    assert result.exit_code == 2
    assert "there is no unit z" in result.stderr


# --- rules ------------------------------------------------------------------------------------


def test_rules_test_exits_0_when_all_cases_pass(tmp_path: Path) -> None:
    result = steward(tmp_path, pack())("rules", "test")
    assert result.exit_code == 0
    assert "1 cases, 0 fail, 0 rules in no case" in result.stdout


def test_rules_test_exits_1_and_says_what_came_instead(tmp_path: Path) -> None:
    wrong = pack(
        rules=[rule("G", {}, "north"), rule("H", {"colour": "green"}, "south", overrides=["G"])],
        cases=[case("K1", {"colour": "red"}, "south")],
    )
    result = steward(tmp_path, wrong)("rules", "test")
    assert result.exit_code == 1
    assert "small:K1 2010-01-01 n" in result.stdout
    assert "expected the lead south, found north" in result.stdout
    assert "rules in no case: H" in result.stdout


def test_publish_then_versions_then_diff(tmp_path: Path) -> None:
    call = steward(tmp_path, pack())
    published = call("rules", "publish")
    assert published.exit_code == 0, published.output
    assert "version 1-" in published.stdout
    assert call("rules", "versions").stdout.startswith("1\t")
    assert "no difference" in call("rules", "diff", "1").stdout
    rules = tmp_path / "home" / "packs" / "small" / "rules.yaml"
    later = rule("H", {"colour": "green"}, "south", overrides=["G"], valid_from="2020-01-01")
    rules.write_text(plain([rule("G", {}, "north"), later]), encoding="utf-8")
    told = call("rules", "diff", "1")
    assert "new rules: H" in told.stdout
    assert "from 2020-01-01 on, “m” (colour: green): north → south (1)" in told.stdout
    changes = said(call("rules", "diff", "1", "current", "--json"))["changes"]
    assert [(one["before"], one["after"]) for one in changes] == [(["north"], ["south"])]


def test_a_rule_that_only_says_it_otherwise_is_told_without_a_lead_that_changes(
    tmp_path: Path,
) -> None:
    call = steward(tmp_path, pack())
    call("rules", "publish")
    rules = tmp_path / "home" / "packs" / "small" / "rules.yaml"
    rules.write_text(plain([rule("G", {}, "north", says=text("else"))]), encoding="utf-8")
    told = call("rules", "diff", "1")
    assert "changed rules: G\nno lead changes" in told.stdout


def test_publish_is_refused_with_an_open_seam(tmp_path: Path) -> None:
    call = steward(tmp_path, pack(rules=GAP, cases=[]))
    result = call("rules", "publish")
    assert result.exit_code == 2
    assert "no rule names a lead" in result.stderr
    assert call("rules", "versions").stdout == ""


def test_diff_with_an_unknown_version_is_exit_2(tmp_path: Path) -> None:
    result = steward(tmp_path, pack())("rules", "diff", "9")
    assert result.exit_code == 2
    assert "there is no version '9'" in result.stderr


def test_export_writes_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "tables.xlsx"
    assert steward(tmp_path, pack())("rules", "export", "--xlsx", str(path)).exit_code == 0
    assert load_workbook(path).sheetnames == ["index", "m"]


@pytest.mark.parametrize("as_json", [False, True])
def test_questions_are_counted(as_json: bool, tmp_path: Path) -> None:  # noqa: FBT001 - a case
    both = pack(
        rules=[rule("G", {"colour": "red"}, "north"), rule("H", {"colour": "green"}, "south")]
    )
    result = steward(tmp_path, both)("rules", "questions", *(["--json"] if as_json else []))
    if as_json:
        (one,) = said(result)
        assert (one["mean"], one["most"], one["best_fixed_mean"]) == (1.0, 1, 1.0)
    else:
        assert "m 2000-01-01 …: mean 1.00, most 1, best fixed order 1.00" in result.stdout
