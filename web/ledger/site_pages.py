"""The register of sites: looking for one, and what is known of it, its licences and its cases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from flask import Blueprint, Response, request, url_for

from enforcement.case_states import State
from enforcement.check_digits import doubts
from enforcement.policies import Actor
from enforcement.services.sites import list_sites
from enforcement.services.stories import cases_of_site
from enforcement.sites import (
    LICENCE,
    LICENSED,
    NOT_REQUIRED,
    PREMISES,
    STAGE,
    UNLICENSED,
    Licence,
    Site,
    facts_on,
)
from web.ledger.core import Core, Entry
from web.ledger.inbox_lines import Lines
from web.officer.safe_text import shown
from web.officer.said import Said

View = dict[str, Any]
PAGE: Final = 50
BATCH: Final = 200
MOST_LOOKED_AT: Final = 2000
"""Sites that one request looks at for a street or a licence; the next page goes on from there."""
LICENCES: Final = (LICENSED, UNLICENSED, NOT_REQUIRED)
LONGEST_TEXT: Final = 80
FOOD: Final = "food.safety"
"""The matter whose facts name stages and premises, as a site's columns do."""


class Sites:
    """The pages of sites."""

    def __init__(self, core: Core) -> None:
        self._core = core
        core.offer(Entry("ledger.sites", "sites", in_a_unit, below=("/sites/",)))

    def register(self, pages: Blueprint) -> None:
        """Add the pages."""
        pages.add_url_rule("/sites", "sites", self.sites)
        pages.add_url_rule("/sites/<id_>", "site", self.site)

    # --- looking for sites ----------------------------------------------------------------------

    def sites(self) -> Response:
        """The sites that fit, in order of their ids."""
        core = self._core
        chosen = {
            "text": request.args.get("text", "").strip()[:LONGEST_TEXT],
            "street": request.args.get("street", ""),
            "licence": request.args.get("licence", ""),
        }
        streets = self._streets()
        if chosen["street"] not in {one["id"] for one in streets}:
            chosen["street"] = ""
        if chosen["licence"] not in LICENCES:
            chosen["licence"] = ""
        found, last = self._found(chosen, request.args.get("after") or None)
        following = {name: value for name, value in chosen.items() if value} | {"after": last}
        return core.page(
            "inbox_sites.html",
            chosen=chosen,
            streets=streets,
            licences=[{"id": one, "name": core.say(f"sites.licence.{one}")} for one in LICENCES],
            lines=found,
            following=f"{url_for('ledger.sites')}?{urlencode(following)}" if last else "",
            filtered=any(chosen.values()),
            first_page="after" not in request.args,
        )

    def _found(self, chosen: View, after: str | None) -> tuple[list[View], str]:
        """A page of sites, and the id behind which the next one begins; empty at the end."""
        lines: list[View] = []
        last = ""
        for looked_at, site in enumerate(self._from(chosen["text"], after)):
            if len(lines) == PAGE or looked_at == MOST_LOOKED_AT:
                return lines, last
            last = site.id
            line = self._line(site)
            if chosen["street"] in {"", line["street"]} and (
                not chosen["licence"] or chosen["licence"] in line["states"]
            ):
                lines.append(line)
        return lines, ""

    def _from(self, text: str, after: str | None) -> Iterator[Site]:
        store = self._core.desk.kept.store
        while True:
            batch = list_sites(store, text=text or None, after=after, limit=BATCH)
            yield from batch
            if len(batch) < BATCH:
                return
            after = batch[-1].id

    def _line(self, site: Site) -> View:
        core = self._core
        street = self._street(site)
        states = licence_states(site, core.today)
        return {
            "id": shown(site.id, 40),
            "link": url_for("ledger.site", id_=site.id),
            "name": shown(site.name, 80),
            "address": shown(site.address or "", 80),
            "street": street,
            "street_name": next((s["name"] for s in self._streets() if s["id"] == street), ""),
            "stages": [self._label(STAGE, one) for one in site.stages],
            "states": states,
            "licences": [
                {"state": one, "name": core.say(f"sites.licence.{one}")}
                for one in LICENCES
                if one in states
            ],
        }

    def _streets(self) -> list[View]:
        core = self._core
        return [
            {"id": one.code, "name": core.t(one.name)}
            for one in core.desk.district.settings.streets
            if one.period.covers(core.today)
        ]

    def _street(self, site: Site) -> str:
        """The code of the street that the site lies in today; empty when that is not known."""
        if site.point is None:
            return ""
        on_map = self._core.desk.district.atlas.on(self._core.today)
        street = on_map.at(site.point, roads=False).places[0].street
        return "" if street is None else street.code

    # --- one site -------------------------------------------------------------------------------

    def site(self, id_: str) -> Response:
        """What is known of a site. Raises NoSuchSite."""
        core = self._core
        site = core.desk.kept.site(id_)
        lines = Lines(core)
        rows = cases_of_site(core.ledger, core.reads(), site.id)
        cases = [lines.case(one) | {"opened": core.moment(one.opened_at)[:10]} for one in rows]
        due = [
            lines.recheck(one)
            for one in rows
            if one.state == State.CLOSED.value and one.recheck_on is not None
        ]
        return core.page(
            "inbox_site.html",
            line=self._line(site),
            uscc=shown(site.uscc or "", 40),
            premises="" if site.premises is None else self._label(PREMISES, site.premises),
            position="" if site.point is None else f"{site.point.lon:.6f}, {site.point.lat:.6f}",
            doubts=[shown(core.t(one)) for one in doubts(site)],
            licences=[self._licence(one) for one in reversed(site.licences)],
            today=core.today.isoformat(),
            facts=self._facts(site),
            cases=cases,
            due=due,
            resolve=Said(where=(("site", site.id),)).address() if site.point else "",
        )

    def _facts(self, site: Site) -> list[View]:
        """What the register says of each stage today, and why."""
        core = self._core
        told = []
        for stage in site.stages or (None,):
            fact = next(f for f in facts_on(site, core.today, stage).known if f.name == LICENCE)
            told.append(
                {
                    "stage": "" if stage is None else self._label(STAGE, stage),
                    "state": fact.value,
                    "name": core.say(f"sites.licence.{fact.value}"),
                    "says": shown(core.t(fact.says), 200),
                }
            )
        return told

    def _licence(self, licence: Licence) -> View:
        core = self._core
        return {
            "kind": core.t(licence.kind.label),
            "number": shown(licence.number, 40),
            "from": licence.valid_from.isoformat(),
            "ceases": licence.ceases_on and licence.ceases_on.isoformat(),
            "revoked": licence.revoked_on and licence.revoked_on.isoformat(),
            "state": state_of(licence, core.today),
        }

    def _label(self, fact: str, value: str) -> str:
        """A value of a fact in words, where the food catalogue has it."""
        matter = self._core.desk.district.book.catalogue.matters.get(FOOD)
        known = None if matter is None else matter.fact(fact)
        label = None if known is None else known.values.get(value)
        return shown(value, 40) if label is None else self._core.t(label)


def in_a_unit(actor: Actor) -> bool:
    """Whether the person belongs to a unit."""
    return actor.unit is not None


def licence_states(site: Site, day: date) -> frozenset[str]:
    """The values of the fact `licence` for the site's stages on a day."""
    stages: tuple[str | None, ...] = site.stages or (None,)
    found = (facts_on(site, day, stage).facts.get(LICENCE) for stage in stages)
    return frozenset(one for one in found if one is not None)


def state_of(licence: Licence, day: date) -> str:
    """Where a licence stands on a day: valid, coming, ended or revoked."""
    if licence.covers(day):
        return "valid"
    if day < licence.valid_from:
        return "coming"
    revoked = licence.revoked_on is not None and licence.revoked_on <= day
    return "revoked" if revoked else "ended"
