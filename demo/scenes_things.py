"""Scenes of things: rooms, tables, charts."""

from __future__ import annotations

import math
import random

from drawing import Scene, arc, mix, smooth
from motifs import HAIR, SKIN, Mood, air, cloud, crane, fish, freighter, gull, hills, house, person, stack, tree
from scenes_sea import boxes


def barrage_plan(s: Scene, m: Mood) -> None:
    blue = mix(m.cool, m.near, 0.35)
    s.sky("#c99d6b", "#b58556")
    for i in range(12):
        s.line([(0, 30 + i * 58), (1200, 18 + i * 60)], "#a87748", 2, 0.5)
    with s.at(590, 340, 1, turn=-2.5):
        s.rect(-486, -268, 500, 284, "#7a5230", 0.35)
        s.rect(-500, -285, 490, 270, blue)
        line = mix(blue, "#ffffff", 0.75)
        for i in range(1, 20):
            s.line([(-500 + i * 50, -285), (-500 + i * 50, 270)], line, 1, 0.22)
        for i in range(1, 11):
            s.line([(-500, -285 + i * 50), (490, -285 + i * 50)], line, 1, 0.22)
        north = smooth(
            [(-480, -120), (-340, -150), (-200, -100), (-60, -140), (80, -90), (240, -150), (360, -110), (470, -160)]
        )
        south = smooth([(-480, 130), (-320, 90), (-180, 140), (-40, 70), (110, 110), (230, 70), (360, 130), (470, 100)])
        s.poly([(-480, -265), *north, (470, -265)], line, 0.16)
        s.poly([(-480, 250), *south, (470, 250)], line, 0.16)
        s.line(north, line, 4)
        s.line(south, line, 4)
        s.line([(60, -96), (88, 104)], "#ffffff", 13)
        for i in range(8):
            x, y = 63 + i * 3.4, -78 + i * 24
            s.disc(x, y, 10, m.gold)
            s.disc(x, y, 4, blue)
        for i in range(3):
            x0 = -420 + i * 26
            s.curve(
                [(x0, -30 + i * 36), (x0 + 120, -44 + i * 36), (x0 + 260, -24 + i * 36), (x0 + 380, -34 + i * 36)],
                m.gold,
                4,
            )
            s.poly([(x0 + 376, -46 + i * 36), (x0 + 404, -34 + i * 36), (x0 + 376, -22 + i * 36)], m.gold)
        s.line([(120, -96), (148, 100)], line, 2)
        for x, y in ((120, -96), (148, 100)):
            s.line([(x - 12, y), (x + 12, y)], line, 3)
        s.disc(386, 196, 40, line, 0.25)
        s.poly([(386, 148), (400, 196), (372, 196)], m.warm)
        s.poly([(386, 244), (400, 196), (372, 196)], line)
        for i, w in enumerate((120, 80, 100)):
            s.line([(-460, 190 + i * 18), (-460 + w, 190 + i * 18)], line, 5)
        for k in (1, 2, 3):
            s.curve([(230 + k * 10, 30 - k * 16), (300, 10 - k * 10), (420, 30 - k * 20)], line, 2, 0.6)
    with s.at(930, 560, 1, turn=-28):
        s.rect(-230, 8, 230, 24, "#7a5230", 0.3)
        s.rect(-220, -10, 180, 10, m.gold)
        s.rect(-220, 2, 180, 10, mix(m.gold, m.near, 0.25))
        s.poly([(180, -10), (228, 0), (180, 10)], m.light)
        s.poly([(212, -3.5), (228, 0), (212, 3.5)], m.near)
        s.rect(-250, -10, -220, 10, m.warm)
    with s.at(190, 590, 1, turn=9):
        s.rect(-190, -20, 260, 46, "#7a5230", 0.3)
        s.rect(-200, -30, 250, 34, m.light)
        for i in range(44):
            s.line([(-192 + i * 10, -30), (-192 + i * 10, -30 + (20 if i % 5 == 0 else 11))], m.near, 1.6)


