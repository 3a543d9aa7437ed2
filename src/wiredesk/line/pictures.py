"""Pictures that we hold: taken from the captures, measured, named by their content."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from wiredesk.errors import UnreadableError
from wiredesk.extract import measure
from wiredesk.fetch import read_one
from wiredesk.line.room import Room
from wiredesk.publish import news_picture
from wiredesk.records import Article, Image, Problem, Provider
from wiredesk.store import ImageState

_BATCH = 200


def keep_pictures(room: Room) -> None:
    """Look at every picture that was captured or named since the last run; what changes with it is rated again."""
    with room.step("Pictures", room.store.intake.owed_count("picture")) as advance:
        while owed := room.store.intake.owed("picture", _BATCH):
            with room.store.transaction():
                for url in owed:
                    _keep_one(room, url)
                room.store.intake.paid("picture", owed)
            advance(len(owed))


def _keep_one(room: Room, url: str) -> None:
    where = room.store.intake.captured_image(url)
    if where is None:
        return
    if not room.store.articles.wants_picture(url):  # nobody's yet: its article asks for it again when it is folded
        _let_go(room, url)
        return
    try:
        data = read_one(room.site.captures / where[0], where[1]).body
    except UnreadableError as error:
        room.report(Problem(where=url, what=error.what, now="the article stands without it", stage="pictures"))
        return
    size, place = measure(data), news_picture(data)
    if size is None or place is None:
        what = "not a picture that a page may show (JPEG, PNG, GIF, WebP, AVIF of sane size)"
        room.report(Problem(where=url, what=what, now="the article stands without it", stage="pictures"))
        room.store.intake.put_image(ImageState(url=url, status="refused", note=what))
        return
    target = room.site.root / place.path
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        growing = target.with_name(f".{hashlib.sha256(url.encode()).hexdigest()[:16]}.part")
        growing.write_bytes(data)
        growing.replace(target)
    state = ImageState(url=url, status="kept", file=place.path, width=size.width, height=size.height)
    if room.store.intake.image(url) != state:
        room.store.intake.put_image(state)
        room.store.intake.owe("rate", room.store.articles.stories_with_picture(url))


def _let_go(room: Room, url: str) -> None:
    """Delete our copy of a picture that may not be held any more (noarchive), if there is one."""
    state = room.store.intake.image(url)
    if state is not None and state.status == "kept" and (file := room.store.intake.drop_image(url)):
        (room.site.root / file).unlink(missing_ok=True)


def missing_pictures(room: Room) -> list[str]:
    """Return addresses of pictures of published articles, and logos of their providers, that nobody asked for."""
    now = room.clock()
    wanted: dict[str, None] = {}
    for url in room.store.articles.pictures_to_fetch():
        state = room.store.intake.image(url)
        if state is None or (state.status == "failed" and state.next_at is not None and state.next_at <= now):
            wanted[url] = None
    return list(wanted)


def held_image(room: Room, article: Article) -> Image | None:
    """Return an article's picture with our copy and its real size, where we hold one and may.

    With noarchive it is not shown either where another article, or a logo, is why we hold it.
    """
    image = article.image
    if "noarchive" in article.opt_outs:
        return image
    state = room.store.intake.image(image.url) if image else None
    if image is None or state is None or state.status != "kept":
        return image
    return replace(image, width=state.width, height=state.height, is_cached=True, held=state.file)


def provider_of(room: Room, provider: Provider) -> Provider:
    """Return the best that we know of a provider, its logo held by us or none."""
    name, logo = room.store.articles.provider(provider.domain) or (provider.name, provider.logo)
    name = room.organizations.get(provider.domain, name)
    icon = f"assets/images/organizations/{provider.domain}-50x50.jpg"
    state = room.store.intake.image(logo) if logo else None
    images: tuple[Image, ...] = ()
    if (room.site.root / icon).exists():
        images = (Image(url=f"/{icon}", width=50, height=50, held=icon),)
    elif state is not None and state.status == "kept" and state.file:
        images = (Image(url=f"/{state.file}", width=state.width, height=state.height, held=state.file),)
    return Provider(domain=provider.domain, name=name, logo=logo, images=images)
