"""wiredesk.toml -> typed settings.  Every default is here, with its unit and range."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator

from wiredesk.errors import SettingError

HttpAddress = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+(/\S*)?$")]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SiteSettings(_Section):
    """[site]: what readers see of it."""

    title: str = Field("My news desk", description="Name of the site")
    address: HttpAddress = Field("http://127.0.0.1:8000/", description="Public address of the site, with closing slash")
    description: str = Field("", description="One sentence about the site; shown on top and in feeds")
    language: str = Field("en", pattern=r"^[a-z]{2}$", description="Language of the site's own words: en or de (ISO 639-1)")
    locale: str = Field("en-us", pattern=r"^[a-z]{2}-[a-z]{2}$", description="Locale named in the JSON API")
    languages: tuple[str, ...] = Field((), description="Languages that articles may have (ISO 639-1); empty: any")
    contact: str = Field("", description="E-mail or web address in the User-Agent, so that publishers can reach you")

    @field_validator("address")
    @classmethod
    def _closing_slash(cls, value: str) -> str:
        return value if value.endswith("/") else value + "/"


class RuleSettings(_Section):
    """[rules]: which set of rules decides topics, stories, scores."""

    set: Literal["wiredesk", "reference"] = Field("wiredesk", description='"wiredesk", or "reference": exactly what the reference site does')
    weight_per_related: int = Field(10, ge=0, le=1000, description="reference only: heat per related article (20 on Azure, 10 on A.I.)")
    organization_bonus: int = Field(40, ge=0, le=1000, description="reference only: quality for a known organisation (40; 30 on A.I.)")


class FetchSettings(_Section):
    """[fetch]: how we ask other people's servers."""

    concurrency: int = Field(32, ge=1, le=512, description="Requests under way at once, over all hosts")
    delay_seconds: float = Field(1.0, ge=0, le=3600, description="Seconds between two requests to one host")
    timeout_seconds: float = Field(20.0, gt=0, le=600, description="Seconds a whole request may take, redirects included")
    max_feed_mib: float = Field(10.0, gt=0, le=1024, description="MiB of a feed, decompressed")
    max_page_mib: float = Field(5.0, gt=0, le=1024, description="MiB of a page, decompressed")
    max_image_mib: float = Field(8.0, gt=0, le=1024, description="MiB of a picture")
    max_redirects: int = Field(8, ge=0, le=50, description="Redirects followed for one request")
    poll_minutes: float = Field(15.0, ge=0, le=10080, description="Minutes between two looks at one source; 0: at every run")
    pages_per_source: int = Field(50, ge=0, le=10000, description="New pages read from one source in one run, newest first")
    max_backoff_hours: float = Field(24.0, ge=0, le=720, description="Hours between two tries of a source that keeps failing, at most")
    page_tries: int = Field(4, ge=1, le=100, description="Tries for a page before its wire item stands alone")
    images: bool = Field(True, description="Keep lead pictures of published articles")
    open_hosts: tuple[str, ...] = Field((), description='Hosts that may have a private address, e.g. ["intranet.example", "127.0.0.1:8080"]')
    robots: bool = Field(True, description="Obey robots.txt")


class StorySettings(_Section):
    """[stories]: which articles tell one event ("wiredesk" rules)."""

    join_similarity: float = Field(0.25, gt=0, lt=1, description="Similarity (0-1) to a story from which an article joins it")
    open_hours: float = Field(72.0, gt=0, le=8760, description="Hours a story stays open after its last article")
    half_life_hours: float = Field(48.0, gt=0, le=8760, description="Hours after which similarity to an older article counts half")
    copy_similarity: float = Field(0.75, gt=0, le=1, description="Share of common text (0-1) from which an article is a copy")
    copy_days: float = Field(14.0, gt=0, le=3650, description="Days between two articles that may be copies of each other")


class ScoreSettings(_Section):
    """[score]: quality, heat, and what is published ("wiredesk" rules)."""

    publish_quality: int = Field(40, ge=0, le=1000, description="Quality from which an article may be published")
    publish_heat: int = Field(40, ge=0, le=1000, description="Heat that a story reached once, from which its best article is published")
    half_life_hours: float = Field(12.0, gt=0, le=8760, description="Hours after which an article warms its story half as much")
    trusted: tuple[str, ...] = Field((), description='Domains of providers whose articles gain 20 quality, e.g. ["example.org"]')
    blocked: tuple[str, ...] = Field((), description="Domains of providers that are never published")


