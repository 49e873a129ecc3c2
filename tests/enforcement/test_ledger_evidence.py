"""Photos by their content, residents kept apart, and backups that come back whole."""

from __future__ import annotations

import io
import tarfile
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from enforcement.ledger_errors import (
    BadAct,
    EvidenceRefused,
    LedgerBroken,
    NoSuchRecord,
    NotAllowed,
)
from enforcement.photos import PDF, looked_at
from enforcement.policies import Post
from enforcement.services.backups import back_up, restore
from enforcement.services.checking import check_ledger
from enforcement.services.evidence import add_evidence, read_evidence
from enforcement.services.handing import accept, hand_over
from enforcement.services.residents import (
    Resident,
    add_resident,
    erase_past,
    erase_resident,
    export_resident,
    see_residents,
)
from enforcement.services.stories import story
from enforcement.store.chain import all_events
from enforcement.store.content import path_of
from enforcement.store.engine import Store, reading
from enforcement.store.migrate import open_store
from geo.points import Point
from tests.enforcement.ledger_world import (
    AUDITOR,
    DISPATCHER,
    HEALTH,
    OFFICER_A,
    OFFICER_B,
    SUPERVISOR,
    VERIFIER,
    World,
    person,
    world,
)

SECRET = Resident("complainant", "张三丰", "13800000000", "住三楼")


@pytest.fixture
def at(store: Store, tmp_path: Path) -> World:
    return world(store, tmp_path / "files")


def photo(*, kind: str = "JPEG", gps: bool = True, size: tuple[int, int] = (40, 30)) -> bytes:
    """A picture with the camera's time and position."""
    image = Image.new("RGB", size, "red")
    exif = Image.Exif()
    exif.get_ifd(IFD.Exif)[Base.DateTimeOriginal] = "2008:11:05 09:30:00"
    if gps:
        exif.get_ifd(IFD.GPSInfo).update(
            {
                GPS.GPSLatitudeRef: "N",
                GPS.GPSLatitude: (22.0, 36.0, 16.56),
                GPS.GPSLongitudeRef: "E",
                GPS.GPSLongitude: (114.0, 7.0, 1.92),
            }
        )
    out = io.BytesIO()
    image.save(out, kind, exif=exif)
    return out.getvalue()


def test_a_photo_says_when_and_where_it_was_taken() -> None:
    seen = looked_at(photo(), most_bytes=10**6)
    assert (seen.mime, seen.taken_at) == ("image/jpeg", "2008-11-05T09:30:00")
    assert seen.point == Point(lon=114.1172, lat=22.6046)
    assert looked_at(photo(gps=False), most_bytes=10**6).point is None
    assert looked_at(b"%PDF-1.7 ...", most_bytes=10**6).mime == PDF


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"<html>", "not taken"),
        (b"x" * 2_000_000, "at most"),
        (photo()[:200], "damaged"),
        (photo(kind="GIF"), "not taken"),
    ],
)
def test_what_is_no_photo_is_refused(content: bytes, says: str) -> None:
    with pytest.raises(EvidenceRefused, match=says):
        looked_at(content, most_bytes=10**6)


def test_a_photo_is_kept_once_by_its_content_and_read_by_who_sees_the_case(at: World) -> None:
    case_id = at.file("catering")
    for name in ("a.jpg", "b.jpg"):
        add_evidence(at.ledger, at.by(OFFICER_A), case_id, name=name, content=photo())
    assert len(list(at.ledger.files.glob("??/*"))) == 1
    row, content = read_evidence(at.ledger, at.by(OFFICER_A), case_id, 2)
    assert (row.name, content) == ("b.jpg", photo())
    with pytest.raises(NotAllowed):
        read_evidence(at.ledger, at.by(HEALTH), case_id, 1)
    with pytest.raises(NoSuchRecord):
        read_evidence(at.ledger, at.by(OFFICER_A), case_id, 3)


def test_a_photo_that_was_changed_on_the_disk_is_not_shown(at: World) -> None:
    case_id = at.file("catering")
    add_evidence(at.ledger, at.by(OFFICER_A), case_id, name="a.jpg", content=photo())
    (row,) = story(at.ledger, at.by(OFFICER_A), case_id).evidence
    path_of(at.ledger.files, row.sha256).write_bytes(photo(gps=False))
    with pytest.raises(LedgerBroken):
        read_evidence(at.ledger, at.by(OFFICER_A), case_id, 1)


# --- residents ----------------------------------------------------------------------------------


