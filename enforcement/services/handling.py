"""From the first dated step to the re-check: the work itself, and who looks at it afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from enforcement.case_clock import CHECKS, ENDS, PENALTIES, STARTS, StepKind, started, terms_in
from enforcement.case_states import State
from enforcement.cases import (
    check_can,
    check_can_recheck,
    check_can_step,
    check_can_verify,
)
from enforcement.ledger_errors import BadAct
from enforcement.ledger_events import Order
from enforcement.policies import Action
from enforcement.services.assisting import NO_ANSWER, lapsed
from enforcement.services.ledger import Done, Ledger, OnCase, act_on, checked_text
from enforcement.store.case_parts import StepClockRow, StepRow, step_clocks_of, steps_of
from enforcement.store.cases import Change, record, resolution_of
from enforcement.terms import Term
from rules.errors import Fault

TWO_OFFICERS: Final = frozenset({StepKind.INSPECTION})
"""行政处罚法 2021 art. 42: at least two officers."""


@dataclass(frozen=True, slots=True)
class Step:
    """A dated step, as it is recorded. An inspection names a second officer."""

    kind: StepKind
    on: date
    note: str = ""
    second_officer: str | None = None


def add_step(ledger: Ledger, order: Order, case_id: int, step: Step) -> Done:
    """Record a step of handling; the limits that it starts run from its day.

    Raises BadAct for a day to come or an inspection without a second officer.
    """

    def doing(on: OnCase) -> tuple[int, Mapping[str, Any]]:
        check_can_step(on.case, order.actor, on.parties)
        _check_step(step, on)
        before = steps_of(on.session, on.case_id)
        n = len(before) + 1
        _end_limits(on, step)
        row = StepRow(
            case_id=on.case_id,
            n=n,
            kind=step.kind.value,
            on=step.on,
            at=order.at,
            by=order.actor.id,
            unit=on.case.holder,
            second_officer=step.second_officer,
            note=step.note.strip(),
        )
        kinds = {one.kind for one in before}
        counts: list[tuple[str, str | None]] = []
        if step.kind in CHECKS and step.kind.value not in kinds:
            counts.append(("checked", None))
        if step.kind in PENALTIES and not kinds & {one.value for one in PENALTIES}:
            counts.append(("penalised", None))
        transferred = on.case.state == State.TRANSFERRED.value
        change = Change(
            {} if transferred else {"state": State.HANDLING.value},
            rows=(row, *_limits(on, step, n)),
            counts=counts,
        )
        entry = on.entry(kind=step.kind.value, on=step.on.isoformat(), n=n)
        return record(on.session, entry, on.case, change), {"step": n, "state": on.case.state}

    request = {
        "kind": step.kind.value,
        "on": step.on.isoformat(),
        "note": step.note,
        "second": step.second_officer,
    }
    return act_on(ledger, order, Action.STEP, case_id, doing, request=request)


def name_officer(ledger: Ledger, order: Order, case_id: int, *, officer: str) -> Done:
    """Name the person of the holder who is in charge (业务主办人)."""
    who = checked_text("officer", officer, "业务主办人", "the officer in charge")

    def doing(on: OnCase) -> tuple[int, Mapping[str, Any]]:
        check_can(on.case, order.actor, Action.NAME_OFFICER, on.parties)
        entry = on.entry(officer=who, was=on.case.officer)
        return record(on.session, entry, on.case, Change({"officer": who})), {"officer": who}

    return act_on(ledger, order, Action.NAME_OFFICER, case_id, doing, request={"officer": who})


def report_done(ledger: Ledger, order: Order, case_id: int, *, outcome: str) -> Done:
    """Say that the work is done, and with what result; somebody else verifies it."""
    said = checked_text("outcome", outcome, "办理结果", "what came of it")

    def doing(on: OnCase) -> tuple[int, Mapping[str, Any]]:
        check_can(on.case, order.actor, Action.REPORT_DONE, on.parties)
        change = Change(
            {"state": State.DONE.value, "done_by": order.actor.id}, counts=(("done", None),)
        )
        return record(on.session, on.entry(outcome=said), on.case, change), {}

    return act_on(ledger, order, Action.REPORT_DONE, case_id, doing, request={"outcome": said})


def send_back(ledger: Ledger, order: Order, case_id: int, *, reason: str) -> Done:
    """It is not done: the holder goes on, and the clock has not stopped."""
    said = checked_text("reason", reason, "核实不通过的理由", "why it is not done")

    def doing(on: OnCase) -> tuple[int, Mapping[str, Any]]:
        check_can_verify(on.case, order.actor, on.parties, Action.SEND_BACK)
        change = Change(
            {"state": State.HANDLING.value, "done_by": None}, counts=(("sent_back", None),)
        )
        return record(on.session, on.entry(reason=said), on.case, change), {}

    return act_on(ledger, order, Action.SEND_BACK, case_id, doing, request={"reason": said})


def verify(ledger: Ledger, order: Order, case_id: int, *, note: str) -> Done:
    """It is done: somebody other than who reported it says so."""
    said = checked_text("note", note, "核实情况", "what was seen")

    def doing(on: OnCase) -> tuple[int, Mapping[str, Any]]:
        check_can_verify(on.case, order.actor, on.parties)
        change = Change({"state": State.VERIFIED.value})
        return record(on.session, on.entry(note=said), on.case, change), {}

    return act_on(ledger, order, Action.VERIFY, case_id, doing, request={"note": said})


def close(ledger: Ledger, order: Order, case_id: int, *, recheck_on: date | None = None) -> Done:
    """Close the case and set its re-check: by default the limit P03 from today.

    The holder stays named: it answers for the re-check. Raises BadAct for a re-check in the past.
    """

    def doing(on: OnCase) -> tuple[int, Mapping[str, Any]]:
        check_can_verify(on.case, order.actor, on.parties, Action.CLOSE)
        due = on.clock(on.terms.recheck).due_at.astimezone(on.terms.zone).date()
        day = recheck_on or due
        if day <= on.day:
            raise BadAct(
                [
                    Fault(
                        "recheck_on",
                        f"复查日 {day} 应在今天 {on.day} 之后",
                        f"the re-check on {day} must be after today, {on.day}",
                    )
                ]
            )
        in_time = order.at <= on.case.due_at
        counts: list[tuple[str, str | None]] = [("closed", None)]
        counts += [("closed_on_time", None)] if in_time else []
        change = Change(
            {"state": State.CLOSED.value, "closed_at": order.at, "recheck_on": day},
            rows=(*lapsed(on, NO_ANSWER), *lapsed_limits(on)),
            counts=counts,
        )
        entry = on.entry(recheck_on=day.isoformat(), on_time=in_time)
        return record(on.session, entry, on.case, change), {"recheck_on": day.isoformat()}

    request = {"recheck_on": recheck_on and recheck_on.isoformat()}
    return act_on(ledger, order, Action.CLOSE, case_id, doing, request=request)


def recheck(ledger: Ledger, order: Order, case_id: int, *, note: str) -> Done:
    """The re-check found nothing. What it finds is filed, and reopens the case."""
    said = checked_text("note", note, "复查情况", "what was seen")

    def doing(on: OnCase) -> tuple[int, Mapping[str, Any]]:
        check_can_recheck(on.case, order.actor, on.parties, due=on.case.recheck_on, on=on.day)
        change = Change({"state": State.RECHECKED.value}, counts=(("rechecked", None),))
        return record(on.session, on.entry(note=said), on.case, change), {}

    return act_on(ledger, order, Action.RECHECK, case_id, doing, request={"note": said})


def lapsed_limits(on: OnCase) -> tuple[StepClockRow, ...]:
    """The limits of steps that no step met, ended with the case: none may run on without it."""
    rows = tuple(one for one in step_clocks_of(on.session, on.case_id) if one.runs)
    for row in rows:
        row.lapsed_at = on.order.at
    return rows


def _check_step(step: Step, on: OnCase) -> None:
    faults = []
    if step.on > on.day:
        faults.append(
            Fault(
                "on",
                f"步骤日期 {step.on} 晚于今天 {on.day}",
                f"the step's day {step.on} is after today, {on.day}",
            )
        )
    if step.kind in TWO_OFFICERS and not (step.second_officer or "").strip():
        faults.append(
            Fault(
                "second_officer",
                "现场检查须有两名执法人员（行政处罚法第四十二条），请写明第二人",
                "an inspection takes two officers (行政处罚法 art. 42); name the second",
            )
        )
    if step.second_officer is not None and step.second_officer == on.order.actor.id:
        faults.append(
            Fault("second_officer", "第二名执法人员须是另一人", "the second officer is another one")
        )
    if faults:
        raise BadAct(faults)


def _limits(on: OnCase, step: Step, n: int) -> tuple[StepClockRow, ...]:
    """The limits that the step starts, as far as the matter has them."""
    answer = resolution_of(on.session, on.case)
    says = {one.get("id"): one for one in answer.get("deadlines", ())}
    terms: dict[str, Term] = {term.id: term for term in terms_in(answer.get("deadlines", ()))}
    zone = on.terms.zone
    begins = datetime.combine(step.on, time(12), tzinfo=zone)
    found = []
    for id_ in STARTS.get(step.kind, ()):
        if id_ not in terms:
            continue
        clock = started(terms[id_], begins, calendar=on.ledger.calendar, terms=on.ledger.settled)
        found.append(
            StepClockRow(
                case_id=on.case_id,
                n=n,
                term=id_,
                says=says[id_]["step"],
                basis=terms[id_].basis,
                started_at=clock.started_at,
                due_at=clock.due_at,
            )
        )
    return tuple(found)


def _end_limits(on: OnCase, step: Step) -> None:
    """Mark the running limits that this step meets."""
    for clock in step_clocks_of(on.session, on.case_id):
        if clock.runs and step.kind in ENDS.get(clock.term, frozenset()):
            clock.met_at = on.order.at
            on.session.add(clock)
