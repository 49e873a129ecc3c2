"""Packs of YAML → one checked, frozen `Catalogue`; every fault at once, with file and key.

`schema` knows the shape of the files; here names become values and what is named must
exist. `checks` looks at the whole. What only the engine can tell (gaps, overlaps) is not checked
here; see `table`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from rules import schema
from rules.checks import Loaded, faults_of, repeated
from rules.errors import Fault, PackRefused
from rules.model import (
    UNKNOWN,
    Assist,
    Basis,
    Cannot,
    Card,
    Case,
    Catalogue,
    Condition,
    Deadline,
    Fact,
    Law,
    Limit,
    Matter,
    MatterKind,
    Parameter,
    ParameterValue,
    Power,
    Reading,
    Role,
    Rule,
    Safety,
    Source,
    Text,
)
from rules.periods import Period
from rules.reading import parsed, read_yaml

MAX_ALTERNATIVES = 64
_EVER = date(1900, 1, 1)
CATALOGUE = Path(__file__).parent / "catalogue"
_PACK_FILES = ("pack.yaml", "rules.yaml", "parameters.yaml", "cases.yaml")
_COMMON_FILES = ("roles.yaml", "laws.yaml", "sources.yaml", "deadlines.yaml")


def load_catalogue(packs: Sequence[Path], common: Path = CATALOGUE / "common") -> Catalogue:
    """The checked content of the packs (folders) and of the common folder.

    A pack may bring roles, laws, sources and deadlines of its own, in files of the same names.
    Raises `PackRefused` with every fault found. The result does not depend on the order of
    packs or of entries in files, except for the order of a matter's facts and of a fact's
    values, which people see.
    """
    loading = _Loading()
    folders = sorted(packs, key=_name)
    loading.common(common)
    for folder in folders:
        loading.common(folder, needed=False)
    for folder in folders:
        loading.parameters_of(folder)
    for folder in folders:
        loading.pack(folder)
    loading.faults.extend(
        faults_of(
            Loaded(
                loading.roles, loading.matters, loading.rules, loading.parameters, loading.cases
            ),
            loading.where,
        )
    )
    if loading.faults:
        raise PackRefused(loading.faults)
    return Catalogue(
        roles=loading.roles,
        laws=loading.laws,
        sources=loading.sources,
        deadlines=loading.deadlines,
        parameters=loading.parameters,
        matters=dict(sorted(loading.matters.items())),
        rules=dict(sorted(loading.rules.items())),
        cases=tuple(loading.cases),
        sha256=_digest(common, packs),
        packs=dict(sorted(loading.packs.items())),
    )


def _name(path: Path) -> str:
    return path.name


def _digest(common: Path, packs: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for folder, names in [(common, _COMMON_FILES)] + [
        (folder, _PACK_FILES) for folder in sorted(packs, key=_name)
    ]:
        for name in names:
            path = folder / name
            content = path.read_bytes() if path.exists() else b""
            digest.update(f"{folder.name}/{name}:{len(content)}\n".encode())
            digest.update(content)
    for path in (folder / name for folder in sorted(packs, key=_name) for name in _COMMON_FILES):
        if path.exists():
            digest.update(f"{path.parent.name}/{path.name}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def _text(given: schema.TextS) -> Text:
    return Text(given.zh, given.en)


def _maybe(given: schema.TextS | None) -> Text | None:
    return None if given is None else _text(given)


@dataclass
class _Loading:
    """What has been read so far. Order: common, then each pack's facts, matters and rules."""

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
        self.faults.append(Fault(field_, zh, en))

    # --- the common folder ---------------------------------------------------------------

    def common(self, folder: Path, *, needed: bool = True) -> None:
        """Roles, laws, sources and deadlines of a folder; without `needed` those that it has."""

        def file(name: str, model: type[schema.M]) -> schema.M | None:
            there = needed or (folder / name).exists()
            return self._file(folder, name, model) if there else None

        sources = file("sources.yaml", schema.SourcesFile)
        for id_, one in (sources.sources if sources else {}).items():
            self._check_new(id_, self.sources, f"{folder.name}/sources.yaml:{id_}")
            self.sources[id_] = Source(id_, one.what, one.kind, one.address)
        roles = file("roles.yaml", schema.RolesFile)
        for id_, role in (roles.roles if roles else {}).items():
            self._check_new(id_, self.roles, f"{folder.name}/roles.yaml:{id_}")
            self.roles[id_] = Role(id_, _text(role.name), Power(role.power))
        laws = file("laws.yaml", schema.LawsFile)
        for id_, law in (laws.laws if laws else {}).items():
            key = f"{folder.name}/laws.yaml:{id_}"
            self._check_new(id_, self.laws, key)
            self._check_sources(law.source, key)
            self.laws[id_] = Law(
                id=id_,
                name=_text(law.name),
                short=_text(law.short or law.name),
                period=self._period(law.valid_from, law.ceases_on, key),
                kind=law.kind,
                source=tuple(law.source),
                articles=law.articles,
            )
        deadlines = file("deadlines.yaml", schema.DeadlinesFile)
        for id_, deadline in (deadlines.deadlines if deadlines else {}).items():
            self._deadline(id_, deadline, f"{folder.name}/deadlines.yaml:{id_}")

    def _check_new(self, id_: str, known: Mapping[str, object], key: str) -> None:
        if id_ in known:
            self.fault(key, f"{id_} 重复", f"{id_} stands twice")

    def _deadline(self, id_: str, given: schema.DeadlineS, key: str) -> None:
        self._check_new(id_, self.deadlines, key)
        values = given.values
        if not values:
            if given.unit is None or given.confidence is None:
                self.fault(key, "缺少 unit 或 confidence", "needs unit and confidence")
                return
            values = [
                schema.LimitS(
                    valid_from=given.valid_from,
                    ceases_on=given.ceases_on,
                    limit=given.limit,
                    unit=given.unit,
                    basis=given.basis,
                    confidence=given.confidence,
                    source=given.source,
                )
            ]
        limits = []
        for at, value in enumerate(values):
            here = f"{key}.values.{at}"
            self._check_sources(value.source, here)
            limits.append(
                Limit(
                    period=self._period(value.valid_from or _EVER, value.ceases_on, here),
                    limit=value.limit,
                    unit=value.unit,
                    basis=self._bases(value.basis, here),
                    confidence=value.confidence,
                    source=tuple(value.source),
                )
            )
        self._check_disjoint([limit.period for limit in limits], key)
        self.deadlines[id_] = Deadline(id_, _text(given.step), tuple(limits), _maybe(given.note))

    # --- a pack --------------------------------------------------------------------------

    def pack(self, folder: Path) -> None:
        head = self._file(folder, "pack.yaml", schema.PackFile)
        if head is None:
            return
        self.packs[head.pack] = _text(head.name)
        facts = {name: self._fact(folder, name, given) for name, given in head.facts.items()}
        default = tuple(
            self._period(one.valid_from, one.ceases_on, f"{folder.name}/pack.yaml:periods.{at}")
            for at, one in enumerate(head.periods)
        )
        self._check_disjoint(default, f"{folder.name}/pack.yaml:periods")
        for code, given in head.matters.items():
            key = f"{folder.name}/pack.yaml:matters.{code}"
            self._matter(key, given, pack=head.pack, facts=facts, default=default)
        raw = read_yaml(folder / "rules.yaml", f"{folder.name}/rules.yaml", self.faults)
        for at, one in enumerate(self._list(raw, f"{folder.name}/rules.yaml")):
            rule_id = one.get("id", at) if isinstance(one, dict) else at
            key = f"{folder.name}/rules.yaml:{rule_id}"
            rule = parsed(schema.RuleS, one, key, self.faults)
            if rule is not None:
                self._rule(key, head.pack, rule, facts)
        if (folder / "cases.yaml").exists():
            raw = read_yaml(folder / "cases.yaml", f"{folder.name}/cases.yaml", self.faults)
            for at, one in enumerate(self._list(raw, f"{folder.name}/cases.yaml")):
                case_id = one.get("id", at) if isinstance(one, dict) else at
                key = f"{folder.name}/cases.yaml:{case_id}"
                case = parsed(schema.CaseS, one, key, self.faults)
                if case is not None:
                    self._case(head.pack, case)
                    self.where[f"case {case.id}"] = key

    def _list(self, raw: object, key: str) -> list[object]:
        if raw is None:
            return []
        if not isinstance(raw, list):
            self.fault(key, "应当是一个列表", "must be a list")
            return []
        return raw

    def parameters_of(self, folder: Path) -> None:
        if not (folder / "parameters.yaml").exists():
            return
        file = self._file(folder, "parameters.yaml", schema.ParametersFile)
        for id_, given in (file.parameters if file else {}).items():
            key = f"{folder.name}/parameters.yaml:{id_}"
            if id_ in self.parameters:
                self.fault(key, "参数重复", "the parameter stands twice")
            values = tuple(
                ParameterValue(
                    period=self._period(one.valid_from or _EVER, one.ceases_on, f"{key}.{at}"),
                    value=one.value,
                    basis=self._bases(one.basis, f"{key}.{at}"),
                    confidence=one.confidence,
                    source=tuple(one.source),
                )
                for at, one in enumerate(given.values)
            )
            self._check_disjoint([value.period for value in values], key)
            self.parameters[id_] = Parameter(id_, _text(given.name), given.unit, values)

    def _fact(self, folder: Path, name: str, given: schema.FactS) -> Fact:
        key = f"{folder.name}/pack.yaml:facts.{name}"
        if UNKNOWN in given.values:
            self.fault(key, f"{UNKNOWN} 不能作为取值", f"{UNKNOWN} is not a value")
        if given.otherwise is not None and given.otherwise not in given.values:
            self.fault(
                f"{key}.otherwise",
                f"{given.otherwise} 不是取值，可选：{'、'.join(given.values)}",
                f"{given.otherwise} is not a value; allowed: {', '.join(given.values)}",
            )
        cuts = tuple(given.number.cuts) if given.number else ()
        if cuts and len(given.values) != len(cuts) + 1:
            self.fault(
                key,
                f"{len(cuts)} 个分界应有 {len(cuts) + 1} 个取值",
                f"{len(cuts)} cuts need {len(cuts) + 1} values",
            )
        for cut in cuts:
            if cut not in self.parameters:
                self.fault(key, f"没有参数 {cut}", f"there is no parameter {cut}")
        return Fact(
            name=name,
            question=_text(given.question),
            values={value: _text(label) for value, label in given.values.items()},
            place=given.place,
            unit=given.number.unit if given.number else None,
            cuts=cuts,
            otherwise=given.otherwise,
        )

    def _matter(
        self,
        key: str,
        given: schema.MatterS,
        *,
        pack: str,
        facts: Mapping[str, Fact],
        default: tuple[Period, ...],
    ) -> None:
        code = key.partition("matters.")[2]
        if code in self.matters:
            self.fault(key, "事项重复", "the matter stands twice")
        for name in given.facts:
            if name not in facts:
                self.fault(f"{key}.facts", f"没有要素 {name}", f"there is no fact {name}")
        for name in repeated(given.facts):
            self.fault(f"{key}.facts", f"{name} 重复", f"{name} stands twice")
        own = {name: facts[name] for name in given.facts if name in facts}
        periods = tuple(self._period(one.valid_from, one.ceases_on, key) for one in given.periods)
        self._check_disjoint(periods, f"{key}.periods")
        cannot = tuple(
            Cannot(
                id=one.id,
                alternatives=self._conditions(one.when, own, f"{key}.cannot.{one.id}"),
                because=_text(one.because),
                period=self._period(one.valid_from or _EVER, one.ceases_on, key),
            )
            for one in given.cannot
        )
        for id_ in repeated(one.id for one in given.cannot):
            self.fault(f"{key}.cannot", f"{id_} 重复", f"{id_} stands twice")
        self.matters[code] = Matter(
            code=code,
            pack=pack,
            name=_text(given.name),
            words=tuple(given.words),
            kind=MatterKind(given.kind),
            facts=tuple(own.values()),
            cannot=cannot,
            periods=periods or default,
            deadlines=self._known_deadlines(given.deadlines, f"{key}.deadlines"),
            card=self._card(given.card, key),
        )

    def _card(self, given: schema.CardS | None, key: str) -> Card | None:
        if given is None:
            return None
        spot = given.on_the_spot
        return Card(
            look=tuple(map(_text, given.look)),
            evidence=tuple(map(_text, given.evidence)),
            tell=tuple(map(_text, given.tell)),
            on_the_spot=None if spot is None else spot.possible,
            on_the_spot_limits=()
            if spot is None
            else self._known_deadlines(spot.deadlines, f"{key}.card.on_the_spot"),
            on_the_spot_note=None if spot is None else _maybe(spot.note),
        )

    def _rule(self, key: str, pack: str, given: schema.RuleS, facts: Mapping[str, Fact]) -> None:
        if given.id in self.rules:
            self.fault(key, f"规则编号 {given.id} 重复", f"the rule id {given.id} stands twice")
        self._check_sources(given.source, key)
        matters = (given.matter,) if isinstance(given.matter, str) else tuple(given.matter)
        for code in matters:
            if code not in self.matters or self.matters[code].pack != pack:
                self.fault(
                    f"{key}.matter",
                    f"本包没有事项 {code}",
                    f"there is no matter {code} in this pack",
                )
        alternatives = self._conditions(given.when, facts, f"{key}.when")
        for code in matters:
            known = self.matters.get(code)
            for name in {name for one in alternatives for name in one}:
                if known is not None and known.fact(name) is None:
                    self.fault(
                        f"{key}.when",
                        f"事项 {code} 没有要素 {name}",
                        f"the matter {code} has no fact {name}",
                    )
        self.where[given.id] = key
        self.rules[given.id] = Rule(
            id=given.id,
            rows=tuple(given.rows),
            pack=pack,
            matters=matters,
            period=self._period(given.valid_from, given.ceases_on, key),
            alternatives=alternatives,
            lead=self._role(given.lead, f"{key}.lead"),
            assist=self._assists(given.assist, f"{key}.assist"),
            says=_text(given.says),
            basis=self._bases(given.basis, f"{key}.basis"),
            confidence=given.confidence,
            source=tuple(given.source),
            overrides=tuple(given.overrides),
            readings=tuple(
                Reading(
                    says=_text(one.says),
                    lead=self._role(one.lead, f"{key}.readings.{at}.lead"),
                    basis=self._bases(one.basis, f"{key}.readings.{at}"),
                    confidence=one.confidence,
                    source=self._check_sources(one.source, f"{key}.readings.{at}"),
                )
                for at, one in enumerate(given.readings)
            ),
            enforcement_point=_maybe(given.enforcement_point),
            safety=None
            if given.safety is None
            else Safety(
                Text(given.safety.zh, given.safety.en),
                tuple((Text(one.zh, one.en), one.phone) for one in given.safety.call),
            ),
            deadlines=self._known_deadlines(given.deadlines, f"{key}.deadlines"),
            note=_maybe(given.note),
        )

    def _assists(self, given: Iterable[schema.AssistS], key: str) -> tuple[Assist, ...]:
        found = []
        for one in given:
            role = self._role(one.role, key)
            if role is not None:
                found.append(Assist(role, one.duty))
        return tuple(found)

    def _case(self, pack: str, given: schema.CaseS) -> None:
        self.cases.append(
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

    def _conditions(
        self, when: schema.WhenS, facts: Mapping[str, Fact], key: str
    ) -> tuple[Condition, ...]:
        given = when if isinstance(when, list) else [when]
        if not 1 <= len(given) <= MAX_ALTERNATIVES:
            self.fault(
                key,
                f"应有 1 到 {MAX_ALTERNATIVES} 种情形，给了 {len(given)}",
                f"must have 1 to {MAX_ALTERNATIVES} alternatives, has {len(given)}",
            )
        return tuple(self._condition(one, facts, key) for one in given)

    def _condition(
        self, given: schema.ConditionS, facts: Mapping[str, Fact], key: str
    ) -> Condition:
        condition: dict[str, frozenset[str]] = {}
        for name, wanted in given.items():
            fact = facts.get(name)
            if fact is None:
                self.fault(key, f"没有要素 {name}", f"there is no fact {name}")
                continue
            negated = isinstance(wanted, schema.NotS)
            if isinstance(wanted, schema.NotS):
                named = wanted.not_
            else:
                named = wanted if isinstance(wanted, list) else [wanted]
            for value in named:
                if value not in fact.values:
                    self.fault(
                        f"{key}.{name}",
                        f"{value} 不是取值，可选：{'、'.join(fact.values)}",
                        f"{value} is not a value; allowed: {', '.join(fact.values)}",
                    )
            held = frozenset(named) & frozenset(fact.values)
            condition[name] = frozenset(fact.values) - held if negated else held
            if not condition[name]:
                self.fault(f"{key}.{name}", "没有取值能满足", "no value can satisfy this")
        return condition

    # --- small parts ---------------------------------------------------------------------

    def _file(self, folder: Path, name: str, model: type[schema.M]) -> schema.M | None:
        shown = f"{folder.name}/{name}"
        raw = read_yaml(folder / name, shown, self.faults)
        return None if raw is None else parsed(model, raw, shown, self.faults)

    def _period(self, valid_from: date, ceases_on: date | None, key: str) -> Period:
        if ceases_on is not None and ceases_on <= valid_from:
            self.fault(
                key,
                f"失效日 {ceases_on} 应晚于生效日 {valid_from}",
                f"ceases_on {ceases_on} must be after valid_from {valid_from}",
            )
        return Period(valid_from, ceases_on)

    def _role(self, id_: str | None, key: str) -> Role | None:
        if id_ is None:
            return None
        role = self.roles.get(id_)
        if role is None:
            self.fault(key, f"没有职能 {id_}", f"there is no role {id_}")
        return role

    def _bases(self, given: Iterable[schema.BasisS], key: str) -> tuple[Basis, ...]:
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

    def _known_deadlines(self, ids: Iterable[str], key: str) -> tuple[Deadline, ...]:
        found = []
        for id_ in ids:
            if id_ in self.deadlines:
                found.append(self.deadlines[id_])
            else:
                self.fault(key, f"没有时限 {id_}", f"there is no deadline {id_}")
        return tuple(found)

    def _check_sources(self, ids: Iterable[str], key: str) -> tuple[str, ...]:
        listed = tuple(ids)
        for id_ in listed:
            if id_ not in self.sources:
                self.fault(f"{key}.source", f"没有来源 {id_}", f"there is no source {id_}")
        return listed

    def _check_disjoint(self, periods: Sequence[Period], key: str) -> None:
        for at, one in enumerate(periods):
            if any(one.meets(other) for other in periods[at + 1 :]):
                self.fault(key, f"{one} 与另一时段重叠", f"{one} overlaps another period")
