"""What the pictures of the ledger show: the demo's week of cases, and a joint inspection of 2008.

The week is the one that `seamless serve --demo` tells; the inspection is done over HTTP as people
do it, at times that are set. So the same program gives the same pictures, but for the checksums on
the page of the audit.
"""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask

from enforcement.demo_cases import seed_demo_cases
from tools.demo_desk import Client, Clock, ledger_desk
from web.app import app_of
from web.desk import Desk
from web.opening import ledger_of

THEN = datetime(2008, 11, 5, 1, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
"""9:30 in the district, the day on which the pictures are taken."""

DISPUTED, RETURNED = 7, 11
"""The cases of the demo's week before a ruling, and that came back from whom it was offered to."""
STOPS = tuple(f"D{n:03}" for n in range(1, 9))
MARKET = 5
"""The stop that is a market with slaughter: two stages, two leads."""


class Hands:
    """Demo people at work on one desk; each logs in when first needed."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._there: dict[str, Client] = {}
        self._sent = 0

    def __call__(self, account: str, address: str, page: str = "", /, **form: object) -> str:
        """Send a form that is shown at `page`, else at the address itself; gives where it leads.

        Raises Unexpected with what the page says when the form is not taken.
        """
        if account not in self._there:
            self._there[account] = Client(self._app, account)
        self._sent += 1
        key = f"{self._sent:032x}"
        return self._there[account].done(address, form, page=page or None, key=key)


def week_of_cases(desk: Desk) -> Flask:
    """A served demo on a Friday, with the week that it starts with."""
    clock = Clock(MORNING)
    desk = ledger_desk(desk, desk.settings.data / "week", clock)
    seed_demo_cases(ledger_of(desk), desk.district, clock())
    return app_of(desk)


def joint_visit(desk: Desk) -> Flask:
    """A served day of 2008: a joint inspection is planned, confirmed, and at two of its stops."""
    clock = Clock(THEN)
    app = app_of(ledger_desk(desk, desk.settings.data / "visit", clock))
    do = Hands(app)
    lead, other = "handler.health", "handler.aic.2008"
    plan = {"do": "plan", "title": "节前食品联合检查", "on": "2008-11-05", "site": list(STOPS)}
    visit = do(lead, "/visits/new", **plan)
    do(lead, f"{visit}/notices", visit)
    clock.on(minutes=30)
    do(other, f"{visit}/confirm", visit, answer="两名执法人员参加")
    clock.on(minutes=40)
    do(lead, f"{visit}/stops/1", second=other)
    clock.on(minutes=50)
    market = f"{visit}/stops/{MARKET}"
    do(lead, market, second=other)
    do(lead, f"{market}/found", market, stage="slaughter", says="现场宰杀活禽，没有屠宰许可")
    return app
