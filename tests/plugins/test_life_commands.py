"""`ostriv plugin`: what is there, what is wrong with it, and switching it for every process."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cms.lifecycle import boot, facts
from cms.registry.discovery import PluginError
from tests.plugins import herbs
from tests.plugins.herbs import Installation
from tests.support.stack import Stack

pytestmark = pytest.mark.django_db


# --- list, enable, disable ------------------------------------------------------------------------------------------


def test_the_list_has_a_line_for_each_plugin_loaded_or_not(installation: Installation) -> None:
    lines = installation.done("plugin", "list", from_scratch=True).splitlines()
    (line,) = [line for line in lines if line.startswith("herbs ")]
    assert line.split() == ["herbs", "Трави", "1.2.0", "active", ">=1.0,<2", "herb", "0", "0"]

    found = json.loads(installation.done("plugin", "list", "--json", with_herbs=False))
    (herb,) = [each for each in found if each["label"] == "herbs"]
    assert (herb["state"], herb["version"], herb["contract"]) == ("not loaded", "1.2.0", ">=1.0,<2")


def test_one_that_is_not_loaded_is_named_with_the_setting_that_loads_it(installation: Installation) -> None:
    said = installation.refused("plugin", "enable", "herbs", with_herbs=False)

    assert f"Set OSTRIV_PLUGINS={','.join([*installation.loaded, 'herbs'])} " in said
    assert "ostriv migrate" in said


def test_an_unknown_label_is_answered_with_those_that_come_near(installation: Installation) -> None:
    for word in ("enable", "disable"):
        assert "Did you mean 'herbs'?" in installation.refused("plugin", word, "hebrs")
        assert "'content' is a part of Ostriv itself" in installation.refused("plugin", word, "content")


@pytest.mark.plugin("pressreview")
def test_a_switch_reaches_every_running_process(stack: Stack, poll: Callable[..., object]) -> None:
    stack.add_user("life", "long enough a secret", superuser=True)
    cookie = stack.python(
        "from django.contrib.auth.models import User\n"
        "from django.test import Client\n"
        "browser = Client(); browser.force_login(User.objects.get(username='life'))\n"
        "print(browser.cookies['sessionid'].value)"
    ).strip()
    ((parent,),) = stack.sql("SELECT id FROM wagtailcore_page WHERE slug = 'uk'")
    address = f"/admin/pages/add/pressreview/pressreviewpage/{parent}/"

    def offered() -> list[bool]:
        # Two web processes: several questions reach both.
        answers = [stack.get(address, headers={"Cookie": f"sessionid={cookie}"}) for _ in range(6)]
        return ["pieces-TOTAL_FORMS" in answer.text for answer in answers]

    assert all(offered())
    try:
        stack.run("plugin", "disable", "pressreview")
        poll(lambda: not any(offered()), what="both processes to know")
    finally:
        stack.run("plugin", "enable", "pressreview")
    poll(lambda: all(offered()), what="both processes to know")


# --- check ----------------------------------------------------------------------------------------------------------


def test_a_plugin_keeps_to_the_contract_once_its_last_fault_is_mended(installation: Installation) -> None:
    first = installation.ostriv("plugin", "check", "herbs", from_scratch=True)
    assert first.stdout.startswith("herbs.admin: a menu item leads nowhere: ")
    assert first.returncode == 1
    admin = installation.folder / "herbs" / "admin.py"
    admin.write_text(admin.read_text().replace('url_name="nowhere"', 'url_name="wagtailadmin_home"'))

    said = installation.done("plugin", "check", "herbs", with_herbs=False)

    assert "herbs keeps to the contract." in said


@pytest.mark.parametrize("label", ["events", "factcheck", "gallery", "liveblog", "podcast", "pressreview", "sandbox"])
def test_the_bundled_plugins_keep_to_the_contract(label: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from cms.lifecycle import checking

    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)  # it would hide what a process forgets to write
    if label not in {plugin.label for plugin in _found()}:
        pytest.skip(f"plugin {label} is not here")
    _label, findings = checking.check(label)

    assert [finding.line() for finding in findings if not finding.hint] == []


def _found() -> list[object]:
    from cms.registry.discovery import found_plugins

    return list(found_plugins().values())


BREACHES = {
    "tasks": """
from django.db.models.signals import post_save
from django.dispatch import receiver

from cms.content.models import ArticlePage
from cms import registry
from importlib import import_module

