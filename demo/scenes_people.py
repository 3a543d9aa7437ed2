"""Scenes of people, houses and streets."""

from __future__ import annotations

import math
import random

from drawing import Scene, arc, mix, smooth
from motifs import HAIR, SKIN, Mood, air, bolt, cloud, crane, folk, hills, house, person, sea, stack, tree
from scenes_sea import boxes


def placard(s: Scene, m: Mood, x: float, y: float, face: str, sign: str, turn: float) -> None:
    """A placard on a stick; `sign` is what it shows instead of words."""
    with s.at(x, y, 1, turn=turn):
        s.line([(0, 0), (0, -120)], mix(m.near, "#a5764a", 0.6), 6)
        s.round(-52, -196, 52, -112, 6, face)
        ink = m.near if face != m.near else m.light
        if sign == "crane":
            with s.at(8, -120, 0.22):
                crane(s, ink, rope=40)
            s.line([(-40, -122), (40, -186)], m.warm if face != m.warm else m.light, 8)
        elif sign == "hand":
            s.round(-16, -166, 16, -126, 8, ink)
            for i in range(4):
                s.line([(-12 + i * 8, -166), (-14 + i * 9, -182)], ink, 6)
        else:
            for i, w in enumerate((72, 54, 64)):
                s.line([(-w / 2, -176 + i * 22), (w / 2, -176 + i * 22)], ink, 8)


def picket_line(s: Scene, m: Mood) -> None:
    air(s, m, 520, (950, 250), 64)
    for x, k in ((330, 0.86), (700, 1.0), (1080, 0.8)):
        with s.at(x, 520, k):
            crane(s, mix(m.far, m.mid, 0.5), boom=58)
    stack(
        s,
        0,
        520,
        (2, 3, 3, 2, 3, 1, 2, 2, 3, 3, 2, 1, 2, 3, 3, 2, 3, 2, 2, 3),
        [mix(c, m.mid, 0.6) for c in boxes(m)],
        "picket",
        62,
        26,
    )
    for x in range(0, 1210, 26):
        s.line([(x, 400), (x, 540)], m.near, 3, 0.8)
    for y in (404, 470, 536):
        s.line([(0, y), (1200, y)], m.near, 4, 0.8)
    s.shade([(0, 536), (1200, 536), (1200, 675), (0, 675)], mix(m.near, m.mid, 0.5), m.near)
    coats = (m.warm, m.gold, m.cool, mix(m.warm, m.near, 0.4), mix(m.cool, m.near, 0.4))
    folk(s, "picket-back", 9, 120, 1120, 600, 1.2, coats)
    for x, y, face, sign, turn in (
        (170, 500, m.light, "crane", -6),
        (430, 486, m.gold, "hand", 4),
        (640, 494, m.light, "lines", -3),
        (880, 486, m.warm, "hand", 6),
        (1070, 498, m.light, "crane", 3),
    ):
        placard(s, m, x, y, face, sign, turn)
    folk(s, "picket-front", 6, 90, 860, 652, 1.55, coats)
    s.glow(1010, 610, 190, m.gold, 0.9)
    s.poly([(960, 596), (1060, 596), (1048, 668), (972, 668)], mix(m.near, "#000000", 0.2))
    for i in range(3):
        s.disc(986 + i * 24, 632, 6, m.warm)
    s.blob([(966, 600), (976, 556), (994, 574), (1008, 520), (1024, 566), (1046, 548), (1054, 600)], m.warm)
    s.blob([(984, 600), (994, 572), (1008, 554), (1022, 580), (1034, 600)], m.gold)
    with s.at(1120, 656, 1.55, flip=True):
        person(s, m.cool, SKIN[1], HAIR[1], m.near, cap=m.warm, arm=-8)


