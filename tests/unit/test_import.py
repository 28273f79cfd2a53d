"""Imports into a real database: what arrives, what Wagtail finds afterwards, and what a second import does."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from PIL import Image
from wagtail.models import Page, PageLogEntry, ReferenceIndex, Revision

from api.publications.models import Publication
from cms.content.importing import service as import_service
from cms.content.models import ArticlePage, Author, ContentPage, NewsroomImage, OutboxEvent, Section, Tag, TeaserPage
from tests.support.importing import item, load, page_of, put_files, reasons

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return put_files(tmp_path)


# --- what arrives ---


def test_an_article_arrives_whole(folder):
    report = load(
        item(
            lede="Коротко про міст.",
            section={"slug": "misto", "name": "Місто"},
            authors=["Олена Ткач", "Юрій Згурський"],
            tags=["міст", "бюджет"],
            source={"name": "Агенція", "url": "https://agency.example/1"},
            image={"path": "bridge.jpg", "alt": "Міст уночі", "credit": "Фото: М. Їжакевич"},
            body_html='<p>Текст.</p><figure><img src="bridge.jpg"><figcaption>Міст</figcaption></figure>'
            '<p><a href="plan.pdf">План</a></p>',
        ),
        base_dir=folder,
    )
    assert (report.created, report.failed, report.problems) == (1, 0, [])
    page = page_of()
    assert isinstance(page, ArticlePage)
    assert page.slug == "proiekt-mostu"
    assert page.url_path == page.public_path == "/uk/2024/proiekt-mostu/"
    assert page.section.name == "Місто" and page.section.locale.language_code == "uk"
    assert [byline.author.name for byline in page.bylines.all()] == ["Олена Ткач", "Юрій Згурський"]
    assert sorted(tag.name for tag in page.tags.all()) == ["бюджет", "міст"]
    assert (page.image.description, page.image.credit, page.image.width) == ("Міст уночі", "Фото: М. Їжакевич", 64)
    assert page.published_at == page.first_published_at == datetime(2024, 3, 5, 8, tzinfo=UTC)
    assert [block.block_type for block in page.body] == ["paragraph", "image", "paragraph"]
    assert default_storage.exists(page.image.file.name)
    assert 'linktype="document"' in page.body[2].value.source
    publication = Publication.objects.get(pk=page.pk)
    detail = json.loads(publication.detail)
    assert detail["headline"] == "Проєкт мосту" and detail["source"]["name"] == "Агенція"
    assert [author["name"] for author in detail["authors"]] == ["Олена Ткач", "Юрій Згурський"]


def test_the_page_has_the_history_that_an_editor_expects(admin_client):
    load(item(authors=["Олена Ткач"], tags=["міст"]))
    page = page_of()
    assert page.live and not page.has_unpublished_changes
    assert page.latest_revision_id == page.live_revision_id is not None
    revision = page.latest_revision
    # Both through JSON once: times are written the same way then.
    fresh = Revision(content=page.serializable_data())
    encoder = Revision._meta.get_field("content").encoder
    assert _parsed(revision.content) == _parsed(json.loads(json.dumps(fresh.content, cls=encoder)))
    assert revision.as_object().bylines.first().author.name == "Олена Ткач"
    assert PageLogEntry.objects.get(page=page.pk).action == "content.import"
    page.full_clean()
    page.body.stream_block.clean(page.body)
    assert admin_client.get(f"/admin/pages/{page.pk}/edit/").status_code == 200
    assert admin_client.get(f"/admin/pages/{page.pk}/history/").status_code == 200


def _parsed(content):
    return content | {"body": json.loads(content["body"])}


def test_tree_indexes_and_search_are_what_wagtail_would_have_made(folder):
    load(*[item(f"a-{n}", authors=["Олена Ткач"], section="misto", tags=["міст"]) for n in range(30)], base_dir=folder)
    load(
        item("picture", image="bridge.jpg", body_html='<p><a href="https://a.example">х</a></p><img src="bridge.jpg">'),
        base_dir=folder,
    )
    load(*[item(f"a-{n}", headline="Рядок Їжакевича", section="inshe", authors=[]) for n in range(0, 30, 2)])
    assert Page.find_problems() == ([], [], [], [], [])
    parent = page_of().get_parent()
    assert parent.numchild == parent.get_children().count() == 31
    columns = ("base_content_type", "content_type", "object_id", "to_content_type", "to_object_id", "model_path")
    columns += ("content_path", "content_path_hash")
    before = set(ReferenceIndex.objects.values_list(*columns))
    for page in ContentPage.objects.filter(import_id__isnull=False):
        ReferenceIndex.create_or_update_for_object(page.specific)
    assert set(ReferenceIndex.objects.values_list(*columns)) == before
    assert ArticlePage.objects.search("Їжакевича").count() == 15
    assert Page.objects.search("мосту").count() == 16


def test_editors_publish_beside_an_import():
    load(item())
    parent = page_of().get_parent()
    added = parent.add_child(instance=ArticlePage(title="Дописано тут", slug="dopysano", locale=parent.locale))
    load(item("a-2", headline="Ще одне"))
    assert Page.find_problems() == ([], [], [], [], [])
    assert added.path < page_of("a-2").path


def test_one_outbox_row_for_each_page():
    OutboxEvent.objects.all().delete()
    load(item(), item("a-2", headline="Друге"), item("a-3", headline="Чернетка", live=False))
    events = OutboxEvent.objects.filter(name="content.published")
    assert {event.payload["page"] for event in events} == {page_of("a-1").pk, page_of("a-2").pk}


def test_live_false_is_a_draft():
    load(item(live=False))
    page = page_of()
    assert not page.live and page.has_unpublished_changes and page.live_revision_id is None
    assert page.latest_revision_id and page.first_published_at is None
    assert not Publication.objects.filter(pk=page.pk).exists()


def test_slugs_give_way_to_one_another_and_to_those_asked_for():
    load(item("a-1"), item("a-2"), item("a-3", slug="proiekt-mostu"), item("a-4", published_at="2023-01-01T00:00:00Z"))
    assert page_of("a-3").slug == "proiekt-mostu"
    assert {page_of(f"a-{n}").slug for n in (1, 2, 4)} == {f"proiekt-mostu-{n}" for n in (2, 3, 4)}
    report = load(item("a-5", slug="proiekt-mostu"), item("a-6", slug="new"), item("a-7", slug="new"))
    assert [problem.id for problem in report.problems] == ["a-5", "a-7"]
    assert report.created == 1


def test_sections_and_authors_are_made_once_in_each_language():
    report = load(
        item("a-1", section="mistseve-zhyttia", authors=["Олена Ткач"]),
        item(
            "a-2", section={"slug": "mistseve-zhyttia", "name": "Інша назва"}, authors=["олена ткач", " Олена  Ткач "]
        ),
        item("a-3", locale="ru", section={"slug": "mistseve-zhyttia", "name": "Местная жизнь"}, authors=["Олена Ткач"]),
    )
    assert not report.failed
    assert report.made["sections"] == 2 and report.made["authors"] == 2
    assert report.named_by_slug == ["mistseve-zhyttia (uk)"]
    assert Section.objects.get(locale__language_code="uk", slug="mistseve-zhyttia").name == "Mistseve zhyttia"
    assert Author.objects.filter(slug="olena-tkach").count() == 2
    assert page_of("a-2").bylines.count() == 1


def test_translations_share_a_key_whatever_their_order():
    load(item("ru-1", locale="ru", headline="Проект", translation_of="a-1"), item("a-1"))
    assert page_of("ru-1").get_translations().get().specific == page_of("a-1")
    report = load(item("ru-2", locale="ru", translation_of="a-1"))
    assert report.problems[0].field == "translation_of"


def test_a_teaser_opens_an_item_that_comes_later_in_the_file():
    report = load(
        item("t-1", type="teaser", target="a-1"),
        item("t-2", type="teaser", target_url="https://other.example/x", headline="Деінде"),
        item("t-3", type="teaser", target="nowhere", headline="Нікуди"),
        item("a-1"),
    )
    assert page_of("t-1").target_page.specific == page_of("a-1")
    assert page_of("t-2").target_url == "https://other.example/x"
    assert reasons(report) == [("target", "there is no item 'nowhere' here, and the file brought none")]
    assert TeaserPage.objects.filter(import_id__startswith="t-").count() == 2
    assert load(item("t-1", type="teaser", target="a-1")).unchanged == 1


@pytest.mark.parametrize("size", [1, 2, 200])
def test_items_that_refer_to_one_another_come_in_any_order(monkeypatch, size):
    monkeypatch.setattr(import_service, "BATCH", size)
    items = [item(f"t-{n}", type="teaser", target=f"t-{n + 1}", headline=f"Тизер {n}") for n in range(5)]
    items.append(item("t-5", headline="Стаття"))
    circle = [item("c-1", type="teaser", target="c-2"), item("c-2", type="teaser", target="c-1")]
    dry = load(*items, *circle, dry_run=True)
    report = load(*items, *circle)
    assert (report.created, reasons(report)) == (dry.created, reasons(dry))
    assert report.created == 6
    assert [problem.id for problem in report.problems] == ["c-1", "c-2"]
    assert [page_of(f"t-{n}").target_page.import_id for n in range(5)] == [f"t-{n}" for n in range(1, 6)]


def test_items_wait_for_the_end_of_the_file_and_not_in_any_number(monkeypatch):
    monkeypatch.setattr(import_service, "BATCH", 2)
    monkeypatch.setattr(import_service, "MAX_WAITING", 1)
    report = load(
        item("t-1", type="teaser", target="a-1"),
        item("t-2", type="teaser", target="a-1", headline="Друге"),
        item("a-1"),
    )
    assert report.created == 2
    assert reasons(report) == [("target", "has not come before this line, and too many others wait for theirs")]


def test_fields_of_a_type_of_its_own(monkeypatch):
    """As a plugin's type has them: columns, and a list that editors fill row by row."""
    monkeypatch.setattr(ArticlePage, "import_fields", ["corrections", "search_description"])
    rows = [{"made_at": "2024-03-06T09:00:00+02:00", "text": "<p>Рік.</p>"}, {"text": "<p>Ім'я.</p>"}]
    report = load(
        item(corrections=rows, search_description="Для пошуку"),
        item("a-2", corrections=[{"made_at": "2024-03-06T09:00:00", "text": "x"}]),
        item("a-3", corrections=[{"texts": "x"}]),
        item("a-4", corrections="x"),
    )
    page = page_of()
    assert [row.text for row in page.corrections.all()] == ["<p>Рік.</p>", "<p>Ім'я.</p>"]
    assert page.search_description == "Для пошуку"
    assert page.latest_revision.as_object().corrections.count() == 2
    fields = [problem.field for problem in report.problems]
    assert fields == ["corrections[0].made_at", "corrections[0].texts", "corrections"]
    load(item(corrections=rows[1:], search_description="Інше"))
    assert [row.text for row in page_of().corrections.all()] == ["<p>Ім'я.</p>"]


