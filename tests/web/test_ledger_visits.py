"""Joint inspections over HTTP: planned, confirmed, visited, reported; campaigns and their rate."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from enforcement.services.opening import open_ledger
from enforcement.services.visits import escalate_silent
from tools.demo_desk import Client, Clock, app_for, ledger_desk, plain
from web.cli import main
from web.cli.serve import shifted
from web.cli.speaking import Speaker
from web.desk import Desk
from web.settings import Lang

NAMED = " ".join(f"D{n:03}" for n in range(1, 21))
FEW = "D003 D004 D005"
"""A market with slaughter, a supermarket with a bakery, and a school canteen."""


@pytest.fixture
def clock() -> Clock:
    return Clock(at=datetime(2008, 11, 5, 1, 0, tzinfo=UTC))


@pytest.fixture
def then(longgang: Desk, clock: Clock, tmp_path: Path) -> Desk:
    """The schematic district on 2008-11-05."""
    return ledger_desk(longgang, tmp_path, clock)


@pytest.fixture
def log_in(then: Desk) -> Callable[[str], Client]:
    app = app_for(then)
    return lambda account: Client(app, account)


def planned(client: Client, sites: str = FEW, **more: object) -> str:
    form = {"do": "plan", "title": "节前检查", "on": "2008-11-05", "site": sites.split(), **more}
    return client.done("/visits/new", form)


def test_sites_are_found_by_filter_and_ticks_go_along(log_in: Callable[[str], Client]) -> None:
    client = log_in("handler.health")
    assert "没有将要进行的联合检查" in client.text("/visits")
    assert "填写上面任何一项" in client.text("/visits/new")
    assert "符合条件 20 个，已选 0 个" in client.text(f"/visits/new?on=2008-11-05&text={NAMED}")
    assert "符合条件 2 个" in client.text("/visits/new?text=D003,D004")
    assert "没有符合的对象" in client.text("/visits/new?recheck=yes")
    there = re.findall(
        r'name="site" value="(D\d+)"',
        client.get("/visits/new?stage=slaughter&licence=licensed&street=440307014").get_data(
            as_text=True
        ),
    )
    assert len(there) < 10
    to = client.done(
        "/visits/new", {"do": "more", "on": "2008-11-05", "text": "D003", "site": ["D003", "zz"]}
    )
    assert to == "/visits/new?on=2008-11-05&text=D003&site=D003&site=zz"
    assert "已选（1 个）" in client.text(to)
    assert client.get("/visits/new?on=x&street=zz&stage=%00&text=%F0%9F%9A%A7").status_code == 200


def test_what_cannot_be_planned_comes_back_with_what_was_typed(
    log_in: Callable[[str], Client],
) -> None:
    client = log_in("handler.health")
    form = {"do": "plan", "on": "2008-11-05", "title": "<b>节前</b>", "text": "D003"}
    answer = client.post("/visits/new", form)
    assert answer.status_code == 422
    assert "请至少勾选一个对象" in plain(answer)
    assert "&lt;b&gt;" in client.post(
        "/visits/new", form | {"site": ["D003"], "on": "2008-11-04"}
    ).get_data(as_text=True)
    tp = log_in("handler.tp").post("/visits/new", form | {"site": ["D004"]}, page="/visits/new")
    assert "都不由你单位主办或协办" in plain(tp)
    assert log_in("verifier").get("/visits/new").status_code == 403
    assert log_in("steward").get("/desk").status_code == 200


def test_from_plan_to_report(log_in: Callable[[str], Client], then: Desk, clock: Clock) -> None:
    health, aic = log_in("handler.health"), log_in("handler.aic.2008")
    visit = planned(health)
    assert visit == "/visits/1"
    page = health.text(visit)
    for said in ("龙岗区卫生局", "工商行政管理局", "屠宰", "餐饮、食堂", "等待确认", "牵头单位"):
        assert said in page
    # the other unit sees it, confirms, and gets its notice
    assert "请你单位在" in aic.text("/visits")
    assert aic.post("/visits/1/confirm", {"answer": " "}, page=visit).status_code == 422
    aic.done("/visits/1/confirm", {"answer": "两人参加"}, page=visit)
    assert "两人参加" in health.text(visit)
    health.done("/visits/1/notices", {"unit": "aic"}, page=visit)
    health.done("/visits/1/notices", {}, page=visit)
    codes = re.findall(r"/letters/([0-9a-f]{20})\.pdf", aic.get(visit).get_data(as_text=True))
    assert len(codes) == len(set(codes)) > 4
    assert aic.get(f"/letters/{codes[0]}.pdf").data.startswith(b"%PDF")
    # at the stops
    assert "去第 1 站" in health.text("/visits")
    numbers = dict(
        re.findall(
            r'href="/visits/1/stops/(\d+)".*?"visit-card-name">([^<]+)',
            health.get("/visits/1/stops").get_data(as_text=True),
        )
    )
    market = next(n for n, name in numbers.items() if "百家农贸市场" in name)
    at = f"/visits/1/stops/{market}"
    assert "屠宰 · " in health.text(at)
    me = {"second": "handler.health", "fact.licence@slaughter": "licensed"}
    assert "须是另一人" in plain(health.post(at, me))
    wrong = health.post(at, {"second": "handler.aic.2008", "fact.premises": "moon"})
    assert wrong.status_code == 422
    health.done(at, {"second": "handler.aic.2008", "fact.licence@slaughter": "licensed"})
    page = health.text(at)
    assert "按现场情况改由上面的单位主办" in page
    assert page.count("这个环节未发现问题") == 2
    found = {"stage": "slaughter", "says": "<i>没有检疫证明</i>"}
    health.done(f"{at}/found", found, page=at)
    health.done(f"{at}/found", {"stage": "circulation", "says": "过期食品"}, page=at)
    assert health.post(f"{at}/found", {"stage": "zz", "says": "x"}, page=at).status_code == 404
    assert "<i>" not in health.get(at).get_data(as_text=True)
    # each finding is one case of the unit that leads there
    trade = log_in("handler.trade.2008")
    assert "没有检疫证明" in trade.text("/cases/1")
    assert "过期食品" in aic.text("/cases/2")
    assert aic.get("/visits/1/stops/99").status_code == 404
    # silence is escalated, and the report tells who did what
    clock.on(days=4)
    escalate_silent(
        open_ledger(then.kept.store, then.district, folder=then.folder, data=then.settings.data),
        clock(),
    )
    report = health.text("/visits/1/report")
    for said in (
        "看了 1 个检查点（共 3 个），发现 2 个问题",
        "逾期未答复",
        "已报告",
        "没有看到（2 个）",
    ):
        assert said in report
    assert aic.post("/visits/1/end", {}, page=visit).status_code == 403
    health.done("/visits/1/end", {}, page="/visits/1/report")
    assert "结束" in health.text("/visits/1/report")
    late = health.post(f"{at}/found", found, page="/visits/new")
    assert late.status_code == 409
    # who has no part in it sees nothing of it
    assert log_in("handler.tp").get(visit).status_code == 403
    assert "节前检查" not in log_in("handler.tp").text("/visits")
    assert "节前检查" in log_in("supervisor").text("/visits")


def test_a_campaign_has_an_end_rechecks_and_a_rate(
    log_in: Callable[[str], Client], clock: Clock
) -> None:
    client = log_in("dispatcher")
    assert "没有专项整治" in client.text("/campaigns")
    form = {"name": "猪肉专项", "called_by": "health", "begins": "2008-11-01", "ends": "2008-11-30"}
    bad = client.post("/campaigns/new", form | {"rechecks": "x", "ends": "z"})
    assert bad.status_code == 422
    assert "猪肉专项" in bad.get_data(as_text=True)
    assert client.post("/campaigns/new", form | {"rechecks": ""}).status_code == 422
    there = client.done("/campaigns/new", form | {"rechecks": "7、30"})
    page = client.text(there)
    assert "2008-12-07" in page
    assert "2008-12-30" in page
    assert "暂无复发率" in page
    assert "猪肉专项" in client.text("/visits/new?text=D003&on=2008-11-05&campaign=1")
    visit = planned(client, called_by="health", campaign="1")
    assert "所属专项整治" in client.text(visit)
    assert "节前检查" in client.text(there)
    health = log_in("handler.health")
    assert "猪肉专项" in health.text(there)
    assert "今天 1 次" in health.text("/desk")
    assert "1 次待确认" in log_in("handler.aic.2008").text("/desk")
    # where something was found, the re-check goes
    assert "计划这天的复查" not in health.text(there)
    stage = re.findall(r'id="h-([a-z]+)"', health.get(f"{visit}/stops/1").get_data(as_text=True))[0]
    health.done(f"{visit}/stops/1", {"second": "handler.aic.2008"})
    health.done(f"{visit}/stops/1/found", {"stage": stage, "says": "过期"}, page=visit)
    again = re.findall(r'href="(/visits/new\?on=2008-12-07[^"]*)"', health.get(there).text)[0]
    page = health.text(html.unescape(again))
    assert "已选（1 个）" in page
    assert "猪肉专项" in page
    assert log_in("handler.tp").get(there).status_code == 403


def test_a_demo_may_stand_on_another_day_and_real_use_may_not(longgang: Desk) -> None:
    there = shifted(longgang, date(2008, 11, 5))
    assert there.today() == date(2008, 11, 5)
    assert there.now() <= there.now()
    assert there.now().date() in {date(2008, 11, 4), date(2008, 11, 5)}
    for arguments, said in ((["--on", "2008-11-05"], "--demo"), (["--demo", "--on", "x"], "2008")):
        speaker = Speaker(longgang.settings, Lang.ZH, longgang)
        result = CliRunner().invoke(main, ["serve", *arguments], obj=speaker)
        assert result.exit_code == 2
        assert said in result.stderr
