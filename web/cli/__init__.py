"""The command line `seamless`. Commands parse, call one service and print."""

from __future__ import annotations

import os

import click

from web.cli.speaking import SeamlessGroup, Speaker
from web.settings import Lang, Settings

COMMANDS = {
    "resolve": "web.cli.resolve:resolve",
    "resolve-many": "web.cli.many:resolve_many",
    "matters": "web.cli.matters:matters",
    "facts": "web.cli.matters:facts",
    "layers": "web.cli.layers:layers",
    "roads": "web.cli.roads:roads",
    "sites": "web.cli.sites:sites",
    "rules": "web.cli.rules:rules",
    "seams": "web.cli.seams:seams",
    "district": "web.cli.district:district",
    "user": "web.cli.users:user",
    "ledger": "web.cli.ledger:ledger",
    "serve": "web.cli.serve:serve",
}
"""Each command and where it is; a call loads only its own, which halves the time to an answer."""


@click.group(
    cls=SeamlessGroup,
    commands_at=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
)
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
