"""`seamless user`: the accounts of an installation."""

from __future__ import annotations

import getpass
import os
import sys
import uuid
from datetime import UTC, datetime

import click

from enforcement.ledger_events import Order
from enforcement.policies import HUMAN_POSTS, POST_NAMES, Actor, Post
from enforcement.services.people import Person, add_account, change_account, list_accounts
from enforcement.store.engine import Store
from enforcement.store.migrate import open_store
from web.cli.options import json_option
from web.cli.speaking import Speaker, pass_speaker, print_json
from web.wrapping import table

posts_option = click.option(
    "--post",
    "posts",
    multiple=True,
    required=True,
    type=click.Choice([post.value for post in HUMAN_POSTS]),
    help="岗位，可多次 / Post; may be given several times.",
)


@click.group()
def user() -> None:
    """账号 / Accounts."""


@user.command("add")
@click.argument("name")
@click.option("--full-name", required=True, help="姓名 / The person's name.")
@click.option("--unit", help="单位编号 / The unit's id.")
@posts_option
@pass_speaker
def add(
    speaker: Speaker, name: str, full_name: str, unit: str | None, posts: tuple[str, ...]
) -> None:
    """新增账号；密码从终端或标准输入读取，不出现在命令行 / Add an account.

    The password is asked for, or read from standard input: a command line can be seen by others.
    """
    person = Person(
        id=name,
        name=full_name,
        unit=unit,
        posts=frozenset(Post(post) for post in posts),
        password=_password(speaker),
    )
    add_account(speaker.desk.kept.store, _order(), person, registry=speaker.desk.district.registry)
    click.echo(speaker.pick(f"已新增账号 {name}", f"added the account {name}"))


@user.command("list")
@click.option("--unit", help="只列这个单位 / Only this unit's.")
@json_option
@pass_speaker
def list_(speaker: Speaker, unit: str | None, as_json: bool) -> None:  # noqa: FBT001 - click's
    """列出账号 / List accounts."""
    found = list_accounts(_store(speaker), unit=unit)
    if as_json:
        print_json(
            [
                {
                    "id": one.id,
                    "name": one.name,
                    "unit": one.unit,
                    "posts": sorted(one.held_posts),
                    "active": one.active,
                    "demo": one.demo,
                }
                for one in found
            ]
        )
        return
    rows = [
        (
            one.id,
            one.name,
            one.unit or "-",
            "、".join(speaker.say(POST_NAMES[post]) for post in sorted(one.held_posts)),
            "" if one.active else speaker.pick("已停用", "closed"),
        )
        for one in found
    ]
    for line in table(rows):
        click.echo(line)


@user.command("password")
@click.argument("name")
@pass_speaker
def password(speaker: Speaker, name: str) -> None:
    """换密码并解锁 / Set a new password, which also opens a locked account."""
    change_account(_store(speaker), _order(), name, password=_password(speaker))
    click.echo(speaker.pick(f"已更换 {name} 的密码", f"changed the password of {name}"))


@user.command("close")
@click.argument("name")
@pass_speaker
def close(speaker: Speaker, name: str) -> None:
    """停用账号；其记录保留 / Close an account; what it did stays."""
    change_account(_store(speaker), _order(), name, active=False)
    click.echo(speaker.pick(f"已停用 {name}", f"closed {name}"))


def _store(speaker: Speaker) -> Store:
    """The store alone: a list of accounts needs no district."""
    return open_store(speaker.settings.database_url)


def _password(speaker: Speaker) -> str:
    if sys.stdin.isatty():
        return getpass.getpass(speaker.pick("密码：", "Password: "))
    return sys.stdin.readline().rstrip("\n")


def _order() -> Order:
    """Whoever may run the command line keeps the accounts; the event has the system's name."""
    who = os.environ.get("USER") or getpass.getuser()
    return Order(Actor(f"cli:{who}"[:64], None, frozenset()), datetime.now(UTC), uuid.uuid4().hex)
