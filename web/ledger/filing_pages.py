"""Filing a case from an answer: the frozen answer, what was seen, and what is already known there.

Several matters at one place become several cases, one form after the other; each has one lead.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, request, url_for

from enforcement.ledger_errors import LedgerError
from enforcement.ledger_events import Order
from enforcement.policies import Action, Parties, may
from enforcement.services.evidence import add_evidence
from enforcement.services.filing import file_case
from enforcement.services.hints import Hints, Near, hints
from enforcement.services.ledger import Done
from enforcement.services.residents import ROLES, add_resident
from enforcement.services.searching import find_case
from rules.errors import Fault
from web.answer_words import DUTIES
from web.errors import faults_of
from web.ledger.case_names import Names
from web.ledger.core import Core, Faults
from web.ledger.filing_form import FIELDS, MOST_PHOTOS, Draft, drafted
from web.ledger.filing_question import ToFile, to_file
from web.ledger.inbox_lines import Lines, case_address
from web.officer.place_view import PlaceView
from web.officer.safe_text import shown
from web.officer.said import BY, Said
from web.officer.screen import Refused

View = dict[str, Any]
MOST_FILED = 7
KEY = "key"


class Filing:
    """The form of a new case, and filing it."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def register(self, pages: Blueprint) -> None:
        """Add the page."""
        pages.add_url_rule("/cases/new", "new", self.new, methods=["GET", "POST"])

    def new(self) -> Response:
        """The form, and filing it."""
        return self.file() if request.method == "POST" else self.form()

    def form(self) -> Response:
        """The form; what cannot be filed yet goes back to the question."""
        asked = self._asked("")
        if isinstance(asked, Said):
            return self._core.to(asked.address())
        return self._shown(asked, dict.fromkeys(FIELDS, ""))

    def file(self) -> Response:
        """File it with its photos and the resident, all under keys that come from the form's."""
        core = self._core
        asked = self._asked(request.form.get("asker", ""))
        if isinstance(asked, Said):
            return core.to(asked.address())
        files = [one for one in request.files.getlist("photos") if one.filename]
        draft = drafted(request.form, files, most_bytes=core.ledger.settled.photo_bytes)
        faults = [*draft.faults, *self._resident_faults(asked, draft)]
        if faults:
            return self._shown(asked, draft.typed, faults, 422, draft)

        def again(_typed: Mapping[str, str], faults: Faults, status: int) -> Response:
            return self._shown(asked, draft.typed, faults, status, draft)

        return core.doing(
            lambda order: self._filed(order, asked, draft),
            then=lambda done: self._onwards(asked, done),
            again=again,
        )

    # --- doing -------------------------------------------------------------------------------

    def _asked(self, first: str) -> ToFile | Said:
        """The question as it can be filed; what cannot be answered is mended where it was asked."""
        try:
            return to_file(self._core, request.args, first)
        except Refused as error:
            ours = isinstance(error, LedgerError)
            if ours or {one.field for one in faults_of(error)} & {"asker", "on"}:
                raise
            return Said.read(request.args).to_step("")

    def _filed(self, order: Order, asked: ToFile, draft: Draft) -> Done:
        ledger = self._core.ledger
        found = asked.found(draft.description.strip(), on_behalf=draft.on_behalf)
        done = file_case(ledger, order, found, separate_because=draft.separate)
        for photo in draft.photos:
            part = Order(order.actor, order.at, f"{order.key}:{photo.sha256[:16]}")
            add_evidence(ledger, part, done.case_id, name=photo.name, content=photo.content)
        if draft.resident is not None:
            part = Order(order.actor, order.at, f"{order.key}:resident")
            add_resident(ledger, part, done.case_id, draft.resident)
        return done

    def _resident_faults(self, asked: ToFile, draft: Draft) -> list[Fault]:
        """Why a resident cannot be kept: the case comes back to a holder that is another unit."""
        if draft.resident is None or draft.separate or self._hints(asked).may_keep_resident:
            return []
        return [
            Fault(
                "name",
                "将重开的案件由其责任单位登记诉求人；请清空姓名和联系方式，或说明为什么是另一件事",
                "the holder of the case that is reopened records the resident; clear name and "
                "contact, or say why it is another case",
            )
        ]

    def _hints(self, asked: ToFile) -> Hints:
        return hints(self._core.ledger, self._core.reads(), asked.found(""))

    def _onwards(self, asked: ToFile, done: Done) -> str:
        """The case; or the form of the next thing at this place."""
        if not asked.others:
            return case_address(done.case_id)
        following = asked.others[0].address(url_for("ledger.new"))
        filed = [*_filed_before(), str(done.case_id)]
        return f"{following}&filed={','.join(filed)}"

    # --- showing -----------------------------------------------------------------------------

    def _shown(
        self,
        asked: ToFile,
        typed: Mapping[str, str],
        faults: Faults = (),
        status: int = 200,
        draft: Draft | None = None,
    ) -> Response:
        core = self._core
        known = self._hints(asked)
        used_up = any(one.field == KEY for one in faults)
        until = core.today + timedelta(days=core.ledger.settled.retention_days)
        filed = _filed_before()
        address = asked.said.address(url_for("ledger.new"))
        return core.page(
            "filing_new.html",
            status,
            asked=self._answer(asked),
            held=self._held(asked, known),
            asked_for=asked.asked_for and asked.asked_for.isoformat(),
            firsts=[{"id": one, "name": core.unit(one)} for one in asked.firsts],
            first=asked.asker,
            near=[self._near(one) for one in known.near],
            reopens=self._old(known),
            near_m=f"{core.ledger.settled.near_m:g}",
            near_hours=core.ledger.settled.duplicate_hours,
            keeps_resident=known.may_keep_resident,
            may_photo=self._may_photo(asked),
            most_photos=MOST_PHOTOS,
            roles=[{"id": id_, "name": core.t(name)} for id_, name in ROLES.items()],
            until=until.isoformat(),
            filed=self._done_before(filed),
            others=[self._other(one) for one in asked.others],
            typed=typed,
            photos_lost=draft is not None and draft.had_photos,
            faults=core.said(faults),
            address=f"{address}&filed={','.join(filed)}" if filed else address,
            back=asked.said.address(),
            form_key=None if used_up else request.form.get(KEY),
        )

    def _may_photo(self, asked: ToFile) -> bool:
        actor = self._core.actor
        involved = Parties(holder=actor.unit if asked.at_once else asked.asker)
        return may(actor, Action.ADD_EVIDENCE, involved)

    def _answer(self, asked: ToFile) -> View:
        """The frozen answer: what, where, who."""
        core, view, given = self._core, asked.view, asked.given
        plate = view.plate.plate()
        safety = view.safety()
        return {
            "matter": shown(core.t(given.matter_name), 80),
            "place": self._place(asked),
            "known": view.known(),
            "on": given.on,
            "occurred_on": given.occurred_on if given.occurred_on != given.on else "",
            "role": plate["role"],
            "unit": plate["unit_parts"],
            "doubts": plate["doubts"],
            "doubtful": plate["edge"] != "sure",
            "assist": [
                f"{shown(core.t(one.name), 60)} ({core.t(DUTIES[one.duty])})"
                for one in given.assist
            ],
            "safety": safety and safety["says"],
        }

    def _place(self, asked: ToFile) -> str:
        given, by = asked.given, asked.said.place.get("by", "")
        return PlaceView(
            asked.reader,
            given.place,
            matter=self._core.desk.district.book.matter(given.matter),
            day=self._core.today,
            by=by if by in BY else "",
            editions=given.versions.layers,
        ).with_border()

    def _held(self, asked: ToFile, known: Hints) -> list[str]:
        """Who is accountable from the moment of filing, and what comes next."""
        core, given, holder = self._core, asked.given, self._core.unit(asked.asker)
        old = self._old(known)
        if old is not None:
            return [
                core.say("filing.held.reopens", holder=old["holder"]),
                core.say("filing.held.separate", unit=holder),
            ]
        lead = given.lead and core.t(given.lead.name)
        who = core.say("filing.held.first" if asked.firsts else "filing.held.you", unit=holder)
        if given.lead is not None and given.lead.unit == asked.asker:
            return [core.say("filing.held.own", unit=holder)]
        if given.lead is not None:
            return [who, core.say("filing.held.lead", unit=lead)]
        if given.outcome == "outside":
            return [who, core.say("filing.held.outside")]
        doubt = "filing.held.unknown" if given.outcome == "needs_facts" else "filing.held.seam"
        return [who, core.say(doubt)]

    def _near(self, near: Near) -> View:
        """A case near by; its text and its page are for those who may see it."""
        opened = self._core.moment(near.case.opened_at)
        line = Lines(self._core).case(near.case) | {"opened": opened}
        if near.may_open:
            return line
        return line | {"link": "", "description": ""}

    def _old(self, known: Hints) -> View | None:
        """The closed case that would be reopened, with who would hold it then."""
        if known.reopens is None:
            return None
        was = known.reopens.case.holder
        holder = self._core.unit(Names(self._core).heir(was) or was)
        return self._near(known.reopens) | {"holder": holder}

    def _done_before(self, filed: list[str]) -> list[View]:
        core = self._core
        lines = Lines(core)
        return [lines.case(find_case(core.ledger, core.reads(), one)) for one in filed]

    def _other(self, said: Said) -> str:
        thing = said.thing
        known = None if thing is None else Names(self._core).matter(thing.matter)
        return self._core.t(known.name) if known else ""


def _filed_before() -> list[str]:
    """The cases that were filed before this one at the same place, from the address."""
    given = request.args.get("filed", "").split(",")[:MOST_FILED]
    return [one for one in given if one.isdecimal() and len(one) <= 9]
