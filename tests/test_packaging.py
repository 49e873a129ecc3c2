"""What is installed is what is written down, and what is missing is named."""

import ast
import configparser
import json
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import entry_points
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools import node, preflight

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("rules", "geo", "enforcement", "web")
PYTHON_LOCKS = ("requirements.lock", "requirements-build.lock", "requirements-node.lock")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def locked(name: str) -> dict[str, list[Requirement]]:
    """The requirements of one lock file by package; one package has several, one per platform."""
    found: dict[str, list[Requirement]] = {}
    for entry in (ROOT / name).read_text().replace("\\\n", " ").splitlines():
        if entry.strip() and not entry.lstrip().startswith("#"):
            requirement = Requirement(entry.partition("--hash")[0].strip())
            found.setdefault(canonicalize_name(requirement.name), []).append(requirement)
    return found


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of the files in the project's wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as archive:
        return set(archive.namelist())


def run_setup(path: Path) -> subprocess.CompletedProcess[str]:
    """The outcome of tools/setup.sh where PATH holds that folder alone."""
    command = [str(path / "sh"), str(ROOT / "tools" / "setup.sh")]
    return subprocess.run(
        command, env={"PATH": str(path)}, capture_output=True, text=True, check=False
    )


def test_the_command_seamless_is_web_cli_main() -> None:
    command = entry_points(group="console_scripts")["seamless"]
    assert command.value == "web.cli:main"
    assert command.dist is not None
    assert command.dist.name == "seamless"


def test_each_package_is_typed_and_does_nothing_when_imported() -> None:
    for package in PACKAGES:
        assert (ROOT / package / "py.typed").is_file()
        body = ast.parse((ROOT / package / "__init__.py").read_text()).body
        assert [type(statement) for statement in body] == [ast.Expr]


def test_the_wheel_holds_the_code_and_the_data_of_the_four_packages_and_nothing_else(
    wheel: set[str],
) -> None:
    tops = {name.partition("/")[0] for name in wheel}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)
    tracked = subprocess.run(
        ["git", "ls-files", *PACKAGES], cwd=ROOT, check=True, capture_output=True, text=True
    )
    not_shipped = ("web/assets/",)
    wanted = {
        name
        for name in tracked.stdout.splitlines()
        if not name.startswith(not_shipped) and (ROOT / name).is_file()
    }
    assert wanted <= wheel


def test_the_lock_files_name_hashes_and_no_addresses() -> None:
    for name in PYTHON_LOCKS:
        text = (ROOT / name).read_text()
        assert not re.search(r"://|--index|--find-links", text)
        entries = [line for line in text.splitlines() if re.match(r"\S", line)]
        entries = [line for line in entries if not line.startswith("#")]
        assert entries
        assert all(line.endswith("\\") for line in entries), "each entry goes on with its hashes"


def test_every_requirement_is_locked_at_a_version_that_it_allows() -> None:
    groups = PROJECT["dependency-groups"]
    wanted = [
        ("requirements.lock", [*PROJECT["project"]["dependencies"], *groups["dev"]]),
        ("requirements-build.lock", groups["build"]),
        ("requirements-node.lock", groups["node"]),
    ]
    for name, lines in wanted:
        lock = locked(name)
        for requirement in map(Requirement, lines):
            pins = lock.get(canonicalize_name(requirement.name))
            assert pins, f"{requirement} is not in {name}: run `make lock`"
            versions = [next(iter(pin.specifier)).version for pin in pins]
            assert all(requirement.specifier.contains(version) for version in versions)


def test_the_browser_packages_come_with_hashes_and_run_nothing_at_installation() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    del packages[""]
    assert packages
    assert all("integrity" in entry for entry in packages.values())
    assert not any("resolved" in entry for entry in packages.values())
    npmrc = configparser.ConfigParser(comment_prefixes=(";",))
    npmrc.read_string("[npmrc]\n" + (ROOT / ".npmrc").read_text())
    assert npmrc["npmrc"].getboolean("ignore-scripts")
    assert npmrc["npmrc"].getboolean("omit-lockfile-registry-resolved")


def test_pre_commit_fetches_nothing() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    assert {repo["repo"] for repo in config["repos"]} == {"local"}


