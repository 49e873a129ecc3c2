"""Filing a case from an answer, the inboxes by clock, and the register of sites, as pages."""

from __future__ import annotations

import html
import io
import re
import uuid
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
from PIL import Image
from werkzeug.test import TestResponse

from enforcement.case_clock import StepKind
from enforcement.cases import Refusal
from enforcement.ledger_events import Order
from enforcement.policies import Actor, Post
from enforcement.services.handing import accept, hand_over, refuse
from enforcement.services.handling import Step, add_step, close, report_done, verify
from enforcement.services.inboxes import PAGE
from enforcement.services.ledger import Ledger
from enforcement.services.people import find_account
from enforcement.services.rulings import rule
from enforcement.services.stories import Story, story
from tests.web.conftest import LogIn
from tools.demo_desk import Client, Clock, app_for, plain
from web.desk import Desk
from web.ledger.core import Core

HERE = "at=114.1172,22.6046&accuracy=10&by=gps"
SHOP = (
    f"/cases/new?matter=food.safety&{HERE}"
    "&fact.stage=catering&fact.premises=fixed&fact.licence=licensed"
)
DOGS = f"/cases/new?matter=street.dogs&{HERE}"
BUJI, AMR = "street_cle.440307014", "amr"
AUDITOR = Actor("test", None, frozenset({Post.AUDITOR}))


class Office:
    """A desk's ledger as the tests act on it beside the pages."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.ledger: Ledger = Core(desk).ledger

    def by(self, account: str) -> Order:
        """An order of a demo person, now."""
        found = find_account(self._desk.kept.store, account)
        assert found is not None
        return Order(found.actor, self._desk.now(), uuid.uuid4().hex)

    def story(self, case_id: int) -> Story:
        """A case with its story."""
        return story(self.ledger, Order(AUDITOR, self._desk.now(), uuid.uuid4().hex), case_id)

    def offer(self, case_id: int) -> None:
        """Hand the officer's case over to market regulation."""
        order = self.by("officer.buji")
        hand_over(self.ledger, order, case_id, to=AMR, reason="持证餐饮", basis="主办")

    def close(self, case_id: int) -> None:
        """Bring the officer's case to its end, at market regulation."""
        ledger = self.ledger
        self.offer(case_id)
        accept(ledger, self.by("handler.amr"), case_id)
        day = ledger.day(self.by("handler.amr"))
        add_step(ledger, self.by("handler.amr"), case_id, Step(StepKind.ORDER, day))
        report_done(ledger, self.by("handler.amr"), case_id, outcome="已改正")
        verify(ledger, self.by("verifier"), case_id, note="看过")
        close(ledger, self.by("verifier"), case_id)


@pytest.fixture
def office(casework: Desk) -> Office:
    return Office(casework)


def photo(colour: str = "red") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(made, "JPEG")
    return made.getvalue()


def file(
    client: Client,
    address: str = SHOP,
    *,
    key: str | None = None,
    photos: tuple[bytes, ...] = (),
    **typed: str,
) -> TestResponse:
    """Send the form of a new case."""
    page = client.get(address).get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None, page
    data: dict[str, object] = {
        "csrf_token": token[1],
        "key": key or uuid.uuid4().hex,
        "description": "后厨有老鼠",
        "role": "complainant",
        **typed,
    }
    data["photos"] = [(io.BytesIO(one), f"{n}.jpg") for n, one in enumerate(photos)]
    return client.http.post(address, data=data, content_type="multipart/form-data")


def ask_ruling_and_rule(office: Office, case_id: int) -> None:
    """Market regulation refuses twice, and the ruling names it."""
    for _ in range(2):
        refusal = Refusal("不属于餐饮", unit=BUJI, basis="街道清单")
        refuse(office.ledger, office.by("handler.amr"), case_id, refusal)
        if office.story(case_id).case.state == "returned":
            office.offer(case_id)
    reason = {"reason": "持证餐饮", "basis": "食品安全法"}
    rule(office.ledger, office.by("adjudicator"), case_id, unit=AMR, **reason)


