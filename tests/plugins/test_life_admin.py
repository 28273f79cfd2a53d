"""The Plugins page, a plugin's settings, and a plugin's own screens in the admin."""

import subprocess
import sys
from typing import Any

import pytest

from cms.up import plan
from tests.plugins.herbs import Installation, write

pytestmark = pytest.mark.django_db

#: Every test runs in a process of its own that has the plugin.
_BEGIN = """
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from cms.lifecycle import switching
from cms.registry import faults, states
from cms.registry.models import PluginFault, PluginState
from tests.support.content import *

def logged_in(user):
    browser = Client(raise_request_exception=False); browser.force_login(user)
    return browser

admin = logged_in(User.objects.create_superuser("root"))
editor = logged_in(make_editor())
page = reverse("plugins:detail", args=["herbs"])
switch = reverse("plugins:switch", args=["herbs"])

def seen(browser, address):
    response = browser.get(address)
    return [response.status_code, response.content.decode()]

def rest():
    states.rest("herbs")

def menu(browser):
    return seen(browser, reverse("wagtailadmin_home"))[1]
"""


def look(installation: Installation, code: str) -> Any:
    return installation.python(_BEGIN + code)


def test_the_page_shows_every_plugin_and_switches_it_for_every_process(installation: Installation) -> None:
    before, on, off, again, log = look(
        installation,
        """
from herbs.models import HerbPage
from wagtail.models import ModelLogEntry
make_page(HerbPage, "Чебрець")
before = seen(admin, reverse("plugins:index"))
on = seen(admin, page)
creatable = lambda: admin.get(reverse("wagtailadmin_pages:add", args=["herbs", "herbpage", front_of().pk])).status_code
kept = HerbPage.objects.get()
edit = lambda: admin.get(reverse("wagtailadmin_pages:edit", args=[kept.pk])).status_code
can = [creatable(), edit()]
admin.post(switch, {"to": "inactive"})
off = [states.is_active("herbs"), seen(admin, page), [creatable(), edit()]]
admin.post(switch, {"to": "active"})
again = [states.is_active("herbs"), creatable()]
log = [[entry.action, entry.user.username, entry.data["label"]] for entry in ModelLogEntry.objects.order_by("pk")]
print(json.dumps([before, [on, can], off, again, log]))
""",
    )

    assert before[0] == 200
    for word in ("Трави", "1.2.0", "herb 1", "herbs"):
        assert word in before[1]
    assert on[0][0] == 200
    assert 'data-state="active"' in on[0][1]
    assert on[1] == [200, 200]
    assert off[0] is False
    assert 'data-state="inactive"' in off[1][1]
    assert off[2] == [302, 200]
    assert again == [True, 200]
    assert log == [["plugin.disabled", "root", "herbs"], ["plugin.enabled", "root", "herbs"]]


def test_it_is_for_those_who_may_change_plugins(installation: Installation) -> None:
    refused, allowed, shown = look(
        installation,
        """
refused = [editor.get(reverse("plugins:index")).status_code, editor.post(switch, {"to": "inactive"}).status_code]
refused.append(states.is_active("herbs"))
user = make_editor()
user.user_permissions.add(Permission.objects.get(content_type__app_label="registry", codename="change_pluginstate"))
keeper = logged_in(user)
allowed = [keeper.get(reverse("plugins:index")).status_code, "/admin/plugins/" in menu(keeper)]
from cms.lifecycle.wagtail_hooks import permissions
group = admin.get(reverse("wagtailusers_groups:add")).content.decode()
names = permissions().filter(content_type__app_label="herbs").values_list("codename", flat=True)
shown = ["Can open shelves" in group, sorted(names)]
print(json.dumps([refused, allowed, shown]))
""",
    )

    assert refused == [302, 302, True]
    assert allowed == [200, True]
    assert shown == [True, ["add_shelf", "change_shelf", "delete_shelf", "open_shelf", "view_shelf"]]


