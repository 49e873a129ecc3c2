"""Joint inspections in the ledger: planned, confirmed, visited; each finding becomes one case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from enforcement.cases import check_can_hold
from enforcement.joint import Plan, SiteToSee, planned
from enforcement.ladder import superiors
from enforcement.ledger_errors import BadAct, NotNow
from enforcement.ledger_events import Order, canonical
from enforcement.policies import CLOCK, Action, Parties, check_may, may
from enforcement.services.ledger import (
    Done,
    Ledger,
    act,
    check_read,
    checked_text,
    entry_for,
    no_such,
    parties_in,
)
from enforcement.store.asked import late
from enforcement.store.cases import CaseRow, case_by_id, id_of
from enforcement.store.chain import Transaction, append
from enforcement.store.engine import reading
from enforcement.store.evidence import DocumentRow, notices_of
from enforcement.store.joint import (
    FindingRow,
    StopRow,
    StopStageRow,
    VisitRow,
    VisitUnitRow,
    findings_of,
    stages_of,
    stops_of,
    units_of_visit,
    visit_by_id,
)
from rules.errors import Fault

AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit with everything in it; `cases` are those of its findings, by number.

    `opens` are the cases that the reader may open, `notices` the newest notice by unit.
    """

    visit: VisitRow
    parties: Parties
    units: tuple[VisitUnitRow, ...]
    stops: tuple[StopRow, ...]
    stages: tuple[StopStageRow, ...]
    findings: tuple[FindingRow, ...]
    cases: Mapping[int, CaseRow]
    opens: frozenset[int]
    notices: Mapping[str, DocumentRow]


def plan_visit(
    ledger: Ledger,
    order: Order,
    *,
    title: str,
    on: date,
    called_by: str,
    sites: tuple[SiteToSee, ...],
    campaign_id: int | None = None,
) -> Done:
    """Plan a visit; the other units are asked to confirm and have a deadline for it.

    Raises BadAct for sites that cannot be planned or a day in the past.
    """
    said = checked_text("title", title, "检查名称", "what the visit is called")
    plan = planned(sites, lead=called_by)
    request = {
        "title": said,
        "on": on.isoformat(),
        "by": called_by,
        "sites": [site.site_id for site in sites],
        "campaign": campaign_id,
    }

    def doing(session: Transaction) -> tuple[int, Mapping[str, Any]]:
        check_may(order.actor, Action.PLAN_VISIT, Parties(holder=called_by))
        if on < ledger.day(order):
            raise BadAct([Fault("on", "检查日期已过", "the day of the visit is over")])
        named = tuple(plan.checklists)
        for unit in named:
            check_can_hold(unit, ledger.registry, on, named=named)
        visit = VisitRow(
            campaign_id=campaign_id,
            title=said,
            on=on,
            lead_unit=plan.lead,
            created_by=order.actor.id,
            created_at=order.at,
        )
        session.add(visit)
        session.flush()
        visit_id = number_of(visit)
        _add_parts(session, ledger, order, visit_id, plan)
        entry = entry_for(
            order, Action.PLAN_VISIT, visit=visit_id, lead=plan.lead, assists=list(plan.assists)
        )
        return append(session, entry), {"visit": visit_id, "lead": plan.lead}

    return act(ledger, order, Action.PLAN_VISIT, request, doing)


def confirm_visit(ledger: Ledger, order: Order, visit_id: int, *, answer: str) -> Done:
    """The actor's unit says that it comes, and with what. Silence is escalated by the sweep."""
    said = checked_text("answer", answer, "答复", "the answer")

    def doing(session: Transaction) -> tuple[int, Mapping[str, Any]]:
        _, parties = visit_parties(session, visit_id)
        check_may(order.actor, Action.NOTIFY_VISIT, parties)
        row = session.get(VisitUnitRow, (visit_id, order.actor.unit))
        if row is None:
            raise no_such("unit", order.actor.unit, "参加单位", "unit of the visit")
        row.answered_at, row.answered_by, row.answer = order.at, order.actor.id, said
        session.add(row)
        entry = entry_for(order, Action.NOTIFY_VISIT, visit=visit_id, unit=row.unit)
        return append(session, entry), {"visit": visit_id}

    request = {"visit": visit_id, "answer": said}
    return act(ledger, order, Action.NOTIFY_VISIT, request, doing)


def end_visit(ledger: Ledger, order: Order, visit_id: int) -> Done:
    """The visit is over; its cases go on."""

    def doing(session: Transaction) -> tuple[int, Mapping[str, Any]]:
        visit, parties = visit_parties(session, visit_id)
        check_may(order.actor, Action.END_VISIT, parties)
        check_open(visit)
        visit.state, visit.ended_at = "ended", order.at
        session.add(visit)
        entry = entry_for(
            order, Action.END_VISIT, visit=visit_id, findings=len(findings_of(session, visit_id))
        )
        return append(session, entry), {"visit": visit_id}

    return act(ledger, order, Action.END_VISIT, {"visit": visit_id}, doing)


