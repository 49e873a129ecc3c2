"""How long cases had no holder. The constraints make it zero; this looks whether it is."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import col, select

from enforcement.store.base import UtcDateTime
from enforcement.store.cases import CaseRow, HoldingRow
from enforcement.store.chain import Transaction


@dataclass(frozen=True, slots=True)
class Unowned:
    """How many cases and holdings were looked at, when, and the time that nobody held a case."""

    cases: int
    holdings: int
    at: datetime
    seconds: float
    case_ids: tuple[int, ...]


def holderless(session: Transaction) -> int:
    """How many more cases there are than open holdings.

    A case has at most one, and each refers to its case: so many have none. Counts two indexes.
    """
    cases = session.exec(select(func.count()).select_from(CaseRow)).one()
    held = session.exec(
        select(func.count()).select_from(HoldingRow).where(col(HoldingRow.until_at).is_(None))
    ).one()
    return int(cases) - int(held)


def unowned_time(session: Transaction, now: datetime) -> Unowned:
    """Every time between a case's opening and `now` that no holding covers, summed."""
    missing: dict[int, timedelta] = {}
    before = func.lag(col(HoldingRow.until_at), type_=UtcDateTime()).over(
        partition_by=col(HoldingRow.case_id), order_by=col(HoldingRow.n)
    )
    held = select(
        col(HoldingRow.case_id).label("case_id"),
        col(HoldingRow.from_at).label("from_at"),
        before.label("before"),
    ).subquery()
    since = func.coalesce(held.c.before, col(CaseRow.opened_at))
    gaps = (
        select(held.c.case_id, held.c.from_at, held.c.before, CaseRow.opened_at)
        .join(CaseRow, col(CaseRow.id) == held.c.case_id)
        .where(since < held.c.from_at)
    )
    for case_id, from_at, until, opened_at in session.exec(gaps):
        missing[case_id] = missing.get(case_id, timedelta()) + (from_at - (until or opened_at))
    open_ = select(HoldingRow.case_id).where(col(HoldingRow.until_at).is_(None))
    last = (
        select(CaseRow.id, CaseRow.opened_at, func.max(col(HoldingRow.until_at)))
        .outerjoin(HoldingRow, col(HoldingRow.case_id) == col(CaseRow.id))
        .where(col(CaseRow.id).not_in(open_))
        .group_by(col(CaseRow.id), col(CaseRow.opened_at))
    )
    for number, opened_at, until in session.exec(last):
        case_id = int(number or 0)
        missing[case_id] = missing.get(case_id, timedelta()) + (now - (until or opened_at))
    return Unowned(
        cases=int(session.exec(select(func.count()).select_from(CaseRow)).one()),
        holdings=int(session.exec(select(func.count()).select_from(HoldingRow)).one()),
        at=now,
        seconds=sum(missing.values(), timedelta()).total_seconds(),
        case_ids=tuple(sorted(missing)),
    )
