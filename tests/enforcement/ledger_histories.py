"""Random histories: four actors act at once on a few cases, in any order, right or wrong.

Each actor is a thread that tries acts which it draws from its own seed: most are refused, because
the case is another's or not so far. Clocks jump, receivers stay silent, keys come twice. Whatever
happens, the invariants below must hold at every moment at which somebody looks.
"""

from __future__ import annotations

import json
import random
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from enforcement.case_clock import StepKind
from enforcement.case_states import State, sources_of
from enforcement.cases import Refusal
from enforcement.ledger_errors import LedgerError
from enforcement.ledger_events import DENIED, Order
from enforcement.policies import Action, Actor, Parties, may
from enforcement.services.assisting import answer_assist, ask_assist
from enforcement.services.checking import check_ledger
from enforcement.services.filing import Found, file_case, merge, reopen, take_up
from enforcement.services.handing import accept, correct, hand_over, refuse, transfer
from enforcement.services.handling import (
    Step,
    add_step,
    close,
    recheck,
    report_done,
    send_back,
    verify,
)
from enforcement.services.ledger import Ledger
from enforcement.services.rulings import ask_ruling, rule
from enforcement.services.sweeping import sweep
from enforcement.store.engine import MODE, READ
from tests.enforcement.ledger_world import MORNING, PEOPLE, answer

UNITS = ("street_a", "street_b", "health", "aic", "psb", "umb", "fsc_office", "msa")
STAGES = ("catering", "circulation", "vendor", "nobody")
KINDS = (*StepKind, *[StepKind.PRESERVATION] * 10)
"""Steps to draw from; what starts a short limit comes often."""
Act = Callable[[Ledger, Order, int, random.Random], Any]


def _day(order: Order) -> Any:  # noqa: ANN401
    return order.at.date()


ACTS: dict[Action, Act] = {
    Action.TAKE_UP: lambda ledger, order, case, _: take_up(ledger, order, case),
    Action.CORRECT: lambda ledger, order, case, dice: correct(
        ledger, order, case, facts={"stage": dice.choice(STAGES)}, reason="看错了"
    ),
    Action.HAND_OVER: lambda ledger, order, case, dice: hand_over(
        ledger, order, case, to=dice.choice(UNITS), reason="x", basis=dice.choice(["", "y"])
    ),
    Action.TRANSFER: lambda ledger, order, case, _: transfer(
        ledger, order, case, to="psb", reason="x", basis="y"
    ),
    Action.ACCEPT: lambda ledger, order, case, _: accept(ledger, order, case),
    Action.REFUSE: lambda ledger, order, case, dice: refuse(
        ledger,
        order,
        case,
        dice.choice(
            [
                Refusal("x", facts={"stage": dice.choice(STAGES)}),
                Refusal("x", unit=dice.choice(UNITS), basis="y"),
                Refusal("x"),
            ]
        ),
    ),
    Action.ASK_RULING: lambda ledger, order, case, _: ask_ruling(ledger, order, case, reason="x"),
    Action.RULE: lambda ledger, order, case, dice: rule(
        ledger, order, case, unit=dice.choice(UNITS), reason="x", basis="y"
    ),
    Action.STEP: lambda ledger, order, case, dice: add_step(
        ledger,
        order,
        case,
        # Some are written down long after they were done: their limits are over at once.
        Step(
            dice.choice(KINDS),
            _day(order) - timedelta(days=dice.choice((0, 20))),
            second_officer="second",
        ),
    ),
    Action.REPORT_DONE: lambda ledger, order, case, _: report_done(
        ledger, order, case, outcome="x"
    ),
    Action.SEND_BACK: lambda ledger, order, case, _: send_back(ledger, order, case, reason="x"),
    Action.VERIFY: lambda ledger, order, case, _: verify(ledger, order, case, note="x"),
    Action.CLOSE: lambda ledger, order, case, _: close(ledger, order, case),
    Action.RECHECK: lambda ledger, order, case, _: recheck(ledger, order, case, note="x"),
    Action.REOPEN: lambda ledger, order, case, _: reopen(ledger, order, case, description="x"),
    Action.MERGE: lambda ledger, order, case, dice: merge(
        ledger, order, case, main_id=dice.randint(1, case + 1), reason="x"
    ),
    Action.ASK_ASSIST: lambda ledger, order, case, dice: ask_assist(
        ledger, order, case, unit=dice.choice(UNITS), duty="joint", asked="x"
    ),
    Action.ANSWER_ASSIST: lambda ledger, order, case, dice: answer_assist(
        ledger, order, case, assist=dice.randint(1, 2), answer="x"
    ),
}
# Merging ends a story, so it is rare; handing over and answering are what this is about.
WEIGHTS = {
    Action.HAND_OVER: 12,
    Action.ACCEPT: 6,
    Action.REFUSE: 12,
    Action.MERGE: 0.05,
    Action.CORRECT: 1,
    Action.ASK_ASSIST: 1,
    Action.ASK_RULING: 0.5,
    Action.TRANSFER: 0.3,
    Action.SEND_BACK: 2,
    Action.STEP: 4,
    Action.REPORT_DONE: 8,
    Action.REOPEN: 0.5,
}
WRONG = 0.25
"""How often anybody tries anything, fitting or not."""


