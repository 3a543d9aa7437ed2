"""Articles of a story -> how good, how hot, shown or not, and why.

`rate_story` is the rule of Wiredesk; that of the reference site is in `wiredesk.score.reference`.
"""

from wiredesk.score.wiredesk import Member, rate_story, settles_after

__all__ = ["Member", "rate_story", "settles_after"]
