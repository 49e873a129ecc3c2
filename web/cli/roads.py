"""`seamless roads`: who has how many kilometres, and the register that says so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import click

from enforcement.district import District
from geo.kilometres import RoadsSummary, roads_summary
from geo.register import FUNCTIONS
from geo.stored import save_register
from rules.model import Text
from web.answer_words import LEGAL_CLASSES
from web.asking import day
from web.cli.options import json_option, on_option
from web.cli.roads_check import check, join
from web.cli.speaking import Speaker, pass_speaker, print_json
from web.wrapping import columns, padded

EXPRESSWAY = "expressway"
_FUNCTIONS: Mapping[str, Text] = {
    "plan": Text("规划", "planning"),
    "build": Text("建设", "building"),
    "manage": Text("管理", "management"),
    "maintain": Text("养护", "maintenance"),
    "enforce": Text("执法", "enforcement"),
}


@click.group()
def roads() -> None:
    """道路台账 / The road register."""


roads.add_command(check)
roads.add_command(join)


@roads.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@pass_speaker
def import_(speaker: Speaker, file: Path) -> None:
    """导入道路台账（CSV），取代同名台账 / Bring in a road register; it replaces one of its name.

    列 / Columns: segment,ref,from_stake,to_stake,direction,function,owner,valid_from,ceases_on
    """
    entries = save_register(speaker.settings.data / "layers", file)
    click.echo(
        speaker.pick(
            f"已导入 {len(entries)} 条。正在运行的服务重启后使用",
            f"Imported {len(entries)} entries. A running server uses them when restarted",
        )
    )


@roads.command()
@on_option
@click.option(
    "--function",
    default="maintain",
    show_default=True,
    type=click.Choice(list(FUNCTIONS)),
    help="哪项职能的权属 / Whose function.",
)
@json_option
@pass_speaker
def summary(
    speaker: Speaker,
    on: str | None,
    function: str,
    as_json: bool,  # noqa: FBT001 - click passes a flag
) -> None:
    """按权属单位汇总里程 / Kilometres by owner, from the geometry of the layer."""
    when = speaker.desk.today() if on is None else day("on", on)
    district = speaker.desk.district
    found = roads_summary(district.atlas.on(when).roads, function)
    if as_json:
        print_json(_as_dict(found, district, when))
    else:
        click.echo("\n".join(_lines(speaker, found, district, when)))


def _lines(speaker: Speaker, found: RoadsSummary, district: District, when: date) -> list[str]:
    """A sum for each legal class of road, its owners beneath; highways first."""
    what = speaker.say(_FUNCTIONS[found.function])
    total = _round(found.total_km)
    lines = [
        speaker.pick(
            f"{when} {what}里程（车道中心线），共 {total} 千米",
            f"{when} {what}, kilometres of centre line: {total} km",
        )
    ]
    for legal_class in sorted({length.legal_class for length in found.lengths}, key=_class_order):
        lines += _of_class(speaker, found, legal_class, district, when)
    if found.contested_km:
        lines.append(
            speaker.pick(
                f"登记了不止一个单位：{found.contested_km:.2f} 千米",
                f"more than one unit registered: {found.contested_km:.2f} km",
            )
        )
    lines.append(
        speaker.pick(
            f"没有登记权属单位：{found.unowned_km:.2f} 千米",
            f"no owner registered: {found.unowned_km:.2f} km",
        )
    )
    if district.settings.schematic:
        lines.append(speaker.pick("示意数据", "schematic data"))
    return lines


def _of_class(
    speaker: Speaker, found: RoadsSummary, legal_class: str, district: District, when: date
) -> list[str]:
    """Expressways are one term of the sum, each operator beneath; of the others each owner."""
    km: dict[tuple[str, ...], float] = defaultdict(float)
    expressways: dict[tuple[str, ...], float] = defaultdict(float)
    for length in found.lengths:
        if length.legal_class == legal_class:
            group = expressways if length.road_class == EXPRESSWAY else km
            group[length.owners] += length.km
    owners = sorted(km, key=km.__getitem__)
    rows = [(_names(speaker, who, district, when), km[who]) for who in owners]
    if expressways:
        rows.append((speaker.pick("高速公路", "expressways"), sum(expressways.values())))
    name = speaker.say(LEGAL_CLASSES.get(legal_class, LEGAL_CLASSES["unknown"]))
    total = _round(sum(one for _, one in rows))
    terms = " + ".join(_round(one) for _, one in rows)
    rows += [
        (f"  {_names(speaker, who, district, when)}", expressways[who])
        for who in sorted(expressways)
    ]
    width = max(columns(text) for text, _ in rows) + 2
    head = speaker.pick(f"{name} {total} = {terms} 千米", f"{name} {total} = {terms} km")
    return [head, *(f"  {padded(text, width)}{one:>9.2f}" for text, one in rows)]


def _class_order(legal_class: str) -> int:
    return list(LEGAL_CLASSES).index(legal_class) if legal_class in LEGAL_CLASSES else 99


def _round(km: float) -> str:
    return f"{km:.1f}".removesuffix(".0")


def _names(speaker: Speaker, owners: tuple[str, ...], district: District, when: date) -> str:
    names = [_name(speaker, owner, district, when) for owner in owners]
    return " + ".join(names) or speaker.pick("（没有登记）", "(nobody registered)")


def _name(speaker: Speaker, owner: str, district: District, when: date) -> str:
    unit = district.registry.units.get(owner)
    return owner if unit is None else f"{speaker.say(unit.name(when))} {owner}"


def _as_dict(found: RoadsSummary, district: District, when: date) -> dict[str, object]:
    return {
        "on": when.isoformat(),
        "function": found.function,
        "total_km": round(found.total_km, 3),
        "unowned_km": round(found.unowned_km, 3),
        "contested_km": round(found.contested_km, 3),
        "by_owner": _rounded(found.by_owner()),
        "by_class": {
            legal_class: _rounded(found.by_owner(legal_class))
            for legal_class in sorted({length.legal_class for length in found.lengths})
        },
        "lengths": [
            {
                "owners": list(length.owners),
                "legal_class": length.legal_class,
                "road_class": length.road_class,
                "km": round(length.km, 3),
            }
            for length in found.lengths
        ],
        "schematic": district.settings.schematic,
    }


def _rounded(km: Mapping[str, float]) -> dict[str, float]:
    return {owner: round(one, 3) for owner, one in sorted(km.items())}
