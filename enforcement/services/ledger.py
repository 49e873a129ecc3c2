"""What every act in the ledger has in common: one transaction, one event, one key, one policy.

`act` opens the only transaction in which a case can be written. It answers a repeated key with
what came of the first, writes down a refusal by policy in a transaction of its own, and commits
the change together with its event or not at all.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from dataclasses import replace as replaced
from datetime import date
from pathlib import Path
from typing import Any

from enforcement.case_clock import Clock, day_of, started
from enforcement.cases import check_text
from enforcement.deadlines import WorkCalendar
from enforcement.ledger_errors import KeyReused, NoSuchRecord, NotAllowed
from enforcement.ledger_events import DENIED, Entry, Order
from enforcement.policies import Action, Parties, check_may
from enforcement.services.unowned import Watch
from enforcement.store.case_parts import assists_of, open_adjudication, open_handover
from enforcement.store.cases import CaseRow, case_by_id, id_of, parties_of
from enforcement.store.chain import (
    Transaction,
    append,
    done_before,
    keep_key,
    request_digest,
)
from enforcement.store.engine import Store, reading, writing
from enforcement.terms import Term, Terms
from enforcement.units import Registry
from rules.model import Deadline

Resolver = Callable[[Mapping[str, Any], Mapping[str, str], date], Mapping[str, Any]]
"""A frozen resolution, corrected facts and a day → the new resolution."""


@dataclass(frozen=True)
class Ledger:
    """The ledger of one district: its store and files, units, calendar, terms, and resolver.

    `settled` are the terms that the district's folder sets; `terms` dates them.
    """

    store: Store
    registry: Registry
    intake: str
    files: Path
    resolve_again: Resolver
    calendar: WorkCalendar = field(default_factory=WorkCalendar)
    settled: Terms = field(default_factory=Terms)
    deadlines: Mapping[str, Deadline] = field(default_factory=dict)
    police: tuple[str, ...] = ("psb",)
    watch: Watch = field(default_factory=Watch, init=False, compare=False, repr=False)

    def day(self, order: Order) -> date:
        """The day on which the order is given, in the district."""
        return day_of(order.at, self.settled)

    def terms(self, order: Order) -> Terms:
        """The terms in force when the order is given."""
        return self.settled.on(self.day(order), self.deadlines)

    def clock(self, term: Term, order: Order) -> Clock:
        """The limit that starts with the order."""
        return started(term, order.at, calendar=self.calendar, terms=self.settled)


@dataclass(frozen=True, slots=True)
class Done:
    """What came of an act: the numbers that it made, and its event. `again` for a repeated key."""

    result: Mapping[str, Any]
    seq: int
    again: bool = False

    @property
    def case_id(self) -> int:
        """The number of the case that was acted on."""
        return int(self.result["case"])


Doing = Callable[[Transaction], tuple[int, Mapping[str, Any]]]
"""Does the act; gives the number of its event and what came of it, in plain JSON."""


def act(
    ledger: Ledger, order: Order, action: Action, request: Mapping[str, Any], do: Doing
) -> Done:
    """Do the act once. Raises KeyReused for the key of another act, and what `do` raises.

    A refusal by policy is recorded, with who asked for what, before it is raised.
    """
    wanted = request_digest({"action": action.value, "actor": order.actor.id, **request})
    try:
        with writing(ledger.store) as session:
            before = done_before(session, order.key)
            if before is not None:
                if before.request != wanted:
                    raise KeyReused(
                        field="key",
                        zh="这个操作编号已用于另一次操作；请重新打开页面",
                        en="the key was used for another act; reload the page",
                    )
                return Done(json.loads(before.result), before.seq, again=True)
            seq, result = do(session)
            entry = Entry.of(order, action)
            keep_key(session, entry, request=wanted, result=result, seq=seq)
            return Done(result, seq)
    except NotAllowed as error:
        _deny(ledger, order, action, request.get("case"), error)
        raise


@dataclass(frozen=True, slots=True)
class OnCase:
    """An act on a case that is there: the case, who has to do with it, and the entry to write."""

    session: Transaction
    ledger: Ledger
    order: Order
    action: Action
    case: CaseRow
    parties: Parties

    @property
    def case_id(self) -> int:
        """The case's number."""
        return id_of(self.case)

    @property
    def terms(self) -> Terms:
        """The terms in force now."""
        return self.ledger.terms(self.order)

    @property
    def day(self) -> date:
        """The day in the district."""
        return self.ledger.day(self.order)

    def clock(self, term: Term) -> Clock:
        """The limit that starts now."""
        return self.ledger.clock(term, self.order)

    def entry(self, **body: object) -> Entry:
        """What the chain will say of the act."""
        return Entry.of(self.order, self.action, **body)


