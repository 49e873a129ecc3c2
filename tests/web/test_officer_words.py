"""The page says everything in both languages, and says nothing that is not in the catalogue."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
import yaml
from jinja2 import Environment, nodes
from jinja2.lexer import Lexer

from web.officer.words import CATALOGUE, words

WEB = Path(__file__).parents[2] / "web"
TEMPLATES = sorted((WEB / "templates" / "officer").rglob("*.html"))
CODE = sorted((WEB / "officer").glob("*.py"))
FAMILIES = ("script.", "pack.", "failed.", "plate.", "direction.", "by.", "row.", "report.kind.",
            "guide.", "place.", "size.", "theme.", "map.", "language.")  # fmt: skip
"""Keys that are put together from a part and a value; each value is checked below or by a page."""

ATTRIBUTES = re.compile(r"\b(?:aria-label|alt|title|placeholder|content)=\"([^\"{]*[\w][^\"{]*)\"")
ALLOWED_IN_ATTRIBUTES = {
    "K12+300",
    "light dark",
    "width=device-width, initial-scale=1, viewport-fit=cover",
}


def slots(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_every_text_is_there_in_chinese_and_in_english_with_the_same_slots() -> None:
    for key, text in words().items():
        assert text.zh.strip() or key.startswith("list."), key
        assert text.en.strip() or key.startswith("list."), key
        assert slots(text.zh) == slots(text.en), key


def test_the_english_is_english_and_the_chinese_is_chinese() -> None:
    han = re.compile(r"[\u4e00-\u9fff]")
    examples = {"what.hint", "bar.other_language", "language.zh", "language.en"}
    for key, text in words().items():
        if key in examples or key.startswith("list."):
            continue
        assert not han.search(text.en), f"{key}: {text.en}"
        letters = re.sub(r"\{\w+\}|[\W\d_]", "", text.zh)
        assert han.search(text.zh) or not letters, f"{key}: {text.zh}"


def keys_in_code() -> Iterator[str]:
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "say" and node.args
            ) or (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_metres"):
                yield from constants(node.args[0])


def constants(node: ast.expr) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and "." in part.value:
            yield part.value


def keys_in_templates() -> Iterator[str]:
    environment = Environment(autoescape=True)
    for path in TEMPLATES:
        tree = environment.parse(path.read_text(encoding="utf-8"))
        for call in tree.find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "say":
                first = call.args[0]
                if isinstance(first, nodes.Const):
                    yield first.value


def test_every_key_that_is_asked_for_exists_and_every_text_is_used() -> None:
    asked = set(keys_in_code()) | set(keys_in_templates())
    whole = {key for key in asked if not key.endswith(".")}
    assert whole - set(words()) == set()
    tuples = {
        node.value
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    unused = {key for key in words() if key not in whole | tuples}
    assert {key for key in unused if not key.startswith(FAMILIES)} == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_has_no_words_of_its_own(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    lexer = Lexer(Environment(autoescape=True))
    text = "".join(
        value if kind == "data" else "⟨⟩" if kind in ("variable_begin", "block_begin") else ""
        for _, kind, value in lexer.tokeniter(source, None)
    )
    literal = re.sub(r"<[^>]*>", " ", text)
    assert not re.search(r"[^\W\d_]", literal), re.findall(r"\S*[^\W\d_]\S*", literal)
    found = [one for one in ATTRIBUTES.findall(text) if one not in ALLOWED_IN_ATTRIBUTES]
    assert found == []


def test_the_script_shows_no_words_of_its_own() -> None:
    for path in sorted((WEB / "assets" / "js").glob("*.js")):
        bare = re.sub(r"//[^\n]*", "", path.read_text(encoding="utf-8"))
        assert not re.search(r"[\u4e00-\u9fff]", bare), path.name
        for set_to in re.findall(r"(?:textContent|title|innerHTML)\s*=\s*([^;]+);", bare):
            assert not set_to.strip().startswith(("'", '"', "`")), f"{path.name}: {set_to}"


def test_no_key_stands_twice_in_the_catalogue() -> None:
    keys = re.findall(r"^([a-z_.0-9]+):", CATALOGUE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(keys) == len(set(keys))
    assert set(yaml.safe_load(CATALOGUE.read_text(encoding="utf-8"))) == set(keys)
