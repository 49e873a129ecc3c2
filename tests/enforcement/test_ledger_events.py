"""The chain of events: an edit, a deletion and a swap are seen, the first wrong one is named."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from enforcement.ledger_events import GENESIS, Entry, Order, Stored, first_break, sealed
from enforcement.policies import Action
from enforcement.services.checking import check_ledger
from enforcement.services.handing import accept, hand_over
from enforcement.store import cases, people
from enforcement.store.engine import MODE, WRITE, Store
from tests.enforcement.ledger_world import HEALTH, MORNING, OFFICER_A, World, world


def chain(length: int) -> list[Stored]:
    """A chain of events."""
    before, events = GENESIS, []
    for seq in range(1, length + 1):
        entry = Entry.of(Order(OFFICER_A, MORNING, f"k{seq}"), Action.STEP, note=f"第{seq}步")
        events.append(sealed(entry, seq=seq, case_id=seq % 3, before=before))
        before = events[-1].hash
    return events


def head(events: list[Stored]) -> tuple[int, str]:
    return events[-1].seq, events[-1].hash


def test_an_untouched_chain_is_whole() -> None:
    events = chain(20)
    assert first_break(events, head=head(events)) is None
    assert first_break([], head=(0, GENESIS)) is None


@given(st.integers(0, 19), st.data())
def test_any_changed_letter_of_any_event_is_named(at: int, data: st.DataObject) -> None:
    events = chain(20)
    payload = events[at].payload
    where = data.draw(st.integers(0, len(payload) - 1))
    letter = data.draw(st.characters(codec="utf-8").filter(lambda c: c != payload[where]))
    edited = payload[:where] + letter + payload[where + 1 :]
    changed = [*events[:at], replace(events[at], payload=edited), *events[at + 1 :]]
    found = first_break(changed, head=head(events))
    assert found is not None
    assert found.seq == at + 1


@pytest.mark.parametrize(
    "column",
    [{"actor": "x"}, {"unit": None}, {"action": "close"}, {"case_id": 7}, {"hash": "0" * 64}],
)
def test_a_changed_column_is_named_too(column: dict[str, Any]) -> None:
    events = chain(5)
    changed = [*events[:2], replace(events[2], **column), *events[3:]]
    found = first_break(changed, head=head(events))
    assert found is not None
    assert found.seq == 3


@given(st.integers(0, 19))
def test_a_deleted_event_is_named_even_the_last_one(at: int) -> None:
    events = chain(20)
    found = first_break([*events[:at], *events[at + 1 :]], head=head(events))
    assert found is not None
    assert found.seq == at + 1


@given(st.sets(st.integers(0, 19), min_size=2, max_size=2))
def test_two_swapped_events_are_seen_at_the_first_of_them(pair: set[int]) -> None:
    first, second = sorted(pair)
    events = chain(20)
    swapped = list(events)
    swapped[first] = replace(events[second], seq=first + 1)
    swapped[second] = replace(events[first], seq=second + 1)
    found = first_break(swapped, head=head(events))
    assert found is not None
    assert found.seq == first + 1


def test_an_event_written_anew_with_a_right_hash_breaks_the_next_one() -> None:
    events = chain(5)
    entry = Entry.of(Order(OFFICER_A, MORNING, "k"), Action.CLOSE)
    forged = sealed(entry, seq=3, case_id=0, before=events[1].hash)
    found = first_break([*events[:2], forged, *events[3:]], head=head(events))
    assert found is not None
    assert found.seq == 4


def test_an_order_needs_a_time_zone_and_a_key() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Order(OFFICER_A, datetime(2008, 11, 5), "k")  # noqa: DTZ001
    with pytest.raises(ValueError, match="key"):
        Order(OFFICER_A, MORNING, "")


def test_no_function_that_writes_can_be_called_without_an_entry() -> None:
    """`note_login` keeps the counters of log-ins, which are no acts in the ledger."""
    writers: list[Callable[..., Any]] = [
        cases.open_case,
        cases.record,
        cases.freeze_resolution,
        people.save_account,
    ]
    for writer in writers:
        entry = inspect.signature(writer).parameters["entry"]
        assert entry.default is inspect.Parameter.empty


# --- in the store -------------------------------------------------------------------------------

UNGUARDED = {
    "sqlite": "DROP TRIGGER ledger_event_no_{}",
    "postgresql": "ALTER TABLE ledger_event DISABLE TRIGGER ledger_event_no_{}",
}
EDITED = "replace(payload, '餐', '饭')"
SPOILED = {
    "one byte changed": ([f"UPDATE ledger_event SET payload = {EDITED} WHERE seq = 2"], 2),  # noqa: S608 - our own words
    "one deleted": (["DELETE FROM ledger_event WHERE seq = 2"], 2),
    "the last deleted": (["DELETE FROM ledger_event WHERE seq = 6"], 6),
    "two swapped": (
        [
            "UPDATE ledger_event SET seq = 99 WHERE seq = 2",
            "UPDATE ledger_event SET seq = 2 WHERE seq = 4",
            "UPDATE ledger_event SET seq = 4 WHERE seq = 99",
        ],
        2,
    ),
}  # fmt: skip


def written(store: Store, *statements: str) -> None:
    """Write past the program and its guards."""
    with store.execution_options(**{MODE: WRITE}).begin() as connection:
        for verb in ("update", "delete"):
            connection.execute(text(UNGUARDED[store.dialect.name].format(verb)))
        for statement in statements:
            connection.execute(text(statement))


@pytest.fixture
def at(store: Store, tmp_path: Path) -> World:
    """A ledger with six events on two cases."""
    there = world(store, tmp_path)
    for _ in range(2):
        case_id = there.file("catering")
        hand_over(there.ledger, there.by(OFFICER_A), case_id, to="health", reason="餐饮环节")
        accept(there.ledger, there.by(HEALTH), case_id)
    return there


def test_a_whole_ledger_is_whole_and_says_its_head(at: World) -> None:
    checked = check_ledger(at.ledger)
    assert (checked.is_whole, checked.events, len(checked.head)) == (True, 6, 64)


@pytest.mark.parametrize("what", SPOILED)
def test_verify_names_the_first_wrong_event(at: World, what: str) -> None:
    statements, seq = SPOILED[what]
    written(at.ledger.store, *statements)
    wrong = check_ledger(at.ledger).wrong
    assert wrong is not None
    assert wrong.seq == seq


def test_verify_names_a_case_that_is_not_as_its_events_left_it(at: World) -> None:
    written(at.ledger.store, "UPDATE case_file SET state = 'closed' WHERE id = 2")
    checked = check_ledger(at.ledger)
    assert [(one.case_id, one.what) for one in checked.disagreements] == [(2, "events")]


def test_verify_names_a_holding_with_a_gap_before_it(at: World) -> None:
    written(
        at.ledger.store, "UPDATE holding SET until_at = '2001-01-01' WHERE case_id = 1 AND n = 1"
    )
    checked = check_ledger(at.ledger)
    assert [(one.case_id, one.what) for one in checked.disagreements] == [(1, "gap")]
