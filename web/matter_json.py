"""A matter of the catalogue as JSON: what it asks, what it excludes, its deadlines, its card."""

from __future__ import annotations

from datetime import date

from rules.model import Card, Deadline, Fact, Matter, Text
from rules.periods import Period

Json = dict[str, object]


def matter_line(matter: Matter, on: date) -> Json:
    """What a list shows of a matter."""
    return {
        "code": matter.code,
        "name": matter.name.as_dict(),
        "pack": matter.pack,
        "kind": matter.kind.value,
        "words": list(matter.words),
        "periods": [_period(one) for one in matter.periods],
        "covered": matter.covers(on),
    }


def matter_json(matter: Matter, on: date) -> Json:
    """All that is known of a matter; limits are those in force on `on`."""
    return matter_line(matter, on) | {
        "on": on.isoformat(),
        "facts": [fact_json(fact) for fact in matter.facts],
        "cannot": [
            {
                "id": one.id,
                "when": [
                    {name: sorted(values) for name, values in condition.items()}
                    for condition in one.alternatives
                ],
                "because": one.because.as_dict(),
                **_period(one.period),
            }
            for one in matter.cannot
        ],
        "deadlines": limits_json(matter.deadlines, on),
        "card": None if matter.card is None else _card(matter.card, on),
    }


def fact_json(fact: Fact) -> Json:
    """A fact with its question and values; `place` says which map answers it, if one does."""
    return {
        "fact": fact.name,
        "question": fact.question.as_dict(),
        "place": fact.place,
        "unit": fact.unit,
        "values": [
            {"value": value, "label": label.as_dict()} for value, label in fact.values.items()
        ],
    }


def limits_json(deadlines: tuple[Deadline, ...], on: date) -> list[Json]:
    """Deadlines and ceilings in force on `on`; `limit` is null where the law names no number."""
    found: list[Json] = []
    for one in deadlines:
        limit = one.on(on)
        if limit is not None:
            found.append(
                {
                    "id": one.id,
                    "step": one.step.as_dict(),
                    "limit": limit.limit,
                    "unit": limit.unit,
                    "basis": [
                        {"cite": basis.cite, "cite_en": basis.cited("en")} for basis in limit.basis
                    ],
                    "confidence": limit.confidence,
                    "note": one.note and one.note.as_dict(),
                }
            )
    return found


def _card(card: Card, on: date) -> Json:
    return {
        "look": _texts(card.look),
        "evidence": _texts(card.evidence),
        "tell": _texts(card.tell),
        "on_the_spot": {
            "possible": card.on_the_spot,
            "limits": limits_json(card.on_the_spot_limits, on),
            "note": card.on_the_spot_note and card.on_the_spot_note.as_dict(),
        },
    }


def _texts(texts: tuple[Text, ...]) -> list[dict[str, str]]:
    return [text.as_dict() for text in texts]


def _period(period: Period) -> dict[str, str | None]:
    ends = period.ceases_on
    return {
        "valid_from": period.valid_from.isoformat(),
        "ceases_on": None if ends is None else ends.isoformat(),
    }
