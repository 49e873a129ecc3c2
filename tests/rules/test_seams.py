"""Gaps, overlaps and idle rules are found with the fewest facts that show them."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.build import build
from rules.check import described, main
from rules.periods import Period
from rules.regions import covered, in_words, refined, regions
from rules.seams import IdleRule, Seam, SeamKind, idle_rules, seams_of
from rules.table import Axis, Table, Verdict
from tests.rules.packs import Pack, rule, when
from tests.rules.test_tables import packs


def seams(pack: Pack, folder: Path) -> list[Seam]:
    catalogue = pack.catalogue(folder)
    return [seam for table in pack.tables(folder) for seam in seams_of(table, catalogue)]


def idle(pack: Pack, folder: Path) -> list[IdleRule]:
    catalogue = pack.catalogue(folder)
    return [one for table in pack.tables(folder) for one in idle_rules(table, catalogue)]


COLOURS = ["red", "green", "blue"]
SIZES = ["small", "large"]


def test_a_gap_is_named_with_the_facts_that_force_it(tmp_path: Path) -> None:
    pack = Pack(
        {"colour": COLOURS, "size": SIZES},
        [rule("G", {"colour": "red"}, "north"), rule("H", {"size": "small"}, "north")],
    )
    (seam,) = seams(pack, tmp_path)
    assert seam.kind is SeamKind.GAP
    assert seam.facts == {"colour": ("green", "blue"), "size": ("large",)}
    assert seam.witness == {"colour": "green", "size": "large"}
    assert (seam.rules, seam.leads, seam.combinations) == ((), (), 2)


def test_an_overlap_names_the_rules_and_the_roles(tmp_path: Path) -> None:
    pack = Pack(
        {"colour": COLOURS, "size": SIZES},
        [
            rule("G", {}, "north"),
            rule("H", {"colour": "red"}, "south"),
            rule("I", {"size": "large"}, assist=[{"role": "east", "duty": "joint"}]),
        ],
    )
    (seam,) = seams(pack, tmp_path)
    assert seam.kind is SeamKind.OVERLAP
    assert seam.witness == {"colour": "red"}
    assert (seam.rules, seam.leads, seam.combinations) == (("G", "H"), ("north", "south"), 2)


def test_two_rules_that_name_one_role_are_no_overlap(tmp_path: Path) -> None:
    pack = Pack(
        {"colour": COLOURS}, [rule("G", {}, "north"), rule("H", {"colour": "red"}, "north")]
    )
    assert seams(pack, tmp_path) == []


def test_a_combination_that_does_not_exist_is_no_gap(tmp_path: Path) -> None:
    pack = Pack(
        {"colour": COLOURS},
        [rule("G", {"colour": {"not": ["red"]}}, "north")],
        cannot=[when("c1", {"colour": "red"})],
    )
    assert seams(pack, tmp_path) == []


def test_a_seam_lasts_only_the_days_it_lasts(tmp_path: Path) -> None:
    pack = Pack(
        {"colour": COLOURS},
        [
            rule("G", {}, "north", ceases_on="2009-10-01"),
            rule("H", {}, "south", valid_from="2009-09-01"),
        ],
    )
    (seam,) = seams(pack, tmp_path)
    assert seam.kind is SeamKind.OVERLAP
    assert str(seam.period) == "2009-09-01 … 2009-09-30"
    assert seam.witness == {}


def test_a_matter_without_facts_can_have_a_gap_too(tmp_path: Path) -> None:
    (seam,) = seams(Pack({}, [rule("G", {}, "north", ceases_on="2010-01-01")]), tmp_path)
    assert (seam.facts, seam.witness, seam.combinations) == ({}, {}, 1)


def test_a_rule_is_masked_where_it_is_always_beaten_and_never_where_it_never_holds(
    tmp_path: Path,
) -> None:
    pack = Pack(
        {"colour": COLOURS},
        [
            rule("G", {"colour": "red"}, "north"),
            rule("X", {"colour": ["red", "green"]}, "south", overrides=["G"]),
            rule("N", {"colour": "blue"}, "south"),
            rule("Z", {"colour": "blue"}, "south", ceases_on="2001-01-01"),
        ],
        cannot=[when("c1", {"colour": "blue"})],
    )
    before, after = pack.tables(tmp_path)
    catalogue = pack.catalogue(tmp_path)
    assert [(one.rule, one.masked_by) for one in idle_rules(before, catalogue)] == [
        ("G", ("X",)),
        ("N", ()),
        ("Z", ()),
    ]
    assert [one.rule for one in idle_rules(after, catalogue)] == ["G", "N"]


# --- the published examples, rewritten ------------------------------------------------------------


def test_the_gap_in_an_age_table_is_found(tmp_path: Path) -> None:
    """KIE's decision-table validation: rules for under 18, 18 to 65, and over 67 leave a gap."""
    pack = Pack(
        {"age": ["under_18", "from_18", "from_65", "from_67"]},
        [
            rule("minor", {"age": "under_18"}, "north"),
            rule("adult", {"age": "from_18"}, "south"),
            rule("senior", {"age": "from_67"}, "east"),
        ],
    )
    (seam,) = seams(pack, tmp_path)
    assert (seam.kind, seam.witness, seam.combinations) == (SeamKind.GAP, {"age": "from_65"}, 1)


