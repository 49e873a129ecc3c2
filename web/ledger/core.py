"""What all pages of the ledger have in common: who asks, in which words, and how an act is done.

A page is a GET. An act is a POST that carries a token (this person's own form), and a key made when
the form was shown: sent twice, it is done once. What is refused comes back as the form, with what
was typed still in it and the reason above.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from flask import Response, redirect, request, url_for
from flask_wtf.csrf import generate_csrf

from enforcement.ledger_events import Order
from enforcement.policies import POST_NAMES, Action, Actor, Parties, Post, may
from enforcement.services.ledger import Done, Ledger
from enforcement.units import Unit
from rules.errors import Fault
from rules.model import Text
from web.desk import Desk
from web.errors import BadInput, faults_of, meaning_of
from web.ledger.people import Person, person
from web.ledger.words import ledger_words
from web.officer.bundle import icon
from web.officer.origin import local
from web.officer.preferences import Preferences
from web.officer.safe_text import shown
from web.opening import ledger_of
from web.pages import NEVER_KEPT, html_page, preferences

LONGEST_KEY = 64
LARGEST_NUMBER = 2**31 - 1
"""No database numbers anything higher; in the address of a page it is no page."""

CLIENT_FAULTS = range(400, 500)
"""Statuses of refusals that a person can mend: the form comes back with them."""

Faults = Sequence[Fault]


@dataclass(frozen=True, slots=True)
class Entry:
    """A page in the navigation: its endpoint, the key of its words, and who is shown it.

    `waits` says how much waits there; it is asked on the first page alone. `below` is how the
    routes of the pages that lie below it begin.
    """

    endpoint: str
    key: str
    shown_to: Callable[[Actor], bool]
    waits: Callable[[], str] | None = None
    below: tuple[str, ...] = ()


class Core:
    """The ledger of a desk, and what its pages are rendered with."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._entries: list[Entry] = []

    @cached_property
    def ledger(self) -> Ledger:
        """The ledger, opened when first needed."""
        return ledger_of(self.desk)

    # --- who -----------------------------------------------------------------------------------

    @property
    def me(self) -> Person:
        """Who is logged in; the blueprint lets nobody else reach a page."""
        found = person()
        if found is None:
            raise AssertionError("a page of the ledger was reached by nobody")
        return found

    @property
    def actor(self) -> Actor:
        """Who acts."""
        return self.me.actor

    def may(self, action: Action) -> bool:
        """Whether the person may do this to any case, whoever has to do with it."""
        return may(self.actor, action, Parties())

    def reads(self) -> Order:
        """The order under which a page is read; a refusal is recorded with it."""
        return Order(self.actor, self.desk.now(), f"read:{uuid.uuid4().hex}")

    def acts(self) -> Order:
        """The order of a form; raises `BadInput` when its key is missing."""
        key = request.form.get("key", "")
        if not 16 <= len(key) <= LONGEST_KEY or not key.isalnum():
            raise BadInput(
                [
                    Fault(
                        "key",
                        "缺少防重复标记；请重新打开页面",
                        "the page's mark is missing; reload the page",
                    )
                ]
            )
        return Order(self.actor, self.desk.now(), f"{self.actor.id}:{key}")

    def number_asked(self, name: str) -> int | None:
        """A number in the address, such as the last one of the page before; None for no number."""
        given = request.args.get(name, "")
        if not given.isdecimal() or len(given) > len(str(LARGEST_NUMBER)):
            return None
        number = int(given)
        return number if number <= LARGEST_NUMBER else None

    # --- words ---------------------------------------------------------------------------------

    @property
    def prefs(self) -> Preferences:
        """The reader's language, theme and size of type."""
        return preferences(self.desk)

    def t(self, text: Text | Any | None) -> str:  # noqa: ANN401 - anything with zh and en
        """The text in the reader's language; nothing for None."""
        if text is None:
            return ""
        return str(text.en if self.prefs.lang == "en" else text.zh)

    def say(self, key: str, **values: object) -> str:
        """The words of a key."""
        return ledger_words().say(key, self.prefs.lang, values)

    def half(self, text: str, longest: int) -> str:
        """The reader's half of a text that is written 甲 / A; the text where it has one half."""
        zh, slash, en = text.partition(" / ")
        return shown(en if slash and self.prefs.lang == "en" else zh, longest)

    def called(self, name: str) -> str:
        """A person's name."""
        return self.half(name, 60)

    def unit(self, id_: str | None) -> str:
        """A unit's name today; its id when the district has it no more."""
        found = None if id_ is None else self.desk.district.registry.units.get(id_)
        if found is None:
            return "" if id_ is None else shown(id_)
        return shown(self.t(found.name(self.today)), 80)

    @property
    def today(self) -> date:
        """The day in the district."""
        return self.desk.now().astimezone(self.ledger.settled.zone).date()

    def posts(self, posts: Iterable[Post]) -> list[str]:
        """The names of posts."""
        return [self.t(POST_NAMES[post]) for post in sorted(posts)]

    def units(self, *, kinds: Sequence[str] = ("org",)) -> list[dict[str, str]]:
        """The units that exist today, by name, for a choice in a form."""
        found: list[Unit] = [
            one
            for one in self.desk.district.registry.units.values()
            if one.kind.value in kinds and one.period.covers(self.today)
        ]
        named = [{"id": one.id, "name": self.unit(one.id)} for one in found]
        return sorted(named, key=lambda one: one["name"])

    def moment(self, at: datetime | None) -> str:
        """A moment as the district's clocks show it."""
        if at is None:
            return ""
        return at.astimezone(self.ledger.settled.zone).strftime("%Y-%m-%d %H:%M")

    # --- navigation ------------------------------------------------------------------------------

    def offer(self, *entries: Entry) -> None:
        """Put pages into the navigation, in the order in which the groups are joined."""
        self._entries += entries

    def nav(self, *, waits: bool = False) -> list[dict[str, Any]]:
        """The pages that this person is shown: words `nav.<key>` and `nav.<key>.what`.

        `here` is what `aria-current` says of it: the page itself, or where the page belongs.
        """
        entries = [one for one in self._entries if one.shown_to(self.actor)]
        above = _above("" if request.url_rule is None else request.url_rule.rule, entries)
        return [
            {
                "address": url_for(one.endpoint),
                "name": self.say(f"nav.{one.key}"),
                "what": self.say(f"nav.{one.key}.what"),
                "here": "page" if request.endpoint == one.endpoint else "true" * (one is above),
                "waits": one.waits() if waits and one.waits else "",
            }
            for one in entries
        ]

    # --- pages ---------------------------------------------------------------------------------

    def page(self, template: str, status: int = 200, **values: Any) -> Response:  # noqa: ANN401 - whatever the template shows
        """A page of `templates/ledger`."""
        found = person()
        return html_page(
            self.desk,
            f"ledger/{template}",
            status,
            kept=NEVER_KEPT,
            me=found,
            my_name="" if found is None else self.called(found.account.name),
            my_unit=None if found is None else self.unit(found.actor.unit),
            my_posts=[] if found is None else self.posts(found.actor.posts),
            nav=self.nav,
            say=self.say,
            t=self.t,
            unit=self.unit,
            moment=self.moment,
            icon=icon,
            csrf=generate_csrf,
            new_key=lambda: uuid.uuid4().hex,
            here=local(request.full_path.rstrip("?")),
            demo=self.desk.settings.demo,
            **values,
        )

    def doing(
        self,
        act: Callable[[Order], Done],
        *,
        then: Callable[[Done], str],
        again: Callable[[Mapping[str, str], Faults, int], Response],
    ) -> Response:
        """Do an act and go on to the address `then`; what is refused is shown by `again`.

        `again` gets what was typed, the faults, and the status to answer with.
        """
        try:
            done = act(self.acts())
        except Exception as error:
            status = meaning_of(error).status
            if status not in CLIENT_FAULTS:
                raise
            return again(request.form, faults_of(error), status)
        return self.to(then(done))

    def to(self, address: str) -> Response:
        """On to another page of this server, by GET."""
        answer = redirect(local(address), 303)
        return Response(answer.get_data(), 303, dict(answer.headers))

    def said(self, faults: Faults) -> list[str]:
        """What went wrong, in the reader's words."""
        return [shown(self._with_names(self.t(one))) for one in faults]

    def _with_names(self, text: str) -> str:
        """A refusal that calls the reader and the reader's unit by their names, not their ids."""
        found = person()
        if found is None:
            return text
        id_, unit = found.actor.id, found.actor.unit or ""
        name, named = self.called(found.account.name), self.unit(found.actor.unit)
        for before, between in (("（", "，"), (" (", ", ")):
            text = text.replace(f"{id_}{before}{unit}{between}", f"{name}{before}{named}{between}")
        return text

    def login_address(self) -> str:
        """Where to log in, and to come back from."""
        here = request.full_path.rstrip("?") if request.method == "GET" else url_for("ledger.home")
        return url_for("ledger.login", next=local(here))


def _above(route: str, entries: Sequence[Entry]) -> Entry | None:
    """The entry that a page lies below: the nearest, of two as near the one offered later."""
    near = [
        (len(start), at)
        for at, one in enumerate(entries)
        for start in one.below
        if route.startswith(start)
    ]
    return entries[max(near)[1]] if near else None
