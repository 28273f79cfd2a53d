"""Purging: after it the database is as if the plugin had never been there; until it is done nothing has happened."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from tests.plugins.herbs import Installation, write

pytestmark = pytest.mark.django_db

#: What the newsroom has of its own: an article whose text will be lent a block, with an earlier and a newer version.
BEFORE = """
from django.contrib.auth.models import Group
from tests.support.content import *
article = make_article("Ринок", body=body(("paragraph", "<p>Привіт</p>"), ("heading", {"text": "Ряд", "level": "2"})))
article.title = "Ринок у неділю"
article.save_revision()
fill_front(article)
"""

#: What the plugin brings into it: pages with all that hangs on pages, and blocks in the article and its revisions.
CONTENT = """
import uuid
from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Comment, GroupPagePermission, Revision
from cms.content.models import ArticlePage, ContentRelated
from cms.content.signals import pages_changed
from herbs.models import HerbPage, Shelf, Use
from tests.support.content import *

editor = make_editor()
pages = []
for number in range(3):
    page = make_page(HerbPage, f"Чебрець {number}", smell="різкий", tags=["чай"], live=number < 2)
    page.sheet.save("thyme.txt", ContentFile(b"thyme"), save=True)
    page.uses = [Use(name="настій")]
    page.save_revision(user=editor, log_action=True)
    pages.append(page)
page = pages[0]
make_page(HerbPage, "М’ята", parent=make_folder("Городина"))
Redirect.objects.create(old_path="/thyme", redirect_page=page)
Comment.objects.create(page=page, user=editor, text="?", contentpath="title")
may_change = Permission.objects.get(codename="change_page")
GroupPagePermission.objects.create(group=editor.groups.first(), page=page, permission=may_change)
shelf = Shelf.objects.create(name="Горище")
shelf.herbs.add(page)
Group.objects.get(name="Editors").permissions.add(Permission.objects.get(codename="open_shelf"))

article = ArticlePage.objects.get(slug="rynok")
tip = {"type": "herbs_tip", "value": {"text": "herbs: зривайте зранку"}, "id": str(uuid.uuid4())}
article.body.raw_data.insert(1, tip)
ArticlePage.objects.filter(pk=article.pk).update(body=article.body)
article = ArticlePage.objects.get(pk=article.pk)
for revision in Revision.objects.filter(object_id=str(article.pk)):
    stream = json.loads(revision.content["body"])
    stream.insert(1, tip)
    revision.content["body"] = json.dumps(stream, ensure_ascii=False)
    Revision.objects.filter(pk=revision.pk).update(content=revision.content)
ContentRelated.objects.create(page=article, related=page, sort_order=0)
pages_changed.send(ArticlePage, pages=[article])
ReferenceIndex = __import__("wagtail.models").models.ReferenceIndex
ReferenceIndex.create_or_update_for_object(article)
editor.delete()
"""

ARTICLE = """
SELECT p.body::text, b.title, (SELECT array_agg(r.content::text ORDER BY r.id) FROM wagtailcore_revision r
                               WHERE r.object_id = b.id::text)
