"""A ledger of any size, as acts would have left it: cases, holdings, offers, duties and events.

The number of units shares no factor with that of the states, so every unit has cases in each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, insert, text

from enforcement.case_states import ENDED, State
from enforcement.ledger_events import GENESIS, Entry, Order, canonical, sealed
from enforcement.policies import Action, Actor
from enforcement.store.case_parts import AssistRow, HandoverRow
from enforcement.store.cases import CaseRow, HoldingRow, PartyRow, ResolutionRow
from enforcement.store.chain import EventRow, HeadRow
from enforcement.store.engine import MODE, WRITE, Store
from enforcement.store.figures import TallyRow
from geo.points import Point

NOW: Final = datetime(2026, 11, 24, 2, tzinfo=UTC)
UNITS: Final = 61
EVENTS: Final = 10
STATES: Final = (*[State.CLOSED] * 45, *[State.RECHECKED] * 45, *list(State)[:10])
MEASURES: Final = ("found", "handed_over", "accepted", "checked", "closed", "recurred")
AT_ONCE: Final = 5_000

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Filling:
    """Cases of one matter that `UNITS` units hold in turn, each with the same resolution."""

    units: tuple[str, ...]
    streets: tuple[str, ...]
    resolution: Mapping[str, Any]

    def fill(self, store: Store, first: int, last: int) -> None:
        """Add the cases `first` to `last`, both included, with all that belongs to them."""
        with store.execution_options(**{MODE: WRITE}).begin() as connection:
            row = connection.execute(text("SELECT seq, hash FROM ledger_head")).one_or_none()
            seq, before = (0, GENESIS) if row is None else (row[0], row[1])
            for start in range(first, last + 1, AT_ONCE):
                numbers = range(start, min(start + AT_ONCE, last + 1))
                events, seq, before = self._events(numbers, seq, before)
                self._insert(connection, numbers, events)
            connection.execute(text("DELETE FROM ledger_head"))
            _add(connection, HeadRow, [{"id": 1, "seq": seq, "hash": before}])
            if first == 1:
                _add(connection, TallyRow, list(self._tallies()))
            if connection.dialect.name == "postgresql":
                connection.execute(
                    text("SELECT setval(pg_get_serial_sequence('case_file', 'id'), :n)"),
                    {"n": last},
                )
        options = {MODE: WRITE}
        with store.execution_options(isolation_level="AUTOCOMMIT", **options).connect() as one:
            if store.dialect.name == "postgresql":
                one.exec_driver_sql("ANALYZE")

    def _insert(self, connection: Connection, numbers: range, events: list[Row]) -> None:
        last_seq = {one["case_id"]: one["seq"] for one in events}
        frozen = canonical(self.resolution)
        _add(connection, CaseRow, [self._case(n, last_seq[n]) for n in numbers])
        _add(connection, HoldingRow, [one for n in numbers for one in self._holdings(n)])
        _add(
            connection,
            ResolutionRow,
            [
                {"case_id": n, "n": 1, "at": _opened(n), "why": "filed", "body": frozen}
                for n in numbers
            ],
        )
        _add(
            connection,
            PartyRow,
            [{"case_id": n, "unit": unit} for n in numbers for unit in self._parties(n)],
        )
        _add(connection, EventRow, events)
        _add(connection, HandoverRow, [self._offer(n) for n in numbers if _is_offered(n)])
        _add(connection, AssistRow, [self._duty(n) for n in numbers if _is_assisted(n)])

    def _events(self, numbers: range, seq: int, before: str) -> tuple[list[Row], int, str]:
        found = []
        for n in numbers:
            asker, holder = self._holders(n)
            order = Order(Actor("bench", asker, frozenset()), _opened(n), "k")
            after = {
                "state": _state(n).value,
                "holder": holder,
                "round": 1,
                "lead": self.units[0],
            }
            for at in range(EVENTS):
                seq += 1
                entry = Entry.of(order, Action.STEP, note="办理" * 10, n=at, after=after)
                event = sealed(entry, seq=seq, case_id=n, before=before)
                before = event.hash
                found.append({name: getattr(event, name) for name in event.__slots__})
        return found, seq, before

    def _case(self, n: int, last_seq: int) -> Row:
        state, opened, place = _state(n), _opened(n), place_of(n)
        asker, holder = self._holders(n)
        ended = state in ENDED
        row = CaseRow(
            id=n,
            matter=self.resolution["matter"],
            matter_zh=self.resolution["matter_name"]["zh"],
            matter_en=self.resolution["matter_name"]["en"],
            description="过期肉",
            site_id=f"S{n % 5000}",
            lon=place.lon,
            lat=place.lat,
            street=self.streets[n % len(self.streets)],
            asker=asker,
            opened_by="bench",
            opened_at=opened,
            state=state.value,
            running=int(not ended),
            holder=holder,
            holding_n=2,
            lead_unit=self.units[0],
            clock_started_at=opened,
            due_at=opened + timedelta(days=7),
            due_term="H02",
            recheck_on=(opened + timedelta(days=30)).date() if ended else None,
            closed_at=opened + timedelta(days=20) if ended else None,
            last_seq=last_seq,
        )
        return row.model_dump()

    def _holdings(self, n: int) -> Iterator[Row]:
        opened = _opened(n)
        change = opened + timedelta(hours=5)
        spans = ((opened, change), (change, None))
        for at, (unit, (begin, end)) in enumerate(zip(self._holders(n), spans, strict=True), 1):
            yield {
                "case_id": n,
                "n": at,
                "unit": unit,
                "from_at": begin,
                "until_at": end,
                "is_open": int(end is None),
            }

    def _offer(self, n: int) -> Row:
        sent = _opened(n) + timedelta(hours=5)
        row = HandoverRow(
            case_id=n,
            n=1,
            from_unit=self._holders(n)[-1],
            to_unit=self._third(n),
            reason="属其职责",
            by="bench",
            sent_at=sent,
            due_at=sent + timedelta(days=2),
        )
        return row.model_dump()

    def _duty(self, n: int) -> Row:
        asked = _opened(n) + timedelta(hours=6)
        row = AssistRow(
            case_id=n,
            n=1,
            unit=self._third(n),
            duty="evidence",
            asked_by="bench",
            asked_at=asked,
            due_at=asked + timedelta(days=2),
        )
        return row.model_dump()

    def _tallies(self) -> Iterator[Row]:
        for month in range(1, 12):
            for unit in self.units:
                for measure in MEASURES:
                    yield {
                        "month": f"2026-{month:02d}",
                        "unit": unit,
                        "street": self.streets[month % len(self.streets)],
                        "measure": measure,
                        "n": 1,
                    }

    def _holders(self, n: int) -> tuple[str, str]:
        """Who held it first, and who holds it now."""
        return self.units[n % UNITS], self.units[(n + 20) % UNITS]

    def _third(self, n: int) -> str:
        """Who is asked to take it or to help."""
        return self.units[(n + 40) % UNITS]

    def _parties(self, n: int) -> tuple[str, ...]:
        asked = _is_offered(n) or _is_assisted(n)
        return (*self._holders(n), self._third(n)) if asked else self._holders(n)


def place_of(n: int) -> Point:
    """Where case `n` lies."""
    return Point(round(114.0 + (n * 7919 % 30_000) / 1e5, 6), round(22.5 + (n % 30_000) / 1e5, 6))


def _opened(n: int) -> datetime:
    # A small ledger has cases of every age, as the large one has
    return NOW - timedelta(minutes=5 * (n * 7919 % 100_000))


def _state(n: int) -> State:
    # Adjudications need rows of their own and are left out: their queue is short in any ledger.
    found = STATES[(n * 37) % len(STATES)]
    return State.HELD if found is State.ADJUDICATION else found


def _is_offered(n: int) -> bool:
    return _state(n) is State.HANDED_OVER


def _is_assisted(n: int) -> bool:
    return n % 20 == 0


def _add(connection: Connection, row: type[Any], rows: list[Row]) -> None:
    if rows:
        connection.execute(insert(row), rows)
