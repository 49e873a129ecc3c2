"""Cases beside the rules are checked against the tables, with what is open left open."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules.casecheck import check_cases, unfired
from tests.rules.packs import Data, Pack, rule, when

COLOURS = ["red", "green", "blue"]


def pack(*cases: Data) -> Pack:
    return Pack(
        {"colour": COLOURS, "size": ["small", "large"]},
        [
            rule("G", {"colour": ["red", "green"]}, "north"),
            rule(
                "X",
                {"colour": "red", "size": "large"},
                "south",
                overrides=["G"],
                assist=[{"role": "east", "duty": "joint"}],
            ),
            rule("Y", {"colour": "red", "size": "small"}, "south"),
        ],
        cannot=[when("c1", {"colour": "green", "size": "large"})],
        cases=list(cases),
    )


def case(expect: Data, facts: Data, **more: object) -> Data:
    given: Data = {"id": "K1", "name": "n", "on": "2010-01-01", "matter": "m"}
    return given | {"facts": facts, "expect": expect} | dict(more)


RED_LARGE = {"colour": "red", "size": "large"}


@pytest.mark.parametrize(
    ("expect", "facts"),
    [
        ({"lead": "south", "assist": ["east"], "rules": ["X"]}, RED_LARGE),
        ({"lead": "north"}, {"colour": "green"}),
        ({"lead": "north", "rules": ["G"]}, {"colour": "green", "size": "unknown"}),
        ({"seam": "gap"}, {"colour": "blue"}),
        ({"seam": "overlap", "rules": ["G", "Y"]}, {"colour": "red", "size": "small"}),
        ({"rules": ["X"]}, RED_LARGE),
    ],
)
def test_a_case_that_holds_passes(expect: Data, facts: Data, tmp_path: Path) -> None:
    (result,) = check_cases(pack(case(expect, facts)).book(tmp_path))
    assert result.passed, result.faults


@pytest.mark.parametrize(
    ("expect", "facts", "says"),
    [
        ({"lead": "north"}, RED_LARGE, "expected the lead north, found south"),
        ({"lead": "north"}, {"colour": "blue"}, "expected the lead north, found -"),
        (
            {"lead": "south"},
            {"colour": "red"},
            "expected the lead south, found north + south; south",
        ),
        ({"seam": "gap"}, RED_LARGE, "expected the seam gap, found south"),
        ({"seam": "overlap"}, {"colour": "blue"}, "expected the seam overlap, found -"),
        ({"rules": ["G"]}, RED_LARGE, "the rules G do not stand; standing are X"),
        ({"rules": ["G"]}, {"colour": "blue"}, "the rules G do not stand; standing are -"),
        ({"assist": ["owner"]}, RED_LARGE, "owner do not assist; assisting are east"),
        ({"assist": ["east"]}, {"colour": "blue"}, "east do not assist; assisting are -"),
        (
            {"lead": "north"},
            {"colour": "green", "size": "large"},
            "the facts contradict each other (c1)",
        ),
    ],
)
def test_a_case_that_does_not_hold_says_what_came_instead(
    expect: Data, facts: Data, says: str, tmp_path: Path
) -> None:
    (result,) = check_cases(pack(case(expect, facts)).book(tmp_path))
    assert [fault.en for fault in result.faults] == [says]
    assert result.faults[0].zh


def test_a_case_on_a_day_without_rules_fails(tmp_path: Path) -> None:
    (result,) = check_cases(pack(case({"lead": "north"}, {}, on="1999-12-31")).book(tmp_path))
    assert "no pack covers m on 1999-12-31" in result.faults[0].en


def test_rules_that_no_case_fires_are_listed(tmp_path: Path) -> None:
    book = pack(case({"lead": "south"}, RED_LARGE)).book(tmp_path)
    assert unfired(book, check_cases(book)) == ("G", "Y")