def server_room(s: Scene, m: Mood) -> None:
    s.sky("#0d1a33", "#14284a")
    vx, vy = 600, 300
    s.poly([(0, 675), (1200, 675), (vx + 70, vy + 46), (vx - 70, vy + 46)], "#1d3a5f")
    for i in range(-7, 8):
        s.line([(vx + i * 9, vy + 46), (vx + i * 150, 675)], "#2f5c88", 1.6, 0.6)
    for y in (362, 390, 432, 500, 600):
        half = 70 + (y - 346) / (675 - 346) * 530
        s.line([(vx - half, y), (vx + half, y)], "#2f5c88", 1.6, 0.6)
    s.poly([(0, 0), (1200, 0), (vx + 70, vy - 60), (vx - 70, vy - 60)], "#0a1428")
    for i in range(5):
        t0, t1 = 0.1 + i * 0.18, 0.2 + i * 0.17
        y0, y1 = (vy - 60) * t0, (vy - 60) * t1
        s.poly(
            [
                (vx - 120 * (1 - t0) - 6, y0),
                (vx + 120 * (1 - t0) + 6, y0),
                (vx + 120 * (1 - t1) + 6, y1),
                (vx - 120 * (1 - t1) - 6, y1),
            ],
            "#bfe3f2",
            0.85,
        )
    s.glow(vx, vy, 260, m.cool, 0.6)
    s.rect(vx - 70, vy - 60, vx + 70, vy + 46, "#1c3c66")
    s.rect(vx - 26, vy - 30, vx + 26, vy + 46, "#9fd3e6", 0.8)
    chance = random.Random("rack")
    edges = [0.0, 0.3, 0.52, 0.68, 0.8, 0.89, 0.95]
    for side in (-1, 1):
        for i in range(len(edges) - 1):
            a, b = edges[i], edges[i + 1] - 0.012
            red = side == 1 and i == 1

            def spot(t: float, v: float, side: int = side) -> tuple[float, float]:
                x = vx + side * (610 * (1 - t) + 70 * t)
                top, bottom = -30 * (1 - t) + (vy - 60) * t, 700 * (1 - t) + (vy + 46) * t
                return x, top + (bottom - top) * v

            body = "#5c2030" if red else "#1a3050"
            s.poly([spot(a, 0), spot(b, 0), spot(b, 1), spot(a, 1)], body)
            s.poly([spot(b - (b - a) * 0.06, 0), spot(b, 0), spot(b, 1), spot(b - (b - a) * 0.06, 1)], "#0a1428")
            for row in range(13):
                v0, v1 = 0.05 + row * 0.071, 0.05 + row * 0.071 + 0.052
                p, q = a + (b - a) * 0.08, b - (b - a) * 0.14
                s.poly([spot(p, v0), spot(q, v0), spot(q, v1), spot(p, v1)], "#3a1422" if red else "#0f2140")
                for lamp in range(5):
                    t = p + (q - p) * (0.12 + lamp * 0.15)
                    if chance.random() < 0.68:
                        colour = m.warm if red else chance.choice(("#6fe3c1", "#6fe3c1", m.gold, "#67b7e8"))
                        x, y = spot(t, (v0 + v1) / 2)
                        r = 6.5 * (1 - t) + 1
                        s.disc(x, y, r, colour)
    s.glow(1000, 330, 330, m.warm, 0.35)
    with s.at(600, 500, 0.95):
        person(s, mix(m.light, m.cool, 0.2), SKIN[2], HAIR[0], "#0a1428", back=True)


def padlock_screen(s: Scene, m: Mood) -> None:
    s.sky(mix(m.near, m.mid, 0.2), m.near)
    s.glow(600, 290, 520, m.warm, 0.5)
    s.rect(0, 560, 1200, 675, mix(m.near, "#000000", 0.25))
    s.rect(0, 560, 1200, 568, mix(m.mid, m.light, 0.2))
    s.round(252, 76, 948, 500, 20, mix(m.near, "#000000", 0.35))
    s.shade([(272, 96), (928, 96), (928, 474), (272, 474)], "#5a1d33", "#9c2f3b", "#c9483f")
    chance = random.Random("code")
    for row in range(12):
        x = 296.0
        while x < 890:
            w = chance.uniform(12, 70)
            if chance.random() < 0.6:
                s.line([(x, 122 + row * 30), (min(x + w, 900), 122 + row * 30)], m.light, 5, 0.13)
            x += w + 18
    s.poly([(540, 500), (660, 500), (680, 562), (520, 562)], mix(m.near, m.mid, 0.35))
    s.round(470, 552, 730, 572, 8, mix(m.near, m.mid, 0.5))
    s.line([*[(546, 280), (546, 226)], *arc(600, 226, 54, 56, 180, 360, 30), (654, 280)], m.light, 22)
    s.round(514, 268, 686, 408, 18, m.gold)
    s.round(600, 268, 686, 408, 18, mix(m.gold, m.near, 0.16))
    s.disc(600, 322, 19, m.near)
    s.poly([(590, 330), (610, 330), (618, 376), (582, 376)], m.near)
    stack(s, 60, 560, (2, 3, 1), boxes(m), "lock-left", 58, 30)
    stack(s, 966, 560, (1, 3, 2), boxes(m), "lock-right", 58, 30)
    for x, y in ((96, 430), (1080, 420)):
        s.round(x - 24, y, x + 24, y + 38, 6, m.light)
        s.line([*arc(x, y, 15, 18, 180, 360, 20)], m.light, 7)
        s.disc(x, y + 17, 5, m.near)
    for i in range(12):
        s.round(404 + i * 33, 600, 432 + i * 33, 622, 5, mix(m.mid, m.light, 0.15))
    for i in range(10):
        s.round(420 + i * 36, 628, 450 + i * 36, 650, 5, mix(m.mid, m.light, 0.15))