def banners_march(s: Scene, m: Mood) -> None:
    s.sky(*m.sky, bottom=440)
    cloud(s, 430, 90, 300, m.light, 0.8)
    walls = (m.warm, m.light, m.gold, mix(m.cool, m.light, 0.35), mix(m.warm, m.light, 0.5))
    for side in (0, 1):
        for i in range(4):
            x0, x1 = i * 112, (i + 1) * 112
            a, b = 16 + i * 66, 16 + (i + 1) * 66
            pts = [(x0, a), (x1, b), (x1, 520), (x0, 560)]
            roof = [(x0 - 2, a + 2), (x0 + 30, a - 20 + i * 6), (x1 + 2, b + 2)]
            panes = []
            for r in range(4):
                for c in range(2):
                    t = 0.28 + c * 0.42
                    px, py = x0 + (x1 - x0) * t, a + (b - a) * t
                    step = (520 - py) / 4.6
                    panes.append(
                        (px - 13 + i * 2, py + 24 + r * step, px + 13 - i * 2, py + 24 + r * step + step * 0.5)
                    )
            if side:
                pts, roof = [(1200 - x, y) for x, y in pts], [(1200 - x, y) for x, y in roof]
                panes = [(1200 - x1_, y0, 1200 - x0_, y1) for x0_, y0, x1_, y1 in panes]
            s.poly(roof, mix(m.near, m.warm, 0.3))
            s.poly(pts, mix(walls[(i + side * 2) % 5], m.sky[-1], 0.12 * i))
            for box in panes:
                s.rect(*box, mix(m.near, m.cool, 0.45))
    with s.at(600, 440, 0.66):
        crane(s, mix(m.far, m.mid, 0.4), boom=50)
    hills(s, 470, 30, m.far, "march", 440, 760)
    s.poly([(440, 440), (760, 440), (1260, 700), (-60, 700)], mix(m.mid, m.light, 0.25))
    chance = random.Random("march")
    coats = (m.warm, m.gold, m.cool, mix(m.warm, m.near, 0.45), mix(m.cool, m.near, 0.45), m.light)
    for row in range(11):
        t = row / 10
        y, half, k = 446 + 190 * t**1.35, 150 + 470 * t, 0.26 + 1.0 * t
        if row in (4, 7, 9):
            w, h = half * 0.62, 58 * k + 14
            x = 600 + (-0.18 if row == 7 else 0.1) * half
            cloth = {4: m.gold, 7: m.light, 9: m.warm}[row]
            top = y - 158 * k - h
            for px in (x - w, x + w):
                s.line([(px, top - 10), (px, y - 40 * k)], m.near, 3 * k + 2)
            upper = smooth([(x - w, top), (x - w * 0.4, top + 7 * k), (x + w * 0.3, top - 3 * k), (x + w, top)])
            s.poly([*upper, *[(px, py + h) for px, py in reversed(upper)]], cloth)
            ink = m.near if row != 9 else m.light
            for j, (frac, dx) in enumerate(((0.62, -0.05), (0.44, 0.05))):
                s.line(
                    [
                        (x - w * frac + w * dx, top + h * (0.34 + 0.34 * j)),
                        (x + w * frac + w * dx, top + h * (0.34 + 0.34 * j) + 4 * k),
                    ],
                    ink,
                    9 * k,
                )
        n = 15 - row // 3
        for i in range(n):
            x = 600 - half + 2 * half * (i + 0.5 + chance.uniform(-0.25, 0.25)) / n
            with s.at(x, y + 66 * k, k * chance.uniform(0.92, 1.08), flip=chance.random() < 0.5):
                person(
                    s,
                    chance.choice(coats),
                    chance.choice(SKIN),
                    chance.choice(HAIR),
                    m.near,
                    cap=chance.choice(("", "", "", *coats)),
                    arm=chance.choice((None, None, None, 76)),
                )


def talks_table(s: Scene, m: Mood) -> None:
    s.sky(mix(m.near, m.mid, 0.35), mix(m.near, m.mid, 0.6))
    for x in (120, 460, 800):
        s.rect(x, 60, x + 280, 350, m.near)
        s.shade([(x + 10, 70), (x + 270, 70), (x + 270, 340), (x + 10, 340)], *m.sky)
        s.rect(x + 10, 280, x + 270, 340, m.sea[1])
        with s.at(x + 150, 284, 0.42):
            crane(s, m.near, boom=40)
        s.disc(x + 60, 120, 3, m.light)
        s.disc(x + 210, 100, 3, m.light)
        s.rect(x + 137, 70, x + 143, 340, m.near)
        s.rect(x + 10, 200, x + 270, 205, m.near)
    s.line([(600, 0), (600, 96)], m.near, 5)
    s.poly([(520, 150), (566, 96), (634, 96), (680, 150)], m.warm)
    s.glow(600, 260, 420, m.gold, 0.55)
    s.poly([(524, 150), (676, 150), (1010, 520), (190, 520)], m.gold, 0.16)
    left = (m.warm, mix(m.warm, m.near, 0.35), m.gold)
    right = (m.cool, mix(m.cool, m.near, 0.4), m.mid)
    for i in range(3):
        for x, coats, flip in ((150 + i * 128, left, False), (1050 - i * 128, right, True)):
            with s.at(x, 640, 2.15, flip=flip):
                person(s, coats[i], SKIN[(i * 2 + flip) % 5], HAIR[(i + 2 * flip) % 6], m.near)
    with s.at(600, 610, 1.95):
        person(s, m.light, SKIN[4], HAIR[4], m.near)
    s.shade([(60, 500), (1140, 500), (1240, 690), (-40, 690)], "#b9774c", "#7c4a35")
    s.poly([(60, 500), (1140, 500), (1146, 512), (54, 512)], "#dba06a")
    for x, y, turn in ((240, 560, -8), (420, 590, 6), (590, 550, 0), (770, 596, -5), (950, 556, 9)):
        with s.at(x, y, 1, turn=turn):
            s.poly([(-56, -24), (50, -24), (62, 24), (-62, 24)], m.light)
            for j in range(3):
                s.line([(-38, -10 + j * 11), (34 - j * 14, -10 + j * 11)], m.mid, 3)
    for x, y in ((330, 536), (690, 536), (860, 530)):
        s.round(x, y - 20, x + 26, y + 10, 4, m.light)
        s.oval(x + 13, y - 19, 13, 4, "#5a3626")


