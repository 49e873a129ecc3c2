"""Handing a case over: an offer, and its answer. The sender holds the case until it is accepted.

Nothing here touches the case's clock. Silence is `services.sweeping`'s.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from enforcement.case_states import State
from enforcement.cases import (
    Refusal,
    check_can,
    check_can_hand_over,
    check_can_hold,
    check_can_refuse,
    named_units,
    sends_to_adjudication,
)
from enforcement.ledger_errors import BadAct
from enforcement.ledger_events import Order
from enforcement.policies import Action
from enforcement.services.assisting import resolved_duties
from enforcement.services.ledger import Done, Ledger, OnCase, act_on, checked_text
from enforcement.services.rulings import dispute_row
from enforcement.store.case_parts import HandoverRow, handovers_of
from enforcement.store.case_parts import open_handover as waiting_offer
from enforcement.store.cases import (
    Change,
    freeze_resolution,
    holdings_of,
    record,
    resolution_of,
)
from rules.errors import Fault

FORMER_HOLDER = "原承办单位 / a unit that held it before"


def correct(
    ledger: Ledger, order: Order, case_id: int, *, facts: Mapping[str, str], reason: str
) -> Done:
    """Correct facts and resolve again; the new resolution is frozen beside the old one.

    The holder stays the holder. Raises BadQuestion for facts that the matter does not have.
    """
    said = checked_text("reason", reason, "更正理由", "why the facts are corrected")

    def doing(on: OnCase) -> tuple[int, Mapping[str, Any]]:
        check_can(on.case, order.actor, Action.CORRECT, on.parties)
        if not facts:
            raise BadAct([Fault("facts", "请更正至少一个要素", "correct at least one fact")])
        answer = ledger.resolve_again(resolution_of(on.session, on.case), facts, on.day)
        entry = on.entry(facts=dict(facts), reason=said, lead=lead_of(answer))
        freeze_resolution(on.session, entry, on.case, answer, why="corrected")
        change = Change({"lead_unit": lead_of(answer)})
        return record(on.session, entry, on.case, change), {"lead": lead_of(answer)}

    request = {"facts": dict(facts), "reason": said}
    return act_on(ledger, order, Action.CORRECT, case_id, doing, request=request)


def hand_over(
    ledger: Ledger, order: Order, case_id: int, *, to: str, reason: str, basis: str = ""
) -> Done:
    """Offer the case to another unit; `state` in the result says what came of it.

    An offer to a unit that held the case in this round is a return. The second return of a round
    goes to adjudication instead.
    """

    def doing(on: OnCase) -> tuple[int, Mapping[str, Any]]:
        check_can_hand_over(on.case, order.actor, on.parties, to=to, reason=reason, basis=basis)
        named = named_units(resolution_of(on.session, on.case))
        check_can_hold(to, ledger.registry, on.day, named=named)
        returns = _held_in_round(on, to)
        if returns and sends_to_adjudication(on.case):
            return _to_adjudication(on, units=(on.case.holder, to), why=reason, extra={"to": to})
        offer = _offer(on, to=to, reason=reason, basis=basis, police=False)
        change = Change(
            {
                "state": State.HANDED_OVER.value,
                "returns": on.case.returns + int(returns),
            },
            rows=(offer,),
            parties=(to,),
            counts=(("handed_over", None), *((("returned", to),) if returns else ())),
        )
        entry = on.entry(to=to, reason=reason, basis=basis, due=offer.due_at.isoformat())
        seq = record(on.session, entry, on.case, change)
        return seq, {"state": on.case.state, "offer": offer.n}

    request = {"to": to, "reason": reason, "basis": basis}
    return act_on(ledger, order, Action.HAND_OVER, case_id, doing, request=request)


def transfer(
    ledger: Ledger, order: Order, case_id: int, *, to: str, reason: str, basis: str
) -> Done:
    """Offer a case that may be a crime to public security (行政处罚法 2021 art. 27)."""

    def doing(on: OnCase) -> tuple[int, Mapping[str, Any]]:
        check_can_hand_over(
            on.case,
            order.actor,
            on.parties,
            to=to,
            reason=reason,
            basis=basis,
            action=Action.TRANSFER,
        )
        check_can_hold(to, ledger.registry, on.day, named=())
        if to not in ledger.police:
            raise BadAct([Fault("to", f"{to} 不是公安机关", f"{to} is not public security")])
        offer = _offer(on, to=to, reason=reason, basis=basis, police=True)
        change = Change(
            {"state": State.HANDED_OVER.value},
            rows=(offer,),
            parties=(to,),
            counts=(("transferred", None),),
        )
        entry = on.entry(to=to, reason=reason, basis=basis, due=offer.due_at.isoformat())
        seq = record(on.session, entry, on.case, change)
        return seq, {"state": on.case.state, "offer": offer.n}

    request = {"to": to, "reason": reason, "basis": basis}
    return act_on(ledger, order, Action.TRANSFER, case_id, doing, request=request)


def accept(ledger: Ledger, order: Order, case_id: int, *, officer: str | None = None) -> Done:
    """Take the case: the receiver becomes its holder at this moment, with an officer in charge."""

    def doing(on: OnCase) -> tuple[int, Mapping[str, Any]]:
        check_can(on.case, order.actor, Action.ACCEPT, on.parties)
        seq = take_over(on, officer=officer or order.actor.id, answer="accepted")
        return seq, {"holder": on.case.holder, "state": on.case.state}

    return act_on(ledger, order, Action.ACCEPT, case_id, doing, request={"officer": officer})


def take_over(on: OnCase, *, officer: str | None, answer: str) -> int:
    """Make the receiver of the open offer the holder; after a ruling it is so already."""
    offer = waiting_offer(on.session, on.case_id)
    case, at = on.case, on.order.at
    columns: dict[str, Any] = {"state": State.ACCEPTED.value, "officer": officer}
    counts: list[tuple[str, str | None]] = [("accepted", None)]
    unit = case.holder
    if offer is not None:
        offer.answered_at, offer.answered_by, offer.answer = at, on.order.actor.id, answer
        unit = offer.to_unit
        columns["lead_unit"] = unit
        if offer.police:
            columns["state"] = State.TRANSFERRED.value
        elif case.first_lead == unit and case.returns == 0 and offer.n == 1:
            counts.append(("first_time_right", None))
    duties = resolved_duties(on, lead=unit)
    change = Change(
        columns,
        holder=unit,
        rows=duties,
        parties=[duty.unit for duty in duties],
        counts=counts,
    )
    entry = on.entry(unit=unit, officer=officer, answer=answer)
    return record(on.session, entry, case, change)


def refuse(ledger: Ledger, order: Order, case_id: int, refusal: Refusal) -> Done:
    """Do not take the case. With corrected facts it is resolved again, whoever leads then.

    The sender holds it as before and its clock runs on. The second return of a round goes to
    adjudication. Raises BadAct for facts that do not change the lead: then the refusal has none.
    """

    def doing(on: OnCase) -> tuple[int, Mapping[str, Any]]:
        check_can_refuse(on.case, order.actor, on.parties, refusal)
        offer = waiting_offer(on.session, on.case_id)
        if offer is None:
            raise AssertionError(f"case {on.case_id} is handed over without an offer")
        entry = on.entry(
            reason=refusal.reason,
            facts=dict(refusal.facts),
            unit=refusal.unit,
            basis=refusal.basis,
        )
        lead = _lead_after_refusal(on, offer, refusal)
        offer.answered_at, offer.answered_by = order.at, order.actor.id
        offer.answer, offer.refusal = "refused", refusal.reason
        offer.corrected = json.dumps(dict(refusal.facts), ensure_ascii=False)
        offer.other_unit, offer.other_basis = refusal.unit, refusal.basis
        if sends_to_adjudication(on.case):
            units = tuple(dict.fromkeys((on.case.holder, offer.to_unit, *filter(None, [lead]))))
            return _to_adjudication(
                on, units=units, why=refusal.reason, extra=dict(entry.body), lead=lead
            )
        change = Change(
            {
                "state": State.RETURNED.value,
                "returns": on.case.returns + 1,
                "lead_unit": lead,
            },
            counts=(("returned", offer.to_unit),),
        )
        seq = record(on.session, entry, on.case, change)
        return seq, {"state": on.case.state, "lead": lead}

    request = {
        "reason": refusal.reason,
        "facts": dict(refusal.facts),
        "unit": refusal.unit,
        "basis": refusal.basis,
    }
    return act_on(ledger, order, Action.REFUSE, case_id, doing, request=request)


def lead_of(answer: Mapping[str, Any]) -> str | None:
    """The unit that leads by a resolution, or None."""
    lead = answer.get("lead")
    return None if lead is None else str(lead["unit"])


def _offer(on: OnCase, *, to: str, reason: str, basis: str, police: bool) -> HandoverRow:
    return HandoverRow(
        case_id=on.case_id,
        n=len(handovers_of(on.session, on.case_id)) + 1,
        police=police,
        from_unit=on.case.holder,
        to_unit=to,
        reason=reason.strip(),
        basis=basis.strip(),
        by=on.order.actor.id,
        sent_at=on.order.at,
        due_at=on.clock(on.terms.accept).due_at,
    )


def _held_in_round(on: OnCase, unit: str) -> bool:
    """Whether the unit held the case in this round: an offer to it gives the case back."""
    began = on.case.clock_started_at
    return any(
        one.unit == unit and one.until_at is not None and one.until_at >= began
        for one in holdings_of(on.session, on.case_id)
    )


def _lead_after_refusal(on: OnCase, offer: HandoverRow, refusal: Refusal) -> str | None:
    """Who leads after the refusal: by the corrected facts, or the unit that is named."""
    ledger = on.ledger
    answer = resolution_of(on.session, on.case)
    if refusal.facts:
        answer = dict(ledger.resolve_again(answer, refusal.facts, on.day))
        if lead_of(answer) == offer.to_unit:
            raise BadAct(
                [
                    Fault(
                        "facts",
                        "更正这些要素后仍由本单位主办；请接收，或写明其他单位及依据",
                        "with these facts the unit still leads; accept, or name another unit and "
                        "its basis",
                    )
                ]
            )
        entry = on.entry(facts=dict(refusal.facts))
        freeze_resolution(on.session, entry, on.case, answer, why="refused")
        if refusal.unit is None:
            return lead_of(answer)
    if refusal.unit is not None:
        check_can_hold(refusal.unit, ledger.registry, on.day, named=named_units(answer))
    return refusal.unit


def _to_adjudication(
    on: OnCase,
    *,
    units: tuple[str, ...],
    why: str,
    extra: Mapping[str, Any],
    lead: str | None = None,
) -> tuple[int, Mapping[str, Any]]:
    row = dispute_row(on, units=units, why=why)
    change = Change(
        {
            "state": State.ADJUDICATION.value,
            "returns": on.case.returns + 1,
            "lead_unit": lead or on.case.lead_unit,
        },
        rows=(row,),
        parties=units,
        counts=(("returned", None), ("adjudicated", None)),
    )
    entry = on.entry(**extra, units=list(units), adjudication=row.n)
    return record(on.session, entry, on.case, change), {"state": on.case.state}
