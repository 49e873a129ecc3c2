"""Evidence by its content's hash, and residents, whose names stand nowhere else."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Index, Text
from sqlmodel import Field, col, select

from enforcement.store.base import Row, UtcDateTime
from enforcement.store.chain import Transaction


class EvidenceRow(Row, table=True):
    """One file of a case; the bytes lie in the content store under `sha256`."""

    __tablename__ = "evidence"

    case_id: int = Field(primary_key=True, foreign_key="case_file.id")
    n: int = Field(primary_key=True)
    sha256: str = Field(max_length=64, index=True)
    name: str = Field(max_length=200)
    mime: str = Field(max_length=64)
    size: int
    taken_at: str | None = Field(default=None, max_length=32)
    lon: float | None = None
    lat: float | None = None
    note: str = Field(default="", sa_type=Text)
    by: str = Field(max_length=64)
    unit: str | None = Field(default=None, max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)


class ResidentRow(Row, table=True):
    """A resident who raised a case. Only `role` is shown; the rest is the holder's to see."""

    __tablename__ = "resident"
    __table_args__ = (Index("ix_resident_retain", "erased_at", "retain_until"),)

    case_id: int = Field(primary_key=True, foreign_key="case_file.id")
    n: int = Field(primary_key=True)
    role: str = Field(max_length=32)
    name: str | None = Field(default=None, max_length=100)
    contact: str | None = Field(default=None, max_length=200)
    note: str | None = Field(default=None, sa_type=Text)
    retain_until: date
    erased_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class DocumentRow(Row, table=True):
    """A letter that was made: what a reader of its QR code compares it with."""

    __tablename__ = "document"

    code: str = Field(primary_key=True, max_length=32)
    kind: str = Field(max_length=32)
    case_id: int | None = Field(default=None, foreign_key="case_file.id", index=True)
    visit_id: int | None = None
    title: str = Field(max_length=200)
    summary: str = Field(sa_type=Text)
    sha256: str = Field(max_length=64)
    by: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)


def evidence_of(session: Transaction, case_id: int) -> tuple[EvidenceRow, ...]:
    """The files of a case, in order."""
    query = select(EvidenceRow).where(EvidenceRow.case_id == case_id).order_by(col(EvidenceRow.n))
    return tuple(session.exec(query).all())


def residents_of(session: Transaction, case_id: int) -> tuple[ResidentRow, ...]:
    """The residents of a case, in order."""
    query = select(ResidentRow).where(ResidentRow.case_id == case_id).order_by(col(ResidentRow.n))
    return tuple(session.exec(query).all())


def residents_past(session: Transaction, day: date, *, limit: int) -> Sequence[ResidentRow]:
    """Residents whose retention ended before `day` and who are not erased yet."""
    query = (
        select(ResidentRow)
        .where(col(ResidentRow.erased_at).is_(None), col(ResidentRow.retain_until) < day)
        .order_by(col(ResidentRow.case_id))
        .limit(limit)
    )
    return session.exec(query).all()


def document_by_code(session: Transaction, code: str) -> DocumentRow | None:
    """The letter of a code, or None."""
    return session.get(DocumentRow, code)


def documents_of(session: Transaction, case_id: int) -> tuple[DocumentRow, ...]:
    """The letters of a case, oldest first."""
    query = select(DocumentRow).where(DocumentRow.case_id == case_id).order_by(col(DocumentRow.at))
    return tuple(session.exec(query).all())


def notices_of(session: Transaction, visit_id: int) -> tuple[DocumentRow, ...]:
    """The notices of a joint visit, in the order in which they were issued."""
    query = (
        select(DocumentRow)
        .where(DocumentRow.visit_id == visit_id)
        .order_by(col(DocumentRow.at), col(DocumentRow.code))
    )
    return tuple(session.exec(query).all())