def test_a_resting_plugin_is_noticed_until_somebody_has_looked(installation: Installation) -> None:
    resting, awake = look(
        installation,
        """
try:
    1 / 0
except ZeroDivisionError as error:
    for number in range(10):
        faults.note("herbs", "test hook", error)
resting = [states.is_running("herbs"), menu(admin), seen(admin, page)[1], menu(editor)]
admin.post(switch, {"to": "awake"})
awake = [states.is_running("herbs"), menu(admin), PluginFault.objects.filter(hook="test hook").count()]
print(json.dumps([resting, awake]))
""",
    )

    assert resting[0] is False
    for home in (resting[1], resting[3]):
        assert "Трави" in home
        assert "help-warning" in home
    assert "/admin/plugins/herbs/" in resting[1]
    assert "/admin/plugins/herbs/" not in resting[3]
    assert "ZeroDivisionError" in resting[2]
    assert "Traceback (most recent call last)" in resting[2]
    assert awake[0] is True
    assert "help-warning" not in awake[1]
    assert awake[2] == 10


def test_settings_are_a_form_of_their_dataclass(installation: Installation) -> None:
    form, saved, values, wrong, log = look(
        installation,
        """
from cms.contract import plugin_settings
from herbs.plugin import HerbSettings
from wagtail.models import ModelLogEntry
form = seen(admin, page)[1]
new = {"settings-season": "fall", "settings-number": "5", "settings-motto": "рута"}
saved = admin.post(page, new).status_code
states.forget()
now = plugin_settings(HerbSettings)
values = [now.season, now.number, now.shown, now.motto]
wrong = {}
for name, value in [("number", "10"), ("number", "x"), ("season", "winter"), ("motto", "x" * 21), ("motto", "refuse")]:
    response = admin.post(page, {**new, f"settings-{name}": value})
    wrong[f"{name} {value[:6]}"] = [response.status_code, str(response.context["form"].errors)]
wrong["kept"] = states.state_of("herbs").settings["number"]
log = ModelLogEntry.objects.get(action="plugin.settings").data
print(json.dumps([form, saved, values, wrong, log]))
""",
    )

    for word in ("Season", "When", "Spring", "Number", 'min="1"', 'max="9"', "Shown", "<textarea", "Motto"):
        assert word in form
    assert saved == 302
    assert values == ["fall", 5, False, "рута"]
    assert wrong.pop("kept") == 5
    for name, (status, errors) in wrong.items():
        assert status == 200, name
        assert errors, name
    assert "No such motto." in wrong["motto refuse"][1]
    assert log == {"label": "herbs", "fields": ["motto", "number", "season", "shown"]}


def test_settings_that_fail_are_a_fault_of_the_plugin_and_the_page_goes_on(installation: Installation) -> None:
    posted, noted = look(
        installation,
        """
response = admin.post(page, {"settings-season": "fall", "settings-number": "5", "settings-motto": "break"})
posted = [response.status_code, response.content.decode()]
noted = list(PluginFault.objects.exclude(hook__startswith="menu").values_list("label", "hook"))
print(json.dumps([posted, noted]))
""",
    )

    assert posted[0] == 200
    assert "RuntimeError: the settings are broken" in posted[1]
    assert 'value="inactive"' in posted[1]
    assert noted == [["herbs", "settings form"]]


def test_stored_settings_that_the_plugin_takes_no_longer_are_shown_as_its_defaults_and_repaired(
    installation: Installation,
) -> None:
    values, form, noted, saved, now = look(
        installation,
        """
from dataclasses import asdict
from cms.contract import plugin_settings
from herbs.plugin import HerbSettings
PluginState.objects.update_or_create(label="herbs", defaults={"settings": {"motto": "break", "number": 5}})
states.forget()
values = [asdict(plugin_settings(HerbSettings)) for _time in range(3)]
form = seen(admin, page)
noted = list(PluginFault.objects.filter(hook="stored settings").values_list("label", "error"))
saved = admin.post(page, {"settings-season": "fall", "settings-number": "7", "settings-motto": "рута"}).status_code
states.forget()
print(json.dumps([values, form, noted, saved, asdict(plugin_settings(HerbSettings))]))
""",
    )

    assert values == [{"season": "spring", "number": 3, "shown": True, "motto": ""}] * 3
    assert form[0] == 200
    assert 'name="settings-motto"' in form[1]
    assert noted == [["herbs", "RuntimeError: the settings are broken"]]
    assert saved == 302
    assert now == {"season": "fall", "number": 7, "shown": False, "motto": "рута"}


