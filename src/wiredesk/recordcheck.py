"""Hold a folder of records against the rules of the record format, record by record.

What the rules need and the records do not say (who is official, which publishers are known organisations, how much a
related article weighs) is taken from the site's own files where it has them, and else inferred from the site's records
as a whole; `SiteFacts` and the notes of the report say which.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from wiredesk.errors import UnreadableError, UsageError
from wiredesk.recordformat import RecordFile, parse_record, record_bytes, record_name
from wiredesk.records import Article, ArticleId, Provider, ProviderId
from wiredesk.score import reference as score
from wiredesk.topics import reference as topics
from wiredesk.topics.tree import TopicTree, build_tree, read_topic
from wiredesk.urls import amp_cache_url, host_of, registrable_domain

CHECKS = ("identical", "names", "dates", "addresses", "icons", "topics", "quality", "heat", "published")
_FEED_AT_LEAST = 3  # records with real seconds below one address make it an official feed
_BONUSES = (40, 30)  # of known organisations, as seen: most sites, A.I. in 2023
_TITLES_MATCHED = datetime(2020, 10, 1, tzinfo=UTC)  # record-format.md, section 9: "Azure after September 2020"
_READERS = range(1, 9)  # points of heat that readers' clicks were seen to add


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """One value that a rule gives differently."""

    file: str
    check: str
    expected: str  # by the rule
    found: str  # in the record
    explanation: str  # a class, so that equal causes can be counted


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """What `check` found."""

    records: int
    counts: Mapping[str, tuple[int, int]]  # check -> (agreeing, checked)
    sites: Mapping[str, Mapping[str, tuple[int, int]]]  # the same for each site
    disagreements: tuple[Disagreement, ...]
    notes: tuple[str, ...]  # what was inferred, and how

    def explanations(self) -> list[tuple[str, str, int]]:
        """Return (check, explanation, how often), most frequent first within a check."""
        counts = Counter((each.check, each.explanation) for each in self.disagreements)
        ordered = sorted(counts.items(), key=lambda item: (CHECKS.index(item[0][0]), -item[1], item[0][1]))
        return [(name, why, count) for (name, why), count in ordered]

    def to_json(self) -> dict[str, Any]:
        """Return the whole report as JSON values."""
        explained: dict[str, dict[str, int]] = defaultdict(dict)
        for name, why, count in self.explanations():
            explained[name][why] = count
        return {
            "records": self.records,
            **{name: list(pair) for name, pair in self.counts.items()},
            "sites": {site: {name: list(pair) for name, pair in counts.items()} for site, counts in self.sites.items()},
            "explanations": explained,
            "notes": list(self.notes),
            "disagreements": [
                {slot: getattr(each, slot) for slot in ("file", "check", "expected", "found", "explanation")}
                for each in self.disagreements
            ],
        }

    def to_text(self) -> str:
        """Return the report for people: a line per check, then why some disagree."""
        lines = [f"{self.records} records"]
        lines += [f"  {name:10} {agreeing:6} of {checked:6}" for name, (agreeing, checked) in self.counts.items()]
        reasons = self.explanations()
        if reasons:
            lines += ["", "Where they disagree:"]
            lines += [f"  {name:10} {count:6}  {why}" for name, why, count in reasons]
        if self.notes:
            lines += ["", "Inferred from the records:", *(f"  {note}" for note in self.notes)]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFacts:
    """What the rules need to know of a site."""

    tree: TopicTree
    feeds: frozenset[str]  # address prefixes of its official feeds
    organizations: frozenset[str]
    organization_bonus: int
    weight_per_related: int
    icons: frozenset[str] | None  # domains with a 50x50 icon; None: not known
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    file: str  # relative to the folder that is checked
    name: str
    fields: Mapping[str, Any]
    published_at: datetime

    @property
    def address(self) -> str:
        return str(self.fields.get("webUrl") or self.fields.get("originalUrl") or "")

    @property
    def domain(self) -> str:
        return str((self.fields.get("provider") or {}).get("domain", ""))

    @property
    def related(self) -> list[Mapping[str, Any]]:
        return self.fields.get("related") or []


@dataclass(slots=True)
class _Tally:
    counts: dict[str, list[int]] = field(default_factory=lambda: {name: [0, 0] for name in CHECKS})
    disagreements: list[Disagreement] = field(default_factory=list)

    def note(
        self, name: str, file: str, expected: Any, found: Any, explain: Callable[[], str] = lambda: "unexplained"
    ) -> None:
        """Count one comparison; `explain` is asked only where the two differ."""
        agree = expected == found
        self.counts[name][0] += agree
        self.counts[name][1] += 1
        if not agree:
            entry = Disagreement(
                file=file, check=name, expected=_show(expected), found=_show(found), explanation=explain()
            )
            self.disagreements.append(entry)

    def unusable(self, file: str, error: Exception) -> None:
        """Count a record that lacks what the checks need."""
        found = f"{type(error).__name__}: {error}"
        self.note("names", file, "a news record", found, lambda: "a field is missing or of the wrong kind")


def check(folder: Path) -> CheckReport:
    """Check every site at or below `folder`: a folder that has `_news` or `_archive/_news`.

    Raises:
        UsageError: there is none.
    """
    roots = sorted(_sites(folder))
    if not roots:
        raise UsageError(f"{folder}: no records there: neither this folder nor one below it has a folder _news")
    sites: dict[str, dict[str, tuple[int, int]]] = {}
    disagreements: list[Disagreement] = []
    notes: list[str] = []
    total = 0
    for root in roots:
        tally = _Tally()
        records = list(_read_all(folder, root, tally))
        facts = site_facts(root, records)
        for record in records:
            try:
                _check_record(record, facts, tally)
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                tally.unusable(record.file, error)
        name = root.relative_to(folder).as_posix()
        sites[root.name if name == "." else name] = {check: (a, b) for check, (a, b) in tally.counts.items()}
        disagreements += tally.disagreements
        notes += [f"{root.name}: {note}" for note in facts.notes]
        total += tally.counts["identical"][1]
    return CheckReport(
        records=total,
        counts={name: _sum(counts[name] for counts in sites.values()) for name in CHECKS},
        sites=sites,
        disagreements=tuple(disagreements),
        notes=tuple(notes),
    )


def site_facts(root: Path, records: Sequence[_Record]) -> SiteFacts:
    """Read what the site's own files say, and infer the rest from its records."""
    notes: list[str] = []
    tree = _tree(root, notes)
    feeds = _feeds(records)
    if feeds:
        notes.append(f"official feeds, by real seconds of {_FEED_AT_LEAST} records or more: {', '.join(sorted(feeds))}")
    found = root / "_data" / "organizations"
    known = frozenset(file.stem for file in found.glob("*.md")) if found.is_dir() else None
    bonus = _BONUSES[0]
    if known is None:
        bonus, known = _organizations(records, tree, feeds)
        listed = ", ".join(sorted(known))
        notes.append(f"no organisation files: {len(known)} domains gain {bonus} in most of their records: {listed}")
    early = sum(_is_official(record, feeds) and "originalUrl" not in record.fields for record in records)
    if early:
        notes.append(
            f"{early} official texts of the engine before originalUrl: a source bonus of 50 or of 0 both agree"
        )
    weight = _weight(records)
    icons = root / "icons.txt"
    return SiteFacts(
        tree=tree,
        feeds=feeds,
        organizations=known,
        organization_bonus=bonus,
        weight_per_related=weight,
        icons=frozenset(icons.read_text(encoding="utf-8").split()) if icons.is_file() else None,
        notes=(*notes, f"heat per related article: {weight}"),
    )


