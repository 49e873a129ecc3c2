"""Assists: duties of their own beside the case, with deadlines. They never hold or shed it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from enforcement.cases import check_can, check_can_hold
from enforcement.ledger_errors import BadAct
from enforcement.ledger_events import Order
from enforcement.policies import Action
from enforcement.services.ledger import Done, Ledger, OnCase, act_on, checked_text, no_such
from enforcement.store.case_parts import AssistRow, assists_of
from enforcement.store.cases import Change, record, resolution_of
from rules.errors import Fault
from rules.model import Text

NO_ANSWER: Final = "结案时未答复 / no answer when the case ended"

DUTIES: Final[Mapping[str, Text]] = {
    "inform": Text("告知", "inform"),
    "evidence": Text("取证", "evidence"),
    "joint": Text("联合到场", "joint visit"),
    "technical": Text("技术意见", "technical opinion"),
}


def ask_assist(
    ledger: Ledger, order: Order, case_id: int, *, unit: str, duty: str, asked: str
) -> Done:
    """Ask a unit for help within its own power (行政处罚法 2021 art. 26)."""
    said = checked_text("asked", asked, "请求协办的内容", "what is asked for")

    def doing(on: OnCase) -> tuple[int, Mapping[str, Any]]:
        check_can(on.case, order.actor, Action.ASK_ASSIST, on.parties)
        if duty not in DUTIES:
            listed = ", ".join(DUTIES)
            raise BadAct([Fault("duty", f"可选：{listed}", f"one of: {listed}")])
        if unit == on.case.holder:
            raise BadAct([Fault("unit", "不能请本单位协办", "the holder cannot assist itself")])
        check_can_hold(unit, ledger.registry, on.day, named=(unit,))
        row = AssistRow(
            case_id=on.case_id,
            n=len(assists_of(on.session, on.case_id)) + 1,
            unit=unit,
            duty=duty,
            asked=said,
            asked_by=order.actor.id,
            asked_at=order.at,
            due_at=on.clock(on.terms.assist).due_at,
        )
        entry = on.entry(unit=unit, duty=duty, assist=row.n)
        change = Change(rows=(row,), parties=(unit,))
        return record(on.session, entry, on.case, change), {"assist": row.n}

    request = {"unit": unit, "duty": duty, "asked": said}
    return act_on(ledger, order, Action.ASK_ASSIST, case_id, doing, request=request)


def answer_assist(ledger: Ledger, order: Order, case_id: int, *, assist: int, answer: str) -> Done:
    """Answer a duty of the actor's own unit. Raises NoSuchRecord when there is none such."""
    said = checked_text("answer", answer, "协办答复", "the answer")

    def doing(on: OnCase) -> tuple[int, Mapping[str, Any]]:
        check_can(on.case, order.actor, Action.ANSWER_ASSIST, on.parties)
        own = [
            one
            for one in assists_of(on.session, on.case_id)
            if one.n == assist and one.unit == order.actor.unit and one.answered_at is None
        ]
        if not own:
            raise no_such("assist", assist, "本单位待答复的协办", "open duty of this unit")
        row = own[0]
        row.answered_at, row.answered_by, row.answer = order.at, order.actor.id, said
        entry = on.entry(assist=assist, duty=row.duty)
        change = Change(rows=(row,), counts=(("assisted", row.unit),))
        return record(on.session, entry, on.case, change), {"assist": assist}

    request = {"assist": assist, "answer": said}
    return act_on(ledger, order, Action.ANSWER_ASSIST, case_id, doing, request=request)


def resolved_duties(on: OnCase, *, lead: str) -> tuple[AssistRow, ...]:
    """The duties that the resolution gives to others, each asked once and running from now."""
    answer = resolution_of(on.session, on.case)
    there = assists_of(on.session, on.case_id)
    asked = {(one.unit, one.duty) for one in there}
    clock = on.clock(on.terms.assist)
    wanted = [
        one
        for one in answer.get("assist", ())
        if one["unit"] != lead and (one["unit"], one["duty"]) not in asked
    ]
    return tuple(
        AssistRow(
            case_id=on.case_id,
            n=len(there) + at,
            unit=one["unit"],
            duty=one["duty"],
            asked_by=on.order.actor.id,
            asked_at=on.order.at,
            due_at=clock.due_at,
        )
        for at, one in enumerate(wanted, 1)
    )


def lapsed(on: OnCase, why: str) -> tuple[AssistRow, ...]:
    """The duties that nobody answered, ended with the case: a clock must not run on without it."""
    rows = tuple(one for one in assists_of(on.session, on.case_id) if one.answered_at is None)
    for row in rows:
        row.answered_at, row.answered_by, row.answer = on.order.at, on.order.actor.id, why
    return rows
