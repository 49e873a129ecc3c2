"""Never zero or two holders, never a restarted clock, never an action without a policy.

The full size (2,000 histories on each database) runs with `make long`; its result lies in
docs/ledger-histories.md. One in twenty runs always.
"""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from enforcement.store.engine import MODE, WRITE, Store
from tests.enforcement.ledger_histories import History, play
from tests.enforcement.ledger_world import world

FULL = 2000
SAMPLE = FULL // 20
RESULT = Path(__file__).parents[2] / "docs" / "ledger-histories.md"

# Emptied, not made anew: a migration takes longer than a history.
TABLES = (
    "step_clock, case_step, assist, adjudication, handover, case_party, case_resolution, "
    "holding, act_key, ledger_event, ledger_head, tally, case_file"
)


def emptied(store: Store) -> None:
    """Take everything out of the ledger, past its guards."""
    with store.execution_options(**{MODE: WRITE}).begin() as connection:
        if store.dialect.name == "postgresql":
            connection.execute(text(f"TRUNCATE {TABLES} RESTART IDENTITY CASCADE"))
            return
        guards = connection.execute(
            text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        ).all()
        for name, _ in guards:
            connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        for table in TABLES.split(", "):
            connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - our own names
        for _, statement in guards:
            connection.execute(text(statement))


def played(store: Store, folder: Path, seed: int) -> History:
    """One history on an empty ledger."""
    emptied(store)
    return play(world(store, folder, deemed_acceptance=seed % 4 == 0).ledger, seed)


def test_one_history_in_twenty(store: Store, tmp_path: Path) -> None:
    done: Counter[str] = Counter()

    @settings(
        max_examples=SAMPLE,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(seed=st.integers(0, 10**6))
    def each(seed: int) -> None:
        history = played(store, tmp_path, seed)
        assert history.faults == []
        assert history.steps >= 30
        done.update(history.done)
        done["a limit reported"] += history.reported

    each()
    assert {"hand_over", "accept", "refuse", "rule", "step", "sweep"} <= set(done)
    assert done["a limit reported"] > 0, "some limit of a step must be over in some history"


@pytest.mark.long
def test_two_thousand_histories(store: Store, tmp_path: Path) -> None:
    start, done, refused = time.monotonic(), Counter[str](), Counter[str]()
    for seed in range(FULL):
        history = played(store, tmp_path, seed)
        assert history.faults == [], seed
        assert history.steps >= 30
        done.update(history.done)
        refused.update(history.refused)
    name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[store.dialect.name]
    lines = RESULT.read_text(encoding="utf-8").splitlines() if RESULT.exists() else []
    kept = [line for line in lines if line.startswith("| ") and not line.startswith(f"| {name} ")]
    rows = [line for line in kept if not line.startswith(("| database", "| ---"))]
    total, no = done.total(), refused.total()
    minutes = (time.monotonic() - start) / 60
    rows.append(
        f"| {name} | {FULL:,} | {total + no:,} | {total:,} | {no:,} | {done['accept']:,} "
        f"| {done['refuse']:,} | {done['rule']:,} | {done['reopen']:,} | 0 | {minutes:.1f} min |"
    )
    RESULT.write_text(
        "# Random histories of the ledger\n\n"
        "Written by `tests/enforcement/test_ledger_histories.py` (`make long`): four actors at "
        "once, clocks that jump,\nsilences, wrong acts, repeated keys. Faults are: not exactly one "
        "holder, a restarted clock, an action without a\npolicy, a broken chain, an act done "
        "twice, an error of the database.\n\n"
        "| database | histories | acts tried | done | refused | accepted | returned | ruled "
        "| reopened | faults | took |\n|---|---|---|---|---|---|---|---|---|---|---|\n"
        + "\n".join(sorted(rows))
        + "\n",
        encoding="utf-8",
    )
