"""What an import refuses and why, what it reads, and what its command says."""

import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from PIL import Image

from cms.content.importing import ImportRunningError, Problem, import_lines
from cms.content.importing import service as import_service
from cms.content.importing.lock import only_import
from cms.content.importing.reading import MAX_LINE_BYTES, lines_of, read_objects
from cms.content.models import ContentPage, Section
from tests.support.importing import item, load, page_of, put_files

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return put_files(tmp_path)


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
        ({"parent": "a-1"}, "parent", "'article' stands below no other item: leave it out"),
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
