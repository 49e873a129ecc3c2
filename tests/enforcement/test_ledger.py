"""The ledger's acts on SQLite and PostgreSQL: who holds a case, its clock, keys and refusals."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from enforcement.case_clock import StepKind
from enforcement.case_states import State
from enforcement.cases import Refusal
from enforcement.ledger_errors import BadAct, KeyReused, NoSuchRecord, NotAllowed, NotNow
from enforcement.ledger_events import DENIED
from enforcement.policies import Action, Actor, Post
from enforcement.services.assisting import NO_ANSWER, answer_assist, ask_assist
from enforcement.services.checking import check_ledger
from enforcement.services.figures import district_figures
from enforcement.services.filing import Found, file_case, merge, near_duplicates, take_up
from enforcement.services.handing import accept, correct, hand_over, refuse, transfer
from enforcement.services.handling import (
    Step,
    add_step,
    close,
    name_officer,
    recheck,
    report_done,
    send_back,
    verify,
)
from enforcement.services.inboxes import (
    adjudication_queue,
    district_inbox,
    recheck_list,
    rulings_made,
    unit_inbox,
)
from enforcement.services.rulings import ask_ruling, rule
from enforcement.services.stories import story
from enforcement.services.sweeping import sweep
from enforcement.store.case_queries import After, AfterRuling
from enforcement.store.engine import MODE, WRITE, Store
from geo.points import Point
from tests.enforcement.ledger_world import (
    ADJUDICATOR,
    AIC,
    AUDITOR,
    DISPATCHER,
    HEALTH,
    OFFICER_A,
    OFFICER_B,
    PSB,
    SUPERVISOR,
    VERIFIER,
    World,
    answer,
    person,
    world,
)

HERE = Point.checked(lon=114.1172, lat=22.6046)


@pytest.fixture
def at(store: Store, tmp_path: Path) -> World:
    """A world on an empty store."""
    return world(store, tmp_path)


def holder_of(at: World, case_id: int) -> tuple[str, str]:
    """The holder and the state."""
    case = story(at.ledger, at.by(AUDITOR), case_id).case
    return case.holder, case.state


def handled(at: World, case_id: int, actor: Actor = HEALTH) -> None:
    """From accepted to closed."""
    step = Step(StepKind.INSPECTION, at.ledger.day(at.by(actor)), second_officer="second")
    add_step(at.ledger, at.by(actor), case_id, step)
    report_done(at.ledger, at.by(actor), case_id, outcome="已改正")
    verify(at.ledger, at.by(VERIFIER), case_id, note="已看")
    close(at.ledger, at.by(VERIFIER), case_id)


def accepted(at: World, **found: Any) -> int:  # noqa: ANN401
    """A case of a restaurant that the health bureau accepted."""
    case_id = at.file("catering", **found)
    hand_over(at.ledger, at.by(OFFICER_A), case_id, to="health", reason="餐饮环节")
    accept(at.ledger, at.by(HEALTH), case_id)
    return case_id


# --- one holder ---------------------------------------------------------------------------------


def test_first_contact_holds_until_the_lead_accepts(at: World) -> None:
    case_id = at.file("catering")
    assert holder_of(at, case_id) == ("street_a", "held")
    hand_over(at.ledger, at.by(OFFICER_A), case_id, to="health", reason="餐饮环节")
    assert holder_of(at, case_id) == ("street_a", "handed_over")
    at.wait(hours=3)
    accept(at.ledger, at.by(HEALTH), case_id)
    told = story(at.ledger, at.by(HEALTH), case_id)
    assert (told.case.holder, told.case.state, told.case.officer) == ("health", "accepted", "zhao")
    assert [(one.unit, one.until_at) for one in told.holdings] == [
        ("street_a", at.now),
        ("health", None),
    ]


def test_a_case_found_for_another_unit_is_held_by_it_from_the_first_moment(at: World) -> None:
    case_id = at.file("catering", actor=DISPATCHER, asker="street_a", at_once=False)
    assert holder_of(at, case_id) == ("street_a", "found")
    take_up(at.ledger, at.by(OFFICER_A), case_id)
    assert holder_of(at, case_id) == ("street_a", "held")


HOLDS = "INSERT INTO holding (case_id, n, unit, from_at, is_open) SELECT {}, 9, 'aic', from_at, 1 "
BREAKING = {
    "two holders": HOLDS + "FROM holding WHERE case_id = {}",
    "no holder": "UPDATE holding SET until_at = from_at, is_open = 0 WHERE case_id = {}",
    "an end that is none": "UPDATE holding SET until_at = from_at WHERE case_id = {}",
    "a holder that does not hold": "UPDATE case_file SET holder = 'aic' WHERE id = {}",
    "a holding of nobody": "UPDATE case_file SET holding_n = 7 WHERE id = {}",
    "a holding that is over": "UPDATE case_file SET holding_open = 0 WHERE id = {}",
    "a holding gone": "DELETE FROM holding WHERE case_id = {}",
    "a clock set forward": "UPDATE case_file SET clock_started_at = '2010-01-01' WHERE id = {}",
    "a round too many": "UPDATE case_file SET round = round + 2 WHERE id = {}",
    "an event changed": "UPDATE ledger_event SET actor = 'x' WHERE case_id = {}",
    "an event deleted": "DELETE FROM ledger_event WHERE case_id = {}",
    "a resolution changed": "UPDATE case_resolution SET body = '' WHERE case_id = {}",
    "two offers": (
        "INSERT INTO handover SELECT case_id, 2, police, from_unit, to_unit, reason, basis, "
        '"by", sent_at, due_at, level, escalated_to, next_level_at, answered_at, answered_by, '
        "answer, refusal, corrected, other_unit, other_basis FROM handover WHERE case_id = {}"
    ),
}


def written(store: Store, statement: str) -> None:
    """Write past the program, as somebody with the database's password could."""
    with store.execution_options(**{MODE: WRITE}).begin() as connection:
        connection.execute(text(statement))


