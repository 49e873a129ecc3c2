"""Two versions compared: which facts lead elsewhere, from when, and what only one version has."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings

from rules.book import Book
from rules.build import tables_of
from rules.diff import Difference, difference, told
from rules.seams import leads
from tests.rules.packs import Pack, rule, text, when
from tests.rules.test_tables import everything, packs

COLOURS = ["red", "green", "blue"]


def book(pack: Pack, folder: Path) -> Book:
    catalogue = pack.catalogue(folder)
    tables = {
        code: tuple(tables_of(matter, catalogue)) for code, matter in catalogue.matters.items()
    }
    return Book(catalogue, tables)


def pack(*rules: dict[str, object], **more: object) -> Pack:
    found = Pack({"colour": COLOURS}, [rule("G", {}, "north"), *rules])
    for name, value in more.items():
        setattr(found, name, value)
    return found


def compared(old: Pack, new: Pack, folder: Path) -> Difference:
    return difference(book(old, folder / "old"), book(new, folder / "new"))


def test_a_version_does_not_differ_from_itself(tmp_path: Path) -> None:
    assert compared(pack(), pack(), tmp_path).empty


def test_a_changed_lead_is_told_with_its_facts_and_days(tmp_path: Path) -> None:
    later = rule(
        "H",
        {"colour": ["red", "green"]},
        "south",
        overrides=["G"],
        valid_from="2010-01-01",
        ceases_on="2011-01-01",
    )
    old, new = book(pack(), tmp_path / "old"), book(pack(later), tmp_path / "new")
    found = difference(old, new)
    assert found.added_rules == ("H",)
    (change,) = found.changes
    assert (change.before, change.after, change.combinations) == (("north",), ("south",), 2)
    assert told(change, old, new).en == (
        "from 2010-01-01 to 2010-12-31, “m” (colour: red or green): north → south"
    )
    assert (
        told(change, old, new).zh == "2010-01-01 起至 2010-12-31，“m”（red或green）：north → south"
    )


def test_a_rule_that_only_says_it_otherwise_changes_no_lead(tmp_path: Path) -> None:
    new = pack()
    new.rules[0]["says"] = text("otherwise")
    found = compared(pack(), new, tmp_path)
    assert (found.changed_rules, found.changes, found.empty) == (("G",), (), False)


def test_a_change_that_lasts_over_several_intervals_is_told_once(tmp_path: Path) -> None:
    cut = rule("I", {"colour": "blue"}, "north", valid_from="2010-01-01")
    found = compared(
        pack(cut), pack(cut, rule("H", {"colour": "red"}, "south", overrides=["G"])), tmp_path
    )
    (change,) = found.changes
    assert str(change.period) == "2000-01-01 …"


def test_gaps_overlaps_and_impossible_combinations_are_told_as_such(tmp_path: Path) -> None:
    old = pack(rule("H", {"colour": "blue"}, "south"))
    new = Pack(
        {"colour": COLOURS},
        [rule("G", {"colour": {"not": ["red"]}}, "north")],
        cannot=[when("c1", {"colour": "green"})],
    )
    books = book(old, tmp_path / "old"), book(new, tmp_path / "new")
    assert sorted(told(one, *books).en for one in difference(*books).changes) == [
        "from 2000-01-01 on, “m” (colour: blue): north and south → north",
        "from 2000-01-01 on, “m” (colour: green): north → impossible",
        "from 2000-01-01 on, “m” (colour: red): north → nobody",
    ]


def test_new_facts_and_values_are_told_and_compared_where_both_have_them(tmp_path: Path) -> None:
    new = Pack(
        {"size": ["small", "large"], "colour": ["red", "green", "black"]},
        [rule("G", {}, "north"), rule("H", {"size": "large"}, "south", overrides=["G"])],
    )
    found = compared(pack(), new, tmp_path)
    assert found.facts == ("m.colour-blue", "m.colour+black", "m.size+large", "m.size+small")
    (change,) = found.changes
    assert (change.facts, change.combinations) == ({"size": ("large",)}, 2)


def test_matters_and_rules_that_come_and_go_are_listed(tmp_path: Path) -> None:
    other = {"n": {"name": text("n"), "kind": "upkeep", "facts": []}}
    found = compared(pack(rule("H", {"colour": "red"}, "north")), pack(matters=other), tmp_path)
    assert found.added_matters == ("n",)
    assert found.dropped_rules == ("H",)
    back = compared(pack(matters=other), pack(), tmp_path / "back")
    assert back.dropped_matters == ("n",)


def test_days_that_only_one_version_covers_are_not_compared(tmp_path: Path) -> None:
    old = pack(periods=[{"valid_from": "2000-01-01", "ceases_on": "2001-01-01"}])
    new = Pack(
        {"colour": COLOURS}, [rule("G", {}, "south")], periods=[{"valid_from": "2001-01-01"}]
    )
    assert compared(old, new, tmp_path).changes == ()


@settings(max_examples=25)
@given(one=packs(), other=packs())
def test_the_changes_are_exactly_the_combinations_with_other_leads(
    one: Pack, other: Pack, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("pair")
    old, new = book(one, folder / "old"), book(other, folder / "new")
    changes = difference(old, new).changes

    def lead(of: Book, facts: dict[str, str]) -> tuple[str, ...] | None:
        verdict = of.tables["m"][0].verdict(facts)
        return None if verdict.impossible else leads(verdict, of.catalogue)

    differing = 0
    for facts in everything(one):
        before, after = lead(old, facts), lead(new, facts)
        covering = [
            c for c in changes if all(facts[name] in values for name, values in c.facts.items())
        ]
        if before != after:
            differing += 1
            assert any((c.before, c.after) == (before, after) for c in covering)
    assert sum(change.combinations for change in changes) == differing
