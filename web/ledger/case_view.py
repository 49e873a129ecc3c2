"""A case as its page shows it: plain values for the template, in the reader's language."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from enforcement.case_clock import STEP_NAMES, StepKind
from enforcement.case_states import ENDED, STATE_NAMES, State
from enforcement.services.assisting import DUTIES, NO_ANSWER
from enforcement.services.residents import ROLES
from enforcement.services.stories import Story
from enforcement.store.case_parts import AdjudicationRow, AssistRow, HandoverRow, StepClockRow
from enforcement.store.cases import id_of
from web.ledger.case_names import Names, capital, lines_of
from web.ledger.core import Core
from web.ledger.inbox_lines import left_in_words
from web.officer.safe_text import shown

View = dict[str, Any]


class CaseView:
    """The parts of one case's page."""

    def __init__(self, core: Core, names: Names, story: Story) -> None:
        self._core = core
        self._names = names
        self._story = story

    def head(self) -> View:
        """What the case is, who holds it, and by when."""
        core, names, case = self._core, self._names, self._story.case
        lang = core.prefs.lang
        running = State(case.state) not in ENDED
        return {
            "id": id_of(case),
            "number": case.number,
            "matter": case.matter_en if lang == "en" else case.matter_zh,
            "state": capital(core.t(STATE_NAMES[State(case.state)])),
            "holder": names.unit_parts(case.holder),
            "mine": core.actor.unit == case.holder,
            "running": running,
            "light": self._story.light.value,
            "due": core.moment(case.due_at),
            "step": self._nearest() if running else None,
            "basis": names.term_basis(case.due_term, case.clock_started_at.date(), case.due_basis),
            "officer": names.person(case.officer),
            "lead": names.unit(case.lead_unit) if case.lead_unit != case.holder else "",
            "no_lead": case.lead_unit is None,
            "grade": case.grade if case.grade > 1 else 0,
            "round": case.round if case.round > 1 else 0,
            "returns": case.returns,
            "level": case.level,
            "place": names.place(self._story.resolution),
            "point": f"{case.lon:.6f}, {case.lat:.6f}" if case.lon and case.lat else "",
            "site": names.site(case),
            "description": lines_of(case.description),
            "opened": core.moment(case.opened_at),
            "opened_by": names.person(case.opened_by),
            "asker": names.unit(case.asker),
            "on_behalf": case.on_behalf,
            "recheck_on": case.recheck_on if case.state == State.CLOSED.value else None,
            "closed": core.moment(case.closed_at),
            "merged_into": case.merged_into,
            "visit": case.visit_id,
        }

    def _nearest(self) -> View | None:
        """The limit of a step that ends first, beside the case's own clock."""
        found = self._story.nearest
        if found is None:
            return None
        return {
            "says": self._names.term_step(found.clock.term, found.clock.says),
            "due": _day(self._core, found.clock.due_at),
            "left": left_in_words(self._core, self._core.desk.now(), found.clock.due_at),
            "light": found.light.value,
        }

    # --- what hangs on it ------------------------------------------------------------------

    def offers(self) -> list[View]:
        """Offers and what was answered, the newest first."""
        return [self._offer(one) for one in reversed(self._story.handovers)]

    def _offer(self, row: HandoverRow) -> View:
        core, names = self._core, self._names
        corrected = json.loads(row.corrected or "{}")
        answer = row.answer if row.answer in _ANSWERS else "open"
        return {
            "n": row.n,
            "police": row.police,
            "from_unit": names.unit(row.from_unit),
            "to_unit": names.unit(row.to_unit),
            "reason": lines_of(row.reason),
            "basis": lines_of(row.basis),
            "by": names.person(row.by),
            "sent": core.moment(row.sent_at),
            "due": core.moment(row.due_at),
            "open": row.answered_at is None,
            "late": row.answered_at is None and row.due_at < core.desk.now(),
            "answer": capital(core.say(f"cases.offer.{answer}")),
            "answered": core.moment(row.answered_at),
            "answered_by": names.person(row.answered_by),
            "refusal": lines_of(row.refusal),
            "facts": names.facts(self._story.case.matter, corrected),
            "other": names.unit(row.other_unit),
            "other_basis": lines_of(row.other_basis),
            "escalated": names.unit(row.escalated_to),
        }

    def disputes(self) -> list[View]:
        """Adjudications with their ladders, the newest first."""
        return [self.dispute(one) for one in reversed(self._story.adjudications)]

    def dispute(self, row: AdjudicationRow) -> View:
        """One adjudication."""
        core, names = self._core, self._names
        return {
            "case_id": row.case_id,
            "n": row.n,
            "why": lines_of(row.why),
            "units": [names.unit(one) for one in row.disputing],
            "opened": core.moment(row.opened_at),
            "negotiate_until": core.moment(row.negotiate_until),
            "due": core.moment(row.due_at),
            "rungs": [
                {
                    "says": capital(names.said(one.get("says"))),
                    "unit": names.unit(one.get("unit")),
                    "basis": shown(one.get("basis", ""), 200),
                    "here": row.answered_at is None and at == _rung(row),
                }
                for at, one in enumerate(row.rungs)
            ],
            "open": row.answered_at is None,
            "ruled": core.moment(row.answered_at),
            "ruled_by": names.person(row.ruled_by),
            "unit": names.unit(row.unit),
            "reason": lines_of(row.reason),
            "basis": lines_of(row.basis),
        }

    def assists(self) -> list[View]:
        """Duties of other units and what they answered."""
        return [self._assist(one) for one in self._story.assists]

    def _assist(self, row: AssistRow) -> View:
        core, names = self._core, self._names
        return {
            "n": row.n,
            "unit": names.unit(row.unit),
            "duty": core.t(DUTIES.get(row.duty)),
            "asked": lines_of(row.asked),
            "due": core.moment(row.due_at),
            "open": row.answered_at is None,
            "late": row.answered_at is None and row.due_at < core.desk.now(),
            "answer": (names.both(row.answer) if row.answer == NO_ANSWER else lines_of(row.answer)),
            "answered": core.moment(row.answered_at),
            "answered_by": names.person(row.answered_by),
            "escalated": names.unit(row.escalated_to),
        }

    def steps(self) -> list[View]:
        """Dated steps with the limits that they started."""
        core, names = self._core, self._names
        known = set(StepKind)
        limits: dict[int, list[View]] = {}
        for clock in self._story.step_clocks:
            limits.setdefault(clock.n, []).append(self._limit(clock))
        return [
            {
                "kind": (
                    capital(core.t(STEP_NAMES[StepKind(one.kind)]))
                    if one.kind in known
                    else shown(one.kind)
                ),
                "on": one.on,
                "by": names.person(one.by),
                "second": names.person(one.second_officer),
                "unit": names.unit(one.unit),
                "note": lines_of(one.note),
                "limits": limits.get(one.n, []),
            }
            for one in self._story.steps
        ]

    def _limit(self, clock: StepClockRow) -> View:
        """A limit that a step started: its light while it runs, else how it ended."""
        core, names = self._core, self._names
        light = next((one.light for one in self._story.limits if one.clock is clock), None)
        return {
            "says": names.term_step(clock.term, clock.says),
            "basis": names.term_basis(clock.term, clock.started_at.date(), clock.basis),
            "due": _day(core, clock.due_at),
            "light": "" if light is None else light.value,
            "left": "" if light is None else left_in_words(core, core.desk.now(), clock.due_at),
            "met": _day(core, clock.met_at),
            "lapsed": clock.lapsed_at is not None,
            # The party's own time: it runs and ends, and nobody is late
            "ended": clock.runs and clock.due_at < core.desk.now(),
            "escalated": names.unit(clock.escalated_to),
            "level": clock.level,
        }

    def evidence(self) -> list[View]:
        """Files: pictures first seen small, papers by name."""
        core, names = self._core, self._names
        return [
            {
                "n": one.n,
                "name": shown(one.name, 80),
                "picture": one.mime.startswith("image/"),
                "size": f"{max(1, round(one.size / 1000)):,} KB",
                "taken": (one.taken_at or "").replace("T", " ")[:16],
                "point": f"{one.lon:.5f}, {one.lat:.5f}" if one.lon and one.lat else "",
                "note": lines_of(one.note),
                "by": names.person(one.by),
                "at": core.moment(one.at),
                "sha256": one.sha256[:16],
            }
            for one in self._story.evidence
        ]

    def documents(self) -> list[View]:
        """Letters that were issued."""
        core = self._core
        return [
            {"code": one.code, "title": shown(one.title, 80), "at": core.moment(one.at)}
            for one in self._story.documents
        ]

    def residents(self) -> list[View]:
        """Residents by role alone."""
        core = self._core
        return [
            {"n": one.n, "role": capital(core.t(ROLES.get(one.role))), "erased": one.erased}
            for one in self._story.residents
        ]

    def holders(self) -> list[View]:
        """Who held the case, and from when."""
        return [
            {
                "unit": self._names.unit(one.unit),
                "since": self._core.moment(one.from_at),
                "until": self._core.moment(one.until_at),
            }
            for one in self._story.holdings
        ]


_ANSWERS = ("accepted", "refused", "deemed", "ruling")


def _rung(row: AdjudicationRow) -> int:
    """The rung at which a dispute is: talks, and then up with each silence."""
    return min(1 + row.level, len(row.rungs) - 1)


def _day(core: Core, at: datetime | None) -> str:
    return core.moment(at)[:10]