@pytest.mark.parametrize("what", BREAKING)
def test_the_database_itself_refuses(at: World, what: str) -> None:
    """Whatever program writes: the constraints are the database's, not this program's."""
    case_id = at.file("catering")
    hand_over(at.ledger, at.by(OFFICER_A), case_id, to="health", reason="餐饮环节")
    with pytest.raises(DBAPIError):
        written(at.ledger.store, BREAKING[what].replace("{}", str(case_id)))
    assert holder_of(at, case_id) == ("street_a", "handed_over")
    assert check_ledger(at.ledger).is_whole


# --- the clock ----------------------------------------------------------------------------------


def test_no_hand_over_return_or_ruling_restarts_the_clock(at: World) -> None:
    case_id = at.file("catering")
    clocks = set()

    def look() -> None:
        case = story(at.ledger, at.by(AUDITOR), case_id).case
        clocks.add((case.clock_started_at, case.due_at))
        at.wait(hours=1)

    look()
    hand_over(at.ledger, at.by(OFFICER_A), case_id, to="health", reason="x")
    look()
    refuse(at.ledger, at.by(HEALTH), case_id, Refusal("x", facts={"stage": "circulation"}))
    look()
    hand_over(at.ledger, at.by(OFFICER_A), case_id, to="aic", reason="x")
    refuse(at.ledger, at.by(AIC), case_id, Refusal("x", unit="health", basis="y"))
    look()
    rule(at.ledger, at.by(ADJUDICATOR), case_id, unit="health", reason="r", basis="b")
    accept(at.ledger, at.by(HEALTH), case_id)
    look()
    assert len(clocks) == 1


def test_the_end_is_counted_in_working_days_from_the_filing(at: World) -> None:
    case = story(at.ledger, at.by(AUDITOR), at.file("catering")).case
    assert case.due_at.astimezone(at.ledger.settled.zone).date() == date(2008, 11, 12)
    assert case.due_term == "H02"


def test_a_filing_starts_the_limit_of_the_decision_and_the_decision_meets_it(at: World) -> None:
    case_id = accepted(at)
    add_step(at.ledger, at.by(HEALTH), case_id, Step(StepKind.FILING, date(2008, 11, 5)))
    (limit,) = story(at.ledger, at.by(HEALTH), case_id).step_clocks
    assert (limit.term, limit.met_at) == ("D06", None)
    assert limit.due_at.astimezone(at.ledger.settled.zone).date() == date(2009, 2, 3)
    at.wait(days=10)
    add_step(at.ledger, at.by(HEALTH), case_id, Step(StepKind.DECISION, date(2008, 11, 15)))
    (limit,) = story(at.ledger, at.by(HEALTH), case_id).step_clocks
    assert limit.met_at == at.now


