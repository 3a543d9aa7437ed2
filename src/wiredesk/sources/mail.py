"""A newsletter (RFC 5322 message, an .eml file) -> the articles that it links to, as wire items."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.errors import MessageError
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.utils import parseaddr, parsedate_to_datetime
from itertools import islice
from urllib.parse import parse_qsl, unquote, urlsplit

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from wiredesk.errors import UnreadableError
from wiredesk.records import Page, Problem, WireItem
from wiredesk.sources.markup import text_of
from wiredesk.text import CJK, clean, collapse, sentences, shorten
from wiredesk.urls import canonical, resolve

MAX_LINKS = 300  # of one mail

_MAX_BYTES = 30 * 2**20
_MAX_PARTS = 200
_MAX_LOOKED_AT = 5_000  # links of one mail
_MAX_TEXT = 5 * 2**20  # characters of its HTML or text
_MULTIPART = re.compile(rb"multipart/", re.IGNORECASE)
_SUMMARY = 480  # characters
_LEAST_TITLE = 12  # characters of a title; half of it in scripts without blanks
_TITLE = 300
_FURNITURE = re.compile(
    r"unsubscribe|opt.?out|abmelden|abbestellen|désabonner|désinscri|darse de baja|cancelar suscripci|disiscri|afmelden"
    r"|manage (?:your )?(?:subscription|preferences|email)|(?:email|update|subscription) preferences"
    r"|update your profile"
    r"|view (?:this )?(?:\w+ )?(?:in|on) (?:your |the |a )?(?:web|browser|site)|view online|open in browser|web version"
    r"|im browser|online ansehen|webversion|dans (?:le|votre) navigateur|en el navegador|having trouble|not displaying"
    r"|privacy|datenschutz|impressum|imprint|terms (?:of|and)|nutzungsbedingungen|cookie|contact us|kontakt|advertise"
    r"|forward (?:this )?(?:e?mail|to a friend)|share (?:this|on)|tweet this|follow us|weiterempfehlen|why did i get"
    r"|add us to your address|sign up|subscribe (?:now|here)|upgrade to paid|become a member|refer a friend|log ?in"
    r"|confirm (?:your )?(?:e?mail|subscription|address)|get the app|download the app|app store|google play|donate",
    re.IGNORECASE,
)
_FURNITURE_ADDRESS = re.compile(
    r"unsub|opt-?out|preferences?(?:[/?]|$)|subscri(?:be|ption)|/confirm|/verify|/privacy|/terms|/legal|/imprint"
    r"|/impressum|/contact(?:[/?]|$)|/login|/signin|/account|/forward|/share(?:[/?]|$)|sharer|/intent/|list-manage\.com"
    r"/(?:profile|about)|/advertise|disable_email",
    re.IGNORECASE,
)
_SOCIAL = re.compile(
    r"(?:^|\.)(?:facebook|twitter|x|instagram|linkedin|pinterest|tiktok|threads|bsky|whatsapp|t|wa|snapchat)"
    r"\.(?:com|net|app|me|social)$"
)
_NOT_A_PAGE = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|css|js|ics|zip|mp3)$", re.IGNORECASE)
_MORE = re.compile(
    r"^(?:(?:read|learn|find out|see|view|show|click|continue|full|weiter|mehr|jetzt|zum|lire|voir|leer|ver|leggi)\b"
    r".{0,30}"
    r"|more|here|link|hier|article|story|>>?|→|»)$",
    re.IGNORECASE,
)
_BLOCKS = frozenset(
    {"p", "li", "td", "th", "div", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "section", "article"}
)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_URL = re.compile(r"https?://[^\s<>\"')\]}]+", re.IGNORECASE)
_TARGET_KEYS = ("url", "u", "target", "to", "dest", "destination", "redirect", "redirect_url", "link", "q", "r", "goto")
_ENCODED = re.compile(r"[A-Za-z0-9_-]{16,}={0,2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What a newsletter says."""

    url: str  # of the file
    sender: str = ""  # name, or address
    subject: str = ""
    sent_at: datetime | None = None
    items: tuple[WireItem, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_mail(page: Page) -> Mail:
    """Return the links of a newsletter in its order: title from the link or its heading, the words around as summary.

    The HTML part is read, else the text part.  Redirects that carry their target in the address are undone, and links
    for the reader's own account (unsubscribe, preferences, sharing, view in browser, …) left out: they are never asked.
    Attachments are not looked at.  A link's date is the mail's.

    Raises:
        UnreadableError: no mail, or none with text.
    """
    if len(page.body) > _MAX_BYTES:
        raise UnreadableError(page.url, f"a mail of more than {_MAX_BYTES // 2**20} MiB")
    if len(_MULTIPART.findall(page.body)) > _MAX_PARTS:
        # The library's time grows with the square of how deep they are nested.
        raise UnreadableError(page.url, f"a mail of more than {_MAX_PARTS} parts that hold parts")
    try:
        message = BytesParser(policy=policy.default).parsebytes(page.body.lstrip(b"\xef\xbb\xbf\r\n"))
        return _read(page, message)
    except UnreadableError:
        raise
    except (MessageError, ValueError, LookupError, AttributeError, IndexError, TypeError, RecursionError) as error:
        # The library's newer policy raises all of these on headers that are broken badly enough.
        raise UnreadableError(page.url, f"a mail that cannot be read ({type(error).__name__}: {error})") from error


def _read(page: Page, message: EmailMessage) -> Mail:
    problems: list[Problem] = []
    if not any(message.get(name) for name in ("from", "subject", "date", "mime-version", "received", "message-id")):
        raise UnreadableError(page.url, "not a mail: it has none of the headers From, Subject, Date")
    sender, subject, sent_at = _sender(message), _header(message, "subject"), _sent_at(message)
    html, text, skipped = _bodies(page, message, problems)
    if html.strip():
        found = list(islice(_from_html(html), _MAX_LOOKED_AT))
    elif text.strip():
        found = list(islice(_from_text(text), _MAX_LOOKED_AT))
    else:
        raise UnreadableError(
            page.url, "the mail has no text to read" + (f" ({skipped} attachments)" if skipped else "")
        )
    items: dict[str, WireItem] = {}
    for given, title, summary in found:
        url = undo_redirect(given)
        if not _is_news(url, title):
            continue
        try:
            key = canonical(url)
        except ValueError:
            continue
        known = items.get(key)
        if known is None and len(items) >= MAX_LINKS:
            what = f"the mail has more than {MAX_LINKS} links"
            problems.append(Problem(where=page.url, what=what, now=f"{MAX_LINKS} are read", stage="sources"))
            break
        if known is None or len(title) > len(known.title):
            items[key] = WireItem(
                source_url=page.url,
                url=url,
                title=title,
                summary=summary or (known.summary if known else ""),
                published_at=sent_at,
            )
    usable = tuple(item for item in items.values() if _is_title(item.title))
    if not usable:
        what = f"none of the {len(found)} links of the mail leads to an article with a title"
        problems.append(Problem(where=page.url, what=what, now="nothing is taken from it", stage="sources"))
    return Mail(url=page.url, sender=sender, subject=subject, sent_at=sent_at, items=usable, problems=tuple(problems))


# --- the message ------------------------------------------------------------------------------------------------


def _header(message: Message, name: str) -> str:
    try:
        return shorten(str(message.get(name) or ""), 300)
    except Exception:  # a header that the library cannot even show is one that is missing
        return ""


def _sender(message: Message) -> str:
    name, address = parseaddr(_header(message, "from"))
    return collapse(name) or address or _header(message, "from")


def _sent_at(message: Message) -> datetime | None:
    try:
        moment = parsedate_to_datetime(_header(message, "date"))
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _bodies(page: Page, message: EmailMessage, problems: list[Problem]) -> tuple[str, str, int]:
    """Return HTML, text, and how many parts were left out; of several parts of one type, all, one after another."""
    html: list[str] = []
    text: list[str] = []
    skipped = 0
    for number, part in enumerate(message.walk()):
        if number >= _MAX_PARTS:
            what = f"the mail has more than {_MAX_PARTS} parts"
            problems.append(Problem(where=page.url, what=what, now="the first ones are read", stage="sources"))
            break
        if part.is_multipart():
            continue
        kind = part.get_content_type()
        if kind not in ("text/html", "text/plain") or (part.get_content_disposition() == "attachment"):
            skipped += 1
            continue
        (html if kind == "text/html" else text).append(_decoded(part))
    if page.body and any(part.defects for part in message.walk()):
        what = "the mail is broken: " + ", ".join(
            sorted({type(defect).__name__ for part in message.walk() for defect in part.defects})
        )
        problems.append(
            Problem(where=page.url, what=shorten(what, 200), now="what could be read was read", stage="sources")
        )
    return "\n".join(html)[:_MAX_TEXT], "\n".join(text)[:_MAX_TEXT], skipped


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    named = part.get_content_charset() or "utf-8"
    for charset in (named, "utf-8", "windows-1252"):
        try:
            return data.decode(charset)
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode("latin-1")


# --- its links --------------------------------------------------------------------------------------------------


def _from_html(html: str) -> Iterator[tuple[str, str, str]]:
    """Yield (address, title, summary) of each link; a "read more" has the title of the link or heading before it."""
    try:
        document = document_fromstring(
            clean(html).encode("utf-8", "replace"), parser=HTMLParser(encoding="utf-8", huge_tree=False)
        )
    except (etree.LxmlError, ValueError):
        return
    etree.strip_elements(document, "script", "style", "head", etree.Comment, with_tail=False)
    heading = ""
    for element in document.iter("a", *_HEADINGS):
        if element.tag in _HEADINGS:
            heading = text_of(element)
            continue
        url = resolve("", element.get("href") or "")
        if url is None:
            continue
        block = _block(element)
        words = text_of(element) or collapse(next((i.get("alt") or "" for i in element.iter("img")), ""))
        title = words if not _MORE.match(words) else heading or _first_strong(block)
        yield url, shorten(title, _TITLE), _summary(element, block, title)


def _block(element: HtmlElement) -> HtmlElement:
    """Return the paragraph, cell or item that holds a link; one further out where it holds nothing but the link."""
    block = element
    length = len(text_of(element))
    for parent in list(element.iterancestors())[:6]:
        if parent.tag == "body" or sum(1 for _ in islice(parent.iter("a"), 4)) > 3:
            break
        block = parent
        if parent.tag in _BLOCKS and len(text_of(parent)) > length + 40:
            break
    return block


def _first_strong(block: HtmlElement) -> str:
    return next((text for part in block.iter("strong", "b") if len(text := text_of(part)) >= _LEAST_TITLE), "")


def _summary(element: HtmlElement, block: HtmlElement, title: str) -> str:
    """Return the sentences of the block without the title; those with the link where the block is long."""
    words = text_of(block)
    for known in (title, text_of(element)):
        if words.startswith(known):
            words = words[len(known) :].lstrip(" .:–—-|")
    if len(words) > 2 * _SUMMARY:
        around = [sentence for sentence in sentences(words) if text_of(element)[:60] in sentence]
        words = around[0] if around else words
    words = re.sub(r"\s*(?:Read|Continue|Learn) more\W*$", "", words)
    return shorten(words, _SUMMARY) if len(words) >= 25 else ""


def _from_text(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield the addresses of a plain text with the words before them: on the line, in the paragraph, or above it."""
    above: list[str] = []  # the paragraph before
    for paragraph in re.split(r"\n\s*\n", text.replace("\r\n", "\n")):
        words: list[str] = []
        named = False
        for line in paragraph.split("\n"):
            end = 0
            for found in _URL.finditer(line):
                if before := line[end : found.start()].strip(" \t<>([{)]}:–—-*•"):
                    words.append(before)
                end = found.end()
                title, *rest = words or above[-1:] or [""]
                yield found[0].rstrip(".,;:!?"), shorten(title, _TITLE), shorten(" ".join(rest), _SUMMARY)
                words, named = [], True
            if after := line[end:].strip():
                words.append(after)
        above = [] if named else words


def undo_redirect(url: str) -> str:
    """Return the address that a redirect carries, as a parameter, in its path, or in Base64; any other as it is.

    Nobody is asked, so short links stay.
    """
    for _ in range(3):
        target = _target(url)
        if target is None or target == url:
            return url
        url = target
    return url


def _target(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        pairs = parse_qsl(parts.query, max_num_fields=50)
    except ValueError:
        return None
    tracker = re.search(r"track|click|link|redirect|/r/|/c/|/ls/|/l/|/go/|/cl\d|url|out\b|/e/", url, re.IGNORECASE)
    by_name = sorted(pairs, key=lambda pair: pair[0].lower() not in _TARGET_KEYS)
    for name, value in by_name:
        if (name.lower() in _TARGET_KEYS or tracker) and (target := _as_address(value)):
            return target
    if tracker:
        # https://click.example/CL0/https:%2F%2Fpaper.example%2Fstory/1/…: what is encoded is the target.
        for segment in re.findall(r"/(https?:?(?:%2F|%3A)[^/]*)", parts.path, re.IGNORECASE):
            if target := _as_address(unquote(segment)):
                return target
        if found := re.search(r"/(https?:/{1,2}[^/]+/.*)", parts.path, re.IGNORECASE):
            return _as_address(re.sub(r"^(https?):/+", r"\1://", found[1]))
        for piece in (*parts.path.split("/"), *(value for _, value in pairs)):
            if _ENCODED.fullmatch(piece) and (target := _from_base64(piece)):
                return target
    return None


def _as_address(value: str) -> str | None:
    value = value.strip()
    for _ in range(2):
        if re.match(r"https?://[^/\s]+\.[^/\s]+", value, re.IGNORECASE):
            return resolve("", value)
        value = unquote(value)
    return _from_base64(value) if _ENCODED.fullmatch(value) else None


def _from_base64(piece: str) -> str | None:
    piece = piece.rstrip("=")
    try:
        data = base64.b64decode(piece + "=" * (-len(piece) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    found = re.search(rb"https?://[\x21-\x7e]+?(?=[\"'\\\s<>]|$)", data)
    return resolve("", found[0].decode("ascii")) if found else None


def _is_news(url: str, title: str) -> bool:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return False
    if not parts.path.strip("/") and not parts.query:
        return False  # a home page
    if _SOCIAL.search(host) or _NOT_A_PAGE.search(parts.path) or _FURNITURE_ADDRESS.search(url):
        return False
    return not (len(title) < 120 and _FURNITURE.search(title))


def _is_title(title: str) -> bool:
    if _MORE.match(title) or _URL.match(title):
        return False
    return len(title) >= (_LEAST_TITLE // 2 if CJK.search(title) else _LEAST_TITLE)