def test_every_lint_rule_that_is_ignored_has_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    ignored = re.search(r"^ignore = \[\n(.*?)^\]", text, re.MULTILINE | re.DOTALL)
    assert ignored is not None
    assert all(re.search(r'^ *"\w+", +# +\S', line) for line in ignored[1].splitlines())


def test_a_machine_without_compiler_or_headers_is_told_the_packages(tmp_path: Path) -> None:
    missing = list(preflight.missing_for_setup({"PATH": str(tmp_path)}, headers=tmp_path))
    assert missing == [preflight.NO_COMPILER, preflight.NO_HEADERS]
    assert str(preflight.NO_COMPILER).endswith("apt-get install gcc")
    assert str(preflight.NO_HEADERS).endswith("apt-get install python3-dev")
    assert str(preflight.NO_VENV).endswith("apt-get install python3-venv")


def test_setup_without_a_compiler_stops_before_it_builds_anything(tmp_path: Path) -> None:
    for name in ("sh", "dirname", "cat"):
        (tmp_path / name).symlink_to(Path("/bin") / name)
    python = tmp_path / "python3"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    done = run_setup(tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("setup: A C compiler is missing")
    assert "apt-get install gcc" in done.stderr


def test_a_machine_without_chromium_or_postgresql_is_told_the_packages(tmp_path: Path) -> None:
    assert preflight.chromium({"PATH": str(tmp_path)}) is None
    assert preflight.compiler({"PATH": str(tmp_path)}) is None
    assert preflight.postgres_bin(tmp_path) is None
    assert str(preflight.NO_CHROMIUM).endswith("apt-get install chromium")
    assert str(preflight.NO_POSTGRES).endswith("apt-get install postgresql")


def test_the_newest_postgresql_server_is_taken(tmp_path: Path) -> None:
    for version in ("9", "15", "16"):
        program = tmp_path / version / "bin" / "initdb"
        program.parent.mkdir(parents=True)
        program.touch()
    assert preflight.postgres_bin(tmp_path) == tmp_path / "16" / "bin"


def test_setup_refuses_an_unsuitable_python_in_a_sentence(tmp_path: Path) -> None:
    """A machine whose only interpreter is too new, or that has none."""
    for name in ("sh", "dirname", "cat"):
        (tmp_path / name).symlink_to(Path("/bin") / name)
    too_new = tmp_path / "python3"
    too_new.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.13.5" || exit 1\n')
    too_new.chmod(0o755)
    done = run_setup(tmp_path)
    assert done.returncode == 1
    assert "needs Python 3.11 or 3.12; found: Python 3.13.5." in done.stderr
    assert "apt-get install python3 python3-dev python3-venv" in done.stderr


def test_node_comes_from_the_machine_only_with_npm_and_when_new_enough(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert node.on_machine() is None
    for name, version in (("node", "v18.19.0"), ("npm", "9.2.0")):
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\necho {version}\n")
        program.chmod(0o755)
    assert node.on_machine() == {
        "node": [str(tmp_path / "node")],
        "npm": [str(tmp_path / "npm")],
    }
    (tmp_path / "node").write_text("#!/bin/sh\necho v16.20.2\n")
    assert node.on_machine() is None
    assert node.main(["yarn"]) == 2


def test_a_second_setup_finds_nothing_to_do() -> None:
    if not (ROOT / ".venv" / ".ready").exists():
        pytest.skip("this environment was not built by `make setup`")
    assert subprocess.run(["make", "--question", "setup"], cwd=ROOT, check=False).returncode == 0


def test_make_help_lists_every_target() -> None:
    shown = subprocess.run(
        ["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert phony is not None
    for target in phony[1].split():
        assert f"make {target} " in shown


def test_decisions_are_numbered_without_gaps_and_short() -> None:
    records = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [int(record.name.partition("-")[0]) for record in records]
    assert numbers == list(range(1, len(records) + 1))
    for record in records:
        lines = record.read_text().splitlines()
        assert len(lines) < 30, f"{record.name} has {len(lines)} lines"
        headings = [line for line in lines if line.startswith("## ")]
        assert headings == ["## Context", "## Decision", "## Consequences"]
        assert re.match(r"Status: (accepted|superseded by \d{4}), \d{4}-\d{2}-\d{2}$", lines[2])