import_module("workers.app")
post_save.connect(print)
""",
    "wagtail_hooks": "",
}


def test_every_breach_is_named_with_its_line_and_what_to_do(installation: Installation) -> None:
    package = herbs.write(installation.folder, **BREACHES)
    models = package / "models.py"
    models.write_text(
        models.read_text().replace('[APIField("smell")]', '[APIField("smel")]')
        + '\n\nclass Late(models.Model):\n    name = models.CharField("ім’я", max_length=3, help_text="no _")\n'
    )
    (package / "migrations" / "0002_more.py").write_text(
        "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n"
        '    dependencies = [("herbs", "0001_initial")]\n'
        '    operations = [migrations.RunPython(lambda apps, editor: None), migrations.RunSQL("SELECT 1")]\n'
    )

    done = installation.ostriv("plugin", "check", "herbs")

    assert done.returncode == 1
    for line in (
        "wagtail_hooks.py: a plugin has no such module.",
        "tasks.py:3: takes receiver from django.dispatch. Use cms.contract.receiver.",
        "tasks.py:5: imports cms.content.models.",
        "tasks.py:6: imports cms.registry.",
        "tasks.py:9: imports workers.app by its name.",
        "tasks.py:10: connects to post_save.",
        "hint: models.py:",
        "herbs.migrations: missing: Create model Late. Run: ostriv makemigrations herbs",
        "herbs.migrations.0002_more: can't be undone: Raw Python operation.",
        "herbs.migrations.0002_more: can't be undone: Raw SQL operation.",
        "herbs.HerbPage.api_fields: 'smel' is neither a field nor an attribute.",
    ):
        assert line in done.stdout, done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("modules", "said"),
    [
        ({"plugin": "from cms.contract import PluginInfo\nplugin = PluginInfo(contract='>=99')"}, "contract >=99"),
        ({"plugin": "from cms.contract import PluginInfo\nplugin = PluginInfo(requires=('no-such-thing>=1',))"}, "pip"),
        ({"models": "from cms.contract import Nonsense"}, "Nonsense"),
        ({"feeds": "1 / 0"}, "its module 'feeds' can't be imported: ZeroDivisionError"),
        ({"blocks": herbs._MODULES["blocks"].replace("herbs_tip", "tip")}, "Its name must be 'herbs' or begin with"),
        ({"models": herbs._MODULES["models"].replace("HerbPage", "ArticlePage")}, "'article' is declared by"),
    ],
)
def test_what_keeps_it_from_being_loaded_is_told(
    installation: Installation, modules: dict[str, str], said: str
) -> None:
    """... although a plugin that OSTRIV_PLUGINS lists would keep every other command from starting."""
    herbs.write(installation.folder, **modules)

    done = installation.ostriv("plugin", "check", "herbs")

    assert done.returncode == 1
    assert said in done.stdout, done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_is_checked_as_well_as_a_label(installation: Installation, tmp_path: Path) -> None:
    folder = herbs.write(tmp_path / "aside", plugin="import cms.cli")

    assert "plugin.py:1: imports cms.cli." in installation.ostriv("plugin", "check", str(folder)).stdout
    assert "There is no plugin 'nowhere'" in installation.refused("plugin", "check", "nowhere")


# --- boot and doctor ------------------------------------------------------------------------------------------------


def test_models_without_their_migration_stop_the_start_and_are_told_by_the_doctor(installation: Installation) -> None:
    package = installation.folder / "herbs"
    models = package / "models.py"
    models.write_text(models.read_text() + "\n\nclass Late(models.Model):\n    name = models.TextField()\n")

    code = (
        "from cms.lifecycle import boot, health\n"
        "from cms.registry.discovery import PluginError\n"
        "try:\n    boot.check()\n    said = ''\nexcept PluginError as error:\n    said = str(error)\n"
        "found = [[each.label, each.said, each.remedy] for each in health.plugin_findings()]\n"
        "print(json.dumps([said, found]))"
    )
    said, found = installation.python(code)

    assert "Plugin 'herbs': its models have changes without a migration (Create model Late)" in said
    assert "take 'herbs' out of OSTRIV_PLUGINS" in said
    assert [label for label, _said, remedy in found if "makemigrations" in remedy] == ["herbs"]


def test_all_is_well_with_the_plugins_as_they_are() -> None:
    try:
        boot.check()
    except PluginError as error:
        pytest.fail(str(error))
    assert boot.waiting() == {}
    assert all(each.state == facts.ACTIVE for each in facts.all_facts() if each.loaded)
