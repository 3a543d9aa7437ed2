"""The fifteen papers as data: where their pages live, how their feeds look, how their pictures come."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from content import Text
from pictures import Emblem, Format

LOCAL = timedelta(hours=2)  # Varland and Ostmark in September
Lie = Literal["no-dates", "relative-links", "escaped-twice", "one-guid", "campaign", "mobile"]
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ø": "o"})


def slug(value: str, longest: int = 72) -> str:
    """Return a title as papers put it into an address."""
    plain = unicodedata.normalize("NFKD", value.translate(_UMLAUTS)).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", re.sub(r"['’]", "", plain))
    found = ""
    for word in words:
        if found and len(found) + len(word) >= longest:
            break
        found += ("-" if found else "") + word
    return found


def number(text: Text, digits: int) -> int:
    """Return an article's number in the paper's own system."""
    return 10 ** (digits - 1) + int(hashlib.sha256(text.path.encode()).hexdigest(), 16) % (9 * 10 ** (digits - 1))


def _day(text: Text) -> datetime:
    return text.published + LOCAL


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A provider of the demonstration."""

    domain: str
    name: str
    host: str  # of its pages
    address: Callable[[Text], str]  # path and query of an article
    amp: Callable[[str], str] = lambda url: url.rstrip("/") + "/amp"
    feed: Literal["rss", "atom", "rdf", "json"]
    feed_path: str
    lies: frozenset[Lie] = frozenset()
    campaign: str = ""
    full_text: bool = False  # in the feed
    folder: tuple[str, ...]  # in the subscription list
    emblem: Emblem
    pictures: str = ""  # their host
    picture_path: str = "/{key}-{number}.{ext}"
    form: Format = "webp"
    width: int = 1200
    server: str = "nginx"
    popular: tuple[str, ...] = ()
    voices: tuple[tuple[str, str], ...] = field(default=())  # readers' comments under its articles

    @property
    def home(self) -> str:
        """Home page."""
        return f"https://{self.host}/"

    @property
    def label(self) -> str:
        """Domain without ".example": name of its template."""
        return self.domain.removesuffix(".example")

    def url(self, text: Text) -> str:
        """Return the canonical address of an article."""
        return f"https://{self.host}{self.address(text)}"


def _by_section(text: Text) -> str:
    return slug(text.section, 24)


