"""Imports into a real database: what arrives, what is refused and why, and what Wagtail finds afterwards."""

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone
from PIL import Image
from wagtail.models import Page, PageLogEntry, ReferenceIndex, Revision

from api.publications.models import Publication
from cms.content.importing import ImportReport, ImportRunningError, Problem, import_items, import_lines
from cms.content.importing import service as import_service
from cms.content.importing.lock import only_import
from cms.content.importing.reading import MAX_LINE_BYTES, lines_of, read_objects
from cms.content.models import ArticlePage, Author, ContentPage, NewsroomImage, OutboxEvent, Section, Tag, TeaserPage

pytestmark = pytest.mark.django_db


def item(import_id="a-1", **fields):
    return {
        "id": import_id,
        "locale": "uk",
        "headline": "Проєкт мосту",
        "published_at": "2024-03-05T10:00:00+02:00",
        "body_html": "<p>Перше речення.</p><p>Друге речення.</p>",
    } | fields


def load(*items, **options) -> ImportReport:
    return import_items(items, **options)


def page_of(import_id="a-1"):
    return ContentPage.objects.get(import_id=import_id).specific


def reasons(report):
    return [(problem.field, problem.reason) for problem in report.problems]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Image.new("RGB", (64, 48), "navy").save(tmp_path / "bridge.jpg")
    (tmp_path / "plan.pdf").write_bytes(b"%PDF-1.4 plan")
    (tmp_path / "note.jpg").write_text("no picture")
    Image.new("RGB", (4, 4)).save(tmp_path / "really.png", format="GIF")
    return tmp_path


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
    assert reasons(report) == [("target", "there is no item 'nowhere', here or in the file")]
    assert TeaserPage.objects.filter(import_id__startswith="t-").count() == 2
    assert load(item("t-1", type="teaser", target="a-1")).unchanged == 1


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


# --- what is refused ---


@pytest.mark.parametrize(
    ("fields", "field", "part"),
    [
        ({"id": None}, "id", "is missing"),
        ({"id": True}, "id", "must be text"),
        ({"id": "x" * 256}, "id", "at most 255"),
        ({"headline": "  "}, "headline", "is missing"),
        ({"headline": ["x"]}, "headline", "must be text, not a list"),
        ({"headline": "x" * 256}, "headline", "at most 255"),
        ({"lede": "x" * 2001}, "lede", "at most 2000"),
        ({"type": "recipe"}, "type", "'recipe' is none of"),
        ({"type": ["article"]}, "type", "is none of"),
        ({"locale": "de"}, "locale", "'de' is none of "),
        ({"published_at": "2024-03-05T10:00:00"}, "published_at", "has no offset"),
        ({"published_at": "5 березня"}, "published_at", "is no time"),
        ({"published_at": "2024-02-31T10:00:00Z"}, "published_at", "day is out of range"),
        ({"published_at": 1709625600}, "published_at", "is no time"),
        ({"published_at": "2199-01-01T00:00:00Z"}, "published_at", "is in the future"),
        ({"section": "Місто"}, "section", "is no slug"),
        ({"section": {"name": "Місто"}}, "section.slug", "is missing"),
        ({"section": 5}, "section", "must be {slug, name}"),
        ({"authors": "Олена"}, "authors", "must be a list"),
        ({"authors": [""]}, "authors[0].name", "is missing"),
        ({"tags": [5]}, "tags[0]", "must be text"),
        ({"source": {"name": "x", "url": "javascript:alert(1)"}}, "source.url", "is no address"),
        ({"slug": "Проєкт"}, "slug", "is no slug"),
        ({"slug": "a--b"}, "slug", "is no slug"),
        ({"live": "no"}, "live", "must be true or false"),
        ({"translation_of": "a-1"}, "translation_of", "is the item's own id"),
        ({"image": {"alt": "x"}}, "image.path", "is missing"),
        ({"image": "../secret.jpg"}, "image.path", "outside the folder"),
        ({"image": "/etc/passwd"}, "image.path", "not given by a path beside"),
        ({"image": "lost.jpg"}, "image.path", "not beside the import file"),
        ({"image": "note.jpg"}, "image.path", "not a readable picture"),
        ({"image": "really.png"}, "image.path", "not what its name says"),
        ({"image": "plan.pdf"}, "image.path", "of a kind that is not shown"),
        ({"image": "link.jpg"}, "image.path", "outside the folder"),
        ({"body_html": "<div>" * 500 + "x"}, "body_html", "nested more than"),
        ({"lede": "half \ud83d"}, "lede", "half a character"),
    ],
)
def test_a_bad_line_names_field_and_reason_and_the_good_ones_go_in(fields, field, part, folder, tmp_path_factory):
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.jpg"
    Image.new("RGB", (8, 8)).save(secret)
    (folder / "link.jpg").symlink_to(secret)
    report = load(item("good-1"), item(**fields), item("good-2", headline="Інше"), base_dir=folder)
    assert (report.created, report.failed) == (2, 1)
    (problem,) = report.problems
    assert (problem.line, problem.field) == (2, field)
    assert part in problem.reason


