"""Pages of cases in a real browser: no barrier, nothing too wide, and all without a script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Page, expect

from tests.web.browser.conftest import SIZES, Open
from tests.web.browser.test_states import AXE, violations
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
FITS = """() => {
  const wrong = [];
  const wide = document.documentElement;
  if (wide.scrollWidth > wide.clientWidth) wrong.push('page is wider');
  const targets = 'main a[href], main button, main input, main select, main textarea, main summary';
  for (const e of document.querySelectorAll(targets)) {
    if (e.type === 'hidden' || !e.checkVisibility()) continue;
    const box = e.getBoundingClientRect();
    if (box.height < 47.5 || box.width < 47.5)
      wrong.push(`${e.className || e.tagName} ${e.innerText}: ${box.width}x${box.height}`);
    if (box.right > wide.clientWidth + 1) wrong.push(`${e.className} sticks out`);
  }
  return wrong;
}"""


@dataclass
class World:
    """A served ledger with cases in many states, and who is logged in there."""

    app: Flask
    address: str
    code: str
    clients: dict[str, Client]

    def __getitem__(self, account: str) -> Client:
        if account not in self.clients:
            self.clients[account] = Client(self.app, account)
        return self.clients[account]

    def pages(self) -> dict[str, tuple[str, ...]]:
        """The pages to look at, by who opens them."""
        return {
            "officer.buji": (
                *("/cases/1", "/cases/1/residents", "/cases/1/evidence_add", "/cases/3"),
                *("/cases/3/step", "/cases/3/ask_assist", "/cases/3/report_done"),
                *("/cases/4", "/cases/4/hand_over", "/cases/4/correct", "/cases/4/merge"),
                *("/cases/4/transfer", "/cases/4/ask_ruling", "/cases/4/resident_add"),
                *("/cases/1/letter_issue", f"/letters/{self.code}", "/cases/99"),
            ),
            "handler.amr": ("/cases/5", "/cases/5/accept", "/cases/5/refuse", "/cases/2"),
            "handler.psb": ("/cases/3/answer_assist",),
            "verifier": ("/cases/6", "/cases/6/reopen", "/cases/7", "/cases/7/verify"),
            "adjudicator": ("/rulings", "/cases/1/rule", "/cases/2/ruling/1"),
            "steward": ("/rulings/made",),
        }


def photo() -> BytesIO:
    """A small picture."""
    file = BytesIO()
    Image.new("RGB", (320, 240), "#557799").save(file, "JPEG")
    return BytesIO(file.getvalue())


def filed(officer: Client, question: str, said: str, **more: str) -> str:
    """A new case, without looking for an old one; gives its address."""
    form = {"description": said, "separate": "另一家店", **more}
    return officer.done(f"/cases/new?{question}", form)


@pytest.fixture(scope="module")
def world(longgang: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Cases 1 to 7: in dispute, ruled, being handled, held, offered, closed, reported done."""
    desk = ledger_desk(longgang, tmp_path_factory.mktemp("cases"), Clock())
    app = app_of(desk)
    made = World(app, "", "", {})
    officer, amr, verifier = made["officer.buji"], made["handler.amr"], made["verifier"]
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
    made["adjudicator"].done(f"{two}/rule", ruling)
    three = filed(officer, STALL, "路边烧烤摊")
    second = {"kind": "inspection", "on": "2026-11-20", "second_officer": "officer.buji.second"}
    officer.done(f"{three}/step", second)
    officer.done(f"{three}/step", {"kind": "filing", "on": "2026-11-20"})
    officer.done(f"{three}/ask_assist", {"unit": "psb", "duty": "joint", "asked": "请到场"})
    filed(officer, SHOP, "新开的小吃店")
    officer.done(f"{filed(officer, SHOP, '快餐店')}/hand_over", offer)
    for at in (6, 7):
        case = filed(officer, STALL, "占道摆卖")
        officer.done(f"{case}/step", {"kind": "order", "on": "2026-11-20"})
        officer.done(f"{case}/report_done", {"outcome": "摊位已搬离"})
        if at == 6:
            verifier.done(f"{case}/verify", {"note": "已清除"})
            verifier.done(f"{case}/close", {"recheck_on": "2026-11-27"})
    found = re.search(r"/letters/([0-9a-f]{20})", officer.get(one).get_data(as_text=True))
    assert found is not None
    with running(app) as address:
        yield World(app, address, found[1], made.clients)


