"""Cases, their holders, and the resolutions frozen in them.

Exactly one holder at every instant is held by the database itself, on SQLite and PostgreSQL alike:
a partial unique index forbids a second open holding of a case; and the case's row refers, by a
foreign key that includes `is_open`, to a holding that is open. Ending a holding without
beginning the next one therefore fails when the transaction commits.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from dataclasses import replace as replaced
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field, col, select

from enforcement.case_states import ENDED
from enforcement.ledger_events import Entry, canonical
from enforcement.store.base import Row, UtcDateTime
from enforcement.store.chain import Transaction, append
from enforcement.store.figures import count


class CaseRow(Row, table=True):
    """One case. `running` says that its clock runs; `holding_open` is always 1, see the module."""

    __tablename__ = "case_file"
    __table_args__ = (
        CheckConstraint("holding_open = 1", name="holder_is_open"),
        CheckConstraint("round >= 1", name="round"),
        ForeignKeyConstraint(
            ["id", "holding_n", "holder", "holding_open"],
            ["holding.case_id", "holding.n", "holding.unit", "holding.is_open"],
            name="fk_case_file_holder",
            deferrable=True,
            initially="DEFERRED",
            use_alter=True,
        ),
        Index("ix_case_file_holder_due", "holder", "running", "due_at", "id"),
        Index("ix_case_file_due", "running", "due_at", "id"),
        Index("ix_case_file_state_due", "state", "due_at", "id"),
        Index("ix_case_file_state_recheck", "state", "recheck_on", "id"),
        Index("ix_case_file_holder_recheck", "holder", "state", "recheck_on", "id"),
        Index("ix_case_file_matter_lat", "matter", "lat", "lon"),
        Index("ix_case_file_site", "site_id", "matter"),
    )

    # It takes part in a foreign key, so SQLAlchemy must be told that the database numbers it.
    id: int | None = Field(default=None, primary_key=True, sa_column_kwargs={"autoincrement": True})
    matter: str = Field(max_length=80)
    matter_zh: str = Field(max_length=200)
    matter_en: str = Field(max_length=200)
    description: str = Field(default="", sa_type=Text)
    site_id: str | None = Field(default=None, max_length=64)
    lon: float | None = None
    lat: float | None = None
    street: str | None = Field(default=None, max_length=16)
    asker: str = Field(max_length=64)
    on_behalf: bool = False
    visit_id: int | None = None
    opened_by: str = Field(max_length=64)
    opened_at: datetime = Field(sa_type=UtcDateTime)
    state: str = Field(max_length=16)
    running: int = 1
    holder: str = Field(max_length=64)
    holding_n: int = 1
    holding_open: int = 1
    lead_unit: str | None = Field(default=None, max_length=64)
    first_lead: str | None = Field(default=None, max_length=64)
    officer: str | None = Field(default=None, max_length=64)
    resolution_n: int = 1
    grade: int = 1
    round: int = 1
    clock_started_at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime = Field(sa_type=UtcDateTime)
    due_term: str = Field(max_length=16)
    due_basis: str = Field(default="", sa_type=Text)
    returns: int = 0
    level: int = 0
    escalated_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    done_by: str | None = Field(default=None, max_length=64)
    recheck_on: date | None = None
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    merged_into: int | None = None
    last_seq: int = 0

    @property
    def number(self) -> str:
        """The case's number as people write it."""
        return f"{self.opened_at.year}-{self.id:06d}"


class HoldingRow(Row, table=True):
    """One unit's time as holder of a case, from `from_at` up to, not including, `until_at`."""

    __tablename__ = "holding"
    __table_args__ = (
        CheckConstraint(
            "(is_open = 1 AND until_at IS NULL) OR (is_open = 0 AND until_at IS NOT NULL)",
            name="open_until",
        ),
        UniqueConstraint("case_id", "n", "unit", "is_open", name="uq_holding_current"),
        Index(
            "uq_holding_one_open",
            "case_id",
            unique=True,
            sqlite_where=text("until_at IS NULL"),
            postgresql_where=text("until_at IS NULL"),
        ),
    )

    case_id: int = Field(primary_key=True, foreign_key="case_file.id")
    n: int = Field(primary_key=True)
    unit: str = Field(max_length=64)
    from_at: datetime = Field(sa_type=UtcDateTime)
    until_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    is_open: int = 1


class ResolutionRow(Row, table=True):
    """A whole resolution as it was answered; triggers refuse to change it."""

    __tablename__ = "case_resolution"

    case_id: int = Field(primary_key=True, foreign_key="case_file.id")
    n: int = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    why: str = Field(max_length=32)
    body: str = Field(sa_type=Text)

    @property
    def answer(self) -> dict[str, Any]:
        """The resolution as `Resolution.as_dict()` gave it."""
        answer: dict[str, Any] = json.loads(self.body)
        return answer


class PartyRow(Row, table=True):
    """A unit that has, or had, to do with a case: holder, receiver or assist."""

    __tablename__ = "case_party"
    __table_args__ = (Index("ix_case_party_unit", "unit", "case_id"),)

    case_id: int = Field(primary_key=True, foreign_key="case_file.id")
    unit: str = Field(primary_key=True, max_length=64)


