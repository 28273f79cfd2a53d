"""The demo newsroom: what is written and drawn for it, and what loading it leaves in an empty database."""

import gc
import json
import re
import stat
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import authenticate, get_user_model
from django.core.cache import cache
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone
from PIL import Image, ImageChops, ImageStat
from wagtail.models import Page

from api.models import Publication
from cms.campaigns.models import CampaignPage, LedgerEntry
from cms.content.models import ArticlePage, Author, ContentPage, FrontPage, NewsroomImage, Section, TeaserPage
from cms.demo import pictures, texts
from cms.demo.loader import load
from cms.newsletters.models import Dispatch, EditionPage, Subscription

# Wagtail leaves the temporary files of renditions to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.Spooled:ResourceWarning")

ITEMS = [item for code in texts.LOCALES for item in texts.articles(code)]
ARTICLES = [item for item in ITEMS if item["type"] == "article"]


def words_of(item: dict) -> list[str]:
    return re.sub(r"<[^>]+>", " ", item["body_html"]).split()


# --- what is written ----------------------------------------------------------------------------------------------


def test_the_newsroom_is_as_large_as_promised() -> None:
    assert len(ARTICLES) >= 24
    assert {item["locale"] for item in ARTICLES} == set(texts.LOCALES)
    assert len(texts.read("sections")) == 5
    assert len(texts.read("authors")) == 6
    assert sum(item["type"] == "teaser" for item in ITEMS) >= 5
    assert any("translation_of" in item for item in ARTICLES)
    assert len({item["id"] for item in ITEMS}) == len(ITEMS)


@pytest.mark.parametrize("item", ARTICLES, ids=lambda item: item["id"])
def test_an_article_is_whole(item: dict) -> None:
    sections = {section[item["locale"]]["slug"] for section in texts.read("sections")}
    authors = {author[item["locale"]]["name"] for author in texts.read("authors")}
    assert item["section"]["slug"] in sections
    assert item["authors"]
    assert set(item["authors"]) <= authors
    assert item["lede"]
    assert 120 <= len(words_of(item)) <= 450
    assert "<blockquote>" in item["body_html"]
    assert not re.search(r"lorem|ipsum|TODO|\?\?\?", json.dumps(item), re.IGNORECASE)


@pytest.mark.parametrize(("locale", "foreign"), [("uk", "ыэёъЫЭЁЪ"), ("ru", "іїєґІЇЄҐ"), ("en", "")])
def test_each_language_keeps_to_its_letters_and_marks(locale: str, foreign: str) -> None:
    for item in texts.articles(locale):
        text = " ".join([item["headline"], item["lede"], *(words_of(item) if "body_html" in item else [])])
        assert not set(text) & set(foreign), item["id"]
        assert "'" not in text, f"{item['id']}: a typewriter's apostrophe"
        assert '"' not in text, f"{item['id']}: a typewriter's quotation mark"
        if locale == "en":
            assert not re.search("[а-яіїєґ]", text, re.IGNORECASE), item["id"]


def test_references_between_items_hold() -> None:
    known = {item["id"]: item for item in ITEMS}
    for item in ITEMS:
        if "translation_of" in item:
            original = known[item["translation_of"]]
            assert original["locale"] != item["locale"]
            assert "translation_of" not in original
        if "target" in item:
            assert known[item["target"]]["locale"] == item["locale"]
    newsroom = texts.read("newsroom")
    assert set(newsroom["additions"]) <= set(known)
    assert {slot["id"] for slots in newsroom["front"].values() for slot in slots} <= set(known)


def test_the_call_for_donations_speaks_all_languages() -> None:
    for code in texts.LOCALES:
        words = texts.read("newsroom")["texts"][code]
        assert words["donation_headline"]
        assert words["donation_text"]
        assert words["donation_button"]


# --- what is drawn ------------------------------------------------------------------------------------------------


def test_pictures_are_drawn_distinct_and_the_same_each_time(tmp_path: Path) -> None:
    paths = pictures.draw_all(tmp_path)
    small = {}
    for path in paths:
        with Image.open(path) as image:
            assert image.size in {(1600, 1000), (600, 600)}
            small[path.name] = image.convert("RGB").resize((48, 48))
            # A flat surface would be a drawing that failed.
            assert max(ImageStat.Stat(small[path.name]).stddev) > 15
        assert path.stat().st_size < 600_000
    names = sorted(small)
    for number, one in enumerate(names):
        for other in names[number + 1 :]:
            difference = ImageStat.Stat(ImageChops.difference(small[one], small[other])).mean
            assert sum(difference) > 15, f"{one} and {other} look the same"
    again = pictures.draw("harvest.jpg", tmp_path / "..")
    assert again.read_bytes() == (tmp_path / "harvest.jpg").read_bytes()


def test_every_picture_has_words_in_each_language() -> None:
    assert set(texts.read("pictures")["alt"]) == set(pictures.PICTURES)
    assert {item["image"]["path"] for item in ITEMS if "image" in item} <= set(pictures.PICTURES)
    for name in pictures.PICTURES:
        assert len({texts.alt(name, code) for code in texts.LOCALES}) >= 2
        assert all(texts.alt(name, code) and texts.credit(code) for code in texts.LOCALES)


