"""One reader: who looks at the page, in which language, and the words for what they see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from rules.model import Fact
from web.answer_words import DOUBTS, UNKNOWN_LABEL
from web.desk import Desk
from web.officer.preferences import Preferences
from web.officer.safe_text import shown
from web.officer.words import words


class Bilingual(Protocol):
    """Anything with the same words in both languages."""

    @property
    def zh(self) -> str:
        """The Chinese words."""

    @property
    def en(self) -> str:
        """The English words."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A person at the page: their preferences, and the desk that answers."""

    desk: Desk
    prefs: Preferences
    today: date

    def t(self, text: Bilingual | None) -> str:
        """The text in the reader's language; nothing for None."""
        if text is None:
            return ""
        return text.en if self.prefs.lang == "en" else text.zh

    def say(self, key: str, **values: object) -> str:
        """The words of a key of the catalogue."""
        return words().say(key, self.prefs.lang, values)

    def listed(self, parts: Iterable[str]) -> str:
        """The parts as a list in a sentence."""
        return self.say("list.comma").join(part for part in parts if part)

    def doubt(self, confidence: str) -> str:
        """How sure that is, in words; nothing when it is sure."""
        said = self.t(DOUBTS.get(confidence))
        return said[:1].upper() + said[1:]

    def value(self, fact: Fact, value: str) -> str:
        """The label of a fact's value; typed numbers and unknown values as they are."""
        label = fact.values.get(value)
        if label is not None:
            return self.t(label)
        return self.t(UNKNOWN_LABEL) if value == "unknown" else shown(value, 40)
