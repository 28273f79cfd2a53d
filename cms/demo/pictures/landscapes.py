"""Pictures of the open country: the river, the fields and the town seen from outside."""

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
    Scene,
    mix,
)


def bridge() -> Image.Image:
    """A road bridge of steel arches over a wide river at dawn."""
    s = Scene("bridge")
    s.wash([(0, mix(DUSK, RIVER, 0.35)), (0.45, mix(ROSE, MIST, 0.45)), (0.85, ROSE), (1, CREAM)], (0, 0, 1600, 600))
    s.glow(1090, 470, 620, CREAM, 0.75)
    s.disc(1090, 452, 74, mix(CREAM, WHEAT, 0.3))
    s.poly(s.ridge(478, 34, 1.3), mix(MIST, ROSE, 0.45))
    s.poly(s.ridge(520, 24, 2.1), mix(MIST, RIVER, 0.32))
    s.band(515, 40, CREAM, 0.65, 26)
    s.grove(0, 560, 560, 60, mix(RIVER, REED, 0.55), 16)
    s.grove(1290, 1600, 562, 52, mix(RIVER, REED, 0.55), 16)
    s.wash(
        [(0, mix(CREAM, ROSE, 0.5)), (0.2, mix(ROSE, MIST, 0.55)), (0.6, RIVER), (1, mix(RIVER, INK, 0.55))],
        (0, 566, 1600, 434),
    )
    s.band(556, 22, CREAM, 0.55, 18)
    s.ripples(580, 960, CREAM, 120, 120, 1090, 520)
    s.ripples(600, 990, mix(RIVER, INK, 0.35), 90, 70)

    steel, lit = mix(NIGHT, RIVER, 0.2), mix(DUSK, ROSE, 0.4)
    deck, spans = 498.0, [(-250, 330), (330, 910), (910, 1490), (1490, 2070)]
    for left, _ in spans[1:]:
        s.poly([(left - 24, deck), (left + 24, deck), (left + 34, 640), (left - 34, 640)], steel)
        s.poly([(left + 6, deck), (left + 24, deck), (left + 34, 640), (left + 12, 640)], lit)
        s.shade([(left - 40, 640), (left + 40, 640), (left + 10, 900), (left - 60, 900)], INK, 0.42, 14)
        s.disc(left, 642, 56, mix(RIVER, INK, 0.5), 7)
    for left, right in spans:
        middle, half, rise = (left + right) / 2, (right - left) / 2, 196
        outer = [
            (middle + half * math.cos(math.pi * i / 40), deck - rise * math.sin(math.pi * i / 40)) for i in range(41)
        ]
        for i in range(3, 38, 2):
            s.line([(outer[i][0], outer[i][1]), (outer[i][0], deck)], steel, 4)
        for i in range(3, 36, 2):
            s.line([(outer[i][0], outer[i][1]), (outer[i + 2][0], deck)], steel, 2.4, 170)
        s.line(outer, steel, 15)
        s.line([(x, y - 4) for x, y in outer[:24]], lit, 4)
    s.rect(0, deck - 5, 1600, 24, steel)
    s.rect(0, deck - 7, 1600, 5, lit)
    for x in range(20, 1600, 36):
        s.rect(x, deck - 24, 3, 18, steel)
    s.rect(0, deck - 26, 1600, 3, steel)
    s.shade([(0, 610), (1600, 610), (1600, 640), (0, 640)], INK, 0.3, 12)
    # A ferryman's boat, the one thing awake on the river.
    s.poly([(520, 760), (700, 760), (672, 792), (548, 792)], INK)
    s.rect(602, 706, 16, 56, INK, 6)
    s.disc(610, 698, 12, INK)
    s.line([(560, 716), (690, 780)], INK, 5)
    s.shade([(530, 794), (690, 794), (650, 840), (570, 840)], INK, 0.45, 8)
    s.poly([(0, 900), (180, 880), (420, 940), (640, 1000), (0, 1000)], mix(PINE, INK, 0.45))
    s.reeds(-20, 430, 1010, 250, mix(PINE, INK, 0.45), 60)
    s.reeds(1360, 1620, 1030, 200, mix(PINE, INK, 0.45), 34)
    return s.finish()


