"""Redirects from where public pages were to where they are, made as pages are renamed and moved.

Wagtail's own are made page by page, and of the addresses that its sites would serve; ours are of the paths that
frontends know, of every language and of a whole tree at once. They lead to the page, not to a path: what is moved again
is still found, in one step, and nothing leads in a circle.
"""

from typing import Any

from django.db import connection, transaction
from wagtail.models import Page, Site
from wagtail.signals import page_slug_changed, post_page_move

#: Characters of the path of a redirect, at most: Wagtail's column.
_LONGEST = 255
# What editors made themselves stays. A path at which a page stands now leads nowhere else.
_MAKE = """
INSERT INTO wagtailredirects_redirect (
    old_path, site_id, is_permanent, redirect_page_id, redirect_page_route_path, redirect_link,
    automatically_created, created_at
)
SELECT was.path, %(site)s, true, page.id, '', '', true, now()
FROM wagtailcore_page page
CROSS JOIN LATERAL (SELECT rtrim(%(before)s || substr(page.url_path, length(%(after)s) + 1), '/') AS path) was
WHERE page.path LIKE %(tree)s AND page.live AND length(was.path) BETWEEN 1 AND %(longest)s
    AND page.id IN (SELECT page_ptr_id FROM content_contentpage UNION ALL SELECT page_ptr_id FROM content_frontpage)
ON CONFLICT (old_path, site_id) DO UPDATE
    SET redirect_page_id = excluded.redirect_page_id, redirect_link = '', created_at = excluded.created_at
    WHERE wagtailredirects_redirect.automatically_created
"""
_END = """
DELETE FROM wagtailredirects_redirect redirect USING wagtailcore_page page
WHERE page.path LIKE %(tree)s AND redirect.old_path = rtrim(page.url_path, '/') AND redirect.automatically_created
"""


def connect() -> None:
    """Called once, when the app is ready."""
    page_slug_changed.connect(_renamed, dispatch_uid="content.redirect.slug")
    post_page_move.connect(_moved, dispatch_uid="content.redirect.moved")


def _renamed(instance: Page, instance_before: Page, **kwargs: Any) -> None:
    redirect_tree(instance, instance_before.url_path, instance.url_path)


def _moved(instance: Page, url_path_before: str, url_path_after: str, **kwargs: Any) -> None:
    redirect_tree(instance, url_path_before, url_path_after)


@transaction.atomic
def redirect_tree(page: Page, before: str, after: str) -> None:
    """Lead from the old paths of this page and of all below it to the pages. Two statements, however many there are."""
    site = Site.objects.filter(is_default_site=True).values_list("pk", flat=True).first()
    if site is None or before == after:
        return
    values = {"site": site, "before": before, "after": after, "tree": f"{page.path}%", "longest": _LONGEST}
    with connection.cursor() as cursor:
        cursor.execute(_MAKE, values)
        cursor.execute(_END, values)
