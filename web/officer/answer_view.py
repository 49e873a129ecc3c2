"""A resolution as the page shows it: nameplate, rows, card. Values in, plain values out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from markupsafe import Markup

from enforcement.changes import changes
from enforcement.resolution import Resolution
from geo.places import Area
from rules.model import UNKNOWN, Card, Deadline, Fact, Matter
from web.answer_words import (
    DIRECTIONS,
    DUTIES,
    FIRST_CONTACT_WHY,
    INTERIM_WHY,
    LEGAL_CLASSES,
    SEAMS,
    SIDES,
    duration,
)
from web.contract import (
    AreaOut,
    CandidateOut,
    DeadlineOut,
    PlaceOut,
    ReadingOut,
    ResolutionOut,
    RoadOut,
    TouchedOut,
)
from web.officer.reader import Reader
from web.officer.safe_text import shown
from web.officer.said import BY, FACT, Said

View = dict[str, Any]

# Outcomes whose plate has the amber edge
_DOUBTFUL = ("needs_facts", "contested", "vacant", "outside")
# Confidences that are said on the plate itself, in amber
_WEAK = ("L", "project")
_MOST_CHANGES = 12
# Where a Chinese name of a unit may break: behind a level of government or a body, before brackets
_PARTS = re.compile(r"(?<=街道)|(?<=市)(?!场)|(?<=[区局])|(?<=委员会)|(?<=支队)|(?=（)")


class AnswerView:
    """The parts of the page that tell one resolution to one reader."""

    def __init__(self, reader: Reader, said: Said, told: Resolution, given: ResolutionOut) -> None:
        self._reader = reader
        self._said = said
        self._told = told
        self._given = given
        book = reader.desk.district.book
        self._catalogue = book.catalogue
        self._matter: Matter = book.matter(given.matter)
        self._day = date.fromisoformat(given.on)

    def whole(self) -> View:
        """Everything that the answer step and the card show."""
        given, reader = self._given, self._reader
        basis = self.basis()
        limits = [self._limit(one) for one in given.deadlines]
        assist = self.assist()
        return {
            "plate": self.plate(),
            "possible": self.possible() if len(given.candidates) > 1 else [],
            "point": reader.t(given.enforcement_point),
            "assist": assist,
            "assist_short": reader.listed(dict.fromkeys(one["name"] for one in assist)),
            "because": self.because(),
            "because_short": reader.t(given.because[0].says) if given.because else "",
            "basis": basis,
            "basis_short": reader.listed(one["cite"] for one in basis),
            "readings": [self._reading(one) for one in given.readings],
            "changes": self.changes(),
            "rivals": self.rivals(),
            "open": self.open(),
            "open_short": reader.say("open.count", n=len(given.open)),
            "deadlines": limits,
            "deadlines_short": reader.listed(
                reader.say("deadline.short", step=one["step"], limit=one["limit"])
                for one in limits[:3]
            ),
            "guide": self.guide(),
            "site": self.site(),
            "place_short": reader.listed(
                (
                    self.place_short(),
                    _metres("place.border_short", given.place.border_m, reader),
                )
            ),
            "place_lines": self.place_lines(),
            "position": self.position(),
            "known": self.known(),
            "touches": self.touches(),
            "versions": self.versions(),
        }

    # --- the nameplate -----------------------------------------------------------------------

    def plate(self) -> View:
        """The unit, what it is here, whether it is the reader's, and what is doubtful."""
        given, reader = self._given, self._reader
        named = given.lead or given.interim
        role = reader.say(f"plate.{given.outcome}")
        doubts = self._doubts()
        unit = shown(reader.t(named.name) if named else reader.say("plate.nobody"))
        return {
            "unit": unit,
            "unit_parts": breakable(unit),
            "role": role,
            "edge": "doubt-edge" if given.outcome in _DOUBTFUL or self._weak() else "sure",
            "yours": None if named is None or given.asker is None else named.is_asker,
            "doubts": doubts,
            "under": self.under(),
            "on": given.on,
            "contact": named and named.contact,
        }

    def under(self) -> str:
        """What the plate is about: matter and place."""
        reader = self._reader
        parts = (reader.t(self._given.matter_name), self.place_short())
        return reader.say("list.dot").join(part for part in parts if part)

    def _weak(self) -> bool:
        """Whether the reader must not take the lead for settled law."""
        leading = [one.confidence for one in self._given.because if one.leads]
        return bool(self._given.readings) or any(one in _WEAK for one in leading)

    def _doubts(self) -> list[str]:
        given, reader = self._given, self._reader
        parts = []
        if given.seam is not None:
            roles = reader.listed(reader.t(one) for one in given.seam.role_names)
            said = reader.t(SEAMS[given.seam.kind])
            parts.append(reader.say("plate.of", said=said, of=roles) if roles else said)
        elif given.outcome == "contested":
            parts.append(reader.say("plate.contested_why"))
        elif given.outcome == "needs_facts":
            parts.append(reader.say("plate.unknown_why"))
        elif given.outcome == "outside":
            parts.append(reader.t(given.notices[-1]) if given.notices else "")
        if given.lead is None and given.interim is not None and given.outcome != "outside":
            why = INTERIM_WHY.get(given.interim.role or "", FIRST_CONTACT_WHY)
            parts.append(reader.t(why))
        if given.lead is not None:
            weakest = next(
                (one.confidence for one in given.because if one.leads and one.confidence != "H"), ""
            )
            parts.append(reader.doubt(weakest))
            if given.readings:
                parts.append(reader.say("plate.readings"))
        return [part[0].upper() + part[1:] for part in parts if part]

    def possible(self) -> list[str]:
        """The leads that are still possible."""
        return [self._candidate(one) for one in self._given.candidates]

    def _candidate(self, one: CandidateOut) -> str:
        reader = self._reader
        roles = reader.listed(reader.t(role) for role in one.role_names)
        if one.name is not None:
            return reader.say("plate.of", said=reader.t(one.name), of=roles)
        if one.outcome == "outside":
            return reader.say("place.outside")
        kind = "gap" if not one.roles else "vacancy" if len(one.roles) == 1 else "overlap"
        said = reader.t(SEAMS[kind])
        return reader.say("plate.of", said=said, of=roles) if roles else said

    # --- who, why, on what basis -------------------------------------------------------------

    def assist(self) -> list[View]:
        """Who assists and with what."""
        reader = self._reader
        return [
            {
                "name": reader.t(one.name),
                "duty": reader.t(DUTIES[one.duty]),
                "phone": one.contact.phone,
            }
            for one in self._given.assist
        ]

    def because(self) -> list[View]:
        """The rules that the answer rests on, those with a lead first."""
        reader = self._reader
        found = []
        for one in sorted(self._given.because, key=lambda one: not one.leads):
            matched = [self._labelled(name, value) for name, value in one.matched.items()]
            doubts = [reader.doubt(one.confidence), reader.t(one.note)]
            found.append(
                {
                    "says": reader.t(one.says),
                    "rule": one.rule,
                    "matched": reader.listed(matched),
                    "maybe": "" if one.sure else reader.say("why.maybe"),
                    "doubt": reader.say("list.stop").join(part for part in doubts if part),
                }
            )
        return found

    def _labelled(self, name: str, value: str) -> str:
        fact = self._matter.fact(name)
        return shown(value) if fact is None else self._reader.value(fact, value)

    def basis(self) -> list[View]:
        """The citations, each with the article's text where it was read."""
        reader = self._reader
        found = []
        for one in self._given.basis:
            law = self._catalogue.laws[one.law]
            text = law.articles.get(one.article)
            ends = law.period.ceases_on
            found.append(
                {
                    "cite": one.said(reader.prefs.lang),
                    "law": law.name.zh if text else reader.t(law.name),
                    "text": [part.strip() for part in text.split("\n")] if text else [],
                    "period": reader.say("basis.from", first=law.period.valid_from)
                    if ends is None
                    else reader.say("basis.period", first=law.period.valid_from, end=ends),
                }
            )
        return found

    def _reading(self, one: ReadingOut) -> View:
        reader = self._reader
        return {
            "says": reader.t(one.says),
            "unit": reader.t(one.name),
            "basis": reader.listed(basis.said(reader.prefs.lang) for basis in one.basis),
            "doubt": reader.doubt(one.confidence),
        }

    def rivals(self) -> list[str]:
        """The rules that hold too and gave way."""
        reader = self._reader
        return [
            reader.say("changes.rival", said=reader.t(one.says), winner=one.lost_to)
            for one in self._given.rivals
        ]

    def changes(self) -> list[View]:
        """The single facts that would lead to another unit, with the link that asks so."""
        reader, said = self._reader, self._said
        found = changes(self._told.question, self._told, reader.desk.district)
        return [
            {
                "when": reader.say("changes.when", value=reader.t(one.fact.values[one.value])),
                "fact": reader.t(one.fact.question),
                "unit": reader.say("changes.then", unit=_name(one.lead["name"], reader)),
                "link": said.with_fact(one.fact.name, one.value).address(),
            }
            for one in found[:_MOST_CHANGES]
        ]

    def open(self) -> list[View]:
        """What is not known and does not change the lead, each with the link that asks it."""
        facts = (self._matter.fact(name) for name in self._given.open)
        return [
            {
                "question": self._reader.t(fact.question),
                "link": self._said.to_step(FACT + fact.name).address(),
            }
            for fact in facts
            if fact is not None
        ]

    # --- by when, and what to do at the spot -------------------------------------------------

    def _limit(self, one: DeadlineOut) -> View:
        lang = self._reader.prefs.lang
        return {
            "step": one.step_en if lang == "en" else one.step,
            "limit": duration(one.limit, one.unit, lang),
            "basis": one.basis_en if lang == "en" else one.basis,
            "doubt": self._reader.doubt(one.confidence),
        }

    def guide(self) -> View | None:
        """The generalist's card of the matter, with the limits in force that day."""
        return guide(self._reader, self._matter.card, self._day)

    def site(self) -> list[View]:
        """The facts that the register of sites put in, each with why."""
        if self._given.site is None:
            return []
        return [
            {"value": self._labelled(one.fact, one.value), "says": self._reader.t(one.says)}
            for one in self._given.site.facts
        ]

    # --- where -------------------------------------------------------------------------------

    def place_short(self) -> str:
        """The place in a few words."""
        place, reader = self._given.place, self._reader
        parts = []
        area = place.street or place.neighbour
        if area is not None:
            parts.append(self.area(area))
        if place.community is not None:
            parts.append(shown(place.community.name, 40))
        if place.road is not None:
            parts.append(road_words(place.road, reader))
        if area is None:
            parts.append(reader.say("place.nowhere"))
        return reader.say("list.dot").join(parts)

    def area(self, area: AreaOut) -> str:
        """An area's name in the reader's language."""
        return area_name(area, self._reader, self._day)

    def place_lines(self) -> list[tuple[str, str]]:
        """What geography says, as pairs of name and value."""
        place, reader = self._given.place, self._reader
        lines = []

        def add(key: str, value: str) -> None:
            if value:
                lines.append((reader.say(f"place.{key}"), value))

        add("street", self.area(place.street) if place.street else "")
        add("neighbour", self.area(place.neighbour) if place.neighbour else "")
        add("community", shown(place.community.name, 60) if place.community else "")
        add("road", road_words(place.road, reader) if place.road else "")
        add("zones", self._zones(place))
        add("border", _metres("place.metres", place.border_m, reader))
        if place.lon is not None:
            by = self._said.place.get("by", "")
            add("accuracy", _metres("place.within", place.accuracy_m, reader))
            add("by", reader.say(f"by.{by}") if by in BY else "")
            add("position", self.position())
        add("editions", reader.listed(sorted(set(self._given.versions.layers.values()))))
        return lines

    def position(self) -> str:
        """Longitude and latitude as they are read out; nothing without a position."""
        place = self._given.place
        return "" if place.lon is None else f"{place.lon:.6f}, {place.lat:.6f}"

    def known(self) -> str:
        """The labels of what was said and of what the map knows, without what nobody knows."""
        facts = self._given.facts.items()
        labels = [self._labelled(name, value) for name, value in facts if value != UNKNOWN]
        return self._reader.listed(dict.fromkeys(labels))

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
        for matter in (self._matter, *self._catalogue.matters.values()):
            yield from (fact for fact in matter.facts if fact.place == f"zone:{kind}")

    def touches(self) -> list[View]:
        """The places that the accuracy circle touches, by share."""
        shares: dict[str, float] = {}
        for one in self._given.place.touches:
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
        parts = [self.area(area) if area else reader.say("place.nowhere")]
        if one.road is not None:
            parts.append(road_words(one.road, reader))
        return reader.say("list.dot").join(parts)

    def versions(self) -> str:
        """What answered, short enough to be printed."""
        given = self._given.versions
        layers = "; ".join(f"{kind} {name}" for kind, name in sorted(given.layers.items()))
        return self._reader.say(
            "card.versions", rules=given.rules[7:19], units=given.units[7:19], layers=layers
        )

    def codes(self) -> list[str]:
        """The streets that the place touches, for the map."""
        place = self._given.place
        touched = [place.street, *(one.street for one in place.touches)]
        return list(dict.fromkeys(one.code for one in touched if one is not None))


