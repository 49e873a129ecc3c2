"""The seams in words of one language, and as the layer that the page's map draws."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from enforcement.district import District
from enforcement.seams_of_map import functions_of
from geo.editions import Edition
from geo.fault_map import geometry
from geo.road_check import RoadFlaw
from geo.topology import Flaw, Side
from rules.model import Text
from web.officer.safe_text import shown
from web.officer.words import words
from web.rulebook.views import STRINGS as FRAME
from web.seammap import STRINGS
from web.seammap.seams import Seam, by_kind

LONGEST_LIST = 12
"""Segments of one road that are named one by one."""
SAME = 0.5
"""Square metres or metres below which a size says nothing."""
BESIDE = " | "
"""Between what lies on the two sides of a seam."""


class View:
    """The map of the seams of one day in one language."""

    def __init__(self, district: District, lang: str, day: date) -> None:
        self._district = district
        self._lang = lang
        self._day = day
        self._names = {one.code: one.name for one in district.settings.neighbours}
        self._names |= {one.code: one.name for one in district.settings.streets}

    def t(self, text: Text) -> str:
        """A text in the reader's language."""
        return text.en if self._lang == "en" else text.zh

    def say(self, key: str, **values: object) -> str:
        """A word of this page, or of the rule book's frame around it."""
        mine = words(STRINGS)
        return (mine if key in mine else words(FRAME)).say(key, self._lang, values)

    def groups(self, seams: Sequence[Seam], against: Edition | None) -> list[dict[str, Any]]:
        """The seams by kind: how many and how much in all, what would close them, each one.

        `against` is the edition that was compared with.
        """
        found = []
        number = 0
        for kind, some in by_kind(seams):
            items = []
            for one in some:
                number += 1
                items.append(self._item(number, one))
            found.append(
                {
                    "kind": kind.value,
                    "style": _style(kind),
                    "name": self.say(f"kind.{kind.value}"),
                    "closes": self.say(f"closes.{kind.value}"),
                    "known": some[0].is_known,
                    "sources": self._sources(kind, against),
                    "total": self._size(
                        sum(one.area_m2 for one in some), sum(one.length_m for one in some)
                    ),
                    "items": items,
                }
            )
        return found

    def features(self, seams: Sequence[Seam]) -> bytes:
        """The seams that have a place as GeoJSON, numbered as the list numbers them."""
        numbered = enumerate((one for _, some in by_kind(seams) for one in some), 1)
        return json.dumps(
            {
                "type": "FeatureCollection",
                "features": [
                    {
                        "type": "Feature",
                        "id": number,
                        "properties": {"style": _style(one.kind), "spot": one.spot},
                        "geometry": geometry(one.shape),
                    }
                    for number, one in numbered
                    if one.shape is not None
                ],
            },
            separators=(",", ":"),
        ).encode()

    def checked(self, editions: Iterable[Edition]) -> list[str]:
        """What was looked at: every layer in force, and the functions that roads need."""
        said = []
        for one in editions:
            text = self.say(
                "checked.edition",
                kind=self.say(f"layer.{one.kind}"),
                name=shown(one.name, 60),
                n=len(one.frame),
                since=one.valid_from,
            )
            drawn = self.say("checked.schematic")
            said.append(f"{text} ({drawn})" if one.schematic else text)
        functions = functions_of(self._district)
        if functions and said:
            named = self.say("comma").join(self.say(f"function.{one}") for one in functions)
            said.append(self.say("checked.functions", functions=named))
        return said

    def edition(self, one: Edition) -> str:
        """An edition as the form offers it."""
        return f"{self.say(f'layer.{one.kind}')} {shown(one.name, 60)}"

    def _sources(self, kind: Flaw | RoadFlaw, against: Edition | None) -> str:
        """Which edition names the side before the bar of a difference, and which the one after."""
        if kind is not Flaw.DIFFERENCE or against is None:
            return ""
        editions = self._district.atlas.in_force(self._day)
        ours = [one for one, _ in editions if one.kind is against.kind]
        named = self.say("comma").join(map(self.edition, ours))
        return self.say("sources", one=named, other=self.edition(against))

    # --- one entry ----------------------------------------------------------------------------

    def _item(self, number: int, one: Seam) -> dict[str, Any]:
        return {
            "number": number,
            "title": self._title(one),
            "size": self._size(one.area_m2, one.length_m),
            "about": [shown(text) for text in self._about(one)],
            "spot": one.spot,
        }

    def _title(self, one: Seam) -> str:
        if isinstance(one.kind, RoadFlaw):
            if one.kind is RoadFlaw.UNMATCHED:
                return shown(self.say("comma").join(map(self._unit, one.owners)), 80)
            name = one.road or self.say(f"class.{one.road_class or 'unknown'}")
            return shown(name, 80)
        return shown(BESIDE.join(map(self._side, one.sides)) or self.say("nobody"), 160)

    def _side(self, side: Side) -> str:
        known = self._names.get(side.code)
        return (side.name if known is None else self.t(known)) or side.code or self.say("nobody")

    def _about(self, one: Seam) -> Iterable[str]:
        if any(side.code for side in one.sides):
            yield BESIDE.join(side.code or "–" for side in one.sides)
        if one.function:
            yield self.say("for", function=self.say(f"function.{one.function}"))
        if one.kind is RoadFlaw.CONTESTED:
            yield self.say("between").join(map(self._unit, one.owners))
        if one.stakes:
            yield "–".join(one.stakes)
        if one.along:
            yield self.say("along", roads=self.say("comma").join(one.along))
        if one.segments:
            listed = self.say("comma").join(one.segments[:LONGEST_LIST])
            many = len(one.segments) > LONGEST_LIST
            count = self.say("segments", n=f"{len(one.segments):,}")
            yield f"{count}{self.say('colon')}{listed}…" if many else listed
        if one.reason:
            yield one.reason

    def _unit(self, unit_id: str) -> str:
        unit = self._district.registry.units.get(unit_id)
        return unit_id if unit is None else self.t(unit.name(self._day))

    def _size(self, area_m2: float, length_m: float) -> str:
        if area_m2 >= 1e6:
            return self.say("km2", n=f"{area_m2 / 1e6:,.2f}")
        if area_m2 >= SAME:
            return self.say("m2", n=f"{area_m2:,.0f}")
        if length_m >= 1e3:
            return self.say("km", n=f"{length_m / 1e3:,.2f}")
        return self.say("m", n=f"{length_m:,.0f}") if length_m >= SAME else ""


def _style(kind: Flaw | RoadFlaw) -> str:
    """How the kind is drawn: five ways, each with a colour and a pattern of its own."""
    if kind in (RoadFlaw.SHARED, Flaw.OUTSIDE):
        return "known"
    if isinstance(kind, RoadFlaw):
        return "road"
    if kind is Flaw.HOLE:
        return "hole"
    return "difference" if kind is Flaw.DIFFERENCE else "overlap"
