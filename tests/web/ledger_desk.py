"""The schematic district with demo people and a clock that tests set, and a client that logs in."""

from __future__ import annotations

import html
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

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
    """What time it is for a desk; a test moves it."""

    at: datetime = MORNING

    def __call__(self) -> datetime:
        return self.at

    def day(self) -> date:
        """The day in the district."""
        return (self.at + timedelta(hours=8)).date()

    def on(self, **how: float) -> None:
        """Move it on by so many days, hours …"""
        self.at += timedelta(**how)


def ledger_desk(like: Desk, folder: Path, clock: Clock) -> Desk:
    """A desk like another, with its own empty ledger, demo people and clock."""
    settings = Settings(data=folder, database_url=f"sqlite:///{folder / 'ledger.db'}", demo=True)
    zone = like.settings.timezone
    return replace(
        like,
        settings=replace(settings, timezone=zone),
        kept=Kept(settings, schematic=True),
        today=clock.day,
        now=clock,
    )


class Client:
    """One person's browser without a browser: keeps cookies, sends tokens and keys."""

    def __init__(self, app: Flask, account: str, password: str = DEMO_PASSWORD) -> None:
        self.account = account
        self.http: FlaskClient = app.test_client()
        answer = self.post("/login", {"name": account, "password": password}, page="/login")
        assert answer.status_code == 303, answer.get_data(as_text=True)

    def get(self, address: str) -> TestResponse:
        """A page."""
        return self.http.get(address)

    def text(self, address: str) -> str:
        """A page's text, which must be there, without its marks."""
        answer = self.get(address)
        assert answer.status_code == 200, (address, answer.status_code, plain(answer))
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
        assert token is not None, f"no form at {page or address}"
        data = {"csrf_token": token[1], "key": key or uuid.uuid4().hex, **form}
        return self.http.post(address, data=data)

    def done(self, address: str, form: Mapping[str, object], **how: str | None) -> str:
        """Send a form that must be taken; gives where it leads."""
        answer = self.post(address, form, **how)
        assert answer.status_code == 303, (address, answer.status_code, plain(answer))
        return str(answer.headers["Location"])


def plain(answer: TestResponse) -> str:
    """What a page says, without its marks and scripts."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", answer.get_data(as_text=True), flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))


def app_for(desk: Desk) -> Flask:
    """The application of a desk."""
    return app_of(desk)
