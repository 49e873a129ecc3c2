"""One case from the first look to its return: by the people of five units, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from enforcement.services.checking import check_store
from tests.web.browser.conftest import Open, wait_for_step
from tools.demo_desk import Clock, ledger_desk, running
from web.app import app_of
from web.desk import Desk

QUESTION = (
    "/?matter=food.safety&at=114.1172,22.6046&fact.stage=catering&fact.licence=licensed"
    "&fact.premises=fixed"
)
STREET = "布吉街道综合行政执法队"
MARKET = "市场监督管理局"


@pytest.fixture
def at_work(longgang: Desk, tmp_path: Path) -> Iterator[tuple[str, Desk, Clock]]:
    """A server with an empty ledger and a clock of its own."""
    clock = Clock()
    desk = ledger_desk(longgang, tmp_path, clock)
    with running(app_of(desk)) as address:
        yield address, desk, clock


def holder(page: Page) -> str:
    """The unit on the case's plate."""
    return page.locator(".holder-unit").inner_text()


def act(page: Page, case: str, name: str, **typed: str) -> None:
    """Fill in the form of an act on the case and send it."""
    page.goto(f"{case}/{name}")
    for field, value in typed.items():
        element = page.locator(f"#{field}")
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        if element.evaluate("e => e.tagName") == "SELECT":
            element.select_option(value)
        else:
            element.fill(value)
    page.locator("main form button.first").click()
    page.wait_for_url(re.compile(rf".*{case}(/ruling/\d+)?$"))


def file(page: Page, said: str) -> str:
    """From the officer's answer to a case; gives the case's path."""
    page.goto(QUESTION)
    wait_for_step(page, "answer")
    assert MARKET in page.locator(".plate-unit").inner_text().replace("\n", "")
    page.get_by_role("link", name="登记案件").click()
    page.wait_for_url("**/cases/new?**")
    page.fill("#description", said)
    page.locator("main form button.first").click()
    page.wait_for_url(re.compile(r".*/cases/\d+$"))
    return "/" + page.url.split("/", 3)[3]


def test_the_whole_story(open_page: Open, at_work: tuple[str, Desk, Clock]) -> None:
    server, desk, clock = at_work
    refusal = {"reason": "该店由街道日常巡查", "unit": "street_cle.440307014", "basis": "职责分工"}

    def person(account: str, path: str = "/desk") -> Page:
        return open_page(path, at_server=server, log_in=account, ready=False)

    # The officer files, and the unit of first contact holds the case
    officer = person("officer.buji")
    case = file(officer, "餐馆后厨使用过期肉")
    assert holder(officer) == STREET
    act(officer, case, "hand_over", reason="持证餐饮由市场监管部门主办")
    assert holder(officer) == STREET

    # The dispatcher sees it, with its clock
    dispatcher = person("dispatcher", "/district")
    assert "餐馆后厨使用过期肉" in dispatcher.locator("main").inner_text()
    assert STREET in dispatcher.locator("main").inner_text()

    # The unit refuses; handed over again it refuses again, which brings the dispute to a ruling
    market = person("handler.amr", "/inbox")
    assert "餐馆后厨使用过期肉" in market.locator("main").inner_text()
    act(market, case, "refuse", **refusal)
    clock.on(hours=2)
    act(
        officer,
        case,
        "hand_over",
        to="amr",
        reason="持证餐饮由市场监管部门主办",
        basis="食品安全法",
    )
    act(market, case, "refuse", **refusal)
    officer.goto(case)
    assert holder(officer) == STREET

    # The adjudicator rules; the unit holds it from that moment, accepts, works and reports it done
    clock.on(hours=2)
    judge = person("adjudicator", "/rulings")
    assert "餐馆后厨使用过期肉" in judge.locator("main").inner_text()
    act(judge, case, "rule", unit="amr", reason="持证单位由发证部门监管", basis="食品安全法第五条")
    market.goto(case)
    assert MARKET in holder(market)
    act(market, case, "accept")
    act(market, case, "step", kind="order", note="责令改正，封存过期肉")
    act(market, case, "report_done", outcome="已改正，过期肉已销毁")

    # Somebody else verifies and closes it
    clock.on(days=1)
    verifier = person("verifier", case)
    act(verifier, case, "verify", note="现场已无过期肉")
    act(verifier, case, "close")
    assert MARKET in holder(verifier)

    # The re-check finds it again: the same case, the same lead, a higher grade
    clock.on(days=6)
    again = file(officer, "复查时又发现过期肉")
    assert again == case
    officer.goto(case)
    assert MARKET in holder(officer)
    story = officer.locator("main").inner_text()
    assert "复发 2 级，第 2 轮" in story

    # The funnel shows it, and the chain is whole
    supervisor = person("supervisor", "/figures")
    told = supervisor.locator("main").inner_text()
    assert "复发" in told
    auditor = person("auditor", "/audit")
    assert auditor.locator("main").count() == 1
    assert check_store(desk.kept.store).is_whole
