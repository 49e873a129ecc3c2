"""Files by the hash of their content: the same photo is kept once, and never changed."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from enforcement.ledger_errors import LedgerBroken, NoSuchRecord


def keep(folder: Path, content: bytes) -> str:
    """Keep the bytes, so that they survive a power cut; gives their SHA-256."""
    digest = hashlib.sha256(content).hexdigest()
    path = path_of(folder, digest)
    if path.exists():
        return digest
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written beside it and renamed: a reader never sees half a file, whoever is killed when.
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(path)
    return digest


def read(folder: Path, digest: str) -> bytes:
    """The bytes of this hash. Raises NoSuchRecord, and LedgerBroken when they were changed."""
    path = path_of(folder, digest)
    if not path.is_file():
        raise NoSuchRecord(
            field="file", zh=f"没有文件 {digest[:12]}", en=f"there is no file {digest[:12]}"
        )
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != digest:
        raise LedgerBroken(
            field="file",
            zh=f"文件 {digest[:12]} 的内容被改动",
            en=f"the content of the file {digest[:12]} was changed",
        )
    return content


def path_of(folder: Path, digest: str) -> Path:
    """Where the bytes of a hash lie."""
    return folder / digest[:2] / digest


def kept(folder: Path) -> Iterator[Path]:
    """Every file that is kept, in no order."""
    return (path for path in folder.glob("??/*") if not path.name.startswith("."))
