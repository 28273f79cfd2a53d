"""What readers' programs get: the page with its newest entries, what has changed since, and a stream of changes."""

from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, PolymorphicProxySerializer, extend_schema
from drf_spectacular.utils import extend_schema_field as shaped
from rest_framework import renderers, serializers
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from api.contract import (
    DetailSerializer,
    ImageShape,
    KeyFilter,
    Problem,
    TeaserSerializer,
    Unavailable,
    absolute_url,
    network_of,
    parameters,
    respond,
    serializes,
    structured_data,
    utc,
)
from cms.contract import plugin_settings
from plugins.liveblog import reading
from plugins.liveblog.hub import hub
from plugins.liveblog.models import Coverage, LiveBlogPage, LiveEntry, State, entries_for_readers
from plugins.liveblog.plugin import LiveBlogSettings
from plugins.liveblog.stream import Stream, TooMuchMissed, give_back_connection

#: Entries that the detail of a page holds, key moments that it lists, and changes that one answer may bring.
NEWEST, KEY_MOMENTS, CHANGES, MOST_CHANGES = 50, 200, 100, 200
#: How much less often frontends ask for news of a coverage that is not live.
PATIENCE = 6
_PROBLEM = "application/problem+json"


# --- documents --------------------------------------------------------------------------------------------------


class StateField(serializers.ChoiceField):
    """Where a coverage stands."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=State.values, **kwargs)


class LiveBlogAuthor(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()


class LiveBlogEntry(serializers.Serializer[Any]):
    """One entry of a live blog."""

    id = serializers.UUIDField()
    change = serializers.IntegerField(help_text="Number of its latest change; they count on through the whole page")
    time = serializers.DateTimeField(help_text="When it happened, as readers see it")
    updated_at = serializers.DateTimeField(help_text="When its words were changed last")
    author = LiveBlogAuthor(allow_null=True)
    headline = serializers.CharField()
    text = serializers.CharField(help_text="HTML")
    image = ImageShape(allow_null=True)
    pinned = serializers.BooleanField()
    key = serializers.BooleanField(help_text="A key moment")


class LiveBlogWithdrawn(serializers.Serializer[Any]):
    """An entry that was taken back: remove it."""

    id = serializers.UUIDField()
    change = serializers.IntegerField()
    withdrawn = serializers.BooleanField(help_text="Always true: nothing else is left of it")


class LiveBlogKeyMoment(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    time = serializers.DateTimeField()
    headline = serializers.CharField()


class LiveBlogCoverage(serializers.Serializer[Any]):
    """Where a coverage stands; also the data of the event `state`."""

    state = StateField()
    started_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    summary = serializers.CharField(help_text="HTML; what it came to, written at the end")


class LiveBlogChanges(LiveBlogCoverage):
    """What has changed, in the order of change."""

    results = PolymorphicProxySerializer(
        component_name="LiveBlogChange",
        serializers=[LiveBlogEntry, LiveBlogWithdrawn],
        resource_type_field_name=None,
        many=True,
    )
    last_change = serializers.IntegerField(help_text="The next `since`")
    more = serializers.BooleanField(help_text="There are more changes: ask again at once")
    poll_after = serializers.IntegerField(help_text="Seconds to wait before asking again")


class LiveBlogTeaser(TeaserSerializer):
    """A teaser that says whether it is live."""

    state = serializers.SerializerMethodField()

    @shaped(StateField())
    def get_state(self, page: LiveBlogPage) -> str:
        return str(page.live_coverage.state)


class LiveBlogDetail(DetailSerializer):
    """The page as it was when it or one of its entries was changed last."""

    state = serializers.SerializerMethodField()
    started_at = serializers.SerializerMethodField()
    ended_at = serializers.SerializerMethodField()
    summary = serializers.SerializerMethodField(help_text="HTML; what it came to, written at the end")
    entries = serializers.SerializerMethodField(help_text=f"The newest {NEWEST}, newest first")
    pinned = serializers.SerializerMethodField(help_text="All pinned entries, newest first")
    key_moments = serializers.SerializerMethodField(help_text="Newest first")
    entry_count = serializers.SerializerMethodField()
    last_change = serializers.SerializerMethodField(help_text="`since` for the changes after this document")
    entries_url = serializers.SerializerMethodField(help_text="Where to ask for changes")
    stream_url = serializers.SerializerMethodField(help_text="Where changes are sent as they happen")

    @shaped(StateField())
    def get_state(self, page: LiveBlogPage) -> str:
        return str(page.live_coverage.state)

    @shaped(serializers.DateTimeField(allow_null=True))
    def get_started_at(self, page: LiveBlogPage) -> str | None:
        return reading.moment(page.live_coverage.started_at)

    @shaped(serializers.DateTimeField(allow_null=True))
    def get_ended_at(self, page: LiveBlogPage) -> str | None:
        return reading.moment(page.live_coverage.ended_at)

    def get_summary(self, page: LiveBlogPage) -> str:
        return reading.rich_text(page.live_coverage.summary)

    @shaped(LiveBlogEntry(many=True))
    def get_entries(self, page: LiveBlogPage) -> list[Any]:
        return [reading.entry_document(entry) for entry in newest(page)]

    @shaped(LiveBlogEntry(many=True))
    def get_pinned(self, page: LiveBlogPage) -> list[Any]:
        return [reading.entry_document(entry) for entry in _visible(page).filter(pinned=True)]

    @shaped(LiveBlogKeyMoment(many=True))
    def get_key_moments(self, page: LiveBlogPage) -> list[Any]:
        moments = _visible(page).filter(key=True)[:KEY_MOMENTS]
        return [{"id": str(each.pk), "time": utc(each.shown_at), "headline": each.title} for each in moments]

    def get_entry_count(self, page: LiveBlogPage) -> int:
        return _visible(page).count()

    def get_last_change(self, page: LiveBlogPage) -> int:
        return int(page.live_coverage.last_change)

    @shaped(OpenApiTypes.URI)
    def get_entries_url(self, page: LiveBlogPage) -> str:
        return _address(page, "entries")

    @shaped(OpenApiTypes.URI)
    def get_stream_url(self, page: LiveBlogPage) -> str:
        return _address(page, "stream")


serializes(LiveBlogPage, teaser=LiveBlogTeaser, detail=LiveBlogDetail)


@structured_data(LiveBlogPage)
def live_blog_posting(page: LiveBlogPage, common: dict[str, Any]) -> dict[str, Any]:
    """https://schema.org/LiveBlogPosting, with its newest entries as https://schema.org/BlogPosting."""
    coverage = page.live_coverage
    document = {**common, "@type": "LiveBlogPosting"}
    if coverage.started_at:
        document["coverageStartTime"] = utc(coverage.started_at)
    if coverage.ended_at:
        document["coverageEndTime"] = utc(coverage.ended_at)
    entries = newest(page)
    if entries:
        changed = max([entry.updated_at for entry in entries] + list(filter(None, [page.last_published_at])))
        document["dateModified"] = utc(changed)
    document["liveBlogUpdate"] = [_blog_posting(page, entry) for entry in entries]
    return document


