"""What happens when nobody does anything: the clock acts, through the same acts as everybody.

Silence on an offer goes to the receiver's superior, level by level, and the sender keeps the case.
Where a district set `deemed_acceptance`, it counts as acceptance instead; that is a project rule
and no law. A late case, assist, ruling or limit of a step goes up in the same way. No coordination
body is on the way. Called again at the same moment it does nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from enforcement.case_states import State
from enforcement.cases import check_can
from enforcement.ladder import successor, superiors
from enforcement.ledger_events import Order
from enforcement.policies import CLOCK, Action
from enforcement.services.handing import take_over
from enforcement.services.ledger import Ledger, OnCase, act_on
from enforcement.store.asked import late
from enforcement.store.case_parts import (
    AdjudicationRow,
    AssistRow,
    HandoverRow,
    StepClockRow,
    late_limits,
)
from enforcement.store.case_queries import (
    cases_by_clock,
    holders,
    late_cases,
)
from enforcement.store.cases import CaseRow, Change, id_of, record
from enforcement.store.engine import reading

AT_ONCE = 500
Doing = Callable[[OnCase], tuple[int, Mapping[str, Any]]]
_Asked = TypeVar("_Asked", HandoverRow, AssistRow, AdjudicationRow)
Asked = HandoverRow | AssistRow | AdjudicationRow


@dataclass(frozen=True, slots=True)
class Swept:
    """How much the clock did."""

    escalated: int
    deemed: int
    passed_on: int


def sweep(ledger: Ledger, now: datetime) -> Swept:
    """Do everything that is due at `now`, an aware moment; at most 500 of each kind."""
    with reading(ledger.store) as session:
        offers = late(session, HandoverRow, now, limit=AT_ONCE)
        assists = late(session, AssistRow, now, limit=AT_ONCE)
        disputes = late(session, AdjudicationRow, now, limit=AT_ONCE)
        limits = late_limits(session, now, limit=AT_ONCE)
        cases = late_cases(session, now, limit=AT_ONCE)
        holding = holders(session)
    passed_on = sum(_pass_on(ledger, now, unit) for unit in holding)
    deem = ledger.settled.deemed_acceptance
    tasks = [
        _Task(Action.DEEM_ACCEPTED, offer.case_id, f"offer:{offer.n}", _deem)
        if deem and not offer.police
        else _silent(HandoverRow, offer, "offer")
        for offer in offers
    ]
    tasks += [_silent(AssistRow, assist, "assist") for assist in assists]
    tasks += [_silent(AdjudicationRow, dispute, "dispute") for dispute in disputes]
    tasks += [
        _Task(
            Action.ESCALATE,
            limit.case_id,
            f"step:{limit.n}:{limit.term}:{limit.level}",
            _limit_over(limit.n, limit.term),
        )
        for limit in limits
    ]
    tasks += [
        _Task(Action.ESCALATE, id_of(case), f"case:{case.round}:{case.level}", _late)
        for case in cases
    ]
    did = [(task.action, _do(ledger, now, task)) for task in tasks]
    return Swept(
        sum(n for action, n in did if action is Action.ESCALATE),
        sum(n for action, n in did if action is Action.DEEM_ACCEPTED),
        passed_on,
    )


@dataclass(frozen=True, slots=True)
class _Task:
    """One thing that is due. `what` makes its key, so that two sweepers do not do it twice."""

    action: Action
    case_id: int
    what: str
    do: Doing


def _do(ledger: Ledger, now: datetime, task: _Task) -> int:
    order = Order(CLOCK, now, f"clock:{task.action.value}:{task.case_id}:{task.what}")
    request = {"what": task.what}
    done = act_on(ledger, order, task.action, task.case_id, task.do, request=request)
    return 0 if done.again or done.result.get("nothing") else 1


def _silent(kind: type[_Asked], row: _Asked, word: str) -> _Task:
    what = f"{word}:{row.n}:{row.level}"
    return _Task(Action.ESCALATE, row.case_id, what, _silence(kind, row.n))


def _deem(on: OnCase) -> tuple[int, Mapping[str, Any]]:
    if on.case.state != State.HANDED_OVER.value:
        return 0, {"nothing": True}
    check_can(on.case, on.order.actor, Action.DEEM_ACCEPTED, on.parties)
    return take_over(on, officer=None, answer="deemed"), {"holder": on.case.holder}


def _silence(kind: type[_Asked], n: int) -> Doing:
    """Report a silence to the next unit above who was asked; the case stays where it is."""

    def doing(on: OnCase) -> tuple[int, Mapping[str, Any]]:
        row: Asked | None = on.session.get(kind, (on.case_id, n))
        # Somebody may have acted since the list was read.
        if row is None or row.answered_at is not None or not on.case.running:
            return 0, {"nothing": True}
        check_can(on.case, on.order.actor, Action.ESCALATE, on.parties)
        row.level += 1
        row.next_level_at = on.clock(on.terms.escalate_after).due_at
        if isinstance(row, AdjudicationRow):
            rungs = [one["unit"] for one in row.rungs if one["unit"]]
            to = rungs[min(row.level, len(rungs) - 1)]
            asked = rungs[-1]
            what = "ruling"
        else:
            asked = row.to_unit if isinstance(row, HandoverRow) else row.unit
            to = _above(on, asked, row.level)
            row.escalated_to = to
            what = "offer" if isinstance(row, HandoverRow) else "assist"
        entry = on.entry(what=what, n=n, asked=asked, to=to, level=row.level)
        change = Change(rows=(row,), counts=(("escalated", asked),))
        return record(on.session, entry, on.case, change), {"to": to, "level": row.level}

    return doing


def _limit_over(n: int, term: str) -> Doing:
    """Report a step's limit that is over and not met to the next unit above the holder."""

    def doing(on: OnCase) -> tuple[int, Mapping[str, Any]]:
        row = on.session.get(StepClockRow, (on.case_id, n, term))
        # The step may have been recorded, or the case ended, since the list was read.
        if row is None or not row.runs or not on.case.running:
            return 0, {"nothing": True}
        check_can(on.case, on.order.actor, Action.ESCALATE, on.parties)
        row.level += 1
        row.next_level_at = on.clock(on.terms.escalate_after).due_at
        row.escalated_to = to = _above(on, on.case.holder, row.level)
        entry = on.entry(what="step", n=n, term=term, asked=on.case.holder, to=to, level=row.level)
        # It is no late case: that is one past its own end, which this one may still keep, and
        # several limits of one case would make more late cases than there are.
        change = Change(rows=(row,), counts=(("escalated", None),))
        return record(on.session, entry, on.case, change), {"to": to, "level": row.level}

    return doing


