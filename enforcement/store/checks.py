"""Queries that look for what the constraints should have made impossible."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import and_, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from enforcement.store.cases import CaseRow, HoldingRow, id_of
from enforcement.store.chain import Transaction


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A case that is not as its events say: which, what kind, and the values."""

    case_id: int
    what: str
    says: str


def cases_after(
    session: Transaction, after: int, *, limit: int
) -> tuple[tuple[int, int, str, str, int], ...]:
    """Number, last event, state, holder and round of the cases behind `after`, in order."""
    query = select(CaseRow).where(col(CaseRow.id) > after).order_by(col(CaseRow.id)).limit(limit)
    found = tuple(
        (id_of(one), one.last_seq, one.state, one.holder, one.round) for one in session.exec(query)
    )
    session.expunge_all()
    return found


def broken_holdings(session: Transaction) -> Iterator[Disagreement]:
    """Holdings that do not begin where the one before ended, or whose case has another holder."""
    earlier = aliased(HoldingRow)
    joined = and_(
        col(earlier.case_id) == col(HoldingRow.case_id),
        col(earlier.n) == col(HoldingRow.n) - 1,
    )
    query = (
        select(HoldingRow.case_id, HoldingRow.n)
        .outerjoin(earlier, joined)
        .where(
            col(HoldingRow.n) > 1,
            or_(
                col(earlier.until_at).is_(None),
                col(earlier.until_at) != col(HoldingRow.from_at),
            ),
        )
    )
    for case_id, n in session.exec(query):
        yield Disagreement(case_id, "gap", f"holding {n} does not begin where the last one ended")
    is_open = and_(col(HoldingRow.case_id) == col(CaseRow.id), col(HoldingRow.until_at).is_(None))
    owners = (
        select(CaseRow.id, CaseRow.holder, HoldingRow.unit)
        .outerjoin(HoldingRow, is_open)
        .where(or_(col(HoldingRow.unit).is_(None), col(HoldingRow.unit) != col(CaseRow.holder)))
    )
    for number, holder, unit in session.exec(owners):
        yield Disagreement(int(number or 0), "holder", f"{holder} != {unit}")