def test_every_problem_of_a_line_is_told():
    report = load({"id": "a", "locale": "xx", "published_at": "no", "live": 3})
    assert {problem.field for problem in report.problems} == {"headline", "locale", "published_at", "live"}
    assert report.failed == 1


def test_an_image_that_is_too_large_is_refused(folder, monkeypatch):
    monkeypatch.setattr("cms.content.importing.files.MAX_IMAGE_BYTES", 100)
    assert "larger than" in load(item(image="bridge.jpg"), base_dir=folder).problems[0].reason


def test_unknown_fields_are_named_and_the_line_goes_in():
    report = load(item(headlines="?", rubric=1), item("a-2", rubric=2))
    assert report.created == 2
    assert {name: tally.count for name, tally in report.unknown_fields.items()} == {"headlines": 1, "rubric": 2}


def test_an_id_twice_in_a_file_counts_once(monkeypatch):
    monkeypatch.setattr(import_service, "BATCH", 2)
    report = load(item("a"), item("b"), item("a", headline="Інше"), item("c"), item("c"))
    assert [(problem.line, problem.reason) for problem in report.problems] == [
        (3, "is the id of line 1 already"),
        (5, "is the id of line 4 already"),
    ]
    assert page_of("a").title == "Проєкт мосту"


def test_type_and_language_of_an_item_do_not_change():
    load(item())
    report = load(item(type="teaser"))
    report2 = load(item(locale="en"))
    assert [problem.field for problem in report.problems + report2.problems] == ["type", "locale"]


def test_lines_that_are_no_objects():
    good = json.dumps(item()).encode()
    lines = [b"\xef\xbb\xbf" + good, b"", b"{", b"[1]", b"\xff\xfe", b'{"id": NaN}', b"[" * 100_000, b"null"]
    report = import_lines([line + b"\n" for line in lines], None)
    assert report.created == 1
    told = {problem.line: problem.reason for problem in report.problems}
    assert set(told) == {3, 4, 5, 6, 7, 8}
    assert told[3].startswith("not JSON") and "each line is one" in told[4] and "not UTF-8: byte 1" in told[5]


def test_a_line_too_long_is_one_bad_line(tmp_path):
    path = tmp_path / "long.jsonl"
    path.write_bytes(b'{"x": "' + b"x" * (2 * MAX_LINE_BYTES + 5) + b'"}\n{"id": 1}\n')
    with path.open("rb") as file:
        found = list(read_objects(lines_of(file)))
    assert found == [(1, Problem(1, "", "", "longer than 8 MB")), (2, {"id": 1})]


