"""Scenes of people, rooms, streets and things."""

from __future__ import annotations

import math
import random

from drawing import Scene, arc, mix, smooth
from motifs import (
    HAIR, SKIN, Mood, air, bolt, cloud, crane, fish, folk, freighter, gull, hills, house, person, sea, stack, tree,
)  # fmt: skip
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
    stack(s, 0, 520, (2, 3, 3, 2, 3, 1, 2, 2, 3, 3, 2, 1, 2, 3, 3, 2, 3, 2, 2, 3), [mix(c, m.mid, 0.6) for c in boxes(m)], "picket", 62, 26)
    for x in range(0, 1210, 26):
        s.line([(x, 400), (x, 540)], m.near, 3, 0.8)
    for y in (404, 470, 536):
        s.line([(0, y), (1200, y)], m.near, 4, 0.8)
    s.shade([(0, 536), (1200, 536), (1200, 675), (0, 675)], mix(m.near, m.mid, 0.5), m.near)
    coats = (m.warm, m.gold, m.cool, mix(m.warm, m.near, 0.4), mix(m.cool, m.near, 0.4))
    folk(s, "picket-back", 9, 120, 1120, 600, 1.2, coats)
    for x, y, face, sign, turn in ((170, 500, m.light, "crane", -6), (430, 486, m.gold, "hand", 4), (640, 494, m.light, "lines", -3), (880, 486, m.warm, "hand", 6), (1070, 498, m.light, "crane", 3)):
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
                    panes.append((px - 13 + i * 2, py + 24 + r * step, px + 13 - i * 2, py + 24 + r * step + step * 0.5))
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
                s.line([(x - w * frac + w * dx, top + h * (0.34 + 0.34 * j)), (x + w * frac + w * dx, top + h * (0.34 + 0.34 * j) + 4 * k)], ink, 9 * k)
        n = 15 - row // 3
        for i in range(n):
            x = 600 - half + 2 * half * (i + 0.5 + chance.uniform(-0.25, 0.25)) / n
            with s.at(x, y + 66 * k, k * chance.uniform(0.92, 1.08), flip=chance.random() < 0.5):
                person(s, chance.choice(coats), chance.choice(SKIN), chance.choice(HAIR), m.near, cap=chance.choice(("", "", "", *coats)), arm=chance.choice((None, None, None, 76)))


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
        s.rect(190 - i * 34, 560 + i * 20, 1010 + i * 34, 580 + i * 20, stone if i % 2 == 0 else mix(stone, m.near, 0.1))
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
        north = smooth([(-480, -120), (-340, -150), (-200, -100), (-60, -140), (80, -90), (240, -150), (360, -110), (470, -160)])
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
            s.curve([(x0, -30 + i * 36), (x0 + 120, -44 + i * 36), (x0 + 260, -24 + i * 36), (x0 + 380, -34 + i * 36)], m.gold, 4)
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


