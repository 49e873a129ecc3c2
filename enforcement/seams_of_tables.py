"""Seams of one matter: combinations and days on which not exactly one unit leads.

Joins the decision tables with who holds each role. Days are cut where a table, a mandate, a unit, a
street or an entry of the register changes, so each piece is the same on all its days.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from enforcement.district import District
from enforcement.found import Found, Kind, Part, dated, joined
from enforcement.posts import Posts
from enforcement.register import Entry
from rules.model import Matter, Text
from rules.periods import Period, cut
from rules.regions import Mask, Region, covered, in_words, refined, regions
from rules.seams import leading, leads
from rules.table import Table


@dataclass(frozen=True, slots=True)
class _Trouble:
    """Why combinations have no one unit on some days; equal ones are told as one."""

    kind: Kind
    roles: tuple[str, ...]
    elements: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    assists: bool = False


def table_seams(
    code: str, district: District, posts: Posts, entries: Sequence[Entry]
) -> Iterator[Found]:
    """The seams of one matter, those that follow each other joined, each sentence with its days."""
    matter = district.book.matter(code)
    ours = [entry for entry in entries if entry.matter == code]
    pieces: list[Found] = []
    for whole in district.book.tables[code]:
        table = refined(whole, [entry.facts for entry in ours])
        for period in cut([table.period], _changes(table, district, posts, ours)):
            pieces.extend(_Piece(matter, table, period, district, posts).found(ours))
    for one in joined(pieces):
        yield replace(one, says=dated(one.period, one.says))


def _changes(table: Table, district: District, posts: Posts, entries: Sequence[Entry]) -> set[date]:
    days: set[date] = set()
    for role in _roles(table, district):
        days |= posts.changes(role)
    for entry in entries:
        days.add(entry.period.valid_from)
        if entry.period.ceases_on is not None:
            days.add(entry.period.ceases_on)
    return days


def _roles(table: Table, district: District) -> set[str]:
    """Every role that some standing rule names as lead or assistant."""
    rules = district.book.catalogue.rules
    standing = {id_ for one in table.verdicts for id_ in one.standing}
    return {
        role.id
        for id_ in standing
        for role in (rules[id_].lead, *(one.role for one in rules[id_].assist))
        if role is not None
    }


class _Piece:
    """One table on days on which nothing changes."""

    def __init__(
        self, matter: Matter, table: Table, period: Period, district: District, posts: Posts
    ) -> None:
        self._matter = matter
        self._table = table
        self._period = period
        self._day = period.valid_from
        self._catalogue = district.book.catalogue
        self._registry = district.registry
        self._posts = posts

    def found(self, entries: Sequence[Entry]) -> Iterator[Found]:
        """What is found on these days: covered by an entry first, then the open rest."""
        for trouble, numbers in self._troubles().items():
            left: Mask = np.isin(self._table.cells, sorted(numbers))
            for entry in entries:
                if entry.speaks_of(self._matter.code, trouble.kind, trouble.roles, self._day):
                    held = left & covered(self._table, entry.facts)
                    if held.any():
                        yield self._registered(trouble, entry, held)
                        left = left & ~held
            for region in regions(self._table, left):
                yield self._open(trouble, region)

    def _troubles(self) -> dict[_Trouble, set[int]]:
        found: dict[_Trouble, set[int]] = {}
        for number, verdict in enumerate(self._table.verdicts):
            if verdict.impossible is not None:
                continue
            trouble = self._of_leads(leads(verdict, self._catalogue))
            if trouble is not None:
                found.setdefault(trouble, set()).add(number)
            for id_ in verdict.standing:
                for one in self._catalogue.rules[id_].assist:
                    missing = self._vacancy(one.role.id, assists=True)
                    if missing is not None:
                        found.setdefault(missing, set()).add(number)
        return found

    def _of_leads(self, roles: tuple[str, ...]) -> _Trouble | None:
        if not roles:
            return _Trouble(Kind.GAP, ())
        if len(roles) == 1:
            return self._vacancy(roles[0], assists=False)
        holders = [self._posts.of(role, self._day) for role in roles]
        shared = {post.units for posts in holders for post in posts}
        if all(holders) and len(shared) == 1 and len(next(iter(shared))) == 1:
            return _Trouble(Kind.LATENT, roles, units=next(iter(shared)))
        units = sorted({unit for posts in holders for post in posts for unit in post.units})
        return _Trouble(Kind.OVERLAP, roles, units=tuple(units[:12]))

    def _vacancy(self, role: str, *, assists: bool) -> _Trouble | None:
        empty = self._posts.vacant(role, self._day)
        if empty is None:
            return _Trouble(Kind.VACANCY, (role,), assists=assists)
        return _Trouble(Kind.VACANCY, (role,), empty, assists=assists) if empty else None

    # --- in words --------------------------------------------------------------------------

    def _registered(self, trouble: _Trouble, entry: Entry, held: Mask) -> Found:
        return replace(
            self._told(trouble, Region(entry.facts, {}, int(self._table.weights[held].sum()))),
            entry=entry.id,
        )

    def _open(self, trouble: _Trouble, region: Region) -> Found:
        return self._told(trouble, region)

    def _told(self, trouble: _Trouble, region: Region) -> Found:
        rules = self._rules(region) if trouble.kind is not Kind.GAP else ()
        facts = in_words(region.facts, self._matter)
        name = self._matter.name
        why, closes = self._why(trouble, rules)
        return Found(
            part=Part.MANDATES if trouble.kind is Kind.VACANCY else Part.RULES,
            kind=trouble.kind,
            period=self._period,
            matter=self._matter.code,
            facts=region.facts,
            witness=region.witness,
            rules=rules,
            roles=trouble.roles,
            units=trouble.units,
            elements=trouble.elements,
            combinations=region.combinations,
            assists=trouble.assists,
            says=Text(
                f"“{name.zh}”（{facts.zh}）：{why.zh}（{region.combinations} 种组合）",
                f"“{name.en}” ({facts.en}): {why.en} ({region.combinations} combinations)",
            ),
            closes=closes,
        )

    def _rules(self, region: Region) -> tuple[str, ...]:
        """The rules with a lead that stand where the witness is, in order of id."""
        _, cells = self._table.part(region.witness)
        found: set[str] = set()
        for number in np.unique(cells):
            found |= set(leading(self._table.verdicts[int(number)], self._catalogue))
        return tuple(sorted(found)[:8])

    def _why(self, trouble: _Trouble, rules: Sequence[str]) -> tuple[Text, Text]:
        named = [self._catalogue.roles[role].name for role in trouble.roles]
        roles = Text("、".join(n.zh for n in named), ", ".join(n.en for n in named))
        listed = ", ".join(rules)
        if trouble.kind is Kind.GAP:
            return (
                Text("没有规则指明主办单位", "no rule names a lead"),
                Text("补一条规则，或登记该缝隙", "add a rule, or register the seam"),
            )
        if trouble.kind is Kind.VACANCY:
            where = self._where(trouble.elements)
            duty = Text("协办", "assists") if trouble.assists else Text("主办", "leads")
            return (
                Text(
                    f"应由“{roles.zh}”{duty.zh}（规则 {listed}），但{where.zh}没有单位承担该职能",
                    f"“{roles.en}” {duty.en} (rules {listed}), but no unit holds it {where.en}",
                ),
                Text("在 units.yaml 补授权，或登记该缝隙", "add a mandate, or register the seam"),
            )
        if trouble.kind is Kind.LATENT:
            unit = self._registry.units[trouble.units[0]].name(self._day)
            return (
                Text(
                    f"规则 {listed} 指向不同职能（{roles.zh}），目前都由{unit.zh}承担，不构成争议",
                    f"rules {listed} name different roles ({roles.en}); {unit.en} holds them all",
                ),
                Text("机构分开前写明哪条规则优先", "say which rule overrides before they part"),
            )
        return (
            Text(
                f"规则 {listed} 同时成立，主办职能不同：{roles.zh}",
                f"rules {listed} hold together and name different leads: {roles.en}",
            ),
            Text("写明哪条规则优先（overrides），或登记该缝隙", "add an override, or register it"),
        )

    def _where(self, elements: Sequence[str]) -> Text:
        if not elements:
            return Text("全区", "anywhere")
        return Text("在 " + "、".join(elements), "in " + ", ".join(elements))
