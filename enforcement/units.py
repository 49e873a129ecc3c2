"""Units, and the mandates that give them roles: who holds which role, where, on which day.

A unit of kind `org` has powers; an `owner` may only maintain; a `coordination` body convenes and
never leads, and data in which it could is refused here. Roles themselves belong to the rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from rules.errors import Fault
from rules.model import Power, Role, Text
from rules.periods import Period


class UnitKind(StrEnum):
    """What a unit may do; see the module."""

    ORG = "org"
    OWNER = "owner"
    COORDINATION = "coordination"


class Scope(StrEnum):
    """The kind of place that a mandate is limited to; a role has one kind on any day."""

    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    SEGMENT = "segment"
    SITE = "site"


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach a unit, and a note, for instance that the number is made up."""

    phone: str | None = None
    note: Text | None = None

    def as_dict(self) -> dict[str, object]:
        """The contact as JSON carries it."""
        return {"phone": self.phone, "note": self.note and self.note.as_dict()}


@dataclass(frozen=True, slots=True)
class Unit:
    """A body with a name, contacts and dates. `names` are in order of days, the first open."""

    id: str
    names: tuple[tuple[date | None, Text], ...]
    kind: UnitKind
    period: Period
    superior: str | None = None
    successor: str | None = None
    contact: Contact = Contact()
    source: tuple[str, ...] = ()
    confidence: str = "H"

    def name(self, on: date) -> Text:
        """The unit's name on `on`; the oldest one before its first dated name."""
        found = self.names[0][1]
        for valid_from, name in self.names:
            if valid_from is None or valid_from <= on:
                found = name
        return found


@dataclass(frozen=True, slots=True)
class Mandate:
    """A role, a scope and its element, the unit that holds it there, and the days.

    `element` is a street or community code; None for a district or city. `register` names the
    function whose owner in the road register is the unit; then `unit` is None. `fills` names
    the entry of the register of seams that the district settles for now by this mandate, and
    `note` says so to the reader.
    """

    role: str
    scope: Scope
    element: str | None
    unit: str | None
    period: Period
    register: str | None = None
    source: tuple[str, ...] = ()
    confidence: str = "H"
    fills: str | None = None
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Spot:
    """What a mandate needs to know of a place: codes, and the owners of the road segment."""

    street: str | None = None
    community: str | None = None
    owners: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Registry:
    """All units and mandates of a district, checked: at most one holder at any place and day."""

    units: Mapping[str, Unit]
    mandates: tuple[Mandate, ...]
    sha256: str

    @cached_property
    def _by_role(self) -> Mapping[str, tuple[Mandate, ...]]:
        found: dict[str, list[Mandate]] = {}
        for mandate in self.mandates:
            found.setdefault(mandate.role, []).append(mandate)
        return {role: tuple(mandates) for role, mandates in found.items()}

    def of_role(self, role: str) -> tuple[Mandate, ...]:
        """The mandates of a role, on any day."""
        return self._by_role.get(role, ())

    def by_register(self, role: str, on: date) -> bool:
        """Whether the road register says who holds the role on the day, segment by segment."""
        return any(one.register is not None and one.period.covers(on) for one in self.of_role(role))

    def for_now(self, role: str, on: date) -> Text | None:
        """What the reader must know of a role that the district only gives for now, or None."""
        return next(
            (
                one.note
                for one in self.of_role(role)
                if one.fills is not None and one.period.covers(on)
            ),
            None,
        )

    def holder(self, role: str, spot: Spot, on: date) -> Unit | None:
        """The unit that holds the role at this spot on this day, or None: a vacancy."""
        for mandate in self._by_role.get(role, ()):
            if not mandate.period.covers(on):
                continue
            unit_id: str | None = None
            if mandate.scope is Scope.SEGMENT:
                owners = {owner for function, owner in spot.owners if function == mandate.register}
                # Two owners of one function on one stretch are a seam of the register, not a pick
                unit_id = owners.pop() if len(owners) == 1 else None
            elif (
                mandate.scope in (Scope.CITY, Scope.DISTRICT, Scope.SITE)
                or (mandate.scope is Scope.STREET and mandate.element == spot.street)
                or (mandate.scope is Scope.COMMUNITY and mandate.element == spot.community)
            ):
                unit_id = mandate.unit
            if unit_id is not None:
                unit = self.units.get(unit_id)
                if unit is not None and unit.period.covers(on):
                    return unit
        return None


