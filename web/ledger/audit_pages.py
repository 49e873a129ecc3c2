"""The auditor's page: the chain of events, newest first, and whether it is whole."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request, url_for

from enforcement.ledger_events import DENIED
from enforcement.policies import POLICIES, Action, Parties, may
from enforcement.services.audit import AuditLine, audit_page
from enforcement.services.checking import check_ledger
from web.ledger.case_names import Names, capital
from web.ledger.core import Core, Entry
from web.officer.safe_text import shown

OWN = ("add_account", "change_account")
"""Events that no post's action makes: accounts are kept by whoever runs the installation."""


class Audit:
    """The page of the chain."""

    def __init__(self, core: Core) -> None:
        self._core = core
        core.offer(
            Entry("ledger.audit", "audit", lambda who: may(who, Action.SEE_LEDGER, Parties()))
        )

    def register(self, pages: Blueprint) -> None:
        """Add the page."""
        pages.add_url_rule("/audit", "audit", self.audit)

    def audit(self) -> Response:
        """Some events; with `verify` the whole chain and every case are read as well."""
        core, names = self._core, Names(self._core)
        before = core.number_asked("before")
        page = audit_page(core.ledger, core.reads(), before=before)
        checked: dict[str, Any] | None = None
        if "verify" in request.args:
            found = check_ledger(core.ledger)
            checked = {
                "whole": found.is_whole,
                "events": found.events,
                "head": found.head,
                "wrong": core.t(found.wrong.says) if found.wrong is not None else "",
                "cases": [shown(one.case_id) for one in found.disagreements[:20]],
            }
        return core.page(
            "audit.html",
            lines=[self._line(names, one) for one in page.lines],
            head_seq=page.head_seq,
            head=page.head_hash,
            older="" if page.older is None else url_for("ledger.audit", before=page.older),
            newest=before is None,
            checked=checked,
        )

    def _line(self, names: Names, line: AuditLine) -> dict[str, Any]:
        core, event = self._core, line.event
        told: dict[str, Any] = {
            "seq": line.seq,
            "wrong": core.t(line.wrong),
            "there": event is not None,
        }
        if event is None:
            return told
        body = line.body or {}
        wanted = body.get("wanted") if event.action == DENIED else event.action
        return told | {
            "at": core.moment(event.at),
            "who": names.person(event.actor),
            "unit": core.unit(event.unit),
            "what": self._what(str(wanted)),
            "denied": event.action == DENIED,
            "case": event.case_id,
            "link": "" if event.case_id is None else url_for("ledger.case", case_id=event.case_id),
            "hash": event.hash[:12],
        }

    def _what(self, action: str) -> str:
        core = self._core
        if action in OWN:
            return core.say(f"audit.{action}")
        if action in set(Action):
            return capital(core.t(POLICIES[Action(action)].name))
        return shown(action, 40)
