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


@dataclass(frozen=True, slots=True)
class PlaceFact:
    """A fact that geography answers: from a `zone` of a kind, or from an attribute of a `road`."""

    fact: Fact
    kind: str
    name: str


def place_facts(matter: Matter) -> tuple[PlaceFact, ...]:
    """The matter's place facts, in its order."""
    found = []
    for fact in matter.facts:
        if fact.place is not None:
            kind, _, name = fact.place.partition(":")
            found.append(PlaceFact(fact, kind, name))
    return tuple(found)


def ground(place: Place, facts: Sequence[PlaceFact], *, roads: bool) -> Ground:
    """What a matter with these place facts sees of a place; a road only when it is about roads."""
    held: tuple[tuple[str, str], ...] = ()
    for one in facts:
        value = _zone_value(one, place) if one.kind == "zone" else _road_value(one, place)
        if value is not None:
            held = (*held, (one.fact.name, value))
    road = place.road if roads else None
    return Ground(
        None if place.street is None else place.street.code,
        None if place.community is None else place.community.code,
        None if place.neighbour is None else place.neighbour.code,
        held,
        () if road is None else road.owners,
        None if road is None else road.segment,
    )


def agreeing(
    grounds: Sequence[Ground], typed: Mapping[str, str], matter: Matter, *, named: bool
) -> tuple[Ground, ...]:
    """The grounds that agree with what was said of the place, or all when none does.

    Somebody on the spot overrules the map. Then what the register says of the road on the map
    is not said of the road that was meant, so its owners are left out, unless the asker `named`
    the road.
    """
    held = tuple(
        one for one in grounds if all(typed.get(name, value) == value for name, value in one.facts)
    )
    if held:
        return held
    if named:
        return tuple(grounds)
    on_roads = {fact.name for fact in matter.facts if fact.place and fact.place[:5] == "road:"}

    def told(one: Ground) -> Ground:
        overruled = any(
            name in on_roads and typed.get(name, value) != value for name, value in one.facts
        )
        return replace(one, owners=(), road=None) if overruled else one

    return tuple(dict.fromkeys(told(one) for one in grounds))


def _zone_value(one: PlaceFact, place: Place) -> str | None:
    for kind, grades in place.zones:
        if kind == one.name:
            # The values of a zone fact are listed in order of precedence. A grade that the fact
            # does not know is left to the officer rather than read as "none".
            if grades:
                return next((value for value in one.fact.values if value in grades), None)
            return NONE if NONE in one.fact.values else None
    return None


def _road_value(one: PlaceFact, place: Place) -> str | None:
    road, values = place.road, one.fact.values
    if road is None:
        return NONE if place.road_known and NONE in values else None
    found = getattr(road, one.name, None)
    if isinstance(found, bool):
        found = "yes" if found else "no"
    return found if isinstance(found, str) and found in values else None
