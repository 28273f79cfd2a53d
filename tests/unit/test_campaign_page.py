"""The built page: made of public documents only, whole at every moment, and served without a database."""

import io
import json
import re
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.utils import timezone
from PIL import Image

from api.campaigns import page_sources
from cms.campaigns import services
from cms.campaigns.models import PageBuild
from cms.campaigns.pages import build, store
from cms.campaigns.pages.card import draw_card, font, wrap
from cms.campaigns.pages.context import collect, keep_together
from cms.campaigns.pages.texts import SCRIPT, TEXTS, donors_text
from tests.support.campaigns import event, make_campaign, make_donation, receive, register_gateway, translate
from workers.tasks.campaigns import build_pages, reconcile_pages


@pytest.fixture(autouse=True)
def gateway(monkeypatch):
    return register_gateway(monkeypatch)


@pytest.fixture
def page(db):
    made = make_campaign(
        slug="tryb", title="Тримаємо <трибуну>: 500 000 ₴ & далі", lede="Лід із «лапками»", thank_you="Обіймаємо"
    )
    reconcile_pages()
    return made


def html(client, slug="tryb", name=""):
    answer = client.get(f"/donate/{slug}/{name}")
    assert answer.status_code == 200
    return answer.content.decode()


def inputs_of(page):
    ((document, figures, campaign),) = [each for each in page_sources() if each[0]["slug"] == page.slug]
    return collect(document, figures, campaign)


def test_the_page_tells_the_story(client, page):
    text = html(client)
    for part in (
        '<html lang="uk">',
        "Тримаємо &lt;трибуну&gt;: 500\u00a0000\u00a0₴ &amp; далі",
        "На що підуть гроші",
        "<b>Тепер</b>",
        "Олена Гнатюк",
        '<th scope="col">Стаття</th>',
        "320 000 ₴",
        "Звітуємо щомісяця",
        "Обіймаємо",
        'name="own_amount"',
        'value="25000" checked',
        f'<meta property="og:image" content="{django_settings.BASE_URL}/donate/tryb/card.png?v=',
        'aria-label="Зібрано: 0\u00a0₴ з 500\u00a0000\u00a0₴"',
    ):
        assert part in text, part
    assert "<script>" not in text
    assert not re.search(r"\sstyle=|\son\w+=", text)
    for name in re.findall(r"assets/(page-\w+\.\w+)", text):
        answer = client.get(f"/donate/tryb/assets/{name}")
        assert answer.status_code == 200
        assert "immutable" in answer["Cache-Control"]


