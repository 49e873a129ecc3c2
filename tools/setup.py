"""Build .venv: the build tools, then everything in requirements.lock, then the project itself.

Started by tools/setup.sh with an interpreter that was checked; standard library only. Every
package comes with its hash. Nothing is built in isolation: a build environment of its own would
fetch whatever setuptools is newest that day.
"""

import os
import subprocess
import sys
from pathlib import Path

from tools.preflight import missing_for_setup, missing_for_tests

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def run(*command: str) -> None:
    """Run one step in the project's folder; a failure ends the set-up and names the step."""
    if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
        sys.exit(f"setup: this step failed: {' '.join(command)}")


def needs_new_environment() -> bool:
    """Whether .venv is absent, or was made by another Python version than this one."""
    if not PYTHON.exists():
        return True
    ask = "import sys; print(*sys.version_info[:2])"
    answer = subprocess.run([PYTHON, "-c", ask], capture_output=True, text=True, check=False)
    return answer.stdout.split() != [str(part) for part in sys.version_info[:2]]


def installer() -> list[str]:
    """The command that installs into .venv: uv, or pip when SEAMLESS_INSTALLER=pip."""
    if os.environ.get("SEAMLESS_INSTALLER", "uv") == "pip":
        return [str(PYTHON), "-m", "pip", "install", "--quiet", "--use-pep517"]
    return [str(VENV / "bin" / "uv"), "pip", "install", "--quiet", "--python", str(PYTHON)]


def main() -> None:
    """Build or refresh .venv; exits with a sentence when something is missing or fails."""
    missing = list(missing_for_setup())
    if missing:
        sys.exit("\n".join(f"setup: {one}" for one in missing))
    print(f"setup: Python {sys.version.split()[0]}, packages into {VENV.name}", flush=True)
    clear = ["--clear"] if needs_new_environment() else []
    run(sys.executable, "-m", "venv", *clear, str(VENV))
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run(*pip, "--require-hashes", "--only-binary=:all:", "-r", "requirements-build.lock")
    install = installer()
    run(*install, "--require-hashes", "--no-build-isolation", "-r", "requirements.lock")
    run(*install, "--no-deps", "--no-build-isolation", "--editable", ".")
    for one in missing_for_tests():
        print(f"setup: note: {one} (until then those tests skip)")


if __name__ == "__main__":
    main()
