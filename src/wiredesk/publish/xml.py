"""XML out: elements built by lxml, texts without what XML forbids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml import etree

from wiredesk.text import clean


def begin(name: str, namespaces: Mapping[str | None, str]) -> etree._Element:
    """Return the first element of a document; the namespace without a prefix has the key None."""
    known: Any = dict(namespaces)  # the stubs forbid None
    return etree.Element(name, nsmap=known)


def add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    """Append an element; `text` and attributes lose control characters and lone surrogates."""
    child = etree.SubElement(parent, name, {key: clean(value) for key, value in attributes.items()})
    if text is not None:
        child.text = clean(text)
    return child


def document(root: etree._Element) -> bytes:
    """Return the document as UTF-8 with declaration, indented."""
    etree.indent(root)
    data: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return data + b"\n"
