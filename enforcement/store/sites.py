"""Sites with their stages and licences as rows, and a record of each import that changed them."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Final, TypeVar

from sqlalchemy import insert
from sqlmodel import Field, Session, col, delete, or_, select, update

from enforcement.sites import Licence, LicenceKind, Site, in_order
from enforcement.store.base import Row, UtcDateTime
from geo.points import Point

_Item = TypeVar("_Item")

AT_ONCE: Final = 500
"""Ids in one query; both databases limit how many values a query may carry."""


class SiteRow(Row, table=True):
    """A site but for its stages and licences."""

    __tablename__ = "site"

    id: str = Field(primary_key=True, max_length=64)
    name: str = Field(max_length=300)
    uscc: str | None = Field(default=None, max_length=32)
    premises: str | None = Field(default=None, max_length=64)
    address: str | None = Field(default=None, max_length=300)
    lon: float | None = None
    lat: float | None = None


class SiteStageRow(Row, table=True):
    """One stage of a site; `position` keeps the order of the list it came from."""

    __tablename__ = "site_stage"

    site_id: str = Field(primary_key=True, foreign_key="site.id", ondelete="CASCADE", max_length=64)
    stage: str = Field(primary_key=True, max_length=64)
    position: int


class LicenceRow(Row, table=True):
    """One licence of a site; what identifies it is what `Licence.key` says."""

    __tablename__ = "licence"

    site_id: str = Field(primary_key=True, foreign_key="site.id", ondelete="CASCADE", max_length=64)
    number: str = Field(primary_key=True, max_length=64)
    kind: str = Field(primary_key=True, max_length=32)
    valid_from: date = Field(primary_key=True)
    ceases_on: date | None = None
    revoked_on: date | None = None


class SiteImportRow(Row, table=True):
    """One import: who brought which list when, and what it changed."""

    __tablename__ = "site_import"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    by: str = Field(max_length=200)
    source: str = Field(max_length=300)
    sha256: str = Field(max_length=64)
    added: int
    changed: int
    unchanged: int


def sites_by_id(session: Session, ids: Iterable[str]) -> dict[str, Site]:
    """The sites of these ids that there are."""
    found: dict[str, Site] = {}
    for some in _chunks(list(ids)):
        rows = session.exec(select(SiteRow).where(col(SiteRow.id).in_(some))).all()
        found |= {site.id: site for site in _sites(session, rows)}
    return found


def sites_after(
    session: Session,
    *,
    text: str | None = None,
    stage: str | None = None,
    premises: str | None = None,
    after: str | None = None,
    limit: int | None = None,
) -> tuple[Site, ...]:
    """Sites in order of their ids, beginning behind `after`; all, or at most `limit` of them.

    `text` is looked for in id, name, code, address and licence numbers, whatever its case.
    """
    query = select(SiteRow)
    if text:
        licensed = select(LicenceRow.site_id).where(
            col(LicenceRow.number).icontains(text, autoescape=True)
        )
        columns = (SiteRow.id, SiteRow.name, SiteRow.uscc, SiteRow.address)
        query = query.where(
            or_(
                *(col(column).icontains(text, autoescape=True) for column in columns),
                col(SiteRow.id).in_(licensed),
            )
        )
    if stage is not None:
        staged = select(SiteStageRow.site_id).where(SiteStageRow.stage == stage)
        query = query.where(col(SiteRow.id).in_(staged))
    if premises is not None:
        query = query.where(SiteRow.premises == premises)
    if after is not None:
        query = query.where(SiteRow.id > after)
    rows = session.exec(query.order_by(SiteRow.id).limit(limit)).all()
    return tuple(_sites(session, rows))


def has_sites(session: Session) -> bool:
    """Whether there is any site."""
    return session.exec(select(SiteRow.id).limit(1)).first() is not None


def add_sites(session: Session, sites: Sequence[Site]) -> None:
    """Add sites that are not there yet."""
    if sites:
        session.execute(insert(SiteRow), [_row(site) for site in sites])
        _add_parts(session, sites)


def change_sites(session: Session, sites: Sequence[Site]) -> None:
    """Make sites that are there what they are given as, with these stages and licences only."""
    for some in _chunks(sites):
        ids = [site.id for site in some]
        session.execute(delete(SiteStageRow).where(col(SiteStageRow.site_id).in_(ids)))
        session.execute(delete(LicenceRow).where(col(LicenceRow.site_id).in_(ids)))
        session.execute(update(SiteRow), [_row(site) for site in some])
        _add_parts(session, some)


def add_import(session: Session, row: SiteImportRow) -> None:
    """Record an import."""
    session.add(row)


def imports(session: Session) -> tuple[SiteImportRow, ...]:
    """All imports, the first one first."""
    return tuple(session.exec(select(SiteImportRow).order_by(col(SiteImportRow.id))).all())


def _sites(session: Session, rows: Sequence[SiteRow]) -> Iterator[Site]:
    stages: dict[str, list[str]] = {}
    licences: dict[str, list[Licence]] = {}
    for some in _chunks([row.id for row in rows]):
        for stage in session.exec(
            select(SiteStageRow)
            .where(col(SiteStageRow.site_id).in_(some))
            .order_by(col(SiteStageRow.position))
        ):
            stages.setdefault(stage.site_id, []).append(stage.stage)
        for licence in session.exec(select(LicenceRow).where(col(LicenceRow.site_id).in_(some))):
            licences.setdefault(licence.site_id, []).append(
                Licence(
                    number=licence.number,
                    kind=LicenceKind(licence.kind),
                    valid_from=licence.valid_from,
                    ceases_on=licence.ceases_on,
                    revoked_on=licence.revoked_on,
                )
            )
    for row in rows:
        yield Site(
            id=row.id,
            name=row.name,
            uscc=row.uscc,
            licences=in_order(licences.get(row.id, [])),
            stages=tuple(stages.get(row.id, ())),
            premises=row.premises,
            address=row.address,
            point=None if row.lon is None or row.lat is None else Point(row.lon, row.lat),
        )


def _row(site: Site) -> dict[str, object]:
    return {
        "id": site.id,
        "name": site.name,
        "uscc": site.uscc,
        "premises": site.premises,
        "address": site.address,
        "lon": site.point and site.point.lon,
        "lat": site.point and site.point.lat,
    }


def _add_parts(session: Session, sites: Collection[Site]) -> None:
    stages = [
        {"site_id": site.id, "stage": stage, "position": position}
        for site in sites
        for position, stage in enumerate(site.stages)
    ]
    licences = [
        {
            "site_id": site.id,
            "number": licence.number,
            "kind": licence.kind.value,
            "valid_from": licence.valid_from,
            "ceases_on": licence.ceases_on,
            "revoked_on": licence.revoked_on,
        }
        for site in sites
        for licence in site.licences
    ]
    if stages:
        session.execute(insert(SiteStageRow), stages)
    if licences:
        session.execute(insert(LicenceRow), licences)


def _chunks(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    for start in range(0, len(items), AT_ONCE):
        yield items[start : start + AT_ONCE]
