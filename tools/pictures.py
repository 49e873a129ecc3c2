"""The pictures of docs/pictures: the officer's page and the ledger's, taken from the real program.

As in `make pictures`; with names, `python -m tools.pictures case case-phone` takes these alone. It
serves the schematic district from an empty folder on a fixed day, so that the same program gives
the same pictures.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from enforcement.demo_people import DEMO_PASSWORD
from tools.demo_desk import running
from tools.picture_list import SHOTS, SIZES, Shot
from tools.pictured_cases import joint_visit, week_of_cases
from tools.preflight import NO_CHROMIUM, chromium
from web.app import app_of
from web.desk import open_desk
from web.settings import Settings

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
TODAY = date(2026, 11, 20)
COLOURS = 256
"""The page has few colours; a palette makes its pictures a quarter of their size."""


@contextmanager
def desks(wanted: Collection[str]) -> Iterator[dict[str, str]]:
    """The addresses of the desks that are wanted, by name."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as servers:
        data = Path(folder)
        settings = Settings(data=data, database_url=f"sqlite:///{data / 'seamless.db'}")
        desk = open_desk(settings, today=lambda: TODAY)
        made = {"empty": app_of, "week": week_of_cases, "visit": joint_visit}
        yield {name: servers.enter_context(running(made[name](desk))) for name in sorted(wanted)}


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
    if shot.account:
        page.goto("/login")
        page.fill("[name=name]", shot.account)
        page.fill("[name=password]", DEMO_PASSWORD)
        page.locator("main form button").first.click()
        page.wait_for_url("**/desk")
    page.goto(shot.path)
    if shot.at == "empty" and not shot.path.startswith("/rules/"):
        # The officer's page is a script's; the others are whole as they load
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


def main(names: Collection[str]) -> None:
    """Take these pictures, or all when none is named, and write the list of all of them."""
    unknown = set(names) - {shot.name for shot in SHOTS}
    if unknown:
        raise SystemExit(f"没有这样的图片 / no such picture: {', '.join(sorted(unknown))}")
    path = chromium()
    if path is None:
        raise SystemExit(str(NO_CHROMIUM))
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.png"):
        if old.stem not in {shot.name for shot in SHOTS}:
            old.unlink()
    chosen = [shot for shot in SHOTS if not names or shot.name in names]
    with desks({shot.at for shot in chosen}) as at, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu"]
        )
        for shot in chosen:
            picture = small(taken(shot, browser, at[shot.at]))
            (FOLDER / f"{shot.name}.png").write_bytes(picture)
            print(f"{shot.name:18} {len(picture) / 1024:6.1f} KB")
        browser.close()
    lines = [
        "# 图片 / Pictures",
        "",
        "由 `make pictures` 从示意辖区生成，未经修改；人名、店名、编号均为虚构。",
        "Made by `make pictures` from the schematic district; not edited. All names are made up.",
        "",
    ]
    for shot in SHOTS:
        lines += [f"## {shot.zh} / {shot.en}", "", f"![{shot.en}]({shot.name}.png)", ""]
    (FOLDER / "README.md").write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
