"""Packs of YAML → one checked, frozen `Catalogue`; every fault at once, with file and key.

`schema` knows the shape of the files; `common_files`, `matter_files` and `pack_files` read them. In
`naming` names become values, and what is named must exist. `checks` looks at the whole. What only
the engine can tell (gaps, overlaps) is not checked here; see `table`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from rules.checks import Loaded, faults_of
from rules.common_files import read_common
from rules.errors import PackRefused
from rules.matter_files import read_parameters
from rules.model import Catalogue
from rules.naming import Read
from rules.pack_files import read_pack

CATALOGUE = Path(__file__).parent / "catalogue"
_PACK_FILES = ("pack.yaml", "rules.yaml", "parameters.yaml", "cases.yaml")
_COMMON_FILES = ("roles.yaml", "laws.yaml", "sources.yaml", "deadlines.yaml")


def load_catalogue(packs: Sequence[Path], common: Path = CATALOGUE / "common") -> Catalogue:
    """The checked content of the packs (folders) and of the common folder.

    A pack may bring roles, laws, sources and deadlines of its own, in files of the same names.
    Raises `PackRefused` with every fault found. The result does not depend on the order of
    packs or of entries in files, except for the order of a matter's facts and of a fact's
    values, which people see.
    """
    read = Read()
    folders = sorted(packs, key=_name)
    read_common(read, common)
    for folder in folders:
        read_common(read, folder, needed=False)
    for folder in folders:
        read_parameters(read, folder)
    for folder in folders:
        read_pack(read, folder)
    read.faults.extend(
        faults_of(
            Loaded(read.roles, read.matters, read.rules, read.parameters, read.cases),
            read.where,
        )
    )
    if read.faults:
        raise PackRefused(read.faults)
    return Catalogue(
        roles=read.roles,
        laws=read.laws,
        sources=read.sources,
        deadlines=read.deadlines,
        parameters=read.parameters,
        matters=dict(sorted(read.matters.items())),
        rules=dict(sorted(read.rules.items())),
        cases=tuple(read.cases),
        sha256=_digest(common, packs),
        packs=dict(sorted(read.packs.items())),
    )


def _name(path: Path) -> str:
    return path.name


def _digest(common: Path, packs: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for folder, names in [(common, _COMMON_FILES)] + [
        (folder, _PACK_FILES) for folder in sorted(packs, key=_name)
    ]:
        for name in names:
            path = folder / name
            content = path.read_bytes() if path.exists() else b""
            digest.update(f"{folder.name}/{name}:{len(content)}\n".encode())
            digest.update(content)
    for path in (folder / name for folder in sorted(packs, key=_name) for name in _COMMON_FILES):
        if path.exists():
            digest.update(f"{path.parent.name}/{path.name}\n".encode() + path.read_bytes())
    return digest.hexdigest()
