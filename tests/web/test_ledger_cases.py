"""Cases on their pages: the story, the acts, rulings, letters and residents."""

from __future__ import annotations

import re
import subprocess
import uuid
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import url_for
from PIL import Image

from enforcement.case_states import MOVES
from enforcement.demo_people import demo_people
from enforcement.ledger_events import Order
from enforcement.policies import Action, Actor
from enforcement.services.filing import Found, file_case
from enforcement.services.opening import open_ledger
from enforcement.services.sweeping import sweep
from enforcement.store.chain import all_events
from enforcement.store.engine import reading
from geo.points import Point
from tests.web.conftest import LogIn
from tools.demo_desk import Client, Clock, plain
from web.asking import Asked
from web.desk import Desk
from web.ledger.case_next import ENDPOINTS, OFTEN, RARE
from web.ledger.case_story import TELL

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
    officer.done(f"{case}/hand_over", {"to": "amr", "reason": f"{WHY}\r\n第二行\0"})
    assert f"{WHY}\n第二行<" in officer.get(case).get_data(as_text=True)
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
    assert "1 件待裁定" in judge.text("/desk")
    queue = judge.text("/rulings")
    assert "应由街道查处" in queue
    assert WHY in queue
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
    for number in ("0", "2147483648", "99999999999999999999", "-1", "x"):
        assert officer.get(f"/cases/{number}").status_code == 404
    assert "布吉执法员（虚构）（布吉街道综合行政执法队，巡查执法员）不能" in plain(
        officer.get(f"{case}/verify")
    )
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


def test_every_act_on_a_case_has_a_page_and_a_sentence(log_in: LogIn) -> None:
    by_the_clock = {Action.ESCALATE, Action.DEEM_ACCEPTED, Action.SUCCEED}
    pages = log_in("auditor").http.application.view_functions
    moves = {move.action for move in MOVES}
    for action in moves - by_the_clock:
        assert ENDPOINTS.get(action, f"ledger.{action.value}") in pages
    on_a_case = {Action.FILE, Action.EXPORT_RESIDENT, Action.ERASE_RESIDENT}
    assert set(TELL) == moves | on_a_case
    assert set(OFTEN) | set(RARE) == moves - by_the_clock


def test_a_page_speaks_english_from_head_to_foot(file: File, log_in: LogIn) -> None:
    case = f"/cases/{file()}"
    officer = log_in("officer.buji")
    officer.done(f"{case}/hand_over", {"to": "amr", "reason": "food without a licence"})
    officer.http.set_cookie("lang", "en")
    text = officer.text(case)
    assert "Offered to Longgang Bureau of the Shenzhen Market Regulator" in text
    assert "officer, Buji" in text


def test_the_limit_of_a_step_stands_beside_the_case_until_it_is_met(
    casework: Desk, file: File, log_in: LogIn, clock: Clock
) -> None:
    """Goods were kept on the 13th: what becomes of them is decided in seven working days, D03."""
    case = f"/cases/{file(VENDOR)}"
    officer, dispatcher = log_in("officer.buji"), log_in("dispatcher")
    assert "先行登记保存" not in officer.text("/inbox")
    officer.done(f"{case}/step", {"kind": "preservation", "on": "2026-11-13"})
    officer.done(f"{case}/step", {"kind": "notice", "on": "2026-11-12"})
    kept, asks = "先行登记保存后作出处理决定", "告知后申请听证"
    for person, page in ((officer, "/inbox"), (dispatcher, "/district")):
        assert f"{kept} 还有 4 天" in person.text(page)
        assert "2026-11-24" in person.text(page), "and not the case's own end, the 27th"
    text = officer.text(case)
    assert f"步骤期限：{kept}，2026-11-24 前" in text
    assert "快到期 · 还有 4 天" in text
    assert f"{asks}：2026-11-19 前 已届满" in text, "the party's time, and nobody is late"
    clock.on(days=5)
    data = casework.settings.data
    ledger = open_ledger(casework.kept.store, casework.district, folder=None, data=data)
    sweep(ledger, clock.at)
    text = officer.text(case)
    assert "已超期 · " not in text, "said once"
    assert f"{kept}：2026-11-24 前 已超期 " in text
    assert "已报告布吉街道办事处（第 1 级）" in text
    assert f"“{kept}”的期限已过，未完成，由布吉街道综合行政执法队负责。" in text
    officer.done(f"{case}/step", {"kind": "seizure", "on": ""})
    text = officer.text(case)
    assert "2026-11-25 完成" in text
    assert kept not in officer.text("/inbox")
    officer.http.set_cookie("lang", "en")
    officer.done(f"{case}/step", {"kind": "filing", "on": "2026-08-28"})
    assert "Decide on the penalty after opening the file: 37 h left" in officer.text("/inbox")
    assert "The limit “Decide after registering evidence” is over" in officer.text(case)


