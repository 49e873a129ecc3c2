"""A desk of the toy district, and an HTTP client on it."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.enforcement import toy
from web.app import app_of
from web.desk import Desk, Kept
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
