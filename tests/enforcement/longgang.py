"""The schematic Longgang with something taken away or planted, in this process and at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from enforcement.case_units import check_units
from enforcement.district import District
from enforcement.found import HORIZON, Found
from enforcement.posts import Posts
from enforcement.register import Entry
from enforcement.seams import settled_for_now
from enforcement.seams_of_mandates import mandate_seams
from enforcement.seams_of_rules import rule_seams
from enforcement.seams_of_tables import table_seams
from enforcement.units import Mandate
from rules.book import Book
from rules.build import tables_of
from rules.model import Rule
from rules.periods import Period


def with_rules(district: District, changed: Mapping[str, Rule | None]) -> District:
    """The district with rules replaced, added or (None) deleted; their matters' tables are new."""
    catalogue = district.book.catalogue
    rules = dict(catalogue.rules) | {id_: r for id_, r in changed.items() if r is not None}
    for id_, one in changed.items():
        if one is None:
            del rules[id_]
    catalogue = replace(catalogue, rules=dict(sorted(rules.items())))
    touched = {
        code
        for id_ in changed
        for one in (changed[id_], district.book.catalogue.rules.get(id_))
        if one is not None
        for code in one.matters
    }
    tables = dict(district.book.tables)
    tables |= {code: tuple(tables_of(catalogue.matters[code], catalogue)) for code in touched}
    return replace(district, book=Book(catalogue, tables), memory={})


def with_mandates(district: District, mandates: Iterable[Mandate]) -> District:
    """The district with other mandates."""
    registry = replace(district.registry, mandates=tuple(mandates))
    return replace(district, registry=registry, memory={})


def ended_early(mandate: Mandate) -> Mandate:
    """The mandate without its last day; an open one ends on the last day before the horizon."""
    last = Period(mandate.period.valid_from, mandate.period.ceases_on or HORIZON).last_day
    return replace(mandate, period=Period(mandate.period.valid_from, last))


def open_seams(
    district: District, entries: Iterable[Entry], matters: Iterable[str] | None = None
) -> list[Found]:
    """The open seams of rules and mandates; of some matters alone when that is enough to know."""
    _, listed = settled_for_now(district, entries)
    posts = Posts(district)
    found: list[Found] = []
    for code in district.book.tables if matters is None else matters:
        found.extend(table_seams(code, district, posts, listed))
    if matters is None:
        found.extend(rule_seams(district.book))
        found.extend(mandate_seams(district, posts))
    return [one for one in found if one.blocking and one.entry is None]


def failing_cases(district: District) -> list[str]:
    """The ids of the cases that do not pass."""
    return [one.case.id for one in check_units(district) if not one.passed]
