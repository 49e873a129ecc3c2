"""A joint inspection in the reader's words: units, stops, stages, what was found and by whom."""

from __future__ import annotations

from typing import Any, Final

from flask import url_for

from enforcement.case_states import STATE_NAMES, State
from enforcement.policies import Action, may
from enforcement.services.assisting import DUTIES
from enforcement.services.visits import Visit, number_of
from enforcement.store.joint import FindingRow, StopRow, StopStageRow, VisitRow, VisitUnitRow
from enforcement.store.joint_lists import Progress
from web.answer_words import DOUBTS, SEAMS
from web.ledger.case_names import Names, capital
from web.ledger.core import LARGEST_NUMBER, Core
from web.officer.safe_text import shown

View = dict[str, Any]
LEAD: Final = "lead"
FOOD: Final = "food.safety"
"""The matter that joint inspections are about."""
LONGEST: Final = 2000
VISIT: Final = f"/visits/<int(max={LARGEST_NUMBER}):visit_id>"
"""The address of a visit; a greater number is none that a database gives."""


class VisitView:
    """One visit as its pages show it; names are read once."""

    def __init__(self, core: Core, visit: Visit) -> None:
        self.core = core
        self.names = Names(core)
        self.whole = visit
        self.id = number_of(visit.visit)

    # --- the visit ------------------------------------------------------------------------------

    def head(self) -> View:
        """What every page of the visit says of it."""
        core, found = self.core, self.whole
        visited = sum(one.visited_at is not None for one in found.stops)
        confirmed = sum(one.answered_at is not None for one in found.units)
        return {
            **visit_line(core, found.visit),
            "lead": self.names.unit_parts(found.visit.lead_unit),
            "mine": core.actor.unit == found.visit.lead_unit,
            "created_by": self.names.person(found.visit.created_by),
            "created": core.moment(found.visit.created_at),
            "ended_at": core.moment(found.visit.ended_at),
            "progress": progress_said(
                core,
                Progress(
                    len(found.units), confirmed, len(found.stops), visited, len(found.findings)
                ),
            ),
            "campaign": found.visit.campaign_id,
            "may_end": self.may(Action.END_VISIT) and found.visit.state != "ended",
            "may_record": self.may(Action.RECORD_STOP) and found.visit.state != "ended",
            "stops": len(found.stops),
            "visited": visited,
            "findings": len(found.findings),
        }

    def may(self, action: Action) -> bool:
        """Whether the reader may do this to the visit."""
        return may(self.core.actor, action, self.whole.parties)

    # --- units ----------------------------------------------------------------------------------

    def units(self) -> list[View]:
        """Each unit, the lead first: whether it comes, what it looks at, and its notice."""
        return [self._unit(one) for one in self.whole.units]

    def _unit(self, row: VisitUnitRow) -> View:
        core = self.core
        sites = {stop.n: shown(stop.name, 80) for stop in self.whole.stops}
        letter = self.whole.notices.get(row.unit)
        return {
            "id": row.unit,
            "name": self.names.unit(row.unit),
            "leads": row.leads,
            "mine": row.unit == core.actor.unit,
            "answered": core.moment(row.answered_at),
            "answered_by": self.names.person(row.answered_by),
            "answer": shown(row.answer, LONGEST),
            "due": core.moment(row.due_at),
            "late": row.answered_at is None and core.desk.now() > row.due_at,
            "escalated": self.names.unit(row.escalated_to) if row.escalated_to else "",
            "items": [
                {
                    "stop": item["stop"],
                    "site": sites.get(item["stop"], ""),
                    "stage": self.stage_name(item["stage"]),
                    "duty": self.duty(item["duty"]),
                    "leads": item["duty"] == LEAD,
                }
                for item in row.items
            ],
            "leading": sum(item["duty"] == LEAD for item in row.items),
            "assisting": sum(item["duty"] != LEAD for item in row.items),
            "notice": None
            if letter is None
            else {
                "code": letter.code,
                "at": core.moment(letter.at),
                "pdf": url_for("ledger.letter_pdf", code=letter.code),
                "check": url_for("ledger.letter", code=letter.code),
            },
        }

    def duty(self, duty: str) -> str:
        """What a unit does at a stage."""
        if duty == LEAD:
            return self.core.say("visits.duty.lead")
        known = DUTIES.get(duty)
        return shown(duty, 40) if known is None else self.core.t(known)

    # --- stops ----------------------------------------------------------------------------------

    def stops(self) -> list[View]:
        """Each stop with its stages, in walking order."""
        return [self.stop(one) for one in self.whole.stops]

    def stop(self, row: StopRow) -> View:
        """One stop, and how far it has come."""
        core = self.core
        stages = [one for one in self.whole.stages if one.stop_n == row.n]
        mine = next((one for one in self.whole.units if one.unit == core.actor.unit), None)
        items = [] if mine is None else [one for one in mine.items if one["stop"] == row.n]
        return {
            "n": row.n,
            "id": shown(row.site_id, 64),
            "name": shown(row.name, 80),
            "address": shown(row.address or "", 120),
            "link": url_for("ledger.visit_stop", visit_id=self.id, n=row.n),
            "visited": core.moment(row.visited_at),
            "visited_by": self.names.person(row.visited_by),
            "second": self.names.person(row.second_officer),
            "note": shown(row.note, LONGEST),
            "stages": [self.stage(one) for one in stages],
            "findings": [self.finding(one) for one in self.whole.findings if one.stop_n == row.n],
            "mine": [
                {"stage": self.stage_name(one["stage"]), "duty": self.duty(one["duty"])}
                for one in items
            ],
        }

    def stage(self, row: StopStageRow) -> View:
        """One stage as planned: who leads, why, and what is doubtful about it."""
        answer = row.answer
        leading = [one for one in answer.get("because") or () if one.get("leads")]
        return {
            "stage": row.stage,
            "name": capital(self.stage_name(row.stage)),
            "unit": self.names.unit(row.unit),
            "decided": row.decided,
            "facts": self.names.facts(
                row.matter,
                {k: v for k, v in (answer.get("facts") or {}).items() if k != "stage"},
            ),
            "why": " ".join(self.names.said(one.get("says"), 200) for one in leading),
            "doubts": self.doubts(answer),
            "findings": [
                self.finding(one)
                for one in self.whole.findings
                if (one.stop_n, one.stage) == (row.stop_n, row.stage)
            ],
        }

    def doubts(self, answer: View) -> list[str]:
        """What is not certain about an answer."""
        core = self.core
        said = []
        seam = answer.get("seam")
        if seam:
            said.append(core.t(SEAMS.get(seam["kind"])))
        if answer.get("lead") is None:
            said.append(core.say("visits.interim"))
        for one in answer.get("because") or ():
            if one.get("leads"):
                parts = [
                    capital(core.t(DOUBTS.get(one.get("confidence", "")))),
                    self.names.said(one.get("note"), 200),
                ]
                said.append(core.say("dot").join(part for part in parts if part))
        return list(dict.fromkeys(one for one in said if one))

    def stage_name(self, stage: str) -> str:
        """A stage's name."""
        return self.names.value(self.names.matter(FOOD), "stage", stage)

    # --- findings -------------------------------------------------------------------------------

    def finding(self, row: FindingRow) -> View:
        """What was found, and how its case stands now."""
        core = self.core
        case = self.whole.cases.get(row.case_id)
        opens = row.case_id in self.whole.opens
        return {
            "n": row.n,
            "stop": row.stop_n,
            "site": next(
                (shown(one.name, 80) for one in self.whole.stops if one.n == row.stop_n), ""
            ),
            "stage": self.stage_name(row.stage),
            "says": shown(row.says, LONGEST),
            "unit_id": row.unit,
            "unit": self.names.unit(row.unit),
            "number": str(row.case_id) if case is None else case.number,
            "state": "" if case is None else core.t(STATE_NAMES[State(case.state)]),
            "holder": "" if case is None else self.names.unit(case.holder),
            "moved": case is not None and case.holder != row.unit,
            "recurrence": row.recurrence,
            "by": self.names.person(row.by),
            "at": core.moment(row.at),
            "link": url_for("ledger.case", case_id=row.case_id) if opens else "",
        }


def visit_line(core: Core, visit: VisitRow) -> View:
    """A visit in a list: its name, day, lead and state."""
    state = visit.state
    if state != "ended":
        state = "today" if visit.on == core.today else "past" if visit.on < core.today else "coming"
    return {
        "id": visit.id,
        "title": shown(visit.title, 120),
        "on": visit.on.isoformat(),
        "lead": core.unit(visit.lead_unit),
        "state": state,
        "state_name": core.say(f"visits.state.{state}"),
        "link": url_for("ledger.visit", visit_id=visit.id),
    }


def progress_said(core: Core, progress: Progress) -> list[View]:
    """How far a visit has come: what is counted, how many of how many."""
    pairs = (
        ("units", progress.confirmed, progress.units),
        ("stops", progress.visited, progress.stops),
    )
    counted = [
        {"name": core.say(f"visits.progress.{name}"), "value": f"{done} / {all_}"}
        for name, done, all_ in pairs
    ]
    found = {"name": core.say("visits.progress.findings"), "value": str(progress.findings)}
    return [*counted, found]
