"""The supervisor's, the stewards' and the auditor's pages in a real browser."""

from __future__ import annotations

import pytest

from tests.web.browser.conftest import SIZES, Open

PAGES = {
    "supervisor": ["/figures", "/desk"],
    "steward": ["/reports"],
    "auditor": ["/audit?verify=1"],
}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_page_of_figures_is_wider_than_the_screen(
    open_page: Open, desk_server: str, lang: str
) -> None:
    for who, addresses in PAGES.items():
        page = open_page(addresses[0], at_server=desk_server, log_in=who, ready=False, lang=lang)
        for address in addresses:
            page.goto(address)
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            for width, height in SIZES.values():
                page.set_viewport_size({"width": width, "height": height})
                wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
                assert page.evaluate(wide) == 0, (address, width)