def phone_desk(s: Scene, m: Mood) -> None:
    s.sky(mix(m.cool, m.light, 0.55), mix(m.cool, m.light, 0.75))
    s.rect(80, 70, 420, 350, m.light)
    s.shade([(96, 86), (404, 86), (404, 334), (96, 334)], *m.sky)
    with s.at(250, 334, 0.72):
        crane(s, mix(m.near, m.far, 0.3), boom=30)
    s.rect(246, 86, 254, 334, m.light)
    for i in range(3):
        for j in range(4):
            x, y = 800 + j * 84, 76 + i * 84
            s.poly(
                [(x, y), (x + 62, y + (i + j) % 3 - 1), (x + 60, y + 62), (x + 2, y + 60)],
                (m.light, m.gold, mix(m.warm, m.light, 0.5))[(i + j) % 3],
            )
            s.line([(x + 12, y + 20), (x + 46, y + 20)], m.near, 3, 0.6)
            s.line([(x + 12, y + 36), (x + 36, y + 36)], m.near, 3, 0.6)
            s.disc(x + 30, y + 4, 5, m.warm)
    s.shade([(0, 480), (1200, 480), (1200, 675), (0, 675)], "#c58a58", "#8a5638")
    s.rect(0, 480, 1200, 490, "#e0ab78")
    with s.at(330, 580):
        s.poly([(-150, 0), (-112, -104), (112, -104), (150, 0)], m.warm)
        s.poly([(30, -104), (112, -104), (150, 0), (50, 0)], m.near, 0.14)
        s.round(-156, -12, 156, 16, 10, mix(m.warm, m.near, 0.3))
        s.disc(0, -50, 46, m.light)
        for i in range(10):
            a = math.radians(-60 + i * 30)
            s.disc(31 * math.cos(a), -50 + 31 * math.sin(a), 6.5, m.near)
        s.disc(0, -50, 13, m.gold)
        s.line([(-64, -104), (-64, -124)], m.near, 16)
        s.line([(64, -104), (64, -124)], m.near, 16)
        s.curve([(-140, -132), (-90, -158), (0, -164), (90, -158), (140, -132)], m.near, 26)
        s.round(-166, -146, -104, -108, 14, m.near)
        s.round(104, -146, 166, -108, 14, m.near)
        s.curve([(-150, -108), (-200, -70), (-170, -30), (-210, 0), (-180, 30)], m.near, 6)
    with s.at(790, 590):
        s.poly([(-176, 0), (-160, -110), (150, -110), (180, 0)], mix(m.light, m.near, 0.14))
        s.poly([(-160, -110), (150, -110), (146, -134), (-154, -134)], mix(m.light, m.near, 0.3))
        s.round(-184, -10, 188, 18, 8, mix(m.light, m.near, 0.34))
        s.poly(
            smooth(
                [(-110, -128), (-116, -196), (-96, -262), (-92, -300), (92, -300), (84, -250), (96, -196), (92, -128)],
                closed=False,
                steps=6,
            ),
            "#ffffff",
        )
        for i in range(6):
            s.line([(-78, -272 + i * 22), (62 - (i * 31) % 60, -272 + i * 22)], m.near, 5, 0.65)
        s.round(-126, -84, -30, -34, 5, mix("#7fb08a", m.light, 0.3))
        for i in range(3):
            for j in range(4):
                s.round(0 + j * 34, -92 + i * 26, 24 + j * 34, -74 + i * 26, 4, m.near)
        s.rect(-120, -138, 100, -124, m.near)
    with s.at(1080, 580):
        s.poly([(-40, -80), (40, -80), (32, 10), (-32, 10)], m.cool)
        s.oval(0, -80, 40, 10, "#5a3626")
        s.line(arc(40, -42, 24, 24, -80, 80, 20), m.cool, 9)
        for dx in (-12, 10):
            s.curve([(dx, -104), (dx + 10, -128), (dx - 6, -150), (dx + 6, -172)], m.light, 5, 0.7)
    with s.at(560, 624, 1, turn=-6):
        s.poly([(-70, -26), (64, -26), (76, 26), (-76, 26)], m.light)
        for j in range(3):
            s.line([(-50, -12 + j * 12), (40 - j * 12, -12 + j * 12)], m.mid, 3)


