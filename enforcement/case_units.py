"""Cases by unit: the role that the rules name must be held by the unit that the case expects.

A case that names a street is asked there; another one in any street, which matters only to roles
that streets hold. Where the road register gives the role out, the unit must own some stretch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from enforcement.district import District
from enforcement.posts import REGISTER, Posts
from rules.casecheck import CaseResult, check_cases
from rules.model import Case, Text


def check_units(district: District) -> tuple[CaseResult, ...]:
    """The results of all cases of the district's book, by role and then by unit."""
    posts = Posts(district)
    return tuple(
        replace(one, faults=(*one.faults, *_faults(one, district, posts)))
        for one in check_cases(district.book)
    )


def _faults(result: CaseResult, district: District, posts: Posts) -> Iterator[Text]:
    case = result.case
    known = {one.code for one in district.settings.streets if one.period.covers(case.on)}
    if case.street is not None and case.street not in known:
        yield Text(
            f"{case.on} 没有街道 {case.street}", f"there is no street {case.street} on {case.on}"
        )
    elif case.unit is not None and result.passed:
        held = {_held(roles, case, district, posts) for roles in result.leads}
        if held != {frozenset({case.unit})}:
            told = "; ".join(", ".join(sorted(units)) or "-" for units in held)
            yield Text(
                f"主办单位应为 {case.unit}，得出 {told}",
                f"expected the unit {case.unit}, found {told}",
            )


def _held(roles: tuple[str, ...], case: Case, district: District, posts: Posts) -> frozenset[str]:
    """The units that hold the roles where the case is."""
    found: set[str] = set()
    for role in roles:
        here = posts.of(role, case.on)
        if case.street is not None:
            at_street = [post for post in here if post.element == case.street]
            here = tuple(at_street) or here
        units = here[0].units if here else ()
        for unit in units:
            function = unit.removeprefix(f"{REGISTER}:")
            if function == unit:
                found.add(unit)
            elif case.unit in _owners(district, function, case):
                found.add(case.unit or "")
    return frozenset(found)


def _owners(district: District, function: str, case: Case) -> set[str]:
    """The units that the road register names for a function on the day."""
    return {
        one.owner
        for one in district.atlas.register_entries
        if one.function == function and one.in_force(case.on)
    }