def pillars(s: Scene, m: Mood, x0: float, x1: float, y0: float, y1: float, n: int, w: float) -> None:
    """A row of columns."""
    stone, shadow = mix(m.light, m.gold, 0.12), mix(m.light, m.near, 0.24)
    for i in range(n):
        x = x0 + (x1 - x0) * i / (n - 1)
        s.rect(x - w / 2, y0, x + w / 2, y1, stone)
        s.rect(x + w * 0.12, y0, x + w / 2, y1, shadow)
        s.rect(x - w * 0.14, y0, x - w * 0.06, y1, shadow, 0.5)
        s.rect(x - w * 0.72, y0 - 4, x + w * 0.72, y0 + 12, stone)
        s.rect(x - w * 0.72, y1 - 14, x + w * 0.72, y1, stone)


def court_house(s: Scene, m: Mood) -> None:
    s.sky(*m.sky)
    s.disc(930, 150, 60, m.sun)
    cloud(s, 70, 120, 280, m.light, 0.8)
    cloud(s, 1010, 90, 260, m.light, 0.8)
    stone, shadow = mix(m.light, m.gold, 0.12), mix(m.light, m.near, 0.24)
    s.rect(230, 260, 970, 560, shadow)
    s.rect(250, 300, 950, 560, mix(m.near, m.mid, 0.3))
    s.round(548, 390, 652, 580, 52, m.near)
    s.round(556, 398, 599, 580, 30, mix("#6b3b2a", m.near, 0.25))
    s.round(601, 398, 644, 580, 30, mix("#6b3b2a", m.near, 0.25))
    pillars(s, m, 290, 910, 300, 560, 6, 50)
    s.rect(214, 254, 986, 300, stone)
    s.rect(214, 288, 986, 300, shadow)
    s.poly([(190, 256), (600, 96), (1010, 256)], stone)
    s.poly([(600, 96), (1010, 256), (960, 256), (600, 120)], shadow, 0.7)
    s.poly([(270, 246), (600, 122), (930, 246)], mix(m.cool, m.light, 0.35))
    s.line([(600, 146), (600, 232)], m.near, 7)
    s.line([(540, 166), (660, 166)], m.near, 6)
    for x in (540, 660):
        s.line([(x, 166), (x - 22, 206)], m.near, 2.5)
        s.line([(x, 166), (x + 22, 206)], m.near, 2.5)
        s.poly(arc(x, 206, 27, 17, 0, 180), m.near)
    s.line([(574, 234), (626, 234)], m.near, 7)
    for i in range(5):
        s.rect(
            190 - i * 34, 560 + i * 20, 1010 + i * 34, 580 + i * 20, stone if i % 2 == 0 else mix(stone, m.near, 0.1)
        )
        s.rect(190 - i * 34, 575 + i * 20, 1010 + i * 34, 580 + i * 20, shadow)
    s.rect(0, 656, 1200, 675, mix(m.near, m.mid, 0.5))
    tree(s, 110, 656, 260, mix("#5f9a72", m.cool, 0.25), m.near)
    tree(s, 1100, 656, 290, mix("#5f9a72", m.cool, 0.35), m.near)
    for x, k, coat, flip in ((420, 0.66, m.warm, False), (470, 0.64, m.near, True), (760, 0.7, m.cool, True)):
        with s.at(x, 640, k, flip=flip):
            person(s, coat, SKIN[0], HAIR[1], m.near)


def parliament(s: Scene, m: Mood) -> None:
    air(s, m, 480, (220, 150), 54)
    cloud(s, 740, 80, 300, m.light, 0.7)
    hills(s, 482, 80, m.far, "sund")
    stone, shadow, roof = mix(m.light, m.gold, 0.16), mix(m.light, m.near, 0.22), mix(m.cool, "#3f8f7d", 0.5)
    s.rect(150, 310, 1050, 480, stone)
    s.rect(150, 310, 1050, 326, shadow)
    for wing in (150, 930):
        s.rect(wing, 270, wing + 120, 480, stone)
        s.rect(wing + 84, 270, wing + 120, 480, shadow, 0.7)
        s.poly([(wing - 8, 272), (wing + 20, 226), (wing + 100, 226), (wing + 128, 272)], roof)
    for i in range(19):
        x = 178 + i * 47
        if 500 < x < 690:
            continue
        for y in (346, 412):
            s.round(x - 9, y, x + 9, y + 44, 9, mix(m.near, m.cool, 0.35))
    s.rect(480, 262, 720, 480, stone)
    s.rect(650, 262, 720, 480, shadow, 0.6)
    pillars(s, m, 506, 694, 330, 480, 5, 22)
    s.poly([(466, 264), (600, 200), (734, 264)], stone)
    s.poly([(500, 258), (600, 212), (700, 258)], mix(m.cool, m.light, 0.3))
    s.rect(536, 176, 664, 214, stone)
    s.poly(arc(600, 178, 72, 88, 180, 360), roof)
    s.poly([*arc(600, 178, 72, 88, 290, 360), (625, 178)], m.near, 0.18)
    s.rect(588, 68, 612, 96, stone)
    s.line([(600, 70), (600, 14)], m.near, 4)
    s.poly(smooth([(602, 16), (630, 22), (662, 14), (662, 44), (630, 52), (602, 46)]), m.warm)
    s.line([(602, 31), (662, 29)], m.light, 7)
    s.rect(0, 476, 1200, 498, mix(m.near, m.light, 0.35))
    for x in (60, 112, 1092, 1146):
        tree(s, x, 480, 130, mix("#5f9a72", m.cool, 0.3), m.near)
    sea(s, m, 498, "sund-river", 26)
    chance = random.Random("dome")
    for i in range(30):
        y = 506 + i * 5.4
        w = chance.uniform(30, 130)
        s.line([(600 - w, y), (600 + w, y)], stone, 4, 0.45)
    with s.at(900, 590, 0.5):
        s.poly([(-120, -20), (130, -20), (100, 14), (-100, 14)], m.warm)
        s.round(-70, -56, 70, -20, 6, m.light)


