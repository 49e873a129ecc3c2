"""The ledger over HTTP: its pages joined, each group in a module of its own."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, request
from werkzeug.exceptions import HTTPException

from web.desk import Desk
from web.errors import faults_of, meaning_of
from web.ledger.audit_pages import Audit
from web.ledger.campaigns_pages import Campaigns
from web.ledger.case_pages import Cases
from web.ledger.core import Core
from web.ledger.entrance import Entrance
from web.ledger.figures_pages import FiguresPages
from web.ledger.filing_pages import Filing
from web.ledger.home import Home
from web.ledger.inbox_pages import Inboxes
from web.ledger.letters import Letters
from web.ledger.people import WRITES, Doors, person, request_account
from web.ledger.plan_pages import Plans
from web.ledger.reports_pages import Reports
from web.ledger.residents import Residents
from web.ledger.rulings import Rulings
from web.ledger.site_pages import Sites
from web.ledger.stops_pages import Stops
from web.ledger.visits_pages import Visits
from web.ledger.words import ledger_words
from web.logs import log_unexpected
from web.officer.bundle import packed_page

OPEN = frozenset({"ledger.login", "ledger.letter"})
"""What nobody needs to log in for: the login, and checking a letter by its code."""
UPLOADS = frozenset({"ledger.evidence_add", "ledger.new"})
"""Forms that may carry photos."""
UPLOAD_BYTES = 24 * 1024 * 1024


def ledger(desk: Desk, app: Flask) -> Blueprint:
    """The blueprint of the ledger's pages; raises `BadInput` when a word lacks a language."""
    ledger_words()
    core, doors = Core(desk), Doors(app, desk)
    pages = Blueprint("ledger", __name__)

    @pages.before_request
    def _let_in() -> Response | None:
        if request.endpoint in UPLOADS:
            request.max_content_length = UPLOAD_BYTES
        if request.endpoint not in OPEN and person() is None:
            return core.to(core.login_address())
        if request.method == "POST":
            doors.csrf.protect()
        return None

    @pages.errorhandler(Exception)
    def _failed(error: Exception) -> Response:
        if isinstance(error, HTTPException):
            status = error.code or 500
            key = f"failed.{status}" if status in (400, 404, 405, 413, 429) else "failed.other"
            return core.page("failed.html", status, faults=[core.say(key)])
        status = meaning_of(error).status
        if status == 500:
            log_unexpected(desk.settings.data, error, path=request.path, method=request.method)
        return core.page("failed.html", status, faults=core.said(faults_of(error)))

    pages.after_request(packed_page)
    groups = (
        Entrance(core, doors),
        Home(core),
        Inboxes(core),
        Filing(core),
        Cases(core),
        Rulings(core),
        Letters(core),
        Residents(core),
        Sites(core),
        Visits(core),
        Plans(core),
        Stops(core),
        Campaigns(core),
        FiguresPages(core),
        Reports(core),
        Audit(core),
    )
    for group in groups:
        group.register(pages)
    doors.limiter.limit(WRITES, key_func=request_account, methods=["POST"])(pages)
    return pages
