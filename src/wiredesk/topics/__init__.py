"""Articles -> topics: what an article is about, and why we think so.

`tag` is the rule of Wiredesk; that of the reference site is `wiredesk.topics.reference.tag`.
"""

from wiredesk.topics.tree import TopicTree, build_tree, read_topic, write_topic
from wiredesk.topics.wiredesk import tag

__all__ = ["TopicTree", "build_tree", "read_topic", "tag", "write_topic"]
