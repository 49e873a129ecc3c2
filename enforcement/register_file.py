"""The shape of a district's `register.yaml`: which keys exist, what each may hold."""

# ruff: noqa: D101 - each class is the shape of one kind of entry; its name says which

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TextS(Strict):
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class BasisS(Strict):
    law: str
    article: str = ""


class RulingS(Strict):
    lead: str
    on: date
    valid_from: date
    by: TextS
    says: TextS
    basis: list[BasisS] = Field(min_length=1)
    source: list[str] = Field(min_length=1)


class EntryS(Strict):
    id: Annotated[str, Field(pattern=r"^[A-Z][A-Za-z0-9\-]*$")]
    what: TextS
    matter: str
    kind: Literal["gap", "overlap", "vacancy"]
    facts: dict[str, str | list[str]]
    roles: list[str] = []
    valid_from: date
    ceases_on: date | None = None
    claimants: list[str] = []
    owner: str
    deadline: date
    interim: TextS
    cites: list[str] = Field(min_length=1)
    decision: RulingS | None = None


class RegisterFile(Strict):
    entries: list[EntryS] = []
