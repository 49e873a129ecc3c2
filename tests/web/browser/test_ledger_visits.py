"""A joint inspection of twenty sites on 2008-11-05 in a browser, from plan to report."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import segno
from PIL import Image
from playwright.sync_api import Page

from enforcement.services.checking import check_ledger
from enforcement.services.opening import open_ledger
from tests.web.browser.conftest import SIZES, Open
from tests.web.browser.ledger_world import inspection
from tools.demo_desk import Client, Clock, ledger_desk, running
from web.app import app_of
from web.desk import Desk

LISTED = " ".join(f"D{n:03}" for n in range(1, 21))
"""The named demo sites: a market with slaughter, a supermarket with a bakery, a school canteen …"""


@dataclass(frozen=True)
class Then:
    """A server of the article's day, and the desk behind it."""

    address: str
    desk: Desk


@pytest.fixture(scope="module")
def then(longgang: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Then]:
    clock = Clock(at=datetime(2008, 11, 5, 1, 0, tzinfo=UTC))
    desk = ledger_desk(longgang, tmp_path_factory.mktemp("then"), clock)
    with running(app_of(desk)) as address:
        yield Then(address, desk)


def pdf_text(content: bytes, folder: Path) -> str:
    file = folder / "notice.pdf"
    file.write_bytes(content)
    done = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, check=True)
    return done.stdout.decode()


def has_code(content: bytes, address: str, folder: Path) -> bool:
    """Whether the PDF has the picture of the QR code of exactly this address."""
    file = folder / "code.pdf"
    file.write_bytes(content)
    subprocess.run(["pdfimages", "-png", file, folder / "code"], check=True)
    wanted = io.BytesIO()
    segno.make(address, error="m").save(wanted, kind="png", scale=6, border=4)
    like = Image.open(wanted).convert("L").tobytes()
    return any(Image.open(one).convert("L").tobytes() == like for one in folder.glob("code-*.png"))


def go_to_stop(page: Page, name: str) -> None:
    page.goto("/visits/1/stops")
    page.locator(".visit-card", has_text=name).click()


def record(page: Page, **facts: str) -> None:
    for label, value in facts.items():
        page.get_by_label(re.compile(label)).select_option(label=value)
    page.get_by_role("button", name="记录到场和现场情况").click()
    page.wait_for_selector(".visit-facts .visit-yes")


def find(page: Page, stage: str, says: str) -> None:
    box = page.locator(f"#{stage}")
    box.locator("summary", has_text=re.compile("发现问题|又一个问题")).click()
    box.get_by_label("发现了什么").fill(says)
    box.get_by_role("button", name="登记为案件").click()
    page.locator(f"#{stage} .visit-found", has_text=says).wait_for()