def test_it_is_served_without_a_database(client, page, django_assert_num_queries):
    client.cookies["sessionid"] = "a-session-that-would-have-to-be-looked-up"
    with django_assert_num_queries(0):
        answer = client.get("/donate/tryb/")
        for name in ("card.png", "qr.svg", "qr.png", "progress.json"):
            assert client.get(f"/donate/tryb/{name}").status_code == 200
        assert client.get("/donate/never-was/").status_code == 404
        assert client.get("/donate/tryb/nothing.png").status_code == 404
    assert "stale-if-error" in answer["Cache-Control"]
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert answer["Content-Language"] == "uk"
    again = client.get("/donate/tryb/", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.post("/donate/tryb/").status_code == 405


def test_each_language_has_a_page_and_all_show_one_total(client, page):
    translate(page, "en", title="Keep the tribune", slug="tribune")
    translate(page, "ru", title="Держим трибуну", slug="tribuna")
    services.record_offline(page.campaign.pk, amount=125_000_50, reason="Cash", recorded_by="Olena")
    build_pages(str(page.translation_key))
    for slug, figure, word in (
        ("tryb", "125\u00a0000,50\u00a0₴", "1 людина підтримала"),
        ("tribune", "₴125,000.50", "1 person gave"),
        ("tribuna", "125\u00a0000,50\u00a0₴", "1 человек поддержал"),
    ):
        text = html(client, slug)
        assert figure in text
        assert word in text
        assert text.count('rel="alternate"') == 2
        assert json.loads(html(client, slug, "progress.json"))["raised"] == 125_000_50


def test_names_of_those_who_paid_and_want_to_be_named(client, page):
    for number, (name, anonymous, paid) in enumerate(
        [("Оксана <b>", False, True), ("Таємний", True, True), ("Неоплачений", False, False), ("", False, True)]
    ):
        donation = make_donation(page.campaign, name=name, anonymous=anonymous, message="Не для сторінки")
        if paid:
            receive(event("payment", donation, f"c{number}", 250_00))
    for pk in services.due_events():
        services.apply_event(pk)
    build_pages(str(page.translation_key))
    text = html(client)
    assert "Оксана &lt;b&gt;" in text
    for hidden in ("Таємний", "Неоплачений", "Не для сторінки"):
        assert hidden not in text


def test_a_draft_never_reaches_the_page(client, page):
    page.title = "Секрет редакції"
    page.save_revision()
    make_campaign(slug="embargo", title="Ембарго", live=False)
    scheduled = make_campaign(slug="later", title="Пізніше", live=False)
    scheduled.go_live_at = timezone.now() + timedelta(days=3)
    scheduled.save_revision().publish()
    reconcile_pages()
    assert "Секрет" not in html(client)
    for slug in ("embargo", "later"):
        assert client.get(f"/donate/{slug}/").status_code == 404


def test_unpublished_is_gone_and_published_again_is_back(client, page):
    page.unpublish()
    reconcile_pages()
    answer = client.get("/donate/tryb/")
    assert answer.status_code == 410
    assert "Цю сторінку знято" in answer.content.decode()
    assert client.get("/donate/tryb/card.png").status_code == 410
    page.get_latest_revision().publish()
    reconcile_pages()
    assert "трибуну" in html(client)


def test_a_new_slug_is_followed(client, page):
    page.slug = "nova-tryba"
    page.save_revision().publish()
    reconcile_pages()
    answer = client.get("/donate/tryb/card.png")
    assert (answer.status_code, answer["Location"]) == (301, "/donate/nova-tryba/card.png")
    assert "трибуну" in html(client, "nova-tryba")


def test_nothing_is_built_twice_and_old_versions_go(client, page):
    ((document, figures, campaign),) = list(page_sources())
    assert build.build_page(document, figures, campaign) is False
    for number in range(6):
        changed = {**document, "headline": f"Заголовок {number}"}
        assert build.build_page(changed, figures, campaign) is True
    folders, _files = store.storage().listdir("tryb/versions")
    assert len(folders) == store.KEEP + 1
    assert PageBuild.objects.get(slug="tryb").version == store.current("tryb").version == max(folders)
    assert "Заголовок 5" in html(client)


def test_a_build_that_breaks_leaves_the_old_page(client, page, monkeypatch):
    ((document, figures, campaign),) = list(page_sources())
    right = store._replace

    def full_disk(name, content):
        if name.endswith("qr.png"):
            raise OSError("No space left on device")
        right(name, content)

    monkeypatch.setattr(store, "_replace", full_disk)
    with pytest.raises(OSError, match="No space"):
        build.build_page({**document, "headline": "Нове"}, figures, campaign)
    assert "трибуну" in html(client)


def test_unknown_blocks_are_left_out(client, page):
    ((document, figures, campaign),) = list(page_sources())
    body = [{"id": "1", "type": "quiz", "value": {"secret": "SECRET"}}, *document["body"]]
    build.build_page({**document, "body": body}, figures, campaign)
    assert "SECRET" not in html(client)


@pytest.mark.parametrize(
    ("dates", "word"),
    [({"starts_at": 3}, "Збір почнеться"), ({"ends_at": -1}, "Збір завершено"), ({"ends_at": 9}, "Збір триває до")],
)
def test_the_page_knows_its_time(client, db, dates, word):
    make_campaign(slug="dated", **{name: timezone.now() + timedelta(days=days) for name, days in dates.items()})
    reconcile_pages()
    text = html(client, "dated")
    assert word in text
    assert ("<form" in text) is (dates == {"ends_at": 9})


def test_without_a_way_to_pay_the_page_says_so(client, db, gateway):
    gateway.available = lambda: False
    make_campaign(slug="dry")
    reconcile_pages()
    assert "немає жодного способу оплати" in html(client, "dry")


# --- the share card -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headline",
    ["Так", "Дуже довгий заголовок, що не вміщується " * 6, "Слово" * 60, "Ґанок єднання: її щоденний борщ, 100 000 ₴"],
)
def test_the_share_card(page, headline):
    inputs = inputs_of(page)
    inputs.document["headline"] = headline
    card = Image.open(io.BytesIO(draw_card(inputs)))
    assert card.size == (1200, 630)
    # Margins stay free: nothing runs out of the picture.
    for strip in ((0, 20, 60, 630), (1140, 20, 1200, 630)):
        assert card.crop(strip).getcolors(1) is not None


