"""The rule book: a catalogue with its decision tables, ready to answer for any day it covers.

Tables are built by child processes and kept on disk under the hash of what they depend on, so
that opening an unchanged book is reading files.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rules.errors import (
    DateNotCovered,
    EngineFailed,
    Fault,
    PackRefused,
    RulesError,
    TableDisagrees,
    UnknownMatter,
)
from rules.loader import CATALOGUE, load_catalogue
from rules.model import Catalogue, Matter
from rules.table import Table, drafts, from_json

BUILD_TIMEOUT_S = 600
_CODE = ("build.py", "engine.py", "table.py")


@dataclass(frozen=True)
class Book:
    """A catalogue and the decision tables of its matters, in order of days."""

    catalogue: Catalogue
    tables: Mapping[str, tuple[Table, ...]]

    def matter(self, code: str) -> Matter:
        """The matter of this code; raises `UnknownMatter`, naming those that exist."""
        found = self.catalogue.matters.get(code)
        if found is None:
            listed = ", ".join(self.catalogue.matters)
            raise UnknownMatter(
                field="matter",
                zh=f"没有事项“{code}”，可选：{listed}",
                en=f"there is no matter {code!r}; choose one of: {listed}",
            )
        return found

    def matters(self, on: date) -> tuple[Matter, ...]:
        """The matters that are covered on `on`, in order of their codes."""
        return tuple(one for one in self.catalogue.matters.values() if one.covers(on))

    def table(self, code: str, on: date) -> Table:
        """The table that answers for the matter on `on`.

        Raises `UnknownMatter`, or `DateNotCovered` with the periods that are covered.
        """
        matter = self.matter(code)
        for table in self.tables[code]:
            if table.period.covers(on):
                return table
        zh = "、".join(f"{one.valid_from} 至 {one.last_day or '今'}" for one in matter.periods)
        en = ", ".join(f"{one.valid_from} to {one.last_day or 'now'}" for one in matter.periods)
        raise DateNotCovered(
            field="on",
            zh=f"{on} 没有“{matter.name.zh}”的规则；有规则的时段：{zh}",
            en=f"no pack covers {matter.code} on {on}; covered: {en}",
        )


def open_book(packs: Sequence[Path], cache: Path, common: Path = CATALOGUE / "common") -> Book:
    """The book of these pack folders, its tables taken from `cache` or built into it.

    Raises `PackRefused` for faults in the packs, `TableDisagrees` or `EngineFailed` when a
    table could not be built and checked.
    """
    catalogue = load_catalogue(packs, common)
    files = {
        code: cache / f"{code}-{_depends_on(matter, catalogue)}.json"
        for code, matter in catalogue.matters.items()
    }
    missing = {code: path for code, path in files.items() if not path.exists()}
    if missing:
        _check_size(missing, catalogue)
        cache.mkdir(parents=True, exist_ok=True)
        _build_in_children(missing, packs, common)
    return Book(catalogue, {code: _read(path) for code, path in files.items()})


def _check_size(codes: Iterable[str], catalogue: Catalogue) -> None:
    faults: list[Fault] = []
    for code in codes:
        try:
            drafts(catalogue.matters[code], catalogue)
        except PackRefused as refused:
            faults.extend(refused.faults)
    if faults:
        raise PackRefused(faults)


def _read(path: Path) -> tuple[Table, ...]:
    return tuple(from_json(one) for one in json.loads(path.read_text(encoding="ascii")))


def _depends_on(matter: Matter, catalogue: Catalogue) -> str:
    """A hash of what the matter's tables depend on: conditions, days, who beats whom, the code."""
    digest = hashlib.sha256()
    for name in _CODE:
        digest.update((Path(__file__).parent / name).read_bytes())
    told = {
        "facts": [[fact.name, list(fact.values)] for fact in matter.facts],
        "periods": [str(period) for period in matter.periods],
        "cuts": [
            [str(value.period) for value in catalogue.parameters[id_].values]
            for fact in matter.facts
            for id_ in fact.cuts
        ],
        "clauses": [[one.id, str(one.period), _sorted(one.alternatives)] for one in matter.cannot],
        "rules": [
            [rule.id, str(rule.period), _sorted(rule.alternatives), sorted(rule.overrides)]
            for rule in catalogue.rules_of(matter.code)
        ],
    }
    digest.update(json.dumps(told, sort_keys=True).encode())
    return digest.hexdigest()[:20]


def _sorted(alternatives: Sequence[Mapping[str, frozenset[str]]]) -> list[dict[str, list[str]]]:
    return [{fact: sorted(values) for fact, values in one.items()} for one in alternatives]


def _build_in_children(missing: Mapping[str, Path], packs: Sequence[Path], common: Path) -> None:
    """Build the missing files, spread over one child process per core."""
    workers = max(1, min(len(missing), os.cpu_count() or 1))
    shares: list[list[str]] = [[] for _ in range(workers)]
    for at, (code, path) in enumerate(sorted(missing.items())):
        shares[at % workers].append(f"{code}={path}")
    command = [sys.executable, "-m", "rules.build", "--common", str(common)]
    for pack in packs:
        command += ["--pack", str(pack)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}

    def run(share: list[str]) -> RulesError | None:
        try:
            done = subprocess.run(  # noqa: S603 - our own interpreter and module
                [*command, *share],
                env=environment,
                capture_output=True,
                text=True,
                timeout=BUILD_TIMEOUT_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return _not_built(f"{BUILD_TIMEOUT_S} s")
        return _told(done.stderr, done.returncode) if done.returncode else None

    with ThreadPoolExecutor(workers) as pool:
        errors = [error for error in pool.map(run, shares) if error is not None]
    if errors:
        raise errors[0]


def _not_built(why: str) -> EngineFailed:
    return EngineFailed(
        field="tables",
        zh=f"决策表没有建成：{why}",
        en=f"the decision tables were not built: {why}",
    )


def _told(stderr: str, status: int) -> RulesError:
    """The error that a child process told of, or how it ended when it could not tell."""
    last = (stderr.strip().splitlines() or [f"exit {status}"])[-1]
    try:
        told = json.loads(last)
        kind = {"TableDisagrees": TableDisagrees}.get(told["kind"], EngineFailed)
        return kind(field=told["field"], zh=told["zh"], en=told["en"])
    except (ValueError, TypeError, KeyError):
        return _not_built(last)
