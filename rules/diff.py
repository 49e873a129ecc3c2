"""Two versions of the rules compared: which combinations change their lead, from when to when.

Both versions have a table for every day; where both cover a day, their combinations are laid over
each other on values as fine as either needs. A fact or value that only one version has is told
as such: combinations of the other have no counterpart there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from rules.book import Book
from rules.model import Catalogue, Text
from rules.periods import Period, cut
from rules.regions import Facts, in_words, refined, regions
from rules.seams import leads
from rules.table import Axis, Table, Verdict


@dataclass(frozen=True, slots=True)
class Change:
    """A region of facts of one matter that has other leads in the new version on some days.

    `before` and `after` are the roles that lead: none for a gap, several for an overlap. `exists`
    tells of a combination that is impossible in one of the versions: then its side is None.
    """

    matter: str
    period: Period
    facts: Facts
    before: tuple[str, ...] | None
    after: tuple[str, ...] | None
    combinations: int


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that differs between two versions."""

    old: str
    new: str
    added_matters: tuple[str, ...]
    dropped_matters: tuple[str, ...]
    added_rules: tuple[str, ...]
    dropped_rules: tuple[str, ...]
    changed_rules: tuple[str, ...]
    facts: tuple[str, ...]
    changes: tuple[Change, ...]

    @property
    def empty(self) -> bool:
        """Whether the versions say the same in everything that is compared."""
        return not (
            self.added_matters
            or self.dropped_matters
            or self.added_rules
            or self.dropped_rules
            or self.changed_rules
            or self.facts
            or self.changes
        )


def difference(old: Book, new: Book) -> Difference:
    """What the new version changes; changes that follow each other in time are told as one."""
    before, after = old.catalogue, new.catalogue
    shared = sorted(set(before.matters) & set(after.matters))
    return Difference(
        old=before.sha256,
        new=after.sha256,
        added_matters=_only(after.matters, before.matters),
        dropped_matters=_only(before.matters, after.matters),
        added_rules=_only(after.rules, before.rules),
        dropped_rules=_only(before.rules, after.rules),
        changed_rules=tuple(
            sorted(
                id_
                for id_ in set(before.rules) & set(after.rules)
                if before.rules[id_] != after.rules[id_]
            )
        ),
        facts=tuple(line for code in shared for line in _facts(code, before, after)),
        changes=tuple(_joined(one for code in shared for one in _changes(code, old, new))),
    )