# --- what hangs on a case ------------------------------------------------------------------------


def picture(colour: str = "#557799") -> BytesIO:
    """A small photo."""
    file = BytesIO()
    Image.new("RGB", (64, 48), colour).save(file, "JPEG")
    return BytesIO(file.getvalue())


def letter_code(officer: Client, case: str) -> str:
    """The code of the letter on a case's page."""
    found = re.search(r"/letters/([0-9a-f]{20})", officer.get(case).get_data(as_text=True))
    assert found is not None
    return found[1]


def test_evidence_is_kept_once_opened_safely_and_not_shown_to_others(
    file: File, log_in: LogIn
) -> None:
    case = f"/cases/{file()}"
    officer = log_in("officer.buji")
    key = uuid.uuid4().hex
    for _ in range(2):
        files = [(picture(), '店"面.jpg'), (picture("#aa7755"), "灶台.jpg")]
        sent = {"files": files, "note": "现场"}
        officer.done(f"{case}/evidence_add", sent, key=key)
    text = officer.text(case)
    assert text.count("证据 1：") == 1
    assert "证据 3：" not in text
    answer = officer.get(f"{case}/evidence/1")
    assert answer.content_type == "image/jpeg"
    assert answer.data == picture().getvalue()
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith('inline; filename="evidence-1-1.jpg"')
    assert officer.get(f"{case}/evidence/9").status_code == 404
    small = officer.get(f"{case}/evidence/1/small")
    assert Image.open(BytesIO(small.data)).size == (64, 48)
    assert log_in("handler.health").get(f"{case}/evidence/1").status_code == 403
    page = {"files": [(BytesIO(b"<svg onload=alert(1)>"), "a.jpg")]}
    assert officer.post(f"{case}/evidence_add", page).status_code == 422
    assert officer.post(f"{case}/evidence_add", {}).status_code == 422


def test_a_letter_is_checked_by_anybody_and_read_by_who_may(
    casework: Desk, file: File, log_in: LogIn
) -> None:
    case = f"/cases/{file()}"
    officer = log_in("officer.buji")
    assert officer.get(f"{case}/letter_issue").status_code == 409
    officer.done(f"{case}/hand_over", {"to": "amr", "reason": WHY})
    officer.done(f"{case}/letter_issue", {})
    code = letter_code(officer, case)
    nobody = officer.http.application.test_client()
    said = plain(nobody.get(f"/letters/{code}"))
    assert "案件移送函" in said
    assert "布吉街道综合行政执法队 → 深圳市市场监督管理局龙岗监管局" in said
    assert "门口占道摆卖熟食" not in said
    for wrong in ("0" * 20, "..", "x'--", "A" * 300):
        assert nobody.get(f"/letters/{wrong}").status_code == 404
    assert nobody.get(f"/letters/{code}.pdf").status_code == 303
    pdf = officer.get(f"/letters/{code}.pdf")
    assert pdf.data.startswith(b"%PDF-")
    assert f"http://localhost/letters/{code}" in pdf_text(pdf.data)
    assert log_in("handler.amr").get(f"/letters/{code}.pdf").status_code == 200
    assert log_in("handler.health").get(f"/letters/{code}.pdf").status_code == 403


