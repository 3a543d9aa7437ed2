"""Scenes of harbour, sea and weather."""

from __future__ import annotations

import math
import random

from drawing import Scene, arc, mix, smooth
from motifs import (
    Mood,
    air,
    bolt,
    cloud,
    crane,
    ferry,
    freighter,
    gull,
    hills,
    house,
    rain,
    sea,
    stack,
    stars,
    swell,
    tower,
    trawler,
    tug,
)


def boxes(m: Mood) -> tuple[str, ...]:
    """Container colours that suit a mood."""
    return (m.warm, m.gold, m.cool, m.light, mix(m.warm, m.near, 0.4), mix(m.cool, m.near, 0.35))


def quay(s: Scene, m: Mood, y: float, *, bollards: bool = True) -> None:
    """A quay wall from side to side."""
    s.rect(0, y, s.width, y + 10, mix(m.near, m.light, 0.2))
    s.shade([(0, y + 10), (s.width, y + 10), (s.width, s.height), (0, s.height)], mix(m.near, m.mid, 0.35), m.near)
    if bollards:
        for x in range(60, s.width, 190):
            s.round(x, y - 13, x + 20, y + 2, 5, m.near)
            s.rect(x - 4, y - 15, x + 24, y - 9, m.near)


def cranes_dusk(s: Scene, m: Mood) -> None:
    air(s, m, 430, (330, 348), 78)
    cloud(s, 610, 120, 380, m.sky[-1], 0.35)
    cloud(s, 60, 190, 240, m.sky[-1], 0.3)
    hills(s, 432, 70, m.far, "dusk-far")
    sea(s, m, 430, "dusk", 30, path=330)
    for x, k, tone in ((1120, 0.62, 0.35), (930, 0.74, 0.22)):
        with s.at(x, 452, k):
            crane(s, mix(m.near, m.mid, tone), boom=34, rope=60)
    with s.at(560, 470, 0.46):
        freighter(s, mix(m.near, m.mid, 0.3), m.mid, m.mid, (m.mid, mix(m.mid, m.near, 0.5), m.far), "dusk-ship")
    quay_top = 560
    with s.at(690, quay_top, 1.18):
        crane(s, m.near, boom=52)
    with s.at(990, quay_top, 1.32):
        crane(s, m.near, rope=92)
    quay(s, m, quay_top)
    stack(s, 36, quay_top, (3, 4, 4, 2, 3, 1), [mix(c, m.near, 0.55) for c in boxes(m)], "dusk-stack", 58, 25)
    for x, y in ((250, 250), (300, 224), (356, 262)):
        gull(s, x, y, 15, m.near)


def cranes_day(s: Scene, m: Mood) -> None:
    air(s, m, 440, (1010, 110), 46)
    cloud(s, 90, 110, 260, m.light)
    cloud(s, 520, 70, 300, m.light)
    hills(s, 442, 90, m.far, "day-far")
    sea(s, m, 440, "day")
    with s.at(330, 548, 1.02):
        freighter(s, m.near, m.warm, m.light, boxes(m), "day-ship")
    for x, k in ((560, 1.2), (800, 1.28), (1045, 1.36)):
        with s.at(x, 590, k):
            crane(
                s, m.warm if x != 800 else mix(m.warm, m.gold, 0.35), boom=0 if x != 1045 else 44, cab=m.near, rope=70
            )
    quay(s, m, 588)
    stack(s, 690, 588, (1, 2, 1), boxes(m), "day-quay", 46, 22)
    for x, y in ((180, 210), (240, 190), (150, 250)):
        gull(s, x, y, 17, m.near)


def anchored_ships(s: Scene, m: Mood) -> None:
    air(s, m, 330, (860, 236), 54)
    cloud(s, 120, 96, 330, m.light, 0.55)
    hills(s, 332, 56, m.far, "anchor-far")
    sea(s, m, 330, "anchor", 50, path=860)
    fleet = ((180, 346, 0.2), (430, 350, 0.24), (1040, 352, 0.26), (700, 374, 0.36), (260, 432, 0.55), (850, 540, 1.02))
    for n, (x, y, k) in enumerate(fleet):
        haze = max(0, 0.62 - k * 0.8)
        tones = [mix(c, m.far, haze) for c in boxes(m)]
        with s.at(x, y, k, flip=n % 2 == 1):
            freighter(
                s, mix(m.near, m.far, haze), mix(m.warm, m.far, haze), mix(m.light, m.far, haze), tones, f"anchor{n}"
            )
        s.line(
            [(x - 250 * k, y + 10 * k + 3), (x + 230 * k, y + 10 * k + 3)], mix(m.sea[-1], m.near, 0.4), 5 * k + 1, 0.5
        )
    s.line([(563, 522), (520, 590)], m.near, 3, 0.6)
    for x, y in ((560, 150), (620, 128), (520, 190)):
        gull(s, x, y, 15, m.near)


def fog(s: Scene, m: Mood, seed: str, y0: float, y1: float, n: int = 7) -> None:
    """Banks of fog."""
    chance = random.Random(seed)
    for _ in range(n):
        y, x, w = chance.uniform(y0, y1), chance.uniform(-300, 700), chance.uniform(420, 800)
        s.line([(x, y), (x + w, y)], m.light, chance.uniform(18, 46), 0.32)