def number(answer: TestResponse) -> int:
    """The case that a sent form led to."""
    assert answer.status_code == 303, plain(answer)
    return int(urlsplit(answer.headers["Location"]).path.rsplit("/", 1)[1])


def links(answer: TestResponse, path: str) -> Iterator[dict[str, str]]:
    """The queries of the links to a path."""
    for found in re.findall(r'href="([^"]+)"', answer.get_data(as_text=True)):
        parts = urlsplit(html.unescape(found))
        if parts.path == path:
            yield dict(parse_qsl(parts.query))


# --- filing ---------------------------------------------------------------------------------------


def test_an_officer_files_from_the_answer_and_holds_the_case(office: Office, log_in: LogIn) -> None:
    officer = log_in("officer.buji")
    answer = officer.get(SHOP.replace("/cases/new", "/"))
    (asked,) = links(answer, "/cases/new")
    assert asked == dict(parse_qsl(urlsplit(SHOP).query))
    form = officer.text(SHOP)
    assert "登记案件" in form
    assert "布吉街道综合行政执法队（首问单位）负责" in form
    assert "在案件页移交给深圳市市场监督管理局龙岗监管局" in form
    case_id = number(file(officer))
    told = office.story(case_id)
    assert (told.case.holder, told.case.state) == (BUJI, "held")
    assert told.resolution["lead"]["unit"] == AMR
    assert told.resolution["asker"] == BUJI
    assert told.resolution["on"] == "2026-11-20"
    assert "后厨有老鼠" in officer.text(f"/cases/{case_id}")


def test_a_form_sent_twice_does_everything_once(office: Office, log_in: LogIn) -> None:
    officer = log_in("officer.buji")
    sent = {
        "key": "k" * 32,
        "photos": (photo(), photo("blue"), photo()),
        "name": "王某",
        "contact": "13800000000",
    }
    first, second = (number(file(officer, **sent)) for _ in range(2))  # type: ignore[arg-type]
    assert first == second
    told = office.story(first)
    assert len(told.evidence) == 2
    assert [one.role for one in told.residents] == ["complainant"]
    assert told.case.on_behalf is True
    assert all("王某" not in event.payload for event in told.events)
    assert "王某" not in officer.text("/inbox")


def test_what_is_refused_comes_back_with_everything_typed(office: Office, log_in: LogIn) -> None:
    officer = log_in("officer.buji")
    typed = {"description": "两处<b>油烟</b>", "name": "", "contact": "13800000000"}
    answer = file(officer, photos=(b"no picture",), **typed)
    assert answer.status_code == 422
    text = answer.get_data(as_text=True)
    assert "两处&lt;b&gt;油烟&lt;/b&gt;</textarea>" in text
    assert 'value="13800000000"' in text
    said = plain(answer)
    for part in ("写了联系方式就要写明姓名", "不支持这种文件", "照片没有保存，请重新选择"):
        assert part in said
    assert "请写明情况说明" in plain(file(officer, description=" "))
    long = file(officer, description="长" * 4001)
    assert "超过 4000 字" in plain(long)
    assert "照片没有保存" not in plain(long)
    assert "一次最多 9 张" in plain(file(officer, photos=(photo(),) * 10))
    assert "请选择身份" in plain(file(officer, name="王某", role="king"))
    assert "没有在办案件" in log_in("dispatcher").text("/district")


def test_a_key_that_was_used_for_another_case_is_replaced(log_in: LogIn) -> None:
    officer = log_in("officer.buji")
    number(file(officer, key="k" * 32))
    answer = file(officer, key="k" * 32, description="另一件事")
    assert answer.status_code == 409
    text = answer.get_data(as_text=True)
    assert "另一件事</textarea>" in text
    assert "k" * 32 not in text


