"""Addresses of servers: is one on this machine, and is it one that can be asked?"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

PORTS = {"http": 80, "https": 443}
ANSWERS = "/chat/completions"
LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")  # what this machine is mostly called


def is_local(host: str) -> bool:
    """True where `host` can only be this machine: `localhost` and loopback addresses, no name that others resolve.

    >>> is_local("127.0.0.1"), is_local("[::1]"), is_local("localhost"), is_local("localhost.example.org")
    (True, True, True, False)
    """
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


@dataclass(frozen=True, slots=True)
class Address:
    """Where an OpenAI-compatible API is; `path` is what stands before `/chat/completions`."""

    secure: bool
    host: str
    port: int
    path: str

    @property
    def local(self) -> bool:
        return is_local(self.host)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        scheme = "https" if self.secure else "http"
        port = "" if self.port == PORTS[scheme] else f":{self.port}"
        return f"{scheme}://{host}{port}{self.path}"


def read_address(url: str) -> Address:
    """The address in `url`. Raises ValueError, with what is wrong, for one that cannot be asked or holds a secret.

    >>> str(read_address("http://localhost:11434")), read_address("https://example.org/api/v1/chat/completions").path
    ('http://localhost:11434/v1', '/api/v1')
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError("no http or https address") from None
    if parts.scheme not in PORTS or not host or any(char.isspace() or not char.isprintable() for char in url):
        raise ValueError("no http or https address")
    if parts.username is not None or parts.password is not None:
        raise ValueError("an address with a user or password in it; keys come from the environment alone")
    if parts.query or parts.fragment:
        raise ValueError("an address with a query; keys come from the environment alone")
    path = parts.path.rstrip("/").removesuffix(ANSWERS) or "/v1"
    return Address(parts.scheme == "https", host, port or PORTS[parts.scheme], path)
