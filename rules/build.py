"""Filling decision tables: the engine answers, a second evaluation checks every cell.

Runs as a child process (`python -m rules.build`), so that a crash or a hang of the engine stops a
publication and never the service. The engine works in stages: claims first, then, level by
level, which claims stand. The second evaluation is written on its own, with bit sets and a
recursive definition, and shares nothing with the first but the packs.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import reduce
from operator import and_
from pathlib import Path

import numpy as np

from rules.engine import Conjunctions
from rules.errors import RulesError, TableDisagrees
from rules.loader import load_catalogue
from rules.model import Catalogue, Matter, Rule
from rules.table import Axis, Draft, Table, Verdict, as_json, combinations, drafts


def build(draft: Draft) -> Table:
    """The table of one interval, asked of the engine and checked cell by cell.

    Raises `TableDisagrees` when the engine and the independent evaluation differ, naming the
    facts; `EngineFailed` when the engine does not finish.
    """
    numbers: dict[Verdict, int] = {}
    cells = np.zeros(tuple(len(axis) for axis in draft.axes), dtype=np.uint16)
    with ExitStack() as stack:
        asked = _Asked(draft, stack)
        for at in combinations(draft.axes):
            verdict = asked.verdict(at)
            cells[at] = numbers.setdefault(verdict, len(numbers))
    table = Table(
        matter=draft.matter.code,
        period=draft.period,
        axes=draft.axes,
        cells=cells,
        verdicts=tuple(numbers),
        raw_combinations=draft.raw_combinations,
    )
    check(table, draft)
    return table


class _Asked:
    """The engine's rulesets of one draft: the claims, and one per level of exceptions."""

    def __init__(self, draft: Draft, stack: ExitStack) -> None:
        self._levels = _levels(draft.rules)
        claims = [(rule.id, one) for rule in draft.rules for one in rule.alternatives]
        claims += [(clause.id, one) for clause in draft.cannot for one in clause.alternatives]
        self._cannot = {clause.id for clause in draft.cannot}
        self._claimants = [id_ for id_, _ in claims]
        flags: dict[tuple[str, frozenset[str]], int] = {}
        wanted = [
            frozenset(flags.setdefault((fact, values), len(flags)) for fact, values in one.items())
            for _, one in claims
        ]
        self._flags = [
            [
                frozenset(
                    flag
                    for (fact, values), flag in flags.items()
                    if fact == axis.fact and members[0] in values
                )
                for members in axis.classes
            ]
            for axis in draft.axes
        ]
        self._claims = stack.enter_context(Conjunctions(wanted))
        self._names = {rule.id: at for at, rule in enumerate(draft.rules)}
        # A beating holds when the beaten rule claims (flag 2n) and the beater stands (2m + 1).
        self._beatings = [
            [(beaten, beater) for beaten in level for beater in _beaters(beaten, draft.rules)]
            for level in self._levels[1:]
        ]
        self._exceptions = [
            stack.enter_context(
                Conjunctions(
                    [
                        frozenset({2 * self._names[beaten], 2 * self._names[beater] + 1})
                        for beaten, beater in beatings
                    ]
                )
            )
            for beatings in self._beatings
        ]
        self._stood: dict[frozenset[str], Verdict] = {}

    def verdict(self, at: tuple[int, ...]) -> Verdict:
        flags = frozenset().union(*(self._flags[n][c] for n, c in enumerate(at)))
        claiming = frozenset(self._claimants[n] for n in self._claims.holding(flags))
        if claiming not in self._stood:
            self._stood[claiming] = self._stands(claiming)
        return self._stood[claiming]

    def _stands(self, claiming: frozenset[str]) -> Verdict:
        excluded = sorted(claiming & self._cannot)
        if excluded:
            return Verdict(impossible=excluded[0])
        standing = {id_ for id_ in self._levels[0] if id_ in claiming} if self._levels else set()
        lost: dict[str, str] = {}
        for level, beatings, exceptions in zip(
            self._levels[1:], self._beatings, self._exceptions, strict=True
        ):
            flags = frozenset(2 * self._names[id_] for id_ in claiming) | frozenset(
                2 * self._names[id_] + 1 for id_ in standing
            )
            for n in sorted(exceptions.holding(flags)):
                beaten, beater = beatings[n]
                lost.setdefault(beaten, beater)
            standing |= {id_ for id_ in level if id_ in claiming and id_ not in lost}
        return Verdict(tuple(sorted(standing)), tuple(sorted(lost.items())))


def _beaters(beaten: str, rules: Sequence[Rule]) -> list[str]:
    return sorted(rule.id for rule in rules if beaten in rule.overrides)


