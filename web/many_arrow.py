"""Parquet and GeoPackage in and out, batch by batch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio

from rules.errors import Fault
from web.errors import BadInput
from web.many_tables import CHUNK, Chunk, Source, named


def parquet_source(path: Path) -> Source:
    """The table of a Parquet file, its row groups read in batches."""
    with pq.ParquetFile(path) as file:
        schema, rows = file.schema_arrow, file.metadata.num_rows
    names = named(path, schema.names)

    def chunks() -> Iterator[Chunk]:
        with pq.ParquetFile(path) as opened:
            if not rows:
                yield Chunk(schema.empty_table())
            for batch in opened.iter_batches(batch_size=CHUNK):
                yield Chunk(pa.Table.from_batches([batch]))

    return Source(names, rows, chunks)


class ParquetSink:
    """Writes a Parquet file, a row group for each chunk."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: pq.ParquetWriter | None = None

    def write(self, table: pa.Table) -> None:
        """Take in more rows."""
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._path, table.schema)
        self._writer.write_table(table)

    def close(self) -> None:
        """Finish the file."""
        if self._writer is not None:
            self._writer.close()


def gpkg_source(path: Path) -> Source:
    """The only layer of a GeoPackage; raises `BadInput` where there is not one."""
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
        names = named(path, reader.schema.names)

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


class GpkgSink:
    """Writes one layer; without a column of geometry, a table."""

    def __init__(self, path: Path, source: Source, shape: str | None) -> None:
        self._path = path
        self._source = source
        self._shape = shape
        self._begun = False

    def write(self, table: pa.Table) -> None:
        """Take in more rows."""
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
