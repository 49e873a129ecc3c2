"""A load generator of its own process: `python -m bench.load PORT SECONDS CLIENTS < request`.

Keeps that many connections busy with one request each, from one thread, and prints how many
answers came in how many seconds. Checks that each is 200 and as long as the first one.
"""

from __future__ import annotations

import json
import selectors
import socket
import sys
import time
from dataclasses import dataclass, field


@dataclass
class Connection:
    """One client: sends the request, reads the whole answer, sends again."""

    address: tuple[str, int]
    request: bytes
    socket: socket.socket = field(init=False)
    read: bytes = b""
    began: float = 0.0

    def __post_init__(self) -> None:
        self.socket = socket.create_connection(self.address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self) -> None:
        """Put the question."""
        self.read = b""
        self.began = time.perf_counter()
        self.socket.sendall(self.request)

    def receive(self) -> int | None:
        """The length of the answer once it is all there, else None."""
        piece = self.socket.recv(65536)
        if not piece:
            raise ConnectionError("the server closed the connection")
        self.read += piece
        head, gap, body = self.read.partition(b"\r\n\r\n")
        if not gap:
            return None
        if not head.startswith(b"HTTP/1.1 200"):
            raise ConnectionError(self.read.decode(errors="replace"))
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        return length if len(body) == length else None


def run(port: int, seconds: float, clients: int, request: bytes) -> dict[str, object]:
    """Answers, seconds and times of answer in milliseconds at the middle and at 99 %."""
    selector = selectors.DefaultSelector()
    for _ in range(clients):
        one = Connection(("127.0.0.1", port), request)
        selector.register(one.socket, selectors.EVENT_READ, one)
        one.send()
    took: list[float] = []
    sizes: set[int] = set()
    began = time.perf_counter()
    while time.perf_counter() - began < seconds:
        for key, _ in selector.select(timeout=5):
            one = key.data
            length = one.receive()
            if length is not None:
                took.append(time.perf_counter() - one.began)
                sizes.add(length)
                one.send()
    lasted = time.perf_counter() - began
    took.sort()
    return {
        "answers": len(took),
        "seconds": lasted,
        "rate": len(took) / lasted,
        "p50_ms": took[len(took) // 2] * 1e3,
        "p99_ms": took[len(took) * 99 // 100] * 1e3,
        "sizes": sorted(sizes),
    }


if __name__ == "__main__":
    given_port, given_seconds, given_clients = sys.argv[1:]
    told = run(int(given_port), float(given_seconds), int(given_clients), sys.stdin.buffer.read())
    print(json.dumps(told))
