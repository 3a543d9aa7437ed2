"""What the coast of Varland is made of: seas, cranes, ships, boats, people, houses, birds.

Each motif stands on (0, 0) with its foot or waterline there; place it with `Scene.at`.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from drawing import Point, Scene, arc, mix, ridge, smooth


@dataclass(frozen=True, kw_only=True)
class Mood:
    """The few colours of a picture."""

    sky: tuple[str, ...]  # top to horizon
    sea: tuple[str, ...]  # horizon to bottom
    sun: str
    far: str  # hills in the haze
    mid: str
    near: str  # the darkest
    light: str  # paper, walls, foam
    warm: str  # first accent
    gold: str  # second accent
    cool: str  # third accent


DAWN = Mood(
    sky=("#34406b", "#8a5f86", "#e58d78", "#f8c98d"),
    sea=("#e9a07d", "#8b6a86", "#2f3f68", "#22315a"),
    sun="#fff0cf",
    far="#a9728a",
    mid="#5c4a78",
    near="#1e2a4f",
    light="#fbe9d2",
    warm="#e4604e",
    gold="#f4b860",
    cool="#5d86a8",
)
DAY = Mood(
    sky=("#8fc7d4", "#bfe0df", "#eef1de"),
    sea=("#5fa9ae", "#2f8191", "#1d5f74"),
    sun="#fff6dc",
    far="#a3c9c6",
    mid="#5b939c",
    near="#17394f",
    light="#fdf6e6",
    warm="#e2604a",
    gold="#efb24c",
    cool="#3f7fa0",
)
HAZE = Mood(
    sky=("#b9c9cf", "#d5dcd8", "#ecebe0"),
    sea=("#a9bfc2", "#7399a3", "#4a7583"),
    sun="#fffdf2",
    far="#b3c4c8",
    mid="#7f9ba6",
    near="#2d475a",
    light="#f6f3e8",
    warm="#cf5f4d",
    gold="#dca95a",
    cool="#5e8796",
)
NIGHT = Mood(
    sky=("#0c1630", "#15264a", "#27406a"),
    sea=("#23406a", "#142a50", "#0b1a38"),
    sun="#f4e8c2",
    far="#24395f",
    mid="#182a4d",
    near="#0a142b",
    light="#dfe7ef",
    warm="#e86a52",
    gold="#f6c767",
    cool="#4f86b8",
)
STORM = Mood(
    sky=("#2b3a4c", "#4a5f6e", "#8397a0"),
    sea=("#6b8a93", "#3d6272", "#22455a"),
    sun="#e8ecdf",
    far="#71858f",
    mid="#465c6b",
    near="#172736",
    light="#e9efec",
    warm="#de6a4c",
    gold="#efc15d",
    cool="#5b93a6",
)
PAPER = Mood(
    sky=("#fbf2df", "#f6e7cb"),
    sea=("#f1dcb8", "#e8cd9f"),
    sun="#ffffff",
    far="#ecd9b4",
    mid="#c9b58d",
    near="#1f3550",
    light="#fffaf0",
    warm="#dd5f46",
    gold="#e9ac45",
    cool="#3d7d8c",
)
MINT = Mood(
    sky=("#dcebdf", "#cfe3d8"),
    sea=("#b8d6cb", "#98c3b8"),
    sun="#ffffff",
    far="#bcd8cc",
    mid="#7fb0a4",
    near="#173c46",
    light="#fbfaf0",
    warm="#e0674c",
    gold="#edb552",
    cool="#3b8791",
)
ROSE = Mood(
    sky=("#f0c7b4", "#f7dcc4", "#fdf0db"),
    sea=("#d9a690", "#a97a80", "#6a5570"),
    sun="#fffaf0",
    far="#d8a79c",
    mid="#97707e",
    near="#3a2d4c",
    light="#fff5e6",
    warm="#d65548",
    gold="#eaa54a",
    cool="#6b83a0",
)


# --- air and water ----------------------------------------------------------------------------------------------


def air(s: Scene, m: Mood, horizon: float = 420, sun: Point | None = None, r: float = 60) -> None:
    """Sky down to the horizon, with a sun and two rings of light around it."""
    s.sky(*m.sky, bottom=horizon)
    if sun:
        s.glow(*sun, r * 5.5, m.sun, 0.55)
        s.disc(*sun, r * 1.65, m.sun, 0.16)
        s.disc(*sun, r, m.sun)


def sea(
    s: Scene, m: Mood, horizon: float = 420, seed: str = "sea", glints: int = 46, path: float | None = None
) -> None:
    """Water from the horizon down, with strokes of light; `path` is where the sun's road lies."""
    s.sky(*m.sea, top=horizon)
    chance = random.Random(seed)
    for _ in range(glints):
        depth = chance.random() ** 1.5
        y = horizon + 8 + depth * (s.height - horizon - 12)
        length = 24 + 150 * depth * chance.uniform(0.4, 1)
        x = chance.uniform(-40, s.width + 40)
        s.line([(x, y), (x + length, y)], mix(m.sea[0], m.light, 0.35), 1.6 + 3 * depth, 0.32)
    if path is not None:
        for i in range(17):
            y = horizon + 6 + i * (s.height - horizon) / 17
            half = (26 + i * 7) * chance.uniform(0.35, 1)
            x = path + chance.uniform(-14, 14)
            s.line([(x - half, y), (x + half, y)], m.sun, 3 + i * 0.28, 0.55 - i * 0.017)


