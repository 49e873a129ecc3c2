"""Every state of the page: it fits the screen and the finger, and works when things fail."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Route

from tests.web.browser.conftest import SIZES, Open, is_visible, step, wait_for_step
from tests.web.browser.every_page import OFFICER as STATES
from tests.web.browser.ledger_world import HERE


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("type_size", "lang"), [("normal", "zh"), ("large", "en")])
def test_nothing_is_wider_than_the_screen_and_every_target_is_big_enough(
    open_page: Open, size: str, type_size: str, lang: str
) -> None:
    page = open_page("/", size=size, lang=lang)
    page.context.add_cookies([{"name": "size", "value": type_size, "url": page.url}])
    wrong = {}
    for name, address in STATES.items():
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        said = page.evaluate(
            """() => {
              const wrong = [];
              const wide = document.documentElement;
              if (wide.scrollWidth > wide.clientWidth) wrong.push('page is wider');
              const seen = (e) => e.checkVisibility() && getComputedStyle(e).opacity !== '0';
              const targets = 'a[href], button, input, select, textarea, summary';
              for (const e of document.querySelectorAll(targets)) {
                if (e.type === 'hidden' || !seen(e) || e.matches('.skip')) continue;
                const box = e.getBoundingClientRect();
                if (box.height < 47.5 || box.width < 47.5)
                  wrong.push(`${e.className || e.tagName} ${e.innerText}: ` +
                    `${Math.round(box.width)}x${Math.round(box.height)}`);
                if (box.right > wide.clientWidth + 1) wrong.push(`${e.className} sticks out`);
              }
              return wrong;
            }"""
        )
        if said:
            wrong[f"{lang} {name}"] = said
    assert wrong == {}


@pytest.mark.parametrize("size", SIZES)
def test_the_units_name_is_the_largest_type_on_the_screen(open_page: Open, size: str) -> None:
    page = open_page(STATES["answer"], size=size)
    largest, unit = page.evaluate(
        """() => {
          const size = (e) => parseFloat(getComputedStyle(e).fontSize);
          const texts = [...document.querySelectorAll('body *')].filter(
            (e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())
              && !e.closest('.plate-unit') && e.checkVisibility());
          return [Math.max(...texts.map(size)), size(document.querySelector('.plate-unit'))];
        }"""
    )
    assert 28 <= unit <= 40
    assert largest < unit


def test_without_a_script_every_step_works(open_page: Open) -> None:
    page = open_page("/", java_script_enabled=False, ready=False)
    page.get_by_label("说一说看到了什么").fill("zougui")
    page.get_by_role("button", name="查找").click()
    page.locator(".hit-main").first.click()
    assert not page.locator(".map-frame").is_visible()
    assert not page.locator("#use-here").is_visible()
    page.get_by_text("街道、社区").click()
    page.get_by_role("button", name="布吉街道").click()
    while step(page) == "question":
        page.get_by_role("button", name="不清楚").click()
    assert "布吉街道" in page.locator("h1").inner_text()


def test_when_the_layers_do_not_load_the_page_says_so_and_works(open_page: Open) -> None:
    page = open_page("/", ready=False)
    page.route("**/map/*.json*", lambda route: route.abort())
    page.goto("/?matter=street.dogs")
    page.wait_for_selector("#map-broken:not([hidden])")
    page.get_by_text("街道、社区").click()
    page.get_by_role("button", name="布吉街道").click()
    assert wait_for_step(page, "answer") == "answer"


def test_with_the_map_hidden_the_page_works(open_page: Open) -> None:
    page = open_page("/settings", ready=False)
    page.get_by_label("不显示").check()
    page.get_by_role("button", name="保存").click()
    assert page.get_by_text("已保存在本设备上").is_visible()
    page.goto("/?matter=street.dogs")
    assert page.locator("#map").count() == 0
    page.get_by_text("街道、社区").click()
    page.get_by_role("button", name="布吉街道").click()
    assert wait_for_step(page, "answer") == "answer"


def test_without_a_network_nothing_that_was_said_is_lost(open_page: Open) -> None:
    page = open_page(f"/?matter=street.noise&{HERE}")
    page.context.set_offline(True)
    page.locator(".choice").first.click()
    page.wait_for_selector("#offline:not([hidden])")
    assert step(page) == "question"
    page.context.set_offline(False)
    page.locator(".choice").first.click()
    assert wait_for_step(page, "answer") == "answer"


def test_while_it_waits_the_page_shows_the_shape_of_what_comes(open_page: Open) -> None:
    page = open_page(f"/?matter=street.noise&{HERE}")
    held: list[Route] = []
    # Playwright takes no built-in method as a handler
    page.route("**/?*fact.noise_source*", lambda route: held.append(route))  # noqa: PLW0108
    page.locator(".choice").first.click()
    page.wait_for_selector(".shape")
    assert page.locator("#panel").get_attribute("aria-busy") == "true"
    held[0].continue_()
    assert wait_for_step(page, "answer") == "answer"


def test_a_page_that_was_left_open_past_midnight_says_that_it_is_old(open_page: Open) -> None:
    page = open_page(STATES["answer"])
    page.evaluate("document.getElementById('panel').dataset.opened = 'an earlier day'")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert page.locator("#stale").is_visible()


def test_the_way_back_leads_through_the_steps(open_page: Open) -> None:
    page = open_page("/")
    page.locator(".tile", has_text="噪声").click()
    wait_for_step(page, "where")
    page.go_back()
    wait_for_step(page, "what")
    page.go_forward()
    assert wait_for_step(page, "where") == "where"


def test_results_come_while_typing_and_go_when_the_words_go(open_page: Open) -> None:
    page = open_page("/")
    page.locator("#q").press_sequentially("jing", delay=10)
    page.wait_for_selector(".hit")
    assert not page.locator("#common").is_visible()
    page.locator("#q").fill("")
    page.wait_for_selector("#common:not([hidden])")
    assert page.locator(".hit").count() == 0


def test_hostile_text_changes_nothing_but_the_text_that_is_shown(open_page: Open) -> None:
    page = open_page("/")
    hostile = (
        "<img src=x onerror=document.title='hit'><script>document.title='hit'</script>\"'\u202e"
    )
    page.locator("#q").fill(hostile)
    page.wait_for_selector(".empty")
    assert "<img" in page.locator(".empty").inner_text()
    for name in ("area", "road", "site", "at"):
        page.goto("/?matter=street.dogs&stake=1&" + name + "=" + hostile.replace("'", "%27"))
        assert page.locator("#error").is_visible()
        assert "hit" not in page.title()
        assert page.locator("#panel img, #panel script").count() == 0


def test_danger_is_on_the_screen_before_the_unit(open_page: Open) -> None:
    for size in SIZES:
        page = open_page(STATES["answer-danger"], size=size)
        assert is_visible(page, ".danger h2")
        danger = page.locator(".danger").bounding_box()
        plate = page.locator(".plate").bounding_box()
        assert danger is not None
        assert plate is not None
        assert danger["y"] < plate["y"]


def test_a_card_prints_without_the_page_around_it(open_page: Open, tmp_path: Path) -> None:
    page = open_page(STATES["card"])
    page.emulate_media(media="print")
    assert not page.locator(".bar").is_visible()
    assert not page.locator("#print").is_visible()
    assert page.locator(".plate-unit").is_visible()
    assert page.locator(".qr").evaluate("one => one.complete && one.naturalWidth > 0")
    assert len(page.pdf(path=tmp_path / "card.pdf", format="A5")) > 1000
