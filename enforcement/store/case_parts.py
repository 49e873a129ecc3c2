"""What hangs on a case: offers to hand it over, adjudications, assists, steps of handling."""

import json
from collections.abc import Collection
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Index, Text, text
from sqlmodel import Field, col, select

from enforcement.case_clock import PARTYS_TIME
from enforcement.store.asked import OPEN, AskedRow, WaitingRow, level_is_due
from enforcement.store.base import Row, UtcDateTime
from enforcement.store.chain import Transaction

RUNNING: Final = text("met_at IS NULL AND lapsed_at IS NULL")
"""Of an index: the limits of steps that still run."""


class HandoverRow(AskedRow, table=True):
    """An offer. `answer` is accepted, refused, deemed, ruling (taken over by one) or None."""

    __tablename__ = "handover"
    __table_args__ = (
        Index(
            "uq_handover_one_open",
            "case_id",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        Index(
            "ix_handover_to_unit_due",
            "to_unit",
            "due_at",
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        Index("ix_handover_due", "due_at", sqlite_where=OPEN, postgresql_where=OPEN),
    )

    case_id: int = Field(primary_key=True, foreign_key="case_file.id")
    n: int = Field(primary_key=True)
    police: bool = False
    from_unit: str = Field(max_length=64)
    to_unit: str = Field(max_length=64)
    reason: str = Field(sa_type=Text)
    basis: str = Field(default="", sa_type=Text)
    by: str = Field(max_length=64)
    sent_at: datetime = Field(sa_type=UtcDateTime)
    answer: str | None = Field(default=None, max_length=16)
    refusal: str = Field(default="", sa_type=Text)
    corrected: str = Field(default="{}", sa_type=Text)
    other_unit: str | None = Field(default=None, max_length=64)
    other_basis: str = Field(default="", sa_type=Text)


class AdjudicationRow(WaitingRow, table=True):
    """A dispute before the ladder, and the ruling that ends it."""

    __tablename__ = "adjudication"
    __table_args__ = (
        Index(
            "uq_adjudication_one_open",
            "case_id",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        Index("ix_adjudication_due", "due_at", sqlite_where=OPEN, postgresql_where=OPEN),
    )

    case_id: int = Field(primary_key=True, foreign_key="case_file.id")
    n: int = Field(primary_key=True)
    opened_at: datetime = Field(sa_type=UtcDateTime)
    negotiate_until: datetime = Field(sa_type=UtcDateTime)
    why: str = Field(sa_type=Text)
    units: str = Field(sa_type=Text)
    ladder: str = Field(sa_type=Text)
    ruled_by: str | None = Field(default=None, max_length=64)
    unit: str | None = Field(default=None, max_length=64)
    reason: str = Field(default="", sa_type=Text)
    basis: str = Field(default="", sa_type=Text)
    register_entry: str = Field(default="", sa_type=Text)
    proposed_rule: str = Field(default="", sa_type=Text)

    @property
    def disputing(self) -> tuple[str, ...]:
        """The units between which it is."""
        return tuple(json.loads(self.units))

    @property
    def rungs(self) -> list[dict[str, Any]]:
        """The ladder, lowest rung first."""
        rungs: list[dict[str, Any]] = json.loads(self.ladder)
        return rungs


class AssistRow(AskedRow, table=True):
    """A duty of an assisting unit; it runs beside the case and never holds it."""

    __tablename__ = "assist"
    __table_args__ = (
        Index("ix_assist_unit_due", "unit", "due_at", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_assist_due", "due_at", sqlite_where=OPEN, postgresql_where=OPEN),
    )

    case_id: int = Field(primary_key=True, foreign_key="case_file.id")
    n: int = Field(primary_key=True)
    unit: str = Field(max_length=64)
    duty: str = Field(max_length=16)
    asked: str = Field(default="", sa_type=Text)
    asked_by: str = Field(max_length=64)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    answer: str = Field(default="", sa_type=Text)


class StepRow(Row, table=True):
    """A dated step of handling."""

    __tablename__ = "case_step"

    case_id: int = Field(primary_key=True, foreign_key="case_file.id")
    n: int = Field(primary_key=True)
    kind: str = Field(max_length=16)
    on: date
    at: datetime = Field(sa_type=UtcDateTime)
    by: str = Field(max_length=64)
    unit: str = Field(max_length=64)
    second_officer: str | None = Field(default=None, max_length=64)
    note: str = Field(default="", sa_type=Text)


class StepClockRow(Row, table=True):
    """A limit that a step started. It runs until a step meets it, or its case ends before that.

    `level` is how far up it was reported that the limit is over.
    """

    __tablename__ = "step_clock"
    __table_args__ = (
        Index("ix_step_clock_due", "due_at", sqlite_where=RUNNING, postgresql_where=RUNNING),
    )

    case_id: int = Field(primary_key=True, foreign_key="case_file.id")
    n: int = Field(primary_key=True)
    term: str = Field(primary_key=True, max_length=16)
    says: str = Field(max_length=200)
    basis: str = Field(default="", sa_type=Text)
    started_at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime = Field(sa_type=UtcDateTime)
    level: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    next_level_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    escalated_to: str | None = Field(default=None, max_length=64)
    met_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    lapsed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def runs(self) -> bool:
        """Whether it was neither met nor ended with its case."""
        return self.met_at is None and self.lapsed_at is None

    @property
    def binds(self) -> bool:
        """Whether it runs for the unit; when the party's own time is over, no unit is late."""
        return self.runs and self.term not in PARTYS_TIME


def handovers_of(session: Transaction, case_id: int) -> tuple[HandoverRow, ...]:
    """The offers, the first one first."""
    query = select(HandoverRow).where(HandoverRow.case_id == case_id).order_by(col(HandoverRow.n))
    return tuple(session.exec(query).all())


def open_handover(session: Transaction, case_id: int) -> HandoverRow | None:
    """The offer that waits for an answer, or None."""
    query = select(HandoverRow).where(
        HandoverRow.case_id == case_id, col(HandoverRow.answered_at).is_(None)
    )
    return session.exec(query).first()


def adjudications_of(session: Transaction, case_id: int) -> tuple[AdjudicationRow, ...]:
    """The adjudications, the first one first."""
    query = (
        select(AdjudicationRow)
        .where(AdjudicationRow.case_id == case_id)
        .order_by(col(AdjudicationRow.n))
    )
    return tuple(session.exec(query).all())


def open_adjudication(session: Transaction, case_id: int) -> AdjudicationRow | None:
    """The dispute that waits for a ruling, or None."""
    query = select(AdjudicationRow).where(
        AdjudicationRow.case_id == case_id, col(AdjudicationRow.answered_at).is_(None)
    )
    return session.exec(query).first()


def assists_of(session: Transaction, case_id: int) -> tuple[AssistRow, ...]:
    """The duties of assisting units, in the order in which they were asked."""
    query = select(AssistRow).where(AssistRow.case_id == case_id).order_by(col(AssistRow.n))
    return tuple(session.exec(query).all())


def steps_of(session: Transaction, case_id: int) -> tuple[StepRow, ...]:
    """The steps of handling, in the order in which they were recorded."""
    query = select(StepRow).where(StepRow.case_id == case_id).order_by(col(StepRow.n))
    return tuple(session.exec(query).all())


def step_clocks_of(session: Transaction, case_id: int) -> tuple[StepClockRow, ...]:
    """The limits that steps started, in order."""
    query = (
        select(StepClockRow)
        .where(StepClockRow.case_id == case_id)
        .order_by(col(StepClockRow.n), col(StepClockRow.term))
    )
    return tuple(session.exec(query).all())


def late_limits(session: Transaction, now: datetime, *, limit: int) -> tuple[StepClockRow, ...]:
    """The running limits of steps whose next level is due, the first one over first."""
    query = (
        select(StepClockRow)
        .where(
            col(StepClockRow.met_at).is_(None),
            col(StepClockRow.lapsed_at).is_(None),
            level_is_due(StepClockRow.due_at, StepClockRow.next_level_at, now),
            col(StepClockRow.term).not_in(PARTYS_TIME),
        )
        .order_by(col(StepClockRow.due_at))
        .limit(limit)
    )
    return tuple(session.exec(query).all())


def nearest_limits(session: Transaction, case_ids: Collection[int]) -> dict[int, StepClockRow]:
    """Of each case the limit that binds its unit and ends first; no entry where none runs."""
    if not case_ids:
        return {}
    query = (
        select(StepClockRow)
        .where(
            col(StepClockRow.case_id).in_(case_ids),
            col(StepClockRow.met_at).is_(None),
            col(StepClockRow.lapsed_at).is_(None),
            col(StepClockRow.term).not_in(PARTYS_TIME),
        )
        .order_by(col(StepClockRow.due_at).desc(), col(StepClockRow.n).desc())
    )
    # Of one case the last row stays: the one that ends first
    return {row.case_id: row for row in session.exec(query).all()}
