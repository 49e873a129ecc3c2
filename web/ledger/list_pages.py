"""The pages of a long list: where one begins, and the address of the next.

A page begins behind the last line of the page before, so that what comes in or goes out meanwhile
neither hides a line nor shows it twice.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode

from flask import request, url_for

from rules.errors import Fault
from web.errors import BadInput

AFTER: Final = "after"
_LINE: Final = re.compile(r"[0-9]{1,17}(-[0-9]{1,9})+")
"""Microseconds since 1970, and the numbers that tell lines of one moment apart."""


def behind(numbers: int) -> tuple[datetime, tuple[int, ...]] | None:
    """The moment and so many numbers of the line that the page asked for begins behind.

    None for the first page. Raises BadInput for what `following` did not write.
    """
    given = request.args.get(AFTER, "")
    if not given:
        return None
    written = given.split("-")
    if not _LINE.fullmatch(given) or len(written) != 1 + numbers:
        raise BadInput(
            [Fault(AFTER, "翻页地址不完整；请从第一页开始", "begin at the first page again")]
        )
    at, *rest = (int(one) for one in written)
    return datetime.fromtimestamp(at / 1_000_000, UTC), tuple(rest)


def following(endpoint: str, at: datetime, *numbers: int, **chosen: str) -> str:
    """The address of the page that begins behind a line; what was chosen goes along."""
    pairs = {name: value for name, value in chosen.items() if value}
    line = (round(at.timestamp() * 1_000_000), *numbers)
    pairs[AFTER] = "-".join(str(one) for one in line)
    return f"{url_for(endpoint)}?{urlencode(pairs)}"