def hills(s: Scene, y: float, rise: float, colour: str, seed: str, x0: float = -20, x1: float = 1220) -> None:
    """A ridge of land whose foot is at `y`."""
    top = ridge(seed, x0, x1, y, rise)
    if x0 > 0:  # land that begins in the picture slopes down to the water
        top = [(x, y - (y - h) * min(1, (x - x0) / 160)) for x, h in top]
    s.poly([(x0, y), *top, (x1, y)], colour)


def cloud(s: Scene, x: float, y: float, w: float, colour: str, alpha: float = 0.85) -> None:
    """A flat cloud of three lying capsules."""
    h = w * 0.055
    right = [(0.68, -3), (1.0, -1), (0.9, 1)]
    left = [(0.34, 1), (0.0, -1), (0.18, -3)]
    outline = [p for at, row in right for p in arc(x + at * w - h, y + row * h + h, h, h, -90, 90, 10)]
    outline += [p for at, row in left for p in arc(x + at * w + h, y + row * h + h, h, h, 90, 270, 10)]
    s.poly(outline, colour, alpha)


def swell(s: Scene, y: float, amp: float, length: float, colour: str, phase: float = 0, foam: str = "") -> None:
    """One row of waves with sharp crests, filled to the bottom."""
    top = []
    for i in range(0, s.width + 16, 6):
        t = (i / length + phase) % 1
        top.append((float(i), y - amp * (1 - abs(math.sin(math.pi * t)) ** 0.7)))
    s.poly([(0, s.height), *top, (s.width + 12, s.height)], colour)
    if foam:
        s.line(top, foam, 3.5, 0.7)


def gull(s: Scene, x: float, y: float, w: float, colour: str) -> None:
    """A gull on the wing, seen from afar."""
    s.line(
        smooth(
            [
                (x - w, y - w * 0.12),
                (x - w * 0.45, y - w * 0.36),
                (x, y),
                (x + w * 0.45, y - w * 0.4),
                (x + w, y - w * 0.2),
            ]
        ),
        colour,
        max(2, w * 0.13),
    )


def rain(s: Scene, colour: str, n: int = 90, seed: str = "rain", slant: float = 16) -> None:
    """Driving rain."""
    chance = random.Random(seed)
    for _ in range(n):
        x, y, h = chance.uniform(-20, s.width + 20), chance.uniform(-20, s.height), chance.uniform(18, 44)
        s.poly([(x, y), (x + 2, y), (x - slant + 1, y + h), (x - slant, y + h)], colour, 0.35)


