"""What is asked of somebody and waits for an answer: silence goes up, level by level."""

from datetime import datetime
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, and_, or_, text
from sqlmodel import Field, col, select

from enforcement.store.base import Row, UtcDateTime
from enforcement.store.chain import Transaction

OPEN: Final = text("answered_at IS NULL")
"""Of an index: what still waits."""


class WaitingRow(Row):
    """An answer that is due; `level` is how far up its silence was reported."""

    due_at: datetime = Field(sa_type=UtcDateTime)
    level: int = 0
    next_level_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class AskedRow(WaitingRow):
    """An answer that is due from one unit, and the unit above it that hears of its silence."""

    escalated_to: str | None = Field(default=None, max_length=64)
    answered_by: str | None = Field(default=None, max_length=64)


_Waiting = TypeVar("_Waiting", bound=WaitingRow)


def level_is_due(due_at: Any, next_level_at: Any, now: datetime) -> ColumnElement[bool]:  # noqa: ANN401 - columns
    """Whether these two columns say that something is over and its next level is to hear of it."""
    return and_(col(due_at) < now, or_(col(next_level_at).is_(None), col(next_level_at) < now))


def late(
    session: Transaction, kind: type[_Waiting], now: datetime, *, limit: int
) -> tuple[_Waiting, ...]:
    """What of this kind has no answer and is due for its next level, the first due first."""
    query = (
        select(kind)
        .where(col(kind.answered_at).is_(None), level_is_due(kind.due_at, kind.next_level_at, now))
        .order_by(col(kind.due_at))
        .limit(limit)
    )
    return tuple(session.exec(query).all())
