"""Filing, inboxes and sites in a real browser: nothing too wide, and one whole way."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.web.browser.conftest import SIZES, Open

HERE = "at=114.1172,22.6046&accuracy=10&by=gps"
SHOP = f"matter=food.safety&{HERE}&fact.stage=catering&fact.premises=fixed&fact.licence=licensed"
BOTH = f"matter=street.dogs&{HERE}&also=food.safety;stage=catering;premises=fixed;licence=licensed"
UNKNOWN = f"matter=street.noise&{HERE}&fact.noise_source=unknown"
OFFICER = (
    "/desk",
    f"/cases/new?{SHOP}",
    f"/cases/new?{BOTH}&on=2025-11-05",
    f"/cases/new?{UNKNOWN}",
    "/inbox",
    "/cases/?number=999999",
    "/sites?licence=unlicensed",
    "/sites?text=zzqq",
    "/sites/D003",
)
DISPATCHER = (f"/cases/new?{SHOP}", "/district", "/district?state=ruled", "/rechecks", "/inbox")
FITS = """() => {
  const wrong = [];
  const wide = document.documentElement;
  if (wide.scrollWidth > wide.clientWidth) wrong.push('page is wider');
  for (const e of document.querySelectorAll('main a[href], main button, main input, main select, main textarea, main summary')) {
    if (e.type === 'hidden' || e.type === 'checkbox' || !e.checkVisibility()) continue;
    const box = e.getBoundingClientRect();
    if (box.height < 47.5 || box.width < 40) wrong.push(`${e.className || e.tagName} ${e.innerText}: ${box.width}x${box.height}`);
  }
  return wrong;
}"""  # noqa: E501 - a script reads better on its own lines


def file(page: Page, question: str, said: str) -> None:
    """File a case from the answer to a question."""
    page.goto(f"/?{question}")
    page.get_by_role("link", name="登记案件").click()
    page.get_by_label("情况说明", exact=True).fill(said)
    page.get_by_role("button", name=re.compile("^登记")).click()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_is_wider_than_the_screen_and_every_target_is_big_enough(
    open_page: Open, desk_server: str, lang: str
) -> None:
    wrong = {}
    for account, addresses in (("officer.buji", OFFICER), ("dispatcher", DISPATCHER)):
        page = open_page("/desk", at_server=desk_server, log_in=account, lang=lang, ready=False)
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            for address in addresses:
                page.goto(address)
                page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
                said = page.evaluate(FITS)
                if said:
                    wrong[f"{size} {address}"] = said
    assert wrong == {}


def test_an_officer_files_with_a_photo_and_the_other_unit_finds_it_offered(
    open_page: Open, desk_server: str, tmp_path: Path
) -> None:
    """From the answer to the receiver's inbox, without a script on any page of the ledger."""
    officer = open_page(
        "/desk",
        at_server=desk_server,
        log_in="officer.buji",
        ready=False,
        java_script_enabled=False,
        size="phone",
    )
    officer.goto(f"/?{SHOP}")
    officer.get_by_role("link", name="登记案件").click()
    officer.get_by_label("情况说明", exact=True).fill("冷柜里有过期肉")
    picture = tmp_path / "现场.png"
    officer.screenshot(path=picture)
    officer.locator("#photos").set_input_files(picture)
    officer.get_by_role("button", name=re.compile("^登记")).click()
    expect(officer.get_by_text("冷柜里有过期肉").first).to_be_visible()
    number = officer.url.rsplit("/", 1)[1]
    officer.goto(f"/cases/{number}/hand_over")
    officer.locator("main button[type=submit]").first.wait_for()
    officer.locator("textarea[name=reason]").fill("持证餐饮由市场监管主办")
    officer.locator("main button[type=submit]").first.click()
    handler = open_page("/inbox", at_server=desk_server, log_in="handler.amr", ready=False)
    offer = handler.locator(".wait", has_text="冷柜里有过期肉").first
    expect(offer.get_by_text("持证餐饮由市场监管主办")).to_be_visible()
    offer.get_by_role("link", name="接收").click()
    assert handler.url.endswith(f"/cases/{number}/accept")


def test_two_things_at_one_place_are_filed_one_after_the_other(
    open_page: Open, desk_server: str
) -> None:
    page = open_page("/desk", at_server=desk_server, log_in="officer.nanwan", ready=False)
    file(page, BOTH, "狗在店门口")
    expect(page.get_by_text("已登记")).to_be_visible()
    page.get_by_label("情况说明", exact=True).fill("店里卫生差")
    page.get_by_role("button", name=re.compile("^登记")).click()
    page.wait_for_url(re.compile(r"/cases/\d+$"))
