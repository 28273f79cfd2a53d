"""Whatever is typed is saved, also while Wagtail doesn't look. Imported by ``cms.content.wagtail_hooks``."""

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks


@hooks.register("insert_editor_js")
def autosave_script() -> SafeString:
    """The script that tells Wagtail of edits that it takes for saved."""
    return format_html('<script src="{}"></script>', static("content/autosave.js"))
