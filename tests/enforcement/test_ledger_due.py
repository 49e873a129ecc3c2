"""What is due is done once, however many do it at once, and each part is done."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import astuple, replace
from pathlib import Path

import pytest

from enforcement.services.checking import check_ledger
from enforcement.services.due import Did, do_what_is_due
from enforcement.services.handing import hand_over
from enforcement.services.residents import Resident, add_resident, erase_resident
from enforcement.store.chain import all_events
from enforcement.store.engine import Store, reading
from enforcement.store.migrate import open_store
from tests.enforcement.ledger_world import OFFICER_A, SUPERVISOR, World, person, world
from tests.enforcement.test_joint import visit_of

SERVERS = 4


@pytest.fixture
def at(store: Store, tmp_path: Path) -> World:
    """Six months on: an offer, two cases, three units of a visit and a resident are overdue."""
    there = world(store, tmp_path / "files", retention_days=90)
    offered, kept = there.file(), there.file("vendor")
    hand_over(there.ledger, there.by(OFFICER_A), offered, to="health", reason="餐饮环节")
    add_resident(there.ledger, there.by(OFFICER_A), kept, Resident("complainant", "某某", "0755"))
    visit_of(there)
    there.wait(days=180)
    return there


def test_everything_that_is_due_is_done_and_then_nothing_more(at: World) -> None:
    assert do_what_is_due(at.ledger, at.now) == Did(escalated=6, deemed=0, passed_on=0, erased=1)
    assert do_what_is_due(at.ledger, at.now) == Did(0, 0, 0, 0)
    assert check_ledger(at.ledger).is_whole


def test_servers_that_do_it_at_once_do_nothing_twice(at: World) -> None:
    url = at.ledger.store.url.render_as_string(hide_password=False)
    stores = [open_store(url) for _ in range(SERVERS)]
    begun = threading.Barrier(SERVERS, timeout=60)
    did: list[Did] = []

    def server(store: Store) -> None:
        begun.wait()
        did.append(do_what_is_due(replace(at.ledger, store=store), at.now))

    threads = [threading.Thread(target=server, args=(one,)) for one in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one in stores:
        one.dispose()
    assert [sum(part) for part in zip(*map(astuple, did), strict=True)] == [6, 0, 0, 1]
    with reading(at.ledger.store) as session:
        told = Counter(event.action for event in all_events(session))
    assert (told["escalate"], told["erase_resident"]) == (6, 1)
    assert check_ledger(at.ledger).is_whole


def test_who_was_erased_by_a_person_in_the_meantime_stops_nothing(at: World) -> None:
    holder = person("fang", "street_a", *SUPERVISOR.posts)
    erase_resident(at.ledger, at.by(holder), 2, 1)
    assert do_what_is_due(at.ledger, at.now).erased == 0
