"""The editor's form of every type: it opens, saves what it shows, and keeps nobody out."""

from typing import Any

import pytest
from django.test import Client

from cms.content.models import ArticlePage
from ostriv.testing import accessibility, axe, newsroom, pages
from ostriv.testing.subjects import ContentType, for_each_type

#: What is wrong in the forms of an article: found once in a run.
_of_an_article: set[str] = set()
_by_browser: dict[str, str] = {}

__all__ = ["test_a_browser_finds_the_form_accessible", "test_the_form_is_accessible"]


@for_each_type
def test_the_form_is_accessible(kind: ContentType, editor: Client) -> None:
    """An article's form is the measure: what Wagtail itself leaves open is no fault of the plugin."""
    if not _of_an_article:
        _of_an_article.update(accessibility_of_forms(editor, ArticlePage))

    found = accessibility_of_forms(editor, kind.model) - _of_an_article

    assert not found, (
        f"The form of a {kind.name} keeps people out: {'; '.join(sorted(found))}. Give fields a verbose_name, buttons "
        "and links words, pictures an alt."
    )


def accessibility_of_forms(editor: Client, model: Any) -> set[str]:
    """The problems of the form of a new page and of one that is there."""
    page = pages.build(model)
    opts = model._meta
    addresses = (
        f"/admin/pages/add/{opts.app_label}/{opts.model_name}/{page.get_parent().pk}/",
        f"/admin/pages/{page.pk}/edit/",
    )
    found: set[str] = set()
    for address in addresses:
        response = editor.get(address)
        assert response.status_code == 200, f"The form at {address} answered {response.status_code}."
        found |= accessibility.problems(response.content.decode())
    return found


@for_each_type
@pytest.mark.django_db(transaction=True)
def test_a_browser_finds_the_form_accessible(kind: ContentType, browser: Any) -> None:
    pytest.importorskip("axe_playwright_python", reason="axe is not installed (pip install axe-playwright-python)")
    session = Client()
    session.force_login(newsroom.make_editor())

    with axe.site() as site:
        look = axe.Look(browser, site, session.cookies["sessionid"].value)
        known = _baseline(look)
        page = pages.build(kind.model)
        found = look.violations(f"/admin/pages/{page.pk}/edit/")

    new = {rule: where for rule, where in found.items() if rule not in known}
    assert not new, f"axe finds what an article's form has not, in the form of a {kind.name}: " + "; ".join(
        f"{rule}: {where}" for rule, where in sorted(new.items())
    )


def _baseline(look: axe.Look) -> dict[str, str]:
    """What axe finds in an article's form, looked at once in a run."""
    if not _by_browser:
        article = pages.build(ArticlePage)
        _by_browser.update({"looked": "yes", **look.violations(f"/admin/pages/{article.pk}/edit/")})
    return _by_browser
