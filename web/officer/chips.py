"""What was said, as chips: each leads back to saying it otherwise."""

from __future__ import annotations

from datetime import date
from typing import Any

from enforcement.errors import NoSuchSite
from enforcement.questions import ROAD_FACT, STREET_FACT
from rules.model import Matter
from web.officer.place_view import area_name
from web.officer.reader import Reader
from web.officer.safe_text import shown
from web.officer.said import BY, Said

View = dict[str, Any]


def matter_said(reader: Reader, said: Said) -> Matter | None:
    """The matter that was chosen, or None when there is none or no such."""
    thing = said.thing
    return None if thing is None else reader.desk.district.book.catalogue.matters.get(thing.matter)


def chips(
    reader: Reader, said: Said, day: date, *, matter: bool = True, place: bool = True
) -> list[View]:
    """The chips of the matter with its facts, and of the place."""
    found = []
    known = matter_said(reader, said)
    if matter and said.thing is not None:
        name = reader.t(known.name) if known else shown(said.thing.matter, 40)
        found.append(_chip(reader.say("chips.matter"), name, said.to_step("what")))
    if place and said.has_place:
        where = _place(reader, said, day)
        found.append(_chip(reader.say("chips.place"), where, said.to_step("where")))
    if matter and said.thing is not None and known is not None:
        for name, value in said.thing.facts:
            question, label = _fact(reader, known, name, value)
            found.append(_chip(question, label, said.without_fact(name)) | {"fact": True})
    return found


def _chip(name: str, value: str, link: Said) -> View:
    return {"name": name, "value": value, "link": link.address(), "fact": False}


def _fact(reader: Reader, matter: Matter, name: str, value: str) -> tuple[str, str]:
    fact = matter.fact(name)
    if fact is not None:
        return reader.t(fact.question), reader.value(fact, value)
    if name == STREET_FACT:
        streets = reader.desk.district.settings.streets
        found = next((one for one in streets if one.code == value), None)
        return reader.say("chips.street"), reader.t(found.name) if found else shown(value, 40)
    if name == ROAD_FACT:
        return reader.say("chips.road"), shown(value, 40)
    return shown(name, 40), shown(value, 40)


def _place(reader: Reader, said: Said, day: date) -> str:
    place = said.place
    if "cross" in place and "road" in place:
        one, two = shown(place["road"], 30), shown(place["cross"], 30)
        return reader.say("chips.junction", one=one, two=two)
    if "at" in place:
        by, accuracy = place.get("by", ""), place.get("accuracy", "")
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
        return _area(reader, place["area"], day)
    return _site(reader, place.get("site", ""))


def _area(reader: Reader, code: str, day: date) -> str:
    on_map = reader.desk.district.atlas.on(day)
    for one in (*on_map.streets(), *on_map.communities()):
        if one.code == code:
            return area_name(one, reader, day)
    return shown(code, 40)


def _site(reader: Reader, site_id: str) -> str:
    try:
        return shown(reader.desk.kept.site(site_id).name, 60)
    except NoSuchSite:
        return shown(site_id, 60)
