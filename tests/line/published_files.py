"""What a site has published, in a form that two sites can be compared by."""

from __future__ import annotations

import re
from pathlib import Path

from wiredesk.recordformat import parse_key, unseal

_SECURED = re.compile(r'^secured: "([^"]+)"$', re.MULTILINE)


def published(site: Path) -> dict[str, bytes]:
    """Return every published file.

    What is sealed in `secured` carries a fresh nonce at each writing, so it is compared by what it holds.
    """
    files = {}
    for tree in (site / "public", site / "records"):
        for path in sorted(tree.rglob("*")):
            if path.is_file():
                files[f"{tree.name}/{path.relative_to(tree).as_posix()}"] = path.read_bytes()
    key = parse_key((site / "wiredesk.key").read_text(), "wiredesk.key")
    return {name: _opened(data, Path(name).stem, key) if name.endswith(".md") else data for name, data in files.items()}


def _opened(data: bytes, name: str, key: bytes) -> bytes:
    text = data.decode()
    return _SECURED.sub(lambda found: f"secured: {unseal(key, found[1], name)!r}", text).encode()
