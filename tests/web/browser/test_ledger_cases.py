"""Pages of cases in a real browser: nothing too wide, and all without a script."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.web.browser.conftest import SIZES, Open
from tests.web.browser.every_page import of_cases
from tests.web.browser.ledger_world import SHOP, WHY, World, become, filed

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


@pytest.mark.parametrize(("type_size", "lang"), [("normal", "zh"), ("large", "en")])
def test_nothing_is_wider_than_the_screen_and_every_target_is_big_enough(
    open_page: Open, world: World, lang: str, type_size: str
) -> None:
    page = open_page("/login", at_server=world.address, lang=lang, ready=False)
    page.context.add_cookies([{"name": "size", "value": type_size, "url": world.address}])
    wrong = {}
    for account, addresses in of_cases(world).items():
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
