"""What waits, by clock: for a unit, for the district, for a ruling, for a re-check.

Rows come as they lie in the store, detached; nothing that is read here can be written.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from enforcement.case_clock import Light, light
from enforcement.case_states import State
from enforcement.ledger_events import Order
from enforcement.policies import Action, Parties
from enforcement.services.ledger import Ledger, check_read
from enforcement.services.step_limits import StepLimit, step_limit
from enforcement.store.case_parts import AdjudicationRow, AssistRow, HandoverRow, nearest_limits
from enforcement.store.case_queries import (
    After,
    AfterRuling,
    assists_asked,
    cases_by_clock,
    disputes,
    offers_to,
    rechecks_due,
    rulings,
)
from enforcement.store.cases import CaseRow, id_of
from enforcement.store.chain import Transaction
from enforcement.store.engine import reading

PAGE = 50


class Section(StrEnum):
    """The parts of a unit's inbox, in the order in which they are read."""

    OFFERS = "offers"
    HELD = "held"
    ASSISTS = "assists"
    RECHECKS = "rechecks"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an inbox: the case, and how near its own end is.

    `step` is a limit of a step that ends sooner than the case does, the first one.
    """

    case: CaseRow
    light: Light
    step: StepLimit | None = None


@dataclass(frozen=True, slots=True)
class OfferLine:
    """A case that the unit was asked to take, with the offer and how near its end is."""

    case: CaseRow
    offer: HandoverRow
    light: Light


@dataclass(frozen=True, slots=True)
class AssistLine:
    """A duty that the unit was asked for."""

    case: CaseRow
    duty: AssistRow
    light: Light


@dataclass(frozen=True, slots=True)
class DisputeLine:
    """A case that waits for a ruling, or has one."""

    case: CaseRow
    dispute: AdjudicationRow
    light: Light


@dataclass(frozen=True, slots=True)
class UnitInbox:
    """Everything that waits for one unit."""

    offers: tuple[OfferLine, ...]
    held: tuple[Line, ...]
    assists: tuple[AssistLine, ...]
    rechecks: tuple[CaseRow, ...]


def unit_inbox(
    ledger: Ledger,
    order: Order,
    *,
    sections: Collection[Section] = frozenset(Section),
    after: After | None = None,
    limit: int = PAGE,
) -> UnitInbox:
    """What waits for the actor's unit, the first due first; pages are of the held cases.

    Other `sections` than those asked for are not read. Empty for an actor without a unit.
    """
    unit, now = order.actor.unit, order.at
    if unit is None:
        return UnitInbox((), (), (), ())
    offers: tuple[tuple[CaseRow, HandoverRow], ...] = ()
    held: tuple[Line, ...] = ()
    asked: tuple[tuple[CaseRow, AssistRow], ...] = ()
    rechecks: tuple[CaseRow, ...] = ()
    with reading(ledger.store) as session:
        if Section.OFFERS in sections:
            offers = offers_to(session, unit, limit=limit)
        if Section.HELD in sections:
            cases = cases_by_clock(session, holder=unit, after=after, limit=limit)
            held = _lines(session, ledger, now, cases)
        if Section.ASSISTS in sections:
            asked = assists_asked(session, unit, limit=limit)
        if Section.RECHECKS in sections:
            rechecks = rechecks_due(session, until=ledger.day(order), holder=unit, limit=limit)
    return UnitInbox(
        tuple(
            OfferLine(case, offer, _light(ledger, now, offer.sent_at, offer.due_at))
            for case, offer in offers
        ),
        held,
        tuple(
            AssistLine(case, duty, _light(ledger, now, duty.asked_at, duty.due_at))
            for case, duty in asked
        ),
        rechecks,
    )


def district_inbox(
    ledger: Ledger,
    order: Order,
    *,
    states: tuple[State, ...] = (),
    holder: str | None = None,
    after: After | None = None,
    limit: int = PAGE,
) -> tuple[Line, ...]:
    """The district's running cases by clock. Raises NotAllowed, which is recorded."""
    check_read(ledger, order, Action.SEE_DISTRICT, Parties())
    with reading(ledger.store) as session:
        found = cases_by_clock(session, holder=holder, states=states, after=after, limit=limit)
        return _lines(session, ledger, order.at, found)


def adjudication_queue(
    ledger: Ledger, order: Order, *, after: After | None = None, limit: int = PAGE
) -> tuple[DisputeLine, ...]:
    """What waits for a ruling, the first due first. Raises NotAllowed, which is recorded."""
    check_read(ledger, order, Action.SEE_DISTRICT, Parties())
    with reading(ledger.store) as session:
        found = disputes(session, after=after, limit=limit)
    return tuple(_dispute(ledger, order.at, case, row) for case, row in found)


def rulings_made(
    ledger: Ledger, order: Order, *, after: AfterRuling | None = None, limit: int = PAGE
) -> tuple[DisputeLine, ...]:
    """Rulings and the rules that they propose, for stewards, the newest first.

    Raises NotAllowed, which is recorded.
    """
    check_read(ledger, order, Action.SEE_REPORTS, Parties())
    with reading(ledger.store) as session:
        found = rulings(session, after=after, limit=limit)
    return tuple(_dispute(ledger, order.at, case, row) for case, row in found)


def recheck_list(ledger: Ledger, order: Order, *, limit: int = PAGE) -> tuple[CaseRow, ...]:
    """The district's re-checks that are due. Raises NotAllowed, which is recorded."""
    check_read(ledger, order, Action.SEE_DISTRICT, Parties())
    with reading(ledger.store) as session:
        return rechecks_due(session, until=ledger.day(order), limit=limit)


def _lines(
    session: Transaction, ledger: Ledger, now: datetime, cases: Iterable[CaseRow]
) -> tuple[Line, ...]:
    """The lines of a page, in the order of its cases; the limits of all are read at once."""
    shown = {id_of(case): case for case in cases}
    limits = nearest_limits(session, shown)
    lines = []
    for case_id, case in shown.items():
        clock = limits.get(case_id)
        sooner = clock is not None and clock.due_at < case.due_at
        lines.append(
            Line(
                case,
                _light(ledger, now, case.clock_started_at, case.due_at),
                step_limit(ledger, now, clock) if clock is not None and sooner else None,
            )
        )
    return tuple(lines)


def _dispute(ledger: Ledger, now: datetime, case: CaseRow, row: AdjudicationRow) -> DisputeLine:
    return DisputeLine(case, row, _light(ledger, now, row.opened_at, row.due_at))


def _light(ledger: Ledger, now: datetime, start: datetime, due: datetime) -> Light:
    return light(now, start, due, ledger.settled)
