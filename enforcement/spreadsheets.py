"""Tables as offices send them: CSV and XLSX become a header and numbered rows of text.

What the cells mean is not decided here. Chinese editions of Excel save CSV in GB18030, so what is
no UTF-8 is read as that.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from rules.errors import Fault

EXACT_DIGITS: Final = 10**15
"""From here on a spreadsheet's numbers have lost digits."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A header and the rows under it; each row has its number as a spreadsheet shows it.

    Cells are stripped; rows without any text are left out. A row may be shorter than the header.
    """

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_sheet(path: Path, faults: list[Fault]) -> Sheet | None:
    """The table in a .csv file or on the first visible sheet of an .xlsx file.

    None when it cannot be read at all; every fault is added to `faults`. A number of more than 15
    digits in XLSX is a fault of its row: the spreadsheet has rounded it, so the text is lost.
    """
    kind = path.suffix.lower()
    if kind not in (".csv", ".xlsx"):
        faults.append(
            Fault(
                path.name,
                f"不支持“{kind or path.name}”，请给出 .csv 或 .xlsx 文件",
                f"{kind or path.name!r} is not supported; give a .csv or an .xlsx file",
            )
        )
        return None
    before = len(faults)
    cells = _csv(path, faults) if kind == ".csv" else _xlsx(path, faults)
    rows = [(at, row) for at, row in cells if any(row)]
    if len(faults) > before:
        return None
    if not rows:
        faults.append(Fault(path.name, "文件是空的", "the file is empty"))
        return None
    header = rows[0][1]
    while header and not header[-1]:
        header = header[:-1]
    return Sheet(path.name, header, tuple(rows[1:]))


def _csv(path: Path, faults: list[Fault]) -> list[tuple[int, tuple[str, ...]]]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        faults.append(_unreadable(path, error))
        return []
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = raw.decode("gb18030")
        except UnicodeDecodeError:
            faults.append(
                Fault(
                    path.name,
                    "不是 UTF-8 也不是 GB18030 编码的文本；请另存为 UTF-8 的 CSV",
                    "is text in neither UTF-8 nor GB18030; save it as CSV in UTF-8",
                )
            )
            return []
    rows: list[tuple[int, tuple[str, ...]]] = []
    try:
        for at, row in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), start=1):
            rows.append((at, tuple(cell.strip() for cell in row)))
    except csv.Error as error:
        faults.append(
            Fault(
                f"{path.name} row {len(rows) + 1}",
                f"不是合格的 CSV：{error}",
                f"is not proper CSV: {error}",
            )
        )
    return rows


def _xlsx(path: Path, faults: list[Fault]) -> list[tuple[int, tuple[str, ...]]]:
    try:
        book = CalamineWorkbook.from_path(path)
        sheets = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
        ]
        if not sheets:
            return []
        cells = book.get_sheet_by_name(sheets[0]).to_python(skip_empty_area=False)
    except (CalamineError, OSError) as error:
        faults.append(_unreadable(path, error))
        return []
    return [(at, tuple(_texts(path, at, row, faults))) for at, row in enumerate(cells, start=1)]


def _texts(path: Path, at: int, row: Sequence[object], faults: list[Fault]) -> Iterable[str]:
    for cell in row:
        if isinstance(cell, bool):
            yield str(cell).lower()
        elif isinstance(cell, int | float):
            if abs(cell) >= EXACT_DIGITS:
                faults.append(
                    Fault(
                        f"{path.name} row {at}",
                        f"数字 {cell:.0f} 超过 15 位，已被表格软件四舍五入；请设该列为文本后重填",
                        f"the number {cell:.0f} has more than 15 digits and the spreadsheet has "
                        "rounded it; format the column as text and enter it again",
                    )
                )
            yield str(int(cell)) if float(cell).is_integer() else repr(cell)
        elif isinstance(cell, datetime):
            yield (cell.date() if cell.time() == datetime.min.time() else cell).isoformat()
        elif isinstance(cell, date):
            yield cell.isoformat()
        else:
            yield str(cell).strip()


def _unreadable(path: Path, error: Exception) -> Fault:
    why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return Fault(path.name, f"无法读取：{why}", f"cannot be read: {why}")
