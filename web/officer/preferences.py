"""The few things a browser remembers: language, own unit, size of type, theme, map or none.

Plain cookies and nothing else, so that a restart or a new session loses nothing. Whatever a
cookie holds is checked against what it may hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from enforcement.district import District
from enforcement.units import Scope, Unit, UnitKind

YEAR_S: Final = 365 * 24 * 3600
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "lang": ("zh", "en"),
    "size": ("normal", "large"),
    "theme": ("auto", "light", "dark"),
    "map": ("on", "off"),
}
UNIT: Final = "unit"


@dataclass(frozen=True, slots=True)
class Preferences:
    """What is remembered; `unit` is an id that the district has, or None."""

    lang: str
    size: str
    theme: str
    map: bool
    unit: str | None

    @classmethod
    def read(cls, cookies: Mapping[str, str], district: District, lang: str) -> Preferences:
        """The preferences in cookies; `lang` is spoken where none was chosen."""

        def chosen(name: str, default: str) -> str:
            said = cookies.get(name, default)
            return said if said in CHOICES[name] else default

        unit = cookies.get(UNIT)
        return cls(
            lang=chosen("lang", lang),
            size=chosen("size", "normal"),
            theme=chosen("theme", "auto"),
            map=chosen("map", "on") == "on",
            unit=unit if unit in district.registry.units else None,
        )


def as_cookies(form: Mapping[str, str], district: District) -> dict[str, str]:
    """The cookies to set for what a form says; what it does not mention is left as it is."""
    found = {name: form[name] for name, allowed in CHOICES.items() if form.get(name) in allowed}
    if UNIT in form and (form[UNIT] == "" or form[UNIT] in district.registry.units):
        found[UNIT] = form[UNIT]
    return found


def unit_on(unit_id: str, district: District, day: date) -> Unit | None:
    """The unit that may ask on `day` in place of the officer's own: itself, or who came before it.

    None when neither existed that day, or when it has no powers of its own.
    """
    units = district.registry.units
    seen: set[str] = set()
    queue = [unit_id]
    while queue:
        id_ = queue.pop(0)
        unit = units.get(id_)
        if unit is None or id_ in seen:
            continue
        seen.add(id_)
        if unit.period.covers(day) and unit.kind is UnitKind.ORG:
            return unit
        queue += [one.id for one in units.values() if one.successor == id_]
    return None


def units_to_choose(district: District, day: date) -> tuple[tuple[Unit, ...], tuple[Unit, ...]]:
    """The units that may ask on `day`: those of streets, then all others; each by name."""
    of_streets = {
        mandate.unit for mandate in district.registry.mandates if mandate.scope is Scope.STREET
    }
    asking = [
        unit
        for unit in district.registry.units.values()
        if unit.kind is UnitKind.ORG and unit.period.covers(day)
    ]
    by_name = sorted(asking, key=lambda unit: unit.name(day).zh)
    return (
        tuple(unit for unit in by_name if unit.id in of_streets),
        tuple(unit for unit in by_name if unit.id not in of_streets),
    )
