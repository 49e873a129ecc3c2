"""Each common matter: tile, map, at most two answers, and the unit's name is on the screen.

By touch with at most three taps besides the answers, and by keyboard alone, at three sizes.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page

from tests.web.browser.conftest import BUJI, SIZES, Open, is_visible, wait_for_step

TILES = range(10)
INSIDE = (0.084, -0.043)
"""A spot in 龙城, from the middle of the district, in widths of the district on the map."""


def tap_in_the_district(page: Page) -> None:
    """Touch the map at a spot that lies in a street; the whole district is in view."""
    page.wait_for_selector("#legend li", state="attached")
    box = page.locator("#map").bounding_box()
    assert box is not None
    # The district is as wide as its borders on the map: 1.22 times as wide as high
    width = min(box["width"] - 12, (box["height"] - 12) * 1.22)
    x = box["x"] + box["width"] / 2 + INSIDE[0] * width
    y = box["y"] + box["height"] / 2 + INSIDE[1] * width
    page.touchscreen.tap(x, y)


def tap(locator: Locator) -> None:
    locator.scroll_into_view_if_needed()
    locator.tap()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("tile", TILES)
def test_by_touch_in_three_taps_and_two_answers(open_page: Open, size: str, tile: int) -> None:
    page = open_page(size=size)
    taps = answers = 0
    tap(page.locator(".tile").nth(tile))
    taps += 1
    wait_for_step(page, "where")
    tap_in_the_district(page)
    taps += 1
    tap(page.locator("#use-here:enabled"))
    taps += 1
    while wait_for_step(page, "question", "answer") == "question":
        asked = page.locator("h1").inner_text()
        tap(page.locator(".choice").first)
        answers += 1
        page.wait_for_function(
            "asked => document.querySelector('h1').innerText !== asked", arg=asked
        )
    assert taps <= 3
    assert answers <= 2
    assert page.locator(".plate-unit").inner_text().strip()
    assert is_visible(page, ".plate-unit")


def focus_by_tab(page: Page, selector: str, *, back: bool = False, most: int = 60) -> None:
    """Press Tab until an element that fits has the focus."""
    for _ in range(most):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if page.evaluate("s => document.activeElement?.matches(s) ?? false", selector):
            return
    raise AssertionError(f"Tab never came to {selector}")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("tile", TILES)
def test_by_keyboard_alone(open_page: Open, size: str, tile: int) -> None:
    page = open_page(size=size, at=BUJI | {"accuracy": 8})
    focus_by_tab(page, ".tiles li:first-child .tile")
    for _ in range(tile):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    wait_for_step(page, "where")
    page.wait_for_selector("#use-here:enabled")
    focus_by_tab(page, "#use-here")
    page.keyboard.press("Enter")
    answers = 0
    while wait_for_step(page, "question", "answer") == "question":
        asked = page.locator("h1").inner_text()
        focus_by_tab(page, ".choice")
        page.keyboard.press("Enter")
        answers += 1
        page.wait_for_function(
            "asked => document.querySelector('h1').innerText !== asked", arg=asked
        )
    assert answers <= 2
    assert is_visible(page, ".plate-unit")
    assert page.evaluate("document.activeElement.matches('h1')"), "the answer is read out at once"