def ship_aground(s: Scene, m: Mood) -> None:
    air(s, m, 380, (250, 150), 50)
    hills(s, 382, 60, m.far, "aground")
    fog(s, m, "fog-back", 250, 370, 5)
    sea(s, m, 380, "aground-sea", 40)
    with s.at(640, 470, 1.28, turn=-5.5):
        freighter(
            s,
            "#8c3b35",
            mix("#8c3b35", m.near, 0.35),
            m.light,
            boxes(m),
            "calla",
            funnel=m.cool,
            columns=(4, 5, 5, 6, 5, 5, 4, 5, 4, 3, 2, 2),
        )
    bank = smooth(
        [(240, 520), (420, 486), (640, 474), (900, 462), (1120, 492), (1230, 520), (1230, 560), (700, 545), (300, 560)],
        closed=True,
    )
    s.poly(bank, mix(m.gold, m.light, 0.45))
    s.poly(
        smooth([(300, 532), (640, 498), (1000, 490), (1210, 526), (1210, 566), (700, 552), (320, 566)], closed=True),
        mix(m.gold, m.mid, 0.5),
        0.55,
    )
    swell(s, 568, 12, 120, m.sea[1], 0.2, foam=m.light)
    swell(s, 620, 16, 170, m.sea[2], 0.6)
    fog(s, m, "fog-front", 420, 520, 4)
    with s.at(170, 586, 0.62):
        tug(s, m.gold, m.light, m.warm, m.near)
    for x, y in ((420, 160), (470, 140), (520, 176), (900, 120)):
        gull(s, x, y, 15, m.near)


def oil_slick(s: Scene, m: Mood) -> None:
    """From the air."""
    s.sky(m.sea[1], m.sea[1], m.sea[2])
    chance = random.Random("slick")
    for _ in range(110):
        x, y = chance.uniform(-40, 1200), chance.uniform(0, 675)
        s.curve([(x, y), (x + 22, y - 5), (x + 46, y), (x + 66, y - 4)], mix(m.sea[0], m.light, 0.3), 2.6, 0.28)
    outer = [
        (310, 230),
        (430, 150),
        (600, 190),
        (760, 130),
        (960, 200),
        (1150, 170),
        (1240, 300),
        (1080, 420),
        (900, 380),
        (780, 470),
        (590, 430),
        (470, 520),
        (300, 450),
        (350, 340),
    ]
    for grow, colour, alpha in (
        (1.07, m.gold, 0.35),
        (1.0, m.warm, 0.4),
        (0.93, mix(m.warm, "#6b3f7a", 0.6), 0.55),
        (0.84, m.near, 0.92),
    ):
        s.blob([(750 + (x - 750) * grow, 310 + (y - 310) * grow) for x, y in outer], colour, alpha)
    s.blob(
        [(430, 260), (560, 230), (720, 250), (860, 220), (930, 260), (760, 320), (560, 300)],
        mix(m.near, "#5d6fa8", 0.45),
        0.6,
    )
    s.blob([(620, 360), (760, 350), (880, 330), (800, 380), (680, 400)], mix(m.near, m.cool, 0.5), 0.5)
    s.curve([(180, 150), (250, 300), (230, 450), (380, 590), (560, 640)], m.gold, 9)
    s.curve([(180, 150), (250, 300), (230, 450), (380, 590), (560, 640)], m.warm, 3)
    for x, y, turn in ((176, 130, -70), (590, 644, 12)):
        with s.at(x, y, 1, turn=turn):
            s.poly(smooth([(-46, -15), (26, -17), (62, 0), (26, 17), (-46, 15)], closed=True), m.light)
            s.round(-24, -9, 12, 9, 3, m.warm)
            s.rect(14, -7, 22, 7, m.near)
            s.curve([(-50, 0), (-90, -6), (-130, 4), (-170, 0)], m.light, 4, 0.5)


def seabird(s: Scene, m: Mood, *, oiled: bool = False) -> None:
    """A standing guillemot of 300 units, looking right."""
    back, belly = m.near, m.light
    s.line([(-6, -6), (-2, -46)], m.gold, 9)
    s.line([(34, -6), (30, -46)], m.gold, 9)
    for x in (-6, 34):
        s.poly([(x - 12, 0), (x + 26, 0), (x + 6, -14)], m.gold)
    s.blob(
        [
            (-96, -36),
            (-74, -96),
            (-30, -170),
            (26, -220),
            (58, -252),
            (92, -268),
            (116, -246),
            (108, -216),
            (98, -170),
            (92, -110),
            (62, -54),
            (0, -38),
            (-50, -44),
        ],
        back,
    )
    s.blob([(108, -212), (98, -160), (90, -104), (60, -56), (10, -44), (12, -90), (44, -150), (70, -196)], belly)
    s.poly([(110, -262), (176, -242), (112, -240)], mix(m.near, "#000000", 0.3))
    s.disc(88, -250, 6, m.light)
    s.disc(89, -250, 3.2, "#000000")
    s.blob([(-92, -34), (-60, -104), (0, -160), (24, -150), (16, -100), (-26, -56)], mix(back, m.cool, 0.28))
    s.curve([(-80, -46), (-44, -96), (6, -136)], mix(back, m.light, 0.3), 3)
    s.curve([(-64, -42), (-28, -80), (12, -112)], mix(back, m.light, 0.3), 3)
    if oiled:
        s.blob(
            [(14, -112), (44, -138), (78, -142), (97, -128), (90, -98), (62, -54), (10, -44), (-8, -60), (4, -84)],
            "#241c22",
        )
        s.blob([(84, -200), (105, -196), (101, -166), (93, -140), (84, -160)], "#241c22")
        s.curve([(32, -106), (56, -120), (80, -116)], "#8d7a96", 5)
        s.curve([(26, -78), (44, -88), (62, -86)], "#8d7a96", 4)
        for x, y in ((52, -36), (12, -32), (66, -42)):
            s.oval(x, y, 4, 9, "#241c22")


