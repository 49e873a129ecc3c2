"""What tests share: a throwaway PostgreSQL server, Debian's Chromium, the real evaluation data.

Whatever a machine lacks makes the tests that need it skip with the Debian package to install;
with CI=true they fail instead. A test gets its marker from the fixture it asks for.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from tools.preflight import NO_CHROMIUM, NO_POSTGRES, chromium, postgres_bin

ROOT = Path(__file__).resolve().parent.parent
IN_CI = os.environ.get("CI") == "true"

# Two shared cores make single examples slow at random, so no deadline; CI repeats itself exactly.
settings.register_profile("seamless", deadline=None, derandomize=IN_CI, print_blob=True)
settings.load_profile("seamless")

MARKERS_BY_FIXTURE = {
    "postgres_url": "postgres",
    "fresh_postgres_url": "postgres",
    "chromium_path": "browser",
    "browser": "browser",
    "shared_data": "data",
}

# Without the network switches Chromium looks up its maker's hosts at every start.
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by what it asks for, so that no marker is forgotten."""
    for item in items:
        for fixture in getattr(item, "fixturenames", ()):
            if fixture in MARKERS_BY_FIXTURE:
                item.add_marker(MARKERS_BY_FIXTURE[fixture])


def skip_or_fail(reason: str) -> NoReturn:
    """Skip the test with this reason; in CI, where nothing may be missing, fail it."""
    if IN_CI:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data: $SEAMLESS_SHARED_DATA, else shared/data beside the project."""
    folder = Path(os.environ.get("SEAMLESS_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        skip_or_fail(f"no folder {folder}; name the evaluation data in SEAMLESS_SHARED_DATA")
    return folder


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """The path of Debian's Chromium."""
    found = chromium()
    if found is None:
        skip_or_fail(str(NO_CHROMIUM))
    return found


@pytest.fixture(scope="session")
def browser(chromium_path: Path) -> Iterator[Browser]:
    """A running headless Chromium; take a new context or page from it for each test."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=chromium_path, headless=True, args=list(CHROMIUM_FLAGS)
        )
        yield running
        running.close()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of a throwaway PostgreSQL server, reached by a socket in its own folder.

    The server refuses to run as root, so root starts it as the package's user `postgres`.
    """
    programs = postgres_bin()
    if programs is None:
        skip_or_fail(str(NO_POSTGRES))
    # A socket's path may have 107 bytes, which pytest's own folders can exceed.
    folder = Path(tempfile.mkdtemp(prefix="seamless-pg-"))
    user, group = None, None
    if os.geteuid() == 0:
        user, group = "postgres", pwd.getpwnam("postgres").pw_gid
        shutil.chown(folder, user, group)

    def run(program: str, *arguments: str) -> None:
        command = [str(programs / program), *arguments]
        subprocess.run(
            command, check=True, cwd=folder, stdout=subprocess.DEVNULL, user=user, group=group
        )

    cluster = ["-D", str(folder / "cluster")]
    settings_of_server = f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=200"
    try:
        run("initdb", *cluster, "-U", "seamless", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        run("pg_ctl", *cluster, "-w", "-l", str(folder / "log"), "-o", settings_of_server, "start")
        try:
            yield f"postgresql+psycopg://seamless@/postgres?host={folder}"
        finally:
            run("pg_ctl", *cluster, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def fresh_postgres_url(postgres_url: str) -> Iterator[str]:
    """The URL of an empty database on the throwaway server, dropped after the test."""
    name = f"test_{uuid.uuid4().hex}"
    server = postgres_url.replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield postgres_url.replace("/postgres?", f"/{name}?")
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
