"""Lists of joint inspections and campaigns, and how far each inspection has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, tuple_
from sqlmodel import col, select

from enforcement.store.chain import Transaction
from enforcement.store.joint import CampaignRow, FindingRow, StopRow, VisitRow, VisitUnitRow


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a visit has come: its units and stops, and how many of each have answered."""

    units: int = 0
    confirmed: int = 0
    stops: int = 0
    visited: int = 0
    findings: int = 0


def visits_by_day(
    session: Transaction,
    *,
    unit: str | None = None,
    campaign_id: int | None = None,
    on: date | None = None,
    before: tuple[date, int] | None = None,
    limit: int,
) -> tuple[VisitRow, ...]:
    """Visits, the latest day first; of one unit, one campaign, one day, or behind a line."""
    query = select(VisitRow)
    if unit is not None:
        mine = select(VisitUnitRow.visit_id).where(VisitUnitRow.unit == unit)
        query = query.where(col(VisitRow.id).in_(mine))
    if campaign_id is not None:
        query = query.where(VisitRow.campaign_id == campaign_id)
    if on is not None:
        query = query.where(VisitRow.on == on)
    if before is not None:
        query = query.where(tuple_(col(VisitRow.on), col(VisitRow.id)) < tuple_(*before))
    query = query.order_by(col(VisitRow.on).desc(), col(VisitRow.id).desc()).limit(limit)
    return tuple(session.exec(query).all())


def progress_of(session: Transaction, visits: Sequence[int]) -> dict[int, Progress]:
    """How far each of these visits has come, by its number."""
    units = session.exec(
        select(VisitUnitRow.visit_id, func.count(), func.count(col(VisitUnitRow.answered_at)))
        .where(col(VisitUnitRow.visit_id).in_(visits))
        .group_by(col(VisitUnitRow.visit_id))
    ).all()
    stops = session.exec(
        select(StopRow.visit_id, func.count(), func.count(col(StopRow.visited_at)))
        .where(col(StopRow.visit_id).in_(visits))
        .group_by(col(StopRow.visit_id))
    ).all()
    findings = session.exec(
        select(FindingRow.visit_id, func.count())
        .where(col(FindingRow.visit_id).in_(visits))
        .group_by(col(FindingRow.visit_id))
    ).all()
    of_units = {number: (int(all_), int(done)) for number, all_, done in units}
    of_stops = {number: (int(all_), int(done)) for number, all_, done in stops}
    found = {number: int(n) for number, n in findings}
    return {
        number: Progress(
            *of_units.get(number, (0, 0)), *of_stops.get(number, (0, 0)), found.get(number, 0)
        )
        for number in visits
    }


def campaigns_by_day(
    session: Transaction, *, unit: str | None = None, limit: int
) -> tuple[CampaignRow, ...]:
    """Campaigns, the one that ends last first; of one unit those it leads or has a visit in."""
    query = select(CampaignRow)
    if unit is not None:
        mine = (
            select(VisitRow.campaign_id)
            .join(VisitUnitRow, col(VisitUnitRow.visit_id) == col(VisitRow.id))
            .where(VisitUnitRow.unit == unit, col(VisitRow.campaign_id).is_not(None))
        )
        query = query.where(or_(col(CampaignRow.lead_unit) == unit, col(CampaignRow.id).in_(mine)))
    query = query.order_by(col(CampaignRow.ends_on).desc(), col(CampaignRow.id).desc())
    return tuple(session.exec(query.limit(limit)).all())
