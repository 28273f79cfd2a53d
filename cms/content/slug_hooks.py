"""The admin's slug field writes slugs as :mod:`cms.content.slugs` does. Imported by ``cms.content.wagtail_hooks``."""

from django.templatetags.static import static
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString
from wagtail import hooks

from cms.content import slugs


@hooks.register("insert_global_admin_js")
def slug_script() -> SafeString:
    """The tables of slugs.py as JSON, and the script that reads them."""
    tables = {
        "tables": slugs.TABLES,
        "latin": slugs.LATIN,
        "apostrophes": slugs.APOSTROPHES,
        "onlyRussian": slugs.ONLY_RUSSIAN,
        "maxLength": slugs.MAX_LENGTH,
        "fallback": slugs.FALLBACK,
    }
    data = json_script(tables, "ostriv-slug-tables")
    return format_html('{}<script src="{}"></script>', data, static("content/slugs.js"))
