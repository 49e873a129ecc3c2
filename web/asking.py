"""The one edge where what a person typed becomes a checked question.

The command line and HTTP both come through here, so that both refuse the same things in the same
words. Everything that is wrong is told at once, each fault naming its field and what is allowed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from enforcement.check_digits import doubts
from enforcement.district import District
from enforcement.errors import EnforcementError
from enforcement.questions import known
from enforcement.resolution import AtPoint, AtStake, InArea, Question
from enforcement.sites import STAGE, Site, SiteFacts, facts_on
from geo.crs import to_wgs84
from geo.errors import GeoError
from geo.points import Point
from geo.stakes import Stake
from rules.errors import Fault, RulesError
from rules.model import UNKNOWN, Matter, Text
from web.errors import BadInput, faults_of

Where = AtPoint | AtStake | InArea
T = TypeVar("T")

WAYS = {"at": "--at", "road": "--road/--stake", "area": "--area", "site": "--site"}
MAX_ACCURACY_M = 10_000.0
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SHOWN = 60


class SiteRegister(Protocol):
    """Where known sites are looked up."""

    def site(self, id_: str) -> Site:
        """The site of this id; raises `NoSuchSite`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question as it was typed or sent; None where nothing was said.

    `at` is "LON,LAT" or a pair of numbers; `facts` are "NAME=VALUE" texts or a mapping.
    """

    matter: str
    facts: Mapping[str, str] | Sequence[str] = ()
    at: str | tuple[float, float] | None = None
    accuracy: str | float | None = None
    crs: str | None = None
    road: str | None = None
    stake: str | None = None
    direction: str | None = None
    area: str | None = None
    site: str | None = None
    asker: str | None = None
    on: str | None = None
    occurred_on: str | None = None


@dataclass(frozen=True, slots=True)
class Posed:
    """A checked question, and what the register of sites put into it when it is about a site."""

    question: Question
    site: SiteFacts | None = None
    doubts: tuple[Text, ...] = ()


def pose(asked: Asked, *, district: District, sites: SiteRegister, today: date) -> Posed:
    """The question that was asked; raises `BadInput` with every fault that can be seen.

    Without a day it is asked for `today`; what happened is taken to have happened on the day it
    is handled. Where a site is named, its facts are those of the register on the day handled,
    and what was typed beside it goes before them.
    """
    return _Asking(asked, district, sites, today).posed()


class _Asking:
    def __init__(self, asked: Asked, district: District, sites: SiteRegister, today: date) -> None:
        self._asked = asked
        self._district = district
        self._sites = sites
        self._today = today
        self._faults: list[Fault] = []

    def posed(self) -> Posed:
        asked = self._asked
        on = self._day("on", asked.on, self._today)
        occurred_on = self._day("occurred_on", asked.occurred_on, on)
        if occurred_on > on:
            self._fault(
                "occurred_on",
                f"发生日 {occurred_on} 晚于办理日 {on}；应不晚于办理日",
                f"it occurred on {occurred_on}, after it was handled on {on}; "
                "give a day up to that",
            )
        matter = self._matter(on)
        facts = self._facts()
        site = self._site()
        where = self._where(site)
        prefilled = None
        if site is not None and matter is not None:
            allowed = {fact.name: tuple(fact.values) for fact in matter.facts}
            stage = facts.get(STAGE)
            chosen = None if stage == UNKNOWN else stage
            prefilled = facts_on(site, on, chosen).among(allowed)
        question = Question(
            matter=asked.matter,
            on=on,
            occurred_on=occurred_on,
            where=where or InArea(""),
            facts=facts if prefilled is None else {**prefilled.facts, **facts},
            asker=asked.asker,
        )
        if matter is not None:
            self._tried(lambda: known(question, matter, self._district.book.catalogue))
        if self._faults:
            self._look_at(where, on)
            raise BadInput(_each_once(self._faults))
        told = () if site is None else tuple(Text(one.zh, one.en) for one in doubts(site))
        return Posed(question, prefilled, told)

    # --- collecting ------------------------------------------------------------------------

    def _fault(self, field: str, zh: str, en: str) -> None:
        self._faults.append(Fault(field, zh, en))

    def _tried(self, look: Callable[[], T]) -> T | None:
        """What `look` gives, or None with its faults collected."""
        try:
            return look()
        except (RulesError, GeoError, EnforcementError) as error:
            self._faults.extend(faults_of(error))
            return None

    # --- when and what ---------------------------------------------------------------------

    def _day(self, field: str, given: str | None, default: date) -> date:
        if given is None:
            return default
        try:
            return day(field, given)
        except BadInput as error:
            self._faults.extend(error.faults)
            return default

    def _matter(self, on: date) -> Matter | None:
        book = self._district.book
        matter = self._tried(lambda: book.matter(self._asked.matter))
        on_is_good = not any(fault.field == "on" for fault in self._faults)
        if matter is not None and on_is_good:
            self._tried(lambda: book.table(matter.code, on))
        return matter

    def _facts(self) -> dict[str, str]:
        given = self._asked.facts
        if isinstance(given, Mapping):
            return dict(given)
        facts: dict[str, str] = {}
        for text in given:
            name, equals, value = (part.strip() for part in text.partition("="))
            if not (name and equals and value):
                self._fault(
                    "fact",
                    f"“{_short(text)}”应写成 名称=值，例如 stage=catering",
                    f"{_short(text)!r} must be written NAME=VALUE, like stage=catering",
                )
            elif facts.setdefault(name, value) != value:
                self._fault(
                    f"fact {_short(name)}",
                    f"给了两个不同的值“{_short(facts[name])}”和“{_short(value)}”；只能给一个",
                    f"has two values, {_short(facts[name])!r} and {_short(value)!r}; give one",
                )
        return facts

    # --- where -----------------------------------------------------------------------------

    def _where(self, site: Site | None) -> Where | None:
        asked = self._asked
        given = [way for way in WAYS if getattr(asked, way) is not None]
        if asked.stake is not None and "road" not in given:
            given.append("road")
        if len(given) != 1:
            listed = "、".join(WAYS[way] for way in given)
            if given:
                self._fault(
                    given[1],
                    f"位置只能用一种方式说明，现在给了 {listed}",
                    f"say where in one way only; given were {listed.replace('、', ', ')}",
                )
            else:
                self._fault(
                    "at",
                    "没有说明位置；请用 at（经度,纬度）、road 加 stake、area 或 site 中的一种",
                    "nothing says where; give one of at (LON,LAT), road with stake, area, site",
                )
            return None
        self._only_with("at", given[0], accuracy=asked.accuracy, crs=asked.crs)
        self._only_with("road", given[0], direction=asked.direction)
        if given[0] == "at":
            return self._at_point()
        if given[0] == "road":
            return self._at_stake()
        if given[0] == "area":
            return InArea(str(asked.area))
        return None if site is None else self._at_site(site)

    def _only_with(self, way: str, given: str, **others: object) -> None:
        for field, value in others.items():
            if value is not None and given != way:
                self._fault(field, f"只能和 {WAYS[way]} 一起用", f"goes with {WAYS[way]} only")

    def _at_point(self) -> AtPoint | None:
        pair = self._pair()
        accuracy = self._accuracy()
        if pair is None:
            return None
        x, y = pair
        crs = self._asked.crs
        point = self._tried(
            lambda: Point.checked(lon=x, lat=y) if crs is None else to_wgs84(x=x, y=y, crs=crs)
        )
        return None if point is None or accuracy is None else AtPoint(point, accuracy)

    def _pair(self) -> tuple[float, float] | None:
        given = self._asked.at
        if not isinstance(given, str):
            return given
        parts = given.replace("，", ",").split(",")
        try:
            lon, lat = (float(part) for part in parts)
        except ValueError:
            self._fault(
                "at",
                f"“{_short(given)}”应写成 经度,纬度，例如 114.1172,22.6046",
                f"{_short(given)!r} must be written LON,LAT, like 114.1172,22.6046",
            )
            return None
        return lon, lat

    def _accuracy(self) -> float | None:
        given = self._asked.accuracy
        if given is None:
            return self._district.settings.accuracy_m
        try:
            metres = float(given)
        except ValueError:
            metres = math.nan
        if not 0 <= metres <= MAX_ACCURACY_M:
            self._fault(
                "accuracy",
                f"“{_short(str(given))}”不是精度；应为 0 至 {MAX_ACCURACY_M:.0f} 之间的米数",
                f"{_short(str(given))!r} is no accuracy: give metres from 0 to "
                f"{MAX_ACCURACY_M:.0f}",
            )
            return None
        return metres

    def _at_stake(self) -> AtStake | None:
        asked = self._asked
        if asked.road is None or asked.stake is None:
            missing, example = ("road", "S28") if asked.road is None else ("stake", "K12+300")
            self._fault(
                missing,
                f"公路编号和桩号要一起给；缺少 {missing}，例如 {example}",
                f"a road and a stake go together; {missing} is missing, like {example}",
            )
            return None
        if self._tried(lambda: Stake.parsed(str(asked.stake))) is None:
            return None
        return AtStake(asked.road, asked.stake, asked.direction)

    def _site(self) -> Site | None:
        id_ = self._asked.site
        return None if id_ is None else self._tried(lambda: self._sites.site(id_))

    def _at_site(self, site: Site) -> AtPoint | None:
        if site.point is None:
            self._fault(
                "site",
                f"对象 {site.id}（{site.name}）没有登记位置；请改用 at，并自己填写要素",
                f"the site {site.id} ({site.name}) has no recorded position; give at and the "
                "facts instead",
            )
            return None
        return AtPoint(site.point, self._district.settings.accuracy_m)

    def _look_at(self, where: Where | None, on: date) -> None:
        """Collect what is wrong with a stake or an area beside the faults that are known."""
        on_map = self._district.atlas.on(on)
        if isinstance(where, AtStake):
            self._tried(lambda: on_map.at_stake(where.ref, where.stake, where.direction))
        elif isinstance(where, InArea):
            self._tried(lambda: on_map.in_area(where.code))


def day(field: str, given: str) -> date:
    """A day written YYYY-MM-DD; raises `BadInput` for anything else, or for a day that is none."""
    try:
        if _ISO.fullmatch(given):
            return date.fromisoformat(given)
    except ValueError:
        pass
    raise BadInput(
        [
            Fault(
                field,
                f"“{_short(given)}”不是日期；应写成 年-月-日，例如 2008-11-05",
                f"{_short(given)!r} is no date: write YYYY-MM-DD, like 2008-11-05",
            )
        ]
    )


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def _each_once(faults: Sequence[Fault]) -> list[Fault]:
    return list(dict.fromkeys(faults))