# --- refusing and ruling ------------------------------------------------------------------------


def test_a_corrected_fact_is_resolved_again_and_both_resolutions_stay(at: World) -> None:
    case_id = at.file("catering")
    hand_over(at.ledger, at.by(OFFICER_A), case_id, to="health", reason="x")
    refusal = Refusal("是批发不是餐饮", facts={"stage": "circulation"})
    done = refuse(at.ledger, at.by(HEALTH), case_id, refusal)
    assert done.result == {"case": case_id, "state": "returned", "lead": "aic"}
    told = story(at.ledger, at.by(OFFICER_A), case_id)
    assert [one.answer["lead"]["unit"] for one in told.resolutions] == ["health", "aic"]
    assert told.case.holder == "street_a"


def test_a_refusal_whose_facts_change_nothing_is_none(at: World) -> None:
    case_id = at.file("catering")
    hand_over(at.ledger, at.by(OFFICER_A), case_id, to="health", reason="x")
    with pytest.raises(BadAct, match="still leads"):
        refuse(at.ledger, at.by(HEALTH), case_id, Refusal("x", facts={"stage": "catering"}))
    assert holder_of(at, case_id) == ("street_a", "handed_over")


def test_the_second_return_goes_to_adjudication_and_the_ruling_binds(at: World) -> None:
    case_id = at.file("catering")
    hand_over(at.ledger, at.by(OFFICER_A), case_id, to="health", reason="x")
    refuse(at.ledger, at.by(HEALTH), case_id, Refusal("x", unit="aic", basis="y"))
    hand_over(at.ledger, at.by(OFFICER_A), case_id, to="aic", reason="x")
    refuse(at.ledger, at.by(AIC), case_id, Refusal("x", unit="health", basis="y"))
    assert holder_of(at, case_id) == ("street_a", "adjudication")
    (waiting,) = adjudication_queue(at.ledger, at.by(ADJUDICATOR))
    assert set(waiting.dispute.disputing) == {"street_a", "health", "aic"}
    assert waiting.dispute.due_at > waiting.dispute.negotiate_until > at.now
    rule(at.ledger, at.by(ADJUDICATOR), case_id, unit="health", reason="餐饮", basis="23号文")
    assert holder_of(at, case_id) == ("health", "ruled")
    with pytest.raises(NotNow):
        refuse(at.ledger, at.by(HEALTH), case_id, Refusal("x", unit="aic", basis="y"))
    accept(at.ledger, at.by(HEALTH), case_id)
    assert holder_of(at, case_id) == ("health", "accepted")
    (made,) = rulings_made(at.ledger, at.by(person("steward", None, Post.STEWARD)))
    assert '"status":"proposed"' in made.dispute.proposed_rule
    assert '"decision":"health"' in made.dispute.register_entry


def test_giving_a_case_back_to_who_held_it_is_a_return(at: World) -> None:
    """Accepting and handing back would otherwise be a ball game without an end."""
    case_id = accepted(at)
    back = hand_over(at.ledger, at.by(HEALTH), case_id, to="street_a", reason="x", basis="y")
    assert back.result["state"] == "handed_over"
    accept(at.ledger, at.by(OFFICER_A), case_id)
    again = hand_over(at.ledger, at.by(OFFICER_A), case_id, to="health", reason="x", basis="y")
    assert again.result["state"] == "adjudication"


def test_a_case_that_nobody_leads_may_be_brought_before_the_ladder(at: World) -> None:
    case_id = at.file("nobody")
    ask_ruling(at.ledger, at.by(OFFICER_A), case_id, reason="无人主办")
    assert holder_of(at, case_id) == ("street_a", "adjudication")
    with pytest.raises(BadAct, match="coordination"):
        rule(at.ledger, at.by(ADJUDICATOR), case_id, unit="fsc_office", reason="r", basis="b")


