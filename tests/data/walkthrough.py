"""Runs the commands of a document as a reader would, and gives what each of them printed."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from web.cli import main

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "bring-your-district.md"
_BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Step:
    """A command and the output that the document shows, or a file and its text."""

    path: str | None
    command: str
    shown: str


def steps(text: str) -> Iterator[Step]:
    for language, path, body in _BLOCK.findall(text):
        if language == "yaml":
            yield Step(path, "", body)
        elif language == "console":
            for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
                command, _, shown = part.partition("\n")
                yield Step(None, command, shown)


def section(name: str) -> str:
    """The part of the document under the heading that begins with this name."""
    text = DOCUMENT.read_text(encoding="utf-8")
    return next(one for one in text.split("\n## ") if one.startswith(name))


def prepare(folder: Path, shared_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand where a reader of the project stands, with the data beside it."""
    (folder / "project").mkdir()
    (folder / "shared").mkdir()
    (folder / "shared" / "data").symlink_to(shared_data)
    monkeypatch.chdir(folder / "project")
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("DATABASE_URL", "SEAMLESS_DISTRICT", "SEAMLESS_DATA", "SEAMLESS_LANG"):
        monkeypatch.delenv(name, raising=False)


def run(step: Step, monkeypatch: pytest.MonkeyPatch) -> str:
    """Do one step; what the command printed, empty for a file."""
    if step.path is not None:
        Path(step.path).write_text(step.shown, encoding="utf-8")
        return ""
    program, *words = shlex.split(step.command)
    if program == "export":
        for word in words:
            name, _, value = word.partition("=")
            monkeypatch.setenv(name, value)
        return ""
    if program == "unset":
        monkeypatch.delenv(words[0], raising=False)
        return ""
    if program == "seamless":
        return CliRunner().invoke(main, words, prog_name="seamless").output
    done = subprocess.run(
        [program, *words], check=True, capture_output=True, text=True, env=dict(os.environ)
    )
    return done.stdout
