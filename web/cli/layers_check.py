"""`seamless layers check`: what is wrong with the map layers, as text, JSON and a map of faults."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, product
from pathlib import Path

import click

from enforcement.district import District
from geo.editions import Kind
from geo.fault_map import as_dict, as_geojson, says
from geo.map_check import area_faults, layer_of
from geo.read import read_features
from geo.topology import Finding, Layer, differences, faults_in, joined
from rules.errors import Fault
from web.asking import day
from web.cli.options import columns_option, json_option, named_columns, on_option
from web.cli.speaking import Speaker, pass_speaker, print_json
from web.errors import BadInput

FOUND = 1
_COLUMNS = ("code", "name", "source")


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--kind", type=click.Choice([kind.value for kind in Kind]), help="只查一种 / Only.")
@click.option("--against", metavar="EDITION|FILE", help="与之比较的版次或文件 / Compare with.")
@click.option("--about", metavar="CODE", help="只列涉及此代码的差异 / Only differences about it.")
@click.option(
    "--parts",
    metavar="EDITION|FILE",
    help="差异再按此更细的图层分开 / Divide differences by this finer layer, and name its parts.",
)
@click.option(
    "--least", default=1.0, show_default=True, metavar="M2", help="最小面积 / Smallest fault told."
)
@click.option(
    "--least-difference",
    default=100.0,
    show_default=True,
    metavar="M2",
    help="差异的最小面积 / Smallest difference told.",
)
@click.option("--geojson", type=click.Path(path_type=Path), help="写出错误地图 / Write the map to.")
@click.option("--crs", metavar="NAME", help="文件的坐标系 / The file's coordinate system.")
@columns_option
@on_option
@json_option
@pass_speaker
def check(  # noqa: PLR0917 - one parameter for each option of the command
    speaker: Speaker,
    file: Path | None,
    kind: str | None,
    against: str | None,
    about: str | None,
    parts: str | None,
    least: float,
    least_difference: float,
    geojson: Path | None,
    crs: str | None,
    columns: tuple[str, ...],
    on: str | None,
    as_json: bool,  # noqa: FBT001 - click passes a flag
) -> int:
    """检查图层：空洞、重叠、狭缝、差异、界外 / Holes, overlaps, slivers, differences, outside.

    不给文件时检查当日生效的图层；文件可用 --column source=列 分来源比较，退出码 1 表示有错 /
    Without a FILE, the layers in force; --column source=COLUMN compares the sources of a file.
    Exit 1 when there are faults.
    """
    district = speaker.desk.district
    metric = district.settings.crs_metric
    when = speaker.desk.today() if on is None else day("on", on)
    if file is not None:
        layers = _of_file(file, crs, named_columns(columns), metric)
        found = [fault for one in layers for fault in faults_in(one, least_m2=least)]
    else:
        only = None if kind is None else Kind(kind)
        editions = [edition for edition, _ in district.atlas.in_force(when)]
        layers = [layer_of(one, metric) for one in editions if only in (None, one.kind)]
        found = list(area_faults(editions, metric, least_m2=least, only=only))
    others = (
        [] if against is None else _others(against, kind, district, crs, named_columns(columns))
    )
    if parts is not None:
        finer = joined(_others(parts, None, district, crs, {}))
        layers, others = ([one.divided(finer) for one in some] for some in (layers, others))
    within = file is not None and against is None
    for one, other in combinations(layers, 2) if within else product(layers, others):
        found += differences(one, other, least_m2=least_difference, about=about)
    if geojson is not None:
        geojson.write_text(as_geojson(found), encoding="utf-8")
    _told(speaker, found, as_json=as_json)
    return FOUND if found else 0


def _of_file(file: Path, crs: str | None, named: dict[str, str], metric: str) -> list[Layer]:
    """The layers of a file, one for each source where a column says which; raises `BadInput`."""
    frame = read_features(file, crs)
    there = [str(column) for column in frame.columns if column != "geometry"]
    missing = [
        Fault(
            "column",
            f"没有“{ours}={theirs}”；我们的列有 {'、'.join(_COLUMNS)}，"
            f"文件的列有 {'、'.join(there)}",
            f"no {ours}={theirs}; our columns are {', '.join(_COLUMNS)}, "
            f"the file's are {', '.join(there)}",
        )
        for ours, theirs in named.items()
        if ours not in _COLUMNS or theirs not in there
    ]
    if missing:
        raise BadInput(missing)
    code, name = named.get("code", "code"), named.get("name", "name")
    if "source" not in named:
        return [Layer.of(frame, metric, code=code, name=name, source=file.name)]
    return [
        Layer.of(rows, metric, code=code, name=name, source=str(source))
        for source, rows in frame.groupby(named["source"])
    ]


def _others(
    against: str, kind: str | None, district: District, crs: str | None, named: dict[str, str]
) -> list[Layer]:
    """What is compared with: the stored edition of this name, else the file."""
    metric = district.settings.crs_metric
    stored = [
        edition
        for edition in district.atlas.editions
        if edition.name == against and (kind is None or edition.kind.value == kind)
    ]
    if stored:
        return [layer_of(edition, metric) for edition in stored]
    if not Path(against).exists():
        listed = ", ".join(f"{one.kind}/{one.name}" for one in district.atlas.editions)
        raise BadInput(
            [
                Fault(
                    "against",
                    f"没有名为“{against}”的版次或文件；版次有：{listed}",
                    f"no edition and no file {against!r}; the editions are: {listed}",
                )
            ]
        )
    return _of_file(Path(against), crs, named, metric)


def _told(speaker: Speaker, found: Sequence[Finding], *, as_json: bool) -> None:
    if as_json:
        print_json({"faults": [as_dict(one) for one in found], "area_m2": _area(found)})
        return
    for one in found:
        click.echo(speaker.pick(*says(one)))
    click.echo(
        speaker.pick(
            f"共 {len(found)} 处，{_area(found):,.0f} 平方米",
            f"{len(found)} faults, {_area(found):,.0f} m2",
        )
    )


def _area(found: Sequence[Finding]) -> float:
    return round(sum(one.area_m2 for one in found), 1)
