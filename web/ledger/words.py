"""The words of the ledger's pages: one catalogue for each group of pages, read as one."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from rules.errors import Fault
from web.errors import BadInput
from web.officer.words import Words, words

FOLDER = Path(__file__).parent / "strings"


@lru_cache(maxsize=1)
def ledger_words() -> Words:
    """All words; raises `BadInput` for a key that lacks a language or is in two catalogues."""
    found = Words()
    for catalogue in sorted(FOLDER.glob("*.yaml")):
        one = words(catalogue)
        twice = sorted(found.keys() & one.keys())
        if twice:
            raise BadInput(
                [Fault(f"{catalogue.name}:{key}", "重复的词条", "the key is used") for key in twice]
            )
        found |= one
    return found
