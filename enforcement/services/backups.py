"""A copy of the whole installation's ledger in one file, and putting it back.

On SQLite the copy is the database as it was at one moment, taken while others write, with the
files of evidence, and a list of hashes. PostgreSQL has its own tools (`pg_dump`), which see more
than this program may; the evidence is copied here all the same.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from enforcement.ledger_errors import BadAct, LedgerBroken
from enforcement.store.content import kept
from enforcement.store.engine import Store
from rules.errors import Fault

DATABASE: Final = "seamless.db"
LIST: Final = "list.json"


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds."""

    path: Path
    files: int
    bytes: int


def back_up(store: Store, files: Path, to: Path) -> Backup:
    """Write a backup to a new file. Raises BadAct for one that exists, or for PostgreSQL."""
    _check_sqlite(store)
    if to.exists():
        raise BadAct([Fault("file", f"{to.name} 已存在", f"{to.name} exists already")])
    to.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=to.parent) as name:
        copy = Path(name) / DATABASE
        _copied(Path(store.url.database or ""), copy)
        found = [(DATABASE, copy)] + [
            (f"evidence/{path.parent.name}/{path.name}", path) for path in sorted(kept(files))
        ]
        hashes = {name: _digest(path) for name, path in found}
        listed = Path(name) / LIST
        listed.write_text(json.dumps(hashes, indent=1, sort_keys=True), encoding="utf-8")
        whole = Path(name) / "backup.tar"
        with tarfile.open(whole, "w") as archive:
            for inside, path in [(LIST, listed), *found]:
                archive.add(path, arcname=inside, recursive=False)
        # Renamed at the end: a backup that was cut off does not look like one.
        whole.replace(to)
    return Backup(to, len(found) - 1, to.stat().st_size)


def restore(backup: Path, *, database: Path, files: Path) -> Backup:
    """Put a backup back where nothing is.

    Raises BadAct where something is, and LedgerBroken when the backup is not as it was written.
    """
    if database.exists():
        raise BadAct(
            [
                Fault(
                    "database",
                    f"{database} 已存在；请恢复到空的数据文件夹，核对后再替换",
                    f"{database} exists; restore into an empty folder, look at it, then swap",
                )
            ]
        )
    database.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=database.parent) as name:
        folder = Path(name)
        with tarfile.open(backup) as archive:
            archive.extractall(folder, filter="data")
        hashes: dict[str, str] = json.loads((folder / LIST).read_text(encoding="utf-8"))
        wrong = [
            inside
            for inside, digest in hashes.items()
            if not (folder / inside).is_file() or _digest(folder / inside) != digest
        ]
        if wrong:
            raise LedgerBroken(
                field="file",
                zh=f"备份已损坏：{'、'.join(wrong[:5])}",
                en=f"the backup is damaged: {', '.join(wrong[:5])}",
            )
        for inside in hashes:
            if inside != DATABASE:
                target = files / Path(inside).relative_to("evidence")
                target.parent.mkdir(parents=True, exist_ok=True)
                (folder / inside).replace(target)
        (folder / DATABASE).replace(database)
    return Backup(backup, len(hashes) - 1, backup.stat().st_size)


def _copied(source: Path, copy: Path) -> None:
    """The database as it is at one moment, write-ahead log included."""
    reader, writer = sqlite3.connect(source), sqlite3.connect(copy)
    try:
        reader.backup(writer)
        writer.execute("PRAGMA journal_mode = DELETE")
    finally:
        writer.close()
        reader.close()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check_sqlite(store: Store) -> None:
    if store.dialect.name != "sqlite":
        raise BadAct(
            [
                Fault(
                    "DATABASE_URL",
                    "PostgreSQL 请用 pg_dump 备份、pg_restore 恢复，并另存证据文件夹",
                    "back PostgreSQL up with pg_dump, and copy the folder of evidence",
                )
            ]
        )