def test_an_open_case_near_by_is_told_before_another_is_filed(log_in: LogIn) -> None:
    case_id = number(file(log_in("officer.buji")))
    form = log_in("officer.buji.second").get(SHOP)
    assert "附近有正在办理的同类案件" in plain(form)
    assert f'href="/cases/{case_id}"' in form.get_data(as_text=True)
    stranger = log_in("officer.nanwan").get(SHOP)
    assert "你单位与该案无关" in plain(stranger)
    assert "后厨有老鼠" not in plain(stranger)
    assert f'href="/cases/{case_id}"' not in stranger.get_data(as_text=True)


def test_what_comes_back_is_told_and_reopened_with_the_same_lead(
    office: Office, log_in: LogIn, clock: Clock
) -> None:
    officer, second = log_in("officer.buji"), log_in("officer.nanwan")
    case_id = number(file(officer))
    office.close(case_id)
    clock.on(days=10)
    form = second.text(SHOP)
    assert f"登记后将重开案件 2026-{case_id:06d}" in form
    assert "登记并重开" in form
    assert "重开的案件由深圳市市场监督管理局龙岗监管局负责" in form
    assert "由其责任单位登记诉求人" in plain(file(second, name="王某"))
    again = number(file(second, photos=(photo(),)))
    told = office.story(case_id)
    assert (again, told.case.holder, told.case.grade) == (case_id, AMR, 2)
    assert len(told.evidence) == 1
    assert "后厨有老鼠" in second.text(f"/cases/{case_id}")


def test_another_case_at_the_place_of_a_closed_one_needs_a_reason(
    office: Office, log_in: LogIn
) -> None:
    officer = log_in("officer.buji")
    case_id = number(file(officer))
    office.close(case_id)
    other = number(file(officer, separate="隔壁另一家店", name="王某"))
    assert other != case_id
    assert office.story(other).case.holder == BUJI


def test_several_things_at_one_place_become_several_cases(office: Office, log_in: LogIn) -> None:
    officer = log_in("officer.buji")
    both = f"{DOGS}&also=food.safety;stage=catering;premises=fixed;licence=licensed"
    assert "同一地点还有 1 项，登记后接着登记：食品安全" in officer.text(both)
    answer = file(officer, both)
    following = urlsplit(answer.headers["Location"])
    asked = dict(parse_qsl(following.query))
    assert (following.path, asked["matter"], asked["fact.stage"]) == (
        "/cases/new",
        "food.safety",
        "catering",
    )
    assert "also" not in asked
    form = officer.text(answer.headers["Location"])
    assert f"已登记 2026-{int(asked['filed']):06d}" in form
    last = number(file(officer, answer.headers["Location"]))
    assert office.story(int(asked["filed"])).case.matter == "street.dogs"
    assert office.story(last).case.matter == "food.safety"


def test_a_question_of_another_day_is_filed_with_todays_answer(
    office: Office, log_in: LogIn
) -> None:
    officer = log_in("officer.buji")
    past = f"{SHOP}&on=2025-11-05&asker=aic"
    assert "原来问的是 2025-11-05" in officer.text(past)
    told = office.story(number(file(officer, past)))
    assert (told.resolution["on"], told.resolution["occurred_on"]) == ("2026-11-20", "2025-11-05")
    assert told.resolution["asker"] == BUJI


def test_what_cannot_be_answered_yet_goes_back_to_the_question(log_in: LogIn) -> None:
    officer = log_in("officer.buji")
    for address in (
        "/cases/new",
        "/cases/new?matter=street.dogs",
        f"/cases/new?matter=street.noise&{HERE}",
        f"/cases/new?matter=no.such&{HERE}",
        "/cases/new?matter=street.dogs&at=1",
        f"/cases/new?matter=food.safety&{HERE}&fact.stage=slaughter&fact.premises=online",
    ):
        answer = officer.get(address)
        assert answer.status_code == 303, address
        assert urlsplit(answer.headers["Location"]).path == "/"
    assert officer.get(f"{SHOP}&on=yesterday").status_code == 422


