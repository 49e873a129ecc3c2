"""The server is killed in the middle of writing: what it acknowledged is there, and nothing twice.

Six officers file and hand over cases at once, the market regulator takes them, all over HTTP with
their own cookies, tokens and keys. At a random moment the server is killed with SIGKILL. It is
started anew on the same database, what it had not acknowledged is sent again with the same keys,
and the work goes on. 10 kills always; 200 with `make long` (docs/ledger-kills.md has the result).
"""

from __future__ import annotations

import http.client
import random
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field

import pytest
from sqlalchemy import text

from enforcement.services.checking import check_store
from enforcement.store.engine import MODE, READ
from enforcement.store.migrate import open_store
from tests.web.http_people import Browser, Refused
from tests.web.installation import Installation, question
from tests.web.served import ROOT
from web.logs import FILE

RESULT = ROOT / "docs" / "ledger-kills.md"
STREETS = ("buji", "nanwan", "henggang", "bantian", "pinghu", "longcheng")
TAKER = "handler.amr"
LONGEST_LIFE_S = 0.5


@dataclass
class Sent:
    """One form that somebody sent; `to` once the server acknowledged it."""

    by: str
    address: str
    form: dict[str, str]
    key: str = field(default_factory=lambda: uuid.uuid4().hex)
    to: str | None = None


class Writer:
    """An officer who files and hands over, and the regulator who takes; remembers what was sent."""

    def __init__(self, officer: Browser, taker: Browser, seed: int) -> None:
        self.people = {officer.account: officer, taker.account: taker}
        self.sent: list[Sent] = []
        self.again = 0
        self._officer, self._taker = officer.account, taker.account
        self._n = seed

    def work(self, begun: threading.Event) -> None:
        """Send first what was not acknowledged, then go on, until the server is gone."""
        try:
            if self.sent and self.sent[-1].to is None:
                self._send(self.sent[-1])
                self.again += 1
            while True:
                self._send(self._next())
                begun.set()
        except (OSError, http.client.HTTPException):
            return

    def _next(self) -> Sent:
        """Filing, handing over, taking, in turn; each case goes on from its last act."""
        last = self.sent[-1] if self.sent else None
        if last is None or last.address.endswith("/accept"):
            self._n += 7
            form = {"description": f"过期肉 {uuid.uuid4().hex}"}
            made = Sent(self._officer, question(self._n), form)
        elif last.address.endswith("/hand_over"):
            address = last.address.replace("hand_over", "accept")
            made = Sent(self._taker, address, {"officer": self._taker})
        else:
            form = {"to": "amr", "reason": "餐饮环节无证"}
            made = Sent(self._officer, f"{last.to}/hand_over", form)
        self.sent.append(made)
        return made

    def _send(self, what: Sent) -> None:
        what.to = self.people[what.by].send(what.address, what.form, key=what.key)


def run(writers: list[Writer], begun: threading.Event) -> tuple[list[threading.Thread], list[str]]:
    """All writers at work, each in a thread, and what they were refused."""
    refused: list[str] = []

    def work(writer: Writer) -> None:
        try:
            writer.work(begun)
        except Refused as error:
            refused.append(str(error))

    threads = [threading.Thread(target=work, args=(one,)) for one in writers]
    for thread in threads:
        thread.start()
    return threads, refused


def kill_and_look(there: Installation, kills: int) -> tuple[list[Sent], int]:
    """Kill servers in the middle of writing; gives everything sent, and how much was sent again."""
    chance = random.Random(kills)
    port = there.start()
    writers = []
    for n, street in enumerate(STREETS):
        people = Browser(f"officer.{street}", port), Browser(TAKER, port)
        for one in people:
            one.log_in()
        writers.append(Writer(*people, seed=n))
    for kill in range(kills):
        begun = threading.Event()
        threads, refused = run(writers, begun)
        assert begun.wait(60), refused
        time.sleep(chance.uniform(0, LONGEST_LIFE_S))  # when the kill comes is what is random
        there.kill()
        for thread in threads:
            thread.join(60)
        assert refused == [], kill
        port = there.start()
        for writer in writers:
            for one in writer.people.values():
                one.port = port
    # The last of all that was not acknowledged
    for writer in writers:
        if writer.sent[-1].to is None:
            writer._send(writer.sent[-1])
            writer.again += 1
    there.kill()
    return [one for writer in writers for one in writer.sent], sum(one.again for one in writers)


def look(url: str, sent: list[Sent]) -> int:
    """Every form is in the ledger once, as it was acknowledged; gives how many events there are."""
    store = open_store(url)
    checked = check_store(store)
    assert checked.is_whole, checked
    with store.execution_options(**{MODE: READ}).connect() as connection:
        keys = connection.execute(
            text("SELECT key, action, seq FROM act_key WHERE action <> 'escalate'")
        ).all()
        texts = connection.execute(text("SELECT description, id FROM case_file")).all()
        events = connection.execute(
            text(
                "SELECT action, count(*) FROM ledger_event "
                "WHERE action IN ('file', 'hand_over', 'accept', 'denied') GROUP BY action"
            )
        ).all()
    store.dispose()
    assert {one.key for one in sent} == {row[0].partition(":")[2] for row in keys}
    assert len(keys) == len({row[2] for row in keys}) == len(sent), "a key or an event stands twice"
    assert dict(tuple(row) for row in events) == Counter(row[1] for row in keys)
    filed = {one.form["description"]: one.to for one in sent if "description" in one.form}
    assert Counter(row[0] for row in texts) == Counter(list(filed)), "a case was filed twice"
    assert {row[0]: f"/cases/{row[1]}" for row in texts} == filed
    return checked.events


def test_five_kills_of_the_server_lose_and_double_nothing(installation: Installation) -> None:
    there = installation
    sent, _ = kill_and_look(there, 5)
    look(there.url, sent)
    assert len(sent) >= 5 * len(STREETS)
    assert not (there.data / FILE).exists(), "the server met an error that nobody foresaw"


@pytest.mark.long
def test_a_hundred_kills_of_the_server_lose_and_double_nothing(
    installation: Installation,
) -> None:
    there = installation
    sent, again = kill_and_look(there, 100)
    events = look(there.url, sent)
    assert not (there.data / FILE).exists(), "the server met an error that nobody foresaw"
    name = "SQLite" if there.url.startswith("sqlite") else "PostgreSQL"
    lines = RESULT.read_text(encoding="utf-8").splitlines() if RESULT.exists() else []
    names = ("| SQLite ", "| PostgreSQL ")
    rows = [one for one in lines if one.startswith(names) and not one.startswith(f"| {name} ")]
    rows.append(
        f"| {name} | 100 | {len(sent):,} | {again:,} | {len(sent):,} | 0 | 0 | {events:,} | whole |"
    )
    RESULT.write_text(
        "# A server killed in the middle of writing\n\n"
        "Written by `tests/web/test_ledger_kills.py` (`make long`): six officers and a regulator "
        "work over HTTP; the server\nis killed with SIGKILL at random moments and started anew on "
        "the same database; what it had not acknowledged is\nsent again with the same keys.\n\n"
        "| database | kills | forms sent | sent again | acts in the ledger | lost | done twice "
        "| events | verify |\n|---|---|---|---|---|---|---|---|---|\n"
        + "\n".join(sorted(rows))
        + "\n",
        encoding="utf-8",
    )
