"""`seamless layers`: bring map layers in, and see which are in force."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
import shapely
from shapely.geometry.base import BaseGeometry

from enforcement.district import District
from geo.editions import Edition, Kind
from geo.read import import_layer, save_edition
from rules.errors import Fault
from web.asking import day
from web.cli.layers_bands import bands
from web.cli.layers_check import check
from web.cli.options import columns_option, json_option, named_columns
from web.cli.speaking import Speaker, pass_speaker, print_json
from web.errors import BadInput
from web.wrapping import table


@click.group()
def layers() -> None:
    """地图图层及其版次 / Map layers and their editions."""


layers.add_command(check)
layers.add_command(bands)


@layers.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--kind",
    required=True,
    type=click.Choice([kind.value for kind in Kind]),
    help="图层种类 / What the layer holds.",
)
@click.option("--edition", required=True, metavar="NAME", help="版次名 / Name of the edition.")
@click.option(
    "--from", "valid_from", required=True, metavar="DATE", help="生效日 / First day in force."
)
@click.option("--until", "ceases_on", metavar="DATE", help="失效日 / First day no longer in force.")
@columns_option
@click.option("--crs", metavar="NAME", help="坐标系，覆盖文件所注 / Overrides the file's own.")
@pass_speaker
def import_(  # noqa: PLR0917 - one parameter for each option of the command
    speaker: Speaker,
    file: Path,
    kind: str,
    edition: str,
    valid_from: str,
    ceases_on: str | None,
    columns: tuple[str, ...],
    crs: str | None,
) -> None:
    """导入一个图层文件，整体导入或整体拒绝 / Bring in a layer from any file that GDAL reads.

    列名值以 = 开头为固定值 / A column's value may be fixed: --column zone==water
    """
    from_, until, named = _checked(valid_from, ceases_on, columns)
    made = import_layer(
        file,
        kind=Kind(kind),
        edition=edition,
        valid_from=from_,
        ceases_on=until,
        columns=named,
        crs=crs,
        near=_ground(speaker.desk.district),
        beside=[one for one in speaker.desk.district.atlas.editions if not one.schematic],
    )
    save_edition(speaker.settings.data / "layers", made)
    click.echo(
        speaker.pick(
            f"已导入 {made}：{len(made.frame)} 个要素。正在运行的服务重启后使用",
            f"Imported {made}: {len(made.frame)} features. A running server uses it when restarted",
        )
    )


@layers.command("list")
@json_option
@pass_speaker
def list_(speaker: Speaker, as_json: bool) -> None:  # noqa: FBT001 - click passes a flag
    """列出所有版次 / List all editions, by kind and day."""
    editions = speaker.desk.district.atlas.editions
    if as_json:
        print_json([_as_dict(edition) for edition in editions])
        return
    head = speaker.pick("种类 版次 生效 失效 要素 来源", "kind edition from until features source")
    rows = [head.split()]
    rows += [
        [
            edition.kind.value,
            edition.name,
            edition.valid_from.isoformat(),
            "" if edition.ceases_on is None else edition.ceases_on.isoformat(),
            str(len(edition.frame)),
            speaker.pick("示意", "schematic")
            if edition.schematic
            else speaker.pick("导入", "imported"),
        ]
        for edition in editions
    ]
    click.echo("\n".join(table(rows)))


def _as_dict(edition: Edition) -> dict[str, object]:
    return {
        "kind": edition.kind.value,
        "edition": edition.name,
        "valid_from": edition.valid_from.isoformat(),
        "ceases_on": edition.ceases_on and edition.ceases_on.isoformat(),
        "features": len(edition.frame),
        "schematic": edition.schematic,
        "sha256": edition.sha256,
    }


def _checked(
    valid_from: str, ceases_on: str | None, columns: tuple[str, ...]
) -> tuple[date, date | None, dict[str, str]]:
    """The options as values; raises `BadInput` with everything that is wrong with them."""
    faults: list[Fault] = []
    days: list[date] = []
    for field, given in (("from", valid_from), ("until", ceases_on)):
        if given is not None:
            try:
                days.append(day(field, given))
            except BadInput as error:
                faults.extend(error.faults)
    named = {}
    try:
        named = named_columns(columns)
    except BadInput as error:
        faults.extend(error.faults)
    if faults:
        raise BadInput(faults)
    return days[0], days[1] if len(days) > 1 else None, named


def _ground(district: District) -> BaseGeometry | None:
    """Where the district lies, by every street layer it has; None for one without any."""
    streets = [
        edition.frame.geometry.union_all()
        for edition in district.atlas.editions
        if edition.kind is Kind.STREET
    ]
    return shapely.union_all(streets) if streets else None
