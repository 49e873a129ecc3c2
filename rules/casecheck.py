"""Worked examples against the tables: what the rules say of each case, and what it expected.

A case may leave facts open. Then what it expects must hold whatever they are: every possible
completion names the expected lead, and a rule or an assistant counts only when it is in all of
them. Units and places are not looked at here; see `enforcement.publishing`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from rules.book import Book
from rules.errors import RulesError
from rules.model import UNKNOWN, Case, Text
from rules.seams import leads
from rules.table import Verdict


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What a case came to: the rules that stand whatever is open, and what it got wrong."""

    case: Case
    fired: tuple[str, ...]
    leads: tuple[tuple[str, ...], ...]
    faults: tuple[Text, ...]

    @property
    def passed(self) -> bool:
        """Whether everything is as the case expects."""
        return not self.faults


def check_cases(book: Book) -> tuple[CaseResult, ...]:
    """The results of all cases of the book, in order of their packs."""
    return tuple(check_case(case, book) for case in book.catalogue.cases)


def check_case(case: Case, book: Book) -> CaseResult:
    """The result of one case."""
    try:
        table = book.table(case.matter, case.on)
    except RulesError as error:
        return CaseResult(case, (), (), (Text(error.zh, error.en),))
    known = {name: value for name, value in case.facts.items() if value != UNKNOWN}
    _, cells = table.part(known)
    found = [table.verdicts[int(n)] for n in np.unique(cells)]
    possible = [one for one in found if one.impossible is None]
    if not possible:
        clause = found[0].impossible
        says = Text(f"要素互相矛盾（{clause}）", f"the facts contradict each other ({clause})")
        return CaseResult(case, (), (), (says,))
    named = tuple(dict.fromkeys(leads(one, book.catalogue) for one in possible))
    fired = _shared(possible)
    faults = [*_lead_faults(case, named), *_rule_faults(case, fired, book)]
    return CaseResult(case, fired, named, tuple(faults))


def _shared(possible: Iterable[Verdict]) -> tuple[str, ...]:
    return tuple(sorted(frozenset.intersection(*(frozenset(v.standing) for v in possible))))


def _lead_faults(case: Case, named: tuple[tuple[str, ...], ...]) -> Iterable[Text]:
    told = "; ".join(" + ".join(roles) or "-" for roles in named)
    if case.seam is not None:
        kinds = {"gap" if not roles else "overlap" if len(roles) > 1 else "lead" for roles in named}
        if kinds != {case.seam}:
            yield Text(
                f"应为缝隙 {case.seam}，得出 {told}",
                f"expected the seam {case.seam}, found {told}",
            )
    elif case.lead is not None and named != ((case.lead,),):
        yield Text(
            f"主办职能应为 {case.lead}，得出 {told}", f"expected the lead {case.lead}, found {told}"
        )


def _rule_faults(case: Case, fired: tuple[str, ...], book: Book) -> Iterable[Text]:
    absent = sorted(set(case.rules) - set(fired))
    if absent:
        yield Text(
            f"规则 {', '.join(absent)} 没有起作用；起作用的是 {', '.join(fired) or '-'}",
            f"the rules {', '.join(absent)} do not stand; standing are {', '.join(fired) or '-'}",
        )
    helping = {one.role.id for id_ in fired for one in book.catalogue.rules[id_].assist}
    lacking = sorted(set(case.assist) - helping)
    if lacking:
        yield Text(
            f"协办缺少 {', '.join(lacking)}；有 {', '.join(sorted(helping)) or '-'}",
            f"{', '.join(lacking)} do not assist; assisting are "
            f"{', '.join(sorted(helping)) or '-'}",
        )


def unfired(book: Book, results: Iterable[CaseResult]) -> tuple[str, ...]:
    """The rules that stand in no case, in order of id."""
    seen = {id_ for one in results for id_ in one.fired}
    return tuple(id_ for id_ in book.catalogue.rules if id_ not in seen)