def council_hall(s: Scene, m: Mood) -> None:
    s.sky(mix(m.gold, m.light, 0.55), mix(m.gold, m.light, 0.3))
    for x in (90, 330, 770, 1010):
        s.round(x, 40, x + 110, 290, 55, mix(m.near, "#6b3b2a", 0.5))
        s.shade([*arc(x + 55, 98, 46, 46, 180, 360), (x + 101, 284), (x + 9, 284)], m.sky[0], mix(m.sky[-1], m.light, 0.3))
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
                person(s, chance.choice(coats), SKIN[(i + row) % 5], chance.choice(HAIR), m.near, back=True, arm=chance.choice((None, None, 82)) if row < 2 else None)
        path = [(600 + radius * 1.2 * math.cos(math.radians(170 - 160 * i / 24)), 400 + radius * 0.42 * math.sin(math.radians(170 - 160 * i / 24)) + row * 26 + 26 * k) for i in range(25)]
        s.line(path, "#543024", 34 * k)
        s.line([(x, y - 14 * k) for x, y in path], "#d09a68", 6 * k)


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
        s.poly([(vx - 120 * (1 - t0) - 6, y0), (vx + 120 * (1 - t0) + 6, y0), (vx + 120 * (1 - t1) + 6, y1), (vx - 120 * (1 - t1) - 6, y1)], "#bfe3f2", 0.85)
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
            s.poly([(x, y), (x + 62, y + (i + j) % 3 - 1), (x + 60, y + 62), (x + 2, y + 60)], (m.light, m.gold, mix(m.warm, m.light, 0.5))[(i + j) % 3])
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
        s.poly(smooth([(-110, -128), (-116, -196), (-96, -262), (-92, -300), (92, -300), (84, -250), (96, -196), (92, -128)], closed=False, steps=6), "#ffffff")
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
    crates = ((20, 20, 560, 320, m.cool, 0), (620, 20, 560, 320, m.gold, 1), (20, 364, 560, 300, m.warm, 2), (620, 364, 560, 300, m.cool, 3))
    for x, y, w, h, paint, n in crates:
        s.round(x + 6, y + 10, x + w + 6, y + h + 10, 18, "#0a1428", 0.35)
        s.round(x, y, x + w, y + h, 18, paint)
        s.round(x + 20, y + 20, x + w - 20, y + h - 20, 10, mix(paint, m.near, 0.45))
        chance = random.Random(f"ice{n}")
        for _ in range(110):
            cx, cy, r = chance.uniform(x + 36, x + w - 36), chance.uniform(y + 36, y + h - 36), chance.uniform(8, 17)
            s.poly([(cx - r, cy), (cx - r * 0.2, cy - r), (cx + r, cy - r * 0.3), (cx + r * 0.4, cy + r)], chance.choice(("#eaf4f6", "#d5e8ee", "#f8fcfc")))
        for i in range(3):
            with s.at(x + w / 2 + (i % 2) * 60 - 30, y + 76 + i * (h - 150) / 2, 1.5, turn=(-4, 5, -2)[i], flip=(n + i) % 2 == 1):
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
    points = [(0, 300), (90, 252), (170, 280), (260, 206), (350, 236), (440, 160), (540, 196), (620, 172), (700, 300), (760, 340), (830, 318), (920, 452), (1010, 430), (1090, 500), (1200, 540)]
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
    s.poly(smooth([(-166, -58), (-90, -70), (-10, -74), (60, -60), (112, -40), (120, 30), (60, 66), (-40, 74), (-166, 64)], closed=True), skin)
    s.poly(smooth([(-166, 40), (-40, 56), (60, 50), (60, 66), (-40, 74), (-166, 64)], closed=True), dark, 0.5)


