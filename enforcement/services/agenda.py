"""What joint inspections there are for a person: those of the own unit, or the district's.

Who sees the district sees all of them; an officer or handler sees those that the unit takes part
in; anybody else sees none. Nothing here is refused: what may not be seen is not in the list.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from enforcement.ledger_events import Order
from enforcement.policies import Action, Parties, may
from enforcement.services.ledger import Ledger
from enforcement.services.visits import number_of
from enforcement.store.engine import reading
from enforcement.store.joint import (
    CampaignRow,
    StopRow,
    StopStageRow,
    VisitRow,
    VisitUnitRow,
    stages_of,
    stops_of,
    units_of_visit,
)
from enforcement.store.joint_lists import Progress, campaigns_by_day, progress_of, visits_by_day

PAGE = 50


@dataclass(frozen=True, slots=True)
class BehindVisit:
    """The last line of the page before: its day and its number."""

    on: date
    id: int


@dataclass(frozen=True, slots=True)
class VisitLine:
    """One visit of a list; `mine` is what the actor's unit was asked, None when it has no part."""

    visit: VisitRow
    progress: Progress
    mine: VisitUnitRow | None


@dataclass(frozen=True, slots=True)
class StopToday:
    """One stop of a day. `items` is what the actor's unit looks at there: stage and duty."""

    stop: StopRow
    stages: tuple[StopStageRow, ...]
    items: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class VisitToday:
    """A visit of a day with its stops in walking order."""

    line: VisitLine
    stops: tuple[StopToday, ...]


def find_visits(
    ledger: Ledger,
    order: Order,
    *,
    campaign_id: int | None = None,
    behind: BehindVisit | None = None,
    limit: int = PAGE,
) -> tuple[VisitLine, ...]:
    """The visits that the actor may see, the latest day first; of one campaign, if it is named."""
    sees = _sees(order)
    if sees is None:
        return ()
    with reading(ledger.store) as session:
        found = visits_by_day(
            session,
            unit=sees.unit,
            campaign_id=campaign_id,
            before=None if behind is None else (behind.on, behind.id),
            limit=limit,
        )
        progress = progress_of(session, [number_of(one) for one in found])
        return tuple(
            VisitLine(
                visit=one,
                progress=progress[number_of(one)],
                mine=session.get(VisitUnitRow, (one.id, order.actor.unit)),
            )
            for one in found
        )


def stops_today(ledger: Ledger, order: Order, *, on: date | None = None) -> tuple[VisitToday, ...]:
    """The visits of a day, today by default, that are not over, each with its stops."""
    sees = _sees(order)
    if sees is None:
        return ()
    day = on or ledger.day(order)
    with reading(ledger.store) as session:
        found = visits_by_day(session, unit=sees.unit, on=day, limit=PAGE)
        open_ = [one for one in found if one.state != "ended"]
        progress = progress_of(session, [number_of(one) for one in open_])
        visits = []
        for visit in open_:
            number = number_of(visit)
            units = {one.unit: one for one in units_of_visit(session, number)}
            mine = units.get(order.actor.unit or "")
            items = [] if mine is None else mine.items
            stages = stages_of(session, number)
            visits.append(
                VisitToday(
                    VisitLine(visit, progress[number], mine),
                    tuple(
                        StopToday(
                            stop,
                            tuple(one for one in stages if one.stop_n == stop.n),
                            tuple(one for one in items if one["stop"] == stop.n),
                        )
                        for stop in stops_of(session, number)
                    ),
                )
            )
    return tuple(visits)


def find_campaigns(ledger: Ledger, order: Order, *, limit: int = PAGE) -> tuple[CampaignRow, ...]:
    """The campaigns that the actor may see, the one that ends last first."""
    sees = _sees(order)
    if sees is None:
        return ()
    with reading(ledger.store) as session:
        return campaigns_by_day(session, unit=sees.unit, limit=limit)


@dataclass(frozen=True, slots=True)
class _Sees:
    """All visits, or those of one unit."""

    unit: str | None


def _sees(order: Order) -> _Sees | None:
    """What the actor sees, by the same policies as a single visit; None for nothing."""
    actor = order.actor
    if may(actor, Action.SEE_DISTRICT, Parties()):
        return _Sees(None)
    if actor.unit is None:
        return None
    own = Parties(assisting=frozenset({actor.unit}))
    return _Sees(actor.unit) if may(actor, Action.SEE_CASE, own) else None