FROM content_articlepage a JOIN content_contentpage p ON p.page_ptr_id = a.contentpage_ptr_id
JOIN wagtailcore_page b ON b.id = p.page_ptr_id
WHERE b.slug = 'rynok'
"""


@pytest.fixture(scope="module")
def newsroom_as_it_was(desk: Installation, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    desk.python(BEFORE, with_herbs=False)
    return Installation(tmp_path_factory.mktemp("newsroom"), like=desk)


@pytest.fixture(scope="module")
def newsroom_with_new_herbs(
    desk: Installation, newsroom_as_it_was: Installation, tmp_path_factory: pytest.TempPathFactory
) -> Installation:
    desk.become(newsroom_as_it_was)
    desk.install()
    return Installation(tmp_path_factory.mktemp("new"), like=desk)


@pytest.fixture(scope="module")
def newsroom_with_herbs(
    desk: Installation, newsroom_with_new_herbs: Installation, tmp_path_factory: pytest.TempPathFactory
) -> Installation:
    desk.become(newsroom_with_new_herbs)
    desk.python(CONTENT)
    desk.done("plugin", "disable", "herbs")
    return Installation(tmp_path_factory.mktemp("herbs"), like=desk)


@pytest.fixture
def installed(desk: Installation, newsroom_with_new_herbs: Installation) -> Installation:
    """A newsroom with the plugin, active and without content."""
    desk.become(newsroom_with_new_herbs)
    return desk


@pytest.fixture
def inhabited(desk: Installation, newsroom_with_herbs: Installation) -> Installation:
    """A newsroom in which the plugin has lived, and is switched off."""
    desk.become(newsroom_with_herbs)
    return desk


def numbers_of_children_are_right(newsroom: Installation) -> bool:
    wrong = newsroom.sql(
        "SELECT id FROM wagtailcore_page p WHERE numchild <> (SELECT count(*) FROM wagtailcore_page c"
        " WHERE c.path LIKE p.path || '%%' AND c.depth = p.depth + 1)"
    )
    return wrong == []


def test_nothing_is_left_of_a_plugin_that_had_content_blocks_and_drafts(
    newsroom_as_it_was: Installation, inhabited: Installation
) -> None:
    before, newsroom = newsroom_as_it_was, inhabited
    schema, counts, article = before.schema(), before.counts(), before.sql(ARTICLE)
    assert newsroom.mentions("herbs")["content_contentpage"] >= 1
    assert newsroom.sql("SELECT detail FROM api_publication WHERE detail LIKE '%%зривайте%%'")
    assert newsroom.sql(ARTICLE) != article
    files = list((newsroom.folder / "data" / "media" / "herbs").iterdir())

    said = newsroom.done("plugin", "purge", "herbs", says="herbs\n", from_scratch=True)

    for line in (
        "pages of the type herbpage: 4, 3 of them live",
        "with them publications: 3",
        "with them redirects: 1",
        "with them group page permissions: 1",
        "blocks in the body of “Ринок” (content.ContentPage ",
        "blocks in drafts and earlier versions: 2 revisions of 1 objects",
        "table herbs_herbpage: 4 rows",
        "table herbs_shelf_herbs: 1 rows",
        "granted to the groups Editors",
        "uploaded files: 3",
        "applied migrations: 1",
        "they are money records",
        "Take 'herbs' out of OSTRIV_PLUGINS and restart",
    ):
        assert line in said, said
    assert newsroom.schema() == schema
    # The folder that a page stood in, and the tag that it bore, are the newsroom's own, and stay.
    stay = {"wagtailcore_page": 1, "content_folderpage": 1, "wagtailsearch_indexentry": 1, "content_tag": 1}
    stay["wagtailcore_pagelogentry"] = 1
    own = newsroom.counts()
    more = {name: own[name] - number for name, number in counts.items() if own[name] != number}
    assert more == stay
    assert newsroom.shelves() == before.shelves()
    assert newsroom.sql(ARTICLE) == article
    # The log of changes says that the pages are gone, to mirrors that still have them; and what came to the shelves of
    # lists and went again is struck out when they are next added up.
    assert set(newsroom.mentions("herb")) <= {"content_outboxevent", "api_change", "api_shelfchange"}
    last = "SELECT DISTINCT ON (page_id) page_id, kind FROM api_change WHERE type = 'herb' ORDER BY page_id, id DESC"
    assert [kind for _page, kind in newsroom.sql(last)] == ["delete"] * 3
    assert newsroom.mentions("зривайте") == {}
    assert numbers_of_children_are_right(newsroom)
    assert files and not any(path.exists() for path in files)


def test_the_newsroom_goes_on_without_it(inhabited: Installation) -> None:
    inhabited.done("plugin", "purge", "herbs", "--yes")

    seen = inhabited.python(
        """
from django.test import Client
from django.urls import reverse
from cms.content.models import ArticlePage
from tests.support.content import *
browser = Client(); browser.force_login(make_editor())
article = ArticlePage.objects.get(slug="rynok")
made = browser.post(reverse("wagtailadmin_pages:edit", args=[article.pk]), form_of(article, title="Новий ринок"))
gone = browser.post(reverse("wagtailadmin_pages:delete", args=[make_article("Зайва").pk]))
document = api(Client(), "/content/article/rynok/")
print(json.dumps([made.status_code, gone.status_code, document["headline"], [b["type"] for b in document["body"]],
                  document["related"], api(Client(), "/content/", q="чебрець")["results"]]))
