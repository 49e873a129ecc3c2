"""A served ledger with cases in every state, a joint inspection, a campaign and a report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from uuid import uuid4

from flask import Flask
from PIL import Image
from playwright.sync_api import Page

from tools.demo_desk import Client, Clock, ledger_desk, running
from web.app import app_of
from web.desk import Desk

HERE = "at=114.1172,22.6046&accuracy=10&by=gps"
SHOP = f"matter=food.safety&{HERE}&fact.stage=catering&fact.premises=fixed&fact.licence=unlicensed"
STALL = (
    f"matter=food.safety&{HERE}&fact.stage=catering&fact.premises=mobile&fact.licence=unlicensed"
)
WHY = "固定场所无食品许可，由市场监管局查处"
TEAM = "street_cle.440307014"


@dataclass
class World:
    """Where it is served, what its letter is known by, and who is logged in there."""

    app: Flask
    address: str = ""
    code: str = ""
    clients: dict[str, Client] = field(default_factory=dict)

    def __getitem__(self, account: str) -> Client:
        if account not in self.clients:
            self.clients[account] = Client(self.app, account)
        return self.clients[account]


def become(page: Page, world: World, account: str) -> None:
    """Go on as this person, without the login's slow hash."""
    cookie = world[account].http.get_cookie("seamless")
    assert cookie is not None
    page.context.add_cookies([{"name": "seamless", "value": cookie.value, "url": world.address}])


def photo() -> BytesIO:
    """A small picture."""
    file = BytesIO()
    Image.new("RGB", (320, 240), "#557799").save(file, "JPEG")
    return BytesIO(file.getvalue())


def filed(officer: Client, question: str, said: str, **more: str) -> str:
    """A new case, without looking for an old one; gives its address."""
    form = {"description": said, "separate": "另一家店", **more}
    return officer.done(f"/cases/new?{question}", form)


@contextmanager
def serving(like: Desk, folder: Path) -> Iterator[World]:
    """The world, served until the block ends."""
    desk = ledger_desk(like, folder, Clock())
    world = World(app_of(desk))
    _cases(world)
    _inspection(world)
    _reports(world)
    with running(world.app) as world.address:
        yield world


def _reports(world: World) -> None:
    """1 open, 2 dealt with."""
    steward = world["steward"]
    for text in ("应由卫生局管", "看不懂"):
        told = {"address": f"/?{SHOP}", "kind": "unit", "text": text, "once": uuid4().hex}
        assert steward.http.post("/report", data=told).status_code == 303
    steward.done("/reports/2", {"closed_as": "right", "note": "2018 年机构改革后由市场监管局主办"})


def _cases(world: World) -> None:
    """1 to 9: in dispute, ruled, handled, held, offered, closed, done, verified, not taken up."""
    officer, amr, verifier = world["officer.buji"], world["handler.amr"], world["verifier"]
    offer = {"to": "amr", "reason": WHY, "basis": "食品安全法（2025修正）第122条"}
    refusal = {"reason": "占用人行道，属街道职权", "unit": TEAM, "basis": "食品摊贩条例第32条"}
    one, two = (filed(officer, SHOP, "学校北门外早餐店无证经营") for _ in range(2))
    officer.done(f"{one}/evidence_add", {"files": [(photo(), "店面.jpg")]})
    officer.done(f"{one}/resident_add", {"role": "complainant", "name": "欧阳小满"})
    for case in (one, two):
        for _ in range(2):
            officer.done(f"{case}/hand_over", offer)
            amr.done(f"{case}/refuse", refusal)
    officer.done(f"{one}/letter_issue", {})
    ruling = {"unit": "amr", "reason": "有固定场所", "basis": "食品安全法第122条"}
    world["adjudicator"].done(f"{two}/rule", ruling)
    three = filed(officer, STALL, "路边烧烤摊")
    second = {"kind": "inspection", "on": "2026-11-20", "second_officer": "officer.buji.second"}
    officer.done(f"{three}/step", second)
    officer.done(f"{three}/step", {"kind": "filing", "on": "2026-11-20"})
    officer.done(f"{three}/ask_assist", {"unit": "psb", "duty": "joint", "asked": "请到场"})
    filed(officer, SHOP, "新开的小吃店")
    officer.done(f"{filed(officer, SHOP, '快餐店')}/hand_over", offer)
    for last in ("close", "report_done", "verify"):
        case = filed(officer, STALL, "占道摆卖")
        officer.done(f"{case}/step", {"kind": "order", "on": "2026-11-20"})
        officer.done(f"{case}/report_done", {"outcome": "摊位已搬离"})
        if last != "report_done":
            verifier.done(f"{case}/verify", {"note": "已清除"})
        if last == "close":
            verifier.done(f"{case}/close", {"recheck_on": "2026-11-27"})
    filed(world["dispatcher"], STALL, "居民来电：夜里摆摊")
    amr.done(f"{two}/resident_add", {"role": "complainant", "name": "欧阳小满"})
    told = officer.get(one).get_data(as_text=True)
    found = re.search(r"/letters/([0-9a-f]{20})", told)
    assert found is not None
    world.code = found[1]


def _inspection(world: World) -> None:
    client = world["handler.amr"]
    _, visit = inspection(client, second="handler.psb", month="2026-11", day="20")
    client.done(f"{visit}/notices", {"unit": "psb"}, page=visit)


def inspection(client: Client, *, second: str, month: str, day: str) -> tuple[str, str]:
    """A campaign, and a visit of three sites, two of them seen, with what was found there."""
    days = {"begins": f"{month}-01", "ends": f"{month}-30", "rechecks": "7 30"}
    campaign = client.done("/campaigns/new", {"name": "熟食专项", **days})
    plan = {"do": "plan", "title": "熟食检查", "on": f"{month}-{day}", "campaign": campaign[-1]}
    visit = client.done("/visits/new", plan | {"site": ["D003", "D004", "D010"]})
    for n in (1, 2):
        client.done(f"{visit}/stops/{n}", {"second": second})
        told = client.get(f"{visit}/stops/{n}").get_data(as_text=True)
        stage = re.findall(r'name="stage" value="([a-z_]+)"', told)[0]
        client.done(f"{visit}/stops/{n}/found", {"stage": stage, "says": "过期"}, page=visit)
    return campaign, visit