def test_disputes_and_rulings_have_pages_even_where_many_are_of_one_moment(at: World) -> None:
    """Two of a moment, one later; page by page each is there once, in the order of the whole."""
    steward = person("steward", None, Post.STEWARD)
    cases = [at.file("nobody") for _ in range(3)]
    for round_ in range(2):
        for case_id in cases:
            at.wait(hours=case_id == cases[-1])
            ask_ruling(at.ledger, at.by(OFFICER_A), case_id, reason="无人主办")
        queue = adjudication_queue(at.ledger, at.by(ADJUDICATOR))
        assert [one.case.id for one in queue] == cases
        for last, line in zip((None, *queue), queue, strict=False):
            after = None if last is None else After(last.dispute.due_at, last.dispute.case_id)
            page = adjudication_queue(at.ledger, at.by(ADJUDICATOR), after=after, limit=1)
            assert [one.case.id for one in page] == [line.case.id]
        for case_id in cases:
            rule(at.ledger, at.by(ADJUDICATOR), case_id, unit="street_a", reason="r", basis="b")
            accept(at.ledger, at.by(OFFICER_A), case_id)
        made = rulings_made(at.ledger, at.by(steward))
        assert len(made) == len(cases) * (round_ + 1)
        told = [(one.dispute.answered_at, one.dispute.case_id, one.dispute.n) for one in made]
        assert told == sorted(told, reverse=True)
        for last, line in zip((None, *made), made, strict=False):
            behind = None
            if last is not None and last.dispute.answered_at is not None:
                row = last.dispute
                behind = AfterRuling(last.dispute.answered_at, row.case_id, row.n)
            page = rulings_made(at.ledger, at.by(steward), after=behind, limit=1)
            assert [one.dispute for one in page] == [line.dispute]


def test_a_crime_goes_to_public_security_in_two_phases_too(at: World) -> None:
    case_id = accepted(at)
    with pytest.raises(BadAct, match="not public security"):
        transfer(at.ledger, at.by(HEALTH), case_id, to="aic", reason="x", basis="y")
    transfer(at.ledger, at.by(HEALTH), case_id, to="psb", reason="掺毒", basis="第二十七条")
    assert holder_of(at, case_id) == ("health", "handed_over")
    accept(at.ledger, at.by(PSB), case_id)
    assert holder_of(at, case_id) == ("psb", "transferred")


def test_facts_are_corrected_without_changing_the_holder(at: World) -> None:
    case_id = at.file("catering")
    correct(at.ledger, at.by(OFFICER_A), case_id, facts={"stage": "vendor"}, reason="是流动摊")
    told = story(at.ledger, at.by(OFFICER_A), case_id)
    assert (told.case.holder, told.case.lead_unit) == ("street_a", "street_a")
    assert Action.STEP in told.allowed


# --- silence ------------------------------------------------------------------------------------


def test_silence_goes_up_level_by_level_and_the_sender_keeps_the_case(at: World) -> None:
    case_id = at.file("catering")
    hand_over(at.ledger, at.by(OFFICER_A), case_id, to="health", reason="x")
    assert sweep(at.ledger, at.now).escalated == 0
    at.wait(days=2)
    assert sweep(at.ledger, at.now).escalated == 1
    assert sweep(at.ledger, at.now).escalated == 0
    told = story(at.ledger, at.by(AUDITOR), case_id)
    assert (told.case.holder, told.handovers[0].escalated_to) == ("street_a", "district_gov")
    at.wait(days=4)
    assert sweep(at.ledger, at.now).escalated == 1
    with pytest.raises(NotAllowed):
        ask_ruling(at.ledger, at.by(AIC), case_id, reason="无答复")
    ask_ruling(at.ledger, at.by(OFFICER_A), case_id, reason="无答复")
    assert holder_of(at, case_id) == ("street_a", "adjudication")


def test_a_district_may_take_silence_for_acceptance_and_it_is_off_by_default(
    store: Store, tmp_path: Path
) -> None:
    at = world(store, tmp_path, deemed_acceptance=True)
    case_id = at.file("catering")
    hand_over(at.ledger, at.by(OFFICER_A), case_id, to="health", reason="x")
    at.wait(days=2)
    assert sweep(at.ledger, at.now).deemed == 1
    assert holder_of(at, case_id) == ("health", "accepted")
    events = story(at.ledger, at.by(AUDITOR), case_id).events
    assert (events[-1].actor, events[-1].action) == ("clock", "deem_accepted")


