"""Which step the page is at, and what it shows there. From what was said to a view; no HTTP.

Four steps: what, where, question, answer; a fifth, trouble, for what cannot be answered as it
was asked. Each is a function of the address and the preferences alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from enforcement.errors import EnforcementError, NoSuchSite
from enforcement.questions import ROAD_FACT, STREET_FACT
from enforcement.resolution import Resolution
from geo.errors import GeoError
from rules.errors import Fault, ImpossibleFacts, RulesError
from rules.model import Fact, Matter
from web.asking import MAX_ACCURACY_M
from web.asking import day as day_of
from web.contract import AskOut, ResolutionOut, ValueOut
from web.errors import BadInput, WebError, faults_of
from web.officer.answer_view import AnswerView, area_name
from web.officer.everyday import Everyday
from web.officer.preferences import unit_on
from web.officer.reader import Reader
from web.officer.safe_text import shown
from web.officer.said import BY, FACT, Said, Thing
from web.officer.search import Hit, Index
from web.officer.where_view import crossings, junction_choices, where_view
from web.officer.words import words

View = dict[str, Any]
Refused = (RulesError, GeoError, EnforcementError, WebError)
SHORT_LABEL = 9
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

    # --- the steps ---------------------------------------------------------------------------

    def view(self) -> View:
        """What the page shows."""
        said = self._said
        if said.thing is None or said.step == "what":
            return self._what()
        if said.step == "where" or not said.has_place:
            return self._where([])
        asked = self._asked_for()
        if asked is not None:
            return self._offered(asked)
        try:
            told = self.told()
        except Refused as error:
            return self._refused(error)
        if isinstance(told, Told):
            return self._told(told)
        return self._where([], told)

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

    def _ask(self, said: Said, thing: Thing) -> Told:
        answer = self._reader.desk.answer(said.asked(thing, self.asker()))
        given = ResolutionOut.model_validate(answer.as_dict())
        return Told(said, answer.resolution, given)

    def asker(self) -> str | None:
        """The unit that asks: named in the address, else the reader's own as it was that day."""
        if self._said.asker:
            return self._said.asker
        own = self._reader.prefs.unit
        found = unit_on(own, self._reader.desk.district, self._day) if own else None
        return None if found is None else found.id

    def _what(self) -> View:
        reader, said = self._reader, self._said
        book = reader.desk.district.book
        groups: dict[str, list[View]] = {}
        covered = book.matters(self._day)
        for matter in covered:
            groups.setdefault(matter.pack, []).append(
                {"name": reader.t(matter.name), "link": said.about(matter.code).address()}
            )
        return self._shell("what", reader.say("what.title"), self._day_faults) | {
            "chips": self._chips(matter=False),
            "hits": self.hits(),
            "tiles": [
                {
                    "name": reader.t(tile.name),
                    "words": reader.t(tile.words),
                    "link": said.about(tile.matter, tile.facts, tile.among).address(),
                }
                for tile in self._everyday.tiles_on(book.catalogue, self._day)
            ],
            "groups": [
                {"name": self._pack_name(code), "matters": found} for code, found in groups.items()
            ],
            "count": len(covered),
        }

    def _pack_name(self, pack: str) -> str:
        key = f"pack.{pack}"
        return self._reader.say(key) if key in words() else shown(pack, 40)

    def hits(self) -> list[View]:
        """What a search for the words in the address finds."""
        found = self._index.find(self._said.words, self._day) if self._said.words else ()
        return [self._hit(one) for one in found]

    def _hit(self, hit: Hit) -> View:
        reader, said = self._reader, self._said
        settled = [
            reader.value(fact, value)
            for name, value in hit.facts
            if (fact := hit.matter.fact(name)) is not None
        ]
        covered = "" if hit.matter.covers(self._day) else reader.say("search.not_covered")
        return {
            "name": reader.t(hit.matter.name),
            "settled": reader.listed([*settled, covered]),
            "link": said.about(hit.matter.code, hit.facts).address(),
            "choices": [
                {
                    "label": reader.t(one.label),
                    "link": said.about(
                        hit.matter.code, (*hit.facts, (one.fact, one.value))
                    ).address(),
                }
                for one in hit.choices
            ],
        }

    def _where(self, faults: list[Fault], choices: list[View] | None = None) -> View:
        reader, said = self._reader, self._said
        found = where_view(reader, said, self._day, self._site_name)
        if choices:
            found |= {"junctions": choices, "open_way": "junction"}
        shell = self._shell("where", reader.say("where.title"), [*self._day_faults, *faults])
        return shell | found | {"chips": self._chips(place=False)}

    def _refused(self, error: Exception) -> View:
        """The step at which what is wrong can be put right, with the faults on top."""
        faults = list(faults_of(error))
        fields = {one.field for one in faults}
        if fields <= set(_ABOUT_PLACE):
            return self._where(faults)
        if "matter" in fields:
            self._said = self._said.about(None)
            return self._what() | {"faults": self._faults(faults)}
        reader = self._reader
        mend, link = "trouble.matter", self._said.to_step("what").address()
        if not fields & set(_ABOUT_DAY):
            mend, link = (
                "trouble.facts",
                self._said.about(self._said.thing.matter if self._said.thing else None).address(),
            )
        shell = self._shell("trouble", reader.say("trouble.title"), faults)
        impossible = self._impossible() if isinstance(error, ImpossibleFacts) else []
        if impossible:
            shell["faults"] = impossible
        return shell | {
            "chips": self._chips(),
            "mend": reader.say(mend),
            "links": {"mend": link},
        }

    def _impossible(self) -> list[str]:
        """The clauses that what was said runs into, in labels instead of codes."""
        reader, matter, thing = self._reader, self._known(), self._said.thing
        if matter is None or thing is None:
            return []
        said = dict(thing.facts)
        found = []
        for clause in matter.cannot:
            for condition in clause.alternatives:
                if clause.period.covers(self._day) and all(
                    said.get(name) in wanted for name, wanted in condition.items()
                ):
                    labels = [
                        reader.value(fact, said[name])
                        for name in condition
                        if (fact := matter.fact(name)) is not None
                    ]
                    found.append(
                        reader.say(
                            "trouble.impossible",
                            facts=reader.say("trouble.and").join(labels),
                            because=reader.t(clause.because),
                        )
                    )
        return found[:1]

    def _told(self, told: Told) -> View:
        self._said = told.said
        answer = AnswerView(self._reader, told.said, told.resolution, told.given)
        shell = self._shell("answer", "", []) | {
            "chips": self._chips(),
            "also": self.also(),
            "safety": self._safety(told.given),
            "spot": self._spot(told.given, answer.codes()),
            "notices": self._notices(told.given),
        }
        if told.given.ask:
            return shell | self._question(told, answer)
        whole = answer.whole()
        return shell | whole | {"title": whole["plate"]["unit"], "links": self._links()}

    def _question(self, told: Told, answer: AnswerView) -> View:
        reader, given = self._reader, told.given
        ask = given.ask[0]
        values = [
            {"value": one.value, "label": shown(reader.t(one.label), 120), "more": ""}
            for one in self._worth_showing(ask)
        ]
        about = ""
        if ask.fact == STREET_FACT and given.place.border_m is not None:
            about = reader.say(
                "question.border",
                m=f"{given.place.border_m:.0f}",
                accuracy=f"{given.place.accuracy_m:.0f}",
            )
            self._add_shares(values, given)
        elif ask.fact == ROAD_FACT:
            about = reader.say("question.roads", accuracy=f"{given.place.accuracy_m:.0f}")
        title = reader.t(ask.question)
        return {
            "step": "question",
            "title": title,
            "question": {
                "fact": ask.fact,
                "title": title,
                "about": about,
                "values": values,
                "short": all(len(one["label"]) <= SHORT_LABEL for one in values),
                "rest": self._said.unnarrowed().address() if len(values) < len(ask.values) else "",
            },
            "possible": answer.possible(),
            "interim": reader.t(given.interim.name) if given.interim else "",
        }

    def _asked_for(self) -> Fact | None:
        """The fact that the address asks to be asked about, though the lead does not need it."""
        matter, step = self._known(), self._said.step
        return matter.fact(step.removeprefix(FACT)) if matter and step.startswith(FACT) else None

    def _offered(self, fact: Fact) -> View:
        """A question that the officer chose to answer."""
        reader = self._reader
        title = reader.t(fact.question)
        values = [
            {"value": value, "label": reader.t(label), "more": ""}
            for value, label in fact.values.items()
        ]
        return self._shell("question", title, []) | {
            "chips": self._chips(),
            "question": {
                "fact": fact.name,
                "title": title,
                "about": "",
                "values": values,
                "short": all(len(one["label"]) <= SHORT_LABEL for one in values),
                "rest": "",
                "offered": True,
            },
            "possible": [],
            "interim": "",
        }

    def _worth_showing(self, ask: AskOut) -> list[ValueOut]:
        """The values that the tile was about; all of them when it was about none of these."""
        among = dict(self._said.among).get(ask.fact, ())
        return [one for one in ask.values if one.value in among] or ask.values

    def _add_shares(self, values: list[View], given: ResolutionOut) -> None:
        shares: dict[str, float] = {}
        for one in given.place.touches:
            code = one.street.code if one.street else "outside"
            shares[code] = shares.get(code, 0.0) + one.share
        for value in values:
            share = shares.get(value["value"])
            if share is not None:
                value["more"] = self._reader.say("question.share", share=f"{share:.0%}")

    # --- what every step shows -----------------------------------------------------------------

    def _shell(self, step: str, title: str, faults: list[Fault]) -> View:
        reader, said = self._reader, self._said
        days = dict(said.days)
        today = reader.today
        occurred = days.get("occurred_on", "")
        note = ""
        if self._day != today:
            note = reader.say("day.not_today", day=self._day)
        if occurred and occurred != self._day.isoformat():
            said_then = reader.say("day.occurred_on", day=shown(occurred, 20))
            note = reader.say("list.stop").join(part for part in (note, said_then) if part)
        return {
            "step": step,
            "title": title,
            "said": said,
            "faults": self._faults(faults),
            "chips": [],
            "also": self.also() if step == "what" else [],
            "spot": self._spot_said(),
            "safety": None,
            "day_note": note,
            "day_short": reader.say("day.today", day=self._day)
            if self._day == today
            else self._day.isoformat(),
            "today_link": said.on_day(None).address(),
            "on": days.get("on", today.isoformat()),
            "occurred_on": occurred,
        }

    def _faults(self, faults: list[Fault]) -> list[str]:
        return [shown(self._reader.t(one), 600) for one in dict.fromkeys(faults)]

    def _chips(self, *, matter: bool = True, place: bool = True) -> list[View]:
        """What was said, each with the link that leads back to saying it otherwise."""
        reader, said = self._reader, self._said
        chips = []
        known = self._known()
        if matter and said.thing is not None:
            name = reader.t(known.name) if known else shown(said.thing.matter, 40)
            chips.append(_chip(reader.say("chips.matter"), name, said.to_step("what")))
        if place and said.has_place:
            chips.append(
                _chip(reader.say("chips.place"), self._place_said(), said.to_step("where"))
            )
        if matter and said.thing is not None and known is not None:
            for name, value in said.thing.facts:
                question, label = self._fact_said(known, name, value)
                chips.append(_chip(question, label, said.without_fact(name)) | {"fact": True})
        return chips

    def _known(self) -> Matter | None:
        thing = self._said.thing
        matters = self._reader.desk.district.book.catalogue.matters
        return None if thing is None else matters.get(thing.matter)

    def _fact_said(self, matter: Matter, name: str, value: str) -> tuple[str, str]:
        reader = self._reader
        fact = matter.fact(name)
        if fact is not None:
            return reader.t(fact.question), reader.value(fact, value)
        if name == STREET_FACT:
            streets = reader.desk.district.settings.streets
            found = next((one for one in streets if one.code == value), None)
            label = reader.t(found.name) if found else reader.say("chips.said")
            return reader.say("chips.street"), label
        if name == ROAD_FACT:
            return reader.say("chips.road"), shown(value, 40)
        return shown(name, 40), shown(value, 40)

    def _place_said(self) -> str:
        reader, place = self._reader, self._said.place
        if "cross" in place and "road" in place:
            return reader.say("chips.junction", one=shown(place["road"], 30),
                              two=shown(place["cross"], 30))  # fmt: skip
        if "at" in place:
            accuracy = place.get("accuracy", "")
            by = place.get("by", "")
            how = reader.say(f"by.{by}" if by in BY else "by.given")
            if by == "gps" and accuracy:
                return reader.say("chips.within", how=how, m=shown(accuracy, 8))
            return how
        if "road" in place:
            parts = [place["road"], place.get("stake", "")]
            direction = place.get("direction")
            if direction in ("up", "down"):
                parts.append(reader.say(f"direction.{direction}"))
            return shown(" ".join(parts), 60)
        if "area" in place:
            return self._area_said(place["area"])
        return self._site_said(place.get("site", ""))

    def _site_said(self, site_id: str) -> str:
        try:
            return shown(self._reader.desk.kept.site(site_id).name, 60)
        except NoSuchSite:
            return shown(site_id, 60)

    def _area_said(self, code: str) -> str:
        on_map = self._reader.desk.district.atlas.on(self._day)
        for one in (*on_map.streets(), *on_map.communities()):
            if one.code == code:
                return area_name(one, self._reader, self._day)
        return shown(code, 40)

    def _spot_said(self) -> View:
        place = self._said.place
        return {
            "point": place.get("at", "") if _is_pair(place.get("at", "")) else "",
            "accuracy_m": _metres(place.get("accuracy", ""))
            or self._reader.desk.district.settings.accuracy_m,
            "by": self._by(),
            "border_m": "",
            "codes": [place["area"]] if "area" in place else [],
        }

    def _by(self) -> str:
        by = self._said.place.get("by", "")
        return by if by in BY else ""

    def _spot(self, given: ResolutionOut, codes: list[str]) -> View:
        place = given.place
        point = "" if place.lon is None else f"{place.lon:.6f},{place.lat:.6f}"
        return {
            "point": point,
            "accuracy_m": place.accuracy_m,
            "by": self._by(),
            "border_m": "" if place.border_m is None else round(place.border_m),
            "codes": codes,
        }

    def _safety(self, given: ResolutionOut) -> View | None:
        if given.safety is None:
            return None
        reader = self._reader
        return {
            "says": reader.t(given.safety),
            "calls": [{"who": reader.t(one), "phone": one.phone} for one in given.safety.call],
        }

    def _notices(self, given: ResolutionOut) -> list[str]:
        """Notices but for the schematic one, which stands on every page already."""
        schematic = self._reader.desk.district.settings.schematic
        outside = given.outcome == "outside"
        shown_elsewhere = (1 if schematic else 0, -1 if outside else None)
        return [
            shown(self._reader.t(one), 300)
            for one in given.notices[shown_elsewhere[0] : shown_elsewhere[1]]
        ]

    def also(self) -> list[View]:
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

    def _links(self) -> View:
        said = self._said
        return {
            "card": said.address("/card"),
            "report": said.address("/report"),
            "another": said.kept_aside().address(),
            "back": said.address(),
        }

    def shared(self) -> Said:
        """What was said with the asker and the day in it, so that it answers the same later."""
        days = dict(self._said.days)
        fixed = self._said.on_day(days.get("on", self._day.isoformat()), days.get("occurred_on"))
        return replace(fixed, asker=self.asker(), step="", words="")

    def _day_said(self) -> date:
        given = self._said.on
        if given is None:
            return self._reader.today
        try:
            return day_of("on", given)
        except BadInput as error:
            self._day_faults.extend(error.faults)
            return self._reader.today


def _chip(name: str, value: str, link: Said) -> View:
    return {"name": name, "value": value, "link": link.address(), "fact": False}


def _metres(text: str) -> float | None:
    """Metres as they were typed; None for nothing, or for what no circle can have."""
    try:
        metres = float(text)
    except ValueError:
        return None
    return metres if 0 < metres <= MAX_ACCURACY_M else None


def _is_pair(text: str) -> bool:
    parts = text.split(",")
    try:
        return len(parts) == 2 and all(abs(float(part)) <= 180 for part in parts)
    except ValueError:
        return False
