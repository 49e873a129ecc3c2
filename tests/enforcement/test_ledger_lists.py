"""What pages list: visits, today's stops, campaigns, the chain for auditors, a case by number."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from enforcement.ledger_errors import BadAct, NoSuchRecord, NotAllowed
from enforcement.policies import Post
from enforcement.services.agenda import BehindVisit, find_campaigns, find_visits, stops_today
from enforcement.services.audit import audit_page
from enforcement.services.campaigns import start_campaign
from enforcement.services.figures import RATIOS, Ratio, district_figures
from enforcement.services.handing import accept, hand_over
from enforcement.services.searching import find_case
from enforcement.services.stops import record_finding, record_stop
from enforcement.services.visits import confirm_visit, end_visit
from enforcement.store.chain import head_of
from enforcement.store.engine import MIGRATE, MODE, Store, reading
from enforcement.store.unowned import Unheld
from tests.enforcement.ledger_world import (
    ADJUDICATOR,
    AIC,
    AUDITOR,
    DISPATCHER,
    HEALTH,
    MORNING,
    OFFICER_A,
    OFFICER_B,
    PSB,
    SUPERVISOR,
    World,
    person,
    world,
)
from tests.enforcement.test_joint import DAY, visit_of
from tests.enforcement.test_ledger_events import SPOILED, written


@pytest.fixture
def at(store: Store, tmp_path: Path) -> World:
    return world(store, tmp_path / "files")


# --- visits -------------------------------------------------------------------------------------


def test_a_unit_sees_the_visits_that_it_takes_part_in_and_the_dispatcher_sees_all(
    at: World,
) -> None:
    number = visit_of(at)
    for actor in (HEALTH, AIC, PSB, OFFICER_A, DISPATCHER, SUPERVISOR, ADJUDICATOR):
        assert [one.visit.id for one in find_visits(at.ledger, at.by(actor))] == [number]
    steward = person("bao", "health", Post.STEWARD)
    homeless = person("mu", None, Post.OFFICER)
    for actor in (OFFICER_B, steward, homeless):
        assert find_visits(at.ledger, at.by(actor)) == ()
        assert stops_today(at.ledger, at.by(actor), on=DAY) == ()
        assert find_campaigns(at.ledger, at.by(actor)) == ()


def test_a_line_says_how_far_the_visit_has_come(at: World) -> None:
    number = visit_of(at)
    confirm_visit(at.ledger, at.by(AIC), number, answer="派两人参加")
    record_stop(at.ledger, at.by(HEALTH), number, stop=1, second_officer="qian", facts={})
    record_finding(at.ledger, at.by(HEALTH), number, stop=1, stage="catering", says="无证")
    (line,) = find_visits(at.ledger, at.by(AIC))
    told = line.progress
    assert (told.units, told.confirmed, told.stops, told.visited, told.findings) == (4, 2, 3, 1, 1)
    assert line.mine is not None
    assert line.mine.answer == "派两人参加"
    (line,) = find_visits(at.ledger, at.by(DISPATCHER))
    assert line.mine is None


def test_visits_come_by_day_and_page_by_page(at: World) -> None:
    days = [DAY + timedelta(days=n % 3) for n in range(7)]
    for day in days:
        visit_of(at, day=day)
    seen: list[tuple[date, int]] = []
    behind = None
    while found := find_visits(at.ledger, at.by(HEALTH), behind=behind, limit=2):
        seen += [(one.visit.on, one.visit.id or 0) for one in found]
        behind = BehindVisit(*seen[-1])
    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == len(days)


def test_todays_stops_name_what_the_own_unit_looks_at_and_leave_ended_visits_out(
    at: World,
) -> None:
    number, other = visit_of(at), visit_of(at)
    visit_of(at, day=DAY + timedelta(days=1))
    end_visit(at.ledger, at.by(HEALTH), other)
    assert stops_today(at.ledger, at.by(HEALTH)) == ()
    at.wait(days=1)
    (today,) = stops_today(at.ledger, at.by(AIC))
    assert today.line.visit.id == number
    items = [[(one["stage"], one["duty"]) for one in stop.items] for stop in today.stops]
    assert items == [[("circulation", "lead")], [], []]
    assert [len(stop.stages) for stop in today.stops] == [2, 1, 1]
    (today,) = stops_today(at.ledger, at.by(DISPATCHER))
    assert all(stop.items == () for stop in today.stops)


def test_a_unit_sees_the_campaigns_that_it_leads_or_visits_in(at: World) -> None:
    done = start_campaign(
        at.ledger,
        at.by(HEALTH),
        name="节前专项",
        lead_unit="health",
        begins_on=DAY,
        ends_on=DAY + timedelta(days=30),
        rechecks=(7,),
    )
    campaign = int(done.result["campaign"])
    assert [one.id for one in find_campaigns(at.ledger, at.by(HEALTH))] == [campaign]
    assert find_campaigns(at.ledger, at.by(AIC)) == ()
    number = visit_of(at, campaign=campaign)
    visit_of(at)
    assert [one.id for one in find_campaigns(at.ledger, at.by(AIC))] == [campaign]
    assert [one.id for one in find_campaigns(at.ledger, at.by(AUDITOR))] == [campaign]
    of_campaign = find_visits(at.ledger, at.by(AIC), campaign_id=campaign)
    assert [one.visit.id for one in of_campaign] == [number]


# --- the chain ----------------------------------------------------------------------------------


def handed(at: World) -> None:
    """Two cases with three events each."""
    for _ in range(2):
        case_id = at.file("catering")
        hand_over(at.ledger, at.by(OFFICER_A), case_id, to="health", reason="餐饮环节")
        accept(at.ledger, at.by(HEALTH), case_id)


def test_an_auditor_reads_the_chain_page_by_page_and_every_event_holds(at: World) -> None:
    handed(at)
    first = audit_page(at.ledger, at.by(AUDITOR), limit=4)
    assert [one.seq for one in first.lines] == [6, 5, 4, 3]
    assert first.older == 3
    last = audit_page(at.ledger, at.by(AUDITOR), before=first.older, limit=4)
    assert [one.seq for one in last.lines] == [2, 1]
    assert last.older is None
    assert first.is_whole
    assert last.is_whole
    assert last.lines[1].body is not None
    assert last.lines[1].body["matter"] == "food.safety"


def test_an_empty_chain_has_an_empty_page(at: World) -> None:
    page = audit_page(at.ledger, at.by(AUDITOR))
    assert (page.lines, page.head_seq, page.older, page.is_whole) == ((), 0, None, True)


def test_who_is_no_auditor_does_not_see_the_chain_and_that_is_recorded(at: World) -> None:
    with pytest.raises(NotAllowed):
        audit_page(at.ledger, at.by(SUPERVISOR))
    page = audit_page(at.ledger, at.by(AUDITOR))
    assert page.lines[0].event is not None
    assert page.lines[0].event.action == "denied"


@pytest.mark.parametrize("what", SPOILED)
def test_a_page_names_the_event_that_was_edited_deleted_or_swapped(at: World, what: str) -> None:
    handed(at)
    statements, seq = SPOILED[what]
    written(at.ledger.store, *statements)
    page = audit_page(at.ledger, at.by(AUDITOR))
    wrong = [line.seq for line in page.lines if line.wrong is not None]
    assert min(wrong) == seq


def test_a_page_shows_a_chain_whose_end_was_written_anew(at: World) -> None:
    handed(at)
    written(at.ledger.store, "UPDATE ledger_head SET hash = 'x'")
    page = audit_page(at.ledger, at.by(AUDITOR))
    assert [line.seq for line in page.lines if line.wrong is not None] == [6]


# --- a case by its number -----------------------------------------------------------------------


@pytest.mark.parametrize("number", ["2008-000001", "1", "#1", " 000001 ", "２００８-１"])
def test_a_case_is_found_by_its_number_as_people_write_it(at: World, number: str) -> None:
    case_id = at.file()
    assert find_case(at.ledger, at.by(OFFICER_A), number).id == case_id


@pytest.mark.parametrize("number", ["", "abc", "2008/1", "1 OR 1=1", "99999999999"])
def test_what_is_no_number_is_refused(at: World, number: str) -> None:
    with pytest.raises(BadAct, match="2008-000012"):
        find_case(at.ledger, at.by(OFFICER_A), number)


def test_no_case_has_another_years_number_and_none_of_other_units_is_shown(at: World) -> None:
    at.file()
    for number in ("2009-000001", "2"):
        with pytest.raises(NoSuchRecord):
            find_case(at.ledger, at.by(OFFICER_A), number)
    with pytest.raises(NotAllowed):
        find_case(at.ledger, at.by(OFFICER_B), "1")


# --- figures ------------------------------------------------------------------------------------


def test_every_figure_comes_with_what_was_counted_and_out_of_what(at: World) -> None:
    handed(at)
    at.file("catering")
    found = district_figures(at.ledger, at.by(SUPERVISOR), first="2008-11", last="2008-11")
    assert found.whole.ratio("hand_overs_per_case") == Ratio(2, 3)
    assert found.whole.ratio("first_time_right") == Ratio(2, 2)
    assert found.whole.ratio("recurrence") == Ratio(0, 0)
    assert found.whole.ratio("recurrence").value is None
    for name in RATIOS:
        assert found.whole.ratio(name).value == getattr(found.whole, name)
        streets = [one.ratio(name) for one in found.by_street]
        assert [one.name for one in found.by_street] == ["440307014"]
        assert streets == [found.whole.ratio(name)]
        assert sum(one.ratio(name).part for one in found.by_unit) == streets[0].part


def unheld(at: World) -> Unheld:
    return district_figures(at.ledger, at.by(SUPERVISOR), first="2008-11", last="2008-11").unheld


def test_no_case_is_ever_without_a_holder_whenever_one_looks(at: World) -> None:
    for _ in range(3):
        handed(at)
        at.wait(hours=3)
        found = unheld(at)
        assert (found.seconds, found.case_ids) == (0.0, ())
        with reading(at.ledger.store) as session:
            assert found.seq == head_of(session)[0]


def test_a_gap_that_was_forced_into_the_store_is_counted_to_the_second(at: World) -> None:
    handed(at)
    at.wait(hours=3)
    written(at.ledger.store)
    gap = {"gap": MORNING - timedelta(seconds=90), "end": MORNING + timedelta(hours=2)}
    sqlite = at.ledger.store.dialect.name == "sqlite"
    # A migration's transaction is the one that SQLite lets break a reference.
    with at.ledger.store.execution_options(**{MODE: MIGRATE}).connect() as connection:
        connection.detach()
        if not sqlite:
            connection.execute(text("ALTER TABLE case_file DROP CONSTRAINT fk_case_file_holder"))
        for change in (
            "UPDATE holding SET until_at = :gap WHERE case_id = 1 AND n = 1",
            "UPDATE holding SET until_at = :end, is_open = 0 WHERE case_id = 2 AND n = 2",
        ):
            moments = {name: str(one)[:19] if sqlite else one for name, one in gap.items()}
            connection.execute(text(change), moments)
        connection.commit()
    fresh = replace(at, ledger=replace(at.ledger))
    found = unheld(fresh)
    assert (found.seconds, found.case_ids) == (90 + 3600, (1, 2))
    # Nobody holds it still, so the time runs on; what was found before is not forgotten
    fresh.wait(hours=1)
    fresh.file()
    found = unheld(fresh)
    assert (found.seconds, found.case_ids) == (90 + 7200, (1, 2))


def test_a_gap_made_after_the_first_look_is_seen_with_the_cases_next_event(at: World) -> None:
    handed(at)
    assert unheld(at).seconds == 0
    moved = "UPDATE holding SET from_at = '2008-11-05 01:00:05.000000' WHERE case_id = 2 AND n = 2"
    zone = "+00" if at.ledger.store.dialect.name == "postgresql" else ""
    written(at.ledger.store, moved.replace(".000000", f".000000{zone}"))
    assert unheld(at).seconds == 0
    with pytest.raises(NotAllowed):
        hand_over(at.ledger, at.by(OFFICER_B), 2, to="aic", reason="x")
    assert (unheld(at).seconds, unheld(at).case_ids) == (5.0, (2,))