@dataclass(frozen=True, slots=True)
class Change:
    """What an act does to a case: columns, a new holder, new rows, and what it counts as."""

    columns: Mapping[str, Any] = field(default_factory=dict)
    holder: str | None = None
    rows: Sequence[Row] = ()
    parties: Sequence[str] = ()
    counts: Sequence[tuple[str, str | None]] = ()


def open_case(
    session: Transaction, entry: Entry, case: CaseRow, resolution: Mapping[str, Any], *, why: str
) -> int:
    """Add a case with its first holder, its resolution and the event; gives the event's number."""
    session.add(case)
    session.flush()
    case_id = id_of(case)
    at = entry.order.at
    session.add(HoldingRow(case_id=case_id, n=1, unit=case.holder, from_at=at))
    _freeze(session, case, resolution, at=at, why=why)
    _add_parties(session, case_id, [case.holder])
    count(session, "found", unit=case.holder, street=case.street, at=at)
    return _tell(session, entry, case)


def record(session: Transaction, entry: Entry, case: CaseRow, change: Change) -> int:
    """Do what an act does to a case, and write its event; gives the event's number."""
    case_id, at = id_of(case), entry.order.at
    for name, value in change.columns.items():
        setattr(case, name, value)
    if change.holder is not None and change.holder != case.holder:
        _pass_on(session, case, change.holder, at)
    case.running = int(case.state not in ENDED)
    session.add(case)
    for row in change.rows:
        session.add(row)
    _add_parties(session, case_id, [*change.parties, case.holder])
    for measure, unit in change.counts:
        count(session, measure, unit=unit or case.holder, street=case.street, at=at)
    return _tell(session, entry, case)


def freeze_resolution(
    session: Transaction, entry: Entry, case: CaseRow, resolution: Mapping[str, Any], *, why: str
) -> int:
    """Keep one more resolution with the case; gives its number. The entry tells of it."""
    case.resolution_n += 1
    _freeze(session, case, resolution, at=entry.order.at, why=why)
    return case.resolution_n


def case_by_id(session: Transaction, case_id: int) -> CaseRow | None:
    """The case, or None."""
    return session.get(CaseRow, case_id)


def holdings_of(session: Transaction, case_id: int) -> tuple[HoldingRow, ...]:
    """Who held the case, the first one first."""
    query = select(HoldingRow).where(HoldingRow.case_id == case_id).order_by(col(HoldingRow.n))
    return tuple(session.exec(query).all())


def resolution_of(session: Transaction, case: CaseRow) -> dict[str, Any]:
    """The newest resolution of the case."""
    row = session.get(ResolutionRow, (case.id, case.resolution_n))
    if row is None:
        raise AssertionError(f"case {case.id} has no resolution {case.resolution_n}")
    return row.answer


def resolutions_of(session: Transaction, case_id: int) -> tuple[ResolutionRow, ...]:
    """Every resolution of the case, the first one first."""
    query = (
        select(ResolutionRow).where(ResolutionRow.case_id == case_id).order_by(col(ResolutionRow.n))
    )
    return tuple(session.exec(query).all())


def parties_of(session: Transaction, case_id: int) -> frozenset[str]:
    """Every unit that has or had to do with the case."""
    return frozenset(session.exec(select(PartyRow.unit).where(PartyRow.case_id == case_id)).all())


def id_of(case: CaseRow) -> int:
    """The number of a case that was written."""
    if case.id is None:
        raise AssertionError("a case has a number once it was written")
    return case.id


def _pass_on(session: Transaction, case: CaseRow, unit: str, at: datetime) -> None:
    """End the open holding and begin the next at the same moment."""
    current = session.get(HoldingRow, (case.id, case.holding_n))
    if current is None:
        raise AssertionError(f"case {case.id} has no holding {case.holding_n}")
    # A clock that was set back must not make a holding end before it began.
    moment = max(at, current.from_at)
    current.until_at, current.is_open = moment, 0
    session.add(current)
    session.flush()
    case.holding_n += 1
    case.holder = unit
    session.add(HoldingRow(case_id=id_of(case), n=case.holding_n, unit=unit, from_at=moment))


def _freeze(
    session: Transaction, case: CaseRow, resolution: Mapping[str, Any], *, at: datetime, why: str
) -> None:
    session.add(
        ResolutionRow(
            case_id=id_of(case),
            n=case.resolution_n,
            at=at,
            why=why,
            body=canonical(dict(resolution)),
        )
    )


def _add_parties(session: Transaction, case_id: int, units: Sequence[str]) -> None:
    for unit in dict.fromkeys(units):
        if session.get(PartyRow, (case_id, unit)) is None:
            session.add(PartyRow(case_id=case_id, unit=unit))


def _tell(session: Transaction, entry: Entry, case: CaseRow) -> int:
    after = {
        "state": case.state,
        "holder": case.holder,
        "round": case.round,
        "lead": case.lead_unit,
    }
    told = replaced(entry, body={**entry.body, "after": after})
    case.last_seq = append(session, told, case_id=id_of(case))
    session.add(case)
    session.flush()
    return case.last_seq