def cod_catch(s: Scene, m: Mood) -> None:
    s.sky(mix(m.near, m.mid, 0.55), mix(m.near, m.mid, 0.3))
    crates = (
        (20, 20, 560, 320, m.cool, 0),
        (620, 20, 560, 320, m.gold, 1),
        (20, 364, 560, 300, m.warm, 2),
        (620, 364, 560, 300, m.cool, 3),
    )
    for x, y, w, h, paint, n in crates:
        s.round(x + 6, y + 10, x + w + 6, y + h + 10, 18, "#0a1428", 0.35)
        s.round(x, y, x + w, y + h, 18, paint)
        s.round(x + 20, y + 20, x + w - 20, y + h - 20, 10, mix(paint, m.near, 0.45))
        chance = random.Random(f"ice{n}")
        for _ in range(110):
            cx, cy, r = chance.uniform(x + 36, x + w - 36), chance.uniform(y + 36, y + h - 36), chance.uniform(8, 17)
            s.poly(
                [(cx - r, cy), (cx - r * 0.2, cy - r), (cx + r, cy - r * 0.3), (cx + r * 0.4, cy + r)],
                chance.choice(("#eaf4f6", "#d5e8ee", "#f8fcfc")),
            )
        for i in range(3):
            with s.at(
                x + w / 2 + (i % 2) * 60 - 30,
                y + 76 + i * (h - 150) / 2,
                1.5,
                turn=(-4, 5, -2)[i],
                flip=(n + i) % 2 == 1,
            ):
                fish(s, ("#7f8f6c", "#8f8a64", "#6f8578")[(i + n) % 3], "#f1ecd8")
        s.line([(x + 60, y + h - 10), (x + w - 60, y + h - 10)], m.light, 4, 0.35)


def quota_chart(s: Scene, m: Mood) -> None:
    s.sky(*m.sky)
    for i in range(6):
        s.line([(120, 120 + i * 86), (1090, 120 + i * 86)], m.mid, 2, 0.45)
    heights = (392, 420, 372, 344, 300, 258, 224)
    for i, h in enumerate(heights):
        x = 160 + i * 134
        colour = m.warm if i == 6 else mix(m.cool, m.light, 0.06 * (6 - i))
        s.round(x, 550 - h, x + 84, 560, 12, colour)
        s.rect(x, 530, x + 84, 550, colour)
        s.round(x + 54, 550 - h, x + 84, 560, 12, m.near, 0.1)
    s.line([(110, 552), (1100, 552)], m.near, 7)
    tips = [(202 + i * 134, 550 - h - 34) for i, h in enumerate(heights)]
    s.curve(tips, m.near, 6)
    for x, y in tips:
        s.disc(x, y, 11, m.near)
        s.disc(x, y, 5, m.light)
    with s.at(940, 150, 1.5, turn=8):
        fish(s, mix(m.cool, m.near, 0.25), mix(m.light, m.cool, 0.15))
    for x, y, k in ((300, 606, 0.42), (520, 606, 0.42), (740, 606, 0.36), (940, 606, 0.3)):
        with s.at(x, y, k):
            fish(s, m.near, mix(m.near, m.light, 0.3))
    for x, y, r in ((1080, 96, 12), (1104, 64, 8), (1084, 40, 5)):
        s.line(arc(x, y, r, r, 0, 360, 30), m.cool, 3)