def become(page: Page, world: World, account: str) -> None:
    """Go on as this person, without the login's slow hash."""
    cookie = world[account].http.get_cookie("seamless")
    assert cookie is not None
    page.context.add_cookies([{"name": "seamless", "value": cookie.value, "url": world.address}])


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_page_of_a_case_has_a_barrier(
    open_page: Open, world: World, lang: str, theme: str
) -> None:
    if not AXE.is_file():
        pytest.fail("axe-core is not installed: make setup", pytrace=False)
    script = AXE.read_text(encoding="utf-8")
    page = open_page(
        "/login", at_server=world.address, lang=lang, theme=theme, ready=False, bypass_csp=True
    )
    found: dict[str, list[str]] = {}
    for account, addresses in world.pages().items():
        become(page, world, account)
        for address in addresses:
            answer = page.goto(address)
            assert answer is not None
            assert answer.status == (404 if address == "/cases/99" else 200), address
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            page.evaluate(script)
            found[f"{account} {address}"] = violations(page)
    assert {name: said for name, said in found.items() if said} == {}


@pytest.mark.parametrize(("type_size", "lang"), [("normal", "zh"), ("large", "en")])
def test_nothing_is_wider_than_the_screen_and_every_target_is_big_enough(
    open_page: Open, world: World, lang: str, type_size: str
) -> None:
    page = open_page("/login", at_server=world.address, lang=lang, ready=False)
    page.context.add_cookies([{"name": "size", "value": type_size, "url": world.address}])
    wrong = {}
    for account, addresses in world.pages().items():
        become(page, world, account)
        for address in addresses:
            page.goto(address)
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            for size, (width, height) in SIZES.items():
                page.set_viewport_size({"width": width, "height": height})
                said = page.evaluate(FITS)
                if said:
                    wrong[f"{size} {account} {address}"] = said
    assert wrong == {}


def test_the_holders_name_is_the_largest_type_of_a_case(open_page: Open, world: World) -> None:
    page = open_page("/login", at_server=world.address, ready=False)
    become(page, world, "officer.buji")
    page.goto("/cases/1")
    largest, unit = page.evaluate(
        """() => {
          const size = (e) => parseFloat(getComputedStyle(e).fontSize);
          const texts = [...document.querySelectorAll('body *')].filter(
            (e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())
              && !e.closest('.holder-unit') && e.checkVisibility());
          return [Math.max(...texts.map(size)), size(document.querySelector('.holder-unit'))];
        }"""
    )
    assert largest < unit <= 40


def test_a_case_is_refused_on_a_phone_without_a_script_and_what_was_typed_stays(
    open_page: Open, world: World
) -> None:
    case = filed(world["officer.buji"], SHOP, "又一家小店")
    world["officer.buji"].done(f"{case}/hand_over", {"to": "amr", "reason": WHY})
    page = open_page(
        "/login",
        at_server=world.address,
        ready=False,
        java_script_enabled=False,
        size="phone",
    )
    become(page, world, "handler.amr")
    page.goto(case)
    page.get_by_role("link", name="退回", exact=True).click()
    page.get_by_label("退回理由").fill("店在桥下，是摊位")
    page.get_by_role("button", name="退回").click()
    expect(page.get_by_role("alert")).to_contain_text("退回必须更正要素")
    expect(page.get_by_label("退回理由")).to_have_value("店在桥下，是摊位")
    page.get_by_label("在什么样的地方").select_option("mobile")
    page.get_by_role("button", name="退回").click()
    page.wait_for_url(f"**{case}")
    expect(page.get_by_text("被退回").first).to_be_visible()
