"""CSV in and out, a line at a time: UTF-8 or GB18030, and rows that are no proper CSV kept."""

from __future__ import annotations

import codecs
import csv
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa

from rules.errors import Fault
from web.errors import BadInput
from web.many_tables import CHUNK, Chunk, Source, named, plain


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


def _encoding(path: Path) -> tuple[str, bool]:
    """UTF-8, or GB18030 where that reads more of the file; and whether it reads all of it."""
    lost: dict[str, int] = {}
    for name in ("utf-8", "gb18030"):
        decoder = codecs.getincrementaldecoder(name)("replace")
        with path.open("rb") as file:
            lost[name] = sum(
                decoder.decode(block).count("\ufffd")
                for block in iter(lambda: file.read(1 << 20), b"")
            )
        if not lost[name]:
            return name, True
    return min(lost, key=lambda name: lost[name]), False


def csv_source(path: Path) -> Source:
    """The table of a CSV, every cell as text; raises `BadInput` without a header."""
    encoding, whole = _encoding(path)
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
    names = named(path, [name.strip() for name in header])

    def chunks() -> Iterator[Chunk]:
        rows: list[Sequence[str]] = []
        faults: dict[int, Fault] = {}
        rest = records()
        next(rest)
        for record in rest:
            cells, fault = _cells(record, len(names), whole=whole)
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


def _cells(
    record: list[str] | tuple[str, str], width: int, *, whole: bool
) -> tuple[Sequence[str], Fault | None]:
    if isinstance(record, tuple):
        line, why = record
        cells = [line, *[""] * (width - 1)]
        return cells, Fault("row", f"不是合格的 CSV：{why}", f"is not proper CSV: {why}")
    if len(record) == width:
        if not whole and any("\ufffd" in cell for cell in record):
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


class CsvSink:
    """Writes UTF-8, with a byte order mark where the source had one or was GB18030."""

    def __init__(self, path: Path, source: Source) -> None:
        encoding = "utf-8-sig" if source.with_mark else "utf-8"
        self._file = path.open("w", encoding=encoding, newline="")
        self._writer = csv.writer(self._file, lineterminator="\n")
        self._begun = False

    def write(self, table: pa.Table) -> None:
        """Take in more rows."""
        if not self._begun:
            self._writer.writerow(table.column_names)
            self._begun = True
        columns = [_written(column) for column in table.columns]
        self._writer.writerows(zip(*columns, strict=True))

    def close(self) -> None:
        """Finish the file."""
        self._file.close()


def _written(column: pa.ChunkedArray) -> list[object]:
    """The values of a column as they are written; text and numbers are, as they are."""
    kind = column.type
    if pa.types.is_string(kind) or pa.types.is_integer(kind) or pa.types.is_floating(kind):
        values: list[object] = column.to_pylist()
        return values
    return [plain(value) for value in column.to_pylist()]