def share_chart(s: Scene, m: Mood) -> None:
    s.sky(*m.sky)
    for i in range(8):
        s.line([(0, 60 + i * 80), (1200, 60 + i * 80)], m.mid, 2, 0.35)
    for i in range(13):
        s.line([(50 + i * 92, 0), (50 + i * 92, 675)], m.mid, 2, 0.35)
    points = [
        (0, 300),
        (90, 252),
        (170, 280),
        (260, 206),
        (350, 236),
        (440, 160),
        (540, 196),
        (620, 172),
        (700, 300),
        (760, 340),
        (830, 318),
        (920, 452),
        (1010, 430),
        (1090, 500),
        (1200, 540),
    ]
    s.shade([(0, 675), *points, (1200, 675)], mix(m.warm, m.light, 0.45), mix(m.warm, m.light, 0.85))
    s.line(points, m.warm, 10)
    for x, y in points[1:-1]:
        s.disc(x, y, 10, m.light)
        s.disc(x, y, 6, m.warm)
    with s.at(560, 176, 0.62, turn=5):
        freighter(s, m.near, m.cool, m.light, boxes(m), "share")
    with s.at(1020, 250, 1, turn=56):
        s.line([(-120, 0), (60, 0)], m.near, 18)
        s.poly([(50, -40), (120, 0), (50, 40)], m.near)
    for i in range(4):
        for j in range(5 - i):
            x, y = 110 + i * 92, 640 - j * 21
            s.round(x - 40, y - 16, x + 40, y + 12, 13, mix(m.gold, m.warm, 0.45))
            s.oval(x, y - 14, 40, 12, m.gold)
        s.oval(x, y - 14, 27, 7, mix(m.gold, m.warm, 0.25))


def hand(s: Scene, skin: str, sleeve: str, cuff: str) -> None:
    """A forearm from the left whose hand reaches past (0, 0), fingers to the right."""
    dark = mix(skin, "#5a2a20", 0.25)
    s.poly([(-520, -92), (-190, -66), (-190, 70), (-520, 112)], sleeve)
    s.poly([(-520, 30), (-190, 16), (-190, 70), (-520, 112)], "#0a1430", 0.14)
    s.poly([(-206, -72), (-160, -68), (-160, 74), (-206, 76)], cuff)
    s.poly(
        smooth(
            [(-166, -58), (-90, -70), (-10, -74), (60, -60), (112, -40), (120, 30), (60, 66), (-40, 74), (-166, 64)],
            closed=True,
        ),
        skin,
    )
    s.poly(smooth([(-166, 40), (-40, 56), (60, 50), (60, 66), (-40, 74), (-166, 64)], closed=True), dark, 0.5)


def handshake(s: Scene, m: Mood) -> None:
    s.sky(*m.sky)
    s.disc(600, 330, 282, m.gold, 0.4)
    s.disc(600, 330, 214, m.gold, 0.6)
    for i in range(24):
        a = math.radians(i * 15)
        s.line(
            [(600 + 306 * math.cos(a), 330 + 306 * math.sin(a)), (600 + 350 * math.cos(a), 330 + 350 * math.sin(a))],
            m.gold,
            6,
            0.8,
        )
    left, right = SKIN[0], SKIN[2]
    with s.at(690, 352, 1.1, turn=174):
        hand(s, right, m.cool, m.light)
    with s.at(520, 352, 1.1, turn=6):
        hand(s, left, m.warm, m.light)
    with s.at(520, 352, 1.1, turn=6):  # the thumb, and the other hand's fingers laid around this one
        for i in range(4):
            y = -40 + i * 31
            s.curve(
                [(170, y - 4 + i * 3), (120, y - 10), (64 + i * 5, y - 4), (36 + i * 9, y + 6)],
                mix(right, "#5a2a20", 0.28),
                33,
            )
            s.curve([(170, y - 6 + i * 3), (120, y - 13), (64 + i * 5, y - 7), (36 + i * 9, y + 3)], right, 28)
        s.curve([(20, -62), (80, -96), (150, -92), (190, -66)], mix(left, "#5a2a20", 0.25), 43)
        s.curve([(20, -66), (80, -100), (150, -96), (190, -70)], left, 38)
        s.poly(arc(184, -76, 13, 11, 190, 340), mix(left, "#ffffff", 0.5))


