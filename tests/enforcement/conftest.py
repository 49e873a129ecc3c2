"""What tests of the store share: an empty database of each kind, brought up to date."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from enforcement.store.engine import Store
from enforcement.store.migrate import open_store


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without tables: the same test runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store' / 'seamless.db'}"
    url: str = request.getfixturevalue("fresh_postgres_url")
    return url


@pytest.fixture
def store(empty_database_url: str) -> Iterator[Store]:
    """An empty store on each kind of database."""
    opened = open_store(empty_database_url)
    yield opened
    opened.dispose()