def stars(s: Scene, colour: str, n: int = 60, bottom: float = 300, seed: str = "stars") -> None:
    """A clear night."""
    chance = random.Random(seed)
    for _ in range(n):
        s.disc(chance.uniform(0, s.width), chance.uniform(0, bottom), chance.choice((1.2, 1.6, 2.4)), colour, 0.8)


def tree(s: Scene, x: float, y: float, h: float, leaf: str, trunk: str) -> None:
    """A round tree."""
    s.rect(x - h * 0.035, y - h * 0.4, x + h * 0.035, y, trunk)
    s.oval(x, y - h * 0.64, h * 0.27, h * 0.36, leaf)
    s.poly([*arc(x, y - h * 0.64, h * 0.27, h * 0.36, -90, 90)], mix(leaf, trunk, 0.25), 0.7)


# --- harbour ----------------------------------------------------------------------------------------------------


def crane(s: Scene, body: str, *, boom: float = 0, cab: str = "", rope: float = 60) -> None:
    """A ship-to-shore crane, 300 high, its boom over the water on the left; `boom` lifts it by degrees."""
    thick = 9
    for x in (0, 92):
        s.line([(x, 0), (x, -196)], body, thick)
    s.line([(-6, -64), (98, -64)], body, 7)
    s.line([(0, -64), (92, -128)], body, 4)
    s.line([(92, -64), (0, -128)], body, 4)
    s.line([(-6, -128), (98, -128)], body, 5)
    s.line([(46, -196), (60, -296)], body, 7)
    s.line([(92, -196), (60, -296)], body, 5)
    s.poly([(-6, -204), (176, -204), (176, -190), (-6, -190)], body)
    s.rect(112, -226, 164, -204, body)
    s.line([(60, -296), (170, -204)], body, 3)
    with s.at(-2, -197, turn=boom):
        s.poly([(0, -7), (-212, -6), (-226, 0), (-212, 6), (0, 7)], body)
        for i in range(9):
            s.line([(-20 - i * 22, -6), (-30 - i * 22, 6)], mix(body, "#ffffff", 0.18), 2)
    tip = math.radians(boom)
    end = (-2 - 190 * math.cos(tip), -197 - 190 * math.sin(tip))
    s.line([(60, -296), end], body, 3)
    if boom < 20:
        s.rect(-128, -192, -92, -172, cab or body)
        s.line([(-118, -172), (-118, -172 + rope)], body, 2)
        s.line([(-102, -172), (-102, -172 + rope)], body, 2)
        s.rect(-130, -172 + rope, -90, -160 + rope, body)
    for x in (0, 92):
        s.rect(x - 14, -8, x + 14, 0, body)


def stack(
    s: Scene,
    x: float,
    y: float,
    columns: Sequence[int],
    colours: Sequence[str],
    seed: str,
    w: float = 34,
    h: float = 15,
) -> None:
    """Containers in stacks, each `columns` boxes high; (x, y) is the bottom left."""
    chance = random.Random(seed)
    for i, high in enumerate(columns):
        for j in range(high):
            c = chance.choice(colours)
            x0, y0 = x + i * w, y - (j + 1) * h
            s.rect(x0 + 0.7, y0 + 0.7, x0 + w - 0.7, y0 + h - 0.7, c)
            s.rect(x0 + 0.7, y0 + h * 0.62, x0 + w - 0.7, y0 + h - 0.7, mix(c, "#101830", 0.16))


