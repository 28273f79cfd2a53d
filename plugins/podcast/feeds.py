"""The feeds of shows: ``/feeds/podcast/<slug>.xml``."""

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

from api.contract import last_changed, published, published_details, respond_with
from cms.contract import plugin_settings
from plugins.podcast import feed
from plugins.podcast.documents import newest_episodes
from plugins.podcast.models import PodcastShowPage
from plugins.podcast.plugin import PodcastSettings

_LOCALES = [code for code, _name in settings.LANGUAGES]


@require_safe
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """The feed of one published show. ``?locale=`` tells shows of the same slug apart."""
    locale = request.GET.get("locale")
    if locale is not None and locale not in _LOCALES:
        raise BadRequest(f"locale: one of {', '.join(_LOCALES)}.")
    found = published(type=PodcastShowPage.get_type_name(), slug=slug, locale=locale)
    page = PodcastShowPage.objects.filter(pk=found.page_id).first() if found else None
    if found is None or page is None:
        raise Http404(f"There is no published podcast “{slug}”.")
    # The tree says which episodes are the show's; what readers see of them is what is published.
    limit = plugin_settings(PodcastSettings).episodes_shown
    episodes = published_details(type="episode", page_ids=newest_episodes(page), limit=limit)
    body = feed.write(found, episodes)
    tags = ["feeds", f"page-{found.page_id}", *(f"page-{each.page_id}" for each in episodes)]
    # An episode that is taken away leaves no time behind it: the document itself tells when it last changed.
    since = last_changed(request.get_full_path(), body)
    return respond_with(request, body, feed.CONTENT_TYPE, tags=tags, last_modified=since)


urlpatterns = [path("<slug:slug>.xml", show, name="show")]
