"""Walls before a page's text: recognised and reported, never evaded.

Sources: Google's structured data for subscription and paywalled content (isAccessibleForFree, hasPart.cssSelector).
"""

from __future__ import annotations

import re
from typing import Any

_CLASS = re.compile(r"\.([\w-]{2,80})")
_ID = re.compile(r"#([\w-]{2,80})")
_ASKS = re.compile(
    r"subscribe to (?:read|continue|unlock)|(?:sign|log) ?in to (?:read|continue)|already a subscriber|this"
    r" (?:article|story) "
    r"is (?:for|reserved for|exclusive to) (?:our )?(?:subscribers|members)|to continue reading|jetzt weiterlesen mit"
    r"|weiterlesen mit (?:\w+ ?)?(?:plus|abo|\+)|sie haben bereits ein abo|dieser (?:artikel|inhalt) ist (?:nur"
    r" )?für abonnenten"
    r"|réservé (?:à nos |aux )abonnés|il vous reste .{0,12}% de cet article|suscríbete para (?:seguir )?le"
    r"|contenido exclusivo "
    r"para suscriptores|contenuto riservato agli abbonati|conteúdo exclusivo para assinantes|voor abonnees",
    re.IGNORECASE,
)


def cut_paid_parts(tree: Any, selectors: tuple[str, ...]) -> int:
    """Cut out what the page itself says is to be paid for; return how many elements went.

    Only selectors of one class or id are understood, which is what the standard's examples and nearly all pages use.
    """
    cut = 0
    for selector in selectors:
        text = selector.strip()
        if found := _CLASS.fullmatch(text):
            hits = tree.xpath("//*[contains(concat(' ', normalize-space(@class), ' '), $name)]", name=f" {found[1]} ")
        elif found := _ID.fullmatch(text):
            hits = tree.xpath("//*[@id=$name]", name=found[1])
        else:
            continue
        for element in hits:
            if element.getparent() is not None and element.tag not in ("html", "body"):
                element.drop_tree()
                cut += 1
    return cut


def without_invitation(text: str) -> str:
    """Cut paragraphs at the end of a text that invite to pay: they are the wall's, not the article's."""
    paragraphs = text.split("\n\n")
    while paragraphs and len(paragraphs[-1]) < 400 and _ASKS.search(paragraphs[-1]):
        paragraphs.pop()
    return "\n\n".join(paragraphs)
