"""What officers say is wrong with an answer, with the whole answer; how stewards closed it."""

from datetime import datetime
from typing import TypeAlias

from sqlalchemy import Text, func
from sqlmodel import Field, Session, col, select

from enforcement.ledger_events import Entry
from enforcement.store.base import Row, UtcDateTime
from enforcement.store.chain import Transaction, append


class AnswerReportRow(Row, table=True):
    """One report. `once` is made by the page, so that sending twice is one report.

    A report is never changed; triggers refuse it. What became of it is a row of its own.
    """

    __tablename__ = "answer_report"

    id: int | None = Field(default=None, primary_key=True)
    once: str = Field(max_length=64, unique=True)
    at: datetime = Field(sa_type=UtcDateTime)
    kind: str = Field(max_length=32)
    text: str = Field(max_length=2000)
    asker: str | None = Field(default=None, max_length=200)
    matter: str = Field(max_length=80)
    outcome: str = Field(max_length=32)
    unit: str | None = Field(default=None, max_length=200)
    address: str = Field(sa_type=Text)
    resolution: str = Field(sa_type=Text)


class ReportClosingRow(Row, table=True):
    """How a report was closed, by which account; one row a report, never changed.

    `changed` names the rule, case or layer that was mended, `unit` whom the report was passed on
    to: each only where `closed_as` is about it, and None where the note alone says it.
    """

    __tablename__ = "report_closing"

    report_id: int = Field(
        primary_key=True,
        foreign_key="answer_report.id",
        sa_column_kwargs={"autoincrement": False},
    )
    closed_as: str = Field(max_length=16)
    note: str = Field(max_length=2000)
    changed: str | None = Field(default=None, max_length=200)
    unit: str | None = Field(default=None, max_length=64)
    by: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)


Reported: TypeAlias = tuple[AnswerReportRow, ReportClosingRow | None]
"""A report, and how it was closed; None while it is open."""


def report_once(session: Session, once: str) -> AnswerReportRow | None:
    """The report that was sent with this mark, or None."""
    return session.exec(select(AnswerReportRow).where(AnswerReportRow.once == once)).first()


def add_report(session: Session, row: AnswerReportRow) -> AnswerReportRow:
    """Add a report; it comes back with its number."""
    session.add(row)
    session.flush()
    return row


def add_closing(session: Transaction, entry: Entry, row: ReportClosingRow) -> int:
    """Close a report; gives the number of the event."""
    session.add(row)
    session.flush()
    return append(session, entry)


def report_by_id(session: Session, number: int) -> Reported | None:
    """The report with this number, or None."""
    row = session.get(AnswerReportRow, number)
    return None if row is None else (row, session.get(ReportClosingRow, number))


def reports_before(
    session: Session, *, closed: bool | None = None, before: int | None = None, limit: int
) -> tuple[Reported, ...]:
    """The newest reports first; for the next page give the last number as `before`.

    `closed` takes the closed ones alone, or the open ones alone.
    """
    query = (
        select(AnswerReportRow, ReportClosingRow)
        .outerjoin(ReportClosingRow, col(ReportClosingRow.report_id) == col(AnswerReportRow.id))
        .order_by(col(AnswerReportRow.id).desc())
        .limit(limit)
    )
    if closed is not None:
        is_open = col(ReportClosingRow.report_id).is_(None)
        query = query.where(~is_open if closed else is_open)
    if before is not None:
        query = query.where(col(AnswerReportRow.id) < before)
    return tuple((row, closing) for row, closing in session.exec(query))


def counted_reports(session: Session) -> tuple[int, int, datetime | None]:
    """How many reports are open, how many are closed, and when the oldest open one was sent."""
    closed = session.exec(select(func.count()).select_from(ReportClosingRow)).one()
    query = (
        select(func.count(), func.min(AnswerReportRow.at))
        .select_from(AnswerReportRow)
        .outerjoin(ReportClosingRow, col(ReportClosingRow.report_id) == col(AnswerReportRow.id))
        .where(col(ReportClosingRow.report_id).is_(None))
    )
    is_open, oldest = session.exec(query).one()
    return is_open, closed, oldest
