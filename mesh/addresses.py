"""Which network addresses the mesh may connect to on somebody else's word.

A host is resolved once, every address it has is checked, and the connection goes to the checked address: a name that
resolves differently the second time gains nothing.
"""

import ipaddress
import re
import socket
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import anyio

from .errors import ForbiddenError, UnavailableError

_RESOLVE_TIMEOUT_S = 5.0
_SITE_LOCAL = ipaddress.ip_network("fec0::/10")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True)
class PinnedAddress:
    """A URL whose host has been replaced by the address that was checked."""

    url: str
    hostname: str
    host_header: str


async def pin_address(url: str, allow_hosts: Collection[str] = ()) -> PinnedAddress:
    """The address to connect to for `url`.

    Args: `allow_hosts` are host names or addresses that may be reached although they are not public.

    Raises: ForbiddenError for a scheme other than http(s), credentials in the URL, or a host with any non-public address;
    UnavailableError when the name does not resolve.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise ForbiddenError(
            f"{url!r} is not a valid address.", korean=f"{url!r}: 올바른 주소가 아닙니다."
        ) from None
    refuse_credentials(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ForbiddenError(
            f"{url!r} is not an http or https address.", korean=f"{url!r}: http나 https 주소가 아닙니다."
        )
    addresses = await _resolve(parts.hostname, port)
    if parts.hostname not in allow_hosts:
        for address in addresses:
            if not is_public(address):
                raise ForbiddenError(
                    f"{parts.hostname} is not a public host ({address}); it cannot be reached from here.",
                    korean=f"{parts.hostname}: 공개된 호스트가 아니라({address}) 여기에서 접근할 수 없습니다.",
                )
    literal = f"[{addresses[0]}]" if ":" in addresses[0] else addresses[0]
    pinned = urlunsplit((parts.scheme, f"{literal}:{port}", parts.path or "/", parts.query, ""))
    return PinnedAddress(pinned, parts.hostname, parts.netloc)


def refuse_credentials(url: str) -> None:
    """Raises: ForbiddenError, which does not repeat `url`, when it carries a user or a password."""
    _, separator, rest = url.partition("://")
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0] if separator else ""
    if "@" in authority:
        raise ForbiddenError(
            "An address must not carry credentials; name a stored connection instead.",
            korean="주소에 사용자나 암호를 넣을 수 없습니다. 저장된 연결의 이름을 알려 주십시오.",
        )


def is_public(address: str) -> bool:
    """Whether an IP address is a public unicast one. An IPv4 address inside an IPv6 one is judged as itself."""
    try:
        parsed = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    except ValueError:
        return False
    mapped = getattr(parsed, "ipv4_mapped", None) or getattr(parsed, "sixtofour", None) or _nat64(parsed)
    judged = mapped or parsed
    refused = judged.is_multicast or judged.is_reserved or judged.is_unspecified or judged in _SITE_LOCAL
    return judged.is_global and not refused


def _nat64(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address.version == 6 and address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


async def _resolve(host: str, port: int) -> list[str]:
    try:
        with anyio.fail_after(_RESOLVE_TIMEOUT_S):
            found = await anyio.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, TimeoutError):
        raise UnavailableError(
            f"The host {host} cannot be found.", korean=f"{host} 호스트를 찾을 수 없습니다."
        ) from None
    return [str(entry[4][0]) for entry in found]
