"""`seamless serve`: the pages and the HTTP interface."""

from __future__ import annotations

from dataclasses import replace

import click

from web.app import app_of
from web.cli.speaking import Speaker, pass_speaker
from web.clockwork import clock_of
from web.serving import Server, bound


@click.command()
@click.option(
    "--demo",
    is_flag=True,
    help="加上演示账号和数据 / Adds demo accounts and data; not for real use.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="地址 / Address to listen on.")
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="端口，0 为任意空闲端口 / Port; 0 takes any free one.",
)
@pass_speaker
def serve(speaker: Speaker, demo: bool, host: str, port: int) -> None:  # noqa: FBT001 - click's flag
    """提供网页和接口 / Serve the pages and the HTTP interface until interrupted."""
    speaker.settings = replace(speaker.settings, demo=demo)
    listening = bound(host, port)
    desk = speaker.desk
    server = Server(app_of(desk), listening)
    server.stop_on_signals()
    name = speaker.say(desk.district.settings.name)
    if desk.district.settings.schematic:
        name += speaker.pick(
            "（示意数据，不可用于实际执法）", " (schematic data, not for real use)"
        )
    click.echo(speaker.pick(f"{name}：{server.address}", f"{name}: {server.address}"))
    click.echo(speaker.pick("按 Ctrl+C 停止", "Press Ctrl+C to stop"))
    clock = clock_of(desk)
    clock.start()
    try:
        server.run()
    finally:
        clock.stop()
    click.echo(speaker.pick("已停止", "Stopped"))