def act_on(
    ledger: Ledger,
    order: Order,
    action: Action,
    case_id: int,
    do: Callable[[OnCase], tuple[int, Mapping[str, Any]]],
    *,
    request: Mapping[str, Any],
) -> Done:
    """Do the act on a case; `do` adds what came of it to the case's number.

    Raises NoSuchRecord without such a case, and what `act` and `do` raise.
    """

    def doing(session: Transaction) -> tuple[int, Mapping[str, Any]]:
        case = found_case(session, case_id)
        on = OnCase(session, ledger, order, action, case, parties_in(session, case))
        seq, result = do(on)
        return seq, {"case": case_id, **result}

    return act(ledger, order, action, {"case": case_id, **request}, doing)


def found_case(session: Transaction, case_id: int) -> CaseRow:
    """The case. Raises NoSuchRecord."""
    case = case_by_id(session, case_id)
    if case is None:
        raise no_such("case", case_id, "案件", "case")
    return case


def no_such(where: str, what: object, zh: str, en: str) -> NoSuchRecord:
    """The error for something that is not there."""
    return NoSuchRecord(field=where, zh=f"没有{zh} {what}", en=f"there is no {en} {what}")


def parties_in(session: Transaction, case: CaseRow) -> Parties:
    """The units that have to do with the case now; who held it before, or was asked, is past."""
    case_id = id_of(case)
    offer = open_handover(session, case_id)
    dispute = open_adjudication(session, case_id)
    receiver = offer.to_unit if offer is not None else None
    if case.state == "ruled":
        receiver = case.holder
    past = parties_of(session, case_id)
    if dispute is not None:
        past |= frozenset(dispute.disputing)
    assists = frozenset(one.unit for one in assists_of(session, case_id))
    return Parties(case.holder, receiver, assists, past - assists)


def check_read(
    ledger: Ledger, order: Order, action: Action, parties: Parties, *, case: int | None = None
) -> None:
    """Raise NotAllowed, and record it, unless the actor may read this."""
    try:
        check_may(order.actor, action, parties)
    except NotAllowed as error:
        _deny(ledger, order, action, case, error)
        raise


def check_may_see(ledger: Ledger, order: Order, case_id: int) -> None:
    """Raise NoSuchRecord, or NotAllowed after recording it, unless the actor may see the case."""
    with reading(ledger.store) as session:
        parties = parties_in(session, found_case(session, case_id))
    check_read(ledger, order, Action.SEE_CASE, parties, case=case_id)


def entry_for(order: Order, action: Action, **body: object) -> Entry:
    """What the chain says of an act that is on no case."""
    return Entry.of(order, action, **body)


def checked_text(where: str, text: str, zh: str, en: str) -> str:
    """The text without its margins. Raises BadAct when there is none or too much."""
    check_text(where, text, zh, en)
    return text.strip()


def _deny(ledger: Ledger, order: Order, action: Action, case_id: object, error: NotAllowed) -> None:
    """Record a refusal; the change that it refused is gone with its own transaction."""
    body = {"wanted": action.value, "why": error.en}
    entry = replaced(Entry.of(order, action, **body), action=DENIED)
    with writing(ledger.store) as session:
        known = isinstance(case_id, int) and case_by_id(session, case_id) is not None
        append(session, entry, case_id=case_id if known and isinstance(case_id, int) else None)