def faults_of(
    units: Sequence[Unit], mandates: Sequence[Mandate], roles: Mapping[str, Role]
) -> list[Fault]:
    """Everything that is wrong with units and mandates; empty when they can be used."""
    faults: list[Fault] = []
    known: dict[str, Unit] = {}
    for unit in units:
        if unit.id in known:
            faults.append(Fault(f"unit {unit.id}", "单位编号重复", "the unit id stands twice"))
        known[unit.id] = unit
    for unit in units:
        for what, other in (("superior", unit.superior), ("successor", unit.successor)):
            if other is not None and other not in known:
                faults.append(
                    Fault(
                        f"unit {unit.id}.{what}",
                        f"没有单位 {other}",
                        f"there is no unit {other}",
                    )
                )
    for mandate in mandates:
        faults.extend(_faults_of_one(mandate, known, roles))
    faults.extend(_clashes(mandates))
    return faults


def _faults_of_one(
    mandate: Mandate, units: Mapping[str, Unit], roles: Mapping[str, Role]
) -> Iterable[Fault]:
    where = f"mandate {mandate.role} {mandate.element or mandate.scope} {mandate.period}"
    role = roles.get(mandate.role)
    if role is None:
        yield Fault(where, f"没有职能 {mandate.role}", f"there is no role {mandate.role}")
        return
    if mandate.register is not None:
        if mandate.scope is not Scope.SEGMENT or mandate.unit is not None:
            yield Fault(
                where,
                "登记簿授权只用于路段，且不写单位",
                "a mandate by the register is for segments and names no unit",
            )
        return
    if mandate.fills is not None and mandate.note is None:
        yield Fault(
            where,
            f"暂定授权（fills: {mandate.fills}）应写明 note，告诉读者只是暂定",
            f"a mandate for now (fills: {mandate.fills}) needs a note that tells the reader so",
        )
    unit = units.get(mandate.unit or "")
    if unit is None:
        yield Fault(where, f"没有单位 {mandate.unit}", f"there is no unit {mandate.unit}")
        return
    yield from _power_faults(where, role, unit)
    outside = mandate.period.valid_from < unit.period.valid_from or (
        unit.period.ceases_on is not None
        and (mandate.period.ceases_on is None or mandate.period.ceases_on > unit.period.ceases_on)
    )
    if outside:
        yield Fault(
            where,
            f"授权超出单位 {unit.id} 的存续期（{unit.period}）",
            f"the mandate exceeds the days of the unit {unit.id} ({unit.period})",
        )


def _power_faults(where: str, role: Role, unit: Unit) -> Iterable[Fault]:
    if unit.kind is UnitKind.COORDINATION and role.power is not Power.COORDINATE:
        yield Fault(
            where,
            f"{unit.id} 是议事协调机构，无审批、执法、处罚权，不能承担“{role.name.zh}”",
            f"{unit.id} is a coordination body and may not hold {role.id}, which can lead",
        )
    if unit.kind is UnitKind.OWNER and role.power is Power.ENFORCE:
        yield Fault(
            where,
            f"{unit.id} 是权属单位，只能养护维修，不能承担执法职能“{role.name.zh}”",
            f"{unit.id} is an owner and may only maintain, not hold {role.id}",
        )


def _clashes(mandates: Sequence[Mandate]) -> Iterable[Fault]:
    """Two holders at one place and day, or two kinds of scope for one role on one day."""
    by_role: dict[str, list[Mandate]] = {}
    for mandate in mandates:
        by_role.setdefault(mandate.role, []).append(mandate)
    for role, group in by_role.items():
        for at, one in enumerate(group):
            for other in group[at + 1 :]:
                if not one.period.meets(other.period):
                    continue
                days = max(one.period.valid_from, other.period.valid_from)
                if one.scope is not other.scope:
                    yield Fault(
                        f"mandate {role}",
                        f"自 {days} 起同时按 {one.scope} 和 {other.scope} 授权",
                        f"from {days} it is given by {one.scope} and by {other.scope} at once",
                    )
                elif one.element == other.element:
                    yield Fault(
                        f"mandate {role} {one.element or one.scope}",
                        f"自 {days} 起同时授予 {one.unit or one.register} 和 "
                        f"{other.unit or other.register}",
                        f"from {days} both {one.unit or one.register} and "
                        f"{other.unit or other.register} hold it",
                    )
