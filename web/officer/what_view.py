"""The step "what": tiles, all matters by pack, and what a search finds."""

from __future__ import annotations

from datetime import date
from typing import Any

from web.officer.everyday import Everyday
from web.officer.reader import Reader
from web.officer.safe_text import shown
from web.officer.said import Said
from web.officer.search import Hit, Index

View = dict[str, Any]


def what_view(reader: Reader, said: Said, day: date, index: Index, everyday: Everyday) -> View:
    """What can be chosen on that day."""
    book = reader.desk.district.book
    groups: dict[str, list[View]] = {}
    covered = book.matters(day)
    for matter in covered:
        groups.setdefault(matter.pack, []).append(
            {"name": reader.t(matter.name), "link": said.about(matter.code).address()}
        )
    return {
        "hits": hits(reader, said, day, index),
        "tiles": [
            {
                "name": reader.t(tile.name),
                "words": reader.t(tile.words),
                "link": said.about(tile.matter, tile.facts, tile.among).address(),
            }
            for tile in everyday.tiles_on(book.catalogue, day)
        ],
        "groups": [
            {"name": shown(reader.t(book.catalogue.packs[code]), 60), "matters": found}
            for code, found in groups.items()
        ],
        "count": len(covered),
    }


def hits(reader: Reader, said: Said, day: date, index: Index) -> list[View]:
    """What a search for the words in the address finds."""
    found = index.find(said.words, day) if said.words else ()
    return [_hit(reader, said, day, one) for one in found]


def _hit(reader: Reader, said: Said, day: date, hit: Hit) -> View:
    code = hit.matter.code
    settled = [
        reader.value(fact, value)
        for name, value in hit.facts
        if (fact := hit.matter.fact(name)) is not None
    ]
    covered = "" if hit.matter.covers(day) else reader.say("search.not_covered")
    return {
        "name": reader.t(hit.matter.name),
        "settled": reader.listed([*settled, covered]),
        "link": said.about(code, hit.facts).address(),
        "choices": [
            {
                "label": reader.t(one.label),
                "link": said.about(code, (*hit.facts, (one.fact, one.value))).address(),
            }
            for one in hit.choices
        ],
    }
