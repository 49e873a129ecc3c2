"""Mandates and units: two holders at once, two kinds of scope, bodies without power, dead mandates.

Vacancies of roles that a matter needs are found with their facts by `seams_of_tables`; here are
those of the first contact, who must exist on every day, and all that is wrong with who holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from enforcement.district import District
from enforcement.found import Found, Kind, Part, dated, joined
from enforcement.posts import Posts
from enforcement.units import Mandate, UnitKind
from rules.model import Power, Role, Text
from rules.periods import Period, cut


def mandate_seams(district: District, posts: Posts) -> Iterator[Found]:
    """Everything that is wrong with mandates, role by role, each sentence with its days."""
    needed = needs(district)
    covered = [one for matter in district.book.catalogue.matters.values() for one in matter.periods]
    first_contact = district.settings.first_contact
    pieces: list[Found] = []
    for id_, role in sorted(district.book.catalogue.roles.items()):
        for period in cut([_span(covered)], posts.changes(id_)) if covered else ():
            pieces.extend(_on(role, period, district, posts))
            if id_ == first_contact:
                pieces.extend(_first_contact(role, period, posts))
    for one in joined(pieces):
        yield replace(one, says=dated(one.period, one.says))
    yield from _dead(district, needed)


def needs(district: District) -> dict[str, list[Period]]:
    """The days on which a possible answer names each role as lead, assistant or other reading."""
    rules = district.book.catalogue.rules
    found: dict[str, list[Period]] = {}
    for tables in district.book.tables.values():
        for table in tables:
            for id_ in {id_ for one in table.verdicts for id_ in one.standing}:
                rule = rules[id_]
                roles = [rule.lead, *(one.role for one in rule.assist)]
                for role in {*roles, *(one.lead for one in rule.readings)} - {None}:
                    if role is not None:
                        found.setdefault(role.id, []).append(table.period)
    return found


def _span(periods: Iterable[Period]) -> Period:
    """From the first covered day to the last, or open."""
    listed = list(periods)
    ends = [one.ceases_on for one in listed if one.ceases_on is not None]
    return Period(
        min(one.valid_from for one in listed), max(ends) if len(ends) == len(listed) else None
    )


def _on(role: Role, period: Period, district: District, posts: Posts) -> Iterator[Found]:
    """What is wrong with a role on days on which nothing changes."""
    day = period.valid_from
    units = district.registry.units
    mandates = posts.in_force(role.id, day)
    scopes = sorted({one.scope.value for one in mandates})
    if len(scopes) > 1:
        yield _found(
            Kind.NESTED,
            role,
            period,
            Text(
                f"职能“{role.name.zh}”同时按 {'、'.join(scopes)} 授权，范围互相嵌套",
                f"“{role.name.en}” is given out by {' and by '.join(scopes)} at once",
            ),
            Text("同一时段只按一种范围授权", "give it out by one kind of scope at a time"),
            units=tuple(sorted({one.unit for one in mandates if one.unit})),
        )
        return
    for post in posts.of(role.id, day):
        if len(post.units) > 1:
            names = [units[one].name(day) if one in units else Text(one, one) for one in post.units]
            yield _found(
                Kind.DOUBLE,
                role,
                period,
                Text(
                    f"“{role.name.zh}”在 {post.element} 同时授予{'、'.join(n.zh for n in names)}",
                    f"{' and '.join(n.en for n in names)} hold “{role.name.en}” in {post.element}",
                ),
                Text("让其中一项授权先失效", "end one of the mandates first"),
                elements=(post.element,),
                units=post.units,
            )
    for id_ in sorted({one.unit for one in mandates if one.unit}):
        unit = units.get(id_)
        if unit is None or not unit.period.covers(day):
            continue
        weak = unit.kind is UnitKind.COORDINATION and role.power is not Power.COORDINATE
        if weak or (unit.kind is UnitKind.OWNER and role.power is Power.ENFORCE):
            name = unit.name(day)
            yield _found(
                Kind.COORDINATION if weak else Kind.POWER,
                role,
                period,
                Text(
                    f"{name.zh}（{unit.kind}）没有执法权，却承担“{role.name.zh}”",
                    f"{name.en} ({unit.kind}) has no such power, but holds “{role.name.en}”",
                ),
                Text("改授给有权的单位", "give it to a unit with powers"),
                units=(id_,),
            )


def _first_contact(role: Role, period: Period, posts: Posts) -> Iterator[Found]:
    empty = posts.vacant(role.id, period.valid_from)
    if empty is None or empty:
        where = "、".join(empty or ())
        yield _found(
            Kind.VACANCY,
            role,
            period,
            Text(
                f"{where or '全区'}没有首问单位（{role.name.zh}）",
                f"there is no first contact ({role.name.en}) {where or 'anywhere'}",
            ),
            Text("在 units.yaml 补授权", "add a mandate"),
            elements=empty or (),
        )


def _dead(district: District, needed: dict[str, list[Period]]) -> Iterator[Found]:
    for mandate in district.registry.mandates:
        role = district.book.catalogue.roles[mandate.role]
        if mandate.role == district.settings.first_contact or any(
            mandate.period.meets(one) for one in needed.get(mandate.role, [])
        ):
            continue
        says = Text(
            f"没有规则用到“{role.name.zh}”，{_holder(mandate)} 的授权不起作用",
            f"no rule needs “{role.name.en}”; the mandate of {_holder(mandate)} is idle",
        )
        yield _found(
            Kind.DEAD,
            role,
            mandate.period,
            dated(mandate.period, says),
            Text("删去该授权，或补规则", "drop the mandate, or add the rule"),
            elements=(mandate.element,) if mandate.element else (),
            units=(mandate.unit,) if mandate.unit else (),
        )


def _holder(mandate: Mandate) -> str:
    return mandate.unit or f"register ({mandate.register})"


def _found(
    kind: Kind,
    role: Role,
    period: Period,
    says: Text,
    closes: Text,
    *,
    elements: tuple[str, ...] = (),
    units: tuple[str, ...] = (),
) -> Found:
    return Found(
        part=Part.MANDATES,
        kind=kind,
        period=period,
        says=says,
        closes=closes,
        roles=(role.id,),
        units=units,
        elements=elements,
    )
