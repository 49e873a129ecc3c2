"""The schematic district with demo people, a clock that is set, and clients that log in.

For whatever works through the pages as people do: tests, pictures, measurements.
"""

from __future__ import annotations

import html
import re
import threading
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import waitress
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from enforcement.demo_people import DEMO_PASSWORD
from web.app import app_of
from web.desk import Desk, Kept
from web.settings import Settings

MORNING = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
"""2026-11-20, 10:00 in the district: a Friday."""


@dataclass
class Clock:
    """What time it is for a desk; who holds the clock moves it."""

    at: datetime = MORNING

    def __call__(self) -> datetime:
        """The time."""
        return self.at

    def day(self) -> date:
        """The day in the district."""
        return (self.at + timedelta(hours=8)).date()

    def on(self, **how: float) -> None:
        """Move it on by so many days or hours."""
        self.at += timedelta(**how)


def ledger_desk(like: Desk, folder: Path, clock: Clock, url: str = "") -> Desk:
    """A desk like another, with its own empty ledger, demo people and clock.

    The ledger is the one at `url`, or a file in the folder.
    """
    url = url or f"sqlite:///{folder / 'ledger.db'}"
    settings = Settings(data=folder, database_url=url, demo=True)
    zone = like.settings.timezone
    return replace(
        like,
        settings=replace(settings, timezone=zone),
        kept=Kept(settings, schematic=True),
        today=clock.day,
        now=clock,
    )


class Unexpected(AssertionError):
    """A page answered otherwise than the one who asked it counted on."""


class Client:
    """One person's browser without a browser: keeps cookies, sends tokens and keys."""

    def __init__(self, app: Flask, account: str, password: str = DEMO_PASSWORD) -> None:
        self.account = account
        self.http: FlaskClient = app.test_client()
        answer = self.post("/login", {"name": account, "password": password}, page="/login")
        _check(answer, 303, "/login")

    def get(self, address: str) -> TestResponse:
        """A page."""
        return self.http.get(address)

    def text(self, address: str) -> str:
        """A page's text, which must be there, without its marks."""
        answer = self.get(address)
        _check(answer, 200, address)
        return plain(answer)

    def post(
        self,
        address: str,
        form: Mapping[str, object],
        *,
        page: str | None = None,
        key: str | None = None,
    ) -> TestResponse:
        """Send a form with the token of `page` (the address itself when not given)."""
        shown = self.http.get(page or address).get_data(as_text=True)
        token = re.search(r'name="csrf_token" value="([^"]+)"', shown)
        if token is None:
            raise Unexpected(f"no form at {page or address}")
        data = {"csrf_token": token[1], "key": key or uuid.uuid4().hex, **form}
        return self.http.post(address, data=data)

    def done(self, address: str, form: Mapping[str, object], **how: str | None) -> str:
        """Send a form that must be taken; gives where it leads."""
        answer = self.post(address, form, **how)
        _check(answer, 303, address)
        return str(answer.headers["Location"])


def _check(answer: TestResponse, status: int, address: str) -> None:
    if answer.status_code != status:
        raise Unexpected(f"{address}: {answer.status_code} {plain(answer)}")


def plain(answer: TestResponse) -> str:
    """What a page says, without its marks and scripts."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", answer.get_data(as_text=True), flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))


def app_for(desk: Desk) -> Flask:
    """The application of a desk."""
    return app_of(desk)


@contextmanager
def running(app: Flask) -> Iterator[str]:
    """The address of a server that answers from this application until the block ends."""
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=8)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.close()
        thread.join(5)
