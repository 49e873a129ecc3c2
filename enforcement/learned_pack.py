"""A pack made of what past decisions say: ordinary files, which people read and then own.

Where the lead depends on the street, each combination of facts becomes a role, the rules lead to
it, and mandates say which unit holds it in which street: a cell without a lead is a role that
nobody holds there, a vacancy. Otherwise each lead becomes a role held in the whole district, and a
cell without a lead is a gap. What was never seen counts as `not_seen`, for which there is no rule.
"""

from __future__ import annotations

import csv
import io
import itertools
import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import yaml
from pypinyin import lazy_pinyin

from enforcement.errors import LearningRefused
from enforcement.learning import Cell, Learned
from rules.errors import Fault
from rules.matter_files import MAX_ALTERNATIVES
from rules.model import Text
from rules.table import MAX_COMBINATIONS

NOT_SEEN = "not_seen"
SEAMS = "seams.csv"
_NOT_SEEN = {"zh": "以往没有的", "en": "none of these"}
_LONGEST = 36
"""Of a name made from a label: with the pack's name before it an id may have 60 characters."""
_JOINT = "\x1f"
"""Stands in no label, so that two combinations never look alike."""
_Said = dict[str, object]


@dataclass(frozen=True, slots=True)
class About:
    """What a learned pack says of itself. `units` are ids that leads may name directly."""

    pack: str
    name: Text
    source: str
    valid_from: date
    units: Collection[str] = ()


def pack_files(learned: Learned, about: About) -> Mapping[str, str]:
    """The files of the pack by name; `seams.csv` lists the cells that have no lead, and why.

    The same table gives the same files. Raises `LearningRefused` when a decision table of this
    size is not allowed, naming the factors.
    """
    return _Writing(learned, about).files()


def slugs(labels: Iterable[str], reserved: Iterable[str] = ()) -> dict[str, str]:
    """A name for each label: lower case letters, digits and _, Chinese by its sound.

    No two are alike, and none is `reserved`; labels in any order get the same names.

    >>> slugs(["Pothole Repair (Internal)", "道路破损"])
    {'Pothole Repair (Internal)': 'pothole_repair_internal', '道路破损': 'dao_lu_po_sun'}
    """
    taken = set(reserved)
    found: dict[str, str] = {}
    for label in sorted(set(labels)):
        spelt = " ".join(lazy_pinyin(label)).lower()
        plain = re.sub(r"[^a-z0-9]+", "_", spelt).strip("_")[:_LONGEST].strip("_") or "value"
        numbered = (f"{plain}_{n}" for n in itertools.count(2))
        name = next(one for one in itertools.chain([plain], numbered) if one not in taken)
        taken.add(name)
        found[label] = name
    return found


