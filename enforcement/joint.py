"""A joint inspection: which unit leads the visit, who comes along, and what each looks at.

Pure: sites with their stages resolved come in, a plan goes out. One lead of the visit: the unit
that leads most of what will be looked at. Each stage still has its own lead, and what is found at
a stage goes to that unit and to nobody else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from enforcement.ledger_errors import BadAct
from geo.metric import metres_per_degree
from geo.points import Point
from rules.errors import Fault


@dataclass(frozen=True, slots=True)
class StageToSee:
    """One stage of a site with its resolution. `facts` are what is known of it beforehand."""

    stage: str
    matter: str
    resolution: Mapping[str, Any]

    @property
    def decided(self) -> bool:
        """Whether a unit leads; else an interim unit holds what is found."""
        return self.resolution.get("lead") is not None

    @property
    def unit(self) -> str:
        """The unit that what is found goes to."""
        named = self.resolution.get("lead") or self.resolution.get("interim")
        if named is None or not named.get("unit"):
            raise AssertionError("a resolution has a lead or an interim unit")
        return str(named["unit"])


@dataclass(frozen=True, slots=True)
class SiteToSee:
    """One site to visit with its stages."""

    site_id: str
    name: str
    stages: tuple[StageToSee, ...]
    address: str | None = None
    point: Point | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a unit's checklist: lead of the stage, or the duty it assists with."""

    stop: int
    site: str
    stage: str
    duty: str

    def as_dict(self) -> dict[str, Any]:
        """The line as JSON carries it."""
        return {"stop": self.stop, "site": self.site, "stage": self.stage, "duty": self.duty}


@dataclass(frozen=True, slots=True)
class Plan:
    """The visit: its lead, its stops in order, and each unit's checklist, the lead's first."""

    lead: str
    stops: tuple[SiteToSee, ...]
    checklists: Mapping[str, tuple[Item, ...]]

    @property
    def assists(self) -> tuple[str, ...]:
        """The units that come along."""
        return tuple(unit for unit in self.checklists if unit != self.lead)


def planned(sites: Sequence[SiteToSee], *, lead: str | None = None) -> Plan:
    """The plan for these sites, in an order that walks to the nearest next one.

    `lead` is who called the visit, if it is one of the units that lead a stage; else the unit
    that leads most stages. Raises BadAct without sites, or for a site without stages.
    """
    faults = [
        Fault(
            f"site {site.site_id}",
            "没有登记环节，无法认定；请先补全对象的环节",
            "has no stages, so nobody can be named; add its stages first",
        )
        for site in sites
        if not site.stages
    ]
    if not sites:
        faults.append(Fault("sites", "请至少选一个对象", "choose at least one site"))
    if faults:
        raise BadAct(faults)
    stops = _in_walking_order(sites)
    items: dict[str, list[Item]] = {}
    leads: Counter[str] = Counter()
    for n, site in enumerate(stops, 1):
        for stage in site.stages:
            leads[stage.unit] += 1
            duties = {(stage.unit, "lead"): None}
            for one in stage.resolution.get("assist", ()):
                if one["unit"] != stage.unit:
                    duties[(one["unit"], one["duty"])] = None
            for unit, duty in duties:
                items.setdefault(unit, []).append(Item(n, site.site_id, stage.stage, duty))
    # Of two that lead as many stages the first by id: the same sites give the same plan.
    most = min(leads, key=lambda unit: (-leads[unit], unit))
    chosen = lead if lead is not None and lead in leads else most
    order = [chosen, *sorted(unit for unit in items if unit != chosen)]
    return Plan(chosen, stops, {unit: tuple(items[unit]) for unit in order})


def recheck_days(ends_on: date, days: Iterable[int]) -> tuple[date, ...]:
    """The days of the re-checks after a campaign's end, in order.

    >>> [str(day) for day in recheck_days(date(2008, 11, 30), [30, 7, 90])]
    ['2008-12-07', '2008-12-30', '2009-02-28']
    """
    return tuple(ends_on + timedelta(days=n) for n in sorted(set(days)))


def recurrence_rate(cases: int, recurred: int) -> float | None:
    """The share of a campaign's cases that came back; None when there was none to come back."""
    return None if cases == 0 else recurred / cases


def _in_walking_order(sites: Sequence[SiteToSee]) -> tuple[SiteToSee, ...]:
    """From the most western one always to the nearest; sites without a place come last."""
    left = sorted((site for site in sites if site.point is not None), key=_western)
    ordered: list[SiteToSee] = []
    while left:
        nearest = min(left, key=lambda site: _metres(ordered[-1], site)) if ordered else left[0]
        left.remove(nearest)
        ordered.append(nearest)
    return (*ordered, *(site for site in sites if site.point is None))


def _western(site: SiteToSee) -> tuple[float, float, str]:
    point = site.point
    return (0.0, 0.0, site.site_id) if point is None else (point.lon, point.lat, site.site_id)


def _metres(one: SiteToSee, other: SiteToSee) -> float:
    if one.point is None or other.point is None:
        return float("inf")
    east, north = metres_per_degree(one.point.lat)
    dx = (one.point.lon - other.point.lon) * east
    dy = (one.point.lat - other.point.lat) * north
    return float((dx * dx + dy * dy) ** 0.5)
