"""The six authors as geometric portraits, and the newsroom's mark."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageDraw

from .canvas import (
    BRICK,
    CORAL,
    CREAM,
    DUSK,
    INK,
    MIST,
    NIGHT,
    OCHRE,
    PINE,
    REED,
    RIVER,
    ROSE,
    SAGE,
    WHEAT,
    Colour,
    Scene,
    mix,
)

SKIN = mix(ROSE, CREAM, 0.25)


@dataclass(frozen=True)
class Look:
    """What tells one portrait from another."""

    name: str
    ground: tuple[Colour, Colour]
    hair: Colour
    coat: Colour
    skin: Colour
    style: str  # bob, crop, bun, beard, long, curls
    glasses: bool = False


LOOKS = (
    Look("solomiia", (mix(RIVER, MIST, 0.35), RIVER), mix(INK, BRICK, 0.25), CORAL, SKIN, "bob", glasses=True),
    Look("taras", (mix(WHEAT, CREAM, 0.35), OCHRE), mix(OCHRE, BRICK, 0.55), NIGHT, mix(SKIN, OCHRE, 0.18), "crop"),
    Look("kateryna", (mix(ROSE, CREAM, 0.3), CORAL), mix(WHEAT, OCHRE, 0.35), PINE, SKIN, "bun"),
    Look(
        "myron",
        (mix(SAGE, CREAM, 0.3), REED),
        mix(MIST, DUSK, 0.35),
        mix(OCHRE, BRICK, 0.35),
        mix(SKIN, BRICK, 0.18),
        "beard",
    ),
    Look("dina", (mix(DUSK, MIST, 0.35), NIGHT), BRICK, WHEAT, mix(SKIN, CREAM, 0.2), "long"),
    Look(
        "andrii",
        (mix(MIST, CREAM, 0.5), mix(DUSK, MIST, 0.3)),
        INK,
        mix(RIVER, MIST, 0.2),
        mix(SKIN, OCHRE, 0.3),
        "curls",
    ),
)


def portrait(look: Look) -> Image.Image:
    """One author, head and shoulders, lit from the left."""
    s = Scene(look.name, (600, 600))
    s.wash([(0, look.ground[0]), (1, look.ground[1])])
    s.glow(170, 130, 330, CREAM, 0.45)
    s.disc(300, 300, 232, mix(look.ground[0], CREAM, 0.4), alpha=120)
    hair, deep = look.hair, mix(look.hair, INK, 0.35)
    if look.style == "bob":
        s.rect(176, 130, 248, 290, deep, 116)
        s.rect(176, 130, 130, 290, hair, 110)
    elif look.style == "long":
        s.rect(166, 124, 268, 420, deep, 120)
        s.rect(166, 124, 140, 420, hair, 110)
    elif look.style == "bun":
        s.disc(300, 108, 66, deep)
        s.disc(286, 100, 54, hair)
        s.disc(300, 246, 128, deep, 132)
    elif look.style == "curls":
        for n in range(15):
            angle = math.pi * (0.98 + 1.04 * n / 14)
            s.disc(300 + 112 * math.cos(angle), 258 + 122 * math.sin(angle), 45, hair if n < 8 else deep)
    # Shoulders, neck, head; the right half in the shade.
    s.disc(300, 620, 236, look.coat, 176)
    s.poly([(330, 446), (420, 470), (536, 600), (300, 600)], mix(look.coat, INK, 0.28), 190)
    s.rect(256, 350, 88, 130, mix(look.skin, BRICK, 0.22), 40)
    s.poly([(248, 452), (300, 532), (352, 452), (392, 470), (300, 590), (208, 470)], mix(look.coat, CREAM, 0.45))
    s.disc(300, 282, 104, look.skin, 130)
    shade = mix(look.skin, BRICK, 0.16)
    s.poly(
        [(300 + 104 * math.sin(math.pi * i / 30), 282 - 130 * math.cos(math.pi * i / 30)) for i in range(31)]
        + [(322, 360), (330, 300), (314, 292), (318, 230)],
        shade,
    )
    s.disc(194, 292, 17, look.skin, 26)
    s.disc(406, 292, 17, shade, 26)
    s.disc(252, 322, 24, CORAL, 15, 70)
    s.disc(354, 322, 22, CORAL, 15, 70)
    if look.style == "bob":
        s.poly([(190, 290), (196, 190), (300, 136), (404, 190), (410, 290), (386, 232), (300, 214), (226, 236)], hair)
        s.poly([(300, 136), (404, 190), (410, 290), (386, 232), (300, 214)], deep)
    elif look.style == "crop":
        s.poly(
            [
                (190, 268),
                (184, 190),
                (236, 132),
                (330, 122),
                (408, 160),
                (414, 268),
                (398, 218),
                (340, 196),
                (250, 206),
                (206, 226),
            ],
            hair,
        )
        s.poly([(330, 122), (408, 160), (414, 268), (398, 218), (340, 196)], deep)
    elif look.style == "bun":
        s.poly([(190, 280), (200, 186), (300, 138), (400, 186), (410, 280), (372, 214), (300, 180), (240, 206)], hair)
        s.poly([(300, 138), (400, 186), (410, 280), (372, 214), (300, 180)], deep)
    elif look.style == "beard":
        jaw = [(300 + 108 * math.cos(math.pi * i / 24), 316 + 124 * math.sin(math.pi * i / 24)) for i in range(25)]
        s.poly([*jaw, (206, 336), (262, 354), (300, 344), (338, 354), (394, 336)], hair)
        s.poly([*jaw[:13], (300, 344), (338, 354), (394, 336)], mix(hair, INK, 0.18))
        s.rect(186, 172, 228, 60, PINE, 20)  # a knitted cap
        s.disc(300, 190, 112, PINE, 76)
        s.poly([(300, 116), (400, 160), (414, 226), (300, 226)], mix(PINE, INK, 0.25))
        s.rect(184, 206, 232, 38, mix(PINE, SAGE, 0.3), 16)
    elif look.style == "long":
        s.poly(
            [
                (186, 320),
                (192, 190),
                (300, 132),
                (408, 190),
                (414, 320),
                (392, 250),
                (340, 190),
                (252, 226),
                (214, 250),
            ],
            hair,
        )
        s.poly([(340, 150), (408, 190), (414, 320), (392, 250), (340, 190)], deep)
    else:
        for n in range(8):
            s.disc(222 + n * 23, 176 - 20 * math.sin(math.pi * n / 7), 32, hair if n < 5 else deep)
    for x in (258, 342):
        s.disc(x, 284, 9, INK, 10)
        s.line([(x - 20, 256), (x, 250), (x + 18, 256)], deep, 7)
        if look.glasses:
            s.arc((x - 35, 250, x + 35, 320), 0, 360, INK, 6)
    if look.glasses:
        s.line([(291, 280), (309, 280)], INK, 6)
    s.line([(302, 292), (312, 326), (296, 330)], mix(look.skin, BRICK, 0.45), 5)
    s.arc((264, 326, 336, 376), 25, 155, mix(BRICK, INK, 0.2), 7)
    return s.finish(grain=9, vignette=0.16)


def logo() -> Image.Image:
    """The mark of the newsroom: three reeds, a low sun and the water line, round and transparent outside."""
    s = Scene("logo", (600, 600), ground=CREAM)
    s.disc(300, 300, 284, NIGHT)
    s.disc(300, 300, 262, mix(RIVER, NIGHT, 0.25))
    s.disc(372, 296, 104, WHEAT)
    water = [(math.cos(math.pi * i / 40), math.sin(math.pi * i / 40)) for i in range(41)]
    s.poly([(300 + 262 * x, 330 + 232 * y * 0.999) for x, y in water], NIGHT)
    for n, (y, half) in enumerate(((352, 224), (400, 196), (448, 150))):
        wave = [(300 - half + half * i / 30, y + 9 * math.sin(i * 0.62 + n)) for i in range(61)]
        s.line(wave, (WHEAT, MIST, RIVER)[n], 13)
    for x, top, lean in ((214, 150, -22), (268, 96, 8), (318, 184, 30)):
        s.line([(x, 470), (x + lean * 0.3, 300), (x + lean, top)], CREAM, 13)
        s.line([(x + lean * 0.96, top + 16), (x + lean * 0.75, top + 92)], CORAL, 33)
        s.disc(x + lean * 0.96, top + 16, 16, CORAL)
        s.disc(x + lean * 0.75, top + 92, 16, CORAL)
    s.poly([(222, 440), (150, 250), (234, 350)], SAGE)
    s.poly([(300, 450), (396, 250), (304, 352)], SAGE)
    mark = s.finish(grain=0, vignette=0)
    round_mask = Image.new("L", (1200, 1200), 0)
    ImageDraw.Draw(round_mask).ellipse((32, 32, 1168, 1168), fill=255)
    mark.putalpha(round_mask.reduce(2))
    return mark


def painter(look: Look) -> Callable[[], Image.Image]:
    """A function without arguments that draws `look`."""
    return lambda: portrait(look)