def test_the_overlap_in_a_loan_table_is_found(tmp_path: Path) -> None:
    """KIE: age >= 18 with a low risk, and any age with a low risk and a job, hold together."""
    pack = Pack(
        {"age": ["under_18", "from_18"], "risk": ["low", "high"], "job": ["no", "yes"]},
        [
            rule("row1", {"age": "from_18", "risk": "low"}, "north"),
            rule("row2", {"risk": "low", "job": "yes"}, "south"),
            rule("row3", {"risk": "high"}, "east"),
            rule("row4", {"age": "under_18", "risk": "low", "job": "no"}, "east"),
        ],
    )
    (seam,) = seams(pack, tmp_path)
    assert seam.kind is SeamKind.OVERLAP
    assert seam.rules == ("row1", "row2")
    assert seam.witness == {"age": "from_18", "risk": "low", "job": "yes"}
    assert seam.combinations == 1


def test_a_masked_row_of_a_table_is_found(tmp_path: Path) -> None:
    """KIE: a row that a more general one with precedence swallows can never fire."""
    pack = Pack(
        {"age": ["under_18", "from_18"], "job": ["no", "yes"]},
        [
            rule("wide", {"age": "from_18"}, "north", overrides=["narrow"]),
            rule("narrow", {"age": "from_18", "job": "yes"}, "south"),
            rule("rest", {"age": "under_18"}, "south"),
        ],
    )
    assert seams(pack, tmp_path) == []
    (found,) = idle(pack, tmp_path)
    assert (found.rule, found.masked_by) == ("narrow", ("wide",))


def test_conflicting_exceptions_to_one_definition_are_found(tmp_path: Path) -> None:
    """Catala's proof tests: two exceptions of equal rank to one default hold at the same time."""
    pack = Pack(
        {"income": ["up_to_10000", "above_10000"], "children": ["up_to_2", "above_2"]},
        [
            rule("general", {}, "north"),
            rule("low_income", {"income": "up_to_10000"}, "south", overrides=["general"]),
            rule("large_family", {"children": "above_2"}, "east", overrides=["general"]),
        ],
    )
    (seam,) = seams(pack, tmp_path)
    assert seam.kind is SeamKind.OVERLAP
    assert seam.rules == ("large_family", "low_income")
    assert seam.witness == {"income": "up_to_10000", "children": "above_2"}


def test_an_exception_to_one_of_the_two_mends_the_overlap(tmp_path: Path) -> None:
    pack = Pack(
        {"income": ["up_to_10000", "above_10000"], "children": ["up_to_2", "above_2"]},
        [
            rule("general", {}, "north"),
            rule("low_income", {"income": "up_to_10000"}, "south", overrides=["general"]),
            rule(
                "large_family", {"children": "above_2"}, "east", overrides=["general", "low_income"]
            ),
        ],
    )
    assert seams(pack, tmp_path) == []


def test_definitions_without_a_default_leave_a_gap(tmp_path: Path) -> None:
    """Catala: no default, and conditions that do not cover everything."""
    pack = Pack(
        {"x": ["negative", "zero", "positive"]},
        [rule("below", {"x": "negative"}, "north"), rule("above", {"x": "positive"}, "north")],
    )
    (seam,) = seams(pack, tmp_path)
    assert (seam.kind, seam.witness) == (SeamKind.GAP, {"x": "zero"})


# --- regions --------------------------------------------------------------------------------------


@st.composite
def masked(draw: st.DrawFn) -> tuple[Table, np.ndarray]:
    shape = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    size = int(np.prod(shape))
    cells = draw(st.lists(st.integers(0, 2), min_size=size, max_size=size))
    axes = tuple(
        Axis("abcd"[at], tuple((f"{n}x", f"{n}y")[: 1 + n % 2] for n in range(count)))
        for at, count in enumerate(shape)
    )
    table = Table(
        "m",
        Period.__new__(Period),
        axes,
        np.array(cells, dtype=np.uint16).reshape(shape),
        (Verdict(), Verdict(("G",)), Verdict(impossible="c")),
    )
    return table, table.cells == 0