def test_its_own_screens_stand_behind_a_guard(installation: Installation) -> None:
    running, faults, inactive, resting = look(
        installation,
        """
from herbs.models import Shelf
beds, broken, shelves = "/admin/x/herbs/beds/", "/admin/x/herbs/broken/", "/admin/x/herbs/shelves/"
running = [seen(admin, address) for address in (beds, broken, "/admin/x/herbs/wilted/", shelves)]
running.append([Client().get(beds).status_code, reverse("plugin_herbs:beds"), Shelf.objects.count()])
faults = list(PluginFault.objects.order_by("pk").values_list("label", "hook"))
switching.disable("herbs")
inactive = [admin.get(address).status_code for address in (beds, shelves)]
switching.enable("herbs"); rest()
resting = seen(admin, beds)
print(json.dumps([running, faults, inactive, resting]))
""",
    )

    beds, broken, wilted, shelves, (visitor, address, half_done) = running
    assert beds == [200, "beds of herbs"]
    assert broken[0] == wilted[0] == 500
    assert "Трави" in broken[1]
    assert "/admin/plugins/herbs/" in broken[1]
    assert shelves[0] == 200
    assert (visitor, address, half_done) == (302, "/admin/x/herbs/beds/", 0)
    assert ["herbs", "GET /admin/x/herbs/broken/"] in faults
    assert ["herbs", "GET /admin/x/herbs/wilted/"] in faults
    assert inactive == [404, 404]
    assert resting[0] == 503
    assert "Трави" in resting[1]


def test_its_menu_lines_and_panels_are_there_while_it_is_active(installation: Installation) -> None:
    lines, noted = look(
        installation,
        """
words = ("Herb beds", "Herb cellar", "Herb nowhere", "Shelves", "fresh herbs")
def has(browser):
    home = menu(browser)
    return [word in home for word in words]
lines = [has(admin), has(editor)]
switching.disable("herbs")
lines.append(has(admin))
noted = sorted(PluginFault.objects.filter(hook__startswith="menu").values_list("hook", flat=True))
print(json.dumps([lines, noted]))
""",
    )

    assert lines[0] == [True, True, False, True, True]
    assert lines[1] == [True, False, False, False, True]
    assert lines[2] == [False] * 5
    assert noted == ["menu item nowhere"]


#: Everything that an `admin.py` puts on every page of the admin, failing in each way it can.
_HARMFUL = """
from django.http import HttpResponse
from django.urls import path
from django.utils.functional import lazy
from wagtail.admin.menu import MenuItem as WagtailMenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup

from cms.contract import MenuItem

broken = True


def fail(*args, **kwargs):
    if broken:
        raise RuntimeError("harm")
    return "harmless words"


class Unmade(Component):
    def __init__(self):
        fail()

    def render_html(self, parent_context=None):
        return "<p>made</p>"


class Unrendered(Component):
    order = "first"
    render_html = fail


class Styleless(Component):
    media = property(fail)

    def render_html(self, parent_context=None):
        return "<p>styleless</p>"


class Whole(ViewSet):
    name = menu_label = "whole"
    add_to_admin_menu = True

    def get_urlpatterns(self):
        return [path("", lambda request: HttpResponse("whole"), name="index")]


class WithoutItem(Whole):
    name = "without_item"

    def get_menu_item(self, order=None):
        fail()
        return super().get_menu_item(order)


class WithoutPlace(Whole):
    name = menu_label = "without_place"
    get_menu_item_order = fail


class Mute(Whole):
    name = "mute"
    menu_label = lazy(fail, str)()
    menu_name = "mute"


class Unshown(WagtailMenuItem):
    render_component = is_shown = fail


class Ghost(Whole):
    name = menu_label = "ghost"
    menu_item_class = Unshown


class Basket(ViewSetGroup):
    menu_label = "Basket"
    items = [WithoutItem(), Whole("in_basket", menu_label="Kept well")]


menu_items = [MenuItem(label=lazy(fail, str)(), url_name="plugin_herbs:none")]
urlpatterns = [path("none/", lambda request: HttpResponse("none"), name="none")]
home_panels = [Unmade, Unrendered(), Styleless()]
viewsets = [Whole(), WithoutItem("alone"), WithoutPlace(), Mute(), Ghost(), Basket()]
"""


