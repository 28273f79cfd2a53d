"""Items of the import format, and files beside them."""

from pathlib import Path
from typing import Any

from PIL import Image

from cms.content.importing import ImportReport, import_items
from cms.content.models import ContentPage


def item(import_id: str = "a-1", **fields: Any) -> dict[str, Any]:
    return {
        "id": import_id,
        "locale": "uk",
        "headline": "Проєкт мосту",
        "published_at": "2024-03-05T10:00:00+02:00",
        "body_html": "<p>Перше речення.</p><p>Друге речення.</p>",
    } | fields


def load(*items: dict[str, Any], **options: Any) -> ImportReport:
    return import_items(items, **options)


def page_of(import_id: str = "a-1") -> Any:
    return ContentPage.objects.get(import_id=import_id).specific


def reasons(report: ImportReport) -> list[tuple[str, str]]:
    return [(problem.field, problem.reason) for problem in report.problems]


def put_files(folder: Path) -> Path:
    """A picture, a document, and two files that are not what their names say."""
    Image.new("RGB", (64, 48), "navy").save(folder / "bridge.jpg")
    (folder / "plan.pdf").write_bytes(b"%PDF-1.4 plan")
    (folder / "note.jpg").write_text("no picture")
    Image.new("RGB", (4, 4)).save(folder / "really.png", format="GIF")
    return folder
