"""What officers say is wrong with an answer, with the whole answer as they saw it."""

from datetime import datetime

from sqlalchemy import Text
from sqlmodel import Field, Session, col, select

from enforcement.store.base import Row, UtcDateTime


class AnswerReportRow(Row, table=True):
    """One report. `once` is made by the page, so that sending twice is one report."""

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


def report_once(session: Session, once: str) -> AnswerReportRow | None:
    """The report that was sent with this mark, or None."""
    return session.exec(select(AnswerReportRow).where(AnswerReportRow.once == once)).first()


def add_report(session: Session, row: AnswerReportRow) -> AnswerReportRow:
    """Add a report; it comes back with its number."""
    session.add(row)
    session.flush()
    return row


def reports_before(
    session: Session, *, before: int | None = None, limit: int
) -> tuple[AnswerReportRow, ...]:
    """The newest reports first; for the next page give the last number as `before`."""
    query = select(AnswerReportRow).order_by(col(AnswerReportRow.id).desc()).limit(limit)
    if before is not None:
        query = query.where(col(AnswerReportRow.id) < before)
    return tuple(session.exec(query).all())