# --- again ---


def test_a_second_import_changes_nothing():
    items = [item("a-1", authors=["Олена Ткач"]), item("a-2", tags=["міст"])]
    load(*items)
    before = list(Page.objects.order_by("pk").values()), Revision.objects.count(), OutboxEvent.objects.count()
    report = load(*items)
    assert (report.unchanged, report.written) == (2, 0)
    assert before == (list(Page.objects.order_by("pk").values()), Revision.objects.count(), OutboxEvent.objects.count())


def test_a_changed_line_becomes_a_new_revision():
    load(item(authors=["Олена Ткач"], tags=["міст"]))
    first = page_of()
    report = load(item(headline="Нова назва", lede="Лід", authors=["Юрій Згурський"], tags=["бюджет"]))
    assert (report.updated, report.created) == (1, 0)
    page = page_of()
    assert (page.pk, page.slug, page.title, page.lede) == (first.pk, first.slug, "Нова назва", "Лід")
    assert [byline.author.name for byline in page.bylines.all()] == ["Юрій Згурський"]
    assert [tag.name for tag in page.tags.all()] == ["бюджет"]
    assert page.revisions.count() == 2 and page.live_revision_id == page.latest_revision_id
    assert page.first_published_at == first.first_published_at and page.last_published_at > first.last_published_at
    assert json.loads(Publication.objects.get(pk=page.pk).detail)["headline"] == "Нова назва"


