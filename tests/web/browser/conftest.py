"""The real application on a real server, and a browser that is a tablet or a phone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from enforcement.demo_people import DEMO_PASSWORD
from tests.web.browser.ledger_world import World, serving
from tools.demo_desk import Clock, ledger_desk, running
from web.app import app_of
from web.desk import Desk

ROOT = Path(__file__).parents[3]
SIZES = {"landscape": (1180, 820), "portrait": (820, 1180), "phone": (360, 780)}
BUJI = {"longitude": 114.1172, "latitude": 22.6046}

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def server(longgang: Desk) -> Iterator[str]:
    """The address of a server that answers for the schematic district on 2026-11-20."""
    if not (ROOT / "web" / "static" / "dist" / "assets.json").is_file():
        pytest.fail("the browser bundle is not built: make bundle", pytrace=False)
    with running(app_of(longgang)) as address:
        yield address


@pytest.fixture(scope="session")
def desk_server(longgang: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The same with demo people and a ledger that the tests of a session share."""
    desk = ledger_desk(longgang, tmp_path_factory.mktemp("casework"), Clock())
    with running(app_of(desk)) as address:
        yield address


@pytest.fixture(scope="session")
def world(longgang: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A served ledger in which something of everything has happened already."""
    with serving(longgang, tmp_path_factory.mktemp("world")) as made:
        yield made


@pytest.fixture
def open_page(browser: Browser, server: str) -> Iterator[Open]:
    """Opens an address in a fresh browser context.

    `at_server` is another server than the usual one, for instance `desk_server`; `log_in` is the
    demo person who logs in there first; `ready` waits for the officer's script. Fails on a script
    error, a broken policy, or a style, script or icon that is not there.
    """
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def opened(
        path: str = "/",
        *,
        size: str = "landscape",
        lang: str = "zh",
        theme: str = "light",
        at: dict[str, float] | None = None,
        ready: bool = True,
        at_server: str | None = None,
        log_in: str | None = None,
        **options: object,
    ) -> Page:
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            has_touch=True,
            color_scheme="dark" if theme == "dark" else "light",
            reduced_motion="reduce",
            base_url=at_server or server,
            **options,  # type: ignore[arg-type]
        )
        contexts.append(context)
        context.set_default_timeout(8000)
        context.add_cookies([{"name": "lang", "value": lang, "url": at_server or server}])
        if at is not None:
            context.grant_permissions(["geolocation"], origin=server)
            context.set_geolocation(at)  # type: ignore[arg-type]
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "response",
            lambda answer: (
                wrong.append(f"{answer.status} {answer.url}")
                if answer.status >= 400
                and answer.request.resource_type in ("stylesheet", "script", "image", "font")
                else None
            ),
        )
        page.on(
            "console",
            lambda said: (
                wrong.append(said.text) if "Content Security Policy" in said.text else None
            ),
        )
        if log_in is not None:
            page.goto("/login")
            page.fill("#name", log_in)
            page.fill("#password", DEMO_PASSWORD)
            page.get_by_role("button", name=re.compile("^(登录|Log in)$")).click()
            page.wait_for_url("**/desk")
        page.goto(path)
        if ready:
            page.wait_for_selector("html[data-ready=yes]")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []


def step(page: Page) -> str:
    """The step that the page is at."""
    return str(page.locator("#state").get_attribute("data-step"))


def wait_for_step(page: Page, *steps: str) -> str:
    """Wait until the page is at one of these steps."""
    page.wait_for_function(
        "steps => steps.includes(document.getElementById('state')?.dataset.step)"
        " && !document.querySelector('.shape')",
        arg=list(steps),
    )
    return step(page)


def is_visible(page: Page, selector: str) -> bool:
    """Whether the middle of the element is on the screen and nothing lies over it."""
    return bool(
        page.evaluate(
            """selector => {
              const found = document.querySelector(selector);
              if (!found) return false;
              const box = found.getBoundingClientRect();
              const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
              const top = document.elementFromPoint(x, y);
              return Boolean(top) && (found.contains(top) || top.contains(found));
            }""",
            selector,
        )
    )
