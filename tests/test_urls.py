"""wiredesk.urls"""

import contextlib
import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wiredesk.urls import amp_cache_url, canonical, host_of, registrable_domain, resolve, undo_amp

RECORDS = Path(__file__).parents[1].parent / "shared" / "data" / "records"
PLAIN = "https://www.example.com/news/one"

hosts = st.sampled_from(
    ["example.com", "WWW.Example.com.", "m.example.co.uk", "bücher.de", "amp.a-b.org", "[::1]", "127.0.0.1"]
)
pieces = st.text(alphabet="aZ/.%2eE&=?#;:@é amp\\", max_size=25)
addresses = st.builds(
    lambda scheme, host, rest: f"{scheme}://{host}/{rest}", st.sampled_from(["http", "HTTPS"]), hosts, pieces
)


@pytest.mark.parametrize(
    "given_form",
    [
        "HTTPS://WWW.EXAMPLE.COM:443/news/one",
        "https://user:secret@www.example.com/news/one#comments",
        "https://www.example.com/sport/../news/./one",
        "https://www.example.com/n%65ws/one?utm_source=rss&fbclid=x&gclid=y",
        "https://www.example.com/news/one/amp",
        "https://www.example.com/amp/news/one",
        "https://www.example.com/news/one?amp=1",
        "https://www.example.com/news/one?outputType=amp",
        "https://amp.example.com/news/one",
        "https://m.example.com/news/one",
        "https://mobile.example.com/news/one",
        "https://www-example-com.cdn.ampproject.org/c/s/www.example.com/news/one",
        "https://cdn.ampproject.org/v/s/www.example.com/news/one/amp?amp_js_v=0.1&usqp=mq331",
        "https://www.google.com/amp/s/amp.example.com/news/one",
    ],
)
def test_one_page_has_one_address(given_form):
    """However a page is written, its canonical address is one."""
    assert canonical(given_form) == PLAIN


@pytest.mark.parametrize(
    ("given_form", "kept"),
    [
        ("http://example.com", "http://example.com/"),
        ("https://example.com/?b=2&a=1&msid=7&gid=3", "https://example.com/?b=2&a=1&msid=7&gid=3"),
        ("https://example.com/a%2fb/%c3%a9/é", "https://example.com/a%2Fb/%C3%A9/%C3%A9"),
        ("https://bücher.de/", "https://xn--bcher-kva.de/"),
        ("https://amp.dev/about", "https://amp.dev/about"),
        ("https://example.com/amp", "https://example.com/amp"),
        ("https://en.m.wikipedia.org/wiki/News", "https://en.wikipedia.org/wiki/News"),
        ("http://127.0.0.1:8080/m", "http://127.0.0.1:8080/m"),
    ],
)
def test_what_means_something_stays(given_form, kept):
    """Order and meaning of a query, encoded slashes, odd ports and addresses of machines are kept."""
    assert canonical(given_form) == kept


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://",
        "http://a b/",
        "http://a\\@b/",
        "http://a:x/",
        "//a/b",
        "http://[1]/",
        "http://..a/",
    ],
)
def test_refuses_what_is_no_web_address(bad):
    """Only http and https with a host are addresses of pages."""
    with pytest.raises(ValueError):
        canonical(bad)


@given(addresses)
@example("https://cdn.ampproject.org/c/s/m.example.com/a/amp/?amp#x")
@settings(max_examples=300, deadline=None)
def test_canonical_is_idempotent(url):
    """The canonical form of a canonical form is itself."""
    once = canonical(url)

    assert canonical(once) == once


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_text_is_an_address_or_a_value_error(text):
    """Nothing else is ever raised, whatever a page says its address is."""
    with contextlib.suppress(ValueError):
        canonical("http://" + text)


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_resolve_gives_web_addresses_or_nothing(link):
    """A link becomes an absolute http(s) address, or None."""
    found = resolve("https://example.com/a/b", link)

    assert found is None or re.match(r"https?://[^\s/]", found)


@pytest.mark.parametrize(
    ("link", "wanted"),
    [
        ("../c?x=1", "https://example.com/c?x=1"),
        ("//cdn.example.com/i.png", "https://cdn.example.com/i.png"),
        ("java\tscript:alert(1)", None),
        (" JaVaScRiPt:alert(1)", None),
        ("data:text/html,x", None),
        ("mailto:a@example.com", None),
        ("#top", None),
        ("", None),
        ("https://exa\nmple.com/ü b", "https://example.com/%C3%BC%20b"),
        ("http://[::1", None),
    ],
)
def test_resolve(link, wanted):
    """Links are made absolute; whatever leads elsewhere than the web is dropped."""
    assert resolve("https://example.com/a/b", link) == wanted


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://www.bbc.co.uk/news", "bbc.co.uk"),
        ("http://127.0.0.1:8000/", "127.0.0.1"),
        ("http://[::1]/", "::1"),
        ("http://localhost/", "localhost"),
        ("https://someone.github.io/", "someone.github.io"),
        ("https://co.uk/", "co.uk"),
        ("file:///home/me/news.txt", "local"),
        ("https://WWW.Bücher.de/", "xn--bcher-kva.de"),
    ],
)
def test_registrable_domain(url, domain):
    """The domain that somebody registered; machines and local files stand for themselves."""
    assert registrable_domain(url) == domain


def test_host_of_has_no_port_and_no_brackets():
    """A host is only a name or a number."""
    assert host_of("https://WWW.Example.com:8080/") == "www.example.com"
    assert host_of("http://[::1]:80/") == "::1"


def test_undo_amp_leaves_other_addresses_alone():
    """What is no AMP form comes back as it was, fragment and all."""
    assert undo_amp("https://example.com/a?b=1#c") == "https://example.com/a?b=1#c"


def test_amp_cache_addresses_of_the_reference_site():
    """Section 4 of the record format, on every record with an AMP page."""
    if not RECORDS.is_dir():
        pytest.skip(f"no reference records at {RECORDS}")
    pairs = {
        found
        for path in RECORDS.rglob("*.md")
        for found in re.findall(r'ampWebUrl: "(.*)"\n\s*cdnAmpWebUrl: "(.*)"', path.read_text(encoding="utf-8"))
    }

    assert len(pairs) > 100
    assert [amp for amp, cached in sorted(pairs) if amp_cache_url(amp) != cached] == []
    assert [cached for amp, cached in sorted(pairs) if canonical(amp) != canonical(cached)] == []
