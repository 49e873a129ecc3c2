"""Opening the database, and the two kinds of transaction: one that reads, one that writes.

SQLite and PostgreSQL behave alike here. A writer waits until it is the only one (BEGIN IMMEDIATE;
an advisory lock), so that what it read still holds when it writes and nothing has to be retried.
A plain BEGIN loses updates: two readers cannot both become writers. A reader sees one moment,
waits for nobody and cannot write.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeAlias

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlmodel import Session

from enforcement.errors import BadDatabaseUrl, StoreUnavailable

Store: TypeAlias = Engine
"""An open database, as services are given it; their callers need not know SQLAlchemy."""

MODE: Final = "seamless_mode"
READ: Final = "read"
WRITE: Final = "write"
MIGRATE: Final = "migrate"

BUSY_MS: Final = 60_000
"""How long one waits for another writer; writers take milliseconds, an import some seconds."""

WRITER_LOCK: Final = 0x5EA31E55
"""The advisory lock of PostgreSQL that every writer takes; any number that nobody else uses."""

_POSTGRES: Final = ("postgresql", "postgres", "postgresql+psycopg")


def database_url(given: str | None, *, data: Path) -> URL:
    """The address of the store: `given`, else SQLite in the folder `data`.

    Takes sqlite:///FILE, and postgresql:// with or without +psycopg. Raises BadDatabaseUrl for
    anything else, and for SQLite in memory, which no second thread would see.
    """
    if not given:
        return URL.create("sqlite", database=str(data / "seamless.db"))
    try:
        url = make_url(given)
    except (ArgumentError, ValueError) as error:
        # The text may hold a password, so it is not repeated.
        raise _bad_url("不是数据库地址", "is no address of a database") from error
    if url.drivername in _POSTGRES:
        return url.set(drivername="postgresql+psycopg")
    if url.drivername != "sqlite":
        raise _bad_url(f"不支持 {url.drivername}", f"{url.drivername} is not supported")
    if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        raise _bad_url("没有写明 SQLite 文件", "names no file for SQLite")
    return url


def open_engine(url: URL | str) -> Store:
    """An engine on the database, which has answered once; a SQLite file is made if need be.

    Raises BadDatabaseUrl as `database_url` does, and StoreUnavailable when the file cannot be
    opened or the server not reached.
    """
    given = url.render_as_string(hide_password=False) if isinstance(url, URL) else url
    if not given:
        raise _bad_url("是空的", "is empty")
    address = database_url(given, data=Path())
    engine = _sqlite(address) if address.drivername == "sqlite" else _postgres(address)
    try:
        with engine.execution_options(**{MODE: READ}).connect() as connection:
            connection.exec_driver_sql("SELECT 1")
    except (DBAPIError, sqlite3.Error) as error:
        engine.dispose()
        raise _unavailable(engine, error) from error
    return engine


@contextmanager
def reading(store: Store) -> Iterator[Session]:
    """A session that sees the database as it is at its first query, and cannot change it.

    Raises StoreUnavailable when the database fails.
    """
    options: dict[str, Any] = {MODE: READ}
    if store.dialect.name == "postgresql":
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with _session(store, options) as session:
        yield session


@contextmanager
def writing(store: Store) -> Iterator[Session]:
    """A session that is the only writer; commits at the end, and keeps nothing after an error.

    Raises StoreUnavailable when the database fails or another writer does not end.
    """
    with _session(store, {MODE: WRITE}) as session:
        yield session


@contextmanager
def _session(engine: Engine, options: dict[str, Any]) -> Iterator[Session]:
    try:
        bound = engine.execution_options(**options)
        with Session(bound, expire_on_commit=False) as session, session.begin():
            yield session
    except OperationalError as error:
        raise _unavailable(engine, error) from error


def _sqlite(url: URL) -> Engine:
    path = Path(url.database or "")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnavailable(
            field="DATABASE_URL",
            zh=f"无法创建文件夹 {path.parent}：{error.strerror}",
            en=f"the folder {path.parent} cannot be made: {error.strerror}",
        ) from error
    engine = create_engine(url, pool_size=20, connect_args={"timeout": BUSY_MS / 1000})

    @event.listens_for(engine, "connect")
    def _connected(connection: sqlite3.Connection, _record: object) -> None:
        # The driver must not begin transactions of its own: it would say BEGIN, and late.
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout = {BUSY_MS}",
            "journal_mode = WAL",
            # A case that was acknowledged must be there after a power cut.
            "synchronous = FULL",
            "foreign_keys = ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _began(connection: Connection) -> None:
        mode = connection.get_execution_options().get(MODE, WRITE)
        if mode == MIGRATE:
            # Changing a table means making it anew, and dropping the old one must not cascade.
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql(f"PRAGMA query_only = {int(mode == READ)}")
        connection.exec_driver_sql("BEGIN" if mode == READ else "BEGIN IMMEDIATE")

    return engine


def _postgres(url: URL) -> Engine:
    engine = create_engine(url, pool_size=20, pool_pre_ping=True)

    @event.listens_for(engine, "begin")
    def _began(connection: Connection) -> None:
        if connection.get_execution_options().get(MODE, WRITE) != READ:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITER_LOCK})")

    return engine


def _bad_url(zh: str, en: str) -> BadDatabaseUrl:
    return BadDatabaseUrl(
        field="DATABASE_URL",
        zh=f"{zh}；写成 sqlite:////路径/seamless.db 或 postgresql://用户@主机/数据库",
        en=f"{en}; write sqlite:////path/seamless.db or postgresql://user@host/database",
    )


def _unavailable(engine: Engine, error: Exception) -> StoreUnavailable:
    where = engine.url.render_as_string(hide_password=True)
    why = str(error.orig if isinstance(error, DBAPIError) else error).strip()
    return StoreUnavailable(
        field="DATABASE_URL",
        zh=f"数据库 {where} 无法使用：{why}",
        en=f"the database {where} cannot be used: {why}",
    )