def freighter(
    s: Scene,
    hull: str,
    boot: str,
    house: str,
    boxes: Sequence[str],
    seed: str,
    funnel: str = "",
    lines: str = "",
    columns: Sequence[int] | None = None,
) -> None:
    """A container ship of 600 units, bow to the right, waterline at y = 0."""
    chance = random.Random(seed)
    high = columns or [chance.choice((4, 5, 5, 6)) for _ in range(8)] + [chance.choice((3, 4, 5)) for _ in range(3)] + [
        3,
        2,
    ]
    stack(s, -196, -52, high, boxes, seed)
    s.shade(
        [
            (-300, -60),
            (-298, -30),
            (-280, 6),
            (264, 6),
            (300, -58),
            (318, -74),
            (262, -64),
            (252, -52),
            (-210, -52),
            (-214, -60),
        ],
        mix(hull, "#ffffff", 0.1),
        hull,
    )
    s.poly([(-287, -8), (-280, 8), (262, 8), (275, -8)], boot)
    s.rect(-288, -142, -220, -58, house)
    s.rect(-296, -160, -212, -140, house)
    s.rect(-294, -154, -214, -146, mix(hull, "#101830", 0.5))
    for row in range(4):
        for col in range(5):
            s.rect(
                -282 + col * 12.5, -132 + row * 17, -275 + col * 12.5, -125 + row * 17, mix(hull, "#203048", 0.4), 0.75
            )
    s.rect(-272, -188, -246, -160, funnel or boot)
    s.rect(-272, -180, -246, -174, house)
    s.line([(-230, -160), (-230, -204)], lines or hull, 3)
    s.line([(276, -64), (276, -112)], lines or hull, 3)
    s.rect(-150, -34, -30, -29, house, 0.55)


def tug(s: Scene, hull: str, house: str, accent: str, dark: str) -> None:
    """A harbour tug of 150 units, bow to the right."""
    s.shade([(-76, -24), (-70, 6), (62, 6), (82, -36), (30, -28)], mix(hull, "#ffffff", 0.12), hull)
    s.line([(-76, -22), (30, -26), (80, -35)], dark, 5)
    s.round(-30, -58, 34, -26, 4, house)
    s.round(-16, -86, 26, -58, 4, house)
    s.poly([(-10, -80), (24, -80), (24, -67), (-10, -67)], dark)
    s.line([(6, -80), (6, -67)], house, 2)
    s.rect(-44, -72, -30, -30, accent)
    s.rect(-44, -66, -30, -60, dark)
    s.line([(4, -86), (4, -122)], dark, 3)
    s.line([(-8, -106), (16, -106)], dark, 2)
    for x in (-56, -20, 16, 44):
        s.disc(x, -10, 5.5, dark)


def trawler(s: Scene, hull: str, house: str, accent: str, dark: str) -> None:
    """A fishing boat of 200 units, bow to the right."""
    s.shade([(-100, -40), (-92, 6), (72, 6), (106, -58), (50, -40)], mix(hull, "#ffffff", 0.14), hull)
    s.line([(-98, -32), (50, -34), (100, -50)], accent, 5)
    s.round(0, -92, 56, -40, 4, house)
    s.poly([(0, -84), (58, -84), (58, -68), (0, -68)], dark)
    for x in (18, 38):
        s.line([(x, -84), (x, -68)], house, 3)
    s.rect(-4, -97, 62, -90, accent)
    s.line([(-14, -40), (-14, -176)], dark, 5)
    s.line([(-14, -60), (-84, -142)], dark, 4)
    s.line([(-84, -142), (-14, -172)], dark, 1.6)
    s.line([(-14, -172), (98, -58)], dark, 1.6)
    s.line([(-84, -142), (-88, -44)], dark, 1.6)
    s.poly([(-94, -40), (-90, -128), (-96, -128), (-99, -120)], dark, 0.0)
    s.line([(-92, -40), (-92, -92), (-62, -92), (-62, -40)], dark, 5)
    s.disc(-44, -50, 12, accent)
    s.disc(-44, -50, 5, dark)


