"""`seamless rules`: whether the rule packs can be used."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import click

from rules.book import open_book
from rules.check import described
from rules.loader import CATALOGUE
from web.cli.speaking import Speaker, pass_speaker


@click.group()
def rules() -> None:
    """规则包 / Rule packs."""


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
