"""The pictures of docs/pictures: every state of the officer's page, taken from the real program.

As in `make pictures`. It serves the schematic district from an empty folder on a fixed day, so
that the same program gives the same pictures.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path

import waitress
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tools.preflight import NO_CHROMIUM, chromium
from web.app import create_app
from web.settings import Settings

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
TODAY = date(2026, 11, 20)
SIZES = {"landscape": (1180, 820), "portrait": (820, 1180), "phone": (360, 780)}
COLOURS = 256
"""The page has few colours; a palette makes its pictures a quarter of their size."""

BUJI = "at=114.1172,22.6046&accuracy=10&by=gps"
STALL = (
    f"matter=food.safety&{BUJI}&fact.stage=catering&fact.premises=mobile&fact.licence=unlicensed"
)
SHOP = f"matter=food.safety&{BUJI}&fact.stage=catering&fact.premises=fixed&fact.licence=unlicensed"
COVER = "matter=road.asset_defect&at=114.1172,22.6046&fact.asset=manhole_water"


def nothing(_page: Page) -> None:
    """Leave the page as it loads."""


@dataclass(frozen=True)
class Shot:
    """One picture: what it shows, where it is taken, and what is done before."""

    name: str
    says: str
    path: str
    size: str = "landscape"
    lang: str = "zh"
    theme: str = "light"
    large: bool = False
    whole: bool = False
    unit: str = ""
    before: Callable[[Page], None] = nothing
    device_at: tuple[float, float, float] | None = None


def typed(page: Page) -> None:
    """Type initials and wait for what they find."""
    page.locator("#q").press_sequentially("jg")
    page.wait_for_selector(".hit")


def loading(page: Page) -> None:
    """Let the answer never come, so that its shape is shown."""
    page.evaluate("() => { window.fetch = () => new Promise(() => {}); }")
    page.locator(".choice").first.click()
    page.wait_for_selector(".shape")


def offline(page: Page) -> None:
    """Take the network away and ask."""
    page.context.set_offline(True)
    page.locator(".choice").first.click()
    page.wait_for_selector("#offline:not([hidden])")


def stale(page: Page) -> None:
    """Leave the page open past midnight."""
    page.evaluate("document.getElementById('panel').dataset.opened = 'an earlier day'")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def unfolded(page: Page) -> None:
    """Unfold the basis down to the text of its first article, and bring it into view."""
    page.locator("details.row", has=page.locator("details.law")).locator("summary").first.click()
    page.locator("details.law summary").first.click()
    page.locator("details.law").first.scroll_into_view_if_needed()


def scrolled(page: Page) -> None:
    """Bring what stands at the end into view."""
    page.locator(".after").scroll_into_view_if_needed()


SHOTS = (
    Shot("what", "What is it: tiles of the common matters, and a search", "/"),
    Shot("what-phone", "The same on a phone", "/", "phone"),
    Shot("what-dark", "The same in English, dark, upright", "/", "portrait", "en", "dark"),
    Shot("search", "Search while typing: initials find the manhole cover", "/", before=typed),
    Shot("search-empty", "Empty: nothing was found", "/?q=zzqq", "phone"),
    Shot("where", "Where is it: the position with its true circle",
         "/?matter=food.safety&fact.stage=catering&fact.premises=mobile",
         device_at=(114.1172, 22.6046, 24)),
    Shot("where-phone", "The other ways to say where", "/?matter=street.dogs", "phone", "en"),
    Shot("question", "One more question", f"/?matter=street.noise&{BUJI}", "phone"),
    Shot("question-place", "On a border the place itself is asked for",
         "/?matter=street.dogs&at=114.1351,22.6046&accuracy=300&by=gps"),
    Shot("answer", "The answer: the unit, yours or not, whom to call, and why", f"/?{STALL}",
         unit="street_cle.440307014"),
    Shot("answer-phone", "The same on a phone", f"/?{STALL}", "phone"),
    Shot("answer-dark", "In English, dark, upright", f"/?{STALL}", "portrait", "en", "dark"),
    Shot("answer-large", "Large type", f"/?{STALL}", "phone", "zh", "dark", large=True),
    Shot("answer-basis", "The basis unfolds to the article", f"/?{SHOP}", before=unfolded),
    Shot("answer-2008", "As of 2008-11-05, with another reading", f"/?{SHOP}&on=2008-11-05"),
    Shot("answer-danger", "Danger first", f"/?{COVER}&fact.road.class=arterial", "phone"),
    Shot("answer-several", "Several matters at one visit, one lead each",
         f"/?matter=street.dogs&{BUJI}&also=food.safety;stage=catering;premises=fixed;"
         "licence=unlicensed&also=road.parking;vehicle=motor"),
    Shot("answer-vacant", "A seam: nobody leads, so somebody acts meanwhile",
         f"/?matter=road.cleaning&{BUJI}&fact.road.legal_class=highway", "phone"),
    Shot("answer-outside", "Outside the district", "/?matter=street.dogs&at=114.32,22.70", "phone",
         "en"),
    Shot("loading", "Loading: the shape of what comes", f"/?matter=street.noise&{BUJI}",
         before=loading),
    Shot("offline", "Offline: nothing that was said is lost", f"/?matter=street.noise&{BUJI}",
         "phone", before=offline),
    Shot("stale", "Stale: a page that was left open past midnight", f"/?{STALL}", before=stale),
    Shot("error", "An error keeps what was typed", "/?matter=road.damage&road=S28&stake=K99%2B000"),
    Shot("trouble", "Facts that cannot hold together",
         f"/?matter=food.safety&{BUJI}&fact.stage=slaughter&fact.premises=online", "phone"),
    Shot("card", "The card to share or print", f"/card?{STALL}", "portrait", whole=True),
    Shot("report", "This answer is wrong", f"/report?{STALL}", "phone"),
    Shot("done", "Done: the report was sent", f"/report?{STALL}&sent=12", "phone"),
    Shot("seams", "The seams of the map, here where two editions differ",
         "/seams/map?against=street/schematic-2011"),
    Shot("seams-phone", "The same on a phone, at one of them",
         "/seams/map?against=street/schematic-2011#s2", "phone", "en", "dark"),
    Shot("settings", "Own unit, language, type, theme, map", "/settings", "portrait", "en"),
)  # fmt: skip


@contextmanager
def served() -> Iterator[str]:
    """The address of a server on an empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        settings = Settings(data=data, database_url=f"sqlite:///{data / 'seamless.db'}")
        app = create_app(settings, today=lambda: TODAY)
        server = waitress.create_server(app, host="127.0.0.1", port=0, threads=4)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.effective_port}"
        server.close()
        thread.join(5)


