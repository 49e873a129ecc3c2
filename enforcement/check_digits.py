"""Doubts about numbers that carry a check digit; a doubt warns and never refuses.

Registers hold numbers that were typed by hand, and a mistyped digit must not keep a site from
being found. Old hygiene licences and vendor cards have no check digit and are not doubted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from stdnum.cn import uscc as stdnum_uscc
from stdnum.iso7064 import mod_11_10

from enforcement.sites import Licence, Site
from rules.errors import Fault

_LETTERS: Final = re.compile(r"(SC|JY|YB)(.*)", re.IGNORECASE | re.DOTALL)
_DIGITS: Final = re.compile(r"[0-9]{14}")


def doubts(site: Site) -> tuple[Fault, ...]:
    """What looks mistyped: the unified social credit code and SC, JY and YB licence numbers.

    Each names the site, the column and the number. Empty when nothing is doubtful.
    """
    found = []
    if site.uscc is not None and not stdnum_uscc.is_valid(site.uscc):
        found.append(
            Fault(
                f"{site.id}.uscc",
                f"统一社会信用代码 {site.uscc} 校验不通过（GB 32100，18 位），请核对",
                f"the unified social credit code {site.uscc} fails its check (GB 32100, 18 "
                "characters); compare it with the document",
            )
        )
    for licence in site.licences:
        found.extend(_licence_doubts(site, licence))
    return tuple(found)


def _licence_doubts(site: Site, licence: Licence) -> Iterator[Fault]:
    """SC (GB/T 17710 over its 14 digits), and JY and YB, which are built in the same way."""
    lettered = _LETTERS.fullmatch(licence.number)
    if lettered is None:
        return
    letters, digits = lettered[1].upper(), lettered[2]
    if _DIGITS.fullmatch(digits) is None:
        yield Fault(
            f"{site.id}.licences",
            f"许可证编号 {licence.number} 应为 {letters} 加 14 位数字，请核对",
            f"the licence number {licence.number} should be {letters} and 14 digits; compare it "
            "with the document",
        )
    elif not mod_11_10.is_valid(digits):
        yield Fault(
            f"{site.id}.licences",
            f"许可证编号 {licence.number} 校验位不通过（GB/T 17710），请核对",
            f"the licence number {licence.number} fails its check digit (GB/T 17710); compare it "
            "with the document",
        )
