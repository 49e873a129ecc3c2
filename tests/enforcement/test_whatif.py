"""What if: the fewest facts that would name another unit, with the unit."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from enforcement.district import District
from enforcement.resolution import AtPoint, InArea, Question, resolve
from enforcement.whatif import what_if
from geo.points import Point
from tests.enforcement import toy
from tests.enforcement.small_district import WEST, Small
from tests.rules.packs import Pack, rule

DAY = date(2010, 1, 1)
SMALL = Small(
    pack=Pack(
        {"colour": ["red", "green", "blue", "black"], "size": ["small", "large"]},
        [
            rule("G", {"colour": {"not": ["black"]}}, "north"),
            rule("X", {"colour": "green", "size": "large"}, "east", overrides=["G"]),
            rule("Y", {"colour": "blue"}, "south", overrides=["G"]),
        ],
    )
)


def told(folder: Path, **facts: str) -> list[tuple[str, str | None]]:
    question = Question("m", DAY, DAY, InArea(WEST), facts)
    found = what_if(resolve(question, SMALL.build(folder)))
    return [(one.says().en, one.lead["unit"] if one.lead else None) for one in found]


def test_each_smallest_change_names_the_unit_that_would_lead(tmp_path: Path) -> None:
    assert told(tmp_path, colour="green", size="large") == [
        ("if colour → red: Bureau a leads", "a"),
        ("if colour → blue: Bureau b leads", "b"),
        ("if colour → black: nobody leads", None),
        ("if size → small: Bureau a leads", "a"),
    ]


def test_a_fact_that_is_open_is_not_changed(tmp_path: Path) -> None:
    assert told(tmp_path, colour="red") == [
        ("if colour → blue: Bureau b leads", "b"),
        ("if colour → black: nobody leads", None),
    ]


def test_there_is_no_what_if_before_there_is_an_answer(tmp_path: Path) -> None:
    assert told(tmp_path, size="large") == []


def test_it_is_said_in_chinese_too(tmp_path: Path) -> None:
    question = Question("m", DAY, DAY, InArea(WEST), {"colour": "blue"})
    found = what_if(resolve(question, SMALL.build(tmp_path)))
    assert [one.says().zh for one in found] == [
        "若 →red：由a局主办",
        "若 →black：没有主办单位",
    ]


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> District:
    return toy.district(tmp_path_factory.mktemp("toy"))


def test_each_change_leads_to_that_unit_when_it_is_asked(district: District) -> None:
    where = AtPoint(Point.checked(lon=114.007, lat=22.008))
    question = Question("food", toy.DAY, toy.DAY, where, {"stage": "shop", "licence": "licensed"})
    now = resolve(question, district)
    assert now.lead is not None
    found = what_if(now)
    assert found
    for one in found:
        for value in one.facts[-1][1]:
            facts = {**question.facts, **{fact.name: some[0] for fact, some in one.facts}}
            facts[one.facts[-1][0].name] = value
            then = resolve(Question("food", toy.DAY, toy.DAY, where, facts), district)
            assert then.lead == one.lead
            assert then.lead is None or then.lead["unit"] != now.lead["unit"]
