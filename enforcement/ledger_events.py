"""The chain of events: each carries the hash of the one before, so no edit goes unseen.

An event is hashed over one line of canonical JSON that holds everything in it and the hash before
it. Names of residents never enter an event: what is in the chain can never be erased.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from enforcement.policies import Action, Actor
from rules.model import Text

GENESIS: Final = "0" * 64
"""The hash before the first event."""
DENIED: Final = "denied"
"""The action of an event that records a refusal; what was refused is in its body."""


@dataclass(frozen=True, slots=True)
class Order:
    """Who acts, when, and the key by which a repeated request is known.

    `at` is an aware moment. The same key with the same act gives the first result again.
    """

    actor: Actor
    at: datetime
    key: str

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("an order's moment needs a time zone")
        if not 1 <= len(self.key) <= 200:
            raise ValueError("an order needs a key of 1 to 200 letters")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a change puts into the chain: required by every function that writes.

    `body` says what was done, in plain JSON, without any resident's name.
    """

    order: Order
    action: str
    body: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, order: Order, action: Action, **body: object) -> Entry:
        """The entry for an action."""
        return cls(order, action.value, body)


@dataclass(frozen=True, slots=True)
class Stored:
    """One event as it lies in the store."""

    seq: int
    at: datetime
    actor: str
    unit: str | None
    action: str
    case_id: int | None
    payload: str
    hash: str

    @property
    def body(self) -> dict[str, Any] | None:
        """What was done; None when the line was edited so that it can no more be read."""
        try:
            body = json.loads(self.payload)["body"]
        except (ValueError, KeyError, TypeError):
            return None
        return body if isinstance(body, dict) else None


@dataclass(frozen=True, slots=True)
class Break:
    """The first event of a chain that is wrong, and how."""

    seq: int
    says: Text


def canonical(value: object) -> str:
    """The one way in which a value is written as JSON; hashes are taken over it."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sealed(entry: Entry, *, seq: int, case_id: int | None, before: str) -> Stored:
    """The event that follows the one with the hash `before`."""
    at = entry.order.at.astimezone(UTC)
    payload = canonical(
        {
            "seq": seq,
            "at": at.isoformat(),
            "actor": entry.order.actor.id,
            "unit": entry.order.actor.unit,
            "action": entry.action,
            "case": case_id,
            "body": dict(entry.body),
            "before": before,
        }
    )
    return Stored(
        seq=seq,
        at=at,
        actor=entry.order.actor.id,
        unit=entry.order.actor.unit,
        action=entry.action,
        case_id=case_id,
        payload=payload,
        hash=digest(payload),
    )


def digest(payload: str) -> str:
    """The hash of an event's line."""
    return hashlib.sha256(payload.encode()).hexdigest()


def first_break(events: Iterable[Stored], *, head: tuple[int, str]) -> Break | None:
    """The first event that is wrong, or None for a whole chain that ends at `head`.

    `events` come in order of their numbers; `head` is the number and hash of the last event as
    recorded beside the chain, so that a missing end is seen too.
    """
    before, expected = GENESIS, 1
    for event in events:
        if event.seq != expected:
            return Break(
                expected,
                Text(f"第 {expected} 条记录缺失", f"event {expected} is missing"),
            )
        wrong = fault_of(event, before)
        if wrong is not None:
            return Break(event.seq, wrong)
        before, expected = event.hash, expected + 1
    if (expected - 1, before) != head:
        return Break(
            min(expected, head[0]),
            Text(
                f"链应在第 {head[0]} 条结束，实际在第 {expected - 1} 条结束",
                f"the chain should end at event {head[0]} and ends at {expected - 1}",
            ),
        )
    return None


def fault_of(event: Stored, before: str | None) -> Text | None:
    """What is wrong with one event that should follow the hash `before`, or None.

    Without `before`, which event it follows is not looked at.
    """
    if digest(event.payload) != event.hash:
        return Text(
            f"第 {event.seq} 条记录的内容与其校验值不符",
            f"event {event.seq} does not match its hash: it was edited",
        )
    try:
        said = json.loads(event.payload)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        return Text(f"第 {event.seq} 条记录不是 JSON", f"event {event.seq} is no JSON")
    if before is not None and said.get("before") != before:
        return Text(
            f"第 {event.seq} 条记录不接前一条",
            f"event {event.seq} does not follow the one before it",
        )
    columns = {
        "seq": event.seq,
        "at": event.at.astimezone(UTC).isoformat(),
        "actor": event.actor,
        "unit": event.unit,
        "action": event.action,
        "case": event.case_id,
    }
    for name, value in columns.items():
        if said.get(name) != value:
            return Text(
                f"第 {event.seq} 条记录的“{name}”被改动",
                f"event {event.seq}: its {name!r} was edited",
            )
    return None
