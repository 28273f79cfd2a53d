"""What the content room adds to Wagtail's admin."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.ui.tables import DateColumn, LocaleColumn
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.models import Page
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from cms.content import autosave_hooks, preview_hooks, slug_hooks  # noqa: F401  (their hooks are registered by importing them)
from cms.content.models import Author, ContentPage, Section
from cms.content.teasers import teasers_for
from cms.registry.owners import owner_of
from cms.registry.states import is_active


class ContentIndexView(PageListingViewSet.index_view_class):
    """Without a button to add: what is listed are many types, and each is added where it is to stand."""

    def get_add_url(self) -> None:
        return None


class ContentListing(PageListingViewSet):
    """Everything that readers can be shown, whatever its type and place, the newest first."""

    model = ContentPage
    index_view_class = ContentIndexView
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


@hooks.register("after_publish_page")
def tell_what_readers_cannot_see(request: HttpRequest, page: Page) -> None:
    """A plugin's page went live and its plugin could not render it: the editor learns it now, not from a reader."""
    owner = owner_of(page)
    if not owner or not isinstance(page, ContentPage) or not page.live or teasers_for([page.pk]):
        return
    if is_active(owner) and not page.get_view_restrictions().exists():
        messages.warning(
            request,
            _("It is published, but readers don't see it: the plugin “%s” fails or rests. See Settings, Plugins.")
            % owner,
        )


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
