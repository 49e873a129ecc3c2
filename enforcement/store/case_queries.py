"""Lists of cases: what waits for whom, by clock. Each query walks one index and stops early."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_, tuple_
from sqlmodel import col, select

from enforcement.case_states import State
from enforcement.nearness import Box
from enforcement.store.case_parts import AdjudicationRow, AssistRow, HandoverRow
from enforcement.store.cases import CaseRow
from enforcement.store.chain import Transaction

MOST_NEAR = 50


@dataclass(frozen=True, slots=True)
class After:
    """The last line of the page before: its due moment and its number."""

    due_at: datetime
    id: int


@dataclass(frozen=True, slots=True)
class AfterRuling:
    """The last ruling of the page before: its moment, its case, and which of the case's it is."""

    ruled_at: datetime
    case_id: int
    n: int


def cases_by_clock(
    session: Transaction,
    *,
    holder: str | None = None,
    states: Sequence[State] = (),
    after: After | None = None,
    limit: int,
) -> tuple[CaseRow, ...]:
    """Running cases, the one that is due first first; of one holder, or in some states."""
    query = select(CaseRow).where(CaseRow.running == 1)
    if holder is not None:
        query = query.where(CaseRow.holder == holder)
    if states:
        query = query.where(col(CaseRow.state).in_([state.value for state in states]))
    if after is not None:
        query = query.where(
            tuple_(col(CaseRow.due_at), col(CaseRow.id)) > tuple_(after.due_at, after.id)
        )
    query = query.order_by(col(CaseRow.due_at), col(CaseRow.id)).limit(limit)
    return tuple(session.exec(query).all())


def offers_to(
    session: Transaction, unit: str, *, limit: int
) -> tuple[tuple[CaseRow, HandoverRow], ...]:
    """Cases that a unit was asked to take, with the offer, the first due first."""
    query = (
        select(CaseRow, HandoverRow)
        .join(HandoverRow, col(HandoverRow.case_id) == col(CaseRow.id))
        .where(HandoverRow.to_unit == unit, col(HandoverRow.answered_at).is_(None))
        .order_by(col(HandoverRow.due_at))
        .limit(limit)
    )
    return tuple((case, offer) for case, offer in session.exec(query).all())


def assists_asked(
    session: Transaction, unit: str, *, limit: int
) -> tuple[tuple[CaseRow, AssistRow], ...]:
    """Duties that a unit was asked for and has not answered, the first due first."""
    query = (
        select(CaseRow, AssistRow)
        .join(AssistRow, col(AssistRow.case_id) == col(CaseRow.id))
        .where(AssistRow.unit == unit, col(AssistRow.answered_at).is_(None))
        .order_by(col(AssistRow.due_at))
        .limit(limit)
    )
    return tuple((case, duty) for case, duty in session.exec(query).all())


def disputes(
    session: Transaction, *, after: After | None = None, limit: int
) -> tuple[tuple[CaseRow, AdjudicationRow], ...]:
    """Cases that wait for a ruling, the first due first."""
    query = (
        select(CaseRow, AdjudicationRow)
        .join(AdjudicationRow, col(AdjudicationRow.case_id) == col(CaseRow.id))
        .where(col(AdjudicationRow.answered_at).is_(None))
    )
    place = col(AdjudicationRow.due_at), col(AdjudicationRow.case_id)
    if after is not None:
        query = query.where(tuple_(*place) > tuple_(after.due_at, after.id))
    query = query.order_by(*place).limit(limit)
    return tuple((case, dispute) for case, dispute in session.exec(query).all())