def school_bus() -> Image.Image:
    """A yellow school bus on a country road between poplars."""
    s = Scene("bus")
    s.wash([(0, mix(RIVER, MIST, 0.65)), (0.6, mix(MIST, CREAM, 0.65)), (1, CREAM)], (0, 0, 1600, 620))
    s.glow(330, 180, 520, CREAM, 0.8)
    for x, y, k in ((1080, 150, 1.0), (1330, 230, 0.7), (620, 120, 0.6)):
        for dx, dy, r in ((-90, 12, 44), (-30, -10, 62), (46, -2, 54), (104, 16, 36)):
            s.disc(x + dx * k, y + dy * k, r * k, CREAM, r * 0.62 * k, 235)
    s.poly(s.ridge(500, 40, 1.1), mix(SAGE, MIST, 0.55))
    s.poly(s.ridge(556, 34, 1.7), mix(SAGE, WHEAT, 0.35))
    s.grove(960, 1330, 566, 54, mix(REED, SAGE, 0.3))
    for x in (1010, 1090, 1180, 1262):  # the village by its roofs
        s.rect(x, 540, 52, 36, CREAM)
        s.poly([(x - 8, 542), (x + 26, 512), (x + 60, 542)], BRICK)
    s.shaded(s.ridge(610, 26, 0.9), [(0, mix(WHEAT, SAGE, 0.3)), (1, mix(OCHRE, REED, 0.35))])
    for n, x in enumerate(range(40, 1640, 122)):
        tall = 300 + 60 * math.sin(n * 1.7)
        s.poplar(x, 690, tall, mix(PINE, REED, 0.35), mix(REED, SAGE, 0.55))
        s.shade([(x - 8, 690), (x + 8, 690), (x + 150, 722), (x + 110, 724)], INK, 0.3, 8)
    s.shaded(
        [(0, 690), (1600, 668), (1600, 1000), (0, 1000)], [(0, mix(SAGE, WHEAT, 0.45)), (1, mix(REED, SAGE, 0.35))]
    )
    s.shaded([(0, 742), (1600, 724), (1600, 905), (0, 948)], [(0, mix(DUSK, MIST, 0.45)), (1, mix(DUSK, NIGHT, 0.3))])
    s.poly([(0, 736), (1600, 718), (1600, 726), (0, 745)], CREAM, 190)
    for x in range(-30, 1600, 190):
        s.poly(
            [(x, 838 - x * 0.014), (x + 104, 836 - x * 0.014), (x + 98, 848 - x * 0.014), (x - 8, 850 - x * 0.014)],
            CREAM,
            210,
        )
    s.shade([(500, 846), (1270, 826), (1330, 866), (560, 890)], INK, 0.6, 12)
    # The bus: body, bonnet, windows with heads in them.
    body, dark = mix(WHEAT, OCHRE, 0.12), mix(OCHRE, BRICK, 0.35)
    s.rect(480, 520, 640, 316, body, 40)
    s.rect(480, 640, 640, 196, body, 14)
    s.rect(1080, 650, 150, 186, body, 34)
    s.rect(496, 520, 600, 36, mix(body, CREAM, 0.6), 20)
    s.rect(480, 726, 744, 14, INK)
    s.rect(480, 762, 744, 7, INK)
    s.rect(480, 792, 748, 44, dark, 14)
    for n, x in enumerate(range(512, 1000, 98)):
        s.rect(x, 572, 84, 104, mix(NIGHT, RIVER, 0.5), 12)
        s.poly([(x + 8, 664), (x + 46, 580), (x + 72, 580), (x + 30, 668)], MIST, 90)
        if n != 2:
            skin = mix(ROSE, OCHRE, 0.25 * (n % 3))
            s.disc(x + 44, 644, 18, skin)
            s.rect(x + 22, 658, 44, 18, (CORAL, CREAM, SAGE, RIVER, ROSE)[n], 8)
            s.disc(x + 44, 634, 18, (INK, BRICK, OCHRE, PINE, INK)[n], 12)
    s.rect(1010, 566, 96, 118, mix(NIGHT, RIVER, 0.5), 12)
    s.poly([(1020, 672), (1060, 576), (1092, 576), (1050, 676)], MIST, 110)
    s.rect(1190, 716, 40, 26, CREAM, 10)
    s.rect(1214, 790, 30, 30, INK, 6)
    s.poly([(470, 700), (448, 690), (448, 734), (470, 724)], CORAL)
    for x in (620, 1100):
        s.disc(x, 836, 62, INK)
        s.disc(x, 836, 34, mix(MIST, CREAM, 0.4))
        s.disc(x, 836, 14, DUSK)
    s.glow(1260, 735, 150, CREAM, 0.7)
    s.reeds(-20, 1620, 1030, 90, mix(PINE, REED, 0.4), 130)
    return s.finish()