def pdf_text(pdf: bytes) -> str:
    """The words of a PDF."""
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode()


def test_assists_are_asked_and_answered_beside_the_case(file: File, log_in: LogIn) -> None:
    case = f"/cases/{file(VENDOR)}"
    officer, police = log_in("officer.buji"), log_in("handler.psb")
    officer.done(f"{case}/ask_assist", {"unit": "psb", "duty": "joint", "asked": "请到场"})
    assert "答复协办" in police.text(case)
    assert "请到场" in police.text(f"{case}/answer_assist")
    assert police.post(f"{case}/answer_assist", {"assist": "x", "answer": "y"}).status_code == 422
    police.done(f"{case}/answer_assist", {"assist": "1", "answer": "已派两人 / 两车"})
    assert "已派两人 / 两车" in officer.text(case)
    assert police.get(f"{case}/report_done").status_code == 403


def test_what_is_still_asked_comes_first_where_nobody_leads(
    casework: Desk, file: File, log_in: LogIn
) -> None:
    case = f"/cases/{file({'stage': 'catering'})}"
    officer = log_in("officer.buji")
    page = officer.get(case).get_data(as_text=True)
    assert f'class="button first" href="{case}/correct"' in page
    assert "认定没有主办单位" in plain(officer.get(case))
    form = officer.get(f"{case}/correct").get_data(as_text=True)
    assert 'name="fact.premises"' in form
    facts = {"fact.premises": "fixed", "fact.licence": "unlicensed", "reason": "到店查看"}
    officer.done(f"{case}/correct", facts)
    assert f'class="button first" href="{case}/hand_over"' in officer.get(case).get_data(
        as_text=True
    )


def test_facts_are_corrected_a_crime_transferred_and_a_duplicate_merged(
    file: File, log_in: LogIn
) -> None:
    first, second, third = (f"/cases/{file()}" for _ in range(3))
    officer, police = log_in("officer.buji"), log_in("handler.psb")
    facts = {"fact.premises": "mobile", "was.premises": "fixed", "reason": "看错了"}
    officer.done(f"{first}/correct", facts)
    assert "更正要素后" in officer.text(first)
    unchanged = {"fact.premises": "mobile", "was.premises": "mobile", "reason": "看错了"}
    assert officer.post(f"{first}/correct", unchanged).status_code == 422
    officer.done(
        f"{second}/transfer",
        {"to": "psb", "reason": "涉嫌生产销售有毒有害食品", "basis": "行政处罚法第27条"},
    )
    police.done(f"{second}/accept", {"officer": "handler.psb"})
    assert "已移送公安" in police.text(second)
    number = officer.text(second).split("案件台账")[0]
    assert "2026-000002" in number
    wrong = officer.post(f"{third}/merge", {"main": "zz", "reason": "同一摊"})
    assert wrong.status_code == 422
    officer.done(f"{third}/merge", {"main": "2026-000001", "reason": "同一摊"})
    assert "已并入案件 1" in officer.text(third)
    silent = officer.post(f"{first}/name_officer", {"officer": "officer.buji"}, page=first)
    assert silent.status_code == 403


def test_what_comes_back_is_reopened_with_the_same_lead(
    file: File, log_in: LogIn, clock: Clock
) -> None:
    case = f"/cases/{file(VENDOR)}"
    officer, verifier = log_in("officer.buji"), log_in("verifier")
    officer.done(f"{case}/step", {"kind": "order", "on": ""})
    officer.done(f"{case}/report_done", {"outcome": "已清除"})
    verifier.done(f"{case}/send_back", {"reason": "摊位还在"})
    officer.done(f"{case}/report_done", {"outcome": "再次清除"})
    verifier.done(f"{case}/verify", {"note": "已清除"})
    verifier.done(f"{case}/close", {"recheck_on": "2026-11-25"})
    page = officer.get(case).get_data(as_text=True)
    assert "/?matter=food.safety&amp;at=114.117200%2C22.604600" in page
    assert f"{case}/reopen" in verifier.get(case).get_data(as_text=True)
    clock.on(days=2)
    officer.done(f"{case}/reopen", {"description": "又来摆卖"})
    text = officer.text(case)
    assert "复发 2 级，第 2 轮" in text
    assert "已接收" in text


