"""A demo that starts empty is filled with a made-up week, once, and nothing else ever is."""

from __future__ import annotations

import re
import threading
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from enforcement.case_states import State
from enforcement.demo_cases import seed_demo_cases
from enforcement.demo_diary import diary, findings
from enforcement.demo_people import demo_people
from enforcement.demo_sites import demo_sites
from enforcement.district import District, open_district
from enforcement.ledger_events import Order
from enforcement.policies import Actor, Post
from enforcement.services.checking import check_ledger
from enforcement.services.figures import district_figures
from enforcement.services.inboxes import adjudication_queue, recheck_list
from enforcement.services.ledger import Ledger
from enforcement.services.opening import open_ledger
from enforcement.services.people import list_accounts, seed_demo_accounts
from enforcement.services.reports import wrong_answers
from enforcement.services.sites import seed_demo_sites
from enforcement.services.stories import story
from enforcement.services.visits import read_visit
from enforcement.store.engine import MODE, READ, Store
from enforcement.store.migrate import open_store

TODAY = date(2026, 11, 20)
THEN = date(2008, 11, 5)
ALL_SEEING = Actor("x", "district_gov", frozenset({Post.SUPERVISOR, Post.ADJUDICATOR}))
ACTS = tuple(act for act in diary() if act.what != "report")
"""The acts that are events of the ledger."""


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> District:
    return open_district(None, data=tmp_path_factory.mktemp("data"))


@pytest.fixture
def ledger(store: Store, district: District, tmp_path: Path) -> Ledger:
    """An empty ledger with the demo's register of sites."""
    seed_demo_sites(store, demo_sites())
    return open_ledger(store, district, folder=None, data=tmp_path)


def at(day: date) -> datetime:
    """Ten o'clock in the district."""
    return datetime(day.year, day.month, day.day, 2, tzinfo=UTC)


def told(ledger: Ledger, query: str) -> list[tuple[object, ...]]:
    with ledger.store.execution_options(**{MODE: READ}).connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def reads(day: date) -> Order:
    return Order(ALL_SEEING, at(day), "read")


@pytest.mark.parametrize(("day", "market"), [(TODAY, "amr"), (THEN, "health")])
def test_an_empty_ledger_is_filled_with_a_living_week(
    ledger: Ledger, district: District, day: date, market: str
) -> None:
    assert seed_demo_cases(ledger, district, at(day)) == len(ACTS) + 2
    checked = check_ledger(ledger)
    assert checked.is_whole
    assert checked.events == len(ACTS) + len(list_accounts(ledger.store))

    cases = told(ledger, "SELECT id, state, round, holder, description FROM case_file ORDER BY id")
    held = Counter(
        row[0] for row in told(ledger, "SELECT case_id FROM holding WHERE until_at IS NULL")
    )
    assert held == Counter(row[0] for row in cases), "not exactly one holder"
    assert all("虚构" in str(row[4]) for row in cases)
    states = Counter(State(str(row[1])) for row in cases)
    assert set(states) == set(State) - {State.TRANSFERRED, State.VERIFIED, State.MERGED}
    assert [row[1] for row in cases if row[2] == 2] == ["accepted"], "one came back"

    moments = [str(row[0]) for row in told(ledger, "SELECT at FROM ledger_event ORDER BY seq")]
    assert moments == sorted(moments)
    assert max(moments) < day.isoformat(), "everything was before today"

    (disputed,) = adjudication_queue(ledger, reads(day))
    assert disputed.case.returns == 2
    assert [one.recheck_on for one in recheck_list(ledger, reads(day))] == [day]
    (handled,) = (row[0] for row in cases if row[1] == "handling" and row[3] == market)
    limits = story(ledger, reads(day), int(str(handled))).step_clocks
    assert any(one.due_at > at(day) for one in limits if one.met_at is None)
    (returned,) = (row[0] for row in cases if row[1] == "returned")
    assert story(ledger, reads(day), int(str(returned))).handovers[-1].answer == "refused"

    visit = read_visit(ledger, reads(day), 1)
    assert (visit.visit.on, visit.visit.lead_unit, len(visit.stops)) == (day, market, 8)
    month = f"{day.year}-{day.month - 1:02d}", f"{day.year}-{day.month:02d}"
    whole = district_figures(ledger, reads(day), first=month[0], last=month[1]).whole
    assert all(n > 0 for _, n in whole.funnel)
    assert whole.ratio("first_time_right").part > 0
    assert len(wrong_answers(ledger.store)) == 2

    assert seed_demo_cases(ledger, district, at(day)) == 0
    assert check_ledger(ledger) == checked


def test_a_ledger_with_an_event_is_left_alone(ledger: Ledger, district: District) -> None:
    order = Order(Actor("somebody", None, frozenset()), at(TODAY), "people")
    seed_demo_accounts(ledger.store, order, demo_people()[:1], registry=district.registry)
    before = check_ledger(ledger)
    assert before.events == 1
    assert seed_demo_cases(ledger, district, at(TODAY)) == 0
    assert check_ledger(ledger) == before


def test_servers_that_start_at_once_tell_one_week(ledger: Ledger, district: District) -> None:
    """One of them on the other side of midnight, where another week would be told."""
    begun = threading.Barrier(3, timeout=30)

    def start(day: date) -> None:
        begun.wait()
        seed_demo_cases(ledger, district, at(day))

    threads = [
        threading.Thread(target=start, args=(day,))
        for day in (TODAY, TODAY, TODAY.replace(day=TODAY.day + 3))
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    checked = check_ledger(ledger)
    assert checked.is_whole
    assert checked.events == len(ACTS) + len(list_accounts(ledger.store))
    assert len(told(ledger, "SELECT id FROM case_file")) == len(tuple(findings()))


def test_only_the_schematic_district_with_its_own_sites_and_eras_is_filled(
    district: District, tmp_path: Path
) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'seamless.db'}")
    ledger = open_ledger(store, district, folder=None, data=tmp_path)
    assert seed_demo_cases(ledger, district, at(TODAY)) == 0, "the register has no sites"
    seed_demo_sites(store, demo_sites())
    real = replace(district, settings=replace(district.settings, schematic=False))
    assert seed_demo_cases(ledger, real, at(TODAY)) == 0
    for day in (date(2012, 3, 1), date(2006, 12, 4), date(2001, 1, 1)):
        assert seed_demo_cases(ledger, district, at(day)) == 0, day
    assert check_ledger(ledger).events == 0
    assert list_accounts(store) == ()
    store.dispose()


def test_every_text_of_the_week_says_that_it_is_made_up() -> None:
    written = [one.says for one in findings()] + [act.rest for act in diary()]
    assert [one for one in written if re.search("[一-鿿]", one) and "虚构" not in one] == []
    moments = [(act.day, act.at) for act in diary()]
    assert moments == sorted(set(moments))
    assert {act.about for act in diary()} - {"-"} == {one.name for one in findings()}


@pytest.mark.long
@pytest.mark.parametrize(
    "day",
    [
        *("2007-03-01", "2008-02-13", "2008-10-06", "2009-05-04", "2022-10-10", "2024-02-19"),
        *("2026-01-01", "2026-02-24", "2026-10-09", "2026-11-22", "2027-01-04", "2030-06-03"),
    ],
)
def test_the_week_is_told_before_any_day(ledger: Ledger, district: District, day: str) -> None:
    assert seed_demo_cases(ledger, district, at(date.fromisoformat(day))) == len(ACTS) + 2
    assert check_ledger(ledger).is_whole
