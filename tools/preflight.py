"""What this machine lacks, each with the Debian package that brings it.

Standard library only: it runs before anything is installed.
"""

import importlib.util
import os
import shutil
import sysconfig
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

HEADERS = Path(sysconfig.get_path("include"))


@dataclass(frozen=True)
class Missing:
    """One thing that is not on this machine, why it is needed and how it comes here."""

    what: str
    needed_for: str
    package: str

    def __str__(self) -> str:
        """The sentence for the person at the terminal."""
        return (
            f"{self.what} is missing; it is needed for {self.needed_for}. "
            f"On Debian: apt-get install {self.package}"
        )


NO_COMPILER = Missing("A C compiler", "durable-rules, which comes as source", "gcc")
NO_HEADERS = Missing("Python.h", "durable-rules, which comes as source", "python3-dev")
NO_VENV = Missing("The Python module ensurepip", "the virtual environment", "python3-venv")
NO_CHROMIUM = Missing("Chromium", "the browser tests", "chromium")
NO_POSTGRES = Missing("A PostgreSQL server", "the store tests on PostgreSQL", "postgresql")


def compiler(environ: Mapping[str, str] = os.environ) -> str | None:
    """The C compiler that builds extension modules: $CC, else cc or gcc; None without one."""
    wanted = environ.get("CC", "").split()[:1] or ["cc", "gcc"]
    found = (shutil.which(name, path=environ.get("PATH")) for name in wanted)
    return next(filter(None, found), None)


def chromium(environ: Mapping[str, str] = os.environ) -> Path | None:
    """Debian's Chromium, from $SEAMLESS_CHROMIUM or PATH; None when it is not installed."""
    name = environ.get("SEAMLESS_CHROMIUM", "chromium")
    found = shutil.which(name, path=environ.get("PATH"))
    return Path(found) if found else None


def postgres_bin(root: Path = Path("/usr/lib/postgresql")) -> Path | None:
    """The folder of the newest PostgreSQL server's programs; None when there is no server.

    Debian keeps them out of PATH, one folder for each major version.
    """
    servers = [path.parent for path in root.glob("*/bin/initdb")]
    newest_first = sorted(servers, key=lambda path: int(path.parent.name), reverse=True)
    return next(iter(newest_first), None)


def missing_for_setup(
    environ: Mapping[str, str] = os.environ, headers: Path = HEADERS
) -> Iterator[Missing]:
    """Everything without which `make setup` cannot succeed."""
    if importlib.util.find_spec("ensurepip") is None:
        yield NO_VENV
    if compiler(environ) is None:
        yield NO_COMPILER
    if not (headers / "Python.h").is_file():
        yield NO_HEADERS


def missing_for_tests() -> Iterator[Missing]:
    """Everything without which some tests skip (and fail in CI)."""
    if chromium() is None:
        yield NO_CHROMIUM
    if postgres_bin() is None:
        yield NO_POSTGRES