def harvest() -> Image.Image:
    """A combine in a wheat field, dust gold behind it."""
    s = Scene("harvest")
    x: float
    s.wash(
        [(0, mix(CORAL, DUSK, 0.45)), (0.5, mix(CORAL, WHEAT, 0.45)), (1, mix(WHEAT, CREAM, 0.5))], (0, 0, 1600, 560)
    )
    s.glow(420, 380, 700, CREAM, 0.75)
    s.disc(420, 372, 92, mix(CREAM, WHEAT, 0.25))
    for y, x, w in ((150, 900, 520), (196, 1120, 380), (250, 60, 300), (120, 260, 240)):
        s.disc(x + w / 2, y, w / 2, mix(ROSE, CREAM, 0.4), 9, 150)
    s.poly(s.ridge(470, 26, 1.2), mix(DUSK, ROSE, 0.5))
    s.grove(0, 1600, 520, 46, mix(REED, DUSK, 0.4), 18)
    s.band(505, 30, WHEAT, 0.55, 22)
    s.wash([(0, mix(WHEAT, CREAM, 0.35)), (0.4, WHEAT), (1, mix(OCHRE, BRICK, 0.35))], (0, 530, 1600, 470))
    for n in range(-26, 44):  # drills of wheat run to one vanishing point
        shade = mix(OCHRE, WHEAT, 0.2 + 0.15 * (n % 3))
        s.poly([(690 + n * 9, 530), (690 + n * 9 + 2.2, 530), (n * 120 + 44, 1000), (n * 120 - 8, 1000)], shade, 120)
    s.poly([(700, 530), (1180, 530), (2200, 1000), (1150, 1000)], mix(CREAM, WHEAT, 0.55), 150)
    for n in range(9):
        s.poly([(735 + n * 50, 530), (738 + n * 50, 530), (1290 + n * 160, 1000), (1274 + n * 160, 1000)], OCHRE, 110)
    s.shade([(1090, 500), (1640, 420), (1680, 700), (1090, 690)], CREAM, 0.75, 70)
    # The combine, nose to the left.
    red, deep = mix(CORAL, BRICK, 0.35), mix(BRICK, INK, 0.25)
    s.shade([(560, 716), (1150, 706), (1230, 760), (600, 774)], INK, 0.5, 14)
    s.poly([(760, 470), (1070, 470), (1110, 530), (1110, 650), (760, 650)], red)
    s.poly([(880, 420), (1060, 420), (1090, 472), (860, 472)], deep)
    s.poly([(760, 470), (1070, 470), (1080, 488), (760, 488)], mix(red, CREAM, 0.4))
    s.rect(780, 560, 330, 12, CREAM, alpha=200)
    s.rect(980, 500, 96, 40, deep, 6)
    for x in range(990, 1070, 14):
        s.rect(x, 506, 6, 28, mix(deep, INK, 0.4))
    s.poly([(690, 440), (790, 424), (800, 600), (676, 600)], mix(NIGHT, RIVER, 0.35))
    s.poly([(702, 452), (750, 445), (724, 590), (690, 590)], MIST, 130)
    s.rect(676, 416, 134, 16, deep, 6)
    s.disc(760, 540, 17, mix(INK, NIGHT, 0.4))
    s.rect(742, 556, 40, 44, mix(INK, NIGHT, 0.4), 8)
    s.line([(1010, 430), (1180, 350), (1220, 372)], deep, 22)
    s.poly([(590, 620), (720, 600), (720, 660), (590, 690)], deep)
    for x, y, r in ((760, 664, 84), (1050, 686, 56)):
        s.disc(x, y, r, INK)
        s.disc(x, y, r * 0.52, WHEAT)
        s.disc(x, y, r * 0.24, deep)
    s.disc(570, 684, 62, mix(BRICK, INK, 0.4))
    for n in range(8):
        angle = math.tau * n / 8 + 0.2
        s.line([(570, 684), (570 + 74 * math.cos(angle), 684 + 74 * math.sin(angle))], mix(CORAL, CREAM, 0.2), 7)
    s.poly([(500, 716), (660, 700), (670, 740), (520, 756)], deep)
    s.shade([(1080, 600), (1600, 560), (1640, 760), (1100, 730)], mix(CREAM, WHEAT, 0.3), 0.5, 50)
    for _ in range(250):  # the near ears, drawn one by one
        x, tall = s.dice.uniform(-20, 1620), s.dice.uniform(70, 190)
        lean = s.dice.uniform(-14, 30)
        tone = mix(OCHRE, BRICK, s.dice.uniform(0.1, 0.75))
        s.line([(x, 1010), (x + lean, 1010 - tall)], tone, 2.4)
        s.disc(x + lean, 1000 - tall, 5, mix(tone, WHEAT, 0.45), 19)
    return s.finish()


