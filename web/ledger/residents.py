"""Who raised a case: names for the holder alone, export and erasure for its supervisor."""

from __future__ import annotations

import json
from typing import Final

from flask import Blueprint, Response, url_for

from enforcement.ledger_events import Order
from enforcement.policies import Action, may
from enforcement.services.ledger import Done
from enforcement.services.residents import (
    ROLES,
    erase_resident,
    export_resident,
    see_residents,
)
from web.errors import faults_of, meaning_of
from web.ledger.acts import CASE, Case, Typed, read
from web.ledger.case_names import capital
from web.ledger.case_next import may_see_residents
from web.ledger.case_view import CaseView
from web.ledger.core import CLIENT_FAULTS, Core, Faults
from web.officer.safe_text import shown

JSON: Final = "application/json; charset=utf-8"


class Residents:
    """The page of a case's residents."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def register(self, pages: Blueprint) -> None:
        """Add the pages."""
        at = f"{CASE}/residents"
        pages.add_url_rule(at, "residents", self.residents)
        pages.add_url_rule(
            f"{at}/<int(max=99999):n>/export", "resident_export", self.export, methods=["POST"]
        )
        pages.add_url_rule(
            f"{at}/<int(max=99999):n>/erase", "resident_erase", self.erase, methods=["POST"]
        )

    def residents(self, case_id: int) -> Response:
        """The residents. Raises NotAllowed, which is recorded, for who is not of the holder."""
        return self._page(case_id)

    def _page(self, case_id: int, faults: Faults = (), status: int = 200) -> Response:
        core = self._core
        case = read(core, case_id)
        return core.page(
            "case_residents.html",
            status,
            head=CaseView(core, case.names, case.story).head(),
            people=self._people(case),
            may_export=may(core.actor, Action.EXPORT_RESIDENT, case.story.parties),
            may_erase=may(core.actor, Action.ERASE_RESIDENT, case.story.parties),
            may_see=may(core.actor, Action.SEE_RESIDENT, case.story.parties),
            faults=core.said(faults),
        )

    def _people(self, case: Case) -> list[dict[str, object]]:
        """With names for who may see them, by role for who may export or erase."""
        core, told = self._core, case.story
        sees = may(core.actor, Action.SEE_RESIDENT, told.parties)
        if sees or not may_see_residents(told, core.actor):
            rows = see_residents(core.ledger, core.reads(), case.id)
            return [
                {
                    "n": one.n,
                    "role": capital(core.t(ROLES.get(one.role))),
                    "erased": one.erased_at is not None,
                    "name": shown(one.name or "", 100),
                    "contact": shown(one.contact or "", 200),
                    "note": shown(one.note or "", 1000),
                    "until": one.retain_until,
                }
                for one in rows
            ]
        return [
            {"n": one.n, "role": capital(core.t(ROLES.get(one.role))), "erased": one.erased}
            for one in told.residents
        ]

    def export(self, case_id: int, n: int) -> Response:
        """Everything that is kept of one resident, as a file; that it was taken is an event."""
        core = self._core
        try:
            found = export_resident(core.ledger, core.acts(), case_id, n)
        except Exception as error:
            status = meaning_of(error).status
            if status not in CLIENT_FAULTS or status in {403, 404}:
                raise
            return self._page(case_id, faults_of(error), status)
        text = json.dumps(dict(found), ensure_ascii=False, indent=2)
        answer = Response(text, content_type=JSON)
        name = f"resident-{case_id}-{n}.json"
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        answer.headers["Cache-Control"] = "private, no-store"
        return answer

    def erase(self, case_id: int, n: int) -> Response:
        """Take the name, contact and note away for good."""
        core = self._core

        def act(order: Order) -> Done:
            return erase_resident(core.ledger, order, case_id, n)

        def again(_typed: Typed, faults: Faults, status: int) -> Response:
            if status in {403, 404}:
                return core.page("failed.html", status, faults=core.said(faults))
            return self._page(case_id, faults, status)

        def then(_done: Done) -> str:
            return url_for("ledger.residents", case_id=case_id)

        return core.doing(act, then=then, again=again)
