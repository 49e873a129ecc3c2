"""Cases on their pages: the story, the acts, rulings, letters and residents."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest

from enforcement.demo_people import demo_people
from enforcement.ledger_events import Order
from enforcement.policies import Actor
from enforcement.services.filing import Found, file_case
from enforcement.services.opening import open_ledger
from geo.points import Point
from tests.web.conftest import LogIn
from tests.web.ledger_desk import Clock, plain
from web.asking import Asked
from web.desk import Desk

FIXED = {"stage": "catering", "premises": "fixed", "licence": "unlicensed"}
"""Led by the market regulator."""
VENDOR = {"stage": "catering", "premises": "mobile", "licence": "unlicensed"}
"""Led by the street's own team."""
AT = (114.1172, 22.6046)
TEAM = "street_cle.440307014"
WHY = "食品无证经营，由市场监管局查处"

File = Callable[..., int]


@pytest.fixture
def file(casework: Desk, clock: Clock) -> File:
    """Files a case of food safety in Buji as a demo person; gives its number."""
    ledger = open_ledger(
        casework.kept.store,
        casework.district,
        folder=casework.folder,
        data=casework.settings.data,
    )
    people = {one.id: Actor(one.id, one.unit, one.posts) for one in demo_people()}

    def filed(
        facts: dict[str, str] | None = None,
        *,
        by: str = "officer.buji",
        asker: str = TEAM,
        at: tuple[float, float] = AT,
        description: str = "门口占道摆卖熟食",
        **found: object,
    ) -> int:
        answer = casework.answer(
            Asked(matter="food.safety", facts=facts or FIXED, at=at, asker=asker)
        )
        finding = Found(
            answer.as_dict(),
            asker,
            description,
            point=Point.checked(lon=at[0], lat=at[1]),
            **found,  # type: ignore[arg-type]
        )
        order = Order(people[by], clock.at, uuid.uuid4().hex)
        return file_case(ledger, order, finding).case_id

    return filed


def test_a_case_goes_from_filing_to_its_recheck_by_its_pages(
    file: File, log_in: LogIn, clock: Clock
) -> None:
    case = f"/cases/{file()}"
    officer, amr = log_in("officer.buji"), log_in("handler.amr")
    verifier = log_in("verifier")
    text = officer.text(case)
    assert "首问持有" in text
    assert "布吉街道" in text
    assert "固定场所无食品许可，由市场监管局查处" in text
    form = officer.get(f"{case}/hand_over").get_data(as_text=True)
    assert '<option value="amr" selected>' in form
    assert officer.done(f"{case}/hand_over", {"to": "amr", "reason": WHY}) == case
    assert "移交，待接收" in officer.text(case)
    assert amr.done(f"{case}/accept", {"officer": "handler.amr"}) == case
    amr.done(
        f"{case}/step",
        {"kind": "filing", "on": clock.day().isoformat(), "note": "立案"},
    )
    assert "2027-02-18" in amr.text(case), "90 days from the filing, D06"
    amr.done(f"{case}/report_done", {"outcome": "已取缔并处罚"})
    assert verifier.get(f"{case}/verify").status_code == 200
    assert "已取缔并处罚" in verifier.text(f"{case}/verify")
    verifier.done(f"{case}/verify", {"note": "摊位已清除"})
    assert '"recheck_on" required' in verifier.get(f"{case}/close").get_data(as_text=True)
    verifier.done(f"{case}/close", {"recheck_on": ""})
    assert "2026-11-27 复查" in verifier.text(case)
    too_early = verifier.post(f"{case}/recheck", {"note": "没有复发"}, page=case)
    assert too_early.status_code == 409
    assert "没有复发" in too_early.get_data(as_text=True), "what was typed is still there"
    clock.on(days=7)
    verifier.done(f"{case}/recheck", {"note": "没有复发"})
    story = verifier.text(case)
    for name in ("登记", "移交", "接收", "记录办理步骤", "报告办结", "核实", "结案", "复查无复发"):
        assert name in story
    assert "{" not in story, "no raw JSON"


