"""What must hold of loaded packs as a whole; every fault is found, none stops the search.

Each day of a rule has a basis in force, a coordination body never leads, an owner only in
upkeep, rules beat each other without a circle, thresholds have values on every day they are
needed, and cases speak of what exists.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rules.errors import Fault
from rules.model import UNKNOWN, Case, Matter, MatterKind, Parameter, Power, Role, Rule
from rules.periods import Period, uncovered


@dataclass(frozen=True, slots=True)
class Loaded:
    """What has been read from all packs."""

    roles: Mapping[str, Role]
    matters: Mapping[str, Matter]
    rules: Mapping[str, Rule]
    parameters: Mapping[str, Parameter]
    cases: Sequence[Case]


def faults_of(loaded: Loaded, where: Mapping[str, str]) -> Iterator[Fault]:
    """The faults of the whole; `where` gives the file and key of each rule and case."""
    for rule in loaded.rules.values():
        key = where[rule.id]
        for code in rule.matters:
            matter = loaded.matters.get(code)
            if matter is not None:
                yield from _lead_faults(rule, matter, key)
                yield from _basis_faults(rule, matter, key)
        yield from _override_faults(rule, loaded.rules, key)
    yield from _circles(loaded.rules, where)
    for matter in loaded.matters.values():
        yield from _name_faults(matter, loaded.rules)
        for id_ in (cut for fact in matter.facts for cut in fact.cuts):
            if id_ in loaded.parameters:
                yield from _parameter_faults(loaded.parameters[id_], matter)
    for id_ in repeated(case.id for case in loaded.cases):
        yield Fault("cases", f"案例编号 {id_} 重复", f"the case id {id_} stands twice")
    for case in loaded.cases:
        yield from _case_faults(case, loaded, where[f"case {case.id}"])


def repeated(ids: Iterable[str]) -> list[str]:
    """The ids that occur more than once, in order."""
    return sorted(id_ for id_, count in Counter(ids).items() if count > 1)


def _lead_faults(rule: Rule, matter: Matter, key: str) -> Iterator[Fault]:
    lead = rule.lead
    if lead is None:
        return
    owner_enforces = lead.power is Power.MAINTAIN and matter.kind is not MatterKind.UPKEEP
    if lead.power is Power.COORDINATE or owner_enforces:
        yield Fault(
            f"{key}.lead",
            f"{lead.name.zh}（{lead.power}）不能主办事项 {matter.code}（{matter.kind}）",
            f"{lead.id} ({lead.power}) may not lead {matter.code} ({matter.kind})",
        )


def _basis_faults(rule: Rule, matter: Matter, key: str) -> Iterator[Fault]:
    for span in matter.periods:
        if not span.meets(rule.period):
            continue
        ends = [end for end in (span.ceases_on, rule.period.ceases_on) if end is not None]
        needed = Period(max(span.valid_from, rule.period.valid_from), min(ends) if ends else None)
        for hole in uncovered(needed, (basis.period for basis in rule.basis)):
            yield Fault(f"{key}.basis", f"{hole} 没有有效的依据", f"no basis is in force on {hole}")


def _override_faults(rule: Rule, rules: Mapping[str, Rule], key: str) -> Iterator[Fault]:
    for beaten_id in rule.overrides:
        beaten = rules.get(beaten_id)
        if beaten is None or not set(beaten.matters) & set(rule.matters):
            yield Fault(
                f"{key}.overrides",
                f"没有同一事项的规则 {beaten_id}",
                f"there is no rule {beaten_id} of the same matter",
            )
        elif beaten.lead is not None and rule.lead is None:
            yield Fault(
                f"{key}.overrides",
                f"没有主办的规则不能排除 {beaten_id}",
                f"a rule without a lead may not beat {beaten_id}, which has one",
            )


def _name_faults(matter: Matter, rules: Mapping[str, Rule]) -> Iterator[Fault]:
    """A `cannot` clause and a rule share the names in a table, so they may not share an id."""
    for clause in matter.cannot:
        if clause.id in rules:
            yield Fault(
                f"matter {matter.code}.cannot",
                f"{clause.id} 已经是一条规则的编号",
                f"{clause.id} is the id of a rule already",
            )


def _circles(rules: Mapping[str, Rule], where: Mapping[str, str]) -> Iterator[Fault]:
    done: set[str] = set()

    def visit(rule_id: str, path: tuple[str, ...]) -> Iterator[Fault]:
        if rule_id in path:
            circle = " → ".join((*path[path.index(rule_id) :], rule_id))
            yield Fault(
                where[rule_id],
                f"规则互相排除成环：{circle}",
                f"rules beat each other in a circle: {circle}",
            )
        elif rule_id in rules and rule_id not in done:
            for beaten in rules[rule_id].overrides:
                yield from visit(beaten, (*path, rule_id))
            done.add(rule_id)

    for rule_id in sorted(rules):
        yield from visit(rule_id, ())


def _parameter_faults(parameter: Parameter, matter: Matter) -> Iterator[Fault]:
    for span in matter.periods:
        for hole in uncovered(span, (value.period for value in parameter.values)):
            yield Fault(
                f"parameter {parameter.id}",
                f"事项 {matter.code} 需要它，但 {hole} 没有值",
                f"{matter.code} needs it, but it has no value on {hole}",
            )


def _case_faults(case: Case, loaded: Loaded, key: str) -> Iterator[Fault]:
    matter = loaded.matters.get(case.matter)
    if matter is None:
        yield Fault(key, f"没有事项 {case.matter}", f"there is no matter {case.matter}")
        return
    for name, value in case.facts.items():
        fact = matter.fact(name)
        if fact is None or value not in {*fact.values, UNKNOWN}:
            yield Fault(
                key,
                f"要素 {name}={value} 不属于事项 {case.matter}",
                f"{name}={value} does not belong to {case.matter}",
            )
    for role in (*case.assist, *([case.lead] if case.lead else [])):
        if role not in loaded.roles:
            yield Fault(key, f"没有职能 {role}", f"there is no role {role}")
    for rule in case.rules:
        if rule not in loaded.rules:
            yield Fault(key, f"没有规则 {rule}", f"there is no rule {rule}")