def soup_bowl(s: Scene, m: Mood) -> None:
    s.sky("#e9cfa6", "#dcb888")
    for i in range(7):
        s.line([(0, 60 + i * 98), (1200, 50 + i * 100)], "#cfa672", 3, 0.7)
    s.poly([(700, -20), (1230, -20), (1230, 700), (900, 700)], m.cool)
    for i in range(11):
        s.line([(720 + i * 50, -20), (920 + i * 50, 700)], m.light, 7, 0.5)
        s.line([(700, -10 + i * 68), (1230, -10 + i * 68)], m.light, 7, 0.35)
    s.disc(570, 362, 268, "#7a5230", 0.3)
    s.disc(560, 345, 262, m.light)
    s.disc(560, 345, 250, mix(m.light, m.near, 0.1))
    s.disc(560, 345, 216, m.cool)
    s.disc(560, 345, 206, mix(m.gold, m.light, 0.38))
    s.blob(
        [(380, 330), (460, 240), (560, 260), (660, 220), (730, 320), (690, 440), (560, 420), (440, 460)],
        mix(m.gold, m.light, 0.62),
        0.8,
    )
    for x, y, t in ((470, 290, 10), (640, 300, -30), (560, 430, 60), (680, 400, 20), (430, 390, -14)):
        with s.at(x, y, 1, turn=t):
            s.blob([(-40, -14), (0, -24), (38, -12), (36, 16), (-4, 24), (-40, 14)], "#fff7ea")
            s.curve([(-26, 2), (0, -7), (24, 2)], "#ecc9b4", 4)
    for x, y in ((520, 350), (610, 370), (500, 240), (600, 230), (700, 340), (410, 320), (620, 460), (480, 460)):
        s.round(x - 15, y - 15, x + 15, y + 15, 6, m.warm)
        s.round(x - 10, y - 13, x + 4, y - 6, 3, mix(m.warm, m.light, 0.5))
    chance = random.Random("dill")
    for _ in range(26):
        x, y, a = chance.uniform(400, 720), chance.uniform(210, 480), chance.uniform(0, math.tau)
        s.line([(x, y), (x + 18 * math.cos(a), y + 18 * math.sin(a))], "#4f8f5b", 4)
    with s.at(960, 380, 1, turn=22):
        s.oval(6, -142, 44, 64, "#7a5230", 0.25)
        s.line([(6, -90), (12, 200)], "#7a5230", 15, 0.25)
        s.line([(0, -96), (0, 190)], mix(m.light, m.near, 0.28), 15)
        s.oval(0, -150, 42, 62, mix(m.light, m.near, 0.28))
        s.oval(-5, -154, 28, 45, mix(m.light, m.near, 0.12))
    with s.at(160, 160, 1, turn=-18):
        s.oval(6, 10, 140, 92, "#7a5230", 0.28)
        s.oval(0, 0, 138, 90, "#a8693c")
        s.oval(-2, -6, 124, 76, "#e9bf86")
        for x, y in ((-60, -10), (-20, 20), (30, -20), (64, 16), (0, -40), (80, -14)):
            s.oval(x, y, 9, 5, "#cf9c5f")
    s.blob([(130, 560), (170, 500), (260, 500), (300, 560), (260, 620), (170, 620)], m.gold)
    s.disc(215, 560, 54, mix(m.gold, m.light, 0.5))
    for i in range(8):
        a = math.radians(i * 45)
        s.poly(
            [
                (215 + 10 * math.cos(a), 560 + 10 * math.sin(a)),
                (215 + 46 * math.cos(a - 0.3), 560 + 46 * math.sin(a - 0.3)),
                (215 + 46 * math.cos(a + 0.3), 560 + 46 * math.sin(a + 0.3)),
            ],
            m.gold,
        )


