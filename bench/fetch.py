"""One round over 2,000 sources, a tenth of them slow, endless, dripping or broken; a plain concurrent client beside it.

    python bench/fetch.py [--sources 2000] [--concurrency 32] [--timeout 10]

Each source has a loopback address of its own (127.20.0.1 and up), all served by one process that this command starts.
Good ones answer with a compressed feed of 60 kB after 20 to 300 ms, one in twenty after 2 s.  Bad ones say nothing,
drip, never end (1 MiB a second), break off, talk nonsense, hang up, or send a bomb.  Every round runs in a process of
its own.  The rounds without the bad sources show how much later a good one comes because of them (`max_lateness`).

Ours asks each host for robots.txt before and then waits a second (the default `delay_seconds`): twice the requests.
The peer is httpx2's client with a semaphore of the same width and a time limit of the same length on each request; it
asks for the feed alone.  The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import random
import resource
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import httpx2

from commands import machine
from wiredesk.config import FetchSettings
from wiredesk.fetch import Request, fetch_blocking
from wiredesk.records import Page

BAD = ("silent", "dripping", "endless", "cut off", "nonsense", "hangs up", "bomb")
ITEM = "<item><title>Harbour {0} reopens</title><link>https://paper.example/{0}</link><description>{1}</description></item>"
WORDS = "ferry council bridge storm budget school river market tram vote harbour mayor".split()


def kind_of(number: int) -> str:
    """Return how source `number` behaves: one in ten is bad, each in one of seven ways."""
    return BAD[number // 10 % len(BAD)] if number % 10 == 7 else "good"


def address(number: int) -> str:
    return f"127.20.{number // 250}.{number % 250 + 1}"


def number_of(host: str) -> int:
    _, _, high, low = map(int, host.split("."))
    return high * 250 + low - 1


# --- the server -----------------------------------------------------------------------------------------------------


def feed() -> bytes:
    chance = random.Random(7)
    items = "".join(ITEM.format(n, " ".join(chance.choices(WORDS, k=150))) for n in range(55))
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Paper</title>{items}</channel></rss>'.encode()


def whole(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


FEED = gzip.compress(feed())
GOOD = whole(FEED, "Content-Type: application/rss+xml", "Content-Encoding: gzip")
ROBOTS = whole(b"User-agent: *\nDisallow: /private/\n", "Content-Type: text/plain")


async def talk(bomb: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Serve one connection as its address wants it."""
    number = number_of(writer.get_extra_info("sockname")[0])
    kind = kind_of(number)
    with suppress(ConnectionError, asyncio.IncompleteReadError):
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            if b" /robots.txt " in head.partition(b"\r\n")[0]:
                writer.write(ROBOTS)
            elif kind == "good":
                await asyncio.sleep(2.0 if number % 20 == 3 else 0.02 + number % 29 / 100)
                writer.write(GOOD)
            else:
                await misbehave(kind, bomb, writer)
                break
            await writer.drain()
    writer.close()


