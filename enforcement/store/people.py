"""Accounts: who may log in, for which unit, with which posts. Passwords are argon2 hashes."""

import json
from datetime import datetime

from sqlalchemy import Text
from sqlmodel import Field, col, select

from enforcement.ledger_events import Entry
from enforcement.policies import Post
from enforcement.store.base import Row, UtcDateTime
from enforcement.store.chain import Transaction, append


class AccountRow(Row, table=True):
    """One person. `failed` counts wrong passwords since the last right one."""

    __tablename__ = "account"

    id: str = Field(primary_key=True, max_length=64)
    name: str = Field(max_length=100)
    unit: str | None = Field(default=None, max_length=64)
    posts: str = Field(default="[]", sa_type=Text)
    password_hash: str = Field(max_length=300)
    active: bool = True
    demo: bool = False
    failed: int = 0
    locked_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_login_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)

    @property
    def held_posts(self) -> frozenset[Post]:
        """The posts, as policies take them."""
        return frozenset(Post(one) for one in json.loads(self.posts))


def account_by_id(session: Transaction, account_id: str) -> AccountRow | None:
    """The account, or None."""
    return session.get(AccountRow, account_id)


def accounts(session: Transaction, *, unit: str | None = None) -> tuple[AccountRow, ...]:
    """All accounts, or a unit's, in order of their ids."""
    query = select(AccountRow).order_by(col(AccountRow.id))
    if unit is not None:
        query = query.where(AccountRow.unit == unit)
    return tuple(session.exec(query).all())


def save_account(session: Transaction, entry: Entry, row: AccountRow) -> int:
    """Add or change an account; gives the number of the event."""
    session.add(row)
    return append(session, entry)


def note_login(session: Transaction, row: AccountRow) -> None:
    """Keep the counters of a login attempt; they are no act in the ledger."""
    session.add(row)
