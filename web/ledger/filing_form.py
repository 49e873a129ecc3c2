"""What was typed into the form of a new case: read, checked at once, and kept for the next try."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from werkzeug.datastructures import FileStorage

from enforcement.cases import LONGEST_TEXT
from enforcement.ledger_errors import EvidenceRefused
from enforcement.photos import looked_at
from enforcement.services.residents import ROLES, Resident
from rules.errors import Fault
from web.officer.safe_text import shown

MOST_PHOTOS = 9
LONGEST_NAME = 100
LONGEST_CONTACT = 200
FIELDS = ("description", "separate", "asker", "behalf", "role", "name", "contact")


@dataclass(frozen=True, slots=True)
class Photo:
    """A file that came with the form."""

    name: str
    content: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class Draft:
    """The form as it was sent; `faults` are all that is wrong with it."""

    typed: Mapping[str, str]
    photos: tuple[Photo, ...] = ()
    resident: Resident | None = None
    had_photos: bool = False
    faults: tuple[Fault, ...] = field(default=())

    @property
    def description(self) -> str:
        """What was found."""
        return self.typed["description"]

    @property
    def separate(self) -> str:
        """Why it is another case than the closed one there."""
        return self.typed["separate"].strip()

    @property
    def on_behalf(self) -> bool:
        """Whether a resident raised it, named or not."""
        return bool(self.typed["behalf"] or self.resident)


def drafted(form: Mapping[str, str], files: Sequence[FileStorage], *, most_bytes: int) -> Draft:
    """The form as it was sent, with everything that is wrong with it."""
    typed = {name: form.get(name, "").replace("\r\n", "\n") for name in FIELDS}
    faults: list[Fault] = []
    description = typed["description"].strip()
    if not description:
        faults.append(Fault("description", "请写明情况说明", "say what was found"))
    elif len(description) > LONGEST_TEXT:
        faults.append(
            Fault(
                "description",
                f"情况说明超过 {LONGEST_TEXT} 字",
                f"what was found: at most {LONGEST_TEXT} letters",
            )
        )
    photos = _photos(files, faults, most_bytes)
    resident = _resident(typed, faults)
    return Draft(typed, photos, resident, bool(files), tuple(faults))


def _photos(
    files: Sequence[FileStorage], faults: list[Fault], most_bytes: int
) -> tuple[Photo, ...]:
    """The files, each content once."""
    if len(files) > MOST_PHOTOS:
        faults.append(
            Fault(
                "photos",
                f"一次最多 {MOST_PHOTOS} 张照片，其余可在案件页添加",
                f"at most {MOST_PHOTOS} photos at once; add the others on the case's page",
            )
        )
        return ()
    found: dict[str, Photo] = {}
    for one in files:
        content, name = one.read(), one.filename or ""
        try:
            seen = looked_at(content, most_bytes=most_bytes)
        except EvidenceRefused as error:
            called = shown(name, 60)
            faults.append(
                Fault("photos", f"照片 {called}：{error.zh}", f"photo {called}: {error.en}")
            )
            continue
        found.setdefault(seen.sha256, Photo(name, content, seen.sha256))
    return tuple(found.values())


def _resident(typed: Mapping[str, str], faults: list[Fault]) -> Resident | None:
    """Who raised it, when a name or a contact was typed."""
    name, contact = typed["name"].strip(), typed["contact"].strip()
    if not name and not contact:
        return None
    if not name:
        faults.append(
            Fault(
                "name",
                "写了联系方式就要写明姓名；不愿透露的，两项都留空",
                "with a contact say the name too; leave both empty for who will not be named",
            )
        )
    if typed["role"] not in ROLES:
        faults.append(Fault("role", "请选择身份", "choose what the resident is"))
    return Resident(typed["role"], name[:LONGEST_NAME], contact[:LONGEST_CONTACT])