def _only(these: Mapping[str, object], others: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(sorted(set(these) - set(others)))


def _facts(code: str, before: Catalogue, after: Catalogue) -> Iterator[str]:
    """Facts and values that only one version has: `food.safety.stage+online`."""
    sides = [
        {(fact.name, value) for fact in one.matters[code].facts for value in fact.values}
        for one in (before, after)
    ]
    for sign, some in (("-", sides[0] - sides[1]), ("+", sides[1] - sides[0])):
        yield from (f"{code}.{name}{sign}{value}" for name, value in sorted(some))


def _changes(code: str, old: Book, new: Book) -> Iterator[Change]:
    for before in old.tables[code]:
        for after in new.tables[code]:
            if not before.period.meets(after.period):
                continue
            days = [after.period.valid_from]
            days += [after.period.ceases_on] if after.period.ceases_on is not None else []
            for period in cut([before.period], days):
                if after.period.covers(period.valid_from):
                    pair = _Pair(before, after, old.catalogue, new.catalogue)
                    yield from pair.changes(period)


class _Pair:
    """Two tables of one matter laid over each other."""

    def __init__(self, before: Table, after: Table, old: Catalogue, new: Catalogue) -> None:
        fine_old = _with_facts_of(before, after)
        fine_new = _with_facts_of(after, before)
        self._sides = [
            [None if v.impossible else leads(v, catalogue) for v in table.verdicts]
            for table, catalogue in ((before, old), (after, new))
        ]
        order = [axis.fact for axis in fine_old.axes]
        self._old = refined(fine_old, _classes(fine_new))
        self._new = _ordered(refined(fine_new, _classes(fine_old)), order, self._old)

    def changes(self, period: Period) -> Iterator[Change]:
        first, second = self._sides
        pairs: dict[tuple[object, object], list[tuple[int, int]]] = {}
        for n in np.unique(self._old.cells):
            for m in np.unique(self._new.cells[self._old.cells == n]):
                if first[int(n)] != second[int(m)]:
                    key = (first[int(n)], second[int(m)])
                    pairs.setdefault(key, []).append((int(n), int(m)))
        for numbers in pairs.values():
            wanted = np.zeros(self._old.cells.shape, dtype=bool)
            for n, m in numbers:
                wanted |= (self._old.cells == n) & (self._new.cells == m)
            n, m = numbers[0]
            both = replace(self._old, cells=wanted.astype(np.uint16), verdicts=_PLAIN)
            for region in regions(both, wanted):
                yield Change(
                    matter=both.matter,
                    period=period,
                    facts=region.facts,
                    before=first[n],
                    after=second[m],
                    combinations=region.combinations,
                )


_PLAIN = (Verdict(), Verdict(("changed",)))


def _with_facts_of(table: Table, other: Table) -> Table:
    """The table with each fact and value of the other added where both can have them.

    Only values that both versions know are kept; a fact that it lacks makes no difference to it.
    """
    known = {axis.fact: {v for c in axis.classes for v in c} for axis in other.axes}
    axes, index = [], []
    for axis in table.axes:
        allowed = known.get(axis.fact)
        kept = [
            (n, tuple(v for v in values if allowed is None or v in allowed))
            for n, values in enumerate(axis.classes)
        ]
        kept = [(n, values) for n, values in kept if values]
        axes.append(Axis(axis.fact, tuple(values for _, values in kept)))
        index.append([n for n, _ in kept])
    cells = np.asarray(table.cells[np.ix_(*index)])
    mine = {axis.fact for axis in table.axes}
    for axis in other.axes:
        if axis.fact not in mine:
            axes.append(Axis(axis.fact, (tuple(v for c in axis.classes for v in c),)))
            cells = cells[..., np.newaxis]
    return replace(table, axes=tuple(axes), cells=cells)


def _classes(table: Table) -> list[dict[str, tuple[str, ...]]]:
    return [{axis.fact: values} for axis in table.axes for values in axis.classes]


def _ordered(table: Table, order: list[str], like: Table) -> Table:
    """The table with its facts, and the classes of each, in the order of another."""
    at = {axis.fact: n for n, axis in enumerate(table.axes)}
    cells = np.transpose(table.cells, [at[fact] for fact in order])
    place = table.at
    index = [[place[axis.fact][values[0]] for values in axis.classes] for axis in like.axes]
    return replace(table, axes=like.axes, cells=np.asarray(cells[np.ix_(*index)]))


def _joined(changes: Iterator[Change]) -> list[Change]:
    runs: dict[object, list[Change]] = {}
    for one in changes:
        key = (one.matter, tuple(sorted(one.facts.items())), one.before, one.after)
        run = runs.setdefault(key, [])
        if run and run[-1].period.ceases_on == one.period.valid_from:
            run[-1] = replace(
                run[-1], period=Period(run[-1].period.valid_from, one.period.ceases_on)
            )
        else:
            run.append(one)
    return [one for run in runs.values() for one in run]


def told(change: Change, old: Book, new: Book) -> Text:
    """A change as a sentence."""
    matter = new.matter(change.matter)
    facts = in_words(change.facts, matter)
    before = _who(change.before, old.catalogue)
    after = _who(change.after, new.catalogue)
    last = change.period.last_day
    zh = f"{change.period.valid_from} 起" + (f"至 {last}" if last else "")
    en = f"from {change.period.valid_from}" + (f" to {last}" if last else " on")
    return Text(
        f"{zh}，“{matter.name.zh}”（{facts.zh}）：{before.zh} → {after.zh}",
        f"{en}, “{matter.name.en}” ({facts.en}): {before.en} → {after.en}",
    )


def _who(roles: tuple[str, ...] | None, catalogue: Catalogue) -> Text:
    if roles is None:
        return Text("不可能出现", "impossible")
    if not roles:
        return Text("空白", "nobody")
    names = [catalogue.roles[id_].name for id_ in roles]
    return Text(" 与 ".join(n.zh for n in names), " and ".join(n.en for n in names))