def oiled_bird(s: Scene, m: Mood) -> None:
    air(s, m, 360, (960, 150), 60)
    hills(s, 362, 80, m.far, "bird-far")
    sea(s, m, 360, "bird", 34)
    for x, w in ((60, 330), (760, 420), (420, 280)):
        y = 430 + (w % 90)
        s.blob(
            [(x, y), (x + w * 0.4, y - 16), (x + w, y - 4), (x + w * 0.8, y + 16), (x + w * 0.3, y + 14)],
            "#2b2630",
            0.7,
        )
        s.curve([(x + w * 0.2, y), (x + w * 0.5, y - 6), (x + w * 0.8, y + 2)], "#a07fa5", 4, 0.7)
    s.blob(
        [(220, 700), (260, 600), (360, 560), (520, 546), (700, 552), (830, 590), (900, 700)], mix(m.near, m.mid, 0.45)
    )
    s.blob([(260, 640), (380, 572), (520, 556), (650, 560), (560, 590), (400, 610)], mix(m.mid, m.light, 0.25), 0.8)
    with s.at(520, 560, 1.42):
        seabird(s, m, oiled=True)
    for x, y in ((180, 170), (240, 150), (300, 190)):
        gull(s, x, y, 17, m.near)


def salvage_tugs(s: Scene, m: Mood) -> None:
    air(s, m, 360, (190, 170), 48)
    cloud(s, 560, 90, 340, m.light, 0.6)
    hills(s, 362, 70, m.far, "tug-far")
    sea(s, m, 360, "tug", 36)
    with s.at(300, 448, 1.16):
        freighter(s, "#8c3b35", mix("#8c3b35", m.near, 0.35), m.light, boxes(m), "calla", funnel=m.cool)
    swell(s, 476, 9, 110, m.sea[1], 0.1, foam=m.light)
    for x, y, k, paint in ((800, 452, 0.9, m.gold), (860, 536, 1.45, m.warm), (1060, 470, 1.0, m.cool)):
        s.curve([(640, 376), ((640 + x) / 2, (380 + y) / 2 + 18), (x - 60 * k, y - 38 * k)], m.near, 2.6)
        with s.at(x, y, k):
            tug(s, paint, m.light, m.near, m.near)
        s.curve(
            [(x - 80 * k, y + 9), (x - 20 * k, y + 4), (x + 60 * k, y + 9), (x + 110 * k, y + 3)], m.light, 6 * k, 0.8
        )
    swell(s, 590, 15, 150, m.sea[2], 0.4, foam=mix(m.sea[1], m.light, 0.5))
    swell(s, 640, 15, 190, m.near, 0.9)


def refloated(s: Scene, m: Mood) -> None:
    air(s, m, 390, (890, 330), 84)
    cloud(s, 90, 130, 380, m.sky[-1], 0.45)
    cloud(s, 480, 70, 260, m.sky[-1], 0.35)
    hills(s, 392, 62, m.far, "float-far")
    sea(s, m, 390, "float", 34, path=890)
    with s.at(430, 490, 1.1):
        freighter(
            s,
            "#8c3b35",
            mix("#8c3b35", m.near, 0.4),
            mix(m.light, m.gold, 0.15),
            [mix(c, m.near, 0.2) for c in boxes(m)],
            "calla",
            funnel=m.cool,
            columns=(3, 4, 4, 5, 4, 3, 3, 4, 3, 2, 1, 1),
        )
    s.line([(130, 502), (730, 502)], m.near, 6, 0.35)
    for x, y, k in ((990, 498, 1.0), (1090, 560, 1.3)):
        s.curve([(752, 412), ((752 + x) / 2, y - 50), (x - 70 * k, y - 34 * k)], m.near, 2.6)
        with s.at(x, y, k):
            tug(s, m.near, m.mid, m.warm, mix(m.near, "#000000", 0.3))
        s.line([(x - 90 * k, y + 9), (x + 90 * k, y + 9)], m.sun, 4, 0.5)
    with s.at(84, 520, 0.8):
        tug(s, m.near, m.mid, m.gold, mix(m.near, "#000000", 0.3))
    for x, y in ((600, 200), (660, 180), (560, 240)):
        gull(s, x, y, 16, m.near)


def boom(s: Scene, m: Mood) -> None:
    air(s, m, 270, (1010, 100), 42)
    hills(s, 272, 90, m.far, "boom-far")
    hills(s, 276, 50, m.mid, "boom-mid", 500, 1220)
    sea(s, m, 270, "boom", 44)
    path = [(-20, 560), (180, 500), (330, 410), (520, 372), (720, 400), (850, 480), (1010, 500), (1220, 430)]
    s.curve([(x, y + 9) for x, y in path], m.near, 20, 0.35)
    s.curve(path, m.warm, 20)
    s.curve([(x, y - 5) for x, y in path], mix(m.warm, m.light, 0.45), 5)
    line = smooth(path)
    for i in range(4, len(line), 7):
        s.disc(*line[i], 11, m.gold)
    s.blob([(350, 330), (520, 306), (700, 322), (640, 350), (440, 356)], "#2b2630", 0.55)
    s.curve([(420, 334), (520, 322), (630, 330)], "#a07fa5", 4, 0.6)
    with s.at(930, 452, 1.15, flip=True):
        tug(s, m.near, m.light, m.warm, m.near)
    s.blob([(-40, 700), (0, 620), (160, 596), (320, 632), (420, 700)], mix(m.near, m.mid, 0.4))
    s.blob([(40, 690), (100, 640), (220, 632), (300, 690)], m.near)
    for x, y in ((300, 120), (360, 100), (260, 150)):
        gull(s, x, y, 17, m.near)


def handful_of_birds(s: Scene, colour: str, seed: str, n: int, x: float, y: float, spread: float) -> None:
    """A flock."""
    chance = random.Random(seed)
    for _ in range(n):
        r, a = spread * chance.random() ** 0.6, chance.uniform(0, math.tau)
        gull(s, x + r * 1.9 * math.cos(a), y + r * 0.62 * math.sin(a), chance.uniform(6, 12), colour)


