"""Text from outside made fit to be shown: what cannot be seen is made visible.

Templates escape HTML; that does not help against control characters, or marks that turn the
direction of writing and so make one name look like another.
"""

from __future__ import annotations

import unicodedata

LONGEST_SHOWN = 300
_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def shown(text: object, longest: int = LONGEST_SHOWN) -> str:
    r"""The text with invisible characters as their code points, cut to a length.

    >>> shown("gov\u202etxt")
    'gov⟨U+202E⟩txt'
    """
    given = str(text)
    cut = given[:longest]
    if not cut.isprintable():
        cut = "".join(_seen(one) for one in cut)
    return cut + "…" if len(given) > longest else cut


def _seen(character: str) -> str:
    if character in "\n\t" or unicodedata.category(character) == "Zs":
        return " "
    if unicodedata.category(character) in _INVISIBLE:
        return f"⟨U+{ord(character):04X}⟩"
    return character
