"""The README tells the truth: its commands run, its example is what comes out, its links exist."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
Run = Callable[[str], subprocess.CompletedProcess[str]]

READMES = ("README.md", "README.zh-CN.md")
ALLOWED_EXITS = (0, 3, 4)
"""Of `resolve`: named, one more fact, a seam. Anything else is a mistake in the README."""


def blocks(name: str, kind: str) -> list[list[str]]:
    """The lines of each fenced block of a kind, without those that make nothing run."""
    text = (ROOT / name).read_text(encoding="utf-8")
    found = re.findall(rf"^```{kind}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    return [[line for line in block.splitlines() if line] for block in found]


def commands(name: str) -> list[str]:
    lines = [line for block in blocks(name, "sh") for line in block]
    return [line for line in lines if line != ". .venv/bin/activate"]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """What a person has after `. .venv/bin/activate`, with an empty folder for what is kept."""
    path = f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "SEAMLESS_DATA": str(tmp_path_factory.mktemp("readme"))}


@pytest.fixture(scope="module")
def run(environment: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs a line as a person would type it, once for the module: opening a district takes time."""
    folder = tmp_path_factory.mktemp("typed")

    @cache
    def ran(line: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-c", line],
            cwd=folder,
            env=dict(environment),
            capture_output=True,
            text=True,
            check=False,
        )

    return ran


def test_every_command_of_the_readme_runs(run: Run) -> None:
    """The Chinese README has the same commands; another test holds it to that."""
    for line in commands("README.md"):
        if line.startswith("make "):
            done = subprocess.run(
                ["make", "--dry-run", *line.split()[1:]], cwd=ROOT, capture_output=True, check=False
            )
            assert done.returncode == 0, line
            continue
        ended = run(line)
        allowed = ALLOWED_EXITS if " resolve " in line else (0,)
        assert ended.returncode in allowed, f"{line}\n{ended.stdout}\n{ended.stderr}"
        assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("name", READMES)
def test_the_example_has_the_answer_that_the_readme_prints(name: str, run: Run) -> None:
    answer = run(commands(name)[0]).stdout
    printed = blocks(name, "text")[0]
    assert [line for line in answer.splitlines() if line in printed] == printed


@pytest.mark.parametrize("name", READMES)
def test_the_readme_is_short_and_what_it_links_to_is_there(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert len(text.splitlines()) < 150
    for link in re.findall(r"\]\(([^)#]+)\)", text):
        assert (ROOT / link).exists(), link


def test_the_chinese_readme_has_the_same_commands() -> None:
    english, chinese = (commands(name) for name in READMES)
    assert [line.replace(" --lang en", "") for line in english] == chinese


def test_every_picture_that_is_listed_is_there_and_every_picture_is_listed() -> None:
    folder = ROOT / "docs" / "pictures"
    listed = re.findall(r"\]\(([^)]+\.png)\)", (folder / "README.md").read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(path.name for path in folder.glob("*.png"))


def test_the_make_targets_that_the_readme_names_exist() -> None:
    shown = subprocess.run(
        ["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    for name in READMES:
        for target in re.findall(r"`?make ([a-z]+)", (ROOT / name).read_text(encoding="utf-8")):
            assert f"make {target} " in shown, target
