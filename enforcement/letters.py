"""Letters as PDF: 移送函 and 联合检查通知, in Chinese, with a QR code that leads to their check.

Pure: text in, bytes out; the same letter gives the same bytes. The QR code holds the address of a
page that says what was issued, by which unit, when, and the letter's fingerprint. No resident's
name is ever in a letter.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import segno
from fpdf import FPDF

from enforcement.ledger_errors import LedgerError

FONTS: Final = (
    Path("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc"),
    Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
)
"""Debian's fonts-wqy-zenhei, else fonts-noto-cjk."""
CODE_LENGTH: Final = 20


class NoFont(LedgerError):
    """No font on this machine has Chinese letters."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter before it is set. `rows` are a label and a value each; paragraphs follow."""

    title: str
    number: str
    to: str
    rows: Sequence[tuple[str, str]]
    paragraphs: Sequence[str]
    from_unit: str
    at: datetime

    @property
    def summary(self) -> str:
        """What the checking page says the letter is about."""
        return f"{self.title} {self.number}：{self.from_unit} → {self.to}"

    def code(self, salt: str) -> str:
        """The letter's fingerprint, short enough to type; `salt` keeps it from being guessed."""
        parts = [salt, self.title, self.number, self.to, self.from_unit, self.at.isoformat()]
        parts += [text for row in self.rows for text in row]
        parts += list(self.paragraphs)
        return hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:CODE_LENGTH]


def set_letter(letter: Letter, *, check_url: str, font: Path | None = None) -> bytes:
    """The letter as PDF of A4 pages. Raises NoFont on a machine without a Chinese font."""
    pdf = FPDF(format="A4")
    pdf.set_creation_date(letter.at)
    pdf.set_title(letter.title)
    pdf.set_lang("zh-CN")
    pdf.add_font("cjk", fname=str(font or _font()))
    pdf.set_margins(25, 25, 25)
    pdf.set_auto_page_break(auto=True, margin=25)
    pdf.add_page()
    pdf.set_font("cjk", size=20)
    pdf.cell(0, 12, letter.title, align="C", new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("cjk", size=11)
    pdf.cell(0, 8, letter.number, align="C", new_x="LMARGIN", new_y="NEXT")
    pdf.ln(4)
    pdf.set_font("cjk", size=13)
    pdf.cell(0, 9, f"{letter.to}：", new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("cjk", size=12)
    for label, value in letter.rows:
        pdf.multi_cell(0, 8, f"{label}：{value}", new_x="LMARGIN", new_y="NEXT")
    pdf.ln(2)
    for paragraph in letter.paragraphs:
        pdf.multi_cell(0, 8, f"　　{paragraph}", new_x="LMARGIN", new_y="NEXT")
    pdf.ln(8)
    pdf.cell(0, 8, letter.from_unit, align="R", new_x="LMARGIN", new_y="NEXT")
    day = letter.at.strftime("%Y-%m-%d")
    pdf.cell(0, 8, day, align="R", new_x="LMARGIN", new_y="NEXT")
    _add_code(pdf, check_url)
    return bytes(pdf.output())


def _add_code(pdf: FPDF, check_url: str) -> None:
    if pdf.will_page_break(45):
        pdf.add_page()
    picture = io.BytesIO()
    segno.make(check_url, error="m").save(picture, kind="png", scale=6, border=4)
    picture.seek(0)
    top = pdf.get_y() + 4
    pdf.image(picture, x=25, y=top, w=32, alt_text="核验二维码")
    pdf.set_xy(60, top + 8)
    pdf.set_font("cjk", size=9)
    pdf.multi_cell(0, 6, f"扫码核验本文书的真伪：\n{check_url}", new_x="LMARGIN", new_y="NEXT")


def _font() -> Path:
    for path in FONTS:
        if path.is_file():
            return path
    raise NoFont(
        field="font",
        zh="没有中文字体；请安装 fonts-wqy-zenhei 或 fonts-noto-cjk",
        en="no Chinese font: install fonts-wqy-zenhei or fonts-noto-cjk",
    )
