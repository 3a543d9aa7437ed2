"""The site's own words, in the languages that we speak, and its way to write dates and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

Forms = tuple[str, str]  # for one, for any other number


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """All labels of the site in one language."""

    language: str
    months: tuple[str, ...]
    months_short: tuple[str, ...]
    weekdays: tuple[str, ...]
    weekdays_short: tuple[str, ...]
    day_form: str  # of {weekday} {day} {month} {year}
    moment_form: str  # of {day} {month} {year} {time}
    date_form: str  # of {day} {month}
    thousands: str
    languages: Mapping[str, str]

    skip: str = "Skip to the news"
    front: str = "Front page"
    menu: str = "Topics"
    site_menu: str = "About this site"
    top_stories: str = "Top stories"
    latest: str = "Latest headlines"
    topics: str = "Topics"
    archive: str = "Archive"
    outlets: str = "Outlets"
    about: str = "About"
    feeds: str = "Feeds"
    more: str = "More"
    and_also: str = "Also"
    same_text: str = "Same text at"
    same_text_many: str = "Same text at {n} other outlets"
    full_story: str = "All reports"
    as_of: str = "As of"
    data: str = "Where this edition stands"
    reports: Forms = ("report", "reports")
    outlets_n: Forms = ("outlet", "outlets")
    sources_n: Forms = ("source", "sources")
    failing_n: Forms = ("source gave no answer", "sources gave no answer")
    all_answer: str = "all of them answering"
    articles_n: Forms = ("article read", "articles read")
    stories_n: Forms = ("story", "stories")
    headlines_n: Forms = ("headline", "headlines")
    more_reports: Forms = ("more report", "more reports")
    coverage: str = "All reports, oldest first"
    reports_over_time: str = "Reports over time"
    adds: str = "Adds:"
    and_more: str = "and {n} more"
    nothing_new: str = "Nothing new in these"
    misdated: str = "wrongly dated: our clock"
    beside: str = "Read beside it"
    another_voice: str = "another voice"
    close_stories: str = "Close to this"
    in_common: str = "in common:"
    thread: str = "Part of a thread"
    thread_page: str = "A thread of stories"
    whole_thread: str = "The whole thread"
    earlier: str = "Before"
    later: str = "After"
    first: str = "First"
    first_report: str = "First report"
    at_a_glance: str = "At a glance"
    seen_by_us: str = "seen by us"
    leads: str = "leads"
    video: str = "video"
    was: str = "Headline was:"
    until: str = "until"
    text_changed: Forms = ("change to the text", "changes to the text")
    why: str = "Why this is here"
    why_quality: str = "Quality"
    why_heat: str = "Heat"
    part: str = "Part"
    value: str = "Value"
    weight: str = "Weight"
    points: str = "Points"
    total: str = "Total"
    note: str = "Note"
    rules: str = "Rules"
    why_topics: str = "Topics, and what speaks for them"
    why_copies: str = "Text in common"
    nothing: str = "Nothing has been published here yet."
    nothing_front: str = "No story has made the front page in the last days. The archive holds what came before."
    older: str = "Older, by month"
    previous_day: str = "Previous day"
    next_day: str = "Next day"
    all_of_day: str = "All of this day"
    whole_month: str = "Whole month"
    part_of: str = "Part of"
    subtopics: str = "In more detail"
    at_publisher: str = "Read it at"
    by: str = "By"
    in_language: str = "in"
    moved_text: str = "This report now stands in another story:"
    moved_thread: str = "What this thread held now stands here:"
    missing_title: str = "This page is not here"
    missing_text: str = "It may have been taken down, or the address has a slip of the pen."
    to_front: str = "Go to the front page"
    about_what: str = "What this is"
    about_what_text: str = (
        "This site reads what many outlets publish, finds out which of their articles tell the same story, and shows "
        "each story once, with every report beside it. Headlines and excerpts belong to the outlets, and each headline "
        "leads to the page of the outlet that wrote it."
    )
    about_how: str = "How decisions are made"
    about_how_text: str = (
        "No person and no language model picks the headlines. Every article is given points for its quality, every "
        "story points for the attention that it draws. Each story page ends with “Why this is here”, which lists every "
        "point and where it came from."
    )
    about_voices: str = "Outlets that print the same text count once."
    about_rules: str = "The rule set in use is “{rules}”."
    about_limits: str = (
        "An article may be published from quality {quality} on, and once its story has reached heat {heat}."
    )
    about_edits: str = "Corrections"
    about_edits_text: str = (
        "When an outlet changes a headline, the story page shows what it was before. Times are UTC: the time that the "
        "outlet gives, but never later than the moment when we first saw the article."
    )
    about_fresh: str = "Sources and freshness"
    about_feeds: str = "Feeds and data"
    about_feeds_text: str = (
        "Every topic has feeds of its own, linked on its page. The data behind the site is open to programs."
    )
    api_news: str = "News as JSON"
    api_topics: str = "Topics as JSON"
    sitemap: str = "Sitemap"
    made_with: str = "Made with Wiredesk"

    def count(self, number: int, forms: Forms) -> str:
        """Return "1 report", "2,400 reports"."""
        return f"{self.number(number)} {forms[0] if number == 1 else forms[1]}"

    def number(self, number: int) -> str:
        """Return a whole number with marks for thousands."""
        return f"{number:,}".replace(",", self.thousands)

    def day(self, day: date) -> str:
        """Return "Tuesday, 8 September 2026"."""
        return self.day_form.format(
            weekday=self.weekdays[day.weekday()], day=day.day, month=self.months[day.month - 1], year=day.year
        )

    def month(self, month: str) -> str:
        """Return "September 2026" for "2026-09"."""
        year, number = month.split("-")
        return f"{self.months[int(number) - 1]} {int(year)}"

    def date(self, at: datetime) -> str:
        """Return "8 Sep"."""
        return self.date_form.format(day=at.day, month=self.months_short[at.month - 1])

    def moment(self, at: datetime) -> str:
        """Return "8 Sep 2026, 04:05 UTC"."""
        month = self.months_short[at.month - 1]
        return self.moment_form.format(day=at.day, month=month, year=at.year, time=f"{at:%H:%M}")


ENGLISH = Words(
    language="en",
    months=(
        "January", "February", "March", "April", "May", "June", "July",
        "August", "September", "October", "November", "December",
    ),
    months_short=("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    weekdays_short=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    day_form="{weekday}, {day} {month} {year}",
    moment_form="{day} {month} {year}, {time} UTC",
    date_form="{day} {month}",
    thousands=",",
    languages=MappingProxyType({
        "ar": "Arabic", "da": "Danish", "de": "German", "en": "English", "es": "Spanish", "fr": "French",
        "it": "Italian", "ja": "Japanese", "ko": "Korean", "nl": "Dutch", "no": "Norwegian", "pl": "Polish",
        "pt": "Portuguese", "ru": "Russian", "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian", "zh": "Chinese",
    }),
)  # fmt: skip

GERMAN = Words(
    language="de",
    months=(
        "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli",
        "August", "September", "Oktober", "November", "Dezember",
    ),
    months_short=("Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."),
    weekdays=("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    weekdays_short=("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"),
    day_form="{weekday}, {day}. {month} {year}",
    moment_form="{day}. {month} {year}, {time} UTC",
    date_form="{day}. {month}",
    thousands=".",
    languages=MappingProxyType({
        "ar": "Arabisch", "da": "Dänisch", "de": "Deutsch", "en": "Englisch", "es": "Spanisch", "fr": "Französisch",
        "it": "Italienisch", "ja": "Japanisch", "ko": "Koreanisch", "nl": "Niederländisch", "no": "Norwegisch",
        "pl": "Polnisch", "pt": "Portugiesisch", "ru": "Russisch", "sv": "Schwedisch", "tr": "Türkisch",
        "uk": "Ukrainisch", "zh": "Chinesisch",
    }),
    skip="Zu den Nachrichten springen",
    front="Titelseite",
    menu="Themen",
    site_menu="Über diese Seite",
    top_stories="Die wichtigsten Themen",
    latest="Neueste Schlagzeilen",
    topics="Themen",
    archive="Archiv",
    outlets="Medien",
    about="Über uns",
    feeds="Feeds",
    more="Mehr",
    and_also="Auch",
    same_text="Derselbe Text bei",
    same_text_many="Derselbe Text bei {n} anderen Medien",
    full_story="Alle Berichte",
    as_of="Stand",
    data="Stand dieser Ausgabe",
    reports=("Bericht", "Berichte"),
    outlets_n=("Medium", "Medien"),
    sources_n=("Quelle", "Quellen"),
    failing_n=("Quelle hat nicht geantwortet", "Quellen haben nicht geantwortet"),
    all_answer="alle antworten",
    articles_n=("Artikel gelesen", "Artikel gelesen"),
    stories_n=("Geschichte", "Geschichten"),
    headlines_n=("Schlagzeile", "Schlagzeilen"),
    more_reports=("weiterer Bericht", "weitere Berichte"),
    coverage="Alle Berichte, älteste zuerst",
    reports_over_time="Berichte im Lauf der Zeit",
    adds="Neu:",
    and_more="und {n} weitere",
    nothing_new="Nichts Neues in diesen",
    misdated="falsch datiert: nach unserer Uhr",
    beside="Dazu lesen",
    another_voice="eine andere Stimme",
    close_stories="Nicht weit davon",
    in_common="gemeinsam:",
    thread="Teil eines Fadens",
    thread_page="Ein Faden von Ereignissen",
    whole_thread="Der ganze Faden",
    earlier="Davor",
    later="Danach",
    first="Zuerst",
    first_report="Erster Bericht",
    at_a_glance="Auf einen Blick",
    seen_by_us="von uns gesehen",
    leads="führt",
    video="Video",
    was="Schlagzeile war:",
    until="bis",
    text_changed=("Änderung am Text", "Änderungen am Text"),
    why="Warum das hier steht",
    why_quality="Güte",
    why_heat="Aufmerksamkeit",
    part="Teil",
    value="Wert",
    weight="Gewicht",
    points="Punkte",
    total="Summe",
    note="Anmerkung",
    rules="Regeln",
    why_topics="Themen, und was für sie spricht",
    why_copies="Gemeinsamer Text",
    nothing="Hier wurde noch nichts veröffentlicht.",
    nothing_front="In den letzten Tagen kam nichts auf die Titelseite. Was vorher war, steht im Archiv.",
    older="Älteres nach Monaten",
    previous_day="Tag davor",
    next_day="Tag danach",
    all_of_day="Der ganze Tag",
    whole_month="Der ganze Monat",
    part_of="Teil von",
    subtopics="Im Einzelnen",
    at_publisher="Zu lesen bei",
    by="Von",
    in_language="auf",
    moved_text="Dieser Bericht steht jetzt in einem anderen Ereignis:",
    moved_thread="Was in diesem Faden stand, steht jetzt hier:",
    missing_title="Diese Seite gibt es nicht",
    missing_text="Vielleicht wurde sie zurückgezogen, oder die Adresse enthält einen Tippfehler.",
    to_front="Zur Titelseite",
    about_what="Was das ist",
    about_what_text=(
        "Diese Seite liest, was viele Medien veröffentlichen, findet heraus, welche Artikel von demselben Ereignis "
        "handeln, und zeigt jedes Ereignis einmal, mit allen Berichten dazu. Schlagzeilen und Auszüge gehören den "
        "Medien; jede Schlagzeile führt auf die Seite dessen, der sie geschrieben hat."
    ),
    about_how="Wie entschieden wird",
    about_how_text=(
        "Kein Mensch und kein Sprachmodell wählt die Schlagzeilen aus. Jeder Artikel bekommt Punkte für seine Güte, "
        "jedes Ereignis Punkte für die Aufmerksamkeit, die es findet. Am Ende jeder Berichtsseite steht unter „Warum "
        "das hier steht“ jeder Punkt und woher er kommt."
    ),
    about_voices="Wer denselben Text druckt, zählt nur einmal.",
    about_rules="Es gelten die Regeln „{rules}“.",
    about_limits="Ein Artikel kann ab Güte {quality} erscheinen, sobald sein Ereignis Aufmerksamkeit {heat} hatte.",
    about_edits="Änderungen",
    about_edits_text=(
        "Ändert ein Medium eine Schlagzeile, zeigt die Berichtsseite, wie sie vorher hieß. Zeiten sind UTC: die, die "
        "das Medium nennt, aber nie später als der Augenblick, in dem wir den Artikel zuerst sahen."
    ),
    about_fresh="Quellen und Stand",
    about_feeds="Feeds und Daten",
    about_feeds_text="Jedes Thema hat eigene Feeds auf seiner Seite. Die Daten der Seite stehen Programmen offen.",
    api_news="Nachrichten als JSON",
    api_topics="Themen als JSON",
    sitemap="Sitemap",
    made_with="Gemacht mit Wiredesk",
)  # fmt: skip


def words_for(language: str) -> Words:
    """Return the words for a language (ISO 639-1); English where we do not speak it."""
    return GERMAN if language == "de" else ENGLISH
