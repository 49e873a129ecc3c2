"""A resolution as the page shows it: nameplate, rows, card. Values in, plain values out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from enforcement.resolution import Resolution
from enforcement.whatif import WhatIf, what_if
from rules.model import UNKNOWN, Matter
from web.answer_words import DUTIES, duration
from web.contract import DeadlineOut, ReadingOut, ResolutionOut
from web.officer.guide_view import guide
from web.officer.place_view import PlaceView
from web.officer.plate_view import PlateView
from web.officer.reader import Reader
from web.officer.safe_text import shown
from web.officer.said import BY, FACT, Said

View = dict[str, Any]
_MOST_CHANGES = 12


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
        by = said.place.get("by", "")
        self._where = PlaceView(
            reader,
            given.place,
            matter=self._matter,
            day=self._day,
            by=by if by in BY else "",
            editions=given.versions.layers,
        )
        self.plate = PlateView(reader, given, place=self._where.short())

    def whole(self) -> View:
        """Everything that the answer step and the card show."""
        given, reader = self._given, self._reader
        basis = self.basis()
        limits = [self._limit(one) for one in given.deadlines]
        assist = self.assist()
        return {
            "plate": self.plate.plate(),
            "possible": self.plate.possible() if len(given.candidates) > 1 else [],
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
            "guide": guide(reader, self._matter.card, self._day),
            "site": self.site(),
            "place_short": self._where.with_border(),
            "place_lines": self._where.lines(),
            "position": self._where.position(),
            "known": self.known(),
            "touches": self._where.touches(),
            "versions": self.versions(),
        }

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
        """The fewest facts that would lead to another unit, with the link that asks so."""
        return [self._change(one) for one in what_if(self._told)[:_MOST_CHANGES]]

    def _change(self, one: WhatIf) -> View:
        reader, said = self._reader, self._said
        labels = []
        for fact, values in one.facts:
            said = said.with_fact(fact.name, values[0])
            some = (reader.t(fact.values[value]) for value in values)
            labels.append(reader.say("changes.or").join(some))
        unit = reader.say("changes.nobody")
        if one.lead is not None:
            unit = reader.say("changes.then", unit=_name(one.lead["name"], reader))
        return {
            "when": reader.say("changes.when", value=reader.listed(labels)),
            "fact": reader.say("list.space").join(reader.t(fact.question) for fact, _ in one.facts),
            "unit": unit,
            "link": said.address(),
        }

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

    def _limit(self, one: DeadlineOut) -> View:
        lang = self._reader.prefs.lang
        return {
            "step": one.step_en if lang == "en" else one.step,
            "limit": duration(one.limit, one.unit, lang),
            "basis": one.basis_en if lang == "en" else one.basis,
            "doubt": self._reader.doubt(one.confidence),
        }

    def site(self) -> list[View]:
        """The facts that the register of sites put in, each with why."""
        if self._given.site is None:
            return []
        return [
            {"value": self._labelled(one.fact, one.value), "says": self._reader.t(one.says)}
            for one in self._given.site.facts
        ]

    def known(self) -> str:
        """The labels of what was said and of what the map knows, without what nobody knows."""
        facts = self._given.facts.items()
        labels = [self._labelled(name, value) for name, value in facts if value != UNKNOWN]
        return self._reader.listed(dict.fromkeys(labels))

    def versions(self) -> str:
        """What answered, short enough to be printed."""
        given = self._given.versions
        layers = "; ".join(f"{kind} {name}" for kind, name in sorted(given.layers.items()))
        return self._reader.say(
            "card.versions", rules=given.rules[7:19], units=given.units[7:19], layers=layers
        )

    def safety(self) -> View | None:
        """What to do at once and whom to call, or None."""
        given, reader = self._given.safety, self._reader
        if given is None:
            return None
        calls = [{"who": reader.t(one), "phone": one.phone} for one in given.call]
        return {"says": reader.t(given), "calls": calls}

    def notices(self) -> list[str]:
        """Notices but for those that stand elsewhere: made-up data, who runs a place outside."""
        first = 1 if self._reader.desk.district.settings.schematic else 0
        last = -1 if self._given.outcome == "outside" else None
        return [shown(self._reader.t(one), 300) for one in self._given.notices[first:last]]


def _name(name: Mapping[str, str], reader: Reader) -> str:
    return name["en"] if reader.prefs.lang == "en" else name["zh"]
