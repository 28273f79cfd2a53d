"""Pictures of institutions: the hospital, the theatre, the court."""

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
    RIVER,
    ROSE,
    SAGE,
    WHEAT,
    Scene,
    mix,
)


def hospital() -> Image.Image:
    """A repaired hospital corridor in morning light, the windows on the left."""
    s = Scene("hospital")
    cx, cy = 860.0, 440.0  # the vanishing point

    def at(x: float, y: float, depth: float) -> tuple[float, float]:
        """A point of the front frame moved towards the vanishing point by `depth` (0 near .. 1 far)."""
        return x + (cx - x) * depth, y + (cy - y) * depth

    end = 0.84
    far = [at(0, 0, end), at(1600, 0, end), at(1600, 1000, end), at(0, 1000, end)]
    s.poly([(0, 0), (1600, 0), far[1], far[0]], mix(CREAM, MIST, 0.25))
    s.shaded([(0, 1000), (1600, 1000), far[2], far[3]], [(0, mix(CREAM, SAGE, 0.55)), (1, mix(SAGE, RIVER, 0.45))])
    s.shaded(
        [(0, 0), far[0], far[3], (0, 1000)], [(0, mix(MIST, CREAM, 0.35)), (1, mix(CREAM, MIST, 0.35))], across=True
    )
    s.shaded(
        [(1600, 0), far[1], far[2], (1600, 1000)],
        [(0, mix(CREAM, ROSE, 0.2)), (1, mix(ROSE, CREAM, 0.55))],
        across=True,
    )
    s.poly(far, mix(CREAM, WHEAT, 0.15))
    for x in (0.0, 1600.0):  # a painted dado along both walls
        s.poly([at(x, 640, 0), at(x, 640, end), far[3] if x == 0 else far[2], (x, 1000)], mix(SAGE, RIVER, 0.25))
        s.poly([at(x, 628, 0), at(x, 628, end), at(x, 644, end), at(x, 644, 0)], CREAM)
    for near, deep in ((0.02, 0.3), (0.4, 0.56), (0.63, 0.715), (0.755, 0.8)):  # windows and their light on the floor
        frame = [at(0, 120, near), at(0, 120, deep), at(0, 580, deep), at(0, 580, near)]
        s.shaded(frame, [(0, mix(MIST, RIVER, 0.3)), (0.7, mix(CREAM, WHEAT, 0.3)), (1, mix(SAGE, CREAM, 0.3))])
        middle = (near + deep) / 2 + 0.02
        for line in (
            [at(0, 120, middle), at(0, 580, middle)],
            [at(0, 300, near), at(0, 300, deep)],
            [*frame, frame[0]],
        ):
            s.line(line, CREAM, 9 * (1 - near) + 2)
        s.shade(
            [at(240, 1000, near), at(240, 1000, deep), at(1180, 1000, deep + 0.05), at(1180, 1000, near + 0.1)],
            CREAM,
            0.75,
            16 * (1 - near) + 4,
        )
        s.shade(
            [
                at(1600, 560, near + 0.12),
                at(1600, 560, deep + 0.06),
                at(1600, 900, deep + 0.04),
                at(1600, 900, near + 0.1),
            ],
            CREAM,
            0.4,
            20,
        )
    for near, deep in ((0.1, 0.34), (0.47, 0.6), (0.68, 0.75)):  # doors on the right
        s.poly(
            [at(1600, 190, near), at(1600, 190, deep), at(1600, 1000, deep), at(1600, 1000, near)],
            mix(OCHRE, CREAM, 0.35),
        )
        s.poly(
            [
                at(1600, 216, near + 0.014),
                at(1600, 216, deep - 0.014),
                at(1600, 1000, deep - 0.014),
                at(1600, 1000, near + 0.014),
            ],
            mix(WHEAT, OCHRE, 0.35),
        )
        s.poly(
            [
                at(1600, 280, near + 0.06),
                at(1600, 280, deep - 0.06),
                at(1600, 520, deep - 0.06),
                at(1600, 520, near + 0.06),
            ],
            mix(MIST, RIVER, 0.3),
        )
        x, y = at(1600, 640, deep - 0.03)
        s.disc(x, y, 13 * (1 - near), INK)
        x, y = at(1600, 150, (near + deep) / 2)
        s.disc(x, y, 30 * (1 - deep), CORAL)
    for near, deep in ((0.06, 0.24), (0.38, 0.5), (0.6, 0.68), (0.74, 0.78)):
        s.poly([at(660, 0, near), at(1060, 0, near), at(1060, 0, deep), at(660, 0, deep)], (255, 250, 236))
    s.glow(cx, cy, 300, CREAM, 0.6)
    x, y = far[0]
    w, h = far[1][0] - x, far[2][1] - far[1][1]
    s.rect(x + w * 0.22, y + h * 0.26, w * 0.56, h * 0.74, mix(RIVER, MIST, 0.25))
    s.rect(x + w * 0.27, y + h * 0.33, w * 0.2, h * 0.3, CREAM)
    s.rect(x + w * 0.53, y + h * 0.33, w * 0.2, h * 0.3, CREAM)
    # A nurse walking with a folder; a trolley by the wall.
    s.shade([(690, 760), (800, 760), (1010, 800), (880, 806)], INK, 0.35, 12)
    coat = mix(RIVER, MIST, 0.3)
    s.rect(712, 660, 24, 104, mix(NIGHT, DUSK, 0.4), 8)
    s.rect(752, 660, 24, 100, mix(NIGHT, DUSK, 0.4), 8)
    s.poly([(704, 500), (784, 500), (798, 690), (692, 690)], coat)
    s.poly([(744, 500), (784, 500), (798, 690), (744, 690)], mix(coat, INK, 0.15))
    s.disc(744, 456, 32, mix(ROSE, OCHRE, 0.2), 37)
    s.rect(732, 484, 24, 24, mix(ROSE, OCHRE, 0.35), 6)
    s.disc(744, 430, 35, mix(BRICK, INK, 0.5), 22)
    s.disc(776, 434, 15, mix(BRICK, INK, 0.5))
    s.line([(786, 514), (812, 590), (768, 622)], mix(coat, INK, 0.15), 20)
    s.rect(730, 588, 62, 78, CREAM, 4)
    s.rect(742, 602, 38, 6, CORAL)
    s.rect(742, 618, 30, 5, MIST)
    s.shade([(1010, 940), (1390, 940), (1440, 980), (1030, 984)], INK, 0.45, 14)
    s.rect(1030, 714, 340, 22, CREAM, 8)
    s.rect(1020, 690, 360, 30, mix(MIST, CREAM, 0.4), 12)
    s.rect(1290, 656, 86, 44, CREAM, 18)
    for x in (1050, 1340):
        s.rect(x, 736, 10, 200, mix(DUSK, MIST, 0.4))
        s.disc(x + 5, 944, 17, INK)
        s.disc(x + 5, 944, 7, MIST)
    s.rect(1050, 850, 300, 9, mix(DUSK, MIST, 0.4))
    return s.finish()


