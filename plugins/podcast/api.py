"""Shows and episodes in the API: their documents, filters, and the files that podcast apps fetch beside the audio."""

import json

from django.http import HttpRequest, HttpResponse
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.views import APIView

from api.contract import KeyFilter, Problem, Published, parameters, published, respond_with, serializes, structured_data
from plugins.podcast import captions, structured
from plugins.podcast.documents import EpisodeDetail, EpisodeTeaser, ShowDetail
from plugins.podcast.models import EpisodePage, PodcastShowPage
from plugins.podcast.shapes import AppChaptersShape

serializes(PodcastShowPage, detail=ShowDetail)
serializes(EpisodePage, teaser=EpisodeTeaser, detail=EpisodeDetail)
structured_data(PodcastShowPage)(structured.podcast_series)
structured_data(EpisodePage)(structured.podcast_episode)

filters = [
    KeyFilter(
        name="show",
        model=EpisodePage,
        of=lambda page: [page.show.slug] if page.show else [],
        description="Slugs of podcasts, comma-separated: their episodes",
    ),
    KeyFilter(
        name="season",
        model=EpisodePage,
        of=lambda page: [str(page.season)] if page.season else [],
        description="Seasons, comma-separated: episodes of theirs",
    ),
]


class EpisodeFile(APIView):
    """One file beside an episode. It is there while the episode and its show are both published."""

    def episode(self, request: HttpRequest, show: str, episode: str) -> Published:
        """The published episode. Raises NotFound."""
        query = request.GET
        parameters.only(query, {"locale"})
        found = published(type="episode", slug=episode, locale=parameters.locale(query, default=None))
        if found is None or not found.detail["show"] or found.detail["show"]["slug"] != show:
            raise NotFound(f"There is no published episode “{episode}” of “{show}”.")
        return found


_LOCALE = OpenApiParameter("locale", str, description="Only this language; without it the default one is preferred")
_ERRORS = {400: Problem, 404: Problem}


class Chapters(EpisodeFile):
    """Chapters for podcast apps.

    https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/examples/chapters/jsonChapters.md
    """

    MIME = "application/json+chapters"

    @extend_schema(
        operation_id="podcast_chapters",
        parameters=[_LOCALE],
        responses={(200, MIME): AppChaptersShape, **_ERRORS},
    )
    def get(self, request: Request, show: str, episode: str) -> HttpResponse:
        found = self.episode(request, show, episode)
        if not found.detail["chapters"]:
            raise NotFound("This episode has no chapters.")
        document = {"version": "1.2.0", "title": found.detail["headline"], "chapters": []}
        for each in found.detail["chapters"]:
            optional = {name: value for name, value in (("url", each["url"]), ("img", each["image"])) if value}
            document["chapters"].append({"startTime": each["start"], "title": each["title"], **optional})
        return respond_with(request, json.dumps(document, ensure_ascii=False).encode(), self.MIME, tags=_tags(found))


class Transcript(EpisodeFile):
    """The timed transcript as WebVTT (https://www.w3.org/TR/webvtt1/)."""

    MIME = "text/vtt"

    @extend_schema(
        operation_id="podcast_transcript",
        parameters=[_LOCALE],
        responses={(200, MIME): OpenApiTypes.STR, **_ERRORS},
    )
    def get(self, request: Request, show: str, episode: str) -> HttpResponse:
        found = self.episode(request, show, episode)
        transcript = found.detail["transcript"]
        if not transcript or not transcript["cues"]:
            raise NotFound("This episode has no timed transcript.")
        body = captions.write(transcript["cues"]).encode()
        return respond_with(request, body, f"{self.MIME}; charset=utf-8", tags=_tags(found))


def _tags(found: Published) -> list[str]:
    return [f"page-{found.page_id}", f"page-{found.detail['show']['id']}"]


urlpatterns = [
    path("<slug:show>/<slug:episode>/chapters/", Chapters.as_view(), name="chapters"),
    path("<slug:show>/<slug:episode>/transcript/", Transcript.as_view(), name="transcript"),
]
