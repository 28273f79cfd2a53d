"""Editions: what the message shows, who may send it, and when it is refused."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from lxml import html as lxml_html

from cms.content.models import OutboxEvent
from cms.newsletters import services
from cms.newsletters.models import Delivery, Dispatch, Newsletter
from cms.newsletters.rendering import render_edition, render_note
from tests.support.content import make_editor
from tests.support.newsletters import add_readers, make_article, make_edition, make_newsletter

pytestmark = pytest.mark.django_db
NASTY = """<script>alert("1")</script> & 'q' {{ 7 }} </mj-text> ]]> <!-- x"""


@pytest.fixture
def newsletter() -> Newsletter:
    return make_newsletter()


def test_both_forms_show_what_is_published_in_the_editors_order(newsletter: Newsletter) -> None:
    first, second = make_article("Перша новина", lede="Лід першої…"), make_article("Друга новина", lede="Лід другої…")
    draft = make_article("Таємна чернетка", live=False)
    edition = make_edition(
        newsletter,
        (
            "paragraph",
            '<p>Вітаємо на <a href="https://example.org/?a=1&amp;b=2">сайті</a>!</p><ul><li>раз</li><li>два</li></ul>',
        ),
        ("heading", {"text": "Головне", "level": "2"}),
        ("teasers", {"heading": "Новини", "pages": [second.pk, draft.pk, first.pk]}),
        ("divider", None),
        lede="Коротко про тиждень.",
    )
    message = render_edition(edition)
    for form in (message.html, message.text):
        assert form.index("Друга новина") < form.index("Перша новина")
        assert "Таємна" not in form
        assert "Лід першої…" in form
        assert first.public_url in form
        assert "Коротко про тиждень." in form
        assert edition.public_url in form
        assert "Вебверсія" in form
        assert newsletter.name in form or newsletter.name.upper() in form
    assert "сайті (https://example.org/?a=1&b=2)" in message.text
    assert "• раз\n• два" in message.text
    assert max(len(line) for line in message.text.splitlines() if "http" not in line) <= 72
    assert "<" not in message.text


def test_an_unpublished_teaser_leaves_no_trace(newsletter: Newsletter) -> None:
    article = make_article("Новина")
    edition = make_edition(newsletter, ("teasers", {"heading": "Лише це", "pages": [article.pk]}))
    article.unpublish()
    message = render_edition(edition)
    assert "Новина" not in message.html + message.text
    assert "Лише це" not in message.html + message.text


def test_nothing_an_editor_writes_becomes_markup(newsletter: Newsletter) -> None:
    Newsletter.objects.update(imprint=NASTY, name="A <b> & B")
    newsletter.refresh_from_db()
    article = make_article(f"H {NASTY}", lede=NASTY, slug="nasty")
    edition = make_edition(
        newsletter,
        ("paragraph", f"<p>{NASTY}</p><p onclick='x'>ok</p>"),
        ("heading", {"text": NASTY, "level": "2"}),
        ("teasers", {"heading": NASTY, "pages": [article.pk]}),
        title=f"T {NASTY}",
        lede=NASTY,
        preheader=NASTY,
        slug="nasty-edition",
    )
    message = render_edition(edition)
    document = lxml_html.fromstring(message.html)
    assert not document.xpath("//script")
    assert not document.xpath("//@onclick")
    assert "onclick" not in message.html
    assert document.xpath("//h1")[0].text_content() == f"T {NASTY}"
    assert f"H {NASTY}" in document.xpath("//h3")[0].text_content()


def test_the_message_loads_nothing_from_the_network_but_images(newsletter: Newsletter) -> None:
    message = render_edition(make_edition(newsletter))
    document = lxml_html.fromstring(message.html)
    assert not document.xpath("//link|//script|//iframe|//@background")
    assert "@import" not in message.html
    assert "url(" not in message.html
    assert all(image.get("alt") is not None for image in document.xpath("//img"))
    assert "mj-" not in "".join(element.tag for element in document.iter() if isinstance(element.tag, str))


@pytest.mark.parametrize(("locale", "word"), [("uk", "Відписатися"), ("ru", "Отписаться"), ("en", "Unsubscribe")])
def test_the_frame_speaks_the_newsletters_language(locale: str, word: str) -> None:
    message = render_edition(make_edition(make_newsletter(locale)))
    assert word in message.html
    assert word in message.text
    assert f'lang="{locale}"' in message.html


def test_a_donation_call_without_a_campaign_is_left_out(newsletter: Newsletter) -> None:
    edition = make_edition(newsletter, ("donation_call", {"text": "Підтримайте нас", "button": "", "campaign": None}))
    assert "Підтримайте нас" not in render_edition(edition).html


def test_a_note_has_one_thing_to_do(newsletter: Newsletter) -> None:
    note = render_note(
        newsletter, "en", subject="S", lines=["Lead", "Hint"], action="Do it", url="https://example.org/x/"
    )
    assert "Do it:\nhttps://example.org/x/" in note.text
    assert note.html.count("https://example.org/x/") >= 2
    assert "[[" not in note.html + note.text


def test_an_edition_is_of_its_newsletters_language(newsletter: Newsletter) -> None:
    edition = make_edition(newsletter)
    edition.newsletter = make_newsletter("en")
    with pytest.raises(ValidationError, match="розсилка іншої мови"):
        edition.full_clean()


def test_previews_show_the_message(newsletter: Newsletter, rf: Any) -> None:
    edition = make_edition(newsletter, live=False)
    request = rf.get("/")
    request.user = make_editor()
    assert "Добрий ранок" in edition.serve_preview(request, "mail").text
    text = edition.serve_preview(request, "text")
    assert text["Content-Type"].startswith("text/plain")
    assert "Добрий ранок" in text.text
    assert edition.serve_preview(request, "").status_code == 302


def test_what_is_sent_is_frozen(newsletter: Newsletter) -> None:
    add_readers(newsletter, 2)
    edition = make_edition(newsletter)
    dispatch = services.schedule_dispatch(edition)
    assert OutboxEvent.objects.filter(name="edition.dispatched", payload={"dispatch": dispatch.pk}).exists()
    services.start_due_dispatches()
    edition.title = "Інша тема"
    edition.save_revision().publish()
    dispatch.refresh_from_db()
    assert dispatch.subject == "Що змінилося за тиждень"
    assert "Інша тема" not in dispatch.html
    assert dispatch.revision_id is not None
    assert services.start_due_dispatches() == []
    assert dispatch.deliveries.count() == 2


def test_an_edition_is_sent_once(newsletter: Newsletter) -> None:
    add_readers(newsletter, 1)
    edition = make_edition(newsletter)
    dispatch = services.schedule_dispatch(edition)
    with pytest.raises(services.DispatchRefused, match="надсилають один раз"):
        services.schedule_dispatch(edition)
    with pytest.raises(IntegrityError), transaction.atomic():
        Dispatch.objects.create(edition=edition, newsletter=newsletter, subject="x")
    services.cancel_dispatch(dispatch.pk)
    assert services.schedule_dispatch(edition).pk != dispatch.pk


def test_what_can_not_be_sent_is_refused_with_a_sentence(newsletter: Newsletter) -> None:
    edition = make_edition(newsletter, live=False)
    with pytest.raises(services.DispatchRefused, match="не опубліковано"):
        services.schedule_dispatch(edition)
    edition.save_revision().publish()
    with pytest.raises(services.DispatchRefused, match="ще ніхто не підписаний"):
        services.schedule_dispatch(edition)
    add_readers(newsletter, 1)
    edition.content = []
    edition.save_revision().publish()
    with pytest.raises(services.DispatchRefused, match="порожній"):
        services.schedule_dispatch(edition)
    assert not Dispatch.objects.exists()


def test_a_schedule_waits_and_an_unpublished_edition_is_not_sent(newsletter: Newsletter) -> None:
    add_readers(newsletter, 1)
    edition = make_edition(newsletter)
    dispatch = services.schedule_dispatch(edition, timezone.now() + timedelta(hours=1))
    assert services.start_due_dispatches() == []
    edition.unpublish()
    Dispatch.objects.update(scheduled_at=timezone.now())
    assert services.start_due_dispatches() == []
    dispatch.refresh_from_db()
    assert dispatch.state == "cancelled"
    assert dispatch.note


def test_the_database_refuses_states_that_make_no_sense(newsletter: Newsletter) -> None:
    add_readers(newsletter, 1)
    dispatch = services.schedule_dispatch(make_edition(newsletter))
    services.start_due_dispatches()
    for change in ({"state": "sent"}, {"state": "scheduled"}, {"html": ""}, {"finished_at": timezone.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Dispatch.objects.filter(pk=dispatch.pk).update(**change)
    for change in ({"state": "claimed"}, {"state": "sent"}, {"claimed_by": 1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Delivery.objects.update(**change)
