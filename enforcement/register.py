"""The register of seams: what the law leaves unclear, who must settle it by when, what was decided.

The article's "116 unclear items", as data in the district's folder (`register.yaml`). An entry has
no wildcards: it names its matter, at least one fact with fewer than all of its values (where the
matter tells cases apart at all), and its period, and cites a doubt of the factual base (`§10.6`) or
a row whose rules are marked M or L. It excuses the seams that it covers and nothing else; nothing
at all while a mandate of the district settles it for now (`fills` in `units.yaml`). A ruling
becomes a proposed rule, which a steward adopts; the register itself never decides who leads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from enforcement.errors import DistrictRefused
from enforcement.register_file import EntryS, RegisterFile
from enforcement.units import Unit
from rules.errors import Fault
from rules.model import Catalogue, Matter, Text
from rules.periods import Period
from rules.reading import parsed, read_yaml

FILE = "register.yaml"
DOUBTS = 11
"""How many numbered doubts the factual base lists (§10)."""
_DOUBT = re.compile(r"^§10\.(\d+)$")
_UNSURE = frozenset({"M", "L"})


@dataclass(frozen=True, slots=True)
class Ruling:
    """What was decided: the role that leads from a day on, by whom, on which basis."""

    lead: str
    on: date
    valid_from: date
    by: Text
    says: Text
    basis: tuple[tuple[str, str], ...]
    source: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One unclear item. `facts` maps facts to the values it is about, all others may be anything.

    `roles` are those of an overlap or the one that nobody holds; `claimants` the units or roles
    that could lead; `owner` the unit that must get it decided by `deadline`; `interim` who acts
    meanwhile and how, in words (the program always names the asker's unit).
    """

    id: str
    what: Text
    matter: str
    kind: str
    facts: Mapping[str, tuple[str, ...]]
    roles: tuple[str, ...]
    period: Period
    claimants: tuple[str, ...]
    owner: str
    deadline: date
    interim: Text
    cites: tuple[str, ...]
    decision: Ruling | None = None

    def speaks_of(self, matter: str, kind: str, roles: Iterable[str], day: date) -> bool:
        """Whether it is about this kind of seam of these roles in the matter on the day."""
        return (
            self.matter == matter
            and self.kind == kind
            and self.period.covers(day)
            and (not self.roles or set(roles) == set(self.roles))
        )


def load_register(
    folder: Path, catalogue: Catalogue, units: Mapping[str, Unit]
) -> tuple[Entry, ...]:
    """The entries of a district's folder, in order of id; none without the file.

    Raises `DistrictRefused` with every fault of the file.
    """
    path = folder / FILE
    if not path.exists():
        return ()
    faults: list[Fault] = []
    raw = read_yaml(path, FILE, faults)
    given = parsed(RegisterFile, raw, FILE, faults) if raw is not None else None
    entries = tuple(_entry(one) for one in (given.entries if given else ()))
    seen: set[str] = set()
    for entry in entries:
        if entry.id in seen:
            faults.append(Fault(f"{FILE}:{entry.id}", "编号重复", "the id stands twice"))
        seen.add(entry.id)
        faults.extend(_faults(entry, catalogue, units))
    if faults:
        raise DistrictRefused(faults)
    return tuple(sorted(entries, key=lambda one: one.id))


def _entry(given: EntryS) -> Entry:
    ruling = given.decision
    return Entry(
        id=given.id,
        what=Text(given.what.zh, given.what.en),
        matter=given.matter,
        kind=given.kind,
        facts={
            name: (values,) if isinstance(values, str) else tuple(values)
            for name, values in given.facts.items()
        },
        roles=tuple(given.roles),
        period=Period(given.valid_from, given.ceases_on),
        claimants=tuple(given.claimants),
        owner=given.owner,
        deadline=given.deadline,
        interim=Text(given.interim.zh, given.interim.en),
        cites=tuple(given.cites),
        decision=None
        if ruling is None
        else Ruling(
            lead=ruling.lead,
            on=ruling.on,
            valid_from=ruling.valid_from,
            by=Text(ruling.by.zh, ruling.by.en),
            says=Text(ruling.says.zh, ruling.says.en),
            basis=tuple((one.law, one.article) for one in ruling.basis),
            source=tuple(ruling.source),
        ),
    )


