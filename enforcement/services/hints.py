"""What somebody should know before filing a case: what is open there, and what would come back."""

from __future__ import annotations

from dataclasses import dataclass

from enforcement.ledger_events import Order
from enforcement.policies import Action, may
from enforcement.services.filing import Found, near_duplicates, returned
from enforcement.services.ledger import Ledger, parties_in
from enforcement.store.cases import CaseRow
from enforcement.store.engine import reading


@dataclass(frozen=True, slots=True)
class Near:
    """An open case that may be the same; `may_open` says whether the actor may read it."""

    case: CaseRow
    may_open: bool


@dataclass(frozen=True, slots=True)
class Hints:
    """Open cases near the finding, and the closed one that filing it would reopen.

    `may_keep_resident` says whether the actor may record a resident with what filing leads to:
    a reopened case is its holder's, and so are the residents in it.
    """

    near: tuple[Near, ...] = ()
    reopens: Near | None = None
    may_keep_resident: bool = True


def hints(ledger: Ledger, order: Order, finding: Found) -> Hints:
    """The hints for a finding. They bind nobody: filing looks again for itself."""
    near = near_duplicates(
        ledger,
        order,
        matter=finding.resolution["matter"],
        site_id=finding.site_id,
        point=finding.point,
    )
    with reading(ledger.store) as session:

        def seen(case: CaseRow) -> Near:
            return Near(case, may(order.actor, Action.SEE_CASE, parties_in(session, case)))

        old = returned(session, ledger, order, finding)
        if old is None:
            return Hints(tuple(seen(case) for case in near))
        keeps = may(order.actor, Action.ADD_RESIDENT, parties_in(session, old))
        return Hints(tuple(seen(case) for case in near), seen(old), keeps)