def theatre() -> Image.Image:
    """The curtain of a small theatre a minute before it opens."""
    s = Scene("theatre", ground=INK)
    s.wash([(0, mix(INK, BRICK, 0.15)), (1, INK)])
    folds = 32
    for n in range(folds):  # each fold has a lit edge and a deep one
        x, w = 130 + n * 1340 / folds, 1340 / folds + 1
        sway = 10 * math.sin(n * 1.9)
        s.shaded(
            [(x, 60), (x + w, 60), (x + w + sway, 700), (x + sway, 700)],
            [
                (0, mix(BRICK, INK, 0.5)),
                (0.35, mix(CORAL, BRICK, 0.45)),
                (0.75, mix(BRICK, INK, 0.35)),
                (1, mix(BRICK, INK, 0.72)),
            ],
            across=True,
        )
    s.shade([(130, 60), (1470, 60), (1470, 210), (130, 260)], INK, 0.6, 60)
    s.rect(130, 664, 1340, 20, mix(WHEAT, OCHRE, 0.4))
    for x in range(136, 1470, 14):
        s.line([(x, 682), (x + 2, 702)], mix(WHEAT, OCHRE, 0.5), 4)
    for n in range(6):  # the swagged border over it
        x = 130 + n * 1340 / 6
        w = 1340 / 6
        s.disc(x + w / 2, 60, w / 2 + 5, mix(BRICK, INK, 0.22), 116)
        s.disc(x + w / 2, 48, w / 2 + 2, mix(BRICK, CORAL, 0.3), 104)
        s.disc(x + w / 2, 30, w / 2 - 8, mix(BRICK, INK, 0.18), 92)
        s.disc(x, 92, 13, WHEAT, 24)
    s.disc(1470, 92, 13, WHEAT, 24)
    gold = mix(OCHRE, WHEAT, 0.35)
    for x in (0, 1470):
        s.wash(
            [(0, mix(OCHRE, INK, 0.62)), (0.5, mix(OCHRE, INK, 0.3)), (1, mix(OCHRE, INK, 0.68))],
            (x, 0, 130, 760),
            across=True,
        )
        for dx in (22, 104):
            s.rect(x + dx, 0, 5, 760, gold, alpha=150)
        for y in (230, 430, 630):
            s.disc(x + 65, y, 24, gold)
            s.disc(x + 65, y, 13, mix(OCHRE, INK, 0.5))
    s.wash(
        [(0, mix(OCHRE, INK, 0.25)), (0.5, mix(OCHRE, WHEAT, 0.3)), (1, mix(OCHRE, INK, 0.25))],
        (0, 0, 1600, 26),
        across=True,
    )
    s.shaded(
        [(60, 700), (1540, 700), (1600, 800), (0, 800)], [(0, mix(OCHRE, BRICK, 0.35)), (1, mix(BRICK, INK, 0.55))]
    )
    for n in range(15):
        s.line([(90 + n * 101, 702), (n * 114, 800)], INK, 2, 80)
    for x, lean in ((420, 170), (1180, -170)):
        s.shade([(x - 36, -40), (x + 36, -40), (x + lean + 250, 780), (x + lean - 250, 780)], CREAM, 0.34, 26)
    s.soft(lambda pen, k: pen.ellipse((480 * k, 690 * k, 1120 * k, 790 * k), fill=255), CREAM, 0.75, 18)
    s.glow(800, 470, 700, WHEAT, 0.22)
    # One chair and a violin left on the lit boards.
    wood = mix(BRICK, INK, 0.55)
    s.shade([(700, 762), (930, 762), (1040, 786), (720, 790)], INK, 0.55, 8)
    for x in (736, 836):
        s.line([(x, 660), (x - 4, 764)], wood, 9)
    s.line([(742, 530), (742, 664)], wood, 9)
    s.line([(754, 668), (754, 752)], wood, 7)
    s.rect(726, 652, 122, 15, wood, 6)
    s.rect(737, 522, 12, 96, wood, 6)
    s.poly([(738, 530), (760, 524), (762, 600), (740, 606)], wood)
    s.line([(790, 650), (868, 490)], INK, 7)
    for x, y, r in ((786, 652, 25), (804, 616, 20)):
        s.disc(x, y, r, mix(OCHRE, BRICK, 0.25))
    s.disc(793, 634, 4, INK)
    # The house: rows of heads against the light.
    s.rect(0, 800, 1600, 200, mix(INK, BRICK, 0.18))
    s.wash([(0, mix(WHEAT, OCHRE, 0.4)), (1, mix(OCHRE, INK, 0.6))], (0, 798, 1600, 9))
    for row, (y, r, gap) in enumerate(((866, 31, 92), (930, 40, 118), (1004, 52, 150))):
        tone = mix(INK, BRICK, 0.46 - row * 0.17)
        x = -20.0 + row * 37
        while x < 1640:
            if s.dice.random() < 0.95:
                tilt = s.dice.uniform(-8, 8)
                s.disc(x + tilt, y, r * 0.82, tone, r)
                s.rect(x - r * 1.25, y + r * 0.78, r * 2.5, 130, tone, r * 0.8)
                if s.dice.random() < 0.3:
                    s.disc(x + tilt, y - r * 0.95, r * 0.42, tone)
                s.arc((x + tilt - r * 0.8, y - r, x + tilt + r * 0.8, y + r), 220, 320, mix(tone, CORAL, 0.55), 2.5)
            x += gap * s.dice.uniform(0.92, 1.1)
    return s.finish(vignette=0.4)


