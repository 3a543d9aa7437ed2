"""The nouns of the newsroom: plain, frozen values that the stages pass on.

Nothing here reads a file, opens a socket or knows the time.  All datetimes are timezone-aware UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NewType

ArticleId = NewType("ArticleId", str)  # 16 hex digits of SHA-256 of the canonical address
StoryId = NewType("StoryId", str)  # "s" + id of the article that we saw first
ProviderId = NewType("ProviderId", str)  # registrable domain, "bbc.co.uk"

Kind = Literal["article", "video", "audio", "gallery", "live", "listing", "other"]
Shape = Literal[
    "p", "h2", "h3", "h4", "li", "q", "pre"
]  # of a paragraph: running text, headings, list item, quotation, …
Origin = Literal["page", "wire", "file", "record"]
SourceKind = Literal["feed", "sitemap", "list"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture that belongs to an article or a provider."""

    url: str  # absolute, as the page gives it; site-relative ("/assets/…") for icons that we hold
    width: int | None = None  # pixels; None until somebody looked at the bytes
    height: int | None = None
    title: str | None = None
    attribution: str | None = None  # credit line as the page gives it
    is_cached: bool = False  # somebody holds a copy
    held: str | None = None  # path of our own copy, "assets/images/news/…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link that stands in the text of an article."""

    url: str  # absolute
    text: str = ""  # the words that carry it


@dataclass(frozen=True, slots=True, kw_only=True)
class Selectors:
    """Where the items of a list page stand, as CSS selectors (Selectors Level 3).

    All but `item` are looked up inside of each item; an empty one leaves the choice to the program.
    """

    item: str = ""  # one element an item
    link: str = ""  # the element whose `href` (or that of its first link) is the item's address
    title: str = ""
    date: str = ""  # `datetime` attribute before text
    summary: str = ""
    image: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A place that we poll: a feed, a sitemap, or a page that lists articles."""

    url: str
    kind: SourceKind = "feed"
    selectors: Selectors | None = None  # of a list; None: its structure is guessed at each reading
    title: str = ""
    site_url: str | None = None  # home page
    folder: tuple[str, ...] = ()  # OPML nesting, outermost first
    topics: tuple[str, ...] = ()  # topic names given to everything from here
    official: bool = False  # the site's own official feed: its tags count as topics
    formerly: tuple[str, ...] = ()  # addresses that it had before it moved; captures name them


@dataclass(frozen=True, slots=True, kw_only=True)
class WireItem:
    """What a feed says of an article that nobody has read yet."""

    source_url: str
    url: str  # absolute
    guid: str | None = None
    title: str = ""  # plain text
    summary: str = ""  # plain text
    content_html: str | None = None  # full text where the feed carries it; hostile until cleaned
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    published_at: datetime | None = None
    updated_at: datetime | None = None
    image: Image | None = None
    language: str | None = None  # ISO 639-1, lower case


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A response as it was received.  The only way into the line."""

    url: str  # as asked for
    final_url: str  # after redirects
    status: int
    headers: tuple[tuple[str, str], ...]  # as received, names in any case
    body: bytes  # content coding (gzip, br, zstd) already undone
    fetched_at: datetime  # our clock
    redirects: tuple[str, ...] = ()  # addresses passed on the way, url first
    moved_to: str | None = None  # where permanent redirects (301, 308) alone led: the new address; not in captures

    def header(self, name: str) -> str | None:
        """Return the first header called `name` (any case)."""
        wanted = name.lower()
        return next((v for k, v in self.headers if k.lower() == wanted), None)

    @property
    def content_type(self) -> str:
        """Media type without parameters, lower case; "" where none was sent."""
        return (self.header("content-type") or "").split(";")[0].strip().lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What one reading of one page, wire item, file or record gives.

    `rules` names for each filled field the rule that found it, e.g. {"title": "json-ld headline"};
    `confidence` gives 0.0-1.0 for the same keys.
    """

    address: str  # canonical form of the address that was read
    origin: Origin
    observed_at: datetime  # our clock
    canonical_url: str | None = None  # where the page says it lives, guarded (same registrable domain)
    amp_url: str | None = None
    title: str = ""
    excerpt: str = ""
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None  # the page's claim
    published_offset: int | None = None  # minutes east of UTC of the zone that the claim was written in
    updated_at: datetime | None = None
    language: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    kind: Kind = "article"
    image: Image | None = None
    provider_name: str | None = None
    provider_logo: str | None = None
    text: str = ""  # plain text, paragraphs separated by one empty line
    outline: tuple[Shape, ...] = ()  # one for each paragraph of `text`; empty where nobody could tell
    links: tuple[Link, ...] = ()  # in the text, in its order
    opt_outs: tuple[str, ...] = ()  # what the publisher does not want done: "noarchive", "noai", "tdm-reservation", …
    dateline: str | None = None  # the place that it was filed from
    title_is_ours: bool = False  # the source had no headline: taken from the lede
    amp: bool = False  # read from the AMP form: fills gaps where the page itself was read
    source_url: str | None = None  # the feed that a wire draft came through
    official: bool = False  # came through an official source
    source_topics: tuple[str, ...] = ()  # topics given by the source
    record: Mapping[str, Any] | None = None  # front matter of an imported record, key order kept
    record_name: str | None = None  # its file name without ".md"
    rules: Mapping[str, str] = field(default_factory=dict)
    confidence: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """The outlet whose page it is."""

    domain: ProviderId
    name: str
    logo: str | None = None  # address of its icon or logo
    images: tuple[Image, ...] = ()  # icons that we hold (50x50)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One state of an article's title and text."""

    number: int  # 1 is the first that we saw
    seen_at: datetime
    title: str
    text: str
    digest: str  # of title and text


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One provider's text at one address, folded from every reading of it.

    The same agency report on two sites is two articles, joined by `Copy`.
    """

    id: ArticleId
    canonical_url: str
    provider: Provider
    title: str
    excerpt: str = ""
    text: str = ""
    outline: tuple[Shape, ...] = ()  # one for each paragraph of `text`, or empty
    links: tuple[Link, ...] = ()
    opt_outs: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None  # the page's claim; None where it is silent
    updated_at: datetime | None = None
    first_seen_at: datetime  # our clock
    language: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    kind: Kind = "article"
    amp_url: str | None = None
    image: Image | None = None
    dateline: str | None = None
    title_is_ours: bool = False
    official: bool = False
    source_topics: tuple[str, ...] = ()
    record: Mapping[str, Any] | None = None  # the imported record, if it came as one
    record_name: str | None = None
    versions: tuple[Version, ...] = ()  # oldest first; at least one
    rules: Mapping[str, str] = field(default_factory=dict)
    confidence: Mapping[str, float] = field(default_factory=dict)

    @property
    def told_at(self) -> datetime:
        """When it happened for the reader: the page's claim, never later than we saw it.

        A date without a clock (midnight) says nothing of the hour: on that very day, our clock speaks.
        """
        if self.published_at is None or self.published_at > self.first_seen_at:
            return self.first_seen_at
        if has_clock(self.published_at) or self.published_at.date() != self.first_seen_at.date():
            return self.published_at
        return self.first_seen_at


def has_clock(moment: datetime) -> bool:
    """Tell whether `moment` is more than a date: midnight to the microsecond is what a date alone becomes."""
    return any((moment.hour, moment.minute, moment.second, moment.microsecond))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What is kept of an article to find its copies."""

    article: ArticleId
    provider: str
    at: int  # sorts as the articles were told, 0 to 2^63 - 1
    title: str  # its words
    words: int  # in the text, as far as it is looked at
    keys: tuple[int, ...]  # below 2^48: the digest of all words, then hashes of runs of them; empty where too little


