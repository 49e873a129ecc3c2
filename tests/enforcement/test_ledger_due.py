"""What is due is done once, however many do it at once, and each part is done."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import astuple, replace
from pathlib import Path
from typing import Any

import pytest

from enforcement.case_clock import Light, StepKind
from enforcement.services.checking import check_ledger
from enforcement.services.due import Did, do_what_is_due
from enforcement.services.figures import district_figures
from enforcement.services.filing import reopen
from enforcement.services.handing import accept, hand_over
from enforcement.services.handling import Step, add_step, close, report_done, verify
from enforcement.services.inboxes import district_inbox, unit_inbox
from enforcement.services.residents import Resident, add_resident, erase_resident
from enforcement.services.stories import Story, story
from enforcement.services.sweeping import sweep
from enforcement.store.case_parts import StepClockRow
from enforcement.store.chain import all_events
from enforcement.store.engine import Store, reading
from enforcement.store.migrate import migrate, open_store
from tests.enforcement.ledger_world import (
    AIC,
    AUDITOR,
    DISPATCHER,
    HEALTH,
    OFFICER_A,
    SUPERVISOR,
    VERIFIER,
    World,
    answer,
    person,
    world,
)
from tests.enforcement.test_joint import visit_of

SERVERS = 4


@pytest.fixture
def at(store: Store, tmp_path: Path) -> World:
    """Six months on: an offer, two cases, three units of a visit and a resident are overdue."""
    there = world(store, tmp_path / "files", retention_days=90)
    offered, kept = there.file(), there.file("vendor")
    hand_over(there.ledger, there.by(OFFICER_A), offered, to="health", reason="餐饮环节")
    add_resident(there.ledger, there.by(OFFICER_A), kept, Resident("complainant", "某某", "0755"))
    visit_of(there)
    there.wait(days=180)
    return there


def test_everything_that_is_due_is_done_and_then_nothing_more(at: World) -> None:
    assert do_what_is_due(at.ledger, at.now) == Did(escalated=6, deemed=0, passed_on=0, erased=1)
    assert do_what_is_due(at.ledger, at.now) == Did(0, 0, 0, 0)
    assert check_ledger(at.ledger).is_whole


def test_servers_that_do_it_at_once_do_nothing_twice(at: World) -> None:
    url = at.ledger.store.url.render_as_string(hide_password=False)
    stores = [open_store(url) for _ in range(SERVERS)]
    begun = threading.Barrier(SERVERS, timeout=60)
    did: list[Did] = []

    def server(store: Store) -> None:
        begun.wait()
        did.append(do_what_is_due(replace(at.ledger, store=store), at.now))

    threads = [threading.Thread(target=server, args=(one,)) for one in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one in stores:
        one.dispose()
    assert [sum(part) for part in zip(*map(astuple, did), strict=True)] == [6, 0, 0, 1]
    with reading(at.ledger.store) as session:
        told = Counter(event.action for event in all_events(session))
    assert (told["escalate"], told["erase_resident"]) == (6, 1)
    assert check_ledger(at.ledger).is_whole


def test_who_was_erased_by_a_person_in_the_meantime_stops_nothing(at: World) -> None:
    holder = person("fang", "street_a", *SUPERVISOR.posts)
    erase_resident(at.ledger, at.by(holder), 2, 1)
    assert do_what_is_due(at.ledger, at.now).erased == 0


# --- the limits of steps ------------------------------------------------------------------------

LIMITS = (
    ("D03", "先行登记保存后作出处理决定", 7, "working_day"),
    ("D06", "立案后作出处罚决定", 90, "day"),
    ("D12", "告知后申请听证", 5, "working_day"),
    ("D15", "收到决定书后缴纳罚款", 15, "day"),
)
"""Of facts §6; the case as a whole has 30 days here."""


@pytest.fixture
def shop(store: Store, tmp_path: Path) -> World:
    """A district in which a case of an unlicensed shop has thirty days from filing to closing."""
    return world(store, tmp_path / "files")


def taken(at: World, *steps: StepKind, stage: str = "catering") -> int:
    """A case of which the lead has taken these steps today; gives its number."""
    whole = {"id": "G04", "step": "拆除", "limit": 30, "unit": "day", "basis": "x"}
    limits: list[dict[str, Any]] = [
        {"id": id_, "step": says, "limit": limit, "unit": unit, "basis": "行政处罚法"}
        for id_, says, limit, unit in LIMITS
    ]
    case_id = at.file(resolution=answer(stage) | {"deadlines": [whole, *limits]})
    lead = {"catering": HEALTH, "circulation": AIC}[stage]
    hand_over(at.ledger, at.by(OFFICER_A), case_id, to=str(lead.unit), reason="x")
    accept(at.ledger, at.by(lead), case_id)
    for kind in steps:
        add_step(at.ledger, at.by(lead), case_id, Step(kind, at.ledger.day(at.by(lead))))
    return case_id


def ended(at: World, case_id: int) -> None:
    """The case is reported done, verified and closed."""
    report_done(at.ledger, at.by(HEALTH), case_id, outcome="已改正")
    verify(at.ledger, at.by(VERIFIER), case_id, note="已看")
    close(at.ledger, at.by(VERIFIER), case_id)


def told(at: World, case_id: int) -> Story:
    return story(at.ledger, at.by(AUDITOR), case_id)


def limit_of(at: World, case_id: int) -> StepClockRow:
    (limit,) = told(at, case_id).step_clocks
    return limit


def reports(at: World, case_id: int) -> list[tuple[int, str]]:
    """Each level and unit to which a limit of the case was reported, from the chain."""
    bodies = [one.body for one in told(at, case_id).events if one.action == "escalate"]
    return [(body["level"], body["to"]) for body in bodies if body["what"] == "step"]


def test_goods_kept_as_evidence_and_not_decided_on_go_up_level_by_level(shop: World) -> None:
    """Seven working days (D03), then one level each working day; 工商 has a superior of its own."""
    case_id = taken(shop, StepKind.PRESERVATION, stage="circulation")
    shop.wait(days=9)
    assert sweep(shop.ledger, shop.now).escalated == 0, "the 14th is its last day"
    shop.wait(days=1)
    assert sweep(shop.ledger, shop.now).escalated == 1
    assert sweep(shop.ledger, shop.now).escalated == 0, "the next level hears of it in a day"
    limit = limit_of(shop, case_id)
    assert (limit.level, limit.escalated_to, limit.met_at) == (1, "city_aic", None)
    shop.wait(days=4)
    assert sweep(shop.ledger, shop.now).escalated == 1
    assert reports(shop, case_id) == [(1, "city_aic"), (2, "city_aic")]
    assert told(shop, case_id).case.holder == "aic", "the holder stays"
    assert limit_of(shop, case_id).due_at == limit.due_at, "and so does the limit"
    assert check_ledger(shop.ledger).is_whole


def test_no_coordination_body_hears_of_a_limit_that_is_over(shop: World) -> None:
    """The food-safety office above the health bureau coordinates and decides nothing."""
    case_id = taken(shop, StepKind.PRESERVATION)
    shop.wait(days=11)
    sweep(shop.ledger, shop.now)
    assert reports(shop, case_id) == [(1, "district_gov")]


def test_a_limit_that_was_met_in_time_is_reported_to_nobody(shop: World) -> None:
    case_id = taken(shop, StepKind.PRESERVATION)
    shop.wait(days=7)
    add_step(shop.ledger, shop.by(HEALTH), case_id, Step(StepKind.SEIZURE, shop.now.date()))
    shop.wait(days=14)
    assert sweep(shop.ledger, shop.now).escalated == 0


def test_a_limit_that_is_met_late_goes_up_no_further(shop: World) -> None:
    case_id = taken(shop, StepKind.PRESERVATION)
    shop.wait(days=11)
    assert sweep(shop.ledger, shop.now).escalated == 1
    add_step(shop.ledger, shop.by(HEALTH), case_id, Step(StepKind.SEIZURE, shop.now.date()))
    shop.wait(days=7)
    assert sweep(shop.ledger, shop.now).escalated == 0
    assert reports(shop, case_id) == [(1, "district_gov")]


def test_a_limit_ends_with_its_case_and_does_not_come_back_with_it(shop: World) -> None:
    case_id = taken(shop, StepKind.PRESERVATION)
    ended(shop, case_id)
    limit = limit_of(shop, case_id)
    assert (limit.met_at, limit.lapsed_at) == (None, shop.now)
    shop.wait(days=20)
    reopen(shop.ledger, shop.by(VERIFIER), case_id, description="又来了")
    assert sweep(shop.ledger, shop.now).escalated == 0
    assert told(shop, case_id).nearest is None


def test_a_party_that_asks_for_no_hearing_makes_no_unit_late(shop: World) -> None:
    """Art. 64: the five days are the party's; when they are over the unit may decide."""
    case_id = taken(shop, StepKind.NOTICE)
    assert told(shop, case_id).nearest is None
    shop.wait(days=20)
    assert sweep(shop.ledger, shop.now).escalated == 0


