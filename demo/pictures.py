"""The pictures of the demonstration papers and their logos, drawn by us: key -> encoded bytes.

The scenes are in `scenes_sea.py` and `scenes_people.py`, their parts in `motifs.py`, the tools in `drawing.py`.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from PIL import ImageDraw, ImageFont

import scenes_people as people
import scenes_sea as water
import scenes_things as things
from drawing import OVER, Scene, arc, mix, rounded, smooth
from motifs import DAWN, DAY, HAZE, MINT, NIGHT, PAPER, ROSE, STORM, Mood, crane, fish, gull, tower

Format = Literal["jpeg", "webp"]
Draw = Callable[[Scene, Mood], None]

# key -> who draws it, its mood, and the mood of a second paper's picture of the same thing
SCENES: dict[str, tuple[Draw, Mood, Mood]] = {
    "cranes-dusk": (water.cranes_dusk, DAWN, NIGHT),
    "cranes-day": (water.cranes_day, DAY, HAZE),
    "picket-line": (people.picket_line, DAWN, HAZE),
    "banners-march": (people.banners_march, DAY, ROSE),
    "anchored-ships": (water.anchored_ships, HAZE, DAWN),
    "talks-table": (people.talks_table, NIGHT, DAWN),
    "court-house": (people.court_house, DAY, ROSE),
    "parliament": (people.parliament, DAY, DAWN),
    "ship-aground": (water.ship_aground, HAZE, DAY),
    "oil-slick": (water.oil_slick, DAY, STORM),
    "oiled-bird": (water.oiled_bird, HAZE, ROSE),
    "salvage-tugs": (water.salvage_tugs, DAY, STORM),
    "refloated": (water.refloated, DAWN, DAY),
    "boom": (water.boom, DAY, HAZE),
    "barrage-plan": (things.barrage_plan, DAY, DAWN),
    "tidal-turbine": (water.tidal_turbine, DAY, DAWN),
    "council-hall": (people.council_hall, DAY, DAWN),
    "sound-birds": (water.sound_birds, DAWN, DAY),
    "server-room": (things.server_room, NIGHT, NIGHT),
    "padlock-screen": (things.padlock_screen, NIGHT, STORM),
    "phone-desk": (things.phone_desk, DAY, DAWN),
    "cod-catch": (things.cod_catch, DAY, STORM),
    "trawlers": (water.trawlers, DAY, DAWN),
    "blockade": (water.blockade, DAWN, HAZE),
    "quota-chart": (things.quota_chart, PAPER, MINT),
    "handshake": (things.handshake, MINT, PAPER),
    "share-chart": (things.share_chart, PAPER, MINT),
    "two-ships": (water.two_ships, ROSE, DAY),
    "storm-map": (water.storm_map, DAY, STORM),
    "waves-pier": (water.waves_pier, STORM, NIGHT),
    "dark-town": (water.dark_town, NIGHT, STORM),
    "ferry-electric": (water.ferry_electric, DAY, DAWN),
    "ferry-charging": (water.ferry_charging, NIGHT, DAWN),
    "harbour-view": (water.harbour_view, DAY, DAWN),
    "lighthouse": (water.lighthouse, NIGHT, DAWN),
    "museum": (people.museum, DAY, DAWN),
    "rowing": (water.rowing, DAWN, DAY),
    "soup-bowl": (things.soup_bowl, DAY, HAZE),
    "radio-set": (things.radio_set, DAY, STORM),
    "football": (people.football, NIGHT, DAY),
    "market-stall": (people.market_stall, DAY, ROSE),
    "old-ship": (water.old_ship, DAY, ROSE),
    "school": (people.school, DAY, ROSE),
    "book": (things.book, PAPER, MINT),
    "garden": (things.garden, DAY, ROSE),
    "bus": (people.bus, DAY, HAZE),
    "portrait-a": (people.portrait_a, MINT, ROSE),
    "portrait-b": (people.portrait_b, PAPER, HAZE),
}


@lru_cache(maxsize=8)
def scene(key: str, second: bool = False) -> Scene:
    """Return the drawn scene of a picture key; `second` in its other mood.  Raises KeyError for an unknown key."""
    draw, first_mood, second_mood = SCENES[key]
    drawn = Scene(800, 800) if key.startswith("portrait") else Scene()
    draw(drawn, second_mood if second else first_mood)
    return drawn


def picture(key: str, variant: int, form: Format, width: int) -> bytes:
    """Return a picture `width` pixels wide (16:9; portraits square); variants 0-3 are as many papers' own pictures."""
    square = key.startswith("portrait")
    drawn = scene(key, variant in (1, 3))
    image = drawn.kept(width, width if square else round(width * 9 / 16), mirror=variant in (1, 2))
    file = io.BytesIO()
    if form == "jpeg":
        image.save(file, "JPEG", quality=58, optimize=True, progressive=True, subsampling="4:2:0")
    else:
        image.save(file, "WEBP", quality=46, method=4)
    return file.getvalue()


