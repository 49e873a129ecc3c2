"""Tables in and out, a chunk at a time: CSV, XLSX, Parquet, GeoPackage.

Every row that comes in goes out, in the same order; what cannot be read of a row is its fault and
not its end. CSV, Parquet and GeoPackage are streamed. XLSX is read whole, because its reader
does, and is limited to the rows that a sheet can have.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyogrio
from python_calamine import CalamineError

from rules.errors import Fault
from web.errors import BadInput
from web.many_arrow import GpkgSink, ParquetSink, gpkg_source, parquet_source
from web.many_csv import CsvSink, csv_source
from web.many_tables import Sink, Source
from web.many_xlsx import MOST_IN_XLSX, XlsxSink, too_long, xlsx_source

KINDS: Final = (".csv", ".xlsx", ".parquet", ".gpkg")
WHERE: Final = "geometry"


def open_source(path: Path) -> Source:
    """The table of a file; raises `BadInput` for what is none of the kinds or cannot be read."""
    opened: dict[str, Callable[[Path], Source]] = {
        ".csv": csv_source,
        ".xlsx": xlsx_source,
        ".parquet": parquet_source,
        ".gpkg": gpkg_source,
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
        raise BadInput([too_long(kind_of)])
    if kind == ".csv":
        return CsvSink(path, source)
    if kind == ".xlsx":
        return XlsxSink(path, kind_of)
    if kind == ".parquet":
        return ParquetSink(path)
    return GpkgSink(path, source, shape)


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
