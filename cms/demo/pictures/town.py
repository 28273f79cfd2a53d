"""Pictures of the town and its edges: night windows, the stadium, the field behind the last houses."""

from __future__ import annotations

import math

from PIL import Image

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


def blackout() -> Image.Image:
    """Blocks of flats by the river at night: one side of the street has light, the other waits."""
    s = Scene("blackout")
    s.wash([(0, mix(INK, NIGHT, 0.3)), (0.55, NIGHT), (1, mix(DUSK, ROSE, 0.25))], (0, 0, 1600, 700))
    for _ in range(170):
        s.disc(
            s.dice.uniform(0, 1600),
            s.dice.uniform(0, 430),
            s.dice.uniform(0.7, 2.1),
            CREAM,
            alpha=s.dice.randint(70, 210),
        )
    s.glow(1270, 190, 330, MIST, 0.45)
    limb = [(1270 + 62 * math.sin(math.pi * i / 20), 190 - 62 * math.cos(math.pi * i / 20)) for i in range(21)]
    dark = [(1270 + 22 * math.sin(math.pi * i / 20), 190 + 62 * math.cos(math.pi * i / 20)) for i in range(21)]
    s.poly(limb + dark, CREAM)
    s.poly(s.ridge(610, 20, 1.6), mix(NIGHT, INK, 0.3))
    blocks = [
        (-30, 400, 210),
        (160, 470, 170),
        (330, 330, 230),
        (575, 450, 200),
        (790, 380, 190),
        (1000, 460, 180),
        (1190, 350, 220),
        (1425, 430, 220),
    ]
    for n, (x, top, w) in enumerate(blocks):
        powered = n in (2, 3, 4)
        wall = mix(NIGHT, DUSK, 0.42 if powered else 0.12 + 0.05 * (n % 3))
        s.shaded(
            [(x, top), (x + w, top), (x + w, 720), (x, 720)], [(0, mix(wall, INK, 0.25)), (1, mix(wall, DUSK, 0.2))]
        )
        s.rect(x + w * 0.84, top, w * 0.16, 720 - top, INK, alpha=70)
        s.rect(x + 14, top - 14, 40, 14, mix(wall, INK, 0.3))
        s.line([(x + w * 0.6, top), (x + w * 0.6, top - 52)], mix(wall, INK, 0.3), 3)
        row = top + 24
        while row < 680:
            column = x + 16
            while column < x + w - 28:
                warm = s.dice.random()
                if powered and warm < 0.72:
                    s.rect(column, row, 17, 21, mix(WHEAT, CREAM, s.dice.uniform(0, 0.7)))
                elif not powered and warm < 0.035:  # somebody has a lamp on a battery
                    s.rect(column, row, 17, 21, mix(OCHRE, WHEAT, 0.4), alpha=170)
                else:
                    s.rect(column, row, 17, 21, mix(INK, NIGHT, 0.35))
                column += 30
            row += 37
        if powered:
            s.glow(x + w / 2, (top + 700) / 2, 330, WHEAT, 0.16)
    s.rect(0, 694, 1600, 34, mix(INK, NIGHT, 0.25))
    for x in range(380, 1000, 120):
        s.line([(x, 706), (x, 628), (x + 22, 622)], INK, 5)
        s.glow(x + 24, 628, 120, CREAM, 0.6)
        s.disc(x + 24, 625, 8, CREAM)
    s.wash([(0, mix(NIGHT, DUSK, 0.3)), (0.5, mix(NIGHT, RIVER, 0.2)), (1, INK)], (0, 728, 1600, 272))
    for x in range(350, 960, 26):  # the lit windows in the water
        long = s.dice.uniform(40, 230) * (0.5 if abs(x - 655) > 220 else 1)
        s.shade([(x, 732), (x + 14, 732), (x + 18, 732 + long), (x - 4, 732 + long)], WHEAT, 0.55, 9)
    s.ripples(740, 990, mix(WHEAT, CREAM, 0.3), 70, 100, 660, 620)
    s.ripples(735, 995, INK, 120, 90)
    s.ripples(740, 960, MIST, 34, 80, 1270, 200)
    s.reeds(1240, 1630, 1020, 230, mix(INK, PINE, 0.25), 46)
    s.reeds(-30, 210, 1020, 190, mix(INK, PINE, 0.25), 26)
    return s.finish()


