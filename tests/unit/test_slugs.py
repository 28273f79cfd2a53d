"""Slugs, by the examples of the resolution itself where there are some. The browser tests read the same table."""

import random

import pytest

from cms.content.slugs import MAX_LENGTH, slugify, unique_slug

#: (text, locale, slug). Most Ukrainian names are the examples that resolution 55-2010 prints.
CASES = [
    ("проєкт", "uk", "proiekt"),
    ("Алушта Андрій", "uk", "alushta-andrii"),
    ("Борщагівка Борисенко", "uk", "borshchahivka-borysenko"),
    ("Вінниця Володимир", "uk", "vinnytsia-volodymyr"),
    ("Гадяч Богдан Згурський", "uk", "hadiach-bohdan-zghurskyi"),
    ("Ґалаґан Ґорґани", "uk", "galagan-gorgany"),
    ("Донецьк Дмитро", "uk", "donetsk-dmytro"),
    ("Рівне Олег Есмань", "uk", "rivne-oleh-esman"),
    ("Єнакієве Гаєвич Короп’є", "uk", "yenakiieve-haievych-koropie"),
    ("Житомир Жанна Жежелів", "uk", "zhytomyr-zhanna-zhezheliv"),
    ("Закарпаття Казимирчук", "uk", "zakarpattia-kazymyrchuk"),
    ("Медвин Михайленко", "uk", "medvyn-mykhailenko"),
    ("Їжакевич Кадиївка Мар’їне", "uk", "yizhakevych-kadyivka-marine"),
    ("Йосипівка Стрий Олексій", "uk", "yosypivka-stryi-oleksii"),
    ("Харків Біла Церква Чернівці", "uk", "kharkiv-bila-tserkva-chernivtsi"),
    ("Шостка Гоща Гаращенко", "uk", "shostka-hoshcha-harashchenko"),
    ("Юрій Корюківка", "uk", "yurii-koriukivka"),
    ("Яготин Ярошенко Костянтин Знам’янка Феодосія", "uk", "yahotyn-yaroshenko-kostiantyn-znamianka-feodosiia"),
    ("Згорани Розгон", "uk", "zghorany-rozghon"),
    ("З'їзд з’їзд зʼїзд з`їзд", "uk", "zizd-zizd-zizd-zizd"),
    ("'яблуко' «Юність» (їжа) 5-й", "uk", "yabluko-yunist-yizha-5-y"),
    ("За́мок і замо́к", "uk", "zamok-i-zamok"),
    ("Й и\u0306 ї i\u0308", "uk", "y-y-yi-i"),
    ("Мэр сказал: «Ёлка»", "uk", "mer-skazal-yolka"),
    ("COVID-19: що далі?", "uk", "covid-19-shcho-dali"),
    ("Киев просит Азербайджан о помощи", "ru", "kiev-prosit-azerbaydzhan-o-pomoshchi"),
    ("Объект, подъезд, соловьёв", "ru", "obekt-podezd-solovev"),
    ("Ёлка елка", "ru", "elka-elka"),
    ("Щука, цирк, чай, шум, эхо, юг, яма, быстрый", "ru", "shchuka-tsirk-chay-shum-ekho-yug-yama-bystryy"),
    ("Збройні сили Їжак Ґудзик", "ru", "zbroyni-sili-yizhak-gudzik"),
    ("Café Łódź Straße Øresund œuvre", "en", "cafe-lodz-strasse-oresund-oeuvre"),
    ("O'Brien's “plan”: 50% of №5", "en", "obriens-plan-50-of-no5"),
    ("Kyiv — проєкт", "en", "kyiv-proiekt"),
    ("Fish & chips / ½ price", "en-gb", "fish-chips-1-2-price"),
    ("Это Мариуполь", "en", "eto-mariupol"),
    ("İstanbul ﬁne Ｆull", "en", "istanbul-fine-full"),
    ("under_score  --- tab\tline\n", "en", "under-score-tab-line"),
    ("მსოფლიო", "en", "page"),
    ("«…»", "uk", "page"),
    ("слово " * 30, "uk", "-".join(["slovo"] * 13)),
    ("щ" * 60, "uk", ("shch" * 20)),
]


@pytest.mark.parametrize(("text", "locale", "slug"), CASES)
def test_slug(text, locale, slug):
    assert slugify(text, locale) == slug


def test_is_never_empty_and_takes_the_fallback_asked_for():
    assert slugify("", "uk") == "page"
    assert slugify("???", "uk", fallback="tag") == "tag"


def test_is_cut_between_words():
    text = "один два три чотири п'ять"
    assert slugify(text, "uk", max_length=12) == "odyn-dva-try"
    assert slugify(text, "uk", max_length=13) == "odyn-dva-try"
    assert slugify(text, "uk", max_length=11) == "odyn-dva"


def test_a_slug_is_its_own_slug_whatever_the_text():
    alphabet = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюяёъыэ abcXYZ 019 -_'’«»—…\u0301éßłΩ漢🙂"
    random_ = random.Random(55)
    for _ in range(2000):
        text = "".join(random_.choices(alphabet, k=random_.randrange(120)))
        for locale in ("uk", "ru", "en"):
            slug = slugify(text, locale)
            assert 0 < len(slug) <= MAX_LENGTH
            assert slug.isascii() and slug == slug.lower() and not slug.startswith("-") and not slug.endswith("-")
            assert "--" not in slug and all(letter.isalnum() or letter == "-" for letter in slug)
            assert slugify(slug, locale) == slug


def test_unique_slug_counts_from_two():
    taken = {"novyna", "novyna-2"}
    assert unique_slug("novyna", taken.__contains__) == "novyna-3"
    assert unique_slug("inshe", taken.__contains__) == "inshe"
