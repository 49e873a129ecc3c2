"""The table of states, and what the checks beside it let happen. Pure: no store."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from enforcement.case_clock import Light, StepKind, light, started
from enforcement.case_states import (
    ENDED,
    MOVES,
    State,
    diagram,
    sources_of,
    targets_of,
)
from enforcement.cases import (
    Refusal,
    check_can,
    check_can_ask_ruling,
    check_can_hand_over,
    check_can_hold,
    check_can_recheck,
    check_can_refuse,
    check_can_step,
    check_can_verify,
    sends_to_adjudication,
)
from enforcement.deadlines import WorkCalendar
from enforcement.ladder import common_superiors, ladder, successor, superiors
from enforcement.ledger_errors import BadAct, NotAllowed, NotNow
from enforcement.policies import POLICIES, Action, Parties
from enforcement.ruling_drafts import drafted
from enforcement.terms import Terms, district_terms
from rules.model import Text
from tests.enforcement.ledger_world import (
    ADJUDICATOR,
    AIC,
    HEALTH,
    OFFICER_A,
    REGISTRY,
    VERIFIER,
    answer,
)

DOCS = Path(__file__).parents[2] / "docs" / "ledger.md"


@dataclass(frozen=True)
class Case:
    """A case as the checks see it."""

    state: str = State.HELD.value
    holder: str = "street_a"
    lead_unit: str | None = "health"
    returns: int = 0
    done_by: str | None = None


HELD = Parties(holder="street_a")
OFFERED = Parties(holder="street_a", receiver="health")


def test_the_diagram_in_the_documentation_is_the_table_in_code() -> None:
    assert diagram() in DOCS.read_text(encoding="utf-8")


def test_every_state_can_be_reached_and_every_open_one_can_be_left() -> None:
    reached = {State.FOUND, State.HELD}
    while True:
        more = {
            target
            for move in MOVES
            for state in reached & move.sources
            for target in targets_of(move.action, state)
        }
        if more <= reached:
            break
        reached |= more
    assert reached == set(State)
    for state in set(State) - {State.MERGED}:
        assert any(state in move.sources and move.target not in {None, state} for move in MOVES)


def test_every_move_has_a_policy() -> None:
    assert {move.action for move in MOVES} <= set(POLICIES)
    assert set(POLICIES) == set(Action)


def test_a_merged_case_does_not_move_again() -> None:
    moving = {move.action for move in MOVES if State.MERGED in move.sources}
    assert moving == {Action.SUCCEED}


def test_nothing_but_the_clock_moves_an_ended_case_except_what_is_listed() -> None:
    for action in (Action.HAND_OVER, Action.STEP, Action.ACCEPT, Action.RULE, Action.CLOSE):
        assert not sources_of(action) & ENDED


def test_handing_over_needs_a_reason_and_a_basis_when_it_is_not_to_the_lead() -> None:
    check_can_hand_over(Case(), OFFICER_A, HELD, to="health", reason="餐饮环节", basis="")
    with pytest.raises(BadAct) as caught:
        check_can_hand_over(Case(), OFFICER_A, HELD, to="aic", reason=" ", basis="")
    assert [fault.field for fault in caught.value.faults] == ["reason", "basis"]


def test_a_case_is_not_handed_to_its_own_holder() -> None:
    with pytest.raises(BadAct):
        check_can_hand_over(Case(), OFFICER_A, HELD, to="street_a", reason="x", basis="y")


def test_a_refusal_must_correct_a_fact_or_name_another_unit() -> None:
    case = Case(state=State.HANDED_OVER.value)
    check_can_refuse(case, HEALTH, OFFERED, Refusal("不是餐饮", facts={"stage": "circulation"}))
    check_can_refuse(case, HEALTH, OFFERED, Refusal("x", unit="aic", basis="国发〔2004〕23号"))
    for refusal in (Refusal("不归我管"), Refusal("x", unit="aic"), Refusal("", unit="aic")):
        with pytest.raises(BadAct):
            check_can_refuse(case, HEALTH, OFFERED, refusal)
    with pytest.raises(BadAct):
        check_can_refuse(case, HEALTH, OFFERED, Refusal("x", unit="health", basis="y"))


def test_a_ruling_cannot_be_refused() -> None:
    ruled = Case(state=State.RULED.value, holder="health")
    with pytest.raises(NotNow, match="a ruling binds"):
        check_can_refuse(
            ruled, HEALTH, Parties(holder="health", receiver="health"), Refusal("x", unit="aic")
        )


def test_first_contact_handles_only_what_it_leads_or_nobody_does() -> None:
    check_can_step(Case(lead_unit="street_a"), OFFICER_A, HELD)
    check_can_step(Case(lead_unit=None), OFFICER_A, HELD)
    with pytest.raises(NotNow, match="health leads"):
        check_can_step(Case(), OFFICER_A, HELD)


def test_an_assist_can_neither_close_nor_shed_a_case() -> None:
    parties = Parties(holder="street_a", assisting=frozenset({"aic"}))
    for action in (Action.CLOSE, Action.HAND_OVER, Action.REPORT_DONE, Action.MERGE, Action.REFUSE):
        for state in State:
            with pytest.raises(NotAllowed):
                check_can(Case(state=state.value), AIC, action, parties)


def test_who_reported_done_cannot_verify() -> None:
    done = Case(state=State.DONE.value, done_by=VERIFIER.id)
    with pytest.raises(NotNow, match="neither verify nor close"):
        check_can_verify(done, VERIFIER, HELD)
    check_can_verify(replace(done, done_by="somebody"), VERIFIER, HELD)


def test_a_ruling_may_be_asked_for_while_handed_over_only_after_the_deadline() -> None:
    case = Case(state=State.HANDED_OVER.value)
    with pytest.raises(NotNow, match="may still answer"):
        check_can_ask_ruling(case, OFFICER_A, OFFERED, reason="无答复", silent=False)
    check_can_ask_ruling(case, OFFICER_A, OFFERED, reason="无答复", silent=True)


def test_a_clean_recheck_before_its_day_does_not_count() -> None:
    closed = Case(state=State.CLOSED.value)
    day = date(2008, 11, 12)
    with pytest.raises(NotNow):
        check_can_recheck(closed, OFFICER_A, HELD, due=day, on=day - timedelta(days=1))
    check_can_recheck(closed, OFFICER_A, HELD, due=day, on=day)


def test_the_second_return_goes_to_adjudication() -> None:
    assert not sends_to_adjudication(Case(returns=0))
    assert sends_to_adjudication(Case(returns=1))


@pytest.mark.parametrize("name", ["fsc_office", "nobody", "msa"])
def test_no_coordination_body_and_no_unit_of_another_time_holds(name: str) -> None:
    with pytest.raises(BadAct):
        check_can_hold(name, REGISTRY, date(2008, 11, 5), named=(name,))


def test_an_owner_holds_only_what_a_resolution_names_it_for() -> None:
    day = date(2008, 11, 5)
    check_can_hold("expco", REGISTRY, day, named=("expco",))
    with pytest.raises(BadAct, match="owner"):
        check_can_hold("expco", REGISTRY, day, named=())


def test_escalation_passes_over_coordination_bodies() -> None:
    day = date(2008, 11, 5)
    assert [one.id for one in superiors("health", REGISTRY, day)] == ["district_gov"]
    assert [one.id for one in superiors("street_a", REGISTRY, day)] == ["umb", "district_gov"]


def test_two_streets_meet_at_their_bureau_and_a_city_branch_meets_a_street_nowhere() -> None:
    day = date(2008, 11, 5)
    assert [one.id for one in common_superiors(("street_a", "street_b"), REGISTRY, day)] == [
        "umb",
        "district_gov",
    ]
    assert common_superiors(("street_a", "aic"), REGISTRY, day) == ()


def test_the_ladder_ends_with_a_unit_and_says_when_no_superior_is_on_record() -> None:
    for units, last in (
        (("street_a", "street_b"), "district_gov"),
        (("street_a", "aic"), "intake"),
    ):
        rungs = ladder(
            units,
            first_filed="street_a",
            intake="intake",
            registry=REGISTRY,
            on=date(2008, 11, 5),
        )
        assert [rung.step for rung in rungs][:2] == ["first_to_file", "negotiate"]
        assert rungs[-1].unit == last
        assert all(rung.basis for rung in rungs)


def test_the_article_cited_for_disputes_is_the_one_in_force() -> None:
    def basis(on: date) -> str:
        return ladder(
            ("street_a", "street_b"), first_filed="street_a", intake="i", registry=REGISTRY, on=on
        )[2].basis

    assert "1996" in basis(date(2021, 7, 14))
    assert "2021" in basis(date(2021, 7, 15))


def test_a_unit_that_ended_is_followed_by_its_successor() -> None:
    before, after = date(2009, 9, 30), date(2009, 10, 1)
    found = successor("aic", REGISTRY, before)
    assert found is not None
    assert found.id == "aic"
    found = successor("aic", REGISTRY, after)
    assert found is not None
    assert found.id == "msa"
    assert successor("nobody", REGISTRY, after) is None


def test_amber_and_red_come_before_the_end() -> None:
    start = datetime(2008, 11, 5, tzinfo=UTC)
    end = start + timedelta(hours=100)
    terms = Terms()
    lights = [light(start + timedelta(hours=h), start, end, terms) for h in (0, 60, 85, 100, 101)]
    assert lights == [Light.GREEN, Light.AMBER, Light.RED, Light.RED, Light.OVER]


def test_limits_are_counted_in_the_districts_days() -> None:
    """Half past midnight in Shenzhen is still the day before in UTC."""
    terms = Terms()
    late = datetime(2008, 11, 5, 16, 30, tzinfo=UTC)
    clock = started(terms.accept, late, calendar=WorkCalendar(), terms=terms)
    assert clock.due_at.astimezone(terms.zone).date() == date(2008, 11, 7)


def test_a_ruling_drafts_a_rule_that_names_the_role_and_beats_the_rule_that_led() -> None:
    draft = drafted(
        answer("catering"),
        case_number="2008-000001",
        unit="health",
        unit_name=Text("区卫生局", "health"),
        units=("street_a", "health"),
        reason="餐饮环节",
        basis="国发〔2004〕23号",
        on=date(2008, 11, 20),
    )
    assert draft.rule["lead"] == "r_health"
    assert draft.rule["when"] == {"stage": "catering"}
    assert draft.rule["overrides"] == ["T-catering"]
    assert draft.register_entry["decision"] == "health"


def test_a_district_sets_its_own_terms_and_typing_errors_are_told(tmp_path: Path) -> None:
    assert district_terms(tmp_path) == Terms()
    assert not Terms().deemed_acceptance
    (tmp_path / "ledger.yaml").write_text("deemed_acceptance: true\nnear_m: 30\n")
    assert district_terms(tmp_path) == Terms(deemed_acceptance=True, near_m=30)


def test_an_adjudicator_of_a_party_does_not_rule() -> None:
    party = replace(ADJUDICATOR, unit="health")
    with pytest.raises(NotAllowed):
        check_can(Case(state=State.ADJUDICATION.value), party, Action.RULE, OFFERED)
    check_can(Case(state=State.ADJUDICATION.value), ADJUDICATOR, Action.RULE, OFFERED)


def test_steps_have_names_in_both_languages() -> None:
    assert {kind.value for kind in StepKind} >= {"inspection", "order", "filing", "decision"}
