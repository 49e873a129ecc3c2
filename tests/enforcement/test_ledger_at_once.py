"""Fifty officers at once: no lock error and no lost update, on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from enforcement.case_clock import StepKind
from enforcement.policies import Actor
from enforcement.services.checking import check_ledger
from enforcement.services.figures import district_figures
from enforcement.services.filing import Found, file_case
from enforcement.services.handling import Step, add_step
from enforcement.services.ledger import Done
from enforcement.services.stories import story
from enforcement.store.engine import MODE, READ, Store
from tests.enforcement.ledger_world import OFFICER_A, SUPERVISOR, World, answer, world

OFFICERS = 50
EACH = 3


@pytest.fixture
def at(store: Store, tmp_path: Path) -> World:
    return world(store, tmp_path / "files")


def at_once(do: Callable[[Actor], Done]) -> tuple[list[Done], list[str]]:
    """What fifty officers of one street got who all do this at the same moment, and every error."""
    done: list[Done] = []
    errors: list[str] = []
    ready = threading.Barrier(OFFICERS, timeout=60)

    def run(n: int) -> None:
        officer = replace(OFFICER_A, id=f"officer{n}")
        ready.wait()
        for _ in range(EACH):
            try:
                done.append(do(officer))
            except Exception as error:  # noqa: BLE001 - every error is what is looked for
                errors.append(repr(error))

    threads = [threading.Thread(target=run, args=(n,)) for n in range(OFFICERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done, errors


def test_fifty_officers_who_file_at_once_lose_nothing(at: World) -> None:
    def file(officer: Actor) -> Done:
        found = Found(answer("catering"), "street_a", f"过期肉，{officer.id}")
        return file_case(at.ledger, at.by(officer), found)

    done, errors = at_once(file)
    assert errors == []
    assert sorted(one.case_id for one in done) == list(range(1, OFFICERS * EACH + 1))
    checked = check_ledger(at.ledger)
    assert (checked.is_whole, checked.events) == (True, OFFICERS * EACH)
    # The counter is one row that everybody reads, raises and writes: what is lost would show here
    figures = district_figures(at.ledger, at.by(SUPERVISOR), first="2008-11", last="2008-11")
    assert figures.whole.count("found") == OFFICERS * EACH
    with at.ledger.store.execution_options(**{MODE: READ}).connect() as connection:
        by_officer = connection.execute(
            text("SELECT opened_by, count(*) FROM case_file GROUP BY opened_by")
        ).all()
    assert {(f"officer{n}", EACH) for n in range(OFFICERS)} == {tuple(row) for row in by_officer}


def test_fifty_officers_who_work_on_one_case_at_once_lose_no_step(at: World) -> None:
    case_id = at.file("vendor")

    def step(officer: Actor) -> Done:
        said = Step(StepKind.INSPECTION, at.now.date(), officer.id, second_officer="wang")
        return add_step(at.ledger, at.by(officer), case_id, said)

    done, errors = at_once(step)
    assert errors == []
    assert sorted(one.result["step"] for one in done) == list(range(1, OFFICERS * EACH + 1))
    told = story(at.ledger, at.by(OFFICER_A), case_id)
    assert len(told.steps) == len(told.events) - 1 == OFFICERS * EACH
    assert len({(one.by, one.n) for one in told.steps}) == OFFICERS * EACH
    assert check_ledger(at.ledger).is_whole


def test_a_page_that_fifty_officers_send_with_one_key_is_done_once(at: World) -> None:
    order = at.by(OFFICER_A, "one-key")

    def file(_: Actor) -> Done:
        return file_case(at.ledger, order, Found(answer("catering"), "street_a", "过期肉"))

    done, errors = at_once(file)
    assert errors == []
    assert {one.case_id for one in done} == {1}
    assert sum(not one.again for one in done) == 1
    assert check_ledger(at.ledger).events == 1
