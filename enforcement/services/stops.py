"""At a stop of a joint inspection: facts captured once for all units, and one case per finding.

A fact that differs from stage to stage, as a licence does, is captured as `licence@slaughter`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from enforcement.ledger_errors import BadAct
from enforcement.ledger_events import Order, canonical
from enforcement.policies import Action, check_may
from enforcement.services.filing import Found, file_in
from enforcement.services.ledger import (
    Done,
    Ledger,
    act,
    checked_text,
    entry_for,
    no_such,
)
from enforcement.services.visits import check_open, visit_parties
from enforcement.store.cases import case_by_id
from enforcement.store.chain import Transaction, append
from enforcement.store.joint import FindingRow, StopRow, StopStageRow, findings_of
from geo.points import Point
from rules.errors import Fault


def record_stop(
    ledger: Ledger,
    order: Order,
    visit_id: int,
    *,
    stop: int,
    second_officer: str,
    facts: Mapping[str, str],
    note: str = "",
) -> Done:
    """What was seen at a stop: facts once for all units, by two officers."""
    second = checked_text("second_officer", second_officer, "第二名执法人员", "the second officer")

    def doing(session: Transaction) -> tuple[int, Mapping[str, Any]]:
        visit, parties = visit_parties(session, visit_id)
        check_may(order.actor, Action.RECORD_STOP, parties)
        check_open(visit)
        if second == order.actor.id:
            raise BadAct(
                [Fault("second_officer", "须是另一人", "the second officer is another one")]
            )
        row = _stop(session, visit_id, stop)
        row.facts = canonical({**json.loads(row.facts), **facts})
        row.visited_at, row.visited_by = order.at, order.actor.id
        row.second_officer, row.note = second, note.strip()
        session.add(row)
        entry = entry_for(order, Action.RECORD_STOP, visit=visit_id, stop=stop, facts=dict(facts))
        return append(session, entry), {"visit": visit_id, "stop": stop}

    request = {
        "visit": visit_id,
        "stop": stop,
        "second": second,
        "facts": dict(facts),
        "note": note,
    }
    return act(ledger, order, Action.RECORD_STOP, request, doing)


def record_finding(
    ledger: Ledger, order: Order, visit_id: int, *, stop: int, stage: str, says: str
) -> Done:
    """What is wrong at a stage of a stop: exactly one case, held by the unit that leads there.

    The facts seen at the stop are in the resolution that is frozen in the case. A case that was
    closed there is reopened instead.
    """
    said = checked_text("says", says, "检查发现", "what was found")

    def doing(session: Transaction) -> tuple[int, Mapping[str, Any]]:
        visit, parties = visit_parties(session, visit_id)
        check_may(order.actor, Action.RECORD_STOP, parties)
        check_open(visit)
        where = _stop(session, visit_id, stop)
        planned_stage = session.get(StopStageRow, (visit_id, stop, stage))
        if planned_stage is None:
            raise no_such("stage", stage, "该环节", "stage of this stop")
        answer, unit = _resolved(ledger, order, where, planned_stage)
        found = Found(
            resolution=answer,
            asker=unit,
            description=said,
            site_id=where.site_id,
            point=_point(where),
            visit_id=visit_id,
        )
        # The visit was planned with this unit: what is found goes to it without an offer.
        seq, result = file_in(session, ledger, order, found, description=said, may_file=True)
        n = len(findings_of(session, visit_id)) + 1
        case = case_by_id(session, int(result["case"]))
        session.add(
            FindingRow(
                visit_id=visit_id,
                n=n,
                stop_n=stop,
                stage=stage,
                says=said,
                case_id=int(result["case"]),
                unit=unit if case is None else case.holder,
                recurrence=bool(result["reopened"]),
                by=order.actor.id,
                at=order.at,
            )
        )
        return seq, {"visit": visit_id, "finding": n, **result}

    request = {"visit": visit_id, "stop": stop, "stage": stage, "says": said}
    return act(ledger, order, Action.RECORD_STOP, request, doing)


def lead_at(
    ledger: Ledger, order: Order, stop: StopRow, stage: StopStageRow
) -> tuple[Mapping[str, Any], str]:
    """Where what is found at a stage would go now: the resolution with what was seen, the unit.

    Raises what `resolve` raises for facts that cannot be together.
    """
    return _resolved(ledger, order, stop, stage)


def facts_at(stop: StopRow, stage: str) -> dict[str, str]:
    """What was seen at a stop, as it holds for one of its stages."""
    seen: dict[str, str] = json.loads(stop.facts)
    shared = {name: value for name, value in seen.items() if "@" not in name and name != "stage"}
    own = {
        name.partition("@")[0]: value
        for name, value in seen.items()
        if name.partition("@")[2] == stage
    }
    return shared | own


def _resolved(
    ledger: Ledger, order: Order, stop: StopRow, stage: StopStageRow
) -> tuple[Mapping[str, Any], str]:
    """The stage's resolution with the facts seen at the stop, and the unit that it names."""
    facts = facts_at(stop, stage.stage)
    answer: Mapping[str, Any] = stage.answer
    if facts:
        answer = ledger.resolve_again(answer, facts, ledger.day(order))
    named = answer.get("lead") or answer.get("interim")
    return answer, stage.unit if named is None else str(named["unit"])


def _stop(session: Transaction, visit_id: int, n: int) -> StopRow:
    row = session.get(StopRow, (visit_id, n))
    if row is None:
        raise no_such("stop", n, "检查点", "stop")
    return row


def _point(stop: StopRow) -> Point | None:
    if stop.lon is None or stop.lat is None:
        return None
    return Point.checked(lon=stop.lon, lat=stop.lat)