def test_corrections_made_here_survive_an_import_that_overwrites():
    load(item())
    page = page_of()
    page.corrections.create(text="<p>Виправлено рік.</p>")
    page.save_revision().publish()
    load(item(lede="Інший лід"), overwrite=True)
    page = page_of()
    assert page.corrections.count() == 1
    assert page.latest_revision.as_object().corrections.get().text == "<p>Виправлено рік.</p>"


def test_what_was_edited_here_is_kept_unless_asked_otherwise():
    load(item("edited"), item("withdrawn"), item("locked"), item("untouched"))
    edited = page_of("edited")
    edited.title = "Слова редактора"
    edited.save_revision().publish()
    page_of("withdrawn").unpublish()
    Page.objects.filter(pk=page_of("locked").pk).update(locked=True)

    changed = [item(name, lede="З джерела") for name in ("edited", "withdrawn", "locked", "untouched")]
    report = load(*changed)
    assert (report.kept, report.updated, report.failed) == (3, 1, 0)
    assert sorted(report.kept_ids) == ["edited", "locked", "withdrawn"]
    assert page_of("edited").title == "Слова редактора" and not page_of("withdrawn").live

    report = load(*changed, overwrite=True)
    assert (report.kept, report.updated, report.unchanged) == (0, 3, 1)
    page = page_of("edited")
    assert (page.title, page.lede) == ("Проєкт мосту", "З джерела")
    assert "Слова редактора" in [revision.content["title"] for revision in page.revisions.all()]
    assert load(*changed).unchanged == 4


