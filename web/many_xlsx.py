"""XLSX in and out. It is read whole, because its reader does; it is written row by row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

import openpyxl
import pyarrow as pa
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from python_calamine import CalamineWorkbook

from rules.errors import Fault
from web.errors import BadInput
from web.many_tables import CHUNK, Chunk, Source, named, plain

MOST_IN_XLSX: Final = 1_048_575
"""Rows of a sheet below its header."""


def xlsx_source(path: Path) -> Source:
    """The table of the first sheet, without the empty rows at its end."""
    book = CalamineWorkbook.from_path(path)
    cells = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    while cells and not any(cell not in ("", None) for cell in cells[-1]):
        cells.pop()
    names = named(path, [str(name).strip() for name in (cells[0] if cells else [])])
    columns = [_column([row[at] for row in cells[1:]]) for at in range(len(names))]
    table = pa.table(columns, names=list(names))
    return Source(names, table.num_rows, lambda: _slices(table))


def _slices(table: pa.Table) -> Iterator[Chunk]:
    for begin in range(0, max(1, table.num_rows), CHUNK):
        yield Chunk(table.slice(begin, CHUNK))


def _column(values: Sequence[Any]) -> pa.Array:
    """The cells of a column in their own type where they share one, else as text."""
    given = [None if value == "" else value for value in values]
    kinds = {type(value) for value in given if value is not None}
    if kinds <= {int, float}:
        if all(
            value is None or (float(value).is_integer() and abs(value) < 2**53) for value in given
        ):
            return pa.array([None if v is None else int(v) for v in given], pa.int64())
        return pa.array([None if v is None else float(v) for v in given], pa.float64())
    if len(kinds) == 1 and kinds <= {str, bool, date, datetime}:
        return pa.array(given)
    return pa.array([None if v is None else _spelt(v) for v in given], pa.string())


def _spelt(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


class XlsxSink:
    """Writes one sheet; `called` is what a refusal names."""

    def __init__(self, path: Path, called: Path) -> None:
        self._path = path
        self._called = called
        self._book = openpyxl.Workbook(write_only=True)
        self._sheet = self._book.create_sheet("seamless")
        self._rows = 0

    def write(self, table: pa.Table) -> None:
        """Take in more rows."""
        if not self._rows:
            self._sheet.append([self._cell(name) for name in table.column_names])
        self._rows += table.num_rows
        if self._rows > MOST_IN_XLSX:
            raise BadInput([too_long(self._called)])
        for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
            self._sheet.append([self._cell(value) for value in row])

    def _cell(self, value: object) -> object:
        if isinstance(value, bytes):
            value = plain(value)
        if isinstance(value, datetime) and value.tzinfo is not None:
            value = value.isoformat()
        if not isinstance(value, str):
            return (
                value
                if isinstance(value, int | float | date | time | timedelta)
                else (None if value is None else str(value))
            )
        cell = WriteOnlyCell(self._sheet, ILLEGAL_CHARACTERS_RE.sub("\ufffd", value)[:32767])
        cell.data_type = "s"  # text that begins with = is text, and no formula
        return cell

    def close(self) -> None:
        """Finish the file."""
        self._book.save(self._path)


def too_long(path: Path) -> Fault:
    """The fault of a table that no sheet can hold."""
    return Fault(
        path.name,
        f"XLSX 一张表最多 {MOST_IN_XLSX} 行；请改用 .csv 或 .parquet",
        f"a sheet of XLSX has at most {MOST_IN_XLSX} rows; use .csv or .parquet",
    )
