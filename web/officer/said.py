"""What an officer has said so far, exactly as the address of the page carries it.

Nothing is remembered between two pages but preferences: an address can be reloaded, shared, opened
in a new session or after a restart, and says the same. Texts come from outside and are cut to a
length here; whether they mean anything is checked in `web.asking`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from web.asking import Asked

LONGEST = 200
MOST_FACTS = 40
MOST_ALSO = 6
FACT = "fact."
AMONG = "among."
WHERE = ("at", "accuracy", "by", "road", "stake", "direction", "cross", "area", "site")
"""The parts of a place; `by` says where a position came from: gps, hand or map."""
BY = ("gps", "hand", "map")
DAYS = ("on", "occurred_on")
_TOKEN = re.compile(r"[A-Za-z0-9_.\-]{1,80}")

Facts = tuple[tuple[str, str], ...]
Among = tuple[tuple[str, tuple[str, ...]], ...]
"""Names of facts, each with the values that alone are worth showing when it is asked."""


@dataclass(frozen=True, slots=True)
class Thing:
    """One matter at the place, and what is known of it."""

    matter: str
    facts: Facts = ()

    @property
    def token(self) -> str:
        """The thing as one text in an address, like food.safety;stage=catering."""
        return ";".join((self.matter, *(f"{name}={value}" for name, value in self.facts)))

    @classmethod
    def parsed(cls, token: str) -> Thing | None:
        """The thing that a token names; None for what is no token."""
        matter, *pairs = token[: LONGEST * 4].split(";")
        facts = [tuple(pair.split("=", 1)) for pair in pairs if pair]
        words = [matter, *(word for pair in facts for word in pair)]
        if any(len(pair) != 2 for pair in facts) or not all(map(_TOKEN.fullmatch, words)):
            return None
        return cls(matter, tuple((name, value) for name, value in facts))


@dataclass(frozen=True, slots=True)
class Said:
    """Everything in the address of the page. Empty texts count as nothing said."""

    thing: Thing | None = None
    where: Facts = ()
    days: Facts = ()
    asker: str | None = None
    also: tuple[Thing, ...] = ()
    words: str = ""
    step: str = ""
    among: Among = ()

    @classmethod
    def read(cls, args: MultiDict[str, str]) -> Said:
        """What the query of an address says; keys that it does not know are left out."""
        matter = _text(args, "matter")
        facts = {
            name[len(FACT) :][:LONGEST]: value[:LONGEST]
            for name, value in args.items(multi=True)
            if name.startswith(FACT) and value
        }
        things = (Thing.parsed(token) for token in args.getlist("also")[:MOST_ALSO])
        return cls(
            thing=Thing(matter, tuple(facts.items())[:MOST_FACTS]) if matter else None,
            where=_pairs(args, WHERE),
            days=_pairs(args, DAYS),
            asker=_text(args, "asker") or None,
            also=tuple(dict.fromkeys(thing for thing in things if thing is not None)),
            words=args.get("q", "")[: LONGEST * 2],
            step=_text(args, "step"),
            among=tuple(
                (name[len(AMONG) :][:LONGEST], tuple(values[: LONGEST * 4].split(",")))
                for name, values in args.items()
                if name.startswith(AMONG) and values
            )[:MOST_FACTS],
        )

    # --- reading ---------------------------------------------------------------------------

    @property
    def place(self) -> Mapping[str, str]:
        """The parts of the place by name."""
        return dict(self.where)

    @property
    def on(self) -> str | None:
        """The day handled as it was written, or None for today."""
        return dict(self.days).get("on")

    @property
    def has_place(self) -> bool:
        """Whether enough was said to look for a place."""
        place = self.place
        return any(name in place for name in ("at", "area", "site")) or (
            "road" in place and ("stake" in place or "cross" in place)
        )

    def asked(self, thing: Thing, asker: str | None) -> Asked:
        """The question about one of the things here; a junction must have become `at` before."""
        place, days = self.place, dict(self.days)
        ways = {name: place.get(name) for name in ("at", "road", "area", "site")}
        first = next((name for name, text in ways.items() if text is not None), None)
        return Asked(
            matter=thing.matter,
            facts=dict(thing.facts),
            at=ways["at"],
            accuracy=place.get("accuracy") if first == "at" else None,
            road=ways["road"] if first == "road" else None,
            stake=place.get("stake") if first == "road" else None,
            direction=place.get("direction") or None if first == "road" else None,
            area=ways["area"] if first == "area" else None,
            site=ways["site"] if first == "site" else None,
            asker=asker,
            on=days.get("on"),
            occurred_on=days.get("occurred_on"),
        )

    # --- what would be said next -------------------------------------------------------------

    def about(
        self, matter: str | None, facts: Iterable[tuple[str, str]] = (), among: Among = ()
    ) -> Said:
        """The same place and day with another matter; None starts the choice again."""
        thing = None if matter is None else Thing(matter, tuple(facts))
        return replace(self, thing=thing, words="", step="", among=among)

    def unnarrowed(self) -> Said:
        """The same with every value of a question shown."""
        return replace(self, among=())

    def with_fact(self, name: str, value: str) -> Said:
        """With one more fact, or another value of it."""
        if self.thing is None:
            return self
        facts = dict(self.thing.facts) | {name: value}
        return replace(self, thing=Thing(self.thing.matter, tuple(facts.items())), step="")

    def without_fact(self, name: str) -> Said:
        """With one fact taken back, so that it is asked again if it matters."""
        if self.thing is None:
            return self
        facts = tuple(pair for pair in self.thing.facts if pair[0] != name)
        return replace(self, thing=Thing(self.thing.matter, facts), step="")

    def at(self, where: Mapping[str, str]) -> Said:
        """The same things at another place; what was said to settle the old place is dropped."""
        pairs = tuple((name, where[name]) for name in WHERE if where.get(name))
        thing = self.thing
        if thing is not None:
            kept = tuple(pair for pair in thing.facts if not pair[0].startswith("place."))
            thing = Thing(thing.matter, kept)
        return replace(self, thing=thing, where=pairs, step="")

    def to_step(self, step: str) -> Said:
        """The same, shown at a step that is already answered."""
        return replace(self, step=step)

    def on_day(self, on: str | None, occurred_on: str | None = None) -> Said:
        """The same question for another day; None for today."""
        days = (("on", on), ("occurred_on", occurred_on))
        return replace(self, days=tuple((name, day) for name, day in days if day))

    def kept_aside(self) -> Said:
        """The present thing put beside, and the choice of another one at the same place."""
        if self.thing is None:
            return self
        also = tuple(dict.fromkeys((*self.also, self.thing)))[-MOST_ALSO:]
        return replace(self, thing=None, also=also, words="", step="", among=())

    def turned_to(self, thing: Thing) -> Said:
        """One of the things beside made the present one."""
        others = (*(one for one in self.also if one != thing), self.thing)
        kept = tuple(dict.fromkeys(one for one in others if one is not None))
        return replace(self, thing=thing, also=kept, step="", among=())

    def dropped(self, thing: Thing) -> Said:
        """Without one of the things beside."""
        return replace(self, also=tuple(one for one in self.also if one != thing))

    # --- writing -----------------------------------------------------------------------------

    def pairs(self, *without: str) -> list[tuple[str, str]]:
        """The address as names and values in a fixed order, for links and hidden fields.

        `without` leaves out names or the groups "where", "facts", "days", "also".
        """
        found: list[tuple[str, str]] = []
        if self.thing is not None:
            found.append(("matter", self.thing.matter))
            if "facts" not in without:
                found += [(FACT + name, value) for name, value in self.thing.facts]
            found += [(AMONG + name, ",".join(values)) for name, values in self.among]
        if "where" not in without:
            found += self.where
        if "days" not in without:
            found += self.days
        if self.asker:
            found.append(("asker", self.asker))
        if "also" not in without:
            found += [("also", thing.token) for thing in self.also]
        if self.step:
            found.append(("step", self.step))
        if self.words:
            found.append(("q", self.words))
        return [pair for pair in found if pair[0] not in without]

    def address(self, path: str = "/") -> str:
        """The address of a page that says this."""
        query = urlencode(self.pairs())
        return f"{path}?{query}" if query else path


def _text(args: MultiDict[str, str], name: str) -> str:
    return args.get(name, "").strip()[:LONGEST]


def _pairs(args: MultiDict[str, str], names: Iterable[str]) -> Facts:
    return tuple((name, text) for name in names if (text := _text(args, name)))