def radio_set(s: Scene, m: Mood) -> None:
    s.sky(mix(m.cool, m.near, 0.25), mix(m.cool, m.near, 0.5))
    s.disc(900, 160, 300, m.cool, 0.35)
    for i in range(4):
        s.line(arc(930, 150, 70 + i * 62, 70 + i * 62, 115, 245, 40), m.light, 9, 0.5 - i * 0.09)
    s.shade([(0, 560), (1200, 560), (1200, 675), (0, 675)], "#b57a4d", "#7c4a35")
    s.rect(0, 556, 1200, 566, "#dba06a")
    s.line([(900, 240), (960, 20)], m.near, 12)
    s.disc(960, 20, 10, m.warm)
    s.round(190, 206, 970, 566, 30, "#0a1428", 0.3)
    s.round(180, 190, 960, 552, 30, m.near)
    s.round(194, 204, 946, 538, 22, mix(m.near, m.mid, 0.35))
    s.round(440, 236, 770, 396, 12, "#0a1428")
    s.shade([(452, 248), (758, 248), (758, 384), (452, 384)], "#f5a54c", "#e8803c")
    for x0, seg in ((492, "16"), (600, "88")):
        s.rect(x0, 272, x0 + 12, 360, m.near)
        if seg == "88":
            s.rect(x0 + 52, 272, x0 + 64, 360, m.near)
            for y in (272, 310, 348):
                s.rect(x0, y, x0 + 64, y + 12, m.near)
        else:
            s.rect(x0 + 40, 272, x0 + 52, 360, m.near)
    for i in range(4):
        s.rect(694 + i * 14, 360 - 16 * (i + 1), 702 + i * 14, 360, m.near)
    for x, r in ((860, 62),):
        s.disc(x, 316, r + 8, "#0a1428")
        s.disc(x, 316, r, mix(m.mid, m.light, 0.2))
        s.disc(x, 316, r - 14, mix(m.mid, m.light, 0.4))
        s.line([(x, 316), (x + 24, 276)], m.near, 9)
    for i in range(6):
        s.round(442 + i * 56, 424, 486 + i * 56, 456, 7, (m.warm, m.light, m.light, m.light, m.gold, m.light)[i])
        s.round(442 + i * 56, 474, 486 + i * 56, 506, 7, mix(m.mid, m.light, 0.35))
    for row in range(9):
        for col in range(9):
            if math.hypot(row - 4, col - 4) < 4.6:
                s.disc(318 + (col - 4) * 21, 372 + (row - 4) * 21, 6.5, "#0a1428")
    s.curve([(958, 470), (1020, 520), (1040, 440), (1090, 500), (1100, 420), (1130, 380)], m.near, 11)
    with s.at(1090, 300, 1, turn=10):
        s.round(-50, -120, 50, 96, 24, "#0a1428")
        s.round(-42, -112, 42, 88, 18, mix(m.near, m.mid, 0.45))
        for i in range(5):
            s.line([(-22, -86 + i * 15), (22, -86 + i * 15)], "#0a1428", 6)
        s.round(-60, -16, -42, 46, 7, m.warm)


def book(s: Scene, m: Mood) -> None:
    s.sky(*m.sky)
    s.disc(600, 270, 230, m.gold, 0.35)
    s.disc(600, 270, 150, m.gold, 0.55)
    chance = random.Random("letters")
    for _ in range(40):
        a, r = chance.uniform(-2.9, -0.2), chance.uniform(250, 420)
        s.disc(600 + r * 1.2 * math.cos(a), 380 + r * 0.85 * math.sin(a), chance.uniform(2, 5), m.warm, 0.7)
    s.oval(600, 610, 480, 34, m.near, 0.22)
    s.poly(
        smooth(
            [
                (120, 560),
                (360, 520),
                (600, 574),
                (840, 520),
                (1080, 560),
                (1080, 604),
                (840, 570),
                (600, 622),
                (360, 570),
                (120, 604),
            ]
        ),
        m.near,
    )
    for i in range(4):
        y = 548 - i * 7
        s.line(
            smooth([(136 + i * 6, y), (360, y - 40), (600, y + 10), (840, y - 40), (1064 - i * 6, y)]),
            mix(m.light, m.near, 0.22 if i % 2 else 0.05),
            8,
        )
    s.poly([*smooth([(150, 520), (370, 474), (600, 534)]), *smooth([(600, 470), (370, 400), (176, 452)])], "#ffffff")
    s.poly(
        [*smooth([(600, 534), (830, 474), (1050, 520)]), *smooth([(1024, 452), (830, 400), (600, 470)])],
        mix(m.light, m.near, 0.06),
    )
    for i in range(4):
        s.curve([(220 - i * 8, 464 + i * 15), (350, 432 + i * 16), (520, 462 + i * 17)], m.near, 4, 0.45)
        s.curve([(690, 462 + i * 17), (850, 432 + i * 16), (980 + i * 8, 462 + i * 15)], m.near, 4, 0.45)
    for j, (colour, y) in enumerate(
        ((m.cool, 396), (mix(m.cool, m.near, 0.35), 424), (mix(m.cool, m.near, 0.65), 450))
    ):
        pts = []
        for i in range(61):
            t = i / 60
            pts.append(
                (
                    400 + 400 * t,
                    y - (26 - j * 4) * abs(math.sin(math.pi * (t * 4 + j * 0.3))) ** 0.7 - 26 * math.sin(math.pi * t),
                )
            )
        if j == 1:
            with s.at(600, 384, 0.8, turn=-5):
                s.poly(
                    smooth([(-130, -50), (-116, 10), (110, 10), (146, -54), (90, -30), (-90, -30)], closed=True),
                    "#7a4330",
                )
                for x, h in ((-56, 190), (40, 210)):
                    s.line([(x, -30), (x, -h)], "#4b2a20", 6)
                    for low, high, half in ((0.28, 0.58, 50), (0.62, 0.92, 38)):
                        s.blob(
                            [
                                (x - half, -h * low),
                                (x - half * 0.8, -h * high),
                                (x + half * 0.8, -h * high),
                                (x + half, -h * low),
                                (x + 18, -h * low * 1.25),
                            ],
                            "#ffffff",
                        )
                    s.poly([(x, -h), (x + 36, -h + 9), (x, -h + 18)], m.warm)
        s.poly([(400, 470), *pts, (800, 470), (600, 500)], colour)
        s.line(pts, m.light, 4, 0.8)
    for x, y in ((420, 180), (790, 150), (840, 190)):
        gull(s, x, y, 20, m.near)


