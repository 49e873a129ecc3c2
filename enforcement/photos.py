"""What a photo says of itself: type, size, and where and when it was taken. Pure: bytes in.

A file is what its content says, never what its name says. A picture that cannot be read whole is
refused, so that evidence opens years later.
"""

from __future__ import annotations

import hashlib
import io
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from PIL import Image, UnidentifiedImageError
from PIL.ExifTags import GPS, IFD, Base

from enforcement.ledger_errors import EvidenceRefused
from geo.errors import BadPoint
from geo.points import Point

MIMES: Final[Mapping[str, str]] = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
PDF: Final = "application/pdf"
SUFFIXES: Final[Mapping[str, str]] = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    PDF: ".pdf",
}
MOST_PIXELS: Final = 60_000_000
_TIME: Final = re.compile(r"\d{4}:\d\d:\d\d \d\d:\d\d:\d\d")


@dataclass(frozen=True, slots=True)
class Seen:
    """What a file is. `taken_at` is the camera's local time, without a zone, as it wrote it."""

    sha256: str
    mime: str
    size: int
    taken_at: str | None = None
    point: Point | None = None


def looked_at(content: bytes, *, most_bytes: int) -> Seen:
    """What the file is. Raises EvidenceRefused for one that is too large or of another type."""
    if not content:
        raise _refused("文件是空的", "the file is empty")
    if len(content) > most_bytes:
        mb = most_bytes / 1_000_000
        raise _refused(
            f"文件 {len(content) / 1e6:.1f} MB，最大 {mb:g} MB；请缩小后再传",
            f"the file has {len(content) / 1e6:.1f} MB, at most {mb:g}; make it smaller",
        )
    digest = hashlib.sha256(content).hexdigest()
    if content.startswith(b"%PDF-"):
        return Seen(digest, PDF, len(content))
    try:
        with warnings.catch_warnings():
            # A picture that would need gigabytes is refused below, by its size in pixels.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content)) as image:
                mime = MIMES.get(image.format or "")
                if mime is None:
                    raise _refused_type(image.format or "?")
                if image.width * image.height > MOST_PIXELS:
                    raise _refused("图片像素过多", "the picture has too many pixels")
                image.load()
                exif = image.getexif()
                return Seen(digest, mime, len(content), _taken_at(exif), _point(exif))
    except (UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise _refused_type("?") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise _refused(
            "图片已损坏，无法打开；请重新拍摄或重新传送",
            "the picture is damaged and cannot be opened; take or send it again",
        ) from error


def _taken_at(exif: Image.Exif) -> str | None:
    found = exif.get_ifd(IFD.Exif).get(Base.DateTimeOriginal) or exif.get(Base.DateTime)
    if not isinstance(found, str) or not _TIME.fullmatch(found.strip()):
        return None
    try:
        moment = datetime.strptime(found.strip(), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - it has none
    except ValueError:
        return None
    return moment.isoformat()


def _point(exif: Image.Exif) -> Point | None:
    gps = exif.get_ifd(IFD.GPSInfo)
    lat = _degrees(gps.get(GPS.GPSLatitude), gps.get(GPS.GPSLatitudeRef), "S")
    lon = _degrees(gps.get(GPS.GPSLongitude), gps.get(GPS.GPSLongitudeRef), "W")
    if lat is None or lon is None:
        return None
    try:
        return Point.checked(lon=round(lon, 6), lat=round(lat, 6))
    except BadPoint:
        # A camera without a fix writes nonsense; the photo is evidence all the same.
        return None


def _degrees(parts: Any, ref: object, negative: str) -> float | None:  # noqa: ANN401
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    return -value if ref == negative else value


def _refused_type(given: str) -> EvidenceRefused:
    return _refused(
        f"不支持这种文件（{given}）；可传 JPEG、PNG、WebP 照片和 PDF",
        f"this type of file ({given}) is not taken; JPEG, PNG, WebP and PDF are",
    )


def _refused(zh: str, en: str) -> EvidenceRefused:
    return EvidenceRefused(field="file", zh=zh, en=en)
