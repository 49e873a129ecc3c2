"""Accounts: adding people, and letting them in. Wrong passwords lock an account for a while."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from dataclasses import replace as replaced
from datetime import datetime, timedelta
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from enforcement.ledger_errors import BadAct, BadLogin, LockedOut
from enforcement.ledger_events import Entry, Order
from enforcement.policies import HUMAN_POSTS, Action, Actor, Post
from enforcement.services.ledger import no_such
from enforcement.store.chain import Transaction
from enforcement.store.engine import Store, reading, writing
from enforcement.store.people import (
    AccountRow,
    account_by_id,
    accounts,
    note_login,
    save_account,
)
from enforcement.units import Registry, UnitKind
from rules.errors import Fault

SHORTEST_PASSWORD: Final = 10
LONGEST_PASSWORD: Final = 200
TRIES: Final = 5
"""Wrong passwords in a row before the account is locked."""
LOCKED_FOR: Final = timedelta(minutes=15)
_ID: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")
_HASHER: Final = PasswordHasher()
_NOBODY: Final = _HASHER.hash("nobody has this password")
"""Checked when there is no such account, so that the time tells nothing."""


@dataclass(frozen=True, slots=True)
class Person:
    """A new account. `demo` accounts exist only where the demo is served."""

    id: str
    name: str
    unit: str | None
    posts: frozenset[Post]
    password: str
    demo: bool = False


def add_account(store: Store, order: Order, person: Person, *, registry: Registry) -> None:
    """Add an account. Raises BadAct with every fault; the password is kept as a hash alone."""
    faults = _faults(person, registry)
    if faults:
        raise BadAct(faults)
    password_hash = _HASHER.hash(person.password)
    with writing(store) as session:
        if account_by_id(session, person.id) is not None:
            raise BadAct(
                [
                    Fault(
                        "id",
                        f"账号 {person.id} 已存在；请换一个",
                        f"there is an account {person.id} already; choose another",
                    )
                ]
            )
        _add(session, order, person, password_hash=password_hash)


def seed_demo_accounts(
    store: Store, order: Order, people: Iterable[Person], *, registry: Registry
) -> int:
    """Add the demo accounts that are not there yet; gives how many. Only the demo calls this.

    A person of a unit that the district does not have is left out. Servers that start at once add
    each account once. Raises BadAct with every fault.
    """
    wanted = [one for one in people if one.unit is None or one.unit in registry.units]
    faults = [fault for person in wanted for fault in _faults(person, registry)]
    if faults:
        raise BadAct(faults)
    there = {row.id for row in list_accounts(store)}
    wanted = [person for person in wanted if person.id not in there]
    # They share a password that everybody knows: one slow hash does for all of them.
    hashes = {password: _HASHER.hash(password) for password in {one.password for one in wanted}}
    added = 0
    with writing(store) as session:
        for person in wanted:
            if account_by_id(session, person.id) is None:
                demo = replaced(person, demo=True)
                _add(session, order, demo, password_hash=hashes[person.password])
                added += 1
    return added


def change_account(
    store: Store,
    order: Order,
    account_id: str,
    *,
    password: str | None = None,
    active: bool | None = None,
    posts: Collection[Post] | None = None,
) -> None:
    """Give an account a new password or other posts, or close it. Raises NoSuchRecord, BadAct."""
    faults = _password_faults(password) if password is not None else []
    if posts is not None:
        faults += _post_faults(posts)
    if faults:
        raise BadAct(faults)
    with writing(store) as session:
        row = account_by_id(session, account_id)
        if row is None:
            raise no_such("id", account_id, "账号", "account")
        if password is not None:
            row.password_hash, row.failed, row.locked_until = _HASHER.hash(password), 0, None
        if active is not None:
            row.active = active
        if posts is not None:
            row.posts = json.dumps(sorted(posts))
        entry = _entry(
            order,
            "change_account",
            account=account_id,
            password=password is not None,
            active=active,
            posts=row.posts if posts is not None else None,
        )
        save_account(session, entry, row)


def list_accounts(store: Store, *, unit: str | None = None) -> tuple[AccountRow, ...]:
    """All accounts, or a unit's, in order of their ids."""
    with reading(store) as session:
        return accounts(session, unit=unit)


@dataclass(frozen=True, slots=True)
class Account:
    """An account as it stands now. `stamp` is another one whenever the password is another one."""

    actor: Actor
    name: str
    demo: bool
    stamp: str


def find_account(store: Store, account_id: str) -> Account | None:
    """The account, for a session that asks again with every page; None when closed or not there."""
    with reading(store) as session:
        row = account_by_id(session, account_id)
    if row is None or not row.active:
        return None
    stamp = hashlib.sha256(row.password_hash.encode()).hexdigest()[:16]
    return Account(_actor(row), row.name, row.demo, stamp)


