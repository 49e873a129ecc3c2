"""The names of what a case mentions: people, units, facts, places, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask import current_app, url_for

from enforcement.errors import NoSuchSite
from enforcement.ladder import successor
from enforcement.policies import POST_NAMES, Post
from enforcement.questions import ROAD_FACT, STREET_FACT
from enforcement.services.people import list_accounts
from enforcement.store.cases import CaseRow
from enforcement.store.people import AccountRow
from rules.errors import UnknownMatter
from rules.model import UNKNOWN, Fact, Matter, Text
from web.answer_words import UNKNOWN_LABEL, duration
from web.ledger.core import Core
from web.officer.plate_view import breakable
from web.officer.safe_text import shown

LONGEST_TEXT = 4000
CLOCK_ID = "clock"
FIELD = (Post.OFFICER, Post.HANDLER)
"""Posts that can be in charge of a case, or be the second officer of an inspection."""


class Names:
    """Names for one page; people are read once."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._people: dict[str, AccountRow] | None = None

    def _accounts(self) -> dict[str, AccountRow]:
        if self._people is None:
            self._people = {one.id: one for one in list_accounts(self._core.ledger.store)}
        return self._people

    def person(self, id_: str | None) -> str:
        """Who an account is; the account itself when it is not there any more."""
        if id_ is None:
            return ""
        if id_ == CLOCK_ID:
            return self._core.t(POST_NAMES[Post.CLOCK])
        found = self._accounts().get(id_)
        return shown(id_, 64) if found is None else self._core.called(found.name)

    def colleagues(self, unit: str | None) -> list[tuple[str, str]]:
        """The officers and handlers of a unit that may act now, as account and name."""
        return [
            (one.id, self._core.called(one.name))
            for one in self._accounts().values()
            if unit is not None
            and one.unit == unit
            and one.active
            and (not one.demo or self._core.desk.settings.demo)
            and one.held_posts & set(FIELD)
        ]

    def unit(self, id_: str | None) -> str:
        """A unit's name today."""
        return self._core.unit(id_)

    def unit_parts(self, id_: str) -> str:
        """A unit's name that breaks between its parts."""
        return breakable(self._core.unit(id_))

    def units(self, ids: Iterable[str]) -> str:
        """Units in a sentence."""
        return self._core.say("comma").join(self._core.unit(one) for one in ids)

    def heir(self, unit: str) -> str | None:
        """The unit that goes on with what the unit held, as it is today."""
        found = successor(unit, self._core.desk.district.registry, self._core.today)
        return None if found is None else found.id

    # --- facts -----------------------------------------------------------------------------

    def matter(self, code: str) -> Matter | None:
        """The matter, or None when the book has it no more."""
        try:
            return self._core.desk.district.book.matter(code)
        except UnknownMatter:
            return None

    def value(self, matter: Matter | None, name: str, value: str) -> str:
        """What a fact's value says."""
        core = self._core
        if value == UNKNOWN:
            return core.t(UNKNOWN_LABEL)
        if name == STREET_FACT:
            return self.street(value) or shown(value, 40)
        fact: Fact | None = None if matter is None else matter.fact(name)
        label = None if fact is None else fact.values.get(value)
        if label is not None:
            return core.t(label)
        unit = "" if fact is None or not fact.unit else f" {fact.unit}"
        return shown(value, 40) + unit

    def facts(self, code: str, facts: Mapping[str, str]) -> str:
        """Facts in a sentence: what each says, without what nobody knows."""
        matter = self.matter(code)
        said = [
            self.value(matter, name, str(value))
            for name, value in facts.items()
            if value != UNKNOWN and name != ROAD_FACT
        ]
        return self._core.say("comma").join(dict.fromkeys(said))

    # --- place -----------------------------------------------------------------------------

    def street(self, code: str | None) -> str:
        """A street's name; nothing when the district has it not."""
        named: list[tuple[date, Text]] = [
            (one.period.valid_from, one.name)
            for one in self._core.desk.district.settings.streets
            if one.code == code
        ]
        return self._core.t(max(named, key=lambda one: one[0])[1]) if named else ""

    def place(self, answer: Mapping[str, Any]) -> str:
        """Where it is: street, community, road with its stake."""
        core = self._core
        place = answer.get("place") or {}
        street, community, road = (place.get(k) or {} for k in ("street", "community", "road"))
        parts = [
            self.street(street.get("code")) or shown(street.get("name") or "", 60),
            shown(community.get("name") or "", 60),
            " ".join(shown(road[part], 60) for part in ("name", "ref", "stake") if road.get(part)),
        ]
        return core.say("dot").join(part for part in parts if part)

    def site(self, case: CaseRow) -> dict[str, str] | None:
        """The case's site: its name, and its address where there is a page for it."""
        if case.site_id is None:
            return None
        try:
            name = self._core.desk.kept.site(case.site_id).name
        except NoSuchSite:
            name = case.site_id
        has_page = "ledger.site" in current_app.view_functions
        link = url_for("ledger.site", id_=case.site_id) if has_page else ""
        return {"name": shown(name, 80), "link": link}

    def limit(self, limit: float, unit: str) -> str:
        """A limit as people say it."""
        return duration(limit, unit, self._core.prefs.lang)

    # --- texts that carry both languages -------------------------------------------------------

    def said(self, text: Mapping[str, str] | None, longest: int = 600) -> str:
        """The reader's half of a frozen text."""
        if not text:
            return ""
        return shown(text.get("en" if self._core.prefs.lang == "en" else "zh", ""), longest)

    def both(self, text: str) -> str:
        """The reader's half of a line that is written zh / en."""
        return self._core.half(text, LONGEST_TEXT)

    def term_basis(self, id_: str, day: date, written: str) -> str:
        """What a limit rests on: as it was written then, or as English readers cite it."""
        if self._core.prefs.lang != "en" or " / " in written:
            return self.both(written)
        found = self._core.ledger.deadlines.get(id_)
        limit = None if found is None else found.on(day)
        cites = () if limit is None else limit.basis
        same = "；".join(one.cite for one in cites) == written
        return "; ".join(one.cited("en") for one in cites) if cites and same else shown(written)

    def term_step(self, id_: str, written: str) -> str:
        """What a limit is for."""
        found = self._core.ledger.deadlines.get(id_)
        if self._core.prefs.lang != "en" or found is None or found.step.zh != written:
            return shown(written, 200)
        return shown(found.step.en, 200)


def capital(text: str) -> str:
    """The text with a large first letter, where the letters have any."""
    return text[:1].upper() + text[1:]


def lines_of(text: str, longest: int = LONGEST_TEXT) -> str:
    """What somebody wrote, fit to be shown, in the lines in which it was written."""
    return "\n".join(shown(line, longest) for line in text[:longest].splitlines())
