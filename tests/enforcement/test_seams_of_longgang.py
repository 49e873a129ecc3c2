"""The schematic Longgang is proven seamless, and no rule and no mandate can go unnoticed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from enforcement.district import SCHEMATIC, District, open_district
from enforcement.found import Kind
from enforcement.publishing import readiness
from enforcement.register import Entry, load_register
from enforcement.resolution import InArea, Question, resolve
from enforcement.seams import Proof, prove
from enforcement.units import Mandate, Scope, UnitKind
from rules.asking import asking
from rules.casecheck import check_cases, unfired
from rules.model import Power
from rules.periods import Period
from rules.seams import leads
from rules.table import MAX_COMBINATIONS
from tests.enforcement.longgang import (
    ended_early,
    failing_cases,
    open_seams,
    with_mandates,
    with_rules,
)

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = 9
"""Every ninth rule and mandate is tried in CI, all of them by `make long`."""


@pytest.fixture(scope="session")
def longgang(tmp_path_factory: pytest.TempPathFactory) -> District:
    return open_district(None, data=tmp_path_factory.mktemp("longgang"))


@pytest.fixture(scope="session")
def entries(longgang: District) -> tuple[Entry, ...]:
    return load_register(SCHEMATIC, longgang.book.catalogue, longgang.registry.units)


@pytest.fixture(scope="session")
def proof(longgang: District, entries: tuple[Entry, ...]) -> Proof:
    return prove(longgang, entries)


# --- what is proven -------------------------------------------------------------------------------


def test_every_seam_is_registered(proof: Proof) -> None:
    assert [one.says.en for one in proof.open] == []


def test_every_entry_of_the_register_covers_a_seam(
    proof: Proof, entries: tuple[Entry, ...]
) -> None:
    assert proof.stale == ()
    filled = {one.id for one in proof.filled}
    assert filled | {one.entry for one in proof.registered} == {one.id for one in entries}


def test_hardly_anything_is_left_to_the_register(proof: Proof) -> None:
    """At most 2 of 100 possible combinations of each matter, weighed by days."""
    assert {one.matter: one.seam_share for one in proof.matters if one.seam_share > 0.02} == {}


FUMES = Question(
    "env.cooking_fume", date(2026, 11, 20), date(2026, 11, 20), InArea("440307014"), {}
)


def without_setting(district: District) -> District:
    """The district without the mandate that says for now who minds cooking fumes."""
    return with_mandates(district, [one for one in district.registry.mandates if not one.fills])


def test_what_the_government_must_still_decide_is_settled_for_now_and_says_so(
    longgang: District, proof: Proof, entries: tuple[Entry, ...]
) -> None:
    told = resolve(FUMES, longgang)
    assert told.lead is not None
    assert told.lead["unit"] == "street_cle.440307014"
    assert any("示意" in one["zh"] and "S01" in one["zh"] for one in told.answer["notices"])
    assert [one.id for one in proof.filled] == ["S01"]


def test_without_the_setting_it_is_a_registered_vacancy_with_a_witness(
    longgang: District, entries: tuple[Entry, ...]
) -> None:
    vacant = without_setting(longgang)
    told = resolve(FUMES, vacant)
    assert (told.outcome, told.lead) == ("vacant", None)
    assert told.interim is not None
    found = prove(vacant, entries)
    assert found.open == ()
    (seam,) = found.registered
    assert (seam.entry, seam.kind, seam.rules) == ("S01", Kind.VACANCY, ("F65",))
    assert seam.period.valid_from == date(2026, 8, 15)
    assert "F65" in seam.says.en
    (unexcused,) = prove(vacant, ()).open
    assert unexcused.kind is Kind.VACANCY


def test_one_line_fills_the_vacancy(longgang: District, entries: tuple[Entry, ...]) -> None:
    vacant = without_setting(longgang)
    line = Mandate("fume_authority", Scope.DISTRICT, None, "epb", Period(date(2026, 8, 15), None))
    filled = with_mandates(vacant, [*vacant.registry.mandates, line])
    assert resolve(FUMES, filled).lead["unit"] == "epb"  # type: ignore[index]
    assert [one.matter for one in prove(filled, entries).open] == []


def test_a_pig_farm_in_a_water_zone_keeps_its_lead_when_the_statute_changes(
    longgang: District,
) -> None:
    last, first = date(2026, 8, 14), date(2026, 8, 15)
    matter = longgang.book.matter("livestock.rearing")
    facts = {f.name: next(iter(f.values)) for f in matter.facts} | {"zone.water": "level1"}
    before, after = (
        resolve(Question(matter.code, day, day, InArea("440307015"), facts), longgang)
        for day in (last, first)
    )
    assert before.lead is not None
    assert after.lead is not None
    assert before.lead["unit"] == after.lead["unit"] == "epb"
    cites = [{one["law"] for one in each.answer["basis"]} for each in (before, after)]
    assert cites[0] != cites[1]
    assert any("eco" in law for law in cites[1] - cites[0])


def test_no_rule_is_idle_and_no_mandate_dead(proof: Proof) -> None:
    assert [one.says.en for one in proof.found if one.kind in (Kind.IDLE, Kind.DEAD)] == []


def test_all_cases_pass_and_every_rule_is_in_one(longgang: District) -> None:
    ready = readiness(None, longgang)
    assert ready.faults() == ()
    assert len(ready.cases) >= 200
    assert unfired(longgang.book, check_cases(longgang.book)) == ()


def test_no_interval_has_too_many_combinations(longgang: District) -> None:
    for tables in longgang.book.tables.values():
        for table in tables:
            assert table.raw_combinations <= MAX_COMBINATIONS
            assert table.excluded_share < 0.5


def test_with_the_place_known_few_questions_are_asked(longgang: District) -> None:
    for code, tables in longgang.book.tables.items():
        matter = longgang.book.matter(code)
        for table in tables:
            numbers: dict[tuple[str, ...], int] = {}
            outcomes = [
                -1
                if one.impossible
                else numbers.setdefault(leads(one, longgang.book.catalogue), len(numbers))
                for one in table.verdicts
            ]
            found = asking(table, matter, outcomes)
            assert found.most <= 4
            assert found.mean <= 2.5
            assert found.mean <= found.fixed_mean + 1e-9


# --- nothing can go unnoticed ---------------------------------------------------------------------


def unnoticed_without(id_: str, district: District, entries: tuple[Entry, ...]) -> Iterator[str]:
    """The id, when the rule can be deleted and neither the proof nor a case says so."""
    without = with_rules(district, {id_: None})
    matters = district.book.catalogue.rules[id_].matters
    if not failing_cases(without) and not open_seams(without, entries, matters):
        yield id_


def test_a_deleted_rule_is_noticed(longgang: District, entries: tuple[Entry, ...]) -> None:
    some = list(longgang.book.catalogue.rules)[::SAMPLE]
    assert [id_ for one in some for id_ in unnoticed_without(one, longgang, entries)] == []


@pytest.mark.long
def test_every_deleted_rule_is_noticed(longgang: District, entries: tuple[Entry, ...]) -> None:
    every = list(longgang.book.catalogue.rules)
    assert [id_ for one in every for id_ in unnoticed_without(one, longgang, entries)] == []


def unnoticed_when_ended_early(
    at: int, district: District, entries: tuple[Entry, ...]
) -> Iterator[str]:
    """The mandate, when it can end a day early and the proof does not say so."""
    mandates = list(district.registry.mandates)
    mandates[at] = ended_early(mandates[at])
    if not open_seams(with_mandates(district, mandates), entries):
        yield str(mandates[at])


def test_a_mandate_that_ends_a_day_early_is_noticed(
    longgang: District, entries: tuple[Entry, ...]
) -> None:
    some = range(0, len(longgang.registry.mandates), SAMPLE)
    assert [m for at in some for m in unnoticed_when_ended_early(at, longgang, entries)] == []


@pytest.mark.long
def test_every_mandate_that_ends_a_day_early_is_noticed(
    longgang: District, entries: tuple[Entry, ...]
) -> None:
    every = range(len(longgang.registry.mandates))
    assert [m for at in every for m in unnoticed_when_ended_early(at, longgang, entries)] == []


# --- what is planted is named ---------------------------------------------------------------------


def test_a_planted_duplicate_with_another_role_is_named(
    longgang: District, entries: tuple[Entry, ...]
) -> None:
    rule = longgang.book.catalogue.rules["F04"]
    other = replace(
        rule, id="planted", lead=longgang.book.catalogue.roles["traffic_police"], overrides=()
    )
    found = open_seams(with_rules(longgang, {"planted": other}), entries, rule.matters)
    named = [one for one in found if "planted" in one.rules and one.kind is Kind.OVERLAP]
    assert any("F04" in one.rules and one.witness for one in named)


def test_a_widened_condition_is_named(longgang: District, entries: tuple[Entry, ...]) -> None:
    rule = longgang.book.catalogue.rules["F04"]
    wide = replace(rule, alternatives=({},))
    found = open_seams(with_rules(longgang, {"F04": wide}), entries, rule.matters)
    assert any(one.kind is Kind.OVERLAP and "F04" in one.rules and one.witness for one in found)


def test_a_role_of_two_units_for_one_day_is_named(
    longgang: District, entries: tuple[Entry, ...]
) -> None:
    day = date(2010, 5, 5)
    (held,) = [one for one in longgang.registry.of_role("traffic_police") if one.period.covers(day)]
    twice = replace(held, unit="psb", period=Period(day, day + timedelta(1)))
    found = open_seams(with_mandates(longgang, [*longgang.registry.mandates, twice]), entries)
    assert [(one.kind, one.period, one.units) for one in found] == [
        (Kind.DOUBLE, twice.period, ("psb", "tp"))
    ]


def test_a_coordination_body_that_holds_a_leading_role_is_named(
    longgang: District, entries: tuple[Entry, ...]
) -> None:
    mandates = [
        replace(one, unit="dispatch") if one.role == "traffic_police" else one
        for one in longgang.registry.mandates
    ]
    assert longgang.registry.units["dispatch"].kind is UnitKind.COORDINATION
    found = open_seams(with_mandates(longgang, mandates), entries)
    assert {(one.kind, one.units) for one in found if one.kind is Kind.COORDINATION} == {
        (Kind.COORDINATION, ("dispatch",))
    }


def test_a_rule_that_lets_a_coordinating_role_lead_is_named(
    longgang: District, entries: tuple[Entry, ...]
) -> None:
    roles = longgang.book.catalogue.roles.values()
    convenor = next(one for one in roles if one.power is Power.COORDINATE)
    rule = replace(longgang.book.catalogue.rules["F04"], lead=convenor)
    found = open_seams(with_rules(longgang, {"F04": rule}), entries)
    assert any(one.kind is Kind.COORDINATION and one.rules == ("F04",) for one in found)


MEASURED = """
import resource, sys, time
from pathlib import Path
from rules.book import open_book
from rules.loader import CATALOGUE
started = time.perf_counter()
open_book(sorted(path.parent for path in CATALOGUE.glob("*/pack.yaml")), Path(sys.argv[1]))
seconds = time.perf_counter() - started
own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(seconds, (own + 2 * children) / 1024)
"""


@pytest.mark.long
def test_all_tables_are_built_in_a_minute_and_opened_in_two_seconds(tmp_path: Path) -> None:
    """Measured in a process of its own; the figures are printed."""

    def measured() -> tuple[float, float]:
        command = [sys.executable, "-c", MEASURED, str(tmp_path / "tables")]
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
        seconds, megabytes = map(float, done.stdout.split())
        return seconds, megabytes

    cold, memory = measured()
    warm, _ = measured()
    print(f"cold {cold:.1f} s, warm {warm:.2f} s, {memory:.0f} MB")  # noqa: T201 - the figures
    assert cold < 60
    assert warm < 2
    assert memory < 1024