def council_hall(s: Scene, m: Mood) -> None:
    s.sky(mix(m.gold, m.light, 0.55), mix(m.gold, m.light, 0.3))
    for x in (90, 330, 770, 1010):
        s.round(x, 40, x + 110, 290, 55, mix(m.near, "#6b3b2a", 0.5))
        s.shade(
            [*arc(x + 55, 98, 46, 46, 180, 360), (x + 101, 284), (x + 9, 284)], m.sky[0], mix(m.sky[-1], m.light, 0.3)
        )
        s.rect(x + 52, 52, x + 58, 284, mix(m.near, "#6b3b2a", 0.5))
        s.rect(x + 9, 160, x + 101, 166, mix(m.near, "#6b3b2a", 0.5))
    s.rect(520, 50, 680, 250, m.cool)
    s.rect(530, 60, 670, 240, mix(m.cool, m.near, 0.25))
    for i in range(3):
        s.curve([(548, 190 + i * 17), (580, 180 + i * 17), (612, 190 + i * 17), (652, 182 + i * 17)], m.light, 5)
    s.poly([(600, 84), (622, 164), (578, 164)], m.gold)
    s.rect(0, 300, 1200, 316, "#8a5638")
    s.shade([(0, 316), (1200, 316), (1200, 675), (0, 675)], "#b57a4d", "#6e4230")
    for x, coat, k in ((470, m.near, 0), (600, m.warm, 1), (730, m.cool, 2)):
        with s.at(x, 402, 1.16):
            person(s, coat, SKIN[k], HAIR[k + 2], m.near)
    s.round(390, 330, 810, 420, 6, "#6e4230")
    s.round(390, 326, 810, 342, 4, "#d09a68")
    s.round(562, 352, 638, 420, 6, "#8a5638")
    chance = random.Random("council")
    coats = (m.warm, m.cool, m.gold, m.near, mix(m.cool, m.light, 0.3), mix(m.warm, m.near, 0.4), m.light)
    for row, (radius, k, n) in enumerate(((360, 0.95, 9), (480, 1.2, 11), (620, 1.5, 11))):
        for i in range(n):
            a = math.radians(158 - 136 * i / (n - 1))
            x, y = 600 + radius * 1.18 * math.cos(a), 360 + radius * 0.42 * math.sin(a) + row * 26
            with s.at(x, y + 48 * k, k):
                person(
                    s,
                    chance.choice(coats),
                    SKIN[(i + row) % 5],
                    chance.choice(HAIR),
                    m.near,
                    back=True,
                    arm=chance.choice((None, None, 82)) if row < 2 else None,
                )
        path = [
            (
                600 + radius * 1.2 * math.cos(math.radians(170 - 160 * i / 24)),
                400 + radius * 0.42 * math.sin(math.radians(170 - 160 * i / 24)) + row * 26 + 26 * k,
            )
            for i in range(25)
        ]
        s.line(path, "#543024", 34 * k)
        s.line([(x, y - 14 * k) for x, y in path], "#d09a68", 6 * k)


