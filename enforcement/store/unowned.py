"""How long cases had no holder. The constraints make it zero; this looks whether it is."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func
from sqlmodel import col, select

from enforcement.store.base import UtcDateTime
from enforcement.store.cases import CaseRow, HoldingRow
from enforcement.store.chain import EventRow, Transaction

MOST_NAMED: Final = 500
"""Of so many cases each is looked at by its number; of more, all are looked at."""
MOST_EVENTS: Final = 5_000
"""So many events are read to learn which cases changed."""


@dataclass(frozen=True, slots=True)
class Unheld:
    """The time that nobody held each case, by its number, up to one event of the chain.

    A case that somebody always held is not in `time`.
    """

    seq: int
    at: datetime
    time: Mapping[int, timedelta]

    @property
    def seconds(self) -> float:
        """The sum."""
        return sum(self.time.values(), timedelta()).total_seconds()

    @property
    def case_ids(self) -> tuple[int, ...]:
        """The cases."""
        return tuple(sorted(self.time))


def unheld(
    session: Transaction, now: datetime, *, seq: int, before: Unheld | None = None
) -> Unheld:
    """What was unheld up to the event `seq`, the newest there is, at the moment `now`.

    With `before`, only cases that changed since are looked at, and those that it names.
    """
    if before is not None and before.seq <= seq <= before.seq + MOST_EVENTS:
        changed = _changed(session, before.seq) | set(before.time)
        if len(changed) <= MOST_NAMED:
            kept = {case: time for case, time in before.time.items() if case not in changed}
            return Unheld(seq, now, kept | _looked_at(session, now, changed))
    return Unheld(seq, now, _looked_at(session, now, None))


def _changed(session: Transaction, seq: int) -> set[int]:
    # Not DISTINCT in the query: SQLite would walk a whole index for it.
    query = select(EventRow.case_id).where(col(EventRow.seq) > seq)
    return {one for one in session.exec(query) if one is not None}


def _looked_at(
    session: Transaction, now: datetime, only: Collection[int] | None
) -> dict[int, timedelta]:
    """Every time between a case's opening and `now` that no holding covers, by case."""
    missing: dict[int, timedelta] = {}
    if only is not None and not only:
        return missing
    of_holding = [] if only is None else [col(HoldingRow.case_id).in_(only)]
    of_case = [] if only is None else [col(CaseRow.id).in_(only)]
    before = func.lag(col(HoldingRow.until_at), type_=UtcDateTime()).over(
        partition_by=col(HoldingRow.case_id), order_by=col(HoldingRow.n)
    )
    held = (
        select(
            col(HoldingRow.case_id).label("case_id"),
            col(HoldingRow.from_at).label("from_at"),
            before.label("before"),
        )
        .where(*of_holding)
        .subquery()
    )
    since = func.coalesce(held.c.before, col(CaseRow.opened_at))
    gaps = (
        select(held.c.case_id, held.c.from_at, held.c.before, CaseRow.opened_at)
        .join(CaseRow, col(CaseRow.id) == held.c.case_id)
        .where(since < held.c.from_at)
    )
    for case_id, from_at, until, opened_at in session.exec(gaps):
        missing[case_id] = missing.get(case_id, timedelta()) + (from_at - (until or opened_at))
    open_ = select(HoldingRow.case_id).where(col(HoldingRow.until_at).is_(None), *of_holding)
    nobody = (
        select(CaseRow.id, CaseRow.opened_at, func.max(col(HoldingRow.until_at)))
        .outerjoin(HoldingRow, col(HoldingRow.case_id) == col(CaseRow.id))
        .where(col(CaseRow.id).not_in(open_), *of_case)
        .group_by(col(CaseRow.id), col(CaseRow.opened_at))
    )
    for number, opened_at, until in session.exec(nobody):
        case_id = int(number or 0)
        missing[case_id] = missing.get(case_id, timedelta()) + (now - (until or opened_at))
    return missing
