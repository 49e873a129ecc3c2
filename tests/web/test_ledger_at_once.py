"""Fifty officers file over HTTP at the same moment, on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
import uuid
from dataclasses import replace

from sqlalchemy import text

from enforcement.services.checking import check_store
from enforcement.store.engine import MODE, READ
from enforcement.store.migrate import open_store
from tests.web.http_people import Browser
from tests.web.installation import Installation, question
from web.logs import FILE

OFFICERS = 50
STREETS = ("buji", "nanwan", "henggang", "bantian", "pinghu")


def test_fifty_officers_who_file_at_once_each_get_their_own_case(
    installation: Installation,
) -> None:
    port = installation.start()
    accounts = [Browser(f"officer.{street}", port) for street in STREETS]
    for one in accounts:
        one.log_in()
    # Ten tablets of each street share its account, each with cookies of its own
    tablets = [
        replace(accounts[n % len(accounts)], cookies=dict(accounts[n % len(accounts)].cookies))
        for n in range(OFFICERS)
    ]
    filed: dict[str, str] = {}
    errors: list[str] = []
    ready = threading.Barrier(OFFICERS, timeout=60)

    def file(n: int) -> None:
        words = f"过期肉 {n}"
        ready.wait()
        try:
            to = tablets[n].send(question(n), {"description": words}, key=uuid.uuid4().hex)
            filed[words] = to
        except Exception as error:  # noqa: BLE001 - every error is what is looked for
            errors.append(repr(error))

    threads = [threading.Thread(target=file, args=(n,)) for n in range(OFFICERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    installation.kill()
    assert errors == []
    store = open_store(installation.url)
    with store.execution_options(**{MODE: READ}).connect() as connection:
        rows = connection.execute(text("SELECT description, id FROM case_file")).all()
    assert {row[0]: f"/cases/{row[1]}" for row in rows} == filed
    assert len(rows) == OFFICERS
    assert check_store(store).is_whole
    store.dispose()
    assert not (installation.data / FILE).exists()
