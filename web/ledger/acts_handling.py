"""The work itself and who looks at it afterwards: steps, done, verified, closed, re-checked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from enforcement.case_clock import STEP_NAMES, StepKind
from enforcement.errors import BadQuestion
from enforcement.ledger_events import Order
from enforcement.policies import Action
from enforcement.services.filing import merge, reopen
from enforcement.services.handing import lead_of
from enforcement.services.handling import (
    Step,
    add_step,
    close,
    name_officer,
    recheck,
    report_done,
    send_back,
    verify,
)
from enforcement.services.ledger import Done
from enforcement.services.searching import find_case
from enforcement.store.cases import id_of
from rules.errors import Fault, RulesError
from web.errors import BadInput
from web.ledger.acts import Act, Case, Field, Form, Group, Typed, asked, read
from web.ledger.acts_handing import chosen
from web.ledger.core import Core


def _day(typed: Typed, name: str) -> date | None:
    """The day of a field, None when nothing was typed. Raises BadInput for what is no day."""
    given = typed.get(name, "").strip()
    if not given:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise BadInput(
            [Fault(name, "日期写作 2026-11-22", "a date is written 2026-11-22")]
        ) from error


def _long(case: Case, name: str, key: str) -> Field:
    return asked(case.core, name, "long", key=key, required=True)


# --- steps -------------------------------------------------------------------------------------


def _step_form(case: Case) -> Form:
    core = case.core
    kinds = [(kind.value, core.t(name)) for kind, name in STEP_NAMES.items()]
    others = [one for one in case.names.colleagues(core.actor.unit) if one[0] != core.actor.id]
    second = chosen(others, core)
    return Form(
        case.say("step.go"),
        [
            Group(
                [
                    asked(core, "kind", "choice", key="step_kind", options=kinds, required=True),
                    asked(
                        core,
                        "on",
                        "date",
                        key="step_on",
                        value=core.today.isoformat(),
                        required=True,
                    ),
                    asked(core, "second_officer", "choice", options=second),
                    asked(core, "note", "long", key="step_note"),
                ]
            )
        ],
        [case.say("step.says")],
    )


def _step(core: Core, order: Order, case_id: int, typed: Typed) -> Done:
    kind = typed.get("kind", "")
    if kind not in set(StepKind):
        raise BadInput([Fault("kind", "请选择步骤", "choose what was done")])
    step = Step(
        StepKind(kind),
        _day(typed, "on") or core.today,
        typed.get("note", ""),
        typed.get("second_officer", "").strip() or None,
    )
    return add_step(core.ledger, order, case_id, step)


def _name_officer_form(case: Case) -> Form:
    core, row = case.core, case.story.case
    people = case.names.colleagues(row.holder)
    now = row.officer or ""
    field = asked(core, "officer", "choice", value=now, options=people, required=True)
    return Form(case.say("name_officer.go"), [Group([field])], [case.say("name_officer.says")])


def _name_officer(core: Core, order: Order, case_id: int, typed: Typed) -> Done:
    return name_officer(core.ledger, order, case_id, officer=typed.get("officer", ""))


def _report_done_form(case: Case) -> Form:
    return Form(
        case.say("report_done.go"),
        [Group([_long(case, "outcome", "outcome")])],
        [case.say("report_done.says")],
    )


def _report_done(core: Core, order: Order, case_id: int, typed: Typed) -> Done:
    return report_done(core.ledger, order, case_id, outcome=typed.get("outcome", ""))


# --- looked at by somebody else ----------------------------------------------------------------


def _reported(case: Case) -> list[str]:
    """What was reported as done."""
    said = [event.body for event in case.story.events if event.action == Action.REPORT_DONE.value]
    return [case.say("reported", outcome=said[-1].get("outcome", ""))] if said else []


def _send_back_form(case: Case) -> Form:
    return Form(
        case.say("send_back.go"),
        [Group([_long(case, "reason", "send_back_reason")])],
        [case.say("send_back.says"), *_reported(case)],
    )


def _send_back(core: Core, order: Order, case_id: int, typed: Typed) -> Done:
    return send_back(core.ledger, order, case_id, reason=typed.get("reason", ""))


def _verify_form(case: Case) -> Form:
    return Form(
        case.say("verify.go"),
        [Group([_long(case, "note", "verify_note")])],
        [case.say("verify.says"), *_reported(case)],
    )


def _verify(core: Core, order: Order, case_id: int, typed: Typed) -> Done:
    return verify(core.ledger, order, case_id, note=typed.get("note", ""))


def _close_form(case: Case) -> Form:
    core = case.core
    ledger, order = core.ledger, core.reads()
    term = ledger.terms(order).recheck
    due = ledger.clock(term, order).due_at.astimezone(ledger.settled.zone).date()
    limit = case.names.limit(term.limit, term.unit)
    return Form(
        case.say("close.go"),
        [Group([asked(core, "recheck_on", "date", value=due.isoformat(), required=True)])],
        [case.say("close.says"), case.say("close.default", day=due, limit=limit)],
    )


def _close(core: Core, order: Order, case_id: int, typed: Typed) -> Done:
    return close(core.ledger, order, case_id, recheck_on=_day(typed, "recheck_on"))


def _recheck_form(case: Case) -> Form:
    return Form(
        case.say("recheck.go"),
        [Group([_long(case, "note", "recheck_note")])],
        [case.say("recheck.says"), case.say("recheck.again")],
    )


def _recheck(core: Core, order: Order, case_id: int, typed: Typed) -> Done:
    return recheck(core.ledger, order, case_id, note=typed.get("note", ""))


def _reopen_form(case: Case) -> Form:
    heir = case.names.heir(case.story.case.holder) or case.story.case.holder
    grade = case.story.case.grade + 1
    return Form(
        case.say("reopen.go"),
        [Group([_long(case, "description", "reopen_description")])],
        [case.say("reopen.says", unit=case.core.unit(heir), grade=grade)],
    )


def _reopen(core: Core, order: Order, case_id: int, typed: Typed) -> Done:
    said = typed.get("description", "")
    return reopen(core.ledger, order, case_id, description=said, resolution=_again(core, case_id))


def _again(core: Core, case_id: int) -> Mapping[str, Any] | None:
    """The case's question asked again today, for the new round's limits and basis.

    None when it cannot be asked again, or when another unit leads now: the old lead goes on.
    """
    case = read(core, case_id)
    try:
        answer = core.ledger.resolve_again(case.story.resolution, {}, core.today)
    except (BadQuestion, RulesError):
        return None
    holder = case.story.case.holder
    return answer if lead_of(answer) in {None, holder, case.names.heir(holder)} else None


# --- duplicates --------------------------------------------------------------------------------


def _merge_form(case: Case) -> Form:
    return Form(
        case.say("merge.go"),
        [
            Group(
                [
                    asked(case.core, "main", "text", required=True, longest=20),
                    _long(case, "reason", "merge_reason"),
                ]
            )
        ],
        [case.say("merge.says")],
    )


def _merge(core: Core, order: Order, case_id: int, typed: Typed) -> Done:
    main = find_case(core.ledger, core.reads(), typed.get("main", ""))
    return merge(core.ledger, order, case_id, main_id=id_of(main), reason=typed.get("reason", ""))


HANDLING: Final = (
    Act(Action.STEP, _step_form, _step),
    Act(Action.NAME_OFFICER, _name_officer_form, _name_officer),
    Act(Action.REPORT_DONE, _report_done_form, _report_done),
    Act(Action.SEND_BACK, _send_back_form, _send_back),
    Act(Action.VERIFY, _verify_form, _verify),
    Act(Action.CLOSE, _close_form, _close),
    Act(Action.RECHECK, _recheck_form, _recheck),
    Act(Action.REOPEN, _reopen_form, _reopen),
    Act(Action.MERGE, _merge_form, _merge),
)
