"""Joint inspections: the list, one visit's plan with its units and notices, and its report."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from flask import Blueprint, Response, request, url_for

from enforcement.ledger_events import Order
from enforcement.policies import Action, Actor, Parties, may
from enforcement.services.agenda import (
    PAGE,
    BehindVisit,
    VisitLine,
    VisitToday,
    find_visits,
    stops_today,
)
from enforcement.services.ledger import Done
from enforcement.services.letters import issue_visit_notice
from enforcement.services.visits import (
    confirm_visit,
    end_visit,
    number_of,
    read_visit,
)
from web.ledger.core import Core, Entry, Faults
from web.ledger.visits_view import FOOD, VISIT, VisitView, progress_said, visit_line
from web.officer.safe_text import shown

View = dict[str, Any]
LONGEST_ANSWER: Final = 1000
_NUMBER: Final = re.compile(r"[0-9]{1,9}")


class Visits:
    """The pages of joint inspections but for planning one, its stops, and campaigns."""

    def __init__(self, core: Core) -> None:
        self._core = core
        core.offer(
            Entry(
                "ledger.visits", "visits", takes_part, self._waits, below=("/visits/", "/campaigns")
            )
        )

    def register(self, pages: Blueprint) -> None:
        """Add the pages."""
        pages.add_url_rule("/visits", "visits", self.visits)
        pages.add_url_rule(VISIT, "visit", self.visit)
        pages.add_url_rule(f"{VISIT}/confirm", "visit_confirm", self.confirm, methods=["POST"])
        pages.add_url_rule(f"{VISIT}/notices", "visit_notices", self.notices, methods=["POST"])
        pages.add_url_rule(f"{VISIT}/report", "visit_report", self.report)
        pages.add_url_rule(f"{VISIT}/end", "visit_end", self.end, methods=["POST"])

    def _waits(self) -> str:
        """What the reader's unit has to confirm, else how many visits there are today."""
        core = self._core
        lines = find_visits(core.ledger, core.reads())
        open_ = [one for one in lines if one.visit.state != "ended"]
        asked = sum(one.mine is not None and one.mine.answered_at is None for one in open_)
        if asked:
            return core.say("visits.waits.confirm", n=asked)
        today = sum(one.visit.on == core.today for one in open_)
        return core.say("visits.waits.today", n=today) if today else ""

    # --- the list -------------------------------------------------------------------------------

    def visits(self) -> Response:
        """Today's stops, then what comes, then what was; the next first."""
        core = self._core
        behind = _behind(request.args.get("before", ""))
        lines = find_visits(core.ledger, core.reads(), behind=behind)
        today = stops_today(core.ledger, core.reads()) if behind is None else ()
        shown_above = {number_of(one.line.visit) for one in today}
        lines_below = [one for one in lines if number_of(one.visit) not in shown_above]
        coming = [
            one for one in lines_below if one.visit.state != "ended" and one.visit.on >= core.today
        ]
        rest = [one for one in lines_below if one not in coming]
        last = lines[-1].visit if len(lines) == PAGE else None
        return core.page(
            "visit_list.html",
            today=[self._today(one) for one in today],
            coming=[self._line(one) for one in reversed(coming)],
            rest=[self._line(one) for one in rest],
            may_plan=may_plan(core.actor),
            first_page=behind is None,
            following=""
            if last is None
            else url_for("ledger.visits", before=f"{last.on.isoformat()}.{last.id}"),
        )

    def _line(self, line: VisitLine) -> View:
        core = self._core
        mine = line.mine
        return visit_line(core, line.visit) | {
            "progress": progress_said(core, line.progress),
            "to_confirm": mine is not None
            and mine.answered_at is None
            and line.visit.state != "ended",
            "due": "" if mine is None else core.moment(mine.due_at),
        }

    def _today(self, one: VisitToday) -> View:
        left = [stop for stop in one.stops if stop.stop.visited_at is None]
        number = number_of(one.line.visit)
        following = None
        if left:
            stop = left[0].stop
            following = {
                "n": stop.n,
                "name": shown(stop.name, 80),
                "address": shown(stop.address or "", 120),
                "link": url_for("ledger.visit_stop", visit_id=number, n=stop.n),
            }
        return self._line(one.line) | {
            "next": following,
            "left": len(left),
            "stops": url_for("ledger.visit_stops", visit_id=number),
            "report": url_for("ledger.visit_report", visit_id=number),
        }

    # --- one visit ------------------------------------------------------------------------------

    def visit(self, visit_id: int) -> Response:
        """The plan: the lead, the units with their checklists, and each stage's lead."""
        return self._plan(visit_id)

    def _plan(
        self, visit_id: int, *, faults: Faults = (), status: int = 200, answer: str = ""
    ) -> Response:
        core = self._core
        view = VisitView(core, read_visit(core.ledger, core.reads(), visit_id))
        units = view.units()
        mine = next((one for one in units if one["mine"]), None)
        open_ = view.whole.visit.state != "ended"
        return core.page(
            "visit_one.html",
            status,
            visit=view.head(),
            units=units,
            mine=mine,
            asked=open_
            and mine is not None
            and not mine["answered"]
            and view.may(Action.NOTIFY_VISIT),
            may_notify=open_ and view.may(Action.END_VISIT),
            unnoticed=[one for one in units if one["notice"] is None and not one["leads"]],
            stops=view.stops(),
            answer=answer,
            faults=core.said(faults),
        )

    def confirm(self, visit_id: int) -> Response:
        """The reader's unit comes."""
        core = self._core

        def again(typed: Mapping[str, str], faults: Faults, status: int) -> Response:
            return self._plan(
                visit_id, faults=faults, status=status, answer=typed.get("answer", "")
            )

        return core.doing(
            lambda order: confirm_visit(
                core.ledger,
                order,
                visit_id,
                answer=request.form.get("answer", "").strip()[:LONGEST_ANSWER],
            ),
            then=lambda _: url_for("ledger.visit", visit_id=visit_id),
            again=again,
        )

    def notices(self, visit_id: int) -> Response:
        """Issue the notice to one unit, or to each unit that has none yet."""
        core = self._core
        return core.doing(
            lambda order: self._issue(order, visit_id, request.form.get("unit", "")),
            then=lambda _: url_for("ledger.visit", visit_id=visit_id, _anchor="units"),
            again=lambda _, faults, status: self._plan(visit_id, faults=faults, status=status),
        )

    def _issue(self, order: Order, visit_id: int, unit: str) -> Done:
        core = self._core
        found = read_visit(core.ledger, core.reads(), visit_id)
        without = [u.unit for u in found.units if not u.leads and u.unit not in found.notices]
        units = [unit] if unit else without
        done = None
        stage = core.desk.district.book.matter(FOOD).fact("stage")
        labels = {} if stage is None else {code: label.zh for code, label in stage.values.items()}
        for one in units:
            done = issue_visit_notice(
                core.ledger,
                replace(order, key=f"{order.key}:{one}"),
                visit_id,
                one,
                check_url=lambda code: url_for("ledger.letter", code=code, _external=True),
                stage_name=lambda code: labels.get(code, code),
            )
        # Every unit had its notice already: the form was sent twice
        return done or Done({"visit": visit_id}, 0, again=True)

    # --- the report -----------------------------------------------------------------------------

    def report(self, visit_id: int) -> Response:
        """Who did what: sites seen, findings by unit with their cases, units that answered."""
        return self._report(visit_id)

    def _report(self, visit_id: int, *, faults: Faults = (), status: int = 200) -> Response:
        core = self._core
        view = VisitView(core, read_visit(core.ledger, core.reads(), visit_id))
        stops = view.stops()
        seen = [one for one in stops if one["visited"]]
        clean = sum(not stage["findings"] for stop in seen for stage in stop["stages"])
        units = view.units()
        return core.page(
            "visit_report.html",
            status,
            visit=view.head(),
            seen=seen,
            missed=[one for one in stops if not one["visited"]],
            clean=clean,
            by_unit=_by_unit(view),
            answered=[one for one in units if one["answered"]],
            silent=[one for one in units if not one["answered"]],
            recurred=sum(one.recurrence for one in view.whole.findings),
            now=core.moment(core.desk.now()),
            faults=core.said(faults),
        )

    def end(self, visit_id: int) -> Response:
        """The visit is over."""
        core = self._core
        return core.doing(
            lambda order: end_visit(core.ledger, order, visit_id),
            then=lambda _: url_for("ledger.visit_report", visit_id=visit_id),
            again=lambda _, faults, status: self._report(visit_id, faults=faults, status=status),
        )


def _by_unit(view: VisitView) -> list[View]:
    """The findings of each unit that they went to, the unit with most of them first."""
    found: dict[str, list[View]] = defaultdict(list)
    for row in view.whole.findings:
        found[row.unit].append(view.finding(row))
    order = sorted(found, key=lambda unit: (-len(found[unit]), unit))
    return [{"name": view.names.unit(one), "findings": found[one]} for one in order]


def _behind(given: str) -> BehindVisit | None:
    """The line behind which the page begins; the first page for what is none."""
    day, _, number = given.partition(".")
    if not _NUMBER.fullmatch(number):
        return None
    try:
        return BehindVisit(date.fromisoformat(day), int(number))
    except ValueError:
        return None


def takes_part(actor: Actor) -> bool:
    """Whether joint inspections are this person's business."""
    if may(actor, Action.SEE_DISTRICT, Parties()):
        return True
    own = Parties(assisting=frozenset({actor.unit} if actor.unit else ()))
    return actor.unit is not None and may(actor, Action.SEE_CASE, own)


def may_plan(actor: Actor) -> bool:
    """Whether this person may plan a visit, at least for the own unit."""
    return may(actor, Action.PLAN_VISIT, Parties(holder=actor.unit))
