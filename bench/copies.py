"""How well and how fast copies are found, beside datasketch's MinHash LSH and LSH Ensemble.

usage: python bench/copies.py [--data ../shared/data] [--articles 50000] [--part kept]

Pairs are built from real texts by known edits: each base text is printed again by other providers, whole, cut, under
paragraphs of another article, with words replaced, with a half replaced by another language.  Beside them stand the
other reports of the same events, which are no copies, and pages that share only a template.  A text found to be a copy
where none was built counts as right where at least LEAST_SHARED of the runs of eight words of the shorter text stand
in the other one, by plain sets of strings: real reprints hide among the base texts.

Figures are of the part that was kept back; `--part dev` is for work on the rules.  Thresholds of the peers are the best
on dev.  Speed is measured through the store, with `--articles` other articles of the same two weeks in it; the full run
is `--articles 1000000` (tens of minutes).  The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import multiprocessing
import random
import sqlite3
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np

from data import data_option, find, need, part_of
from warc_peers import peak_mib
from wiredesk.config import template
from wiredesk.identify import article_id, fingerprint
from wiredesk.line.copying import find_copies, index
from wiredesk.line.room import Room
from wiredesk.newsroom import open_room
from wiredesk.records import Article, ArticleId, Provider, ProviderId
from wiredesk.site import make_site
from wiredesk.text import words

PACKS = ("allsides", "basil", "g5w1h", "vnmds")
BASES = 400  # texts that are printed again, at most, in each part
LEAST_SHARED = 0.25
COPIES = 0.15  # of the articles when speed is measured
BEGIN = datetime(2026, 9, 7, tzinfo=UTC)
SHINGLE = 4  # words, of the peers too
PERMUTATIONS = 128
GRID = (0.2, 0.3, 0.4, 0.5, 0.6)
NETWORK = 6  # pages of each provider that share a template

Found = dict[ArticleId, ArticleId]


@dataclass(frozen=True, slots=True)
class Corpus:
    """Articles in the order of the telling, and what was built."""

    articles: list[Article]
    origin: dict[ArticleId, ArticleId]  # of every built copy
    edit: dict[ArticleId, str]  # of every built copy; "template" for pages that share one


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    data_option(parser)
    parser.add_argument("--articles", type=int, default=50_000, help="articles in the archive when speed is measured")
    parser.add_argument("--part", choices=("kept", "dev"), default="kept")
    parser.add_argument("--show", type=int, default=0, help="natural and missed pairs to print, for the eye")
    args = parser.parse_args()
    need(args.data, "stories", f"{PACKS[0]}.jsonl.gz")
    corpora = {part: build(args.data, part) for part in ("dev", "kept")}
    corpus = corpora[args.part]
    print(
        f"{len(corpus.articles):,} articles, {len(corpus.origin):,} of them built copies, "
        f"{sum(edit == 'template' for edit in corpus.edit.values()):,} share a template only; part {args.part}\n"
    )
    shared = Sharing(corpus)
    results: dict[str, dict[str, Any]] = {}
    with Newsroom() as room:
        found, ms = run(room, corpus)
        results["wiredesk"] = score(corpus, found, shared) | {"ms_per_article": ms}
        kinds = Counter(
            (corpus.edit[each], copy.kind)
            for each in corpus.edit
            if (copy := room.store.articles.copy(each)) is not None
        )
    peers = _peers(corpora["dev"], corpus, shared)
    results |= peers
    _print(results)
    print("\nkinds:", ", ".join(f"{edit} {kind} {number}" for (edit, kind), number in sorted(kinds.items())))
    if args.show:
        show(corpus, found, shared, args.show)
    ours = results["wiredesk"]
    sizes = {}
    for size in sorted({25_000, args.articles}):
        sizes[str(size)] = speed(corpus, size)
        print(f"with {size:>9,} articles of two weeks in the archive: " + _told(sizes[str(size)]))
    last = sizes[str(max(25_000, args.articles))]
    figures = {
        "precision": ours["precision"],
        "recall": ours["recall"],
        "recall_by_edit": ours["by_edit"],
        "ms_per_article": last["ms"],
        "speed": sizes,
        "peers": peers,
    }
    print(json.dumps(figures))


# Pairs


def build(data: Path, part: str) -> Corpus:
    """Return the corpus of one part, the same at every run."""
    chance = random.Random(f"copies {part}")
    rows = [row for row in _rows(data) if part_of(row["group"]) == part]
    seen: set[str] = set()
    rows = [row for row in rows if not (row["text"] in seen or seen.add(row["text"]))]  # type: ignore[func-returns-value]
    donors = [row for row in rows if sha256(row["group"].encode()).digest()[1] % 8 == 0]  # not among the articles
    rows = [row for row in rows if sha256(row["group"].encode()).digest()[1] % 8]
    articles, origin, edits = [], {}, {}
    for number, row in enumerate(rows):
        at = BEGIN + timedelta(hours=chance.uniform(0, 100))
        articles.append(_article(f"base/{number}", row["provider"], row["title"], row["text"], at))
    fit = [place for place, row in enumerate(rows) if len(row["text"].split()) >= 150 or row["lang"] == "ja"]
    for place in chance.sample(fit, min(BASES, len(fit))):
        base, row = articles[place], rows[place]
        others = chance.sample(donors, 20)
        one = next((each for each in others if each["lang"] == row["lang"]), others[0])
        foreign = next((each for each in others if each["lang"] != row["lang"]), others[1])
        for edit, title, text in _edits(row, _mixed(one, chance), _mixed(foreign, chance), chance):
            at = base.told_at + timedelta(hours=chance.uniform(0.1, 100))
            name = f"outlet{chance.randrange(400)}.example"
            copy = _article(f"{edit}/{place}", name, title, text, at)
            articles.append(copy)
            origin[copy.id], edits[copy.id] = base.id, edit
    for network in range(12):
        top, tail = (" ".join(each["text"].split()[:70]) for each in chance.sample(donors, 2))
        for page in range(3 * NETWORK):
            own = _mixed(chance.choice(donors), chance)
            body = " ".join(own["text"].split()[:70])
            at = BEGIN + timedelta(hours=chance.uniform(0, 200))
            name = f"network{network}-{page % 3}.example"
            made = _article(f"template/{network}/{page}", name, own["title"], f"{top}\n{body}\n{tail}", at)
            articles.append(made)
            edits[made.id] = "template"
    return Corpus(sorted(articles, key=lambda each: (each.told_at, each.id)), origin, edits)


def _edits(
    row: dict[str, str], other: dict[str, str], foreign: dict[str, str], chance: random.Random
) -> Iterator[tuple[str, str, str]]:
    tokens = row["text"].split(" ")
    yield "exact", row["title"], row["text"]
    yield "headline", other["title"], row["text"]
    for least, most, name in ((0.5, 0.7, "cut, short"), (0.3, 0.5, "cut, long")):
        yield name, row["title"], " ".join(tokens[: round(len(tokens) * (1 - chance.uniform(least, most)))])
    top = " ".join(other["text"].split(" ")[: chance.randrange(60, 130)])
    yield "local top", other["title"], f"{top}\n\n{row['text']}"
    yield "top and cut", other["title"], f"{top}\n\n{' '.join(tokens[: len(tokens) // 2])}"
    swapped = other["text"].split(" ")
    yield "reworded", row["title"], " ".join(chance.choice(swapped) if chance.random() < 0.08 else t for t in tokens)
    begin, part = chance.randrange(len(tokens) // 2), foreign["text"].split(" ")[: len(tokens) // 2]
    yield "part replaced", foreign["title"], " ".join(tokens[:begin] + part + tokens[begin + len(tokens) // 2 :])
    yield "tail", row["title"], f"{row['text']}\n\n{' '.join(foreign['text'].split(' ')[-60:])}"


def _mixed(row: dict[str, str], chance: random.Random) -> dict[str, str]:
    """Return a text in another order of its words, so that two copies made with it have nothing of it in common."""
    tokens = row["text"].split()
    return row | {"text": " ".join(chance.sample(tokens, len(tokens)))}


def _rows(data: Path) -> Iterator[dict[str, str]]:
    for pack in PACKS:
        place = find(data, "stories", f"{pack}.jsonl.gz")
        for line in gzip.decompress(place.read_bytes()).decode().split("\n")[:-1] if place else ():
            row = json.loads(line)
            if len(row["text"].split()) >= 60:
                provider = row["provider"] or f"{row['id']}.example"
                yield {key: row[key] for key in ("title", "text", "lang")} | {
                    "provider": provider,
                    "group": row["story"] or row["id"],
                }
    place = find(data, "articles", "gold.jsonl")
    for line in place.read_text(encoding="utf-8").split("\n")[:-1] if place else ():
        row = json.loads(line)
        if row["body"] and row["type"] == "article" and len(row["body"]) > 600:
            lang = "ja" if len(row["body"].split()) < len(row["body"]) / 20 else row["site"].rsplit(".")[-1]
            yield {
                "title": row["title"] or "",
                "text": row["body"],
                "lang": lang,
                "provider": row["site"] or row["id"],
                "group": row["site"] or row["id"],
            }


def _article(path: str, provider: str, title: str, text: str, at: datetime) -> Article:
    address = f"https://{provider}/{path}".replace(" ", "-")
    return Article(
        id=article_id(address),
        canonical_url=address,
        provider=Provider(domain=ProviderId(provider), name=provider),
        title=title,
        text=text,
        first_seen_at=at,
    )


# Figures


class Sharing:
    """How much of one text stands in another, by plain sets of runs of eight words."""

    def __init__(self, corpus: Corpus) -> None:
        texts = ((each.id, words(each.text)) for each in corpus.articles)
        self._runs = {key: {" ".join(text[i : i + 8]) for i in range(max(1, len(text) - 7))} for key, text in texts}

    def __call__(self, one: ArticleId, other: ArticleId) -> float:
        """Return the part of the runs of eight words of the shorter text that stand in the other one."""
        left, right = self._runs[one], self._runs[other]
        return len(left & right) / min(len(left), len(right))


def score(corpus: Corpus, found: Found, shared: Sharing) -> dict[str, Any]:
    """Return precision, recall and recall by edit of what was found: copy -> origin."""
    by_edit: defaultdict[str, list[bool]] = defaultdict(list)
    for copy, origin in corpus.origin.items():
        by_edit[corpus.edit[copy]].append(_leads(copy, origin, found, shared))
    right = sum(map(sum, by_edit.values()))
    natural = wrong = 0
    for copy, origin in found.items():
        if not (copy in corpus.origin and _leads(copy, corpus.origin[copy], found, shared)):
            really = corpus.edit.get(copy) != "template" and shared(copy, origin) >= LEAST_SHARED
            natural, wrong = natural + really, wrong + (not really)
    return {
        "precision": round((right + natural) / max(1, right + natural + wrong), 4),
        "recall": round(right / len(corpus.origin), 4),
        "by_edit": {edit: round(sum(hits) / len(hits), 4) for edit, hits in by_edit.items()},
        "natural": natural,
        "wrong": wrong,
    }


def _leads(copy: ArticleId, origin: ArticleId, found: Found, shared: Sharing) -> bool:
    """Tell whether a copy leads to its origin, or to an earlier text of which the origin is itself a reprint."""
    step, seen = found.get(copy), {copy}
    while step is not None and step not in seen:
        if step == origin:
            return True
        seen.add(step)
        last, step = step, found.get(step)
    return len(seen) > 1 and shared(origin, last) >= LEAST_SHARED


def show(corpus: Corpus, found: Found, shared: Sharing, number: int) -> None:
    """Print pairs for the eye: found among the base texts, wrong, and missed."""
    titles = {each.id: f"{each.provider.domain}: {each.title[:80]}" for each in corpus.articles}
    natural = [each for each in found if each not in corpus.edit]
    wrong = [each for each in found if corpus.edit.get(each) == "template"]
    wrong += [each for each in natural if shared(each, found[each]) < LEAST_SHARED]
    for name, some in (("natural", natural), ("wrong", wrong)):
        for each in some[:number]:
            print(f"{name} {shared(each, found[each]):.2f}\n    {titles[each]}\n    {titles[found[each]]}")
    missed = [each for each, origin in corpus.origin.items() if not _leads(each, origin, found, shared)]
    for each in missed[:number]:
        size = len(next(article.text.split() for article in corpus.articles if article.id == each))
        print(f"missed {corpus.edit[each]}, {size} words, {titles[corpus.origin[each]]}, found {found.get(each)}")


# Ours


class Newsroom:
    """A new site in a temporary folder, open."""

    def __enter__(self) -> Room:
        self._folder = tempfile.TemporaryDirectory()
        self._room = open_room(_new_site(Path(self._folder.name)))
        return self._room.__enter__()

    def __exit__(self, *error: Any) -> None:
        self._room.__exit__(*error)
        self._folder.cleanup()


def _new_site(folder: Path) -> Path:
    topics = {"news.md": b"---\ntaxonomy: topic\nname: News\nshortname: News\nkeywords: []\n---\n"}
    root = folder / "site"
    make_site(root, settings=template(title="Bench"), topics=topics, opml=b"<opml version='2.0'><body/></opml>")
    return root


def run(room: Room, corpus: Corpus) -> tuple[Found, float]:
    """Find the copies of a corpus.  Also returns milliseconds of processor time per article."""
    _keep(room, corpus.articles)
    ms = _timed(room, corpus.articles)["ms"]
    copies = (room.store.articles.copy(each.id) for each in corpus.articles)
    return {copy.article: copy.origin for copy in copies if copy is not None}, ms


def _keep(room: Room, articles: list[Article]) -> None:
    with room.store.transaction():
        for each in articles:
            room.store.articles.put(each, digest="", text_digest="", signal="{}")


def _timed(room: Room, articles: list[Article]) -> dict[str, float]:
    """Find the copies of articles that are kept: milliseconds for each of them, making fingerprints included."""
    steps = {"index": 0.0, "find": 0.0}
    wall = time.perf_counter()
    begun = time.process_time()
    for start in range(0, len(articles), 200):  # as many as folding takes at once
        with room.store.transaction():
            index(room, articles[start : start + 200])
    steps["index"] = time.process_time() - begun
    find_copies(room)
    steps["ms"] = time.process_time() - begun
    steps["find"] = steps["ms"] - steps["index"]
    steps["wall_ms"] = time.perf_counter() - wall
    return {name: round(seconds * 1000 / len(articles), 3) for name, seconds in steps.items()}


def speed(corpus: Corpus, size: int) -> dict[str, float]:
    """Return what about 1,000 articles cost that come into an archive of `size` others, and how large its index is.

    The others are fingerprints with as many keys as real ones, all told in the five days before and so within the two
    weeks that are searched (in an archive of years most of them would not be looked at).  One key in twenty is a run
    that several of the real ones hold.  The articles are worked on by a process of their own.
    """
    chance = random.Random(size)
    own = [each for each in corpus.articles if each.id not in corpus.edit]
    built = [each for each in corpus.articles if each.id in corpus.origin]
    articles = own + chance.sample(built, round(len(own) * COPIES / (1 - COPIES)))
    found = [fingerprint(each).keys for each in articles]
    counts = [len(keys) for keys in found]
    held = Counter(key for keys in found[: len(own)] for key in keys)
    stock = [key for key, number in held.items() if number > 1]
    with tempfile.TemporaryDirectory() as folder:
        root = _new_site(Path(folder))
        with open_room(root) as room:
            _keep(room, articles)
        database = root / "wiredesk.db"
        empty = database.stat().st_size
        _fill(database, size, counts, stock, chance)
        filled = database.stat().st_size - empty
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            times = pool.apply(_come_in, (root, articles))
    return times | {
        "mib": round(filled / 2**20, 1),
        "bytes_per_article": round(filled / size),
        "keys_per_article": round(sum(counts) / len(counts), 1),
    }


def _come_in(root: Path, articles: list[Article]) -> dict[str, float]:
    """Find the copies of articles that are kept, in a process that did nothing before; its peak memory, too."""
    with open_room(root) as room:
        times = _timed(room, articles)
        copies = sum(room.store.articles.copy(each.id) is not None for each in articles)
    return times | {"share_of_copies": round(copies / len(articles), 3), "peak_mib": round(peak_mib(), 1)}


def _fill(database: Path, size: int, counts: list[int], stock: list[int], chance: random.Random) -> None:
    """Put made-up fingerprints into the tables, one after the other, in memory as far as that goes."""
    draw = np.random.default_rng(chance.getrandbits(32))
    articles = draw.integers(1, 1 << 62, size)
    ats = np.sort(int(BEGIN.timestamp()) - draw.integers(1, 5 * 86400, size)) << 29
    numbers = draw.choice(np.array(counts), size)
    keys = draw.integers(0, 1 << 43, int(numbers.sum()))
    common = draw.random(len(keys)) < 0.05
    keys[common] = draw.choice(np.array(stock), int(common.sum()))
    ends = np.cumsum(numbers)
    rows = zip(articles.tolist(), ats.tolist(), (ends - numbers).tolist(), ends.tolist(), strict=True)
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -3000000"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN")
        for article, at, begin, end in rows:
            own = keys[begin:end]
            connection.execute(
                "INSERT INTO fingerprint VALUES (?, ?, ?, ?, ?, ?)",
                (article, at, f"p{article % 5000}.example", f"headline {article}", 500, own.tobytes()),
            )
            connection.executemany(
                "INSERT OR IGNORE INTO run_of_words VALUES (?, ?, ?)", zip(own.tolist(), repeat(at), repeat(article))
            )
        connection.execute("COMMIT")


# Peers


def _peers(dev: Corpus, corpus: Corpus, shared: Sharing) -> dict[str, dict[str, Any]]:
    if importlib.util.find_spec("datasketch") is None:
        print("SKIPPED: datasketch is not installed; its figures are missing")
        return {}
    results = {}
    for name, search in (("datasketch MinHashLSH", _lsh), ("datasketch LSHEnsemble", _ensemble)):
        sharing = Sharing(dev)
        sketches = _sketches(dev)
        scores = {t: score(dev, search(dev, sketches, t), sharing) for t in GRID}
        best = max(GRID, key=lambda t: _f1(scores[t]))
        begun = time.process_time()
        found = search(corpus, _sketches(corpus), best)
        ms = round((time.process_time() - begun) * 1000 / len(corpus.articles), 3)
        results[name] = score(corpus, found, shared) | {"threshold": best, "ms_per_article": ms}
    return results


def _f1(result: dict[str, Any]) -> float:
    both: float = result["precision"] + result["recall"]
    return 2 * result["precision"] * result["recall"] / both if both else 0.0


def _sketches(corpus: Corpus) -> dict[ArticleId, tuple[Any, int]]:
    from datasketch import MinHash

    found = {}
    for each in corpus.articles:
        tokens = words(each.text)
        runs = {" ".join(tokens[i : i + SHINGLE]).encode() for i in range(len(tokens) - SHINGLE + 1)}
        sketch = MinHash(num_perm=PERMUTATIONS)
        sketch.update_batch(runs)
        found[each.id] = (sketch, max(1, len(runs)))
    return found


def _lsh(corpus: Corpus, sketches: dict[ArticleId, tuple[Any, int]], threshold: float) -> Found:
    """MinHash LSH: the earliest article of another provider that is like enough by its estimate."""
    from datasketch import MinHashLSH

    index = MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS)
    return _stream(
        corpus,
        lambda each: index.query(sketches[each][0]),
        lambda each: index.insert(each, sketches[each][0]),
        lambda one, other: sketches[one][0].jaccard(sketches[other][0]) >= threshold,
    )


def _ensemble(corpus: Corpus, sketches: dict[ArticleId, tuple[Any, int]], threshold: float) -> Found:
    """LSH Ensemble: the earliest that holds enough of the article, by estimate; it indexes all in one go."""
    from datasketch import MinHashLSHEnsemble

    index = MinHashLSHEnsemble(threshold=threshold, num_perm=PERMUTATIONS, num_part=16)
    index.index((each, *sketch) for each, sketch in sketches.items())

    def holds(one: ArticleId, other: ArticleId) -> bool:
        (left, few), (right, many) = sketches[one], sketches[other]
        alike = left.jaccard(right)
        return alike / (1 + alike) * (few + many) / min(few, many) >= threshold

    return _stream(corpus, lambda each: index.query(*sketches[each]), lambda _: None, holds)


def _stream(
    corpus: Corpus,
    query: Callable[[ArticleId], Any],
    insert: Callable[[ArticleId], None],
    holds: Callable[[ArticleId, ArticleId], bool],
) -> Found:
    place = {each.id: number for number, each in enumerate(corpus.articles)}
    provider = {each.id: each.provider.domain for each in corpus.articles}
    found = {}
    for each in place:
        for other in sorted(query(each), key=place.__getitem__):
            if place[other] >= place[each]:
                break
            if provider[other] != provider[each] and holds(each, other):
                found[each] = other
                break
        insert(each)
    return found


def _print(results: dict[str, dict[str, Any]]) -> None:
    edits = list(next(iter(results.values()))["by_edit"])
    print(f"{'':24}{''.join(f'{name:>24}' for name in results)}")
    for row in ("precision", "recall", *edits, "natural", "wrong", "ms_per_article"):
        cells = (result["by_edit"].get(row, result.get(row)) for result in results.values())
        print(f"{row:24}{''.join(f'{cell:>24}' for cell in cells)}")


def _told(found: dict[str, Any]) -> str:
    return (
        f"{found['ms']} ms of processor time each ({found['index']} to index, {found['find']} to find); "
        f"index {found['mib']} MiB ({found['bytes_per_article']} B each), {found['peak_mib']} MiB of memory at its peak"
    )


if __name__ == "__main__":
    main()
