"""The common files: roles, laws, sources and deadlines, which a pack may bring as well."""

from __future__ import annotations

from pathlib import Path

from rules import schema
from rules.model import Deadline, Law, Limit, Power, Role, Source
from rules.naming import EVER, Read, maybe, text


def read_common(read: Read, folder: Path, *, needed: bool = True) -> None:
    """Roles, laws, sources and deadlines of a folder; without `needed` those that it has."""

    def file(name: str, model: type[schema.M]) -> schema.M | None:
        there = needed or (folder / name).exists()
        return read.file(folder, name, model) if there else None

    sources = file("sources.yaml", schema.SourcesFile)
    for id_, one in (sources.sources if sources else {}).items():
        read.check_new(id_, read.sources, f"{folder.name}/sources.yaml:{id_}")
        read.sources[id_] = Source(id_, one.what, one.kind, one.address)
    roles = file("roles.yaml", schema.RolesFile)
    for id_, role in (roles.roles if roles else {}).items():
        read.check_new(id_, read.roles, f"{folder.name}/roles.yaml:{id_}")
        read.roles[id_] = Role(id_, text(role.name), Power(role.power))
    laws = file("laws.yaml", schema.LawsFile)
    for id_, law in (laws.laws if laws else {}).items():
        key = f"{folder.name}/laws.yaml:{id_}"
        read.check_new(id_, read.laws, key)
        read.check_sources(law.source, key)
        read.laws[id_] = Law(
            id=id_,
            name=text(law.name),
            short=text(law.short or law.name),
            period=read.period(law.valid_from, law.ceases_on, key),
            kind=law.kind,
            source=tuple(law.source),
            articles=law.articles,
        )
    deadlines = file("deadlines.yaml", schema.DeadlinesFile)
    for id_, deadline in (deadlines.deadlines if deadlines else {}).items():
        _read_deadline(read, id_, deadline, f"{folder.name}/deadlines.yaml:{id_}")


def _read_deadline(read: Read, id_: str, given: schema.DeadlineS, key: str) -> None:
    read.check_new(id_, read.deadlines, key)
    values = given.values
    if not values:
        if given.unit is None or given.confidence is None:
            read.fault(key, "缺少 unit 或 confidence", "needs unit and confidence")
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
        read.check_sources(value.source, here)
        limits.append(
            Limit(
                period=read.period(value.valid_from or EVER, value.ceases_on, here),
                limit=value.limit,
                unit=value.unit,
                basis=read.bases(value.basis, here),
                confidence=value.confidence,
                source=tuple(value.source),
            )
        )
    read.check_disjoint([limit.period for limit in limits], key)
    read.deadlines[id_] = Deadline(id_, text(given.step), tuple(limits), maybe(given.note))
