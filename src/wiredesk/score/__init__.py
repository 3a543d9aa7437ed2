"""Articles of a story -> how good, how hot, shown or not, and why.

`rate_story` is the rule of Wiredesk, `rate_reference` that of the reference site.
"""

from wiredesk.score.reference import rate as rate_reference
from wiredesk.score.wiredesk import Member, rate_story, settles_after

__all__ = ["Member", "rate_reference", "rate_story", "settles_after"]
