"""At the stops of a joint inspection, on a tablet: what was seen, once, and what was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask import Blueprint, Response, request, url_for

from enforcement.errors import EnforcementError
from enforcement.ledger_errors import BadAct
from enforcement.ledger_events import Order
from enforcement.services.ledger import Done, no_such
from enforcement.services.stops import facts_at, lead_at, record_finding, record_stop
from enforcement.services.visits import read_visit
from enforcement.sites import LICENCE, STAGE
from enforcement.store.joint import StopRow, StopStageRow
from rules.errors import Fault, RulesError
from rules.model import UNKNOWN, Fact
from web.answer_words import UNKNOWN_LABEL
from web.errors import faults_of
from web.ledger.case_names import capital
from web.ledger.core import Core, Faults
from web.ledger.visits_view import FOOD, LONGEST, VISIT, VisitView
from web.officer.safe_text import shown

View = dict[str, Any]
FACT: Final = "fact."


class Stops:
    """The pages of stops."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def register(self, pages: Blueprint) -> None:
        """Add the pages."""
        stops, stop = f"{VISIT}/stops", f"{VISIT}/stops/<int(max=99999):n>"
        pages.add_url_rule(stops, "visit_stops", self.stops)
        pages.add_url_rule(stop, "visit_stop", self.stop, methods=["GET", "POST"])
        pages.add_url_rule(f"{stop}/found", "visit_found", self.found, methods=["POST"])

    def _view(self, visit_id: int) -> VisitView:
        core = self._core
        return VisitView(core, read_visit(core.ledger, core.reads(), visit_id))

    def stops(self, visit_id: int) -> Response:
        """All stops as cards, those still to be seen first."""
        view = self._view(visit_id)
        stops = view.stops()
        return self._core.page(
            "visit_stops.html",
            visit=view.head(),
            left=[one for one in stops if not one["visited"]],
            seen=[one for one in stops if one["visited"]],
        )

    def stop(self, visit_id: int, n: int) -> Response:
        """One stop, and recording what was seen there."""
        if request.method == "GET":
            return self._stop(visit_id, n)
        return self._core.doing(
            lambda order: self._record(order, visit_id, n),
            then=lambda _: url_for("ledger.visit_stop", visit_id=visit_id, n=n, _anchor="stages"),
            again=lambda typed, faults, status: self._stop(
                visit_id, n, typed=typed, faults=faults, status=status
            ),
        )

    def found(self, visit_id: int, n: int) -> Response:
        """What is wrong at a stage becomes a case."""
        stage = request.form.get("stage", "")[:64]
        return self._core.doing(
            lambda order: record_finding(
                self._core.ledger,
                order,
                visit_id,
                stop=n,
                stage=stage,
                says=request.form.get("says", "").strip()[:LONGEST],
            ),
            then=lambda _: url_for("ledger.visit_stop", visit_id=visit_id, n=n, _anchor=stage),
            again=lambda typed, faults, status: self._stop(
                visit_id, n, typed=typed, faults=faults, status=status
            ),
        )

    # --- one stop -------------------------------------------------------------------------------

    def _stop(
        self,
        visit_id: int,
        n: int,
        *,
        typed: Mapping[str, str] | None = None,
        faults: Faults = (),
        status: int = 200,
    ) -> Response:
        core, view, typed = self._core, self._view(visit_id), typed or {}
        row, rows = _found(view, n)
        left = [one for one in view.whole.stops if one.visited_at is None and one.n != n]
        following = next((one for one in left if one.n > n), left[0] if left else None)
        matter = core.desk.district.book.matter(FOOD)
        card = matter.card
        return core.page(
            "visit_stop.html",
            status,
            visit=view.head(),
            stop=view.stop(row),
            stages=[self._stage(view, row, one) for one in rows],
            fields=self._fields(row, rows, typed),
            people=self._people(view),
            second=typed.get("second", self._second(view, row)),
            other=typed.get("other", ""),
            note=typed.get("note", row.note),
            typed_stage=typed.get("stage", ""),
            typed_says=typed.get("says", ""),
            card=None
            if card is None
            else {
                "look": [core.t(t) for t in card.look],
                "secure": [core.t(t) for t in card.evidence],
            },
            following=None
            if following is None
            else {
                "n": following.n,
                "name": shown(following.name, 80),
                "link": url_for("ledger.visit_stop", visit_id=visit_id, n=following.n),
            },
            faults=core.said(faults),
        )

    def _stage(self, view: VisitView, row: StopRow, planned: StopStageRow) -> View:
        """A stage as it stands with what was seen: who leads there now."""
        core = self._core
        told = view.stage(planned)
        try:
            answer, unit = lead_at(core.ledger, core.reads(), row, planned)
        except (RulesError, EnforcementError) as error:
            return told | {"faults": core.said(faults_of(error)), "changed": False}
        leading = [one for one in answer.get("because") or () if one.get("leads")]
        return told | {
            "unit": view.names.unit(unit),
            "mine": unit == core.actor.unit,
            "decided": answer.get("lead") is not None,
            "why": " ".join(view.names.said(one.get("says"), 200) for one in leading),
            "doubts": view.doubts(dict(answer)),
            "changed": unit != planned.unit,
            "planned": view.names.unit(planned.unit),
            "assist": [
                view.names.unit(one["unit"]) + core.say("visits.paren", text=view.duty(one["duty"]))
                for one in answer.get("assist") or ()
            ],
            "faults": [],
        }

    # --- what was seen --------------------------------------------------------------------------

    def _fields(
        self, row: StopRow, rows: Sequence[StopStageRow], typed: Mapping[str, str]
    ) -> list[View]:
        """One choice for each fact that people see; a licence for each stage of several."""
        return [
            self._field(row, fact, name, stage, typed)
            for fact in _facts(self._core)
            for name, stage in _names(fact, rows)
        ]

    def _field(
        self,
        row: StopRow,
        fact: Fact,
        name: str,
        stage: StopStageRow,
        typed: Mapping[str, str],
    ) -> View:
        core = self._core
        seen = facts_at(row, stage.stage).get(fact.name, "")
        known = (stage.answer.get("facts") or {}).get(fact.name, "")
        label = fact.values.get(known)
        view = core.t(fact.question)
        if name != fact.name:
            of = core.desk.district.book.matter(FOOD).fact(STAGE)
            stage_label = None if of is None else of.values.get(stage.stage)
            view = f"{capital(core.t(stage_label)) or stage.stage}{core.say('dot')}{view}"
        options = [{"value": one, "label": core.t(text)} for one, text in fact.values.items()]
        options.append({"value": UNKNOWN, "label": core.t(UNKNOWN_LABEL)})
        if not seen:
            first = (
                core.say("visits.fact.not_seen")
                if label is None
                else core.say("visits.fact.known", value=core.t(label))
            )
            options.insert(0, {"value": "", "label": first})
        return {
            "name": f"{FACT}{name}",
            "label": view,
            "value": typed.get(f"{FACT}{name}", seen),
            "options": options,
        }

    def _people(self, view: VisitView) -> list[View]:
        """The officers of the visit's units, but for the reader; the own unit first."""
        own = self._core.actor.unit
        units = sorted(view.whole.units, key=lambda one: (one.unit != own, not one.leads, one.unit))
        groups = [
            {
                "unit": view.names.unit(one.unit),
                "people": [
                    {"id": id_, "name": name}
                    for id_, name in view.names.colleagues(one.unit)
                    if id_ != self._core.actor.id
                ],
            }
            for one in units
        ]
        return [one for one in groups if one["people"]]

    def _second(self, view: VisitView, row: StopRow) -> str:
        """The second officer here, else the one of the reader's last stop."""
        if row.second_officer:
            return row.second_officer
        mine = [
            (one.visited_at, one.second_officer)
            for one in view.whole.stops
            if one.visited_by == self._core.actor.id and one.visited_at and one.second_officer
        ]
        return max(mine)[1] if mine else ""

    def _record(self, order: Order, visit_id: int, n: int) -> Done:
        view = self._view(visit_id)
        _, rows = _found(view, n)
        facts, faults = {}, []
        for fact in _facts(self._core):
            for name, _ in _names(fact, rows):
                value = request.form.get(f"{FACT}{name}", "")
                if value and value != UNKNOWN and value not in fact.values:
                    faults.append(
                        Fault(name, "请从列出的选项里选择", "choose one of the values listed")
                    )
                elif value:
                    facts[name] = value
        if faults:
            raise BadAct(faults)
        other = request.form.get("other", "").strip()[:64]
        return record_stop(
            self._core.ledger,
            order,
            visit_id,
            stop=n,
            second_officer=other or request.form.get("second", "")[:64],
            facts=facts,
            note=request.form.get("note", "").strip()[:LONGEST],
        )


def _found(view: VisitView, n: int) -> tuple[StopRow, list[StopStageRow]]:
    """The stop and its stages. Raises NoSuchRecord."""
    rows = [one for one in view.whole.stops if one.n == n]
    if not rows:
        raise no_such("stop", n, "检查点", "stop")
    return rows[0], [one for one in view.whole.stages if one.stop_n == n]


def _facts(core: Core) -> list[Fact]:
    """The facts that people see at a stop; the stage is known, and the map knows the place."""
    matter = core.desk.district.book.matter(FOOD)
    return [one for one in matter.facts if one.place is None and not one.cuts and one.name != STAGE]


def _names(fact: Fact, rows: Sequence[StopStageRow]) -> list[tuple[str, StopStageRow]]:
    """What a fact is called at a stop, each with the stage that it is known of."""
    if fact.name == LICENCE and len(rows) > 1:
        return [(f"{fact.name}@{one.stage}", one) for one in rows]
    return [(fact.name, rows[0])] if rows else []