PRIVATE = NAME, CONTACT, NOTE = "欧阳小满", "13912345678", "住三栋七楼"


FIRST = ("officer.buji", "handler.amr")
"""Who looks while the case is offered: the holder, and who is asked to take it."""
ONE_OF_EACH = (
    *("officer.buji", "officer.nanwan", "handler.amr", "handler.psb", "supervisor.amr"),
    *("dispatcher", "verifier", "steward", "adjudicator", "supervisor", "auditor"),
)
"""Of each post somebody, of the holder, who held it, who assists, and who has no part in it."""


@pytest.mark.parametrize(
    "people",
    [
        pytest.param(ONE_OF_EACH, id="one-of-each"),
        pytest.param(
            tuple(one.id for one in demo_people()), id="everybody", marks=pytest.mark.long
        ),
    ],
)
def test_nothing_of_a_units_residents_is_seen_by_another_unit(
    casework: Desk, file: File, log_in: LogIn, people: tuple[str, ...]
) -> None:
    """Every page of the ledger, opened by the people, while it is offered and once it is taken."""
    number = file(on_behalf=True)
    case = f"/cases/{number}"
    officer, amr = log_in("officer.buji"), log_in("handler.amr")
    form = {"role": "complainant", "name": NAME, "contact": CONTACT, "note": NOTE}
    nameless = officer.post(f"{case}/resident_add", {**form, "name": " "})
    assert nameless.status_code == 422
    assert CONTACT in nameless.get_data(as_text=True), "what was typed is still there"
    officer.done(f"{case}/resident_add", form)
    officer.done(f"{case}/evidence_add", {"files": [(picture(), "a.jpg")]})
    officer.done(f"{case}/hand_over", {"to": "amr", "reason": WHY})
    officer.done(f"{case}/letter_issue", {})
    code = letter_code(officer, case)
    assert not any(word in pdf_text(officer.get(f"/letters/{code}.pdf").data) for word in PRIVATE)
    assert walks(log_in, FIRST, number, code) == {"officer.buji": ["ledger.residents"]}
    amr.done(f"{case}/accept", {"officer": "handler.amr"})
    assert walks(log_in, people, number, code) == {"handler.amr": ["ledger.residents"]}

    export = f"{case}/residents/1/export"
    for who in ("officer.buji", "supervisor", "dispatcher"):
        assert log_in(who).post(export, {}, page="/desk").status_code == 403
    head = log_in("supervisor.amr")
    assert NAME in head.post(export, {}, page=case).get_data(as_text=True)
    head.done(f"{case}/residents/1/erase", {}, page=case)
    assert walk(amr, number, code) == []
    assert "已删除" in amr.text(f"{case}/residents")
    with reading(casework.kept.store) as session:
        chain = "".join(event.payload for event in all_events(session))
    assert not any(word in chain for word in PRIVATE)


def walks(log_in: LogIn, people: tuple[str, ...], case_id: int, code: str) -> dict[str, list[str]]:
    """Who sees something of the resident, and on which pages."""
    seen = {who: walk(log_in(who), case_id, code) for who in people}
    return {who: pages for who, pages in seen.items() if pages}


def walk(client: Client, case_id: int, code: str) -> list[str]:
    """The pages of the ledger on which this person sees something of the resident."""
    app = client.http.application
    known: dict[str, Any] = {"case_id": case_id, "code": code}
    found = []
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith("ledger.") or "GET" not in (rule.methods or ()):
            continue
        values: dict[str, Any] = {
            name: known.get(name, "amr" if name == "unit" else 1) for name in rule.arguments
        }
        with app.test_request_context():
            address = url_for(rule.endpoint, **values)
        answer = client.get(address)
        assert answer.status_code < 500, (client.account, address)
        if any(word.encode() in answer.data for word in PRIVATE):
            found.append(rule.endpoint)
    return found
