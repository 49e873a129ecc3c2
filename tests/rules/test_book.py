"""A book opens from its cache, builds in a child process, and tells what went wrong there."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from rules import book as book_module
from rules import build as build_module
from rules.book import open_book
from rules.build import main
from rules.errors import (
    DateNotCovered,
    EngineFailed,
    PackRefused,
    RulesError,
    TableDisagrees,
    UnknownMatter,
)
from rules.table import Verdict
from tests.rules.packs import Pack, rule, text

COLOURS = ["red", "green", "blue"]


def small(**more: object) -> Pack:
    pack = Pack({"colour": COLOURS}, [rule("G", {"colour": "red"}, "north")])
    for name, value in more.items():
        setattr(pack, name, value)
    return pack


def files(folder: Path) -> set[str]:
    return {path.name for path in (folder / "cache").iterdir()}


def test_it_answers_for_a_matter_on_a_day(tmp_path: Path) -> None:
    book = small().book(tmp_path)
    assert book.table("m", date(2010, 1, 1)).verdict({"colour": "red"}) == Verdict(("G",))
    assert [matter.code for matter in book.matters(date(2010, 1, 1))] == ["m"]
    assert book.matters(date(1999, 12, 31)) == ()


def test_an_unknown_matter_is_refused_with_those_that_exist(tmp_path: Path) -> None:
    with pytest.raises(UnknownMatter) as caught:
        small().book(tmp_path).table("n", date(2010, 1, 1))
    assert caught.value.field == "matter"
    assert "choose one of: m" in caught.value.en


def test_a_day_that_is_not_covered_is_refused_with_the_periods_that_are(tmp_path: Path) -> None:
    periods = [
        {"valid_from": "2000-01-01", "ceases_on": "2001-01-01"},
        {"valid_from": "2005-01-01"},
    ]
    book = small(periods=periods).book(tmp_path)
    with pytest.raises(DateNotCovered) as caught:
        book.table("m", date(2003, 1, 1))
    assert caught.value.field == "on"
    assert "2000-01-01 to 2000-12-31, 2005-01-01 to now" in caught.value.en
    assert "2000-01-01 至 2000-12-31、2005-01-01 至 今" in caught.value.zh


# --- the cache ----------------------------------------------------------------------------------


def test_an_unchanged_book_builds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = small().book(tmp_path)

    def refuse(*_: object, **__: object) -> None:
        pytest.fail("a child process was started")

    monkeypatch.setattr(subprocess, "run", refuse)
    again = small().book(tmp_path)
    assert again.catalogue == first.catalogue
    assert again.tables["m"][0].verdicts == first.tables["m"][0].verdicts


def changed_sentence(pack: Pack) -> None:
    pack.rules[0]["says"] = text("another sentence")


def changed_lead(pack: Pack) -> None:
    pack.rules[0]["lead"] = "south"


def changed_condition(pack: Pack) -> None:
    pack.rules[0]["when"] = {"colour": "green"}


def changed_day(pack: Pack) -> None:
    pack.rules[0]["valid_from"] = "2001-01-01"


def added_clause(pack: Pack) -> None:
    pack.cannot.append({"id": "c1", "when": {"colour": "blue"}, "because": text("no")})


def added_value(pack: Pack) -> None:
    pack.facts = {"colour": [*COLOURS, "black"]}


def added_rule(pack: Pack) -> None:
    pack.rules.append(rule("H", {}, "south", overrides=["G"]))


def changed_period(pack: Pack) -> None:
    pack.periods = [{"valid_from": "2002-01-01"}]


@pytest.mark.parametrize("change", [changed_sentence, changed_lead])
def test_what_the_tables_do_not_hold_does_not_rebuild_them(
    change: Callable[[Pack], None], tmp_path: Path
) -> None:
    pack = small()
    before = pack.book(tmp_path)
    cached = files(tmp_path)
    change(pack)
    after = pack.book(tmp_path)
    assert files(tmp_path) == cached
    assert after.catalogue.rules["G"] != before.catalogue.rules["G"]


@pytest.mark.parametrize(
    "change",
    [changed_condition, changed_day, added_clause, added_value, added_rule, changed_period],
)
def test_what_the_tables_hold_rebuilds_them(change: Callable[[Pack], None], tmp_path: Path) -> None:
    pack = small()
    pack.book(tmp_path)
    cached = files(tmp_path)
    change(pack)
    pack.book(tmp_path)
    assert len(files(tmp_path) - cached) == 1


def test_another_engine_fence_rebuilds_the_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The code that fills tables is part of what they depend on."""
    small().book(tmp_path)
    monkeypatch.setattr(book_module, "_CODE", ("engine.py",))
    small().book(tmp_path)
    assert len(files(tmp_path)) == 2


