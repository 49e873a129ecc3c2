"""The server that is measured, in its own process: the real application and a constant answer.

`python -m bench.server DATA SIZE` prints its port. `/constant` answers SIZE bytes of JSON through
the same server, application, headers and checks as everything else.
"""

from __future__ import annotations

import sys
from pathlib import Path

from flask import Response

from web.app import create_app
from web.serving import Server, bound
from web.settings import Settings


def main(data: Path, size: int) -> None:
    """Serve until told to stop."""
    app = create_app(Settings(data=data, database_url=f"sqlite:///{data / 'seamless.db'}"))
    body = b'{"constant":"' + b"x" * (size - 15) + b'"}'

    @app.get("/constant")
    def constant() -> Response:
        return Response(body, content_type="application/json")

    listening = bound("127.0.0.1", 0)
    server = Server(app, listening)
    server.stop_on_signals()
    print(listening.getsockname()[1], flush=True)
    server.run()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
