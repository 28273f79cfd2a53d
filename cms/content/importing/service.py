"""Imports: lines or dicts in, pages and a report out."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.db import DatabaseError, transaction
from wagtail.models import Locale

from cms.content.importing.filing import Filing, FilingError
from cms.content.importing.items import Newsroom
from cms.content.importing.lock import only_import
from cms.content.importing.pages import Writer
from cms.content.importing.places import is_importable
from cms.content.importing.plan import Plan, in_order
from cms.content.importing.preparing import Prepared, prepare
from cms.content.importing.reading import read_objects
from cms.content.importing.refusals import words_of
from cms.content.importing.report import ImportReport, Problem
from cms.content.importing.seen import Seen
from cms.content.types import content_types

#: Pages in a transaction: enough to share the cost of statements, few enough to hold an editor up for half a second.
BATCH = 200
#: Items that refer to one that has not come yet wait for the end of the file, at most this many.
MAX_WAITING = 10_000

Progress = Callable[[ImportReport], None]


def import_lines(
    lines: Iterable[bytes | str],
    base_dir: Path | None,
    *,
    dry_run: bool = False,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Import JSON lines (the format of docs/operator/import.md).

    ``base_dir`` is the folder in which the files of items are looked for; None if there is none. ``progress`` is
    called with the growing report after each batch. Bad lines are in the report; good ones are written. Raises
    ImportRunningError if another import runs.
    """
    with only_import():
        run = _Run(base_dir, dry_run=dry_run, overwrite=overwrite, progress=progress)
        for number, data in read_objects(lines):
            run.take(number, data)
        return run.finish()


def import_items(
    items: Iterable[dict[str, Any]], base_dir: Path | None = None, *, dry_run: bool = False, overwrite: bool = False
) -> ImportReport:
    """Import items that are dicts already; "lines" in the report are their numbers from 1."""
    with only_import():
        run = _Run(base_dir, dry_run=dry_run, overwrite=overwrite)
        for number, data in enumerate(items, start=1):
            run.take(number, data)
        return run.finish()


class _Run:
    """One import, from its first line to its report."""

    def __init__(self, base_dir: Path | None, *, dry_run: bool, overwrite: bool, progress: Progress | None = None):
        self.base_dir = base_dir
        self.overwrite = overwrite
        self.progress = progress
        self.report = ImportReport(dry_run=dry_run)
        self.filing = Filing()
        self.batch: list[Prepared] = []
        self.waiting: list[Prepared] = []
        self.at_end = False
        self.newsroom = Newsroom(
            types={name: model for name, model in content_types().items() if is_importable(model)},
            locales=list(Locale.objects.values_list("language_code", flat=True)),
            default_locale=Locale.get_default().language_code,
        )
        self.seen = Seen()

    def take(self, number: int, data: dict[str, Any] | Problem) -> None:
        """Take one line; write a batch when one is full."""
        self.report.lines += 1
        if isinstance(data, Problem):
            self.report.fail([data])
            return
        outcome = prepare(number, data, self.newsroom, self.base_dir)
        for name in outcome.unknown:
            self.report.note(self.report.unknown_fields, name, number)
        if outcome.prepared is None:
            self.report.fail(outcome.problems)
            return
        for name, count in outcome.dropped.items():
            self.report.note(self.report.dropped, name, number, count)
        for name, count in outcome.changed.items():
            self.report.note(self.report.changed, name, number, count)
        self.batch.append(outcome.prepared)
        if len(self.batch) >= BATCH:
            self._flush()

    def finish(self) -> ImportReport:
        self._flush()
        self.at_end = True
        self._write(self.waiting)
        self.report.finish()
        return self.report

    # --- batches ---

    def _flush(self) -> None:
        batch, self.batch = self._first_of_each_id(self.batch), []
        self._write(batch)
        if self.progress:
            self.progress(self.report)

    def _write(self, items: list[Prepared]) -> None:
        """Write these items, each after those that it refers to."""
        for part in in_order(items):
            for start in range(0, len(part), BATCH):
                self._write_batch(part[start : start + BATCH])

    def _write_batch(self, batch: list[Prepared]) -> None:
        try:
            self._write_together(batch)
        except (DatabaseError, FilingError):
            # One of them does not go in (an editor took its slug meanwhile, say). Alone each finds its own fate.
            for prepared in batch:
                try:
                    self._write_together([prepared])
                except FilingError as problem:
                    self._fail(prepared, problem.field, problem.reason)
                except DatabaseError as error:
                    self._fail(prepared, "", f"the database refused it: {words_of(error)}")

    def _write_together(self, batch: list[Prepared]) -> None:
        """Write a batch in one transaction; the report counts it only when that is done."""
        try:
            with transaction.atomic():
                plan = Plan(
                    batch,
                    overwrite=self.overwrite,
                    last_chance=self.at_end,
                    planned=self.seen.planned if self.report.dry_run else None,
                )
                writer = Writer(self.filing, {name: page.pk for name, page in plan.known.items()})
                if self.report.dry_run:
                    self.seen.would_create(plan.new)
                else:
                    writer.write(plan.new, plan.existing)
        except BaseException:
            self.filing.forget()
            raise
        self._count(plan, writer)

    def _count(self, plan: Plan, writer: Writer) -> None:
        report = self.report
        report.created += len(plan.new)
        report.updated += len(plan.existing)
        report.unchanged += plan.unchanged
        for prepared in plan.kept:
            report.keep(prepared.item.id)
        for prepared in plan.elsewhere:
            report.note_elsewhere(prepared.item.id)
        for prepared, field, reason in plan.refused:
            self._fail(prepared, field, reason)
        for prepared, field in plan.waiting:
            if len(self.waiting) < MAX_WAITING:
                self.waiting.append(prepared)
            else:
                self._fail(prepared, field, "has not come before this line, and too many others wait for theirs")
        report.made.update(writer.made)
        report.made.update(self.filing.made)
        report.named_by_slug.extend(self.filing.named_by_slug)
        self.filing.made.clear()
        self.filing.named_by_slug.clear()

    def _fail(self, prepared: Prepared, field: str, reason: str) -> None:
        self.report.fail([Problem(prepared.line, prepared.item.id, field, reason)])

    def _first_of_each_id(self, batch: list[Prepared]) -> list[Prepared]:
        """Without the items whose id an earlier line of this file has; those are bad lines."""
        seen = self.seen.add(batch)
        for prepared in batch:
            if seen[prepared.item.id] != prepared.line:
                self._fail(prepared, "id", f"is the id of line {seen[prepared.item.id]} already")
        return [prepared for prepared in batch if seen[prepared.item.id] == prepared.line]