def museum(s: Scene, m: Mood) -> None:
    s.sky(mix(m.warm, m.light, 0.72), mix(m.warm, m.light, 0.6), bottom=520)
    s.shade([(0, 520), (1200, 520), (1200, 675), (0, 675)], "#b98256", "#8d5b3c")
    for i in range(-8, 9):
        s.line([(600 + i * 80, 520), (600 + i * 190, 675)], "#7d4c32", 2, 0.5)
    s.rect(0, 508, 1200, 522, m.light)
    for x, w, h, kind in ((70, 200, 150, 0), (930, 200, 150, 1), (320, 110, 140, 2), (770, 110, 140, 3)):
        s.rect(x - 12, 70 - 12, x + w + 12, 70 + h + 12, m.gold)
        s.rect(x - 12, 70 + h + 4, x + w + 12, 70 + h + 12, mix(m.gold, m.near, 0.3))
        s.shade([(x, 70), (x + w, 70), (x + w, 70 + h), (x, 70 + h)], *(m.sky if kind != 2 else (m.near, m.mid)))
        s.rect(x, 70 + h * 0.66, x + w, 70 + h, m.sea[1])
        if kind in (0, 1):
            with s.at(x + w / 2, 70 + h * 0.7, 0.6, flip=kind == 1):
                s.poly([(-60, -20), (60, -24), (40, 14), (-44, 14)], m.near)
                s.line([(0, -20), (0, -110)], m.near, 4)
                s.poly([(4, -104), (66, -34), (4, -34)], m.light)
                s.poly([(-4, -96), (-50, -34), (-4, -34)], m.gold)
        else:
            s.disc(x + w / 2, 70 + h * 0.44, 24, SKIN[kind])
            s.blob(
                [
                    (x + 16, 70 + h),
                    (x + 26, 70 + h * 0.72),
                    (x + w / 2, 70 + h * 0.6),
                    (x + w - 26, 70 + h * 0.72),
                    (x + w - 16, 70 + h),
                ],
                m.warm if kind == 2 else m.cool,
            )
    s.glow(600, 330, 320, m.gold, 0.45)
    s.rect(420, 470, 780, 590, mix(m.near, m.mid, 0.2))
    s.rect(410, 460, 790, 478, mix(m.near, m.mid, 0.45))
    s.rect(430, 232, 770, 462, "#ffffff", 0.28)
    with s.at(600, 440, 0.92):
        s.line([(-90, 20), (-90, -14)], m.gold, 8)
        s.line([(90, 20), (90, -14)], m.gold, 8)
        s.poly(
            smooth(
                [(-156, -58), (-148, -14), (-110, 6), (110, 6), (150, -26), (164, -56), (110, -40), (-110, -38)],
                closed=True,
            ),
            "#7a4330",
        )
        s.curve([(-150, -36), (0, -20), (154, -38)], m.gold, 4)
        for x, h in ((-80, 190), (14, 214), (96, 172)):
            s.line([(x, -36), (x, -h)], "#4b2a20", 5)
            for low, high, half in ((0.3, 0.58, 40), (0.62, 0.9, 30)):
                s.blob(
                    [
                        (x - half, -h * low),
                        (x - half * 0.8, -h * high),
                        (x + half * 0.8, -h * high),
                        (x + half, -h * low),
                        (x + 14, -h * low * 1.25),
                    ],
                    m.light,
                )
    s.poly([(448, 240), (520, 240), (470, 456), (438, 456)], "#ffffff", 0.25)
    for x in (430, 770):
        s.line([(x, 232), (x, 462)], m.near, 3, 0.6)
    s.line([(430, 232), (770, 232)], m.near, 3, 0.6)
    for x, k, coat, flip, back in (
        (300, 1.62, m.warm, False, True),
        (372, 1.1, m.gold, False, True),
        (900, 1.66, m.cool, True, False),
    ):
        with s.at(x, 650, k, flip=flip):
            person(s, coat, SKIN[1], HAIR[2], m.near, back=back)


def football(s: Scene, m: Mood) -> None:
    s.sky(*m.sky, bottom=330)
    for x in (120, 1080):
        s.line([(x, 330), (x, 70)], m.near, 9)
        s.round(x - 56, 34, x + 56, 84, 6, m.near)
        for i in range(4):
            for j in range(2):
                s.glow(x - 36 + i * 24, 48 + j * 20, 34, m.sun, 0.9)
                s.disc(x - 36 + i * 24, 48 + j * 20, 8, "#ffffff")
    s.poly([(190, 330), (230, 190), (970, 190), (1010, 330)], mix(m.near, m.mid, 0.4))
    s.poly([(206, 196), (230, 160), (970, 160), (994, 196)], m.near)
    chance = random.Random("crowd")
    for row in range(6):
        for i in range(46 + row * 2):
            x = 240 - row * 6 + i * (720 + row * 12) / (45 + row * 2)
            s.disc(
                x + chance.uniform(-2, 2),
                216 + row * 18,
                6.4,
                chance.choice((m.warm, m.gold, m.light, m.cool, SKIN[0], SKIN[2])),
            )
    for i in range(8):
        y0, y1 = 330 + 345 * (i / 8) ** 1.5, 330 + 345 * ((i + 1) / 8) ** 1.5
        s.rect(0, y0, 1200, y1 + 1, "#4f9a63" if i % 2 else "#5bab6e")
    s.line([(0, 352), (1200, 352)], "#ffffff", 4, 0.9)
    s.line([(300, 352), (180, 480), (1020, 480), (900, 352)], "#ffffff", 5, 0.85)
    for i in range(15):
        s.line([(420 + i * 26, 352), (440 + i * 23.4, 214)], "#ffffff", 1.6, 0.6)
    for j in range(6):
        s.line([(424 + j * 3, 340 - j * 24), (776 - j * 3, 340 - j * 24)], "#ffffff", 1.6, 0.6)
    s.line([(414, 354), (414, 208), (786, 208), (786, 354)], "#ffffff", 10)
    with s.at(600, 372, 0.98):
        person(s, m.gold, SKIN[3], HAIR[0], m.near, arm=60)
    with s.at(280, 560, 1.5, flip=False):
        person(s, m.warm, SKIN[0], HAIR[2], m.near, arm=20)
    with s.at(980, 540, 1.4, flip=True):
        person(s, m.cool, SKIN[1], HAIR[0], m.near)
    s.oval(596, 640, 74, 12, "#1e3f2a", 0.4)
    s.disc(590, 574, 70, "#ffffff")
    s.disc(590, 574, 70, "#dfe6ea", 0.4)
    for i in range(5):
        a = math.radians(-90 + i * 72)
        x, y = 590 + 58 * math.cos(a), 574 + 58 * math.sin(a)
        s.line([(590, 574), (x, y)], m.near, 4)
        s.poly([p for p in arc(x, y, 19, 19, 0, 360, 5) if math.hypot(p[0] - 590, p[1] - 574) < 72], m.near)
    s.poly(
        [
            (590 + 25 * math.cos(math.radians(-90 + i * 72)), 574 + 25 * math.sin(math.radians(-90 + i * 72)))
            for i in range(5)
        ],
        m.near,
    )