""",
        with_herbs=False,
    )

    assert seen == [302, 302, "Новий ринок", [], [], []]


def test_a_second_purge_says_that_there_is_nothing(inhabited: Installation) -> None:
    inhabited.done("plugin", "purge", "herbs", "--yes")

    for loaded in (True, False):
        said = inhabited.done("plugin", "purge", "herbs", "--yes", with_herbs=loaded)
        assert "There is nothing of 'herbs' in the database" in said


def test_it_can_be_installed_again_afterwards(inhabited: Installation) -> None:
    inhabited.done("plugin", "purge", "herbs", "--yes")
    inhabited.done("migrate", "-v0")

    inhabited.python(
        "from tests.support.content import *\nfrom herbs.models import HerbPage\nmake_page(HerbPage, 'Шавлія')"
    )

    assert inhabited.sql("SELECT count(*) FROM herbs_herbpage") == [(1,)]
    assert inhabited.sql("SELECT active FROM registry_pluginstate WHERE label = 'herbs'") == [(True,)]


def test_a_process_that_still_holds_a_purged_plugin_shows_and_offers_nothing_of_it(inhabited: Installation) -> None:
    inhabited.done("plugin", "purge", "herbs", "--yes")

    active, home, page, statuses = inhabited.python(
        """
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from cms.registry import faults, states
from tests.support.content import *
browser = Client(); browser.force_login(User.objects.create_superuser("root"))
seen = lambda address: browser.get(address)
addresses = [reverse("plugins:detail", args=["herbs"]), "/admin/x/herbs/beds/"]
statuses = [seen(address).status_code for address in addresses]
statuses.append(browser.post(reverse("plugins:switch", args=["herbs"]), {"to": "active"}).status_code)
faults.note("herbs", "a late request", ValueError("late"))
print(json.dumps([states.is_active("herbs"), seen(reverse("wagtailadmin_home")).content.decode(),
                  seen(reverse("plugins:index")).content.decode(), statuses]))
"""
    )

    assert active is False
    assert "Herb beds" not in home
    assert "fresh herbs" not in home
    assert "Трави" not in page
    assert statuses == [404, 404, 404]
    assert "herbs was purged. Run `ostriv migrate`" in inhabited.refused("plugin", "enable", "herbs")
    assert "herbs" not in inhabited.done("plugin", "list")
    inhabited.python("from cms.up.prepare import remember_plugins\nremember_plugins()", with_herbs=False)
    for table in ("registry_pluginstate", "registry_pluginfault"):
        assert inhabited.sql(f"SELECT 1 FROM {table} WHERE label = 'herbs'") == []


def test_a_plugin_that_is_only_switched_off_is_remembered_by_processes_without_it(inhabited: Installation) -> None:
    inhabited.done("migrate", "-v0", with_herbs=False)

    assert inhabited.sql("SELECT active FROM registry_pluginstate WHERE label = 'herbs'") == [(False,)]


def test_what_asks_for_the_label_takes_no_other_answer(inhabited: Installation) -> None:
    before = (inhabited.schema(), inhabited.counts())

    for answer in ("y\n", "herb\n", "\n", ""):
        assert "Nothing was changed" in inhabited.refused("plugin", "purge", "herbs", says=answer)

    assert (inhabited.schema(), inhabited.counts()) == before


def test_an_active_plugin_is_not_purged(installed: Installation) -> None:
    assert "Run first: ostriv plugin disable herbs" in installed.refused("plugin", "purge", "herbs", "--yes")


def test_one_that_is_not_loaded_names_the_command_that_loads_it(inhabited: Installation) -> None:
    said = inhabited.refused("plugin", "purge", "herbs", "--yes", with_herbs=False)

    assert "herbs ostriv plugin purge herbs" in said


def test_a_page_of_another_type_below_its_pages_is_named_and_kept(inhabited: Installation) -> None:
    inhabited.python("""
from herbs.models import HerbPage
from tests.support.content import *
make_article("Під травами", parent=HerbPage.objects.first())
""")

    said = inhabited.refused("plugin", "purge", "herbs", "--yes")

    assert "Pages of other types are below its pages: “Під травами”" in said
    assert inhabited.sql("SELECT count(*) FROM herbs_herbpage") == [(4,)]


def test_a_table_of_somebody_else_that_refers_to_its_tables_stands_in_the_way(inhabited: Installation) -> None:
    inhabited.sql("CREATE TABLE kitchen_pot (id int, shelf_id bigint REFERENCES herbs_shelf)")

    said = inhabited.refused("plugin", "purge", "herbs", "--yes")

    assert "The table kitchen_pot refers to herbs_shelf" in said


GATEWAYS = """
from cms.contract import Gateway


class Jar(Gateway):
    label = "jar"
    name = "Банка"


