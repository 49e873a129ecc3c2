"""The rule book in a real browser: no barrier, nothing wider than the screen."""

from __future__ import annotations

import pytest

from tests.web.browser.conftest import SIZES, Open
from tests.web.browser.test_states import AXE, violations

PAGES = [
    "/rules/",
    "/rules/food.safety?on=2008-11-05",
    "/rules/env.cooking_fume",
    "/rules/seams",
    "/rules/compare?old=current",
    "/rules/weather",
]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_page_of_the_book_has_a_barrier(open_page: Open, lang: str, theme: str) -> None:
    page = open_page("/rules/", lang=lang, theme=theme, ready=False, bypass_csp=True)
    found = {}
    for address in PAGES:
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found[address] = violations(page)
    assert {address: said for address, said in found.items() if said} == {}


@pytest.mark.parametrize("size", SIZES)
def test_nothing_of_the_book_is_wider_than_the_screen(open_page: Open, size: str) -> None:
    page = open_page("/rules/", size=size, ready=False)
    for address in PAGES:
        page.goto(address)
        width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(width) == 0, address