def market_stall(s: Scene, m: Mood) -> None:
    s.sky(*m.sky, bottom=460)
    cloud(s, 60, 80, 240, m.light, 0.8)
    walls = (
        m.light,
        mix(m.warm, m.light, 0.5),
        mix(m.cool, m.light, 0.45),
        mix(m.gold, m.light, 0.4),
        m.light,
        mix(m.warm, m.light, 0.3),
    )
    x = -20.0
    for i, w in enumerate((170, 150, 190, 160, 180, 170, 200)):
        house(
            s,
            x,
            470,
            w,
            230 + (i * 61) % 90,
            walls[i % 6],
            mix(m.near, m.warm, 0.3),
            mix(m.near, m.cool, 0.45),
            floors=3,
            seed="market",
        )
        x += w + 4
    s.shade([(0, 466), (1200, 466), (1200, 675), (0, 675)], mix(m.gold, m.light, 0.35), mix(m.gold, m.mid, 0.45))
    for x0, stripe in ((70, m.warm), (640, mix("#4f8f6b", m.cool, 0.3))):
        s.oval(x0 + 245, 650, 290, 16, m.near, 0.25)
        for px in (x0 + 20, x0 + 470):
            s.rect(px - 6, 280, px + 6, 640, "#7c4a35")
        with s.at(x0 + 250, 560, 1.62):
            person(s, m.near if x0 == 70 else m.gold, SKIN[0 if x0 == 70 else 3], HAIR[1], m.near, arm=30)
        s.rect(x0, 460, x0 + 490, 640, "#a8693c")
        s.rect(x0, 460, x0 + 490, 474, "#dba06a")
        for i in range(3):
            cx = x0 + 14 + i * 160
            s.poly([(cx, 478), (cx + 142, 478), (cx + 134, 548), (cx + 8, 548)], "#c98f5a")
            fruit = ((m.warm, m.gold, "#6aa25f"), ("#6aa25f", "#7a4f8a", m.warm))[x0 != 70][i]
            for r in range(3):
                for c in range(6 - r):
                    s.disc(cx + 22 + c * 20 + r * 10, 470 - r * 17, 13, fruit)
                    s.disc(cx + 18 + c * 20 + r * 10, 465 - r * 17, 3.6, "#ffffff", 0.5)
            s.line([(cx + 4, 512), (cx + 138, 512)], "#a8693c", 4)
        for i in range(10):
            a, b = x0 - 24 + i * 54, x0 + 30 + i * 54
            s.poly(
                [(x0 + 10 + i * 47, 220), (x0 + 57 + i * 47, 220), (b, 312), (a, 312)],
                stripe if i % 2 == 0 else m.light,
            )
            s.poly(arc((a + b) / 2, 312, 27, 24, 0, 180, 20), stripe if i % 2 == 0 else m.light)
    for x, k, coat, flip in ((590, 1.5, m.cool, False), (1150, 1.46, m.warm, True)):
        with s.at(x, 656, k, flip=flip):
            person(s, coat, SKIN[1], HAIR[3], m.near)


