"""A served district answers many at once as one alone is answered, in steady memory."""

from __future__ import annotations

import http.client
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely

from geo.editions import Kind
from tests.web.http_people import Browser
from tests.web.served import ROOT, Served, serving
from web.api import asked
from web.desk import Desk
from web.errors import WebError, faults_of
from web.schemas import ResolveIn

THREADS = 8


def mixed_questions(desk: Desk, count: int) -> list[dict[str, Any]]:
    """Questions of every kind, good and bad, in every era, always the same ones."""
    chance = random.Random(7)
    book = desk.district.book
    matters = list(book.catalogue.matters.values())
    days = [date(2008, 11, 5), date(2009, 8, 1), date(2012, 3, 1), date(2026, 11, 20)]
    ground = shapely.union_all(
        [one.frame.union_all() for one in desk.district.atlas.editions if one.kind is Kind.STREET]
    )
    west, south, east, north = ground.bounds
    sites = [f"D{number:03}" for number in range(1, 201)]
    questions: list[dict[str, Any]] = []
    for _ in range(count):
        matter = chance.choice(matters)
        facts = {
            fact.name: chance.choice([*fact.values, "unknown"])
            for fact in matter.facts
            if chance.random() < 0.6
        }
        where: dict[str, Any] = {
            "at": {
                "lon": round(chance.uniform(west, east), 6),
                "lat": round(chance.uniform(south, north), 6),
            },
            "accuracy": chance.choice([5, 10, 30]),
        }
        kind = chance.random()
        if kind < 0.1:
            where = {"road": "S28", "stake": f"K{chance.randint(0, 20)}+{chance.randint(0, 9)}00"}
        elif kind < 0.2:
            where = {"area": chance.choice(["440307014", "440307003", "440307999"])}
        elif kind < 0.3:
            where = {"site": chance.choice(sites)}
        elif kind < 0.35:
            where["at"]["lon"] = 200.0
        questions.append(
            {"matter": matter.code, "facts": facts, "on": chance.choice(days).isoformat(), **where}
        )
    return questions


def expected(desk: Desk, question: dict[str, Any]) -> tuple[int, Any]:
    """What one alone is answered, in this process."""
    try:
        told = desk.answer(asked(ResolveIn.model_validate(question))).as_dict()
    except Exception as error:  # noqa: BLE001 - a refusal is an answer here
        return 422, [(one.field, one.zh, one.en) for one in faults_of(error)]
    return 200, json.loads(json.dumps(told))


class Asker(threading.Thread):
    """One client that asks its questions over one connection and keeps what was wrong."""

    def __init__(self, port: int, questions: list[tuple[bytes, tuple[int, Any]]]) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self._port = port
        self._questions = questions

    def run(self) -> None:
        """Ask them all."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        for body, (status, told) in self._questions:
            connection.request("POST", "/api/v1/resolve", body)
            answer = connection.getresponse()
            got = json.loads(answer.read())
            if answer.status == 422:
                got = [(one["field"], one["zh"], one["en"]) for one in got["errors"]]
            if (answer.status, got) != (status, told):
                self.wrong.append(f"{body!r}: {answer.status} {got} instead of {status} {told}")
        connection.close()


def ask_all(port: int, answered: list[tuple[bytes, tuple[int, Any]]], each: int) -> list[str]:
    """What was wrong when eight threads asked `each` questions, every thread in its own order."""
    chance = random.Random(11)
    askers = [Asker(port, chance.choices(answered, k=each)) for _ in range(THREADS)]
    for one in askers:
        one.start()
    for one in askers:
        one.join()
    return [wrong for one in askers for wrong in one.wrong]


@pytest.fixture(scope="session")
def answered(longgang: Desk) -> list[tuple[bytes, tuple[int, Any]]]:
    """Mixed questions with what one alone is answered."""
    questions = mixed_questions(longgang, 600)
    pairs = [(json.dumps(one).encode(), expected(longgang, one)) for one in questions]
    assert {status for _, (status, _) in pairs} == {200, 422}
    return pairs


def test_eight_at_once_are_answered_as_one_alone(
    served: Served, answered: list[tuple[bytes, tuple[int, Any]]]
) -> None:
    assert ask_all(served.port, answered, 500) == []


@pytest.mark.long
def test_forty_thousand_answers_are_right_and_memory_stays(
    longgang: Desk, answered: list[tuple[bytes, tuple[int, Any]]]
) -> None:
    with serving(longgang.settings.data) as fresh:
        assert ask_all(fresh.port, answered, 625) == []
        after_5000 = fresh.memory_mb()
        assert ask_all(fresh.port, answered, 4375) == []
        after_40000 = fresh.memory_mb()
    assert after_40000 <= 1.05 * after_5000, (after_5000, after_40000)


def raw(port: int, request: bytes) -> bytes:
    """What the server sends for bytes that no client library would send."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        told = b""
        while piece := connection.recv(65536):
            told += piece
    return told


