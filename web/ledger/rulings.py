"""Adjudication: what waits for a ruling, the ruling, and what it leaves for the rule book."""

from __future__ import annotations

import json
from typing import Any, Final

import yaml
from flask import Blueprint, Response, url_for

from enforcement.case_clock import Light
from enforcement.cases import named_units
from enforcement.ledger_events import Order
from enforcement.policies import Action, Parties, may
from enforcement.services.inboxes import PAGE, DisputeLine, adjudication_queue, rulings_made
from enforcement.services.ledger import Done, no_such
from enforcement.services.rulings import rule
from enforcement.services.stories import Story, story
from enforcement.store.case_parts import AdjudicationRow, HandoverRow
from enforcement.store.case_queries import After, AfterRuling
from enforcement.store.cases import id_of
from web.ledger.acts import CASE, Act, Acts, Case, Form, Group, Typed, asked, read
from web.ledger.acts_handing import chosen, units_for
from web.ledger.case_names import Names, lines_of
from web.ledger.case_view import CaseView
from web.ledger.core import Core, Entry
from web.ledger.list_pages import behind, following

View = dict[str, Any]
SHOWN: Final = 20
"""Disputes or rulings on one page: each with all that was said, and what it drafts."""
KEYS: Final = (
    "id",
    "matter",
    "facts",
    "valid_from",
    "when",
    "lead",
    "lead_unit",
    "claimants",
    "decision",
    "decided_on",
    "says",
    "reason",
    "basis",
    "overrides",
    "source",
    "confidence",
    "status",
)


class Rulings:
    """The pages of adjudication."""

    def __init__(self, core: Core) -> None:
        self._core = core
        core.offer(
            Entry(
                "ledger.rulings",
                "rulings",
                lambda who: may(who, Action.SEE_DISTRICT, Parties()),
                self._waits,
                below=(f"{CASE}/{Action.RULE.value}", f"{CASE}/ruling/"),
            ),
            Entry(
                "ledger.rulings_made",
                "rulings_made",
                lambda who: may(who, Action.SEE_REPORTS, Parties()),
            ),
        )

    def register(self, pages: Blueprint) -> None:
        """Add the pages."""
        pages.add_url_rule("/rulings", "rulings", self.queue)
        pages.add_url_rule("/rulings/made", "rulings_made", self.made)
        pages.add_url_rule(f"{CASE}/ruling/<int(max=99999):n>", "ruling", self.ruling)
        Acts(self._core, (Act(Action.RULE, rule_form, do_rule, then=after_rule),)).register(pages)

    def _waits(self) -> str:
        """How many wait for a ruling, and how many of them too long."""
        lines = adjudication_queue(self._core.ledger, self._core.reads(), limit=PAGE)
        if not lines:
            return ""
        n = f"{PAGE}+" if len(lines) == PAGE else str(len(lines))
        late = sum(one.light is Light.OVER for one in lines)
        key = "cases.queue.waits_late" if late else "cases.queue.waits"
        return self._core.say(key, n=n, late=late)

    def queue(self) -> Response:
        """What waits for a ruling, by clock, with what both sides say."""
        core = self._core
        names = Names(core)
        begun = behind(1)
        after = None if begun is None else After(begun[0], begun[1][0])
        found = adjudication_queue(core.ledger, core.reads(), after=after, limit=SHOWN + 1)
        lines = found[:SHOWN]
        return core.page(
            "ruling_queue.html",
            lines=[self._waiting(names, one) for one in lines],
            first_page=after is None,
            following=_next_queue(lines[-1].dispute) if len(found) > SHOWN else "",
        )

    def _waiting(self, names: Names, line: DisputeLine) -> View:
        core = self._core
        told = story(core.ledger, core.reads(), id_of(line.case))
        return {
            **_head(core, names, line),
            "light": line.light.value,
            "due": core.moment(line.dispute.due_at),
            "talks": core.moment(line.dispute.negotiate_until),
            "sides": sides(core, names, told, line.dispute),
            "may_rule": may(core.actor, Action.RULE, told.parties),
        }

    def made(self) -> Response:
        """The rulings, with the rules that they propose, for who keeps the rule book."""
        core = self._core
        names = Names(core)
        begun = behind(2)
        after = None if begun is None else AfterRuling(begun[0], *begun[1])
        found = rulings_made(core.ledger, core.reads(), after=after, limit=SHOWN + 1)
        lines = found[:SHOWN]
        return core.page(
            "ruling_made.html",
            first_page=after is None,
            following=_next_made(lines[-1].dispute) if len(found) > SHOWN else "",
            lines=[
                {
                    **_head(core, names, one),
                    **drafts(one.dispute),
                    "n": one.dispute.n,
                    "unit": names.unit(one.dispute.unit),
                    "reason": lines_of(one.dispute.reason),
                    "basis": lines_of(one.dispute.basis),
                    "ruled": core.moment(one.dispute.answered_at),
                    "ruled_by": names.person(one.dispute.ruled_by),
                }
                for one in lines
            ],
        )

    def ruling(self, case_id: int, n: int) -> Response:
        """One ruling, with the entry and the rule that it drafts."""
        core = self._core
        case = read(core, case_id)
        found = [one for one in case.story.adjudications if one.n == n and one.unit is not None]
        if not found:
            raise no_such("ruling", n, "裁定", "ruling")
        view = CaseView(core, case.names, case.story)
        return core.page(
            "ruling_one.html",
            head=view.head(),
            one=view.dispute(found[0]),
            drafts=drafts(found[0]),
        )


