"""What docs/bring-your-district.md tells a reader to type does what it shows, word by word."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.data.walkthrough import prepare, run, section, steps


@pytest.mark.parametrize("name", ["London", "Boston", "Shenzhen"])
def test_the_document_shows_what_its_commands_print(
    name: str, tmp_path: Path, shared_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(tmp_path, shared_data, monkeypatch)
    for step in steps(section(name)):
        printed = run(step, monkeypatch)
        assert step.path is not None or printed.rstrip() == step.shown.rstrip(), step.command
