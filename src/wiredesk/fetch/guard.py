"""Which addresses we connect to: public ones only, checked on what the name resolves to, at every connection.

A check of the URL alone is passed by names that resolve to private addresses, and by odd spellings of addresses; a
check before the connection is passed by names that change in between.  So the check sits in the connection itself.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import httpcore2

from wiredesk.errors import FetchRefused

_MOST_ADDRESSES = 4  # tried for one name
_MOST_LOOK_UPS = 512  # names looked up at once, those that nobody waits for any more included
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
    """

    def __init__(self, open_hosts: Iterable[str]) -> None:
        self._open_hosts = frozenset(open_hosts)
        self._names = asyncio.Semaphore(_MOST_LOOK_UPS)
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
                return await self._connect(address, port, share, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                continue
        return await self._connect(addresses[-1], port, share, local_address, socket_options)

    async def _connect(
        self,
        address: str,
        port: int,
        timeout: float | None,
        local_address: str | None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None,
    ) -> httpcore2.AsyncNetworkStream:
        return _Stream(await self._sockets.connect_tcp(address, port, timeout, local_address, socket_options))

    def is_open(self, host: str, port: int) -> bool:
        """Tell whether the owner named this host as one that may have any address."""
        return bool(self._open_hosts & {host.lower(), f"{host.lower()}:{port}"})

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
        try:
            found = _spelt_out(host, port) or await self._look_up(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore2.ConnectError(f"the name {host} cannot be resolved ({error})") from error
        if self.is_open(host, port):
            return found
        public = [address for address in found if not not_public(address)]
        if not public:
            kind = (not_public(found[0]) if found else None) or "unknown"
            where = host if found == [host] else f"{host} ({found[0] if found else 'no address'})"
            raise FetchRefused(
                host,
                f"{where} is {'an' if kind[0] in 'uI' else 'a'} {kind} address; open_hosts in [fetch] would allow it",
            )
        return public

    async def _look_up(self, host: str, port: int) -> list[str]:
        """Look a name up in a thread of its own.

        A look-up can take half a minute and cannot be broken off.  In asyncio's own few threads slow names would hold
        up all others; and threads that are not daemons would hold up the end of the program.
        """
        loop = asyncio.get_running_loop()
        await self._names.acquire()
        found: asyncio.Future[list[str]] = loop.create_future()

        def settle(addresses: list[str] | None, error: Exception | None) -> None:
            self._names.release()
            if not found.done():  # nobody waits any more
                if addresses is None:
                    found.set_exception(error or OSError("no answer"))
                else:
                    found.set_result(addresses)

        def work() -> None:
            addresses, error = None, None
            try:
                addresses = _addresses(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
            except Exception as problem:  # handed over to whoever waits
                error = problem
            with suppress(RuntimeError):  # the loop was closed meanwhile
                loop.call_soon_threadsafe(settle, addresses, error)

        threading.Thread(target=work, name="resolve", daemon=True).start()
        return await found


class _Stream(httpcore2.AsyncNetworkStream):
    """A connection that is closed too when time runs out in the middle of the TLS handshake; httpcore2's stays open."""

    def __init__(self, inner: httpcore2.AsyncNetworkStream) -> None:
        self._inner = inner

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return await self._inner.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._inner.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._inner.aclose()

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.AsyncNetworkStream:
        try:
            return await self._inner.start_tls(ssl_context, server_hostname, timeout)
        except BaseException:
            await self._inner.aclose()
            raise


def _spelt_out(host: str, port: int) -> list[str]:
    """Return the address that `host` is, in whatever spelling the system reads; empty where it is a name."""
    try:
        return _addresses(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST))
    except (OSError, UnicodeError):
        return []


def _addresses(entries: Iterable[tuple[Any, ...]]) -> list[str]:
    return list(dict.fromkeys(str(entry[4][0]) for entry in entries))[:_MOST_ADDRESSES]
