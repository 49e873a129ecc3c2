"""The proof names what has not exactly one unit, with the days, the place and the facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from enforcement.found import HORIZON, Found, Kind, Part
from enforcement.register import Entry
from enforcement.seams import Proof, prove
from enforcement.units import Scope
from geo.editions import Edition
from geo.editions import Kind as Layer
from rules.model import Basis, Text
from rules.periods import Period
from tests.enforcement.small_district import (
    EAST,
    SINCE,
    WEST,
    Small,
    mandate,
    owned,
    road_edition,
    square,
    streets_edition,
    unit,
)
from tests.rules.packs import Pack, rule, when

COLOURS = ["red", "green", "blue"]
GREEN_IS_SOUTH = rule("H", {"colour": "green"}, "south", overrides=["G"])


def pack(*rules: dict[str, object], **more: object) -> Pack:
    found = Pack({"colour": COLOURS}, [rule("G", {}, "north"), *rules])
    for name, value in more.items():
        setattr(found, name, value)
    return found


def proof(small: Small, folder: Path, *entries: Entry) -> Proof:
    return prove(small.build(folder), entries)


def only(found: Proof, kind: Kind) -> Found:
    (one,) = [one for one in found.found if one.kind is kind]
    return one


def entry(id_: str, kind: str, facts: dict[str, tuple[str, ...]], **more: object) -> Entry:
    given: dict[str, object] = {
        "id": id_,
        "what": Text("不清楚", "unclear"),
        "matter": "m",
        "kind": kind,
        "facts": facts,
        "roles": (),
        "period": Period(SINCE),
        "claimants": (),
        "owner": "a",
        "deadline": date(2027, 1, 1),
        "interim": Text("首问单位", "the asker"),
        "cites": ("§10.1",),
    }
    return Entry(**(given | more))  # type: ignore[arg-type]


def test_a_district_without_seams_has_none(tmp_path: Path) -> None:
    found = proof(Small(), tmp_path)
    assert found.open == ()
    assert [one.kind for one in found.found] == [Kind.DEAD]
    assert (found.rules, found.units, found.mandates) == (1, 5, 4)
    assert [(m.matter, m.intervals, m.combinations, m.asked) for m in found.matters] == [
        ("m", 1, 3, 1)
    ]


# --- rules ------------------------------------------------------------------------------------


def test_a_gap_is_told_with_its_facts_days_and_remedy(tmp_path: Path) -> None:
    small = Small(
        pack=Pack(
            {"colour": COLOURS},
            [
                rule("G", {"colour": ["red", "green"]}, "north"),
                rule("H", {"colour": "blue"}, "north", ceases_on="2010-01-01"),
            ],
        )
    )
    found = proof(small, tmp_path)
    gap = only(found, Kind.GAP)
    assert found.open == (gap,)
    assert (
        gap.says.en
        == "From 2010-01-01 on, “m” (colour: blue): no rule names a lead (1 combinations)"
    )
    assert gap.says.zh == "自 2010-01-01 起，“m”（blue）：没有规则指明主办单位（1 种组合）"
    assert gap.closes.en == "add a rule, or register the seam"
    assert gap.witness == {"colour": "blue"}
    assert gap.days == (HORIZON - date(2010, 1, 1)).days
    assert gap.as_dict()["open"] is True


def test_an_overlap_names_the_two_rules(tmp_path: Path) -> None:
    found = proof(Small(pack=pack(rule("H", {"colour": "green"}, "south"))), tmp_path)
    overlap = only(found, Kind.OVERLAP)
    assert (overlap.rules, overlap.roles, overlap.units) == (
        ("G", "H"),
        ("north", "south"),
        ("a", "b"),
    )
    assert overlap.witness == {"colour": "green"}
    assert overlap in found.open


def test_different_roles_of_one_unit_are_latent_until_they_part(tmp_path: Path) -> None:
    small = Small(pack=pack(rule("H", {"colour": "green"}, "south")))
    parts = date(2010, 1, 1)
    small.mandates[1] = mandate("south", "a", until=parts)
    small.mandates.append(mandate("south", "b", parts))
    found = proof(small, tmp_path)
    latent, overlap = only(found, Kind.LATENT), only(found, Kind.OVERLAP)
    assert (latent.period, latent.units) == (Period(SINCE, parts), ("a",))
    assert overlap.period == Period(parts)
    assert found.open == (overlap,)


def test_a_planted_duplicate_with_another_role_is_named(tmp_path: Path) -> None:
    found = proof(Small(pack=pack(rule("copy", {}, "south"))), tmp_path)
    assert only(found, Kind.OVERLAP).rules == ("G", "copy")
    assert only(found, Kind.OVERLAP).witness == {}


def test_a_widened_condition_is_named_where_it_now_meets_another_rule(tmp_path: Path) -> None:
    narrow = [
        rule("G", {"colour": ["red", "blue"]}, "north"),
        rule("H", {"colour": "green"}, "south"),
    ]
    assert proof(Small(pack=Pack({"colour": COLOURS}, narrow)), tmp_path / "1").open == ()
    narrow[1]["when"] = {"colour": ["green", "blue"]}
    (one,) = proof(Small(pack=Pack({"colour": COLOURS}, narrow)), tmp_path / "2").open
    assert (one.kind, one.rules, one.witness) == (Kind.OVERLAP, ("G", "H"), {"colour": "blue"})


def test_an_idle_rule_is_told_and_does_not_fail_the_proof(tmp_path: Path) -> None:
    found = proof(Small(pack=pack(rule("X", {}, "south", overrides=["G"]))), tmp_path)
    idle = only(found, Kind.IDLE)
    assert (idle.rules, "X always beats it" in idle.says.en) == (("G",), True)
    assert found.open == ()


def test_a_rule_that_never_holds_is_told(tmp_path: Path) -> None:
    small = Small(
        pack=pack(rule("N", {"colour": "red"}, "south"), cannot=[when("c1", {"colour": "red"})])
    )
    assert "its facts never occur" in only(proof(small, tmp_path), Kind.IDLE).says.en


def test_a_rule_without_a_source_is_named(tmp_path: Path) -> None:
    found = only(
        proof(Small(pack=Pack({"c": ["x"]}, [rule("G", {}, "north", source=[])])), tmp_path),
        Kind.UNSOURCED,
    )
    assert found.rules == ("G",)
    assert found.blocking


# --- mandates ---------------------------------------------------------------------------------


def test_a_role_that_nobody_holds_for_some_days_is_a_vacancy(tmp_path: Path) -> None:
    small = Small()
    small.mandates[0] = mandate("north", "a", until=date(2010, 1, 1))
    small.mandates.append(mandate("north", "b", date(2010, 1, 2)))
    vacancy = only(proof(small, tmp_path), Kind.VACANCY)
    assert vacancy.part is Part.MANDATES
    assert vacancy.period == Period(date(2010, 1, 1), date(2010, 1, 2))
    assert vacancy.days == 1
    assert vacancy.says.en.startswith("On 2010-01-01, “m” (in every case): “north” leads (rules G)")
    assert vacancy.says.zh.startswith("2010-01-01 当天，“m”（任何情形）：应由“north”主办")


def test_a_vacancy_in_one_street_names_the_street(tmp_path: Path) -> None:
    small = Small(pack=pack(rule("E", {"colour": "red"}, "east", overrides=["G"])))
    small.mandates[3] = mandate("east", "e", until=date(2010, 1, 1), element=EAST)
    found = [one for one in proof(small, tmp_path).open if one.matter]
    assert [(one.kind, one.elements, one.witness) for one in found] == [
        (Kind.VACANCY, (EAST,), {"colour": "red"})
    ]


def test_an_assisting_role_without_a_unit_is_a_vacancy_too(tmp_path: Path) -> None:
    helps = rule("H", {"colour": "red"}, assist=[{"role": "south", "duty": "joint"}])
    small = Small(pack=pack(helps))
    del small.mandates[1]
    vacancy = only(proof(small, tmp_path), Kind.VACANCY)
    assert (vacancy.roles, vacancy.witness) == (("south",), {"colour": "red"})
    assert "“south” assists" in vacancy.says.en


def test_a_unit_that_ends_before_its_mandate_leaves_a_vacancy(tmp_path: Path) -> None:
    small = Small()
    small.units[0] = unit("a", until=date(2012, 1, 1))
    assert only(proof(small, tmp_path), Kind.VACANCY).period == Period(date(2012, 1, 1))


def test_the_first_contact_must_exist_in_every_street(tmp_path: Path) -> None:
    small = Small()
    del small.mandates[3]
    vacancy = only(proof(small, tmp_path), Kind.VACANCY)
    assert (vacancy.elements, vacancy.roles, vacancy.matter) == ((EAST,), ("east",), None)
    small.mandates = small.mandates[:2]
    everywhere = only(proof(small, tmp_path), Kind.VACANCY)
    assert everywhere.elements == ()


def test_a_role_given_to_two_units_for_one_day_is_named(tmp_path: Path) -> None:
    small = Small()
    small.mandates[0] = mandate("north", "a", until=date(2010, 1, 2))
    small.mandates.append(mandate("north", "b", date(2010, 1, 1)))
    double = only(proof(small, tmp_path), Kind.DOUBLE)
    assert (double.period, double.units) == (
        Period(date(2010, 1, 1), date(2010, 1, 2)),
        ("a", "b"),
    )
    assert "Bureau a and Bureau b hold “north” in district" in double.says.en


def test_nested_mandates_are_named(tmp_path: Path) -> None:
    small = Small()
    small.mandates.append(mandate("north", "b", date(2010, 1, 1), element=WEST))
    nested = only(proof(small, tmp_path), Kind.NESTED)
    assert nested.period == Period(date(2010, 1, 1))
    assert nested.units == ("a", "b")


def test_a_coordination_body_that_holds_a_leading_role_is_named(tmp_path: Path) -> None:
    small = Small()
    small.units[0] = unit("a", "coordination")
    found = only(proof(small, tmp_path), Kind.COORDINATION)
    assert found.units == ("a",)
    assert "Bureau a (coordination) has no such power" in found.says.en


def test_an_owner_that_holds_an_enforcing_role_is_named(tmp_path: Path) -> None:
    small = Small()
    small.units[0] = unit("a", "owner")
    assert only(proof(small, tmp_path), Kind.POWER).units == ("a",)


def test_a_mandate_that_no_rule_needs_is_told(tmp_path: Path) -> None:
    assert only(proof(Small(), tmp_path), Kind.DEAD).roles == ("south",)
    small = Small(pack=pack(GREEN_IS_SOUTH))
    assert [one.kind for one in proof(small, tmp_path / "2").found] == []


# --- the map ----------------------------------------------------------------------------------


def test_a_hole_between_streets_is_named_with_a_point_and_its_size(tmp_path: Path) -> None:
    ring = shapely.difference(square(114.0, wide=0.2), shapely.box(114.05, 22.64, 114.06, 22.65))
    west = shapely.intersection(ring, square(114.0))
    east = shapely.intersection(ring, square(114.1))
    found = proof(Small(editions=[streets_edition({WEST: west, EAST: east})]), tmp_path)
    hole = only(found, Kind.HOLE)
    assert hole.part is Part.MAP
    assert "at 114.055000, 22.645000 belong to no street" in hole.says.en


def test_streets_that_overlap_are_named(tmp_path: Path) -> None:
    found = proof(
        Small(editions=[streets_edition({WEST: square(114.0, wide=0.11), EAST: square(114.1)})]),
        tmp_path,
    )
    assert only(found, Kind.MAP_OVERLAP).elements == (WEST, EAST)


def test_slivers_and_stakes_are_counted_and_do_not_fail_the_proof(tmp_path: Path) -> None:
    thin = 0.000003  # of a degree of longitude: 0.3 m
    streets = streets_edition({WEST: square(114.0, wide=0.1 + thin), EAST: square(114.1)})
    found = proof(
        Small(editions=[streets, road_edition(["r1"])], register=[owned("gone", "a")]), tmp_path
    )
    told = [one.says.en for one in found.found if one.kind is Kind.FAULTS]
    assert any("sliver: one line drawn twice, 1 places" in one for one in told)
    assert any("registered, but not in the layer, 1 places" in one for one in told)
    assert all(one.kind is not Kind.MAP_OVERLAP for one in found.open)


def test_a_map_and_settings_that_name_different_streets_are_told_apart(tmp_path: Path) -> None:
    later = date(2005, 1, 1)
    editions = [streets_edition({WEST: square(114.0), EAST: square(114.1)}, later)]
    found = only(proof(Small(editions=editions), tmp_path), Kind.STREETS)
    assert found.period == Period(SINCE, later)
    assert "listed only ['100', '200']" in found.says.en


def roads(register: list[object], **more: object) -> Small:
    small = Small(
        pack=Pack({"colour": COLOURS}, [rule("G", {}, "owner")], matter={"kind": "upkeep"}),
        editions=[
            streets_edition({WEST: square(114.0), EAST: square(114.1)}),
            road_edition(["r1", "r2"]),
        ],
        register=register,  # type: ignore[arg-type]
    )
    small.mandates.append(mandate("owner", None, scope=Scope.SEGMENT, register="maintain"))
    for name, value in more.items():
        setattr(small, name, value)
    return small


def test_unregistered_kilometres_are_told_and_do_not_fail_the_proof(tmp_path: Path) -> None:
    found = proof(roads([owned("r1", "a")]), tmp_path)
    assert only(found, Kind.UNREGISTERED).says.en == (
        "From 2000-01-01 on, 5.1 of 10.3 km of road have no owner for maintain"
    )
    assert found.open == ()
    assert found.map.road_km == pytest.approx(10.28, abs=0.01)
    (unregistered,) = found.map.unregistered_km
    assert unregistered[0] == "maintain"
    assert unregistered[1] == pytest.approx(5.14, abs=0.01)


def test_a_stretch_with_two_owners_is_named(tmp_path: Path) -> None:
    found = proof(roads([owned("r1", "a"), owned("r2", "a"), owned("r1", "b")]), tmp_path)
    assert only(found, Kind.DOUBLE).units == ("a", "b")


def test_an_owner_that_does_not_exist_then_is_named(tmp_path: Path) -> None:
    small = roads([owned("r1", "a"), owned("r2", "x")])
    small.units[0] = unit("a", until=date(2010, 1, 1))
    found = [one for one in proof(small, tmp_path).open if one.kind is Kind.OWNERS]
    assert [(one.units, one.period.valid_from) for one in found] == [
        (("x",), SINCE),
        (("a",), date(2010, 1, 1)),
        (("x",), date(2010, 1, 1)),
    ]


def test_a_coordination_body_in_the_road_register_is_named(tmp_path: Path) -> None:
    small = roads([owned("r1", "k"), owned("r2", "k")])
    small.units.append(unit("k", "coordination"))
    assert only(proof(small, tmp_path), Kind.COORDINATION).units == ("k",)


# --- the register -----------------------------------------------------------------------------


def test_an_entry_excuses_the_seam_it_covers_and_only_that(tmp_path: Path) -> None:
    small = Small(pack=Pack({"colour": COLOURS}, [rule("G", {"colour": "red"}, "north")]))
    green = entry("R1", "gap", {"colour": ("green",)}, period=Period(SINCE, date(2010, 1, 1)))
    found = proof(small, tmp_path, green)
    (held,) = found.registered
    assert (held.facts, held.combinations) == ({"colour": ("green",)}, 1)
    assert [(one.facts["colour"], one.period.valid_from) for one in found.open] == [
        (("blue",), SINCE),
        (("green", "blue"), date(2010, 1, 1)),
    ]
    both = entry("R2", "gap", {"colour": ("green", "blue")}, period=Period(SINCE, date(2010, 1, 1)))
    found = proof(small, tmp_path, both)
    (held,) = found.registered
    assert (held.entry, held.period, held.combinations) == (
        "R2",
        Period(SINCE, date(2010, 1, 1)),
        2,
    )
    (open_,) = found.open
    assert (open_.kind, open_.period) == (Kind.GAP, Period(date(2010, 1, 1)))


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "overlap"},
        {"matter": "n"},
        {"roles": ("north",)},
        {"period": Period(date(2027, 1, 1))},
    ],
)
def test_an_entry_of_another_kind_matter_role_or_time_excuses_nothing_before(
    change: dict[str, object], tmp_path: Path
) -> None:
    small = Small(pack=Pack({"colour": COLOURS}, [rule("G", {"colour": "red"}, "north")]))
    given: dict[str, object] = {"facts": {"colour": ("green", "blue")}, "kind": "gap"} | change
    found = proof(small, tmp_path, entry("R1", **given))  # type: ignore[arg-type]
    assert found.open[0].period.valid_from == SINCE


def test_a_vacancy_can_be_registered_for_its_role(tmp_path: Path) -> None:
    small = Small(pack=pack(GREEN_IS_SOUTH))
    del small.mandates[1]
    green = entry("R1", "vacancy", {"colour": ("green",)}, roles=("south",))
    found = proof(small, tmp_path, green)
    assert found.open == ()
    assert [(one.kind, one.entry) for one in found.registered] == [(Kind.VACANCY, "R1")]
    assert found.of(Part.MANDATES) == found.found


# --- what loading refuses, planted past it --------------------------------------------------------


def planted(folder: Path, **changes: object) -> list[Found]:
    """What the proof finds when the one rule is changed after loading."""
    district = Small().build(folder)
    catalogue = district.book.catalogue
    changed = replace(catalogue.rules["G"], **changes)  # type: ignore[arg-type]
    book = replace(district.book, catalogue=replace(catalogue, rules={"G": changed}))
    return list(prove(replace(district, book=book)).open)


def test_a_basis_that_is_not_in_force_on_its_day_is_named(tmp_path: Path) -> None:
    law = Small().pack.catalogue(tmp_path / "law").laws["law"]
    late = Basis(law, "1", Period(date(2010, 1, 1)))
    (found,) = planted(tmp_path, basis=(late,))
    assert (found.kind, found.rules, found.period) == (
        Kind.UNBASED,
        ("G",),
        Period(SINCE, date(2010, 1, 1)),
    )
    assert "no basis that rule G cites is in force" in found.says.en


@pytest.mark.parametrize(("role", "kind"), [("council", Kind.COORDINATION), ("owner", Kind.POWER)])
def test_a_rule_whose_lead_has_no_power_is_named(role: str, kind: Kind, tmp_path: Path) -> None:
    roles = Small().pack.catalogue(tmp_path / "roles").roles
    found = planted(tmp_path, lead=roles[role])
    assert (kind, ("G",)) in {(one.kind, one.rules) for one in found}


def test_a_rule_that_only_adds_to_the_answer_needs_no_power(tmp_path: Path) -> None:
    assert {one.kind for one in planted(tmp_path, lead=None)} == {Kind.GAP}


def test_a_role_by_communities_is_looked_up_in_each(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame(
        {"code": ["c1", "c2"], "name": ["c1", "c2"]},
        geometry=[square(114.0), square(114.1)],
        crs="EPSG:4326",
    )
    communities = Edition.made(
        kind=Layer.COMMUNITY, name="communities", valid_from=SINCE, ceases_on=None, frame=frame
    )
    small = Small(
        editions=[streets_edition({WEST: square(114.0), EAST: square(114.1)}), communities]
    )
    small.mandates[0] = mandate("north", "a", element="c1", scope=Scope.COMMUNITY)
    vacancy = only(proof(small, tmp_path), Kind.VACANCY)
    assert (vacancy.elements, vacancy.roles) == (("c2",), ("north",))
    small.mandates.append(mandate("north", "b", element="c2", scope=Scope.COMMUNITY))
    assert proof(small, tmp_path / "2").open == ()
