"""The site in a real browser: fits, says nothing on the console, can be read, and knows the dark."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from publish_factory import TOPICS, MemoryArchive, MemoryLedger, settings, threaded, world

from wiredesk.publish import Press, publish
from wiredesk.records import CloseStory

CHROMIUM = Path("/usr/bin/chromium")
PAGES = {
    "front": "", "story": "", "topic": "topic/energy/", "topic month": "topic/energy/2026-09/", "day": "2026/09/15/",
    "thread": "",
    "provider": "provider/voltreview.example/", "month": "2026/09/", "archive": "archive/", "outlets": "providers/",
    "about": "about/",
}  # fmt: skip

# Contrast of every piece of text with the nearest background below it (WCAG 2.2, 1.4.3).
_CONTRAST = """() => {
  const parse = colour => colour.match(/[\\d.]+/g).map(Number);
  const linear = v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => [r, g, b].map(v => linear(v / 255))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = element => {
    for (let e = element; e; e = e.parentElement) {
      const colour = parse(getComputedStyle(e).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const bad = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || ['SCRIPT', 'STYLE'].includes(element.tagName)) continue;
    const [a, b] = [light(parse(getComputedStyle(element).color)), light(ground(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) bad.push([ratio.toFixed(2), element.className, walker.currentNode.textContent.trim()]);
  }
  return bad;
}"""


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium from the system; nothing is downloaded."""
    if not CHROMIUM.exists():
        pytest.skip(f"no browser: {CHROMIUM} is missing, so nobody looked at the pages")
    api = pytest.importorskip("playwright.sync_api", reason="no playwright, so nobody looked at the pages")
    with api.sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=options)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An edition of the small world, served below a sub-path."""
    root = tmp_path_factory.mktemp("site")
    archive, ledger = MemoryArchive(), MemoryLedger()
    items = world(root)
    ledger.dirty |= archive.put(*items)
    leaders = archive.leaders(dict.fromkeys(one.story for one in items))
    archive.near = threaded(*leaders[:4])
    near = CloseStory(story=leaders[5].story, likeness=0.3, shared=("grid",))
    archive.near[leaders[0].story] = replace(archive.near[leaders[0].story], close=(near,))
    ledger.dirty.add(f"thread:t{leaders[0].story}")
    publish(root, Press(archive=archive, settings=settings(), topics=TOPICS, site=root), ledger)
    (root / "served").mkdir()
    (root / "served" / "current").symlink_to(root / "public")
    PAGES["story"] = f"story/{leaders[0].story}/"
    PAGES["thread"] = f"threads/t{leaders[0].story}/"
    handler = functools.partial(_Quiet, directory=str(root / "served"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/current/"
        server.shutdown()
        thread.join()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_can_be_read_in_any_light_and_width(browser: Any, address: str, scheme: str) -> None:
    """No sideways scrolling at 320 pixels, no word on the console, text contrast 4.5 and more."""
    said: list[str] = []
    context = browser.new_context(viewport={"width": 320, "height": 700}, color_scheme=scheme)
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("response", lambda response: said.append(response.url) if response.status >= 400 else None)
    page.on("request", lambda request: said.append(request.url) if not request.url.startswith(address) else None)
    for name, path in {**PAGES, "missing": "404.html"}.items():
        page.goto(address + path)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
        assert page.evaluate(_CONTRAST) == [], name
    context.close()

    assert said == []


@pytest.mark.browser
def test_the_dark_is_dark(browser: Any, address: str) -> None:
    """The two schemes have different paper."""
    papers = []
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme)
        page = context.new_page()
        page.goto(address)
        papers.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        context.close()

    assert papers == ["rgb(253, 252, 249)", "rgb(21, 22, 23)"]


@pytest.mark.browser
def test_the_keyboard_finds_its_way(browser: Any, address: str) -> None:
    """The first stop is the link past the menu; it becomes visible, and leads to the news."""
    context = browser.new_context()
    page = context.new_page()
    page.emulate_media(reduced_motion="reduce")
    page.goto(address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "news"
    context.close()


@pytest.mark.browser
def test_wide_screens_have_two_columns_and_paper_has_one(browser: Any, address: str) -> None:
    """At 1280 pixels the side column stands beside the news; in print it is left out."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(address)
    side, river = page.locator("aside.side").bounding_box(), page.locator(".river").bounding_box()
    assert side["x"] >= river["x"] + river["width"]
    page.emulate_media(media="print")

    assert not page.locator("aside.side").is_visible()
    context.close()
