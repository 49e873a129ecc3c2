"""What waits for a unit, what runs in the district, what must be looked at again, by clock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, request

from enforcement.case_clock import Light
from enforcement.case_states import ENDED, STATE_NAMES, State
from enforcement.ledger_errors import LedgerError
from enforcement.policies import Action, Actor, Parties, Post, may
from enforcement.services.inboxes import (
    PAGE,
    Line,
    Section,
    district_inbox,
    recheck_list,
    unit_inbox,
)
from enforcement.services.ledger import check_read
from enforcement.services.searching import find_case
from enforcement.store.case_queries import After
from enforcement.store.cases import id_of
from rules.errors import Fault
from web.errors import BadInput, faults_of, meaning_of
from web.ledger.acts import CASE
from web.ledger.core import Core, Entry
from web.ledger.inbox_lines import Lines, case_address
from web.ledger.list_pages import behind, following

View = dict[str, Any]
RUNNING = tuple(state for state in State if state not in ENDED)
FIRST = 12
"""Lines of each section of a unit's inbox; more of one are a page of their own."""
RECHECKING = frozenset({Post.VERIFIER, Post.DISPATCHER})


class Inboxes:
    """The pages that list cases."""

    def __init__(self, core: Core) -> None:
        self._core = core
        core.offer(
            Entry("ledger.inbox", "inbox", has_inbox, self._waiting, below=(CASE,)),
            Entry("ledger.district", "district", sees_district, self._running, below=(CASE,)),
            Entry("ledger.rechecks", "rechecks", looks_again),
        )

    def register(self, pages: Blueprint) -> None:
        """Add the pages."""
        pages.add_url_rule("/inbox", "inbox", self.inbox)
        pages.add_url_rule("/district", "district", self.district)
        pages.add_url_rule("/rechecks", "rechecks", self.rechecks)
        pages.add_url_rule("/cases/", "find", self.find)

    # --- the unit --------------------------------------------------------------------------------

    def inbox(self) -> Response:
        """What waits for the person's unit: the first of each section, or more of one of them."""
        core, lines = self._core, Lines(self._core)
        order, after, only = core.reads(), _after(), request.args.get("only", "")
        if only not in {"", *Section}:
            raise BadInput([Fault("only", "没有这一栏", "there is no such section")])
        check_read(core.ledger, order, Action.SEE_CASE, Parties(holder=core.actor.unit))
        only = Section.HELD.value if after is not None else only
        sections, limit = ({Section(only)}, PAGE) if only else (set(Section), FIRST)
        found = unit_inbox(core.ledger, order, sections=sections, after=after, limit=limit)
        return core.page(
            "inbox_unit.html",
            offers=[lines.offer(one) for one in found.offers],
            held=[lines.ours(one) for one in found.held],
            assists=[lines.assist(one) for one in found.assists],
            rechecks=[lines.recheck(one) for one in found.rechecks],
            only=only,
            following=_following("ledger.inbox", found.held, limit),
            most=limit,
        )

    def _waiting(self) -> str:
        core = self._core
        found = unit_inbox(core.ledger, core.reads())
        return core.say(
            "inbox.counts",
            offers=_counted(found.offers),
            held=_counted(found.held),
            assists=_counted(found.assists),
            rechecks=_counted(found.rechecks),
        )

    # --- the district ----------------------------------------------------------------------------

    def district(self) -> Response:
        """All running cases, of one state or one holder if so chosen."""
        core, lines = self._core, Lines(self._core)
        state, holder = request.args.get("state", ""), request.args.get("holder", "")
        units = core.units(kinds=("org", "owner"))
        faults = []
        if state not in {"", *(one.value for one in RUNNING)}:
            faults.append(Fault("state", "没有这种状态", "there is no such state"))
        if holder not in {"", *(one["id"] for one in units)}:
            faults.append(Fault("holder", "今天没有这个单位", "there is no such unit today"))
        if faults:
            raise BadInput(faults)
        found = district_inbox(
            core.ledger,
            core.reads(),
            states=(State(state),) if state else (),
            holder=holder or None,
            after=_after(),
        )
        chosen = {"state": state, "holder": holder}
        return core.page(
            "inbox_district.html",
            lines=[lines.held(one) for one in found],
            following=_following("ledger.district", found, PAGE, **chosen),
            chosen=chosen,
            filtered=bool(state or holder),
            first_page=not request.args.get("after"),
            states=[{"id": one.value, "name": core.t(STATE_NAMES[one])} for one in RUNNING],
            units=units,
        )

    def _running(self) -> str:
        core = self._core
        found = district_inbox(core.ledger, core.reads())
        late = sum(one.light is Light.OVER for one in found)
        return core.say("inbox.district.counts", n=_counted(found), late=late)

    def rechecks(self) -> Response:
        """The closed cases of the district that somebody should look at again by today."""
        core, lines = self._core, Lines(self._core)
        found = recheck_list(core.ledger, core.reads())
        return core.page(
            "inbox_rechecks.html",
            lines=[lines.recheck(one) for one in found],
            most=PAGE if len(found) == PAGE else 0,
        )

    # --- one case --------------------------------------------------------------------------------

    def find(self) -> Response:
        """The case with a number; what is none, or may not be seen, is said beside the number."""
        core = self._core
        number = request.args.get("number", "").strip()[:40]
        if not number:
            return core.page("inbox_find.html", number="", faults=[])
        try:
            case = find_case(core.ledger, core.reads(), number)
        except LedgerError as error:
            status = meaning_of(error).status
            return core.page(
                "inbox_find.html", status, number=number, faults=core.said(faults_of(error))
            )
        return core.to(case_address(id_of(case)))


# --- who is shown what ---------------------------------------------------------------------------


def has_inbox(actor: Actor) -> bool:
    """Whether a unit's cases are this person's business."""
    own = Parties(holder=actor.unit)
    return actor.unit is not None and may(actor, Action.SEE_CASE, own)


def sees_district(actor: Actor) -> bool:
    """Whether the district's cases are this person's business."""
    return may(actor, Action.SEE_DISTRICT, Parties())


def looks_again(actor: Actor) -> bool:
    """Whether this person sends others to look again, or goes."""
    return sees_district(actor) and bool(actor.posts & RECHECKING)


# --- pages of a list ----------------------------------------------------------------------------


def _after() -> After | None:
    found = behind(1)
    return None if found is None else After(found[0], found[1][0])


def _following(endpoint: str, lines: Sequence[Line], full: int, **chosen: str) -> str:
    """The address of the page behind a `full` one; empty after the last one."""
    if len(lines) < full:
        return ""
    last = lines[-1].case
    return following(endpoint, last.due_at, id_of(last), **chosen)


def _counted(lines: Sequence[object]) -> str:
    """How many there are, as far as was counted."""
    return f"{PAGE}+" if len(lines) >= PAGE else str(len(lines))
