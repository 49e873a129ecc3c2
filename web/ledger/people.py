"""Who is at the page: sessions that outlive a restart, tokens for forms, and limits on tries.

A session is a signed cookie. It names an account and the stamp of its password, so that a closed
account or a new password ends every session at the next page.
"""

from __future__ import annotations

import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Final

from flask import Flask, request
from flask_limiter import Limiter
from flask_login import LoginManager, current_user
from flask_wtf.csrf import CSRFProtect

from enforcement.policies import Actor
from enforcement.services.people import Account, find_account
from web.desk import Desk

SHIFT: Final = timedelta(hours=12)
"""How long a session lasts after the last page: a shift."""
LOGINS: Final = "60 per minute"
"""Tries to log in from one address; an account is locked much sooner, by itself."""
WRITES: Final = "240 per minute"
"""Acts of one account."""
_KEY_FILE: Final = Path("session.key")
_KEY_BYTES: Final = 32


class Person:
    """Somebody who is logged in, as Flask-Login takes one."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, account: Account) -> None:
        self.account = account

    @property
    def actor(self) -> Actor:
        """Who they are for policies."""
        return self.account.actor

    def get_id(self) -> str:
        """What the session keeps: the account and the stamp of its password."""
        return f"{self.account.stamp}:{self.account.actor.id}"


class Doors:
    """What lets people in and keeps forms honest, joined to one application."""

    def __init__(self, app: Flask, desk: Desk) -> None:
        self._desk = desk
        app.config |= {
            "SECRET_KEY": kept_key(desk.settings.data),
            "SESSION_COOKIE_NAME": "seamless",
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_SECURE": desk.settings.https,
            "PERMANENT_SESSION_LIFETIME": SHIFT,
            "WTF_CSRF_CHECK_DEFAULT": False,  # the ledger's pages ask for it themselves
            "WTF_CSRF_TIME_LIMIT": None,  # a token lives as long as its session
        }
        self.csrf = CSRFProtect(app)
        self.limiter = Limiter(
            request_address, app=app, storage_uri="memory://", headers_enabled=False
        )
        manager = LoginManager(app)
        manager.session_protection = None  # a tablet changes its address while it is carried
        manager.user_loader(self._person)

    def _person(self, kept: str) -> Person | None:
        stamp, _, account_id = kept.partition(":")
        account = find_account(self._desk.kept.store, account_id)
        if account is None or not secrets.compare_digest(account.stamp, stamp):
            return None
        if account.demo and not self._desk.settings.demo:
            return None
        return Person(account)


def person() -> Person | None:
    """Who is logged in, or None."""
    return current_user._get_current_object() if current_user.is_authenticated else None  # noqa: SLF001 - the documented way to the object behind the proxy


def request_address() -> str:
    """Where a request comes from, for limits on who is not logged in."""
    return request.remote_addr or "unknown"


def request_account() -> str:
    """Whose act it is, for limits on acts."""
    found = person()
    return request_address() if found is None else found.actor.id


def kept_key(data: Path) -> bytes:
    """The key that signs sessions, made once for an installation and readable by it alone."""
    path = data / _KEY_FILE
    data.mkdir(parents=True, exist_ok=True)
    if not path.is_file():
        # Written beside and linked into place: two servers that start at once keep the same key
        new = path.with_suffix(f".{os.getpid()}.{secrets.token_hex(4)}")
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(_KEY_BYTES))
        try:
            os.link(new, path)
        except FileExistsError:
            pass
        finally:
            new.unlink()
    return path.read_bytes()
