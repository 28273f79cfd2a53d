"""Loads the demo newsroom into a database that has no content yet.

All of it happens in one transaction, so there is no half-loaded demo: what was killed begins anew. Articles go
through the importer, every other page through Wagtail's own publish, as an editor's would.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from cms.content.models import ContentPage
from cms.demo.loader import additions, articles, campaign, filing, front, newsletter, newsroom, plugins, users
from cms.demo.loader.studio import Studio

#: PostgreSQL's advisory lock of this loader: two at once would both find the database empty.
_LOCK = 0x0D_E703

Say = Callable[[str], object]


def is_loaded() -> bool:
    """Whether the database has content, the demo's or anybody's. That is the one mark the loader goes by."""
    return bool(ContentPage.objects.exists())


def load(say: Say = print) -> bool:
    """Load the demo newsroom. Returns False, and changes nothing, if there is content already.

    ``say`` gets a line for each step.
    """
    with tempfile.TemporaryDirectory(prefix="ostriv-demo-") as folder, transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        if is_loaded():
            say("There is content already; the demo newsroom is for an empty database. Nothing was changed.")
            return False
        _load(Studio(Path(folder)), say)
    say("The demo newsroom is loaded.")
    return True


def _load(studio: Studio, say: Say) -> None:
    now = timezone.now()
    say("Drawing the pictures")
    studio.draw()
    say("Logins, sections and authors")
    people = users.make()
    filing.make(studio)
    say("Articles in three languages")
    pages = articles.load(studio, now)
    say("A campaign with donations")
    campaigns = campaign.make(studio, now)
    newsroom.make(studio, campaigns)
    additions.add(studio, pages, campaigns, now)
    say("Front pages")
    front.curate(studio, pages)
    say("Newsletters with a sent edition and a draft")
    newsletter.make(pages, campaigns, by=people["editor"])
    for label, count in plugins.load().items():
        say(f"Plugin {label}: {count} items")