async def misbehave(kind: str, bomb: bytes, writer: asyncio.StreamWriter) -> None:
    match kind:
        case "silent":
            await asyncio.sleep(3600)
        case "dripping":
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            while True:
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(0.5)
        case "endless":
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            while True:
                writer.write(bytes(2**18))
                await writer.drain()
                await asyncio.sleep(0.25)
        case "cut off":
            writer.write(GOOD[: len(GOOD) // 2])
        case "nonsense":
            writer.write(b"\x16\x03\x01 what is this\r\n\r\n")
        case "bomb":
            writer.write(bomb)
    await writer.drain()


async def serve() -> None:
    bomb = whole(gzip.compress(bytes(200 * 2**20)), "Content-Encoding: gzip")
    server = await asyncio.start_server(partial(talk, bomb), "0.0.0.0", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


# --- the rounds -----------------------------------------------------------------------------------------------------


def ours(urls: list[str], concurrency: int, timeout: float) -> dict[str, float]:
    """Return when each good answer came, in seconds from the beginning."""
    came: dict[str, float] = {}
    hosts = tuple(httpx2.URL(url).host for url in urls)
    settings = FetchSettings(concurrency=concurrency, timeout_seconds=timeout, open_hosts=hosts)
    begun = time.perf_counter()

    def keep(request: Request, answer: Any) -> None:
        if isinstance(answer, Page) and answer.body.startswith(b"<?xml"):
            came[request.url] = time.perf_counter() - begun

    requests = [Request(url=url, purpose="feed") for url in urls]
    fetch_blocking(settings, requests, keep, clock=lambda: datetime.now(UTC), user_agent="Wiredesk/bench")
    return came


def plain(urls: list[str], concurrency: int, timeout: float) -> dict[str, float]:
    """The same of a plain client."""
    came: dict[str, float] = {}
    begun = time.perf_counter()

    async def run() -> None:
        turn = asyncio.Semaphore(concurrency)
        limits = httpx2.Limits(max_connections=None, max_keepalive_connections=concurrency)
        async with httpx2.AsyncClient(timeout=timeout, limits=limits, trust_env=False) as client:

            async def one(url: str) -> None:
                async with turn:
                    with suppress(httpx2.HTTPError, TimeoutError):
                        async with asyncio.timeout(timeout):
                            answer = await client.get(url)
                        if answer.content.startswith(b"<?xml"):
                            came[url] = time.perf_counter() - begun

            await asyncio.gather(*map(one, urls))

    asyncio.run(run())
    return came


def measure(given: argparse.Namespace) -> None:
    """Run one round in this process and print what it cost."""
    numbers = list(range(given.sources))
    random.Random(1).shuffle(numbers)
    numbers = [
        number for number in numbers if given.bad or kind_of(number) == "good"
    ]  # in the same order in all rounds
    urls = [f"http://{address(number)}:{given.port}/feed.xml" for number in numbers]
    begun, cpu = time.perf_counter(), time.process_time()
    came = {"ours": ours, "plain": plain}[given.round](urls, given.concurrency, given.timeout)
    cost = {
        "seconds": time.perf_counter() - begun,
        "cpu": time.process_time() - cpu,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "asked": len(urls),
        "came": came,
    }
    print(json.dumps(cost))


def round_of(name: str, port: int, given: argparse.Namespace, *, bad: bool) -> dict[str, Any]:
    options = {"port": port, "sources": given.sources, "concurrency": given.concurrency, "timeout": given.timeout}
    call = [sys.executable, Path(__file__), "--round", name, *(f"--{key}={value}" for key, value in options.items())]
    done = subprocess.run([*call, *(["--bad"] if bad else [])], check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def figures(with_bad: dict[str, Any], without: dict[str, Any], requests_each: int) -> dict[str, float]:
    came, alone = with_bad["came"], without["came"]
    # A good source that never came is late without end.
    late = [came[url] - at if url in came else float("inf") for url, at in alone.items()]
    return {
        "seconds": round(with_bad["seconds"], 1),
        "requests_per_second": round(with_bad["asked"] * requests_each / with_bad["seconds"], 1),
        "good_sources": len(came),
        "latest_good": round(max(came.values()), 1),
        "latest_good_without_bad": round(max(alone.values()), 1),
        "max_lateness": round(max(late), 1),
        "cpu_seconds": round(with_bad["cpu"], 1),
        "peak_mib": round(with_bad["peak_mib"], 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=int, default=2000)
    parser.add_argument("--concurrency", type=int, default=32)
    parser.add_argument("--timeout", type=float, default=10.0, help="seconds that a request may take")
    parser.add_argument("--round", choices=["serve", "ours", "plain"], help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--bad", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.round == "serve":
        asyncio.run(serve())
        return
    if given.round:
        measure(given)
        return
    good = sum(kind_of(number) == "good" for number in range(given.sources))
    print(
        f"{given.sources} sources, {good} of them good; {given.concurrency} at once, {given.timeout:g} s; {machine()}"
    )
    server = subprocess.Popen([sys.executable, Path(__file__), "--round", "serve"], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        found = {
            name: figures(
                round_of(name, port, given, bad=True),
                round_of(name, port, given, bad=False),
                2 if name == "ours" else 1,
            )
            for name in ("ours", "plain")
        }
    finally:
        server.kill()
        server.wait()
    print(f"\n{'':28}{'ours':>10}{'plain':>10}")
    for key in found["ours"]:
        print(f"{key:28}{found['ours'][key]:10}{found['plain'][key]:10}")
    print(f"{'timeout of a source':28}{given.timeout:10g}{given.timeout:10g}")
    answer = {**found["ours"], "timeout": given.timeout, "good_of": good}
    print(json.dumps({**answer, "peers": {"httpx2 with a semaphore": found["plain"]}}))


if __name__ == "__main__":
    main()
