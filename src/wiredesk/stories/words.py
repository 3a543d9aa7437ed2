"""Words that say nothing about an event, and the stemmer of each language."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable
from functools import cache
from itertools import pairwise

import Stemmer

from wiredesk.stories.scripts import cognate, spelling
from wiredesk.text import CJK, WORD

_REMEMBERED = 1 << 16  # words a language; when they are more, learning begins anew
LONG_COGNATE = 4  # consonants from which a loose key says something
LOOSE = 0.5  # weight of such a key, against 1.0

ALGORITHMS = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fa": "persian",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "ne": "nepali",
    "nl": "dutch",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
}

# Only what rarity cannot tell in a site of five sources: function words, and what newspapers say of themselves.
_STOP = {
    "en": """a about after again against all also am amid an and any are as at be because been before being below
        between both but by can could did do does doing don't down during each even ever every few for from further
        get gets getting go goes going got had has have having he her here hers him his how i if in into is isn't it
        it's its itself just let like made make makes may me might more most much must my new no nor not now of off on
        once one only or other our out over own per said same say saying says see she should since so some still such
        take than that the their them then there these they this those though through to today tomorrow too two under
        until up upon us very via was we well were what when where which while who whom whose why will with within
        without would yesterday yet you your breaking exclusive live news report reports update updates video watch
        photo photos monday tuesday wednesday thursday friday saturday sunday""",
    "de": """ab aber als am an auch auf aus bei beim bereits bis da dann das dass dem den denn der des die dies diese
        diesem diesen dieser dieses doch dort durch ein eine einem einen einer eines er erst es etwa für gegen geht
        gibt haben hat hatte ich ihr ihre im immer in ins ist ja jetzt kann kein keine können mehr mit muss nach nicht
        noch nun nur ob oder ohne schon sei sein seine seit sich sie sind so soll sollen über um und uns unter vom von
        vor war waren was weil weiter wenn werden wer wie wieder will wir wird wo worden wurde wurden zu zum zur zwei
        zwischen neue neuen neuer montag dienstag mittwoch donnerstag freitag samstag sonntag""",
    "es": """a al algo ante antes años aquí así aún cada como con contra cual cuando de del desde día días donde dos
        e el él ella ellos en entre era es esa ese eso esta está están este esto estos fue fueron ha han hasta hay hoy
        la las le les lo los más me mi muy ni no nos nuevo nueva o otra otro para pero por porque que qué quién se
        según ser si sí sin sobre son su sus también tan tiene todo todos tras tu un una uno unos y ya""",
    "fr": """a à après au aussi autre aux avant avec c ce ces cet cette chez comme contre d dans de depuis des deux
        donc du elle elles en encore entre est et été être eu fait il ils j je l la le les leur leurs lors lui m mais
        même moins n ne ni non nos notre nous on ont ou où par pas pendant peu plus pour pourquoi qu quand que quel
        qui s sa sans se selon ses si son sont sous sur t tous tout toute très un une vers vos vous y""",
    "pt": """a à ao aos após as até com como contra da das de depois desde do dois dos e é ela ele eles em entre era
        essa esse esta está este eu faz foi foram há isso já la mais mas me mesmo muito na não nas nem no nos novo
        nova o os ou para pela pelas pelo pelos pode por porque quando que quem se sem ser seu seus sobre são sua suas
        também tem ter toda todo todos tudo um uma vai veja""",
    "it": """a ai al alla alle anche che chi ci come con contro cosa da dal dalla dei del della delle di dopo due e è
        ed era fa gli ha hanno i il in io la le lo loro ma nei nel nella non o ogni oggi per perché più poi quando
        quanto quella quello questa questo se sei senza si sono stato su sua sul sulla suo tra tutti tutto un una
        uno""",
    "nl": """aan al als bij dan dat de deze die dit door een en er haar had heeft het hij hoe ik in is je kan maar meer
        met na naar niet nieuwe nog nu of om ook op over te tegen toch tot uit van voor want was wat we wel werd wie
        wil worden wordt zal ze zich zij zijn zo""",
    "ru": """а без более бы был была были было быть в вам вас во вот все всё всех вы где да два для до его ее её если
        есть еще ещё за и из или им их к как ко когда который кто ли мы на над не него нет них но о об один он она они
        от по под после при про с сам свой себя со так также там того только тот ты у уже что чтобы эта эти это этого
        этот я""",
}  # fmt: skip


@cache
def stop_words(language: str | None) -> frozenset[str]:
    """Return the function words of `language`; of all that we know where it is None, none where it is unknown."""
    if language is None:
        return frozenset().union(*(text.split() for text in _STOP.values()))
    return frozenset(_STOP.get(language, "").split())


@cache
def stemmer(language: str | None) -> Stemmer.Stemmer | None:
    """Return the Snowball stemmer of `language` (ISO 639-1), None where there is none.

    Source: https://snowballstem.org, through PyStemmer.
    """
    algorithm = ALGORITHMS.get(language or "")
    return Stemmer.Stemmer(algorithm, 0) if algorithm else None  # remembering is slower than asking again


# What is known of one token: its stems (none of a word that says nothing; of CJK text its pairs of characters); the
# same where it begins with a capital and is no number; and "~" sounds and "≈" consonants of what may be a name, with
# their weight.  There are tens of thousands, and plain tuples are what Python's collector of cycles soon leaves alone.
Word = tuple[tuple[str, ...], tuple[str, ...], tuple[tuple[str, float], ...]]


class Speech(dict[str, Word]):
    """One language: what is known of words is remembered, since a language has few words and news has many."""

    def __init__(self, language: str | None) -> None:
        super().__init__()
        self._stop, self._stemmer = stop_words(language), stemmer(language)

    def read(self, tokens: Iterable[str]) -> list[Word]:
        """Return what is known of each token, in order."""
        return list(map(self.__getitem__, tokens))

    def terms(self, tokens: Iterable[str]) -> list[str]:
        """Return the stems of the telling words in order, numbers included; CJK text as pairs of characters."""
        return [stem for stems, _, _ in self.read(tokens) for stem in stems]

    def __missing__(self, token: str) -> Word:
        stems = self._stems(token)
        capital = token[0].isupper()
        names = stems if capital and len(token) > 1 and not any(map(str.isdigit, stems)) else ()
        # Scripts without case count whole.
        keys = self._keys(token.lower()) if len(token) > 2 and (capital or token[0].lower() == token[0].upper()) else ()
        if len(self) >= _REMEMBERED:
            self.clear()
        word = self[token] = (stems, names, keys)
        return word

    def _stems(self, token: str) -> tuple[str, ...]:
        if CJK.search(token):
            return tuple([sys.intern(one + other) for one, other in pairwise(token)])
        word = token.lower().replace("’", "'").removesuffix("'s")
        if word in self._stop or (len(word) < 2 and not word.isdigit()):
            return ()
        stem = self._stemmer.stemWord(word) if self._stemmer else word
        return (sys.intern(stem),) if stem else ()

    def _keys(self, word: str) -> tuple[tuple[str, float], ...]:
        if word in self._stop:
            return ()
        keys = []
        if key := spelling(word):
            keys.append((sys.intern("~" + key), 1.0))
        if len(key := cognate(word)) >= LONG_COGNATE:
            keys.append((sys.intern("≈" + key), LOOSE))
        return tuple(keys)


@cache
def speech(language: str | None) -> Speech:
    """Return what is known of a language (ISO 639-1), None: unknown."""
    return Speech(language)


def tokens(text: str) -> list[str]:
    """Return the words and numbers of a text, NFKC, case kept."""
    return WORD.findall(text if text.isascii() else unicodedata.normalize("NFKC", text))


def terms(text: str, language: str | None) -> list[str]:
    """Return the stems of the telling words of `text`, as `Speech.terms` does."""
    return speech(language).terms(tokens(text))