def wader(s: Scene, body: str, belly: str, bill: str) -> None:
    """A wading bird of 130 units, looking right."""
    s.line([(-4, -2), (-2, -62)], bill, 4)
    s.line([(16, -2), (10, -62)], bill, 4)
    s.blob(
        [(-56, -74), (-20, -100), (24, -104), (44, -128), (60, -132), (66, -118), (52, -92), (28, -64), (-14, -58)],
        body,
    )
    s.blob([(-30, -68), (10, -66), (44, -90), (28, -64), (-6, -57)], belly)
    s.curve([(62, -124), (92, -116), (112, -102)], bill, 4.5)
    s.disc(56, -124, 3, "#101828")


def sound_birds(s: Scene, m: Mood) -> None:
    air(s, m, 330, (600, 250), 70)
    hills(s, 332, 90, m.far, "sound-far")
    hills(s, 334, 44, m.mid, "sound-mid")
    sea(s, m, 330, "sound", 40, path=600)
    handful_of_birds(s, m.near, "flock", 46, 820, 130, 130)
    for y, colour in ((500, mix(m.gold, m.mid, 0.55)), (570, mix(m.mid, m.near, 0.45))):
        s.blob(
            [
                (-60, y + 60),
                (120, y + 10),
                (420, y - 6),
                (700, y + 22),
                (960, y),
                (1260, y + 30),
                (1260, 720),
                (-60, 720),
            ],
            colour,
        )
        s.blob([(260, y + 40), (420, y + 24), (640, y + 44), (520, y + 62), (340, y + 60)], m.sea[0], 0.65)
    for x, y, k, flip in (
        (170, 560, 1.15, False),
        (330, 606, 1.4, False),
        (560, 556, 0.95, True),
        (830, 590, 1.25, True),
        (1040, 572, 1.05, False),
    ):
        s.oval(x, y + 3, 46 * k, 6 * k, m.near, 0.3)
        with s.at(x, y, k, flip=flip):
            wader(s, mix(m.near, "#7a4f3f", 0.45), m.light, m.warm)


def trawlers(s: Scene, m: Mood) -> None:
    air(s, m, 380, (1000, 130), 46)
    cloud(s, 150, 90, 300, m.light, 0.7)
    hills(s, 384, 120, m.far, "aske")
    walls = (
        m.warm,
        m.light,
        m.gold,
        mix(m.cool, m.light, 0.4),
        mix(m.warm, m.light, 0.5),
        m.light,
        mix(m.gold, m.light, 0.4),
    )
    x = 60.0
    for i, w in enumerate((96, 84, 110, 80, 104, 90, 120, 86, 100)):
        house(
            s,
            x,
            420,
            w,
            96 + (i * 37) % 46,
            walls[i % len(walls)],
            mix(m.near, m.warm, 0.25 * (i % 3)),
            mix(m.near, m.cool, 0.4),
            seed="aske",
        )
        x += w + 12 + (i % 3) * 8
    s.rect(0, 418, 1200, 440, mix(m.near, m.light, 0.25))
    sea(s, m, 440, "aske-sea", 40)
    for x, y, k, paint, flip in (
        (250, 500, 1.1, m.cool, False),
        (900, 510, 1.15, m.near, True),
        (560, 570, 1.75, m.warm, False),
    ):
        s.oval(x, y + 8, 104 * k, 8 * k, m.near, 0.3)
        with s.at(x, y, k, flip=flip):
            trawler(s, paint, m.light, m.gold, m.near)
    handful_of_birds(s, m.near, "aske-gulls", 7, 560, 180, 110)


def blockade(s: Scene, m: Mood) -> None:
    air(s, m, 300, (600, 210), 58)
    cloud(s, 80, 80, 280, m.light, 0.6)
    hills(s, 302, 50, m.far, "blockade")
    sea(s, m, 300, "blockade-sea", 40, path=600)
    with s.at(610, 318, 0.4):
        freighter(s, mix(m.near, m.far, 0.35), m.mid, m.light, [mix(c, m.far, 0.4) for c in boxes(m)], "blocked")
    for sign, foot in ((1, 150), (-1, 1050)):
        edge = foot + sign * 60
        s.poly(
            [(foot - sign * 200, 420), (edge, 400), (edge + sign * 40, 470), (foot - sign * 200, 560)],
            mix(m.near, m.mid, 0.4),
        )
        s.poly(
            [(foot - sign * 200, 420), (edge, 400), (edge + sign * 8, 414), (foot - sign * 200, 438)],
            mix(m.mid, m.light, 0.4),
        )
    with s.at(176, 408, 0.62):
        tower(s, m.light, m.warm, m.near, m.gold)
    with s.at(1030, 408, 0.62):
        tower(s, m.light, mix(m.cool, "#2f8f5b", 0.5), m.near, m.gold)
    paints = (m.warm, m.cool, m.gold, m.near, mix(m.warm, m.near, 0.4), m.cool)
    for i in range(5):
        x, y = 318 + i * 141, 420 + 12 * math.sin(i * math.pi / 4)
        s.oval(x, y + 5, 64, 5, m.near, 0.28)
        with s.at(x, y, 0.62, flip=i > 2):
            trawler(s, paints[i], m.light, m.gold, m.near)
    for x, y, k, flip in ((370, 590, 1.35, False), (850, 570, 1.2, True)):
        s.oval(x, y + 9, 112 * k, 9 * k, m.near, 0.3)
        with s.at(x, y, k, flip=flip):
            trawler(s, m.warm if flip else m.cool, m.light, m.gold, m.near)


