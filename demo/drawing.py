"""A small box of drawing tools over Pillow: flat shapes with smooth edges, soft gradients, one transform for all.

Every scene is drawn in its own units (1200x675 unless told otherwise), `OVER` times larger than it is kept, and made
smaller at the end: that is what smooths the edges.  Nothing here depends on fonts, time or chance.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from PIL import Image, ImageChops, ImageDraw

OVER = 2
Colour = tuple[int, int, int] | tuple[int, int, int, int]
Point = tuple[float, float]


def rgb(code: str, alpha: float = 1.0) -> Colour:
    """Return "#rrggbb" as a colour; `alpha` (0-1) makes it see-through."""
    value = code.lstrip("#")
    colour = (int(value[0:2], 16), int(value[2:4], 16), int(value[4:6], 16))
    return colour if alpha >= 1 else (*colour, round(alpha * 255))


def mix(one: str, other: str, share: float) -> str:
    """Return the colour that lies `share` (0-1) of the way from `one` to `other`."""
    a, b = rgb(one), rgb(other)
    return "#" + "".join(f"{round(x + (y - x) * share):02x}" for x, y in zip(a, b, strict=True))


def ramp(colours: Sequence[str], height: int) -> Image.Image:
    """Return a column of `height` pixels that runs through `colours`."""
    column = Image.new("RGB", (1, max(height, 1)))
    steps = len(colours) - 1
    for y in range(max(height, 1)):
        place = y / max(height - 1, 1) * steps
        first = min(int(place), steps - 1) if steps else 0
        column.putpixel((0, y), rgb(mix(colours[first], colours[min(first + 1, steps)], place - first)))
    return column


def _stretched(column: Image.Image, width: int) -> Image.Image:
    return column.resize((width, column.height), Image.Resampling.NEAREST)


def ridge(seed: str, x0: float, x1: float, y: float, rise: float, step: float = 12) -> list[Point]:
    """Return a gentle skyline around `y` that rises by up to `rise`: three waves of chance phase."""
    chance = random.Random(seed)
    waves = [(chance.uniform(0.6, 1.4) * f, chance.uniform(0, math.tau), 1 / f) for f in (1, 2.3, 5.1)]
    points = []
    for i in range(int((x1 - x0) / step) + 2):
        x = x0 + i * step
        height = sum(share * math.sin(x / 1200 * math.tau * f + phase) for f, phase, share in waves)
        points.append((x, y - rise * (height / 1.63 + 1) / 2))
    return points


@dataclass
class Scene:
    """A picture under work.  Coordinates are in scene units, y downwards."""

    width: int = 1200
    height: int = 675
    image: Image.Image = field(init=False)
    _moves: list[tuple[float, float, float, float, float, float]] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        self.image = Image.new("RGB", (self.width * OVER, self.height * OVER), "white")
        self._draw = ImageDraw.Draw(self.image, "RGBA")

    # --- where ------------------------------------------------------------------------------------------------

    @contextmanager
    def at(self, x: float, y: float, scale: float = 1, turn: float = 0, flip: bool = False) -> Iterator[None]:
        """Draw what follows around (x, y): scaled, turned by degrees, mirrored."""
        c, s = math.cos(math.radians(turn)) * scale, math.sin(math.radians(turn)) * scale
        sign = -1 if flip else 1
        self._moves.append((c * sign, -s, s * sign, c, x, y))
        try:
            yield
        finally:
            self._moves.pop()

    def _place(self, points: Iterable[Point]) -> list[Point]:
        placed = []
        for x, y in points:
            for a, b, c, d, e, f in reversed(self._moves):
                x, y = a * x + b * y + e, c * x + d * y + f
            placed.append((x * OVER, y * OVER))
        return placed

    def _scale(self) -> float:
        return math.prod(math.hypot(move[0], move[2]) for move in self._moves)

    # --- shapes -----------------------------------------------------------------------------------------------

    def poly(self, points: Iterable[Point], colour: str, alpha: float = 1) -> None:
        """A filled polygon."""
        self._draw.polygon(self._place(points), fill=rgb(colour, alpha))

    def shade(self, points: Iterable[Point], *colours: str) -> None:
        """A polygon that runs through `colours` from its top to its bottom."""
        placed = self._place(points)
        xs, ys = [p[0] for p in placed], [p[1] for p in placed]
        left, top = math.floor(min(xs)), math.floor(min(ys))
        size = (max(1, math.ceil(max(xs)) - left), max(1, math.ceil(max(ys)) - top))
        mask = Image.new("L", size, 0)
        ImageDraw.Draw(mask).polygon([(x - left, y - top) for x, y in placed], fill=255)
        self.image.paste(_stretched(ramp(colours, size[1]), size[0]), (left, top), mask)

    def rect(self, x0: float, y0: float, x1: float, y1: float, colour: str, alpha: float = 1) -> None:
        """A filled rectangle."""
        self.poly([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], colour, alpha)

    def round(self, x0: float, y0: float, x1: float, y1: float, r: float, colour: str, alpha: float = 1) -> None:
        """A rectangle with round corners."""
        self.poly(rounded(x0, y0, x1, y1, r), colour, alpha)

    def oval(self, x: float, y: float, rx: float, ry: float, colour: str, alpha: float = 1) -> None:
        """A filled ellipse around (x, y)."""
        self.poly(arc(x, y, rx, ry, 0, 360), colour, alpha)

    def disc(self, x: float, y: float, r: float, colour: str, alpha: float = 1) -> None:
        """A filled circle."""
        self.oval(x, y, r, r, colour, alpha)

    def blob(self, points: Sequence[Point], colour: str, alpha: float = 1) -> None:
        """A closed shape with a smooth outline through `points`."""
        self.poly(smooth(points, closed=True), colour, alpha)

    def line(self, points: Sequence[Point], colour: str, width: float = 4, alpha: float = 1) -> None:
        """A stroke with round joints and ends."""
        placed = self._place(points)
        thick = max(1, round(width * OVER * self._scale()))
        if alpha < 1:  # joints must not show through one another
            left = math.floor(min(x for x, _ in placed)) - thick
            top = math.floor(min(y for _, y in placed)) - thick
            size = tuple(math.ceil(max(p[i] for p in placed)) + thick - (left, top)[i] for i in (0, 1))
            mask = Image.new("L", (size[0], size[1]), 0)
            self._stroke(ImageDraw.Draw(mask), [(x - left, y - top) for x, y in placed], round(255 * alpha), thick)
            self.image.paste(rgb(colour), (left, top), mask)
        else:
            self._stroke(self._draw, placed, rgb(colour), thick)

    @staticmethod
    def _stroke(draw: ImageDraw.ImageDraw, points: list[Point], fill: int | Colour, thick: int) -> None:
        draw.line(points, fill=fill, width=thick, joint="curve")
        if thick > 3:
            r = thick / 2 - 0.5
            for x, y in (points[0], points[-1]):
                draw.ellipse((x - r, y - r, x + r, y + r), fill=fill)

    def curve(self, points: Sequence[Point], colour: str, width: float = 4, alpha: float = 1) -> None:
        """A smooth stroke through `points`."""
        self.line(smooth(points), colour, width, alpha)

    # --- light ------------------------------------------------------------------------------------------------

    def sky(self, *colours: str, top: float = 0, bottom: float | None = None) -> None:
        """A gradient over the whole width; what is below it keeps its last colour."""
        end = self.height if bottom is None else bottom
        self.image.paste(rgb(colours[-1]), (0, round(top * OVER), self.image.width, self.image.height))
        box = (0, round(top * OVER), self.width * OVER, round(end * OVER))
        self.image.paste(_stretched(ramp(colours, box[3] - box[1]), box[2]), box)

    def glow(self, x: float, y: float, r: float, colour: str, strength: float = 0.6) -> None:
        """Soft round light."""
        (px, py), *_ = self._place([(x, y)])
        size = max(2, round(2 * r * OVER * self._scale()))
        fade = ImageChops.invert(Image.radial_gradient("L")).resize((size, size), Image.Resampling.BILINEAR)
        mask = fade.point(lambda v: round(max(0, v - 75) / 180 * 255 * strength))
        self.image.paste(rgb(colour), (round(px - size / 2), round(py - size / 2)), mask)

    def beam(self, points: Sequence[Point], colour: str, near: float, far: float = 0.0) -> None:
        """Light that fades along x over a polygon: `near` at its first point, `far` at its other end."""
        placed = self._place(points)
        xs, ys = [p[0] for p in placed], [p[1] for p in placed]
        left, top = math.floor(min(xs)), math.floor(min(ys))
        size = (max(2, math.ceil(max(xs)) - left), max(2, math.ceil(max(ys)) - top))
        mask = Image.new("L", size, 0)
        ImageDraw.Draw(mask).polygon([(x - left, y - top) for x, y in placed], fill=255)
        row = Image.new("L", (size[0], 1))
        forward = placed[0][0] < (min(xs) + max(xs)) / 2
        for i in range(size[0]):
            share = i / (size[0] - 1) if forward else 1 - i / (size[0] - 1)
            row.putpixel((i, 0), round(255 * (near + (far - near) * share)))
        self.image.paste(
            rgb(colour), (left, top), ImageChops.multiply(mask, row.resize(size, Image.Resampling.NEAREST))
        )

    def kept(self, width: int, height: int, *, mirror: bool = False) -> Image.Image:
        """Return the finished picture, `width` x `height` pixels, cropped around its middle where shapes differ."""
        share = max(width / self.image.width, height / self.image.height)
        size = (round(self.image.width * share), round(self.image.height * share))
        small = self.image.resize(size, Image.Resampling.LANCZOS)
        left, top = (size[0] - width) // 2, (size[1] - height) // 2
        cut = small.crop((left, top, left + width, top + height))
        return cut.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if mirror else cut


def arc(x: float, y: float, rx: float, ry: float, start: float, end: float, n: int = 72) -> list[Point]:
    """Points along an ellipse from `start` to `end` degrees, clockwise from the right."""
    angles = (math.radians(start + (end - start) * i / n) for i in range(n + 1))
    return [(x + rx * math.cos(a), y + ry * math.sin(a)) for a in angles]


def rounded(x0: float, y0: float, x1: float, y1: float, r: float) -> list[Point]:
    """Outline of a rectangle with round corners."""
    r = min(r, abs(x1 - x0) / 2, abs(y1 - y0) / 2)
    corners = ((x1 - r, y0 + r, 270), (x1 - r, y1 - r, 0), (x0 + r, y1 - r, 90), (x0 + r, y0 + r, 180))
    return [p for x, y, a in corners for p in arc(x, y, r, r, a, a + 90, 10)]


def smooth(points: Sequence[Point], *, closed: bool = False, steps: int = 14) -> list[Point]:
    """A Catmull-Rom curve through `points`."""
    n = len(points)
    found: list[Point] = []
    for i in range(n if closed else n - 1):
        quad = [points[(i + k) % n] if closed else points[min(max(i + k, 0), n - 1)] for k in (-1, 0, 1, 2)]
        for j in range(steps):
            t = j / steps
            weights = (-t + 2 * t**2 - t**3, 2 - 5 * t**2 + 3 * t**3, t + 4 * t**2 - 3 * t**3, -(t**2) + t**3)
            found.append(
                (
                    sum(w * p[0] for w, p in zip(weights, quad, strict=True)) / 2,
                    sum(w * p[1] for w, p in zip(weights, quad, strict=True)) / 2,
                )
            )
    return found if closed else [*found, points[-1]]