class _Writing:
    """One pack being written."""

    def __init__(self, learned: Learned, about: About) -> None:
        self._learned = learned
        self._about = about
        self._law = f"past_decisions_{about.pack}"
        self._source = f"learned_{about.pack}"
        self._names = slugs(learned.facts)
        parts = [learned.split(cell)[0] for cell in learned.cells]
        self._values = {
            fact: slugs((labels[at] for labels in parts), [NOT_SEEN])
            for at, fact in enumerate(learned.facts)
        }
        self._combinations = sorted(set(parts))
        leads = sorted({cell.lead for cell in learned.cells if cell.lead is not None})
        self._units = {
            lead: lead if lead in about.units else f"{about.pack}.{slug}"
            for lead, slug in slugs(leads).items()
        }

    def files(self) -> dict[str, str]:
        self._check_size()
        roles, rules, mandates = self._by_street() if self._learned.by_street else self._by_lead()
        return {
            "pack.yaml": _yaml(self._pack()),
            "roles.yaml": _mapping("roles", roles),
            "rules.yaml": "".join(_yaml([rule]) for rule in rules) or "[]\n",
            "laws.yaml": _yaml({"laws": self._laws()}),
            "sources.yaml": _yaml(
                {"sources": {self._source: {"what": self._about.source, "kind": "C"}}}
            ),
            "units.yaml": _listing("units", self._new_units()) + _listing("mandates", mandates),
            SEAMS: self._seams(),
        }

    def _check_size(self) -> None:
        factors = {fact: len(values) + 1 for fact, values in self._values.items()}
        if math.prod(factors.values()) > MAX_COMBINATIONS:
            told = " × ".join(f"{fact} {count}" for fact, count in factors.items())
            raise LearningRefused(
                [
                    Fault(
                        "columns",
                        f"组合超过 {MAX_COMBINATIONS} 种（{told}）；请减少列或先合并取值",
                        f"more than {MAX_COMBINATIONS} combinations ({told}); take fewer columns "
                        "or join values first",
                    )
                ]
            )

    def _pack(self) -> _Said:
        facts = {
            self._names[column]: {
                "question": {"zh": f"“{column}”是哪一种？", "en": f"Which {column}?"},
                "values": {
                    **{slug: _same(label) for label, slug in values.items()},
                    NOT_SEEN: _NOT_SEEN,
                },
                "otherwise": NOT_SEEN,
            }
            for column, values in self._values.items()
        }
        name = self._about.name.as_dict()
        return {
            "pack": self._about.pack,
            "name": name,
            "periods": [{"valid_from": self._about.valid_from}],
            "facts": facts,
            "matters": {
                self._about.pack: {
                    "name": name,
                    "kind": "enforcement",
                    "facts": list(self._names.values()),
                }
            },
        }

    def _laws(self) -> _Said:
        source = self._about.source
        return {
            self._law: {
                "name": {"zh": f"以往的分派（{source}）", "en": f"Past decisions ({source})"},
                "short": {"zh": "以往的分派（非法律）", "en": "past decisions (not law)"},
                "valid_from": self._about.valid_from,
                "kind": "practice",
                "source": [self._source],
            }
        }

    def _new_units(self) -> list[_Said]:
        return [
            {
                "id": id_,
                "names": [_same(lead)],
                "kind": "org",
                "valid_from": self._about.valid_from,
                "source": [self._source],
                "confidence": "M",
            }
            for lead, id_ in self._units.items()
            if lead not in self._about.units
        ]

    # --- the two ways to a lead --------------------------------------------------------------

    def _by_street(self) -> tuple[_Said, list[_Said], list[_Said]]:
        """A role for each combination of facts, held street by street."""
        ids = self._ids([_JOINT.join(labels) for labels in self._combinations])
        decided: dict[tuple[str, ...], list[Cell]] = {}
        mandates = []
        for cell in self._learned.cells:
            labels, street = self._learned.split(cell)
            if cell.lead is None:
                continue
            decided.setdefault(labels, []).append(cell)
            mandates.append(
                {"role": ids[_JOINT.join(labels)], "scope": "street", "element": street}
                | self._held(cell.lead, cell.share)
            )
        roles: _Said = {}
        rules = []
        for labels, cells in sorted(decided.items()):
            id_ = ids[_JOINT.join(labels)]
            what = " · ".join(labels) or self._about.name.en
            roles[id_] = {"name": _same(what), "power": "enforce"}
            rules.append(self._rule(id_, id_, [self._when(labels)], what, cells))
        return roles, rules, mandates

    def _by_lead(self) -> tuple[_Said, list[_Said], list[_Said]]:
        """A role for each lead, held in the whole district."""
        ids = self._ids(list(self._units))
        roles: _Said = {}
        rules, mandates = [], []
        for lead, id_ in ids.items():
            cells = [cell for cell in self._learned.cells if cell.lead == lead]
            roles[id_] = {"name": _same(lead), "power": "enforce"}
            mandates.append({"role": id_, "scope": "district"} | self._held(lead, _share(cells)))
            grouped: dict[tuple[str, ...], list[str]] = {}
            for cell in cells:
                grouped.setdefault(cell.labels[:-1], []).append(cell.labels[-1])
            last = self._learned.facts[-1]
            whens = [
                {
                    **self._when(labels),
                    self._names[last]: [self._values[last][one] for one in members],
                }
                for labels, members in sorted(grouped.items())
            ]
            for at in range(0, len(whens), MAX_ALTERNATIVES):
                rule = f"{id_}.{at // MAX_ALTERNATIVES + 1}"
                part = whens[at : at + MAX_ALTERNATIVES]
                rules.append(self._rule(rule, id_, part, lead, cells))
        return roles, rules, mandates

    def _ids(self, labels: Sequence[str]) -> dict[str, str]:
        return {label: f"{self._about.pack}.{slug}" for label, slug in slugs(labels).items()}

    def _when(self, labels: Sequence[str]) -> _Said:
        return {
            self._names[fact]: self._values[fact][label]
            for fact, label in zip(self._learned.facts, labels, strict=False)
        }

    def _held(self, lead: str, share: float) -> _Said:
        return {
            "unit": self._units[lead],
            "valid_from": self._about.valid_from,
            "source": [self._source],
            "confidence": _confidence(share),
        }

    def _rule(
        self, id_: str, role: str, when: Sequence[_Said], what: str, cells: Sequence[Cell]
    ) -> _Said:
        rows = sum(cell.rows for cell in cells)
        plain = what.replace("{", "(").replace("}", ")")  # braces would name a fact
        return {
            "id": id_,
            "matter": self._about.pack,
            "valid_from": self._about.valid_from,
            "when": list(when) if len(when) > 1 else when[0],
            "lead": role,
            "says": {
                "zh": f"{plain}：按以往 {rows} 件的多数（{_share(cells):.0%}）",
                "en": f"{plain}: as most of {rows} past cases went ({_share(cells):.0%})",
            },
            "basis": [{"law": self._law}],
            "confidence": _confidence(_share(cells)),
            "source": [self._source],
        }

    def _seams(self) -> str:
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([*self._learned.columns, "rows", "why", "votes"])
        for cell in self._learned.seams:
            votes = "; ".join(f"{lead} {n}" for lead, n in cell.votes)
            writer.writerow([*cell.labels, cell.rows, cell.why, votes])
        return out.getvalue()


def _share(cells: Sequence[Cell]) -> float:
    return sum(cell.votes[0][1] for cell in cells) / sum(cell.rows for cell in cells)


def _confidence(share: float) -> str:
    return "H" if share >= 0.9 else "M" if share >= 0.7 else "L"


def _same(words: str) -> dict[str, str]:
    """What exists in one language only stands in both."""
    return {"zh": words, "en": words}


def _yaml(value: object) -> str:
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=100)


def _flow(value: object) -> str:
    return yaml.safe_dump(
        value, allow_unicode=True, sort_keys=False, width=10_000, default_flow_style=True
    ).strip()


def _listing(name: str, items: Sequence[_Said]) -> str:
    """A list with one line for each item, as people write mandates."""
    if not items:
        return f"{name}: []\n"
    return f"{name}:\n" + "".join(f"  - {_flow(item)}\n" for item in items)


def _mapping(name: str, items: _Said) -> str:
    if not items:
        return f"{name}: {{}}\n"
    return f"{name}:\n" + "".join(f"  {id_}: {_flow(item)}\n" for id_, item in items.items())