def handshake(s: Scene, m: Mood) -> None:
    s.sky(*m.sky)
    s.disc(600, 330, 282, m.gold, 0.4)
    s.disc(600, 330, 214, m.gold, 0.6)
    for i in range(24):
        a = math.radians(i * 15)
        s.line([(600 + 306 * math.cos(a), 330 + 306 * math.sin(a)), (600 + 350 * math.cos(a), 330 + 350 * math.sin(a))], m.gold, 6, 0.8)
    left, right = SKIN[0], SKIN[2]
    with s.at(690, 352, 1.1, turn=174):
        hand(s, right, m.cool, m.light)
    with s.at(520, 352, 1.1, turn=6):
        hand(s, left, m.warm, m.light)
    with s.at(520, 352, 1.1, turn=6):  # the thumb, and the other hand's fingers laid around this one
        for i in range(4):
            y = -40 + i * 31
            s.curve([(170, y - 4 + i * 3), (120, y - 10), (64 + i * 5, y - 4), (36 + i * 9, y + 6)], mix(right, "#5a2a20", 0.28), 33)
            s.curve([(170, y - 6 + i * 3), (120, y - 13), (64 + i * 5, y - 7), (36 + i * 9, y + 3)], right, 28)
        s.curve([(20, -62), (80, -96), (150, -92), (190, -66)], mix(left, "#5a2a20", 0.25), 43)
        s.curve([(20, -66), (80, -100), (150, -96), (190, -70)], left, 38)
        s.poly(arc(184, -76, 13, 11, 190, 340), mix(left, "#ffffff", 0.5))


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
            s.blob([(x + 16, 70 + h), (x + 26, 70 + h * 0.72), (x + w / 2, 70 + h * 0.6), (x + w - 26, 70 + h * 0.72), (x + w - 16, 70 + h)], m.warm if kind == 2 else m.cool)
    s.glow(600, 330, 320, m.gold, 0.45)
    s.rect(420, 470, 780, 590, mix(m.near, m.mid, 0.2))
    s.rect(410, 460, 790, 478, mix(m.near, m.mid, 0.45))
    s.rect(430, 232, 770, 462, "#ffffff", 0.28)
    with s.at(600, 440, 0.92):
        s.line([(-90, 20), (-90, -14)], m.gold, 8)
        s.line([(90, 20), (90, -14)], m.gold, 8)
        s.poly(smooth([(-156, -58), (-148, -14), (-110, 6), (110, 6), (150, -26), (164, -56), (110, -40), (-110, -38)], closed=True), "#7a4330")
        s.curve([(-150, -36), (0, -20), (154, -38)], m.gold, 4)
        for x, h in ((-80, 190), (14, 214), (96, 172)):
            s.line([(x, -36), (x, -h)], "#4b2a20", 5)
            for low, high, half in ((0.3, 0.58, 40), (0.62, 0.9, 30)):
                s.blob([(x - half, -h * low), (x - half * 0.8, -h * high), (x + half * 0.8, -h * high), (x + half, -h * low), (x + 14, -h * low * 1.25)], m.light)
    s.poly([(448, 240), (520, 240), (470, 456), (438, 456)], "#ffffff", 0.25)
    for x in (430, 770):
        s.line([(x, 232), (x, 462)], m.near, 3, 0.6)
    s.line([(430, 232), (770, 232)], m.near, 3, 0.6)
    for x, k, coat, flip, back in ((300, 1.62, m.warm, False, True), (372, 1.1, m.gold, False, True), (900, 1.66, m.cool, True, False)):
        with s.at(x, 650, k, flip=flip):
            person(s, coat, SKIN[1], HAIR[2], m.near, back=back)


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
    s.blob([(380, 330), (460, 240), (560, 260), (660, 220), (730, 320), (690, 440), (560, 420), (440, 460)], mix(m.gold, m.light, 0.62), 0.8)
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
        s.poly([(215 + 10 * math.cos(a), 560 + 10 * math.sin(a)), (215 + 46 * math.cos(a - 0.3), 560 + 46 * math.sin(a - 0.3)), (215 + 46 * math.cos(a + 0.3), 560 + 46 * math.sin(a + 0.3))], m.gold)


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
            s.disc(x + chance.uniform(-2, 2), 216 + row * 18, 6.4, chance.choice((m.warm, m.gold, m.light, m.cool, SKIN[0], SKIN[2])))
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
    s.poly([(590 + 25 * math.cos(math.radians(-90 + i * 72)), 574 + 25 * math.sin(math.radians(-90 + i * 72))) for i in range(5)], m.near)


