"""Every decision about an article, with its inputs, for people (`explain`) and programs (`explain_json`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from textwrap import wrap
from typing import Any

from wiredesk.config import StorySettings
from wiredesk.records import Background, Bond, Copy, Item, Join, Neighbours, Part, Story
from wiredesk.store import Decision
from wiredesk.text import words

WIDTH = 100  # columns
_LABEL = 16  # columns of the first column
_RUN_END = 8  # words shown of either end of a run in common

_KINDS = {
    "exact": "the same words, so it speaks with the voice of that one",
    "near": "nearly all of the shorter text, so it speaks with the voice of that one",
    "partial": "a part, with words of its own around it: it has a voice of its own",
}

_OBEYED = {  # what is done about an opt-out
    "noindex": "noted; the article is linked all the same",
    "noarchive": "its text is not written into records, and no copy of its picture is held",
    "nosnippet": "no excerpt is shown",
    "noai": "its text is neither kept nor analysed",
    "noimageai": "noted; pictures are not analysed anyhow",
    "tdm-reservation": "its text is neither kept nor analysed",
}


def explain(
    item: Item,
    story: Story,
    others: Sequence[Item],
    *,
    gone: tuple[datetime, str] | None = None,
    neighbours: Neighbours | None = None,
    background: Background | None = None,
    rival: Item | None = None,
    decisions: Sequence[Decision] = (),
) -> str:
    """Return all that was decided about `item`, and why, as plain text of WIDTH columns without a closing newline.

    Args:
        story: The story that holds it.
        others: The other items of the story, in the order in which to name them.
        gone: Since when its page is not there any more, and what was answered; None: nobody saw it vanish.
        neighbours: Where the story stands among others; None: nobody looked yet.
        background: What the rest of the story is to a reader of `item`.
        rival: The article of another story that is nearest to it.
        decisions: What editors decided about it.
    """
    article = item.article
    sections = [
        ("", [article.title, f"{article.provider.name} ({article.provider.domain})"]),
        ("Identity", _identity(item, gone)),
        ("Found by", _found_by(item)),
        ("Versions", [_row(str(v.number), f"{_time(v.seen_at)}  {v.title}") for v in article.versions]),
        ("Copy", _copy(item, others)),
        ("Topics", [_row(tag.topic, f"{tag.confidence:4.2f}  {'; '.join(tag.reasons)}") for tag in item.topics]),
        (f"Story {story.id}", [*_story(item, story, others, rival), *map(_decision, decisions)]),
        ("Beside it", _beside(background, others)),
        ("Thread", _thread(neighbours)),
        ("Close stories", _close(neighbours)),
        (f"Quality {item.rating.quality}", _parts(item.rating.quality_parts)),
        (f"Heat {item.rating.heat}", _parts(item.rating.heat_parts)),
        ("Decision", [*_fold(item.rating.reason, "  "), _row("rules", item.rating.rules)]),
    ]
    blocks = [[*([heading] if heading else []), *lines] for heading, lines in sections if lines]
    return "\n\n".join("\n".join(block) for block in blocks)


def explain_json(
    item: Item,
    story: Story,
    others: Sequence[Item],
    *,
    gone: tuple[datetime, str] | None = None,
    neighbours: Neighbours | None = None,
    background: Background | None = None,
    decisions: Sequence[Decision] = (),
) -> dict[str, Any]:
    """Return the same as `explain`, as plain values ready for `json.dumps`."""
    article, rating, join = item.article, item.rating, _join(item, story)
    return {
        "article": article.id,
        "title": article.title,
        "provider": article.provider.domain,
        "identity": {
            "canonicalUrl": article.canonical_url,
            "record": item.name,
            "firstSeen": _iso(article.first_seen_at),
            "published": _iso(article.published_at),
            "dateline": article.dateline,
            "titleIsOurs": article.title_is_ours,
            "told": _iso(article.told_at),
            "gone": gone and {"since": _iso(gone[0]), "answer": gone[1]},
            "kind": article.kind,
            "optOuts": list(article.opt_outs),
        },
        "fields": {
            field: {"rule": rule, "confidence": article.confidence.get(field)}
            for field, rule in sorted(article.rules.items())
        },
        "versions": [
            {"number": v.number, "seen": _iso(v.seen_at), "title": v.title, "digest": v.digest}
            for v in article.versions
        ],
        "copy": item.copy
        and {
            "origin": item.copy.origin,
            "kind": item.copy.kind,
            "share": item.copy.share,
            "shareOfCopy": item.copy.of_copy,
            "shareOfOrigin": item.copy.of_origin,
            "words": item.copy.words,
            "isReprint": item.copy.is_reprint,
            "longestRun": {
                "start": item.copy.start,
                "words": item.copy.longest,
                "text": _longest_run(item.article.text, item.copy),
            },
            "reason": item.copy.reason,
        },
        "topics": [{"name": t.topic, "confidence": t.confidence, "reasons": list(t.reasons)} for t in item.topics],
        "story": {
            "id": story.id,
            "articles": list(story.articles),
            "join": join
            and {
                "similarity": join.similarity,
                "threshold": join.threshold,
                "shared": list(join.shared),
                "runnerUp": join.runner_up and {"story": join.runner_up[0], "similarity": join.runner_up[1]},
                "nearest": join.bond and _bond_json(join.bond),
                "nearestOutside": join.rival and _bond_json(join.rival),
            },
            "decisions": [_decision_json(decision) for decision in decisions],
            "others": [
                {"article": o.article.id, "title": o.article.title, "provider": o.article.provider.domain}
                for o in others
            ],
        },
        "beside": [
            {"article": one.article, "voice": one.voice, "adds": list(one.adds), "copies": list(one.copies)}
            for one in (background.beside if background else ())
        ],
        "sameText": list(background.same_text) if background else [],
        "thread": neighbours
        and {
            "id": neighbours.thread,
            "stories": list(neighbours.stories),
            "likeness": neighbours.likeness,
            "threshold": neighbours.threshold,
            "shared": list(neighbours.shared),
            "runnerUp": neighbours.runner_up
            and {"story": neighbours.runner_up[0], "likeness": neighbours.runner_up[1]},
        },
        "close": [
            {"story": one.story, "likeness": one.likeness, "shared": list(one.shared)}
            for one in (neighbours.close if neighbours else ())
        ],
        "quality": {"total": rating.quality, "parts": [_part_json(part) for part in rating.quality_parts]},
        "heat": {"total": rating.heat, "parts": [_part_json(part) for part in rating.heat_parts]},
        "isPublished": rating.published,
        "reason": rating.reason,
        "rules": rating.rules,
    }


def explain_pair(
    one: Item, other: Item, bond: Bond | None, joins: Sequence[Join], settings: StorySettings, decision: Decision | None
) -> str:
    """Return why two articles are, or are not, one story, as plain text of WIDTH columns without a closing newline.

    Args:
        bond: What speaks for the pair, of which `other` is the second; None: they lie too far apart to be compared.
        joins: Why each of them stands in its story.
        decision: What an editor decided about the two, where it holds.
    """
    found = explain_pair_json(one, other, bond, joins, settings, decision)
    lines = [
        _row(label, f"{item.article.title} ({item.article.provider.name}), {_time(item.article.told_at)}")
        for label, item in (("first", one), ("second", other))
    ]
    lines.append(_row("one story", f"yes, {one.story}" if found["oneStory"] else f"no: {one.story} and {other.story}"))
    if bond:
        lines.append(_row("likely", f"{bond.probability:4.2f}  ({settings.join_probability:4.2f} is needed)"))
    lines.append(_row("decided by", found["decidedBy"]))
    if bond:
        lines += [_row("shared words", ", ".join(bond.shared) or "none"), "", "Signals"]
        width = max(len(name) for name, _ in bond.signals)
        lines += [f"  {name:<{width}}  {value:g}" for name, value in bond.signals]
    return "\n".join(lines)


def explain_pair_json(
    one: Item, other: Item, bond: Bond | None, joins: Sequence[Join], settings: StorySettings, decision: Decision | None
) -> dict[str, Any]:
    """Return the same as `explain_pair`, as plain values ready for `json.dumps`."""
    return {
        "articles": [one.article.id, other.article.id],
        "stories": [one.story, other.story],
        "oneStory": one.story == other.story,
        "probability": bond and bond.probability,
        "threshold": settings.join_probability,
        "decidedBy": _decided_by(one, other, bond, joins, settings, decision),
        "signals": bond and dict(bond.signals),
        "shared": list(bond.shared) if bond else [],
        "decision": decision and _decision_json(decision),
    }


def _decided_by(
    one: Item, other: Item, bond: Bond | None, joins: Sequence[Join], settings: StorySettings, decision: Decision | None
) -> str:
    same = one.story == other.story
    hours = abs((one.article.told_at - other.article.told_at).total_seconds()) / 3600
    texts = [item.copy.origin if item.copy else item.article.id for item in (one, other)]
    if decision:
        obeyed = "" if (decision.kind == "together") == same else "; the next run obeys"
        return f"an editor: {decision.who} wants them {decision.kind}{obeyed}"
    if same and texts[0] == texts[1]:
        return "their text: one prints the other's, or both print a third one"
    if bond is None or hours > settings.open_hours:
        most = f"{hours:.0f} hours lie between them, and {settings.open_hours:g} may"
        return f"the articles between them: {most}" if same else f"the time: {most}"
    likely = bond.probability >= settings.join_probability
    if same:
        return "the pair itself" if likely else "the articles around them: the pair alone would not have joined"
    stories = {one.story, other.story}
    apart = [join.runner_up[1] for join in joins if join.runner_up and join.runner_up[0] in stories]
    if likely:
        at = f", at {max(apart):4.2f}" if apart else ""
        return f"the two stories as wholes, which were judged not to be one{at}"
    return "the pair itself: it is not likely enough"


def _identity(item: Item, gone: tuple[datetime, str] | None) -> list[str]:
    article = item.article
    published = f"{_time(article.published_at)} (the page's claim)" if article.published_at else "the page is silent"
    return [
        _row("address", article.canonical_url),
        _row("id", article.id),
        _row("record", item.name),
        _row("first seen", f"{_time(article.first_seen_at)} (our clock)"),
        _row("published", published),
        *([_row("page", f"gone: {gone[1]}, noticed {_time(gone[0])}; kept as it was read")] if gone else []),
        *([_row("kind", article.kind)] if article.kind != "article" else []),
        *(
            [_row("opt-outs", "; ".join(f"{word}: {_OBEYED[word]}" for word in article.opt_outs))]
            if article.opt_outs
            else []
        ),
        *([_row("dateline", article.dateline)] if article.dateline else []),
        *([_row("headline", "ours, made from the opening: the source had none")] if article.title_is_ours else []),
    ]


def _found_by(item: Item) -> list[str]:
    article = item.article
    lines = []
    for field, rule in sorted(article.rules.items()):
        sure = article.confidence.get(field)
        lines.append(_row(field, f"{'    ' if sure is None else f'{sure:4.2f}'}  {rule}"))
    return lines


def _copy(item: Item, others: Sequence[Item]) -> list[str]:
    if item.copy is None:
        return []
    origin = next((other for other in others if other.article.id == item.copy.origin), None)
    named = f"{origin.article.title} ({origin.article.provider.name})" if origin else item.copy.origin
    return [
        _row("of", named),
        _row("kind", f"{item.copy.kind}: {_KINDS[item.copy.kind]}"),
        _row("in common", f"{item.copy.words:,} words, {item.copy.of_copy:.0%} of this one"),
        _row("", f"{item.copy.of_origin:.0%} of that one"),
        *([_row("longest run", run)] if (run := _run_words(item)) else []),
        _row("why", item.copy.reason),
    ]


def _run_words(item: Item) -> str:
    """Return length and both ends of the longest run in common; nothing where the text is not kept."""
    run = item.copy and _longest_run(item.article.text, item.copy).split()
    if not item.copy or not run:
        return ""
    shown = run if len(run) <= 2 * _RUN_END else [*run[:_RUN_END], "…", *run[-_RUN_END:]]
    return f"{item.copy.longest:,} words: “{' '.join(shown)}”"


def _longest_run(text: str, copy: Copy) -> str:
    return " ".join(words(text)[copy.start : copy.start + copy.longest])


def _story(item: Item, story: Story, others: Sequence[Item], rival: Item | None) -> list[str]:
    join = _join(item, story)
    lines = []
    if join and join.similarity < 1:
        lines.append(_row("joined at", f"{join.similarity:4.2f}  ({join.threshold:4.2f} is needed)"))
    elif join:
        lines.append(_row("joined", "with the text that it prints" if item.copy else "it began the story"))
    if join and join.bond:
        lines += _bond("nearest", join.bond, others)
    elif join and join.shared:
        lines.append(_row("shared words", ", ".join(join.shared)))
    if join and join.runner_up:
        lines.append(_row("next best", f"{join.runner_up[1]:4.2f}  story {join.runner_up[0]}"))
    if join and join.rival:
        lines += _bond("nearest outside", join.rival, [rival] if rival else [])
    if not others:
        lines.append(_row("others", "none"))
    return lines + [_row("with", f"{other.article.title} ({other.article.provider.name})") for other in others]


def _beside(background: Background | None, others: Sequence[Item]) -> list[str]:
    titles = {other.article.id: f"{other.article.title} ({other.article.provider.name})" for other in others}
    lines = []
    for number, one in enumerate(background.beside if background else (), 1):
        reasons = ["another voice"] if one.voice else []
        reasons += [f"adds: {'; '.join(one.adds[:4])}"] if one.adds else []
        lines.append(_row(str(number), "; ".join([titles.get(one.article, one.article), *reasons])))
        lines += [_row("  same text", titles.get(copy, copy)) for copy in one.copies]
    return lines + [_row("same text", titles.get(one, one)) for one in (background.same_text if background else ())]


def _thread(neighbours: Neighbours | None) -> list[str]:
    if neighbours is None:
        return []
    lines = []
    if neighbours.thread:
        lines.append(_row("thread", f"{neighbours.thread}, {len(neighbours.stories)} stories"))
    if neighbours.shared:
        lines.append(_row("continues it at", f"{neighbours.likeness:4.2f}  ({neighbours.threshold:4.2f} is needed)"))
        lines.append(_row("shared words", ", ".join(neighbours.shared)))
    if neighbours.runner_up:
        story, likeness = neighbours.runner_up
        lines.append(_row("next best", f"{likeness:4.2f}  the thread that began with story {story}"))
    return lines


def _close(neighbours: Neighbours | None) -> list[str]:
    return [
        _row(f"{one.likeness:4.2f}", f"story {one.story}: {', '.join(one.shared)}")
        for one in (neighbours.close if neighbours else ())
    ]


def _bond(label: str, bond: Bond, known: Sequence[Item]) -> list[str]:
    found = next((item.article for item in known if item.article.id == bond.article), None)
    named = f"{found.title} ({found.provider.name})" if found else bond.article
    lines = [_row(label, f"{bond.probability:4.2f}  {named}"), _row("", _signals(bond))]
    return [*lines, _row("shared words", ", ".join(bond.shared))] if bond.shared else lines


def _signals(bond: Bond) -> str:
    return "; ".join(f"{name} {value:g}" for name, value in bond.signals)


def _bond_json(bond: Bond) -> dict[str, Any]:
    return {
        "article": bond.article,
        "probability": bond.probability,
        "signals": dict(bond.signals),
        "shared": list(bond.shared),
    }


def _decision(decision: Decision) -> str:
    undone = f"; taken back by {decision.undone_by} {_time(decision.undone_at)}" if decision.undone_at else ""
    what = f"{decision.one} and {decision.other} {decision.kind}, by {decision.who} {_time(decision.at)}{undone}"
    return _row(f"decision {decision.id}", what)


def _decision_json(decision: Decision) -> dict[str, Any]:
    return {
        "id": decision.id,
        "kind": decision.kind,
        "articles": [decision.one, decision.other],
        "by": decision.who,
        "at": _iso(decision.at),
        "undoneBy": decision.undone_by,
        "undoneAt": _iso(decision.undone_at),
    }


def _join(item: Item, story: Story) -> Join | None:
    return next((join for join in story.joins if join.article == item.article.id), None)


def _parts(parts: Sequence[Part]) -> list[str]:
    return [_row(part.name, f"{part.points:+5.0f}  {part.note or f'{part.value:g}'}") for part in parts]


def _part_json(part: Part) -> dict[str, Any]:
    return {
        "name": part.name,
        "value": part.value,
        "weight": part.weight,
        "points": part.points,
        "note": part.note,
    }


def _row(label: str, text: str) -> str:
    if len(label) > _LABEL - 2:
        return "\n".join(["  " + label, *_fold(text, " " * (_LABEL + 2))])
    return "\n".join(_fold(text, " " * (_LABEL + 2), f"  {label:<{_LABEL}}"))


def _fold(text: str, indent: str, first: str | None = None) -> list[str]:
    begin = indent if first is None else first
    lines = wrap(
        text,
        WIDTH,
        initial_indent=begin,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
    )
    return lines or [begin.rstrip()]


def _time(value: datetime | None) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC") if value else ""


def _iso(value: datetime | None) -> str | None:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if value else None
