"""Counters for the supervisor's figures, kept in step by the transactions that they count.

One row for each month, unit, street and measure: reading them costs the same whether the ledger
has a thousand cases or a million.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Field, col, select

from enforcement.store.base import Row
from enforcement.store.chain import Transaction

NO_STREET = "-"


class TallyRow(Row, table=True):
    """How often something happened in a month, by unit and street."""

    __tablename__ = "tally"

    month: str = Field(primary_key=True, max_length=7)
    unit: str = Field(primary_key=True, max_length=64)
    street: str = Field(primary_key=True, max_length=16)
    measure: str = Field(primary_key=True, max_length=32)
    n: int = 0


def count(
    session: Transaction, measure: str, *, unit: str, street: str | None, at: datetime, n: int = 1
) -> None:
    """Count something once more. Months are those of UTC: a figure, not a legal date."""
    key = (at.strftime("%Y-%m"), unit, street or NO_STREET, measure)
    row = session.get(TallyRow, key)
    if row is None:
        row = TallyRow(month=key[0], unit=key[1], street=key[2], measure=key[3], n=0)
    row.n += n
    session.add(row)


def tallies(
    session: Transaction, *, first: str, last: str, by: str, street: str | None = None
) -> dict[str, Mapping[str, int]]:
    """For each unit, or each street, what was counted from month `first` to month `last`."""
    column = col(TallyRow.street) if by == "street" else col(TallyRow.unit)
    query = (
        select(column, TallyRow.measure, func.sum(TallyRow.n))
        .where(col(TallyRow.month) >= first, col(TallyRow.month) <= last)
        .group_by(column, col(TallyRow.measure))
    )
    if street is not None:
        query = query.where(TallyRow.street == street)
    found: dict[str, dict[str, int]] = {}
    for name, measure, n in session.exec(query).all():
        found.setdefault(name, {})[measure] = int(n)
    return dict(found)
