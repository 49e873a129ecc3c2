"""The page to try the API works in a browser, under the strict policy, without other hosts."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.web.served import Served


@pytest.fixture
def page(browser: Browser, served: Served) -> Iterator[Page]:
    """The page, loaded; at the end nothing may have been complained about or asked elsewhere."""
    complaints: list[str] = []
    hosts: set[str] = set()

    def listen(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(message.text)

    context = browser.new_context(viewport={"width": 360, "height": 780})
    opened = context.new_page()
    opened.on("console", listen)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    opened.goto(f"http://127.0.0.1:{served.port}/openapi/")
    yield opened
    context.close()
    assert [one for one in complaints if "422" not in one] == []
    assert hosts == {f"127.0.0.1:{served.port}"}


def test_every_address_has_a_form_and_an_example_is_answered(page: Page) -> None:
    expect(page.locator("section")).to_have_count(4)
    resolve = page.locator("section").filter(has_text="POST /api/v1/resolve")
    resolve.get_by_role("button").click()
    expect(resolve.get_by_role("status")).to_contain_text("200")
    told = json.loads(resolve.locator("pre").inner_text())
    assert told["lead"]["unit"] == "street_enf.440307014"


def test_a_refusal_is_shown_as_text_and_never_as_markup(page: Page) -> None:
    resolve = page.locator("section").filter(has_text="POST /api/v1/resolve")
    body = {"matter": "<img src=x onerror=alert(1)>", "at": {"lon": 114.1, "lat": 22.6}}
    resolve.get_by_label("正文 Body").fill(json.dumps(body))
    resolve.get_by_role("button").click()
    expect(resolve.get_by_role("status")).to_contain_text("422")
    assert page.locator("img").count() == 0
    assert "<img" in resolve.locator("pre").inner_text()


def test_it_fits_a_phone(page: Page) -> None:
    expect(page.locator("section")).to_have_count(4)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
