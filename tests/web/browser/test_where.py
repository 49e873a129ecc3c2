"""Where: the device's position with its accuracy, a pin put by hand, and the place question."""

from __future__ import annotations

import math
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page

from geo.points import Point
from tests.web.browser.conftest import BUJI, Open, step, wait_for_step
from tests.web.browser.test_ten_matters import focus_by_tab, tap_in_the_district
from web.desk import Desk

DOGS = "/?matter=street.dogs"


@pytest.fixture(scope="module")
def border(longgang: Desk) -> dict[str, float]:
    """A position a few metres from the border of two streets of the district."""
    on_map = longgang.district.atlas.on(longgang.today())
    for at in range(400):
        lon, lat = 114.1172 + 0.0001 * at, 22.6046
        place = on_map.at(Point(lon=lon, lat=lat), 0.0, roads=False)
        if place.border_m is None or place.border_m > 5:
            continue
        around = on_map.at(Point(lon=lon, lat=lat), 15.0, roads=False).places
        streets = {one.street for one in around}
        if len(streets) == 2 and None not in streets:
            return {"longitude": lon, "latitude": lat}
    raise AssertionError("no border of two streets was found east of Buji")


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def use_position(page: Page) -> None:
    page.wait_for_selector("#use-here:enabled")
    page.locator("#use-here").click()


def test_a_sharp_position_inside_a_street_is_certain(open_page: Open) -> None:
    page = open_page(DOGS, at=BUJI | {"accuracy": 8})
    use_position(page)
    assert wait_for_step(page, "question", "answer") == "answer"
    assert page.locator(".plate-unit").inner_text().replace("\n", "") == "布吉街道综合行政执法队"
    assert query(page)["by"] == ["gps"]
    assert query(page)["accuracy"] == ["8"]


def test_a_position_on_a_border_is_asked_for_the_street_and_the_answer_settles_it(
    open_page: Open, border: dict[str, float]
) -> None:
    page = open_page(DOGS, at=border | {"accuracy": 15})
    use_position(page)
    assert wait_for_step(page, "question", "answer") == "question"
    assert page.locator("h1").inner_text() == "位置在哪个街道？"
    assert "米" in page.locator(".lead").first.inner_text()
    first = page.locator(".choice").first
    street = first.evaluate("one => one.firstChild.textContent.trim()")
    assert "误差圈" in first.inner_text()
    first.click()
    wait_for_step(page, "answer")
    assert street in page.locator(".plate-unit").inner_text()


def test_a_blunt_position_touches_several_streets_and_the_page_says_so(
    open_page: Open, border: dict[str, float]
) -> None:
    page = open_page(DOGS, at=border | {"accuracy": 800})
    page.wait_for_selector(".found-weak")
    assert "±800 米" in page.locator("#found").inner_text()
    assert "拖动图钉" in page.locator("#found").inner_text()
    use_position(page)
    assert wait_for_step(page, "question", "answer") == "question"
    assert page.locator(".choice").count() >= 3
    page.locator(".choice-unknown").click()
    wait_for_step(page, "answer")
    assert "暂管单位" in page.locator(".plate-over").inner_text()


def test_the_accuracy_circle_is_drawn_true(open_page: Open) -> None:
    """The radius on the screen is the accuracy in metres at that zoom."""
    page = open_page(f"{DOGS}&at=114.1172,22.6046&accuracy=120&by=gps")
    page.wait_for_selector(".pin")
    page.wait_for_selector("#legend li", state="attached")
    # Leaflet's canvas keeps no elements and draws with the next frame: measure the ink around the
    # pin until it is there, in pixels beside the true radius
    true = f"120 / (156543.034 * {math.cos(math.radians(22.6046))} / 2 ** zoom)"
    page.wait_for_function(
        """() => {
          const canvas = document.querySelector('.leaflet-overlay-pane canvas');
          const pin = document.querySelector('.pin').getBoundingClientRect();
          const box = canvas.getBoundingClientRect();
          const scale = canvas.width / box.width;
          const y = Math.round((pin.bottom - 2 - box.top) * scale);
          const middle = Math.round((pin.left + pin.width / 2 - box.left) * scale);
          const row = canvas.getContext('2d').getImageData(0, y, canvas.width, 1).data;
          // The outline is the most opaque ink between the middle and the edge of the map
          let edge = middle + 5;
          for (let x = middle + 5; x < canvas.width; x++)
            if (row[4 * x + 3] > row[4 * edge + 3] + 20) edge = x;
          const zoom = Number(document.getElementById('map').dataset.zoom);
          return Math.abs((edge - middle) / scale - TRUE) < 4;
        }""".replace("TRUE", true)
    )


def test_a_pin_put_by_hand_is_kept_and_says_so(open_page: Open) -> None:
    page = open_page(DOGS)
    tap_in_the_district(page)
    page.wait_for_selector("#use-here:enabled")
    assert "手工位置" in page.locator("#found").inner_text()
    assert "龙城街道" in page.locator("#found").inner_text()
    use_position(page)
    wait_for_step(page, "answer")
    assert query(page)["by"] == ["hand"]
    page.reload()
    assert step(page) == "answer"
    assert "手工位置" in page.locator(".chips").inner_text()


def test_a_pin_can_be_dragged_and_moved_with_the_arrow_keys(open_page: Open) -> None:
    page = open_page(f"{DOGS}&at=114.1172,22.6046&by=hand&step=where")
    page.wait_for_selector(".pin")
    field = page.locator("#here input[name=at]")
    first = field.input_value()
    box = page.locator(".pin").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 24, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 84, box["y"] + 20, steps=4)
    page.mouse.up()
    dragged = field.input_value()
    assert dragged != first
    page.locator(".pin").focus()
    page.keyboard.press("ArrowUp")
    moved = field.input_value()
    assert float(moved.split(",")[1]) > float(dragged.split(",")[1])
    assert page.locator("#here input[name=by]").input_value() == "hand"


def test_the_keyboard_puts_a_pin_in_the_middle_of_the_map(open_page: Open) -> None:
    page = open_page(f"{DOGS}&at=114.1172,22.6046&step=where")
    page.wait_for_selector(".pin")
    page.locator("h1").focus()
    focus_by_tab(page, "#map", back=True)
    pane = "document.querySelector('.leaflet-map-pane').style.transform"
    still = page.evaluate(pane)
    page.keyboard.press("ArrowRight")
    page.wait_for_function(f"still => {pane} !== still", arg=still)
    before = page.locator("#here input[name=at]").input_value()
    page.keyboard.press("Enter")
    assert page.locator("#here input[name=at]").input_value() != before


def test_without_permission_the_page_says_what_to_do_instead(open_page: Open) -> None:
    page = open_page(DOGS, permissions=[])
    page.locator("#locate").click()
    page.wait_for_selector(".found-weak")
    assert re.search("没有定位权限|没有得到位置", page.locator("#found").inner_text())
    assert page.locator("#use-here").is_disabled()
    page.get_by_text("街道、社区").click()
    page.get_by_role("button", name="布吉街道").click()
    wait_for_step(page, "answer")


def test_a_place_can_be_put_on_the_map_before_the_matter_is_chosen(open_page: Open) -> None:
    page = open_page("/")
    tap_in_the_district(page)
    page.wait_for_url("**at=*")
    assert step(page) == "what"
    page.locator(".tile", has_text="养犬").click()
    wait_for_step(page, "answer")
