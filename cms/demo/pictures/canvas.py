"""The drawing board of the demo's illustrations: flat shapes, washes of light and a paper grain, with Pillow alone.

Shapes are drawn at twice the size and reduced once, which is what gives them clean edges (ImageDraw does not
smooth polygons). Everything soft - gradients, shadows, glows - is computed small and enlarged, because a blur of a
large picture is what would make the series slow. Every picture is a pure function of its seed.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Iterable, Sequence

from PIL import Image, ImageChops, ImageDraw, ImageFilter

Colour = tuple[int, int, int]
Point = tuple[float, float]

# One palette for the whole series. Night and ink are never pure black, paper is never pure white.
INK: Colour = (24, 33, 54)
NIGHT: Colour = (33, 46, 77)
DUSK: Colour = (74, 84, 124)
RIVER: Colour = (47, 106, 124)
MIST: Colour = (151, 181, 186)
REED: Colour = (63, 97, 82)
PINE: Colour = (34, 66, 62)
SAGE: Colour = (134, 164, 138)
WHEAT: Colour = (240, 186, 92)
OCHRE: Colour = (203, 138, 58)
CORAL: Colour = (230, 118, 86)
BRICK: Colour = (168, 70, 62)
ROSE: Colour = (240, 178, 156)
CREAM: Colour = (249, 236, 212)

SCALE = 2
SHRINK = 8  # how much smaller soft light is computed


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """The colour `share` of the way from `a` to `b`."""
    return (
        round(a[0] + (b[0] - a[0]) * share),
        round(a[1] + (b[1] - a[1]) * share),
        round(a[2] + (b[2] - a[2]) * share),
    )


def gradient(size: tuple[int, int], stops: Sequence[tuple[float, Colour]], across: bool = False) -> Image.Image:
    """A gradient over `size` pixels, from top to bottom (or from left to right), through `(position, colour)` stops."""
    steps = 256
    strip = []
    for step in range(steps):
        at = step / (steps - 1)
        left, right = stops[0], stops[-1]
        for first, second in itertools.pairwise(stops):
            if first[0] <= at <= second[0]:
                left, right = first, second
                break
        span = right[0] - left[0] or 1.0
        strip.append(mix(left[1], right[1], min(1.0, max(0.0, (at - left[0]) / span))))
    image = Image.new("RGB", (steps, 1) if across else (1, steps))
    image.putdata(strip)
    return image.resize(size, Image.Resampling.BILINEAR)


class Scene:
    """One picture in the making. Coordinates are those of the finished picture, whatever the scale underneath."""

    def __init__(self, seed: str, size: tuple[int, int] = (1600, 1000), ground: Colour = CREAM) -> None:
        self.width, self.height = size
        self.seed = seed
        self.dice = random.Random(seed)  # noqa: S311 - the same picture every time, and no secret
        self.image = Image.new("RGB", (size[0] * SCALE, size[1] * SCALE), ground)
        self.pen = ImageDraw.Draw(self.image, "RGBA")

    # Flat shapes

    def poly(self, points: Iterable[Point], fill: Colour, alpha: int = 255) -> None:
        self.pen.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=(*fill, alpha))

    def rect(self, x: float, y: float, w: float, h: float, fill: Colour, radius: float = 0, alpha: int = 255) -> None:
        box = (x * SCALE, y * SCALE, (x + w) * SCALE - 1, (y + h) * SCALE - 1)
        if radius:
            self.pen.rounded_rectangle(box, radius * SCALE, fill=(*fill, alpha))
        else:
            self.pen.rectangle(box, fill=(*fill, alpha))

    def disc(self, x: float, y: float, rx: float, fill: Colour, ry: float | None = None, alpha: int = 255) -> None:
        ry = rx if ry is None else ry
        self.pen.ellipse(((x - rx) * SCALE, (y - ry) * SCALE, (x + rx) * SCALE, (y + ry) * SCALE), fill=(*fill, alpha))

    def line(self, points: Sequence[Point], fill: Colour, width: float, alpha: int = 255) -> None:
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self.pen.line(scaled, fill=(*fill, alpha), width=max(1, round(width * SCALE)), joint="curve")

    def arc(self, box: tuple[float, float, float, float], start: float, end: float, fill: Colour, width: float) -> None:
        scaled = tuple(value * SCALE for value in box)
        self.pen.arc(scaled, start, end, fill=fill, width=max(1, round(width * SCALE)))

    def arch(self, x: float, y: float, w: float, h: float, fill: Colour) -> None:
        """A rectangle with a round top: a window, a door, a gate."""
        self.disc(x + w / 2, y + w / 2, w / 2, fill)
        self.rect(x, y + w / 2, w, h - w / 2, fill)

    # Washes

    def wash(
        self,
        stops: Sequence[tuple[float, Colour]],
        box: tuple[float, float, float, float] | None = None,
        across: bool = False,
    ) -> None:
        """Fill a rectangle (x, y, width, height; default: everything) with a gradient."""
        x, y, w, h = box or (0, 0, self.width, self.height)
        size = (round(w * SCALE), round(h * SCALE))
        self.image.paste(gradient(size, stops, across), (round(x * SCALE), round(y * SCALE)))

    def shaded(self, points: Sequence[Point], stops: Sequence[tuple[float, Colour]], across: bool = False) -> None:
        """A polygon filled with a gradient that spans its own bounding box."""
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        left, top = max(0.0, min(xs)), max(0.0, min(ys))
        right, bottom = min(float(self.width), max(xs)), min(float(self.height), max(ys))
        size = (round((right - left) * SCALE), round((bottom - top) * SCALE))
        if size[0] < 1 or size[1] < 1:
            return
        mask = Image.new("L", size, 0)
        ImageDraw.Draw(mask).polygon([((x - left) * SCALE, (y - top) * SCALE) for x, y in points], fill=255)
        self.image.paste(gradient(size, stops, across), (round(left * SCALE), round(top * SCALE)), mask)

    def soft(self, draw: Callable[[ImageDraw.ImageDraw, float], None], fill: Colour, share: float, blur: float) -> None:
        """Lay a blurred shape over the picture. `draw(pen, k)` draws it in white, `k` times as large."""
        small = Image.new("L", (self.width // SHRINK, self.height // SHRINK), 0)
        draw(ImageDraw.Draw(small), 1 / SHRINK)
        small = small.filter(ImageFilter.GaussianBlur(blur / SHRINK)).point(lambda value: int(value * share))
        box = small.getbbox()
        if box is None:
            return
        factor = SHRINK * SCALE
        part = small.crop(box).resize(
            ((box[2] - box[0]) * factor, (box[3] - box[1]) * factor), Image.Resampling.BILINEAR
        )
        self.image.paste(fill, (box[0] * factor, box[1] * factor), part)

    def glow(self, x: float, y: float, radius: float, fill: Colour = CREAM, share: float = 0.7) -> None:
        """Light around a point."""
        self.soft(
            lambda pen, k: pen.ellipse(
                ((x - radius / 2) * k, (y - radius / 2) * k, (x + radius / 2) * k, (y + radius / 2) * k), fill=255
            ),
            fill,
            share,
            radius * 0.42,
        )

    def shade(self, points: Sequence[Point], fill: Colour, share: float, blur: float) -> None:
        """A blurred polygon: a shadow, a beam, a bank of mist."""
        self.soft(lambda pen, k: pen.polygon([(x * k, y * k) for x, y in points], fill=255), fill, share, blur)

    def band(self, y: float, thickness: float, fill: Colour, share: float, blur: float = 40) -> None:
        """A horizontal veil of mist over the whole width."""
        edge = self.width + 200
        self.shade([(-200, y), (edge, y), (edge, y + thickness), (-200, y + thickness)], fill, share, blur)

    # Landscape

    def ridge(self, base: float, swing: float, waves: float, drop: float = 0) -> list[Point]:
        """A rolling horizon, closed along the bottom edge of the picture; `drop` tilts it from left to right."""
        phases = [self.dice.uniform(0, math.tau) for _ in range(3)]
        line = []
        for step in range(81):
            at = step / 80
            bend = sum(math.sin(at * math.tau * waves * (1 + 0.9 * n) + phases[n]) / (1 + 1.2 * n) for n in range(3))
            line.append((at * self.width, base + swing * bend * 0.6 + drop * at))
        return [*line, (self.width, self.height), (0, self.height)]

    def grove(self, x0: float, x1: float, base: float, height: float, fill: Colour, gap: float = 14) -> None:
        """A line of rounded tree crowns along a horizon."""
        x = x0
        while x < x1:
            size = height * self.dice.uniform(0.45, 1.0)
            self.disc(x, base - size * 0.4, size * 0.55, fill, size * 0.75)
            x += gap * self.dice.uniform(0.6, 1.6)
        self.rect(x0, base - height * 0.25, x1 - x0, height * 0.5, fill)

    def poplar(self, x: float, base: float, height: float, fill: Colour, light: Colour | None = None) -> None:
        """A tall poplar, lit from the left when `light` is given."""
        half = height * 0.1
        shape = []
        for step in range(25):
            angle = math.pi * step / 24
            shape.append(
                (half * math.sin(angle) * (0.75 + 0.35 * step / 24), base - height + height * 0.92 * step / 24)
            )
        self.rect(x - half * 0.12, base - height * 0.14, half * 0.24, height * 0.14, mix(fill, INK, 0.5))
        self.poly([(x + dx, y) for dx, y in shape] + [(x - dx, y) for dx, y in reversed(shape)], fill)
        if light:
            self.poly([(x - dx * 0.15, y) for dx, y in shape] + [(x - dx, y) for dx, y in reversed(shape)], light)

    def reeds(self, x0: float, x1: float, base: float, height: float, fill: Colour, count: int) -> None:
        """Reed stems with leaves and, on some, brown heads."""
        for _ in range(count):
            x, tall = self.dice.uniform(x0, x1), height * self.dice.uniform(0.55, 1.0)
            lean = self.dice.uniform(-0.16, 0.2) * tall
            tip = (x + lean, base - tall)
            self.line([(x, base), (x + lean * 0.35, base - tall * 0.55), tip], fill, max(1.5, height * 0.011))
            side = self.dice.choice((-1, 1)) * tall * 0.22
            knee = (x + lean * 0.3, base - tall * 0.45)
            self.poly([knee, (knee[0] + side, knee[1] - tall * 0.3), (knee[0], knee[1] - tall * 0.05)], fill)
            if self.dice.random() < 0.45:
                self.line(
                    [(tip[0] - lean * 0.05, tip[1] + tall * 0.02), (tip[0] - lean * 0.16, tip[1] + tall * 0.17)],
                    mix(fill, BRICK, 0.45),
                    height * 0.03,
                )

    def ripples(
        self,
        top: float,
        bottom: float,
        fill: Colour,
        count: int,
        alpha: int = 90,
        x: float | None = None,
        spread: float = 700,
    ) -> None:
        """Short horizontal strokes on water, longer and wider apart towards the viewer; around `x` if given."""
        for _ in range(count):
            depth = self.dice.random()
            y = top + (bottom - top) * depth**1.4
            middle = (
                self.dice.uniform(0, self.width) if x is None else x + self.dice.gauss(0, spread * (0.15 + depth) / 3)
            )
            half = (12 + 90 * depth) * self.dice.uniform(0.4, 1.2)
            thick = 1 + 3.4 * depth
            self.disc(middle, y, half, fill, thick, alpha)

    def finish(self, grain: int = 11, vignette: float = 0.26) -> Image.Image:
        """Reduce to the final size, darken the corners a little and lay the grain of paper over it."""
        image = self.image.reduce(SCALE)
        if vignette:
            small = Image.new("L", (64, 40), 255)
            ImageDraw.Draw(small).ellipse((-4, -4, 67, 43), fill=0)
            corner = small.filter(ImageFilter.GaussianBlur(10)).point(lambda value: int(value * vignette))
            image.paste(INK, (0, 0), corner.resize(image.size, Image.Resampling.BILINEAR))
        if grain:
            tile = 400
            dots = random.Random(self.seed).randbytes(tile * tile)  # noqa: S311
            noise = Image.frombytes("L", (tile, tile), dots)
            noise = noise.filter(ImageFilter.BoxBlur(0.6)).point(lambda v: 128 + (v - 128) * grain // 70)
            paper = Image.new("L", image.size)
            for x in range(0, image.width, tile):
                for y in range(0, image.height, tile):
                    paper.paste(noise, (x, y))
            image = ImageChops.overlay(image, Image.merge("RGB", (paper, paper, paper)))
        return image
