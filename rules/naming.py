"""What has been read so far, and how names in files become values.

Files name roles, laws, sources and deadlines; here each must exist, and whatever does not is a
fault with its file and key. Nothing is raised before everything has been read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from rules import schema
from rules.errors import Fault
from rules.model import Basis, Case, Deadline, Law, Matter, Parameter, Role, Rule, Source, Text
from rules.periods import Period
from rules.reading import parsed, read_yaml

EVER = date(1900, 1, 1)
"""The first day of what has no first day."""


def text(given: schema.TextS) -> Text:
    """The words in both languages."""
    return Text(given.zh, given.en)


def maybe(given: schema.TextS | None) -> Text | None:
    """The words, or None without any."""
    return None if given is None else text(given)


@dataclass
class Read:
    """What has been read so far. Order: common, then each pack's facts, matters and rules.

    `where` is the file and key of each rule and case, for faults that are found later.
    """

    faults: list[Fault] = field(default_factory=list)
    roles: dict[str, Role] = field(default_factory=dict)
    laws: dict[str, Law] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    deadlines: dict[str, Deadline] = field(default_factory=dict)
    parameters: dict[str, Parameter] = field(default_factory=dict)
    matters: dict[str, Matter] = field(default_factory=dict)
    rules: dict[str, Rule] = field(default_factory=dict)
    cases: list[Case] = field(default_factory=list)
    packs: dict[str, Text] = field(default_factory=dict)
    where: dict[str, str] = field(default_factory=dict)

    def fault(self, field_: str, zh: str, en: str) -> None:
        """Note that something is wrong."""
        self.faults.append(Fault(field_, zh, en))

    def check_new(self, id_: str, known: Mapping[str, object], key: str) -> None:
        """A fault when the id is known already."""
        if id_ in known:
            self.fault(key, f"{id_} 重复", f"{id_} stands twice")

    def file(self, folder: Path, name: str, model: type[schema.M]) -> schema.M | None:
        """The content of a file of this shape, or None with its faults noted."""
        shown = f"{folder.name}/{name}"
        raw = read_yaml(folder / name, shown, self.faults)
        return None if raw is None else parsed(model, raw, shown, self.faults)

    def period(self, valid_from: date, ceases_on: date | None, key: str) -> Period:
        """The period; a fault when it ends before it begins."""
        if ceases_on is not None and ceases_on <= valid_from:
            self.fault(
                key,
                f"失效日 {ceases_on} 应晚于生效日 {valid_from}",
                f"ceases_on {ceases_on} must be after valid_from {valid_from}",
            )
        return Period(valid_from, ceases_on)

    def role(self, id_: str | None, key: str) -> Role | None:
        """The role of this id; a fault when there is none."""
        if id_ is None:
            return None
        role = self.roles.get(id_)
        if role is None:
            self.fault(key, f"没有职能 {id_}", f"there is no role {id_}")
        return role

    def bases(self, given: Iterable[schema.BasisS], key: str) -> tuple[Basis, ...]:
        """The citations, each with the days on which its law is in force."""
        found = []
        for one in given:
            law = self.laws.get(one.law)
            if law is None:
                self.fault(key, f"没有法规 {one.law}", f"there is no law {one.law}")
                continue
            ends = [end for end in (one.ceases_on, law.period.ceases_on) if end is not None]
            start = max(one.valid_from or law.period.valid_from, law.period.valid_from)
            end = min(ends) if ends else None
            if end is not None and end <= start:
                self.fault(
                    key,
                    f"{law.short.zh} 在所写的日期内无效（{law.period}）",
                    f"{law.id} is not in force on the days given ({law.period})",
                )
                continue
            found.append(Basis(law, one.article, Period(start, end)))
        return tuple(found)

    def deadlines_named(self, ids: Iterable[str], key: str) -> tuple[Deadline, ...]:
        """The deadlines of these ids; a fault for each that does not exist."""
        found = []
        for id_ in ids:
            if id_ in self.deadlines:
                found.append(self.deadlines[id_])
            else:
                self.fault(key, f"没有时限 {id_}", f"there is no deadline {id_}")
        return tuple(found)

    def check_sources(self, ids: Iterable[str], key: str) -> tuple[str, ...]:
        """The ids again; a fault for each source that does not exist."""
        listed = tuple(ids)
        for id_ in listed:
            if id_ not in self.sources:
                self.fault(f"{key}.source", f"没有来源 {id_}", f"there is no source {id_}")
        return listed

    def check_disjoint(self, periods: Sequence[Period], key: str) -> None:
        """A fault where two periods share a day."""
        for at, one in enumerate(periods):
            if any(one.meets(other) for other in periods[at + 1 :]):
                self.fault(key, f"{one} 与另一时段重叠", f"{one} overlaps another period")
