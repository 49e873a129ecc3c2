"""Known sites, and what the register of sites knows of one on a day.

The register prefills facts and never has the last word: an officer who sees something else says
so. Whether a licence number looks genuine is a doubt that is told and refuses nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from geo.points import Point
from rules.model import Text
from rules.periods import Period

STAGE: Final = "stage"
LICENCE: Final = "licence"
PREMISES: Final = "premises"

LICENSED: Final = "licensed"
UNLICENSED: Final = "unlicensed"
NOT_REQUIRED: Final = "not_required"

PRIMARY_PRODUCTION: Final = "primary_production"
SLAUGHTER: Final = "slaughter"
CIRCULATION: Final = "circulation"
FARM: Final = "farm"


class LicenceKind(StrEnum):
    """What a licence is for; a new kind is a line here and one in `NAMES`."""

    PRODUCTION = "production"
    CIRCULATION = "circulation"
    CATERING = "catering"
    OPERATION = "operation"
    HYGIENE = "hygiene"
    SLAUGHTER = "slaughter"
    WORKSHOP = "workshop"
    VENDOR_CARD = "vendor_card"
    FILING = "filing"
    EXEMPT = "exempt"
    BUSINESS = "business"

    @property
    def label(self) -> Text:
        """The document's name."""
        return NAMES[self]

    def permits(self, stage: str | None) -> bool:
        """Whether such a licence can make `stage` licensed; None asks for any stage of food.

        Slaughter needs a slaughter licence and no other one will do: a market with a licence to
        sell that kills poultry does so without a licence. Primary production has no licence, and
        a business licence is not one for food. Beyond that the register does not judge what a
        licence covers on its premises (Food Safety Law 2009, art. 29(2), lets one cover the next
        stage): the officer does.
        """
        if self is LicenceKind.BUSINESS or stage == PRIMARY_PRODUCTION:
            return False
        if stage is None:
            return True
        return (self is LicenceKind.SLAUGHTER) == (stage == SLAUGHTER)


NAMES: Final[Mapping[LicenceKind, Text]] = {
    LicenceKind.PRODUCTION: Text("食品生产许可证", "food production licence"),
    LicenceKind.CIRCULATION: Text("食品流通许可证", "food circulation licence"),
    LicenceKind.CATERING: Text("餐饮服务许可证", "catering licence"),
    LicenceKind.OPERATION: Text("食品经营许可证", "food operation licence"),
    LicenceKind.HYGIENE: Text("食品卫生许可证", "food hygiene licence"),
    LicenceKind.SLAUGHTER: Text("定点屠宰证", "slaughterhouse licence"),
    LicenceKind.WORKSHOP: Text("小作坊登记证", "food workshop certificate"),
    LicenceKind.VENDOR_CARD: Text("食品摊贩登记卡", "food vendor card"),
    LicenceKind.FILING: Text("仅销售预包装食品备案", "filing for pre-packed food"),
    LicenceKind.EXEMPT: Text("无需许可的登记", "record that no licence is needed"),
    LicenceKind.BUSINESS: Text("营业执照", "business licence"),
}