def rulings(
    session: Transaction, *, after: AfterRuling | None = None, limit: int
) -> tuple[tuple[CaseRow, AdjudicationRow], ...]:
    """Rulings with the rules that they propose, the newest first."""
    query = (
        select(CaseRow, AdjudicationRow)
        .join(AdjudicationRow, col(AdjudicationRow.case_id) == col(CaseRow.id))
        .where(col(AdjudicationRow.answered_at).is_not(None))
    )
    place = (
        col(AdjudicationRow.answered_at),
        col(AdjudicationRow.case_id),
        col(AdjudicationRow.n),
    )
    if after is not None:
        query = query.where(tuple_(*place) < tuple_(after.ruled_at, after.case_id, after.n))
    query = query.order_by(*(one.desc() for one in place)).limit(limit)
    return tuple((case, ruling) for case, ruling in session.exec(query).all())


def rechecks_due(
    session: Transaction, *, until: date, holder: str | None = None, limit: int
) -> tuple[CaseRow, ...]:
    """Closed cases whose re-check is due by `until`, the first due first."""
    query = select(CaseRow).where(
        CaseRow.state == State.CLOSED.value, col(CaseRow.recheck_on) <= until
    )
    if holder is not None:
        query = query.where(CaseRow.holder == holder)
    query = query.order_by(col(CaseRow.recheck_on), col(CaseRow.id)).limit(limit)
    return tuple(session.exec(query).all())


def open_near(
    session: Transaction, *, matter: str, site_id: str | None, box: Box | None, since: datetime
) -> tuple[CaseRow, ...]:
    """Running cases of a matter at a site or in a box that were opened since a moment."""
    query = (
        select(CaseRow)
        .where(
            CaseRow.matter == matter,
            CaseRow.running == 1,
            CaseRow.opened_at >= since,
            _somewhere(site_id, box),
        )
        .order_by(col(CaseRow.id).desc())
        .limit(MOST_NEAR)
    )
    return tuple(session.exec(query).all())


def closed_near(
    session: Transaction, *, matter: str, site_id: str | None, box: Box | None, since: datetime
) -> tuple[CaseRow, ...]:
    """Cases of a matter there that were closed since a moment, the newest first."""
    query = (
        select(CaseRow)
        .where(
            CaseRow.matter == matter,
            col(CaseRow.state).in_([State.CLOSED.value, State.RECHECKED.value]),
            col(CaseRow.closed_at) >= since,
            _somewhere(site_id, box),
        )
        .order_by(col(CaseRow.closed_at).desc())
        .limit(MOST_NEAR)
    )
    return tuple(session.exec(query).all())


def of_site(session: Transaction, site_id: str, *, limit: int) -> tuple[CaseRow, ...]:
    """The cases of a site, the newest first."""
    query = (
        select(CaseRow)
        .where(CaseRow.site_id == site_id)
        .order_by(col(CaseRow.id).desc())
        .limit(limit)
    )
    return tuple(session.exec(query).all())


def late_cases(session: Transaction, now: datetime, *, limit: int) -> tuple[CaseRow, ...]:
    """Running cases past their end whose next level is due."""
    query = (
        select(CaseRow)
        .where(
            CaseRow.running == 1,
            CaseRow.due_at < now,
            or_(col(CaseRow.escalated_at).is_(None), col(CaseRow.escalated_at) < now),
        )
        .order_by(col(CaseRow.due_at), col(CaseRow.id))
        .limit(limit)
    )
    return tuple(session.exec(query).all())


def holders(session: Transaction) -> tuple[str, ...]:
    """Every unit that holds a case now."""
    query = select(CaseRow.holder).where(CaseRow.running == 1).distinct()
    return tuple(session.exec(query).all())


def _somewhere(site_id: str | None, box: Box | None) -> ColumnElement[bool]:
    """At the site, or in the box; nowhere when neither is known."""
    places: list[ColumnElement[bool]] = []
    if site_id is not None:
        places.append(col(CaseRow.site_id) == site_id)
    if box is not None:
        places.append(
            and_(
                col(CaseRow.lat).between(box.south, box.north),
                col(CaseRow.lon).between(box.west, box.east),
            )
        )
    return or_(*places) if places else col(CaseRow.id) < 0
