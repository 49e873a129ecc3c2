"""The server's clock: it acts beside the answers, survives its errors, and stops when told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from enforcement.policies import Post
from enforcement.services.handing import hand_over
from enforcement.services.opening import open_ledger
from tests.enforcement.ledger_world import World, answer, person
from tools.demo_desk import Clock, ledger_desk
from web.clockwork import Clockwork, clock_of
from web.desk import Desk
from web.logs import FILE

WAIT_S = 30


def unexpected(error: Exception) -> None:
    raise AssertionError(error)


def test_it_acts_at_once_and_again_and_ends_when_it_is_told() -> None:
    acts = 0
    thrice = threading.Event()

    def act() -> None:
        nonlocal acts
        acts += 1
        if acts == 3:
            thrice.set()

    clock = Clockwork(act, every_s=0.001, failed=unexpected)
    clock.start()
    assert thrice.wait(WAIT_S)
    assert clock.stop()
    before = acts
    assert not any(one.name == "clock" for one in threading.enumerate())
    assert acts == before


def test_it_does_not_wait_out_its_interval_to_end() -> None:
    acted = threading.Event()
    clock = Clockwork(acted.set, every_s=3600, failed=unexpected)
    clock.start()
    assert acted.wait(WAIT_S)
    assert clock.stop()


def test_an_act_that_has_begun_is_ended_before_the_server_ends() -> None:
    begun, go_on, done = threading.Event(), threading.Event(), threading.Event()

    def act() -> None:
        begun.set()
        assert go_on.wait(WAIT_S)
        done.set()

    clock = Clockwork(act, every_s=3600, failed=unexpected)
    clock.start()
    assert begun.wait(WAIT_S)
    threading.Timer(0.05, go_on.set).start()
    assert clock.stop()
    assert done.is_set()


def test_an_error_is_told_and_the_next_act_comes_all_the_same() -> None:
    told: list[Exception] = []
    again = threading.Event()

    def act() -> None:
        if not told:
            raise RuntimeError("the disk is full")
        again.set()

    clock = Clockwork(act, every_s=0.001, failed=told.append)
    clock.start()
    assert again.wait(WAIT_S)
    assert clock.stop()
    assert [str(one) for one in told] == ["the disk is full"]


def test_an_interval_of_nothing_is_no_clock() -> None:
    clock = Clockwork(lambda: unexpected(RuntimeError()), every_s=0, failed=unexpected)
    clock.start()
    assert clock.stop()


# --- of a desk ----------------------------------------------------------------------------------


@pytest.fixture
def at(longgang: Desk, tmp_path: Path) -> Iterator[tuple[Desk, Clock]]:
    clock = Clock()
    desk = ledger_desk(longgang, tmp_path, clock)
    yield replace(desk, settings=replace(desk.settings, clock_s=3600)), clock
    desk.kept.store.dispose()


def silent(desk: Desk, clock: Clock) -> World:
    """A ledger in which an offer to the health bureau has not been answered for a month."""
    there = World(
        open_ledger(desk.kept.store, desk.district, folder=None, data=desk.settings.data),
        now=clock.at,
    )
    officer = person("li", "street_cle.440307014", Post.OFFICER)
    case_id = there.file(actor=officer, resolution=answer("catering", on=desk.today()))
    hand_over(there.ledger, there.by(officer), case_id, to="health", reason="餐饮环节")
    clock.on(days=30)
    return there


def escalations(there: World) -> int:
    with there.ledger.store.connect() as connection:
        return int(
            connection.exec_driver_sql(
                "SELECT count(*) FROM ledger_event WHERE action = 'escalate'"
            ).scalar_one()
        )


def test_the_clock_of_a_desk_escalates_and_two_of_them_do_nothing_twice(
    at: tuple[Desk, Clock],
) -> None:
    desk, clock = at
    there = silent(desk, clock)
    begun = threading.Barrier(5, timeout=WAIT_S)

    def now() -> datetime:
        begun.wait()  # so that all four act at the same time
        return clock.at

    clocks = [clock_of(replace(desk, now=now)) for _ in range(4)]
    for one in clocks:
        one.start()
    begun.wait()
    assert all(one.stop() for one in clocks)
    # The offer and the late case, each once
    assert escalations(there) == 2


def test_what_the_clock_cannot_do_is_in_the_log(at: tuple[Desk, Clock]) -> None:
    desk, _ = at
    failing = threading.Event()

    def now() -> None:
        failing.set()
        raise RuntimeError("no clock on the wall")

    clock = clock_of(replace(desk, now=now))  # type: ignore[arg-type]
    clock.start()
    assert failing.wait(WAIT_S)
    assert clock.stop()
    lines = (desk.settings.data / FILE).read_text(encoding="utf-8").splitlines()
    told = json.loads(lines[0])
    assert (told["doing"], told["kind"]) == ("clock", "RuntimeError")