def find_actor(store: Store, account_id: str) -> Actor | None:
    """Who an account is for policies, as it stands now; None when it is closed or not there."""
    with reading(store) as session:
        row = account_by_id(session, account_id)
    return None if row is None or not row.active else _actor(row)


def log_in(store: Store, account_id: str, password: str, *, at: datetime) -> Actor:
    """Who logged in. Raises BadLogin, and LockedOut after too many wrong passwords in a row.

    A locked account is refused even with the right password, and says when it opens again.
    """
    with reading(store) as session:
        row = account_by_id(session, account_id)
    if row is not None and row.locked_until is not None and at < row.locked_until:
        raise _locked(row.locked_until)
    known = row.password_hash if row is not None else _NOBODY
    # Hashing takes tens of milliseconds: it happens outside of the transaction.
    right = _is_right(known, password[:LONGEST_PASSWORD]) and row is not None and row.active
    if row is None:
        raise _bad_login()
    with writing(store) as session:
        now = account_by_id(session, account_id)
        if now is None:
            raise _bad_login()
        if now.locked_until is not None and at < now.locked_until:
            raise _locked(now.locked_until)
        now.failed = 0 if right else now.failed + 1
        now.locked_until = at + LOCKED_FOR if now.failed >= TRIES else None
        if now.locked_until is not None:
            now.failed = 0
        if right:
            now.last_login_at = at
        note_login(session, now)
        actor = _actor(now)
    if not right:
        raise _bad_login()
    return actor


def _add(session: Transaction, order: Order, person: Person, *, password_hash: str) -> None:
    row = AccountRow(
        id=person.id,
        name=person.name.strip(),
        unit=person.unit,
        posts=json.dumps(sorted(person.posts)),
        password_hash=password_hash,
        demo=person.demo,
        created_at=order.at,
    )
    entry = _entry(order, "add_account", account=person.id, unit=person.unit, posts=row.posts)
    save_account(session, entry, row)


def _actor(row: AccountRow) -> Actor:
    return Actor(row.id, row.unit, row.held_posts)


def _is_right(known: str, password: str) -> bool:
    try:
        return _HASHER.verify(known, password)
    except (VerificationError, InvalidHashError):
        return False


def _entry(order: Order, what: str, **body: object) -> Entry:
    # Accounts are kept by whoever runs the installation, not by a post: no policy names this.
    return replaced(Entry.of(order, Action.SEE_LEDGER, **body), action=what)


def _bad_login() -> BadLogin:
    return BadLogin(
        field="password",
        zh="账号或密码不对；请重新输入",
        en="no account has this name and password; try again",
    )


def _locked(until: datetime) -> LockedOut:
    shown = until.astimezone().strftime("%H:%M")
    return LockedOut(
        field="password",
        zh=f"密码连续输错 {TRIES} 次，账号暂时锁定，{shown} 以后可再试",
        en=f"{TRIES} wrong passwords in a row: the account is locked until {shown}",
    )


def _faults(person: Person, registry: Registry) -> list[Fault]:
    faults = _password_faults(person.password) + _post_faults(person.posts)
    if not _ID.fullmatch(person.id):
        faults.append(
            Fault(
                "id",
                "账号由 2 至 32 个小写字母、数字、点、横线组成",
                "an account's name is 2 to 32 small letters, digits, dots or dashes",
            )
        )
    if not person.name.strip() or len(person.name) > 100:
        faults.append(Fault("name", "请写明姓名（最多 100 字）", "say a name of up to 100 letters"))
    if person.unit is not None:
        unit = registry.units.get(person.unit)
        if unit is None:
            faults.append(
                Fault("unit", f"没有单位 {person.unit}", f"there is no unit {person.unit}")
            )
        elif unit.kind is UnitKind.COORDINATION and person.posts & {Post.OFFICER, Post.HANDLER}:
            faults.append(
                Fault(
                    "unit",
                    f"{person.unit} 是议事协调机构，不能有执法员或经办人",
                    f"{person.unit} is a coordination body: no officers and no handlers",
                )
            )
    elif person.posts & {Post.OFFICER, Post.HANDLER}:
        faults.append(
            Fault("unit", "执法员和经办人必须属于一个单位", "officers and handlers need a unit")
        )
    return faults


def _post_faults(posts: Collection[Post]) -> list[Fault]:
    if posts and set(posts) <= set(HUMAN_POSTS):
        return []
    listed = ", ".join(HUMAN_POSTS)
    return [Fault("post", f"岗位可选：{listed}", f"posts are: {listed}")]


def _password_faults(password: str) -> list[Fault]:
    if SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        return []
    return [
        Fault(
            "password",
            f"密码至少 {SHORTEST_PASSWORD} 个字符，最多 {LONGEST_PASSWORD} 个",
            f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters",
        )
    ]