def test_a_joint_inspection_of_twenty_sites_from_plan_to_report(
    open_page: Open, then: Then, tmp_path: Path
) -> None:
    page = open_page("/visits", at_server=then.address, log_in="handler.health", ready=False)
    page.get_by_role("link", name="制定检查计划").click()
    page.get_by_label("名称、地址，或一份编号清单").fill(LISTED)
    page.get_by_role("button", name="查找").click()
    assert page.get_by_role("status").inner_text() == "符合条件 20 个，已选 0 个。"
    page.get_by_role("link", name="勾选这 20 个").click()
    page.get_by_label("检查名称").fill("节前食品联合检查")
    page.get_by_role("button", name="制定计划").click()
    page.wait_for_url("**/visits/1")
    assert page.locator(".visit-stops > li").count() == 20
    assert page.locator(".visit-lead-unit").inner_text().startswith("龙岗区卫生局")
    # the notice to one unit: Chinese text, and a code whose address answers
    trade = page.locator(".visit-unit", has_text="贸易工业局")
    trade.get_by_role("button", name=re.compile("签发通知")).click()
    link = page.locator(".visit-unit", has_text="贸易工业局").get_by_role(
        "link", name=re.compile("PDF")
    )
    notice = page.request.get(str(link.get_attribute("href")))
    said = pdf_text(notice.body(), tmp_path)
    for words in ("联合检查通知", "节前食品联合检查", "龙岗区卫生局", "屠宰，主办", "2008-11-05"):
        assert words in said
    check = re.search(rf"{then.address}/letters/[0-9a-f]{{20}}", said.replace("\n", ""))
    assert check is not None
    assert has_code(notice.body(), check[0], tmp_path)
    stranger = open_page(check[0], at_server=then.address, ready=False)
    assert "联合检查通知" in stranger.locator("main").inner_text()
    assert notice.status == 200
    # another unit confirms
    aic = open_page("/visits", at_server=then.address, log_in="handler.aic.2008", ready=False)
    aic.get_by_role("link", name=re.compile("节前食品联合检查")).first.click()
    aic.get_by_label("谁来、几个人").fill("两名执法人员参加")
    aic.get_by_role("button", name="确认参加").click()
    aic.locator(".visit-unit", has_text="两名执法人员参加").wait_for()
    # at the stops: every finding goes to the unit that leads at that stage
    go_to_stop(page, "百家农贸市场")
    page.get_by_label("第二名执法人员", exact=True).select_option("handler.aic.2008")
    record(page)
    find(page, "slaughter", "现场宰杀活禽，没有屠宰许可")
    find(page, "circulation", "熟食没有防蝇设施")
    go_to_stop(page, "万户超市")
    record(page)  # the second officer is remembered
    find(page, "processing", "烘焙间添加剂没有记录")
    go_to_stop(page, "小学食堂")
    record(page)
    find(page, "catering", "留样不足四十八小时")
    go_to_stop(page, "门口炒粉摊")
    record(page)
    find(page, "catering", "流动摊无证经营")
    go_to_stop(page, "喜盈门鲜肉档")
    record(page)
    assert "这个环节未发现问题" in page.locator("#circulation").inner_text()
    # the report says who did what
    page.goto("/visits/1/report")
    report = page.locator("main").inner_text()
    assert "看了 5 个检查点（共 20 个），发现 5 个问题" in report
    for unit, says in (
        ("横岗街道执法队", "现场宰杀活禽"),
        ("工商行政管理局", "熟食没有防蝇设施"),
        ("质量技术监督局", "烘焙间添加剂"),
        ("卫生局", "留样不足"),
        ("布吉街道执法队", "流动摊无证经营"),
    ):
        box = page.locator(".visit-report-unit", has_text=says)
        assert box.count() == 1
        assert unit in box.locator("h3").inner_text()
    assert "没有看到（15 个）" in report
    page.get_by_role("button", name="结束检查").click()
    page.locator(".visit-lead", has_text="已结束").wait_for()
    # one of the units works on its case
    aic.goto("/visits/1/report")
    aic.locator(".visit-report-unit", has_text="熟食").get_by_role("link").click()
    aic.wait_for_url("**/cases/*")
    assert "熟食没有防蝇设施" in aic.locator("main").inner_text()
    desk = then.desk
    ledger = open_ledger(
        desk.kept.store, desk.district, folder=desk.folder, data=desk.settings.data
    )
    assert check_ledger(ledger).is_whole


@pytest.fixture(scope="module")
def pages(then: Then) -> list[str]:
    """The pages of a campaign and of a visit of three sites, one of them seen."""
    client = Client(app_of(then.desk), "handler.health")
    campaign, visit = inspection(client, second="handler.aic.2008", month="2008-11", day="05")
    client.done(f"{visit}/notices", {"unit": "aic"}, page=visit)
    return [
        "/visits",
        "/visits/new",
        f"/visits/new?text={LISTED}&site=D021",
        visit,
        *(f"{visit}/{name}" for name in ("stops", "stops/1", "stops/3", "report")),
        "/campaigns",
        campaign,
        "/campaigns/new",
    ]


WRONG = """() => {
  const wrong = [];
  const wide = document.documentElement;
  if (wide.scrollWidth > wide.clientWidth) wrong.push('page is wider');
  for (const e of document.querySelectorAll('main a[href], main button, main input, main select,' +
      'main textarea, main summary')) {
    if (e.type === 'hidden' || !e.checkVisibility()) continue;
    const box = e.getBoundingClientRect();
    if (box.height < 47.5 || box.width < 47.5)
      wrong.push(`${e.className || e.tagName} ${e.innerText}: ${box.width}x${box.height}`);
  }
  return wrong;
}"""


@pytest.mark.parametrize(("size", "lang"), [(size, "zh") for size in SIZES] + [("phone", "en")])
def test_nothing_is_wider_than_the_screen_and_every_target_is_big_enough(
    open_page: Open, then: Then, pages: list[str], size: str, lang: str
) -> None:
    page = open_page(
        "/visits",
        at_server=then.address,
        log_in="handler.health",
        ready=False,
        size=size,
        lang=lang,
    )
    found = {}
    for address in pages:
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        found[address] = page.evaluate(WRONG)
    assert {address: said for address, said in found.items() if said} == {}
