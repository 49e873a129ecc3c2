"""The decision tables as a workbook: one sheet per matter, each row a region that a person reads.

Combinations that cannot be are rows as well, with the reason; another row may hold some of them
where that makes it shorter.
Every cell is written as text, so that nothing in a pack can become a formula.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from rules.book import Book
from rules.model import Matter, Rule, Text
from rules.periods import Period
from rules.regions import Facts, regions
from rules.seams import leads
from rules.table import Table, Verdict

_FIRST = (Text("起", "from"), Text("至", "to"))
_THEN = (
    Text("主办", "lead"),
    Text("协办", "assists"),
    Text("理由", "because"),
    Text("依据", "basis"),
    Text("规则", "rules"),
    Text("可信度", "confidence"),
    Text("另一解释", "other readings"),
    Text("组合数", "combinations"),
)
_WIDEST = 60
Row = tuple[str, ...]


def export_xlsx(book: Book, path: Path, lang: str = "zh") -> None:
    """Write the workbook; the first sheet lists the matters."""
    workbook = Workbook()
    index = workbook.active
    if not isinstance(index, Worksheet):  # pragma: no cover - a new workbook has one
        raise TypeError("the workbook has no sheet")
    index.title = "目录" if lang == "zh" else "index"
    _write(index, [("code", "zh", "en"), *_index(book)])
    for code in book.tables:
        sheet = workbook.create_sheet(code[:31])
        _write(sheet, list(rows_of(book, code, lang)))
    workbook.save(path)


def _index(book: Book) -> Iterator[Row]:
    for code in book.tables:
        name = book.matter(code).name
        yield code, name.zh, name.en


def rows_of(book: Book, code: str, lang: str = "zh") -> Iterator[Row]:
    """A head, then one row for each region of each verdict in each interval, oldest first."""
    matter = book.matter(code)
    facts = [_said(fact.question, lang) for fact in matter.facts]
    yield (*(_said(t, lang) for t in _FIRST), *facts, *(_said(t, lang) for t in _THEN))
    for table in book.tables[code]:
        for row in table_rows(book, table, lang):
            yield (*_days(table.period), *row)


def table_rows(book: Book, table: Table, lang: str = "zh") -> Iterator[Row]:
    """The rows of one interval, without its days: what can be, then what cannot."""
    matter = book.matter(table.matter)
    for number, verdict in enumerate(table.verdicts):
        if verdict.impossible is None:
            for region in regions(table, table.cells == np.uint16(number)):
                yield (
                    *_values(matter, region.facts, lang),
                    *_verdict(book, table, verdict, lang),
                    str(region.combinations),
                )
    for clause in matter.cannot:
        if clause.period.covers(table.period.valid_from):
            for one in clause.alternatives:
                facts = {name: tuple(sorted(values)) for name, values in one.items()}
                reason = _said(clause.because, lang)
                never = "（不可能）" if lang == "zh" else "(impossible)"
                yield (*_values(matter, facts, lang), never, "", reason, "", clause.id, "", "", "")


def _said(text: Text, lang: str) -> str:
    return text.en if lang == "en" else text.zh


def _days(period: Period) -> Row:
    return period.valid_from.isoformat(), str(period.last_day or "")


def _values(matter: Matter, facts: Facts, lang: str) -> Iterator[str]:
    """What each fact is, in the matter's order; a dash when it may be anything."""
    for fact in matter.facts:
        values = facts.get(fact.name)
        yield "—" if values is None else " / ".join(_said(fact.values[v], lang) for v in values)


def _verdict(book: Book, table: Table, verdict: Verdict, lang: str) -> Row:
    catalogue = book.catalogue
    rules = [catalogue.rules[id_] for id_ in verdict.standing]
    roles = leads(verdict, catalogue)
    nobody = "（空白）" if lang == "zh" else "(nobody)"
    helping = dict.fromkeys(_said(one.role.name, lang) for rule in rules for one in rule.assist)
    return (
        " + ".join(_said(catalogue.roles[id_].name, lang) for id_ in roles) or nobody,
        _listed(list(helping), lang),
        "\n".join(_said(rule.says, lang) for rule in rules),
        "\n".join(dict.fromkeys(_cited(rules, table.period, lang))),
        ", ".join(verdict.standing),
        ", ".join(dict.fromkeys(rule.confidence for rule in rules)),
        "\n".join(_said(one.says, lang) for rule in rules for one in rule.readings),
    )


def _cited(rules: Sequence[Rule], period: Period, lang: str) -> Iterator[str]:
    for rule in rules:
        for basis in rule.basis:
            if basis.period.meets(period):
                yield basis.cited(lang)


def _listed(words: Sequence[str], lang: str) -> str:
    return ("、" if lang == "zh" else ", ").join(words)


def _write(sheet: Worksheet, rows: Sequence[Row]) -> None:
    for at, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(row=at, column=column)
            cell.value = value
            cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if at == 1:
                cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    if rows:
        sheet.auto_filter.ref = sheet.dimensions
        for column, values in enumerate(zip(*rows, strict=True), start=1):
            widest = max(len(line) for value in values for line in value.splitlines() or [""])
            sheet.column_dimensions[get_column_letter(column)].width = min(_WIDEST, widest * 2 + 2)