def _next_queue(last: AdjudicationRow) -> str:
    return following("ledger.rulings", last.due_at, last.case_id)


def _next_made(last: AdjudicationRow) -> str:
    ruled_at = last.answered_at
    if ruled_at is None:
        raise AssertionError("a ruling that was not made was listed as made")
    return following("ledger.rulings_made", ruled_at, last.case_id, last.n)


def _head(core: Core, names: Names, line: DisputeLine) -> View:
    case = line.case
    return {
        "case_id": id_of(case),
        "number": case.number,
        "matter": case.matter_en if core.prefs.lang == "en" else case.matter_zh,
        "description": lines_of(case.description),
        "holder": names.unit(case.holder),
        "why": lines_of(line.dispute.why),
        "units": [names.unit(one) for one in line.dispute.disputing],
    }


# --- what both sides say -------------------------------------------------------------------------


def sides(core: Core, names: Names, told: Story, dispute: AdjudicationRow) -> list[View]:
    """For each disputing unit what it said, why, and on which basis, the newest first."""
    return [
        {
            "unit": names.unit(unit),
            "holds": unit == told.case.holder,
            "says": [
                said
                for offer in reversed(told.handovers)
                if (said := _said(core, names, told, offer, unit)) is not None
            ],
        }
        for unit in dispute.disputing
    ]


def _said(core: Core, names: Names, told: Story, offer: HandoverRow, unit: str) -> View | None:
    """What a unit said in one offer, as its sender or as who refused it."""
    if offer.from_unit == unit:
        return {
            "what": core.say("cases.side.offered", unit=names.unit(offer.to_unit)),
            "at": core.moment(offer.sent_at),
            "reason": lines_of(offer.reason),
            "basis": lines_of(offer.basis),
            "facts": "",
        }
    if offer.to_unit != unit or offer.answer != "refused":
        return None
    other = names.unit(offer.other_unit)
    key = "cases.side.named" if other else "cases.side.refused"
    return {
        "what": core.say(key, unit=other),
        "at": core.moment(offer.answered_at),
        "reason": lines_of(offer.refusal),
        "basis": lines_of(offer.other_basis),
        "facts": names.facts(told.case.matter, json.loads(offer.corrected or "{}")),
    }


# --- the ruling ----------------------------------------------------------------------------------


def rule_form(case: Case) -> Form:
    """Which unit, why, and on which basis; the disputing units stand first."""
    core, told = case.core, case.story
    open_ = [one for one in told.adjudications if one.answered_at is None]
    first = list(open_[-1].disputing) if open_ else []
    first += sorted(named_units(told.resolution) - set(first))
    known = core.desk.district.registry.units
    leading = [(one, core.unit(one)) for one in first if one in known]
    rest = [one for one in units_for(case) if one[0] not in set(first)]
    return Form(
        case.say("rule.go"),
        [
            Group(
                [
                    asked(
                        core,
                        "unit",
                        "choice",
                        key="rule_unit",
                        options=chosen([*leading, *rest], core),
                        required=True,
                    ),
                    asked(core, "reason", "long", key="rule_reason", required=True),
                    asked(core, "basis", "long", key="rule_basis", required=True),
                ]
            )
        ],
        [case.say("rule.says")],
        sides=sides(core, case.names, told, open_[-1]) if open_ else (),
    )


def do_rule(core: Core, order: Order, case_id: int, typed: Typed) -> Done:
    """The ruling."""
    unit, reason, basis = (typed.get(name, "") for name in ("unit", "reason", "basis"))
    return rule(core.ledger, order, case_id, unit=unit, reason=reason, basis=basis)


def after_rule(done: Done) -> str:
    """On to what the ruling drafted."""
    return url_for("ledger.ruling", case_id=done.case_id, n=done.result["ruling"])


def drafts(row: AdjudicationRow) -> View:
    """The drafted entry of the register and the proposed rule, as YAML to be copied."""
    return {"entry": _yaml(row.register_entry), "rule": _yaml(row.proposed_rule)}


def _yaml(text: str) -> str:
    if not text:
        return ""
    value: dict[str, Any] = json.loads(text)
    # As a person writes one; the store keeps its keys in the order of the alphabet
    order = [*(key for key in KEYS if key in value), *sorted(value.keys() - set(KEYS))]
    written: str = yaml.safe_dump(
        [{key: value[key] for key in order}], allow_unicode=True, sort_keys=False, width=1000
    )
    return written