def test_a_late_case_goes_up_too(at: World) -> None:
    case_id = accepted(at)
    at.wait(days=30)
    sweep(at.ledger, at.now)
    events = story(at.ledger, at.by(AUDITOR), case_id).events
    assert events[-1].body["to"] == "district_gov"


def test_the_cases_of_a_unit_that_ends_go_to_its_successor(at: World) -> None:
    case_id = at.file("circulation")
    hand_over(at.ledger, at.by(OFFICER_A), case_id, to="aic", reason="x")
    accept(at.ledger, at.by(AIC), case_id)
    at.wait(days=400)
    assert sweep(at.ledger, at.now).passed_on == 1
    assert holder_of(at, case_id)[0] == "msa"


# --- the work and after -------------------------------------------------------------------------


def test_an_inspection_takes_two_officers(at: World) -> None:
    case_id = accepted(at)
    for second in (None, " ", HEALTH.id):
        with pytest.raises(BadAct):
            add_step(
                at.ledger,
                at.by(HEALTH),
                case_id,
                Step(StepKind.INSPECTION, date(2008, 11, 5), second_officer=second),
            )


def test_what_is_not_done_goes_back_and_the_officer_in_charge_is_named(at: World) -> None:
    case_id = accepted(at)
    name_officer(at.ledger, at.by(HEALTH), case_id, officer="zhao-2")
    add_step(at.ledger, at.by(HEALTH), case_id, Step(StepKind.ORDER, date(2008, 11, 5)))
    report_done(at.ledger, at.by(HEALTH), case_id, outcome="已改正")
    send_back(at.ledger, at.by(VERIFIER), case_id, reason="还在卖")
    assert holder_of(at, case_id) == ("health", "handling")
    assert story(at.ledger, at.by(HEALTH), case_id).case.officer == "zhao-2"


def test_a_closed_case_is_due_for_its_recheck_a_week_later(at: World) -> None:
    case_id = accepted(at)
    handled(at, case_id)
    case = story(at.ledger, at.by(AUDITOR), case_id).case
    assert (case.holder, case.state, case.recheck_on) == ("health", "closed", date(2008, 11, 12))
    assert recheck_list(at.ledger, at.by(SUPERVISOR)) == ()
    at.wait(days=7)
    assert [one.id for one in recheck_list(at.ledger, at.by(SUPERVISOR))] == [case_id]
    recheck(at.ledger, at.by(OFFICER_B), case_id, note="无复发")
    assert holder_of(at, case_id) == ("health", "rechecked")


@pytest.mark.parametrize("days", [1, 30, 300])
def test_what_comes_back_reopens_the_old_case_with_the_same_lead(at: World, days: int) -> None:
    case_id = accepted(at, site_id="S1", point=HERE)
    handled(at, case_id)
    at.wait(days=days)
    found = Found(answer("catering"), "street_b", "又卖过期肉", site_id="S1")
    done = file_case(at.ledger, at.by(OFFICER_B), found)
    assert done.result == {"case": case_id, "reopened": True}
    case = story(at.ledger, at.by(AUDITOR), case_id).case
    assert (case.holder, case.state, case.grade, case.round) == ("health", "accepted", 2, 2)
    assert case.clock_started_at == at.now


@pytest.mark.parametrize(("metres", "same"), [(40, True), (60, False)])
def test_near_means_within_fifty_metres(at: World, metres: float, *, same: bool) -> None:
    case_id = accepted(at, point=HERE)
    handled(at, case_id)
    at.wait(days=3)
    there = Point.checked(lon=HERE.lon, lat=HERE.lat + metres / 110_739)
    found = Found(answer("catering"), "street_b", "又卖过期肉", point=there)
    assert file_case(at.ledger, at.by(OFFICER_B), found).result["reopened"] is same


def test_another_matter_at_the_same_site_is_another_case(at: World) -> None:
    case_id = accepted(at, site_id="S1")
    handled(at, case_id)
    other = answer("catering") | {"matter": "street.sign"}
    assert at.file(resolution=other, site_id="S1") != case_id


def test_what_another_unit_leads_at_the_same_site_is_another_case(at: World) -> None:
    """The sale of meat in a market is not its canteen, though both are food safety."""
    case_id = accepted(at, site_id="S1")
    handled(at, case_id)
    assert at.file("circulation", site_id="S1") != case_id


