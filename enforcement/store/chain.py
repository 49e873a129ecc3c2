"""The chain of events as rows, its head, and the keys of acts that were done.

An event is written in the transaction of the change that it tells of. Triggers made by the
migration refuse to change or delete an event; `ledger_events.first_break` sees it where somebody
went around them.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final, TypeAlias

from sqlalchemy import Index, Text
from sqlmodel import Field, Session, col, select

from enforcement.ledger_events import GENESIS, Entry, Stored, canonical, digest, sealed
from enforcement.store.base import Row, UtcDateTime

Transaction: TypeAlias = Session
"""A session that `writing` or `reading` opened."""

AT_ONCE: Final = 2000


class EventRow(Row, table=True):
    """One event; `payload` is the line that is hashed, the other columns repeat parts of it."""

    __tablename__ = "ledger_event"
    __table_args__ = (Index("ix_ledger_event_case_id_seq", "case_id", "seq"),)

    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=UtcDateTime)
    actor: str = Field(max_length=64)
    unit: str | None = Field(default=None, max_length=64)
    action: str = Field(max_length=32)
    case_id: int | None = None
    payload: str = Field(sa_type=Text)
    hash: str = Field(max_length=64)

    @property
    def body(self) -> dict[str, Any]:
        """What was done, as it was written."""
        body: dict[str, Any] = json.loads(self.payload)["body"]
        return body


class HeadRow(Row, table=True):
    """The last event's number and hash; one row, so that a missing end of the chain is seen."""

    __tablename__ = "ledger_head"

    id: int = Field(default=1, primary_key=True, sa_column_kwargs={"autoincrement": False})
    seq: int
    hash: str = Field(max_length=64)


class KeyRow(Row, table=True):
    """The key of an act that was done, what was asked by it, and what came of it."""

    __tablename__ = "act_key"

    key: str = Field(primary_key=True, max_length=200)
    action: str = Field(max_length=32)
    request: str = Field(max_length=64)
    result: str = Field(sa_type=Text)
    seq: int


def append(session: Transaction, entry: Entry, *, case_id: int | None = None) -> int:
    """Put an event at the end of the chain; gives its number."""
    head = session.get(HeadRow, 1)
    if head is None:
        head = HeadRow(id=1, seq=0, hash=GENESIS)
        session.add(head)
    event = sealed(entry, seq=head.seq + 1, case_id=case_id, before=head.hash)
    session.add(
        EventRow(
            seq=event.seq,
            at=event.at,
            actor=event.actor,
            unit=event.unit,
            action=event.action,
            case_id=event.case_id,
            payload=event.payload,
            hash=event.hash,
        )
    )
    head.seq, head.hash = event.seq, event.hash
    return event.seq


def head_of(session: Transaction) -> tuple[int, str]:
    """The number and hash of the last event."""
    head = session.get(HeadRow, 1)
    return (0, GENESIS) if head is None else (head.seq, head.hash)


def all_events(session: Transaction) -> Iterator[Stored]:
    """Every event in order of its number, some at a time."""
    after = 0
    while True:
        rows = session.exec(
            select(EventRow)
            .where(col(EventRow.seq) > after)
            .order_by(col(EventRow.seq))
            .limit(AT_ONCE)
        ).all()
        if not rows:
            return
        yield from map(_stored, rows)
        after = rows[-1].seq
        session.expunge_all()


def events_between(session: Transaction, first: int, last: int) -> tuple[Stored, ...]:
    """The events with numbers from `first` to `last`, both included, in order."""
    query = (
        select(EventRow).where(col(EventRow.seq).between(first, last)).order_by(col(EventRow.seq))
    )
    return tuple(map(_stored, session.exec(query)))


def events_of(session: Transaction, case_id: int) -> tuple[EventRow, ...]:
    """The events of one case, the first one first."""
    query = select(EventRow).where(EventRow.case_id == case_id).order_by(col(EventRow.seq))
    return tuple(session.exec(query).all())


def request_digest(request: Mapping[str, Any]) -> str:
    """What tells one request from another under the same key."""
    return digest(canonical(dict(request)))


def done_before(session: Transaction, key: str) -> KeyRow | None:
    """What came of the act with this key, or None when there was none."""
    return session.get(KeyRow, key)


def keep_key(
    session: Transaction, entry: Entry, *, request: str, result: Mapping[str, Any], seq: int
) -> None:
    """Remember that the entry's act was done, and what came of it."""
    session.add(
        KeyRow(
            key=entry.order.key,
            action=entry.action,
            request=request,
            result=canonical(dict(result)),
            seq=seq,
        )
    )


def _stored(row: EventRow) -> Stored:
    return Stored(
        seq=row.seq,
        at=row.at,
        actor=row.actor,
        unit=row.unit,
        action=row.action,
        case_id=row.case_id,
        payload=row.payload,
        hash=row.hash,
    )
