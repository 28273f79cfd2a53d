"""The QR code of a page's address, for posters and papers."""

import io

import segno


def qr_svg(url: str) -> bytes:
    """As SVG, with the quiet zone that scanners need; error correction M survives a fold in the paper."""
    out = io.BytesIO()
    segno.make(url, error="m", micro=False).save(out, kind="svg", scale=8, border=4, dark="#111111", light="#ffffff")
    return out.getvalue()


def qr_png(url: str) -> bytes:
    """As PNG, large enough to be printed on a poster."""
    out = io.BytesIO()
    segno.make(url, error="m", micro=False).save(out, kind="png", scale=24, border=4)
    return out.getvalue()
