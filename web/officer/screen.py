"""Which step the page is at, and what it shows there. From what was said to a view; no HTTP.

Four steps: what, where, question, answer; a fifth, trouble, for what cannot be answered as it
was asked. Each is a function of the address and the preferences alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from enforcement.errors import EnforcementError
from enforcement.resolution import Resolution
from geo.errors import GeoError
from rules.errors import Fault, ImpossibleFacts, RulesError
from web.asking import day as day_of
from web.contract import ResolutionOut
from web.errors import BadInput, WebError, faults_of
from web.officer.answer_view import AnswerView
from web.officer.chips import chips, matter_said
from web.officer.everyday import Everyday
from web.officer.preferences import unit_on
from web.officer.question_view import (
    NAME_ROAD,
    asks_which_road,
    next_question,
    offered_question,
)
from web.officer.reader import Reader
from web.officer.safe_text import shown
from web.officer.said import FACT, Said, Thing
from web.officer.search import Index
from web.officer.spots import spot_found, spot_said
from web.officer.what_view import hits, what_view
from web.officer.where_view import crossings, junction_choices, where_view

View = dict[str, Any]
Refused = (RulesError, GeoError, EnforcementError, WebError)
_ABOUT_PLACE = ("at", "accuracy", "crs", "road", "stake", "direction", "cross", "area", "site")
_ABOUT_DAY = ("on", "occurred_on")


@dataclass(frozen=True, slots=True)
class Told:
    """An answer to one thing that was said."""

    said: Said
    resolution: Resolution
    given: ResolutionOut


class Screen:
    """The page for one reader and one address."""

    def __init__(
        self, reader: Reader, said: Said, *, index: Index, everyday: Everyday, site_name: str = ""
    ) -> None:
        self._reader = reader
        self._said = said
        self._index = index
        self._everyday = everyday
        self._site_name = site_name
        self._day_faults: list[Fault] = []
        self._day = self._day_said()

    @property
    def said(self) -> Said:
        """What the address says."""
        return self._said

    @property
    def is_whole(self) -> bool:
        """Whether what and where were said, so that there may be an answer."""
        return self._said.thing is not None and self._said.has_place

    @property
    def day(self) -> date:
        """The day handled; today where the address says none or no day."""
        return self._day

    def view(self) -> View:
        """What the page shows."""
        said = self._said
        if said.thing is None or said.step == "what":
            return self._what(self._day_faults)
        if said.step in ("where", NAME_ROAD) or not said.has_place:
            return self._where([])
        if said.step.startswith(FACT):
            offered = self._offered(said.step.removeprefix(FACT))
            if offered is not None:
                return offered
        try:
            told = self.told()
        except Refused as error:
            return self._refused(error)
        return self._told(told) if isinstance(told, Told) else self._where([], told)

    def hits(self) -> list[View]:
        """What a search for the words in the address finds."""
        return hits(self._reader, self._said, self._day, self._index)

    def told(self) -> Told | list[View]:
        """The answer; or, where two roads meet more than once, the junctions to choose from.

        Raises what answering raises.
        """
        said = self._said
        if said.thing is None:
            raise AssertionError("there is no answer before there is a matter")
        if self._day_faults:
            raise BadInput(self._day_faults)
        if "cross" in said.place and "at" not in said.place:
            met = crossings(self._reader, said, self._day)
            if len(met) > 1:
                return junction_choices(self._reader, met, self._day)
            at = f"{met[0].lon:.6f},{met[0].lat:.6f}"
            said = self._said = said.at({**said.place, "at": at, "by": "map"})
        return self._ask(said, said.thing or Thing(""))

    def asker(self) -> str | None:
        """The unit that asks: named in the address, else the reader's own as it was that day."""
        if self._said.asker:
            return self._said.asker
        own = self._reader.prefs.unit
        found = unit_on(own, self._reader.desk.district, self._day) if own else None
        return None if found is None else found.id

    def shared(self) -> Said:
        """What was said with the asker and the day in it, so that it answers the same later."""
        days = dict(self._said.days)
        fixed = self._said.on_day(days.get("on", self._day.isoformat()), days.get("occurred_on"))
        return replace(fixed, asker=self.asker(), step="", words="")

    # --- the steps ---------------------------------------------------------------------------

    def _what(self, faults: list[Fault]) -> View:
        reader, said, day = self._reader, self._said, self._day
        return (
            self._shell("what", reader.say("what.title"), faults)
            | what_view(reader, said, day, self._index, self._everyday)
            | {"chips": chips(reader, said, day, matter=False), "also": self._also()}
        )

    def _where(self, faults: list[Fault], junctions: list[View] | None = None) -> View:
        reader, said, day = self._reader, self._said, self._day
        found = where_view(reader, said, day, self._site_name)
        if junctions:
            found |= {"junctions": junctions, "open_way": "junction"}
        shell = self._shell("where", reader.say("where.title"), [*self._day_faults, *faults])
        return shell | found | {"chips": chips(reader, said, day, place=False)}

    def _offered(self, name: str) -> View | None:
        """A question that the officer chose to answer; None when the matter does not ask it."""
        matter = matter_said(self._reader, self._said)
        fact = matter.fact(name) if matter else None
        if fact is None:
            return None
        question = offered_question(self._reader, fact)
        return self._shell("question", question["title"], []) | {"question": question}

    def _told(self, told: Told) -> View:
        self._said = told.said
        given, reader = told.given, self._reader
        answer = AnswerView(reader, told.said, told.resolution, given)
        shared = {
            "also": self._also(),
            "safety": answer.safety(),
            "spot": spot_found(told.said, given.place),
            "notices": answer.notices(),
        }
        if given.ask and not asks_which_road(given):
            question = next_question(reader, told.said, given)
            return (
                self._shell("question", question["title"], [])
                | shared
                | {
                    "question": question,
                    "possible": answer.plate.possible(),
                    "interim": reader.t(given.interim.name) if given.interim else "",
                }
            )
        whole = answer.whole()
        shell = self._shell("answer", whole["plate"]["unit"], [])
        road = told.said.to_step(NAME_ROAD).address() if given.ask else ""
        return shell | shared | whole | {"links": self._links() | {"road": road}}

    # --- what cannot be answered ---------------------------------------------------------------

    def _refused(self, error: Exception) -> View:
        """The step at which what is wrong can be put right, with the faults on top."""
        faults = list(faults_of(error))
        fields = {one.field for one in faults}
        if fields <= set(_ABOUT_PLACE):
            return self._where(faults)
        if "matter" in fields:
            self._said = self._said.about(None)
            return self._what(faults)
        reader, said = self._reader, self._said
        mend, then = "trouble.matter", said.to_step("what")
        if not fields & set(_ABOUT_DAY):
            mend, then = "trouble.facts", said.about(said.thing.matter if said.thing else None)
        shell = self._shell("trouble", reader.say("trouble.title"), faults)
        impossible = self._impossible() if isinstance(error, ImpossibleFacts) else []
        return shell | {
            "faults": impossible or shell["faults"],
            "mend": reader.say(mend),
            "links": {"mend": then.address()},
        }

    def _impossible(self) -> list[str]:
        """The first clause that what was said runs into, in labels instead of codes."""
        reader, matter, thing = (
            self._reader,
            matter_said(self._reader, self._said),
            self._said.thing,
        )
        if matter is None or thing is None:
            return []
        said = dict(thing.facts)
        for clause in matter.cannot:
            if not clause.period.covers(self._day):
                continue
            for condition in clause.alternatives:
                if any(said.get(name) not in wanted for name, wanted in condition.items()):
                    continue
                labels = [
                    reader.value(fact, said[name])
                    for name in condition
                    if (fact := matter.fact(name)) is not None
                ]
                facts = reader.say("trouble.and").join(labels)
                because = reader.t(clause.because)
                return [reader.say("trouble.impossible", facts=facts, because=because)]
        return []

    # --- what every step shows -----------------------------------------------------------------

    def _shell(self, step: str, title: str, faults: list[Fault]) -> View:
        reader, said = self._reader, self._said
        days = dict(said.days)
        today = self._day == reader.today
        return {
            "step": step,
            "title": title,
            "said": said,
            "faults": [shown(reader.t(one), 600) for one in dict.fromkeys(faults)],
            "chips": chips(reader, said, self._day),
            "also": [],
            "spot": spot_said(reader, said),
            "safety": None,
            "possible": [],
            "interim": "",
            "day_note": self._day_note(days.get("occurred_on", "")),
            "day_short": reader.say("day.today", day=self._day) if today else str(self._day),
            "today_link": said.on_day(None).address(),
            "on": days.get("on", reader.today.isoformat()),
            "occurred_on": days.get("occurred_on", ""),
        }

    def _day_note(self, occurred: str) -> str:
        reader, notes = self._reader, []
        if self._day != reader.today:
            notes.append(reader.say("day.not_today", day=self._day))
        if occurred and occurred != self._day.isoformat():
            notes.append(reader.say("day.occurred_on", day=shown(occurred, 20)))
        return reader.say("list.space").join(notes)

    def _links(self) -> View:
        said = self._said
        return {
            "card": said.address("/card"),
            "report": said.address("/report"),
            "another": said.kept_aside().address(),
            "back": said.address(),
        }

    # --- the other things at this place ----------------------------------------------------------

    def _also(self) -> list[View]:
        """The other things at this place, each with its own lead."""
        return [self._beside(thing) for thing in self._said.also]

    def _beside(self, thing: Thing) -> View:
        reader, said = self._reader, self._said
        matter = reader.desk.district.book.catalogue.matters.get(thing.matter)
        found = {
            "matter": reader.t(matter.name) if matter else shown(thing.matter, 40),
            "link": said.turned_to(thing).address(),
            "drop": said.dropped(thing).address(),
            "settled": False,
            "unit": reader.say("also.open"),
        }
        if not said.has_place or matter is None:
            return found
        try:
            given = self._ask(said, thing).given
        except Refused as error:
            return found | {"unit": shown(reader.t(faults_of(error)[0]), 120)}
        if given.ask:
            return found
        named = given.lead or given.interim
        name = reader.t(named.name) if named else reader.say("plate.nobody")
        if given.lead is None:
            name = reader.say("also.interim", unit=name)
        return found | {"unit": name, "settled": given.lead is not None}

    # --- asking ----------------------------------------------------------------------------------

    def _ask(self, said: Said, thing: Thing) -> Told:
        answer = self._reader.desk.answer(said.asked(thing, self.asker()))
        given = ResolutionOut.model_validate(answer.as_dict())
        return Told(said, answer.resolution, given)

    def _day_said(self) -> date:
        given = self._said.on
        if given is None:
            return self._reader.today
        try:
            return day_of("on", given)
        except BadInput as error:
            self._day_faults.extend(error.faults)
            return self._reader.today