@dataclass(frozen=True, kw_only=True)
class Emblem:
    """A paper's logo: a ground, and on it letters or a thing."""

    ground: str
    ink: str
    mark: str  # letters, or "crane", "waves", "tower", "fish", "gull", "anchor", "sun", "mesh", "island"
    shape: Literal["square", "disc", "plain"] = "square"


def logo(emblem: Emblem) -> bytes:
    """Return a 64x64 PNG."""
    s = Scene(256, 256)
    if emblem.shape != "plain":
        s.rect(0, 0, 256, 256, "#ffffff")
    if emblem.shape == "disc":
        s.disc(128, 128, 124, emblem.ground)
    else:
        s.poly(rounded(0, 0, 256, 256, 0 if emblem.shape == "plain" else 44), emblem.ground)
    _MARKS.get(emblem.mark, _letters)(s, emblem)
    file = io.BytesIO()
    s.kept(64, 64).quantize(32, dither=0).save(file, "PNG", optimize=True)
    return file.getvalue()


def _letters(s: Scene, e: Emblem) -> None:
    font = ImageFont.load_default(size=(150 if len(e.mark) == 1 else 112 if len(e.mark) == 2 else 84) * OVER)
    pen = ImageDraw.Draw(s.image)
    pen.text((128 * OVER, 128 * OVER), e.mark, fill=e.ink, font=font, anchor="mm", stroke_width=5, stroke_fill=e.ink)


def _crane(s: Scene, e: Emblem) -> None:
    with s.at(142, 226, 0.64):
        crane(s, e.ink, rope=50)


def _waves(s: Scene, e: Emblem) -> None:
    for i in range(3):
        y = 82 + i * 48
        s.curve(
            [(34, y + 12), (66, y - 16), (98, y + 12), (130, y - 16), (162, y + 12), (194, y - 16), (224, y + 8)],
            e.ink,
            17,
        )


def _tower(s: Scene, e: Emblem) -> None:
    with s.at(128, 236, 0.88):
        tower(s, e.ink, mix(e.ground, e.ink, 0.35), e.ground, e.ink)
    for x in (40, 216):
        s.line([(x, 36), (x + (52 if x < 128 else -52), 50)], e.ink, 10)


def _fish(s: Scene, e: Emblem) -> None:
    with s.at(134, 132, 1.02, turn=-14):
        fish(s, e.ink, mix(e.ink, e.ground, 0.25), e.ground)


def _gull(s: Scene, e: Emblem) -> None:
    gull(s, 128, 120, 92, e.ink)
    s.curve([(40, 186), (84, 170), (128, 186), (172, 170), (216, 186)], e.ink, 12)


def _anchor(s: Scene, e: Emblem) -> None:
    s.line([(128, 84), (128, 208)], e.ink, 20)
    s.line(arc(128, 62, 22, 22, 0, 360, 40), e.ink, 14)
    s.line([(84, 108), (172, 108)], e.ink, 16)
    s.line(arc(128, 128, 78, 82, 15, 165, 40), e.ink, 19)
    for x in (54, 202):
        s.poly([(x - 24, 152), (x, 116), (x + 24, 152)], e.ink)


def _sun(s: Scene, e: Emblem) -> None:
    s.poly(arc(128, 140, 62, 62, 180, 360), e.ink)
    for a in (-90, -50, -130, -14, -166):
        (x0, y0), (x1, y1) = arc(128, 140, 80, 80, a, a, 1)[0], arc(128, 140, 106, 106, a, a, 1)[0]
        s.line([(x0, y0), (x1, y1)], e.ink, 13)
    for y in (166, 196):
        s.line([(46, y), (210, y)], e.ink, 13)


def _mesh(s: Scene, e: Emblem) -> None:
    for i in range(4):
        s.line([(58 + i * 47, 52), (58 + i * 47, 204)], e.ink, 9)
        s.line([(52, 58 + i * 47), (204, 58 + i * 47)], e.ink, 9)
    s.disc(152, 105, 27, e.ink)


def _island(s: Scene, e: Emblem) -> None:
    s.poly(smooth([(26, 176), (66, 116), (104, 134), (146, 72), (190, 126), (230, 176)]), e.ink)
    s.curve([(30, 206), (76, 192), (128, 208), (180, 192), (226, 206)], e.ink, 13)


_MARKS: dict[str, Callable[[Scene, Emblem], None]] = {
    "crane": _crane,
    "waves": _waves,
    "tower": _tower,
    "fish": _fish,
    "gull": _gull,
    "anchor": _anchor,
    "sun": _sun,
    "mesh": _mesh,
    "island": _island,
}
