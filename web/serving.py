"""Serving with waitress: one process, eight threads, and an end that drops nobody's answer."""

from __future__ import annotations

import logging
import select
import signal
import socket
import time
from types import FrameType
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.server import create_server

from web.errors import CannotServe

# It would write a line whenever all threads are busy, which under load is for every request.
logging.getLogger("waitress.queue").setLevel(logging.ERROR)

THREADS = 8
BACKLOG = 1024
MAX_UPLOAD_BYTES = 16 * 1024 * 1024
SEND_BYTES = 18_000
STOPS_WITHIN_S = 10.0
LAST_CALLS_WITHIN_S = 1.0


def bound(host: str, port: int) -> socket.socket:
    """A socket on this address; raises `CannotServe` when it cannot be had."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except (OSError, OverflowError) as error:
        raise CannotServe(
            field="port",
            zh=f"无法在 {host}:{port} 上服务（{error}）；换一个 --host 或 --port",
            en=f"cannot serve on {host}:{port} ({error}); choose another --host or --port",
        ) from error


class Server:
    """An application being served on a socket until it is told to stop."""

    def __init__(self, app: Flask, listening: socket.socket, *, threads: int = THREADS) -> None:
        self._channels: dict[int, Any] = {}
        self._server = create_server(
            app,
            map=self._channels,
            sockets=[listening],
            threads=threads,
            backlog=BACKLOG,
            ident="",  # no Server header
            max_request_body_size=MAX_UPLOAD_BYTES,
            clear_untrusted_proxy_headers=True,
        )
        # With the default of 1 each write gives the interpreter to the main loop, which then spins
        # on a socket that it may not flush yet: 45 % more answers a second without that.
        self._server.adj.send_bytes = SEND_BYTES
        self._stopping = False

    @property
    def address(self) -> str:
        """Where it is to be found."""
        host, port = self._server.socket.getsockname()[:2]
        return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"

    def run(self) -> None:
        """Serve until `stop`; then take no more requests, end those that came, and return."""
        while not self._stopping:
            wasyncore.loop(timeout=60, use_poll=True, map=self._channels, count=1)
        # Who is connected already has come: closing the socket on them would drop them
        until = time.monotonic() + LAST_CALLS_WITHIN_S
        while self._is_called() and time.monotonic() < until:
            wasyncore.loop(timeout=0.05, use_poll=True, map=self._channels, count=1)
        self._server.del_channel()
        self._server.socket.close()
        until = time.monotonic() + STOPS_WITHIN_S
        while self._busy() and time.monotonic() < until:
            wasyncore.loop(timeout=0.05, use_poll=True, map=self._channels, count=1)
        self._server.task_dispatcher.shutdown()
        wasyncore.close_all(self._channels, ignore_all=True)

    def _is_called(self) -> bool:
        """Whether somebody waits to be let in."""
        return bool(select.select([self._server.socket], [], [], 0)[0])

    def stop(self) -> None:
        """Ask it to end; may be called from a signal handler or another thread."""
        self._stopping = True
        self._server.pull_trigger()

    def stop_on_signals(self) -> None:
        """End on an interrupt from the keyboard and when the system asks."""

        def stop(_number: int, _frame: FrameType | None) -> None:
            self.stop()

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)

    def _busy(self) -> bool:
        return any(
            channel.requests or channel.total_outbufs_len
            for channel in self._server.active_channels.values()
        )
