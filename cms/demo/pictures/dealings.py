"""Pictures of money and goods: the market, and a desk with figures."""

from __future__ import annotations

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


def market() -> Image.Image:
    """A market row in the evening: awnings, crates, a string of bulbs."""
    s = Scene("market")
    x: float
    y: float
    left: float
    s.wash([(0, mix(NIGHT, DUSK, 0.55)), (0.6, mix(DUSK, CORAL, 0.45)), (1, mix(ROSE, WHEAT, 0.3))], (0, 0, 1600, 604))
    s.glow(1240, 400, 460, CREAM, 0.5)
    for x, y, w, h in (
        (0, 250, 260, 400),
        (230, 310, 240, 300),
        (470, 270, 220, 350),
        (900, 290, 260, 300),
        (1160, 240, 220, 360),
        (1370, 300, 260, 300),
    ):
        s.rect(x, y, w, h, mix(DUSK, BRICK, 0.22))
        s.poly([(x - 12, y), (x + w / 2, y - 92), (x + w + 12, y)], mix(BRICK, DUSK, 0.5))
        for i in range(2):
            s.arch(x + 36 + i * 100, y + 50, 42, 80, mix(WHEAT, DUSK, 0.3 if s.dice.random() < 0.6 else 0.85))
    s.rect(742, 150, 110, 460, mix(DUSK, ROSE, 0.35))  # the clock tower
    s.rect(804, 150, 48, 460, mix(DUSK, NIGHT, 0.3), alpha=130)
    s.poly([(726, 152), (797, 40), (868, 152)], mix(BRICK, INK, 0.25))
    s.disc(797, 216, 36, CREAM)
    s.line([(797, 216), (797, 192)], INK, 4)
    s.line([(797, 216), (816, 224)], INK, 4)
    s.shaded([(0, 584), (1600, 584), (1600, 1000), (0, 1000)], [(0, mix(DUSK, ROSE, 0.5)), (1, mix(NIGHT, BRICK, 0.3))])
    for n in range(7):
        y = 640 + n * n * 9.5
        s.line([(0, y), (1600, y)], NIGHT, 2, 60)
    fruit: tuple[Colour, ...] = (CORAL, WHEAT, SAGE, BRICK, OCHRE, mix(REED, SAGE, 0.5), mix(BRICK, NIGHT, 0.4))
    stalls = ((30, RIVER), (560, CORAL), (1090, mix(REED, SAGE, 0.2)))
    for n, (x, stripe) in enumerate(stalls):
        s.rect(x + 26, 380, 440, 330, mix(NIGHT, INK, 0.4))
        s.glow(x + 245, 520, 330, WHEAT, 0.5)
        skin = mix(ROSE, OCHRE, 0.2 + 0.2 * n)  # the trader
        at = x + (170, 300, 210)[n]
        s.disc(at, 512, 38, skin, 44)
        s.rect(at - 66, 554, 132, 150, (mix(CREAM, MIST, 0.3), mix(RIVER, MIST, 0.3), CORAL)[n], 40)
        s.poly([(at - 36, 580), (at + 36, 580), (at + 44, 704), (at - 44, 704)], (CORAL, CREAM, PINE)[n])
        if n == 1:
            s.disc(at, 486, 46, mix(INK, NIGHT, 0.4), 24)
            s.rect(at - 62, 484, 124, 9, mix(INK, NIGHT, 0.4), 4)
        else:
            s.disc(at, 490, 43, (WHEAT, BRICK)[n // 2], 34)
            s.poly([(at - 40, 490), (at - 56, 560), (at - 24, 540)], (WHEAT, BRICK)[n // 2])
            s.poly([(at + 40, 490), (at + 56, 560), (at + 24, 540)], (WHEAT, BRICK)[n // 2])
        for dx in (20, 460):
            s.rect(x + dx, 340, 11, 520, mix(OCHRE, INK, 0.55))
        s.rect(x, 690, 490, 180, mix(OCHRE, BRICK, 0.35))
        for i in range(3):
            left = x + 8 + i * 161
            s.rect(left, 704, 152, 158, mix(OCHRE, INK, 0.25), 4)
            for y in (752, 790, 828):
                s.rect(left, y, 152, 28, mix(OCHRE, CREAM, 0.22), 3)
            tone = fruit[(n * 3 + i) % len(fruit)]
            for row in range(3):
                for k in range(6 - row % 2):
                    px, py = left + 16 + k * 25 + (row % 2) * 12, 738 - row * 21
                    s.disc(px, py, 17, mix(tone, INK, 0.14 * s.dice.random()))
                    s.disc(px - 5, py - 6, 5, mix(tone, CREAM, 0.5))
        width = 516 / 10
        for k in range(10):  # the awning
            tone = CREAM if k % 2 else stripe
            left = x - 13 + k * width
            s.shaded(
                [(left + 12 - k * 2, 300), (left + width + 10 - k * 2, 300), (left + width, 410), (left, 410)],
                [(0, mix(tone, INK, 0.25)), (1, tone)],
            )
            s.disc(left + width / 2, 410, width / 2, mix(tone, INK, 0.08), 22)
        s.shade([(x, 430), (x + 490, 430), (x + 490, 456), (x, 456)], INK, 0.5, 14)
        s.shade([(x - 10, 866), (x + 500, 866), (x + 540, 900), (x + 10, 900)], INK, 0.5, 12)
    for start, stop, sag in ((0, 797, 110), (797, 1600, 120)):  # bulbs
        rope = [(start + (stop - start) * i / 30, 150 + sag * 4 * (i / 30) * (1 - i / 30)) for i in range(31)]
        s.line(rope, INK, 3)
        for x, y in rope[2:30:3]:
            s.glow(x, y + 12, 96, WHEAT, 0.7)
            s.disc(x, y + 13, 9, CREAM, 11)
    return s.finish()


def figures() -> Image.Image:
    """A desk seen from above: a chart that grows into the outline of a town, a pencil, coins, a cup."""
    s = Scene("figures")
    x: float
    y: float
    s.wash([(0, mix(RIVER, NIGHT, 0.35)), (1, mix(NIGHT, INK, 0.35))])
    s.glow(380, 120, 900, MIST, 0.4)
    s.shade([(250, 150), (1380, 120), (1430, 920), (290, 950)], INK, 0.6, 40)
    s.poly([(228, 130), (1352, 84), (1388, 870), (262, 914)], mix(CREAM, ROSE, 0.35))
    s.poly([(240, 108), (1370, 108), (1370, 892), (240, 892)], CREAM)
    for y in range(190, 800, 76):
        s.rect(320, y, 970, 2, mix(MIST, CREAM, 0.45))
    tall = (180, 262, 214, 338, 300, 436, 392, 520)
    for n, h in enumerate(tall):
        x, wide = 346 + n * 118, 84
        tone = CORAL if n == 5 else mix(RIVER, MIST, 0.12 + 0.05 * n)
        s.shade(
            [(x + 14, 798 - h + 16), (x + wide + 16, 798 - h + 20), (x + wide + 16, 800), (x + 14, 800)], INK, 0.22, 9
        )
        s.wash([(0, mix(tone, CREAM, 0.22)), (1, tone)], (x, 798 - h, wide, h))
        if n % 2:
            s.poly([(x - 6, 800 - h), (x + wide / 2, 752 - h), (x + wide + 6, 800 - h)], mix(tone, INK, 0.3))
        else:
            s.rect(x + 14, 786 - h, 22, 14, mix(tone, INK, 0.3))
        for y in range(int(826 - h), 770, 44):
            for k in range(2):
                s.rect(x + 16 + k * 32, y, 18, 22, mix(CREAM, WHEAT, 0.75 if (y + k + n) % 3 else 0.1), 2)
    s.rect(318, 798, 974, 5, INK)
    curve = [(388 + n * 118, 700 - h * 0.82 - 30) for n, h in enumerate((120, 190, 250, 232, 380, 452, 520, 606))]
    s.line(curve, INK, 5)
    for n, (x, y) in enumerate(curve):
        s.disc(x, y, 14, INK)
        s.disc(x, y, 8, CREAM if n != 5 else CORAL)
    s.arc((curve[5][0] - 46, curve[5][1] - 46, curve[5][0] + 46, curve[5][1] + 46), 0, 360, CORAL, 6)
    for n, w in enumerate((260, 190)):
        s.rect(320, 140 + n * 24, w, 11, mix(INK, MIST, 0.25 + 0.45 * n), 5)
    for n in range(8):
        s.rect(362 + n * 118, 826, 52, 9, mix(MIST, DUSK, 0.35), 4)
    # Magnifier over the odd bar.
    gx, gy = 980, 560
    s.shade([(gx - 130, gy - 90), (gx + 190, gy - 90), (gx + 190, gy + 210), (gx - 130, gy + 210)], INK, 0.32, 50)
    s.line([(gx + 112, gy + 112), (gx + 330, gy + 330)], mix(BRICK, INK, 0.4), 46)
    s.line([(gx + 126, gy + 112), (gx + 336, gy + 322)], mix(CORAL, BRICK, 0.4), 14)
    s.disc(gx, gy, 160, mix(OCHRE, INK, 0.4))
    s.disc(gx, gy, 146, WHEAT)
    s.disc(gx, gy, 136, mix(CREAM, MIST, 0.35))
    s.poly([(gx - 66, gy - 60), (gx + 66, gy - 60), (gx + 66, gy + 118), (gx, gy + 136), (gx - 66, gy + 118)], CORAL)
    s.poly([(gx - 80, gy - 58), (gx, gy - 128), (gx + 80, gy - 58)], mix(CORAL, INK, 0.3))
    for y in (-30, 34):
        for x in (-40, 12):
            s.rect(gx + x, gy + y, 30, 38, mix(CREAM, WHEAT, 0.6), 3)
    s.arc((gx - 118, gy - 118, gx + 118, gy + 118), 190, 250, CREAM, 12)
    s.shade([(70, 560), (210, 500), (250, 830), (110, 860)], INK, 0.35, 20)
    for x, y in ((140, 640), (110, 760), (176, 800)):  # coins
        s.disc(x + 6, y + 8, 60, mix(OCHRE, INK, 0.6))
        s.disc(x, y, 60, OCHRE)
        s.disc(x, y, 47, WHEAT)
        s.line([(x - 14, y + 18), (x, y - 22), (x + 14, y + 18)], OCHRE, 7)
    s.disc(1508, 236, 128, mix(INK, NIGHT, 0.5))
    s.disc(1500, 226, 124, mix(CREAM, MIST, 0.35))
    s.arc((1580, 180, 1680, 280), -100, 100, mix(CREAM, MIST, 0.35), 20)
    s.disc(1500, 226, 102, mix(BRICK, INK, 0.6))
    s.disc(1490, 218, 86, mix(OCHRE, BRICK, 0.6))
    s.shade([(1440, 480), (1480, 470), (1570, 930), (1520, 940)], INK, 0.4, 14)
    s.poly([(1440, 440), (1474, 433), (1560, 872), (1526, 880)], CORAL)
    s.poly([(1462, 436), (1474, 433), (1560, 872), (1548, 875)], mix(CORAL, BRICK, 0.6))
    s.poly([(1526, 880), (1560, 872), (1560, 940)], mix(CREAM, OCHRE, 0.4))
    s.poly([(1550, 915), (1561, 912), (1561, 940)], INK)
    return s.finish()
