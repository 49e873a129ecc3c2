"""Decision tables hold what the rules say: exceptions, merging, intervals, impossible facts."""

from __future__ import annotations

import itertools
import random
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.build import _Asked, build, check, independently
from rules.errors import PackRefused, TableDisagrees
from rules.model import Rule
from rules.periods import Period
from rules.table import Draft, Table, Verdict, as_json, from_json, holds
from tests.rules.packs import Pack, rule, when

COLOURS = ["red", "green", "blue"]
SIZES = ["small", "large"]


def everything(pack: Pack) -> list[dict[str, str]]:
    """Every combination of values of a pack whose facts are plain lists."""
    return [
        dict(zip(pack.facts, values, strict=True))
        for values in itertools.product(*(list(v) for v in pack.facts.values()))
    ]


# --- who beats whom -------------------------------------------------------------------------


def test_an_exception_beats_the_general_rule_and_says_so(tmp_path: Path) -> None:
    pack = Pack(
        {"colour": COLOURS},
        [rule("G", {}, "north"), rule("X", {"colour": "red"}, "south", overrides=["G"])],
    )
    table = pack.table(tmp_path)
    assert table.verdict({"colour": "red"}) == Verdict(("X",), (("G", "X"),))
    assert table.verdict({"colour": "blue"}) == Verdict(("G",))


def test_an_exception_to_the_exception_revives_the_rule(tmp_path: Path) -> None:
    """A claim stands unless a standing claim beats it: what is beaten beats nothing."""
    pack = Pack(
        {"colour": COLOURS, "size": SIZES},
        [
            rule("G", {}, "north"),
            rule("X", {"colour": "red"}, "south", overrides=["G"]),
            rule("Y", {"size": "large"}, "east", overrides=["X"]),
        ],
    )
    table = pack.table(tmp_path)
    assert table.verdict({"colour": "red", "size": "small"}).standing == ("X",)
    revived = table.verdict({"colour": "red", "size": "large"})
    assert revived.standing == ("G", "Y")
    assert revived.lost == (("X", "Y"),)


def test_without_an_override_both_rules_stand_whatever_their_order(tmp_path: Path) -> None:
    rules = [rule("A1", {}, "north"), rule("B1", {"colour": "red"}, "south")]
    one = Pack({"colour": COLOURS}, rules).table(tmp_path / "one")
    other = Pack({"colour": COLOURS}, rules[::-1]).table(tmp_path / "other")
    assert one.verdict({"colour": "red"}).standing == ("A1", "B1")
    assert one.verdicts == other.verdicts
    assert (one.cells == other.cells).all()


def test_a_rule_that_two_beat_lost_to_the_first_that_stands(tmp_path: Path) -> None:
    pack = Pack(
        {"colour": COLOURS},
        [
            rule("G", {}, "north"),
            rule("P", {}, "south", overrides=["G"]),
            rule("Q", {}, "south", overrides=["G"]),
        ],
    )
    assert pack.table(tmp_path).verdict({"colour": "red"}).lost == (("G", "P"),)


def test_alternatives_and_negation_hold_when_any_and_none_of_the_values_fit(tmp_path: Path) -> None:
    pack = Pack(
        {"colour": COLOURS, "size": SIZES},
        [rule("A1", [{"colour": "red"}, {"colour": {"not": ["red", "green"]}, "size": "large"}])],
    )
    table = pack.table(tmp_path)
    for facts in everything(pack):
        expected = facts["colour"] == "red" or facts == {"colour": "blue", "size": "large"}
        assert ("A1" in table.verdict(facts).standing) is expected


def test_a_pack_without_rules_has_a_table_of_gaps(tmp_path: Path) -> None:
    table = Pack({"colour": COLOURS}, []).table(tmp_path)
    assert table.combinations == 1
    assert table.verdict({"colour": "red"}) == Verdict()


# --- impossible combinations ----------------------------------------------------------------


def test_an_impossible_combination_names_its_clause_and_nothing_else(tmp_path: Path) -> None:
    pack = Pack(
        {"colour": COLOURS, "size": SIZES},
        [rule("G", {}, "north")],
        cannot=[
            when("c2", {"colour": "red", "size": "large"}),
            when("c1", {"colour": "red"}, valid_from="2010-01-01"),
        ],
    )
    before, after = pack.tables(tmp_path)
    large = {"colour": "red", "size": "large"}
    assert before.verdict(large) == Verdict(impossible="c2")
    assert after.verdict(large) == Verdict(impossible="c1")
    assert before.excluded_share == pytest.approx(1 / 6)
    assert after.excluded_share == pytest.approx(1 / 3)
    assert before.verdict({"colour": "red", "size": "small"}) == Verdict(("G",))


# --- merging --------------------------------------------------------------------------------


def test_values_that_no_rule_tells_apart_share_a_class(tmp_path: Path) -> None:
    table = Pack({"colour": COLOURS, "size": SIZES}, [rule("G", {"colour": "red"}, "north")]).table(
        tmp_path
    )
    assert [axis.classes for axis in table.axes] == [
        (("red",), ("green", "blue")),
        (("small", "large"),),
    ]
    assert table.combinations == 2
    assert table.raw_combinations == 6