def football() -> Image.Image:
    """A small stadium under floodlights before a match."""
    s = Scene("football")
    s.wash([(0, mix(NIGHT, RIVER, 0.25)), (0.7, mix(RIVER, MIST, 0.35)), (1, mix(ROSE, CREAM, 0.3))], (0, 0, 1600, 520))
    s.poly(s.ridge(440, 26, 1.5), mix(RIVER, NIGHT, 0.35))
    s.grove(0, 1600, 470, 74, mix(PINE, NIGHT, 0.35), 20)
    s.poly([(0, 420), (1600, 392), (1600, 540), (0, 540)], mix(NIGHT, DUSK, 0.3))
    s.poly([(0, 352), (1600, 318), (1600, 336), (0, 372)], mix(INK, NIGHT, 0.5))
    for x in range(60, 1600, 210):
        s.rect(x, 340, 7, 110, mix(INK, NIGHT, 0.5))
    for row in range(4):
        y = 424 + row * 25
        for x in range(-6, 1600, 21):
            if s.dice.random() < 0.8:
                coat: Colour = s.dice.choice((CORAL, WHEAT, MIST, CREAM, SAGE, BRICK, DUSK, OCHRE))
                at = y - x * 0.014 + s.dice.uniform(-3, 3)
                s.rect(x, at + 8, 17, 18, mix(coat, NIGHT, 0.32), 6)
                s.disc(x + 8, at + 3, 6.5, mix(mix(ROSE, OCHRE, s.dice.random() * 0.5), NIGHT, 0.2))
    s.rect(0, 508, 1600, 34, mix(CREAM, MIST, 0.4))
    for n, x in enumerate(range(0, 1600, 200)):
        s.rect(x, 508, 198, 34, (RIVER, CORAL, mix(WHEAT, CREAM, 0.2), PINE)[n % 4])
        s.rect(x + 40, 520, 118, 9, CREAM, 4, 200)
    s.wash([(0, mix(SAGE, REED, 0.25)), (1, mix(PINE, REED, 0.35))], (0, 540, 1600, 460))
    for n in range(-9, 12):  # mown stripes
        if n % 2:
            s.poly(
                [(800 + n * 84, 540), (800 + (n + 1) * 84, 540), (800 + (n + 1) * 330, 1000), (800 + n * 330, 1000)],
                mix(SAGE, WHEAT, 0.18),
                70,
            )
    chalk = mix(CREAM, MIST, 0.15)
    s.line([(0, 604), (1600, 604)], chalk, 5)
    s.line([(360, 604), (180, 800), (1420, 800), (1240, 604)], chalk, 6)
    s.line([(600, 604), (556, 668), (1044, 668), (1000, 604)], chalk, 5)
    s.disc(800, 730, 10, chalk, 5)
    s.arc((560, 740, 1040, 880), 8, 172, chalk, 6)
    for left in range(640, 961, 20):  # the net
        s.line([(left, 452), (left + (left - 800) * 0.06, 600)], CREAM, 1.2, 120)
    for y in range(456, 600, 14):
        s.line([(640, y), (960, y)], CREAM, 1.2, 110)
    s.line([(636, 606), (636, 448), (964, 448), (964, 606)], CREAM, 9)
    s.shade([(600, 604), (1000, 604), (1040, 622), (560, 622)], INK, 0.3, 8)
    for x, lean in ((150, 70), (1450, -70)):
        s.line([(x, 520), (x, 116)], INK, 13)
        s.rect(x - 66, 70, 132, 66, mix(INK, NIGHT, 0.4), 8)
        for i in range(4):
            for j in range(2):
                s.disc(x - 46 + i * 31, 88 + j * 30, 11, CREAM)
        s.shade([(x - 60, 110), (x + 60, 110), (x + lean * 13 + 260, 900), (x + lean * 8 - 260, 900)], CREAM, 0.16, 40)
        s.glow(x, 103, 330, CREAM, 0.7)
    s.shade([(470, 905), (690, 900), (760, 930), (520, 944)], INK, 0.5, 10)
    s.disc(560, 852, 78, CREAM)
    s.shade([(560, 800), (636, 830), (630, 900), (570, 926), (500, 910), (580, 880)], DUSK, 0.35, 18)
    for angle in range(0, 360, 72):  # seams
        dx, dy = math.cos(math.radians(angle - 90)), math.sin(math.radians(angle - 90))
        s.line([(560 + dx * 26, 852 + dy * 26), (560 + dx * 56, 852 + dy * 56)], INK, 4)
        s.poly(
            [
                (560 + 76 * math.cos(math.radians(angle - 90 + o)), 852 + 76 * math.sin(math.radians(angle - 90 + o)))
                for o in (-16, -6, 6, 16)
            ]
            + [(560 + dx * 54, 852 + dy * 54)],
            INK,
        )
    s.poly(
        [
            (560 + 28 * math.cos(math.radians(a - 90)), 852 + 28 * math.sin(math.radians(a - 90)))
            for a in range(0, 360, 72)
        ],
        INK,
    )
    return s.finish()


