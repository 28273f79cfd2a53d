"""What is due is published or taken down, whatever else is due and can't be: a plugin that is gone holds up nobody."""

import logging
from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from wagtail.models import Page, Revision

from cms.content import scheduling
from cms.content.models import ArticlePage
from cms.registry import states
from cms.registry.models import PluginFault
from tests.support.content import front_of, make_article

pytestmark = pytest.mark.django_db
EARLIER = timedelta(minutes=2)


@pytest.fixture(autouse=True)
def _nothing_said() -> None:
    scheduling._say_once.cache_clear()


def due(page: Page, *, ago: timedelta = timedelta(minutes=1)) -> Page:
    """Make this draft one whose moment to be published has come."""
    page.go_live_at = timezone.now() - ago
    page.save_revision(approved_go_live_at=page.go_live_at)
    return page


def expired(page: Page, *, ago: timedelta = timedelta(minutes=1)) -> Page:
    Page.objects.filter(pk=page.pk).update(expire_at=timezone.now() - ago)
    return page


def left_behind(page: Page) -> Page:
    """As a page is whose plugin was taken out of OSTRIV_PLUGINS."""
    gone = ContentType.objects.get_or_create(app_label="wharf", model="tidepage")[0]
    Page.objects.filter(pk=page.pk).update(content_type=gone)
    Revision.objects.for_instance(page).update(content_type=gone)
    return page


def fact_check(title: str) -> Page:
    from plugins.factcheck.models import FactCheckPage

    page = FactCheckPage(title=title, live=False, claim="Порт закрито", claimant="Мер", verdict="false")
    front_of().add_child(instance=page)
    return page


def is_live(page: Page) -> bool:
    return Page.objects.get(pk=page.pk).live


def is_due(page: Page) -> bool:
    return Revision.objects.for_instance(page).filter(approved_go_live_at__isnull=False).exists()


def test_pages_of_a_plugin_that_is_not_loaded_wait_and_hold_up_no_other(caplog: pytest.LogCaptureFixture) -> None:
    waiting = left_behind(due(make_article("Приплив", live=False), ago=EARLIER))
    over = left_behind(expired(make_article("Відплив"), ago=EARLIER))
    news, old = due(make_article("Новина", live=False)), expired(make_article("Стара"))

    with caplog.at_level(logging.WARNING):
        assert scheduling.run_due() == 2
        assert scheduling.run_due() == 0

    assert is_live(news) and not is_live(old)
    assert is_due(waiting) and not is_live(waiting) and is_live(over)
    assert [record.message for record in caplog.records if "wharf.tidepage" in record.message] == [
        "Something of the type wharf.tidepage is due; it waits for the plugin of this type, which is not loaded"
    ]


def test_they_are_published_when_their_plugin_is_back() -> None:
    page = left_behind(due(make_article("Приплив", live=False)))
    assert scheduling.run_due() == 0

    article = ContentType.objects.get_for_model(ArticlePage)
    Page.objects.filter(pk=page.pk).update(content_type=article)
    Revision.objects.for_instance(page).update(content_type=article)

    assert scheduling.run_due() == 1
    assert is_live(page)


@pytest.mark.plugin("factcheck")
def test_a_page_that_fails_is_a_fault_of_its_plugin(monkeypatch: pytest.MonkeyPatch) -> None:
    from plugins.factcheck.models import FactCheckPage

    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("no verdict today")

    failing, news = due(fact_check("Про порт"), ago=EARLIER), due(make_article("Новина", live=False))
    monkeypatch.setattr(FactCheckPage, "full_clean", fail)
    monkeypatch.setattr(FactCheckPage, "save", fail)

    assert scheduling.run_due() == 1

    assert is_live(news) and is_due(failing)
    fault = PluginFault.objects.get(label="factcheck")
    assert fault.hook == f"scheduled change of factcheck.FactCheckPage {failing.pk}"
    assert fault.error == "RuntimeError: no verdict today"


@pytest.mark.plugin("factcheck")
@pytest.mark.parametrize("stop", [states.deactivate, states.rest], ids=["switched off", "resting"])
def test_pages_of_a_plugin_that_does_not_run_wait_until_it_does(stop: object) -> None:
    waiting = due(fact_check("Про порт"))
    stop("factcheck")

    assert scheduling.run_due() == 0
    assert is_due(waiting)

    states.activate("factcheck")
    assert scheduling.run_due() == 1
    assert is_live(waiting)
