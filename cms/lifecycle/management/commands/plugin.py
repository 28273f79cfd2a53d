"""``ostriv plugin list|new|check|enable|disable|purge``."""

import json
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from cms.lifecycle import boot, checking, purge, scaffold, switching, tombstones
from cms.lifecycle.facts import all_facts, nearest
from cms.registry.discovery import PluginError, found_plugins
from cms.registry.owners import enabled

_CORE = "a part of Ostriv itself, and no plugin"


class Command(BaseCommand):
    help = "See, make, check, switch and remove plugins."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_subparsers(dest="what", required=True, metavar="list|new|check|enable|disable|purge")
        listing = what.add_parser("list", help="every plugin that is found, and its state")
        listing.add_argument("--json", action="store_true", help="as JSON")
        new = what.add_parser("new", help="write a new plugin")
        new.add_argument("label", help="what it is called everywhere: small letters, as in recipes")
        new.add_argument("--package", action="store_true", help="a repository of its own, with tests and packaging")
        new.add_argument("--into", type=Path, metavar="DIR", help="the folder to write it into")
        check = what.add_parser("check", help="whether a plugin keeps to the contract")
        check.add_argument("plugin", metavar="LABEL|PATH")
        for name, help_text in (("enable", "let a plugin work"), ("disable", "stop it; nothing of it is lost")):
            what.add_parser(name, help=help_text).add_argument("label")
        purging = what.add_parser("purge", help="remove all of it from the database, for good")
        purging.add_argument("label")
        purging.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        with translation.override("en"):  # the language of every command here, in whatever language editors work
            getattr(self, f"_{what}")(**options)

    # --- looking ----------------------------------------------------------------------------------------------------

    def _list(self, *, json: bool, **options: Any) -> None:
        facts = all_facts()
        if json:
            self._say(_as_json([each.as_json() for each in facts]))
            return
        rows = [("LABEL", "NAME", "VERSION", "STATE", "CONTRACT", "CONTENT", "FAULTS")]
        for each in facts:
            about = each.about
            last = f"{each.faults} ({each.last_fault.error})" if each.faults and each.last_fault else str(each.faults)
            contract = about.problem or about.contract or "any"
            content = each.content_in_words or "-"
            rows.append((each.label, about.name, about.version or "-", each.state, contract, content, last))
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        for row in rows:
            self._say("  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)).rstrip())

    def _check(self, *, plugin: str, **options: Any) -> None:
        try:
            label, findings = checking.check(plugin)
        except (checking.NoSuchPlugin, PluginError) as error:
            raise CommandError(str(error)) from error
        for finding in findings:
            self._say(finding.line())
        wrong = sum(not finding.hint for finding in findings)
        if wrong:
            raise CommandError(f"{label}: {wrong} {'thing' if wrong == 1 else 'things'} to put right.")
        self._say(f"{label} keeps to the contract.")

    # --- making -----------------------------------------------------------------------------------------------------

    def _new(self, *, label: str, package: bool, into: Path | None, **options: Any) -> None:
        try:
            made = scaffold.new_plugin(label, package=package, into=into)
        except (scaffold.NotMade, PluginError) as error:
            raise CommandError(str(error)) from error
        self._say(f"{made.folder}:")
        for path in made.files:
            self._say(f"  {path}")
        if package:
            self._say(f"Next: cd {made.folder}, install it with its tests (pip install -e '.[test]'), and run pytest.")
        elif not made.found:
            self._say("It is found where it is part of an installed package, or below plugins/ of Ostriv.")
        elif os.environ.get("OSTRIV_PLUGINS", "*") == "*":
            self._say("Next: ostriv up. The type is in the editor and in the API.")
        else:
            self._say(f"Next: {_setting(label)}, then ostriv up.")

    # --- switching --------------------------------------------------------------------------------------------------

    def _enable(self, *, label: str, **options: Any) -> None:
        if enabled(label) is None:
            if label in found_plugins():
                raise CommandError(
                    f"The plugin {label!r} is installed and not loaded. Set {_setting(label)} for every process, run "
                    "`ostriv migrate`, and restart."
                )
            raise CommandError(_unknown(label))
        if tombstones.is_purged(label):
            raise CommandError(f"{label} was purged. Run `ostriv migrate`: it makes its tables anew, and it is active.")
        switching.enable(label)
        self._say(f"{label} is active. Every process knows within two seconds.")
        if label in boot.waiting():
            self._say("Its tables are not there yet. Run: ostriv migrate")

    def _disable(self, *, label: str, **options: Any) -> None:
        if enabled(label) is None and label not in found_plugins():
            raise CommandError(_unknown(label))
        switching.disable(label)
        self._say(f"{label} is inactive. Every process knows within two seconds. Nothing of it is lost.")

    # --- purging ----------------------------------------------------------------------------------------------------

    def _purge(self, *, label: str, yes: bool, **options: Any) -> None:
        account = self._account(label)
        if account is None:
            return
        self._say(f"Of the plugin {label!r} this would be removed, for good:")
        for line in account.lines():
            self._say(f"  {line}")
        self._say("  Donations made through it, and their entries in the ledger, are kept: they are money records.")
        if reasons := purge.reasons_against(label):
            raise CommandError("\n".join(["It can't be purged now.", *reasons]))
        if not yes and not self._confirmed(label):
            raise CommandError("Nothing was changed.")
        try:
            remark = purge.purge(label)
        except purge.PurgeRefused as refusal:
            raise CommandError(f"Nothing was changed. {refusal}") from refusal
        if remark:
            self._say(f"Its tables were dropped directly: {remark}.")
        self._say(f"{label} is purged.")
        self._say(f"Take {label!r} out of OSTRIV_PLUGINS and restart every process now: they still hold its models,")
        self._say("and a start with it makes its tables again.")

    def _account(self, label: str) -> "purge.Account | None":
        """What there is to purge; None if there is nothing, or if another process was asked to do it."""
        if enabled(label) is None and label in _core_labels():
            raise CommandError(f"{label!r} is {_CORE}.")
        account = purge.account_of(label)
        if account.is_empty:
            if enabled(label) is None and label not in found_plugins():
                raise CommandError(f"There is nothing of {label!r} here. {nearest(label, list(found_plugins()))}")
            self._say(f"There is nothing of {label!r} in the database: it was purged, or never used.")
            return None
        if enabled(label) is not None:
            return account
        if label not in found_plugins():
            raise CommandError(
                f"The database holds things of {label!r}, and the plugin is not installed. Install it again: "
                "only its own migrations know how to take its tables away."
            )
        raise CommandError(
            f"The plugin {label!r} is not loaded. Purge it with a command of its own, in which it is: "
            f"{_setting(label)} ostriv plugin purge {label}"
        )

    def _confirmed(self, label: str) -> bool:
        self.stdout.write(f"Type {label} to remove all this: ", ending="")
        self.stdout.flush()
        try:
            return input().strip() == label
        except EOFError:
            self._say("")
            return False

    def _say(self, sentence: str) -> None:
        self.stdout.write(sentence)


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _setting(label: str) -> str:
    labels = [plugin.label for plugin in settings.OSTRIV_PLUGINS]
    return f"OSTRIV_PLUGINS={','.join([*labels, label])}"


def _unknown(label: str) -> str:
    if label in _core_labels():
        return f"{label!r} is {_CORE}."
    return f"There is no plugin {label!r}. {nearest(label, list(found_plugins()))}"


def _core_labels() -> set[str]:
    from django.apps import apps

    return {config.label for config in apps.get_app_configs()} - {plugin.label for plugin in settings.OSTRIV_PLUGINS}