def minefield() -> Image.Image:
    """A sapper with a detector walks a marked lane through a field."""
    s = Scene("minefield")
    x: float
    s.wash([(0, mix(MIST, DUSK, 0.45)), (0.6, mix(MIST, ROSE, 0.35)), (1, mix(ROSE, CREAM, 0.5))], (0, 0, 1600, 540))
    s.glow(1180, 430, 520, CREAM, 0.8)
    for y, x, w in ((130, 120, 640), (180, 900, 500), (240, 420, 420), (90, 1100, 380)):
        s.disc(x + w / 2, y, w / 2, mix(MIST, CREAM, 0.5), 13, 130)
    s.poly(s.ridge(468, 30, 1.2), mix(MIST, DUSK, 0.5))
    s.grove(60, 520, 508, 56, mix(REED, DUSK, 0.45), 15)
    for x in (620, 690, 772):
        s.rect(x, 470, 46, 38, mix(CREAM, DUSK, 0.25))
        s.poly([(x - 8, 472), (x + 23, 444), (x + 54, 472)], mix(BRICK, DUSK, 0.3))
    s.band(498, 24, CREAM, 0.6, 22)
    s.shaded(
        [(0, 512), (1600, 496), (1600, 1000), (0, 1000)],
        [(0, mix(WHEAT, SAGE, 0.5)), (0.5, mix(OCHRE, SAGE, 0.5)), (1, mix(PINE, OCHRE, 0.35))],
    )
    for _ in range(520):  # uncut grass on both sides of the lane
        depth = s.dice.random()
        y, x = 530 + 480 * depth**1.3, s.dice.uniform(-20, 1620)
        lane = 820 + (y - 510) * 0.25
        if abs(x - lane) < 46 + (y - 510) * 0.62:
            continue
        tall = 8 + 56 * depth
        s.line(
            [(x, y), (x + tall * s.dice.uniform(-0.3, 0.5), y - tall)],
            mix(WHEAT, PINE, s.dice.uniform(0.05, 0.8)),
            1.4 + 3 * depth,
        )
    s.poly([(792, 512), (850, 511), (1330, 1000), (560, 1000)], mix(CREAM, OCHRE, 0.42), 210)
    posts = [(n / 6) ** 1.7 for n in range(7)]
    for side in (-1, 1):
        tops = []
        for depth in posts:
            y = 520 + 440 * depth
            x = 820 + (y - 510) * 0.25 + side * (34 + (y - 510) * 0.76)
            tall = 26 + 170 * depth
            tops.append((x, y - tall * 0.8))
            for n in range(4):
                s.rect(x - 2 - 4 * depth, y - tall + n * tall / 4, 4 + 8 * depth, tall / 4 + 1, (CORAL, CREAM)[n % 2])
            s.shade(
                [(x, y), (x + 10, y), (x - 60 * (depth + 0.2), y + 16), (x - 70 * (depth + 0.2), y + 14)], INK, 0.3, 6
            )
        for n in range(6):
            (x1, y1), (x2, y2) = tops[n], tops[n + 1]
            s.line([(x1, y1), ((x1 + x2) / 2, (y1 + y2) / 2 + 5 + 9 * n), (x2, y2)], CORAL, 1.5 + n * 0.8)
    # The sapper, seen from behind.
    suit, dark = mix(PINE, NIGHT, 0.35), mix(INK, NIGHT, 0.3)
    s.shade([(850, 806), (930, 806), (800, 850), (700, 846)], INK, 0.5, 10)
    s.poly([(858, 690), (900, 690), (898, 812), (864, 812)], dark)
    s.poly([(902, 690), (944, 690), (946, 804), (910, 804)], dark)
    s.rect(844, 540, 114, 166, suit, 34)
    s.rect(862, 556, 78, 96, mix(suit, INK, 0.3), 12)
    s.rect(862, 572, 78, 12, mix(WHEAT, CREAM, 0.3))
    s.rect(862, 620, 78, 12, mix(WHEAT, CREAM, 0.3))
    s.disc(900, 506, 36, mix(suit, SAGE, 0.25), 38)
    s.rect(868, 512, 66, 22, mix(RIVER, MIST, 0.3), 10)
    s.line([(948, 572), (1000, 630), (1014, 644)], suit, 26)
    s.line([(980, 596), (1110, 770)], INK, 7)
    s.disc(1122, 786, 42, INK, 13)
    s.disc(1122, 783, 26, mix(CORAL, OCHRE, 0.4), 8)
    s.line([(854, 580), (838, 660)], suit, 24)
    for x, y in ((250, 800), (1450, 770)):
        s.line([(x, y), (x, y - 130)], mix(OCHRE, INK, 0.5), 8)
        s.poly([(x - 64, y - 110), (x + 64, y - 110), (x, y - 220)], CORAL)
        s.poly([(x - 36, y - 124), (x + 36, y - 124), (x, y - 188)], CREAM)
        s.disc(x, y - 142, 8, BRICK)
    return s.finish()