# --- the child process ----------------------------------------------------------------------------


def child(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Let a child run this program instead of the build."""
    run = subprocess.run

    def other(command: list[str], **options: object) -> object:
        return run([command[0], "-c", program], **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "run", other)


@pytest.mark.parametrize(
    ("program", "kind", "says"),
    [
        ("import sys; sys.exit('no memory')", EngineFailed, "were not built: no memory"),
        ("import os; os.kill(os.getpid(), 11)", EngineFailed, "were not built: exit -11"),
        ("import sys; print('[3]', file=sys.stderr); sys.exit(1)", EngineFailed, "[3]"),
        ("raise RuntimeError('crash')", EngineFailed, "RuntimeError: crash"),
        ("import time; time.sleep(60)", EngineFailed, "1 s"),
    ],
)
def test_a_child_that_dies_or_hangs_is_told_of(
    program: str,
    kind: type[RulesError],
    says: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    child(monkeypatch, program)
    monkeypatch.setattr(book_module, "BUILD_TIMEOUT_S", 1)
    with pytest.raises(kind) as caught:
        small().book(tmp_path)
    assert says in caught.value.en
    assert caught.value.zh


def test_what_our_code_refused_in_the_child_is_raised_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {"kind": "TableDisagrees", "field": "table m", "zh": "不同", "en": "they differ"}
    line = json.dumps(told).replace("\\", "\\\\")
    child(monkeypatch, f"import sys; sys.exit('''{line}''')")
    with pytest.raises(TableDisagrees) as caught:
        small().book(tmp_path)
    assert (caught.value.field, caught.value.zh) == ("table m", "不同")
    assert not list((tmp_path / "cache").iterdir())


def test_the_child_tells_its_parent_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home, shared = small().write(tmp_path)
    arguments = ["--common", str(shared), "--pack", str(home), f"m={tmp_path / 'm.json'}"]
    assert main(arguments) == 0
    assert json.loads((tmp_path / "m.json").read_text())[0]["matter"] == "m"
    monkeypatch.setattr(build_module._Asked, "verdict", lambda *_: Verdict())
    assert main(arguments) == 1
    told = json.loads(capsys.readouterr().err)
    assert told["kind"] == "TableDisagrees"
    assert "colour=red" in told["en"]


def test_the_build_runs_as_a_program(tmp_path: Path) -> None:
    home, shared = small().write(tmp_path)
    target = tmp_path / "m.json"
    command = [sys.executable, "-m", "rules.build", "--common", str(shared)]
    done = subprocess.run(
        [*command, "--pack", str(home), f"m={target}"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert target.exists()
    assert [path.name for path in tmp_path.glob("*.partial")] == []


def test_a_pack_with_faults_is_refused_before_anything_is_built(tmp_path: Path) -> None:
    home, shared = small(rules=[rule("G", {}, "west")]).write(tmp_path)
    with pytest.raises(PackRefused):
        open_book([home], tmp_path / "cache", shared)
    assert not (tmp_path / "cache").exists()