def garden(s: Scene, m: Mood) -> None:
    air(s, m, 420, (960, 120), 50)
    cloud(s, 120, 90, 280, m.light, 0.8)
    hills(s, 422, 120, "#9cc3a0", "garden-far")
    house(s, 90, 430, 230, 130, m.light, m.warm, mix(m.near, m.cool, 0.4), floors=1, seed="garden")
    tree(s, 400, 432, 210, "#5f9a72", "#5a3a28")
    for x in range(0, 1210, 52):
        s.poly([(x, 470), (x, 392), (x + 16, 376), (x + 32, 392), (x + 32, 470)], m.light)
        s.rect(x + 22, 392, x + 32, 470, m.near, 0.08)
    s.rect(0, 408, 1200, 420, m.light)
    s.rect(0, 444, 1200, 456, m.light)
    s.shade([(0, 466), (1200, 466), (1200, 675), (0, 675)], "#84b57a", "#5d9663")
    for y, h in ((520, 30), (590, 40)):
        s.blob(
            [(-30, y), (300, y - 12), (700, y + 4), (1230, y - 8), (1230, y + h), (600, y + h + 8), (-30, y + h)],
            "#7a5138",
        )
    chance = random.Random("beds")
    for i in range(15):
        x, y = 40 + i * 80, 520
        for a in range(6):
            t = math.radians(200 + a * 28)
            s.oval(
                x + 20 * math.cos(t), y + 4 + 22 * math.sin(t), 14, 9, chance.choice(("#4f8f5b", "#6aa25f", "#3f7d55"))
            )
    for x, y, r in ((170, 610, 74), (345, 636, 58), (1040, 620, 84)):
        s.oval(x + 6, y + r * 0.72, r * 1.15, 12, "#2f4a38", 0.4)
        for dx, w, c in ((-0.62, 0.5, 0.12), (0.62, 0.5, 0.12), (-0.32, 0.56, 0.05), (0.32, 0.56, 0.05), (0, 0.5, 0)):
            s.oval(x + dx * r, y, w * r, r * 0.76, mix("#ea8a3c", m.near, c))
        s.curve([(x, y - r * 0.7), (x + 4, y - r), (x + 20, y - r * 1.1)], "#4f7d4b", 11)
    with s.at(700, 640, 1.25):
        s.poly([(-70, -110), (60, -110), (72, 0), (-82, 0)], m.cool)
        s.poly([(14, -110), (60, -110), (72, 0), (22, 0)], m.near, 0.16)
        s.line([(66, -30), (150, -120)], m.cool, 19)
        s.poly([(130, -134), (172, -104), (180, -120), (140, -150)], mix(m.cool, m.near, 0.3))
        s.line(arc(-76, -62, 46, 46, 70, 290, 30), m.cool, 13)
        s.oval(-5, -110, 65, 12, mix(m.cool, m.near, 0.35))
    for x, h, c in ((480, 150, m.warm), (520, 180, m.gold), (560, 140, m.warm), (900, 170, m.gold), (860, 130, m.warm)):
        s.curve([(x, 600), (x + 6, 600 - h * 0.5), (x, 600 - h)], "#3f7d55", 6)
        s.oval(x + 18, 600 - h * 0.4, 20, 8, "#4f8f5b")
        for i in range(8):
            a = math.radians(i * 45)
            s.disc(x + 20 * math.cos(a), 600 - h + 20 * math.sin(a), 12, c)
        s.disc(x, 600 - h, 13, "#7a4f2c")
