"""One case with its whole story, and the cases of a site.

Rows come as they lie in the store, detached; nothing that is read here can be written. A resident
is shown by role only; name and contact are `services.residents`'.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from enforcement.case_clock import Light, light
from enforcement.case_states import MOVES, State
from enforcement.ledger_events import Order
from enforcement.policies import Action, Parties, may
from enforcement.services.ledger import (
    Ledger,
    check_may_see,
    found_case,
    parties_in,
)
from enforcement.services.step_limits import StepLimit, step_limit
from enforcement.store.case_parts import (
    AdjudicationRow,
    AssistRow,
    HandoverRow,
    StepClockRow,
    StepRow,
    adjudications_of,
    assists_of,
    handovers_of,
    step_clocks_of,
    steps_of,
)
from enforcement.store.case_queries import (
    of_site,
)
from enforcement.store.cases import (
    CaseRow,
    HoldingRow,
    ResolutionRow,
    holdings_of,
    resolutions_of,
)
from enforcement.store.chain import EventRow, events_of
from enforcement.store.engine import reading
from enforcement.store.evidence import (
    DocumentRow,
    EvidenceRow,
    documents_of,
    evidence_of,
    residents_of,
)

MOST_OF_SITE = 50


@dataclass(frozen=True, slots=True)
class ResidentShown:
    """A resident as everybody sees one: the role."""

    n: int
    role: str
    erased: bool


@dataclass(frozen=True, slots=True)
class Story:
    """A case with everything that happened to it; `allowed` is what the reader may do now.

    `limits` are those of `step_clocks` that run for the holder now.
    """

    case: CaseRow
    light: Light
    parties: Parties
    resolutions: tuple[ResolutionRow, ...]
    holdings: tuple[HoldingRow, ...]
    handovers: tuple[HandoverRow, ...]
    adjudications: tuple[AdjudicationRow, ...]
    assists: tuple[AssistRow, ...]
    steps: tuple[StepRow, ...]
    step_clocks: tuple[StepClockRow, ...]
    limits: tuple[StepLimit, ...]
    evidence: tuple[EvidenceRow, ...]
    documents: tuple[DocumentRow, ...]
    residents: tuple[ResidentShown, ...]
    events: tuple[EventRow, ...]
    allowed: frozenset[Action]

    @property
    def resolution(self) -> dict[str, Any]:
        """The newest resolution."""
        return self.resolutions[-1].answer

    @property
    def nearest(self) -> StepLimit | None:
        """Of the limits that bind the holder, the one that ends first."""
        return min(self.limits, key=lambda one: one.clock.due_at, default=None)


def story(ledger: Ledger, order: Order, case_id: int) -> Story:
    """The whole story of a case. Raises NoSuchRecord, and NotAllowed, which is recorded."""
    check_may_see(ledger, order, case_id)
    with reading(ledger.store) as session:
        case = found_case(session, case_id)
        parties = parties_in(session, case)
        clocks = step_clocks_of(session, case_id)
        return Story(
            case=case,
            light=light(order.at, case.clock_started_at, case.due_at, ledger.settled),
            parties=parties,
            resolutions=resolutions_of(session, case_id),
            holdings=holdings_of(session, case_id),
            handovers=handovers_of(session, case_id),
            adjudications=adjudications_of(session, case_id),
            assists=assists_of(session, case_id),
            steps=steps_of(session, case_id),
            step_clocks=clocks,
            limits=tuple(step_limit(ledger, order.at, one) for one in clocks if one.binds),
            evidence=evidence_of(session, case_id),
            documents=documents_of(session, case_id),
            residents=tuple(
                ResidentShown(one.n, one.role, one.erased_at is not None)
                for one in residents_of(session, case_id)
            ),
            events=events_of(session, case_id),
            allowed=possible(case, order, parties),
        )


def holder_of(ledger: Ledger, case_id: int) -> str:
    """The unit that holds a case now. Raises NoSuchRecord."""
    with reading(ledger.store) as session:
        return found_case(session, case_id).holder


def cases_of_site(
    ledger: Ledger, order: Order, site_id: str, *, limit: int = MOST_OF_SITE
) -> tuple[CaseRow, ...]:
    """The cases of a site that the actor may see, the newest first."""
    with reading(ledger.store) as session:
        return tuple(
            case
            for case in of_site(session, site_id, limit=limit)
            if may(order.actor, Action.SEE_CASE, parties_in(session, case))
        )


def possible(case: CaseRow, order: Order, parties: Parties) -> frozenset[Action]:
    """What the actor may do in this state; an act can still be refused for what it lacks."""
    state = State(case.state)
    return frozenset(
        move.action
        for move in MOVES
        if state in move.sources and may(order.actor, move.action, parties)
    )
