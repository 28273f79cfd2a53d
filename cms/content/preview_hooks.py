"""The preview panel with frontends on other origins. Imported by ``cms.content.wagtail_hooks``."""

from urllib.parse import urlsplit

from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks

from cms.content import preview


@hooks.register("insert_editor_js")
def preview_script() -> SafeString:
    """The script of the panel, which talks to the frontend's origins only: one, or one a language."""
    origins = {_origin(preview.address("", code)) for code, _name in settings.LANGUAGES}
    return format_html(
        '<script src="{}" data-origins="{}"></script>', static("content/preview.js"), " ".join(sorted(origins))
    )


def _origin(address: str) -> str:
    there = urlsplit(address)
    return f"{there.scheme}://{there.netloc}"
