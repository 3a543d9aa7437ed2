"""Which addresses we connect to: public ones only, checked on what the name resolves to, at every connection.

A check of the URL alone is passed by names that resolve to private addresses, and by odd spellings of addresses; a
check before the connection is passed by names that change in between.  So the check sits in the connection itself.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Iterable
from concurrent.futures import Executor

import httpcore2

from wiredesk.errors import FetchRefused

_MOST_ADDRESSES = 4  # tried for one name
# `is_global` says yes to some of these, or does so in some releases of Python.
_REFUSED: tuple[tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, str], ...] = tuple(
    (ipaddress.ip_network(network), kind)
    for network, kind in (
        ("0.0.0.0/8", "unspecified"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared (CGNAT)"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("::/96", "IPv4-compatible"),
        ("::ffff:0:0/96", "IPv4-mapped"),
        ("64:ff9b::/96", "NAT64"),
        ("64:ff9b:1::/48", "NAT64"),
        ("2001::/32", "Teredo"),
        ("2002::/16", "6to4"),
        ("fc00::/7", "private (ULA)"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
    )
)


def not_public(address: str) -> str | None:
    """Return why we do not connect to this IP address, e.g. "loopback"; None for a public one."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unreadable"
    for network, kind in _REFUSED:
        if ip.version == network.version and ip in network:
            return kind
    return None if ip.is_global else "reserved"


class Guard(httpcore2.AsyncNetworkBackend):
    """Opens connections to public addresses; certificates and SNI still go by the host name.

    Args:
        open_hosts: Hosts that may have any address, as "host" or "host:port", lower case.
        resolver: Where names are looked up.  asyncio's own has few threads, so that slow names would hold up a crawl.
    """

    def __init__(self, open_hosts: Iterable[str], resolver: Executor) -> None:
        self._open_hosts = frozenset(open_hosts)
        self._resolver = resolver
        self._sockets = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        addresses = await self._allowed(host, port)
        share = timeout / len(addresses) if timeout else None
        for address in addresses[:-1]:
            try:
                return await self._sockets.connect_tcp(address, port, share, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                continue
        return await self._sockets.connect_tcp(addresses[-1], port, share, local_address, socket_options)

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        raise FetchRefused(path, "not a web address")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def _allowed(self, host: str, port: int) -> list[str]:
        """Return the addresses of `host` that may be asked, in the resolver's order; at least one."""
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(self._resolver, _look_up, host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore2.ConnectError(f"the name {host} cannot be resolved ({error})") from error
        if self._open_hosts & {host.lower(), f"{host.lower()}:{port}"}:
            return found
        public = [address for address in found if not not_public(address)]
        if not public:
            kind = not_public(found[0]) if found else "unknown"
            where = host if found == [host] else f"{host} ({found[0] if found else 'no address'})"
            raise FetchRefused(host, f"{where} is a {kind} address; open_hosts in [fetch] would allow it")
        return public


def _look_up(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))[:_MOST_ADDRESSES]
