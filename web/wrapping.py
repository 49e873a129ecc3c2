"""Text for a terminal: how many columns it takes, and where its lines may break.

A Chinese character takes two columns and may stand at the end of a line; closing marks may not
begin one, opening marks may not end one, and a Latin word stays whole.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

_CLOSING = "，。；：、！？）》」』”’…—.,;:!?)]}%"
_OPENING = "（《「『“‘([{"
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def columns(text: str) -> int:
    """How many terminal columns the text takes.

    >>> columns("布吉 K12")
    8
    """
    return sum(map(_columns_of, text))


def _columns_of(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def plain(text: str) -> str:
    """The text without control characters and marks that turn the reading direction."""
    return _UNSAFE.sub("", text)


def padded(text: str, width: int) -> str:
    """The text followed by spaces up to `width` columns."""
    return text + " " * max(0, width - columns(text))


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` columns; a longer word stands alone and is cut.

    >>> wrapped("无牌无证者，由街道管", 10)
    ['无牌无证', '者，由街道', '管']
    """
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if line and columns(line) + columns(piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
            piece = piece.lstrip()  # noqa: PLW2901 - a line does not begin with a space
        while columns(piece) > width and len(piece) > 1:
            at = _cut(piece, width)
            lines.append(piece[:at])
            piece = piece[at:]  # noqa: PLW2901 - what is left of it
        line += piece
    if line.strip() or not lines:
        lines.append(line.rstrip())
    return lines


def _cut(piece: str, width: int) -> int:
    taken = 0
    for at, character in enumerate(piece):
        taken += _columns_of(character)
        if taken > width:
            return max(1, at)
    return len(piece)


def _pieces(text: str) -> Iterator[str]:
    """The parts between which a line may break, each with the spaces that follow it."""
    start = 0
    for at in range(1, len(text)):
        if _may_break(text[at - 1], text[at]):
            yield text[start:at]
            start = at
    yield text[start:]


def _may_break(before: str, after: str) -> bool:
    if after in _CLOSING or after == " " or before in _OPENING:
        return False
    if before == " ":
        return True
    return _columns_of(before) == 2 or _columns_of(after) == 2


def table(rows: Sequence[Sequence[str]], gap: int = 2) -> list[str]:
    """Rows in aligned columns; the last column is not padded."""
    if not rows:
        return []
    widths = [max(columns(row[at]) for row in rows) for at in range(len(rows[0]))]
    return [
        "".join(
            cell if at == len(row) - 1 else padded(cell, widths[at] + gap)
            for at, cell in enumerate(row)
        ).rstrip()
        for row in rows
    ]
