"""What the store promises on SQLite and on PostgreSQL alike."""

import shutil
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from enforcement.errors import BadDatabaseUrl, StoreNotCurrent, StoreUnavailable
from enforcement.store.base import UtcDateTime
from enforcement.store.engine import Store, database_url, open_engine, reading, writing
from enforcement.store.migrate import SCRIPTS, migrate, open_store, revision, upgrade_to_head
from enforcement.store.sites import SiteImportRow, SiteRow, imports
from enforcement.store.tables import METADATA
from tools.migration import draft

NOON = datetime(2008, 11, 5, 12, tzinfo=timezone(timedelta(hours=8)))


def record(at: datetime = NOON, added: int = 0) -> SiteImportRow:
    return SiteImportRow(
        at=at, by="ana", source="x", sha256="0" * 64, added=added, changed=0, unchanged=0
    )


def tables(store: Store) -> set[str]:
    with reading(store) as session:
        return set(inspect(session.connection()).get_table_names()) - {"alembic_version"}


def test_the_migrations_make_exactly_the_tables_in_code(store: Store) -> None:
    with reading(store) as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_migrations_go_up_and_down_again(store: Store) -> None:
    newest = revision(store)
    migrate(store, "base")
    assert tables(store) == set()
    assert revision(store) is None
    migrate(store, "head")
    assert tables(store) == set(METADATA.tables)
    assert revision(store) == newest


def test_a_migration_that_the_database_has_had_leads_back_to_it(store: Store) -> None:
    migrate(store, "0001")
    assert revision(store) == "0001"
    migrate(store, "head")
    assert tables(store) == set(METADATA.tables)


def test_the_next_migration_is_drafted_from_the_tables_in_code(tmp_path: Path) -> None:
    scripts = tmp_path / "migrations"
    (scripts / "versions").mkdir(parents=True)
    for name in ("env.py", "script.py.mako"):
        shutil.copy(SCRIPTS / name, scripts)
    draft("Keep all there is.", scripts)
    (written,) = (scripts / "versions").glob("*.py")
    code = written.read_text()
    assert written.name == "v0001_keep_all_there_is.py"
    assert all(f'create_table("{name}"' in code.replace("'", '"') for name in METADATA.tables)
    assert "sqlmodel" not in code
    draft("Change nothing.", scripts)
    assert '= "0001"' in (scripts / "versions" / "v0002_change_nothing.py").read_text()


def test_bringing_up_to_date_keeps_what_is_there(store: Store) -> None:
    with writing(store) as session:
        session.add(record())
    upgrade_to_head(store)
    with reading(store) as session:
        assert len(imports(session)) == 1


def test_a_new_database_may_be_opened_by_many_at_once(empty_database_url: str) -> None:
    start = threading.Barrier(6)

    def opened(_: int) -> str | None:
        start.wait()
        store = open_store(empty_database_url)
        found = revision(store)
        store.dispose()
        return found

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(opened, range(6)))) == 1


def test_a_database_of_a_newer_program_is_refused(store: Store) -> None:
    with writing(store) as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreNotCurrent, match="9999"):
        upgrade_to_head(store)


def test_tables_that_nobody_recorded_are_not_touched(store: Store) -> None:
    with writing(store) as session:
        session.add(record())
        session.execute(text("DELETE FROM alembic_version"))
    with pytest.raises(StoreUnavailable, match="site"):
        upgrade_to_head(store)
    with reading(store) as session:
        assert len(imports(session)) == 1


def test_no_concurrent_change_is_lost(store: Store) -> None:
    """A plain BEGIN loses most of these: everyone reads before anyone writes."""
    with writing(store) as session:
        session.add(record())

    def count_up(_: int) -> None:
        for _turn in range(25):
            with writing(store) as session:
                (row,) = imports(session)
                row.added += 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count_up, range(8)))
    with reading(store) as session:
        assert imports(session)[0].added == 200


def test_a_reader_waits_for_no_writer_and_sees_one_moment(store: Store) -> None:
    with writing(store) as session:
        session.add(record())
    with reading(store) as before:
        assert imports(before)[0].added == 0
        with writing(store) as session:
            imports(session)[0].added = 7
            session.flush()
            with reading(store) as during:
                assert imports(during)[0].added == 0
        before.expire_all()
        assert imports(before)[0].added == 0
    with reading(store) as after:
        assert imports(after)[0].added == 7


def test_a_reader_cannot_write(store: Store) -> None:
    with pytest.raises((StoreUnavailable, DBAPIError)), reading(store) as session:
        session.add(record())
    with reading(store) as session:
        assert imports(session) == ()
    with writing(store) as session:
        session.add(record())