@dataclass
class History:
    """What one history did: acts that were done, and why others were not.

    `limits` are those of steps: when each was first seen to start and to end.
    """

    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    limits: dict[tuple[Any, ...], tuple[Any, ...]] = field(default_factory=dict)
    reported: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def steps(self) -> int:
        """How many acts were tried."""
        return self.done.total() + self.refused.total()


class Clock:
    """The time that all actors share; it jumps, and sometimes a little back."""

    def __init__(self, seed: int) -> None:
        self._now = MORNING
        self._dice = random.Random(seed)
        self._lock = threading.Lock()

    def tick(self) -> datetime:
        """The time now, after a random jump."""
        with self._lock:
            jump = self._dice.choice((0, 1, 10, 60, 600, 3000, 20000, -5))
            self._now += timedelta(minutes=jump)
            return self._now


def play(ledger: Ledger, seed: int, *, steps: int = 36, actors: int = 4) -> History:
    """Play a history of at least `steps` acts, with all actors at once."""
    history, clock, dice = History(), Clock(seed), random.Random(seed)
    for n in range(2):
        found = Found(answer(dice.choice(STAGES)), "street_a", "过期肉", at_once=bool(n))
        file_case(ledger, Order(PEOPLE[0], MORNING, f"{seed}-file-{n}"), found)
    barrier = threading.Barrier(actors)

    def run(which: int) -> None:
        own = random.Random(seed * 1000 + which)
        barrier.wait()
        for n in range(-(-steps // actors)):
            _try(ledger, own, clock.tick(), f"{seed}-{which}-{n}", history)
            _look(ledger, history)

    threads = [threading.Thread(target=run, args=(which,)) for which in range(actors)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    _look_back(ledger, history)
    return history


def _try(ledger: Ledger, dice: random.Random, now: datetime, key: str, history: History) -> None:
    lock = history.lock
    case_id = dice.choice((1, 2))
    if dice.random() < 0.1:
        try:
            sweep(ledger, now)
        except Exception as error:  # noqa: BLE001 - the clock is refused nothing
            history.faults.append(f"{key} sweep: {error!r}")
        with lock:
            history.done["sweep"] += 1
        return
    action, actor = _drawn(ledger, dice, case_id)
    order = Order(actor, now, key)
    outcome = ""
    try:
        seed = dice.random()
        first = ACTS[action](ledger, order, case_id, random.Random(seed))
        if dice.random() < 0.2:
            # The answer was lost and the page sends again: it must be done once.
            again = ACTS[action](ledger, order, case_id, random.Random(seed))
            if (again.again, again.result) != (True, first.result):
                history.faults.append(f"{key}: done twice")
    except LedgerError as error:
        outcome = type(error).__name__
    except Exception as error:  # noqa: BLE001 - any other end is what this test looks for
        history.faults.append(f"{key} {action}: {error!r}")
    with lock:
        if outcome:
            history.refused[outcome] += 1
        else:
            history.done[action.value] += 1


def _drawn(ledger: Ledger, dice: random.Random, case_id: int) -> tuple[Action, Actor]:
    """An act and an actor; mostly ones that fit the case, so that histories go somewhere."""
    with ledger.store.execution_options(**{MODE: READ}).connect() as connection:
        holder, receiver, state = connection.execute(
            text(
                "SELECT c.holder, h.to_unit, c.state FROM case_file c LEFT JOIN handover h "
                "ON h.case_id = c.id AND h.answered_at IS NULL WHERE c.id = :id"
            ),
            {"id": case_id},
        ).one()
    if dice.random() < WRONG:
        return dice.choice(list(ACTS)), dice.choice(PEOPLE)
    parties = Parties(holder, holder if state == "ruled" else receiver, frozenset({"umb"}))
    fitting = [
        (action, actor)
        for action in ACTS
        if State(state) in sources_of(action)
        for actor in PEOPLE
        if may(actor, action, parties)
    ]
    weights = [WEIGHTS.get(action, 4) for action, _ in fitting]
    if not fitting:
        return dice.choice(list(ACTS)), dice.choice(PEOPLE)
    return dice.choices(fitting, weights)[0]


# --- invariants ---------------------------------------------------------------------------------

LOOKS = {
    "not exactly one holder": (
        "SELECT c.id FROM case_file c LEFT JOIN holding h ON h.case_id = c.id "
        "AND h.until_at IS NULL GROUP BY c.id, c.holder "
        "HAVING count(h.n) <> 1 OR min(h.unit) <> c.holder"
    ),
    "held by a body that may not": "SELECT case_id FROM holding WHERE unit = 'fsc_office'",
    "a clock that was restarted": (
        "SELECT id FROM case_file WHERE round = 1 AND clock_started_at <> opened_at"
    ),
}


def _look(ledger: Ledger, history: History) -> None:
    """Look from outside, at a moment that the actors do not choose."""
    with ledger.store.execution_options(**{MODE: READ}).connect() as connection:
        for what, query in LOOKS.items():
            found = connection.execute(text(query)).all()
            if found:
                history.faults.append(f"{what}: {found}")
        limits = connection.execute(
            text("SELECT case_id, n, term, started_at, due_at FROM step_clock")
        ).all()
    with history.lock:
        for *limit, started, due in limits:
            if history.limits.setdefault(tuple(limit), (started, due)) != (started, due):
                history.faults.append(f"a limit that was restarted: {limit}")


def _look_back(ledger: Ledger, history: History) -> None:
    """The whole story, once everybody is done."""
    checked = check_ledger(ledger)
    if not checked.is_whole:
        history.faults.append(f"ledger: {checked}")
    with ledger.store.execution_options(**{MODE: READ}).connect() as connection:
        actions = connection.execute(text("SELECT DISTINCT action FROM ledger_event")).scalars()
        unknown = set(actions) - {action.value for action in Action} - {DENIED}
        rounds = connection.execute(
            text(
                "SELECT c.id, c.round, count(e.seq) FROM case_file c LEFT JOIN ledger_event e "
                "ON e.case_id = c.id AND e.action = 'reopen' GROUP BY c.id, c.round"
            )
        ).all()
        payloads = connection.execute(
            text("SELECT case_id, payload FROM ledger_event WHERE action = 'escalate' ORDER BY seq")
        ).all()
        limits = connection.execute(text("SELECT case_id, n, term, level FROM step_clock")).all()
    told: dict[tuple[Any, ...], list[int]] = {}
    for case_id, payload in payloads:
        body = json.loads(payload)["body"]
        if body["what"] == "step":
            told.setdefault((case_id, body["n"], body["term"]), []).append(body["level"])
    for case_id, n, term, level in limits:
        levels = told.pop((case_id, n, term), [])
        # Each level once, and none left out
        if levels != list(range(1, level + 1)):
            history.faults.append(f"levels of the limit {case_id} {n} {term}: {levels} not {level}")
        history.reported += len(levels)
    history.faults += [f"a report of no limit: {one}" for one in told]
    if unknown:
        history.faults.append(f"actions without a policy: {unknown}")
    history.faults += [f"rounds: {row}" for row in rounds if row[1] != row[2] + 1]
