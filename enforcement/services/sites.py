"""What people do with the register of sites: bring a list, look for sites, find one."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from enforcement.errors import NoSuchSite
from enforcement.sites import Site, renewed
from enforcement.sites_import import SiteList, read_sites, sites_from_rows
from enforcement.store.engine import Store, reading, writing
from enforcement.store.sites import (
    SiteImportRow,
    add_import,
    add_sites,
    change_sites,
    has_sites,
    sites_after,
    sites_by_id,
)
from rules.errors import Fault

DEMO: Final = "demo"


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did to the register, and what looks mistyped or was left out."""

    source: str
    added: int
    changed: int
    unchanged: int
    warnings: tuple[Fault, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """The report as JSON carries it."""
        return {
            "source": self.source,
            "added": self.added,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "warnings": [{"field": one.field, "zh": one.zh, "en": one.en} for one in self.warnings],
        }


def import_sites(
    store: Store,
    path: Path,
    *,
    by: str,
    columns: Mapping[str, str] | None = None,
    allowed: Mapping[str, Collection[str]] | None = None,
) -> ImportReport:
    """Add the sites of a list to the register, and renew those that it has: all rows or none.

    What the list does not mention stays: sites, columns, and licences, so that the answer for a
    day in the past stays what it was. A licence ends by its `ceases_on` or `revoked_on`; one that
    never was is revoked on its first day. `by` is who brings the list. `columns` and `allowed`
    are those of `read_sites`. Raises SitesRefused with every fault, and StoreUnavailable.
    """
    brought = read_sites(path, columns=columns, allowed=allowed)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    with writing(store) as session:
        old = sites_by_id(session, (site.id for site in brought.sites))
        now = datetime.now(UTC)
        added = [site for site in brought.sites if site.id not in old]
        renewals = [
            renewed(old[site.id], site, brought.columns) for site in brought.sites if site.id in old
        ]
        changed = [site for site in renewals if site != old[site.id]]
        add_sites(session, added)
        change_sites(session, changed)
        report = ImportReport(
            source=brought.name,
            added=len(added),
            changed=len(changed),
            unchanged=len(renewals) - len(changed),
            warnings=brought.warnings + _left_out(brought, old, now.date()),
        )
        add_import(session, _record(report, at=now, by=by, sha256=sha256))
    return report


def seed_demo_sites(store: Store, rows: Iterable[Mapping[str, str]]) -> ImportReport | None:
    """Fill an empty register with the schematic district's sites; None when it has any.

    `rows` map the import's columns to text. Raises SitesRefused as an import does.
    """
    brought = sites_from_rows(rows, name=DEMO)
    sha256 = hashlib.sha256(repr(brought.sites).encode()).hexdigest()
    with writing(store) as session:
        if has_sites(session):
            return None
        add_sites(session, brought.sites)
        report = ImportReport(DEMO, len(brought.sites), 0, 0, brought.warnings)
        add_import(session, _record(report, at=datetime.now(UTC), by=DEMO, sha256=sha256))
    return report


def list_sites(
    store: Store,
    *,
    text: str | None = None,
    stage: str | None = None,
    premises: str | None = None,
    after: str | None = None,
    limit: int | None = None,
) -> tuple[Site, ...]:
    """The sites that fit, in order of their ids; for the next page give the last id as `after`.

    `text` is looked for in id, name, code, address and licence numbers, whatever its case.
    """
    with reading(store) as session:
        return sites_after(
            session, text=text, stage=stage, premises=premises, after=after, limit=limit
        )


def find_site(store: Store, site_id: str) -> Site:
    """The site of this id. Raises NoSuchSite when the register has none."""
    with reading(store) as session:
        found = sites_by_id(session, [site_id]).get(site_id)
    if found is None:
        shown = site_id if len(site_id) <= 40 else site_id[:40] + "…"
        raise NoSuchSite(
            field="site",
            zh=f"登记中没有对象“{shown}”；用 seamless sites list 查找编号",
            en=f"the register has no site {shown!r}; find its id with: seamless sites list",
        )
    return found


def _left_out(brought: SiteList, old: Mapping[str, Site], today: date) -> tuple[Fault, ...]:
    """A warning for each licence still in force that a newer list of licences does not have."""
    if "licences" not in brought.columns:
        return ()
    return tuple(
        Fault(
            f"{site.id}.licences",
            f"名单里没有登记中今天仍有效的许可 {licence.number}；已保留。若已失效，请写明日期",
            f"the licence {licence.number} in the register is in force today and not in the list; "
            "it was kept. If it has ended, say on which day",
        )
        for site in brought.sites
        if site.id in old
        for licence in old[site.id].licences
        if licence.covers(today) and licence.key not in {one.key for one in site.licences}
    )


def _record(report: ImportReport, *, at: datetime, by: str, sha256: str) -> SiteImportRow:
    return SiteImportRow(
        at=at,
        by=by,
        source=report.source,
        sha256=sha256,
        added=report.added,
        changed=report.changed,
        unchanged=report.unchanged,
    )
