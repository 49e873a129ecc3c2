"""What people read: their inboxes by clock, and one case with its whole story.

Rows come as they lie in the store, detached; nothing that is read here can be written. A resident
is shown by role only; name and contact are `services.residents`'.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from enforcement.case_clock import Light, light
from enforcement.case_states import MOVES, State
from enforcement.ledger_events import Order
from enforcement.policies import Action, Parties, may
from enforcement.services.ledger import (
    Ledger,
    check_may_see,
    check_read,
    found_case,
    parties_in,
)
from enforcement.store.case_parts import (
    AdjudicationRow,
    AssistRow,
    HandoverRow,
    StepClockRow,
    StepRow,
    adjudications_of,
    assists_of,
    handovers_of,
    nearest_limits,
    step_clocks_of,
    steps_of,
)
from enforcement.store.case_queries import (
    After,
    AfterRuling,
    assists_asked,
    cases_by_clock,
    disputes,
    of_site,
    offers_to,
    rechecks_due,
    rulings,
)
from enforcement.store.cases import (
    CaseRow,
    HoldingRow,
    ResolutionRow,
    holdings_of,
    id_of,
    resolutions_of,
)
from enforcement.store.chain import EventRow, Transaction, events_of
from enforcement.store.engine import reading
from enforcement.store.evidence import (
    DocumentRow,
    EvidenceRow,
    documents_of,
    evidence_of,
    residents_of,
)

PAGE = 50


@dataclass(frozen=True, slots=True)
class StepLimit:
    """A limit that a step started, and how near its end is."""

    clock: StepClockRow
    light: Light


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


@dataclass(frozen=True, slots=True)
class ResidentShown:
    """A resident as everybody sees one: the role."""

    n: int
    role: str
    erased: bool


@dataclass(frozen=True, slots=True)
class Story:
    """A case with everything that happened to it; `allowed` is what the reader may do now.

    `limits` are those of `step_clocks` that run for the holder now.
    """

    case: CaseRow
    light: Light
    parties: Parties
    resolutions: tuple[ResolutionRow, ...]
    holdings: tuple[HoldingRow, ...]
    handovers: tuple[HandoverRow, ...]
    adjudications: tuple[AdjudicationRow, ...]
    assists: tuple[AssistRow, ...]
    steps: tuple[StepRow, ...]
    step_clocks: tuple[StepClockRow, ...]
    limits: tuple[StepLimit, ...]
    evidence: tuple[EvidenceRow, ...]
    documents: tuple[DocumentRow, ...]
    residents: tuple[ResidentShown, ...]
    events: tuple[EventRow, ...]
    allowed: frozenset[Action]

    @property
    def resolution(self) -> dict[str, Any]:
        """The newest resolution."""
        return self.resolutions[-1].answer

    @property
    def nearest(self) -> StepLimit | None:
        """Of the limits that bind the holder, the one that ends first."""
        return min(self.limits, key=lambda one: one.clock.due_at, default=None)


def unit_inbox(
    ledger: Ledger, order: Order, *, after: After | None = None, limit: int = PAGE
) -> UnitInbox:
    """What waits for the actor's unit, the first due first; pages are of the held cases.

    Empty for an actor without a unit.
    """
    unit, now = order.actor.unit, order.at
    if unit is None:
        return UnitInbox((), (), (), ())
    with reading(ledger.store) as session:
        offers = offers_to(session, unit, limit=limit)
        cases = cases_by_clock(session, holder=unit, after=after, limit=limit)
        held = _lines(session, ledger, now, cases)
        asked = assists_asked(session, unit, limit=limit)
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


def story(ledger: Ledger, order: Order, case_id: int) -> Story:
    """The whole story of a case. Raises NoSuchRecord, and NotAllowed, which is recorded."""
    check_may_see(ledger, order, case_id)
    with reading(ledger.store) as session:
        case = found_case(session, case_id)
        parties = parties_in(session, case)
        clocks = step_clocks_of(session, case_id)
        return Story(
            case=case,
            light=_light(ledger, order.at, case.clock_started_at, case.due_at),
            parties=parties,
            resolutions=resolutions_of(session, case_id),
            holdings=holdings_of(session, case_id),
            handovers=handovers_of(session, case_id),
            adjudications=adjudications_of(session, case_id),
            assists=assists_of(session, case_id),
            steps=steps_of(session, case_id),
            step_clocks=clocks,
            limits=tuple(_limit(ledger, order.at, one) for one in clocks if one.binds),
            evidence=evidence_of(session, case_id),
            documents=documents_of(session, case_id),
            residents=tuple(
                ResidentShown(one.n, one.role, one.erased_at is not None)
                for one in residents_of(session, case_id)
            ),
            events=events_of(session, case_id),
            allowed=possible(case, order, parties),
        )


def holder_of(ledger: Ledger, case_id: int) -> str:
    """The unit that holds a case now. Raises NoSuchRecord."""
    with reading(ledger.store) as session:
        return found_case(session, case_id).holder


def cases_of_site(
    ledger: Ledger, order: Order, site_id: str, *, limit: int = PAGE
) -> tuple[CaseRow, ...]:
    """The cases of a site that the actor may see, the newest first."""
    with reading(ledger.store) as session:
        return tuple(
            case
            for case in of_site(session, site_id, limit=limit)
            if may(order.actor, Action.SEE_CASE, parties_in(session, case))
        )


def possible(case: CaseRow, order: Order, parties: Parties) -> frozenset[Action]:
    """What the actor may do in this state; an act can still be refused for what it lacks."""
    state = State(case.state)
    return frozenset(
        move.action
        for move in MOVES
        if state in move.sources and may(order.actor, move.action, parties)
    )


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
                _limit(ledger, now, clock) if clock is not None and sooner else None,
            )
        )
    return tuple(lines)


def _limit(ledger: Ledger, now: datetime, clock: StepClockRow) -> StepLimit:
    return StepLimit(clock, _light(ledger, now, clock.started_at, clock.due_at))


def _dispute(ledger: Ledger, now: datetime, case: CaseRow, row: AdjudicationRow) -> DisputeLine:
    return DisputeLine(case, row, _light(ledger, now, row.opened_at, row.due_at))


def _light(ledger: Ledger, now: datetime, start: datetime, due: datetime) -> Light:
    return light(now, start, due, ledger.settled)