def test_a_dispatcher_chooses_who_goes_there_first(office: Office, log_in: LogIn) -> None:
    dispatcher = log_in("dispatcher")
    form = dispatcher.text(SHOP)
    assert "首问单位" in form
    assert "照片（选填" not in form
    told = office.story(number(file(dispatcher, asker=BUJI, name="王某")))
    assert (told.case.holder, told.case.state, len(told.residents)) == (BUJI, "found", 1)
    intake = office.story(number(file(dispatcher, DOGS, asker="district_gov")))
    assert intake.case.holder == "district_gov"
    assert file(dispatcher, asker="psb").status_code == 422


def test_who_is_not_logged_in_comes_back_to_the_form(casework: Desk) -> None:
    answer = app_for(casework).test_client().get(SHOP)
    (onwards,) = parse_qsl(urlsplit(answer.headers["Location"]).query)
    assert (onwards[0], parse_qsl(urlsplit(onwards[1]).query)) == (
        "next",
        parse_qsl(urlsplit(SHOP).query),
    )


def test_who_may_not_file_is_told_who_may(log_in: LogIn) -> None:
    for account in ("verifier", "auditor", "steward"):
        answer = log_in(account).get(SHOP)
        assert answer.status_code == 403
        assert "不能“登记”" in plain(answer)


def test_a_place_outside_and_an_open_question_say_who_has_it_meanwhile(log_in: LogIn) -> None:
    officer = log_in("officer.buji")
    assert "位置不在本辖区" in officer.text("/cases/new?matter=street.dogs&at=110,20")
    unknown = f"/cases/new?matter=street.noise&{HERE}&fact.noise_source=unknown"
    assert "现有情况还不能确定主办" in officer.text(unknown)
    own = officer.text(DOGS)
    assert "登记后即由本单位负责到底" in own


# --- inboxes --------------------------------------------------------------------------------------


def test_a_unit_sees_offers_first_and_then_what_it_holds_by_clock(
    office: Office, log_in: LogIn, clock: Clock
) -> None:
    officer, handler = log_in("officer.buji"), log_in("handler.amr")
    assert "没有等待本单位的事项" in handler.text("/inbox")
    case_id = number(file(officer))
    assert "由本单位负责" in officer.text("/inbox")
    office.offer(case_id)
    inbox = handler.get("/inbox")
    assert "待接收" in plain(inbox)
    assert "布吉街道综合行政执法队移交：持证餐饮" in plain(inbox)
    assert "还有" in plain(inbox)
    for act in ("accept", "refuse"):
        assert handler.get(f"/cases/{case_id}/{act}").status_code == 200
        assert f"/cases/{case_id}/{act}" in inbox.get_data(as_text=True)
    assert "待接收 1 · 在办 0" in handler.text("/desk")
    ask_ruling_and_rule(office, case_id)
    ruled = handler.get("/inbox")
    assert "已裁定，待承办" in plain(ruled)
    assert f'href="/cases/{case_id}/accept"' in ruled.get_data(as_text=True)
    assert f"/cases/{case_id}/refuse" not in ruled.get_data(as_text=True)
    clock.on(days=9)
    assert "已超期" in handler.text("/inbox")
    assert "后厨有老鼠" not in log_in("officer.nanwan").text("/inbox")


def test_what_is_due_for_a_recheck_waits_for_unit_and_district(
    office: Office, log_in: LogIn, clock: Clock
) -> None:
    case_id = number(file(log_in("officer.buji")))
    office.close(case_id)
    assert "没有到期的复查" in log_in("verifier").text("/rechecks")
    clock.on(days=8)
    for account, page in (("handler.amr", "/inbox"), ("verifier", "/rechecks")):
        text = log_in(account).text(page)
        assert f"2026-{case_id:06d}" in text
        assert "复查日 2026-11-27" in text
        assert "已超期 1 天" in text