def ferry(s: Scene, white: str, band: str, dark: str, leaf: str) -> None:
    """The electric ferry Solvei, 520 units, bow to the right."""
    s.shade([(-262, -56), (-250, 8), (236, 8), (284, -62)], band, mix(band, "#0a1430", 0.35))
    s.poly([(-264, -64), (288, -70), (282, -52), (-262, -50)], leaf)
    s.shade([(-236, -64), (-230, -122), (170, -122), (232, -68)], "#ffffff", white)
    s.shade([(-190, -122), (-184, -166), (92, -166), (132, -122)], "#ffffff", white)
    s.poly([(-60, -166), (-54, -196), (50, -196), (76, -166)], white)
    s.poly([(-44, -190), (48, -190), (66, -172), (-48, -172)], dark)
    for i in range(11):
        s.round(-214 + i * 34, -106, -190 + i * 34, -86, 5, dark, 0.85)
    for i in range(8):
        s.round(-168 + i * 32, -152, -146 + i * 32, -134, 5, dark, 0.85)
    s.poly([(170, -112), (206, -84), (182, -84), (170, -92)], dark, 0.85)
    s.rect(-136, -182, -78, -172, dark)
    s.line([(0, -196), (0, -226)], dark, 3)
    bolt(s, -222, -30, 26, white)


def bolt(s: Scene, x: float, y: float, h: float, colour: str) -> None:
    """A flash of lightning, `h` high, around (x, y)."""
    shape = ((0.12, -0.5), (-0.3, 0.08), (-0.02, 0.08), (-0.12, 0.5), (0.3, -0.1), (0.02, -0.1))
    s.poly([(x + a * h, y + b * h) for a, b in shape], colour)


def tower(s: Scene, wall: str, stripe: str, dark: str, lamp: str) -> None:
    """A lighthouse, 240 high."""
    for i in range(5):
        y0, y1 = -36 * i, -36 * (i + 1)
        w0, w1 = 34 - 3 * i, 34 - 3 * (i + 1)
        s.poly([(-w0, y0), (-w1, y1), (w1, y1), (w0, y0)], stripe if i % 2 else wall)
        s.poly([(w0 * 0.35, y0), (w1 * 0.35, y1), (w1, y1), (w0, y0)], dark, 0.14)
    s.rect(-27, -188, 27, -180, dark)
    s.rect(-15, -214, 15, -188, lamp)
    for x in (-15, -5, 5, 15):
        s.line([(x, -214), (x, -188)], dark, 2.4)
    s.poly([(-20, -212), (0, -236), (20, -212)], stripe)
    s.disc(0, -237, 4, dark)
    s.round(-9, -30, 9, 0, 8, dark)


# --- people and houses ------------------------------------------------------------------------------------------

SKIN = ("#f2c9a5", "#e0a97f", "#c98a62", "#8d5a3f", "#f5d5b8")
HAIR = ("#2b2230", "#5a3a28", "#a8703c", "#d9b36a", "#7c7f86", "#3b2a22")


def person(
    s: Scene, coat: str, skin: str, hair: str, legs: str, *, cap: str = "", arm: float | None = None, back: bool = False
) -> None:
    """A standing figure, 150 high, feet at (0, 0); `arm` is the angle of a raised arm (90: up)."""
    s.line([(-9, -4), (-9, -62)], legs, 15)
    s.line([(9, -4), (9, -62)], legs, 15)
    s.poly(
        smooth(
            [(-22, -54), (-25, -90), (-18, -112), (0, -117), (18, -112), (25, -90), (22, -54), (0, -52)], closed=True
        ),
        coat,
    )
    s.poly(smooth([(3, -54), (4, -116), (18, -112), (25, -90), (22, -54)], closed=True), "#0a1430", 0.12)
    s.line([(-21, -102), (-27, -64)], mix(coat, "#0a1430", 0.14), 11)
    if arm is None:
        s.line([(21, -102), (27, -64)], mix(coat, "#0a1430", 0.2), 11)
    else:
        a = math.radians(arm)
        hand = (20 + 46 * math.cos(a), -102 - 46 * math.sin(a))
        s.line([(20, -102), hand], mix(coat, "#0a1430", 0.14), 11)
        s.disc(*hand, 7, skin)
    s.rect(-5, -122, 5, -110, mix(skin, "#5a2a20", 0.2))
    s.disc(0, -133, 15, hair if back else skin)
    if not back:
        s.poly(arc(0, -135, 16, 16, 180, 360), hair)
    if cap:
        s.poly(arc(0, -136, 17, 15, 180, 360), cap)
        s.line([(-17, -136), (22, -136)], cap, 4)


