"""Only `fetch` reaches out: import-linter holds the packages apart, this the modules inside of them."""

import ast
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[1] / "src" / "wiredesk"
REACHING = {"ftplib", "http.client", "imaplib", "poplib", "smtplib", "socketserver", "telnetlib", "urllib.request",
            "xmlrpc", "aiohttp", "requests", "urllib3", "niquests", "websockets"}  # fmt: skip
OTHERS = sorted(path for path in SOURCES.rglob("*.py") if path.parent.name != "fetch")


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.relative_to(SOURCES).as_posix())
def test_nobody_else_reaches_out(path):
    """`urllib.parse` is nobody's socket, `urllib.request` is one."""
    found = set(imported(ast.parse(path.read_text(encoding="utf-8"))))

    assert {name for name in found if any(name == one or name.startswith(one + ".") for one in REACHING)} == set()
