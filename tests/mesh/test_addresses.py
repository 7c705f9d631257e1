"""Which addresses may be reached on a stranger's word."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesh.addresses import is_public, pin_address
from mesh.errors import ForbiddenError, UnavailableError

pytestmark = pytest.mark.anyio

# Each with the registry entry that says so.
NOT_PUBLIC = [
    "127.0.0.1",
    "127.8.8.8",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",  # link-local, the cloud's metadata address
    "100.64.0.1",  # carrier-grade NAT, RFC 6598
    "0.0.0.0",
    "255.255.255.255",
    "224.0.0.1",
    "240.0.0.1",
    "192.0.2.1",  # documentation
    "198.18.0.1",  # benchmarks
    "::1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fec0::1",  # site-local, deprecated by RFC 3879
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "2002:7f00:1::",  # 6to4 of 127.0.0.1
    "2002:a00:1::",  # 6to4 of 10.0.0.1
    "64:ff9b::a00:1",  # NAT64 of 10.0.0.1
    "2001:db8::1",
    "not an address",
]
PUBLIC = [
    "8.8.8.8",
    "1.1.1.1",
    "2606:4700:4700::1111",
    "::ffff:8.8.8.8",
    "2002:808:808::",
    "64:ff9b::808:808",
]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_addresses_that_are(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_judged_alike_however_it_is_wrapped(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    wrapped = [
        ipaddress.IPv6Address((0xFFFF << 32) | number),
        ipaddress.IPv6Address((0x2002 << 112) | (number << 80)),
        ipaddress.IPv6Address((0x64FF9B << 96) | number),
    ]
    assert {is_public(str(item)) for item in wrapped} == {is_public(str(address))}


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost:8000/",
        "http://[::1]/",
        "http://[::ffff:169.254.169.254]/",
        "http://0x7f000001/",
        "http://2130706433/",
        "http://127.1/",
        "https://user@8.8.8.8/",
        "https://user:pass@8.8.8.8/",
        "ftp://8.8.8.8/",
        "file:///etc/passwd",
        "http:///x",
        "//8.8.8.8/",
        "http://8.8.8.8:99999/",
        "http://[::1/",
        "",
    ],
)
async def test_addresses_that_may_not_be_reached(url: str) -> None:
    with pytest.raises(ForbiddenError):
        await pin_address(url)


async def test_the_checked_address_is_the_one_to_connect_to() -> None:
    pinned = await pin_address("https://8.8.8.8/a/b?c=d#e")
    assert pinned.url == "https://8.8.8.8:443/a/b?c=d"
    assert (pinned.hostname, pinned.host_header) == ("8.8.8.8", "8.8.8.8")
    assert (await pin_address("http://[2606:4700:4700::1111]:81")).url == "http://[2606:4700:4700::1111]:81/"


async def test_a_host_that_is_allowed_by_name_is_allowed_by_that_name_alone() -> None:
    pinned = await pin_address("http://localhost:9/x", ["localhost"])
    assert pinned.host_header == "localhost:9"
    assert pinned.url in ("http://127.0.0.1:9/x", "http://[::1]:9/x")
    with pytest.raises(ForbiddenError):
        await pin_address("http://127.0.0.1:9/x", ["localhost"])


async def test_a_name_that_does_not_exist_is_unavailable_not_forbidden() -> None:
    with pytest.raises(UnavailableError, match="cannot be found"):
        await pin_address("http://no-such-host.invalid/")
