"""Digests of what makes signals and stories."""

from __future__ import annotations

import ast
from importlib.resources import files

from wiredesk.stories import release


def imported(module: str) -> set[str]:
    """Return the files of wiredesk.stories that a file of it imports, directly or through others."""
    found: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        found.add(name)
        tree = ast.parse(files("wiredesk.stories").joinpath(name).read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("wiredesk.stories"):
                _, _, inner = node.module.partition("wiredesk.stories.")
                names = [f"{inner}.py"] if inner else [f"{alias.name}.py" for alias in node.names]
                waiting += [each for each in names if each not in found and each != "loops.py"]
                found |= {each for each in names if each == "loops.py"}
    return found


def test_every_file_that_makes_stories_is_told_of() -> None:
    """A release that groups otherwise has another digest: no file that the grouping imports is forgotten."""
    assert imported("grouping.py") <= {*release._OF_STORIES, *release._OF_SIGNALS}
    assert imported("signals.py") - {"loops.py"} <= set(release._OF_SIGNALS)


def test_all_that_is_named_is_there() -> None:
    """And read: the digests of both differ."""
    stories = files("wiredesk.stories")
    for name in (*release._OF_STORIES, *release._OF_SIGNALS):
        assert stories.joinpath(name).is_file() or stories.joinpath(name).is_dir()
    assert release.stories_release() != release.signals_release()
