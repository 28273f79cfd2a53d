"""The share card: what social networks show of the page. 1200 x 630, legible at a third of its size."""

import io
import logging
from functools import cache
from pathlib import Path

from django.core.files.storage import default_storage
from PIL import Image, ImageDraw, ImageFont

from cms.campaigns.money import format_money
from cms.campaigns.pages.context import PageInputs, keep_together
from cms.campaigns.pages.texts import donors_text, texts

logger = logging.getLogger(__name__)

WIDTH, HEIGHT = 1200, 630
MARGIN = 72
INK, PAPER, QUIET, TRACK, FILL = "#f4f8fb", "#0d2f45", "#c3d3df", "#2b5069", "#ffcb2e"
_FONTS = Path(__file__).parent / "fonts"


def draw_card(inputs: PageInputs) -> bytes:
    """The card as PNG."""
    card = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(card)
    draw.rectangle((0, 0, WIDTH, 14), fill=FILL)
    _draw_newsroom(card, draw, inputs)
    _draw_headline(draw, keep_together(inputs.document["headline"]))
    _draw_thermometer(card, draw, inputs)
    out = io.BytesIO()
    card.save(out, "PNG")
    return out.getvalue()


@cache
def font(size: int, *, bold: bool = True) -> ImageFont.FreeTypeFont:
    """IBM Plex Sans (SIL Open Font License): it has Ukrainian and Russian letters and the hryvnia sign."""
    return ImageFont.truetype(_FONTS / f"IBMPlexSans-{'Bold' if bold else 'Regular'}.ttf", size)


def wrap(text: str, face: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Lines no wider than ``width`` pixels. A single longer word is cut with an ellipsis."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and face.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(_cut(word, face, width))
    return lines


def _cut(text: str, face: ImageFont.FreeTypeFont, width: int) -> str:
    if face.getlength(text) <= width:
        return text
    while text and face.getlength(f"{text}…") > width:
        text = text[:-1]
    return f"{text.rstrip(' ,.:;–—-')}…"


def _draw_newsroom(card: Image.Image, draw: ImageDraw.ImageDraw, inputs: PageInputs) -> None:
    left = MARGIN
    logo = _logo(inputs.newsroom.logo)
    if logo is not None:
        card.paste(logo, (MARGIN, 56), logo)
        left += logo.width + 22
    face = font(34)
    draw.text((left, 84), _cut(inputs.newsroom.name, face, WIDTH - MARGIN - left), font=face, fill=INK, anchor="lm")


def _logo(name: str) -> Image.Image | None:
    if not name:
        return None
    try:
        with default_storage.open(name) as file:
            logo = Image.open(file).convert("RGBA")
    except (OSError, ValueError) as error:  # an SVG, or a file that is gone: the name alone will do
        logger.warning("The logo %s can't be drawn on share cards: %s", name, error)
        return None
    logo.thumbnail((320, 56), Image.Resampling.LANCZOS)
    return logo


def _draw_headline(draw: ImageDraw.ImageDraw, headline: str) -> None:
    """As large as it fits into three lines."""
    width, top, bottom = WIDTH - 2 * MARGIN, 142, 410
    for size in (78, 70, 62, 54, 48):
        face, line = font(size), round(size * 1.16)
        lines = wrap(headline, face, width)
        if len(lines) * line <= bottom - top and len(lines) <= 4:
            break
    most = (bottom - top) // line
    if len(lines) > most:
        lines = [*lines[: most - 1], _cut(" ".join(lines[most - 1 :]), face, width)]
    y = top + (bottom - top - len(lines) * line) // 2
    for text in lines:
        draw.text((MARGIN, y), text, font=face, fill=INK)
        y += line


def _draw_thermometer(card: Image.Image, draw: ImageDraw.ImageDraw, inputs: PageInputs) -> None:
    figures, locale = inputs.figures, inputs.document["locale"]
    words = texts(locale)
    raised, goal = (format_money(max(0, each), figures.currency, locale) for each in (figures.raised, figures.goal))
    big, small = font(50), font(32, bold=False)
    draw.text((MARGIN, 478), raised, font=big, fill=FILL, anchor="ls")
    of = f"{words['of']} {goal}"
    draw.text((MARGIN + big.getlength(raised) + 16, 478), of, font=small, fill=QUIET, anchor="ls")
    draw.text((WIDTH - MARGIN, 478), f"{figures.percent}%", font=big, fill=INK, anchor="rs")

    card.paste(_bar(min(1.0, max(0, figures.raised) / figures.goal)), (MARGIN, 500))
    draw.text((MARGIN, 580), donors_text(figures.donors, locale), font=font(28, bold=False), fill=QUIET, anchor="lm")


def _bar(part: float) -> Image.Image:
    """The bar, filled up to this part. Drawn four times as large: Pillow's round corners have stairs."""
    width, height, times = WIDTH - 2 * MARGIN, 38, 4
    bar = Image.new("RGB", (width * times, height * times), PAPER)
    draw = ImageDraw.Draw(bar)
    corner = height * times // 2
    draw.rounded_rectangle((0, 0, width * times - 1, height * times - 1), corner, fill=TRACK)
    if part > 0:
        # Never narrower than it is high: a first donation must be seen.
        end = max(height, round(width * part)) * times - 1
        draw.rounded_rectangle((0, 0, end, height * times - 1), corner, fill=FILL)
    return bar.resize((width, height), Image.Resampling.LANCZOS)