def market_stall(s: Scene, m: Mood) -> None:
    s.sky(*m.sky, bottom=460)
    cloud(s, 60, 80, 240, m.light, 0.8)
    walls = (m.light, mix(m.warm, m.light, 0.5), mix(m.cool, m.light, 0.45), mix(m.gold, m.light, 0.4), m.light, mix(m.warm, m.light, 0.3))
    x = -20.0
    for i, w in enumerate((170, 150, 190, 160, 180, 170, 200)):
        house(s, x, 470, w, 230 + (i * 61) % 90, walls[i % 6], mix(m.near, m.warm, 0.3), mix(m.near, m.cool, 0.45), floors=3, seed="market")
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
            s.poly([(x0 + 10 + i * 47, 220), (x0 + 57 + i * 47, 220), (b, 312), (a, 312)], stripe if i % 2 == 0 else m.light)
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
    for i, (x, y, k) in enumerate(((360, 640, 0.95), (440, 652, 0.88), (560, 648, 0.92), (660, 660, 1.0), (780, 644, 0.86), (860, 656, 0.96))):
        with s.at(x, y, k, flip=i % 2 == 1):
            s.round(-34, -110, -8, -66, 8, coats[(i + 1) % 4])
            person(s, coats[i % 4], SKIN[i % 5], HAIR[i % 6], m.near, cap=coats[(i + 2) % 4] if i % 3 == 0 else "", arm=70 if i == 3 else None)


