"""Desks of the toy district and of the schematic one, and an HTTP client."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from enforcement.demo_people import demo_people
from enforcement.ledger_events import Order
from enforcement.policies import Actor
from enforcement.services.people import seed_demo_accounts
from enforcement.store.migrate import open_store
from tests.enforcement import toy
from tests.web.installation import Installation
from tests.web.served import Served, serving
from tools.demo_desk import Client, Clock, app_for, ledger_desk
from web.app import app_of
from web.desk import Desk, Kept, open_desk
from web.settings import Settings


@pytest.fixture(scope="session")
def toy_desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The toy district on 2008-11-05, with an empty store."""
    folder = tmp_path_factory.mktemp("desk")
    settings = Settings(data=folder, database_url=f"sqlite:///{folder / 'seamless.db'}")
    return Desk(
        settings=settings,
        district=toy.district(folder),
        kept=Kept(settings),
        today=lambda: toy.DAY,
    )


@pytest.fixture(scope="session")
def client(toy_desk: Desk) -> FlaskClient:
    """A client of the application that answers from the toy desk."""
    return app_of(toy_desk).test_client()


@pytest.fixture(scope="session")
def longgang(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The schematic district as a new installation has it, its tables built once a session."""
    folder = tmp_path_factory.mktemp("longgang")
    return open_desk(
        Settings(data=folder, database_url=f"sqlite:///{folder / 'seamless.db'}"),
        today=lambda: date(2026, 11, 20),
    )


@pytest.fixture(scope="session")
def served(longgang: Desk) -> Iterator[Served]:
    """The schematic district, served."""
    with serving(longgang.settings.data) as running:
        yield running


LogIn = Callable[[str], Client]


@pytest.fixture
def clock() -> Clock:
    """The clock of `casework`: 2026-11-20, 10:00, until the test moves it."""
    return Clock()


@pytest.fixture
def casework(longgang: Desk, clock: Clock, tmp_path: Path) -> Desk:
    """The schematic district with demo people and an empty ledger of its own."""
    return ledger_desk(longgang, tmp_path, clock)


@pytest.fixture
def log_in(casework: Desk) -> LogIn:
    """Logs in to `casework` as a demo person."""
    app = app_for(casework)
    return lambda account: Client(app, account)


@pytest.fixture(params=["SQLite", pytest.param("PostgreSQL", marks=pytest.mark.postgres)])
def installation(
    request: pytest.FixtureRequest, longgang: Desk, tmp_path: Path
) -> Iterator[Installation]:
    """An installation with people and no cases, whose decision tables are built already."""
    data = tmp_path / "data"
    shutil.copytree(longgang.settings.data / "tables", data / "tables")
    if request.param == "SQLite":
        url = f"sqlite:///{data / 'seamless.db'}"
    else:
        url = request.getfixturevalue("fresh_postgres_url")
    # With an event in it, the ledger is not filled with the demo's week
    store = open_store(url)
    demo = Order(Actor("demo", None, frozenset()), Clock().at, "people")
    seed_demo_accounts(store, demo, demo_people(), registry=longgang.district.registry)
    store.dispose()
    made = Installation(data, url)
    yield made
    made.end()
