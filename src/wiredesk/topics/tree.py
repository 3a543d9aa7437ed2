"""The topic tree: one YAML file per topic, listed in file-name order.

Schema: record-format.md, section 9; `exclude` is our own.  All values are text: a topic named "2024" or "No" is one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

from wiredesk.errors import UnreadableError
from wiredesk.records import Problem, Topic

_TEXTS = ("shortname", "parent", "description")
_LISTS = ("keywords", "exclude", "hashtags", "images")
_KEYS = frozenset({"taxonomy", "_id", "name", "services", *_TEXTS, *_LISTS})
_SLUG = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicTree:
    """All topics of a site.  Made by `build_tree`, which sees to it that names, ids and parents agree."""

    topics: tuple[Topic, ...] = ()  # in file order
    problems: tuple[Problem, ...] = ()
    by_name: Mapping[str, Topic] = field(default_factory=dict)
    by_id: Mapping[str, Topic] = field(default_factory=dict)  # the id is the slug in addresses

    def __iter__(self) -> Iterator[Topic]:
        return iter(self.topics)

    @property
    def root(self) -> Topic | None:
        """The topic that everything is about: the first without a parent.  None in an empty tree."""
        return next((topic for topic in self.topics if topic.parent is None), None)

    def children(self, name: str) -> tuple[Topic, ...]:
        """Return the topics right below `name`, in file order."""
        return tuple(topic for topic in self.topics if topic.parent == name)


def build_tree(topics: Sequence[Topic], names: Sequence[str] = ()) -> TopicTree:
    """Put topics into a tree, whatever they are like; what does not fit is mended and told as a problem.

    Args:
        topics: In file order.
        names: Of their files, in the same order, for the problems.
    """
    problems: list[Problem] = []
    files = {id(topic): name for topic, name in zip(topics, names, strict=False)}

    def place(topic: Topic) -> str:
        return files.get(id(topic), topic.name)

    def tell(topic: Topic, what: str, now: str) -> None:
        problems.append(Problem(where=place(topic), what=what, now=now, stage="topics"))

    kept: dict[str, Topic] = {}
    ids: dict[str, Topic] = {}
    for topic in topics:
        if (other := ids.get(topic.id)) is not None:
            what = f"has the _id {topic.id!r}, which {place(other)} has, too"
            tell(topic, what, "this topic is left out: give it another _id, or put its keywords there")
        elif (other := kept.get(topic.name)) is not None:
            what = f"is called {topic.name!r}, which {place(other)} is, too"
            tell(topic, what, "this topic is left out: give it another name, or put its keywords there")
        else:
            kept[topic.name] = ids[topic.id] = topic
    if not kept:
        return TopicTree(problems=tuple(problems))
    root = next((topic for topic in kept.values() if topic.parent is None), None)
    if root is None:
        root = next(iter(kept.values()))
        tell(root, "no topic is without a parent", "this one is taken as the root")
    parents: dict[str, str | None] = {name: topic.parent for name, topic in kept.items()}
    parents[root.name] = None
    for topic in kept.values():
        if topic is root:
            continue
        if topic.parent is None:
            tell(topic, f"is without a parent, as is {root.name!r}", "it is placed below that one")
        elif topic.parent not in kept:
            tell(topic, f"its parent {topic.parent!r} is no topic", f"it is placed below {root.name!r}")
        elif _leads_home(topic.name, root.name, parents):
            continue
        else:
            tell(topic, "is its own ancestor", f"it is placed below {root.name!r}")
        parents[topic.name] = root.name
    placed = tuple(replace(topic, parent=parents[topic.name]) for topic in kept.values())
    return TopicTree(
        topics=placed,
        problems=tuple(problems),
        by_name={topic.name: topic for topic in placed},
        by_id={topic.id: topic for topic in placed},
    )


def read_topic(data: bytes, name: str) -> Topic:
    """Read a topic file: its first YAML document; what follows a line `---` is ignored.

    Raises:
        UnreadableError: names file and line.
    """
    loader = yaml.CBaseLoader if hasattr(yaml, "CBaseLoader") else yaml.BaseLoader
    try:
        documents = yaml.load_all(data.decode("utf-8-sig"), Loader=loader)  # BaseLoader gives text only
        fields = next((document for document in documents if document), None)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableError(f"{name}:{line}", "is not UTF-8") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise UnreadableError(f"{name}:{line}", f"is not YAML: {error.problem}") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise UnreadableError(name, f"is not YAML: {error}") from error
    if not isinstance(fields, dict):
        raise UnreadableError(f"{name}:1", "is no topic: it has no `name:`")
    return _topic(fields, data, name)


def write_topic(topic: Topic) -> bytes:
    """Return the topic's file; `read_topic` gives the same topic back."""
    fields: dict[str, Any] = {"taxonomy": "topic", "_id": topic.id, "name": topic.name}
    fields |= {key: value for key in _TEXTS if (value := getattr(topic, key)) is not None}
    fields |= {key: list(value) for key in _LISTS if (value := getattr(topic, key))}
    if topic.services:
        fields["services"] = dict(topic.services)
    return yaml.dump(fields, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=2**20).encode()


class _Dumper(yaml.SafeDumper):
    """Indents list items below their key, as the reference's files do."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        del indentless
        super().increase_indent(flow, False)


def _topic(fields: Mapping[str, Any], data: bytes, name: str) -> Topic:
    def fail(key: str, what: str) -> UnreadableError:
        lines = data.decode("utf-8-sig").splitlines()
        line = next((number for number, text in enumerate(lines, 1) if text.startswith(f"{key}:")), 1)
        return UnreadableError(f"{name}:{line}", f"{key} {what}")

    for key in fields:
        if key not in _KEYS:
            raise fail(str(key), "is no key of a topic")
    for key in ("name", "_id"):
        if not isinstance(fields.get(key), str) or not fields[key].strip():
            raise fail(key, "is missing or no text")
    if not set(fields["_id"]) <= _SLUG:
        raise fail("_id", "may hold only a-z, 0-9, - and _: it stands in addresses")
    if fields.get("taxonomy", "topic") != "topic":
        raise fail("taxonomy", "must be topic")
    for key in _TEXTS:
        if not isinstance(fields.get(key, ""), str):
            raise fail(key, "must be text")
    for key in _LISTS:
        value = fields.get(key) or []
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise fail(key, "must be a list of texts")
    services = fields.get("services") or {}
    if not isinstance(services, dict) or not all(isinstance(each, str) for each in services.values()):
        raise fail("services", "must name one address for each service")
    return Topic(
        id=fields["_id"],
        name=fields["name"],
        shortname=fields.get("shortname") or None,
        parent=fields.get("parent") or None,
        description=fields.get("description") or None,
        keywords=tuple(fields.get("keywords") or ()),
        exclude=tuple(fields.get("exclude") or ()),
        hashtags=tuple(fields.get("hashtags") or ()),
        images=tuple(fields.get("images") or ()),
        services=services,
    )


def _leads_home(name: str, root: str, parents: Mapping[str, str | None]) -> bool:
    """Say whether the chain of parents ends: at the root, or at a topic that will be mended itself."""
    seen = {name}
    above = parents[name]
    while above is not None and above in parents:
        if above == root:
            return True
        if above in seen:
            return above != name
        seen.add(above)
        above = parents[above]
    return True