def _late(on: OnCase) -> tuple[int, Mapping[str, Any]]:
    """Report a case that is past its end to the next unit above its holder."""
    if not on.case.running:
        return 0, {"nothing": True}
    check_can(on.case, on.order.actor, Action.ESCALATE, on.parties)
    level = on.case.level + 1
    to = _above(on, on.case.holder, level)
    again = on.clock(on.terms.escalate_after).due_at
    entry = on.entry(what="case", asked=on.case.holder, to=to, level=level)
    change = Change({"level": level, "escalated_at": again}, counts=(("late", None),))
    return record(on.session, entry, on.case, change), {"to": to, "level": level}


def _above(on: OnCase, unit: str, level: int) -> str:
    """The unit `level` steps above, the highest there is, or the district's intake unit."""
    chain = superiors(unit, on.ledger.registry, on.day)
    return chain[min(level, len(chain)) - 1].id if chain else on.ledger.intake


def _pass_on(ledger: Ledger, now: datetime, unit: str) -> int:
    """Give the cases of a unit that exists no more to the one that took over."""
    day = now.astimezone(ledger.settled.zone).date()
    known = ledger.registry.units.get(unit)
    if known is not None and known.period.covers(day):
        return 0
    heir = successor(unit, ledger.registry, day)
    to = ledger.intake if heir is None else heir.id
    if to == unit:
        return 0
    with reading(ledger.store) as session:
        cases: tuple[CaseRow, ...] = cases_by_clock(session, holder=unit, limit=AT_ONCE)

    def doing(on: OnCase) -> tuple[int, Mapping[str, Any]]:
        if on.case.holder != unit:
            return 0, {"nothing": True}
        check_can(on.case, on.order.actor, Action.SUCCEED, on.parties)
        lead = to if on.case.lead_unit == unit else on.case.lead_unit
        entry = on.entry(was=unit, unit=to, recorded=heir is not None)
        change = Change({"lead_unit": lead, "officer": None}, holder=to)
        return record(on.session, entry, on.case, change), {"holder": to}

    return sum(
        _do(ledger, now, _Task(Action.SUCCEED, id_of(case), f"{unit}:{case.holding_n}", doing))
        for case in cases
    )