def book(s: Scene, m: Mood) -> None:
    s.sky(*m.sky)
    s.disc(600, 270, 230, m.gold, 0.35)
    s.disc(600, 270, 150, m.gold, 0.55)
    chance = random.Random("letters")
    for _ in range(40):
        a, r = chance.uniform(-2.9, -0.2), chance.uniform(250, 420)
        s.disc(600 + r * 1.2 * math.cos(a), 380 + r * 0.85 * math.sin(a), chance.uniform(2, 5), m.warm, 0.7)
    s.oval(600, 610, 480, 34, m.near, 0.22)
    s.poly(smooth([(120, 560), (360, 520), (600, 574), (840, 520), (1080, 560), (1080, 604), (840, 570), (600, 622), (360, 570), (120, 604)]), m.near)
    for i in range(4):
        y = 548 - i * 7
        s.line(smooth([(136 + i * 6, y), (360, y - 40), (600, y + 10), (840, y - 40), (1064 - i * 6, y)]), mix(m.light, m.near, 0.22 if i % 2 else 0.05), 8)
    s.poly([*smooth([(150, 520), (370, 474), (600, 534)]), *smooth([(600, 470), (370, 400), (176, 452)])], "#ffffff")
    s.poly([*smooth([(600, 534), (830, 474), (1050, 520)]), *smooth([(1024, 452), (830, 400), (600, 470)])], mix(m.light, m.near, 0.06))
    for i in range(4):
        s.curve([(220 - i * 8, 464 + i * 15), (350, 432 + i * 16), (520, 462 + i * 17)], m.near, 4, 0.45)
        s.curve([(690, 462 + i * 17), (850, 432 + i * 16), (980 + i * 8, 462 + i * 15)], m.near, 4, 0.45)
    for j, (colour, y) in enumerate(((m.cool, 396), (mix(m.cool, m.near, 0.35), 424), (mix(m.cool, m.near, 0.65), 450))):
        pts = []
        for i in range(61):
            t = i / 60
            pts.append((400 + 400 * t, y - (26 - j * 4) * abs(math.sin(math.pi * (t * 4 + j * 0.3))) ** 0.7 - 26 * math.sin(math.pi * t)))
        if j == 1:
            with s.at(600, 384, 0.8, turn=-5):
                s.poly(smooth([(-130, -50), (-116, 10), (110, 10), (146, -54), (90, -30), (-90, -30)], closed=True), "#7a4330")
                for x, h in ((-56, 190), (40, 210)):
                    s.line([(x, -30), (x, -h)], "#4b2a20", 6)
                    for low, high, half in ((0.28, 0.58, 50), (0.62, 0.92, 38)):
                        s.blob([(x - half, -h * low), (x - half * 0.8, -h * high), (x + half * 0.8, -h * high), (x + half, -h * low), (x + 18, -h * low * 1.25)], "#ffffff")
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
        s.blob([(-30, y), (300, y - 12), (700, y + 4), (1230, y - 8), (1230, y + h), (600, y + h + 8), (-30, y + h)], "#7a5138")
    chance = random.Random("beds")
    for i in range(15):
        x, y = 40 + i * 80, 520
        for a in range(6):
            t = math.radians(200 + a * 28)
            s.oval(x + 20 * math.cos(t), y + 4 + 22 * math.sin(t), 14, 9, chance.choice(("#4f8f5b", "#6aa25f", "#3f7d55")))
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
            s.blob([(x + 20, 410), (x + 28, 388), (x + 48, 382), (x + 68, 388), (x + 76, 410)], (m.gold, m.light, m.cool)[i // 2])
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
    return [*arc(x0 + 34, y0 + 34, 34, 34, 180, 270, 12), *arc(x1 - 54, y0 + 54, 54, 54, 270, 360, 12), (x1 + 6, y1), (x0, y1)]


def face(s: Scene, m: Mood, skin: str, hair: str, coat: str, *, long: bool, beard: str = "", cap: str = "", glasses: bool = False, collar: str = "#ffffff") -> None:  # fmt: skip
    """Head and shoulders in 800x800."""
    dark = mix(skin, "#6b2f20", 0.28)
    s.disc(400, 400, 330, m.gold, 0.55)
    if long:
        s.blob([(236, 640), (206, 420), (240, 250), (330, 170), (470, 170), (560, 250), (594, 420), (566, 640), (400, 560)], hair)
    s.blob([(60, 840), (90, 690), (200, 610), (320, 580), (400, 640), (480, 580), (600, 610), (710, 690), (740, 840)], coat)
    s.blob([(470, 840), (500, 600), (600, 610), (710, 690), (740, 840)], "#0a1430", 0.14)
    s.blob([(330, 480), (330, 600), (400, 660), (470, 600), (470, 480)], dark)
    s.poly([(318, 584), (400, 672), (350, 712), (292, 612)], collar)
    s.poly([(482, 584), (400, 672), (450, 712), (508, 612)], mix(collar, "#0a1430", 0.1))
    for x in (272, 528):
        s.oval(x, 390, 28, 40, dark if x > 400 else skin)
    s.blob([(274, 320), (300, 230), (400, 196), (500, 230), (526, 320), (516, 430), (462, 520), (400, 548), (338, 520), (284, 430)], skin)
    s.blob([(440, 204), (500, 230), (526, 320), (516, 430), (462, 520), (420, 544), (470, 420), (474, 300)], dark, 0.32)
    if beard:
        s.blob([(284, 410), (320, 440), (400, 430), (480, 440), (516, 410), (508, 500), (460, 566), (400, 584), (340, 566), (292, 500)], beard)
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
        s.blob([(262, 380), (262, 270), (330, 190), (430, 176), (520, 230), (544, 380), (520, 320), (440, 262), (360, 280), (290, 320)], hair)
    elif not cap:
        s.blob([(262, 350), (264, 250), (330, 176), (450, 160), (540, 230), (540, 350), (514, 280), (430, 250), (330, 262), (288, 290)], hair)
    if cap:
        s.blob([(252, 306), (258, 210), (330, 140), (470, 140), (542, 210), (548, 306), (400, 270)], cap)
        s.poly(smooth([(244, 300), (400, 254), (556, 300), (556, 330), (400, 292), (244, 330)]), mix(cap, "#0a1430", 0.35))


def portrait_a(s: Scene, m: Mood) -> None:
    s.sky(*m.sky)
    face(s, m, SKIN[0], "#8a4a2c", m.cool, long=True, collar=m.light)


def portrait_b(s: Scene, m: Mood) -> None:
    s.sky(*m.sky)
    face(s, m, SKIN[1], "#7c7f86", m.near, long=False, beard="#8d9096", cap=mix(m.near, m.cool, 0.3), collar=m.warm)
