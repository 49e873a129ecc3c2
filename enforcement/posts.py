"""Who holds a role on a day at each element of its scope: one unit, nobody, or several.

Looks at the mandates as they are, without trusting that they were checked, so that the proof also
finds what loading would refuse.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from enforcement.district import District
from enforcement.units import Mandate, Scope, Unit
from geo.editions import Kind
from rules.periods import Period

REGISTER = "register"
"""The element of a role that the road register gives out segment by segment."""


@dataclass(frozen=True, slots=True)
class Post:
    """One element of a role's scope on one day, and the units that hold the role there.

    `element` is a street or community code, the name of the scope where that has one element
    alone, or `REGISTER`, whose segments the map's proof looks at.
    """

    element: str
    units: tuple[str, ...]


class Posts:
    """The posts of a district on any day; keeps what it has worked out."""

    def __init__(self, district: District) -> None:
        self._district = district
        self._known: dict[tuple[str, date], tuple[Post, ...]] = {}
        self._communities: dict[date, tuple[str, ...]] = {}

    def of(self, role: str, day: date) -> tuple[Post, ...]:
        """The posts of a role on a day, in order of their elements; empty without a mandate."""
        key = (role, day)
        if key not in self._known:
            self._known[key] = self._found(role, day)
        return self._known[key]

    def vacant(self, role: str, day: date) -> tuple[str, ...] | None:
        """The elements where nobody holds the role; None when nobody holds it anywhere."""
        posts = self.of(role, day)
        empty = tuple(post.element for post in posts if not post.units)
        return None if len(empty) == len(posts) else empty

    def in_force(self, role: str, day: date) -> tuple[Mandate, ...]:
        """The mandates of a role on a day."""
        return tuple(one for one in self._district.registry.of_role(role) if one.period.covers(day))

    def _found(self, role: str, day: date) -> tuple[Post, ...]:
        mandates = self.in_force(role, day)
        elements: set[str] = set()
        for scope in {one.scope for one in mandates}:
            elements.update(self._elements(scope, day))
        return tuple(
            Post(element, tuple(sorted(set(self._holders(mandates, element, day)))))
            for element in sorted(elements)
        )

    def _elements(self, scope: Scope, day: date) -> Iterable[str]:
        if scope is Scope.STREET:
            return [one.code for one in self._district.settings.streets if one.period.covers(day)]
        if scope is Scope.COMMUNITY:
            return self._community_codes(day)
        return [REGISTER if scope is Scope.SEGMENT else scope.value]

    def _community_codes(self, day: date) -> tuple[str, ...]:
        if day not in self._communities:
            editions = [one for one, _ in self._district.atlas.in_force(day)]
            self._communities[day] = tuple(
                str(code)
                for one in editions
                if one.kind is Kind.COMMUNITY
                for code in one.frame["code"]
            )
        return self._communities[day]

    def _holders(self, mandates: Iterable[Mandate], element: str, day: date) -> Iterable[str]:
        units: Mapping[str, Unit] = self._district.registry.units
        for one in mandates:
            if one.register is not None:
                if element == REGISTER:
                    yield f"{REGISTER}:{one.register}"
            elif one.element is None or one.element == element:
                unit = units.get(one.unit or "")
                if unit is not None and unit.period.covers(day):
                    yield unit.id

    def changes(self, role: str) -> set[date]:
        """The days on which who holds the role may change."""
        registry = self._district.registry
        periods: list[Period] = [one.period for one in self._district.settings.streets]
        for mandate in registry.of_role(role):
            periods.append(mandate.period)
            unit = registry.units.get(mandate.unit or "")
            if unit is not None:
                periods.append(unit.period)
        days = {one.valid_from for one in periods}
        return days | {one.ceases_on for one in periods if one.ceases_on is not None}
