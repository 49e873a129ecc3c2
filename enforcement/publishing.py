"""Publishing rules: only without open seams and failing cases; every published version is kept.

A version is a district's folder of its own, complete with what is common, so it can be asked later
like any other: name it in SEAMLESS_DISTRICT. Versions are numbered and named by their content;
publishing what is published already gives that version.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from enforcement.case_units import check_units
from enforcement.district import SCHEMATIC, District, open_district
from enforcement.district_files import SettingsFile
from enforcement.errors import DistrictRefused
from enforcement.register import load_register
from enforcement.seams import Proof, prove
from rules.casecheck import CaseResult
from rules.errors import Fault
from rules.loader import CATALOGUE
from rules.reading import parsed, read_yaml

FOLDER = "published"
RECORD = "published.json"
SETTINGS = "district.yaml"
_NAME = re.compile(r"^(\d+)-([0-9a-f]{12})$")


@dataclass(frozen=True, slots=True)
class Version:
    """A published version: its number, content hash, folder and when it was published."""

    number: int
    sha256: str
    folder: Path
    at: str

    @property
    def name(self) -> str:
        """The name of its folder, such as `3-0a1b2c3d4e5f`."""
        return self.folder.name


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether a district's rules may be published: the proof and the cases."""

    proof: Proof
    cases: tuple[CaseResult, ...]

    def faults(self) -> tuple[Fault, ...]:
        """Each open seam and each failing case; empty when it may be published."""
        found = [
            Fault(f"seam {one.matter or one.part}", one.says.zh, one.says.en)
            for one in self.proof.open
        ]
        for case in self.cases:
            found += [Fault(f"case {case.case.id}", fault.zh, fault.en) for fault in case.faults]
        return tuple(found)


def readiness(folder: Path | None, district: District) -> Readiness:
    """The proof of the district and the results of its cases, by role and by unit.

    Raises `DistrictRefused` when the register of seams has faults.
    """
    root = folder or SCHEMATIC
    entries = load_register(root, district.book.catalogue, district.registry.units)
    return Readiness(prove(district, entries), check_units(district))


def publish(folder: Path | None, *, data: Path, at: datetime) -> tuple[Version, Readiness]:
    """The published version, and why it may be.

    Raises `DistrictRefused` with every open seam and failing case; then nothing is written.
    """
    root = folder or SCHEMATIC
    district = open_district(folder, data=data)
    ready = readiness(folder, district)
    faults = ready.faults()
    if faults:
        raise DistrictRefused(faults)
    files = dict(_files(root))
    sha256 = _digest(files)
    known = versions(data)
    same = next((one for one in known if one.sha256 == sha256), None)
    if same is not None:
        return same, ready
    number = max((one.number for one in known), default=0) + 1
    home = data / FOLDER / f"{number}-{sha256[:12]}"
    partial = home.with_suffix(".partial")
    if partial.exists():
        shutil.rmtree(partial)
    for name, path in files.items():
        target = partial / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    version = Version(number, sha256, home, at.isoformat(timespec="seconds"))
    record = {"number": number, "sha256": sha256, "at": version.at}
    (partial / RECORD).write_text(json.dumps(record), encoding="ascii")
    partial.rename(home)
    return version, ready


def versions(data: Path) -> tuple[Version, ...]:
    """Every published version, the oldest first."""
    found = []
    for home in (data / FOLDER).glob("*") if (data / FOLDER).is_dir() else ():
        if _NAME.match(home.name) and (home / RECORD).exists():
            record = json.loads((home / RECORD).read_text(encoding="ascii"))
            found.append(Version(record["number"], record["sha256"], home, record["at"]))
    return tuple(sorted(found, key=lambda one: one.number))


def folder_of(name: str, data: Path) -> Path | None:
    """The folder of rules that a name means: `current`, a version's number or name, a folder.

    None stands for the schematic district. Raises `DistrictRefused` when there is none of that
    name, listing those that there are.
    """
    if name == "current":
        return None
    known = versions(data)
    for one in known:
        if name in (str(one.number), one.name, one.sha256):
            return one.folder
    if (Path(name) / SETTINGS).exists():
        return Path(name)
    listed = ", ".join(one.name for one in known) or "-"
    raise DistrictRefused(
        [
            Fault(
                "version",
                f"没有版本“{name}”；可用：current、辖区文件夹、{listed}",
                f"there is no version {name!r}; use current, a district's folder, or: {listed}",
            )
        ]
    )


def _files(root: Path) -> Iterator[tuple[str, Path]]:
    """Every file that the answers depend on, by its place in the version's folder."""
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.name != RECORD:
            yield path.relative_to(root).as_posix(), path
    if not (root / "common").is_dir():
        for path in sorted((CATALOGUE / "common").glob("*.yaml")):
            yield f"common/{path.name}", path
    for name in _pack_names(root):
        if not (root / "packs" / name).exists():
            for path in sorted((CATALOGUE / name).glob("*.yaml")):
                yield f"packs/{name}/{path.name}", path


def _pack_names(root: Path) -> list[str]:
    faults: list[Fault] = []
    given = parsed(SettingsFile, read_yaml(root / SETTINGS, SETTINGS, faults), SETTINGS, faults)
    if given is None:
        raise DistrictRefused(faults)
    return list(given.packs)


def _digest(files: dict[str, Path]) -> str:
    digest = hashlib.sha256()
    for name in sorted(files):
        content = files[name].read_bytes()
        digest.update(f"{name}:{len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()
