"""The rule book: what a steward reads of a matter on a day, and what is refused."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from enforcement.publishing import publish
from web.app import app_of
from web.desk import Desk
from web.officer.words import words
from web.rulebook.views import STRINGS

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def book(longgang: Desk) -> FlaskClient:
    return app_of(longgang).test_client()


def text(client: FlaskClient, address: str, lang: str = "zh", status: int = 200) -> str:
    client.set_cookie("lang", lang)
    answer = client.get(address)
    assert answer.status_code == status
    return unescape(answer.get_data(as_text=True))


def test_every_matter_has_a_page_on_every_day_that_it_is_covered(
    book: FlaskClient, longgang: Desk
) -> None:
    for code, tables in longgang.district.book.tables.items():
        for table in tables:
            page = text(book, f"/rules/{code}?on={table.period.valid_from}")
            for rule in longgang.district.book.catalogue.rules_of(code):
                shown = f'id="{rule.id}"' in page
                assert shown is rule.period.covers(table.period.valid_from)


def test_the_page_says_who_leads_when_and_on_which_words_of_the_law(book: FlaskClient) -> None:
    page = text(book, "/rules/food.safety?on=2008-11-05")
    assert "以下是 2008-11-05 的规则，不是今天的" in page
    assert "龙岗区卫生局（卫生监督所）" in page
    assert "质检部门负责食品生产加工环节的监管" in page
    assert "按街道：各街道一个单位" in page


def test_it_is_complete_in_english(book: FlaskClient) -> None:
    page = text(book, "/rules/road.damage", "en")
    assert "Decision table" in page
    outside_the_law = re.sub(r'<p class="book-law".*?</p>', "", page, flags=re.DOTALL)
    outside_the_law = re.sub(r'<p class="book-soft">[^<]*</p>', "", outside_the_law)
    assert set(re.findall(r"[\u4e00-\u9fff]+", outside_the_law)) <= {"中文"}


def test_the_registered_seam_is_told_with_what_would_close_it(book: FlaskClient) -> None:
    page = text(book, "/rules/env.cooking_fume?on=2026-11-20")
    assert "已登记" in page
    assert "怎样补上" in page
    assert "餐饮油烟" in text(book, "/rules/seams")


def test_words_are_complete_and_all_of_them_are_used() -> None:
    said = "".join(
        path.read_text(encoding="utf-8")
        for path in [
            *(ROOT / "web/templates/rulebook").glob("*.html"),
            *(ROOT / "web/rulebook").glob("*.py"),
        ]
    )
    built = ("confidence.", "duty.", "compare.old", "compare.new")
    for key in words(STRINGS):
        assert key.startswith(built) or f"'{key}'" in said or f'"{key}"' in said, key


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/rules/weather", "没有事项"),
        ("/rules/food.safety?on=1999-01-01", "2006-12-01"),
        ("/rules/food.safety?on=soon", "日期"),
        ("/rules/compare?old=../../etc", "没有版本"),
    ],
)
def test_what_is_not_there_is_refused_in_words(book: FlaskClient, address: str, says: str) -> None:
    assert says in text(book, address, status=422)


def test_a_hostile_code_changes_nothing_but_the_text(book: FlaskClient) -> None:
    answer = book.get("/rules/<script>alert(1)</script>?on=2026-11-20")
    assert b"<script>" not in answer.data


def test_two_versions_are_compared(longgang: Desk) -> None:
    published, _ = publish(None, data=longgang.settings.data, at=datetime(2026, 11, 20, tzinfo=UTC))
    page = text(app_of(longgang).test_client(), f"/rules/compare?old={published.name}&new=current")
    assert "两个版本没有差别" in page
    assert f"第 {published.number} 版" in page
