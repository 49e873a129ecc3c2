"""`seamless sites`: the register of known sites."""

from __future__ import annotations

import getpass
import os
from pathlib import Path

import click

from enforcement.services.sites import import_sites, list_sites
from enforcement.sites import PREMISES, STAGE, Site
from rules.model import Catalogue
from web.cli.options import columns_option, json_option, named_columns
from web.cli.speaking import Speaker, pass_speaker, print_json
from web.wrapping import table


@click.group()
def sites() -> None:
    """已知对象（经营者、场所） / Known sites."""


@sites.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@columns_option
@pass_speaker
def import_(speaker: Speaker, file: Path, columns: tuple[str, ...]) -> None:
    """导入对象名单（CSV、XLSX），整体导入或整体拒绝 / Bring in a list of sites, all or none.

    列 / Columns: id,name,uscc,licences,stages,premises,address,lon,lat
    """
    report = import_sites(
        speaker.desk.kept.store,
        file,
        by=_who(),
        columns=named_columns(columns),
        allowed=_allowed(speaker.desk.district.book.catalogue),
    )
    for warning in report.warnings:
        click.echo(
            speaker.pick(
                f"提醒 {warning.field}：{warning.zh}", f"warning {warning.field}: {warning.en}"
            ),
            err=True,
        )
    click.echo(
        speaker.pick(
            f"新增 {report.added}，更新 {report.changed}，未变 {report.unchanged}",
            f"{report.added} added, {report.changed} changed, {report.unchanged} as before",
        )
    )


@sites.command("list")
@click.argument("text", required=False)
@click.option("--stage", help="环节 / Only sites with this stage.")
@json_option
@pass_speaker
def list_(
    speaker: Speaker,
    text: str | None,
    stage: str | None,
    as_json: bool,  # noqa: FBT001 - click passes a flag
) -> None:
    """列出对象 / List sites; TEXT: 名称、编号、地址、证号 name, code, address, licence number."""
    found = list_sites(speaker.desk.kept.store, text=text, stage=stage)
    if as_json:
        print_json([site.as_dict() for site in found])
    else:
        click.echo("\n".join(table([_row(speaker, site) for site in found])))


def _row(speaker: Speaker, site: Site) -> list[str]:
    today = speaker.desk.today()
    held = [one.kind.label for one in site.licences if one.covers(today)]
    return [
        site.id,
        site.name,
        "/".join(site.stages),
        speaker.pick("、", ", ").join(speaker.say(label) for label in held) or "-",
    ]


def _who() -> str:
    """The account that runs the command; its number where it has no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def _allowed(catalogue: Catalogue) -> dict[str, frozenset[str]]:
    """The values of stage and premises that some matter knows."""
    return {
        name: frozenset(
            value
            for matter in catalogue.matters.values()
            if (fact := matter.fact(name)) is not None
            for value in fact.values
        )
        for name in (STAGE, PREMISES)
    }
