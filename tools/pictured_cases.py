"""What the pictures of the ledger show: made-up cases, a dispute, and a joint inspection of 2008.

Everything is done over HTTP as people do it, by demo people, at times that are set; so the same
program gives the same pictures, but for the chain's checksums on the page of the audit.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Flask

from tools.demo_desk import Client, Clock, ledger_desk
from web.app import app_of
from web.desk import Desk

THEN = datetime(2008, 11, 5, 1, 0, tzinfo=UTC)

HERE = "at=114.1172,22.6046&accuracy=10&by=gps"
FIXED = "matter=food.safety&fact.stage=catering&fact.premises=fixed"
STALL = "matter=food.safety&fact.stage=catering&fact.premises=mobile&fact.licence=unlicensed"
BUJI = "street_cle.440307014"
WHY = "固定场所餐饮，由市场监管部门查处"
LAW = "食品安全法（2025修正）第122条"
STOPS = tuple(f"D{n:03}" for n in range(1, 9))
MARKET = 5
"""The stop that is a market with slaughter: two stages, two leads."""


def morning(day: int) -> datetime:
    """9:10 in the district on a day of November 2026; the 16th is a Monday."""
    return datetime(2026, 11, day, 1, 10, tzinfo=UTC)


class Hands:
    """Demo people at work on one desk; each logs in when first needed."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._there: dict[str, Client] = {}
        self._sent = 0

    def __call__(self, account: str, address: str, page: str = "", /, **form: object) -> str:
        """Send a form that is shown at `page`, else at the address itself; gives where it leads.

        Raises Unexpected with what the page says when the form is not taken.
        """
        if account not in self._there:
            self._there[account] = Client(self._app, account)
        self._sent += 1
        key = f"{self._sent:032x}"
        return self._there[account].done(address, form, page=page or None, key=key)


def week_of_cases(desk: Desk) -> Flask:
    """A served week: case 1 comes back from the unit it was offered to, case 2 is in dispute."""
    clock = Clock(morning(16))
    app = app_of(ledger_desk(desk, desk.settings.data / "week", clock))
    do = Hands(app)

    def file(account: str, question: str, said: str) -> str:
        clock.on(minutes=35)
        return do(account, f"/cases/new?{question}", description=said)

    def refused(case: str, reason: str, basis: str) -> None:
        do("officer.buji", f"{case}/hand_over", to="amr", reason=WHY, basis=LAW)
        clock.on(hours=2)
        do("handler.amr", f"{case}/refuse", reason=reason, unit=BUJI, basis=basis)
        clock.on(minutes=20)

    officer = "officer.buji"
    licensed = f"{FIXED}&fact.licence=licensed"
    unlicensed = f"{FIXED}&fact.licence=unlicensed"
    returned = file(officer, f"{licensed}&{HERE}", "示范小吃店（虚构）后厨用过期肉")
    disputed = file(officer, f"{unlicensed}&at=114.1155,22.6086", "桥下早餐铺（虚构）无证经营")
    for _ in range(2):
        refused(disputed, "占用人行道经营，属街道职权", "职责分工（虚构）")
    stall = file(officer, f"{STALL}&at=114.1190,22.6046", "学校门口流动烧烤摊，油烟扰民")
    two = {"second_officer": f"{officer}.second", "on": str(clock.day())}
    do(officer, f"{stall}/step", kind="inspection", note="两人到场检查", **two)
    do(officer, f"{stall}/step", kind="order", on=str(clock.day()))
    do(officer, f"{stall}/ask_assist", unit="psb", duty="joint", asked="请周五晚到场协助")
    clock.at = morning(17)
    file("officer.henggang", f"{STALL}&at=114.195205,22.644136", "市场外流动炒粉摊")
    file("officer.longcheng", "matter=street.dogs&at=114.203502,22.701398", "遛烈性犬未拴绳")
    moved = file("officer.bantian", f"{STALL}&at=114.066291,22.637091", "路口流动水果摊占道")
    do("officer.bantian", f"{moved}/step", kind="order", on=str(clock.day()))
    do("officer.bantian", f"{moved}/report_done", outcome="摊位已搬离，地面已清理")
    clock.at = morning(18)
    do("verifier", f"{moved}/verify", note="现场已清理")
    do("verifier", f"{moved}/close", recheck_on="2026-11-24")
    for day, at, said in (
        (18, "114.1121,22.6060", "样板面馆（虚构）冷柜里有过期肉"),
        (19, "114.1201,22.6079", "虚构甜品店无健康证上岗"),
    ):
        clock.at = morning(day)
        offered = file(officer, f"{licensed}&at={at}", said)
        do(officer, f"{offered}/hand_over", to="amr", reason=WHY, basis=LAW)
    accepted = file(officer, f"{unlicensed}&at=114.1143,22.6033", "示范快餐店（虚构）无证")
    do(officer, f"{accepted}/hand_over", to="amr", reason=WHY, basis=LAW)
    clock.on(hours=3)
    do("handler.amr", f"{accepted}/accept", officer="handler.amr")
    _reports(do, officer)
    clock.at = morning(20) - timedelta(minutes=40)
    refused(returned, "该店由街道日常巡查", "职责分工（虚构）")
    return app


def _reports(do: Hands, officer: str) -> None:
    """What officers say is wrong with answers."""
    for at, (kind, said) in enumerate(
        (
            ("unit", "这个摊位每天固定在店门口，应按店外经营办理"),
            ("place", "这里在布吉与南湾交界，界线画得偏北"),
        )
    ):
        question = f"{STALL}&at=114.1{190 - at * 8},22.60{46 + at}"
        form = {"kind": kind, "text": said, "once": f"{at:032d}", "address": f"/?{question}"}
        do(officer, "/report", "/desk", **form)


def joint_visit(desk: Desk) -> Flask:
    """A served day of 2008: a joint inspection is planned, confirmed, and at two of its stops."""
    clock = Clock(THEN)
    app = app_of(ledger_desk(desk, desk.settings.data / "visit", clock))
    do = Hands(app)
    lead, other = "handler.health", "handler.aic.2008"
    plan = {"do": "plan", "title": "节前食品联合检查", "on": "2008-11-05", "site": list(STOPS)}
    visit = do(lead, "/visits/new", **plan)
    do(lead, f"{visit}/notices", visit)
    clock.on(minutes=30)
    do(other, f"{visit}/confirm", visit, answer="两名执法人员参加")
    clock.on(minutes=40)
    do(lead, f"{visit}/stops/1", second=other)
    clock.on(minutes=50)
    market = f"{visit}/stops/{MARKET}"
    do(lead, market, second=other)
    do(lead, f"{market}/found", market, stage="slaughter", says="现场宰杀活禽，没有屠宰许可")
    return app