def _blog_posting(page: LiveBlogPage, entry: LiveEntry) -> dict[str, Any]:
    address = f"{page.public_url}#entry-{entry.pk}"
    return {
        "@type": "BlogPosting",
        "@id": address,
        "url": address,
        "headline": entry.title,
        "articleBody": entry.words or entry.title,
        "datePublished": utc(entry.shown_at),
        "dateModified": utc(max(entry.updated_at, entry.shown_at)),
        **({"author": {"@type": "Person", "name": entry.author.name}} if entry.author else {}),
    }


def newest(page: LiveBlogPage) -> list[LiveEntry]:
    """The newest entries that readers see."""
    return list(_visible(page)[:NEWEST])


def _visible(page: LiveBlogPage) -> Any:
    return entries_for_readers(page=page.pk, withdrawn=False) if page.pk else LiveEntry.objects.none()


def _address(page: LiveBlogPage, what: str) -> str:
    return absolute_url(f"/api/v1/x/liveblog/{page.slug}/{what}/?locale={page.locale.language_code}")


filters = [
    KeyFilter(
        name="live_state",
        model=LiveBlogPage,
        of=lambda page: [page.live_coverage.state],
        description="Live blogs in one of these states, comma-separated",
        choices=State.values,
    )
]


# --- routes -----------------------------------------------------------------------------------------------------

_SINCE = OpenApiParameter("since", int, description="Only changes after this number; 0, all, if not given")
_LOCALE = OpenApiParameter(
    "locale",
    str,
    enum=parameters.LOCALES,
    description="Only this language; without it the newsroom's first one is preferred",
)
_ERRORS = {
    (400, _PROBLEM): OpenApiResponse(Problem, description="A parameter is not as it must be"),
    (404, _PROBLEM): OpenApiResponse(Problem, description="No such live blog is published"),
}


class NoStream(Unavailable):
    """There is none for this reader, who polls instead. On a 503 browsers give an EventSource up for good."""

    def __init__(self, why: str, wait: int) -> None:
        super().__init__(f"{why} Ask for `entries/` every few seconds instead, or try again later.")
        self.wait = wait  # DRF makes a Retry-After of it