def two_ships(s: Scene, m: Mood) -> None:
    s.sky(m.sky[0], m.sky[-1], bottom=430)
    s.disc(600, 330, 250, m.gold, 0.35)
    s.disc(600, 330, 170, m.gold, 0.6)
    s.disc(600, 330, 96, m.sun)
    sea(s, m, 430, "two", 30)
    with s.at(305, 500, 0.87):
        freighter(
            s, m.near, m.cool, m.light, (m.cool, mix(m.cool, m.light, 0.4), m.near, mix(m.cool, m.near, 0.4)), "ccl"
        )
    with s.at(895, 500, 0.87, flip=True):
        freighter(
            s,
            mix(m.warm, m.near, 0.45),
            m.warm,
            m.light,
            (m.warm, mix(m.warm, m.light, 0.45), mix(m.warm, m.near, 0.3), m.gold),
            "nordane",
        )
    swell(s, 530, 10, 100, m.sea[1], 0.0, foam=m.light)
    swell(s, 584, 12, 140, m.sea[2], 0.35)
    swell(s, 636, 12, 180, mix(m.sea[2], m.near, 0.5), 0.7)
    for x, y in ((560, 140), (650, 120)):
        gull(s, x, y, 20, m.near)


def storm_map(s: Scene, m: Mood) -> None:
    s.sky(m.sea[0], m.sea[1])
    land = mix(m.light, m.gold, 0.28)
    west = [
        (-20, -20),
        (250, -20),
        (286, 90),
        (230, 170),
        (300, 260),
        (262, 360),
        (330, 460),
        (290, 560),
        (340, 700),
        (-20, 700),
    ]
    east = [
        (1220, -20),
        (1000, -20),
        (960, 100),
        (1030, 210),
        (980, 320),
        (1050, 430),
        (1010, 560),
        (1080, 700),
        (1220, 700),
    ]
    for shape in (west, east):
        s.blob([(x + 8, y + 10) for x, y in shape], m.near, 0.15)
        s.blob(shape, land)
    for x, y, r in ((470, 560, 40), (540, 600, 24)):
        s.blob(
            [
                (x - r, y),
                (x, y - r * 0.8),
                (x + r * 1.3, y - r * 0.2),
                (x + r * 0.6, y + r * 0.7),
                (x - r * 0.6, y + r * 0.6),
            ],
            land,
        )
    cx, cy = 640, 290
    for i in range(1, 9):
        r = 34 + i * 43
        outline = [
            (
                cx + r * (1.25 + 0.1 * math.sin(a * 2 + i)) * math.cos(a),
                cy + r * (0.86 + 0.08 * math.cos(a * 3 + i)) * math.sin(a),
            )
            for a in [j * math.tau / 40 for j in range(41)]
        ]
        s.curve(outline, m.near, 2.6, 0.62)
    for turn in (0, 120, 240):
        arm = []
        for j in range(34):
            a, r = math.radians(turn + j * 7.5), 20 + j * 6.4
            arm.append((cx + r * 1.2 * math.cos(a), cy + r * 0.86 * math.sin(a)))
        s.line(arm, m.light, 26, 0.5)
    front = smooth([(cx + 20, cy + 40), (cx + 110, cy + 150), (cx + 130, cy + 270), (cx + 90, cy + 400)])
    s.line(front, m.light, 6)
    for i in range(5, len(front) - 4, 8):
        (x, y), (x2, y2) = front[i], front[i + 4]
        s.poly([(x, y), (x2, y2), ((x + x2) / 2 + (y - y2) * -0.9, (y + y2) / 2 + (x - x2) * 0.9)], m.light)
    warm = smooth([(cx - 30, cy + 30), (cx - 160, cy + 90), (cx - 300, cy + 90)])
    s.line(warm, m.warm, 6)
    for i in range(6, len(warm) - 4, 9):
        s.disc(warm[i][0], warm[i][1] + 8, 11, m.warm)
    s.disc(cx, cy, 44, m.warm)
    s.disc(cx, cy, 30, m.light)
    s.line([(cx - 8, cy - 14), (cx - 8, cy + 13), (cx + 11, cy + 13)], m.warm, 7)
    for x, y, turn in ((420, 200, 20), (420, 420, -30), (860, 150, 160), (880, 460, 210), (650, 560, -60)):
        with s.at(x, y, 1, turn=turn):
            s.line([(-44, 0), (40, 0)], m.near, 7)
            s.poly([(34, -17), (62, 0), (34, 17)], m.near)
    for x, y in ((150, 200), (200, 420), (1120, 250), (1130, 500)):
        s.disc(x, y, 8, m.near)
        s.disc(x, y, 4, land)


def waves_pier(s: Scene, m: Mood) -> None:
    s.sky(*m.sky, bottom=440)
    for x, y, w in ((-60, 90, 520), (420, 60, 560), (800, 150, 480), (120, 200, 420)):
        cloud(s, x, y, w, mix(m.sky[0], m.near, 0.25), 0.6)
    s.sky(*m.sea, top=400)
    swell(s, 430, 26, 210, mix(m.sea[0], m.far, 0.4), 0.3)
    s.beam([(868, 214), (-40, 60), (-40, 250)], m.gold, 0.65, 0.0)
    with s.at(880, 470, 1.2):
        tower(s, m.light, m.warm, m.near, m.gold)
    s.glow(880, 228, 90, m.gold, 0.8)
    s.poly([(700, 470), (1220, 458), (1220, 600), (660, 600)], mix(m.near, m.mid, 0.3))
    s.poly([(700, 470), (1220, 458), (1220, 474), (694, 486)], mix(m.mid, m.light, 0.35))
    for x in range(730, 1220, 74):
        s.rect(x, 500, x + 5, 600, m.near, 0.5)
    swell(s, 520, 46, 250, m.sea[1], 0.62, foam=m.light)
    for colour, grow, wide in ((mix(m.sea[0], m.light, 0.55), 1.0, 44), (m.light, 0.74, 30)):
        plume = random.Random("plume")
        for i in range(15):
            t = i / 7 - 1
            height = (370 * math.exp(-2.2 * t * t) + 20) * plume.uniform(0.72, 1.1) * grow
            x = 690 + t * 150
            top = (x + t * height * 0.34, 590 - height)
            s.poly(
                [(x - wide, 640), (x + wide, 640), (top[0] + wide * 0.3, top[1]), (top[0] - wide * 0.3, top[1])], colour
            )
            s.disc(*top, wide * 0.3, colour)
    chance = random.Random("spray")
    for _ in range(60):
        a, r = chance.uniform(-2.5, -0.7), chance.uniform(230, 430)
        s.disc(690 + r * 0.8 * math.cos(a), 560 + r * math.sin(a), chance.uniform(2, 7), m.light, 0.9)
    swell(s, 600, 44, 330, m.sea[2], 0.15, foam=m.light)
    swell(s, 660, 34, 280, m.near, 0.5)
    rain(s, m.light, 70, "pier", 34)