def flood_plain() -> Image.Image:
    """Meanders of the flood plain seen from a hill, with a heron in the reeds."""
    s = Scene("plain")
    x: float
    y: float
    s.wash([(0, mix(MIST, RIVER, 0.3)), (0.5, mix(MIST, CREAM, 0.6)), (1, CREAM)], (0, 0, 1600, 420))
    s.glow(1220, 250, 480, CREAM, 0.9)
    s.disc(1220, 216, 58, CREAM)
    s.poly(s.ridge(330, 30, 1.4), mix(MIST, DUSK, 0.3))
    s.poly(s.ridge(376, 22, 2.2), mix(MIST, REED, 0.45))
    s.band(375, 26, CREAM, 0.7, 20)
    s.wash([(0, mix(SAGE, CREAM, 0.35)), (0.35, SAGE), (1, mix(REED, PINE, 0.5))], (0, 402, 1600, 598))
    course = []
    for step in range(121):  # one river, wider and with longer bends as it comes nearer
        depth = step / 120
        y = 404 + 596 * depth**1.5
        course.append((860 + (80 + 560 * depth) * math.sin(1.2 + 13 * (1 - depth) ** 1.6), y, 7 + 210 * depth**1.7))
    bank = [(x - w - 8 - w * 0.12, y) for x, y, w in course] + [
        (x + w + 8 + w * 0.12, y) for x, y, w in reversed(course)
    ]
    s.poly(bank, mix(WHEAT, SAGE, 0.35))
    water = [(x - w, y) for x, y, w in course] + [(x + w, y) for x, y, w in reversed(course)]
    s.shaded(
        water, [(0, CREAM), (0.3, mix(MIST, CREAM, 0.45)), (0.75, mix(RIVER, MIST, 0.35)), (1, mix(RIVER, NIGHT, 0.25))]
    )
    for x, y, w in ((300, 520, 110), (1290, 494, 90), (1380, 640, 150), (190, 700, 130), (520, 452, 60)):
        s.disc(x, y + 3, w + 8, mix(REED, SAGE, 0.3), w * 0.16)
        s.disc(x, y, w, mix(MIST, CREAM, 0.4), w * 0.13)
    for _ in range(210):  # willows and bushes, small far away
        depth = s.dice.random()
        y, x = 420 + 420 * depth**1.4, s.dice.uniform(0, 1600)
        if any(abs(y - cy) < 12 and abs(x - cx) < w + 30 + 60 * depth for cx, cy, w in course):
            continue
        r = 6 + 34 * depth
        s.disc(x + r * 0.5, y + r * 0.5, r * 1.3, mix(PINE, REED, 0.4), r * 0.3, 120)
        s.disc(x, y, r, mix(PINE, REED, 0.35 + 0.4 * s.dice.random()), r * 0.72)
        s.disc(x - r * 0.3, y - r * 0.25, r * 0.55, mix(SAGE, REED, 0.4), r * 0.36)
    s.band(470, 26, CREAM, 0.4, 30)
    shore = [(x, 872 + 16 * math.sin(x / 150) + 10 * math.sin(x / 61)) for x in range(0, 1601, 20)]
    s.poly([(x, y - 9) for x, y in shore] + [(1600, 1000), (0, 1000)], mix(WHEAT, SAGE, 0.35))
    s.shaded([*shore, (1600, 1000), (0, 1000)], [(0, mix(RIVER, MIST, 0.5)), (1, mix(RIVER, NIGHT, 0.35))])
    s.ripples(890, 990, CREAM, 40, 110, 800, 1500)
    grey, pale = mix(DUSK, MIST, 0.45), mix(CREAM, MIST, 0.3)  # the heron
    s.line([(1105, 1000), (1112, 860)], mix(OCHRE, INK, 0.3), 7)
    s.line([(1140, 1000), (1142, 870)], mix(OCHRE, INK, 0.3), 7)
    s.poly([(1050, 800), (1120, 760), (1210, 800), (1282, 884), (1180, 880), (1090, 868)], grey)
    s.poly([(1120, 790), (1210, 812), (1310, 916), (1200, 872)], mix(NIGHT, DUSK, 0.4))
    neck = [(1056 + 22 * math.sin(i * 0.33 + 0.4), 828 - i * 12.4) for i in range(17)]
    s.line(neck, pale, 26)
    for x, y in neck:
        s.disc(x, y, 13, pale)
    s.disc(1034, 626, 24, pale, 20)
    s.poly([(1018, 616), (930, 640), (1018, 640)], WHEAT)
    s.poly([(1020, 612), (1058, 612), (1128, 640), (1050, 628)], INK)
    s.disc(1022, 624, 4, INK)
    s.reeds(-30, 520, 1020, 330, mix(PINE, INK, 0.35), 80)
    s.reeds(1240, 1640, 1030, 380, mix(PINE, INK, 0.35), 76)
    return s.finish()