class RecordSettings(_Section):
    """[records]: the Markdown records."""

    secured: bool = Field(True, description="Write full texts encrypted with wiredesk.key into `secured`, so that records alone rebuild the site")
    utc_offset_hours: int = Field(0, ge=-12, le=14, description="Offset of the calendar day in record names (reference: 8)")


class PublishSettings(_Section):
    """[publish]: site, API and feeds."""

    front_stories: int = Field(40, ge=1, le=1000, description="Stories on the front page")
    topic_stories: int = Field(60, ge=1, le=1000, description="Stories on a topic or provider page")
    feed_items: int = Field(50, ge=1, le=1000, description="Items in a feed")
    api_page_size: int = Field(25, ge=1, le=1000, description="News items on one page of the JSON API")
    api_items: bool = Field(False, description="Also one JSON document per news item")
    front_days: float = Field(3.0, gt=0, le=365, description="Days a story may stay on the front page after its last article")


class CaptureSettings(_Section):
    """[captures]: what was received, as WARC."""

    file_mib: float = Field(256.0, gt=0, le=65536, description="MiB after which a new capture file is begun")
    keep_days: float = Field(0.0, ge=0, le=36500, description="Days that captures are kept; 0: for ever")


class Settings(_Section):
    """The whole of wiredesk.toml."""

    site: SiteSettings = SiteSettings()
    rules: RuleSettings = RuleSettings()
    fetch: FetchSettings = FetchSettings()
    stories: StorySettings = StorySettings()
    score: ScoreSettings = ScoreSettings()
    records: RecordSettings = RecordSettings()
    publish: PublishSettings = PublishSettings()
    captures: CaptureSettings = CaptureSettings()


def parse_settings(text: str, name: str = "wiredesk.toml") -> Settings:
    """Return the settings that `text` (TOML) gives; what it leaves out has its default.

    Raises:
        SettingError: names file, line and key of the first thing that cannot be used.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        where = f"{name}:{line[1]}" if line else name
        raise SettingError(where, f"not TOML: {error}", "Mend that line; nothing was changed") from error
    try:
        return Settings.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        keys = [str(key) for key in first["loc"]]
        given = "" if first["type"] in {"extra_forbidden", "missing"} else f", got {first['input']!r}"
        what = "no such setting" if first["type"] == "extra_forbidden" else first["msg"][0].lower() + first["msg"][1:] + given
        where = f"{name}:{_line_of(text, keys)}"
        raise SettingError(where, f"{'.'.join(keys)}: {what}", "Mend that line; nothing was changed") from error


def read_settings(path: Path) -> Settings:
    """Read wiredesk.toml at `path`.  Raises SettingError, also when it cannot be read."""
    try:
        return parse_settings(path.read_text(encoding="utf-8-sig"), path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(path.name, f"cannot be read: {error}") from error


def template(**site: str) -> str:
    """Return a wiredesk.toml with every setting, its default, its meaning and its unit.

    Settings that keep their default are commented out, so that a later release may improve them.
    """
    lines = ["# Settings of this site.  A line that begins with # shows a default; remove the # to change it.", ""]
    for section, model in Settings.model_fields.items():
        kind = model.annotation
        assert isinstance(kind, type) and issubclass(kind, BaseModel)
        lines += [f"[{section}]  # {(kind.__doc__ or '').split(': ', 1)[-1]}"]
        for key, info in kind.model_fields.items():
            given = section == "site" and key in site
            value = site[key] if given else info.default
            lines += [f"# {info.description}", f"{'' if given else '# '}{key} = {_toml(value)}"]
        lines.append("")
    return "\n".join(lines)


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        escaped = "".join(f"\\u{ord(c):04x}" if ord(c) < 32 or ord(c) == 127 else c for c in value.replace("\\", "\\\\").replace('"', '\\"'))
        return f'"{escaped}"'
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return str(value)


def _line_of(text: str, keys: list[str]) -> int:
    section, line_number = "", 1
    for number, line in enumerate(text.splitlines(), 1):
        if head := re.match(r"\s*\[([^\]]+)\]", line):
            section = head[1].strip()
            if section == keys[0]:
                line_number = number
        elif section == keys[0] and len(keys) > 1 and re.match(rf"\s*{re.escape(keys[1])}\s*=", line):
            return number
        elif not section and re.match(rf"\s*{re.escape(keys[0])}\s*=", line):
            return number
    return line_number
