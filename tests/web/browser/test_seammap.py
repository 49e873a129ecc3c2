"""The map of the seams in a real browser: list and map lead to each other."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route

from tests.web.browser.conftest import SIZES, Open

COMPARED = "/seams/map?against=street/schematic-2011"


@pytest.mark.parametrize("size", SIZES)
def test_it_fits_the_screen_and_the_finger(open_page: Open, size: str) -> None:
    page = open_page(COMPARED, size=size)
    width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(width) == 0
    small = page.evaluate(
        """[...document.querySelectorAll('a:not(.skip), button, input, select, summary')]
           .filter(one => one.getClientRects().length)
           .filter(one => { const box = one.getBoundingClientRect();
                            return box.height < 47.5 || box.width < 47.5; })
           .map(one => one.outerHTML)"""
    )
    assert small == []


def test_a_touch_on_an_entry_shows_its_place(open_page: Open) -> None:
    page = open_page(COMPARED)
    before = float(page.locator("#seam-map").get_attribute("data-zoom") or 0)
    page.locator("#s3 .seams-go").tap()
    page.wait_for_selector("#seam-map[data-chosen='3']")
    assert float(page.locator("#seam-map").get_attribute("data-zoom") or 0) > before
    assert page.locator("#s3 .seams-go").get_attribute("aria-current") == "true"
    assert page.url.endswith("#s3")


def test_a_touch_on_the_map_shows_the_entry(open_page: Open) -> None:
    page = open_page(COMPARED, size="phone")
    page.locator("#seam-map .seams-number", has_text="2").first.tap()
    page.wait_for_selector("#s2.seams-chosen")
    seen = page.locator("#s2").evaluate(
        "one => [one.getBoundingClientRect().top, innerHeight - one.getBoundingClientRect().top]"
    )
    assert min(seen) > 0


def test_an_address_with_an_entry_opens_at_it(open_page: Open) -> None:
    page = open_page(f"{COMPARED}#s2")
    assert page.locator("#seam-map").get_attribute("data-chosen") == "2"


def test_without_script_the_list_is_whole(open_page: Open) -> None:
    page = open_page(COMPARED, ready=False, java_script_enabled=False)
    assert page.locator(".seams-item").count() == 6
    assert page.locator("#seam-broken").is_visible()
    assert not page.locator("#seam-map").is_visible()
    page.locator("#s2 .seams-ask").click()
    assert "at=114" in page.url


def test_when_the_layer_does_not_come_the_page_says_so(open_page: Open) -> None:
    page = open_page("/rules/", ready=False)

    def fail(route: Route) -> None:
        route.abort()

    page.route("**/seams/map.json**", fail)
    page.goto(COMPARED)
    page.wait_for_selector("html[data-ready=yes]")
    assert page.locator("#seam-broken").is_visible()
    assert page.locator(".seams-item").count() == 6