def taken(shot: Shot, browser: Browser, address: str) -> bytes:
    """The picture as PNG."""
    width, height = SIZES[shot.size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if shot.theme == "dark" else "light",
        reduced_motion="reduce",
        base_url=address,
        has_touch=True,
    )
    chosen = {"lang": shot.lang, "size": "large" if shot.large else "normal", "unit": shot.unit}
    context.add_cookies(
        [{"name": name, "value": value, "url": address} for name, value in chosen.items() if value]
    )
    if shot.device_at is not None:
        lon, lat, accuracy = shot.device_at
        context.grant_permissions(["geolocation"], origin=address)
        context.set_geolocation({"longitude": lon, "latitude": lat, "accuracy": accuracy})
    page = context.new_page()
    page.goto(shot.path)
    page.wait_for_selector("html[data-ready=yes]")
    if page.locator("#map").count():
        page.wait_for_selector("#legend li", state="attached")
    if shot.device_at is not None:
        page.wait_for_selector("#use-here:enabled")
    page.wait_for_load_state("networkidle")
    shot.before(page)
    picture = page.screenshot(animations="disabled", caret="hide", full_page=shot.whole)
    context.close()
    return picture


def small(picture: bytes) -> bytes:
    """The picture with a palette."""
    drawn = Image.open(BytesIO(picture)).convert("RGB")
    packed = BytesIO()
    drawn.quantize(COLOURS, dither=Image.Dither.NONE).save(packed, "PNG", optimize=True)
    return packed.getvalue()


def main() -> None:
    """Take every picture and write the list of them."""
    path = chromium()
    if path is None:
        raise SystemExit(str(NO_CHROMIUM))
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    lines = [
        "# Pictures",
        "",
        "Made by `make pictures` from the schematic district; not edited.",
        "",
    ]
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu"]
        )
        for shot in SHOTS:
            picture = small(taken(shot, browser, address))
            (FOLDER / f"{shot.name}.png").write_bytes(picture)
            print(f"{shot.name:18} {len(picture) / 1024:6.1f} KB")
            lines += [f"## {shot.says}", "", f"![{shot.says}]({shot.name}.png)", ""]
        browser.close()
    (FOLDER / "README.md").write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
