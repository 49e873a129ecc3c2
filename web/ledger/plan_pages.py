"""Planning a joint inspection: filter the register, tick sites, give it a name, and plan.

Filtering is a plain GET, so that a choice has an address. Sites that were ticked go along from one
filter to the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from flask import Blueprint, Response, request, url_for
from werkzeug.datastructures import MultiDict

from enforcement.choosing import Choice, chosen, to_see
from enforcement.errors import NoSuchSite
from enforcement.joint import planned, recheck_days
from enforcement.ledger_errors import BadAct
from enforcement.ledger_events import Order
from enforcement.policies import Action, Parties, check_may, may
from enforcement.services.agenda import find_campaigns
from enforcement.services.inboxes import recheck_list, unit_inbox
from enforcement.services.ledger import Done
from enforcement.services.sites import list_sites
from enforcement.services.visits import plan_visit
from enforcement.sites import Site
from rules.errors import Fault
from rules.model import Text
from web.ledger.core import Core, Faults
from web.ledger.plan_filter import Filter
from web.ledger.site_pages import LICENCES, licence_states
from web.ledger.visits_view import FOOD
from web.officer.safe_text import shown

View = dict[str, Any]
BATCH: Final = 500
MOST_LOOKED_AT: Final = 5000
MOST_SHOWN: Final = 100
MOST_PICKED: Final = 200
LONGEST: Final = 80
_ALL: Final = "all"


class Plans:
    """The page on which a visit is planned."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def register(self, pages: Blueprint) -> None:
        """Add the page."""
        pages.add_url_rule("/visits/new", "visit_new", self.new, methods=["GET", "POST"])

    def new(self) -> Response:
        """The form, and planning."""
        core = self._core
        check_may(core.actor, Action.PLAN_VISIT, Parties(holder=core.actor.unit))
        if request.method == "GET":
            return self._form(self._filter(request.args))
        asked = self._filter(request.form)
        if request.form.get("do") == "more":
            return core.to(url_for("ledger.visit_new", **asked.pairs()))
        return core.doing(
            lambda order: self._plan(order, asked),
            then=lambda done: url_for("ledger.visit", visit_id=int(done.result["visit"])),
            again=lambda typed, faults, status: self._form(
                asked, typed=typed, faults=faults, status=status
            ),
        )

    # --- the form -------------------------------------------------------------------------------

    def _form(
        self,
        asked: Filter,
        *,
        typed: Mapping[str, str] | None = None,
        faults: Faults = (),
        status: int = 200,
    ) -> Response:
        core = self._core
        fit = self._fitting(asked) if asked.asks else []
        all_ = request.args.get("tick") == _ALL
        picked = self._picked(asked)
        ticked = {site.id for site in picked}
        others = [site for site in fit if site.id not in ticked]
        typed = typed or {}
        return core.page(
            "visit_new.html",
            status,
            asked=asked,
            day=asked.on.isoformat(),
            streets=self._streets(asked.on),
            licences=[{"id": one, "name": core.say(f"visits.licence.{one}")} for one in LICENCES],
            stages=self._labels("stage"),
            picked=[self._line(site, asked.on) for site in picked],
            fit=[self._line(site, asked.on) for site in others[:MOST_SHOWN]],
            found=len(fit),
            not_shown=max(0, len(others) - MOST_SHOWN),
            ticked=all_,
            tick_all=url_for("ledger.visit_new", **asked.pairs(), tick=_ALL),
            callers=core.units() if self._calls_any() else [],
            called_by=typed.get("called_by", core.actor.unit or ""),
            campaigns=self._campaigns(asked.on),
            campaign=typed.get("campaign", request.values.get("campaign", "")),
            title=typed.get("title", ""),
            faults=core.said(faults),
            form_key=typed.get("key") if status != 409 else None,
        )

    def _line(self, site: Site, day: date) -> View:
        core = self._core
        stages = self._labels("stage")
        names = {one["id"]: one["name"] for one in stages}
        states = licence_states(site, day)
        return {
            "id": site.id,
            "name": shown(site.name, 80),
            "address": shown(site.address or "", 80),
            "stages": [names.get(one, shown(one, 40)) for one in site.stages],
            "licences": [
                {"state": one, "name": core.say(f"visits.licence.{one}")}
                for one in LICENCES
                if one in states
            ],
        }

    def _streets(self, day: date) -> list[View]:
        core = self._core
        return [
            {"id": one.code, "name": core.t(one.name)}
            for one in core.desk.district.settings.streets
            if one.period.covers(day)
        ]

    def _labels(self, name: str) -> list[View]:
        fact = self._core.desk.district.book.matter(FOOD).fact(name)
        values: Mapping[str, Text] = {} if fact is None else fact.values
        return [{"id": code, "name": self._core.t(label)} for code, label in values.items()]

    def _campaigns(self, day: date) -> list[View]:
        found = find_campaigns(self._core.ledger, self._core.reads())
        return [
            {"id": str(one.id), "name": shown(one.name, 80)}
            for one in found
            if one.begins_on <= day <= max(one.ends_on, *recheck_days(one.ends_on, one.rechecks))
        ]

    def _calls_any(self) -> bool:
        """Whether the reader may plan a visit of any unit."""
        return may(self._core.actor, Action.PLAN_VISIT, Parties())

    # --- choosing -------------------------------------------------------------------------------

    def _filter(self, given: MultiDict[str, str]) -> Filter:
        """What was asked; a value that there is not asks for nothing."""
        today = self._core.today
        try:
            on = date.fromisoformat(given.get("on", ""))
        except ValueError:
            on = today
        known = {
            "street": {one["id"] for one in self._streets(on)},
            "licence": set(LICENCES),
            "stage": {one["id"] for one in self._labels("stage")},
        }
        value = {
            name: given.get(name, "") if given.get(name, "") in values else ""
            for name, values in known.items()
        }
        return Filter(
            on=on,
            text=given.get("text", "").strip()[: LONGEST * 20],
            recheck=given.get("recheck") == "yes",
            picked=tuple(dict.fromkeys(given.getlist("site")))[:MOST_PICKED],
            **value,
        )

    def _fitting(self, asked: Filter) -> list[Site]:
        """The sites that fit the filter on its day."""
        ids: set[str] = set(asked.listed)
        if asked.recheck:
            due = self._due()
            ids = ids & due if ids else due
            if not ids:
                return []
        choice = Choice(
            ids=ids,
            streets=(asked.street,) if asked.street else (),
            licences=(asked.licence,) if asked.licence else (),
            stages=(asked.stage,) if asked.stage else (),
        )
        district = self._core.desk.district
        return list(chosen(self._looked_at(asked), choice, district=district, on=asked.on))

    def _looked_at(self, asked: Filter) -> Iterator[Site]:
        """The sites with the text and the stage, as far as one request looks."""
        after = None
        for _ in range(MOST_LOOKED_AT // BATCH):
            batch = list_sites(
                self._core.desk.kept.store,
                text=asked.text[:LONGEST] or None if not asked.listed else None,
                stage=asked.stage or None,
                after=after,
                limit=BATCH,
            )
            yield from batch
            if len(batch) < BATCH:
                return
            after = batch[-1].id

    def _due(self) -> set[str]:
        """The sites whose re-check is due: the district's, or those of the reader's unit."""
        core = self._core
        order = core.reads()
        if may(core.actor, Action.SEE_DISTRICT, Parties()):
            rows = recheck_list(core.ledger, order, limit=MOST_PICKED)
        else:
            rows = unit_inbox(core.ledger, order, limit=MOST_PICKED).rechecks
        return {one.site_id for one in rows if one.site_id is not None}

    def _picked(self, asked: Filter) -> tuple[Site, ...]:
        """The sites that were ticked and are there."""
        return chosen(
            self._there(asked.picked), Choice(), district=self._core.desk.district, on=asked.on
        )

    def _there(self, ids: Iterable[str]) -> Iterator[Site]:
        for one in ids:
            try:
                yield self._core.desk.kept.site(one)
            except NoSuchSite:
                continue  # it left the register since it was ticked

    # --- planning -------------------------------------------------------------------------------

    def _plan(self, order: Order, asked: Filter) -> Done:
        core = self._core
        unit = core.actor.unit or ""
        by = request.form.get("called_by", "") if self._calls_any() else unit
        if core.desk.district.registry.units.get(by) is None:
            raise BadAct([Fault("called_by", "请选择召集单位", "choose the unit that calls it")])
        if not asked.picked:
            raise BadAct([Fault("site", "请至少勾选一个对象", "tick at least one site")])
        sites = tuple(
            to_see(site, district=core.desk.district, matter=FOOD, asker=by, on=asked.on)
            for site in self._picked(asked)
        )
        if not self._calls_any() and by not in planned(sites, lead=by).checklists:
            raise BadAct(
                [
                    Fault(
                        "site",
                        "所选对象的各环节都不由你单位主办或协办；请改选对象，或由分拨员召集",
                        "your unit neither leads nor assists at any of these sites: choose others, "
                        "or let the dispatcher call the visit",
                    )
                ]
            )
        campaign = request.form.get("campaign", "")
        known = {one["id"] for one in self._campaigns(asked.on)}
        return plan_visit(
            core.ledger,
            order,
            title=request.form.get("title", "").strip()[:LONGEST],
            on=asked.on,
            called_by=by,
            sites=sites,
            campaign_id=int(campaign) if campaign in known else None,
        )