def test_a_successor_gets_back_what_its_predecessor_closed(at: World) -> None:
    case_id = at.file("circulation", site_id="S1")
    hand_over(at.ledger, at.by(OFFICER_A), case_id, to="aic", reason="x")
    accept(at.ledger, at.by(AIC), case_id)
    handled(at, case_id, AIC)
    at.wait(days=400)
    later = answer("circulation") | {"lead": {"unit": "msa", "role": "r"}}
    done = file_case(at.ledger, at.by(OFFICER_A), Found(later, "street_a", "又来", site_id="S1"))
    assert done.result == {"case": case_id, "reopened": True}
    assert holder_of(at, case_id) == ("msa", "accepted")


def test_open_cases_near_by_are_a_hint_before_another_is_filed(at: World) -> None:
    case_id = at.file("catering", point=HERE)

    def hinted() -> list[int | None]:
        found = near_duplicates(
            at.ledger, at.by(OFFICER_B), matter="food.safety", site_id=None, point=HERE
        )
        return [one.id for one in found]

    assert hinted() == [case_id]
    at.wait(hours=25)
    assert hinted() == []


def test_a_duplicate_is_merged_and_the_main_case_goes_on(at: World) -> None:
    main, double = at.file("catering"), at.file("catering")
    with pytest.raises(BadAct, match="no duplicate of itself"):
        merge(at.ledger, at.by(DISPATCHER), main, main_id=main, reason="x")
    merge(at.ledger, at.by(DISPATCHER), double, main_id=main, reason="同一家")
    assert holder_of(at, double)[1] == "merged"
    assert holder_of(at, main) == ("street_a", "held")


# --- assists ------------------------------------------------------------------------------------


def test_assists_run_beside_the_case_with_deadlines_of_their_own(at: World) -> None:
    case_id = at.file(resolution=answer("catering", assist=("aic",)))
    hand_over(at.ledger, at.by(OFFICER_A), case_id, to="health", reason="x")
    accept(at.ledger, at.by(HEALTH), case_id)
    ask_assist(at.ledger, at.by(HEALTH), case_id, unit="psb", duty="joint", asked="维持秩序")
    duties = story(at.ledger, at.by(HEALTH), case_id).assists
    assert [(one.unit, one.duty, one.n) for one in duties] == [
        ("aic", "joint", 1),
        ("psb", "joint", 2),
    ]
    assert [one.duty.unit for one in unit_inbox(at.ledger, at.by(AIC)).assists] == ["aic"]
    answer_assist(at.ledger, at.by(AIC), case_id, assist=1, answer="到场")
    with pytest.raises(NoSuchRecord):
        answer_assist(at.ledger, at.by(AIC), case_id, assist=2, answer="越位")
    at.wait(days=3)
    sweep(at.ledger, at.now)
    late = story(at.ledger, at.by(HEALTH), case_id).assists[1]
    assert late.escalated_to == "district_gov"
    assert holder_of(at, case_id) == ("health", "accepted")


def test_a_duty_that_nobody_answered_ends_with_the_case_and_says_so(at: World) -> None:
    case_id = at.file(resolution=answer("catering", assist=("aic",)))
    hand_over(at.ledger, at.by(OFFICER_A), case_id, to="health", reason="x")
    accept(at.ledger, at.by(HEALTH), case_id)
    handled(at, case_id)
    at.wait(days=60)
    sweep(at.ledger, at.now)
    (duty,) = story(at.ledger, at.by(AUDITOR), case_id).assists
    assert (duty.level, duty.answer) == (0, NO_ANSWER)


# --- keys, refusals, inboxes --------------------------------------------------------------------


def test_the_same_key_with_the_same_act_gives_the_first_result_again(at: World) -> None:
    found = Found(answer("catering"), "street_a", "过期肉")
    first = file_case(at.ledger, at.by(OFFICER_A, "k"), found)
    second = file_case(at.ledger, at.by(OFFICER_A, "k"), found)
    assert (second.case_id, second.again) == (first.case_id, True)
    with pytest.raises(KeyReused):
        hand_over(at.ledger, at.by(OFFICER_A, "k"), first.case_id, to="health", reason="x")
    with pytest.raises(KeyReused):
        file_case(at.ledger, at.by(OFFICER_B, "k"), found)
    assert len(district_inbox(at.ledger, at.by(DISPATCHER))) == 1