def test_two_refusals_go_to_a_ruling_that_drafts_a_rule(file: File, log_in: LogIn) -> None:
    case = f"/cases/{file()}"
    officer, amr = log_in("officer.buji"), log_in("handler.amr")
    judge = log_in("adjudicator")
    officer.done(f"{case}/hand_over", {"to": "amr", "reason": WHY})
    bare = amr.post(f"{case}/refuse", {"reason": "不归我们"})
    assert bare.status_code == 422
    assert "不归我们" in bare.get_data(as_text=True)
    assert "退回必须更正要素" in plain(bare)
    same = amr.post(f"{case}/refuse", {"reason": "不归我们", "fact.premises": "market"})
    assert same.status_code == 422
    assert '<option value="market" selected>' in same.get_data(as_text=True)
    amr.done(
        f"{case}/refuse",
        {"reason": "是流动摊贩", "fact.premises": "mobile", "was.premises": "fixed"},
    )
    assert "被退回" in officer.text(case)
    officer.done(f"{case}/hand_over", {"to": "amr", "reason": WHY, "basis": "食品安全法"})
    refusal = {"reason": "应由街道查处", "unit": TEAM, "basis": "广东省食品安全条例"}
    amr.done(f"{case}/refuse", refusal)
    queue = judge.text("/rulings")
    assert "应由街道查处" in queue
    assert WHY in queue
    assert "Rule" in judge.get("/rulings").get_data(as_text=True) or "裁定" in queue
    drafts = judge.done(
        f"{case}/rule", {"unit": "amr", "reason": "有固定场所", "basis": "食品安全法第122条"}
    )
    assert "lead_unit: amr" in judge.text(drafts)
    assert "已裁定" in amr.text(case)
    made = log_in("steward").text("/rulings/made")
    assert "lead_unit: amr" in made
    assert amr.done(f"{case}/accept", {"officer": ""}) == case


def test_who_may_not_act_is_told_and_nothing_changes(file: File, log_in: LogIn) -> None:
    case = f"/cases/{file()}"
    officer, verifier = log_in("officer.buji"), log_in("verifier")
    other = log_in("officer.nanwan")
    assert other.get(case).status_code == 403
    assert verifier.get(f"{case}/accept").status_code == 403
    assert verifier.post(f"{case}/hand_over", {"to": "amr"}, page=case).status_code == 403
    assert officer.get(f"{case}/report_done").status_code == 409
    assert officer.get("/cases/99").status_code == 404
    assert officer.get("/cases/99/step").status_code == 404
    story = verifier.text(case)
    assert "被拒绝的操作" in story


def test_an_act_sent_twice_is_done_once_and_another_with_its_key_is_refused(
    file: File, log_in: LogIn
) -> None:
    case = f"/cases/{file(VENDOR)}"
    officer = log_in("officer.buji")
    key = uuid.uuid4().hex
    first = {"kind": "order", "on": "2026-11-20", "note": "当场责令改正"}
    officer.done(f"{case}/step", first, key=key)
    officer.done(f"{case}/step", first, key=key)
    assert officer.text(case).count("责令改正，2026-11-20") == 1
    again = officer.post(f"{case}/step", {**first, "note": "另一次"}, key=key)
    assert again.status_code == 409
    assert key not in again.get_data(as_text=True)
    bad = officer.post(f"{case}/step", {"kind": "dance", "on": "someday"})
    assert bad.status_code == 422
    inspection = officer.post(f"{case}/step", {"kind": "inspection", "on": "2026-11-20"})
    assert "两名执法人员" in plain(inspection)


def test_a_page_speaks_english_from_head_to_foot(file: File, log_in: LogIn) -> None:
    case = f"/cases/{file()}"
    officer = log_in("officer.buji")
    officer.done(f"{case}/hand_over", {"to": "amr", "reason": "food without a licence"})
    officer.http.set_cookie("lang", "en")
    text = officer.text(case)
    assert "Offered to Longgang Bureau of the Shenzhen Market Regulator" in text
    assert "officer, Buji" in text
