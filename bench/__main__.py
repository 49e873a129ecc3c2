"""Run every measurement, print a table, and write it with the machine's facts to a file."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import bulk, cold, http, machine, many, rulework, single
from bench.measured import Measured
from enforcement.district import open_district
from web.wrapping import table

RESULTS = Path(__file__).parent / "results.json"


def main() -> int:
    """0 when every target holds, else 1."""
    with TemporaryDirectory() as folder:
        data = Path(folder)
        district = open_district(None, data=data)
        lines: list[Measured] = []
        parts: dict[str, Callable[[], list[Measured]]] = {
            "cold": lambda: cold.measure(data),
            "rulework": lambda: rulework.measure(district),
            "single": lambda: single.measure(district),
            "http": lambda: http.measure(district, data),
            "bulk": lambda: bulk.measure(data),
            "many": lambda: many.measure(district, data),
        }
        for name, measure in parts.items():
            began = time.perf_counter()
            lines += measure()
            print(f"{name}: {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
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
            _short(line.ours),
            _short(line.peer),
            line.unit,
            f"{line.ratio:.2f}",
            line.target,
            {True: "yes", False: "NO", None: ""}[line.holds],
            line.peer_name,
        ]
        for line in lines
    ]
    return rows


def _short(number: float) -> str:
    """Three digits at least."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


if __name__ == "__main__":
    sys.exit(main())
