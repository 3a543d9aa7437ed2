"""Articles -> topics: what an article is about, and why we think so.

`tag` is the rule of Wiredesk, `tag_reference` that of the reference site.
"""

from wiredesk.topics.planting import plant
from wiredesk.topics.reference import tag as tag_reference
from wiredesk.topics.tree import TopicTree, build_tree, read_topic, write_topic
from wiredesk.topics.wiredesk import tag

__all__ = ["TopicTree", "build_tree", "plant", "read_topic", "tag", "tag_reference", "write_topic"]
