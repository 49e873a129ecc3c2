"""Thousands of random rows at once are told what each is told alone, roads included."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from enforcement.bulk import ManyAnswers, Told
from enforcement.district import District
from enforcement.errors import EnforcementError
from enforcement.findings import Outcome
from enforcement.questions import AtPoint, InArea, Question
from enforcement.resolution import resolve
from geo.errors import GeoError
from geo.points import Point
from rules.errors import RulesError
from tests.enforcement import toy

ROWS = 3_000
DAYS = (date(2008, 11, 5), date(2009, 9, 30), date(2009, 10, 1))
VALUES: dict[str, dict[str, tuple[str, ...]]] = {
    "food": {
        "stage": ("shop", "kitchen", "farm", "odd", "fumes", "unknown"),
        "licence": ("licensed", "unlicensed", "unknown"),
        "colour": ("red", "blue"),
    },
    "hole": {"road.road_class": ("arterial", "branch", "unknown")},
    "mast": {"height_m": ("12", "30", "31", "unknown")},
}


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> District:
    return toy.district(tmp_path_factory.mktemp("bulk"))


def questions(chance: np.random.Generator, count: int) -> list[Question]:
    """Questions with facts given, missing and unknown, on days around the reform."""
    found = []
    for _ in range(count):
        matter = str(chance.choice(list(VALUES)))
        facts = {
            name: str(chance.choice(values))
            for name, values in VALUES[matter].items()
            if chance.random() < 0.6
        }
        on = DAYS[int(chance.integers(0, len(DAYS)))]
        asker = "team_w" if chance.random() < 0.2 else None
        found.append(Question(matter, on, on, InArea(""), facts, asker))
    return found


def alone(question: Question, where: AtPoint, district: District) -> Told:
    """What the row is told by itself, of which bulk says the same."""
    asked = Question(
        question.matter, question.on, question.occurred_on, where, question.facts, question.asker
    )
    try:
        found = resolve(asked, district)
    except (RulesError, GeoError, EnforcementError) as error:
        return Told(error=str(error))
    lead, interim = found.answer["lead"], found.answer["interim"]
    return Told(
        outcome=found.outcome.value,
        certain=found.certain,
        lead=lead and lead["unit"],
        interim=interim and interim["unit"],
        rules=";".join(one["rule"] for one in found.answer["because"]) or None,
        ask=";".join(one["fact"] for one in found.answer["ask"]) or None,
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_random_rows_are_told_together_what_each_is_told_alone(
    district: District, seed: int
) -> None:
    chance = np.random.default_rng(seed)
    torn = {"stage": "odd", "licence": "unlicensed"}  # two rules of equal rank
    asked = [
        Question("food", DAYS[0], DAYS[0], InArea(""), torn, None),
        *questions(chance, 120),
    ]
    number = chance.integers(0, len(asked), ROWS)
    lons = chance.uniform(113.999, 114.031, ROWS)
    lats = chance.uniform(21.999, 22.011, ROWS)
    near = chance.random(ROWS) < 0.4  # beside the two roads, 12 m apart
    lats[near] = 22.005 + chance.normal(0, 2e-4, int(near.sum()))
    seam = chance.random(ROWS) < 0.3
    lons[seam] = 114.01 + chance.normal(0, 1e-4, int(seam.sum()))
    metres = chance.choice([0.0, 3.0, 10.0, 20.0, 60.0], ROWS)
    answers = ManyAnswers(district).of(asked, number, lons, lats, metres)
    outcomes = set()
    for at in range(ROWS):
        told = answers.told[answers.code[at]]
        where = AtPoint(Point.checked(lon=float(lons[at]), lat=float(lats[at])), float(metres[at]))
        other = alone(asked[number[at]], where, district)
        for name in ("outcome", "certain", "lead", "interim", "rules", "ask", "error"):
            assert getattr(told, name) == getattr(other, name), (asked[number[at]], where)
        outcomes.add(told.outcome)
    assert {one.value for one in Outcome} <= outcomes
