"""Disputes before the ladder, and the rulings that end them.

A ruling binds at once: the unit that it names holds the case from that moment and cannot refuse.
It drafts an entry for the register of seams and a rule, which a steward may take over.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from enforcement.case_states import State
from enforcement.cases import (
    check_can_ask_ruling,
    check_can_hold,
    check_can_rule,
    named_units,
)
from enforcement.ladder import ladder
from enforcement.ledger_events import Order, canonical
from enforcement.policies import Action
from enforcement.ruling_drafts import drafted
from enforcement.services.ledger import Done, Ledger, OnCase, act_on
from enforcement.store.case_parts import AdjudicationRow, adjudications_of, open_adjudication
from enforcement.store.case_parts import open_handover as waiting_offer
from enforcement.store.cases import Change, record, resolution_of


def ask_ruling(ledger: Ledger, order: Order, case_id: int, *, reason: str) -> Done:
    """Bring the case before the ladder: nobody leads it, or the receiver does not answer."""

    def doing(on: OnCase) -> tuple[int, Mapping[str, Any]]:
        offer = waiting_offer(on.session, on.case_id)
        silent = offer is not None and offer.due_at < order.at
        check_can_ask_ruling(on.case, order.actor, on.parties, reason=reason, silent=silent)
        units = [on.case.holder]
        if offer is not None:
            offer.answered_at, offer.answered_by, offer.answer = order.at, order.actor.id, "ruling"
            units.append(offer.to_unit)
        answer = resolution_of(on.session, on.case)
        units += sorted(unit for unit in named_units(answer) if unit in candidates(answer))
        row = dispute_row(on, units=tuple(dict.fromkeys(units)), why=reason)
        change = Change(
            {"state": State.ADJUDICATION.value},
            rows=(row,),
            parties=row.disputing,
            counts=(("adjudicated", None),),
        )
        entry = on.entry(reason=reason, units=list(row.disputing), adjudication=row.n)
        return record(on.session, entry, on.case, change), {"state": on.case.state}

    return act_on(ledger, order, Action.ASK_RULING, case_id, doing, request={"reason": reason})


def rule(ledger: Ledger, order: Order, case_id: int, *, unit: str, reason: str, basis: str) -> Done:
    """Name the unit that leads. Raises BadAct for a unit that may not hold the case."""

    def doing(on: OnCase) -> tuple[int, Mapping[str, Any]]:
        check_can_rule(on.case, order.actor, on.parties, reason=reason, basis=basis)
        answer = resolution_of(on.session, on.case)
        named = check_can_hold(unit, ledger.registry, on.day, named=named_units(answer))
        row = open_adjudication(on.session, on.case_id)
        if row is None:
            raise AssertionError(f"case {on.case_id} is in adjudication without a dispute")
        draft = drafted(
            answer,
            case_number=on.case.number,
            unit=unit,
            unit_name=named.name(on.day),
            units=row.disputing,
            reason=reason,
            basis=basis,
            on=on.day,
        )
        row.answered_at, row.ruled_by, row.unit = order.at, order.actor.id, unit
        row.reason, row.basis = reason, basis
        row.register_entry = canonical(draft.register_entry)
        row.proposed_rule = canonical(draft.rule)
        change = Change(
            {"state": State.RULED.value, "lead_unit": unit, "officer": None},
            holder=unit,
            parties=(unit,),
            counts=(("ruled", unit),),
        )
        entry = on.entry(unit=unit, reason=reason, basis=basis, adjudication=row.n)
        return record(on.session, entry, on.case, change), {"holder": unit, "ruling": row.n}

    request = {"unit": unit, "reason": reason, "basis": basis}
    return act_on(ledger, order, Action.RULE, case_id, doing, request=request)


def dispute_row(on: OnCase, *, units: tuple[str, ...], why: str) -> AdjudicationRow:
    """A new dispute with its ladder and its own deadline: talks first, then the ruling."""
    terms = on.terms
    talks = on.clock(terms.dispute)
    ruling = on.ledger.calendar.due(
        talks.due_at.astimezone(terms.zone).replace(tzinfo=None),
        terms.adjudicate.limit,
        terms.adjudicate.unit,
    )
    rungs = ladder(
        units,
        first_filed=on.case.asker,
        intake=on.ledger.intake,
        registry=on.ledger.registry,
        on=on.day,
    )
    return AdjudicationRow(
        case_id=on.case_id,
        n=len(adjudications_of(on.session, on.case_id)) + 1,
        opened_at=on.order.at,
        negotiate_until=talks.due_at,
        due_at=ruling.at.replace(tzinfo=terms.zone),
        why=why,
        units=canonical(list(units)),
        ladder=canonical([rung.as_dict() for rung in rungs]),
    )


def candidates(answer: Mapping[str, Any]) -> frozenset[str]:
    """The units that the resolution still holds possible as lead."""
    found = [answer.get("lead"), *answer.get("candidates", ())]
    return frozenset(one["unit"] for one in found if one and one.get("unit"))