def test_an_error_of_the_database_fails_its_line_only(monkeypatch):
    original = import_service.Writer.write

    def refuse_one(self, new, existing):
        original(self, new, existing)
        if any(prepared.item.id == "bad" for prepared in new):
            ContentPage.objects.filter(import_id="bad").update(source_name="x" * 300)

    monkeypatch.setattr(import_service.Writer, "write", refuse_one)
    report = load(item("a", section="misto"), item("bad"), item("b", section="misto"))
    assert report.created == 2 and [problem.id for problem in report.problems] == ["bad"]
    assert report.problems[0].reason.startswith("the database refused it: value too long")
    assert report.made["sections"] == 1 and Section.objects.filter(slug="misto").count() == 1


def test_the_report_fits_a_screen():
    report = load(*[item(f"x-{n}", headline="", **{f"field{n}": 1}) for n in range(300)])
    text = report.as_text()
    assert len(text.splitlines()) < 45
    assert "300 lines were not imported" in text and "line 1 (x-0): headline: is missing" in text
    assert len(report.problems) == 100 and report.problems_total == 300
    json.dumps(report.as_dict())


@pytest.mark.django_db(transaction=True)
def test_only_one_import_at_a_time():
    import threading

    from django.db import connection

    told = []

    def second():
        try:
            load(item())
        except ImportRunningError as error:
            told.append(str(error))
        finally:
            connection.close()

    with only_import():
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
    assert told and "Another import is running" in told[0]
    assert load(item()).created == 1


def test_memory_does_not_grow_with_the_file():
    """50 MB of lines: hundreds of good ones, and then bad ones, so that the reading is measured and not the disk."""
    good = [json.dumps(item(f"m-{n}", body_html=f"<p>{'слово ' * 200}</p>")).encode() + b"\n" for n in range(500)]
    bad = json.dumps(item("bad", headline="", body_html="<p>" + "слово " * 2000 + "</p>")).encode() + b"\n"
    most = 0

    def lines(size):
        nonlocal most
        yield from good
        for number in range(size // len(bad)):
            if number % 20 == 0:
                most = max(most, _resident())
            yield b"%d %s" % (number, bad) if number % 2 else bad

    import_lines(lines(5_000_000), None)
    base = _resident()
    report = import_lines(lines(50_000_000), None)
    assert report.unchanged == 500 and report.failed > 500
    assert most - base < 16_000_000, f"{most - base:,} bytes more"


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def test_times_in_the_last_minutes_are_no_future():
    moment = (timezone.now() + timedelta(minutes=2)).isoformat()
    assert load(item(published_at=moment)).created == 1


# --- the command ---


def command(capsys, *arguments):
    """Exit code, standard output and standard error of ``ostriv import``."""
    try:
        call_command("import", *map(str, arguments))
        code = 0
    except SystemExit as ended:
        code = ended.code
    said = capsys.readouterr()
    return code, said.out, said.err


def test_exit_codes_and_reports_of_the_command(capsys, tmp_path):
    path = tmp_path / "some.jsonl"
    path.write_text(f"{json.dumps(item('exit-1'))}\nnot json\n")
    code, out, _err = command(capsys, path, "--dry-run")
    assert code == 1 and "a dry run, nothing was changed" in out and "would be created 1" in out
    assert not ContentPage.objects.filter(import_id="exit-1").exists()

    code, out, _err = command(capsys, path)
    assert code == 1 and "created 1" in out and "line 2: not JSON" in out

    path.write_text(json.dumps(item("exit-1")))
    code, out, _err = command(capsys, path, "--json")
    assert (code, json.loads(out)["unchanged"]) == (0, 1)


def test_the_command_says_what_is_wrong_with_its_file(capsys, tmp_path):
    for arguments in (
        [tmp_path / "no-such.jsonl"],
        [tmp_path],
        [tmp_path / "x.jsonl", "--files", tmp_path / "nowhere"],
    ):
        code, out, err = command(capsys, *arguments)
        assert code == 2 and out == ""
        assert len(err.strip().splitlines()) == 1


def test_the_command_reads_standard_input(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(item()).encode())))
    code, out, _err = command(capsys, "-")
    assert code == 0 and "created 1" in out
