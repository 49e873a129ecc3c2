"""Bringing a database up to date, in one transaction: it is migrated whole or not at all.

Each migration is a file in `migrations/versions`; `python -m tools.migration "what it does"`
drafts the next one from the difference between the tables and the newest migration.
"""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from enforcement.errors import StoreNotCurrent, StoreUnavailable
from enforcement.store.engine import MIGRATE, MODE, READ, Store, open_engine

SCRIPTS: Final = Path(__file__).parent / "migrations"


def open_store(url: str) -> Store:
    """A database that is up to date; see `open_engine` and `upgrade_to_head`."""
    store = open_engine(url)
    upgrade_to_head(store)
    return store


def revision(store: Store) -> str | None:
    """The newest migration that the database has had, or None for a new one."""
    with store.execution_options(**{MODE: READ}).connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade_to_head(store: Store) -> None:
    """Make all tables what this program needs them to be; does nothing when they are.

    Several processes may call it at once. Raises StoreNotCurrent when a newer program than this
    one has been at the database, and StoreUnavailable when the database fails.
    """
    scripts = ScriptDirectory(str(SCRIPTS))
    known = {script.revision for script in scripts.walk_revisions()}
    try:
        has = revision(store)
        if has == scripts.get_current_head():
            return
        if has is not None and has not in known:
            raise StoreNotCurrent(
                field="DATABASE_URL",
                zh=f"数据库版本 {has} 比本程序新；请升级程序，或换一个数据库",
                en=f"the database is at {has}, newer than this program; upgrade the program, or "
                "name another database",
            )
        migrate(store, "head")
    except DBAPIError as error:
        raise StoreUnavailable(
            field="DATABASE_URL",
            zh=f"数据库无法升级：{error.orig}",
            en=f"the database cannot be brought up to date: {error.orig}",
        ) from error


def migrate(store: Store, to: str) -> None:
    """Take the database up or down to a migration: its id, `head`, or `base` for no tables."""
    with store.execution_options(**{MODE: MIGRATE}).connect() as connection:
        # SQLite's foreign keys are off in this connection: it must not go back to the pool.
        connection.detach()
        with connection.begin():
            config = Config(attributes={"connection": connection})
            config.set_main_option("script_location", str(SCRIPTS))
            has = MigrationContext.configure(connection).get_current_revision()
            if to == "base" or (has is not None and _is_behind(config, to, has)):
                command.downgrade(config, to)
            else:
                command.upgrade(config, to)
            _check_references(connection)


def _is_behind(config: Config, to: str, has: str) -> bool:
    """Whether `to` lies before the migration that the database has."""
    if to == "head":
        return False
    earlier = ScriptDirectory.from_config(config).iterate_revisions(has, "base")
    return to in {script.revision for script in earlier}


def _check_references(connection: Connection) -> None:
    """No migration may leave a row that refers to a missing one; PostgreSQL checks by itself."""
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise AssertionError(f"the migration breaks references: {broken[:5]}")
