"""The fixtures of conftest.py give what they promise, or say what to install."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent
THIS = "tests/test_environment.py"


def server_of(url: str) -> str:
    """The URL as psycopg itself reads it, without SQLAlchemy's driver name."""
    return url.replace("postgresql+psycopg", "postgresql")


def run_one(test: str, **environment: str) -> str:
    """The report of one test of this file, run by itself with these variables."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", f"{THIS}::{test}"]
    plain = {name: value for name, value in os.environ.items() if name != "CI"}
    done = subprocess.run(
        command, cwd=ROOT, env=plain | environment, capture_output=True, text=True, check=False
    )
    return done.stdout


def test_postgresql_gives_each_test_an_empty_database(fresh_postgres_url: str) -> None:
    with psycopg.connect(server_of(fresh_postgres_url)) as connection:
        connection.execute("CREATE TABLE 街道 (名称 text)")
        connection.execute("INSERT INTO 街道 VALUES ('布吉街道')")
        assert connection.execute("SELECT 名称 FROM 街道").fetchall() == [("布吉街道",)]


def test_postgresql_gives_the_next_test_another_one(fresh_postgres_url: str) -> None:
    with psycopg.connect(server_of(fresh_postgres_url)) as connection:
        tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        assert connection.execute(tables).fetchall() == []


def test_the_browser_renders_a_page_and_runs_its_script(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 780})
    page.set_content("<h1>无缝</h1><script>document.title = 6 * 7</script>")
    assert page.locator("h1").inner_text() == "无缝"
    assert page.title() == "42"
    page.close()


def test_the_real_data_is_there(shared_data: Path) -> None:
    assert (shared_data / "longgang_streets.geojson").is_file()


@pytest.mark.parametrize(
    ("test", "variable", "says"),
    [
        (
            test_the_browser_renders_a_page_and_runs_its_script.__name__,
            "SEAMLESS_CHROMIUM",
            "apt-get install chromium",
        ),
        (test_the_real_data_is_there.__name__, "SEAMLESS_SHARED_DATA", "SEAMLESS_SHARED_DATA"),
    ],
)
def test_what_is_missing_skips_with_its_reason_and_fails_in_ci(
    test: str, variable: str, says: str
) -> None:
    nowhere = {variable: "/nowhere"}
    outside = run_one(test, **nowhere)
    assert "1 skipped" in outside
    assert says in outside
    in_ci = run_one(test, CI="true", **nowhere)
    assert "1 error" in in_ci
    assert says in in_ci


def test_a_test_that_asks_for_a_server_or_a_browser_carries_the_marker() -> None:
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", THIS]
    for marker, tests in (("postgres", 2), ("browser", 1), ("data", 1)):
        done = subprocess.run(
            [*command, "-m", marker], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert f"\n{tests}/" in done.stdout