def _faults(entry: Entry, catalogue: Catalogue, units: Mapping[str, Unit]) -> Iterator[Fault]:
    key = f"{FILE}:{entry.id}"
    matter = catalogue.matters.get(entry.matter)
    if matter is None:
        yield Fault(key, f"没有事项 {entry.matter}", f"there is no matter {entry.matter}")
        return
    if entry.period.ceases_on is not None and entry.period.ceases_on <= entry.period.valid_from:
        yield Fault(key, "失效日应晚于起始日", "ceases_on must be after valid_from")
    yield from _fact_faults(key, entry, matter)
    yield from _name_faults(key, entry, catalogue, units)
    for cite in entry.cites:
        yield from _cite_faults(f"{key}.cites", cite, catalogue)


def _name_faults(
    key: str, entry: Entry, catalogue: Catalogue, units: Mapping[str, Unit]
) -> Iterator[Fault]:
    for id_ in (*entry.roles, *([entry.decision.lead] if entry.decision else [])):
        if id_ not in catalogue.roles:
            yield Fault(key, f"没有职能 {id_}", f"there is no role {id_}")
    for id_ in entry.claimants:
        if id_ not in catalogue.roles and id_ not in units:
            yield Fault(key, f"没有单位或职能 {id_}", f"there is no unit or role {id_}")
    if entry.owner not in units:
        yield Fault(f"{key}.owner", f"没有单位 {entry.owner}", f"there is no unit {entry.owner}")
    for law, _ in entry.decision.basis if entry.decision else ():
        if law not in catalogue.laws:
            yield Fault(f"{key}.decision", f"没有法规 {law}", f"there is no law {law}")


def _fact_faults(key: str, entry: Entry, matter: Matter) -> Iterator[Fault]:
    narrow = all(len(fact.values) < 2 for fact in matter.facts)
    for name, values in entry.facts.items():
        fact = matter.fact(name)
        unknown = [] if fact is None else [value for value in values if value not in fact.values]
        if fact is None or unknown:
            yield Fault(
                f"{key}.facts",
                f"要素 {name}={'/'.join(unknown or values)} 不属于事项 {matter.code}",
                f"{name}={'/'.join(unknown or values)} does not belong to {matter.code}",
            )
        else:
            narrow = narrow or (bool(values) and set(values) < set(fact.values))
    if not narrow:
        yield Fault(
            f"{key}.facts",
            "登记条目至少要写明一个要素的部分取值，不能一概而论",
            "an entry has no wildcards: name at least one fact with fewer than all its values",
        )


def _cite_faults(key: str, cite: str, catalogue: Catalogue) -> Iterator[Fault]:
    doubt = _DOUBT.match(cite)
    if doubt is not None:
        if not 1 <= int(doubt[1]) <= DOUBTS:
            yield Fault(key, f"没有疑点 {cite}", f"there is no doubt {cite}")
        return
    rules = [rule for rule in catalogue.rules.values() if cite in (*rule.rows, rule.id)]
    if not any(
        rule.confidence in _UNSURE or any(one.confidence in _UNSURE for one in rule.readings)
        for rule in rules
    ):
        yield Fault(
            key,
            f"{cite} 既不是疑点（§10.1 … §10.{DOUBTS}），也不是可信度为 M 或 L 的规则",
            f"{cite} is neither a doubt (§10.1 … §10.{DOUBTS}) nor a row marked M or L",
        )


def overdue(entries: Iterable[Entry], on: date) -> tuple[Entry, ...]:
    """The entries without a decision whose deadline has passed on `on`, the oldest first."""
    late = (one for one in entries if one.decision is None and one.deadline < on)
    return tuple(sorted(late, key=lambda one: (one.deadline, one.id)))


def proposed_rule(entry: Entry) -> str | None:
    """The YAML of the rule that a ruling asks for, to be put into `rules.yaml`; None without one.

    The rule is only proposed: it passes through `rules check` and `rules test` like any other.
    """
    ruling = entry.decision
    if ruling is None:
        return None
    proposed = {
        "id": f"{entry.id}.ruling",
        "rows": [],
        "matter": entry.matter,
        "valid_from": ruling.valid_from,
        "when": {name: list(values) for name, values in entry.facts.items()},
        "lead": ruling.lead,
        "says": ruling.says.as_dict(),
        "basis": [{"law": law, "article": article} for law, article in ruling.basis],
        "confidence": "H",
        "source": list(ruling.source),
        "note": {
            "zh": f"依据{ruling.by.zh} {ruling.on} 对登记事项 {entry.id} 的裁决",
            "en": f"Ruling by {ruling.by.en} of {ruling.on} on the registered item {entry.id}",
        },
    }
    text: str = yaml.safe_dump([proposed], allow_unicode=True, sort_keys=False, width=100)
    return text