def test_a_resident_is_shown_by_role_and_named_to_the_holder_alone(at: World) -> None:
    case_id = at.file("catering", actor=DISPATCHER, asker="street_a", on_behalf=True)
    add_resident(at.ledger, at.by(DISPATCHER), case_id, SECRET)
    (seen,) = see_residents(at.ledger, at.by(OFFICER_A), case_id)
    assert (seen.name, seen.contact) == (SECRET.name, SECRET.contact)
    for other in (OFFICER_B, HEALTH, DISPATCHER, VERIFIER, SUPERVISOR, AUDITOR):
        with pytest.raises(NotAllowed):
            see_residents(at.ledger, at.by(other), case_id)
    told = story(at.ledger, at.by(AUDITOR), case_id)
    assert [one.role for one in told.residents] == ["complainant"]
    assert SECRET.name not in repr(told)


def test_when_the_holder_changes_the_old_one_sees_the_name_no_more(at: World) -> None:
    case_id = at.file("catering")
    add_resident(at.ledger, at.by(OFFICER_A), case_id, SECRET)
    hand_over(at.ledger, at.by(OFFICER_A), case_id, to="health", reason="x")
    with pytest.raises(NotAllowed):
        see_residents(at.ledger, at.by(HEALTH), case_id)
    accept(at.ledger, at.by(HEALTH), case_id)
    assert see_residents(at.ledger, at.by(HEALTH), case_id)[0].name == SECRET.name
    with pytest.raises(NotAllowed):
        see_residents(at.ledger, at.by(OFFICER_A), case_id)


def test_no_event_has_a_residents_name_and_erasing_takes_it_away_everywhere(at: World) -> None:
    case_id = at.file("catering")
    add_resident(at.ledger, at.by(OFFICER_A), case_id, SECRET)
    chief = person("chief", "street_a", Post.SUPERVISOR)
    exported = export_resident(at.ledger, at.by(chief), case_id, 1)
    assert exported["name"] == SECRET.name
    erase_resident(at.ledger, at.by(chief), case_id, 1)
    (left,) = see_residents(at.ledger, at.by(OFFICER_A), case_id)
    assert (left.role, left.name, left.contact, left.note) == ("complainant", None, None, None)
    with reading(at.ledger.store) as session:
        payloads = "".join(event.payload for event in all_events(session))
    assert SECRET.name not in payloads
    assert SECRET.contact not in payloads
    assert check_ledger(at.ledger).is_whole


def test_residents_are_erased_when_their_time_ends(at: World) -> None:
    case_id = at.file("catering")
    add_resident(at.ledger, at.by(OFFICER_A), case_id, SECRET)
    assert erase_past(at.ledger, at.now + timedelta(days=365)) == 0
    assert erase_past(at.ledger, at.now + timedelta(days=366)) == 1
    assert see_residents(at.ledger, at.by(OFFICER_A), case_id)[0].name is None


# --- backups ------------------------------------------------------------------------------------


def test_a_backup_comes_back_whole_with_its_evidence(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'a' / 'seamless.db'}")
    at = world(store, tmp_path / "a" / "evidence")
    case_id = at.file("catering")
    add_evidence(at.ledger, at.by(OFFICER_A), case_id, name="a.jpg", content=photo())
    made = back_up(store, at.ledger.files, tmp_path / "backup.tar")
    assert made.files == 1
    with pytest.raises(BadAct, match="exists"):
        back_up(store, at.ledger.files, tmp_path / "backup.tar")
    with pytest.raises(BadAct, match="exists"):
        restore(made.path, database=tmp_path / "a" / "seamless.db", files=tmp_path / "x")
    there = tmp_path / "b"
    restore(made.path, database=there / "seamless.db", files=there / "evidence")
    again = open_store(f"sqlite:///{there / 'seamless.db'}")
    back = world(again, there / "evidence")
    assert check_ledger(back.ledger) == check_ledger(at.ledger)
    assert read_evidence(back.ledger, back.by(OFFICER_A), case_id, 1)[1] == photo()
    store.dispose()
    again.dispose()


def test_a_damaged_backup_is_not_restored(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'a' / 'seamless.db'}")
    at = world(store, tmp_path / "a" / "evidence")
    at.file("catering")
    made = back_up(store, at.ledger.files, tmp_path / "backup.tar")
    store.dispose()
    with tarfile.open(made.path) as archive:
        archive.extractall(tmp_path / "open", filter="data")
    with (tmp_path / "open" / "seamless.db").open("ab") as file:
        file.write(b"x")
    with tarfile.open(tmp_path / "spoiled.tar", "w") as archive:
        for path in (tmp_path / "open").iterdir():
            archive.add(path, arcname=path.name)
    with pytest.raises(LedgerBroken, match="damaged"):
        restore(tmp_path / "spoiled.tar", database=tmp_path / "c.db", files=tmp_path / "c")
    assert not (tmp_path / "c.db").exists()
