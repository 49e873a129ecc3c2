"""Tables in and out, a chunk at a time: CSV, XLSX, Parquet, GeoPackage.

Every row that comes in goes out, in the same order; what cannot be read of a row is its fault and
not its end. CSV, Parquet and GeoPackage are streamed. XLSX is read whole, because its reader
does, and is limited to the rows that a sheet can have.
"""

from __future__ import annotations

import codecs
import csv
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final, Protocol

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import shapely
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from python_calamine import CalamineError, CalamineWorkbook

from rules.errors import Fault
from web.errors import BadInput

KINDS: Final = (".csv", ".xlsx", ".parquet", ".gpkg")
CHUNK: Final = 131_072
MOST_IN_XLSX: Final = 1_048_575
"""Rows of a sheet below its header."""
WHERE: Final = "geometry"


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


def open_source(path: Path) -> Source:
    """The table of a file; raises `BadInput` for what is none of the kinds or cannot be read."""
    opened: dict[str, Callable[[Path], Source]] = {
        ".csv": _csv_source,
        ".xlsx": _xlsx_source,
        ".parquet": _parquet_source,
        ".gpkg": _gpkg_source,
    }
    try:
        return opened[_kind(path)](path)
    except (OSError, pa.ArrowException, CalamineError, pyogrio.errors.DataSourceError) as error:
        raise BadInput([_unreadable(path, error)]) from error


def open_sink(path: Path, kind_of: Path, source: Source, shape: str | None) -> Sink:
    """A file of the kind of `kind_of` to be written at `path`; raises `BadInput`.

    `shape` names the column of geometry in WGS84 or, where the source has one, in its own system.
    """
    kind = _kind(kind_of)
    if kind == ".xlsx" and (source.rows or 0) > MOST_IN_XLSX:
        raise BadInput([_too_long(kind_of)])
    if kind == ".csv":
        return _CsvSink(path, source)
    if kind == ".xlsx":
        return _XlsxSink(path, kind_of)
    if kind == ".parquet":
        return _ParquetSink(path)
    return _GpkgSink(path, source, shape)


def _kind(path: Path) -> str:
    kind = path.suffix.lower()
    if kind not in KINDS:
        listed = ", ".join(KINDS)
        raise BadInput(
            [
                Fault(
                    path.name,
                    f"不支持“{kind or path.name}”；应为 {listed}",
                    f"{kind or path.name!r} is not supported; give one of {listed}",
                )
            ]
        )
    return kind


def _unreadable(path: Path, error: Exception) -> Fault:
    why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return Fault(path.name, f"无法读取：{why}", f"cannot be read: {why}")


def _too_long(path: Path) -> Fault:
    return Fault(
        path.name,
        f"XLSX 一张表最多 {MOST_IN_XLSX} 行；请改用 .csv 或 .parquet",
        f"a sheet of XLSX has at most {MOST_IN_XLSX} rows; use .csv or .parquet",
    )


def _named(path: Path, header: Sequence[str]) -> tuple[str, ...]:
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


# --- CSV -----------------------------------------------------------------------------------


class _Lines:
    """The lines of a file, of which those of a broken record can be put back."""

    def __init__(self, file: Iterable[str]) -> None:
        self._file = iter(file)
        self._back: deque[str] = deque()
        self.taken: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else next(self._file)
        self.taken.append(line)
        return line

    def broken(self) -> str:
        """The first line of the record that was begun; the others will be read again."""
        first, *rest = self.taken
        self._back.extendleft(reversed(rest))
        self.taken = []
        return first


def _records(file: Iterable[str]) -> Iterator[list[str] | tuple[str, str]]:
    """Each record as cells, or as its line and why it is none. A stray quote costs its own line."""
    lines = _Lines(file)
    while True:
        reader = csv.reader(lines, strict=True)
        try:
            for cells in reader:
                lines.taken.clear()
                yield cells
        except csv.Error as error:
            yield lines.broken().rstrip("\r\n"), str(error)
        else:
            return


def _encoding(path: Path) -> str:
    """The encoding of a CSV: UTF-8, or GB18030 where that reads more of it."""
    lost: dict[str, int] = {}
    for name in ("utf-8", "gb18030"):
        decoder = codecs.getincrementaldecoder(name)("replace")
        with path.open("rb") as file:
            lost[name] = sum(
                decoder.decode(block).count("\ufffd")
                for block in iter(lambda: file.read(1 << 20), b"")
            )
        if not lost[name]:
            return name
    return min(lost, key=lambda name: lost[name])


def _csv_source(path: Path) -> Source:
    encoding = _encoding(path)
    with path.open("rb") as file:
        marked = file.read(3) == codecs.BOM_UTF8
    if encoding == "utf-8":
        encoding = "utf-8-sig"

    def records() -> Iterator[list[str] | tuple[str, str]]:
        with path.open(encoding=encoding, errors="replace", newline="") as file:
            yield from _records(file)

    header = next(records(), None)
    if not isinstance(header, list):
        raise BadInput([Fault(path.name, "没有可读的表头", "has no header that can be read")])
    names = _named(path, [name.strip() for name in header])

    def chunks() -> Iterator[Chunk]:
        rows: list[Sequence[str]] = []
        faults: dict[int, Fault] = {}
        whole = iter(records())
        next(whole)
        for record in whole:
            cells, fault = _cells(record, len(names))
            if fault is not None:
                faults[len(rows)] = fault
            rows.append(cells)
            if len(rows) == CHUNK:
                yield Chunk(_of_rows(names, rows), faults)
                rows, faults = [], {}
        yield Chunk(_of_rows(names, rows), faults)

    marked = marked or encoding == "gb18030"
    return Source(names, None, chunks, with_mark=marked)


