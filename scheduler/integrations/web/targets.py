"""Targets: whether an address on the web may be asked, and the number it is asked at."""

import ipaddress
import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from runtime.errors import Reject, Retry

LONGEST_URL = 2_000
PORTS = {"http": 80, "https": 443}

Resolve = Callable[[str, int], Sequence[str]]
Number = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAME = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}")
_NEVER = {"metadata.google.internal"}
_PRIVATE_ENDINGS = (".internal", ".local", ".localhost", ".lan", ".home.arpa", ".onion")
_TRANSLATED = tuple(ipaddress.ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48"))


@dataclass(frozen=True, slots=True)
class Target:
    """One address: how it is written, and the public number to connect to."""

    scheme: str
    host: str
    port: int
    path: str
    number: str

    @property
    def url(self) -> str:
        """Return the address as a person would write it."""
        return f"{self.scheme}://{self.host}{self.path}"

    @property
    def origin(self) -> str:
        """Return scheme and host, for which one robots.txt speaks."""
        return f"{self.scheme}://{self.host}"


def target(url: str, resolve: Resolve, *, public: Callable[[Number], bool]) -> Target:
    """Return where to connect to for a web address, or raise Reject (``PAGE_…``) with the reason.

    Every number that the name has must be public: of two, the resolver decides which is
    used, not we.
    """
    scheme, host, path = _parts(url)
    try:
        numbers = [ipaddress.ip_address(number) for number in resolve(host, PORTS[scheme])]
    except OSError:
        raise Retry(f"{host} cannot be found just now.", code="PAGE_NOT_FOUND") from None
    if not numbers or not all(public(number) for number in numbers):
        raise _refused(f"{host} is not on the public network.")
    return Target(scheme, host, PORTS[scheme], path, str(numbers[0]))


def is_public(number: Number) -> bool:
    """Tell whether anybody could ask a number, so that asking it is no favour of ours."""
    embedded = getattr(number, "ipv4_mapped", None) or getattr(number, "sixtofour", None)
    teredo = getattr(number, "teredo", None)
    if embedded is not None or teredo is not None:
        return False
    if number.version == 6 and any(number in net for net in _TRANSLATED):
        return False
    return number.is_global and not number.is_multicast


def look_up(host: str, port: int) -> list[str]:
    """Return the numbers of a name, as this machine's resolver gives them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _parts(url: str) -> tuple[str, str, str]:
    """Return scheme, host and path of an address that has nothing odd about it."""
    if len(url) > LONGEST_URL or any(ord(c) <= 32 or ord(c) == 127 for c in url) or "\\" in url:
        raise _refused("The address is too long, or holds characters that none has.")
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
        host = host.encode("idna").decode().lower() if host else ""
    except (ValueError, UnicodeError):
        raise _refused("The address is malformed.") from None
    if parts.scheme not in PORTS:
        raise _refused("Only http:// and https:// addresses are read.")
    if parts.username is not None or parts.password is not None:
        raise _refused("An address with a user name in it is not read.")
    if port is not None and port != PORTS[parts.scheme]:
        raise _refused("Only the usual ports, 80 and 443, are asked.")
    # A number in any spelling (decimal, octal, IPv6) has no letter in its last part, or a colon.
    if not _NAME.fullmatch(host) or host in _NEVER or host.endswith(_PRIVATE_ENDINGS):
        raise _refused("The address must name a host on the public network, not a number.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.scheme, host, path


def _refused(why: str) -> Reject:
    return Reject(why, code="PAGE_REFUSED")
