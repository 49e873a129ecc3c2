"""Questions are counted with the place known, beside the best order that never adapts."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from rules.asking import Asking, asking
from rules.seams import leads
from tests.rules.packs import Pack, fact, rule, when
from tests.rules.test_questions import fixed, opened


def counted(pack: Pack, folder: Path) -> Asking:
    catalogue, table = pack.catalogue(folder), pack.table(folder)
    numbers: dict[tuple[str, ...], int] = {}
    outcomes = [
        -1 if v.impossible else numbers.setdefault(leads(v, catalogue), len(numbers))
        for v in table.verdicts
    ]
    return asking(table, catalogue.matters["m"], outcomes)


def test_a_matter_with_one_lead_needs_no_question(tmp_path: Path) -> None:
    found = counted(Pack({"colour": ["red", "blue"]}, [rule("G", {}, "north")]), tmp_path)
    assert (found.mean, found.most, found.fixed_mean, found.combinations) == (0, 0, 0, 2)


def test_an_adapting_form_asks_less_than_the_best_fixed_one(tmp_path: Path) -> None:
    """Red asks for the size, blue for the weight: a fixed form has to ask both of somebody."""
    pack = Pack(
        {"colour": ["red", "blue"], "size": ["small", "large"], "weight": ["light", "heavy"]},
        [
            rule("A1", {"colour": "red", "size": "small"}, "north"),
            rule("A2", {"colour": "red", "size": "large"}, "south"),
            rule("B1", {"colour": "blue", "weight": "light"}, "north"),
            rule("B2", {"colour": "blue", "weight": "heavy"}, "south"),
        ],
    )
    found = counted(pack, tmp_path)
    assert (found.mean, found.most, found.combinations) == (2, 2, 8)
    cells = [[[0, 0], [1, 1]], [[0, 1], [0, 1]]]
    every = itertools.permutations("abc")
    assert found.fixed_mean * 8 == min(fixed(opened(cells), order) for order in every)
    assert found.fixed_mean == 2.5
    assert len(found.fixed_order) == 3


def test_facts_of_the_place_are_known_and_what_cannot_be_is_not_counted(tmp_path: Path) -> None:
    pack = Pack(
        {
            "zone.water": fact(["inside", "none"], place="zone:water"),
            "land": ["farm", "town", "sea"],
        },
        [
            rule("W", {"zone.water": "inside"}, "north"),
            rule("F", {"zone.water": "none", "land": "farm"}, "south"),
            rule("T", {"zone.water": "none", "land": "town"}, "east"),
        ],
        cannot=[when("c1", {"land": "sea"})],
    )
    found = counted(pack, tmp_path)
    assert found.combinations == 4
    assert found.mean == pytest.approx(0.5)
    assert found.most == 1
    assert found.fixed_mean == pytest.approx(0.5)
    assert found.fixed_order == ("land",)


def test_a_matter_in_which_nothing_is_possible_counts_nothing(tmp_path: Path) -> None:
    pack = Pack({"colour": ["red"]}, [], cannot=[when("c1", {"colour": "red"})])
    found = counted(pack, tmp_path)
    assert (found.mean, found.fixed_mean, found.combinations) == (0, 0, 0)