def _of_rows(names: Sequence[str], rows: Sequence[Sequence[str]]) -> pa.Table:
    cells = zip(*rows, strict=True) if rows else [()] * len(names)
    columns = [pa.array(column, pa.string()) for column in cells]
    return pa.table(columns, names=list(names))


def _cells(record: list[str] | tuple[str, str], width: int) -> tuple[Sequence[str], Fault | None]:
    if isinstance(record, tuple):
        line, why = record
        cells = [line, *[""] * (width - 1)]
        return cells, Fault("row", f"不是合格的 CSV：{why}", f"is not proper CSV: {why}")
    if len(record) == width:
        if any("\ufffd" in cell for cell in record):
            return record, Fault(
                "row", "含有无法识别的字节", "has bytes that are text in no encoding known here"
            )
        return record, None
    beyond = "，".join(record[width:])
    cells = [*record[:width], *[""] * (width - len(record))]
    return cells, Fault(
        "row",
        f"有 {len(record)} 格，表头有 {width} 列" + (f"；多出：{beyond}" if beyond else ""),
        f"has {len(record)} cells, the header has {width}"
        + (f"; beyond: {beyond}" if beyond else ""),
    )


class _CsvSink:
    def __init__(self, path: Path, source: Source) -> None:
        encoding = "utf-8-sig" if source.with_mark else "utf-8"
        self._file = path.open("w", encoding=encoding, newline="")
        self._writer = csv.writer(self._file, lineterminator="\n")
        self._begun = False

    def write(self, table: pa.Table) -> None:
        if not self._begun:
            self._writer.writerow(table.column_names)
            self._begun = True
        columns = [[_text(value) for value in column.to_pylist()] for column in table.columns]
        self._writer.writerows(zip(*columns, strict=True))

    def close(self) -> None:
        self._file.close()


def _text(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return shapely.from_wkb(value).wkt if value else ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return value


# --- XLSX ----------------------------------------------------------------------------------


def _xlsx_source(path: Path) -> Source:
    book = CalamineWorkbook.from_path(path)
    cells = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    while cells and not any(cell not in ("", None) for cell in cells[-1]):
        cells.pop()
    names = _named(path, [str(name).strip() for name in (cells[0] if cells else [])])
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


class _XlsxSink:
    def __init__(self, path: Path, named: Path) -> None:
        self._path = path
        self._named = named
        self._book = openpyxl.Workbook(write_only=True)
        self._sheet = self._book.create_sheet("seamless")
        self._rows = 0

    def write(self, table: pa.Table) -> None:
        if not self._rows:
            self._sheet.append([self._cell(name) for name in table.column_names])
        self._rows += table.num_rows
        if self._rows > MOST_IN_XLSX:
            raise BadInput([_too_long(self._named)])
        for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
            self._sheet.append([self._cell(value) for value in row])

    def _cell(self, value: object) -> object:
        if isinstance(value, bytes):
            value = _text(value)
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
        self._book.save(self._path)


# --- Parquet -------------------------------------------------------------------------------


def _parquet_source(path: Path) -> Source:
    with pq.ParquetFile(path) as file:
        schema, rows = file.schema_arrow, file.metadata.num_rows
    names = _named(path, schema.names)

    def chunks() -> Iterator[Chunk]:
        with pq.ParquetFile(path) as opened:
            if not rows:
                yield Chunk(schema.empty_table())
            for batch in opened.iter_batches(batch_size=CHUNK):
                yield Chunk(pa.Table.from_batches([batch]))

    return Source(names, rows, chunks)


class _ParquetSink:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: pq.ParquetWriter | None = None

    def write(self, table: pa.Table) -> None:
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._path, table.schema)
        self._writer.write_table(table)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()


# --- GeoPackage ----------------------------------------------------------------------------


def _gpkg_source(path: Path) -> Source:
    layers = pyogrio.list_layers(path)
    if len(layers) != 1:
        listed = ", ".join(str(name) for name, _ in layers)
        raise BadInput(
            [
                Fault(
                    path.name,
                    f"应只有一个图层，现有 {len(layers)} 个：{listed}",
                    f"must have one layer and has {len(layers)}: {listed}",
                )
            ]
        )
    about = pyogrio.read_info(path)
    with ExitStack() as opened:
        meta, reader = opened.enter_context(
            pyogrio.open_arrow(path, batch_size=CHUNK, use_pyarrow=True)
        )
        shape = meta["geometry_name"] or "wkb_geometry"
        names = _named(path, reader.schema.names)

    def chunks() -> Iterator[Chunk]:
        with pyogrio.open_arrow(path, batch_size=CHUNK, use_pyarrow=True) as (_, batches):
            for batch in batches:
                yield Chunk(pa.Table.from_batches([batch]))

    return Source(
        names,
        about["features"],
        chunks,
        shape=shape,
        crs=about["crs"],
        geometry_type=about["geometry_type"] or "Unknown",
    )


class _GpkgSink:
    def __init__(self, path: Path, source: Source, shape: str | None) -> None:
        self._path = path
        self._source = source
        self._shape = shape
        self._begun = False

    def write(self, table: pa.Table) -> None:
        pyogrio.write_arrow(
            table,
            self._path,
            driver="GPKG",
            layer="seamless",
            geometry_name=self._shape,
            geometry_type=self._source.geometry_type if self._shape else None,
            crs=self._source.crs if self._source.shape else "EPSG:4326",
            append=self._begun,
        )
        self._begun = True

    def close(self) -> None:
        """Every write has been finished."""