def school(s: Scene, m: Mood) -> None:
    air(s, m, 540, (170, 120), 46)
    cloud(s, 760, 90, 280, m.light, 0.8)
    hills(s, 542, 150, mix(m.far, "#78b08a", 0.4), "school")
    brick = mix(m.warm, m.light, 0.25)
    s.rect(190, 260, 1010, 560, brick)
    s.rect(190, 250, 1010, 268, m.light)
    for i in range(8):
        if i in (3, 4):
            continue
        x = 222 + i * 98
        for y in (300, 430):
            s.rect(x, y, x + 66, y + 86, m.light)
            s.rect(x + 5, y + 5, x + 61, y + 81, mix(m.near, m.cool, 0.5))
            s.rect(x + 31, y + 5, x + 35, y + 81, m.light)
            s.rect(x + 5, y + 38, x + 61, y + 42, m.light)
    s.rect(490, 190, 710, 560, mix(m.warm, m.light, 0.12))
    s.poly([(470, 194), (600, 92), (730, 194)], mix(m.near, m.cool, 0.2))
    s.disc(600, 250, 42, m.light)
    s.disc(600, 250, 35, "#ffffff")
    s.line([(600, 250), (600, 226)], m.near, 5)
    s.line([(600, 250), (618, 258)], m.near, 5)
    s.rect(596, 44, 604, 100, m.near)
    s.poly(smooth([(604, 46), (632, 52), (660, 44), (660, 74), (632, 82), (604, 76)]), m.gold)
    s.round(544, 390, 656, 580, 56, m.light)
    s.round(554, 400, 598, 580, 34, m.near)
    s.round(602, 400, 646, 580, 34, m.near)
    s.rect(0, 556, 1200, 675, mix("#78b08a", m.light, 0.15))
    s.poly([(540, 560), (660, 560), (820, 675), (380, 675)], mix(m.gold, m.light, 0.5))
    tree(s, 110, 600, 300, "#5f9a72", "#5a3a28")
    tree(s, 1100, 606, 330, "#6aa57c", "#5a3a28")
    coats = (m.warm, m.gold, m.cool, m.light)
    for i, (x, y, k) in enumerate(
        ((360, 640, 0.95), (440, 652, 0.88), (560, 648, 0.92), (660, 660, 1.0), (780, 644, 0.86), (860, 656, 0.96))
    ):
        with s.at(x, y, k, flip=i % 2 == 1):
            s.round(-34, -110, -8, -66, 8, coats[(i + 1) % 4])
            person(
                s,
                coats[i % 4],
                SKIN[i % 5],
                HAIR[i % 6],
                m.near,
                cap=coats[(i + 2) % 4] if i % 3 == 0 else "",
                arm=70 if i == 3 else None,
            )


