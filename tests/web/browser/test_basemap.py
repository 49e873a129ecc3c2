"""Map pictures of the host that the district names, in a real browser under the real policy."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Browser, Route

from tests.web.test_basemap import with_basemap
from tools.demo_desk import running
from web.app import app_of
from web.desk import Desk


@pytest.fixture
def address(longgang: Desk) -> Iterator[str]:
    with running(app_of(with_basemap(longgang))) as at:
        yield at


@pytest.mark.parametrize("page_address", ["/", "/seams/map"])
def test_both_maps_draw_them_and_say_whose_they_are(
    browser: Browser, address: str, page_address: str
) -> None:
    drawn = BytesIO()
    Image.new("RGB", (256, 256), "#d8e2d0").save(drawn, "PNG")
    asked: list[str] = []
    refused: list[str] = []

    def tile(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body=drawn.getvalue(), content_type="image/png")

    context = browser.new_context(viewport={"width": 1180, "height": 820})
    page = context.new_page()
    page.route("https://tiles.example.org/**", tile)
    page.on("console", lambda said: refused.append(said.text) if "Policy" in said.text else None)
    page.goto(f"{address}{page_address}")
    page.wait_for_selector("html[data-ready=yes]")
    page.wait_for_selector(".basemap img.leaflet-tile-loaded")
    assert page.locator(".leaflet-control-attribution").text_content() == "© 示例"
    assert all(one.endswith(".png?key=k") for one in asked)
    assert refused == []
    outside = (
        "document.body.append(Object.assign(new Image(), {src: 'https://elsewhere.example/x'}))"
    )
    with page.expect_console_message(lambda said: "elsewhere.example" in said.text):
        page.evaluate(outside)
    context.close()
