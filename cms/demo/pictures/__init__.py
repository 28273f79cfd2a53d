"""Pictures of the demo newsroom, drawn by code: a series of scenes, six portraits and the newsroom's mark.

`PICTURES` maps a file name to the function that draws it; `draw_all(folder)` writes those asked for. The same code
gives the same pictures on every machine: there are no fonts, no downloads and no clock in them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from PIL import Image

from . import dealings, interiors, landscapes, people, town

PICTURES: dict[str, Callable[[], Image.Image]] = {
    "bridge.jpg": landscapes.bridge,
    "school-bus.jpg": landscapes.school_bus,
    "harvest.jpg": landscapes.harvest,
    "flood-plain.jpg": landscapes.flood_plain,
    "blackout.jpg": town.blackout,
    "football.jpg": town.football,
    "minefield.jpg": town.minefield,
    "hospital.jpg": interiors.hospital,
    "theatre.jpg": interiors.theatre,
    "court.jpg": interiors.court,
    "market.jpg": dealings.market,
    "figures.jpg": dealings.figures,
    **{f"author-{look.name}.jpg": people.painter(look) for look in people.LOOKS},
    "logo.png": people.logo,
}


def draw(name: str, folder: Path) -> Path:
    """Draw the picture `name` into `folder` and return its path."""
    path = folder / name
    image = PICTURES[name]()
    if path.suffix == ".png":
        image.save(path, optimize=True)
    else:
        image.save(path, quality=85, progressive=True)
    return path


def draw_all(folder: Path, names: Iterable[str] | None = None) -> list[Path]:
    """Draw `names` (default: every picture) into `folder`, which is made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    return [draw(name, folder) for name in (PICTURES if names is None else names)]