def test_merging_keeps_what_only_adds_an_assist(tmp_path: Path) -> None:
    """Blue and green lead to the same unit, but blue has an assisting role besides."""
    pack = Pack(
        {"colour": COLOURS},
        [
            rule("G", {"colour": ["green", "blue"]}, "north"),
            rule("H", {"colour": "blue"}, assist=[{"role": "east", "duty": "joint"}]),
        ],
    )
    table = pack.table(tmp_path)
    assert table.verdict({"colour": "green"}).standing == ("G",)
    assert table.verdict({"colour": "blue"}).standing == ("G", "H")


VALUES = [f"v{n}" for n in range(4)]
conditions = st.dictionaries(
    st.sampled_from(["a", "b", "c"]),
    st.one_of(
        st.sampled_from(VALUES),
        st.lists(st.sampled_from(VALUES), min_size=1, max_size=3, unique=True),
        st.fixed_dictionaries({"not": st.lists(st.sampled_from(VALUES[:3]), min_size=1)}),
    ),
    max_size=3,
)
whens = st.one_of(conditions, st.lists(conditions, min_size=1, max_size=3))


@st.composite
def packs(draw: st.DrawFn) -> Pack:
    """A random pack with rules that beat only rules before them, so never in a circle."""
    rules = []
    for n in range(draw(st.integers(0, 9))):
        beaten = draw(st.lists(st.integers(0, n - 1), max_size=3, unique=True)) if n else []
        rules.append(
            rule(
                f"R{n}",
                draw(whens),
                draw(st.sampled_from(["north", "south", "east"])),
                overrides=[f"R{k}" for k in beaten],
            )
        )
    cannot = [when(f"c{n}", draw(whens)) for n in range(draw(st.integers(0, 2)))]
    return Pack({"a": VALUES, "b": VALUES, "c": VALUES}, rules, cannot)


def by_definition(draft: Draft, facts: dict[str, str]) -> tuple[set[str], bool]:
    """The standing rules by the words of the definition, on one full combination of values."""
    if any(holds(one, facts) for c in draft.cannot for one in c.alternatives):
        return set(), True
    claims = {r.id: r for r in draft.rules if any(holds(one, facts) for one in r.alternatives)}

    def stands(one: Rule) -> bool:
        return not any(one.id in other.overrides and stands(other) for other in claims.values())

    return {id_ for id_, one in claims.items() if stands(one)}, False


