"""Campaigns, joint visits, their stops, and what was found at each; a finding is one case."""

import json
from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, Text
from sqlmodel import Field, col, select

from enforcement.store.asked import OPEN, AskedRow
from enforcement.store.base import Row, UtcDateTime
from enforcement.store.chain import Transaction


class CampaignRow(Row, table=True):
    """A series of visits with an end, and re-checks after it; its result is the recurrence rate."""

    __tablename__ = "campaign"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=200)
    purpose: str = Field(default="", sa_type=Text)
    lead_unit: str = Field(max_length=64)
    begins_on: date
    ends_on: date
    recheck_days: str = Field(default="[]", max_length=200)
    created_by: str = Field(max_length=64)
    created_at: datetime = Field(sa_type=UtcDateTime)

    @property
    def rechecks(self) -> tuple[int, ...]:
        """The re-checks, in days after the end."""
        return tuple(json.loads(self.recheck_days))


class VisitRow(Row, table=True):
    """A joint inspection on one day. `state` is planned, notified, or ended."""

    __tablename__ = "visit"

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int | None = Field(default=None, foreign_key="campaign.id", index=True)
    title: str = Field(max_length=200)
    on: date = Field(index=True)
    lead_unit: str = Field(max_length=64, index=True)
    state: str = Field(default="planned", max_length=16)
    created_by: str = Field(max_length=64)
    created_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class VisitUnitRow(AskedRow, table=True):
    """One unit of a visit, its checklist, and whether it confirmed."""

    __tablename__ = "visit_unit"
    __table_args__ = (
        Index("ix_visit_unit_unit_due", "unit", "due_at", sqlite_where=OPEN, postgresql_where=OPEN),
    )

    visit_id: int = Field(primary_key=True, foreign_key="visit.id")
    unit: str = Field(primary_key=True, max_length=64)
    leads: bool = False
    checklist: str = Field(sa_type=Text)
    answer: str = Field(default="", sa_type=Text)

    @property
    def items(self) -> list[dict[str, Any]]:
        """What this unit looks at: stop, site, stage, duty."""
        items: list[dict[str, Any]] = json.loads(self.checklist)
        return items


class StopRow(Row, table=True):
    """One site of a visit; `facts` are captured once and shared by all units."""

    __tablename__ = "stop"

    visit_id: int = Field(primary_key=True, foreign_key="visit.id")
    n: int = Field(primary_key=True)
    site_id: str = Field(max_length=64)
    name: str = Field(max_length=300)
    address: str | None = Field(default=None, max_length=300)
    lon: float | None = None
    lat: float | None = None
    facts: str = Field(default="{}", sa_type=Text)
    visited_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    visited_by: str | None = Field(default=None, max_length=64)
    second_officer: str | None = Field(default=None, max_length=64)
    note: str = Field(default="", sa_type=Text)


class StopStageRow(Row, table=True):
    """One stage of a stop with its resolution when planned."""

    __tablename__ = "stop_stage"

    visit_id: int = Field(primary_key=True, foreign_key="visit.id")
    stop_n: int = Field(primary_key=True)
    stage: str = Field(primary_key=True, max_length=64)
    matter: str = Field(max_length=80)
    unit: str = Field(max_length=64)
    decided: bool = True
    resolution: str = Field(sa_type=Text)

    @property
    def answer(self) -> dict[str, Any]:
        """The resolution."""
        answer: dict[str, Any] = json.loads(self.resolution)
        return answer


class FindingRow(Row, table=True):
    """What was found at one stage of a stop: exactly one case, new or reopened."""

    __tablename__ = "finding"

    visit_id: int = Field(primary_key=True, foreign_key="visit.id")
    n: int = Field(primary_key=True)
    stop_n: int
    stage: str = Field(max_length=64)
    says: str = Field(sa_type=Text)
    case_id: int = Field(foreign_key="case_file.id", index=True)
    unit: str = Field(max_length=64)
    recurrence: bool = False
    by: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)


def visit_by_id(session: Transaction, visit_id: int) -> VisitRow | None:
    """The visit, or None."""
    return session.get(VisitRow, visit_id)


def units_of_visit(session: Transaction, visit_id: int) -> tuple[VisitUnitRow, ...]:
    """The units of a visit, the lead first."""
    query = (
        select(VisitUnitRow)
        .where(VisitUnitRow.visit_id == visit_id)
        .order_by(col(VisitUnitRow.leads).desc(), col(VisitUnitRow.unit))
    )
    return tuple(session.exec(query).all())


def stops_of(session: Transaction, visit_id: int) -> tuple[StopRow, ...]:
    """The stops in the order in which they are visited."""
    query = select(StopRow).where(StopRow.visit_id == visit_id).order_by(col(StopRow.n))
    return tuple(session.exec(query).all())


def stages_of(session: Transaction, visit_id: int) -> tuple[StopStageRow, ...]:
    """The stages of all stops of a visit."""
    query = (
        select(StopStageRow)
        .where(StopStageRow.visit_id == visit_id)
        .order_by(col(StopStageRow.stop_n), col(StopStageRow.stage))
    )
    return tuple(session.exec(query).all())


def findings_of(session: Transaction, visit_id: int) -> tuple[FindingRow, ...]:
    """What was found, in order."""
    query = select(FindingRow).where(FindingRow.visit_id == visit_id).order_by(col(FindingRow.n))
    return tuple(session.exec(query).all())


def visits_of(session: Transaction, campaign_id: int) -> tuple[VisitRow, ...]:
    """The visits of a campaign by day."""
    query = (
        select(VisitRow)
        .where(VisitRow.campaign_id == campaign_id)
        .order_by(col(VisitRow.on), col(VisitRow.id))
    )
    return tuple(session.exec(query).all())
