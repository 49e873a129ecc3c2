"""The command line `seamless`. Commands parse, call one service and print."""

from __future__ import annotations

import os

import click

from web.cli.layers import layers
from web.cli.matters import facts, matters
from web.cli.resolve import resolve
from web.cli.roads import roads
from web.cli.rules import rules
from web.cli.serve import serve
from web.cli.sites import sites
from web.cli.speaking import SeamlessGroup, Speaker
from web.settings import Lang, Settings


@click.group(cls=SeamlessGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--lang",
    type=click.Choice([lang.value for lang in Lang]),
    help="输出语言，默认中文 / Language of the output; default SEAMLESS_LANG, else zh.",
)
@click.version_option(package_name="seamless")
@click.pass_context
def main(ctx: click.Context, lang: str | None) -> None:
    """事项和位置进，唯一责任单位出 / What and where in, the one accountable unit out.

    数据都在 SEAMLESS_DATA（默认 var/）；SEAMLESS_DISTRICT 指定辖区文件夹，不设时使用示意辖区 /
    Everything is kept in SEAMLESS_DATA (default var/); SEAMLESS_DISTRICT names a district's
    folder, and without it the schematic district answers.
    """
    if ctx.obj is None:
        settings = Settings.read(os.environ)
        ctx.obj = Speaker(settings, settings.lang)
    if lang is not None:
        ctx.obj.lang = Lang(lang)


for command in (resolve, matters, facts, layers, roads, sites, rules, serve):
    main.add_command(command)
