"""Run the demonstration archive through the line, and measure copies and stories against what its authors meant.

usage: python demo/measure.py

The archive is our own text and was looked at while the rules were written, so these figures show that the line works,
not how good it is on other people's news.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from pathlib import Path

from wiredesk import pipeline
from wiredesk.cli.demonstration import make_demo_site
from wiredesk.newsroom import open_room


def main() -> None:
    """Print the figures; the last line is one JSON object."""
    gold = {row["url"]: row for row in map(json.loads, Path(__file__).with_name("gold.jsonl").open(encoding="utf-8"))}
    with tempfile.TemporaryDirectory() as folder:
        site, archives = make_demo_site(Path(folder) / "site")
        with open_room(site.root) as room:
            pipeline.bring_in(room, archives)
            pipeline.run(room, None)
            shelf = room.store.articles
            articles = {a.id: a for each in shelf.ids() if (a := shelf.get(each)) and a.canonical_url in gold}
            copies = {each: copy for each in articles if (copy := shelf.copy(each))}
            stories = Counter((shelf.story_of(each), gold[a.canonical_url]["story"]) for each, a in articles.items())
    meant = {each for each, a in articles.items() if gold[a.canonical_url]["kind"] == "copy"}
    right = meant & copies.keys()
    largest: dict[object, int] = {}
    for (story, _), number in stories.items():
        largest[story] = max(largest.get(story, 0), number)
    figures = {
        "articles": len(articles),
        "copies_precision": round(len(right) / (len(copies) or 1), 3),
        "copies_recall": round(len(right) / (len(meant) or 1), 3),
        "stories": len(largest),
        "story_purity": round(sum(largest.values()) / len(articles), 3),
    }
    for name, value in figures.items():
        print(f"{name:18} {value}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
