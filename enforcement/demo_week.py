"""The demo's diary on certain days: with the people, sites and rules that those days have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from enforcement.demo_diary import DAYS, MARKET, NOTHING, OWN, STOPS, Act, Finding, diary, findings
from enforcement.demo_people import demo_people
from enforcement.district import District
from enforcement.errors import EnforcementError
from enforcement.ledger_events import Order
from enforcement.policies import Actor
from enforcement.questions import AtPoint, Question
from enforcement.resolution import resolve
from enforcement.services.ledger import Ledger
from enforcement.services.sites import list_sites
from enforcement.sites import Site
from geo.points import Point
from rules.errors import RulesError

ERAS: Final = (("", "handler.amr"), (".2008", "handler.health"))
"""How the people of an era are called, and who handles for the unit that leads at restaurants."""
OPENING: Final = time(8, 30)


@dataclass(frozen=True)
class Week:
    """The diary on certain days, the last of which is today, with the people of an era.

    `numbers` are those of the cases by the names of their findings, and of campaign and visit.
    """

    ledger: Ledger
    district: District
    days: tuple[date, ...]
    sites: Mapping[str, Site]
    era: str
    market: str
    diary: tuple[Act, ...] = field(default_factory=lambda: tuple(diary()))
    findings: Mapping[str, Finding] = field(
        default_factory=lambda: {one.name: one for one in findings()}
    )
    people: Mapping[str, Actor] = field(
        default_factory=lambda: {
            one.id: Actor(one.id, one.unit, one.posts) for one in demo_people()
        }
    )
    numbers: dict[str, int] = field(default_factory=dict)

    def fits(self) -> bool:
        """Whether everybody and every site is there, and the rules name whom the diary says."""
        units = {self.who(act.who).unit for act in self.diary}
        sites = {*STOPS, *(one.where for one in self.findings.values() if one.at_site)}
        return (
            all(unit is None or self._has(unit) for unit in units)
            and self.sites.keys() >= sites
            and all(self._leads(act) for act in self.diary if act.what == "file")
        )

    def _has(self, unit: str) -> bool:
        found = self.district.registry.units.get(unit)
        return found is not None and all(found.period.covers(day) for day in self.days)

    def _leads(self, act: Act) -> bool:
        finding = self.findings[act.about]
        try:
            lead = self.answer(finding, self.day(act.day))["lead"]
        except (RulesError, EnforcementError):
            return False  # rules that do not know the question, or not on this day
        return lead is not None and lead["unit"] == self.lead(finding)

    def day(self, n: int) -> date:
        """The day that the diary calls so."""
        return self.days[n - 1]

    def who(self, name: str) -> Actor:
        """The person whom the diary calls so."""
        id_ = self.market if name == MARKET else name
        return self.people.get(f"{id_}{self.era}") or self.people[id_]

    def second(self, name: str) -> str | None:
        """A second officer: a demo person's account, or the name of somebody who has none."""
        if name == NOTHING:
            return None
        return self.who(name).id if name in self.people else name

    def unit(self, name: str) -> str:
        """The unit of a person."""
        unit = self.who(name).unit
        if unit is None:
            raise AssertionError(f"{name} of the diary has no unit")
        return unit

    def lead(self, finding: Finding) -> str:
        """The unit that leads, as the diary says."""
        return self.unit(finding.officer if finding.lead == OWN else finding.lead)

    def answer(self, finding: Finding, day: date) -> dict[str, Any]:
        """What the rules of the day say of a finding."""
        question = Question(
            matter=finding.matter,
            on=day,
            occurred_on=day,
            where=AtPoint(self.point(finding)),
            facts=dict(finding.facts),
            asker=self.unit(finding.officer),
        )
        return resolve(question, self.district).as_dict()

    def point(self, finding: Finding) -> Point:
        """Where it was found. Raises ValueError for a site without a place."""
        if not finding.at_site:
            lon, lat = map(float, finding.where.split(","))
            return Point.checked(lon=lon, lat=lat)
        point = self.sites[finding.where].point
        if point is None:
            raise ValueError(f"the site {finding.where} has no place")
        return point

    def order(self, n: int, act: Act) -> Order:
        """The order of the diary's `n`th act."""
        return Order(self.who(act.who), self._moment(act.day, act.at), f"demo-week:{n}")

    @property
    def opening(self) -> Order:
        """The order under which the people are added, before anything is done."""
        demo = Actor("demo", None, frozenset())
        return Order(demo, self._moment(1, OPENING), "demo-week:people")

    def _moment(self, day: int, at: time) -> datetime:
        local = datetime.combine(self.day(day), at, tzinfo=self.ledger.settled.zone)
        return local.astimezone(UTC)


def week_before(ledger: Ledger, district: District, today: date) -> Week | None:
    """The week whose people, sites and rules are those of its days; None when there is none.

    Its sites are those of the register that say that they are made up.
    """
    days = [today]
    while len(days) <= DAYS:
        day = days[0] - timedelta(days=1)
        while not ledger.calendar.is_workday(day):
            day -= timedelta(days=1)
        days.insert(0, day)
    sites = {one.id: one for one in list_sites(ledger.store) if one.name.endswith("（虚构）")}
    weeks = (Week(ledger, district, tuple(days), sites, *era) for era in ERAS)
    return next((one for one in weeks if one.fits()), None)