def test_a_fine_that_is_not_paid_is_reported(shop: World) -> None:
    """罚而不死: the limit is the party's duty, and seeing to it is the unit's."""
    case_id = taken(shop, StepKind.DECISION)
    shop.wait(days=16)
    assert sweep(shop.ledger, shop.now).escalated == 1
    assert reports(shop, case_id) == [(1, "district_gov")]


def test_servers_that_sweep_at_once_report_a_limit_once(shop: World) -> None:
    case_id = taken(shop, StepKind.PRESERVATION)
    shop.wait(days=11)
    url = shop.ledger.store.url.render_as_string(hide_password=False)
    stores = [open_store(url) for _ in range(SERVERS)]
    begun = threading.Barrier(SERVERS, timeout=60)
    did: list[int] = []

    def server(store: Store) -> None:
        begun.wait()
        did.append(sweep(replace(shop.ledger, store=store), shop.now).escalated)

    threads = [threading.Thread(target=server, args=(one,)) for one in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one in stores:
        one.dispose()
    assert sum(did) == 1
    assert reports(shop, case_id) == [(1, "district_gov")]


def test_a_late_step_is_counted_as_reported_and_not_as_a_late_case(shop: World) -> None:
    taken(shop, StepKind.PRESERVATION)
    shop.wait(days=11)
    sweep(shop.ledger, shop.now)
    found = district_figures(shop.ledger, shop.by(SUPERVISOR), first="2008-11", last="2008-11")
    assert (found.whole.count("escalated"), found.whole.count("late")) == (1, 0)


def test_an_inbox_shows_beside_each_case_what_ends_first(shop: World) -> None:
    """Thirty days for the case, seven working days for what was kept, ninety for the decision."""
    kept = taken(shop, StepKind.FILING, StepKind.PRESERVATION)
    filed = taken(shop, StepKind.FILING)
    for days, shown in ((0, Light.GREEN), (6, Light.AMBER), (3, Light.RED), (2, Light.OVER)):
        shop.wait(days=days)
        first, second = unit_inbox(shop.ledger, shop.by(HEALTH)).held
        assert (first.case.id, second.case.id) == (kept, filed), "in the order of the cases' clocks"
        assert first.step is not None
        assert (first.step.clock.term, first.step.light) == ("D03", shown)
        assert first.light is Light.GREEN, "the case's own clock runs as it did"
        assert second.step is None
    assert [one.step for one in district_inbox(shop.ledger, shop.by(DISPATCHER))] == [
        one.step for one in unit_inbox(shop.ledger, shop.by(HEALTH)).held
    ]
    shop.wait(days=21)
    first, _ = unit_inbox(shop.ledger, shop.by(HEALTH)).held
    assert first.light is Light.OVER
    assert first.step is not None


def test_limits_that_were_open_in_ended_cases_end_when_the_store_is_brought_up_to_date(
    shop: World,
) -> None:
    """Before, a limit stayed open for ever; the sweep must not take up those of closed cases."""
    closed, running = (taken(shop, StepKind.PRESERVATION) for _ in range(2))
    again = taken(shop, StepKind.PRESERVATION)
    for one in (closed, again):
        ended(shop, one)
    when = shop.now
    shop.wait(days=2)
    reopen(shop.ledger, shop.by(VERIFIER), again, description="又来了")
    migrate(shop.ledger.store, "0006")
    migrate(shop.ledger.store, "head")
    assert limit_of(shop, closed).lapsed_at == when
    assert limit_of(shop, again).lapsed_at == shop.now, "when its new round began"
    assert limit_of(shop, running).runs
    shop.wait(days=9)
    sweep(shop.ledger, shop.now)
    assert [len(reports(shop, one)) for one in (closed, again, running)] == [0, 0, 1]
