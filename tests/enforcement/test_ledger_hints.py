"""What somebody is told before filing: what is open there, and what would be reopened."""

from __future__ import annotations

from pathlib import Path

import pytest

from enforcement.services.evidence import add_evidence
from enforcement.services.filing import Found, file_case
from enforcement.services.handing import accept, hand_over
from enforcement.services.hints import hints
from enforcement.services.stories import story
from enforcement.store.engine import Store
from tests.enforcement.ledger_world import (
    DISPATCHER,
    HEALTH,
    OFFICER_A,
    OFFICER_B,
    World,
    answer,
    world,
)
from tests.enforcement.test_ledger import HERE, handled
from tests.enforcement.test_ledger_evidence import photo


@pytest.fixture
def at(store: Store, tmp_path: Path) -> World:
    return world(store, tmp_path / "files")


FOUND = Found(answer("catering"), "street_b", "又卖过期肉", point=HERE)


def test_an_open_case_there_is_told_and_opened_by_who_may_see_it(at: World) -> None:
    assert hints(at.ledger, at.by(OFFICER_B), FOUND).near == ()
    case_id = at.file("catering", point=HERE)
    for actor, opens in ((OFFICER_A, True), (OFFICER_B, False), (DISPATCHER, True)):
        (near,) = hints(at.ledger, at.by(actor), FOUND).near
        assert (near.case.id, near.may_open) == (case_id, opens)


def test_a_closed_case_there_is_told_before_it_is_reopened(at: World) -> None:
    case_id = at.file("catering", point=HERE)
    hand_over(at.ledger, at.by(OFFICER_A), case_id, to="health", reason="餐饮")
    accept(at.ledger, at.by(HEALTH), case_id)
    assert hints(at.ledger, at.by(OFFICER_B), FOUND).reopens is None
    handled(at, case_id)
    at.wait(days=3)
    told = hints(at.ledger, at.by(OFFICER_B), FOUND)
    assert told.reopens is not None
    assert (told.reopens.case.id, told.reopens.may_open) == (case_id, False)
    assert told.may_keep_resident is False
    assert hints(at.ledger, at.by(DISPATCHER), FOUND).may_keep_resident is True


def test_first_contact_that_found_it_again_sees_the_case_and_adds_its_photo(at: World) -> None:
    case_id = at.file("catering", point=HERE)
    hand_over(at.ledger, at.by(OFFICER_A), case_id, to="health", reason="餐饮")
    accept(at.ledger, at.by(HEALTH), case_id)
    handled(at, case_id)
    at.wait(days=3)
    file_case(at.ledger, at.by(OFFICER_B), FOUND)
    add_evidence(at.ledger, at.by(OFFICER_B), case_id, name="一.jpg", content=photo())
    told = story(at.ledger, at.by(OFFICER_B), case_id)
    assert (told.case.holder, len(told.evidence)) == ("health", 1)
