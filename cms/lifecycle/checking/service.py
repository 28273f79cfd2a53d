"""The whole check of one plugin."""

import json
import os
from contextlib import ExitStack

from cms.lifecycle import subprocesses
from cms.lifecycle.checking.source import check_source
from cms.lifecycle.checking.subject import Subject, subject_of
from cms.lifecycle.findings import Finding
from cms.registry.discovery import bundled_labels


def check(words: str) -> tuple[str, list[Finding]]:
    """The label of the plugin that these words name (a label or a path), and what is wrong with it.

    Raises NoSuchPlugin.
    """
    subject = subject_of(words)
    found = list(check_source(subject.folder, subject.plugin.package))
    if not (subject.folder / "models.py").exists() and not (subject.folder / "models").is_dir():
        found.append(Finding("models.py", "is missing: this plugin has no content type.", hint=True))
    elif not (subject.folder / "migrations" / "__init__.py").exists():
        found.append(
            Finding("migrations", "is missing.", f"Run: ostriv makemigrations {subject.plugin.label}, with it enabled.")
        )
    return subject.plugin.label, [*found, *_loaded(subject)]


def _loaded(subject: Subject) -> list[Finding]:
    """What shows when it is loaded beside the plugins of this installation."""
    label = subject.plugin.label
    with ExitStack() as stack:
        paths = [] if subject.installed else stack.enter_context(subprocesses.announced(subject.plugin, subject.folder))
        env = subprocesses.environment([*(each for each in _beside() if each != label), label], paths)
        done = subprocesses.run("cms.lifecycle.probe", label, env=env)
    try:
        return [Finding(**each) for each in json.loads(done.stdout)]
    except (ValueError, TypeError):
        last = done.stderr.strip().rpartition("\n")[2]
        return [Finding(label, f"ended the process that loaded it: {last or done.returncode}.", "Repair it.")]


def _beside() -> list[str]:
    """What is enabled here. The command itself runs without plugins, so that a broken one can be checked too."""
    labels = os.environ.get(subprocesses.BESIDE, os.environ.get("OSTRIV_PLUGINS", "*"))
    return bundled_labels() if labels == "*" else [label.strip() for label in labels.split(",") if label.strip()]