gateways = [Jar()]
"""

MONEY = """
from datetime import timedelta
from django.utils import timezone
from cms.campaigns.models import Donation, WebhookEvent
from tests.support.campaigns import make_campaign
campaign = make_campaign(title="Міст").campaign
for gateway, status in [("jar", "pending"), ("jar", "pending"), ("jar", "paid"), ("other", "pending")]:
    Donation.objects.create(campaign=campaign, amount=100, currency="UAH", gateway=gateway, status=status)
states = ["received", "waiting", "failed", "applied", "ignored", "conflict"]
events = [WebhookEvent(gateway="jar", event_id=state, state=state) for state in states]
events.append(WebhookEvent(gateway="other", event_id="1"))
long_ago = timezone.now() - timedelta(days=15)
events.append(WebhookEvent(gateway="jar", event_id="given up", state="waiting", received_at=long_ago))
WebhookEvent.objects.bulk_create(events)
"""


def test_money_on_its_way_through_its_gateways_stands_in_the_way(installed: Installation) -> None:
    newsroom = installed
    write(newsroom.folder, gateways=GATEWAYS)
    newsroom.python(MONEY)
    newsroom.done("plugin", "disable", "herbs")

    said = newsroom.refused("plugin", "purge", "herbs", "--yes")

    assert "3 webhooks of its gateways (jar) are not in the ledger yet" in said
    assert "2 donations through its gateways (jar) are open" in said
    assert "Keep it loaded, switched off" in said
    newsroom.sql("UPDATE campaigns_webhookevent SET state = 'applied' WHERE received_at > now() - interval '1 day'")
    newsroom.sql("UPDATE campaigns_donation SET status = 'expired', expired_at = now() WHERE status = 'pending'")
    newsroom.done("plugin", "purge", "herbs", "--yes")
    assert newsroom.sql("SELECT count(*) FROM campaigns_donation") == [(4,)]


def test_a_webhook_counts_for_as_long_as_it_is_tried_again() -> None:
    from cms.campaigns.services.inbox import GIVE_UP_AFTER
    from cms.lifecycle.purge.money import TRIED_FOR

    assert TRIED_FOR == GIVE_UP_AFTER


def test_items_of_a_list_are_no_blocks_whatever_a_plugin_calls_its_own() -> None:
    from cms.lifecycle.purge import streams

    class Names:
        """Of a plugin to which every name belongs."""

        def is_block(self, name: str) -> bool:
            return name != "gallery"

    items = [{"type": "item", "value": 1, "id": "a"}, {"type": "item", "value": 2, "id": "b"}]
    stream = [
        {"type": "gallery", "value": {"pictures": items}, "id": "c"},
        {"type": "herbs_tip", "value": {"text": "зривайте"}, "id": "d"},
    ]

    assert streams.without(stream, Names()) == stream[:1]  # type: ignore[arg-type]
    assert streams.count(stream, Names()) == 1  # type: ignore[arg-type]


IRREVERSIBLE = """
from django.db import migrations

def fill(apps, editor):
    apps.get_model("herbs", "Shelf").objects.create(name="Підвал")

class Migration(migrations.Migration):
    dependencies = [("herbs", "0001_initial")]
    operations = [
        migrations.RunPython(fill),
        migrations.RunSQL("CREATE TABLE herbs_seeds (id int); CREATE VIEW herbs_all AS SELECT * FROM herbs_seeds"),
        migrations.RunSQL("CREATE SEQUENCE herbs_number; CREATE INDEX herbs_stray ON content_folderpage (page_ptr_id)"),
    ]
"""
FAILING = """
from django.db import migrations

def fail(apps, editor):
    editor.execute("SELECT nothing FROM nowhere")

class Migration(migrations.Migration):
    dependencies = [("herbs", "0001_initial")]
    operations = [migrations.RunPython(migrations.RunPython.noop, fail)]