def _check_record(record: _Record, facts: SiteFacts, tally: _Tally) -> None:
    fields = record.fields
    official = _is_official(record, facts.feeds)
    _check_name(record, official, tally)
    _check_addresses(record, tally)
    if facts.icons is not None:
        shown = bool(fields["provider"].get("images"))
        tally.note("icons", record.file, record.domain in facts.icons, shown)
    _check_topics(record, facts, official, tally)
    if "quality" in fields:
        _check_scores(record, facts, official, tally)


def _check_name(record: _Record, official: bool, tally: _Tally) -> None:
    utc, east = (record_name(record.fields["title"], record.published_at, offset) for offset in (0, 8))
    tally.note("names", record.file, utc, utc if record.name == east else record.name)
    # Names have been UTC+8 since the engine that also writes originalUrl.
    calendar = utc if official or "originalUrl" not in record.fields else east
    why = "dated by the other calendar: a name is fixed when its record is made"
    tally.note("dates", record.file, calendar[:10], record.name[:10], lambda: why)


def _check_addresses(record: _Record, tally: _Tally) -> None:
    for entry in (record.fields, *record.related):
        if entry.get("ampWebUrl") or entry.get("cdnAmpWebUrl"):
            expected = amp_cache_url(entry["ampWebUrl"]) if entry.get("ampWebUrl") else None
            tally.note("addresses", record.file, expected, entry.get("cdnAmpWebUrl"))
        if entry.get("webUrl"):
            tally.note("addresses", record.file, registrable_domain(entry["webUrl"]), entry["provider"]["domain"])


