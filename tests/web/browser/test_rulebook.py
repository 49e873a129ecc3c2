"""The rule book in a real browser: nothing wider than the screen."""

from __future__ import annotations

import pytest

from tests.web.browser.conftest import SIZES, Open
from tests.web.browser.every_page import RULE_BOOK


@pytest.mark.parametrize("size", SIZES)
def test_nothing_of_the_book_is_wider_than_the_screen(open_page: Open, size: str) -> None:
    page = open_page("/rules/", size=size, ready=False)
    for address in RULE_BOOK:
        page.goto(address)
        width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(width) == 0, address