"""


@pytest.mark.parametrize(
    ("migration", "remark"),
    [
        (IRREVERSIBLE, "its migration 0002_more can't be undone"),
        (FAILING, "its migrations could not be unapplied (UndefinedTable"),
    ],
)
def test_migrations_that_cannot_be_undone_do_not_keep_its_tables(
    newsroom_as_it_was: Installation, installed: Installation, migration: str, remark: str
) -> None:
    schema, newsroom = newsroom_as_it_was.schema(), installed
    (newsroom.folder / "herbs" / "migrations" / "0002_more.py").write_text(migration)
    newsroom.done("migrate", "-v0")
    newsroom.done("plugin", "disable", "herbs")

    said = newsroom.done("plugin", "purge", "herbs", "--yes")

    assert remark in said or "ProgrammingError" in said, said
    assert newsroom.schema() == schema
    newsroom.done("migrate", "-v0", with_herbs=False)
    assert newsroom.mentions("herbs") == {}


def test_names_that_only_begin_alike_belong_to_others(inhabited: Installation) -> None:
    """ "herbs_garden" is a plugin of its own: its table, its blocks and its migrations are not those of "herbs"."""
    inhabited.sql("CREATE TABLE herbs_garden_bed (id int)")
    inhabited.sql("INSERT INTO django_migrations (app, name, applied) VALUES ('herbs_garden', '0001_initial', now())")
    block = '{"type": "herbs_garden_bed", "value": {"text": "грядка"}, "id": "b"}'
    with_tip = "WHERE body::text LIKE '%%herbs_tip%%'"
    inhabited.sql(f"UPDATE content_contentpage SET body = body || %s::jsonb {with_tip}", [block])

    inhabited.done("plugin", "purge", "herbs", "--yes")

    assert "herbs_garden_bed" in inhabited.tables()
    assert inhabited.sql("SELECT body::text FROM content_contentpage WHERE body::text LIKE '%%грядка%%'")
    assert not inhabited.sql(f"SELECT 1 FROM content_contentpage {with_tip}")


def test_a_purge_that_is_killed_has_changed_nothing(inhabited: Installation, poll: Callable[..., object]) -> None:
    before = (inhabited.schema(), inhabited.counts(), inhabited.mentions("herbs"))
    with psycopg.connect(inhabited.database_url) as holder:
        # Late in its work it takes the permissions away: there it has to wait for us.
        holder.execute("LOCK TABLE auth_permission IN SHARE MODE")
        purge = subprocess.Popen(
            [sys.executable, "-m", "cms.cli", "plugin", "purge", "herbs", "--yes"],
            env=inhabited.environment(), cwd=inhabited.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        with purge:
            waits = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            poll(lambda: bool(inhabited.sql(waits)), what="the purge in the middle of its work")
            os.kill(purge.pid, signal.SIGKILL)
            purge.communicate()
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    poll(lambda: inhabited.sql(others) == [(0,)], what="the end of its connections")

    assert (inhabited.schema(), inhabited.counts(), inhabited.mentions("herbs")) == before

    inhabited.done("plugin", "purge", "herbs", "--yes")


# --- a bundled plugin, with content ---------------------------------------------------------------------------------


@pytest.fixture
def review() -> Iterator[Any]:
    from plugins.pressreview.models import CitedPiece, PressReviewPage
    from tests.support.content import make_page

    def make(title: str) -> Any:
        page = make_page(PressReviewPage, title)
        page.pieces = [CitedPiece(outlet="Вісник", title="Кран", url="https://visnyk.example/1")]
        page.save_revision().publish()
        return page

    return make


@pytest.mark.plugin("pressreview")
def test_a_bundled_plugin_is_purged_with_its_digest_in_an_article(review: Any) -> None:
    from django.contrib.auth.models import Permission
    from django.contrib.contenttypes.models import ContentType
    from django.db import connection

    from cms.content.models import ArticlePage
    from cms.lifecycle import purge, switching
    from tests.support.content import body, make_article, shown

    page = review("Огляд")
    digest = {"heading": "Пишуть", "review": page.pk, "pieces": []}
    article = make_article("Стаття", body=body(("pressreview_digest", digest), ("paragraph", "<p>Далі</p>")))
    switching.disable("pressreview")

    account = purge.account_of("pressreview")
    assert account.pages == {"pressreviewpage": (1, 1)}
    assert account.blocks.page_ids == [article.pk]
    remark = purge.purge("pressreview")

    assert remark == ""
    assert purge.account_of("pressreview").is_empty
    assert not [name for name in connection.introspection.table_names() if name.startswith("pressreview")]
    assert not ContentType.objects.filter(app_label="pressreview").exists()
    assert not Permission.objects.filter(content_type__app_label="pressreview").exists()
    article = ArticlePage.objects.get(pk=article.pk)
    assert [block.block_type for block in article.body] == ["paragraph"]
    assert "pressreview" not in article.latest_revision.content["body"]
    from django.test import Client

    assert [block["type"] for block in shown(Client(), article)["body"]] == ["paragraph"]
