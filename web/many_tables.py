"""What a table is while it is answered: a source of chunks of rows, and a sink that takes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

import pyarrow as pa
import shapely

from rules.errors import Fault
from web.errors import BadInput

CHUNK: Final = 131_072
"""Rows that are held at once."""


@dataclass(frozen=True)
class Chunk:
    """Some rows of a table; `faults` are rows of it that could not be read whole, and why."""

    table: pa.Table
    faults: Mapping[int, Fault] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """A table that was opened: its columns, how many rows if known, and the rows.

    `shape` names its column of geometry (WKB), in `crs`.
    """

    names: tuple[str, ...]
    rows: int | None
    chunks: Callable[[], Iterator[Chunk]]
    shape: str | None = None
    crs: str | None = None
    geometry_type: str = "Point"
    with_mark: bool = False


class Sink(Protocol):
    """What takes in the rows of a table."""

    def write(self, table: pa.Table) -> None:
        """Take in more rows."""

    def close(self) -> None:
        """Finish the file."""


def named(path: Path, header: Sequence[str]) -> tuple[str, ...]:
    """The names of the columns; a name that stands twice would lose a column."""
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice or not header:
        listed = ", ".join(twice)
        raise BadInput(
            [
                Fault(
                    path.name,
                    f"列名重复：{listed}" if twice else "没有表头",
                    f"column names stand twice: {listed}" if twice else "has no header",
                )
            ]
        )
    return tuple(header)


def plain(value: object) -> object:
    """The value as a cell that is text has it: geometry as WKT, times with a space."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return shapely.from_wkb(value).wkt if value else ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return value
