"""The nameplate: the unit, what it is here, whether it is the reader's, and what is doubtful."""

from __future__ import annotations

import re
from typing import Any

from markupsafe import Markup

from web.answer_words import FIRST_CONTACT_WHY, INTERIM_WHY, SEAMS
from web.contract import CandidateOut, ResolutionOut
from web.officer.question_view import asks_which_road
from web.officer.reader import Reader
from web.officer.safe_text import shown

View = dict[str, Any]

# Outcomes whose plate has the amber edge
_DOUBTFUL = ("needs_facts", "contested", "vacant", "outside")
# Confidences that are said on the plate itself, in amber
_WEAK = ("L", "project")
# Where a Chinese name of a unit may break: behind a level of government or a body, before brackets
_PARTS = re.compile(r"(?<=街道)|(?<=市)(?!场)|(?<=[区局])|(?<=委员会)|(?<=支队)|(?=（)")


class PlateView:
    """The nameplate of one answer; `place` is the place in a few words."""

    def __init__(self, reader: Reader, given: ResolutionOut, *, place: str) -> None:
        self._reader = reader
        self._given = given
        self._place = place

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
        parts = (reader.t(self._given.matter_name), self._place)
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
            which_road = asks_which_road(given)
            parts.append(reader.say("question.which_road" if which_road else "plate.unknown_why"))
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


def breakable(name: str) -> Markup:
    """A unit's name that breaks between its parts: 布吉街道 / 综合行政执法队."""
    return Markup("<wbr>").join(part for part in _PARTS.split(name) if part)
