"""Choosing sites for a joint inspection, and resolving each stage of each on the day of the visit.

Pure: sites come in, those that fit go out, each stage with its own resolution. Where the register
does not know a fact the answer may be an interim unit; the facts seen at the stop settle it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from enforcement.district import District
from enforcement.joint import SiteToSee, StageToSee
from enforcement.questions import AtPoint, Question
from enforcement.resolution import resolve
from enforcement.sites import LICENCE, Site, facts_on


@dataclass(frozen=True, slots=True)
class Choice:
    """Which sites to visit; what is None or empty chooses all.

    `ids` are those of a list, of a re-check that is due for instance; `streets` are codes;
    `licences` values of the fact `licence` for any of the site's stages.
    """

    ids: Collection[str] = ()
    streets: Collection[str] = ()
    licences: Collection[str] = ()
    stages: Collection[str] = ()


def chosen(
    sites: Iterable[Site], choice: Choice, *, district: District, on: date
) -> tuple[Site, ...]:
    """The sites that fit the choice on the day, in the order in which they came.

    A site without a place or without stages cannot be visited and fits no choice.
    """
    return tuple(
        site for site in sites if site.stages and site.point and _fits(site, choice, district, on)
    )


def to_see(site: Site, *, district: District, matter: str, asker: str, on: date) -> SiteToSee:
    """The site with each of its stages resolved for the visit.

    Raises what `resolve` raises.
    """
    if site.point is None:
        raise ValueError(f"the site {site.id} has no place; choose sites with `chosen`")
    known = district.book.matter(matter)
    allowed = {fact.name: tuple(fact.values) for fact in known.facts}
    stages = []
    for stage in site.stages:
        facts = facts_on(site, on, stage).among(allowed).facts
        question = Question(
            matter=matter,
            on=on,
            occurred_on=on,
            where=AtPoint(site.point),
            facts=facts,
            asker=asker,
        )
        stages.append(StageToSee(stage, matter, resolve(question, district).as_dict()))
    return SiteToSee(site.id, site.name, tuple(stages), site.address, site.point)


def _fits(site: Site, choice: Choice, district: District, on: date) -> bool:
    if choice.ids and site.id not in choice.ids:
        return False
    if choice.stages and not set(choice.stages) & set(site.stages):
        return False
    if choice.licences:
        states = {facts_on(site, on, stage).facts.get(LICENCE) for stage in site.stages}
        if not set(choice.licences) & states:
            return False
    if choice.streets and site.point is not None:
        street = district.atlas.on(on).at(site.point, roads=False).places[0].street
        return street is not None and street.code in choice.streets
    return True
