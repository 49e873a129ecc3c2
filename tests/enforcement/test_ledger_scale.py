"""A large ledger answers like a small one, and fifty officers file at once (`make long`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.ledger import measured

RESULT = Path(__file__).parents[2] / "docs" / "ledger-scale.md"
NAMES = {"sqlite": "SQLite", "postgresql+psycopg": "PostgreSQL"}


@pytest.mark.long
def test_a_hundred_thousand_cases_answer_within_three_times_a_thousand(
    empty_database_url: str, tmp_path: Path
) -> None:
    holds, report = measured(empty_database_url, tmp_path)
    name = NAMES[empty_database_url.partition("://")[0]]
    parts = RESULT.read_text(encoding="utf-8").split("\n## ")[1:] if RESULT.exists() else []
    kept = {part.partition("\n")[0]: part.partition("\n")[2].strip() for part in parts}
    kept[name] = report
    RESULT.write_text(
        "# A large ledger\n\nWritten by `tests/enforcement/test_ledger_scale.py` (`make long`): "
        "one ledger with 1,000 cases and with 100,000,\nten events each; every page at most three "
        "times as long.\n" + "".join(f"\n## {key}\n\n{kept[key]}\n" for key in sorted(kept)),
        encoding="utf-8",
    )
    assert holds, report
