"""The generalist's card of a matter: what to look at, secure and say, and what may be done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from rules.model import Card, Deadline
from web.answer_words import duration
from web.officer.reader import Reader

View = dict[str, Any]


def guide(reader: Reader, card: Card | None, day: date) -> View | None:
    """A generalist's card: what to look at, what to secure, what to tell, what may be done."""
    if card is None:
        return None
    parts: list[View] = [
        {"title": reader.say(f"guide.{name}"), "lines": [reader.t(one) for one in lines]}
        for name, lines in (("look", card.look), ("evidence", card.evidence), ("tell", card.tell))
        if lines
    ]
    spot = None
    if card.on_the_spot is not None:
        spot = {
            "says": reader.say("guide.may" if card.on_the_spot else "guide.may_not"),
            "limits": _ceilings(reader, card.on_the_spot_limits, day) if card.on_the_spot else [],
            "note": reader.t(card.on_the_spot_note),
        }
    return {"parts": parts, "spot": spot, "short": reader.listed(one["title"] for one in parts)}


def _ceilings(reader: Reader, deadlines: Sequence[Deadline], day: date) -> list[View]:
    lang = reader.prefs.lang
    found = []
    for one in deadlines:
        limit = one.on(day)
        if limit is None or limit.limit is None:
            continue
        found.append(
            {
                "step": reader.t(one.step),
                "limit": duration(limit.limit, limit.unit, lang),
                "basis": reader.listed(basis.cited(lang) for basis in limit.basis),
                "doubt": reader.doubt(limit.confidence),
            }
        )
    return found
