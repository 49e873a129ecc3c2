"""The stewards' list of "this answer is wrong": what officers said, and how it was dealt with.

The open ones stand first, each with the form that closes it; a closed one says how, by whom and
when. Every report has an address of its own, where a form that was refused comes back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, Response, request, url_for

from enforcement.ledger_errors import NoSuchRecord
from enforcement.ledger_events import Order
from enforcement.policies import Action, Parties, may
from enforcement.services.ledger import Done, check_read
from enforcement.services.report_closing import (
    ELSEWHERE,
    LONGEST_CHANGED,
    LONGEST_NOTE,
    ClosedAs,
    close_report,
)
from enforcement.services.reports import (
    AnswerReport,
    count_reports,
    wrong_answer,
    wrong_answers,
)
from enforcement.store.reports import ReportClosingRow
from web.ledger.acts import FORBIDDEN, REUSED_KEY, cleaned
from web.ledger.case_names import Names, lines_of
from web.ledger.core import LARGEST_NUMBER, Core, Entry, Faults
from web.officer.origin import local
from web.officer.safe_text import shown
from web.officer.words import words

View = dict[str, Any]
PAGE: Final = 10
"""Each open report carries its form, and the form every unit."""
OUTCOMES: Final = ("decided", "needs_facts", "contested", "vacant", "outside")
MOST_RULES: Final = 12
UNIT_KINDS: Final = ("org", "owner", "coordination")


class Reports:
    """The pages of reports."""

    def __init__(self, core: Core) -> None:
        self._core = core
        core.offer(
            Entry(
                "ledger.reports",
                "reports",
                lambda who: may(who, Action.SEE_REPORTS, Parties()),
                self._waits,
                below=("/reports/",),
            )
        )

    def register(self, pages: Blueprint) -> None:
        """Add the pages."""
        pages.add_url_rule("/reports", "reports", self.reports)
        pages.add_url_rule(
            f"/reports/<int(max={LARGEST_NUMBER}):number>",
            "report",
            self.report,
            methods=["GET", "POST"],
        )

    def _waits(self) -> str:
        counts = count_reports(self._core.ledger.store)
        if counts.oldest is None:
            return ""
        day = self._core.moment(counts.oldest)[:10]
        return self._core.say("reports.waits", n=counts.open, day=day)

    # --- the list --------------------------------------------------------------------------------

    def reports(self) -> Response:
        """The open reports, or those that were dealt with; the newest first."""
        core = self._core
        self._check()
        closed = request.args.get("state") == "closed"
        before = core.number_asked("before")
        found = wrong_answers(core.ledger.store, closed=closed, before=before, limit=PAGE + 1)
        listed = found[:PAGE]
        counts = count_reports(core.ledger.store)
        names = Names(core)
        last = listed[-1].number if len(found) > PAGE else None
        state = "closed" if closed else None
        return core.page(
            "reports.html",
            reports=[self._shown(names, one) for one in listed],
            closed=closed,
            counts=counts,
            oldest=core.moment(counts.oldest),
            first_page=before is None,
            older=url_for("ledger.reports", state=state, before=last) if last else "",
            done=self._just_done(),
            **self._form(),
        )

    def _just_done(self) -> View | None:
        """The report that was closed a moment ago, if it is one."""
        number = self._core.number_asked("done")
        if number is None:
            return None
        try:
            closing = wrong_answer(self._core.ledger.store, number).closing
        except NoSuchRecord:
            return None
        if closing is None:
            return None
        how = self._core.say(f"reports.closed.{closing.closed_as}")
        return {"number": number, "how": how}

    # --- one report ------------------------------------------------------------------------------

    def report(self, number: int) -> Response:
        """One report; by POST it is closed."""
        if request.method == "GET":
            self._check()
            return self._one(number)
        core = self._core
        typed = cleaned(request.form)

        def again(_: Mapping[str, str], faults: Faults, status: int) -> Response:
            if status in FORBIDDEN:
                return core.page("failed.html", status, faults=core.said(faults))
            return self._one(number, typed, faults, status)

        return core.doing(
            lambda order: self._close(order, number, typed),
            then=lambda done: url_for("ledger.reports", done=done.result["report"]),
            again=again,
        )

    def _close(self, order: Order, number: int, typed: Mapping[str, str]) -> Done:
        """Close it with what belongs to the outcome that was chosen; the other fields are hidden.

        Raises what `close_report` raises.
        """
        closed_as = typed.get("closed_as", "")
        mended, passed = closed_as == ClosedAs.MENDED, closed_as == ClosedAs.PASSED_ON
        return close_report(
            self._core.ledger,
            order,
            number,
            closed_as=closed_as,
            note=typed.get("note", ""),
            changed=typed.get("changed", "") if mended else "",
            unit=typed.get("unit", "") if passed else "",
        )

    def _one(
        self,
        number: int,
        typed: Mapping[str, str] | None = None,
        faults: Faults = (),
        status: int = 200,
    ) -> Response:
        core = self._core
        report = wrong_answer(core.ledger.store, number)
        key = None if typed is None or status == REUSED_KEY else typed.get("key")
        return core.page(
            "report_one.html",
            status,
            one=self._shown(Names(core), report),
            faults=core.said(faults),
            key=key,
            **self._form(typed or {}),
        )

    # --- what is shown ---------------------------------------------------------------------------

    def _check(self) -> None:
        check_read(self._core.ledger, self._core.reads(), Action.SEE_REPORTS, Parties())

    def _form(self, typed: Mapping[str, str] | None = None) -> View:
        core = self._core
        if not core.may(Action.CLOSE_REPORT):
            return {"may_close": False}
        return {
            "may_close": True,
            "typed": typed or {},
            "choices": [one.value for one in ClosedAs],
            "longest_note": LONGEST_NOTE,
            "longest_changed": LONGEST_CHANGED,
            "elsewhere": ELSEWHERE,
            "units": core.units(kinds=UNIT_KINDS),
        }

    def _shown(self, names: Names, report: AnswerReport) -> View:
        core = self._core
        outcome = report.outcome if report.outcome in OUTCOMES else "decided"
        return {
            "number": report.number,
            "at": core.moment(report.at),
            "kind": words().say(f"report.kind.{report.kind}", core.prefs.lang),
            "text": lines_of(report.text, 2000),
            "asker": core.unit(report.asker),
            "matter": self._matter(names, report.matter),
            "unit": core.unit(report.unit),
            "outcome": core.say(f"reports.outcome.{outcome}"),
            "rules": _rules_of(report),
            "again": local(report.address),
            "book": self._book(names, report),
            "link": url_for("ledger.report", number=report.number),
            "closing": self._closing(names, report.closing),
        }

    def _closing(self, names: Names, closing: ReportClosingRow | None) -> View | None:
        if closing is None:
            return None
        return {
            "as": closing.closed_as,
            "how": self._core.say(f"reports.closed.{closing.closed_as}"),
            "note": lines_of(closing.note, LONGEST_NOTE),
            "changed": shown(closing.changed or "", LONGEST_CHANGED),
            "unit": names.unit(closing.unit),
            "by": names.person(closing.by),
            "at": self._core.moment(closing.at),
        }

    def _matter(self, names: Names, code: str) -> str:
        matter = names.matter(code)
        return shown(code, 80) if matter is None else self._core.t(matter.name)

    def _book(self, names: Names, report: AnswerReport) -> str:
        """Where the rule book shows the matter on the day of the question; empty for none there."""
        if names.matter(report.matter) is None:
            return ""
        return url_for("rulebook.matter", code=report.matter, on=report.resolution.get("on"))


def _rules_of(report: AnswerReport) -> list[str]:
    """The ids of the rules that the answer rested on, each once."""
    because = report.resolution.get("because") or ()
    return [shown(one) for one in dict.fromkeys(str(said["rule"]) for said in because)][:MOST_RULES]
