"""`python -m rules.check [PACK…]`: load packs, build their tables, print what is in them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from rules.book import Book, open_book
from rules.errors import RulesError
from rules.loader import CATALOGUE
from rules.seams import idle_rules, seams_of


def described(book: Book) -> list[str]:
    """One line per table with its factors, then its seams and idle rules."""
    lines = []
    for code, tables in book.tables.items():
        for table in tables:
            factors = " × ".join(f"{axis.fact} {len(axis)}" for axis in table.axes)
            lines.append(
                f"{code} {table.period}: {table.combinations} = {factors}; "
                f"{table.excluded_share:.0%} impossible"
            )
            for seam in seams_of(table, book.catalogue):
                facts = ", ".join(f"{name}={'|'.join(v)}" for name, v in seam.facts.items())
                lines.append(
                    f"  {seam.kind} {{{facts or 'always'}}} × {seam.combinations}: "
                    f"{' | '.join(f'{r}' for r in seam.rules) or 'no rule'} "
                    f"{'/'.join(seam.leads)}"
                )
            lines += [
                f"  idle {idle.rule}: "
                + (f"masked by {', '.join(idle.masked_by)}" if idle.masked_by else "never")
                for idle in idle_rules(table, book.catalogue)
            ]
    return lines


def main(arguments: Sequence[str]) -> int:
    """Print the check of the given pack folders (default: every pack of the catalogue)."""
    packs = [Path(one) for one in arguments] or sorted(
        path.parent for path in CATALOGUE.glob("*/pack.yaml")
    )
    with TemporaryDirectory() as cache:
        try:
            book = open_book(packs, Path(cache))
        except RulesError as error:
            print(error, file=sys.stderr)  # noqa: T201
            return 1
        print("\n".join(described(book)))  # noqa: T201
        cases = len(book.catalogue.cases)
        print(f"{len(book.catalogue.rules)} rules, {cases} cases")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
