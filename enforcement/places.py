"""What a place means for a matter: its place facts, and the spot that mandates are looked up at.

Geography gives zones and road attributes; here they become values of declared facts. A place
fact that the map cannot tell stays open and is asked. "No road layer" is not "not on a road".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from enforcement.units import Spot
from geo.locate import Place
from rules.model import Fact, Matter

NONE = "none"
"""The value of a zone fact outside every zone of its kind."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A place as one matter sees it; equal grounds get equal answers.

    `facts` are the place facts that the map decides, in the matter's order.
    """

    street: str | None
    community: str | None
    neighbour: str | None
    facts: tuple[tuple[str, str], ...]
    owners: tuple[tuple[str, str], ...]
    road: str | None

    @property
    def spot(self) -> Spot:
        """Where mandates are looked up."""
        return Spot(self.street, self.community, self.owners)


def ground(place: Place, matter: Matter) -> Ground:
    """What this matter sees of a place; a road only when the matter asks about roads."""
    zones = dict(place.zones)
    facts = []
    about_roads = False
    for fact in matter.facts:
        if fact.place is None:
            continue
        kind, _, name = fact.place.partition(":")
        about_roads = about_roads or kind == "road"
        value = _zone_value(fact, zones, name) if kind == "zone" else _road_value(fact, place, name)
        if value is not None:
            facts.append((fact.name, value))
    road = place.road if about_roads else None
    return Ground(
        street=None if place.street is None else place.street.code,
        community=None if place.community is None else place.community.code,
        neighbour=None if place.neighbour is None else place.neighbour.code,
        facts=tuple(facts),
        owners=() if road is None else road.owners,
        road=None if road is None else road.segment,
    )


def agreeing(
    grounds: Sequence[Ground], typed: Mapping[str, str], matter: Matter
) -> tuple[Ground, ...]:
    """The grounds that agree with what was said of the place, or all when none does.

    Somebody on the spot overrules the map. Then what the register says of the road on the map
    is not said of the road that was meant, so its owners are left out.
    """
    held = tuple(
        one for one in grounds if all(typed.get(name, value) == value for name, value in one.facts)
    )
    if held:
        return held
    on_roads = {fact.name for fact in matter.facts if fact.place and fact.place[:5] == "road:"}

    def told(one: Ground) -> Ground:
        overruled = any(
            name in on_roads and typed.get(name, value) != value for name, value in one.facts
        )
        return replace(one, owners=(), road=None) if overruled else one

    return tuple(dict.fromkeys(told(one) for one in grounds))


def about_roads(matter: Matter) -> bool:
    """Whether the matter has a fact that a road answers."""
    return any(fact.place is not None and fact.place.startswith("road:") for fact in matter.facts)


def _zone_value(fact: Fact, zones: Mapping[str, tuple[str, ...]], kind: str) -> str | None:
    grades = zones.get(kind)
    if grades is None:
        return None
    # The values of a zone fact are listed in order of precedence; a grade that the fact does
    # not know is left to the officer rather than read as "none".
    held = [value for value in fact.values if value in grades]
    if held:
        return held[0]
    return NONE if not grades and NONE in fact.values else None


def _road_value(fact: Fact, place: Place, attribute: str) -> str | None:
    road = place.road
    if road is None:
        return NONE if place.road_known and NONE in fact.values else None
    found = getattr(road, attribute, None)
    if isinstance(found, bool):
        found = "yes" if found else "no"
    return found if isinstance(found, str) and found in fact.values else None