def dark_town(s: Scene, m: Mood) -> None:
    s.sky(*m.sky, bottom=560)
    s.glow(930, 130, 230, m.sun, 0.35)
    s.disc(930, 130, 46, m.sun)
    for x, y, w in ((700, 150, 330), (960, 190, 300), (80, 110, 380)):
        cloud(s, x, y, w, m.mid, 0.9)
    x = -30.0
    for i, w in enumerate((110, 90, 130, 100, 120, 96, 140, 104, 118, 96, 130)):
        house(s, x, 470, w, 120 + (i * 53) % 80, mix(m.far, m.mid, 0.5), m.mid, mix(m.mid, m.near, 0.5), seed="far")
        x += w + 2
    s.poly([(520, 470), (520, 250), (548, 170), (576, 250), (576, 470)], mix(m.far, m.mid, 0.7))
    x = -50.0
    for i, w in enumerate((170, 150, 190, 160, 180, 150, 200, 170)):
        house(s, x, 600, w, 170 + (i * 71) % 90, m.mid, m.near, m.near, floors=3, seed="near")
        x += w + 6
    s.glow(392, 482, 130, m.gold, 0.85)
    s.rect(380, 466, 404, 500, m.gold)
    s.rect(391, 466, 393, 500, m.near)
    s.rect(380, 482, 404, 484, m.near)
    s.rect(0, 598, 1200, 675, m.near)
    with s.at(830, 604, 1, turn=17):
        s.line([(0, 0), (0, -380)], mix(m.near, "#000000", 0.3), 13)
        s.line([(-74, -340), (74, -340)], mix(m.near, "#000000", 0.3), 9)
        s.line([(-58, -300), (58, -300)], mix(m.near, "#000000", 0.3), 8)
        for x in (-70, 70):
            s.disc(x, -350, 7, m.far)
    s.curve([(870, 250), (820, 430), (800, 560), (720, 606), (620, 612)], m.near, 4)
    s.curve([(1010, 292), (1110, 330), (1220, 320)], m.near, 4)
    rain(s, m.light, 90, "dark", 30)


def ferry_electric(s: Scene, m: Mood) -> None:
    air(s, m, 380, (960, 140), 50)
    cloud(s, 110, 110, 300, m.light, 0.85)
    cloud(s, 600, 70, 240, m.light, 0.7)
    hills(s, 384, 150, m.far, "hael")
    hills(s, 386, 70, mix(m.far, "#4f8f6b", 0.55), "little-hael", 560, 1240)
    sea(s, m, 380, "ferry", 46)
    with s.at(560, 500, 1.4):
        ferry(s, m.light, m.near, m.near, "#57b889")
    swell(s, 520, 8, 90, m.sea[1], 0.2, foam=m.light)
    s.curve([(930, 514), (980, 496), (1040, 508), (1100, 500)], m.light, 8, 0.9)
    swell(s, 590, 12, 150, m.sea[2], 0.6)
    for x, y in ((240, 210), (300, 186), (360, 224), (210, 260)):
        gull(s, x, y, 18, m.near)


def ferry_charging(s: Scene, m: Mood) -> None:
    air(s, m, 400, None)
    stars(s, m.light, 50, 260, "charge")
    hills(s, 402, 110, m.far, "charge-far")
    sea(s, m, 400, "charge-sea", 40)
    with s.at(430, 520, 1.34):
        ferry(s, m.light, m.mid, m.near, "#63c796")
    for i in range(8):
        s.glow(212 + i * 43, 328, 30, m.gold, 0.5)
    s.rect(900, 250, 952, 570, mix(m.near, m.mid, 0.5))
    s.rect(900, 250, 914, 570, mix(m.mid, m.light, 0.3))
    s.round(888, 214, 964, 262, 8, m.light)
    s.glow(926, 320, 150, "#63e0a8", 0.6)
    s.round(908, 290, 944, 352, 6, m.near)
    bolt(s, 926, 321, 46, "#7df0bd")
    s.line([(900, 330), (830, 330), (790, 400), (740, 430)], m.light, 13)
    s.line([(900, 330), (830, 330), (790, 400), (740, 430)], m.warm, 5)
    s.round(706, 414, 756, 450, 6, m.warm)
    s.glow(726, 432, 70, "#63e0a8", 0.7)
    s.poly([(800, 560), (1220, 560), (1220, 700), (780, 700)], m.near)
    s.rect(800, 556, 1220, 568, mix(m.mid, m.light, 0.3))
    for i in range(6):
        x, y = 420 - i * 56, 552 + i * 5
        s.line([(x, y), (x + 34, y)], m.gold, 4, 0.4)
    for x in (1010, 1120):
        s.line([(x, 560), (x, 400)], m.near, 7)
        s.line([(x, 402), (x - 36, 402)], m.near, 7)
        s.glow(x - 34, 412, 90, m.gold, 0.7)