def _check_topics(record: _Record, facts: SiteFacts, official: bool, tally: _Tally) -> None:
    expected = {tag.topic for tag in topics.tag(replace(_article(record), record=None), facts.tree)}
    found = set(record.fields["topics"])

    def explain() -> str:
        if expected <= found:
            return "official source: tags given by the feed" if official else "topic of the search that found it"
        if official:
            return "official source: its tags stood in for the title's words"
        return "written before the engine matched titles (until September 2020)" if _is_early(record) else "unexplained"

    tally.note("topics", record.file, sorted(expected), sorted(found), explain)


def _is_early(record: _Record) -> bool:
    return record.published_at < _TITLES_MATCHED


def _check_scores(record: _Record, facts: SiteFacts, official: bool, tally: _Tally) -> None:
    fields, own = record.fields, int(record.fields["quality"])
    options = [_quality(record, facts.tree, bonus) for bonus in _bonuses(record, facts, official)]
    tally.note("quality", record.file, own if own in options else options[0], own)
    related = [int(entry["quality"]) for entry in record.related]
    leads = _leads(record)
    warmth = score.heat(own, len(related), leads=leads, weight=facts.weight_per_related)
    shown = score.published(own, warmth) and not fields.get("removed", False)
    tie = own in related and own == max(related)

    def explain() -> str:
        if tie:
            return "tie: the later of two equals leads"
        if shown == fields["published"] and int(fields["heat"]) - warmth in _READERS:
            return "reader-activity bonus"
        if (int(fields["heat"]) < 0) == leads:
            return "its list of related articles is of another moment than its heat"
        return "unexplained"

    tally.note("heat", record.file, warmth, fields["heat"], explain)
    tally.note("published", record.file, shown, fields["published"], explain)


def _leads(record: _Record) -> bool:
    """Say whether no related entry has more quality, nor the same and an earlier time."""
    own = (-int(record.fields["quality"]), record.fields["publishedDateTime"])
    return all(own <= (-int(entry["quality"]), entry["publishedDateTime"]) for entry in record.related)


def _bonuses(record: _Record, facts: SiteFacts, official: bool) -> tuple[int, ...]:
    """Return the source bonuses that the record's class allows.

    One class allows two: official texts of the engine that wrote no originalUrl.  That engine began to give the bonus
    in its last weeks and scored some earlier texts again, and nothing else in a record tells which ones.
    """
    bonus, _ = score.source_bonus(_article(record, official), facts.organizations, facts.organization_bonus)
    return (bonus, 0) if official and "originalUrl" not in record.fields else (bonus,)


def _quality(record: _Record, tree: TopicTree, bonus: int) -> int:
    names = record.fields["topics"]
    parts = score.quality_parts(
        record.fields["title"],
        len(names),
        score.keywords_of(names, {topic.name: topic.keywords for topic in tree}),
        image=bool(record.fields.get("images")),
        amp=bool(record.fields.get("ampWebUrl")),
        bonus=bonus,
    )
    return score.quality(parts)


def _article(record: _Record, official: bool = False) -> Article:
    """Return the record as an article whose source tells no topics: the rules have to find them."""
    return Article(
        id=ArticleId(record.name),
        canonical_url=record.address,
        provider=Provider(domain=ProviderId(record.domain), name=record.fields["provider"]["name"]),
        title=record.fields["title"],
        first_seen_at=record.published_at,
        kind="video" if record.fields.get("type") == "video" else "article",
        official=official,
        record=record.fields,
    )


def _feeds(records: Sequence[_Record]) -> frozenset[str]:
    """Return the addresses below which official texts lie: found articles have whole minutes, official ones seconds."""
    counts = Counter(_folder(record.address) for record in records if record.published_at.second)
    return frozenset(prefix for prefix, count in counts.items() if count >= _FEED_AT_LEAST)


def _folder(address: str) -> str:
    """Return host and path of the folder that the page lies in."""
    path = address.split("://", 1)[-1].split("?")[0].rstrip("/")
    return f"{host_of(address)}/{'/'.join(path.split('/')[1:-1])}" if "://" in address else ""


