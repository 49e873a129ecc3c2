"""`seamless user` and `seamless ledger` as they are typed."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

SEAMLESS = Path(sys.executable).parent / "seamless"


def run(data: Path, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """One call of the command line with everything kept in `data`."""
    environ = os.environ | {"SEAMLESS_DATA": str(data), "SEAMLESS_LANG": "en"}
    for name in ("DATABASE_URL", "SEAMLESS_DISTRICT"):
        environ.pop(name, None)
    command = [str(SEAMLESS), *words]
    return subprocess.run(
        command, input=typed, env=environ, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one account; its event is the ledger's first."""
    folder = tmp_path_factory.mktemp("data")
    words = ("user", "add", "zhao", "--full-name", "赵", "--unit", "health", "--post", "handler")
    done = run(folder, *words, typed="a-long-password\n")
    assert done.returncode == 0, done.stderr
    return folder


def test_an_account_is_listed_without_its_password(data: Path) -> None:
    done = run(data, "user", "list", "--json")
    (account,) = json.loads(done.stdout)
    assert (account["id"], account["unit"], account["posts"]) == ("zhao", "health", ["handler"])
    assert "argon2" not in done.stdout


def test_a_faulty_account_is_exit_2_with_the_field(data: Path) -> None:
    words = ("user", "add", "Z", "--full-name", "赵", "--unit", "nowhere", "--post", "handler")
    done = run(data, *words, typed="short\n")
    assert done.returncode == 2
    assert "error password" in done.stderr
    assert "error unit" in done.stderr


def test_verify_backup_restore_and_an_edit_that_is_seen(data: Path, tmp_path: Path) -> None:
    whole = run(data, "ledger", "verify", "--json")
    assert (whole.returncode, json.loads(whole.stdout)["events"]) == (0, 1)
    head = json.loads(whole.stdout)["head"]
    assert run(data, "ledger", "backup", str(tmp_path / "b.tar")).returncode == 0
    assert run(data, "ledger", "restore", str(tmp_path / "b.tar")).returncode == 2
    there = tmp_path / "there"
    assert run(there, "ledger", "restore", str(tmp_path / "b.tar")).returncode == 0
    assert run(there, "ledger", "verify", "--expect", head).returncode == 0
    assert run(there, "ledger", "verify", "--expect", "0" * 64).returncode == 1
    connection = sqlite3.connect(there / "seamless.db")
    connection.execute("DROP TRIGGER ledger_event_no_update")
    connection.execute("UPDATE ledger_event SET actor = 'somebody'")
    connection.commit()
    connection.close()
    broken = run(there, "ledger", "verify", "--json")
    assert broken.returncode == 1
    assert json.loads(broken.stdout)["first_wrong"]["event"] == 1
