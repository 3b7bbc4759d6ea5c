"""Sending to an address outside: https only, never to a private address, and to no other than the one that was looked up.

Whoever registers a webhook chooses where this server connects to. So the name is looked up here, every address it has must be a public one, and the
connection goes to the very address that was judged, since the next look-up may say something else.
"""

from __future__ import annotations

import socket
import ssl
from http.client import HTTPException, HTTPSConnection
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

SECONDS = 10
_INSIDE = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "test", "invalid", "onion")


class NotSent(Exception):
    """It could not be sent; the words say why, without the address."""


def fault(url: str) -> str:
    """What is wrong with an address as one to send to, as far as can be told without a look-up; empty when nothing is."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "This is no web address."
    if parts.scheme != "https":
        return "Only https addresses are told."
    return _host_fault(parts, port)


def _host_fault(parts: SplitResult, port: int | None) -> str:
    host = (parts.hostname or "").rstrip(".")
    if not host or not host.isascii() or any(each.isspace() or not each.isprintable() for each in parts.geturl()):
        return "This is no web address: write the host in plain letters."
    if parts.username or parts.password or parts.fragment:
        return "The address must have no user name, password or fragment."
    if port not in (None, 443) and not 1024 <= (port or 0) <= 65535:
        return "The port must be 443, or one from 1024."
    if _is_number(host):
        return "Give a host name, not a number."
    if "." not in host or host.rsplit(".", 1)[-1].lower() in _INSIDE:
        return "The address must be a public one."
    return ""


def _is_number(host: str) -> bool:
    """Addresses as numbers in any of the ways in which resolvers read them: 127.1, 0x7f.1 and 2130706433 are the machine itself."""
    last = host.rsplit(".", 1)[-1].lower()
    return ":" in host or last.isdecimal() or last.startswith("0x")


def public_address(host: str, port: int) -> str:
    """An address of a host. Raises NotSent when it has none, or one that is not public."""
    try:
        found = [entry[4][0] for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise NotSent("the host name is not known") from error
    if not found or not all(_is_public(str(each)) for each in found):
        raise NotSent("the host has a private address")
    return str(found[0])


def _is_public(text: str) -> bool:
    address = ip_address(text.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    return address.is_global and not address.is_multicast and (mapped is None or mapped.is_global)


class _Pinned(HTTPSConnection):
    """A connection to one address, with the certificate checked for the host's name."""

    def __init__(self, host: str, port: int, address: str) -> None:
        self._own = ssl.create_default_context()
        super().__init__(host, port, timeout=SECONDS, context=self._own)
        self._address = address

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), timeout=SECONDS)
        try:
            self.sock = self._own.wrap_socket(plain, server_hostname=self.host)
        except OSError:
            plain.close()
            raise


def post(url: str, body: bytes, headers: dict[str, str]) -> int:
    """Send and give the status of the answer. Redirects are not followed. Raises NotSent."""
    if wrong := fault(url):
        raise NotSent(wrong)
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or 443
    connection = _Pinned(host, port, public_address(host, port))
    try:
        connection.request("POST", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), body, headers)
        return connection.getresponse().status
    except (OSError, HTTPException, ValueError) as error:
        raise NotSent(f"no answer: {type(error).__name__}") from error
    finally:
        connection.close()