def court() -> Image.Image:
    """Scales before the columns of a court-house, half of them in the light."""
    s = Scene("court")
    s.wash([(0, mix(DUSK, NIGHT, 0.35)), (0.7, mix(MIST, DUSK, 0.25)), (1, mix(ROSE, MIST, 0.45))])
    s.glow(330, 180, 760, CREAM, 0.55)
    stone, shadow = mix(CREAM, ROSE, 0.2), mix(DUSK, ROSE, 0.3)
    s.poly([(90, 250), (800, 40), (1510, 250)], mix(stone, MIST, 0.25))
    s.poly([(800, 40), (1510, 250), (800, 250)], mix(stone, DUSK, 0.3))
    s.poly([(230, 232), (800, 78), (1370, 232)], mix(shadow, stone, 0.35))
    s.disc(800, 176, 48, mix(stone, WHEAT, 0.35))
    s.disc(800, 176, 33, mix(shadow, stone, 0.2))
    s.wash([(0, stone), (1, mix(stone, DUSK, 0.3))], (70, 250, 1460, 26), across=True)
    s.wash([(0, mix(stone, DUSK, 0.15)), (1, mix(stone, DUSK, 0.5))], (100, 276, 1400, 52), across=True)
    s.wash([(0, mix(NIGHT, DUSK, 0.45)), (1, mix(INK, NIGHT, 0.6))], (110, 328, 1380, 470))
    s.arch(690, 400, 220, 400, mix(OCHRE, INK, 0.5))
    s.rect(797, 420, 6, 380, INK)
    s.glow(800, 560, 260, WHEAT, 0.32)
    for n, x in enumerate((130, 362, 594, 906, 1138, 1370)):
        lit = mix(stone, DUSK, 0.06 * n)
        s.wash([(0, mix(lit, CREAM, 0.3)), (0.45, lit), (1, mix(lit, NIGHT, 0.55))], (x, 352, 100, 424), across=True)
        for dx in (20, 42, 62, 80):
            s.rect(x + dx, 356, 4, 416, mix(lit, NIGHT, 0.35), alpha=110)
        s.rect(x - 12, 328, 124, 26, lit, 6)
        s.rect(x - 14, 772, 128, 28, lit, 6)
        s.shade([(x + 100, 352), (x + 170, 360), (x + 170, 790), (x + 100, 790)], INK, 0.4, 14)
    for n in range(5):
        s.wash(
            [(0, mix(stone, CREAM, 0.3)), (1, mix(stone, DUSK, 0.45))],
            (70 - n * 50, 800 + n * 40, 1460 + n * 100, 40),
            across=True,
        )
        s.rect(0, 836 + n * 40, 1600, 5, mix(DUSK, INK, 0.25), alpha=120)
    s.shade([(640, 910), (980, 900), (1240, 950), (720, 960)], INK, 0.55, 16)
    # The scales, a little out of balance.
    brass, deep, light = mix(OCHRE, BRICK, 0.2), mix(OCHRE, INK, 0.55), mix(WHEAT, CREAM, 0.35)
    s.shade([(420, 470), (1200, 520), (1190, 700), (430, 640)], INK, 0.28, 60)
    s.poly([(782, 400), (818, 400), (836, 900), (764, 900)], brass)
    s.poly([(804, 400), (818, 400), (836, 900), (808, 900)], deep)
    s.poly([(786, 400), (793, 400), (782, 900), (770, 900)], light)
    s.disc(800, 906, 150, deep, 30)
    s.disc(800, 896, 150, brass, 28)
    s.disc(788, 890, 118, mix(brass, light, 0.4), 17)
    left, right = (452, 452), (1148, 396)
    s.line([left, (800, 410), right], deep, 21)
    s.line([(left[0], left[1] - 4), (800, 405), (right[0], right[1] - 4)], brass, 14)
    s.line([(left[0], left[1] - 8), (800, 401)], light, 4)
    s.disc(800, 402, 33, brass)
    s.disc(794, 396, 17, light)
    s.disc(800, 352, 17, brass)
    for (x, y), drop in ((left, 238), (right, 238)):
        s.disc(x, y, 13, deep)
        for dx in (-122, 0, 122):
            s.line([(x, y), (x + dx, y + drop)], deep, 3.5)
        bowl = [(x + 142 * math.cos(math.pi * i / 24), y + drop + 62 * math.sin(math.pi * i / 24)) for i in range(25)]
        s.shaded(bowl, [(0, light), (0.4, brass), (1, deep)], across=True)
        s.disc(x, y + drop, 142, mix(brass, deep, 0.5), 13)
        s.disc(x, y + drop - 2, 130, deep, 8)
    s.rect(left[0] - 70, left[1] + 190, 112, 48, CREAM, 3)  # papers weigh more than coins
    s.rect(left[0] - 50, left[1] + 172, 108, 22, mix(CREAM, ROSE, 0.4), 3)
    s.rect(left[0] - 56, left[1] + 204, 70, 5, MIST)
    s.rect(left[0] - 56, left[1] + 217, 84, 5, MIST)
    for n in range(3):
        s.disc(right[0] - 30 + n * 34, right[1] + 228, 26, WHEAT, 9)
        s.disc(right[0] - 20 + n * 26, right[1] + 214, 26, light, 9)
    return s.finish()
