"""What would change the answer: single facts that lead to another unit, and nothing else."""

import pytest

from enforcement.changes import changes
from enforcement.district import District
from enforcement.resolution import AtPoint, Question, resolve
from geo.points import Point
from tests.enforcement import toy

WEST = AtPoint(Point.checked(lon=114.007, lat=22.008))


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> District:
    return toy.district(tmp_path_factory.mktemp("toy"))


def asked(**facts: str) -> Question:
    return Question("food", toy.DAY, toy.DAY, WEST, facts)


def test_each_change_leads_to_another_unit_when_it_is_asked(district: District) -> None:
    question = asked(stage="shop", licence="licensed")
    told = resolve(question, district)
    found = changes(question, told, district)
    assert found
    for one in found:
        facts = {**question.facts, one.fact.name: one.value}
        then = resolve(Question("food", toy.DAY, toy.DAY, WEST, facts), district)
        assert then.lead is not None
        assert told.lead is not None
        assert then.lead["unit"] == one.lead["unit"] != told.lead["unit"]


def test_without_a_lead_there_is_nothing_to_change(district: District) -> None:
    question = asked()
    told = resolve(question, district)
    assert told.lead is None
    assert changes(question, told, district) == ()
