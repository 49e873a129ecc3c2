"""For any question on any covered day: one lead, or one registered seam with one interim unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enforcement.district import SCHEMATIC, District, open_district
from enforcement.questions import ROAD_FACT
from enforcement.register import Entry, load_register
from enforcement.resolution import AtPoint, AtStake, InArea, Question, Resolution, resolve
from enforcement.seams import settled_for_now
from enforcement.units import UnitKind
from geo.errors import NoSuchStake
from geo.points import Point
from rules.errors import ImpossibleFacts
from rules.model import UNKNOWN, Matter, MatterKind
from rules.regions import covered, refined

FIRST, LAST = date(2006, 12, 1), date(2027, 12, 31)
SEEN: Counter[str] = Counter()


class World:
    """The schematic district with its register; without a long name for failure reports."""

    def __init__(self, data: Path) -> None:
        self.district = open_district(None, data=data)
        catalogue, units = self.district.book.catalogue, self.district.registry.units
        entries = load_register(SCHEMATIC, catalogue, units)
        self.entries: tuple[Entry, ...] = settled_for_now(self.district, entries)[1]


@pytest.fixture(scope="module")
def longgang(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("longgang"))


def facts_of(matter: Matter, dice: Random) -> dict[str, str]:
    """Each fact known, declined or not asked yet."""
    facts = {}
    for fact in matter.facts:
        chosen = dice.choice([None, UNKNOWN, *(5 * list(fact.values))])
        if chosen is not None:
            facts[fact.name] = chosen
    if dice.random() < 0.05:
        facts[ROAD_FACT] = UNKNOWN
    return facts


def somewhere(district: District, on: date, dice: Random) -> AtPoint | AtStake | InArea:
    """Mostly inside, sometimes beyond the border, by street, or at a stake."""
    kind = dice.random()
    if kind < 0.15:
        return InArea(
            dice.choice([s.code for s in district.settings.streets if s.period.covers(on)])
        )
    if kind < 0.2:
        return AtStake(
            "S28", f"K{dice.randint(8, 16)}+{dice.randint(0, 9)}00", dice.choice(["up", None])
        )
    point = Point.checked(lon=dice.uniform(114.04, 114.45), lat=dice.uniform(22.55, 22.83))
    return AtPoint(point, dice.choice([0.0, 5.0, 10.0, 30.0, 150.0]))


def asked(district: District, dice: Random) -> Question:
    on = FIRST + timedelta(dice.randrange((LAST - FIRST).days + 1))
    matter = dice.choice(district.book.matters(on))
    units = [
        unit.id
        for unit in district.registry.units.values()
        if unit.kind is UnitKind.ORG and unit.period.covers(on)
    ]
    return Question(
        matter=matter.code,
        on=on,
        occurred_on=on - timedelta(dice.choice([0, 0, 30])),
        where=somewhere(district, on, dice),
        facts=facts_of(matter, dice),
        asker=dice.choice([None, dice.choice(units)]),
    )


def check(district: District, entries: tuple[Entry, ...], question: Question) -> None:
    try:
        found = resolve(question, district)
    except (ImpossibleFacts, NoSuchStake) as refused:
        SEEN[type(refused).__name__] += 1
        return
    answer = found.as_dict()
    outcome = answer["outcome"]
    SEEN[outcome] += 1
    assert (outcome == "decided") == (answer["lead"] is not None) == (answer["interim"] is None)
    holder = answer["lead"] or answer["interim"]
    check_holder(district, question, holder, leads=outcome == "decided")
    for one in answer["assist"]:
        unit = district.registry.units[one["unit"]]
        assert unit.period.covers(question.on)
        assert answer["lead"] is None or one["unit"] != holder["unit"]
    if outcome == "decided":
        assert answer["because"]
        assert answer["ask"] == []
    elif outcome == "needs_facts":
        assert answer["ask"] or UNKNOWN in question.facts.values()
        assert answer["seam"] is None
        for one in answer["ask"]:  # a road that no register names is asked for as a place
            assert len(one["values"]) > 1 or (one["fact"], one["values"]) == (ROAD_FACT, [])
    elif outcome in ("vacant", "contested"):
        check_registered(district, entries, found)
    district.memory.clear()
    assert resolve(question, district).as_dict() == answer


def check_holder(
    district: District, question: Question, holder: Mapping[str, Any], *, leads: bool
) -> None:
    unit = district.registry.units[holder["unit"]]
    assert unit.kind is not UnitKind.COORDINATION
    assert unit.period.covers(question.on)
    if leads and unit.kind is UnitKind.OWNER:
        assert district.book.matter(question.matter).kind is MatterKind.UPKEEP


def check_registered(district: District, entries: tuple[Entry, ...], found: Resolution) -> None:
    """The seam is in the register, or it is none of the rules but places that differ."""
    seam = found.answer["seam"]
    question = found.question
    if seam is None:  # places that differ, and a question about them that was declined
        assert found.outcome == "contested"
        assert UNKNOWN in question.facts.values() or len(found.whereabouts.places) > 1
        return
    roles = seam["roles"]
    table = district.book.table(question.matter, question.on)
    held = False
    for entry in entries:
        if entry.speaks_of(question.matter, seam["kind"], roles, question.on):
            fine = refined(table, [entry.facts])
            _, inside = fine.part({k: v for k, v in question.facts.items() if v != UNKNOWN})
            held = held or (inside.size > 0 and bool(covered(fine, entry.facts).any()))
    assert held, seam


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**40))
def test_there_is_one_lead_or_one_registered_seam_with_one_interim(
    longgang: World, seed: int
) -> None:
    check(longgang.district, longgang.entries, asked(longgang.district, Random(seed)))


@pytest.mark.long
@settings(max_examples=10_000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**40))
def test_there_is_one_lead_or_one_registered_seam_in_ten_thousand_questions(
    longgang: World, seed: int
) -> None:
    check(longgang.district, longgang.entries, asked(longgang.district, Random(seed)))


def test_nearly_every_question_with_all_its_facts_is_decided(longgang: World) -> None:
    """At least 95 of 100 possible inputs on days outside E0, in a street of the day."""
    dice, district = Random(20261124), longgang.district
    ends: Counter[str] = Counter()
    while ends.total() < 1000:
        on = date(2007, 10, 1) + timedelta(dice.randrange((LAST - date(2007, 10, 1)).days + 1))
        matter = dice.choice(district.book.matters(on))
        streets = [s.code for s in district.settings.streets if s.period.covers(on)]
        facts = {fact.name: dice.choice(list(fact.values)) for fact in matter.facts}
        question = Question(matter.code, on, on, InArea(dice.choice(streets)), facts)
        try:
            ends[resolve(question, district).outcome] += 1
        except ImpossibleFacts:
            continue
    assert ends["decided"] >= 950, ends
