"""No page of the application has a barrier, and no page is forgotten when that is looked at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from flask import template_rendered
from jinja2 import Template
from playwright.sync_api import Page
from werkzeug.test import TestResponse

from tests.web.browser.axe import barriers, ready_to_look
from tests.web.browser.conftest import ROOT, Open
from tests.web.browser.every_page import REFUSED, Opened, pages
from tests.web.browser.ledger_world import World, become

TEMPLATES: Final = ROOT / "web" / "templates"
NO_PAGES: Final = {
    "static": "/static/icons/check.svg",
    "healthz": "/healthz",
    "openapi_json": "/openapi.json",
    "api.layer": "/api/v1/layers/street.geojson",
    "api.matter": "/api/v1/matters/street.dogs",
    "api.matters": "/api/v1/matters",
    "officer.asset": "/assets/desk-style.css",
    "officer.layer": "/map/streets.json",
    "officer.qr": "/qr.svg?matter=street.dogs",
    "seammap.layer": "/seams/map.json",
    "seammap.download": "/seams/faults.geojson",
    "ledger.case_evidence": "/cases/1/evidence/1",
    "ledger.case_small": "/cases/1/evidence/1/small",
    "ledger.letter_pdf": "/letters/{code}.pdf",
}
"""What is answered to a GET and is no page, each with an address to ask."""
PARTS: Final = {"officer.search": "/search?q=井盖"}
"""What is put into a page by its script; the page without a script shows the same by itself."""
REFUSING: Final = re.compile(r"(?s)\{% extends .*(parts\.faulty\(faults\)|for fault in faults)")
"""How the template of a page says what is wrong with what was sent or asked."""


@dataclass
class Watched:
    """The world, and which of its templates said what was wrong."""

    world: World
    refusing: set[str] = field(default_factory=set)

    def note(self, _app: object, template: Template, context: dict[str, Any], **_: object) -> None:
        """Take down a template that was rendered with faults."""
        if context.get("faults"):
            self.refusing.add(template.name or "")

    def unseen(self) -> list[str]:
        """The templates that nothing was rendered from, and those that had nothing to refuse."""
        loaded = {name for _, name in self.world.app.jinja_env.cache or ()}
        there = {
            path.relative_to(TEMPLATES).as_posix(): path.read_text(encoding="utf-8")
            for path in TEMPLATES.rglob("*.html")
        }
        refusing = {name for name, text in there.items() if REFUSING.match(text)}
        return sorted((there.keys() - loaded) | (refusing - self.refusing))


@pytest.fixture
def watched(world: World) -> Iterator[Watched]:
    found = Watched(world)
    with template_rendered.connected_to(found.note, world.app):
        yield found


def go(page: Page, world: World, one: Opened) -> None:
    """Open a page as somebody, and send its form if it is to be refused."""
    if one.who:
        become(page, world, one.who)
    else:
        page.context.clear_cookies(name="seamless")
    answer = page.goto(one.address)
    assert answer is not None
    assert answer.status < 500, one
    path = one.address.partition("?")[0]
    assert page.url.removeprefix(world.address).partition("?")[0] == path, one
    if one.send:
        with page.expect_navigation() as sent:
            page.evaluate(
                """path => {
                  const form = [...document.querySelectorAll('main form[method=post]')]
                    .find(one => new URL(one.action).pathname === path);
                  for (const one of form.querySelectorAll('[name=key], [name=kind]')) one.remove();
                  for (const one of form.querySelectorAll('textarea')) one.value = '';
                  form.submit();
                }""",
                one.send,
            )
        assert 400 <= sent.value.status < 500, one
    if page.locator("#map, #seam-map").count():
        page.wait_for_selector("html[data-ready=yes]")


def look(open_page: Open, watched: Watched, lang: str, *themes: str) -> None:
    world = watched.world
    page = open_page("/login", at_server=world.address, lang=lang, ready=False)
    ready_to_look(page)
    found = {}
    for one in (*pages(world), *REFUSED):
        go(page, world, one)
        for theme in themes:
            page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
            found[f"{lang} {theme} {one}"] = barriers(page)
    assert {where: said for where, said in found.items() if said} == {}
    assert watched.unseen() == []


@pytest.mark.parametrize(("lang", "theme"), [("zh", "light"), ("en", "dark")])
def test_no_page_has_a_barrier(open_page: Open, watched: Watched, lang: str, theme: str) -> None:
    look(open_page, watched, lang, theme)


@pytest.mark.long
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_page_has_a_barrier_in_either_theme(
    open_page: Open, watched: Watched, lang: str
) -> None:
    look(open_page, watched, lang, "light", "dark")


def test_no_page_is_forgotten(world: World) -> None:
    """Whatever answers a GET is looked at, unless what it answers with is no page."""
    rules = world.app.url_map.bind("")

    def answer(who: str, address: str) -> TestResponse:
        client = world[who].http if who else world.app.test_client()
        told = client.get(address)
        told.close()
        return told

    looked_at = {
        rules.match(one.address.partition("?")[0], method="GET")[0]
        for one in pages(world)
        if answer(one.who, one.address).status_code == 200
    }
    answering = {
        rule.endpoint for rule in world.app.url_map.iter_rules() if "GET" in (rule.methods or ())
    }
    assert answering - looked_at == NO_PAGES.keys() | PARTS.keys()
    for address in NO_PAGES.values():
        told = answer("officer.buji", address.format(code=world.code))
        assert (told.status_code, told.mimetype == "text/html") == (200, False), address
    for address in PARTS.values():
        assert "<html" not in world["officer.buji"].get(address).get_data(as_text=True)
