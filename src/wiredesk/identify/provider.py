"""Whose page it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wiredesk.records import Provider, ProviderId
from wiredesk.text import collapse
from wiredesk.urls import registrable_domain

_LONGEST_NAME = 60


def provider_of(
    canonical_url: str,
    declared_name: str | None,
    logo: str | None,
    record: Mapping[str, Any] | None,
    known_names: Mapping[str, str],
) -> Provider:
    """Return the provider: its domain from the address, its name from the site's list, the page, or the domain.

    An imported record names its provider itself, and is believed.
    """
    said = record.get("provider") if record else None
    said = said if isinstance(said, Mapping) else {}
    domain = ProviderId(str(said.get("domain") or "") or registrable_domain(canonical_url))
    name = known_names.get(domain) or str(said.get("name") or "") or _sane(declared_name) or domain
    return Provider(domain=domain, name=name, logo=logo)


def _sane(name: str | None) -> str:
    """A slogan is no name."""
    name = collapse(name or "")
    return name if len(name) <= _LONGEST_NAME else ""
