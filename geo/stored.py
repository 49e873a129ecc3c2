"""Editions and road registers on disk: a folder for each edition, written whole or not at all.

`<folder>/<kind>/<edition>/` holds `features.parquet` and `edition.json`; `<folder>/register/*.csv`
are road registers.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from datetime import date
from pathlib import Path
from typing import Final

import geopandas as gpd

from geo.editions import Edition, Kind, clashes
from geo.errors import BadLayer, Fault, NoSuchEdition
from geo.register import RegisterEntry, read_register

FEATURES: Final = "features.parquet"
ABOUT: Final = "edition.json"
REGISTER: Final = "register"

_NAME = re.compile(r"\w[\w.+-]{0,79}")


def name_faults(name: str) -> list[Fault]:
    """What is wrong with the name of an edition: it becomes the name of a folder."""
    if _NAME.fullmatch(name):
        return []
    return [
        Fault(
            "edition",
            f"版次名“{name}”无效：应以字母、数字或汉字开头，其后还可用 . + - _，最多 80 字",
            f'"{name}" is no name for an edition: letters and digits, then also . + - _, up to 80',
        )
    ]


def save_edition(folder: Path, edition: Edition) -> Path:
    """The folder in which the edition now is; it is there whole, or not at all.

    Raises BadLayer when its name is taken or is none, or when a stored edition speaks of the same
    thing on the same day.
    """
    faults = [*name_faults(edition.name), *conflicts(edition, load_editions(folder))]
    if faults:
        raise BadLayer(f"{edition.kind}/{edition.name}", faults)
    home = folder / edition.kind
    home.mkdir(parents=True, exist_ok=True)
    # Beside its place, so that putting it there is one step; a leading dot is no edition
    building = Path(tempfile.mkdtemp(prefix=".importing-", dir=home))
    try:
        edition.frame.to_parquet(building / FEATURES, index=False)
        about = {
            "kind": str(edition.kind),
            "name": edition.name,
            "valid_from": edition.valid_from.isoformat(),
            "ceases_on": edition.ceases_on.isoformat() if edition.ceases_on else None,
            "schematic": edition.schematic,
            "features": len(edition.frame),
            "sha256": edition.sha256,
        }
        text = json.dumps(about, ensure_ascii=False, indent=2) + "\n"
        (building / ABOUT).write_text(text, encoding="utf-8")
        building.chmod(0o755)
        return building.rename(home / edition.name)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def conflicts(edition: Edition, stored: tuple[Edition, ...]) -> list[Fault]:
    """Why the edition cannot stand beside those that are stored."""
    faults = []
    for other in stored:
        if (other.kind, other.name) == (edition.kind, edition.name):
            faults.append(
                Fault(
                    "edition",
                    f"已有名为“{edition.name}”的 {edition.kind} 版次，版次不可覆盖；请另取名",
                    f'there already is a {edition.kind} edition "{edition.name}", and none is '
                    "overwritten; choose another name",
                )
            )
        else:
            faults.extend(clashes(other, edition))
    return faults


def load_editions(folder: Path) -> tuple[Edition, ...]:
    """All stored editions of a folder, by kind and name; a folder that does not exist has none.

    Raises NoSuchEdition when one cannot be read or is not what was stored.
    """
    return tuple(
        load_edition(about.parent)
        for kind in Kind
        for about in sorted((folder / kind).glob(f"[!.]*/{ABOUT}"))
    )


def load_edition(home: Path) -> Edition:
    """The edition of one folder; raises NoSuchEdition when it is not there or was changed."""
    try:
        about = json.loads((home / ABOUT).read_text(encoding="utf-8"))
        frame = gpd.read_parquet(home / FEATURES)
        kind = Kind(about["kind"])
        valid_from = date.fromisoformat(about["valid_from"])
        ceases_on = date.fromisoformat(about["ceases_on"]) if about["ceases_on"] else None
        # What is read may have other types than what was written: the columns are shaped again
        edition = Edition.made(
            kind=kind,
            name=about["name"],
            valid_from=valid_from,
            ceases_on=ceases_on,
            frame=frame,
            schematic=about["schematic"],
        )
        whole = edition.sha256 == about["sha256"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _unreadable(home, str(error)) from error
    if not whole:
        raise _unreadable(home, "sha256")
    return edition


def load_register(folder: Path) -> tuple[RegisterEntry, ...]:
    """The entries of all stored registers, file by file; raises BadRegister."""
    files = sorted((folder / REGISTER).glob("[!.]*.csv"))
    return tuple(entry for file in files for entry in read_register(file))


def save_register(folder: Path, source: Path) -> tuple[RegisterEntry, ...]:
    """The entries of a road register that is now stored under its file's name; else nothing is.

    It takes the place of a stored one of the same name. Raises BadRegister with every fault.
    """
    entries = read_register(source)
    home = folder / REGISTER
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=home, prefix=".importing-", delete=False) as building:
        building.write(source.read_bytes())
    path = Path(building.name)
    path.chmod(0o644)
    path.rename(home / f"{source.stem.lstrip('.')}.csv")
    return entries


def _unreadable(home: Path, why: str) -> NoSuchEdition:
    where = f"{home.parent.name}/{home.name}"
    return NoSuchEdition(
        field=where,
        zh=f"图层版次 {where} 已损坏或被改动（{why}）：请删除该文件夹并重新导入",
        en=f"the edition {where} is damaged or was changed ({why}): remove its folder and import "
        "it again",
    )
