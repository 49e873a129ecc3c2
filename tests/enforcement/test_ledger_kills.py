"""Killed in the middle of writing: what was acknowledged is there, once, and the chain is whole.

200 kills run with `make long` (docs/ledger-kills.md has the result), 10 always.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from enforcement.services.checking import check_ledger
from enforcement.store.engine import MODE, READ
from enforcement.store.migrate import open_store
from tests.enforcement.ledger_world import world

ROOT = Path(__file__).parents[2]
RESULT = ROOT / "docs" / "ledger-kills.md"


def killed(url: str, folder: Path, seed: int) -> list[str]:
    """What a writer said until it was killed at a random moment of its work."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.enforcement.ledger_writer", url, str(folder), str(seed)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    lines: list[str] = []
    begun = threading.Event()

    def listen() -> None:
        for line in process.stdout or ():
            lines.append(line)
            begun.set()

    listener = threading.Thread(target=listen)
    listener.start()
    assert begun.wait(60)
    time.sleep(random.Random(seed).uniform(0, 0.4))  # when the kill comes is what is random
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait(30) == -signal.SIGKILL
    listener.join(30)
    if process.stdout is not None:
        process.stdout.close()
    # The last line may be cut in the middle: then nobody has read it.
    return [line.strip() for line in lines if line.endswith("\n")]


def kill_and_look(url: str, folder: Path, kills: int) -> tuple[int, int]:
    """Kill writers of one ledger; gives how many acts were acknowledged and how many were there."""
    promised: dict[str, int] = {}
    for seed in range(kills):
        for line in killed(url, folder, seed):
            word, key, *rest = line.split(maxsplit=2)
            assert word != "refused", line
            if word == "done":
                promised[key] = int(rest[0])
    store = open_store(url)
    checked = check_ledger(world(store, folder).ledger)
    assert checked.is_whole, checked
    with store.execution_options(**{MODE: READ}).connect() as connection:
        rows = connection.execute(text("SELECT key, seq FROM act_key")).all()
        events = connection.execute(text("SELECT count(*) FROM ledger_event")).scalar_one()
    store.dispose()
    kept: dict[str, int] = {row[0]: row[1] for row in rows}
    assert {key: kept.get(key) for key in promised} == promised
    assert len(set(kept.values())) == len(kept) == events
    return len(promised), len(kept)


def test_ten_kills_lose_and_double_nothing(empty_database_url: str, tmp_path: Path) -> None:
    acknowledged, kept = kill_and_look(empty_database_url, tmp_path, 5)
    assert kept >= acknowledged > 0


@pytest.mark.long
def test_two_hundred_kills_lose_and_double_nothing(empty_database_url: str, tmp_path: Path) -> None:
    acknowledged, kept = kill_and_look(empty_database_url, tmp_path, 100)
    name = "SQLite" if empty_database_url.startswith("sqlite") else "PostgreSQL"
    lines = RESULT.read_text(encoding="utf-8").splitlines() if RESULT.exists() else []
    rows = [
        line
        for line in lines
        if line.startswith(("| SQLite", "| PostgreSQL")) and not line.startswith(f"| {name} ")
    ]
    rows.append(f"| {name} | 100 | {acknowledged:,} | {kept:,} | 0 | 0 | clean |")
    RESULT.write_text(
        "# Killed in the middle of writing\n\n"
        "Written by `tests/enforcement/test_ledger_kills.py` (`make long`): a process that writes "
        "from four threads is killed\nwith SIGKILL at random moments, 100 times on each "
        "database.\n\n"
        "| database | kills | acts acknowledged | acts in the ledger | acknowledged and lost "
        "| done twice | verify |\n|---|---|---|---|---|---|---|\n" + "\n".join(sorted(rows)) + "\n",
        encoding="utf-8",
    )
