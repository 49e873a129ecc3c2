"""The place of an answer in words: street, road, zones, the border, what the circle touches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from geo.places import Area
from rules.model import Fact, Matter
from web.answer_words import DIRECTIONS, LEGAL_CLASSES, SIDES
from web.contract import AreaOut, PlaceOut, RoadOut, TouchedOut
from web.officer.reader import Reader
from web.officer.safe_text import shown

View = dict[str, Any]


class PlaceView:
    """The place of one answer, for one reader. `by` says where a position came from, or ""."""

    def __init__(
        self,
        reader: Reader,
        place: PlaceOut,
        *,
        matter: Matter,
        day: date,
        by: str,
        editions: Mapping[str, str],
    ) -> None:
        self._reader = reader
        self._place = place
        self._matter = matter
        self._day = day
        self._by = by
        self._editions = editions

    def short(self) -> str:
        """The place in a few words."""
        place, reader = self._place, self._reader
        parts = []
        area = place.street or place.neighbour
        if area is not None:
            parts.append(self._area(area))
        if place.community is not None:
            parts.append(shown(place.community.name, 40))
        if place.road is not None:
            parts.append(road_words(place.road, reader))
        if area is None:
            parts.append(reader.say("place.nowhere"))
        return reader.say("list.dot").join(parts)

    def with_border(self) -> str:
        """The same, and how far the nearest street border is."""
        found = self._place.border_m
        if found is None:
            return self.short()
        border = self._reader.say("place.border_short", m=f"{found:.0f}", area=self._areas())
        return self._reader.listed((self.short(), border))

    def _areas(self) -> str:
        """What the areas are called that the district is divided into."""
        return self._reader.t(self._reader.desk.district.settings.streets_are)

    def _area(self, area: AreaOut) -> str:
        """An area's name in the reader's language."""
        return area_name(area, self._reader, self._day)

    def lines(self) -> list[tuple[str, str]]:
        """What geography says, as pairs of name and value."""
        place, reader = self._place, self._reader
        lines = []

        def add(key: str, value: str) -> None:
            if value:
                lines.append((reader.say(f"place.{key}", area=self._areas()), value))

        add("street", self._area(place.street) if place.street else "")
        add("neighbour", self._area(place.neighbour) if place.neighbour else "")
        add("community", shown(place.community.name, 60) if place.community else "")
        add("road", road_words(place.road, reader) if place.road else "")
        add("zones", self._zones(place))
        add("border", _metres("place.metres", place.border_m, reader))
        if place.lon is not None:
            add("accuracy", _metres("place.within", place.accuracy_m, reader))
            add("by", reader.say(f"by.{self._by}") if self._by else "")
            add("position", self.position())
        add("editions", reader.listed(sorted(set(self._editions.values()))))
        return lines

    def position(self) -> str:
        """Longitude and latitude as they are read out; nothing without a position."""
        place = self._place
        return "" if place.lon is None else f"{place.lon:.6f}, {place.lat:.6f}"

    def _zones(self, place: PlaceOut) -> str:
        reader = self._reader
        found = []
        for kind, grades in place.zones.items():
            fact = next(self._facts_of_zone(kind), None)
            for grade in grades:
                label = None if fact is None else fact.values.get(grade)
                found.append(reader.t(label) if label else shown(f"{kind} {grade}", 40))
        return reader.listed(dict.fromkeys(found))

    def _facts_of_zone(self, kind: str) -> Iterator[Fact]:
        for matter in (self._matter, *self._reader.desk.district.book.catalogue.matters.values()):
            yield from (fact for fact in matter.facts if fact.place == f"zone:{kind}")

    def touches(self) -> list[View]:
        """The places that the accuracy circle touches, by share."""
        shares: dict[str, float] = {}
        for one in self._place.touches:
            name = self._touched(one)
            shares[name] = shares.get(name, 0.0) + one.share
        if len(shares) < 2:
            return []
        return [
            {"name": name, "percent": round(share * 100), "share": f"{share:.0%}"}
            for name, share in shares.items()
        ]

    def _touched(self, one: TouchedOut) -> str:
        reader = self._reader
        area = one.street or one.neighbour
        parts = [self._area(area) if area else reader.say("place.nowhere")]
        if one.road is not None:
            parts.append(road_words(one.road, reader))
        return reader.say("list.dot").join(parts)


def area_name(area: Area | AreaOut, reader: Reader, day: date) -> str:
    """The area's name in the reader's language where the district's settings have it."""
    settings = reader.desk.district.settings
    for street in settings.streets:
        if street.code == area.code and street.period.covers(day):
            return reader.t(street.name)
    for neighbour in settings.neighbours:
        if neighbour.code == area.code and neighbour.period.covers(day):
            return reader.t(neighbour.name)
    return shown(area.name, 60)


def road_words(road: RoadOut, reader: Reader) -> str:
    """A road and where on it."""
    name = " ".join(part for part in (road.ref, road.name) if part) or road.segment
    parts = [shown(f"{name} {road.stake}" if road.stake else name, 80)]
    for known, code in ((DIRECTIONS, road.direction), (SIDES, road.side)):
        if code is not None and code in known:
            parts.append(reader.t(known[code]))
    legal = LEGAL_CLASSES.get(road.legal_class)
    if legal is not None and road.legal_class != "unknown":
        parts.append(reader.t(legal))
    return reader.say("list.space").join(parts)


def _metres(key: str, metres: float | None, reader: Reader) -> str:
    return "" if metres is None else reader.say(key, m=f"{metres:.0f}")
