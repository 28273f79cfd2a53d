"""What readers' programs get of a live blog: the page, its changes, its structured data."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.support.content import api, headlines, make_article, make_author, make_image, problem, restrict, shown

pytestmark = [pytest.mark.django_db, pytest.mark.plugin("liveblog")]

Make = Callable[..., Any]


def changes(client: Client, page: Any, **parameters: Any) -> Any:
    return api(client, f"/x/liveblog/{page.slug}/entries/", **parameters)


def test_a_live_blog_without_entries_has_not_started(client: Client, liveblog: Any) -> None:
    document = shown(client, liveblog)

    assert document["state"] == "not_started"
    assert document["entries"] == document["pinned"] == document["key_moments"] == []
    assert (document["entry_count"], document["last_change"], document["summary"]) == (0, 0, "")
    assert document["entries_url"].endswith(f"/api/v1/x/liveblog/{liveblog.slug}/entries/?locale=uk")
    assert document["stream_url"].endswith(f"/api/v1/x/liveblog/{liveblog.slug}/stream/?locale=uk")


def test_an_entry_is_in_the_published_page_as_soon_as_it_is_posted(client: Client, liveblog: Any, post: Make) -> None:
    author, image = make_author("Соломія Вербинська"), make_image("Хвилеріз", credit="Ostriv")
    happened = timezone.now() - timedelta(minutes=3)

    entry = post(
        liveblog,
        "Вітер посилюється",
        text='<p>Пориви до <b>28 м/с</b>.</p><script>alert("!")</script>',
        author=author,
        image=image,
        image_credit="Фото читача",
        shown_at=happened,
    )

    document = shown(client, liveblog)
    (only,) = document["entries"]
    assert only["id"] == str(entry.pk)
    assert only["headline"] == "Вітер посилюється"
    assert only["text"] == "<p>Пориви до <b>28 м/с</b>.</p>"
    assert only["author"] == {"slug": author.slug, "name": "Соломія Вербинська"}
    assert only["image"]["credit"] == "Фото читача"
    assert only["time"].endswith("Z") and only["change"] == document["last_change"] == 1
    assert document["entry_count"] == 1


def test_the_newest_fifty_are_in_the_page_and_the_rest_in_the_changes(
    client: Client, liveblog: Any, post: Make
) -> None:
    start = timezone.now() - timedelta(hours=2)
    for number in range(53):
        post(liveblog, f"Запис {number}", shown_at=start + timedelta(minutes=number))

    document = shown(client, liveblog)
    assert [entry["headline"] for entry in document["entries"]] == [f"Запис {n}" for n in range(52, 2, -1)]
    assert document["entry_count"] == 53
    everything = changes(client, liveblog, limit=200)
    assert [entry["headline"] for entry in everything["results"]] == [f"Запис {n}" for n in range(53)]


def test_pinned_entries_and_key_moments_stand_out(client: Client, liveblog: Any, post: Make) -> None:
    from plugins.liveblog import services

    first = post(liveblog, text="<p>Порт зачинено для суден &amp; поромів</p>")
    second = post(liveblog, "Пором повернувся")
    services.flag(second.pk, "pinned", True)
    services.flag(first.pk, "key", True)

    document = shown(client, liveblog)
    assert [entry["id"] for entry in document["pinned"]] == [str(second.pk)]
    assert [(each["id"], each["headline"]) for each in document["key_moments"]] == [
        (str(first.pk), "Порт зачинено для суден & поромів")
    ]
    services.flag(second.pk, "pinned", False)
    assert shown(client, liveblog)["pinned"] == []


def test_a_withdrawn_entry_is_gone_and_told_as_a_deletion(client: Client, liveblog: Any, post: Make) -> None:
    from plugins.liveblog import services

    entry = post(liveblog, "Помилка про мерію", key=True, pinned=True)
    before = changes(client, liveblog)["last_change"]
    services.withdraw(entry.pk, by=None)

    document = shown(client, liveblog)
    assert document["entries"] == document["pinned"] == document["key_moments"] == []
    assert "мерію" not in json.dumps(document, ensure_ascii=False)
    assert headlines(client, q="мерію") == []
    answer = changes(client, liveblog, since=before)
    assert answer["results"] == [{"id": str(entry.pk), "change": 2, "withdrawn": True}]
    services.withdraw(entry.pk, by=None, withdrawn=False)
    assert changes(client, liveblog, since=2)["results"][0]["headline"] == "Помилка про мерію"


def test_a_follower_who_asks_in_portions_gets_every_change_in_order(client: Client, liveblog: Any, post: Make) -> None:
    entries = [post(liveblog, f"Запис {number}") for number in range(5)]
    from plugins.liveblog import services

    services.flag(entries[0].pk, "key", True)
    since, heard = 0, []
    while True:
        answer = changes(client, liveblog, since=since, limit=2)
        heard += [each["change"] for each in answer["results"]]
        since = answer["last_change"]
        if not answer["more"]:
            break
        assert answer["poll_after"] == 0

    assert heard == [2, 3, 4, 5, 6]
    assert since == 6
    assert changes(client, liveblog, since=since)["results"] == []
    assert changes(client, liveblog, since=10**6)["last_change"] == 6


def test_how_often_to_ask_depends_on_the_state_and_the_settings(client: Client, liveblog: Any, settings: Any) -> None:
    from plugins.liveblog import services
    from plugins.liveblog.models import State

    assert changes(client, liveblog)["poll_after"] == 60
    services.move(liveblog.pk, State.LIVE, by=None)
    live = changes(client, liveblog)
    assert (live["poll_after"], live["state"], live["last_change"]) == (10, "live", 1)
    services.move(liveblog.pk, State.CLOSED, by=None)
    assert changes(client, liveblog)["poll_after"] == 60


def test_a_state_cant_be_left_twice_and_a_closed_blog_reopens_with_a_log(
    client: Client, liveblog: Any, post: Make
) -> None:
    from plugins.liveblog import services
    from plugins.liveblog.models import State, StateChange

    with pytest.raises(services.Refused):
        services.move(liveblog.pk, State.CLOSED, by=None)
    services.move(liveblog.pk, State.LIVE, by=None)
    started = shown(client, liveblog)["started_at"]
    with pytest.raises(services.Refused):
        services.move(liveblog.pk, State.LIVE, by=None)
    services.move(liveblog.pk, State.CLOSED, by=None)
    with pytest.raises(services.Refused):
        post(liveblog, "Запізно")
    assert shown(client, liveblog)["ended_at"] is not None
    services.move(liveblog.pk, State.LIVE, by=None)

    document = shown(client, liveblog)
    assert (document["state"], document["started_at"], document["ended_at"]) == ("live", started, None)
    assert list(StateChange.objects.values_list("state", flat=True)) == ["live", "closed", "live"]
    assert headlines(client, live_state="live") == [liveblog.title]
    assert headlines(client, live_state="closed") == []
    problem(client, "/content/", 400, live_state="paused")


def test_publishing_an_old_draft_touches_nothing_that_is_live(client: Client, liveblog: Any, post: Make) -> None:
    from plugins.liveblog import services
    from plugins.liveblog.models import State

    old = liveblog.save_revision()
    services.move(liveblog.pk, State.LIVE, by=None)
    post(liveblog, "Світло зникло у трьох селах")
    services.summarise(liveblog.pk, "<p>Обійшлося.</p>", before="")
    old.publish()

    document = shown(client, liveblog)
    assert document["state"] == "live"
    assert document["summary"] == "<p>Обійшлося.</p>"
    assert [entry["headline"] for entry in document["entries"]] == ["Світло зникло у трьох селах"]


def test_what_entries_say_is_found(client: Client, liveblog: Any, post: Make) -> None:
    post(liveblog, text="<p>Рятувальники евакуювали байдарочників</p>")

    assert headlines(client, q="байдарочників") == [liveblog.title]


def test_links_in_entries_lead_only_to_what_is_published(client: Client, liveblog: Any, post: Make) -> None:
    article = make_article("Прогноз на тиждень")
    text = f'<p><a linktype="page" id="{article.pk}">прогноз</a></p>'
    post(liveblog, text=text)

    assert changes(client, liveblog)["results"][0]["text"] == f'<p><a href="{article.public_url}">прогноз</a></p>'
    article.unpublish()
    assert changes(client, liveblog)["results"][0]["text"] == "<p>прогноз</p>"
    assert shown(client, liveblog)["entries"][0]["text"] == "<p>прогноз</p>"


@pytest.mark.parametrize("what", ["entries", "stream"])
@pytest.mark.parametrize("how", ["draft", "unpublished", "private", "expired", "scheduled", "none"])
def test_nothing_leaks_of_what_is_not_published(
    client: Client, make_liveblog: Make, post: Make, how: str, what: str
) -> None:
    page = make_liveblog("Таємний збір", live=how not in ("draft", "scheduled"))
    post(page, "Таємне місце")
    if how == "unpublished":
        page.unpublish()
    elif how == "private":
        restrict(page)
    elif how == "expired":
        page.expire_at = timezone.now() - timedelta(seconds=1)
        page.save_revision().publish()
    elif how == "scheduled":
        page.go_live_at = timezone.now() + timedelta(hours=1)
        page.save_revision().publish()
    slug = "nema-takoho" if how == "none" else page.slug

    document = problem(client, f"/x/liveblog/{slug}/{what}/", 404)
    assert "Таємне" not in json.dumps(document, ensure_ascii=False)
    if how != "none":
        assert headlines(client, q="таємне") == []


def test_a_draft_of_the_page_doesnt_show_through_its_entries(client: Client, liveblog: Any, post: Make) -> None:
    liveblog.title = "Чернетка заголовка"
    liveblog.save_revision()
    post(liveblog, "Запис")

    assert shown(client, liveblog)["headline"] == "Шторм на лимані"


def test_a_slug_of_two_languages_is_answered_in_the_one_asked_for(
    client: Client, make_liveblog: Make, post: Make
) -> None:
    pages = {code: make_liveblog("Storm", locale=code, slug="storm") for code in ("en", "uk")}
    for code, page in pages.items():
        post(page, f"Entry {code}")

    assert changes(client, pages["en"])["results"][0]["headline"] == "Entry uk"
    for code, page in pages.items():
        assert changes(client, page, locale=code)["results"][0]["headline"] == f"Entry {code}"


@pytest.mark.parametrize(
    "parameters",
    [
        *[{"since": wrong} for wrong in ("-1", "x", "٣", "1" * 30, "")],
        *[{"limit": wrong} for wrong in ("0", "201", "ten")],
        {"locale": "fr"},
        {"before": "1"},
    ],
)
def test_a_wrong_parameter_is_named(client: Client, liveblog: Any, parameters: dict[str, str]) -> None:
    document = problem(client, f"/x/liveblog/{liveblog.slug}/entries/", 400, **parameters)

    assert [each["field"] for each in document["errors"]] == list(parameters)


@pytest.mark.parametrize("count", [1, 20])
def test_changes_take_the_same_queries_however_many_there_are(
    client: Client, liveblog: Any, post: Make, django_assert_num_queries: Any, count: int
) -> None:
    article = make_article()
    for number in range(count):
        post(
            liveblog,
            f"Запис {number}",
            author=make_author(),
            image=make_image(),
            text=f'<p><a linktype="page" id="{article.pk}">ще</a></p>',
        )

    with django_assert_num_queries(6):
        assert len(changes(client, liveblog)["results"]) == count


def test_an_unchanged_answer_is_not_sent_twice(client: Client, liveblog: Any, post: Make) -> None:
    post(liveblog, "Запис")
    address = f"/api/v1/x/liveblog/{liveblog.slug}/entries/"
    first = client.get(address)

    assert f"page-{liveblog.pk}" in first["Cache-Tag"]
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    post(liveblog, "Ще запис")
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_structured_data_is_a_live_blog_posting(client: Client, liveblog: Any, post: Make) -> None:
    from plugins.liveblog import services
    from plugins.liveblog.models import State

    services.move(liveblog.pk, State.LIVE, by=None)
    entry = post(
        liveblog, text="<p>Перший &amp; головний</p><ul><li>раз</li></ul>", author=make_author("Тарас Лозовий")
    )
    document = shown(client, liveblog)["json_ld"]

    assert (document["@context"], document["@type"]) == ("https://schema.org", "LiveBlogPosting")
    assert document["headline"] == liveblog.title
    assert document["coverageStartTime"] == shown(client, liveblog)["started_at"]
    assert "coverageEndTime" not in document
    (update,) = document["liveBlogUpdate"]
    assert update["@type"] == "BlogPosting"
    assert update["url"] == update["@id"] == f"{liveblog.public_url}#entry-{entry.pk}"
    assert update["articleBody"] == "Перший & головний раз"
    assert update["headline"] and update["datePublished"].endswith("Z")
    assert update["author"] == {"@type": "Person", "name": "Тарас Лозовий"}
    services.move(liveblog.pk, State.CLOSED, by=None)
    assert shown(client, liveblog)["json_ld"]["coverageEndTime"]


def test_a_teaser_says_whether_it_is_live(client: Client, liveblog: Any) -> None:
    from plugins.liveblog import services
    from plugins.liveblog.models import State

    services.move(liveblog.pk, State.LIVE, by=None)

    assert api(client, "/content/", type="liveblog")["results"][0]["state"] == "live"


def test_a_copy_and_a_translation_begin_without_entries(client: Client, liveblog: Any, post: Make) -> None:
    from plugins.liveblog.models import LiveEntry
    from tests.support.content import locale_of

    post(liveblog, "Запис")
    copy = liveblog.copy(update_attrs={"slug": "kopiia", "title": "Копія"})
    translation = liveblog.copy_for_translation(locale_of("en"))
    translation.save_revision().publish()

    assert shown(client, copy)["entries"] == []
    assert shown(client, translation)["state"] == "not_started"
    assert LiveEntry.objects.count() == 1


def test_another_name_of_an_author_reaches_old_entries(client: Client, liveblog: Any, post: Make) -> None:
    from plugins.liveblog import tasks  # noqa: F401  (a worker has loaded it)
    from workers import outbox

    author = make_author("Ніна Коваль")
    post(liveblog, "Запис", author=author)
    author.name = "Ніна Коваленко"
    author.save()
    while outbox.drain():
        pass

    assert shown(client, liveblog)["entries"][0]["author"]["name"] == "Ніна Коваленко"
    (again,) = changes(client, liveblog, since=1)["results"]
    assert (again["change"], again["author"]["name"]) == (2, "Ніна Коваленко")


def test_a_deleted_image_leaves_its_entries(client: Client, liveblog: Any, post: Make) -> None:
    from plugins.liveblog import services, tasks  # noqa: F401  (a worker has loaded them)
    from plugins.liveblog.models import LiveEntry
    from workers import outbox

    image = make_image()
    entries = [post(liveblog, headline, image=image) for headline in ("Перший", "Другий", "Відкликаний")]
    post(liveblog, "Без світлини")
    services.withdraw(entries[2].pk, by=None)
    assert shown(client, liveblog)["entries"][1]["image"]
    image.delete()
    while outbox.drain():
        pass

    document = shown(client, liveblog)
    assert [entry["image"] for entry in document["entries"]] == [None] * 3
    heard = changes(client, liveblog, since=5)["results"]
    assert [(each["change"], each["headline"], each["image"]) for each in heard] == [
        (6, "Перший", None),
        (7, "Другий", None),
    ]
    assert document["last_change"] == 7
    assert LiveEntry.objects.get(pk=entries[0].pk).edition == 1, "no colleague's correction is refused for it"


@pytest.mark.parametrize(("count", "text"), [(51, "Коротко"), (2, "Довго " * 4000)])
def test_who_has_missed_too_much_polls_first(client: Client, liveblog: Any, post: Make, count: int, text: str) -> None:
    from plugins.liveblog.hub import hub

    for number in range(count):
        post(liveblog, f"Запис {number}", text=f"<p>{text}</p>")

    refused = client.get(f"/api/v1/x/liveblog/{liveblog.slug}/stream/", headers={"Accept": "text/event-stream"})
    assert (refused.status_code, refused["Retry-After"]) == (503, "10")
    assert "entries/" in refused.json()["detail"]
    assert hub.followers == 0


def test_the_schema_describes_it(client: Client) -> None:
    schema = json.loads(client.get("/api/v1/schema/", headers={"Accept": "application/json"}).content)

    stream = schema["paths"]["/api/v1/x/liveblog/{slug}/stream/"]["get"]
    assert set(stream["responses"]) == {"200", "204", "400", "401", "403", "404", "429", "500", "503"}
    assert "text/event-stream" in stream["responses"]["200"]["content"]
    answer = schema["paths"]["/api/v1/x/liveblog/{slug}/entries/"]["get"]["responses"]["200"]
    name = answer["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
    assert {"results", "last_change", "state", "poll_after", "more"} <= set(
        schema["components"]["schemas"][name]["properties"]
    )
    assert "state" in schema["components"]["schemas"]["LiveBlogDetail"]["properties"]


@pytest.mark.django_db(transaction=True)
def test_a_connection_is_given_back_without_the_limit_of_the_reader() -> None:
    from plugins.liveblog.stream import give_back_connection

    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 77")
    raw: Any = connection.connection

    give_back_connection()

    assert raw.closed or raw.execute("SHOW statement_timeout").fetchone()[0] != "77ms"
