"""`seamless roads check` and `join`: the seams of the road network, and names from a list."""

from __future__ import annotations

from pathlib import Path

import click

from geo.fault_map import ROAD_FLAWS, as_geojson
from geo.read import read_features
from geo.register import FUNCTIONS
from geo.road_check import RoadFinding, RoadFlaw, road_faults
from geo.road_names import Joined, join_names
from rules.errors import Fault
from web.asking import day
from web.cli.options import json_option, on_option
from web.cli.speaking import Speaker, pass_speaker, print_json
from web.errors import BadInput
from web.wrapping import table

FOUND = 1
_SHOWN = 20


@click.command()
@on_option
@click.option(
    "--function",
    "functions",
    multiple=True,
    default=("maintain",),
    show_default=True,
    type=click.Choice(list(FUNCTIONS)),
    help="每条路都应有单位的职能，可多次 / What every road needs an owner for; repeat.",
)
@click.option("--geojson", type=click.Path(path_type=Path), help="写出错误地图 / Write the map to.")
@json_option
@pass_speaker
def check(
    speaker: Speaker,
    on: str | None,
    functions: tuple[str, ...],
    geojson: Path | None,
    as_json: bool,  # noqa: FBT001 - click passes a flag
) -> int:
    """检查路网：无主、多主、桩号断缝 / Roads without an owner or with two, stakes that do not meet.

    退出码 1 表示有缝隙；共线路段只列出 / Exit 1 when there are seams; a shared line is only told.
    """
    when = speaker.desk.today() if on is None else day("on", on)
    atlas = speaker.desk.district.atlas
    roads = atlas.on(when).roads
    entries = [entry for entry in atlas.register_entries if entry.in_force(when)]
    found = () if roads is None else road_faults(roads, entries, functions)
    if geojson is not None:
        geojson.write_text(as_geojson((), found), encoding="utf-8")
    seams = FOUND if any(one.flaw is not RoadFlaw.SHARED for one in found) else 0
    if as_json:
        print_json({"on": when.isoformat(), "faults": [_as_dict(one) for one in found]})
        return seams
    for flaw in RoadFlaw:
        of_flaw = [one for one in found if one.flaw is flaw]
        if not of_flaw:
            continue
        km = sum(one.length_m for one in of_flaw) / 1000
        unit = speaker.pick("千米", "km")
        click.echo(f"{speaker.pick(*ROAD_FLAWS[flaw])}: {len(of_flaw)}, {km:.2f} {unit}")
        rows = [_row(one) for one in sorted(of_flaw, key=lambda one: -one.length_m)[:_SHOWN]]
        click.echo("\n".join(f"  {line}" for line in table(rows)))
    if not found:
        click.echo(speaker.pick("没有发现缝隙", "No seams found"))
    return seams


@click.command()
@click.argument("roads", type=click.Path(path_type=Path))
@click.argument("names", type=click.Path(path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--ref-column", default="ref", show_default=True, help="编号列 / Of the list.")
@click.option("--name-column", default="name_zh", show_default=True, help="名称列 / Of the list.")
@json_option
@pass_speaker
def join(  # noqa: PLR0917 - one parameter for each option of the command
    speaker: Speaker,
    roads: Path,
    names: Path,
    out: Path,
    ref_column: str,
    name_column: str,
    as_json: bool,  # noqa: FBT001 - click passes a flag
) -> None:
    """给路网补上编号和名称 / Give roads the numbers and names of a list; OUT is then imported.

    仍不知道的里程会计出 / Kilometres that stay unknown are counted.
    """
    listed = read_features(names)
    missing = [one for one in (ref_column, name_column) if one not in listed.columns]
    if missing:
        columns = ", ".join(str(one) for one in listed.columns)
        raise BadInput(
            [
                Fault(
                    "column",
                    f"{names.name} 没有列 {'、'.join(missing)}；有：{columns}",
                    f"{names.name} has no column {', '.join(missing)}; it has: {columns}",
                )
            ]
        )
    joined = join_names(read_features(roads), listed, ref=ref_column, name=name_column)
    joined.frame.to_file(out)
    if as_json:
        print_json(_counts(joined))
        return
    for line in _said(speaker, joined):
        click.echo(line)


def _row(one: RoadFinding) -> list[str]:
    return [
        one.ref or "-",
        " ".join(one.segments),
        one.function,
        " + ".join(one.owners),
        "–".join(dict.fromkeys(one.stakes or ())),
        " + ".join(one.along),
        f"{one.length_m:,.0f} m",
    ]


def _as_dict(one: RoadFinding) -> dict[str, object]:
    return {
        "flaw": one.flaw.value,
        "ref": one.ref,
        "segments": list(one.segments),
        "length_m": one.length_m,
        "function": one.function or None,
        "owners": list(one.owners),
        "stakes": None if one.stakes is None else list(one.stakes),
        "along": list(one.along),
        "says": dict(zip(("zh", "en"), ROAD_FLAWS[one.flaw], strict=True)),
    }


def _counts(joined: Joined) -> dict[str, object]:
    return {
        "refs_joined": joined.refs_joined,
        "names_joined": joined.names_joined,
        "total_km": round(joined.total_km, 3),
        "unnamed_km": round(joined.unnamed_km, 3),
        "unnumbered_km": round(joined.unnumbered_km, 3),
        "expressways_unnumbered_km": round(joined.expressways_unnumbered_km, 3),
        "absent": list(joined.absent),
    }


def _said(speaker: Speaker, joined: Joined) -> list[str]:
    absent = ", ".join(joined.absent) or "-"
    return [
        speaker.pick(
            f"补上编号 {joined.refs_joined} 段、名称 {joined.names_joined} 段，"
            f"共 {joined.total_km:,.1f} 千米",
            f"joined {joined.refs_joined} numbers and {joined.names_joined} names, "
            f"{joined.total_km:,.1f} km in all",
        ),
        speaker.pick(
            f"仍无名称 {joined.unnamed_km:,.1f} 千米，仍无编号 {joined.unnumbered_km:,.1f} 千米"
            f"（其中高速 {joined.expressways_unnumbered_km:,.1f} 千米）",
            f"still without a name {joined.unnamed_km:,.1f} km, without a number "
            f"{joined.unnumbered_km:,.1f} km ({joined.expressways_unnumbered_km:,.1f} km of them "
            "expressways)",
        ),
        speaker.pick(f"名单上有而路网中没有：{absent}", f"on the list, not in the layer: {absent}"),
    ]