def harbour_view(s: Scene, m: Mood) -> None:
    air(s, m, 400, (170, 130), 46)
    cloud(s, 520, 96, 300, m.light, 0.7)
    hills(s, 402, 190, m.far, "view-far")
    walls = (
        m.warm,
        m.light,
        m.gold,
        mix(m.cool, m.light, 0.3),
        mix(m.warm, m.light, 0.55),
        mix(m.gold, m.light, 0.5),
        m.cool,
    )
    x = 10.0
    for i, w in enumerate((120, 96, 132, 104, 90, 128, 100, 122, 98, 112)):
        house(
            s,
            x,
            452,
            w,
            140 + (i * 47) % 84,
            walls[(i * 3) % 7],
            mix(m.near, m.warm, 0.3 * (i % 3)),
            mix(m.near, m.cool, 0.35),
            floors=3,
            gable=i % 3 != 1,
            seed="view",
        )
        x += w + 3
    s.poly([(596, 300), (596, 190), (626, 110), (656, 190), (656, 300)], m.near)
    s.rect(592, 290, 660, 452, mix(m.light, m.gold, 0.2))
    s.disc(626, 330, 18, m.near)
    s.disc(626, 330, 14, m.light)
    s.line([(626, 330), (626, 321)], m.near, 3)
    s.line([(626, 330), (633, 333)], m.near, 3)
    s.rect(0, 450, 1200, 470, mix(m.near, m.light, 0.3))
    sea(s, m, 470, "view-sea", 26)
    chance = random.Random("mirror")
    x = 10.0
    for i, w in enumerate((120, 96, 132, 104, 90, 128, 100, 122, 98, 112)):
        for _ in range(5):
            y = 480 + chance.random() * 90
            s.line([(x + 14, y), (x + w - 14 - chance.random() * 30, y)], walls[(i * 3) % 7], 5, 0.34)
        x += w + 3
    for x, y, k, paint, flip in (
        (220, 560, 1.0, m.near, False),
        (560, 600, 1.2, m.warm, True),
        (960, 566, 1.05, m.cool, False),
    ):
        s.oval(x, y + 7, 100 * k, 7 * k, m.near, 0.3)
        with s.at(x, y, k, flip=flip):
            trawler(s, paint, m.light, m.gold, m.near)
    handful_of_birds(s, m.near, "view-gulls", 6, 330, 160, 90)


def lighthouse(s: Scene, m: Mood) -> None:
    s.sky(*m.sky, bottom=450)
    stars(s, m.light, 80, 330, "light")
    s.disc(1010, 120, 40, m.sun)
    s.disc(994, 110, 36, mix(m.sky[0], m.sky[1], 0.5))
    hills(s, 452, 60, m.far, "light-far")
    sea(s, m, 450, "light-sea", 50)
    s.beam([(386, 172), (1240, 20), (1240, 250)], m.gold, 0.75, 0.05)
    s.beam([(354, 172), (-40, 120), (-40, 240)], m.gold, 0.6, 0.15)
    s.blob(
        [(-60, 720), (-40, 560), (90, 500), (200, 440), (330, 424), (460, 440), (540, 520), (620, 560), (700, 720)],
        mix(m.near, m.mid, 0.35),
    )
    s.blob([(-60, 720), (40, 600), (200, 560), (330, 540), (470, 580), (560, 720)], m.near)
    house(s, 200, 444, 96, 62, mix(m.light, m.near, 0.3), m.warm, m.near, floors=1, lit=0.9, seed="keeper")
    with s.at(370, 442, 1.22):
        tower(s, mix(m.light, m.near, 0.12), m.warm, m.near, m.gold)
    s.glow(370, 192, 130, m.gold, 0.95)
    s.curve([(560, 590), (640, 574), (720, 594), (800, 580)], m.light, 5, 0.6)
    s.curve([(640, 640), (760, 622), (860, 642)], m.light, 5, 0.5)
    with s.at(930, 520, 0.5):
        freighter(s, m.near, m.near, m.mid, (m.mid, m.far, m.near), "night-ship")


def rowing(s: Scene, m: Mood) -> None:
    air(s, m, 330, (860, 220), 66)
    hills(s, 332, 100, m.far, "row-far")
    hills(s, 334, 46, m.mid, "row-mid")
    sea(s, m, 330, "row", 34, path=860)
    s.poly(
        smooth([(70, 470), (300, 484), (700, 486), (1140, 464), (1150, 470), (800, 504), (320, 504)], closed=True),
        m.warm,
    )
    s.line([(80, 470), (1140, 467)], m.light, 4)
    shirts = (m.light, m.gold)
    for i in range(4):
        x = 330 + i * 165
        s.line([(x + 8, 452), (x - 150, 560)], m.near, 5)
        with s.at(x - 150, 560, 1, turn=-34):
            s.round(-34, -9, 20, 9, 6, m.warm)
        s.oval(x - 156, 574, 44, 7, m.light, 0.6)
        s.blob([(x - 26, 474), (x - 34, 430), (x - 20, 394), (x + 6, 388), (x + 18, 420), (x + 20, 474)], shirts[i % 2])
        s.line([(x + 2, 402), (x + 40, 436), (x + 12, 452)], "#d59c72" if i % 2 else "#8d5a3f", 11)
        s.line([(x + 14, 470), (x + 56, 448), (x + 92, 474)], m.near, 15)
        s.disc(x - 2, 364, 21, "#d59c72" if i % 2 else "#8d5a3f")
        s.poly(arc(x - 2, 362, 22, 22, 170, 350), m.near)
    s.blob([(1010, 470), (1004, 430), (1024, 404), (1050, 410), (1056, 470)], m.cool)
    s.disc(1030, 384, 19, "#e0a97f")
    s.poly(arc(1030, 382, 20, 19, 180, 360), m.warm)
    s.line([(1012, 381), (1006, 381)], m.warm, 5)
    s.line([(100, 516), (1110, 514)], m.near, 7, 0.25)
    for x, y in ((240, 120), (300, 140)):
        gull(s, x, y, 15, m.near)


