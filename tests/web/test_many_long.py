"""Ten million rows through `seamless resolve-many`: none lost, none moved, memory bounded."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest

from bench.many import command, run, write_rows
from web.asking import Asked
from web.desk import Desk

ROWS = int(os.environ.get("SEAMLESS_LONG_ROWS", "10000000"))
EVERY = 50_021
MOST_GB = 1.5


@pytest.mark.long
def test_ten_million_rows_come_out_in_their_order_within_one_and_a_half_gigabytes(
    longgang: Desk, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    in_, out = tmp_path / "in.csv", tmp_path / "out.csv"
    write_rows(in_, ROWS)
    seconds, most_gb = run(command(in_, out), longgang.settings.data)
    record_property("rows_per_cpu_second", round(ROWS / seconds))
    record_property("most_gb", round(most_gb, 2))
    count = 0
    with in_.open(encoding="ascii") as given, out.open(encoding="utf-8", newline="") as answers:
        next(given)
        for line, row in zip(given, csv.DictReader(answers), strict=True):
            if count % EVERY == 0:
                cells = line.rstrip("\n").split(",")
                names = islice(row, len(cells))
                assert [row[name] for name in names] == cells
                same_as_alone(longgang, row)
            assert row["id"] == str(count)
            count += 1
    assert count == ROWS
    assert most_gb <= MOST_GB


def same_as_alone(desk: Desk, row: dict[str, str]) -> None:
    """The row has the lead and outcome that it gets when asked by itself."""
    facts = {name: row[name] for name in ("stage", "licence", "premises") if row[name]}
    asked = Asked(
        matter="food.safety", facts=facts, on="2008-11-05", at=f"{row['lon']},{row['lat']}"
    )
    alone = desk.answer(asked).as_dict()
    assert row["error"] == ""
    assert row["outcome"] == alone["outcome"]
    assert row["lead"] == (alone["lead"] or {}).get("unit", "")
