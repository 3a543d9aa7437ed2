"""Is this page an article?  If not, why."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from wiredesk.extract.body import Body
from wiredesk.extract.declared import Declared
from wiredesk.extract.gather import Marks
from wiredesk.extract.jsonld import ARTICLE_TYPES
from wiredesk.records import Kind
from wiredesk.text import words

_WALL = re.compile(
    r"^(?:just a moment|attention required|access (?:to this page has been )?denied|are you (?:a )?(?:robot|human)"
    r"|robot check|(?:please )?verify(?:ing)? (?:that )?you are (?:a )?human|pardon our interruption"
    r"|security (?:check|verification)|ddos-guard|client challenge|checking your browser|human verification"
    r"|accès refusé|acceso denegado|accesso negato|zugriff verweigert|sicherheitsüberprüfung|vérification de sécurité"
    r"|один момент|un instant|even geduld|before you continue|bevor sie (?:fortfahren|zu)|avant de continuer"
    r"|un momento|einen moment|nur einen moment|captcha|bot check|(?:403 )?forbidden|request (?:blocked|rejected)"
    r"|you have been blocked|please wait)\b",
    re.IGNORECASE,
)
_ERROR = re.compile(
    r"^(?:error\s*)?(?:40[0-9]|410|429|50[0-9])\b"
    r"|\b(?:page|site|article|story|file|document) (?:was |could |can ?not |is |be )*"
    r"(?:not (?:be )?found|no longer (?:available|exists?)|does(?:n.t| not) exist|unavailable)"
    r"|^not found\b|seite (?:wurde )?nicht gefunden|seite existiert nicht|page (?:introuvable|non trouvée)"
    r"|página no encontrada|pagina non trovata|internal server error|service (?:temporarily )?unavailable"
    r"|bad gateway|gateway time-?out",
    re.IGNORECASE,
)
_LOGIN = re.compile(
    r"^(?:log ?-?in|sign ?-?in|sign up|register|anmelden|login|einloggen|registrieren|se connecter|connexion"
    r"|iniciar sesión|accedi)\b",
    re.IGNORECASE,
)
_FORUM = frozenset({"DiscussionForumPosting", "QAPage"})
_GOODS = frozenset({"Product", "ProductGroup", "SoftwareApplication", "MobileApplication", "Hotel", "JobPosting"})
_AUDIO = frozenset({"PodcastEpisode", "AudioObject", "RadioEpisode"})
_GALLERY = frozenset({"ImageGallery", "MediaGallery"})
_PLAIN = ARTICLE_TYPES - {"PodcastEpisode"}
_DATED_PATH = re.compile(r"/(?:19|20)\d\d/\d\d?/")
_SHORT = 150  # words below which a title that speaks of an error is believed
_LINKED = 0.6  # share of a page's text inside links, from which it is a list of links
_TEASERS = 12  # links of several words that lists have many of
_NOTE = 50  # words of text below which a page that declares neither kind nor date is none
_NOTICE = 30  # words of running text that make a short notice of it nevertheless
_READ = 200  # words of running text that are an article if nothing says otherwise
_SCATTERED = 0.3  # share of a page's text inside links, from which such a text is a shop's or a list's
_SENTENCES = re.compile(r"[.!?…。！？؟।][\"'”’»)\]]*$")
_SENTENCE = 20  # words of a paragraph that reads as running text


def why_no_article(marks: Marks, url: str, title: str, body: Body, declared: Declared, *, has_date: bool) -> str | None:
    """Return why the page is no article, as a clause for people; None if it is one.

    Args:
        marks: What stands on the page.
        url: Its address.
        title: Its headline as far as known.
        body: Its running text.
        declared: What it says about itself.
        has_date: A date of publication was declared.
    """
    text = body.text
    count = len(words(text))
    if count < _SHORT:
        for name in (title, marks.title):
            if _WALL.search(name):
                return f"a bot wall: {name[:80]!r}"
            if _ERROR.search(name):
                return f"an error page: {name[:80]!r}"
            if _LOGIN.search(name) or (count < _NOTE and not declared.is_article and marks.password):
                return "a login page"
    if what := _says_itself(declared):
        return what
    if declared.is_article or declared.is_video:
        return None if title or text else "an empty page"
    path = urlsplit(url).path
    if path in {"", "/"} and not urlsplit(url).query and url:
        return "a home page"
    if count < _NOTE and not has_date and running_words(text) < _NOTICE:
        return "hardly any text" if text else "an empty page"
    if declared.is_listing and not has_date:
        return "a listing, as it says itself"
    listed = body.page.teasers >= _TEASERS and body.page.linked > _LINKED
    if not has_date and listed and count < _SHORT and running_words(text) < _NOTICE:
        return "a list of links"
    return None


def _says_itself(declared: Declared) -> str | None:
    """What a page that is no article calls itself, in schema.org's types or og:type."""
    if declared.kinds & _FORUM:
        return "a forum's thread, as it says itself"
    if not declared.kinds & ARTICLE_TYPES and declared.page_type not in {"article", "blog"}:
        if declared.page_type.startswith(("product", "ebay-objects", "profile")):
            return f"a page of the type {declared.page_type!r}, as it says itself"
        if declared.kinds & _GOODS and not declared.first("published"):
            return "a product's page, as it says itself"
    return None


def running_words(text: str) -> int:
    """Return how many words stand in paragraphs that read as sentences: neither labels nor entries of a list."""
    counts = (len(words(paragraph)) for paragraph in text.split("\n\n") if _SENTENCES.search(paragraph))
    return sum(count for count in counts if count >= _SENTENCE)


def kind_of(declared: Declared, url: str, body: Body, *, dated: bool, signed: bool) -> Kind:
    """Return what kind of page it is, by what it declares and shows; "other" for what nothing makes an article.

    Args:
        declared: What the page says of itself.
        url: Its address.
        body: Its running text.
        dated: A date was found, declared or printed.
        signed: So was an author.
    """
    kinds = declared.kinds
    if "LiveBlogPosting" in kinds:
        return "live"
    if declared.is_video and not kinds & _PLAIN:
        return "video"
    if declared.page_type.startswith(("music", "audio")) or kinds & _AUDIO:
        return "audio"
    if kinds & _GALLERY:
        return "gallery"
    if declared.is_article or dated or signed:
        return "article"
    if declared.is_listing:
        return "listing"
    if _DATED_PATH.search(url):
        return "article"
    return "article" if running_words(body.text) >= _READ and body.page.linked < _SCATTERED else "other"
