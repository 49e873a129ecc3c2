"""Campaigns: begun with an end and re-checks after it; the recurrence rate is the result."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from flask import Blueprint, Response, request, url_for

from enforcement.ledger_errors import BadAct
from enforcement.ledger_events import Order
from enforcement.policies import Action, Parties, check_may, may
from enforcement.services.agenda import find_campaigns
from enforcement.services.campaigns import CampaignResult, campaign_result, start_campaign
from enforcement.services.ledger import Done
from enforcement.store.joint import CampaignRow
from rules.errors import Fault
from web.ledger.core import LARGEST_NUMBER, Core, Faults
from web.ledger.visits_pages import may_plan
from web.ledger.visits_view import visit_line
from web.officer.safe_text import shown

View = dict[str, Any]
LONGEST: Final = 80
RECHECKS: Final = "7 30 90"
"""Days after the end, as the form proposes them."""
MOST_DAYS: Final = 3660
_DAYS: Final = re.compile(r"[0-9]{1,4}")


class Campaigns:
    """The pages of campaigns."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def register(self, pages: Blueprint) -> None:
        """Add the pages."""
        pages.add_url_rule("/campaigns", "campaigns", self.campaigns)
        pages.add_url_rule("/campaigns/new", "campaign_new", self.new, methods=["GET", "POST"])
        pages.add_url_rule(
            f"/campaigns/<int(max={LARGEST_NUMBER}):campaign_id>", "campaign", self.campaign
        )

    def campaigns(self) -> Response:
        """The campaigns that the reader may see, the one that ends last first."""
        core = self._core
        return core.page(
            "visit_campaigns.html",
            lines=[self._line(one) for one in find_campaigns(core.ledger, core.reads())],
            may_plan=may_plan(core.actor),
        )

    def _line(self, row: CampaignRow) -> View:
        core = self._core
        state = "ended" if row.ends_on < core.today else "running"
        state = "coming" if row.begins_on > core.today else state
        return {
            "name": shown(row.name, 120),
            "begins": row.begins_on.isoformat(),
            "ends": row.ends_on.isoformat(),
            "lead": core.unit(row.lead_unit),
            "state": state,
            "state_name": core.say(f"visits.campaign.{state}"),
            "link": url_for("ledger.campaign", campaign_id=row.id),
        }

    def campaign(self, campaign_id: int) -> Response:
        """What a campaign came to: its visits, its re-checks, and how much came back."""
        core = self._core
        result = campaign_result(core.ledger, core.reads(), campaign_id)
        return core.page(
            "visit_campaign.html",
            campaign=self._line(result.campaign),
            visits=[visit_line(core, one) for one in result.visits],
            rechecks=[self._recheck(result, day) for day in result.rechecks],
            cases=result.cases,
            recurred=result.recurred,
            rate="" if result.rate is None else f"{result.rate * 100:.0f} %",
            may_plan=may_plan(core.actor) and result.campaign.ends_on >= core.today,
            plan=url_for("ledger.visit_new", campaign=campaign_id),
        )

    def _recheck(self, result: CampaignResult, day: date) -> View:
        """A day of re-checks, and where to plan it: at the sites where something was found."""
        core = self._core
        ahead = day >= core.today
        plan = url_for(
            "ledger.visit_new",
            on=day.isoformat(),
            campaign=result.campaign.id,
            site=result.sites,
        )
        return {
            "on": day.isoformat(),
            "over": not ahead,
            "plan": plan if ahead and result.sites and may_plan(core.actor) else "",
        }

    # --- starting one ---------------------------------------------------------------------------

    def new(self) -> Response:
        """The form, and starting a campaign."""
        core = self._core
        check_may(core.actor, Action.PLAN_VISIT, Parties(holder=core.actor.unit))
        if request.method == "GET":
            return self._form({})
        return core.doing(
            self._start,
            then=lambda done: url_for("ledger.campaign", campaign_id=int(done.result["campaign"])),
            again=lambda typed, faults, status: self._form(typed, faults=faults, status=status),
        )

    def _form(
        self, typed: Mapping[str, str], *, faults: Faults = (), status: int = 200
    ) -> Response:
        core = self._core
        return core.page(
            "visit_campaign_new.html",
            status,
            name=typed.get("name", ""),
            begins=typed.get("begins", core.today.isoformat()),
            ends=typed.get("ends", ""),
            rechecks=typed.get("rechecks", RECHECKS),
            callers=core.units() if self._calls_any() else [],
            called_by=typed.get("called_by", core.actor.unit or ""),
            faults=core.said(faults),
        )

    def _calls_any(self) -> bool:
        return may(self._core.actor, Action.PLAN_VISIT, Parties())

    def _start(self, order: Order) -> Done:
        core, form = self._core, request.form
        faults: list[Fault] = []
        by = form.get("called_by", "") if self._calls_any() else core.actor.unit or ""
        if core.desk.district.registry.units.get(by) is None:
            faults.append(Fault("called_by", "请选择牵头单位", "choose the unit that leads"))
        begins = _day(form.get("begins", ""), "begins", faults)
        ends = _day(form.get("ends", ""), "ends", faults)
        days = _days(form.get("rechecks", ""), faults)
        if faults:
            raise BadAct(faults)
        return start_campaign(
            core.ledger,
            order,
            name=form.get("name", "").strip()[:LONGEST],
            lead_unit=by,
            begins_on=begins,
            ends_on=ends,
            rechecks=days,
        )


def _day(given: str, where: str, faults: list[Fault]) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError:
        faults.append(Fault(where, "请填写日期，例如 2008-11-30", "write a day, like 2008-11-30"))
        return date.min


def _days(given: str, faults: list[Fault]) -> tuple[int, ...]:
    """Numbers of days, however they are set apart."""
    words = re.split(r"[\s,，、;；]+", given.strip())
    numbers = [int(one) for one in words if _DAYS.fullmatch(one)]
    if len(numbers) != len(words) or any(not 0 < one <= MOST_DAYS for one in numbers):
        faults.append(
            Fault(
                "rechecks",
                "复查安排写结束后的天数，例如 7 30 90",
                "write the re-checks as days after the end, like 7 30 90",
            )
        )
    return tuple(numbers)
