"""Logging in and out, and who one is here."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import Blueprint, Response, request, session, url_for
from flask_login import login_user, logout_user

from enforcement.demo_people import DEMO_PASSWORD, demo_people
from enforcement.ledger_errors import BadLogin, LockedOut
from enforcement.ledger_events import Order
from enforcement.policies import Actor
from enforcement.services.people import Account, find_account, log_in, seed_demo_accounts
from web.errors import faults_of, meaning_of
from web.ledger.core import Core
from web.ledger.people import LOGINS, Doors, Person
from web.officer.origin import local

LONGEST_PASSWORD = 200


class Entrance:
    """The pages of logging in and out."""

    def __init__(self, core: Core, doors: Doors) -> None:
        self._core = core
        self._doors = doors
        if core.desk.settings.demo:
            seed_demo_accounts(
                core.desk.kept.store,
                Order(Actor("demo", None, frozenset()), datetime.now(UTC), uuid.uuid4().hex),
                demo_people(),
                registry=core.desk.district.registry,
            )

    def register(self, pages: Blueprint) -> None:
        """Add the pages."""
        limited = self._doors.limiter.limit(LOGINS, methods=["POST"])
        pages.add_url_rule("/login", "login", limited(self.login), methods=["GET", "POST"])
        pages.add_url_rule("/logout", "logout", self.logout, methods=["POST"])

    def login(self) -> Response:
        """The form, and letting in who has the right password."""
        onwards = local(request.values.get("next", "") or url_for("ledger.home"))
        if request.method == "GET":
            return self._form(onwards)
        name = request.form.get("name", "").strip()[:64]
        password = request.form.get("password", "")[: LONGEST_PASSWORD + 1]
        core = self._core
        try:
            account = self._let_in(name, password)
        except (BadLogin, LockedOut) as error:
            return self._form(
                onwards,
                name=name,
                faults=core.said(faults_of(error)),
                status=meaning_of(error).status,
            )
        session.clear()  # whoever prepared this session for somebody else gains nothing
        session.permanent = True
        login_user(Person(account))
        return core.to(onwards)

    def _let_in(self, name: str, password: str) -> Account:
        store = self._core.desk.kept.store
        log_in(store, name, password, at=self._core.desk.now())
        account = find_account(store, name)
        if account is None or (account.demo and not self._core.desk.settings.demo):
            raise BadLogin(
                field="password",
                zh="演示账号只能在演示服务上使用",
                en="a demo account works on a demo server alone",
            )
        return account

    def logout(self) -> Response:
        """End the session."""
        logout_user()
        session.clear()
        return self._core.to(url_for("ledger.login"))

    def _there(self, unit: str) -> bool:
        """Whether the district has this unit today."""
        found = self._core.desk.district.registry.units.get(unit)
        return found is not None and found.period.covers(self._core.today)

    def _form(
        self, onwards: str, *, name: str = "", faults: list[str] | None = None, status: int = 200
    ) -> Response:
        core = self._core
        shown_people = (
            [
                {
                    "id": one.id,
                    "name": core.called(one.name),
                    "unit": core.unit(one.unit),
                    "posts": core.say("comma").join(core.posts(one.posts)),
                }
                for one in demo_people()
                if one.unit is None or self._there(one.unit)
            ]
            if core.desk.settings.demo
            else []
        )
        return core.page(
            "login.html",
            status,
            onwards=onwards,
            name=name,
            faults=faults or [],
            people=shown_people,
            demo_password=DEMO_PASSWORD if core.desk.settings.demo else "",
        )
