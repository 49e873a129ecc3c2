"""Filing a case, or finding that it is an old one come back.

A case is filed with a resolution, which is frozen in it, and with the unit of first contact as its
holder. A finding for the same matter at the same site, or near it, of a case that was closed is a
recurrence: the old case is reopened with the same lead and a higher grade.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from enforcement.case_clock import finishing
from enforcement.case_states import State
from enforcement.cases import check_can, check_can_hold, check_can_merge, named_units
from enforcement.ladder import successor
from enforcement.ledger_events import Order
from enforcement.nearness import box_around, is_same
from enforcement.policies import Action, Parties, check_may
from enforcement.services.assisting import NO_ANSWER, lapsed
from enforcement.services.handling import lapsed_limits
from enforcement.services.ledger import (
    Done,
    Ledger,
    OnCase,
    act,
    act_on,
    checked_text,
    entry_for,
    found_case,
    parties_in,
)
from enforcement.store.case_queries import closed_near, open_near
from enforcement.store.cases import (
    CaseRow,
    Change,
    freeze_resolution,
    id_of,
    open_case,
    record,
)
from enforcement.store.chain import Transaction
from enforcement.store.engine import reading
from geo.points import Point

__all__ = ["Found", "file_case", "merge", "near_duplicates", "reopen", "returned", "take_up"]


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, as it is filed.

    `asker` is the unit of first contact. `at_once` says that its officer is there; otherwise the
    case waits for one. `point` is where, if that is a point.
    """

    resolution: Mapping[str, Any]
    asker: str
    description: str
    site_id: str | None = None
    point: Point | None = None
    on_behalf: bool = False
    at_once: bool = True
    visit_id: int | None = None


def near_duplicates(
    ledger: Ledger, order: Order, *, matter: str, site_id: str | None, point: Point | None
) -> tuple[CaseRow, ...]:
    """Open cases of this matter that are near in place and time: a hint before one is filed."""
    terms = ledger.terms(order)
    since = order.at - timedelta(hours=terms.duplicate_hours)
    with reading(ledger.store) as session:
        found = open_near(
            session,
            matter=matter,
            site_id=site_id,
            box=box_around(point, terms.near_m),
            since=since,
        )
    return tuple(case for case in found if is_same(case, site_id, point, terms.near_m))


def file_case(ledger: Ledger, order: Order, finding: Found, *, separate_because: str = "") -> Done:
    """File what was found. The result has `case`, and `reopened` when it is an old case.

    `separate_because` says why it is another case although one was closed there. Raises
    NotAllowed, BadAct (no text, an asker that may not hold), KeyReused.
    """
    description = checked_text("description", finding.description, "情况说明", "what was found")
    request = {
        "resolution": dict(finding.resolution),
        "asker": finding.asker,
        "description": description,
        "site": finding.site_id,
        "separate": separate_because,
        "visit": finding.visit_id,
    }

    def doing(session: Transaction) -> tuple[int, Mapping[str, Any]]:
        return file_in(
            session, ledger, order, finding, description=description, separate=separate_because
        )

    return act(ledger, order, Action.FILE, request, doing)


def file_in(
    session: Transaction,
    ledger: Ledger,
    order: Order,
    finding: Found,
    *,
    description: str,
    separate: str = "",
    may_file: bool = False,
) -> tuple[int, Mapping[str, Any]]:
    """`file_case` in an open transaction; with `may_file` the caller has asked the policy."""
    if not may_file:
        check_may(order.actor, Action.FILE, Parties(holder=finding.asker))
    named = named_units(finding.resolution) if may_file else ()
    check_can_hold(finding.asker, ledger.registry, ledger.day(order), named=named)
    old = None if separate.strip() else returned(session, ledger, order, finding)
    if old is not None:
        seq = _reopen(
            OnCase(session, ledger, order, Action.REOPEN, old, parties_in(session, old)),
            description=description,
            resolution=finding.resolution,
            finder=finding.asker,
        )
        return seq, {"case": id_of(old), "reopened": True}
    case = _new_case(ledger, order, finding, description)
    entry = entry_for(
        order,
        Action.FILE,
        matter=case.matter,
        outcome=finding.resolution.get("outcome"),
        lead=case.lead_unit,
        separate=separate,
    )
    seq = open_case(session, entry, case, finding.resolution, why="filed")
    return seq, {"case": id_of(case), "reopened": False}


def take_up(ledger: Ledger, order: Order, case_id: int) -> Done:
    """First contact is there and takes the case in hand."""

    def doing(on: OnCase) -> tuple[int, Mapping[str, Any]]:
        check_can(on.case, order.actor, Action.TAKE_UP, on.parties)
        change = Change({"state": State.HELD.value, "officer": order.actor.id})
        return record(on.session, on.entry(), on.case, change), {}

    return act_on(ledger, order, Action.TAKE_UP, case_id, doing, request={})


