"""A process that has opened the district and forks a `seamless serve --demo` when it is told.

Opening the district takes seconds, and a test that starts a server after each of many kills has
other things to wait for. What is forked is the command itself, with nothing of a store opened
before. Run as `python -m tests.web.warm_server`: it says `ready`, and for each line that it reads
`pid N` and what the server says, in any order, and `ended STATUS` when that server is gone.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace

from web.cli.serve import serve
from web.cli.speaking import Speaker
from web.desk import open_desk
from web.settings import Lang, Settings


def main() -> None:
    """Fork servers, one after the other, until the input ends."""
    settings = replace(Settings.read(os.environ), demo=True)
    speaker = Speaker(settings, Lang.EN, open_desk(settings))
    told("ready")
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            serve.main(["--demo", "--port", "0"], obj=speaker)
        told(f"pid {child}")
        _, status = os.waitpid(child, 0)
        told(f"ended {os.waitstatus_to_exitcode(status)}")


def told(line: str) -> None:
    """Write one line at once."""
    os.write(1, f"{line}\n".encode())


if __name__ == "__main__":
    main()
