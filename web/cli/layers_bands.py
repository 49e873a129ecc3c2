"""`seamless layers bands`: zones as bands beside highways and around schools, by dated widths."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click

from geo.bands import LAND_M, Width, highway_bands, school_bands
from geo.editions import Edition, Kind
from geo.read import read_features
from geo.stored import save_edition
from rules.book import Book
from rules.errors import Fault
from web.asking import day
from web.cli.options import columns_option, named_columns
from web.cli.speaking import Speaker, pass_speaker
from web.errors import BadInput

PARAMETERS = {
    "expressway": "expressway_band_m",
    "national": "band_national_m",
    "provincial": "band_provincial_m",
    "county": "band_county_m",
    "township": "band_township_m",
}
SCHOOLS = "school_surroundings_m"


@click.command()
@click.option("--edition", required=True, metavar="NAME", help="版次名 / Name of the edition.")
@click.option("--roads", metavar="EDITION", help="以此路网版次为准 / Beside this road edition.")
@click.option(
    "--schools",
    type=click.Path(path_type=Path),
    help="学校（点或面）文件 / Around the schools of this file.",
)
@click.option("--from", "valid_from", metavar="DATE", help="学校图层生效日 / Of the schools.")
@click.option("--until", "ceases_on", metavar="DATE", help="学校图层失效日 / Of the schools.")
@click.option(
    "--land",
    multiple=True,
    metavar="CLASS=METRES",
    help="中心线到用地外缘的距离 / From the centre line to the edge of the land.",
)
@click.option("--crs", metavar="NAME", help="学校文件的坐标系 / The file's coordinate system.")
@columns_option
@pass_speaker
def bands(  # noqa: PLR0917 - one parameter for each option of the command
    speaker: Speaker,
    edition: str,
    roads: str | None,
    schools: Path | None,
    valid_from: str | None,
    ceases_on: str | None,
    land: tuple[str, ...],
    crs: str | None,
    columns: tuple[str, ...],
) -> None:
    """由规则包中分时段的宽度生成控制带图层 / Zones from the dated widths of the rule packs.

    --roads 生成公路用地和建筑控制区，--schools 生成学校周边 /
    Highway land and control bands, or the surroundings of schools.
    """
    district = speaker.desk.district
    metric = district.settings.crs_metric
    if (roads is None) == (schools is None):
        raise _bad("roads", "--roads 与 --schools 须且只能给一个", "give one of --roads, --schools")
    if roads is not None:
        made = highway_bands(
            _roads(district.atlas.editions, roads),
            {kind: tuple(_widths(district.book, id_)) for kind, id_ in PARAMETERS.items()},
            metric,
            name=edition,
            land_m={**LAND_M, **_land(land)},
        )
    else:
        if schools is None or valid_from is None:
            raise _bad("from", "学校图层须给生效日 --from", "the schools need a first day, --from")
        named = {"code": "code", "name": "name"} | named_columns(columns)
        frame = read_features(schools, crs)
        lacking = [theirs for theirs in named.values() if theirs not in frame.columns]
        if lacking:
            raise _bad(
                "column",
                f"文件中没有这些列：{'、'.join(lacking)}",
                f"the file has no column {', '.join(lacking)}",
            )
        made = school_bands(
            frame.rename(columns={theirs: ours for ours, theirs in named.items()}),
            tuple(_widths(district.book, SCHOOLS)),
            metric,
            name=edition,
            valid_from=day("from", valid_from),
            ceases_on=None if ceases_on is None else day("until", ceases_on),
        )
    for one in made:
        save_edition(speaker.settings.data / "layers", one)
        click.echo(
            speaker.pick(
                f"已生成 {one}：{len(one.frame)} 个要素",
                f"Made {one}: {len(one.frame)} features",
            )
        )
    if not made:
        click.echo(speaker.pick("没有公路，未生成图层", "No highways, no layer was made"))


def _roads(editions: tuple[Edition, ...], name: str) -> Edition:
    of_roads = [one for one in editions if one.kind is Kind.ROAD]
    found = next((one for one in of_roads if one.name == name), None)
    if found is None:
        listed = ", ".join(one.name for one in of_roads) or "-"
        raise _bad(
            "roads",
            f"没有名为“{name}”的路网版次；有：{listed}",
            f"no road edition {name!r}; there are: {listed}",
        )
    return found


def _widths(book: Book, id_: str) -> Iterator[Width]:
    parameter = book.catalogue.parameters.get(id_)
    if parameter is None:
        return
    for value in parameter.values:
        ends: date | None = value.period.ceases_on
        yield Width(value.value, value.period.valid_from, ends)


def _land(given: tuple[str, ...]) -> dict[str, float]:
    found = {}
    for text in given:
        kind, _, metres = text.partition("=")
        try:
            found[kind.strip()] = float(metres)
        except ValueError:
            found[kind.strip()] = -1.0
        if kind.strip() not in LAND_M or not 0 <= found[kind.strip()] < 1000:
            raise _bad(
                "land",
                f"“{text}”应写成 类别=米数；类别有 {'、'.join(LAND_M)}",
                f"{text!r} must be written CLASS=METRES; classes: {', '.join(LAND_M)}",
            )
    return found


def _bad(field: str, zh: str, en: str) -> BadInput:
    return BadInput([Fault(field, zh, en)])