def reopen(
    ledger: Ledger,
    order: Order,
    case_id: int,
    *,
    description: str,
    resolution: Mapping[str, Any] | None = None,
) -> Done:
    """A closed case came back: the same lead, a higher grade, a new round with its own clock."""
    said = checked_text("description", description, "复发情况", "what came back")

    def doing(on: OnCase) -> tuple[int, Mapping[str, Any]]:
        return _reopen(on, description=said, resolution=resolution), {"reopened": True}

    return act_on(ledger, order, Action.REOPEN, case_id, doing, request={"description": said})


def merge(ledger: Ledger, order: Order, case_id: int, *, main_id: int, reason: str) -> Done:
    """Merge a duplicate into the case that is about the same; the main case goes on as it was."""
    said = checked_text("reason", reason, "并案理由", "why the two are one")

    def doing(on: OnCase) -> tuple[int, Mapping[str, Any]]:
        main = found_case(on.session, main_id)
        check_can_merge(
            on.case,
            order.actor,
            on.parties,
            same=main_id == case_id,
            main_state=main.state,
            main_same=main.matter == on.case.matter,
        )
        change = Change(
            {"state": State.MERGED.value, "merged_into": main_id},
            rows=(*lapsed(on, NO_ANSWER), *lapsed_limits(on)),
        )
        entry = on.entry(main=main_id, reason=said)
        return record(on.session, entry, on.case, change), {"main": main_id}

    request = {"main": main_id, "reason": said}
    return act_on(ledger, order, Action.MERGE, case_id, doing, request=request)


def _new_case(ledger: Ledger, order: Order, finding: Found, description: str) -> CaseRow:
    resolution = finding.resolution
    lead = (resolution.get("lead") or {}).get("unit")
    term = finishing(resolution, ledger.terms(order))
    clock = ledger.clock(term, order)
    name = resolution.get("matter_name") or {"zh": resolution["matter"], "en": resolution["matter"]}
    street = (resolution.get("place") or {}).get("street") or {}
    return CaseRow(
        matter=resolution["matter"],
        matter_zh=name["zh"],
        matter_en=name["en"],
        description=description,
        site_id=finding.site_id,
        lon=None if finding.point is None else finding.point.lon,
        lat=None if finding.point is None else finding.point.lat,
        street=street.get("code"),
        asker=finding.asker,
        on_behalf=finding.on_behalf,
        visit_id=finding.visit_id,
        opened_by=order.actor.id,
        opened_at=order.at,
        state=(State.HELD if finding.at_once else State.FOUND).value,
        holder=finding.asker,
        lead_unit=lead,
        first_lead=lead,
        officer=order.actor.id if order.actor.unit == finding.asker else None,
        clock_started_at=clock.started_at,
        due_at=clock.due_at,
        due_term=term.id,
        due_basis=term.basis,
    )


def returned(session: Transaction, ledger: Ledger, order: Order, finding: Found) -> CaseRow | None:
    """The newest closed case of this matter there that still counts, unless another unit leads now.

    Another lead means another thing: the slaughter in a market is not the sale in it.
    """
    terms = ledger.terms(order)
    found = closed_near(
        session,
        matter=finding.resolution["matter"],
        site_id=finding.site_id,
        box=box_around(finding.point, terms.near_m),
        since=order.at - timedelta(days=terms.recurrence_days),
    )
    lead = (finding.resolution.get("lead") or {}).get("unit")
    return next(
        (
            one
            for one in found
            if is_same(one, finding.site_id, finding.point, terms.near_m)
            and lead in {None, one.holder, _heir(ledger, order, one.holder)}
        ),
        None,
    )


def _heir(ledger: Ledger, order: Order, unit: str) -> str | None:
    """Who holds what the unit held, on the day of the order."""
    found = successor(unit, ledger.registry, ledger.day(order))
    return None if found is None else found.id


def _reopen(
    on: OnCase,
    *,
    description: str,
    resolution: Mapping[str, Any] | None,
    finder: str | None = None,
) -> int:
    check_can(on.case, on.order.actor, Action.REOPEN, on.parties)
    case = on.case
    unit = successor(case.holder, on.ledger.registry, on.day)
    holder = case.holder if unit is None else unit.id
    entry = on.entry(description=description, grade=case.grade + 1, was=case.holder)
    frozen = resolution or {}
    if resolution is not None:
        freeze_resolution(on.session, entry, case, resolution, why="recurrence")
    term = finishing(frozen, on.terms)
    clock = on.clock(term)
    change = Change(
        {
            "state": State.ACCEPTED.value,
            "lead_unit": holder,
            "grade": case.grade + 1,
            "round": case.round + 1,
            "clock_started_at": clock.started_at,
            "due_at": clock.due_at,
            "due_term": term.id,
            "due_basis": term.basis,
            "returns": 0,
            "level": 0,
            "escalated_at": None,
            "done_by": None,
            "recheck_on": None,
            "closed_at": None,
        },
        holder=holder,
        # First contact that found it again has to do with the case: it may see it and add photos
        parties=() if finder is None else (finder,),
        counts=(("recurred", holder),),
    )
    return record(on.session, entry, case, change)