class Entries(APIView):
    """What has changed in a live blog since a number: the fallback where no stream is to be had."""

    @extend_schema(
        operation_id="liveblog_entries",
        parameters=[
            _SINCE,
            OpenApiParameter("limit", int, description=f"1 to {MOST_CHANGES}; {CHANGES} if not given"),
            _LOCALE,
        ],
        responses={200: LiveBlogChanges, **_ERRORS},
    )
    def get(self, request: Request, slug: str) -> HttpResponse:
        query = request.query_params
        parameters.only(query, {"since", "limit", "locale"})
        since, limit = _number(query, "since", 0, 0), _number(query, "limit", CHANGES, 1, MOST_CHANGES)
        page_id = _page_of(slug, query)
        coverage = _coverage(page_id)
        found = reading.changes(page_id, since, limit + 1)
        more, found = len(found) > limit, found[:limit]
        # The coverage was read first: all changes up to its number were there to be found.
        newest_found = found[-1].number if found else 0
        (head,) = reading.fill([reading.coverage_document(coverage)])
        document = {
            "results": [change.document for change in found],
            "last_change": newest_found if more else max(newest_found, coverage.last_change),
            "more": more,
            "poll_after": 0 if more else _poll_after(coverage),
            **head,
        }
        return respond(request, document, tags=[f"page-{page_id}"])


class EventStreamRenderer(renderers.JSONRenderer):
    """Lets a browser ask for an event stream; what is rendered by it are problems, before there is one."""

    media_type = "text/event-stream"
    format = "event-stream"


class Events(APIView):
    """Changes of a live blog as they happen, as Server-Sent Events.

    Events: `entry` (posted or changed), `withdrawn`, and `state` (once what was missed is sent, and when the coverage
    is started, closed, reopened or summed up). The id of each is the number of the change. A stream ends after a
    minute or so; browsers connect anew by themselves, with `Last-Event-ID`, and get what they have missed. 204 says
    that the coverage is closed and nothing is missing: browsers then stop. 503 says that all streams are taken, or that
    too much was missed for one: ask for `entries/`.
    """

    renderer_classes = [renderers.JSONRenderer, EventStreamRenderer]

    @extend_schema(
        operation_id="liveblog_stream",
        parameters=[
            _SINCE,
            _LOCALE,
            OpenApiParameter("Last-Event-ID", str, OpenApiParameter.HEADER, description="Instead of `since`"),
        ],
        responses={
            (200, "text/event-stream"): OpenApiTypes.STR,
            204: OpenApiResponse(description="Closed, and nothing is missing"),
            **_ERRORS,
            (503, _PROBLEM): OpenApiResponse(Problem, description="No stream for you now; see Retry-After"),
        },
    )
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        query = request.query_params
        parameters.only(query, {"since", "locale"})
        since = _number(query, "since", 0, 0)
        last = request.headers.get("Last-Event-ID", "")
        if last.isascii() and last.isdigit() and len(last) <= 18:
            since = int(last)
        coverage = _coverage(_page_of(slug, query))
        if coverage.is_closed and since >= coverage.last_change:
            return HttpResponse(status=204, headers={"Cache-Control": "no-store"})
        settings = plugin_settings(LiveBlogSettings)
        follower = hub.follow(
            coverage, most=settings.max_streams, address=network_of(BaseThrottle().get_ident(request) or "")
        )
        if follower is None:
            raise NoStream("All streams are taken.", settings.poll_seconds)
        try:
            stream = Stream(follower, since=since, seconds=settings.stream_seconds)
        except TooMuchMissed:
            raise NoStream("Too much was missed since this number.", settings.poll_seconds) from None
        response = StreamingHttpResponse(stream, content_type="text/event-stream")
        response["Cache-Control"] = "no-store, no-transform"
        response["X-Accel-Buffering"] = "no"  # nginx would collect events before it passes them on
        give_back_connection()
        return response


def _page_of(slug: str, query: Any) -> int:
    page_id = reading.public_page(slug, parameters.locale(query, default=None))
    if page_id is None:
        raise NotFound(f"No live blog “{slug[:100]}” is published.")
    return page_id


def _coverage(page_id: int) -> Coverage:
    return Coverage.objects.filter(pk=page_id).first() or Coverage(page_id=page_id)


def _poll_after(coverage: Coverage) -> int:
    seconds = plugin_settings(LiveBlogSettings).poll_seconds
    return seconds if coverage.state == State.LIVE else seconds * PATIENCE


def _number(query: Any, name: str, default: int, least: int, most: int = 10**18) -> int:
    value = query.get(name)
    if value is None:
        return default
    if not value.isascii() or not value.isdigit() or len(value) > 18 or not least <= int(value) <= most:
        raise ValidationError({name: f"A number from {least} to {most}." if most < 10**18 else "A whole number."})
    return int(value)


urlpatterns = [
    path("<slug:slug>/entries/", Entries.as_view(), name="entries"),
    path("<slug:slug>/stream/", Events.as_view(), name="stream"),
]