def folk(
    s: Scene,
    seed: str,
    n: int,
    x0: float,
    x1: float,
    y: float,
    scale: float,
    coats: Sequence[str],
    *,
    back: bool = False,
    jitter: float = 10,
) -> None:
    """A row of people between x0 and x1."""
    chance = random.Random(seed)
    for i in range(n):
        x = x0 + (x1 - x0) * (i + 0.5) / n + chance.uniform(-jitter, jitter)
        with s.at(x, y + chance.uniform(-4, 4), scale * chance.uniform(0.93, 1.05), flip=chance.random() < 0.5):
            person(
                s,
                chance.choice(coats),
                chance.choice(SKIN),
                chance.choice(HAIR),
                "#26324c",
                cap=chance.choice(("", "", *coats)),
                back=back,
            )


def house(
    s: Scene,
    x: float,
    y: float,
    w: float,
    h: float,
    wall: str,
    roof: str,
    pane: str,
    *,
    floors: int = 2,
    gable: bool = True,
    lit: float = 0.0,
    seed: str = "",
) -> None:
    """A town house; `lit` is the share of windows with light."""
    chance = random.Random(f"{seed}{x}")
    s.rect(x, y - h, x + w, y, wall)
    s.rect(x + w * 0.72, y - h, x + w, y, "#0a1430", 0.09)
    if gable:
        s.poly([(x - 4, y - h + 2), (x + w / 2, y - h - w * 0.46), (x + w + 4, y - h + 2)], roof)
        s.disc(x + w / 2, y - h - w * 0.12, w * 0.07, pane)
    else:
        s.poly([(x - 4, y - h + 2), (x + 10, y - h - 26), (x + w - 10, y - h - 26), (x + w + 4, y - h + 2)], roof)
    across = max(2, int(w / 38))
    for row in range(floors):
        for col in range(across):
            cx, cy = x + w * (col + 0.5) / across, y - h + h * (row + 0.42) / (floors + 0.15)
            light = chance.random() < lit
            s.rect(cx - 8, cy - 12, cx + 8, cy + 12, "#fbd47c" if light else pane)
            s.rect(cx - 0.8, cy - 12, cx + 0.8, cy + 12, wall)
            s.rect(cx - 8, cy - 2, cx + 8, cy - 0.4, wall)
    s.rect(x + w * 0.42, y - 30, x + w * 0.42 + 18, y, mix(roof, "#101830", 0.35))


def fish(s: Scene, body: str, belly: str, eye: str = "#15243c") -> None:
    """A cod of 200 units, head to the right."""
    s.poly(
        smooth([(-76, 0), (-40, -20), (10, -34), (62, -28), (98, -2), (70, 22), (10, 32), (-40, 18)], closed=True), body
    )
    s.poly(smooth([(-70, 2), (-30, 8), (30, 10), (96, 2), (70, 22), (10, 32), (-40, 18)], closed=True), belly)
    s.poly([(-70, 0), (-112, -34), (-100, 0), (-112, 34)], body)
    s.poly([(-24, -26), (0, -48), (26, -34)], body)
    s.poly([(30, -34), (48, -50), (58, -30)], body)
    s.poly([(-6, 30), (-16, 48), (20, 32)], body)
    s.curve([(58, -20), (50, 0), (58, 18)], mix(body, "#101830", 0.3), 3)
    s.disc(76, -8, 6.5, "#fffaf0")
    s.disc(77, -8, 3.6, eye)
    for i in range(4):
        s.disc(-30 + i * 20, -12 + (i % 2) * 5, 3.4, mix(body, "#101830", 0.25))
