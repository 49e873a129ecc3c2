"""What was asked of the register of sites when a visit is planned, as an address carries it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Filter:
    """What was asked of the register, and what was ticked so far."""

    on: date
    text: str
    street: str
    licence: str
    stage: str
    recheck: bool
    picked: tuple[str, ...]

    @property
    def asks(self) -> bool:
        """Whether anything was asked at all."""
        return bool(self.text or self.street or self.licence or self.stage or self.recheck)

    @property
    def listed(self) -> tuple[str, ...]:
        """The ids of a list that was typed or pasted; empty for a word to look for."""
        for mark in ",，、;；":
            if mark in self.text:
                return tuple(self.text.replace(mark, " ").split())
        words = self.text.split()
        return tuple(words) if len(words) > 1 else ()

    def pairs(self) -> dict[str, Any]:
        """The filter as an address carries it."""
        pairs = {
            "on": self.on.isoformat(),
            "text": self.text,
            "street": self.street,
            "licence": self.licence,
            "stage": self.stage,
            "recheck": "yes" if self.recheck else "",
            "site": list(self.picked),
        }
        return {name: value for name, value in pairs.items() if value}
