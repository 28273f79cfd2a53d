"""What the content room adds to Wagtail's admin."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.tables import DateColumn, LocaleColumn
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from cms.content import slug_hooks  # noqa: F401  (its hooks are registered by importing it)
from cms.content.models import Author, ContentPage, Section


class ContentListing(PageListingViewSet):
    """Everything that readers can be shown, whatever its type and place, the newest first."""

    model = ContentPage
    name = "content_listing"
    icon = "doc-full"
    menu_label = _("All content")
    menu_order = 110
    add_to_admin_menu = True
    columns = [
        *PageListingViewSet.index_view_class.base_columns[:2],
        DateColumn("published_at", label=_("Shown as of"), sort_key="published_at", width="15%"),
        *PageListingViewSet.index_view_class.base_columns[2:],
    ]


@hooks.register("register_admin_viewset")
def content_listing() -> ContentListing:
    return ContentListing("content_listing", url_prefix="content")


class SectionViewSet(SnippetViewSet):
    model = Section
    icon = "folder-open-inverse"
    menu_label = _("Sections")
    list_display = ["name", "slug", LocaleColumn(), "sort_order"]
    search_fields = ["name", "slug"]


class AuthorViewSet(SnippetViewSet):
    model = Author
    icon = "user"
    menu_label = _("Authors")
    list_display = ["name", "role", LocaleColumn()]
    search_fields = ["name", "role"]


class FilingGroup(SnippetViewSetGroup):
    """Sections and authors, one click from the menu."""

    items = (SectionViewSet, AuthorViewSet)
    menu_label = _("Sections and authors")
    menu_icon = "tag"
    menu_order = 120


register_snippet(FilingGroup)
