"""Puts the table of states into docs/ledger.md: `python -m tools.state_diagram`."""

import re
import sys
from pathlib import Path

from enforcement.case_states import diagram

PAGE = Path(__file__).resolve().parent.parent / "docs" / "ledger.md"
_DRAWN = re.compile(r"```mermaid\n.*?```", re.DOTALL)


def main() -> int:
    """Replace the page's diagram by the one that the table in code gives."""
    text = PAGE.read_text(encoding="utf-8")
    drawn = f"```mermaid\n{diagram()}\n```"
    PAGE.write_text(_DRAWN.sub(lambda _: drawn, text, count=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