def test_the_server_does_not_say_what_it_is(served: Served) -> None:
    head = raw(served.port, b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    assert b"\r\nserver:" not in head.lower()
    assert b"waitress" not in raw(served.port, b"NONSENSE\r\n\r\n").lower()
    assert (
        b"waitress" not in raw(served.port, b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n").lower()
    )


@pytest.mark.parametrize(
    "request_",
    [
        b"POST /api/v1/resolve HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n",
        b"POST /api/v1/resolve HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET /%00%ff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"\x00\x01\x02\r\n\r\n",
    ],
)
def test_a_broken_request_is_refused_and_the_server_lives(served: Served, request_: bytes) -> None:
    assert b" 200 " not in raw(served.port, request_)[:20]
    assert b" 200 " in raw(served.port, b"GET /healthz HTTP/1.0\r\n\r\n")[:20]


def test_a_server_that_is_stopped_ends_the_answers_that_it_began(longgang: Desk) -> None:
    body = json.dumps(mixed_questions(longgang, 1)[0]).encode()
    head = b"POST /api/v1/resolve HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body)
    with serving(longgang.settings.data) as running:
        connections = [socket.create_connection(("127.0.0.1", running.port)) for _ in range(40)]
        for connection in connections:
            connection.sendall(head + body)
        first = connections[0].recv(65536)  # so that the server has begun
        running.stop()
        told = [first, *(connection.recv(65536) for connection in connections[1:])]
        for connection in connections:
            connection.close()
    assert all(one.startswith(b"HTTP/1.1 ") for one in told)


def test_a_demo_starts_with_cases_in_the_inboxes(longgang: Desk, tmp_path: Path) -> None:
    shutil.copytree(longgang.settings.data / "tables", tmp_path / "tables")
    with serving(tmp_path, "--demo") as running:
        handler = Browser("handler.amr", running.port)
        handler.log_in()
        inbox = handler.read("/inbox")
    assert "样板面馆（虚构）" in inbox, "nothing is offered to it"
    assert "饭堂冷柜里有过期肉（虚构）" in inbox, "it holds nothing"


def test_a_port_that_is_taken_is_refused_with_a_sentence(longgang: Desk, served: Served) -> None:
    command = [sys.executable, "-c", "from web.cli import main; main()", "serve", "--port"]
    done = subprocess.run(
        [*command, str(served.port)],
        env=os.environ | {"SEAMLESS_DATA": str(longgang.settings.data), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert f"127.0.0.1:{served.port}" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_command_ends_quietly_when_nobody_reads_on(longgang: Desk) -> None:
    command = f"{sys.executable} -c 'from web.cli import main; main()' sites list | head -1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        env=os.environ | {"SEAMLESS_DATA": str(longgang.settings.data), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("D001")


def test_an_error_of_the_web_is_told_by_its_own_fields() -> None:
    (fault,) = faults_of(WebError(field="x", zh="甲", en="a"))
    assert (fault.field, fault.zh, fault.en) == ("x", "甲", "a")
