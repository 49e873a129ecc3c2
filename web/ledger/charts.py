"""Bars from zero, each as long as its number, with the number beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 340
"""Of the drawing, in its own units; the page scales it."""
LABEL: Final = 112
"""Kept for the words at the left."""
NUMBER: Final = 48
"""Kept for the number at the right."""
ROW: Final = 26
BAR: Final = 16
LONGEST: Final = WIDTH - LABEL - NUMBER


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: where it stands and what it says. `length` is in units of the drawing."""

    label: str
    number: int
    top: int
    length: float

    @property
    def middle(self) -> int:
        """The height of the words beside it."""
        return self.top + BAR // 2

    @property
    def end(self) -> float:
        """Where the bar ends and its number stands."""
        return LABEL + self.length


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars under each other, on one scale that begins at zero."""

    bars: tuple[Bar, ...]

    @property
    def height(self) -> int:
        """Of the whole drawing."""
        return ROW * len(self.bars)


def bars(counted: Sequence[tuple[str, int]], *, most: int) -> Bars:
    """Bars for what was counted, on a scale that ends at `most`, which several drawings may share.

    Raises ValueError for a number below zero or above `most`: such a bar would lie.
    """
    for label, number in counted:
        if not 0 <= number <= most:
            raise ValueError(f"{label}: {number} is not within 0 … {most}")
    return Bars(
        tuple(
            Bar(label, number, at * ROW + (ROW - BAR) // 2, LONGEST * number / most if most else 0)
            for at, (label, number) in enumerate(counted)
        )
    )