PAPERS: tuple[Paper, ...] = (
    Paper(
        domain="meridianwire.example",
        name="Meridian Wire",
        host="www.meridianwire.example",
        address=lambda t: f"/wire/{_day(t):%Y%m%d}/MW{number(t, 6)}-{slug(t.title, 60)}",
        feed="rss",
        feed_path="/feeds/latest.rss",
        folder=("National",),
        emblem=Emblem(ground="#14213d", ink="#fca311", mark="MW", shape="plain"),
        pictures="images.meridianwire.example",
        picture_path="/2026/{number}/{key}_1200.{ext}",
        server="nginx/1.26.1",
    ),
    Paper(
        domain="elleryledger.example",
        name="The Ellery Ledger",
        host="www.elleryledger.example",
        address=lambda t: f"/{_by_section(t)}/{slug(t.title)}-{number(t, 6)}.html",
        feed="atom",
        feed_path="/atom.xml",
        folder=("Local", "Port Ellery"),
        emblem=Emblem(ground="#7b2d26", ink="#fff4e0", mark="crane"),
        pictures="media.elleryledger.example",
        picture_path="/img/{number}/1200/{key}.{ext}",
        server="Apache",
        popular=(
            "Ropewalk bakery to close after 81 years",
            "Six flats planned for the old sail loft",
            "Where to watch the harbour lights on Saturday",
            "Council answers your questions on bins",
        ),
        voices=(
            (
                "saltmarsh_sue",
                "My father worked the Northquay cranes. You would not believe how quiet it is this week.",
            ),
            ("Ted from the Ropewalk", "Good to have it explained without shouting for once."),
        ),
    ),
    Paper(
        domain="sundtimes.example",
        name="The Sund Times",
        host="www.sundtimes.example",
        address=lambda t: f"/{_day(t):%Y/%m/%d}/{_by_section(t)}/{slug(t.title, 64)}",
        amp=lambda url: url + "?outputType=amp",
        feed="rss",
        feed_path="/rss/all",
        lies=frozenset({"campaign"}),
        campaign="utm_source=rss&utm_medium=feed&utm_campaign=all",
        folder=("National",),
        emblem=Emblem(ground="#ffffff", ink="#111111", mark="ST", shape="plain"),
        pictures="static.sundtimes.example",
        picture_path="/ims/{number}/{key}/1600x900.{ext}",
        width=1600,
        server="envoy",
        popular=(
            "The ministry that forgot its own birthday",
            "How to read a budget in ten minutes",
            "Long read: the last lighthouse keepers",
        ),
    ),
    Paper(
        domain="varlandbroadcasting.example",
        name="VBC News",
        host="www.varlandbroadcasting.example",
        address=lambda t: f"/news/articles/c{hashlib.sha256(t.path.encode()).hexdigest()[:10]}o",
        amp=lambda url: url + ".amp",
        feed="rss",
        feed_path="/news/rss.xml",
        folder=("National",),
        emblem=Emblem(ground="#0b4f6c", ink="#ffffff", mark="VBC"),
        pictures="ichef.varlandbroadcasting.example",
        picture_path="/news/1200/{number}_{key}.{ext}",
        server="VBC edge",
        popular=("In pictures: Varland this week", "Tell us: what does your commute cost?", "Radio: the harbour hour"),
    ),
    Paper(
        domain="quaysidetrade.example",
        name="Quayside Trade",
        host="quaysidetrade.example",
        address=lambda t: f"/article.php?id={number(t, 5)}",
        feed="rdf",
        feed_path="/index.rdf",
        folder=("Trade",),
        emblem=Emblem(ground="#1b4332", ink="#d8f3dc", mark="QT", shape="plain"),
        pictures="quaysidetrade.example",
        picture_path="/pics/{key}{number}.jpg",
        form="jpeg",
        width=800,
        server="Apache/2.4.41 (Ubuntu)",
    ),
    Paper(
        domain="coastalpost.example",
        name="Coastal Post",
        host="www.coastalpost.example",
        address=lambda t: f"/{_by_section(t)}/article-{number(t, 8)}/{slug(t.title, 80)}.html",
        amp=lambda url: url.replace("/article-", "/amp/article-"),
        feed="rss",
        feed_path="/feeds/home.xml",
        lies=frozenset({"escaped-twice", "mobile"}),
        folder=("National", "Popular"),
        emblem=Emblem(ground="#d00000", ink="#ffffff", mark="CP"),
        pictures="i.coastalpost.example",
        picture_path="/1s/2026/09/{number}-{key}-full.{ext}",
        server="cloudgull",
        popular=(
            "Is this the cleverest seagull in Varland? Watch it order chips",
            "Ten jumpers our readers cannot stop buying",
            "Star of Harbour Lights 'done with Sund' after tram row",
            "Mum finds message in bottle - from her own son",
            "Your stars: a bumpy week for Libra",
        ),
        voices=(
            ("Bazza, Grimholt", "About time somebody said it!!"),
            ("Kelp is on the way", "Slow news day? I have a cat that looks like the transport minister."),
            ("Anon", "First."),
        ),
    ),
    Paper(
        domain="linddaily.example",
        name="Lindmark Daily",
        host="linddaily.example",
        address=lambda t: f"/{_day(t):%Y/%m}/{slug(t.title, 56)}/",
        amp=lambda url: url + "amp/",
        feed="rss",
        feed_path="/feed/",
        lies=frozenset({"relative-links"}),
        folder=("Local", "Morrow Sound"),
        emblem=Emblem(ground="#2a6f77", ink="#f4e9cd", mark="waves", shape="disc"),
        pictures="linddaily.example",
        picture_path="/wp-content/uploads/2026/09/{key}-{number}.jpg",
        form="jpeg",
        width=960,
        server="LiteSpeed",
        popular=("Swimming hall: new opening hours", "Lost: grey tomcat, answers to Admiral"),
        voices=(("Gudrun H.", "See you all at the Sound Hall, then."),),
    ),
    Paper(
        domain="askefisher.example",
        name="The Aske Fisherman",
        host="www.askefisher.example",
        address=lambda t: f"/articles/{slug(t.title, 50)}.html",
        feed="rss",
        feed_path="/news.xml",
        lies=frozenset({"no-dates"}),
        folder=("Local", "Coast and islands"),
        emblem=Emblem(ground="#1d3557", ink="#f1faee", mark="fish", shape="disc"),
        pictures="www.askefisher.example",
        picture_path="/photos/{key}-{number}.jpg",
        form="jpeg",
        width=800,
        server="Apache",
    ),
    Paper(
        domain="dockworker.example",
        name="The Dockworker",
        host="dockworker.example",
        address=lambda t: f"/journal/{slug(t.title, 60)}",
        feed="json",
        feed_path="/feed.json",
        folder=("Trade",),
        emblem=Emblem(ground="#c1121f", ink="#fdf0d5", mark="D", shape="disc"),
        pictures="dockworker.example",
        picture_path="/assets/{key}.{ext}",
        server="Caddy",
    ),
    Paper(
        domain="tidewatch.example",
        name="Tidewatch",
        host="tidewatch.example",
        address=lambda t: f"/stories/{slug(t.title, 60)}/",
        feed="atom",
        feed_path="/stories/atom.xml",
        full_text=True,
        folder=("Trade", "Environment"),
        emblem=Emblem(ground="#386641", ink="#f2e8cf", mark="gull", shape="disc"),
        pictures="tidewatch.example",
        picture_path="/media/{number}/{key}.{ext}",
        server="GitPages",
    ),
    Paper(
        domain="bitanchor.example",
        name="Bit & Anchor",
        host="bitanchor.example",
        address=lambda t: f"/posts/2026/{slug(t.title, 60)}",
        feed="json",
        feed_path="/feed.json",
        full_text=True,
        folder=("Trade", "Technology"),
        emblem=Emblem(ground="#22223b", ink="#4cc9f0", mark="anchor"),
        pictures="cdn.bitanchor.example",
        picture_path="/{number}/{key}.{ext}",
        server="h2o",
    ),
    Paper(
        domain="crownmarkets.example",
        name="Crown Markets",
        host="www.crownmarkets.example",
        address=lambda t: f"/{_by_section(t)}/{_day(t):%Y-%m-%d}/{slug(t.title, 64)}-{number(t, 5)}",
        amp=lambda url: url.replace("://www.", "://amp."),
        feed="rss",
        feed_path="/rss",
        lies=frozenset({"campaign"}),
        campaign="utm_source=feed&utm_medium=rss",
        folder=("Trade",),
        emblem=Emblem(ground="#3a0ca3", ink="#ffd166", mark="kr"),
        pictures="assets.crownmarkets.example",
        picture_path="/{number}/{key}-16x9.{ext}",
        server="nginx",
        popular=("Rates: what the bank will look at in October", "Sund 30 at a glance", "Fund of the week: timber"),
    ),
    Paper(
        domain="norderhavenerzeitung.example",
        name="Norderhavener Zeitung",
        host="www.norderhavenerzeitung.example",
        address=lambda t: f"/{_by_section(t)}/{slug(t.title, 70)}-id{number(t, 8)}.html",
        feed="rss",
        feed_path="/rss/feed/nachrichten",
        folder=("Across the strait",),
        emblem=Emblem(ground="#003049", ink="#eae2b7", mark="NZ", shape="plain"),
        pictures="img.norderhavenerzeitung.example",
        picture_path="/{number}/16x9/1200/{key}.{ext}",
        server="Apache",
        popular=(
            "Baustelle am Fischmarkt: Umleitung bis Oktober",
            "Wo Norderhaven am Wochenende tanzt",
            "Leserfoto der Woche: Morgennebel am Ostkai",
        ),
    ),
    Paper(
        domain="grimholtgazette.example",
        name="Grimholt Gazette",
        host="www.grimholtgazette.example",
        address=lambda t: f"/news/{number(t, 8)}.{slug(t.title, 60)}/",
        feed="rss",
        feed_path="/news/rss/",
        lies=frozenset({"one-guid"}),
        folder=("Local", "Coast and islands"),
        emblem=Emblem(ground="#495057", ink="#ffc300", mark="sun"),
        pictures="www.grimholtgazette.example",
        picture_path="/resources/images/{number}/?type=responsive-gallery&key={key}",
        form="jpeg",
        width=800,
        server="nginx",
        popular=("Navy open day: what you may climb on", "Yard apprentices build a bench for the square"),
    ),
    Paper(
        domain="haelislander.example",
        name="The Hael Islander",
        host="haelislander.example",
        address=lambda t: f"/{_day(t):%Y/%m/%d}/{slug(t.title, 48)}",
        feed="atom",
        feed_path="/feed.atom",
        folder=("Local", "Coast and islands"),
        emblem=Emblem(ground="#ee9b00", ink="#001219", mark="island"),
        pictures="haelislander.example",
        picture_path="/photos/{key}-{number}.{ext}",
        form="jpeg",
        width=800,
        server="OpenBSD httpd",
    ),
)
BY_DOMAIN = {paper.domain: paper for paper in PAPERS}