# --- what is loaded -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[list[str]]:
    """The demo, loaded once for the tests below and rolled back after them. What the loader said."""
    said: list[str] = []
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        cache.clear()
        assert load(said.append)
        gc.collect()
        yield said
        transaction.set_rollback(True)
    cache.clear()


def counts() -> Counter[str]:
    models = [Page, ContentPage, NewsroomImage, Section, Author, LedgerEntry, Subscription, Dispatch, Publication]
    return Counter({model.__name__: model.objects.count() for model in [*models, get_user_model()]})


def test_all_items_go_in_with_section_authors_and_translations(demo: list[str]) -> None:
    assert ArticlePage.objects.count() == len(ARTICLES)
    assert not ArticlePage.objects.filter(section=None).exists()
    assert not ArticlePage.objects.filter(bylines=None).exists()
    assert Section.objects.count() == 3 * 5
    assert Author.objects.exclude(photo=None).count() == 3 * 6
    for item in ARTICLES:
        if "translation_of" in item:
            page, original = (ContentPage.objects.get(import_id=item[key]) for key in ("id", "translation_of"))
            assert page.translation_key == original.translation_key
    opened = TeaserPage.objects.exclude(target_page=None).count() + TeaserPage.objects.exclude(target_url="").count()
    assert opened == TeaserPage.objects.count() == len(ITEMS) - len(ARTICLES)
    for name in (section["uk"]["slug"] for section in texts.read("sections")):
        section = Section.objects.get(slug=name, locale__language_code="uk")
        assert section.get_translations().count() == 2


def test_the_news_is_new_and_the_archive_is_old(demo: list[str]) -> None:
    times = sorted(ArticlePage.objects.values_list("published_at", flat=True))
    now = timezone.now()
    assert now - timedelta(hours=1) < times[-1] < now
    assert times[0].year == 2007


def test_loading_twice_changes_nothing(demo: list[str]) -> None:
    before = counts()
    said = StringIO()
    call_command("load_demo", stdout=said)
    assert "Nothing was changed" in said.getvalue()
    assert counts() == before


def test_everything_live_is_published(demo: list[str]) -> None:
    live = ContentPage.objects.live().count()
    assert Publication.objects.filter(page__in=ContentPage.objects.live()).count() == live
    assert not Publication.objects.filter(page__in=ContentPage.objects.not_live()).exists()


@pytest.mark.parametrize("locale", texts.LOCALES)
def test_the_front_page_is_curated(demo: list[str], locale: str) -> None:
    chosen = texts.read("newsroom")["front"][locale]
    front = FrontPage.objects.get(slug=locale)
    assert [slot.page.import_id for slot in front.slots.order_by("sort_order")] == [slot["id"] for slot in chosen]
    answer = Client().get("/api/v1/front/", {"locale": locale})
    assert answer.status_code == 200
    slots = answer.json()["slots"]
    assert len(slots) == len(chosen)
    assert slots[0]["slot"]["size"] == "lead"
    for shown, slot in zip(slots, chosen, strict=True):
        if "headline" in slot:
            assert shown["headline"] == slot["headline"]


def test_the_campaign_is_running_with_donations(demo: list[str]) -> None:
    pages = CampaignPage.objects.live()
    assert sorted(page.locale.language_code for page in pages) == sorted(texts.LOCALES)
    (campaign,) = {page.campaign for page in pages}
    gifts = texts.read("campaign")["gifts"]
    assert campaign.state == "running"
    assert campaign.progress.raised == sum(gift["amount"] for gift in gifts)
    assert campaign.progress.donors == len(gifts)
    assert 20 < campaign.progress.percent < 90


@pytest.mark.parametrize("locale", texts.LOCALES)
def test_a_newsletter_has_a_dispatched_and_a_draft_edition(demo: list[str], locale: str) -> None:
    editions = EditionPage.objects.filter(locale__language_code=locale)
    assert sorted(editions.values_list("live", flat=True)) == [False, True]
    dispatch = Dispatch.objects.get(edition=editions.get(live=True))
    assert dispatch.state == Dispatch.State.SCHEDULED
    confirmed = Subscription.objects.filter(newsletter=dispatch.newsletter, state=Subscription.State.CONFIRMED)
    assert confirmed.count() == len(texts.read("newsletters")[locale]["subscribers"])


def test_logins_are_kept_from_others_and_work(demo: list[str]) -> None:
    path = Path(settings.DATA_DIR) / "demo-logins.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    logins = json.loads(path.read_text())
    assert [login["username"] for login in logins] == ["editor", "marketing", "admin"]
    for login in logins:
        user = authenticate(username=login["username"], password=login["password"])
        assert user is not None
        assert list(user.groups.values_list("name", flat=True)) == (
            [] if login["group"] == "superuser" else [login["group"]]
        )
    assert not any(login["password"] in line for login in logins for line in demo)


def test_enabled_plugins_bring_their_items(demo: list[str]) -> None:
    for plugin in settings.OSTRIV_PLUGINS:
        package = __import__(plugin.package, fromlist=["__path__"])
        for file in (Path(folder) / "demo.jsonl" for folder in package.__path__):
            if file.is_file():
                ids = [item["id"] for item in texts.read_lines(file)]
                assert ContentPage.objects.live().filter(import_id__in=ids).count() == len(ids)
