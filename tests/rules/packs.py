"""Small rule packs for tests, written as YAML files and read by the real loader.

The roles `north`, `south`, `east` may lead, `owner` may only maintain, `council` only
coordinates. There is one law, `law`, in force since 1990, and one source, `A`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from rules.book import Book, open_book
from rules.build import tables_of
from rules.loader import load_catalogue
from rules.model import Catalogue
from rules.table import Draft, Table, drafts

Data = dict[str, Any]


def text(words: str) -> Data:
    """The same words in both languages, for packs whose words do not matter."""
    return {"zh": words, "en": words}


def rule(id_: str, when: object, lead: str | None = None, **more: object) -> Data:
    """A rule of matter `m` since 2000, with one basis, whose sentence is its id."""
    given: Data = {
        "id": id_,
        "matter": "m",
        "valid_from": "2000-01-01",
        "when": when,
        "says": text(id_),
        "basis": [{"law": "law", "article": "1"}],
        "confidence": "H",
        "source": ["A"],
    }
    if lead is not None:
        given["lead"] = lead
    return given | dict(more)


def fact(values: Sequence[str], **more: object) -> Data:
    """A fact whose labels are its values."""
    return {
        "question": text("?"),
        "values": {value: text(value) for value in values},
    } | dict(more)


def common() -> dict[str, Data]:
    """The files of the common folder; change them before writing."""
    powers = dict.fromkeys(("north", "south", "east"), "enforce")
    powers |= {"owner": "maintain", "council": "coordinate"}
    return {
        "roles.yaml": {
            "roles": {id_: {"name": text(id_), "power": power} for id_, power in powers.items()}
        },
        "laws.yaml": {
            "laws": {
                "law": {
                    "name": text("law"),
                    "valid_from": "1990-01-01",
                    "kind": "law",
                    "source": ["A"],
                }
            }
        },
        "sources.yaml": {"sources": {"A": {"what": "the article", "kind": "A"}}},
        "deadlines.yaml": {
            "deadlines": {
                "D1": {"step": text("decide"), "limit": 90, "unit": "day", "confidence": "H"}
            }
        },
    }


@dataclass
class Pack:
    """One pack `small` with one matter `m`, to be changed at will and then written."""

    facts: Mapping[str, Sequence[str] | Data]
    rules: list[Data]
    cannot: list[Data] = field(default_factory=list)
    periods: list[Data] = field(default_factory=lambda: [{"valid_from": "2000-01-01"}])
    parameters: Data = field(default_factory=dict)
    cases: list[Data] = field(default_factory=list)
    matter: Data = field(default_factory=dict)
    matters: Data = field(default_factory=dict)
    common: dict[str, Data] = field(default_factory=common)
    name: str = "small"

    def head(self) -> Data:
        """What `pack.yaml` holds."""
        facts = {
            name: dict(given) if isinstance(given, dict) else fact(given)
            for name, given in self.facts.items()
        }
        matter = {
            "name": text("m"),
            "kind": "enforcement",
            "facts": list(self.facts),
            "cannot": self.cannot,
        }
        return {
            "pack": self.name,
            "name": text(self.name),
            "periods": self.periods,
            "facts": facts,
            "matters": {"m": matter | self.matter} | self.matters,
        }

    def write(self, folder: Path) -> tuple[Path, Path]:
        """Write all files; returns the folders of the pack and of what is common."""
        home, shared = folder / self.name, folder / "common"
        files: dict[Path, object] = {shared / name: one for name, one in self.common.items()}
        files[home / "pack.yaml"] = self.head()
        files[home / "rules.yaml"] = self.rules
        files[home / "parameters.yaml"] = {"parameters": self.parameters}
        files[home / "cases.yaml"] = self.cases
        for path, value in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(plain(value), encoding="utf-8")
        return home, shared

    def catalogue(self, folder: Path) -> Catalogue:
        """The pack as the loader reads it."""
        home, shared = self.write(folder)
        return load_catalogue([home], shared)

    def book(self, folder: Path) -> Book:
        """The pack as a book, built by a child process into `folder/cache`."""
        home, shared = self.write(folder)
        return open_book([home], folder / "cache", shared)

    def drafts(self, folder: Path) -> tuple[Draft, ...]:
        """What has to be asked of the engine, per interval."""
        catalogue = self.catalogue(folder)
        return drafts(catalogue.matters["m"], catalogue)

    def tables(self, folder: Path) -> list[Table]:
        """The tables, asked of the engine in this process."""
        catalogue = self.catalogue(folder)
        return tables_of(catalogue.matters["m"], catalogue)

    def table(self, folder: Path) -> Table:
        """The one table of a pack with one interval."""
        (found,) = self.tables(folder)
        return found


def plain(value: object) -> str:
    """YAML in which dates are dates and not strings."""
    written = yaml.safe_dump(value, allow_unicode=True, sort_keys=False)
    lines = []
    for line in written.splitlines():
        start, colon, rest = line.partition(": '")
        is_date = len(rest) == 11 and rest[4] == rest[7] == "-"
        lines.append(f"{start}: {rest[:-1]}" if colon and is_date else line)
    return "\n".join(lines) + "\n"


def when(id_: str, conditions: object, because: str = "it cannot be", **more: object) -> Data:
    """A `cannot` clause."""
    return {"id": id_, "when": conditions, "because": text(because)} | dict(more)