def test_nothing_that_it_puts_on_every_page_of_the_admin_can_break_one(installation: Installation) -> None:
    write(installation.folder, admin=_HARMFUL)

    pages, hooks, still, awake = look(
        installation,
        """
import herbs.admin
from django.test import override_settings
with override_settings(OSTRIV_PLUGIN_FAULTS=1000):
    addresses = (reverse("wagtailadmin_home"), "/admin/pages/", "/admin/x/herbs/whole/")
    pages = [seen(admin, address) for address in addresses]
hooks = sorted(PluginFault.objects.values_list("hook", flat=True).distinct())
before = PluginFault.objects.exclude(hook__startswith="home").count()
seen(admin, "/admin/pages/")
still = PluginFault.objects.exclude(hook__startswith="home").count() - before
herbs.admin.broken = False
switching.wake("herbs")
print(json.dumps([pages, hooks, still, menu(admin)]))
""",
    )

    assert [status for status, _text in pages] == [200, 200, 200]
    home = pages[0][1]
    assert "styleless" in home
    assert "Kept well" in home
    assert "/admin/x/herbs/whole/" in home
    for gone in ("/admin/x/herbs/mute/", "/admin/x/herbs/ghost/", "/admin/x/herbs/alone/", "<p>made</p>"):
        assert gone not in home
    assert hooks == [
        "home panel Styleless",
        "home panel Unmade",
        "home panel Unrendered",
        "menu item of Ghost",
        "menu item of Mute",
        "menu item of WithoutItem",
        "menu item of WithoutPlace",
        "menu item plugin_herbs:none",
    ]
    assert still == 0
    assert "made" in awake
    for back in ("/admin/x/herbs/mute/", "/admin/x/herbs/alone/", "/admin/x/herbs/none/"):
        assert back in awake


_VIEWSET = """
from wagtail.admin.viewsets.base import ViewSet


class Mine(ViewSet):
    name = {!r}


viewsets = [Mine]
"""


@pytest.mark.parametrize(
    ("module", "words"),
    [
        (
            _VIEWSET.format("content_listing"),
            "'content_listing' is declared by plugin 'herbs' (herbs.admin) and by Ost",
        ),
        (_VIEWSET.format("wagtailimages"), "'wagtailimages' is declared by plugin 'herbs' (herbs.admin) and by Ostriv"),
        (_VIEWSET.format("newsletters"), "'newsletters' is declared by plugin 'herbs' (herbs.admin) and by Ostriv"),
        (_VIEWSET.format(""), "Plugin 'herbs': its viewset <class 'herbs.admin.Mine'> can't be made"),
        ("home_panels = 5", "Plugin 'herbs': home_panels in its admin.py must be a list"),
        ("1 / 0", "Plugin 'herbs': its module 'admin' can't be imported: ZeroDivisionError"),
    ],
)
def test_screens_that_cannot_be_stop_the_start_in_a_sentence(
    installation: Installation, module: str, words: str
) -> None:
    (installation.folder / "herbs" / "admin.py").write_text(module)

    said = prepare(installation)

    assert words in said
    assert "Traceback" not in said


def prepare(installation: Installation) -> str:
    """What the first step of `ostriv up` says when it refuses."""
    code = "import sys; sys.argv = ['prepare']; from cms.up.prepare import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=installation.environment(), cwd=plan.PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stderr
