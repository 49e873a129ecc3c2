"""The stewards' list of "this answer is wrong": what officers said, and the question again."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, url_for

from enforcement.policies import Action, Parties, may
from enforcement.services.ledger import check_read
from enforcement.services.reports import AnswerReport, wrong_answers
from rules.errors import UnknownMatter
from web.ledger.core import Core, Entry
from web.officer.origin import local
from web.officer.safe_text import shown
from web.officer.words import words

PAGE = 30
OUTCOMES = ("decided", "needs_facts", "contested", "vacant", "outside")


class Reports:
    """The page of reports."""

    def __init__(self, core: Core) -> None:
        self._core = core
        core.offer(
            Entry("ledger.reports", "reports", lambda who: may(who, Action.SEE_REPORTS, Parties()))
        )

    def register(self, pages: Blueprint) -> None:
        """Add the page."""
        pages.add_url_rule("/reports", "reports", self.reports)

    def reports(self) -> Response:
        """The reports, the newest first."""
        core = self._core
        check_read(core.ledger, core.reads(), Action.SEE_REPORTS, Parties())
        before = core.number_asked("before")
        found = wrong_answers(core.ledger.store, before=before, limit=PAGE + 1)
        listed = found[:PAGE]
        return core.page(
            "reports.html",
            reports=[self._shown(one) for one in listed],
            older=url_for("ledger.reports", before=listed[-1].number) if len(found) > PAGE else "",
        )

    def _shown(self, report: AnswerReport) -> dict[str, Any]:
        core = self._core
        outcome = report.outcome if report.outcome in OUTCOMES else "decided"
        return {
            "number": report.number,
            "at": core.moment(report.at),
            "kind": words().say(f"report.kind.{report.kind}", core.prefs.lang),
            "text": shown(report.text, 2000),
            "asker": core.unit(report.asker),
            "matter": self._matter(report.matter),
            "unit": core.unit(report.unit),
            "outcome": core.say(f"reports.outcome.{outcome}"),
            "again": local(report.address),
        }

    def _matter(self, code: str) -> str:
        try:
            return self._core.t(self._core.desk.district.book.matter(code).name)
        except UnknownMatter:
            return shown(code, 80)