CopyKind = Literal["exact", "near", "partial"]
"""The same words; nearly all of the shorter text; a good part, with words of its own around it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """`article` prints words of `origin`, an earlier article of another provider."""

    article: ArticleId
    origin: ArticleId
    kind: CopyKind
    share: float  # 0.0-1.0, part of one text that stands in the other one, the greater of both directions
    reason: str  # one sentence for people
    of_copy: float = 0.0  # 0.0-1.0, part of this article's words that stand in the origin
    of_origin: float = 0.0  # 0.0-1.0, part of the origin's words that stand in this article
    words: int = 0  # of this article that stand in the origin
    start: int = 0  # of the longest run in common: words of this article's text before it
    longest: int = 0  # words in that run

    @property
    def is_reprint(self) -> bool:
        """True where the article speaks with its origin's voice; False where it has one of its own."""
        return self.kind != "partial"


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A subject of the site's topic tree, as its file in `topics/` gives it."""

    id: str  # slug, used in addresses
    name: str
    shortname: str | None = None
    parent: str | None = None  # *name* of another topic; None on the root
    description: str | None = None
    keywords: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()  # ours: a title or lede with one of these is not about it
    hashtags: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    services: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """An article is about a topic, and why."""

    topic: str  # the topic's name
    confidence: float  # 0.0-1.0
    reasons: tuple[str, ...]  # e.g. ('"strike" in the title',)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bond:
    """What speaks for two articles telling one event."""

    article: ArticleId  # the other one
    probability: float  # 0.0-1.0, judged from the signals
    signals: tuple[tuple[str, float], ...] = ()  # name -> value, as `stories.pairs` names them
    shared: tuple[str, ...] = ()  # words and names of both that weigh most


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """Why an article stands in its story."""

    article: ArticleId
    similarity: float  # probability (0-1) at which it came to the rest of the story; 1.0 for what the story began with
    threshold: float
    shared: tuple[str, ...]  # the words that weighed most
    runner_up: tuple[StoryId, float] | None = None  # the next best story, and how likely it was
    bond: Bond | None = None  # with the nearest article of the story
    rival: Bond | None = None  # with the nearest article of the next best story


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The articles of one event."""

    id: StoryId
    articles: tuple[ArticleId, ...]  # by `told_at`, then id
    joins: tuple[Join, ...]  # same order


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One named part of a score: `points` is what it adds."""

    name: str
    value: float  # what was measured
    weight: float
    points: float
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """Quality and heat of an article, and whether it is shown; every part named."""

    article: ArticleId
    quality: int  # >= 0
    heat: int  # >= -1; -1: another article leads its story
    published: bool
    quality_parts: tuple[Part, ...] = ()
    heat_parts: tuple[Part, ...] = ()
    reason: str = ""  # why published or not, one sentence
    rules: str = ""  # name and version of the rule set, e.g. "wiredesk-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """All that an edition says of one article."""

    article: Article
    name: str  # record name: YYYY-MM-DD-slug, fixed at creation
    topics: tuple[Tag, ...]
    rating: Rating
    story: StoryId
    related: tuple[ArticleId, ...]  # other articles of its story, by quality
    copy: Copy | None = None  # set when it prints another one's text


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that could not be used: what, why, and what happens now.  Never stops a run."""

    where: str  # address or file, with line where known ("sources.opml:12")
    what: str  # what is wrong
    now: str  # what happens now / what to do
    stage: str = ""  # sources, fetch, extract, …


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a list of items: enough to sort and to see whether a page changed."""

    article: ArticleId
    name: str
    story: StoryId
    provider: ProviderId
    told_at: datetime
    published: bool
    quality: int
    heat: int
    digest: str  # of the whole item: changes when anything shown changes
