"""`seamless serve`: the pages and the HTTP interface."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import click

from enforcement.demo_cases import seed_demo_cases
from rules.errors import Fault
from web.app import app_of
from web.cli.speaking import Speaker, pass_speaker
from web.clockwork import clock_of
from web.desk import Desk
from web.errors import BadInput
from web.opening import ledger_of
from web.serving import Server, bound


@click.command()
@click.option(
    "--demo",
    is_flag=True,
    help="加上演示账号和数据 / Adds demo accounts and data; not for real use.",
)
@click.option(
    "--on",
    metavar="DAY",
    help="演示的今天，例如 2008-11-05 / The demo's today; with --demo alone.",
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
def serve(speaker: Speaker, demo: bool, on: str | None, host: str, port: int) -> None:  # noqa: FBT001 - click's flag
    """提供网页和接口 / Serve the pages and the HTTP interface until interrupted."""
    speaker.settings = replace(speaker.settings, demo=demo)
    day = None if on is None else _demo_day(on, demo=demo)
    listening = bound(host, port)
    desk = speaker.desk if day is None else shifted(speaker.desk, day)
    if demo:
        seed_demo_cases(ledger_of(desk), desk.district, desk.now())
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


def shifted(desk: Desk, day: date) -> Desk:
    """The desk with a clock that stands on another day and goes on from there."""
    zone = ZoneInfo(desk.settings.timezone)
    offset = datetime.now(zone).date() - day

    def now() -> datetime:
        return datetime.now(UTC) - offset

    return replace(desk, now=now, today=lambda: now().astimezone(zone).date())


def _demo_day(given: str, *, demo: bool) -> date:
    """The day of `--on`. Raises BadInput for what is none, or without `--demo`."""
    if not demo:
        raise BadInput(
            [
                Fault(
                    "--on",
                    "只能与 --demo 一起用；实际使用的时钟不能改",
                    "works with --demo alone; the clock of real use cannot be moved",
                )
            ]
        )
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise BadInput(
            [
                Fault(
                    "--on",
                    f"“{given}”不是日期；写作 2008-11-05",
                    f"{given!r} is no day; write it like 2008-11-05",
                )
            ]
        ) from None
