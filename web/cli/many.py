"""`seamless resolve-many`: a table in, the same table with its answers out."""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np
import pyarrow as pa
import shapely
from tqdm import tqdm

from enforcement.bulk import ManyAnswers
from geo.crs import many_to_wgs84
from rules.errors import Fault
from web.cli.options import columns_option, named_columns
from web.cli.speaking import Speaker, pass_speaker
from web.errors import BadInput
from web.many_files import WHERE, open_sink, open_source
from web.many_rows import OURS, Asking, Defaults, told_columns
from web.many_tables import Chunk


@click.command("resolve-many")
@click.argument("in_", metavar="IN", type=click.Path(path_type=Path))
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
@click.option("--matter", metavar="MATTER", help="没有 matter 的行 / For rows without one.")
@click.option("--on", metavar="DATE", help="没有 on 的行，默认今天 / For rows without; today.")
@click.option("--accuracy", metavar="METRES", help="没有 accuracy 的行 / For rows without one.")
@click.option("--crs", metavar="NAME", help="坐标系 / wgs84, cgcs2000, gcj02, bd09 or EPSG:n.")
@columns_option
@click.option("--no-border", is_flag=True, help="不算到界线的距离 / Without border_m.")
@click.option("--no-roads", is_flag=True, help="不查道路 / Roads stay unknown.")
@pass_speaker
def resolve_many(  # noqa: PLR0917 - one parameter for each option of the command
    speaker: Speaker,
    in_: Path,
    out: Path,
    matter: str | None,
    on: str | None,
    accuracy: str | None,
    crs: str | None,
    columns: tuple[str, ...],
    no_border: bool,  # noqa: FBT001 - click passes a flag
    no_roads: bool,  # noqa: FBT001 - click passes a flag
) -> None:
    """批量认定：CSV、XLSX、Parquet、GeoPackage / Answer each row of a table; no row is dropped.

    输入列 / Columns in: matter,lon,lat,accuracy,on,occurred_on,site,asker 和要素 and facts
    (stage or fact.stage); GeoPackage: geometry. 输出在原列后加 / Added: outcome,certain,lead,
    lead_name,interim,rules,ask,street,street_name,zones,road,border_m,error. 有误的行写明 error,
    不丢弃 / A row with a fault keeps its place and says it in error. XLSX 整表读入，最多 1048575 行
    / XLSX is read whole, at most 1,048,575 rows; the others are streamed.
    """
    if in_.resolve() == out.resolve():
        raise BadInput([Fault("OUT", "不能覆盖输入文件", "must be another file than IN")])
    source = open_source(in_)
    desk = speaker.desk
    defaults = Defaults(matter=matter, on=on, accuracy=accuracy, crs=crs)
    asking = Asking(desk, source, named_columns(columns), defaults)
    many = ManyAnswers(desk.district, roads=not no_roads, border=not no_border)
    # A run that is broken off must not look like one that is finished
    part = out.with_name(f".{out.stem}.part{out.suffix}")
    part.unlink(missing_ok=True)
    shape = source.shape or (WHERE if out.suffix.lower() == ".gpkg" else None)
    failed = done = 0
    try:
        sink = open_sink(part, out, source, shape)
        with tqdm(total=source.rows, unit="row", disable=None) as bar:
            for chunk in source.chunks():
                answers = asking.answered(chunk, many)
                table = chunk.table
                for name, column in told_columns(answers, speaker.lang.value):
                    taken = name in table.column_names and name in OURS
                    table = table.append_column(f"answer_{name}" if taken else name, column)
                if shape is not None and source.shape is None:
                    table = table.append_column(shape, _points(asking, chunk))
                sink.write(table)
                wrong = np.array([one.error is not None for one in answers.told])
                failed += int(wrong[answers.code].sum())
                done += chunk.table.num_rows
                bar.update(chunk.table.num_rows)
        sink.close()
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    click.echo(
        speaker.pick(
            f"{done} 行，其中 {failed} 行有误（见 error 列）；已写入 {out}",
            f"{done} rows, {failed} of them with an error; written to {out}",
        ),
        err=True,
    )


def _points(asking: Asking, chunk: Chunk) -> pa.Array:
    """The positions of the rows as WKB in WGS84; null where there is none."""
    lons, lats = asking.positions(chunk)
    if asking.crs is not None:
        lons, lats = many_to_wgs84(lons, lats, asking.crs)
    known = np.isfinite(lons) & np.isfinite(lats)
    points = np.full(len(lons), None, dtype=object)
    points[known] = shapely.to_wkb(shapely.points(lons[known], lats[known]))
    return pa.array(points, pa.binary())