def test_an_asked_slug_that_changes_moves_the_page_and_says_so():
    load(item(slug="stara"))
    OutboxEvent.objects.all().delete()
    load(item(slug="nova"))
    page = page_of()
    assert page.url_path == "/uk/2024/nova/"
    assert Publication.objects.get(pk=page.pk).path == "/uk/2024/nova/"
    assert OutboxEvent.objects.filter(name="content.moved").exists()


def test_a_picture_is_stored_once_and_anew_when_its_bytes_change(folder):
    source = item(image="bridge.jpg"), item("a-2", image="bridge.jpg", headline="Друге")
    load(*source, base_dir=folder)
    assert NewsroomImage.objects.count() == 1
    assert load(*source, base_dir=folder).unchanged == 2
    Image.new("RGB", (64, 48), "white").save(folder / "bridge.jpg")
    assert load(*source, base_dir=folder).updated == 2
    assert NewsroomImage.objects.count() == 2


def test_dry_run_changes_nothing_and_says_the_same(folder):
    items = [item(section="misto", authors=["Олена Ткач"], image="bridge.jpg"), item("a-2", headline="")]
    counts = [model.objects.count() for model in (Page, Revision, Section, Author, Tag, NewsroomImage, OutboxEvent)]
    dry = load(*items, base_dir=folder, dry_run=True)
    assert counts == [
        model.objects.count() for model in (Page, Revision, Section, Author, Tag, NewsroomImage, OutboxEvent)
    ]
    real = load(*items, base_dir=folder)
    assert (dry.created, dry.failed, dry.problems) == (real.created, real.failed, real.problems) == (1, 1, dry.problems)
