"""Run every measurement, print a table, and write it with the machine's facts to a file."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import http, machine, single
from bench.measured import Measured
from enforcement.district import open_district
from web.wrapping import table

RESULTS = Path(__file__).parent / "results.json"


def main() -> int:
    """0 when every target holds, else 1."""
    with TemporaryDirectory() as folder:
        data = Path(folder)
        district = open_district(None, data=data)
        lines = [*single.measure(district), *http.measure(district, data)]
    told = {"machine": machine.facts(), "results": [line.as_dict() for line in lines]}
    RESULTS.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    print("\n".join(table(_rows(lines))))
    print(f"written to {RESULTS.relative_to(Path.cwd())}")
    return 0 if all(line.holds is not False for line in lines) else 1


def _rows(lines: list[Measured]) -> list[list[str]]:
    rows = [["what", "ours", "peer", "", "ratio", "target", "holds", "peer is"]]
    rows += [
        [
            line.name,
            f"{line.ours:,.1f}",
            f"{line.peer:,.1f}",
            line.unit,
            f"{line.ratio:.2f}",
            line.target,
            {True: "yes", False: "NO", None: ""}[line.holds],
            line.peer_name,
        ]
        for line in lines
    ]
    return rows


if __name__ == "__main__":
    sys.exit(main())