def read_visit(ledger: Ledger, order: Order, visit_id: int) -> Visit:
    """A visit for its units and for who sees the district. Raises NotAllowed, recorded."""
    with reading(ledger.store) as session:
        visit, parties = visit_parties(session, visit_id)
        findings = findings_of(session, visit_id)
        found_cases = (case_by_id(session, one) for one in {one.case_id for one in findings})
        cases = {id_of(case): case for case in found_cases if case is not None}
        units = units_of_visit(session, visit_id)
        found = Visit(
            visit=visit,
            parties=parties,
            units=units,
            stops=stops_of(session, visit_id),
            stages=stages_of(session, visit_id),
            findings=findings,
            cases=cases,
            opens=frozenset(
                number
                for number, case in cases.items()
                if may(order.actor, Action.SEE_CASE, parties_in(session, case))
            ),
            notices=_notices(ledger, units, notices_of(session, visit_id)),
        )
    check_read(ledger, order, Action.SEE_CASE, parties)
    return found


def _notices(
    ledger: Ledger, units: tuple[VisitUnitRow, ...], letters: tuple[DocumentRow, ...]
) -> dict[str, DocumentRow]:
    """The newest notice to each unit; a letter's summary ends with whom it is to."""
    found = {}
    for unit in units:
        known = ledger.registry.units.get(unit.unit)
        for letter in letters:
            day = letter.at.astimezone(ledger.settled.zone).date()
            to = unit.unit if known is None else known.name(day).zh
            if letter.summary.endswith(f" → {to}"):
                found[unit.unit] = letter
    return found


def escalate_silent(ledger: Ledger, now: datetime) -> int:
    """Report units that did not answer to their superiors, level by level; gives how many.

    At most 500 at once.
    """
    with reading(ledger.store) as session:
        silent = late(session, VisitUnitRow, now, limit=AT_ONCE)
        found = [(row.visit_id, row.unit, row.level) for row in silent]
    return sum(_escalated(ledger, now, *one) for one in found)


def _escalated(ledger: Ledger, now: datetime, visit_id: int, unit: str, level: int) -> int:
    order = Order(CLOCK, now, f"clock:visit:{visit_id}:{unit}:{level}")

    def doing(session: Transaction) -> tuple[int, Mapping[str, Any]]:
        check_may(order.actor, Action.ESCALATE, Parties())
        row = session.get(VisitUnitRow, (visit_id, unit))
        if row is None or row.answered_at is not None:
            return 0, {"nothing": True}
        chain = superiors(unit, ledger.registry, ledger.day(order))
        row.level += 1
        row.escalated_to = chain[min(row.level, len(chain)) - 1].id if chain else ledger.intake
        row.next_level_at = ledger.clock(ledger.terms(order).escalate_after, order).due_at
        session.add(row)
        entry = entry_for(
            order, Action.ESCALATE, what="visit", visit=visit_id, asked=unit, to=row.escalated_to
        )
        return append(session, entry), {"to": row.escalated_to}

    done = act(ledger, order, Action.ESCALATE, {"visit": visit_id, "unit": unit}, doing)
    return 0 if done.again or done.result.get("nothing") else 1


def _add_parts(
    session: Transaction, ledger: Ledger, order: Order, visit_id: int, plan: Plan
) -> None:
    due = ledger.clock(ledger.terms(order).assist, order).due_at
    for unit, items in plan.checklists.items():
        leads = unit == plan.lead
        session.add(
            VisitUnitRow(
                visit_id=visit_id,
                unit=unit,
                leads=leads,
                checklist=canonical([item.as_dict() for item in items]),
                due_at=due,
                answered_at=order.at if leads else None,
                answered_by=order.actor.id if leads else None,
            )
        )
    for n, site in enumerate(plan.stops, 1):
        session.add(
            StopRow(
                visit_id=visit_id,
                n=n,
                site_id=site.site_id,
                name=site.name,
                address=site.address,
                lon=None if site.point is None else site.point.lon,
                lat=None if site.point is None else site.point.lat,
            )
        )
        for stage in site.stages:
            session.add(
                StopStageRow(
                    visit_id=visit_id,
                    stop_n=n,
                    stage=stage.stage,
                    matter=stage.matter,
                    unit=stage.unit,
                    decided=stage.decided,
                    resolution=canonical(dict(stage.resolution)),
                )
            )


def visit_parties(session: Transaction, visit_id: int) -> tuple[VisitRow, Parties]:
    """The visit and its units. Raises NoSuchRecord."""
    visit = visit_by_id(session, visit_id)
    if visit is None:
        raise no_such("visit", visit_id, "联合检查", "visit")
    units = frozenset(one.unit for one in units_of_visit(session, visit_id))
    return visit, Parties(holder=visit.lead_unit, assisting=units - {visit.lead_unit})


def check_open(visit: VisitRow) -> None:
    """Raise NotNow for a visit that is over."""
    if visit.state == "ended":
        raise NotNow(field="visit", zh="联合检查已经结束", en="the visit is over")


def number_of(visit: VisitRow) -> int:
    """The number of a visit that was written."""
    if visit.id is None:
        raise AssertionError("a visit has a number once it was written")
    return visit.id
