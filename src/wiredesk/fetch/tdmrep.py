"""/.well-known/tdmrep.json: what a publisher reserves of text and data mining for parts of a site.

Source: TDM Reservation Protocol, report of the W3C community group of 2024.  The rule whose path is the longest that
fits decides; `*` stands for anything and `$` for the end, as in robots.txt.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

PATH = "/.well-known/tdmrep.json"
# Headers that we add to a page, so that its capture holds the finding too.  A server that sends them itself only
# reserves more, and with the standard's own headers it may: nobody has to take them out.
RESERVATION = "wiredesk-tdm-reservation"
POLICY = "wiredesk-tdm-policy"

_FRESH = timedelta(hours=24)
_MOST_RULES = 1000
_LONGEST = 500  # characters of a path


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One entry of the file."""

    path: str  # "/articles/*"
    reserved: bool
    policy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservations:
    """What one origin reserves; nothing where there is no such file."""

    rules: tuple[Rule, ...] = ()
    asked_at: datetime | None = None  # our clock

    def holds(self, now: datetime) -> bool:
        """Tell whether this is still to be believed."""
        return self.asked_at is None or timedelta(0) <= now - self.asked_at < _FRESH

    def headers(self, path: str) -> tuple[tuple[str, str], ...]:
        """Return the headers that say what is reserved for `path` (with its query); none where nothing is."""
        fitting = [rule for rule in self.rules if _fits(rule.path, path)]
        rule = max(fitting, key=lambda rule: (len(rule.path), rule.reserved), default=None)
        if rule is None or not rule.reserved:
            return ()
        return ((RESERVATION, "1"), *([(POLICY, rule.policy)] if rule.policy else []))


def read_tdmrep(status: int, body: bytes, at: datetime | None = None) -> Reservations:
    """Return what this answer to a request for tdmrep.json reserves.  What is no such file reserves nothing."""
    if not 200 <= status < 300:
        return Reservations(asked_at=at)
    try:
        entries = json.loads(body)
    except (ValueError, RecursionError):
        return Reservations(asked_at=at)
    rules = []
    for entry in entries[:_MOST_RULES] if isinstance(entries, list) else ():
        path = entry.get("location") if isinstance(entry, dict) else None
        if isinstance(path, str) and path.startswith("/") and len(path) <= _LONGEST:
            policy = entry.get("tdm-policy")
            reserved = str(entry.get("tdm-reservation")).strip() == "1"
            rules.append(Rule(path=path, reserved=reserved, policy=policy[:2000] if isinstance(policy, str) else ""))
    return Reservations(rules=tuple(rules), asked_at=at)


def _fits(pattern: str, path: str) -> bool:
    parts = [re.escape(part) for part in pattern.removesuffix("$").split("*")]
    # Atomic groups: `*` takes the first place that fits, so no pattern can make the search explode.
    expression = parts[0] + "".join(f"(?>.*?{part})" for part in parts[1:])
    if pattern.endswith("$"):
        last = f"(?s:.*){parts[-1]}" if len(parts) > 1 else ""
        expression = parts[0] + "".join(f"(?>.*?{part})" for part in parts[1:-1]) + last
        return re.fullmatch(expression, path, re.DOTALL) is not None
    return re.match(expression, path, re.DOTALL) is not None
