"""A pack's files together: its matters, then the rules and cases that speak of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from rules import schema
from rules.matter_files import conditions_of, fact_of, read_matter
from rules.model import Assist, Case, Fact, Reading, Rule, Safety, Text
from rules.naming import Read, maybe, text
from rules.reading import parsed, read_yaml


def read_pack(read: Read, folder: Path) -> None:
    """Read what a pack asks, its rules and its cases; its parameters must have been read."""
    head = read.file(folder, "pack.yaml", schema.PackFile)
    if head is None:
        return
    read.packs[head.pack] = text(head.name)
    facts = {name: fact_of(read, folder, name, given) for name, given in head.facts.items()}
    default = tuple(
        read.period(one.valid_from, one.ceases_on, f"{folder.name}/pack.yaml:periods.{at}")
        for at, one in enumerate(head.periods)
    )
    read.check_disjoint(default, f"{folder.name}/pack.yaml:periods")
    for code, given in head.matters.items():
        key = f"{folder.name}/pack.yaml:matters.{code}"
        read_matter(read, key, given, pack=head.pack, facts=facts, default=default)
    raw = read_yaml(folder / "rules.yaml", f"{folder.name}/rules.yaml", read.faults)
    for at, one in enumerate(_listed(read, raw, f"{folder.name}/rules.yaml")):
        rule_id = one.get("id", at) if isinstance(one, dict) else at
        key = f"{folder.name}/rules.yaml:{rule_id}"
        rule = parsed(schema.RuleS, one, key, read.faults)
        if rule is not None:
            _read_rule(read, key, head.pack, rule, facts)
    if (folder / "cases.yaml").exists():
        raw = read_yaml(folder / "cases.yaml", f"{folder.name}/cases.yaml", read.faults)
        for at, one in enumerate(_listed(read, raw, f"{folder.name}/cases.yaml")):
            case_id = one.get("id", at) if isinstance(one, dict) else at
            key = f"{folder.name}/cases.yaml:{case_id}"
            case = parsed(schema.CaseS, one, key, read.faults)
            if case is not None:
                _read_case(read, head.pack, case)
                read.where[f"case {case.id}"] = key


def _listed(read: Read, raw: object, key: str) -> list[object]:
    if raw is None:
        return []
    if not isinstance(raw, list):
        read.fault(key, "应当是一个列表", "must be a list")
        return []
    return raw


def _read_rule(
    read: Read, key: str, pack: str, given: schema.RuleS, facts: Mapping[str, Fact]
) -> None:
    if given.id in read.rules:
        read.fault(key, f"规则编号 {given.id} 重复", f"the rule id {given.id} stands twice")
    read.check_sources(given.source, key)
    matters = (given.matter,) if isinstance(given.matter, str) else tuple(given.matter)
    for code in matters:
        if code not in read.matters or read.matters[code].pack != pack:
            read.fault(
                f"{key}.matter",
                f"本包没有事项 {code}",
                f"there is no matter {code} in this pack",
            )
    alternatives = conditions_of(read, given.when, facts, f"{key}.when")
    for code in matters:
        known = read.matters.get(code)
        for name in {name for one in alternatives for name in one}:
            if known is not None and known.fact(name) is None:
                read.fault(
                    f"{key}.when",
                    f"事项 {code} 没有要素 {name}",
                    f"the matter {code} has no fact {name}",
                )
    read.where[given.id] = key
    read.rules[given.id] = Rule(
        id=given.id,
        rows=tuple(given.rows),
        pack=pack,
        matters=matters,
        period=read.period(given.valid_from, given.ceases_on, key),
        alternatives=alternatives,
        lead=read.role(given.lead, f"{key}.lead"),
        assist=_assists(read, given.assist, f"{key}.assist"),
        says=text(given.says),
        basis=read.bases(given.basis, f"{key}.basis"),
        confidence=given.confidence,
        source=tuple(given.source),
        overrides=tuple(given.overrides),
        readings=tuple(
            Reading(
                says=text(one.says),
                lead=read.role(one.lead, f"{key}.readings.{at}.lead"),
                basis=read.bases(one.basis, f"{key}.readings.{at}"),
                confidence=one.confidence,
                source=read.check_sources(one.source, f"{key}.readings.{at}"),
            )
            for at, one in enumerate(given.readings)
        ),
        enforcement_point=maybe(given.enforcement_point),
        safety=None
        if given.safety is None
        else Safety(
            Text(given.safety.zh, given.safety.en),
            tuple((Text(one.zh, one.en), one.phone) for one in given.safety.call),
        ),
        deadlines=read.deadlines_named(given.deadlines, f"{key}.deadlines"),
        note=maybe(given.note),
    )


def _assists(read: Read, given: Iterable[schema.AssistS], key: str) -> tuple[Assist, ...]:
    found = []
    for one in given:
        role = read.role(one.role, key)
        if role is not None:
            found.append(Assist(role, one.duty))
    return tuple(found)


def _read_case(read: Read, pack: str, given: schema.CaseS) -> None:
    read.cases.append(
        Case(
            id=given.id,
            name=given.name,
            on=given.on,
            matter=given.matter,
            facts=given.facts,
            lead=given.expect.lead,
            assist=tuple(given.expect.assist),
            rules=tuple(given.expect.rules),
            seam=given.expect.seam,
            unit=given.unit,
            street=given.place.street if given.place else None,
            pack=pack,
        )
    )