def guide(reader: Reader, card: Card | None, day: date) -> View | None:
    """A generalist's card: what to look at, what to secure, what to tell, what may be done."""
    if card is None:
        return None
    parts: list[View] = [
        {"title": reader.say(f"guide.{name}"), "lines": [reader.t(one) for one in lines]}
        for name, lines in (("look", card.look), ("evidence", card.evidence), ("tell", card.tell))
        if lines
    ]
    spot = None
    if card.on_the_spot is not None:
        spot = {
            "says": reader.say("guide.may" if card.on_the_spot else "guide.may_not"),
            "limits": _ceilings(reader, card.on_the_spot_limits, day) if card.on_the_spot else [],
            "note": reader.t(card.on_the_spot_note),
        }
    return {"parts": parts, "spot": spot, "short": reader.listed(one["title"] for one in parts)}


def _ceilings(reader: Reader, deadlines: Sequence[Deadline], day: date) -> list[View]:
    lang = reader.prefs.lang
    found = []
    for one in deadlines:
        limit = one.on(day)
        if limit is None or limit.limit is None:
            continue
        found.append(
            {
                "step": reader.t(one.step),
                "limit": duration(limit.limit, limit.unit, lang),
                "basis": reader.listed(basis.cited(lang) for basis in limit.basis),
                "doubt": reader.doubt(limit.confidence),
            }
        )
    return found


def breakable(name: str) -> Markup:
    """A unit's name that breaks between its parts: 布吉街道 / 综合行政执法队."""
    return Markup("<wbr>").join(part for part in _PARTS.split(name) if part)


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


def _name(name: Mapping[str, str], reader: Reader) -> str:
    return name["en"] if reader.prefs.lang == "en" else name["zh"]
