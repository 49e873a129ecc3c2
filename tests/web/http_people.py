"""People who work over HTTP: real connections, cookies and forms, as a browser would send them."""

from __future__ import annotations

import http.client
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from enforcement.demo_people import DEMO_PASSWORD

SEE_OTHER = 303
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_FORM = "application/x-www-form-urlencoded"


class Refused(Exception):
    """The server answered, and not with what an act that was done is answered with."""


@dataclass
class Browser:
    """One person's cookies and token, and no connection that outlives a request.

    What a server that was killed does to a request comes out as OSError or HTTPException.
    """

    account: str
    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def log_in(self) -> None:
        """Log in, and take the token that the forms of this session carry."""
        self.token = self._token_in("/login")
        form = {"name": self.account, "password": DEMO_PASSWORD, "csrf_token": self.token}
        status, to, body = self._ask("POST", "/login", form)
        if status != SEE_OTHER:
            raise Refused(f"{self.account} could not log in: {status} {body[-2000:]}")
        self.token = self._token_in(to)

    def send(self, address: str, form: Mapping[str, str], *, key: str) -> str:
        """Send a form with its key; gives the page that it leads to. Raises Refused."""
        status, to, body = self._ask(
            "POST", address, {**form, "csrf_token": self.token, "key": key}
        )
        if status != SEE_OTHER:
            raise Refused(f"{self.account} {address} {key}: {status} {body[-2000:]}")
        return to

    def read(self, address: str) -> str:
        """A page as it came, which must be there."""
        status, _, body = self._ask("GET", address, None)
        if status != http.client.OK:
            raise Refused(f"{self.account} {address}: {status} {body[-2000:]}")
        return body

    def _token_in(self, address: str) -> str:
        status, _, body = self._ask("GET", address, None)
        found = _TOKEN.search(body)
        if found is None:
            raise Refused(f"no form at {address}: {status} {body[-2000:]}")
        return found[1]

    def _ask(
        self, method: str, address: str, form: Mapping[str, str] | None
    ) -> tuple[int, str, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            headers = {"Cookie": "; ".join(f"{name}={one}" for name, one in self.cookies.items())}
            if form is not None:
                headers["Content-Type"] = _FORM
            body_sent = None if form is None else urlencode(form)
            connection.request(method, address, body_sent, headers)
            answer = connection.getresponse()
            body = answer.read().decode(errors="replace")
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie") or ():
            self.cookies |= {name: one.value for name, one in SimpleCookie(line).items()}
        return answer.status, answer.headers.get("Location", ""), body