def test_an_error_takes_the_whole_transaction_back(store: Store) -> None:
    def half_done() -> None:
        with writing(store) as session:
            session.add(record())
            session.flush()
            raise KeyError("half done")

    with pytest.raises(KeyError):
        half_done()
    with reading(store) as session:
        assert imports(session) == ()


def test_a_row_cannot_refer_to_one_that_is_not_there(store: Store) -> None:
    with pytest.raises(IntegrityError), writing(store) as session:
        session.execute(text("INSERT INTO site_stage VALUES ('S9', 'catering', 0)"))


def test_stages_and_licences_go_with_their_site(store: Store) -> None:
    with writing(store) as session:
        session.add(SiteRow(id="S1", name="x"))
        session.flush()
        session.execute(text("INSERT INTO site_stage VALUES ('S1', 'catering', 0)"))
        session.execute(text("DELETE FROM site"))
        assert session.execute(text("SELECT count(*) FROM site_stage")).scalar() == 0


def test_a_moment_comes_back_in_utc_whatever_zone_it_came_in(store: Store) -> None:
    with writing(store) as session:
        session.add(record(NOON))
    with reading(store) as session:
        at = imports(session)[0].at
    assert (at, at.tzinfo) == (datetime(2008, 11, 5, 4, tzinfo=UTC), UTC)


def test_a_moment_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(StatementError, match="time zone"), writing(store) as session:
        session.add(record(NOON.replace(tzinfo=None)))


def test_no_moment_stays_no_moment(store: Store) -> None:
    moment = UtcDateTime()
    assert moment.process_bind_param(None, store.dialect) is None
    assert moment.process_result_value(None, store.dialect) is None


def test_an_acknowledged_write_survives_a_power_cut(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'seamless.db'}")
    with reading(store) as session:
        read = {
            name: session.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    store.dispose()
    assert read == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_migration_that_breaks_references_is_taken_back(tmp_path: Path) -> None:
    file = tmp_path / "seamless.db"
    store = open_store(f"sqlite:///{file}")
    with sqlite3.connect(file) as direct:
        direct.execute("INSERT INTO site_stage VALUES ('S9', 'catering', 0)")
    direct.close()
    with pytest.raises(AssertionError, match="site_stage"):
        migrate(store, "head")
    store.dispose()


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        (None, "sqlite"),
        ("", "sqlite"),
        ("sqlite:///a.db", "sqlite"),
        ("postgresql://u:p@h/d", "postgresql+psycopg"),
        ("postgres://u:p@h/d", "postgresql+psycopg"),
        ("postgresql+psycopg://u:p@h/d", "postgresql+psycopg"),
    ],
)
def test_a_database_is_named_by_its_url_or_lies_with_the_data(
    given: str | None, driver: str, tmp_path: Path
) -> None:
    url = database_url(given, data=tmp_path)
    assert url.drivername == driver
    if not given:
        assert url.database == str(tmp_path / "seamless.db")
    if driver == "postgresql+psycopg":
        assert (url.username, url.password, url.host, url.database) == ("u", "p", "h", "d")


@pytest.mark.parametrize(
    "url",
    [
        "mysql://u:secret@h/d",
        "secret",
        "sqlite://",
        "sqlite:///:memory:",
        "postgresql://h:secret/d",
    ],
)
def test_another_kind_of_database_is_refused_without_repeating_a_password(url: str) -> None:
    with pytest.raises(BadDatabaseUrl) as refused:
        open_engine(url)
    assert refused.value.field == "DATABASE_URL"
    assert "secret" not in str(refused.value)


def test_an_empty_url_is_refused() -> None:
    with pytest.raises(BadDatabaseUrl):
        open_engine("")


@pytest.mark.parametrize("what", ["a folder", "no database", "below a file"])
def test_a_file_that_cannot_hold_a_database_is_refused(tmp_path: Path, what: str) -> None:
    file = tmp_path / "x"
    if what == "a folder":
        file.mkdir()
    else:
        file.write_text("this is some other file, long enough to have a header" * 20)
    where = file / "seamless.db" if what == "below a file" else file
    with pytest.raises(StoreUnavailable) as refused:
        open_store(f"sqlite:///{where}")
    assert str(where.parent) in refused.value.en


def test_a_server_that_is_not_there_is_refused_without_repeating_a_password() -> None:
    with pytest.raises(StoreUnavailable) as refused:
        open_store("postgresql://ana:secret@127.0.0.1:9/x")
    assert "127.0.0.1" in refused.value.en
    assert "secret" not in str(refused.value)
