"""The front page by the clock: slots that begin and end, content that is not published yet, pins, nothing twice."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from api.answers.front import front as front_answer
from api.answers.front import front_preview
from api.publications.front import arrange
from cms.content import scheduling
from cms.content.models import ContentPage, FrontPage, FrontPin, FrontSlot, TeaserPage
from tests.support.content import api, at, front_of, make_article, make_editor, make_page, post, restrict

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def arranged(*slots: FrontSlot, pins: tuple[FrontPin, ...] = (), locale: str = "uk") -> FrontPage:
    """Publish a front page with these slots and pins."""
    front = front_of(locale)
    front.slots, front.pins = list(slots), list(pins)
    front.save_revision().publish()
    return front


def translate(page: ContentPage, title: str) -> None:
    """Publish the English of this page."""
    english = page.copy_for_translation(front_of("en").locale, alias=False)
    english.title = title
    english.save_revision().publish()


def slots(client: Client, **parameters: Any) -> list[str]:
    return [each["headline"] for each in api(client, "/front/", **parameters)["slots"]]


def latest(client: Client) -> list[str]:
    return [each["headline"] for each in api(client, "/front/")["latest"]]


# --- by the clock -----------------------------------------------------------------------------------------------


def test_a_slot_stands_between_its_moments(client: Client, now: datetime) -> None:
    over, running, waiting = (make_article(name) for name in ("Ранок", "День", "Вечір"))
    arranged(
        FrontSlot(page=over, shown_from=now - 3 * HOUR, shown_until=now - HOUR, size="lead"),
        FrontSlot(page=running, shown_from=now - HOUR, shown_until=now + HOUR, size="lead"),
        FrontSlot(page=waiting, shown_from=now + HOUR, shown_until=now + 3 * HOUR, size="lead"),
    )

    document = api(client, "/front/")

    assert [each["headline"] for each in document["slots"]] == ["День"]
    assert document["slots"][0]["slot"] == {"position": 1, "size": "lead"}, "the places close up"
    assert {each["headline"] for each in document["latest"]} == {"Ранок", "Вечір"}


def test_a_slot_begins_at_its_very_moment_and_is_gone_at_its_end(now: datetime) -> None:
    teaser = {"id": 1, "url": "https://ostriv.example/1/", "headline": "Новина"}
    entry = {"$ref": 1, "as": "teaser", "with": {"slot": {"size": "lead"}}, "fallback": None}
    document = {"slots": [{**entry, "from": "2026-10-25T01:30:00Z", "until": "2026-10-25T02:00:00Z"}], "pins": []}

    def shown(moment: str) -> tuple[int, datetime | None, datetime | None]:
        arrangement = arrange(document, {1: teaser}, at(moment))
        return len(arrangement.slots), arrangement.since, arrangement.until

    begins, ends = at("2026-10-25T01:30:00Z"), at("2026-10-25T02:00:00Z")
    assert shown("2026-10-25T01:29:59.999999Z") == (0, None, begins)
    assert shown("2026-10-25T01:30:00Z") == (1, begins, ends)
    assert shown("2026-10-25T01:59:59.999999Z") == (1, begins, ends)
    assert shown("2026-10-25T02:00:00Z") == (0, ends, None)


def test_an_answer_says_until_when_it_holds(rf: Any, now: datetime) -> None:
    first, second = make_article("Перша"), make_article("Друга")
    arranged(
        FrontSlot(page=first, shown_from=now - HOUR, shown_until=now + 3 * HOUR),
        FrontSlot(page=second, shown_from=now + 2 * HOUR),
        pins=(FrontPin(page=second, shown_from=now - 2 * HOUR, shown_until=now + HOUR),),
    )

    answer = front_answer(rf.get("/").GET)

    assert (answer.since, answer.until) == (now - HOUR, now + HOUR)
    assert set(answer.tags) == {"front", "content", f"page-{front_of().pk}"}


def test_no_slot_ends_before_it_begins(now: datetime) -> None:
    page, front = make_article(), front_of()
    for model, fields in ((FrontSlot, {}), (FrontPin, {"position": 1})):
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.create(front=front, page=page, shown_from=now, shown_until=now, **fields)
    for place in (0, 21):
        with pytest.raises(IntegrityError), transaction.atomic():
            FrontPin.objects.create(front=front, page=page, shown_until=now, position=place)


# --- content that is not public yet -----------------------------------------------------------------------------


def test_an_article_takes_its_slot_when_it_is_published(client: Client, now: datetime) -> None:
    waiting, stand_in, next_ = make_article("Розслідування", live=False), make_article("Заміна"), make_article("Друга")
    arranged(FrontSlot(page=waiting, fallback=stand_in, size="lead", headline="Головне"), FrontSlot(page=next_))
    assert slots(client) == ["Заміна", "Друга"]
    assert api(client, "/front/")["slots"][0]["slot"] == {"position": 1, "size": "lead"}
    waiting.go_live_at = now - HOUR
    waiting.save_revision(approved_go_live_at=now - HOUR)

    scheduling.run_due()

    assert slots(client) == ["Головне", "Друга"]
    assert latest(client) == ["Заміна"], "who stood in is among the newest again"


def test_without_a_stand_in_the_next_moves_up(client: Client) -> None:
    waiting, next_ = make_article("Розслідування", live=False), make_article("Друга")
    arranged(FrontSlot(page=waiting, size="lead"), FrontSlot(page=next_))

    document = api(client, "/front/")

    assert [(each["headline"], each["slot"]["position"]) for each in document["slots"]] == [("Друга", 1)]


def test_a_stand_in_that_readers_may_not_see_stands_nowhere(client: Client) -> None:
    waiting, secret = make_article("Розслідування", live=False), make_article("Закрита")
    restrict(secret)
    arranged(FrontSlot(page=waiting, fallback=secret))

    assert slots(client) == latest(client) == []


# --- nothing twice ----------------------------------------------------------------------------------------------


def test_what_stands_in_a_slot_stands_nowhere_else(client: Client, now: datetime) -> None:
    page, other = make_article("Новина"), make_article("Інша")
    pin = FrontPin(page=page, shown_until=now + HOUR)
    arranged(FrontSlot(page=page, headline="Перше слово"), FrontSlot(page=page, headline="Друге"), pins=(pin,))

    assert (slots(client), latest(client)) == (["Перше слово"], ["Інша"])
    assert other.title in latest(client)


def test_a_teaser_and_what_it_opens_stand_once(client: Client) -> None:
    page = make_article("Розслідування")
    make_page(TeaserPage, "Читайте: розслідування", target_page=page)
    make_page(TeaserPage, "І ще раз", target_page=page)
    arranged(FrontSlot(page=page))
    assert (slots(client), latest(client)) == (["Розслідування"], [])

    arranged()

    assert latest(client) == ["І ще раз"], "without a slot the newest of them stands for all"


def test_two_teasers_to_the_same_address_elsewhere_stand_once(client: Client) -> None:
    first, _second = (make_page(TeaserPage, name, target_url="https://example.org/zvit/") for name in ("А", "Б"))
    arranged(FrontSlot(page=first))

    assert (slots(client), latest(client)) == (["А"], [])


def test_a_stand_in_that_stands_above_is_not_shown_again(client: Client) -> None:
    page, waiting = make_article("Новина"), make_article("Чекає", live=False)
    arranged(FrontSlot(page=page), FrontSlot(page=waiting, fallback=page))

    assert slots(client) == ["Новина"]


def test_the_list_is_full_whatever_stands_in_slots(client: Client) -> None:
    pages = [make_article(f"№{n:02}") for n in range(30)]
    arranged(*[FrontSlot(page=page) for page in pages[-8:]])

    assert latest(client) == [f"№{n:02}" for n in range(21, 1, -1)]


# --- pins -------------------------------------------------------------------------------------------------------


def test_a_pin_keeps_its_place_among_the_newest(client: Client, now: datetime) -> None:
    old = make_article("Як допомогти", published_at=now - 100 * HOUR)
    for n in range(4):
        make_article(f"№{n}")
    until = now + HOUR
    arranged(pins=(FrontPin(page=old, position=3, shown_until=until),))

    document = api(client, "/front/")

    assert [each["headline"] for each in document["latest"]] == ["№3", "№2", "Як допомогти", "№1", "№0"]
    pin = document["latest"][2]["pin"]
    assert (pin["position"], at(pin["until"])) == (3, until)
    assert all("pin" not in each for n, each in enumerate(document["latest"]) if n != 2)


def test_a_pin_that_is_over_or_waits_holds_nothing(client: Client, now: datetime) -> None:
    old = make_article("Давня", published_at=now - 100 * HOUR)
    new = make_article("Нова")
    arranged(
        pins=(
            FrontPin(page=old, position=1, shown_until=now - HOUR),
            FrontPin(page=old, position=1, shown_from=now + HOUR, shown_until=now + 2 * HOUR),
        )
    )

    assert latest(client) == [new.title, "Давня"]


def test_pins_of_one_place_stand_behind_each_other(client: Client, now: datetime) -> None:
    first, second = (make_article(name, published_at=now - 100 * HOUR) for name in ("Перша", "Друга"))
    make_article("Нова")
    arranged(pins=tuple(FrontPin(page=page, position=1, shown_until=now + HOUR) for page in (first, second)))

    assert latest(client) == ["Перша", "Друга", "Нова"]


def test_a_pin_may_wait_for_its_publication(client: Client, now: datetime) -> None:
    page = make_article("Чекає", live=False)
    make_article("Нова")
    arranged(pins=(FrontPin(page=page, position=2, shown_until=now + HOUR),))
    assert latest(client) == ["Нова"]

    page.published_at = now - HOUR
    page.save_revision().publish()

    assert latest(client) == ["Нова", "Чекає"]


# --- languages, readers, editors --------------------------------------------------------------------------------


def test_a_front_page_shows_what_is_in_its_language(client: Client) -> None:
    page, lonely = make_article("Новина"), make_article("Лише українською")
    translate(page, "News")

    arranged(FrontSlot(page=page), FrontSlot(page=lonely, fallback=page), locale="en")

    assert slots(client, locale="en") == ["News"]


def test_a_translation_takes_its_slot_however_late_it_is_made(client: Client, now: datetime) -> None:
    page, lonely, pinned = make_article("Новина"), make_article("Лише українською"), make_article("Важливе")
    instead = make_article("Instead", locale="en")
    make_article("Newest", locale="en")
    pin = FrontPin(page=pinned, position=2, shown_until=now + HOUR)
    front = arranged(FrontSlot(page=page, fallback=instead), FrontSlot(page=lonely), pins=(pin,), locale="en")

    def headlines(teasers: Any) -> list[str]:
        return [each["headline"] for each in teasers]

    def shown() -> tuple[list[str], list[str]]:
        published, draft = api(client, "/front/", locale="en"), front_preview(front)
        assert (draft["slots"], draft["latest"]) == (published["slots"], published["latest"])
        return headlines(published["slots"]), headlines(published["latest"])

    assert shown() == (["Instead"], ["Newest"])

    translate(page, "News")

    assert shown() == (["News"], ["Newest", "Instead"])

    translate(pinned, "Important")

    assert shown() == (["News"], ["Newest", "Important", "Instead"])


def test_a_front_page_is_two_queries_whatever_waits_there(client: Client, now: datetime) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            api(client, "/front/")
        return len(captured)

    arranged(FrontSlot(page=make_article()))
    one = queries()
    arranged(
        *[FrontSlot(page=make_article(), fallback=make_article(live=False), shown_from=now) for _n in range(15)],
        pins=tuple(FrontPin(page=make_article(), position=n, shown_until=now + HOUR) for n in range(1, 10)),
    )

    assert queries() == one == 2


@pytest.fixture
def editor() -> Iterator[Client]:
    browser = Client()
    browser.force_login(make_editor())
    return browser


def form_of_front(front: FrontPage, *rows: dict[str, Any], pins: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    empty = {"size": "standard", "headline": "", "lede": "", "image": "", "fallback": "", "shown_from": ""}
    return nested_form_data(
        {
            "title": front.title,
            "slug": front.slug,
            "slots": inline_formset([{**empty, "shown_until": "", **row} for row in rows]),
            "pins": inline_formset([{"position": "1", "shown_from": "", **pin} for pin in pins]),
            "comments": inline_formset([]),
            "seo_title": "",
            "search_description": "",
            "action-publish": "on",
        }
    )


def test_an_editor_arranges_the_front_page(client: Client, editor: Client) -> None:
    page, waiting, pinned = make_article("Новина"), make_article("Чекає", live=False), make_article("Важливе")
    front = front_of()
    rows = [
        {"page": waiting.pk, "fallback": page.pk, "size": "lead"},
        {"page": pinned.pk, "shown_from": "2026-10-25 03:30", "shown_until": "2026-10-25 04:30"},
    ]
    pins = ({"page": pinned.pk, "shown_until": "2090-01-01 00:00"},)

    post(editor, "wagtailadmin_pages:edit", front.pk, data=form_of_front(front, *rows, pins=pins))

    assert (slots(client), latest(client)) == (["Новина"], ["Важливе"])
    timed = FrontSlot.objects.get(page=pinned)
    assert timed.shown_from == at("2026-10-25T00:30:00Z"), "the first of the two"


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"shown_from": "2026-11-02 10:00", "shown_until": "2026-11-02 10:00"}, "shown_until"),
        ({"shown_from": "2026-03-29 03:30"}, "shown_from"),
        ({"page": "foreign"}, "page"),
    ],
)
def test_what_can_not_stand_is_refused_at_its_field(editor: Client, row: dict[str, Any], field: str) -> None:
    front = front_of()
    page = make_article("English", locale="en") if row.get("page") else make_article("Новина")

    response = editor.post(
        reverse("wagtailadmin_pages:edit", args=[front.pk]), form_of_front(front, {**row, "page": page.pk})
    )

    assert response.status_code == 200
    assert response.context["form"].formsets["slots"].errors[0][field]
    assert not FrontSlot.objects.exists()


def test_an_editor_sees_what_runs_waits_and_is_over(editor: Client, now: datetime) -> None:
    page, draft = make_article("Новина"), make_article("Чернетка", live=False)
    front = arranged(
        FrontSlot(page=page, shown_until=now + HOUR),
        FrontSlot(page=page, shown_from=now + HOUR),
        FrontSlot(page=page, shown_until=now - HOUR),
        FrontSlot(page=draft, fallback=page),
    )

    html = editor.get(reverse("wagtailadmin_pages:edit", args=[front.pk]), headers={"accept-language": "en"})

    said = [html.content.decode().count(f">{word}</span>") for word in ("Running", "Waiting", "Over")]
    assert said == [1, 2, 1]


def test_what_a_slot_has_not_is_folded_away(editor: Client, now: datetime) -> None:
    page = make_article("Новина")
    front = arranged(FrontSlot(page=page, headline="Головне"), FrontSlot(page=page, shown_until=now + HOUR))

    html = editor.get(reverse("wagtailadmin_pages:edit", args=[front.pk])).content.decode()

    folds = [part.split(">", 1)[0] for part in html.split("<details")[1:]]
    assert [" open" in fold for fold in folds[:4]] == [True, False, False, True]
