"""Of all claims for a field, the value to believe, and how surely.

Claims that say the same thing form one candidate; its evidence are the rules that speak for it.  Each rule has a weight
in `weights.json`, counted on labelled pages by `bench/fit_fields.py` (logistic regression, ridge penalty: a rule that
was seen seldom weighs little).  The candidate with the largest sum wins; its confidence is the share of such winners
that were right, as a logistic curve over the sum and the lead over the runner-up (Platt scaling), fitted on sites other
than those that gave the weights.

Nothing here knows of sites.  What is known of a site comes in as `prior`: a weight for a claim by its rule and place.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import unquote

from wiredesk.extract.declared import Claim

Prior = Callable[[str, Claim], float]  # field, claim -> weight to add (log odds); 0.0 where nothing is known

_PICTURE = re.compile(r"([^/?&=#]+?)(?:[-_]?\d{2,4}x\d{2,4})?\.(?:jpe?g|png|webp|gif|avif)", re.IGNORECASE)
_CAP = 0.99  # nothing is surer than what was counted on a few hundred pages


@dataclass(frozen=True, slots=True)
class Candidate:
    """One thing that a page says of a field, with everything that speaks for it."""

    key: Any  # equal for claims that say the same
    claims: tuple[Claim, ...]
    evidence: frozenset[str]

    @property
    def best(self) -> Claim:
        """The claim whose spelling is kept: of the rules that are read first."""
        return self.claims[0]


@dataclass(frozen=True, slots=True)
class Choice:
    """The winner, with the rules that agree on it."""

    candidate: Candidate
    rule: str
    confidence: float  # 0-1
    score: float
    lead: float


def candidates(
    field: str, claims: Sequence[Claim], traits: Callable[[Claim], Sequence[str]] | None = None
) -> list[Candidate]:
    """Group claims by what they say, in the order of their first.

    Args:
        field: "title", "authors", "published" or "image".
        claims: In the order in which their spelling is preferred.
        traits: Names what is telling about a value itself; counts as evidence.
    """
    groups: dict[Any, list[Claim]] = {}
    for claim in claims:
        key = key_of(field, claim.value)
        if key:
            groups.setdefault(key, []).append(claim)
    kin = _KIN.get(field)
    found = []
    for key, mine in groups.items():
        evidence = {claim.rule for claim in mine}
        evidence -= {rule for rule in evidence if rule.endswith(", later") and rule[: -len(", later")] in evidence}
        evidence.add("spoken once" if len(evidence) == 1 else "spoken twice" if len(evidence) == 2 else "spoken often")
        if field == "published":
            evidence.update({f"of the kind {claim.rule.split(' ', 1)[0]}" for claim in mine})
        if traits:
            evidence.update(f"is {trait}" for trait in traits(mine[0]))
        if kin:
            for other, theirs in groups.items():
                if other != key and (relation := kin(key, other)):
                    evidence.update(f"{relation} {claim.rule}" for claim in theirs)
        if len(groups) == 1:
            evidence.add("is the only one")
        found.append(Candidate(key, tuple(mine), frozenset(evidence)))
    return found


def choose(field: str, found: Sequence[Candidate], prior: Prior | None = None) -> Choice | None:
    """Return the candidate that most speaks for; None where there is none.  Ties: the one that came first."""
    if not found:
        return None
    table = weights()[field]
    scores = [score(table["weights"], candidate) + _known(field, candidate, prior) for candidate in found]
    at = max(range(len(found)), key=lambda i: (scores[i], -i))
    rivals = [s for i, s in enumerate(scores) if i != at]
    lead = min(scores[at] - max(rivals), 6.0) if rivals else 6.0
    return Choice(found[at], _rule(found[at]), sureness(table["sure"], scores[at], lead), scores[at], lead)


def score(table: dict[str, float], candidate: Candidate) -> float:
    """Return the sum of the weights of all that speaks for a candidate (log odds)."""
    return table[""] + math.fsum(table.get(name, 0.0) for name in sorted(candidate.evidence))


def sureness(curve: Sequence[float], total: float, lead: float) -> float:
    """Return the share of winners with such a sum and such a lead that are right."""
    odds = curve[0] + curve[1] * max(-8.0, min(8.0, total)) + curve[2] * lead
    return min(_CAP, 1 / (1 + math.exp(-max(-30.0, min(30.0, odds)))))


@cache
def weights() -> dict[str, Any]:
    """Return the table of reliabilities."""
    text = files("wiredesk.extract").joinpath("weights.json").read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(text)
    return table


def key_of(field: str, value: Any) -> Any:
    """Return what is equal for two values that say the same; something false for what says nothing."""
    match field:
        case "title":
            return plain(value)
        case "authors":
            return frozenset(plain(name) for name in value) - {""}
        case "published":
            return value[:10]
        case _:
            return picture_key(value.url)


def plain(value: str) -> str:
    """Letters and digits alone, case folded."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", value)).casefold()


def picture_key(url: str) -> str:
    """Return what the addresses of one picture in several sizes have in common: the stem of its file, else its path."""
    address = unquote(unquote(url))
    found = _PICTURE.findall(address)
    if found:
        return str(found[-1]).casefold()
    return address.partition("?")[0].rstrip("/").rpartition("/")[2].casefold() or address


def _known(field: str, candidate: Candidate, prior: Prior | None) -> float:
    return max((prior(field, claim) for claim in candidate.claims), key=abs) if prior else 0.0


def _rule(candidate: Candidate) -> str:
    rules = list(dict.fromkeys(claim.rule for claim in candidate.claims))
    return rules[0] + (f"; {len(rules) - 1} more" if len(rules) > 1 else "")


def _of_titles(mine: str, other: str) -> str:
    if mine in other:
        return "part of"
    return "holds" if other in mine else ""


def _of_names(mine: frozenset[str], other: frozenset[str]) -> str:
    if mine < other:
        return "part of"
    if other < mine:
        return "holds"
    return "overlaps" if mine & other else ""


def _of_days(mine: str, other: str) -> str:
    if mine[:7] == other[:7] and abs(int(mine[8:10]) - int(other[8:10])) == 1:
        return "a day before" if mine < other else "a day after"
    return "earlier than" if mine < other else ""


_KIN: dict[str, Callable[[Any, Any], str]] = {"title": _of_titles, "authors": _of_names, "published": _of_days}