@settings(max_examples=200)
@given(given_=masked())
def test_regions_hold_every_wanted_cell_once_and_nothing_that_exists_besides(
    given_: tuple[Table, np.ndarray],
) -> None:
    table, wanted = given_
    found = list(regions(table, wanted))
    held = np.zeros_like(wanted)
    for region in found:
        inside = covered(table, region.facts)
        assert not (inside & ~wanted & table.possible[table.cells]).any()
        assert inside[wanted].any()
        held |= inside & wanted
    assert (held == wanted).all()
    assert sum(region.combinations for region in found) == table.weights[wanted].sum()


@settings(max_examples=100)
@given(given_=masked())
def test_no_witness_can_do_with_fewer_facts(given_: tuple[Table, np.ndarray]) -> None:
    table, wanted = given_
    allowed = wanted | ~table.possible[table.cells]
    for region in regions(table, wanted):
        classes = {
            a.fact: table.at[a.fact][region.witness[a.fact]]
            for a in table.axes
            if a.fact in region.witness
        }

        def forces(facts: tuple[str, ...], classes: dict[str, int] = classes) -> bool:
            index = tuple(classes[a.fact] if a.fact in facts else slice(None) for a in table.axes)
            return bool(allowed[index].all())

        assert forces(tuple(classes))
        assert not any(
            forces(some)
            for size in range(len(classes))
            for some in itertools.combinations(classes, size)
        )


def test_a_class_that_holds_other_values_too_is_not_covered(tmp_path: Path) -> None:
    table = Pack({"colour": COLOURS}, [rule("G", {"colour": "red"}, "north")]).table(tmp_path)
    assert covered(table, {"colour": ["green"]}).tolist() == [False, False]
    assert covered(table, {"colour": ["green", "blue"]}).tolist() == [False, True]
    assert covered(table, {}).tolist() == [True, True]


def test_classes_are_split_where_something_tells_their_values_apart(tmp_path: Path) -> None:
    table = Pack({"colour": COLOURS}, [rule("G", {"colour": "red"}, "north")]).table(tmp_path)
    bare = Pack({}, []).table(tmp_path / "bare")
    assert refined(bare, [{"size": ["large"]}]).cells.shape == ()
    finer = refined(table, [{"colour": ["green"], "size": ["large"]}])
    assert finer.axes[0].classes == (("red",), ("green",), ("blue",))
    assert finer.verdict({"colour": "blue"}) == table.verdict({"colour": "blue"})
    assert covered(finer, {"colour": ["green"]}).tolist() == [False, True, False]


def test_facts_are_said_in_words(tmp_path: Path) -> None:
    matter = Pack({"colour": COLOURS}, []).catalogue(tmp_path).matters["m"]
    words = in_words({"colour": ("red", "blue")}, matter)
    assert (words.zh, words.en) == ("red或blue", "colour: red or blue")
    assert in_words({"colour": "red"}, matter).en == "colour: red"
    assert in_words({}, matter).en == "in every case"


@settings(max_examples=30)
@given(pack=packs())
def test_there_is_a_seam_exactly_where_not_one_role_leads(
    pack: Pack, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("pack")
    (draft,) = pack.drafts(folder)
    catalogue, table = pack.catalogue(folder), build(draft)
    held = np.zeros(table.cells.shape, dtype=bool)
    for seam in seams_of(table, catalogue):
        held |= covered(table, seam.facts)
    for at in np.ndindex(table.cells.shape):
        verdict = table.verdicts[int(table.cells[at])]
        roles = {catalogue.rules[id_].lead for id_ in verdict.standing}
        if verdict.impossible is None:
            assert bool(held[at]) is (len(roles) != 1)


# --- the check that prints them -------------------------------------------------------------------


def test_the_check_prints_factors_seams_and_idle_rules(tmp_path: Path) -> None:
    pack = Pack(
        {"colour": COLOURS},
        [
            rule("G", {"colour": "red"}, "north"),
            rule("X", {"colour": "red"}, "south", overrides=["G"]),
        ],
        cannot=[when("c1", {"colour": "blue"})],
    )
    assert described(pack.book(tmp_path)) == [
        "m 2000-01-01 …: 3 = colour 3; 33% impossible",
        "  gap {colour=green} × 1: no rule ",
        "  idle G: masked by X",
    ]


def test_the_check_ends_with_an_error_for_a_pack_with_faults(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home, _ = Pack({"colour": COLOURS}, [rule("G", {}, "west")]).write(tmp_path)
    assert main([str(home)]) == 1
    assert "there is no role west" in capsys.readouterr().err
