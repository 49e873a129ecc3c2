"""Options that several commands have, and what their texts become."""

from __future__ import annotations

import click

from rules.errors import Fault
from web.errors import BadInput

on_option = click.option("--on", metavar="DATE", help="哪一天的，默认今天 / As on; default today.")
json_option = click.option("--json", "as_json", is_flag=True, help="输出 JSON / Print JSON.")
columns_option = click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="OURS=THEIRS",
    help="列名对应，可多次 / Which column of the file is ours; repeat.",
)


def named_columns(given: tuple[str, ...]) -> dict[str, str]:
    """Our columns by name, and the file's; raises `BadInput` for what is not written OURS=THEIRS.

    What follows the first = is taken as it stands, so that `zone==water` gives a fixed value.
    """
    named: dict[str, str] = {}
    faults = []
    for text in given:
        ours, _, theirs = (part.strip() for part in text.partition("="))
        if not (ours and theirs):
            faults.append(
                Fault(
                    "column",
                    f"“{text}”应写成 我们的列=文件的列，例如 code=DISTRICT_ID",
                    f"{text!r} must be written OURS=THEIRS, like code=DISTRICT_ID",
                )
            )
        named[ours] = theirs
    if faults:
        raise BadInput(faults)
    return named