def _levels(rules: Sequence[Rule]) -> list[list[str]]:
    """The rules in levels: each is beaten only by rules of earlier levels."""
    level: dict[str, int] = {}

    def of(id_: str) -> int:
        if id_ not in level:
            level[id_] = max((of(one) + 1 for one in _beaters(id_, rules)), default=0)
        return level[id_]

    found: list[list[str]] = []
    for rule in rules:
        at = of(rule.id)
        found.extend([] for _ in range(at + 1 - len(found)))
        found[at].append(rule.id)
    return found


# --- the second, independent evaluation ----------------------------------------------------


def check(table: Table, draft: Draft) -> None:
    """Compare every cell of the table with the independent evaluation.

    Raises `TableDisagrees` at the first difference, naming the facts and both verdicts.
    """
    for at, expected in independently(draft):
        found = table.verdicts[int(table.cells[at])]
        if found != expected:
            facts = ", ".join(
                f"{axis.fact}={axis.classes[n][0]}" for axis, n in zip(table.axes, at, strict=True)
            )
            raise TableDisagrees(
                field=f"table {table.matter} {table.period}",
                zh=f"{facts}：引擎得出 {found}，独立计算得出 {expected}；该表不予发布",
                en=f"{facts}: the engine says {found}, the independent evaluation {expected}; "
                "the table is not published",
            )


def independently(draft: Draft) -> Iterator[tuple[tuple[int, ...], Verdict]]:
    """Every combination with the verdict that plain Python finds, without the engine."""
    clauses = [(rule.id, one) for rule in draft.rules for one in rule.alternatives]
    clauses += [(clause.id, one) for clause in draft.cannot for one in clause.alternatives]
    masks = [_allowed(axis, clauses) for axis in draft.axes]
    everything = (1 << len(clauses)) - 1
    rules = {rule.id: rule for rule in draft.rules}
    excluded_by = {clause.id for clause in draft.cannot}
    known: dict[int, Verdict] = {}
    for at in combinations(draft.axes):
        bits = reduce(and_, (masks[n][c] for n, c in enumerate(at)), everything)
        if bits not in known:
            ids = {id_ for n, (id_, _) in enumerate(clauses) if bits >> n & 1}
            known[bits] = _decided(ids, rules, sorted(ids & excluded_by))
        yield at, known[bits]


def _allowed(axis: Axis, clauses: Sequence[tuple[str, Mapping[str, frozenset[str]]]]) -> list[int]:
    """For each class of the axis, the clauses that allow it, as bits."""
    return [
        sum(
            1 << n
            for n, (_, condition) in enumerate(clauses)
            if axis.fact not in condition or values[-1] in condition[axis.fact]
        )
        for values in axis.classes
    ]


def _decided(ids: set[str], rules: Mapping[str, Rule], excluded: Sequence[str]) -> Verdict:
    if excluded:
        return Verdict(impossible=excluded[0])
    fate: dict[str, str | None] = {}

    def beaten_by(id_: str) -> str | None:
        if id_ not in fate:
            fate[id_] = next(
                (
                    other
                    for other in sorted(ids)
                    if id_ in rules[other].overrides and beaten_by(other) is None
                ),
                None,
            )
        return fate[id_]

    standing = tuple(id_ for id_ in sorted(ids) if beaten_by(id_) is None)
    lost = tuple((id_, winner) for id_ in sorted(ids) if (winner := beaten_by(id_)) is not None)
    return Verdict(standing, lost)


# --- the child process ---------------------------------------------------------------------


def tables_of(matter: Matter, catalogue: Catalogue) -> list[Table]:
    """The checked tables of one matter, one per interval, in order of days."""
    return [build(draft) for draft in drafts(matter, catalogue)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Build the tables of the matters given as `CODE=FILE` and write each file at once.

    An error of ours goes to stderr as one line of JSON, for the parent to raise again.
    """
    parser = argparse.ArgumentParser(prog="python -m rules.build")
    parser.add_argument("--common", type=Path, required=True)
    parser.add_argument("--pack", type=Path, action="append", default=[])
    parser.add_argument("wanted", nargs="+", metavar="CODE=FILE")
    given = parser.parse_args(arguments)
    try:
        catalogue = load_catalogue(given.pack, given.common)
        for one in given.wanted:
            code, _, target = one.partition("=")
            write_tables(Path(target), tables_of(catalogue.matters[code], catalogue))
    except RulesError as error:
        told = {"kind": type(error).__name__, "field": error.field, "zh": error.zh, "en": error.en}
        print(json.dumps(told), file=sys.stderr)  # noqa: T201 - to the parent process
        return 1
    return 0


def write_tables(path: Path, tables: Sequence[Table]) -> None:
    """Write the tables so that a reader finds the whole file or none."""
    partial = path.with_suffix(f".{os.getpid()}.partial")
    partial.write_text(json.dumps([as_json(table) for table in tables]), encoding="ascii")
    partial.replace(path)


if __name__ == "__main__":
    sys.exit(main())
