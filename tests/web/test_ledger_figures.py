"""What the supervisor, the steward and the auditor see."""

from __future__ import annotations

import re
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from enforcement.services.reports import report_wrong_answer
from enforcement.store.engine import MODE, WRITE
from tests.web.conftest import LogIn
from tools.demo_desk import Client, Clock, plain
from web.desk import Desk
from web.ledger.charts import LONGEST, bars

STALL = (
    "/cases/new?matter=food.safety&at=114.1172,22.6046&fact.stage=catering"
    "&fact.licence=unlicensed&fact.premises=mobile"
)


def filed(officer: Client, what: str) -> str:
    return officer.done(STALL, {"description": what})


@given(st.lists(st.integers(0, 10**6), max_size=8), st.integers(0, 10**6))
def test_a_bar_begins_at_zero_and_is_as_long_as_its_number(counts: list[int], more: int) -> None:
    most = max(counts, default=0) + more
    drawn = bars([(f"b{at}", n) for at, n in enumerate(counts)], most=most).bars
    for bar, n in zip(drawn, counts, strict=True):
        assert bar.length == pytest.approx(LONGEST * n / most if most else 0)
        assert 0 <= bar.length <= LONGEST
    assert len({bar.top for bar in drawn}) == len(drawn)


def test_a_bar_that_would_lie_is_refused() -> None:
    with pytest.raises(ValueError, match="is not within"):
        bars([("found", 3)], most=2)


def test_the_steps_are_counted_by_street_and_unit_and_nobody_held_nothing(log_in: LogIn) -> None:
    officer = log_in("officer.buji")
    case = filed(officer, "流动烧烤摊")
    checked = {"kind": "inspection", "on": "2026-11-20", "second_officer": "officer.buji.second"}
    officer.done(
        f"{case}/step", {**checked, "note": "两人到场", "second": checked["second_officer"]}
    )
    filed(officer, "又一个摊")
    told = log_in("supervisor").text("/figures")
    assert "布吉街道" in told
    assert "布吉街道综合行政执法队" in told
    assert "0 秒；由数据库约束保证" in told
    page = log_in("supervisor").get("/figures").get_data(as_text=True)
    assert re.search(r'aria-label="布吉街道：发现 \d、已检查 1、', page)
    assert 'x="112"' in page


def test_a_month_that_is_none_is_refused_and_the_page_still_shows_this_year(log_in: LogIn) -> None:
    supervisor = log_in("supervisor")
    for query in ("first=2026-13", "last=soon", "first=2026-11&last=2026-01"):
        answer = supervisor.get(f"/figures?{query}")
        assert answer.status_code == 422
        assert "月" in plain(answer)
    assert supervisor.get("/figures?street=%3Cscript%3E").status_code == 200


def test_what_is_overdue_is_listed(log_in: LogIn, clock: Clock) -> None:
    filed(log_in("officer.buji"), "流动烧烤摊")
    clock.on(days=30)
    told = log_in("supervisor").text("/figures")
    assert "已超期" in told
    assert "现在没有超期的案件" not in told


def reported(desk: Desk, said: str) -> int:
    """An officer says that an answer is wrong; the number of the report."""
    resolution = {
        "lead": {"unit": "amr"},
        "interim": None,
        "matter": "food.safety",
        "on": "2026-11-20",
        "outcome": "decided",
        "because": [{"rule": "F52"}],
    }
    return report_wrong_answer(
        desk.kept.store,
        once=uuid.uuid4().hex,
        kind="unit",
        text=said,
        asker="street_cle.440307014",
        address="/?matter=food.safety&at=114.1172,22.6046",
        resolution=resolution,
        at=desk.now(),
    )


def test_a_steward_reads_what_officers_say_is_wrong_and_asks_again(
    casework: Desk, log_in: LogIn
) -> None:
    steward = log_in("steward")
    assert "没有报错" in steward.text("/reports")
    assert "待处理" not in steward.text("/desk")
    for at in range(11):
        reported(casework, f"<b>第{at}次</b>应由街道办理")
    assert "11 条待处理，最早 2026-11-20" in steward.text("/desk")
    page = steward.get("/reports").get_data(as_text=True)
    assert "&lt;b&gt;第10次&lt;/b&gt;" in page
    assert "11 条待处理，最早一条 2026-11-20 10:00" in page
    assert 'href="/?matter=food.safety&amp;at=114.1172,22.6046"' in page
    assert 'href="/rules/food.safety?on=2026-11-20"' in page
    older = re.search(r'href="(/reports\?before=\d+)"', page)
    assert older is not None
    assert "第0次" in steward.text(older[1])


