"""What would change the lead: the fewest facts, and all ways of that size."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.explain import MOST_FACTS, Turn, turns
from rules.periods import Period
from rules.seams import leads
from rules.table import Axis, Table, Verdict
from tests.rules.packs import Pack, rule, when

PACK = Pack(
    {
        "licence": ["licensed", "unlicensed"],
        "premises": ["fixed", "market", "mobile"],
        "weather": ["dry", "wet"],
    },
    [
        rule("G", {}, "north"),
        rule(
            "X",
            {"licence": "unlicensed", "premises": ["fixed", "market"]},
            "south",
            overrides=["G"],
        ),
        rule("Y", {"licence": "unlicensed", "premises": "mobile"}, "east", overrides=["G"]),
    ],
    cannot=[when("c1", {"licence": "unlicensed", "weather": "wet"})],
)


def turned(folder: Path, *fixed: str, **known: str) -> list[tuple[dict[str, tuple[str, ...]], str]]:
    catalogue, table = PACK.catalogue(folder), PACK.table(folder)
    roles = ["north", "south", "east"]
    outcomes = [-1 if v.impossible else roles.index(leads(v, catalogue)[0]) for v in table.verdicts]
    return [
        (dict(one.facts), roles[one.outcome])
        for one in turns(table, known, outcomes, frozenset(fixed))
    ]


def test_one_fact_that_changes_the_lead_is_told_with_its_values(tmp_path: Path) -> None:
    assert turned(tmp_path, licence="unlicensed", premises="mobile") == [
        ({"licence": ("licensed",)}, "north"),
        ({"premises": ("fixed", "market")}, "south"),
    ]


def test_a_fact_that_is_fixed_stays(tmp_path: Path) -> None:
    assert turned(tmp_path, "premises", licence="unlicensed", premises="mobile") == [
        ({"licence": ("licensed",)}, "north")
    ]


def test_two_facts_are_changed_when_one_is_not_enough(tmp_path: Path) -> None:
    """In wet weather nobody is unlicensed, so the weather has to change as well."""
    assert turned(tmp_path, licence="licensed", premises="mobile", weather="wet") == [
        ({"licence": ("unlicensed",), "weather": ("dry",)}, "east")
    ]


def test_nothing_is_told_when_the_facts_settle_nothing_yet(tmp_path: Path) -> None:
    assert turned(tmp_path, licence="unlicensed") == []


def test_nothing_is_told_when_nothing_changes_the_lead(tmp_path: Path) -> None:
    assert turned(tmp_path, "licence", licence="licensed", premises="mobile") == []


@settings(max_examples=150)
@given(
    cells=st.lists(st.integers(-1, 2), min_size=24, max_size=24),
    start=st.tuples(st.integers(0, 1), st.integers(0, 2), st.integers(0, 3)),
)
def test_no_smaller_change_exists_and_all_of_the_size_are_told(
    cells: list[int], start: tuple[int, int, int]
) -> None:
    array = np.array(cells).reshape(2, 3, 4)
    axes = tuple(
        Axis(name, tuple((f"{name}{n}",) for n in range(size)))
        for name, size in zip("abc", array.shape, strict=True)
    )
    table = Table(
        "m", Period.__new__(Period), axes, (array + 1).astype(np.uint16), (Verdict(),) * 4
    )
    known = {axis.fact: axis.classes[n][0] for axis, n in zip(axes, start, strict=True)}
    found = turns(table, known, [-1, 0, 1, 2], frozenset())
    now = array[start]
    others: dict[int, set[tuple[int, ...]]] = {}
    for at in itertools.product(*map(range, array.shape)):
        size = sum(n != m for n, m in zip(at, start, strict=True))
        if 0 < size <= MOST_FACTS and now >= 0 and array[at] not in (-1, now):
            others.setdefault(size, set()).add(at)
    if not others:
        assert found == ()
        return
    told = set()
    for turn in found:
        for values in itertools.product(*turn.facts.values()):
            changed = known | dict(zip(turn.facts, values, strict=True))
            at = tuple(table.at[axis.fact][changed[axis.fact]] for axis in axes)
            assert array[at] == turn.outcome
            told.add(at)
    assert told == others[min(others)]


def test_a_turn_is_a_value() -> None:
    assert Turn({"a": ("x",)}, 1) == Turn({"a": ("x",)}, 1)
