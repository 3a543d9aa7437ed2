"""wiredesk.toml: every setting is in the template, and every mistake is named so that it can be mended."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.config import Settings, parse_settings, read_settings, sections, template
from wiredesk.errors import SettingError

KEYS = [(section, key) for section, kind in sections().items() for key in kind.model_fields]


def test_the_template_gives_the_defaults() -> None:
    """As it stands, and with every default uncommented."""
    settled = "\n".join(line.removeprefix("# ") if " = " in line else line for line in template().splitlines())

    assert parse_settings(template()) == Settings()
    assert parse_settings(settled) == Settings()
    assert {(section, key) for section, values in tomllib.loads(settled).items() for key in values} == set(KEYS)


@pytest.mark.parametrize(("section", "key"), KEYS)
def test_the_template_tells_of_every_setting(section: str, key: str) -> None:
    """Its meaning on the line before its default, below its section."""
    lines = template().splitlines()
    place = next(
        number
        for number, line in enumerate(lines)
        if line.startswith(f"# {key} = ") and f"[{section}]" in head(lines, number)
    )

    description = sections()[section].model_fields[key].description
    assert description
    assert lines[place - 1] == f"# {description}"


def head(lines: list[str], place: int) -> str:
    return next(line for line in reversed(lines[:place]) if line.startswith("["))


@settings(max_examples=100)
@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_any_title_can_be_written(title: str, description: str) -> None:
    """Quotes, backslashes and control characters come back as they were."""
    site = parse_settings(template(title=title, description=description)).site

    assert (site.title, site.description) == (title, description)


def test_a_title_of_broken_bytes_gives_a_file_that_can_be_written() -> None:
    """The shell hands over bytes that are not UTF-8 as lone surrogates."""
    text = template(title="Harbour \udcff desk")

    assert parse_settings(text.encode().decode()).site.title == "Harbour \ufffd desk"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("[site]\ntitle = ", 2, "not TOML: "),
        ("[site]\ntitle = 1 2\n", 2, "not TOML: "),
        ("\n[sight]\ntitle = 'x'", 2, "sight: no such setting; perhaps site"),
        ("[qqqq]", 1, "qqqq: no such setting."),
        ("[publish]\n# feed\nfeed_itms = 3", 3, "publish.feed_itms: no such setting; perhaps feed_items"),
        ("site = 3", 1, "site: is a section: write [site] on a line of its own"),
        ("[[site]]\ntitle = 'x'", 1, "site: is a section"),
        ("[publish]\nfront_stories = 0", 2, "publish.front_stories: input should be greater than or equal to 1, got 0"),
        ("[publish]\nfront_stories = true", 2, "publish.front_stories: input should be a valid integer, got true"),
        ("[publish]\nfront_stories = 2.5", 2, "publish.front_stories: input should be a valid integer, got 2.5"),
        ("[publish]\nfront_stories = '4'", 2, 'publish.front_stories: input should be a valid integer, got "4"'),
        ("[fetch]\ndelay_seconds = nan", 2, "fetch.delay_seconds: input should be a finite number, got nan"),
        ("[fetch]\n\ntimeout_seconds = 0", 3, "fetch.timeout_seconds: input should be greater than 0, got 0"),
        ("[fetch]\nrobots = 'yes'", 2, 'fetch.robots: input should be a valid boolean, got "yes"'),
        ("[fetch]\nopen_hosts = 'a'", 2, 'fetch.open_hosts: input should be a list, got "a"'),
        ("[fetch]\nopen_hosts = [\n'a',\n1]", 2, "fetch.open_hosts.1: input should be a valid string, got 1"),
        ("[rules]\nset = 'fancy'", 2, "rules.set: input should be 'wiredesk' or 'reference', got \"fancy\""),
        ("[site]\nlanguage = 'fr'", 2, "site.language: input should be 'en' or 'de', got \"fr\""),
        ("[site]\nlocale = 'EN'", 2, 'site.locale: cannot be "EN"; it is: Locale named in the JSON API'),
        ("[site]\naddress = 'ftp://x'", 2, 'site.address: cannot be "ftp://x"; it is: Public address'),
        ("[site]\naddress = 'http://x/?q'", 2, 'site.address: cannot be "http://x/?q"'),
        ("# one\nsite.titel = 'x'", 2, "site.titel: no such setting; perhaps title"),
        ("[fetch]\nrobots = true\n[ site ]\ntitle = 3", 4, "site.title: input should be a valid string, got 3"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_what_is_allowed(text: str, line: int, said: str) -> None:
    """And nothing was changed by it."""
    with pytest.raises(SettingError) as caught:
        parse_settings(text)

    assert str(caught.value).startswith(f"wiredesk.toml:{line}: {said}")
    assert str(caught.value).endswith("nothing was changed")


def test_a_setting_may_be_written_in_any_way_of_toml() -> None:
    """Dotted, inline, or whole numbers for hours."""
    assert parse_settings("site.title = 'x'").site.title == "x"
    assert parse_settings("site = {title = 'x'}").site.title == "x"
    assert parse_settings("[stories]\nopen_hours = 48").stories.open_hours == 48.0
    assert parse_settings("[site]\nlanguages = ['en', 'de']").site.languages == ("en", "de")


def test_an_address_ends_in_a_slash() -> None:
    """So that paths can be put behind it."""
    assert parse_settings("[site]\naddress = 'https://news.example/ai'").site.address == "https://news.example/ai/"


def test_a_file_with_a_mark_of_its_byte_order(tmp_path: Path) -> None:
    """Some editors write one."""
    path = tmp_path / "wiredesk.toml"
    path.write_bytes(b"\xef\xbb\xbf[site]\ntitle = 'x'\n")

    assert read_settings(path).site.title == "x"


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    """Missing, or not UTF-8: named with its line."""
    path = tmp_path / "wiredesk.toml"
    with pytest.raises(SettingError, match=r"^wiredesk\.toml: cannot be read: No such file"):
        read_settings(path)

    path.write_bytes(b"[site]\n\ntitle = 'caf\xe9'\n")
    with pytest.raises(SettingError, match=r"^wiredesk\.toml:3: .*not UTF-8"):
        read_settings(path)


@pytest.mark.parametrize(
    ("lines", "line", "what"),
    [
        ('[embedding]\nkind = "folder"', 1, 'embedding.folder: kind = "folder" needs it'),
        ('[embedding]\nfolder = "m"\nkind = "openai"\naddress = ""', 4, 'embedding.address: kind = "openai" needs it'),
        (
            '[embedding]\nkind = "openai"\naddress = "http://a.example/v1"',
            1,
            'embedding.model: kind = "openai" needs it',
        ),
        ('[embedding]\naddress = "ftp://a.example/"', 2, "is an http:// or https:// address"),
        ('[embedding]\naddress = "http://me:word@a.example/"', 2, "without user name and password"),
        ('[embedding]\nkind = "package"\npackage = "gpt"', 3, "embedding.package: "),
    ],
)
def test_an_embedding_that_lacks_something_is_named_with_its_line(lines: str, line: int, what: str) -> None:
    """What each kind needs has to be there; what other kinds need may stay."""
    with pytest.raises(SettingError) as raised:
        parse_settings(lines)

    assert raised.value.where == f"wiredesk.toml:{line}"
    assert what in str(raised.value)


def test_a_key_that_was_pasted_into_the_settings_is_not_repeated() -> None:
    """Messages end up in logs."""
    with pytest.raises(SettingError, match="never the key itself") as raised:
        parse_settings('[embedding]\nkey_env = "sk-abc/123"')

    assert "abc" not in str(raised.value)
