"""From the address of a question to what would be filed: today's answer, and who has it first.

A case is handled from today on, so the question is asked for today whatever day its address names;
what happened earlier keeps the day on which it occurred.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from werkzeug.datastructures import MultiDict

from enforcement.policies import Action, Actor, Parties, Post, check_may
from enforcement.services.filing import Found
from enforcement.units import Spot, UnitKind
from rules.errors import Fault
from web.asking import day as day_of
from web.contract import ResolutionOut
from web.desk import Answer
from web.errors import BadInput
from web.ledger.core import Core
from web.officer.answer_view import AnswerView
from web.officer.reader import Reader
from web.officer.said import Said, Thing

__all__ = ["ToFile", "asked_today", "firsts", "to_file"]

FIELD = frozenset({Post.OFFICER, Post.HANDLER})
"""Posts that stand where it is: their own unit is first contact."""


@dataclass(frozen=True, slots=True)
class ToFile:
    """A question that may become a case: what was said, its answer, and first contact.

    `asked_for` is the day that the address named, when it was not today. `firsts` are the units
    that a dispatcher chooses from; empty for who is there.
    """

    said: Said
    thing: Thing
    answer: Answer
    given: ResolutionOut
    reader: Reader
    asker: str
    firsts: tuple[str, ...]
    asked_for: date | None

    @property
    def view(self) -> AnswerView:
        """The answer as the officer's page words it."""
        return AnswerView(self.reader, self.said, self.answer.resolution, self.given)

    @property
    def at_once(self) -> bool:
        """Whether whoever files is there."""
        return not self.firsts

    def found(self, description: str, *, on_behalf: bool = False) -> Found:
        """What would be filed."""
        return Found(
            resolution=self.answer.as_dict(),
            asker=self.asker,
            description=description,
            site_id=self.said.place.get("site"),
            point=self.answer.resolution.whereabouts.point,
            on_behalf=on_behalf,
            at_once=self.at_once,
        )

    @property
    def others(self) -> tuple[Said, ...]:
        """What else is at this place, each as the question that comes after this one is filed."""
        return tuple(self.said.turned_to(one).dropped(self.thing) for one in self.said.also)


def to_file(core: Core, args: MultiDict[str, str], chosen: str = "") -> ToFile | Said:
    """The question of an address as it may be filed now, or what still has to be said first.

    `chosen` is the unit of first contact that a dispatcher chose. Raises NotAllowed for who may
    file nothing, and what answering raises.
    """
    said, asked_for = asked_today(Said.read(args), core.today)
    reader = Reader(core.desk, core.prefs, core.today)
    thing = said.thing
    if thing is None or not said.has_place or ("cross" in said.place and "at" not in said.place):
        return said
    asker, choice = _first_contact(core, said, thing, chosen)
    check_may(core.actor, Action.FILE, Parties(holder=asker))
    answer = core.desk.answer(said.asked(thing, asker))
    given = ResolutionOut.model_validate(answer.as_dict())
    if given.ask:
        return said
    return ToFile(said, thing, answer, given, reader, asker, choice, asked_for)


def asked_today(said: Said, today: date) -> tuple[Said, date | None]:
    """The same asked for today, by nobody in particular; and the day it named if that is another.

    A day in the past becomes the one on which it occurred, unless that was said too.
    """
    days = dict(said.days)
    on = day_of("on", days["on"]) if "on" in days else today
    earlier = on.isoformat() if on < today else None
    kept = replace(said.on_day(None, days.get("occurred_on") or earlier), asker=None)
    return replace(kept, step="", words="", among=()), None if on == today else on


def _first_contact(
    core: Core, said: Said, thing: Thing, chosen: str
) -> tuple[str, tuple[str, ...]]:
    """The unit that has the case first, and those that may be chosen by who is not there."""
    actor: Actor = core.actor
    if actor.posts & FIELD and actor.unit is not None:
        return actor.unit, ()
    choice = firsts(core, said, thing)
    if chosen and chosen not in choice:
        raise BadInput(
            [Fault("asker", "请从列表中选择首问单位", "choose first contact from the list")]
        )
    return chosen or choice[0], choice


def firsts(core: Core, said: Said, thing: Thing) -> tuple[str, ...]:
    """Who may have a case first that comes in by telephone: first contact there, then intake."""
    district = core.desk.district
    resolution = core.desk.answer(said.asked(thing, None)).resolution
    place = resolution.whereabouts.places[0]
    spot = Spot(
        None if place.street is None else place.street.code,
        None if place.community is None else place.community.code,
        () if place.road is None else place.road.owners,
    )
    there = district.registry.holder(district.settings.first_contact, spot, core.today)
    found = [] if there is None or there.kind is not UnitKind.ORG else [there.id]
    return tuple(dict.fromkeys([*found, district.settings.intake_unit]))