def test_a_denied_act_changes_nothing_and_is_recorded(at: World) -> None:
    case_id = at.file("catering")
    before = story(at.ledger, at.by(AUDITOR), case_id)
    with pytest.raises(NotAllowed):
        hand_over(at.ledger, at.by(OFFICER_B), case_id, to="health", reason="x")
    after = story(at.ledger, at.by(AUDITOR), case_id)
    assert after.case == before.case
    (denial,) = after.events[len(before.events) :]
    assert (denial.action, denial.actor, denial.body["wanted"]) == (DENIED, "wang", "hand_over")
    assert check_ledger(at.ledger).is_whole


def test_a_case_is_seen_by_who_has_to_do_with_it(at: World) -> None:
    case_id = at.file("catering")
    with pytest.raises(NotAllowed):
        story(at.ledger, at.by(HEALTH), case_id)
    hand_over(at.ledger, at.by(OFFICER_A), case_id, to="health", reason="x")
    assert story(at.ledger, at.by(HEALTH), case_id).allowed >= {Action.ACCEPT, Action.REFUSE}
    with pytest.raises(NotAllowed):
        district_inbox(at.ledger, at.by(HEALTH))
    with pytest.raises(NoSuchRecord):
        story(at.ledger, at.by(HEALTH), 404)


def test_inboxes_are_by_clock_and_have_pages(at: World) -> None:
    first = at.file("catering")
    at.wait(days=1)
    second = at.file("catering")
    lines = district_inbox(at.ledger, at.by(DISPATCHER), limit=1)
    assert [line.case.id for line in lines] == [first]
    case = lines[0].case
    after = After(case.due_at, first)
    more = district_inbox(at.ledger, at.by(DISPATCHER), after=after, limit=1)
    assert [line.case.id for line in more] == [second]
    own = unit_inbox(at.ledger, at.by(OFFICER_A))
    assert [line.case.id for line in own.held] == [first, second]
    hand_over(at.ledger, at.by(OFFICER_A), first, to="health", reason="x")
    assert [one.case.id for one in unit_inbox(at.ledger, at.by(HEALTH)).offers] == [first]
    only = district_inbox(at.ledger, at.by(DISPATCHER), states=(State.HANDED_OVER,))
    assert [line.case.id for line in only] == [first]


def test_nobody_files_for_a_coordination_body_or_as_another_unit(at: World) -> None:
    with pytest.raises(BadAct, match="coordination"):
        at.file(actor=DISPATCHER, asker="fsc_office")
    with pytest.raises(NotAllowed):
        at.file(actor=OFFICER_A, asker="street_b")


def test_a_moment_is_the_districts_whatever_the_order_came_in(at: World) -> None:
    at.now += timedelta(hours=14, minutes=30)
    case_id = at.file("catering")
    case = story(at.ledger, at.by(AUDITOR), case_id).case
    assert case.due_at.astimezone(at.ledger.settled.zone).date() == date(2008, 11, 12)


# --- figures ------------------------------------------------------------------------------------


def test_the_figures_count_what_happened_by_unit_and_street(at: World) -> None:
    case_id = accepted(at, site_id="S1")
    handled(at, case_id)
    at.wait(days=1)
    at.file("catering", site_id="S1")
    at.file("catering", site_id="S2")
    found = district_figures(at.ledger, at.by(SUPERVISOR), first="2008-11", last="2008-11")
    assert dict(found.whole.funnel) == {
        "found": 2,
        "checked": 1,
        "penalised": 0,
        "closed": 1,
        "recurred": 1,
    }
    assert (found.whole.first_time_right, found.whole.on_time) == (1.0, 1.0)
    assert (found.whole.hand_overs_per_case, found.whole.returns_per_case) == (0.5, 0.0)
    assert [one.name for one in found.by_unit] == ["health", "street_a"]
    assert [one.name for one in found.by_street] == ["440307014"]
    with pytest.raises(NotAllowed):
        district_figures(at.ledger, at.by(HEALTH), first="2008-11", last="2008-11")
