"""What a pack asks: its parameters, facts and matters, and the conditions made of facts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rules import schema
from rules.checks import repeated
from rules.model import (
    UNKNOWN,
    Cannot,
    Card,
    Condition,
    Fact,
    Matter,
    MatterKind,
    Parameter,
    ParameterValue,
)
from rules.naming import EVER, Read, maybe, text
from rules.periods import Period

MAX_ALTERNATIVES = 64


def read_parameters(read: Read, folder: Path) -> None:
    """Read the parameters of a pack, if it has any, each with its dated values."""
    if not (folder / "parameters.yaml").exists():
        return
    file = read.file(folder, "parameters.yaml", schema.ParametersFile)
    for id_, given in (file.parameters if file else {}).items():
        key = f"{folder.name}/parameters.yaml:{id_}"
        if id_ in read.parameters:
            read.fault(key, "参数重复", "the parameter stands twice")
        values = tuple(
            ParameterValue(
                period=read.period(one.valid_from or EVER, one.ceases_on, f"{key}.{at}"),
                value=one.value,
                basis=read.bases(one.basis, f"{key}.{at}"),
                confidence=one.confidence,
                source=tuple(one.source),
            )
            for at, one in enumerate(given.values)
        )
        read.check_disjoint([value.period for value in values], key)
        read.parameters[id_] = Parameter(id_, text(given.name), given.unit, values)


def fact_of(read: Read, folder: Path, name: str, given: schema.FactS) -> Fact:
    """The fact, with its bands where it is a number; the parameters must have been read."""
    key = f"{folder.name}/pack.yaml:facts.{name}"
    if UNKNOWN in given.values:
        read.fault(key, f"{UNKNOWN} 不能作为取值", f"{UNKNOWN} is not a value")
    if given.otherwise is not None and given.otherwise not in given.values:
        read.fault(
            f"{key}.otherwise",
            f"{given.otherwise} 不是取值，可选：{'、'.join(given.values)}",
            f"{given.otherwise} is not a value; allowed: {', '.join(given.values)}",
        )
    cuts = tuple(given.number.cuts) if given.number else ()
    if cuts and len(given.values) != len(cuts) + 1:
        read.fault(
            key,
            f"{len(cuts)} 个分界应有 {len(cuts) + 1} 个取值",
            f"{len(cuts)} cuts need {len(cuts) + 1} values",
        )
    for cut in cuts:
        if cut not in read.parameters:
            read.fault(key, f"没有参数 {cut}", f"there is no parameter {cut}")
    return Fact(
        name=name,
        question=text(given.question),
        values={value: text(label) for value, label in given.values.items()},
        place=given.place,
        unit=given.number.unit if given.number else None,
        cuts=cuts,
        otherwise=given.otherwise,
    )


def read_matter(
    read: Read,
    key: str,
    given: schema.MatterS,
    *,
    pack: str,
    facts: Mapping[str, Fact],
    default: tuple[Period, ...],
) -> None:
    """Read a matter; `facts` are those of its pack, `default` the pack's periods."""
    code = key.partition("matters.")[2]
    if code in read.matters:
        read.fault(key, "事项重复", "the matter stands twice")
    for name in given.facts:
        if name not in facts:
            read.fault(f"{key}.facts", f"没有要素 {name}", f"there is no fact {name}")
    for name in repeated(given.facts):
        read.fault(f"{key}.facts", f"{name} 重复", f"{name} stands twice")
    own = {name: facts[name] for name in given.facts if name in facts}
    periods = tuple(read.period(one.valid_from, one.ceases_on, key) for one in given.periods)
    read.check_disjoint(periods, f"{key}.periods")
    cannot = tuple(
        Cannot(
            id=one.id,
            alternatives=conditions_of(read, one.when, own, f"{key}.cannot.{one.id}"),
            because=text(one.because),
            period=read.period(one.valid_from or EVER, one.ceases_on, key),
        )
        for one in given.cannot
    )
    for id_ in repeated(one.id for one in given.cannot):
        read.fault(f"{key}.cannot", f"{id_} 重复", f"{id_} stands twice")
    read.matters[code] = Matter(
        code=code,
        pack=pack,
        name=text(given.name),
        words=tuple(given.words),
        kind=MatterKind(given.kind),
        facts=tuple(own.values()),
        cannot=cannot,
        periods=periods or default,
        deadlines=read.deadlines_named(given.deadlines, f"{key}.deadlines"),
        card=_card(read, given.card, key),
    )


def _card(read: Read, given: schema.CardS | None, key: str) -> Card | None:
    if given is None:
        return None
    spot = given.on_the_spot
    return Card(
        look=tuple(map(text, given.look)),
        evidence=tuple(map(text, given.evidence)),
        tell=tuple(map(text, given.tell)),
        on_the_spot=None if spot is None else spot.possible,
        on_the_spot_limits=()
        if spot is None
        else read.deadlines_named(spot.deadlines, f"{key}.card.on_the_spot"),
        on_the_spot_note=None if spot is None else maybe(spot.note),
    )


def conditions_of(
    read: Read, when: schema.WhenS, facts: Mapping[str, Fact], key: str
) -> tuple[Condition, ...]:
    """The alternatives of a `when`: in each, every fact with the values that satisfy it."""
    given = when if isinstance(when, list) else [when]
    if not 1 <= len(given) <= MAX_ALTERNATIVES:
        read.fault(
            key,
            f"应有 1 到 {MAX_ALTERNATIVES} 种情形，给了 {len(given)}",
            f"must have 1 to {MAX_ALTERNATIVES} alternatives, has {len(given)}",
        )
    return tuple(_condition(read, one, facts, key) for one in given)


def _condition(
    read: Read, given: schema.ConditionS, facts: Mapping[str, Fact], key: str
) -> Condition:
    condition: dict[str, frozenset[str]] = {}
    for name, wanted in given.items():
        fact = facts.get(name)
        if fact is None:
            read.fault(key, f"没有要素 {name}", f"there is no fact {name}")
            continue
        negated = isinstance(wanted, schema.NotS)
        if isinstance(wanted, schema.NotS):
            named = wanted.not_
        else:
            named = wanted if isinstance(wanted, list) else [wanted]
        for value in named:
            if value not in fact.values:
                read.fault(
                    f"{key}.{name}",
                    f"{value} 不是取值，可选：{'、'.join(fact.values)}",
                    f"{value} is not a value; allowed: {', '.join(fact.values)}",
                )
        held = frozenset(named) & frozenset(fact.values)
        condition[name] = frozenset(fact.values) - held if negated else held
        if not condition[name]:
            read.fault(f"{key}.{name}", "没有取值能满足", "no value can satisfy this")
    return condition
