"""Campaigns: a series of visits with an end, re-checks after it, and how much came back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from enforcement.cases import check_can_hold
from enforcement.joint import recheck_days, recurrence_rate
from enforcement.ledger_errors import BadAct
from enforcement.ledger_events import Order, canonical
from enforcement.policies import Action, Parties, check_may
from enforcement.services.ledger import (
    Done,
    Ledger,
    act,
    check_read,
    checked_text,
    entry_for,
    no_such,
)
from enforcement.services.visits import number_of
from enforcement.store.cases import case_by_id
from enforcement.store.chain import Transaction, append
from enforcement.store.engine import reading
from enforcement.store.joint import CampaignRow, VisitRow, findings_of, units_of_visit, visits_of
from rules.errors import Fault


@dataclass(frozen=True, slots=True)
class CampaignResult:
    """What a campaign came to. `rate` is the share of its cases that came back, or None.

    `sites` are those of its cases: where a re-check goes.
    """

    campaign: CampaignRow
    visits: tuple[VisitRow, ...]
    rechecks: tuple[date, ...]
    sites: tuple[str, ...]
    cases: int
    recurred: int
    rate: float | None


def start_campaign(
    ledger: Ledger,
    order: Order,
    *,
    name: str,
    lead_unit: str,
    begins_on: date,
    ends_on: date,
    rechecks: tuple[int, ...],
) -> Done:
    """A campaign with its end and the re-checks after it, in days. Raises BadAct without them."""
    said = checked_text("name", name, "专项名称", "what the campaign is called")

    def doing(session: Transaction) -> tuple[int, Mapping[str, Any]]:
        check_may(order.actor, Action.PLAN_VISIT, Parties(holder=lead_unit))
        faults = []
        if ends_on <= begins_on:
            faults.append(Fault("ends_on", "结束日应晚于开始日", "it ends after it begins"))
        if not rechecks or min(rechecks) < 1:
            faults.append(
                Fault(
                    "rechecks",
                    "专项整治结束后必须有复查安排（天数）",
                    "a campaign has re-checks after its end, in days",
                )
            )
        if faults:
            raise BadAct(faults)
        check_can_hold(lead_unit, ledger.registry, begins_on, named=())
        row = CampaignRow(
            name=said,
            lead_unit=lead_unit,
            begins_on=begins_on,
            ends_on=ends_on,
            recheck_days=canonical(sorted(set(rechecks))),
            created_by=order.actor.id,
            created_at=order.at,
        )
        session.add(row)
        session.flush()
        entry = entry_for(order, Action.PLAN_VISIT, campaign=row.id, lead=lead_unit)
        return append(session, entry), {"campaign": row.id}

    request = {
        "name": said,
        "lead": lead_unit,
        "days": [begins_on.isoformat(), ends_on.isoformat()],
        "rechecks": list(rechecks),
    }
    return act(ledger, order, Action.PLAN_VISIT, request, doing)


def campaign_result(ledger: Ledger, order: Order, campaign_id: int) -> CampaignResult:
    """What a campaign came to; its result is how much came back.

    For its units and for who sees the district. Raises NotAllowed, recorded.
    """
    with reading(ledger.store) as session:
        row = session.get(CampaignRow, campaign_id)
        if row is None:
            raise no_such("campaign", campaign_id, "专项", "campaign")
        visits = visits_of(session, campaign_id)
        numbers = {
            one.case_id for visit in visits for one in findings_of(session, number_of(visit))
        }
        cases = [case for n in sorted(numbers) if (case := case_by_id(session, n)) is not None]
        units = {one.unit for visit in visits for one in units_of_visit(session, number_of(visit))}
    parties = Parties(holder=row.lead_unit, assisting=frozenset(units))
    check_read(ledger, order, Action.SEE_CASE, parties)
    closed = [case for case in cases if case.round > 1 or case.closed_at is not None]
    recurred = sum(case.round > 1 for case in closed)
    return CampaignResult(
        campaign=row,
        visits=visits,
        rechecks=recheck_days(row.ends_on, row.rechecks),
        sites=tuple(sorted({case.site_id for case in cases if case.site_id is not None})),
        cases=len(cases),
        recurred=recurred,
        rate=recurrence_rate(len(closed), recurred),
    )