def old_ship(s: Scene, m: Mood) -> None:
    air(s, m, 430, (300, 190), 84)
    cloud(s, 640, 100, 400, m.light, 0.6)
    cloud(s, 60, 300, 300, m.light, 0.5)
    s.sky(*m.sea, top=430)
    swell(s, 450, 12, 120, m.sea[0], 0.3)
    with s.at(630, 520, 1.15, turn=-2):
        for x, h in ((-170, 360), (0, 420), (160, 350)):
            s.line([(x, -60), (x, -h)], m.near, 8)
        sails = ((-170, 360, 0.86), (0, 420, 1.0), (160, 350, 0.82))
        for x, h, k in sails:
            for j, (low, high, w) in enumerate(((0.22, 0.47, 92), (0.5, 0.72, 74), (0.75, 0.93, 54))):
                y0, y1, half = -h * low, -h * high, w * k
                outline = [
                    (x - half, y0),
                    (x - half * 0.86, y1),
                    (x + half * 0.86, y1),
                    (x + half, y0),
                    (x + half * 0.5 + 26, (y0 * 2 + y1) / 3),
                ]
                s.blob(outline, m.light if j != 1 else mix(m.light, m.gold, 0.18))
                s.blob([(x + 6 + (px - x) * 0.5, py) for px, py in outline[1:]], m.near, 0.12)
                s.line([(x - half * 0.9, y1), (x + half * 0.9, y1)], m.near, 4)
            s.poly([(x, -h), (x + 46, -h + 9), (x, -h + 20)], m.warm)
        for y in (-74, -112, -150):
            s.poly([(176, -330), (316, y - 20), (206, -84)], m.light, 0.5)
        s.line([(200, -66), (330, -120)], m.near, 7)
        s.poly(
            smooth(
                [
                    (-262, -96),
                    (-250, -20),
                    (-200, 12),
                    (170, 12),
                    (236, -40),
                    (262, -86),
                    (180, -60),
                    (-180, -56),
                    (-210, -90),
                ],
                closed=True,
            ),
            mix(m.near, "#6b3b2a", 0.55),
        )
        s.curve([(-252, -66), (-180, -38), (170, -40), (250, -72)], m.gold, 6)
        for i in range(8):
            s.rect(-176 + i * 44, -28, -160 + i * 44, -14, m.gold, 0.9)
    swell(s, 536, 18, 150, m.sea[1], 0.1, foam=m.light)
    swell(s, 600, 20, 210, m.sea[2], 0.55)
    swell(s, 650, 14, 170, m.near, 0.2)
    for x, y in ((180, 330), (250, 300), (1000, 260)):
        gull(s, x, y, 18, m.near)


def tidal_turbine(s: Scene, m: Mood) -> None:
    s.sky(*m.sky, bottom=250)
    hills(s, 230, 100, m.far, "tide-far")
    deep = (mix(m.sea[0], m.light, 0.1), m.sea[1], m.sea[2])
    s.shade([(0, 196), (640, 196), (640, 680), (0, 680)], *deep)
    s.shade([(560, 300), (1200, 300), (1200, 680), (560, 680)], *deep)
    for x0, x1, y in ((0, 480, 196), (760, 1200, 300)):
        s.line([(x0, y), (x1, y)], m.light, 6, 0.9)
    for i in range(8):
        y = 330 + (i * 53) % 280
        x = 30 + (i * 97) % 300
        s.curve([(x, y), (x + 60, y - 8), (x + 120, y)], m.light, 4, 0.35)
        s.curve([(x + 830, y + 20), (x + 880, y + 12), (x + 930, y + 20)], m.light, 4, 0.35)
    stone, shadow = mix(m.light, m.near, 0.18), mix(m.light, m.near, 0.4)
    s.poly([(480, 130), (760, 130), (840, 680), (400, 680)], stone)
    s.poly([(680, 130), (760, 130), (840, 680), (740, 680)], shadow)
    s.rect(460, 108, 780, 138, m.near)
    for x in range(480, 780, 44):
        s.line([(x, 108), (x, 84)], m.near, 4)
    s.line([(464, 86), (776, 86)], m.near, 4)
    s.blob(
        [
            (404, 400),
            (500, 404),
            (600, 424),
            (720, 404),
            (830, 396),
            (838, 590),
            (720, 576),
            (600, 556),
            (500, 576),
            (396, 590),
        ],
        deep[2],
    )
    for y in (440, 490, 540):
        s.curve([(300, y), (420, y + 4), (560, y * 0.9 + 49), (700, y), (900, y)], m.light, 4, 0.5)
    s.poly(smooth([(510, 490), (548, 458), (640, 456), (700, 490), (640, 524), (548, 522)], closed=True), m.warm)
    s.rect(590, 524, 612, 560, mix(m.warm, m.near, 0.4))
    with s.at(520, 490):
        for i in range(3):
            with s.at(0, 0, 1.18, turn=24 + i * 120):
                s.blob([(-7, 0), (-20, -40), (-12, -76), (8, -78), (14, -40), (7, 0)], m.gold)
    s.disc(520, 490, 20, m.light)
    s.disc(520, 490, 9, m.near)
    for y, x0, x1 in ((640, 40, 300), (640, 900, 1160)):
        s.line([(x0, y), (x1 - 30, y)], m.light, 9, 0.85)
        s.poly([(x1 - 36, y - 20), (x1, y), (x1 - 36, y + 20)], m.light, 0.85)
    with s.at(180, 196, 0.8):
        trawler(s, m.warm, m.light, m.gold, m.near)
    for x, y in ((960, 110), (1020, 90)):
        gull(s, x, y, 16, m.near)
