"""Whole texts in feeds, where the newsroom wants them."""

import json
from typing import Any

import pytest
from django.test import Client
from lxml import etree

from tests.api.feeds.support import NASTY, NS, atom, json_feed, make_newsroom, rss
from tests.support.content import (
    at,
    body,
    make_article,
    make_author,
    make_document,
    make_folder,
    make_image,
    make_page,
    restrict,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def newsroom(db: None) -> Any:
    return make_newsroom(feeds_full_text=True)


def html(client: Client) -> str:
    """The text of the one item, which all formats have alike."""
    (item,) = rss(client).findall("item")
    (entry,) = atom(client).findall("atom:entry", NS)
    found = item.findtext("content:encoded", namespaces=NS)
    assert entry.find("atom:content", NS).get("type") == "html"
    assert json_feed(client)["items"][0]["content_html"] == entry.findtext("atom:content", namespaces=NS) == found
    return str(found)


def test_a_newsroom_that_wants_it_has_whole_texts_in_its_feeds_and_its_ledes_beside(
    client: Client, newsroom: Any
) -> None:
    make_article("Новина", lede="Підводка", body=body(("paragraph", "<p>Увесь <b>текст</b>.</p>")))

    assert html(client) == "<p>Увесь <b>текст</b>.</p>"
    assert rss(client).findtext("item/description") == "Підводка"
    assert atom(client).findtext("atom:entry/atom:summary", namespaces=NS) == "Підводка"

    newsroom.feeds_full_text = False
    newsroom.save()
    assert rss(client).find("item/content:encoded", NS) is None
    assert atom(client).find("atom:entry/atom:content", NS) is None
    assert json_feed(client)["items"][0]["content_text"] == "Підводка"


def test_an_editor_chooses_it_in_the_settings_of_the_newsroom(admin_client: Client, newsroom: Any) -> None:
    from django.urls import reverse

    page = admin_client.get(
        reverse("wagtailsettings:edit", args=["content", "newsroomsettings", newsroom.site_id])
    ).content.decode()

    assert 'name="feeds_full_text"' in page


def test_every_block_is_shown_as_far_as_readers_programs_can(client: Client) -> None:
    from cms.campaigns.models import CampaignPage

    campaign = make_page(CampaignPage, "Разом", parent=make_folder(), goal=100_00, lede="Збір")
    other = make_article("Інша новина", locale="uk", published_at=at("2020-01-01T00:00:00Z"))
    image = make_image("Міст", description="Міст здалеку", credit="Фото: М. Мур")
    document = make_document("Кошторис")
    blocks = body(
        ("heading", {"text": "Розділ", "level": "3"}),
        ("quote", {"text": "Пливемо.\nДалі.", "attribution": "Олена", "role": "капітанка"}),
        ("image", {"image": image.pk, "caption": "Новий міст", "credit": ""}),
        ("gallery", {"images": [{"image": image.pk, "caption": "", "credit": "Інший"}]}),
        ("embed", {"url": "https://www.youtube.com/watch?v=abc", "title": "Відео"}),
        ("table", {"data": [["Рік", "Сума"], ["2026", "5 < 6"]], "first_row_is_table_header": True}),
        ("document", document.pk),
        ("pullout", {"title": "Довідка", "text": "<p>Слова</p>"}),
        ("donation_call", {"text": "Тримайте нас.", "button": "Підтримати", "campaign": campaign.pk}),
        ("related", {"pages": [other.pk]}),
        ("paragraph", f'<p><a linktype="page" id="{other.pk}">туди</a> <a href="/uk/tut/">сюди</a></p>'),
    )
    page = make_article("Новина", body=blocks)
    other.unpublish()
    other.save_revision().publish()
    found = next(item for item in rss(client).findall("item") if item.findtext("title") == "Новина")

    shown = etree.HTML(found.findtext("content:encoded", namespaces=NS))

    text = " ".join(shown.itertext())
    for words in ("Розділ", "— Олена, капітанка", "Новий міст. Фото: М. Мур", "Інший", "YouTube: Відео", "5 < 6",
                  "Довідка", "Тримайте нас.", "Підтримати", "Інша новина", "Кошторис"):  # fmt: skip
        assert words in text, words
    links = shown.xpath("//a/@href")
    assert all(link.startswith("http") for link in links), links
    other.refresh_from_db()
    assert links.count(other.public_url) == 2 and campaign.public_url in links
    assert page.public_url.split("/uk/")[0] + "/uk/tut/" in links
    assert "https://www.youtube.com/watch?v=abc" in links
    assert [each.get("alt") for each in shown.iter("img")] == ["Міст здалеку"] * 2
    assert all(each.get("src").startswith("http") for each in shown.iter("img"))
    assert shown.xpath("//th/text()") == ["Рік", "Сума"]
    assert not shown.xpath("//iframe | //script | //style | //@style | //@onclick")


def test_the_picture_comes_first_and_the_corrections_last(client: Client) -> None:
    page = make_article(
        "Новина", image=make_image(credit="Архів"), body=body(("paragraph", "<p>Текст</p>")), authors=[make_author()]
    )
    page.corrections.create(made_at=at("2026-01-15T10:00:00+02:00"), text="<p>Мостів <b>два</b>.</p>")
    page.save_revision().publish()

    found = html(client)

    assert found.index("<img") < found.index("Архів") < found.index("<p>Текст</p>") < found.index("Виправлення")
    assert "<b>два</b>" in found[found.index("Виправлення") :] and "2026" in found


def test_a_link_to_what_is_not_public_leaves_its_words(client: Client) -> None:
    secret = make_article("Таємне", slug="taiemne")
    make_article(
        "Новина",
        body=body(
            ("paragraph", f'<p><a linktype="page" id="{secret.pk}">слова</a></p>'), ("related", {"pages": [secret.pk]})
        ),
    )
    restrict(secret)

    assert html(client) == "<p>слова</p>"


@pytest.mark.parametrize(("written", "read"), NASTY)
def test_hostile_words_stay_words(client: Client, written: str, read: str | None) -> None:
    read = " ".join((written if read is None else read).split())
    blocks = body(
        ("heading", {"text": written, "level": "2"}),
        ("quote", {"text": written, "attribution": written, "role": ""}),
        ("table", {"data": [[written]], "table_caption": written}),
        ("pullout", {"title": written, "text": ""}),
    )
    make_article("Новина", body=blocks)

    shown = etree.HTML(html(client))

    said = [" ".join("".join(each.itertext()).split()) for each in shown.xpath("//h2 | //h3 | //caption | //td")]
    assert said == [read] * 4 and " ".join(shown.xpath("string(//blockquote/p)").split()) == read


@pytest.mark.parametrize(
    "hostile",
    [
        '<p onclick="alert(1)">х</p>',
        "<p><a href='javascript:alert(1)'>х</a></p>",
        "<p><a href='http://['>х</a></p>",
        "<p><img src=x onerror=alert(1)>х</p>",
        "<script>alert(1)</script><p>х</p>",
        "<p>х</p></body></html>]]>",
    ],
)
def test_nothing_in_a_text_comes_to_life(client: Client, hostile: str) -> None:
    from api.publications.models import Publication

    page = make_article("Новина", body=body(("paragraph", "<p>х</p>")))
    # Past the cleaning of what is published: a plugin's own field, say.
    detail = json.loads(Publication.objects.get(pk=page.pk).detail)
    detail["body"][0]["value"] = hostile
    Publication.objects.filter(pk=page.pk).update(detail=json.dumps(detail))

    found = html(client)

    assert "alert" not in found or "alert(1)" in "".join(etree.HTML(found).itertext())
    assert not etree.HTML(found).xpath("//@onclick | //@onerror | //script | //a[starts-with(@href, 'java')]")


def test_a_huge_text_leaves_the_feed_readable(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from api.feeds import channels

    monkeypatch.setattr(channels, "MOST_TEXT", 1_000)
    for n in range(3):
        make_article(f"№{n}", lede=f"Підводка {n}", body=body(("paragraph", f"<p>{'слово ' * 100}</p>")))

    items = json_feed(client)["items"]

    assert ["content_html" in item for item in items] == [True, False, False]
    assert [item["summary"] for item in items] == ["Підводка 2", "Підводка 1", "Підводка 0"]


def test_a_document_of_a_shape_of_its_own_costs_no_other_item_its_text(client: Client) -> None:
    from api.publications.models import Publication

    make_article("Ціла", body=body(("paragraph", "<p>Текст</p>")))
    page = make_article("Дивна", lede="Підводка")
    detail = json.loads(Publication.objects.get(pk=page.pk).detail)
    Publication.objects.filter(pk=page.pk).update(
        detail=json.dumps({**detail, "body": [{"type": "quote", "value": 5}]})
    )

    strange, whole = json_feed(client)["items"]

    assert (strange["content_text"], whole["content_html"]) == ("Підводка", "<p>Текст</p>")
