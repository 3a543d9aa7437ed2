"""Addresses: one canonical form for each page, and whose page it is.  Pure; asks nobody.

Sources: RFC 3986 section 6 (normal forms), the URL standard of the WHATWG (control characters), the AMP project's
documentation of cache addresses.  The order of a query is kept: some servers mean something by it, and the canonical
address is the one that readers open.
"""

from __future__ import annotations

import ipaddress
import re
from functools import cache, lru_cache
from urllib.parse import SplitResult, unquote_plus, urljoin, urlsplit, urlunsplit

from publicsuffixlist import PublicSuffixList  # type: ignore[import-untyped, unused-ignore]

LOCAL = "local"  # the "domain" of files on this machine

_LONGEST = 8192  # characters; servers refuse longer ones, and only traps are longer
_PORTS = {"http": 80, "https": 443}
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})|([^A-Za-z0-9\-._~!$&'()*+,;=:@/?])", re.DOTALL)
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")

_TRACKING = re.compile(
    r"(?:utm|mtm|pk|vero|at)_\w+|fbclid|gclid|gclsrc|gbraid|wbraid|dclid|msclkid|twclid|ttclid|yclid|ysclid|li_fat_id"
    r"|epik|igshid?|_ga|_gl|mc_[ce]id|mkt_tok|_hs(?:enc|mi)|hsctatracking|oly_(?:anon|enc)_id|wt[._](?:mc|zmc|nav)"
    r"|ns_(?:campaign|mchannel|source|linkname|fee)|ito|cmpid|icid|ncid|xtor|guccounter|guce_referrer\w*|ref_(?:src|url)"
    r"|__twitter_impression|soc_(?:src|trk)|spm|amp_js_v|amp_gsa|usqp|aoh",
    re.IGNORECASE,
)
_AMP_QUERY = re.compile(r"_?amp(?:=(?:1|true|yes)?)?|(?:outputtype|view|format)=amp", re.IGNORECASE)
_AMP_SUFFIX = re.compile(r"[.-]amp(?=\.html?$)|\.amp$", re.IGNORECASE)
_AMP_SEGMENTS = frozenset({"amp", "amphtml", "google-amp", ".amp"})
_AMP_CACHES = ("cdn.ampproject.org", "bing-amp.com")
_CACHED = re.compile(r"/(?:[cv]|wp)/(s/)?(.+)", re.DOTALL)
_GOOGLE_AMP = re.compile(r"/amp/(s/)?(.+)", re.DOTALL)
_OTHER_FACES = frozenset({"m", "mobile", "amp"})  # host labels of the same page in another dress


@lru_cache(maxsize=4096)
def canonical(url: str) -> str:
    """Return the one form of `url` that stands for its page.

    Scheme and host in lower case, international names as punycode, no default port, no user name, no dot segments,
    percent-encoding in its normal form, no fragment, no tracking parameters; AMP pages, AMP caches and mobile hosts
    lead back to the plain page.  Idempotent.  http and https stay different: only the site can say that they agree.

    Raises:
        ValueError: `url` is no http(s) address, or longer than 8,192 characters.
    """
    while (plain := undo_amp(_normal(url))) != url:
        url = plain
    return url


def undo_amp(url: str) -> str:
    """Return the plain page's address for an AMP, AMP-cache or mobile address; any other as it is.

    A host that is only `amp.`, `m.` or `mobile.` before the registrable domain becomes `www.`: of the reference
    site's records with such a host, seven in eight live there.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if cached := _behind_cache(host, parts.path):
        rest = urlunsplit(("", "", cached[1], parts.query, ""))
        try:
            return _normal(f"{cached[0]}://{rest}")
        except ValueError:
            return url
    query = "&".join(pair for pair in parts.query.split("&") if not _AMP_QUERY.fullmatch(pair))
    netloc = parts.netloc.replace(host, _plain_host(host), 1) if host else parts.netloc
    return urlunsplit((parts.scheme, netloc, _plain_path(parts.path), query, parts.fragment))


def amp_cache_url(amp_url: str) -> str:
    """Return the AMP cache's address of an AMP page, as the reference site forms it (record-format.md, section 4).

    Raises:
        ValueError: `amp_url` is no http(s) address.
    """
    scheme, _, rest = amp_url.partition("://")
    host = host_of(amp_url)
    if scheme.lower() not in _PORTS:
        raise ValueError(f"no http(s) address: {amp_url!r}")
    secure = "s/" if scheme.lower() == "https" else ""
    return f"https://{host.replace('-', '--').replace('.', '-')}.cdn.ampproject.org/c/{secure}{rest}"


def host_of(url: str) -> str:
    """Return the host of `url` in lower case, as punycode, without port; IPv6 without brackets.

    Raises:
        ValueError: `url` names no host.
    """
    return _host(urlsplit(url)).strip("[]")


@lru_cache(maxsize=4096)
def registrable_domain(url: str) -> str:
    """Return the domain that somebody registered: "bbc.co.uk" for https://www.bbc.co.uk/news.

    IP addresses, single labels and public suffixes stay whole; `file:` addresses belong to "local".

    Raises:
        ValueError: `url` names no host.
    """
    if url.lower().startswith("file:"):
        return LOCAL
    return _registrable(host_of(url))


def resolve(base: str, link: str) -> str | None:
    """Return `link` as found on the page at `base`, absolute and safe to write down; None where it leads nowhere.

    Only http and https come back; control characters, tabs and line breaks are cut out first, as browsers do.
    """
    link = _CONTROL.sub("", link).strip()
    if not link or link.startswith("#"):
        return None
    try:
        parts = urlsplit(urljoin(base, link))
        if parts.scheme.lower() not in _PORTS:
            return None
        _host(parts)
        parts.port  # noqa: B018 - raises on a port that is none
    except ValueError:
        return None
    return urlunsplit(
        (parts.scheme.lower(), parts.netloc, _recode(parts.path), _recode(parts.query), _recode(parts.fragment))
    )


def _normal(url: str) -> str:
    if len(url) > _LONGEST:
        raise ValueError(f"longer than {_LONGEST} characters: {url[:200]!r}")
    parts = urlsplit(url.strip())
    scheme = parts.scheme.lower()
    if scheme not in _PORTS:
        raise ValueError(f"no http(s) address: {url[:200]!r}")
    port = parts.port
    netloc = _host(parts) + (f":{port}" if port is not None and port != _PORTS[scheme] else "")
    query = "&".join(pair for pair in _recode(parts.query).split("&") if pair and not _tracks(pair))
    return urlunsplit((scheme, netloc, _without_dots(_recode(parts.path)), query, ""))


def _host(parts: SplitResult) -> str:
    name = (parts.hostname or "").rstrip(".")
    if not name or "\\" in parts.netloc:
        raise ValueError(f"no host in {parts.geturl()[:200]!r}")
    if ":" in name:
        return f"[{ipaddress.IPv6Address(name.partition('%')[0])}]"
    if not name.isascii():
        name = name.encode("idna").decode("ascii").lower().rstrip(".")
    if len(name) > 253 or not all(map(_LABEL.fullmatch, name.split("."))):
        raise ValueError(f"no host in {parts.geturl()[:200]!r}")
    return name


def _recode(value: str) -> str:
    """Percent-encoding in its normal form: unreserved characters plain, everything unfit for an address encoded."""

    def one(found: re.Match[str]) -> str:
        if found[1]:
            byte = int(found[1], 16)
            return chr(byte) if byte in _UNRESERVED else f"%{byte:02X}"
        return "".join(f"%{byte:02X}" for byte in found[2].encode("utf-8", "replace"))

    return _ESCAPE.sub(one, value)


def _without_dots(path: str) -> str:
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            if kept:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    if segments and segments[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)


def _tracks(pair: str) -> bool:
    return bool(_TRACKING.fullmatch(unquote_plus(pair.partition("=")[0])))


def _behind_cache(host: str, path: str) -> tuple[str, str] | None:
    """Scheme and the rest of the address that an AMP cache serves."""
    if any(host == cache_host or host.endswith("." + cache_host) for cache_host in _AMP_CACHES):
        found = _CACHED.fullmatch(path)
    elif host.removeprefix("www.").startswith("google."):
        found = _GOOGLE_AMP.fullmatch(path)
    else:
        return None
    return ("https" if found[1] else "http", found[2]) if found else None


def _plain_host(host: str) -> str:
    domain = _registrable(host)
    labels = host.removesuffix(domain).rstrip(".").split(".")
    plain = [label for label in labels if label not in _OTHER_FACES]
    return host if len(plain) == len(labels) else ".".join([*(plain or ["www"]), domain])


def _plain_path(path: str) -> str:
    segments = path.split("/")
    plain = [segment for segment in segments if segment.lower() not in _AMP_SEGMENTS]
    if not any(plain):
        return path  # a page about nothing but "amp"
    if len(plain) > 2 and not plain[-1] and len(plain) < len(segments) and "." in plain[-2]:
        plain.pop()  # ".../article1.ece/amp/" hangs below a file
    return _AMP_SUFFIX.sub("", "/".join(plain))


def _registrable(host: str) -> str:
    if ":" in host or "." not in host or host.replace(".", "").isdigit():
        return host
    return str(_suffixes().privatesuffix(host) or host)


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()
