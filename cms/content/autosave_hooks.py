"""What is typed while Wagtail saves a form by itself is saved too. Imported by ``cms.content.wagtail_hooks``."""

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks


@hooks.register("insert_editor_js")
def autosave_script() -> SafeString:
    """The script that compares what was saved with what the form holds by then."""
    return format_html('<script src="{}"></script>', static("content/autosave.js"))
