"""Joint inspections: one lead of the visit, one for every finding, a campaign that re-checks."""

from __future__ import annotations

import io
import subprocess
from datetime import date
from pathlib import Path

import pytest
import segno
from PIL import Image

from enforcement.case_clock import StepKind
from enforcement.joint import SiteToSee, StageToSee, planned
from enforcement.ledger_errors import BadAct, NoSuchRecord, NotAllowed, NotNow
from enforcement.letters import Letter, set_letter
from enforcement.services.campaigns import campaign_result, start_campaign
from enforcement.services.checking import check_ledger
from enforcement.services.handing import hand_over
from enforcement.services.handling import Step, add_step, close, report_done, verify
from enforcement.services.letters import (
    check_letter,
    issue_hand_over_letter,
    issue_visit_notice,
    read_letter,
)
from enforcement.services.stops import record_finding, record_stop
from enforcement.services.visits import (
    confirm_visit,
    end_visit,
    escalate_silent,
    plan_visit,
    read_visit,
)
from enforcement.store.engine import Store
from geo.points import Point
from tests.enforcement.ledger_world import (
    AIC,
    AUDITOR,
    DISPATCHER,
    HEALTH,
    MORNING,
    OFFICER_A,
    OFFICER_B,
    PSB,
    VERIFIER,
    World,
    answer,
    world,
)

DAY = date(2008, 11, 6)


def see(stage: str, *, assist: tuple[str, ...] = ()) -> StageToSee:
    return StageToSee(stage, "food.safety", answer(stage, assist=assist))


def sites() -> tuple[SiteToSee, ...]:
    """A market with a canteen, a restaurant, and a vendor nobody leads; 300 m apart."""
    market = (see("circulation", assist=("psb",)), see("catering"))
    stages = {"market": market, "restaurant": (see("catering"),), "vendor": (see("nobody"),)}
    return tuple(
        SiteToSee(f"S{n}", name, stages[name], point=Point(114.10 + n * 0.003, 22.60))
        for n, name in enumerate(stages)
    )


@pytest.fixture
def at(store: Store, tmp_path: Path) -> World:
    return world(store, tmp_path / "files")


def visit_of(at: World, campaign: int | None = None, day: date = DAY) -> int:
    done = plan_visit(
        at.ledger,
        at.by(HEALTH),
        title="节前食品联合检查",
        on=day,
        called_by="health",
        sites=sites(),
        campaign_id=campaign,
    )
    return int(done.result["visit"])


def test_the_visit_has_one_lead_and_each_unit_its_checklist() -> None:
    plan = planned(sites())
    assert plan.lead == "health"
    assert set(plan.assists) == {"aic", "psb", "street_a"}
    seen = {unit: [(i.stop, i.stage, i.duty) for i in own] for unit, own in plan.checklists.items()}
    assert seen["aic"] == [(1, "circulation", "lead")]
    assert seen["psb"] == [(1, "circulation", "joint")]
    assert seen["street_a"] == [(3, "nobody", "lead")]


def test_who_calls_the_visit_leads_it_if_it_leads_any_stage() -> None:
    assert planned(sites(), lead="aic").lead == "aic"
    assert planned(sites(), lead="umb").lead == "health"


def test_the_order_of_the_sites_does_not_change_the_plan() -> None:
    assert planned(sites()) == planned(sites()[::-1])


def test_no_site_without_stages_and_no_visit_without_sites() -> None:
    with pytest.raises(BadAct):
        planned(())
    with pytest.raises(BadAct, match="no stages"):
        planned((SiteToSee("S", "x", ()),))


def test_every_finding_is_one_case_of_the_unit_that_leads_there(at: World) -> None:
    visit = visit_of(at)
    at.wait(days=1)
    record_stop(at.ledger, at.by(AIC), visit, stop=1, second_officer="two", facts={})
    for stop, stage in ((1, "circulation"), (1, "catering"), (2, "catering"), (3, "nobody")):
        record_finding(at.ledger, at.by(HEALTH), visit, stop=stop, stage=stage, says="不合格")
    found = read_visit(at.ledger, at.by(HEALTH), visit)
    assert [(one.stage, one.unit) for one in found.findings] == [
        ("circulation", "aic"),
        ("catering", "health"),
        ("catering", "health"),
        ("nobody", "street_a"),
    ]
    assert len({one.case_id for one in found.findings}) == 4
    assert {case.holder for case in found.cases.values()} == {"aic", "health", "street_a"}
    assert all(case.visit_id == visit for case in found.cases.values())
    assert check_ledger(at.ledger).is_whole


def test_facts_seen_at_a_stop_are_captured_once_and_shared(at: World) -> None:
    visit = visit_of(at)
    record_stop(at.ledger, at.by(AIC), visit, stop=1, second_officer="x", facts={"licence": "no"})
    record_stop(at.ledger, at.by(PSB), visit, stop=1, second_officer="x", facts={"crowd": "yes"})
    stop = read_visit(at.ledger, at.by(HEALTH), visit).stops[0]
    assert stop.facts == '{"crowd":"yes","licence":"no"}'
    assert stop.second_officer == "x"


