"""Lists of sites, read whole or refused whole: every bad row is named with its column.

The columns are `COLUMNS`; `id` and `name` must be there. What a list leaves out, the register
keeps. Unknown columns are refused: a column that is read past by accident is a licence that
nobody knows of.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from enforcement.check_digits import doubts
from enforcement.errors import SitesRefused
from enforcement.site_rows import Complaints, site_of_row
from enforcement.sites import Site
from enforcement.spreadsheets import Sheet, read_sheet
from rules.errors import Fault

COLUMNS: Final = (
    "id",
    "name",
    "uscc",
    "licences",
    "stages",
    "premises",
    "address",
    "lon",
    "lat",
)
REQUIRED: Final = ("id", "name")


@dataclass(frozen=True, slots=True)
class SiteList:
    """The sites of one list in its order, the columns that it has, and what looks mistyped."""

    name: str
    columns: tuple[str, ...]
    sites: tuple[Site, ...]
    warnings: tuple[Fault, ...]


def read_sites(
    path: Path,
    *,
    columns: Mapping[str, str] | None = None,
    allowed: Mapping[str, Collection[str]] | None = None,
) -> SiteList:
    """The sites in a .csv or .xlsx file.

    `columns` maps ours to the file's own where they differ; `allowed` maps `stage` and `premises`
    to the values they may take, and without it any word will do. Raises SitesRefused with every
    fault: of the file, of its header, and of each row with its number and column.
    """
    faults: list[Fault] = []
    sheet = read_sheet(path, faults)
    if sheet is None:
        raise SitesRefused(faults)
    return _sites(sheet, columns or {}, allowed or {}, faults)


def sites_from_rows(
    rows: Iterable[Mapping[str, str]],
    *,
    name: str,
    allowed: Mapping[str, Collection[str]] | None = None,
) -> SiteList:
    """The sites in rows that map our columns to text; `name` stands for the file in messages.

    Raises SitesRefused as `read_sites` does.
    """
    given = list(rows)
    header = tuple(dict.fromkeys(column for row in given for column in row)) or COLUMNS
    numbered = tuple(
        (at, tuple(row.get(column, "").strip() for column in header))
        for at, row in enumerate(given, 1)
    )
    return _sites(Sheet(name, header, numbered), {}, allowed or {}, [])


def _sites(
    sheet: Sheet,
    renamed: Mapping[str, str],
    allowed: Mapping[str, Collection[str]],
    faults: list[Fault],
) -> SiteList:
    columns = _columns(sheet.name, sheet.header, renamed, faults)
    if faults:
        raise SitesRefused(faults)
    width = len(columns)
    sites: list[Site] = []
    first_row: dict[str, int] = {}
    for at, cells in sheet.rows:
        complain = Complaints(f"{sheet.name} row {at}", faults)
        if any(cells[width:]):
            complain(
                "",
                f"有 {len(cells)} 格，表头只有 {width} 列；含逗号的内容要加引号",
                f"has {len(cells)} cells and the header {width}; quote text with commas",
            )
            continue
        site = site_of_row(dict(zip(columns, cells, strict=False)), allowed, complain)
        if site.id in first_row:
            complain(
                "id",
                f"{site.id} 与第 {first_row[site.id]} 行重复",
                f"{site.id} stands in row {first_row[site.id]} already",
            )
        elif site.id:
            first_row[site.id] = at
        sites.append(site)
    if faults:
        raise SitesRefused(faults)
    warnings = tuple(doubt for site in sites for doubt in doubts(site))
    return SiteList(sheet.name, columns, tuple(sites), warnings)


def _columns(
    name: str, header: Sequence[str], renamed: Mapping[str, str], faults: list[Fault]
) -> tuple[str, ...]:
    """Our name for each column of the header, or faults."""
    listed = ", ".join(COLUMNS)
    for ours, theirs in renamed.items():
        if ours not in COLUMNS:
            faults.append(
                Fault(
                    f"column {ours}",
                    f"没有这一列，可用：{listed}",
                    f"there is no such column; there are: {listed}",
                )
            )
        elif theirs not in header:
            faults.append(
                Fault(
                    f"column {ours}",
                    f"{name} 的表头里没有“{theirs}”",
                    f"the header of {name} has no {theirs!r}",
                )
            )
    ours_of = {theirs: ours for ours, theirs in renamed.items()}
    columns = tuple(ours_of.get(given, given) for given in header)
    for at, (given, column) in enumerate(zip(header, columns, strict=True), start=1):
        if column not in COLUMNS:
            faults.append(
                Fault(
                    f"{name} column {given or at}",
                    f"不认识这一列，可用：{listed}；删去此列，或指明它是哪一列",
                    f"the column is unknown; known are: {listed}. Leave it out, or say which of "
                    "them it is",
                )
            )
        elif columns.count(column) > 1:
            faults.append(
                Fault(f"{name} column {given}", "这一列重复", "the column stands there twice")
            )
    faults.extend(
        Fault(
            f"{name} column {column}",
            "缺少这一列",
            "the column is missing",
        )
        for column in REQUIRED
        if column not in columns
    )
    if ("lon" in columns) != ("lat" in columns):
        faults.append(
            Fault(
                f"{name} column lon, lat",
                "经度 lon 和纬度 lat 要么都有，要么都没有",
                "lon and lat must both be there, or neither",
            )
        )
    return columns
