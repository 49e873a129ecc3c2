"""`seamless ledger`: check the chain, let the clock act, back up and restore."""

from __future__ import annotations

import getpass
import os
import uuid
from datetime import UTC, datetime
from pathlib import Path

import click

from enforcement.ledger_events import Order
from enforcement.policies import Actor, Post
from enforcement.services.backups import back_up, restore
from enforcement.services.checking import check_store
from enforcement.services.due import do_what_is_due
from enforcement.services.ledger import Ledger
from enforcement.services.opening import evidence_in
from enforcement.services.residents import erase_resident, export_resident
from enforcement.services.stories import holder_of
from enforcement.store.engine import database_url
from enforcement.store.migrate import open_store
from web.cli.options import json_option
from web.cli.speaking import Speaker, pass_speaker, print_json
from web.errors import EXIT_FAILED
from web.opening import ledger_of


@click.group()
def ledger() -> None:
    """台账 / The ledger of cases."""


@ledger.command("verify")
@click.option("--expect", help="以前记下的链尾 / The head that was noted down before.")
@json_option
@pass_speaker
def verify(speaker: Speaker, expect: str | None, as_json: bool) -> int:  # noqa: FBT001 - click's
    """检查记录链和案件是否被改动 / Say whether any event or case was edited.

    退出码 / Exit: 0 whole, 1 otherwise.
    """
    found = check_store(open_store(speaker.settings.database_url))
    known = expect is None or expect == found.head
    if as_json:
        print_json(
            {
                "whole": found.is_whole and known,
                "events": found.events,
                "head": found.head,
                "first_wrong": None
                if found.wrong is None
                else {"event": found.wrong.seq, "says": found.wrong.says.as_dict()},
                "cases": [
                    {"case": one.case_id, "what": one.what, "says": one.says}
                    for one in found.disagreements
                ],
            }
        )
        return 0 if found.is_whole and known else EXIT_FAILED
    if found.wrong is not None:
        click.echo(speaker.say(found.wrong.says))
    for one in found.disagreements:
        click.echo(
            speaker.pick(
                f"案件 {one.case_id} 与记录不符（{one.what}）：{one.says}",
                f"case {one.case_id} is not as its events left it ({one.what}): {one.says}",
            )
        )
    if not known:
        click.echo(speaker.pick("链尾与记下的不同", "the head is not the one that was noted"))
    if found.is_whole and known:
        click.echo(
            speaker.pick(
                f"完整：{found.events} 条记录，链尾 {found.head}",
                f"whole: {found.events} events, head {found.head}",
            )
        )
        return 0
    return EXIT_FAILED


@ledger.command("sweep")
@pass_speaker
def sweep_(speaker: Speaker) -> None:
    """处理到期事项：升级、承继、删除到期的个人信息 / Do what is due: escalate, succeed, erase."""
    did = do_what_is_due(ledger_of(speaker.desk), datetime.now(UTC))
    click.echo(
        speaker.pick(
            f"升级 {did.escalated}，视为接收 {did.deemed}，承继 {did.passed_on}，删除 {did.erased}",
            f"{did.escalated} escalated, {did.deemed} deemed accepted, {did.passed_on} passed on, "
            f"{did.erased} erased",
        )
    )


@ledger.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@pass_speaker
def backup(speaker: Speaker, file: Path) -> None:
    """备份台账和证据 / Write the ledger and its evidence to one file."""
    store = open_store(speaker.settings.database_url)
    made = back_up(store, evidence_in(speaker.settings.data), file)
    click.echo(
        speaker.pick(
            f"已备份到 {file}：{made.files} 个证据文件，{made.bytes:,} 字节",
            f"wrote {file}: {made.files} files of evidence, {made.bytes:,} bytes",
        )
    )


@ledger.command("restore")
@click.argument("file", type=click.Path(path_type=Path, exists=True))
@pass_speaker
def restore_(speaker: Speaker, file: Path) -> int | None:
    """恢复到空的数据文件夹 / Put a backup back into an empty SEAMLESS_DATA."""
    url = database_url(speaker.settings.database_url, data=speaker.settings.data)
    if url.drivername != "sqlite":
        click.echo(
            speaker.pick("PostgreSQL 请用 pg_restore", "use pg_restore for PostgreSQL"), err=True
        )
        return EXIT_FAILED
    files = evidence_in(speaker.settings.data)
    done = restore(file, database=Path(url.database or ""), files=files)
    click.echo(
        speaker.pick(
            f"已恢复，{done.files} 个证据文件；请运行 seamless ledger verify",
            f"restored with {done.files} files of evidence; now run: seamless ledger verify",
        )
    )
    return None


@ledger.group()
def residents() -> None:
    """诉求人信息 / What is kept of residents."""


@residents.command("export")
@click.argument("case", type=int)
@click.argument("number", type=int)
@pass_speaker
def export(speaker: Speaker, case: int, number: int) -> None:
    """导出一名诉求人的全部信息 / Print everything that is kept of a resident."""
    there = ledger_of(speaker.desk)
    print_json(export_resident(there, _for_holder(there, case), case, number))


@residents.command("erase")
@click.argument("case", type=int)
@click.argument("number", type=int)
@pass_speaker
def erase(speaker: Speaker, case: int, number: int) -> None:
    """永久删除一名诉求人的信息 / Erase a resident's name and contact for good."""
    there = ledger_of(speaker.desk)
    erase_resident(there, _for_holder(there, case), case, number)
    click.echo(speaker.pick("已删除", "erased"))


def _for_holder(there: Ledger, case: int) -> Order:
    """The administrator acts as the holder's supervisor; the system's name goes into the event."""
    who = os.environ.get("USER") or getpass.getuser()
    actor = Actor(f"cli:{who}"[:64], holder_of(there, case), frozenset({Post.SUPERVISOR}))
    return Order(actor, datetime.now(UTC), uuid.uuid4().hex)