@dataclass(frozen=True, slots=True)
class Licence:
    """One document with its days.

    In force from `valid_from` up to, not including, `ceases_on` or, if earlier, `revoked_on`
    (the first day on which a revoked one is not in force).
    """

    number: str
    kind: LicenceKind
    valid_from: date
    ceases_on: date | None = None
    revoked_on: date | None = None

    @property
    def period(self) -> Period:
        """The days in force; none when it was revoked from its first day."""
        ends = [day for day in (self.ceases_on, self.revoked_on) if day is not None]
        return Period(self.valid_from, min(ends, default=None))

    @property
    def key(self) -> tuple[str, LicenceKind, date]:
        """What tells one licence of a site from another; a renewal starts on another day."""
        return (self.number, self.kind, self.valid_from)

    def covers(self, day: date) -> bool:
        """Whether it is in force on `day`."""
        return self.period.covers(day)

    def as_dict(self) -> dict[str, object]:
        """The licence as JSON carries it."""
        return {
            "number": self.number,
            "kind": self.kind.value,
            "name": self.kind.label.as_dict(),
            "valid_from": self.valid_from.isoformat(),
            "ceases_on": self.ceases_on and self.ceases_on.isoformat(),
            "revoked_on": self.revoked_on and self.revoked_on.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Site:
    """An inspected entity. `stages` and `premises` are values of the facts of those names.

    Licences are in order of their first day. None and () mean that the register does not know.
    """

    id: str
    name: str
    uscc: str | None = None
    licences: tuple[Licence, ...] = ()
    stages: tuple[str, ...] = ()
    premises: str | None = None
    address: str | None = None
    point: Point | None = None

    def as_dict(self) -> dict[str, object]:
        """The site as JSON carries it."""
        return {
            "id": self.id,
            "name": self.name,
            "uscc": self.uscc,
            "licences": [licence.as_dict() for licence in self.licences],
            "stages": list(self.stages),
            "premises": self.premises,
            "address": self.address,
            "lon": self.point and self.point.lon,
            "lat": self.point and self.point.lat,
        }


@dataclass(frozen=True, slots=True)
class SiteFact:
    """One fact as the register has it, why, and the licence it rests on if it rests on one."""

    name: str
    value: str
    says: Text
    licence: Licence | None = None

    def as_dict(self) -> dict[str, object]:
        """The fact as JSON carries it."""
        return {
            "fact": self.name,
            "value": self.value,
            "says": self.says.as_dict(),
            "licence": self.licence and self.licence.as_dict(),
        }


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """What the register knows of a site on a day.

    `stages` are the possible ones when the stage is not among `known`: the officer is asked which
    of them it is. It is empty when the register knows of no stage at all.
    """

    site: str
    on: date
    known: tuple[SiteFact, ...]
    stages: tuple[str, ...] = ()

    @property
    def facts(self) -> dict[str, str]:
        """The facts as a question takes them."""
        return {fact.name: fact.value for fact in self.known}

    def among(self, allowed: Mapping[str, Collection[str]]) -> SiteFacts:
        """The same without facts and values that a matter does not have.

        `allowed` maps the matter's facts to their values. A register serves many matters, and a
        fact that this one never asks is no fault of who asks.
        """
        return replace(
            self,
            known=tuple(fact for fact in self.known if fact.value in allowed.get(fact.name, ())),
            stages=tuple(stage for stage in self.stages if stage in allowed.get(STAGE, ())),
        )

    def as_dict(self) -> dict[str, object]:
        """The facts as JSON carries them."""
        return {
            "site": self.site,
            "on": self.on.isoformat(),
            "facts": [fact.as_dict() for fact in self.known],
            "stages": list(self.stages),
        }


def facts_on(site: Site, day: date, stage: str | None = None) -> SiteFacts:
    """What the register knows of `site` on `day`, as facts of a question about food.

    `stage` is the one that the officer looks at. Without it a site of one stage has that one,
    and a site of several has none: then the licence is known only if it is the same for each of
    them.

    >>> stall = Site("S1", "档口", stages=("circulation",), premises="market", licences=(
    ...     Licence("7", LicenceKind.CIRCULATION, date(2008, 1, 1), date(2009, 1, 1)),))
    >>> facts_on(stall, date(2008, 12, 31)).facts
    {'stage': 'circulation', 'licence': 'licensed', 'premises': 'market'}
    >>> facts_on(stall, date(2009, 1, 1)).facts["licence"]
    'unlicensed'
    """
    chosen = stage if stage is not None else (site.stages[0] if len(site.stages) == 1 else None)
    known = []
    if chosen is not None:
        known.append(SiteFact(STAGE, chosen, _says_stage(site, chosen)))
    candidates = site.stages if chosen is None and site.stages else (chosen,)
    licences = [_licence(site, day, candidate) for candidate in candidates]
    if len({fact.value for fact in licences}) == 1:
        known.append(licences[0])
    if site.premises is not None:
        known.append(
            SiteFact(
                PREMISES,
                site.premises,
                Text("对象登记的场所类型", "the premises in the register of sites"),
            )
        )
    return SiteFacts(site.id, day, tuple(known), site.stages if chosen is None else ())


def renewed(old: Site, new: Site, columns: Collection[str]) -> Site:
    """`old` with what a newer list says of it in `columns`; what it does not mention stays.

    Licences are added or get new days; one that the newer list leaves out is kept, because the
    answer for a day in the past must stay what it was.
    """
    licences = {licence.key: licence for licence in old.licences}
    if "licences" in columns:
        licences |= {licence.key: licence for licence in new.licences}
    return Site(
        id=old.id,
        name=new.name,
        uscc=new.uscc if "uscc" in columns else old.uscc,
        licences=in_order(licences.values()),
        stages=new.stages if "stages" in columns else old.stages,
        premises=new.premises if "premises" in columns else old.premises,
        address=new.address if "address" in columns else old.address,
        point=new.point if "lon" in columns else old.point,
    )


def in_order(licences: Collection[Licence]) -> tuple[Licence, ...]:
    """The licences by their first day, then kind and number, whatever order they came in."""
    return tuple(sorted(licences, key=lambda one: (one.valid_from, one.kind, one.number)))


def _says_stage(site: Site, stage: str) -> Text:
    if stage in site.stages:
        return Text("对象登记的环节", "a stage in the register of sites")
    if site.stages:
        listed = "、".join(site.stages)
        return Text(
            f"对象登记的环节是 {listed}，没有这一环节",
            f"not a stage in the register of sites, which has {', '.join(site.stages)}",
        )
    return Text("对象没有登记环节", "the register of sites has no stage")


def _licence(site: Site, day: date, stage: str | None) -> SiteFact:
    """The fact `licence` for one stage, and what it rests on."""
    matching = [licence for licence in site.licences if licence.kind.permits(stage)]
    in_force = [licence for licence in matching if licence.covers(day)]
    permits = [licence for licence in in_force if licence.kind is not LicenceKind.EXEMPT]
    if permits:
        # The one that is made for the stage says it best; then the newest.
        best = max(permits, key=lambda one: (one.kind == stage, one.valid_from))
        return SiteFact(
            LICENCE,
            LICENSED,
            Text(
                f"{best.kind.label.zh} {best.number} 当日有效（{best.period}）",
                f"{best.kind.label.en} {best.number} is in force that day ({best.period})",
            ),
            best,
        )
    if in_force:
        return SiteFact(
            LICENCE,
            NOT_REQUIRED,
            Text("登记为无需食品许可", "recorded as needing no food licence"),
            in_force[-1],
        )
    if stage == PRIMARY_PRODUCTION or (site.premises == FARM and stage in (None, CIRCULATION)):
        return SiteFact(
            LICENCE,
            NOT_REQUIRED,
            Text("种植养殖和农户自销不需要食品许可", "farming and farm sales need no food licence"),
        )
    return _unlicensed(matching, day)


def _unlicensed(matching: Collection[Licence], day: date) -> SiteFact:
    past = [one for one in matching if one.kind is not LicenceKind.EXEMPT and one.valid_from <= day]
    if not past:
        return SiteFact(
            LICENCE,
            UNLICENSED,
            Text(
                "登记中没有当日有效的食品许可",
                "no food licence in the register is in force that day",
            ),
        )
    last = max(past, key=lambda one: (one.period.ceases_on or day, one.valid_from))
    end = last.period.ceases_on
    revoked = last.revoked_on is not None and last.revoked_on == end
    how_zh, how_en = ("吊销或注销", "was revoked") if revoked else ("到期", "ended")
    return SiteFact(
        LICENCE,
        UNLICENSED,
        Text(
            f"{last.kind.label.zh} {last.number} 已{how_zh}，自 {end} 起无效",
            f"{last.kind.label.en} {last.number} {how_en}; not in force from {end}",
        ),
        last,
    )
