"""axe in a page: what bars those who do not see, hear, point or read as others do."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.web.browser.conftest import ROOT

SCRIPT = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RUN = """async rules => {
  for (const one of document.querySelectorAll('details')) one.open = true;
  const found = await axe.run(document, {runOnly: rules, resultTypes: ['violations']});
  return found.violations.map(one => `${one.id}: ${one.nodes.map(n => n.target.join(' '))}`);
}"""


def ready_to_look(page: Page) -> None:
    """Bring axe into whatever this page opens from now on."""
    if not SCRIPT.is_file():
        pytest.fail("axe-core is not installed: make setup", pytrace=False)
    page.add_init_script(path=SCRIPT)


def barriers(page: Page) -> list[str]:
    """The rules that what is open breaks, each with where; everything that folds is unfolded."""
    found: list[str] = page.evaluate(_RUN, RULES)
    return found