@settings(max_examples=80)
@given(pack=packs())
def test_every_entry_equals_the_definition_on_the_unmerged_values(
    pack: Pack, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (draft,) = pack.drafts(tmp_path_factory.mktemp("pack"))
    table = build(draft)
    for facts in everything(pack):
        verdict = table.verdict(facts)
        standing, impossible = by_definition(draft, facts)
        assert (set(verdict.standing), verdict.impossible is not None) == (standing, impossible)


# --- the independent evaluation ---------------------------------------------------------------


def test_a_corrupted_entry_is_caught_and_named(tmp_path: Path) -> None:
    (draft,) = Pack(
        {"colour": COLOURS, "size": SIZES},
        [rule("G", {}, "north"), rule("X", {"colour": "red"}, "south", overrides=["G"])],
    ).drafts(tmp_path)
    table = build(draft)
    table.cells[1, 0] = table.cells[0, 0]
    with pytest.raises(TableDisagrees) as caught:
        check(table, draft)
    assert "colour=green, size=small" in str(caught.value)
    assert "'X'" in caught.value.en
    assert "'G'" in caught.value.en
    assert caught.value.field == "table m 2000-01-01 …"


def test_an_engine_that_answers_wrongly_stops_the_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (draft,) = Pack({"colour": COLOURS}, [rule("G", {"colour": "red"}, "north")]).drafts(tmp_path)
    monkeypatch.setattr(_Asked, "verdict", lambda *_: Verdict(("G",)))
    with pytest.raises(TableDisagrees, match="colour=green"):
        build(draft)


def test_the_two_evaluations_agree_on_four_hundred_rules(tmp_path: Path) -> None:
    """More rules than one ruleset of the engine takes, with chains of exceptions."""
    chosen = random.Random(7)
    names = ["a", "b", "c"]
    values = [f"v{n}" for n in range(7)]
    rules = []
    for n in range(400):
        condition: dict[str, Any] = {
            name: chosen.sample(values, chosen.randint(1, 3))
            for name in chosen.sample(names, chosen.randint(0, 3))
        }
        beaten = [f"R{k:03}" for k in chosen.sample(range(n), min(n, 2))]
        rules.append(rule(f"R{n:03}", condition, chosen.choice(["north", "south"])))
        rules[-1]["overrides"] = beaten
    (draft,) = Pack(dict.fromkeys(names, values), rules).drafts(tmp_path)
    table = build(draft)
    expected = dict(independently(draft))
    assert table.combinations == 343
    assert all(table.verdicts[int(table.cells[at])] == one for at, one in expected.items())


# --- days -----------------------------------------------------------------------------------


def test_intervals_are_cut_where_a_rule_a_clause_or_a_threshold_changes(tmp_path: Path) -> None:
    pack = Pack(
        {
            "colour": COLOURS,
            "distance": {
                "question": {"zh": "?", "en": "?"},
                "values": {"near": {"zh": "n", "en": "n"}, "far": {"zh": "f", "en": "f"}},
                "number": {"unit": "m", "cuts": ["band"]},
            },
        },
        [
            rule("G", {}, "north", ceases_on="2010-06-01"),
            rule("H", {}, "south", valid_from="2010-06-01"),
        ],
        cannot=[when("c1", {"colour": "red"}, valid_from="2012-01-01", ceases_on="2013-01-01")],
        parameters={
            "band": {
                "name": {"zh": "b", "en": "b"},
                "unit": "m",
                "values": [
                    {"value": 20, "ceases_on": "2011-07-01"},
                    {"value": 30, "valid_from": "2011-07-01"},
                ],
            }
        },
        periods=[{"valid_from": "2005-01-01"}],
    )
    tables = pack.tables(tmp_path)
    assert [str(table.period) for table in tables] == [
        "2005-01-01 … 2010-05-31",
        "2010-06-01 … 2011-06-30",
        "2011-07-01 … 2011-12-31",
        "2012-01-01 … 2012-12-31",
        "2013-01-01 …",
    ]
    facts = {"colour": "blue", "distance": "near"}
    assert [table.verdict(facts).standing for table in tables] == [("G",), *[("H",)] * 4]


def test_a_rule_is_in_force_from_its_first_day_to_the_day_before_it_ceases(tmp_path: Path) -> None:
    book = Pack(
        {"colour": COLOURS},
        [rule("G", {}, "north", valid_from="2009-06-01", ceases_on="2009-10-01")],
    ).book(tmp_path)
    stands = {
        day: book.table("m", day).verdict({"colour": "red"}).standing
        for day in (
            date(2009, 5, 31),
            date(2009, 6, 1),
            date(2009, 9, 30),
            date(2009, 10, 1),
        )
    }
    assert list(stands.values()) == [(), ("G",), ("G",), ()]


# --- size and form ----------------------------------------------------------------------------


def test_a_matter_with_too_many_combinations_is_refused_with_its_factors(tmp_path: Path) -> None:
    values = [f"v{n}" for n in range(15)]
    pack = Pack(
        dict.fromkeys(("a", "b", "c", "d"), values),
        [
            rule(f"R{name}{n}", {name: value}, "north")
            for name in ("a", "b", "c", "d")
            for n, value in enumerate(values)
        ],
    )
    with pytest.raises(PackRefused) as caught:
        pack.drafts(tmp_path)
    (fault,) = caught.value.faults
    assert fault.field == "matter m"
    assert "50625 combinations" in fault.en
    assert "a 15 × b 15 × c 15 × d 15" in fault.en
    assert "a 15 × b 15 × c 15 × d 15" in fault.zh
    with pytest.raises(PackRefused, match="a 15 × b 15 × c 15 × d 15"):
        pack.book(tmp_path)


def test_exactly_fifty_thousand_combinations_are_allowed(tmp_path: Path) -> None:
    sizes = {"a": 10, "b": 10, "c": 10, "d": 10, "e": 5}
    pack = Pack(
        {name: [f"v{n}" for n in range(size)] for name, size in sizes.items()},
        [
            rule(f"R{name}{n}", {name: f"v{n}"}, "north")
            for name, size in sizes.items()
            for n in range(size)
        ],
    )
    (draft,) = pack.drafts(tmp_path)
    assert draft.combinations == 50_000


def test_a_table_survives_json(tmp_path: Path) -> None:
    for table in Pack(
        {"colour": COLOURS, "size": SIZES},
        [
            rule("G", {}, "north", ceases_on="2010-01-01"),
            rule("X", {"colour": "red"}, "south", overrides=["G"]),
        ],
        cannot=[when("c1", {"colour": "blue", "size": "large"})],
    ).tables(tmp_path):
        again = from_json(as_json(table))
        assert (again.cells == table.cells).all()
        assert again.cells.dtype == np.uint16
        for name in ("matter", "period", "axes", "verdicts", "raw_combinations"):
            assert getattr(again, name) == getattr(table, name)


def test_a_part_of_a_table_leaves_out_what_is_known_and_ignores_other_facts(
    tmp_path: Path,
) -> None:
    table: Table = Pack(
        {"colour": COLOURS, "size": SIZES},
        [rule("G", {"colour": "red"}, "north"), rule("H", {"size": "small"}, "south")],
    ).table(tmp_path)
    axes, cells = table.part({"colour": "red", "weather": "rain"})
    assert [axis.fact for axis in axes] == ["size"]
    assert [table.verdicts[int(n)].standing for n in cells] == [("G", "H"), ("G",)]
    assert table.period == Period(date(2000, 1, 1))
