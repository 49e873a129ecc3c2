"""`seamless district new` starts a district; `seamless rules learn` learns a pack for one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import click

from enforcement.errors import LearningRefused
from enforcement.learned_pack import SEAMS, About, pack_files
from enforcement.learning import Why, learn
from enforcement.past_decisions import read_decisions, streets_of
from enforcement.questions import STREET_FACT
from enforcement.starting import pack_name_faults, start_district
from geo.editions import Kind
from geo.read import import_layer
from rules.errors import Fault
from rules.model import Text
from web.asking import day
from web.cli.options import columns_option, named_columns
from web.cli.speaking import Speaker, pass_speaker
from web.errors import BadInput

_PACKS = "packs"
_WHY = {
    Why.THIN: Text("太少", "too few"),
    Why.TIE: Text("平局", "a tie"),
    Why.DIVIDED: Text("不够多数", "no majority"),
}
_from_option = click.option(
    "--from", "valid_from", metavar="DATE", help="从哪天起，默认今天 / First day; default today."
)


@click.group()
def district() -> None:
    """辖区文件夹 / A district is a folder."""


@district.command()
@click.argument("name", type=click.Path(path_type=Path))
@click.option("--pack", default="first", show_default=True, help="第一个规则包 / The first pack.")
@_from_option
@click.option(
    "--streets",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="各区域的图层文件 / A layer of the areas that it is divided into.",
)
@columns_option
@click.option("--crs", metavar="NAME", help="坐标系，覆盖文件所注 / Overrides the file's own.")
@pass_speaker
def new(  # noqa: PLR0917 - one parameter for each option of the command
    speaker: Speaker,
    name: Path,
    pack: str,
    valid_from: str | None,
    streets: Path | None,
    columns: tuple[str, ...],
    crs: str | None,
) -> None:
    """建立一个辖区文件夹，可直接使用再逐步修改 / Start a folder that answers at once.

    图层的列 / Columns of the layer: code, name.
    """
    from_ = speaker.settings.today() if valid_from is None else day("from", valid_from)
    layer = None
    if streets is not None:
        layer = import_layer(
            streets,
            kind=Kind.STREET,
            edition=from_.isoformat(),
            valid_from=from_,
            columns=named_columns(columns),
            crs=crs,
        )
    folder = name.expanduser().absolute()
    for path in start_district(folder, pack=pack, valid_from=from_, streets=layer):
        click.echo(f"{name}/{path}")
    click.echo(
        speaker.pick(
            f"可以使用：设 SEAMLESS_DISTRICT={name}，再改这些文件",
            f"It answers: set SEAMLESS_DISTRICT={name}, then change these files",
        )
    )


@click.command("learn")
@click.argument("table", type=click.Path(path_type=Path))
@click.option(
    "--columns",
    required=True,
    metavar="A,B",
    help=f"决定主办的列；{STREET_FACT} 为所在街道 / Columns that decide; {STREET_FACT} is where.",
)
@click.option("--lead", required=True, metavar="COLUMN", help="主办的列 / Column of who took it.")
@click.option(
    "--at",
    metavar="LON,LAT",
    help=f"经纬度列，由此得出 {STREET_FACT} / Columns that give {STREET_FACT}.",
)
@click.option(
    "--minimum", default=5, show_default=True, metavar="N", help="至少几件 / Fewest decisions."
)
@click.option(
    "--majority",
    default=0.5,
    show_default=True,
    metavar="SHARE",
    help="至少多大份额 / Least share.",
)
@click.option("--pack", required=True, metavar="NAME", help="规则包名 / Name of the pack.")
@click.option("--title", metavar="TEXT", help="规则包标题 / What people call it.")
@_from_option
@click.option("--replace", is_flag=True, help="取代同名规则包 / Replace a pack of this name.")
@pass_speaker
def learn_pack(  # noqa: PLR0917 - one parameter for each option of the command
    speaker: Speaker,
    table: Path,
    columns: str,
    lead: str,
    at: str | None,
    minimum: int,
    majority: float,
    pack: str,
    title: str | None,
    valid_from: str | None,
    replace: bool,  # noqa: FBT001 - click passes a flag
) -> None:
    """从以往的分派学出一个规则包 / Learn a pack from a table of past decisions.

    平局、太少、不够多数的组合不猜，列在 seams.csv / Ties and thin cells are listed, not guessed.
    """
    from_ = speaker.settings.today() if valid_from is None else day("from", valid_from)
    home = _home(speaker, pack, replace=replace)
    frame = read_decisions(table)
    answering = speaker.desk.district
    if at is not None:
        lon, _, lat = (part.strip() for part in at.partition(","))
        frame[STREET_FACT] = streets_of(frame, lon=lon, lat=lat, district=answering, on=from_)
    learned = learn(
        frame,
        columns=[one.strip() for one in columns.split(",") if one.strip()],
        lead=lead,
        minimum=minimum,
        majority=majority,
    )
    about = About(
        pack=pack,
        name=Text(title or pack, title or pack),
        source=_source(table, learned.rows, minimum, majority),
        valid_from=from_,
    )
    _write(home, pack_files(learned, about))
    decided = len(learned.cells) - len(learned.seams)
    counts = {why: sum(cell.why is why for cell in learned.seams) for why in Why}
    told = "，".join(f"{_WHY[why].zh} {count}" for why, count in counts.items())
    told_en = ", ".join(f"{_WHY[why].en} {count}" for why, count in counts.items())
    click.echo(
        speaker.pick(
            f"学自 {learned.rows} 行（{learned.without} 行缺值未用）："
            f"{len(learned.cells)} 种组合，{decided} 种有主办\n"
            f"没有主办 {len(learned.seams)} 种：{told}；见 {pack}/{SEAMS}",
            f"Learned from {learned.rows} rows ({learned.without} without a value left out): "
            f"{len(learned.cells)} combinations, {decided} with a lead\n"
            f"No lead for {len(learned.seams)}: {told_en}; see {pack}/{SEAMS}",
        )
    )


def _source(table: Path, rows: int, minimum: int, majority: float) -> str:
    digest = hashlib.sha256(table.read_bytes()).hexdigest()[:12]
    return f"{table.name}, sha256 {digest}…, {rows} rows, minimum {minimum}, majority {majority:g}"


def _home(speaker: Speaker, pack: str, *, replace: bool) -> Path:
    """The folder that the pack is written to; raises `LearningRefused`, `BadInput`."""
    folder = speaker.settings.district
    if folder is None:
        raise BadInput(
            [
                Fault(
                    "SEAMLESS_DISTRICT",
                    "请先用 seamless district new 建立辖区并设 SEAMLESS_DISTRICT",
                    "start a district with `seamless district new` and set SEAMLESS_DISTRICT first",
                )
            ]
        )
    faults = pack_name_faults(pack)
    home = folder / _PACKS / pack
    if home.exists() and not replace:
        faults.append(
            Fault(
                "pack",
                f"已有规则包 {pack}；要取代它请加 --replace",
                f"there is a pack {pack}; add --replace to replace it",
            )
        )
    if faults:
        raise LearningRefused(faults)
    return home


def _write(home: Path, files: Mapping[str, str]) -> None:
    home.mkdir(parents=True, exist_ok=True)
    for old in home.glob("*.yaml"):
        old.unlink()
    for name, text in files.items():
        (home / name).write_text(text, encoding="utf-8")