def test_a_steward_closes_a_report_and_it_is_read_with_who_did_it_and_why(
    casework: Desk, log_in: LogIn, clock: Clock
) -> None:
    first, second = reported(casework, "店已停业"), reported(casework, "界线偏北")
    steward = log_in("steward")
    clock.on(hours=1)
    form = {"closed_as": "mended", "changed": "F52", "unit": "amr", "note": "已改\r\n<i>F52</i>"}
    went = steward.done(f"/reports/{first}", form, page="/reports")
    told = steward.text(went)
    assert f"第 {first} 条已处理：已改正" in told
    assert "店已停业" not in told
    assert "界线偏北" in told
    passed = {
        "closed_as": "passed_on",
        "unit": "plan",
        "changed": "x",
        "note": "界线由规划部门给出",
    }
    assert "没有待处理的报错" in steward.text(steward.done(f"/reports/{second}", passed))
    closed = steward.text("/reports?state=closed")
    for said in (
        "店已停业",
        "已改 <i>F52</i>",
        "规则管理员（虚构） · 2026-11-20 11:00",
        "界线由规划部门给出",
        "深圳市规划和自然资源局龙岗管理局",
    ):
        assert said in closed
    steward.http.set_cookie("lang", "en")
    assert "Dealt with Mended Changed F52 Note 已改" in steward.text(f"/reports/{first}")
    assert "待处理" not in log_in("steward").text("/desk")
    assert "处理错误报告" in log_in("auditor").text("/audit?verify=1")


def test_a_closing_that_is_refused_comes_back_with_what_was_typed(
    casework: Desk, log_in: LogIn
) -> None:
    number = reported(casework, "店已停业")
    steward, address = log_in("steward"), f"/reports/{number}"
    form = {"closed_as": "passed_on", "unit": "", "changed": "", "note": "给规划<b>"}
    answer = steward.post(address, form, key="a" * 32)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "请选择转交给谁" in page
    assert "给规划&lt;b&gt;</textarea>" in page
    assert re.search(r'value="passed_on" checked', page)
    assert f'name="key" value="{"a" * 32}"' in page
    assert steward.post(address, {"note": "x"}).status_code == 422
    assert steward.post("/reports/999", form, page="/reports").status_code == 404
    assert steward.get("/reports/999").status_code == 404
    right = {"closed_as": "right", "note": "核对过，没错"}
    twice = [steward.post(address, right, key="b" * 32, page="/desk") for _ in range(2)]
    assert [one.status_code for one in twice] == [303, 303]
    late = steward.post(address, {"closed_as": "mended", "note": "我也改了"}, page="/desk")
    assert late.status_code == 409
    told = plain(late)
    assert f"第 {number} 条已由规则管理员（虚构）于 2026-11-20 10:00 处理：答案没错" in told
    assert "核对过，没错" in told
    assert "你写的没有保存，仍在这里： 我也改了" in told


def test_only_a_steward_closes_a_report_and_nobody_is_told_of_one_that_is_not_closed(
    casework: Desk, log_in: LogIn
) -> None:
    number = reported(casework, "店已停业")
    officer = log_in("officer.buji")
    assert officer.get(f"/reports/{number}").status_code == 403
    form = {"closed_as": "right", "note": "没错"}
    assert officer.post(f"/reports/{number}", form, page="/desk").status_code == 403
    assert "被拒绝" in log_in("auditor").text("/audit")
    steward = log_in("steward")
    assert "处理完毕" in steward.text(f"/reports/{number}")
    for done in (number, 999, "x"):
        assert "条已处理" not in steward.text(f"/reports?done={done}")


def test_the_auditor_sees_refused_acts_and_checks_the_whole_chain(
    casework: Desk, log_in: LogIn
) -> None:
    case = filed(log_in("officer.buji"), "流动烧烤摊")
    assert log_in("officer.nanwan").get(case).status_code == 403
    auditor = log_in("auditor")
    told = auditor.text("/audit?verify=1")
    assert "被拒绝" in told
    assert "完整：" in told
    with casework.kept.store.execution_options(**{MODE: WRITE}).begin() as connection:
        guards = connection.execute(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        ).scalars()
        for name in list(guards):
            connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(text("UPDATE ledger_event SET actor = 'nobody' WHERE seq = 1"))
    assert "不完整" in auditor.text("/audit?verify=1")


@pytest.mark.parametrize(
    ("page", "who"),
    [("/figures", "supervisor"), ("/reports", "steward"), ("/audit", "auditor")],
)
def test_a_page_is_for_its_post_and_others_are_refused(log_in: LogIn, page: str, who: str) -> None:
    assert log_in(who).get(page).status_code == 200
    answer = log_in("officer.buji").get(page)
    assert answer.status_code == 403
    assert f'href="{page}"' not in answer.get_data(as_text=True)
