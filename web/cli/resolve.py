"""`seamless resolve`: what and where in, the one accountable unit out."""

from __future__ import annotations

import click

from web.answer_text import answer_text
from web.asking import Asked
from web.cli.speaking import Speaker, pass_speaker, print_json
from web.contract import ResolutionOut

EXIT_CODES = {"decided": 0, "needs_facts": 3, "contested": 4, "vacant": 4, "outside": 5}


@click.command()
@click.argument("matter")
@click.option("--at", metavar="LON,LAT", help="定位：经度,纬度 / Position.")
@click.option("--road", metavar="REF", help="公路编号，与 --stake 同用 / Road, with --stake.")
@click.option("--stake", metavar="K12+300", help="桩号 / Kilometre stake.")
@click.option("--direction", metavar="up|down", help="上行或下行 / Rising stakes or not.")
@click.option("--area", metavar="CODE", help="街道或社区代码 / Code of a street or community.")
@click.option("--site", metavar="ID", help="对象编号，预填要素 / Known site; prefills facts.")
@click.option("--accuracy", metavar="METRES", help="定位精度 / Accuracy of --at.")
@click.option(
    "--crs",
    metavar="NAME",
    help="坐标系 / Of --at: wgs84, cgcs2000, gcj02, bd09 or EPSG:n; default wgs84.",
)
@click.option(
    "--fact",
    "facts",
    metavar="NAME=VALUE",
    multiple=True,
    help="要素，可多次；不清楚写 unknown / A fact; repeat; `unknown` is an answer.",
)
@click.option("--asker", metavar="UNIT", help="首问单位 / The unit that asks.")
@click.option("--on", metavar="DATE", help="办理日，默认今天 / Handled on; default today.")
@click.option(
    "--occurred-on", metavar="DATE", help="发生日，默认办理日 / Occurred on; default --on."
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / Print the answer as JSON.")
@pass_speaker
def resolve(  # noqa: PLR0917 - one parameter for each option of the command
    speaker: Speaker,
    matter: str,
    at: str | None,
    road: str | None,
    stake: str | None,
    direction: str | None,
    area: str | None,
    site: str | None,
    accuracy: str | None,
    crs: str | None,
    facts: tuple[str, ...],
    asker: str | None,
    on: str | None,
    occurred_on: str | None,
    as_json: bool,  # noqa: FBT001 - click passes a flag
) -> int:
    """认定唯一责任单位 / Name the one accountable unit, with its reasons.

    退出码 / Exit status: 0 已认定 decided, 2 输入有误 bad input, 3 还需要素 needs facts,
    4 有争议或无单位 contested or vacant, 5 不在辖区 outside the district.
    """
    answer = speaker.desk.answer(
        Asked(
            matter=matter,
            facts=facts,
            at=at,
            accuracy=accuracy,
            crs=crs,
            road=road,
            stake=stake,
            direction=direction,
            area=area,
            site=site,
            asker=asker,
            on=on,
            occurred_on=occurred_on,
        )
    )
    body = answer.as_dict()
    if as_json:
        print_json(body)
    else:
        district = speaker.desk.district
        shown = answer_text(
            ResolutionOut.model_validate(body),
            district.book.matter(matter),
            speaker.lang.value,
            width=speaker.width,
            streets={street.code: street.name for street in district.settings.streets},
            areas=district.settings.streets_are,
        )
        click.echo(shown, nl=False)
    return EXIT_CODES[answer.resolution.outcome.value]
