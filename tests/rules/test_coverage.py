"""`docs/coverage.md` says for every row of the fact tables which rules it became, or why none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from rules.loader import CATALOGUE, load_catalogue
from rules.model import Catalogue

DOC = Path(__file__).parents[2] / "docs" / "coverage.md"
PACKS = ("food", "land", "roads", "street")


def _numbered(prefix: str, *spans: tuple[int, int]) -> Iterator[str]:
    for first, last in spans:
        for number in range(first, last + 1):
            yield f"{prefix}{number:02}" if prefix else str(number)


ROWS = (
    *_numbered("F", (1, 20), (30, 35), (40, 44), (50, 65)),
    *_numbered("R", (1, 12)),
    *_numbered("RA", (1, 22)),
    *_numbered("RB", (1, 16)),
    *_numbered("", (1, 21)),
    *("x1", "x2", "x3", "x4"),
    *_numbered("Z", (1, 22)),
)
"""Every row of the food, road, street category and zone tables, by its number."""

DEADLINES = (
    *_numbered("D", (1, 28)),
    *_numbered("G", (1, 10)),
    *_numbered("H", (1, 4)),
    *_numbered("P", (1, 4)),
)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue([CATALOGUE / name for name in PACKS])


def rules_of_rows(catalogue: Catalogue) -> dict[str, list[str]]:
    """Row → the rules that it became, in order of id."""
    found: dict[str, list[str]] = {}
    for rule in catalogue.rules.values():
        for row in rule.rows:
            found.setdefault(row, []).append(rule.id)
    return found


def told(heading: str) -> dict[str, str]:
    """The two columns of the table under a heading of the document."""
    part = DOC.read_text(encoding="utf-8").split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    pairs = re.findall(r"^\| ([A-Za-z]*\d+) \| (.+?) \|$", part, re.MULTILINE)
    assert len(pairs) == len(dict(pairs)), "a row stands twice"
    return dict(pairs)


def test_every_row_is_a_rule_or_has_a_reason() -> None:
    rules, reasons = told("Rows that are rules"), told("Rows that are something else")
    assert not set(rules) & set(reasons)
    assert {*rules, *reasons} == set(ROWS)
    assert all(len(reason) > 20 for reason in reasons.values())


def test_the_document_names_the_rules_of_each_row(catalogue: Catalogue) -> None:
    expected = {row: ", ".join(ids) for row, ids in rules_of_rows(catalogue).items()}
    assert set(expected) <= set(ROWS), "a rule names a row that does not exist"
    assert told("Rows that are rules") == expected


def test_every_time_limit_of_the_factual_base_is_in_the_catalogue(catalogue: Catalogue) -> None:
    assert set(DEADLINES) <= set(catalogue.deadlines)


def test_every_rule_says_where_it_comes_from(catalogue: Catalogue) -> None:
    assert [rule.id for rule in catalogue.rules.values() if not rule.source] == []
    for rule in catalogue.rules.values():
        assert not rule.says.zh.endswith("。"), rule.id
        assert re.search(r"[一-鿿]", rule.says.en) is None, rule.id


def test_every_matter_has_everyday_words_and_a_card(catalogue: Catalogue) -> None:
    for matter in catalogue.matters.values():
        assert matter.words, matter.code
        assert matter.card is not None, matter.code
