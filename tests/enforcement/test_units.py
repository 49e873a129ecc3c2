"""Who may hold which role, and that data in which two could, or a coordination body, is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforcement.units import Mandate, Registry, Scope, Spot, Unit, UnitKind, faults_of
from rules.model import Power, Role, Text
from rules.periods import Period

SINCE_2004 = Period(date(2004, 1, 1))
ROLES = {
    id_: Role(id_, Text(id_, id_), power)
    for id_, power in {
        "street_team": Power.ENFORCE,
        "circulation_regulator": Power.ENFORCE,
        "road_maintainer": Power.MAINTAIN,
        "food_safety_coordinator": Power.COORDINATE,
    }.items()
}


def unit(id_: str, kind: UnitKind = UnitKind.ORG, period: Period = SINCE_2004) -> Unit:
    return Unit(id_, ((None, Text(id_, id_)),), kind, period)


def mandate(
    role: str,
    to: str | None,
    *,
    scope: Scope = Scope.DISTRICT,
    element: str | None = None,
    period: Period = SINCE_2004,
    register: str | None = None,
) -> Mandate:
    return Mandate(role, scope, element, to, period, register)


def sentences(units: list[Unit], mandates: list[Mandate]) -> list[str]:
    return [fault.en for fault in faults_of(units, mandates, ROLES)]


def test_a_coordination_body_may_not_hold_a_role_that_leads() -> None:
    office = unit("food_office", UnitKind.COORDINATION)
    assert sentences([office], [mandate("street_team", "food_office")]) == [
        "food_office is a coordination body and may not hold street_team, which can lead"
    ]


def test_a_coordination_body_may_not_hold_upkeep_either() -> None:
    office = unit("food_office", UnitKind.COORDINATION)
    assert sentences([office], [mandate("road_maintainer", "food_office")])


def test_a_coordination_body_may_coordinate() -> None:
    office = unit("food_office", UnitKind.COORDINATION)
    assert sentences([office], [mandate("food_safety_coordinator", "food_office")]) == []


def test_an_owner_maintains_but_never_enforces() -> None:
    operator = unit("exp_s28", UnitKind.OWNER)
    assert sentences([operator], [mandate("road_maintainer", "exp_s28")]) == []
    assert sentences([operator], [mandate("street_team", "exp_s28")]) == [
        "exp_s28 is an owner and may only maintain, not hold street_team"
    ]


def test_one_role_on_one_day_has_one_unit() -> None:
    units = [unit("aic"), unit("msa")]
    old = Period(date(2004, 1, 1), date(2009, 10, 2))
    new = Period(date(2009, 10, 1))
    clash = [
        mandate("circulation_regulator", "aic", period=old),
        mandate("circulation_regulator", "msa", period=new),
    ]
    assert sentences(units, clash) == ["from 2009-10-01 both aic and msa hold it"]


def test_succession_from_one_day_to_the_next_is_no_clash() -> None:
    units = [unit("aic"), unit("msa")]
    change = date(2009, 10, 1)
    mandates = [
        mandate("circulation_regulator", "aic", period=Period(date(2004, 1, 1), change)),
        mandate("circulation_regulator", "msa", period=Period(change)),
    ]
    assert sentences(units, mandates) == []
    registry = Registry({one.id: one for one in units}, tuple(mandates), "")
    before = registry.holder("circulation_regulator", Spot(), date(2009, 9, 30))
    after = registry.holder("circulation_regulator", Spot(), change)
    assert (before and before.id, after and after.id) == ("aic", "msa")


def test_a_role_has_one_kind_of_scope_on_any_day() -> None:
    units = [unit("a"), unit("b")]
    mandates = [
        mandate("street_team", "a"),
        mandate("street_team", "b", scope=Scope.STREET, element="440307014"),
    ]
    assert sentences(units, mandates) == [
        "from 2004-01-01 it is given by district and by street at once"
    ]


def test_a_mandate_does_not_outlive_its_unit() -> None:
    aic = unit("aic", period=Period(date(2001, 1, 1), date(2009, 10, 1)))
    assert sentences([aic], [mandate("circulation_regulator", "aic")]) == [
        "the mandate exceeds the days of the unit aic (2001-01-01 … 2009-09-30)"
    ]


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (mandate("street_team", "nobody"), "there is no unit nobody"),
        (mandate("sheriff", "a"), "there is no role sheriff"),
        (
            mandate("road_maintainer", "a", scope=Scope.SEGMENT, register="maintain"),
            "a mandate by the register is for segments and names no unit",
        ),
    ],
)
def test_what_a_mandate_names_must_exist(bad: Mandate, says: str) -> None:
    assert sentences([unit("a")], [bad]) == [says]


def test_a_mandate_that_settles_a_seam_for_now_must_tell_the_reader_so() -> None:
    settled = replace(mandate("street_team", "a"), fills="S01")
    assert sentences([unit("a")], [settled]) == [
        "a mandate for now (fills: S01) needs a note that tells the reader so"
    ]
    told = replace(settled, note=Text("暂由该单位承担", "held by this unit for now"))
    assert sentences([unit("a")], [told]) == []


def test_street_team_is_another_unit_in_another_street() -> None:
    units = {id_: unit(id_) for id_ in ("buji", "henggang")}
    mandates = (
        mandate("street_team", "buji", scope=Scope.STREET, element="440307014"),
        mandate("street_team", "henggang", scope=Scope.STREET, element="440307016"),
    )
    registry = Registry(units, mandates, "")
    day = date(2008, 11, 5)
    assert registry.holder("street_team", Spot("440307014"), day) is units["buji"]
    assert registry.holder("street_team", Spot("440307016"), day) is units["henggang"]
    assert registry.holder("street_team", Spot("440307999"), day) is None


def test_the_register_entry_of_the_segment_names_the_maintainer() -> None:
    operator = unit("exp_s28", UnitKind.OWNER)
    by_register = mandate("road_maintainer", None, scope=Scope.SEGMENT, register="maintain")
    registry = Registry({"exp_s28": operator}, (by_register,), "")
    spot = Spot("440307014", None, (("enforce", "trans0"), ("maintain", "exp_s28")))
    assert registry.holder("road_maintainer", spot, date(2008, 11, 5)) is operator
    assert registry.holder("road_maintainer", Spot(), date(2008, 11, 5)) is None


def test_two_owners_of_one_function_are_nobody_rather_than_a_pick() -> None:
    units = {id_: unit(id_, UnitKind.OWNER) for id_ in ("exp_s28", "exp_g15")}
    by_register = mandate("road_maintainer", None, scope=Scope.SEGMENT, register="maintain")
    registry = Registry(units, (by_register,), "")
    twice = Spot(owners=(("maintain", "exp_g15"), ("maintain", "exp_s28")))
    assert registry.holder("road_maintainer", twice, date(2008, 11, 5)) is None


@given(
    st.lists(
        st.tuples(st.dates(date(2004, 1, 1), date(2010, 1, 1)), st.integers(1, 900)), max_size=5
    ),
    st.dates(date(2004, 1, 1), date(2012, 1, 1)),
)
def test_accepted_mandates_never_give_a_role_to_two_units(
    spans: list[tuple[date, int]], day: date
) -> None:
    periods = [
        Period(start, date.fromordinal(start.toordinal() + length)) for start, length in spans
    ]
    units = [unit(f"u{at}") for at in range(len(periods))]
    mandates = [
        mandate("street_team", f"u{at}", period=period) for at, period in enumerate(periods)
    ]
    holding = [at for at, period in enumerate(periods) if period.covers(day)]
    if not faults_of(units, mandates, ROLES):
        registry = Registry({one.id: one for one in units}, tuple(mandates), "")
        found = registry.holder("street_team", Spot(), day)
        assert len(holding) <= 1
        assert (found.id if found else None) == (f"u{holding[0]}" if holding else None)
