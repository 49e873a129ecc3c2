"""`seamless rules`: whether the packs can be used, their cases, versions and what differs."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import click

from enforcement.case_units import check_units
from enforcement.district import open_district
from enforcement.publishing import folder_of, publish, versions
from rules.asking import asking
from rules.book import Book, open_book
from rules.casecheck import unfired
from rules.check import described
from rules.diff import Difference, difference, told
from rules.export import export_xlsx
from rules.loader import CATALOGUE
from rules.seams import leads
from web.cli.district import learn_pack
from web.cli.options import json_option
from web.cli.speaking import Speaker, pass_speaker, print_json


@click.group()
def rules() -> None:
    """规则包 / Rule packs."""


rules.add_command(learn_pack)


@rules.command()
@click.argument("packs", nargs=-1, type=click.Path(path_type=Path))
@pass_speaker
def check(speaker: Speaker, packs: tuple[Path, ...]) -> None:
    """检查规则包并重建决策表 / Check packs (default: all) and build their tables anew.

    退出码 / Exit status: 0 可用 they can be used, 1 决策表未建成 no table, 2 规则包有误 faults.
    """
    chosen = packs or tuple(sorted(path.parent for path in CATALOGUE.glob("*/pack.yaml")))
    with TemporaryDirectory() as cache:
        book = open_book(chosen, Path(cache))
        click.echo("\n".join(described(book)))
    counts = len(book.catalogue.rules), len(book.catalogue.cases), len(chosen)
    click.echo(
        speaker.pick(
            "{2} 个规则包，{0} 条规则，{1} 个案例：可用", "{2} packs, {0} rules, {1} cases: usable"
        ).format(*counts)
    )


@rules.command("test")
@pass_speaker
def test_(speaker: Speaker) -> int:
    """用全部案例检验规则 / Try all cases of the district's packs.

    退出码 / Exit status: 0 全部通过 all pass, 1 有案例不符 some do not.
    """
    district = open_district(speaker.settings.district, data=speaker.settings.data)
    results = check_units(district)
    failed = [one for one in results if not one.passed]
    for one in failed:
        click.echo(f"{one.case.pack}:{one.case.id} {one.case.on} {one.case.name}")
        for fault in one.faults:
            click.echo(f"  {speaker.say(fault)}")
    silent = unfired(district.book, results)
    if silent:
        listed = ", ".join(silent)
        click.echo(speaker.pick(f"没有案例用到的规则：{listed}", f"rules in no case: {listed}"))
    click.echo(
        speaker.pick(
            f"{len(results)} 个案例，{len(failed)} 个不符，{len(silent)} 条规则没有案例",
            f"{len(results)} cases, {len(failed)} fail, {len(silent)} rules in no case",
        )
    )
    return 1 if failed else 0


@rules.command()
@click.argument("old")
@click.argument("new", default="current")
@json_option
@pass_speaker
def diff(speaker: Speaker, old: str, new: str, as_json: bool) -> None:  # noqa: FBT001 - a flag
    """比较两个版本，哪些情形换了主办 / Which combinations lead elsewhere in NEW than in OLD.

    OLD、NEW：版本号、辖区文件夹或 current / a version's number, a district's folder, or current.
    """
    before, after = (_book(speaker, name) for name in (old, new))
    found = difference(before, after)
    if as_json:
        print_json(_diff_json(found, before, after))
    else:
        click.echo("\n".join(_diff_lines(speaker, found, before, after)))


@rules.command()
@click.option("--xlsx", required=True, type=click.Path(path_type=Path), help="写到 / Write to.")
@pass_speaker
def export(speaker: Speaker, xlsx: Path) -> None:
    """导出决策表，每个事项一张表 / Write the tables to a workbook, one sheet per matter."""
    book = open_district(speaker.settings.district, data=speaker.settings.data).book
    export_xlsx(book, xlsx, speaker.lang.value)
    click.echo(
        speaker.pick(f"已写出 {len(book.tables)} 个事项", f"wrote {len(book.tables)} matters")
    )


@rules.command("publish")
@pass_speaker
def publish_(speaker: Speaker) -> None:
    """发布规则；有未登记的缝隙或案例不符则拒绝 / Publish; an open seam or failing case refuses.

    版本留在 SEAMLESS_DATA/published / Versions stay in SEAMLESS_DATA/published; ask one by naming
    its folder in SEAMLESS_DISTRICT.
    """
    settings = speaker.settings
    version, ready = publish(
        settings.district, data=settings.data, at=datetime.now(ZoneInfo(settings.timezone))
    )
    click.echo(
        speaker.pick(
            f"版本 {version.name}：{len(ready.cases)} 个案例通过，"
            f"{len(ready.proof.registered)} 处缝隙已登记",
            f"version {version.name}: {len(ready.cases)} cases pass, "
            f"{len(ready.proof.registered)} seams are registered",
        )
    )


@rules.command("versions")
@pass_speaker
def versions_(speaker: Speaker) -> None:
    """列出已发布的版本 / List the published versions."""
    for one in versions(speaker.settings.data):
        click.echo(f"{one.number}\t{one.at}\t{one.folder}")


@rules.command()
@json_option
@pass_speaker
def questions(speaker: Speaker, as_json: bool) -> None:  # noqa: FBT001 - a flag
    """位置已知时要问几个问题 / How many questions are asked when the place is known."""
    book = open_district(speaker.settings.district, data=speaker.settings.data).book
    found = [
        (table.period, asking(table, book.matter(code), _outcomes(book, code, at)))
        for code, tables in book.tables.items()
        for at, table in enumerate(tables)
    ]
    if as_json:
        rows = [
            {
                "matter": one.matter,
                "valid_from": period.valid_from.isoformat(),
                "mean": round(one.mean, 4),
                "most": one.most,
                "best_fixed_mean": round(one.fixed_mean, 4),
                "best_fixed_order": list(one.fixed_order),
            }
            for period, one in found
        ]
        print_json(rows)
        return
    for period, one in found:
        click.echo(
            speaker.pick(
                f"{one.matter} {period}：平均 {one.mean:.2f}，最多 {one.most}，"
                f"最佳固定顺序 {one.fixed_mean:.2f}",
                f"{one.matter} {period}: mean {one.mean:.2f}, most {one.most}, "
                f"best fixed order {one.fixed_mean:.2f}",
            )
        )


def _outcomes(book: Book, code: str, at: int) -> list[int]:
    numbers: dict[tuple[str, ...], int] = {}
    return [
        -1 if v.impossible else numbers.setdefault(leads(v, book.catalogue), len(numbers))
        for v in book.tables[code][at].verdicts
    ]


def _book(speaker: Speaker, name: str) -> Book:
    data = speaker.settings.data
    folder = speaker.settings.district if name == "current" else folder_of(name, data)
    return open_district(folder, data=data).book


def _diff_lines(speaker: Speaker, found: Difference, old: Book, new: Book) -> list[str]:
    if found.empty:
        return [speaker.pick("没有差别", "no difference")]
    lines = [
        f"{speaker.pick(zh, en)}: {', '.join(values)}"
        for zh, en, values in (
            ("新增事项", "new matters", found.added_matters),
            ("取消的事项", "dropped matters", found.dropped_matters),
            ("新增规则", "new rules", found.added_rules),
            ("取消的规则", "dropped rules", found.dropped_rules),
            ("修改的规则", "changed rules", found.changed_rules),
            ("要素与取值", "facts and values", found.facts),
        )
        if values
    ]
    lines += [f"{speaker.say(told(one, old, new))} ({one.combinations})" for one in found.changes]
    if not found.changes:
        lines.append(speaker.pick("主办没有变化", "no lead changes"))
    return lines


def _diff_json(found: Difference, old: Book, new: Book) -> dict[str, object]:
    return {
        "old": f"sha256:{found.old}",
        "new": f"sha256:{found.new}",
        "added_matters": list(found.added_matters),
        "dropped_matters": list(found.dropped_matters),
        "added_rules": list(found.added_rules),
        "dropped_rules": list(found.dropped_rules),
        "changed_rules": list(found.changed_rules),
        "facts": list(found.facts),
        "changes": [
            {
                "matter": one.matter,
                "valid_from": one.period.valid_from.isoformat(),
                "ceases_on": one.period.ceases_on and one.period.ceases_on.isoformat(),
                "facts": {name: list(values) for name, values in one.facts.items()},
                "before": None if one.before is None else list(one.before),
                "after": None if one.after is None else list(one.after),
                "combinations": one.combinations,
                "says": told(one, old, new).as_dict(),
            }
            for one in found.changes
        ],
    }
