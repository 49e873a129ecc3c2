"""The step "question": the one next question, or one that the officer chose to answer."""

from __future__ import annotations

from typing import Any

from enforcement.questions import ROAD_FACT, STREET_FACT
from rules.model import Fact
from web.contract import AskOut, PlaceOut, ResolutionOut, ValueOut
from web.officer.reader import Reader
from web.officer.safe_text import shown
from web.officer.said import Said

View = dict[str, Any]
NAME_ROAD = "road"
"""The step "where", open at the road and stake."""
SHORT_LABEL = 9
"""Characters up to which two answers stand side by side."""


def next_question(reader: Reader, said: Said, given: ResolutionOut) -> View:
    """The question that an answer asks for, with the values that are worth showing."""
    ask = given.ask[0]
    values = [
        _value(one.value, shown(reader.t(one.label), 120)) for one in _worth_showing(said, ask)
    ]
    about = ""
    place = given.place
    if ask.fact == STREET_FACT and place.border_m is not None:
        metres = {"m": f"{place.border_m:.0f}", "accuracy": f"{place.accuracy_m:.0f}"}
        area = reader.t(reader.desk.district.settings.streets_are)
        about = reader.say("question.border", area=area, **metres)
        _add_shares(reader, values, place)
    elif ask.fact == ROAD_FACT:
        about = reader.say("question.roads", accuracy=f"{place.accuracy_m:.0f}")
    rest = said.unnarrowed().address() if len(values) < len(ask.values) else ""
    return _question(ask.fact, reader.t(ask.question), values) | {"about": about, "rest": rest}


def offered_question(reader: Reader, fact: Fact) -> View:
    """A question that the lead does not depend on."""
    values = [_value(value, reader.t(label)) for value, label in fact.values.items()]
    return _question(fact.name, reader.t(fact.question), values) | {"offered": True}


def asks_which_road(given: ResolutionOut) -> bool:
    """Whether all that is left is a road that no map showed: it is named as a place, not chosen.

    The answer then stands with who acts meanwhile, and leads to where the road can be named.
    """
    return bool(given.ask) and given.ask[0].fact == ROAD_FACT and not given.ask[0].values


def _question(fact: str, title: str, values: list[View]) -> View:
    return {
        "fact": fact,
        "title": title,
        "values": values,
        "short": all(len(one["label"]) <= SHORT_LABEL for one in values),
        "about": "",
        "rest": "",
        "offered": False,
    }


def _value(value: str, label: str) -> View:
    return {"value": value, "label": label, "more": ""}


def _worth_showing(said: Said, ask: AskOut) -> list[ValueOut]:
    """The values that the tile was about; all of them when it was about none of these."""
    among = dict(said.among).get(ask.fact, ())
    return [one for one in ask.values if one.value in among] or ask.values


def _add_shares(reader: Reader, values: list[View], place: PlaceOut) -> None:
    shares: dict[str, float] = {}
    for one in place.touches:
        code = one.street.code if one.street else "outside"
        shares[code] = shares.get(code, 0.0) + one.share
    for value in values:
        share = shares.get(value["value"])
        if share is not None:
            value["more"] = reader.say("question.share", share=f"{share:.0%}")
