"""Which addresses are asked."""

import asyncio
import ipaddress
import socket

import httpcore2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiredesk.errors import FetchRefused
from wiredesk.fetch.guard import Guard, not_public

SPELLINGS = [
    "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.1", "017700000001", "0", "0.0.0.0", "10.1.2.3",
    "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255", "198.18.0.1",
    "::1", "0:0:0:0:0:0:0:1", "::", "::ffff:127.0.0.1", "::ffff:7f00:1", "::127.0.0.1", "fe80::1", "fc00::1",
    "fd12:3456::1", "ff02::1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:1::", "fec0::1", "localhost",
]  # fmt: skip


def connect(host, port=9, open_hosts=()):
    async def run():
        return await Guard(open_hosts).connect_tcp(host, port, timeout=2)

    return asyncio.run(run())


@pytest.mark.parametrize("host", SPELLINGS)
def test_every_spelling_is_refused(host):
    """Whatever the resolver makes of it counts, not how it was written."""
    with pytest.raises((FetchRefused, httpcore2.ConnectError)) as error:
        connect(host)
    # A resolver that knows no such name is as good; only a connection would be wrong.
    assert error.type is FetchRefused or "cannot be resolved" in str(error.value)


def test_a_name_that_resolves_privately_is_refused(monkeypatch):
    """What the name means at the moment of connecting counts."""
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("192.168.0.1", 80))])

    with pytest.raises(FetchRefused, match=r"rebind.example \(192.168.0.1\) is a private address"):
        connect("rebind.example")


def test_it_connects_to_the_address_that_was_checked(monkeypatch):
    """A name is looked up once: a second look could say something else."""
    looked_up = []

    def look_up(host, *_, **__):
        looked_up.append(host)
        return [(2, 1, 6, "", ("127.0.0.1", 9))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with pytest.raises(httpcore2.ConnectError):  # nobody listens on port 9
        connect("intranet.example", 9, open_hosts={"intranet.example"})

    assert looked_up.count("intranet.example") == 1


@pytest.mark.parametrize(("opened", "allowed"), [("127.0.0.1", True), ("127.0.0.1:1", True), ("127.0.0.1:2", False)])
def test_open_hosts(opened, allowed):
    """Named hosts are opened, with their port where one is named."""
    with pytest.raises(httpcore2.ConnectError if allowed else FetchRefused):
        connect("127.0.0.1", 1, open_hosts={opened})


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:2800:220:1::1"])
def test_public_addresses_are_allowed(address):
    """The rest of the net stays open."""
    assert not_public(address) is None


@given(st.ip_addresses())
def test_never_weaker_than_the_standard_library(address):
    """Whatever Python calls not global is refused."""
    if not address.is_global or address.is_multicast:
        assert not_public(str(address))


@given(st.ip_addresses(v=4))
def test_no_way_around_by_ipv6(address):
    """An IPv4 address wrapped in IPv6 is refused, whatever it is."""
    number = int(address)
    wrapped = [(0xFFFF << 32) + number, number, (0x64FF9B << 96) + number, (0x2002 << 112) + (number << 80)]

    assert all(not_public(str(ipaddress.IPv6Address(value))) for value in wrapped)
