"""The import contracts of pyproject.toml hold, and each one fails when it is broken on purpose."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("rules", "geo", "enforcement", "web")
SCRIPTS = Path(sys.executable).parent

# contract, module that gets the line, the line, what the report must then say
BROKEN = [
    ("direction", "rules/planted.py", "import geo", "rules is not allowed to import geo"),
    ("direction", "geo/planted.py", "import rules", "geo is not allowed to import rules"),
    ("direction", "rules/planted.py", "import enforcement", "rules is not allowed to import enf"),
    ("direction", "geo/planted.py", "import web", "geo is not allowed to import web"),
    ("direction", "enforcement/planted.py", "import web", "enforcement is not allowed to import"),
    ("flask", "enforcement/planted.py", "import flask", "enforcement.planted -> flask"),
    ("flask", "geo/planted.py", "import werkzeug", "geo.planted -> werkzeug"),
    ("flask", "rules/planted.py", "from flask_wtf import csrf", "rules.planted -> flask_wtf"),
    ("database", "web/planted.py", "import sqlmodel", "web.planted -> sqlmodel"),
    (
        "database",
        "enforcement/planted.py",
        "import sqlalchemy",
        "enforcement.planted -> sqlalchemy",
    ),
    ("database", "rules/planted.py", "import sqlalchemy.orm", "rules.planted -> sqlalchemy"),
    ("engine", "rules/planted.py", "import durable_rules_engine", "rules.planted -> durable_rules"),
    ("engine", "web/planted.py", "import durable_rules_engine", "web.planted -> durable_rules"),
    ("durable", "rules/engine.py", "from durable import engine", "rules.engine -> durable"),
    ("durable", "web/planted.py", "import durable.lang", "web.planted -> durable"),
    (
        "database",
        "web/planted.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import sqlmodel",
        "web.planted -> sqlmodel",
    ),
]

ALLOWED = [
    ("enforcement/services.py", "import sqlmodel"),
    ("enforcement/store/planted.py", "import sqlalchemy"),
    ("rules/engine.py", "import durable_rules_engine"),
    ("web/planted.py", "import flask\nimport enforcement\nimport rules\nimport geo"),
]

BLOCK_FLASK = """
import importlib, pkgutil, sys

class NoFlask:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top == "flask" or top.startswith("flask_") or top in {"werkzeug", "wtforms"}:
            raise ModuleNotFoundError(f"{name} is blocked by this test", name=name)

sys.meta_path.insert(0, NoFlask())
for top in ("rules", "geo", "enforcement"):
    package = importlib.import_module(top)
    for module in pkgutil.walk_packages(package.__path__, top + "."):
        # Alembic runs migrations by path; a __main__ is run, not imported
        if ".migrations" not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
try:
    import flask
except ModuleNotFoundError:
    print("imported without flask")
"""


def contracts() -> dict[str, str]:
    """Each contract's id and its name in reports."""
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    return {contract["id"]: contract["name"] for contract in tool["contracts"]}


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the four packages' code and of the contracts."""
    folder = tmp_path_factory.mktemp("contracts")
    for source in (path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        copy = folder / source.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, copy)
    shutil.copyfile(ROOT / "pyproject.toml", folder / "pyproject.toml")
    return folder


@pytest.fixture
def copy(pristine: Path, tmp_path: Path) -> Path:
    """A copy of its own for one test."""
    return shutil.copytree(pristine, tmp_path / "copy")


def plant(folder: Path, module: str, line: str) -> None:
    """Add the line to a module of the copy, which is made when it is not there."""
    path = folder / module
    path.parent.mkdir(exist_ok=True)
    (path.parent / "__init__.py").touch()
    with path.open("a") as file:
        file.write(f"\n{line}\n")


def lint(folder: Path, *arguments: str) -> tuple[int, str]:
    """The exit status and the report of import-linter in the copy, on one line."""
    command = [str(SCRIPTS / "lint-imports"), "--no-cache", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, " ".join((done.stdout + done.stderr).split())


def test_the_contracts_hold(copy: Path) -> None:
    status, report = lint(copy)
    assert status == 0, report
    assert f"Contracts: {len(contracts())} kept, 0 broken." in report


def test_every_contract_is_broken_on_purpose_below() -> None:
    assert {contract for contract, *_ in BROKEN} == set(contracts())


@pytest.mark.parametrize(("contract", "module", "line", "says"), BROKEN)
def test_a_forbidden_import_breaks_its_contract(
    copy: Path, contract: str, module: str, line: str, says: str
) -> None:
    plant(copy, module, line)
    status, report = lint(copy, "--contract", contract)
    assert status == 1, report
    assert f"{contracts()[contract]} BROKEN" in report
    assert says in report


def test_the_doors_stay_open(copy: Path) -> None:
    """What a contract keeps for one module, that module may import."""
    for module, line in ALLOWED:
        plant(copy, module, line)
    status, report = lint(copy)
    assert status == 0, report


def test_ruff_refuses_the_engines_python_half_in_tests_and_tools_too(tmp_path: Path) -> None:
    """The import contracts see the four packages only."""
    for line in ("import durable", "from durable.lang import ruleset"):
        planted = tmp_path / "planted.py"
        planted.write_text(f"{line}\n")
        config = ["--config", str(ROOT / "pyproject.toml"), "--select", "TID251"]
        command = [str(SCRIPTS / "ruff"), "check", "--no-cache", *config, str(planted)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert "TID251" in done.stdout


def test_rules_geo_and_enforcement_import_without_flask() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", BLOCK_FLASK],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "imported without flask", done.stderr