def test_a_unit_that_does_not_answer_is_reported_to_its_superior(at: World) -> None:
    visit = visit_of(at)
    confirm_visit(at.ledger, at.by(AIC), visit, answer="两人参加")
    assert escalate_silent(at.ledger, at.now) == 0
    at.wait(days=3)
    assert escalate_silent(at.ledger, at.now) == 2
    assert escalate_silent(at.ledger, at.now) == 0
    units = {one.unit: one for one in read_visit(at.ledger, at.by(AUDITOR), visit).units}
    assert units["psb"].escalated_to == "district_gov"
    assert units["aic"].escalated_to is None


def test_a_stranger_neither_sees_nor_records_and_an_ended_visit_is_over(at: World) -> None:
    visit = visit_of(at)
    with pytest.raises(NotAllowed):
        record_finding(at.ledger, at.by(OFFICER_B), visit, stop=1, stage="catering", says="x")
    with pytest.raises(NotAllowed):
        read_visit(at.ledger, at.by(OFFICER_B), visit)
    with pytest.raises(NoSuchRecord):
        record_finding(at.ledger, at.by(AIC), visit, stop=2, stage="circulation", says="x")
    end_visit(at.ledger, at.by(HEALTH), visit)
    with pytest.raises(NotNow):
        record_finding(at.ledger, at.by(HEALTH), visit, stop=1, stage="catering", says="x")


def test_a_campaign_ends_and_its_result_is_how_much_came_back(at: World) -> None:
    def start(*rechecks: int) -> int:
        done = start_campaign(
            at.ledger,
            at.by(HEALTH),
            name="百日整治",
            lead_unit="health",
            begins_on=DAY,
            ends_on=date(2008, 11, 30),
            rechecks=rechecks,
        )
        return int(done.result["campaign"])

    with pytest.raises(BadAct, match="re-checks after its end"):
        start()
    campaign = start(30, 7)
    visit = visit_of(at, campaign)
    at.wait(days=1)
    cases = []
    for stop in (1, 2):
        done = record_finding(
            at.ledger, at.by(HEALTH), visit, stop=stop, stage="catering", says="不合格"
        )
        cases.append(done.case_id)
    for case_id in cases:
        step = Step(StepKind.DECISION, at.ledger.day(at.by(HEALTH)))
        add_step(at.ledger, at.by(HEALTH), case_id, step)
        report_done(at.ledger, at.by(HEALTH), case_id, outcome="已改")
        verify(at.ledger, at.by(VERIFIER), case_id, note="已看")
        close(at.ledger, at.by(VERIFIER), case_id)
    at.wait(days=31)
    again = visit_of(at, campaign, date(2008, 12, 7))
    back = record_finding(at.ledger, at.by(HEALTH), again, stop=1, stage="catering", says="复发")
    assert back.result["reopened"]
    result = campaign_result(at.ledger, at.by(DISPATCHER), campaign)
    assert result.rechecks == (date(2008, 12, 7), date(2008, 12, 30))
    assert (result.cases, result.recurred, result.rate) == (2, 1, 0.5)


# --- letters ------------------------------------------------------------------------------------

URL = "https://example.invalid/letters/"


def text_of(pdf: bytes, tmp_path: Path) -> str:
    """What a reader can copy out of the PDF."""
    path = tmp_path / "letter.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True)
    return "".join(done.stdout.decode().split())


def test_a_letter_of_transfer_is_chinese_text_with_a_code_that_can_be_checked(
    at: World, tmp_path: Path
) -> None:
    case_id = at.file("catering")
    with pytest.raises(NotNow):
        issue_hand_over_letter(at.ledger, at.by(OFFICER_A), case_id, check_url=lambda c: URL + c)
    hand_over(at.ledger, at.by(OFFICER_A), case_id, to="health", reason="属餐饮环节")
    done = issue_hand_over_letter(
        at.ledger, at.by(OFFICER_A), case_id, check_url=lambda code: URL + code
    )
    code = str(done.result["code"])
    row = check_letter(at.ledger, code)
    assert (row.case_id, row.title) == (case_id, "案件移送函")
    said = text_of(read_letter(at.ledger, code), tmp_path)
    for words in ("案件移送函", "单位health：", "属餐饮环节", "2008-000001", code):
        assert words in said
    with pytest.raises(NoSuchRecord):
        check_letter(at.ledger, "0" * 20)
    assert check_ledger(at.ledger).is_whole


def test_the_notice_of_a_visit_lists_what_the_unit_looks_at(at: World, tmp_path: Path) -> None:
    visit = visit_of(at)
    done = issue_visit_notice(
        at.ledger, at.by(HEALTH), visit, "psb", check_url=lambda code: URL + code
    )
    said = text_of(read_letter(at.ledger, str(done.result["code"])), tmp_path)
    assert "联合检查通知" in said
    assert "market：circulation，联合到场" in said


def test_a_long_letter_goes_over_several_pages_and_the_same_letter_is_the_same_bytes() -> None:
    letter = Letter(
        "通知", "1", "甲", (), tuple(f"第{n}条。" * 30 for n in range(60)), "乙", MORNING
    )
    first, second = (set_letter(letter, check_url=URL) for _ in range(2))
    assert first == second
    assert first.count(b"/Type /Page\n") > 2


def test_the_code_in_the_picture_is_the_address_of_the_check() -> None:
    """segno draws it; that the picture is not blank and has a quiet zone is looked at here."""
    out = io.BytesIO()
    segno.make(URL + "abc", error="m").save(out, kind="png", scale=6, border=4)
    image = Image.open(out).convert("L")
    assert image.getextrema() == (0, 255)
    assert image.crop((0, 0, 24, image.height)).getextrema() == (255, 255)
