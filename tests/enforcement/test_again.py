"""A frozen question asked again: what was said stays said, what is corrected is corrected."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from enforcement.again import asked_again, resolve_again
from enforcement.district import District
from enforcement.errors import BadQuestion
from enforcement.resolution import AtPoint, AtStake, InArea, Question, resolve
from geo.points import Point
from tests.enforcement import toy

BORDER = AtPoint(Point(114.01, 22.008))
EAST = AtPoint(Point(114.015, 22.008))
BETWEEN = AtPoint(Point(114.005, 22.005), 20.0)
STALL = {"stage": "shop", "licence": "unlicensed"}


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> District:
    return toy.district(tmp_path_factory.mktemp("again"))


def frozen(
    district: District,
    matter: str,
    where: AtPoint | AtStake | InArea,
    facts: Mapping[str, str],
    asker: str | None = None,
) -> dict[str, Any]:
    """A resolution as a case keeps it: written to JSON and read again."""
    question = Question(matter, toy.DAY, toy.DAY, where, facts, asker)
    kept: dict[str, Any] = json.loads(json.dumps(resolve(question, district).as_dict()))
    return kept


def lead_of(answer: Mapping[str, Any]) -> str | None:
    return None if answer["lead"] is None else str(answer["lead"]["unit"])


@pytest.mark.parametrize(
    ("matter", "where", "facts", "asker"),
    [
        ("food", BORDER, STALL | {"place.street": "E"}, "team_e"),
        ("food", EAST, {"stage": "farm", "licence": "unlicensed", "zone.water": "inside"}, None),
        ("food", BORDER, STALL | {"place.street": "unknown", "colour": "unknown"}, None),
        ("food", InArea("E"), STALL, None),
        ("hole", BETWEEN, {"place.road": "R2"}, None),
        ("hole", AtStake("R1", "K0+500"), {}, None),
        ("mast", EAST, {"height_m": "31.5"}, "team_w"),
    ],
)
def test_asked_again_without_a_correction_it_is_the_same_answer(
    district: District,
    matter: str,
    where: AtPoint | AtStake | InArea,
    facts: Mapping[str, str],
    asker: str | None,
) -> None:
    first = frozen(district, matter, where, facts, asker)
    again = asked_again(first, {}, toy.DAY)
    assert (again.where, again.facts, again.asker) == (where, facts, asker)
    assert resolve_again(first, {}, toy.DAY, district=district) == first


def test_the_street_that_was_said_at_a_border_stays_through_one_correction_after_another(
    district: District,
) -> None:
    first = frozen(district, "food", BORDER, STALL | {"place.street": "E"})
    second = resolve_again(first, {"stage": "kitchen"}, toy.DAY, district=district)
    third = resolve_again(second, {"colour": "red"}, toy.DAY, district=district)
    assert [lead_of(one) for one in (first, second, third)] == ["team_e"] * 3
    assert third["facts"] == {"stage": "kitchen", "licence": "unlicensed", "colour": "red"} | {
        "zone.water": "none"
    }


def test_what_is_said_of_the_place_can_itself_be_corrected(district: District) -> None:
    first = frozen(district, "food", BORDER, STALL | {"place.street": "E"})
    moved = resolve_again(first, {"place.street": "W"}, toy.DAY, district=district)
    assert lead_of(moved) == "team_w"
    with pytest.raises(BadQuestion, match="X"):
        resolve_again(first, {"place.street": "X"}, toy.DAY, district=district)


def test_a_road_that_a_newer_map_does_not_have_there_is_asked_for_again(
    district: District,
) -> None:
    first = frozen(district, "hole", BETWEEN, {"place.road": "R2"})
    first["asked"]["facts"]["place.road"] = "R9"
    again = resolve_again(first, {}, toy.DAY, district=district)
    assert (again["outcome"], again["ask"][0]["fact"]) == ("needs_facts", "place.road")
    first["asked"]["facts"]["stage"] = "shop"
    with pytest.raises(BadQuestion, match="stage"):
        resolve_again(first, {}, toy.DAY, district=district)


def test_a_resolution_from_before_it_kept_what_was_asked_is_asked_by_what_it_knew(
    district: District,
) -> None:
    first = frozen(district, "food", EAST, STALL)
    del first["asked"]
    again = resolve_again(first, {"licence": "licensed"}, toy.DAY, district=district)
    assert (lead_of(again), again["place"]) == ("trade", first["place"])
    del first["place"]
    with pytest.raises(BadQuestion, match="file it anew"):
        resolve_again(first, {}, toy.DAY, district=district)