def test_the_font_has_every_letter():
    missing = bytes(font(40).getmask("\ufffe"))
    for letter in "абвгґдеєжзиіїйклмнопрстуфхцчшщьюяАБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЬЮЯыэъёЫЭЪЁ₴€$«»’—…№":
        assert bytes(font(40).getmask(letter)) != missing, letter


def test_lines_keep_figures_together():
    text = keep_together("Разом 500 000 ₴ на рік")
    assert text == "Разом 500\u00a0000\u00a0₴ на рік"
    assert "500\u00a0000\u00a0₴" in " ".join(wrap(text, font(60), 400))


# --- words ----------------------------------------------------------------------------------------------------


def test_every_language_has_every_word():
    assert TEXTS["uk"].keys() == TEXTS["ru"].keys() == TEXTS["en"].keys()
    assert set(SCRIPT) <= TEXTS["uk"].keys()
    for key, text in TEXTS["uk"].items():
        for language in ("ru", "en"):
            assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", TEXTS[language][key])), key


@pytest.mark.parametrize(
    ("n", "locale", "text"),
    [(0, "uk", "Станьте першими"), (1, "uk", "1 людина підтримала"), (3, "uk", "3 людини підтримали"),
     (11, "uk", "11 людей підтримали"), (21, "ru", "21 человек поддержал"), (12_034, "en", "12,034 people gave")],
)  # fmt: skip
def test_donors_are_counted_in_words(n, locale, text):
    assert donors_text(n, locale) == text


# --- other storages -------------------------------------------------------------------------------------------


class Renaming(Storage):
    """No paths, and a second file of one name gets another name: Django's way where nothing else is set."""

    def __init__(self):
        self.files = {}

    def _open(self, name, mode="rb"):
        if name not in self.files:
            raise FileNotFoundError(name)
        return ContentFile(self.files[name])

    def _save(self, name, content):
        self.files[name] = content.read()
        return name

    def exists(self, name):
        return name in self.files

    def delete(self, name):
        self.files.pop(name, None)

    def listdir(self, path):
        below = [name.removeprefix(f"{path}/") for name in self.files if name.startswith(f"{path}/")]
        return sorted({name.split("/")[0] for name in below if "/" in name}), [n for n in below if "/" not in n]


class Bucket(Renaming):
    """Like S3: a PUT replaces."""

    def get_available_name(self, name, max_length=None):
        return name


def test_a_bucket_will_do(client, page, monkeypatch):
    bucket = Bucket()
    monkeypatch.setattr(store, "storage", lambda: bucket)
    reconcile_pages()
    assert "трибуну" in html(client)
    services.record_offline(page.campaign.pk, amount=100_00, reason="Cash", recorded_by="Olena")
    build_pages(str(page.translation_key))
    assert "100\u00a0₴" in html(client)


def test_a_storage_that_renames_is_refused(page, monkeypatch):
    bucket = Renaming()
    monkeypatch.setattr(store, "storage", lambda: bucket)
    store.point_to("tryb", store.Built())
    with pytest.raises(ImproperlyConfigured, match="overwrite"):
        store.point_to("tryb", store.Built())