def test_the_district_is_listed_by_clock_filtered_and_turned_page_by_page(
    office: Office, log_in: LogIn
) -> None:
    officer, dispatcher = log_in("officer.buji"), log_in("dispatcher")
    first = number(file(officer))
    office.offer(first)
    second = number(file(officer, DOGS))
    for query, seen in (
        ("", {first, second}),
        ("?state=handed_over", {first}),
        (f"?state=held&holder={BUJI}", {second}),
        (f"?holder={AMR}", set()),
    ):
        text = dispatcher.text(f"/district{query}")
        assert {one for one in (first, second) if f"2026-{one:06d}" in text} == seen, query
    assert "没有符合条件的案件" in dispatcher.text(f"/district?holder={AMR}")
    assert dispatcher.get("/district?state=none").status_code == 422
    assert dispatcher.get("/district?after=x").status_code == 422
    assert officer.get("/district").status_code == 403


def test_the_next_page_begins_behind_the_last_line(log_in: LogIn) -> None:
    officer = log_in("officer.buji")
    numbers = [number(file(officer, DOGS, separate="另一群")) for _ in range(PAGE + 1)]
    page = officer.get("/inbox?only=held")
    (following,) = (one for one in links(page, "/inbox") if one)
    text = officer.text(f"/inbox?after={following['after']}")
    assert [one for one in numbers if f"2026-{one:06d}" in text] == numbers[-1:]
    assert "回到全部待办" in text


def test_a_case_is_found_by_its_number(log_in: LogIn) -> None:
    officer = log_in("officer.buji")
    case_id = number(file(officer))
    for written in (f"2026-{case_id:06d}", str(case_id), f"＃{case_id}"):
        answer = officer.get(f"/cases/?number={written}")
        assert answer.headers["Location"].endswith(f"/cases/{case_id}"), written
    for written, status in (("2025-000001", 404), ("九", 422), ("99", 404)):
        answer = officer.get(f"/cases/?number={written}")
        assert answer.status_code == status, written
        assert f'value="{written}"' in answer.get_data(as_text=True)
    assert log_in("officer.nanwan").get(f"/cases/?number={case_id}").status_code == 403
    assert "按编号找案件" in officer.text("/cases/")


# --- sites ----------------------------------------------------------------------------------------


def test_sites_are_found_by_text_street_and_licence(casework: Desk, log_in: LogIn) -> None:
    officer = log_in("officer.buji")
    whole = officer.text("/sites")
    assert "下一页" in whole
    page = officer.get("/sites")
    (following,) = [one for one in links(page, "/sites") if one.get("after")]
    assert officer.get(f"/sites?after={following['after']}").status_code == 200
    street = officer.text("/sites?street=440307014")
    assert "布吉街道" in street
    none = officer.text("/sites?licence=unlicensed&street=440307014")
    assert "无有效许可" in none
    assert "没有符合条件的对象" in officer.text("/sites?text=zzqq")


def test_a_site_shows_its_licences_its_cases_and_where_to_ask(log_in: LogIn) -> None:
    officer = log_in("officer.buji")
    (found,) = re.findall(
        r'href="(/sites/[^"?]+)"', officer.get("/sites?text=D001").get_data(as_text=True)
    )
    page = officer.get(found)
    text = plain(page)
    assert "起生效" in text
    assert "没有案件" in text
    assert {"site": "D001"} in list(links(page, "/"))
    case_id = number(file(officer, "/cases/new?matter=food.safety&site=D001"))
    assert f"2026-{case_id:06d}" in officer.text(found)
    assert f"2026-{case_id:06d}" not in log_in("officer.nanwan").text(found)
    assert officer.get("/sites/nothing").status_code == 422