def _is_official(record: _Record, feeds: frozenset[str]) -> bool:
    return "featuredContent" in record.fields or _folder(record.address) in feeds


def _organizations(records: Sequence[_Record], tree: TopicTree, feeds: frozenset[str]) -> tuple[int, frozenset[str]]:
    """Infer which domains gain a bonus, and how much: the size that explains more records; per domain, the majority."""
    scored = [r for r in records if r.fields.get("quality") and not _is_official(r, feeds)]

    def gaining(bonus: int) -> Counter[str]:
        gain: Counter[str] = Counter({record.domain: 0 for record in scored})
        for record in scored:
            own = record.fields["quality"]
            gain[record.domain] += (_quality(record, tree, bonus) == own) - (_quality(record, tree, 0) == own)
        return gain

    gains = {bonus: {domain: n for domain, n in gaining(bonus).items() if n > 0} for bonus in _BONUSES}
    best = max(_BONUSES, key=lambda bonus: sum(gains[bonus].values()))
    return best, frozenset(gains[best])


def _weight(records: Sequence[_Record]) -> int:
    """Return what one related article adds to most leaders' heat; 10 where no record tells."""
    found: Counter[int] = Counter()
    for record in records:
        number, quality = len(record.related), record.fields.get("quality", 0)
        if number and quality >= score.LEADS and record.fields["heat"] > quality:
            found[(record.fields["heat"] - quality) // number] += 1
    return max(found, key=lambda weight: (found[weight], -weight), default=10)


def _tree(root: Path, notes: list[str]) -> TopicTree:
    read = []
    for file in sorted((root / "_data" / "topics").glob("*.y*ml")):
        try:
            read.append(read_topic(file.read_bytes(), file.name))
        except UnreadableError as error:
            notes.append(str(error))
    tree = build_tree(read)
    notes += [f"{problem.where}: {problem.what}; {problem.now}" for problem in tree.problems]
    return tree


def _sites(folder: Path) -> set[Path]:
    found = {path.parent for path in (folder / "_news", *folder.rglob("_news")) if path.is_dir()}
    return {path.parent if path.name == "_archive" else path for path in found}


def _read_all(folder: Path, root: Path, tally: _Tally) -> Iterator[_Record]:
    """Read every record of a site, check that it comes back byte for byte, and yield the news."""
    for file in sorted(path for path in root.rglob("*.md") if path.relative_to(root).parts[0].startswith("_")):
        name = file.relative_to(folder).as_posix()
        data = file.read_bytes()
        try:
            record = parse_record(data, name)
        except UnreadableError as error:
            tally.note("identical", name, "a record", str(error), lambda: "unreadable")
            continue
        news = file.parent.name == "_news"
        made = record_bytes(RecordFile(fields=record.fields)) if news else data
        same = record_bytes(record) == data and made == data
        tally.note("identical", name, True, same, lambda: "written otherwise")
        if not news:
            continue
        try:
            yield _news_record(record, name, file.stem)
        except (KeyError, TypeError, ValueError) as error:
            tally.unusable(name, error)


def _news_record(record: RecordFile, file: str, name: str) -> _Record:
    """Return a news record that has what the checks need.

    Raises:
        KeyError, TypeError, ValueError: it does not.
    """
    fields = record.fields
    if not isinstance(fields["title"], str) or not all(isinstance(topic, str) for topic in fields["topics"]):
        raise ValueError("title must be text, topics a list of texts")
    for entry in (fields, *(fields.get("related") or [])):
        if not isinstance(entry["provider"]["name"], str) or not isinstance(entry["provider"]["domain"], str):
            raise ValueError("provider needs name and domain")
        datetime.fromisoformat(entry["publishedDateTime"])
    for entry in fields.get("related") or []:
        int(entry["quality"])
    if "quality" in fields:
        int(fields["quality"]), int(fields["heat"]), bool(fields["published"])
    at = datetime.fromisoformat(fields["publishedDateTime"]).astimezone(UTC)
    found = _Record(file=file, name=name, fields=fields, published_at=at)
    _folder(found.address)
    return found


def _sum(pairs: Iterable[tuple[int, int]]) -> tuple[int, int]:
    agreeing, checked = zip(*pairs, strict=True)
    return sum(agreeing), sum(checked)


def _show(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
