"""What is wrong with single rules: no source, no basis on its day, a lead without power, idle."""

from __future__ import annotations

from collections.abc import Iterator

from enforcement.found import Found, Kind, Part, dated
from rules.book import Book
from rules.model import Matter, MatterKind, Power, Rule, Text
from rules.periods import Period, cut, uncovered
from rules.seams import idle_rules


def rule_seams(book: Book) -> Iterator[Found]:
    """The faults of single rules, then the rules that decide nothing on any of their days."""
    for code in book.tables:
        matter = book.matter(code)
        for rule in book.catalogue.rules_of(code):
            for period in _days(rule, matter):
                yield from _sources(rule, matter, period)
                yield from _bases(rule, matter, period)
                yield from _powers(rule, matter, period)
    yield from _idle(book)


def _days(rule: Rule, matter: Matter) -> Iterator[Period]:
    """The days on which a rule speaks of a matter."""
    ends = [rule.period.valid_from, *([rule.period.ceases_on] if rule.period.ceases_on else [])]
    for span in cut(matter.periods, ends):
        if rule.period.covers(span.valid_from):
            yield span


def _found(
    kind: Kind, rule: Rule, matter: Matter, period: Period, *, says: Text, to: Text
) -> Found:
    return Found(
        part=Part.RULES,
        kind=kind,
        period=period,
        says=dated(period, says),
        closes=to,
        matter=matter.code,
        rules=(rule.id,),
        roles=() if rule.lead is None else (rule.lead.id,),
    )


def _sources(rule: Rule, matter: Matter, period: Period) -> Iterator[Found]:
    if not rule.source:
        yield _found(
            Kind.UNSOURCED,
            rule,
            matter,
            period,
            says=Text(f"规则 {rule.id} 没有写明来源", f"rule {rule.id} names no source"),
            to=Text("写明来源（source）", "name its source"),
        )


def _bases(rule: Rule, matter: Matter, period: Period) -> Iterator[Found]:
    for hole in uncovered(period, [basis.period for basis in rule.basis]):
        yield _found(
            Kind.UNBASED,
            rule,
            matter,
            hole,
            says=Text(
                f"规则 {rule.id} 所引依据都不在有效期内",
                f"no basis that rule {rule.id} cites is in force",
            ),
            to=Text(
                "补上当时有效的依据，或让规则同日失效", "cite what was in force, or end the rule"
            ),
        )


def _powers(rule: Rule, matter: Matter, period: Period) -> Iterator[Found]:
    lead = rule.lead
    if lead is None:
        return
    if lead.power is Power.COORDINATE:
        yield _found(
            Kind.COORDINATION,
            rule,
            matter,
            period,
            says=Text(
                f"规则 {rule.id} 由议事协调职能“{lead.name.zh}”主办“{matter.name.zh}”",
                f"rule {rule.id} lets “{lead.name.en}”, which only coordinates, lead",
            ),
            to=Text("改由有执法权的职能主办", "name a role with powers"),
        )
    elif lead.power is Power.MAINTAIN and matter.kind is not MatterKind.UPKEEP:
        yield _found(
            Kind.POWER,
            rule,
            matter,
            period,
            says=Text(
                f"规则 {rule.id} 由权属职能“{lead.name.zh}”主办执法事项“{matter.name.zh}”",
                f"rule {rule.id} lets “{lead.name.en}”, which may only maintain, enforce",
            ),
            to=Text("改由有执法权的职能主办", "name a role with powers"),
        )


def _idle(book: Book) -> Iterator[Found]:
    """Rules that stand in no possible combination on any day of any of their matters."""
    masks: dict[str, set[str]] = {}
    standing: set[str] = set()
    for tables in book.tables.values():
        for table in tables:
            for idle in idle_rules(table, book.catalogue):
                masks.setdefault(idle.rule, set()).update(idle.masked_by)
            standing |= {id_ for verdict in table.verdicts for id_ in verdict.standing}
    for id_ in sorted(set(masks) - standing):
        rule = book.catalogue.rules[id_]
        matter = book.matter(rule.matters[0])
        by = ", ".join(sorted(masks[id_]))
        yield _found(
            Kind.IDLE,
            rule,
            matter,
            rule.period,
            says=Text(
                f"规则 {id_} 从不起作用" + (f"：总被 {by} 排除" if by else "：其条件不会出现"),
                f"rule {id_} never decides anything: "
                + (f"{by} always beats it" if by else "its facts never occur"),
            ),
            to=Text(
                "删去该规则，或改正条件与优先关系", "drop it, or mend its condition or overrides"
            ),
        )
