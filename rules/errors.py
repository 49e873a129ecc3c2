"""What can be wrong with rules, or with a question put to them.

Every error says in Chinese and in English what was given, why it is refused and what to do. None
of them knows of HTTP or of exit codes; those are decided in `web`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where (`field`), and what, in both languages."""

    field: str
    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.field}: {self.zh} / {self.en}"


class RulesError(Exception):
    """Root of everything that this package raises on purpose."""

    def __init__(self, *, field: str, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.field = field
        self.zh = zh
        self.en = en


class PackRefused(RulesError):
    """A rule pack has faults; all of them are in `faults`, each with its file and key."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        listed = "\n".join(f"  {fault}" for fault in self.faults)
        super().__init__(
            field="packs",
            zh=f"规则包有 {len(self.faults)} 处错误：\n{listed}",
            en=f"{len(self.faults)} faults in the rule packs, listed above",
        )


class UnknownMatter(RulesError):
    """The catalogue has no matter of this code."""


class DateNotCovered(RulesError):
    """No pack answers for this matter on this day; the message names the covered periods."""


class BadFact(RulesError):
    """A fact that the matter does not have, or a value that the fact cannot take."""


class ImpossibleFacts(RulesError):
    """The facts contradict each other; the message names them and says why."""


class EngineFailed(RulesError):
    """The engine did not finish an evaluation; nothing it said is used."""


class TableDisagrees(RulesError):
    """The engine and the independent evaluation differ; the table is not published."""