def bus(s: Scene, m: Mood) -> None:
    air(s, m, 400, (960, 130), 50)
    cloud(s, 140, 90, 300, m.light, 0.85)
    cloud(s, 560, 60, 240, m.light, 0.7)
    sea(s, m, 300, "bus-sea", 20)
    hills(s, 440, 190, mix(m.far, "#78b08a", 0.35), "bus-far", 420, 1220)
    hills(s, 460, 90, "#7fb28c", "bus-near")
    s.rect(0, 455, 1200, 560, "#8dbf95")
    for x in range(30, 1210, 130):
        s.rect(x, 452, x + 10, 486, m.light)
    s.line([(0, 462), (1200, 462)], m.light, 7)
    s.shade([(0, 530), (1200, 530), (1200, 675), (0, 675)], mix(m.near, m.mid, 0.55), mix(m.near, m.mid, 0.3))
    for x in range(-30, 1200, 170):
        s.rect(x, 626, x + 96, 636, m.light, 0.9)
    s.oval(500, 592, 380, 16, "#0a1428", 0.35)
    s.shade(rounded_bus(140, 250, 860, 576), m.warm, mix(m.warm, m.near, 0.2))
    s.poly([(140, 470), (860, 470), (860, 500), (140, 500)], m.light)
    for i in range(6):
        x = 172 + i * 106
        s.round(x, 292, x + 92, 410, 10, mix(m.near, m.cool, 0.5))
        s.poly([(x + 20, 292), (x + 46, 292), (x + 20, 410), (x, 410), (x, 380)], "#ffffff", 0.16)
        if i % 2 == 0:
            s.disc(x + 48, 366, 18, SKIN[i % 5])
            s.blob(
                [(x + 20, 410), (x + 28, 388), (x + 48, 382), (x + 68, 388), (x + 76, 410)],
                (m.gold, m.light, m.cool)[i // 2],
            )
            s.poly(arc(x + 48, 362, 19, 18, 180, 360), HAIR[i % 6])
    s.round(806, 292, 852, 420, 8, mix(m.near, m.cool, 0.6))
    s.round(690, 300, 790, 560, 8, mix(m.warm, m.near, 0.35))
    s.round(700, 310, 738, 550, 6, mix(m.near, m.cool, 0.5))
    s.round(743, 310, 781, 550, 6, mix(m.near, m.cool, 0.5))
    s.round(240, 256, 640, 284, 6, m.near)
    for i in range(7):
        s.line([(264 + i * 52, 270), (292 + i * 52, 270)], m.gold, 7)
    for x in (270, 620):
        s.disc(x, 572, 52, "#0a1428")
        s.disc(x, 572, 25, mix(m.light, m.near, 0.3))
        s.disc(x, 572, 9, m.near)
    s.round(842, 516, 866, 544, 6, m.gold)
    s.glow(880, 530, 60, m.gold, 0.7)
    s.line([(1010, 560), (1010, 250)], m.near, 9)
    s.round(970, 226, 1050, 306, 12, m.cool)
    s.round(982, 248, 1038, 282, 8, m.light)
    s.disc(995, 284, 6, m.near)
    s.disc(1025, 284, 6, m.near)
    for x, coat, k in ((1070, m.gold, 1.5), (1136, m.cool, 1.36)):
        with s.at(x, 580, k, flip=True):
            person(s, coat, SKIN[(int(k * 10)) % 5], HAIR[int(x) % 6], m.near)
    bolt(s, 180, 534, 30, m.light)


def rounded_bus(x0: float, y0: float, x1: float, y1: float) -> list[tuple[float, float]]:
    """Outline of a coach body."""
    return [
        *arc(x0 + 34, y0 + 34, 34, 34, 180, 270, 12),
        *arc(x1 - 54, y0 + 54, 54, 54, 270, 360, 12),
        (x1 + 6, y1),
        (x0, y1),
    ]


def face(
    s: Scene,
    m: Mood,
    skin: str,
    hair: str,
    coat: str,
    *,
    long: bool,
    beard: str = "",
    cap: str = "",
    glasses: bool = False,
    collar: str = "#ffffff",
) -> None:
    """Head and shoulders in 800x800."""
    dark = mix(skin, "#6b2f20", 0.28)
    s.disc(400, 400, 330, m.gold, 0.55)
    if long:
        s.blob(
            [
                (236, 640),
                (206, 420),
                (240, 250),
                (330, 170),
                (470, 170),
                (560, 250),
                (594, 420),
                (566, 640),
                (400, 560),
            ],
            hair,
        )
    s.blob(
        [(60, 840), (90, 690), (200, 610), (320, 580), (400, 640), (480, 580), (600, 610), (710, 690), (740, 840)], coat
    )
    s.blob([(470, 840), (500, 600), (600, 610), (710, 690), (740, 840)], "#0a1430", 0.14)
    s.blob([(330, 480), (330, 600), (400, 660), (470, 600), (470, 480)], dark)
    s.poly([(318, 584), (400, 672), (350, 712), (292, 612)], collar)
    s.poly([(482, 584), (400, 672), (450, 712), (508, 612)], mix(collar, "#0a1430", 0.1))
    for x in (272, 528):
        s.oval(x, 390, 28, 40, dark if x > 400 else skin)
    s.blob(
        [
            (274, 320),
            (300, 230),
            (400, 196),
            (500, 230),
            (526, 320),
            (516, 430),
            (462, 520),
            (400, 548),
            (338, 520),
            (284, 430),
        ],
        skin,
    )
    s.blob([(440, 204), (500, 230), (526, 320), (516, 430), (462, 520), (420, 544), (470, 420), (474, 300)], dark, 0.32)
    if beard:
        s.blob(
            [
                (284, 410),
                (320, 440),
                (400, 430),
                (480, 440),
                (516, 410),
                (508, 500),
                (460, 566),
                (400, 584),
                (340, 566),
                (292, 500),
            ],
            beard,
        )
    s.curve([(352, 474), (376, 490), (424, 490), (448, 474)], "#a8433c" if not beard else m.light, 9)
    s.curve([(402, 350), (420, 410), (398, 424)], dark, 8)
    for x in (342, 458):
        s.oval(x, 358, 13, 15, "#1d2438")
        s.disc(x + 4, 353, 4, "#ffffff")
        s.curve([(x - 32, 322), (x, 308), (x + 32, 320)], hair if not cap else mix(hair, "#0a1430", 0.2), 11)
    if glasses:
        for x in (342, 458):
            s.line(arc(x, 360, 44, 42, 0, 360, 50), m.near, 8)
        s.line([(386, 354), (414, 354)], m.near, 8)
    if long:
        s.blob(
            [
                (262, 380),
                (262, 270),
                (330, 190),
                (430, 176),
                (520, 230),
                (544, 380),
                (520, 320),
                (440, 262),
                (360, 280),
                (290, 320),
            ],
            hair,
        )
    elif not cap:
        s.blob(
            [
                (262, 350),
                (264, 250),
                (330, 176),
                (450, 160),
                (540, 230),
                (540, 350),
                (514, 280),
                (430, 250),
                (330, 262),
                (288, 290),
            ],
            hair,
        )
    if cap:
        s.blob([(252, 306), (258, 210), (330, 140), (470, 140), (542, 210), (548, 306), (400, 270)], cap)
        s.poly(
            smooth([(244, 300), (400, 254), (556, 300), (556, 330), (400, 292), (244, 330)]), mix(cap, "#0a1430", 0.35)
        )


def portrait_a(s: Scene, m: Mood) -> None:
    s.sky(*m.sky)
    face(s, m, SKIN[0], "#8a4a2c", m.cool, long=True, collar=m.light)


def portrait_b(s: Scene, m: Mood) -> None:
    s.sky(*m.sky)
    face(s, m, SKIN[1], "#7c7f86", m.near, long=False, beard="#8d9096", cap=mix(m.near, m.cool, 0.3), collar=m.warm)
