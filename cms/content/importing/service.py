"""Imports: lines or dicts in, pages and a report out."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection, transaction
from wagtail.models import Locale

from cms.content.importing.filing import Filing, FilingError
from cms.content.importing.history import edited_here
from cms.content.importing.indexes import finish_search
from cms.content.importing.items import Newsroom
from cms.content.importing.lock import only_import
from cms.content.importing.pages import Writer, translation_key
from cms.content.importing.preparing import Prepared, prepare
from cms.content.importing.reading import read_objects
from cms.content.importing.report import ImportReport, Problem
from cms.content.models import ContentPage
from cms.content.types import content_types

#: Pages in a transaction: enough to share the cost of statements, few enough to hold an editor up for half a second.
BATCH = 200
#: Teasers whose target has not come yet wait for the end of the file, at most this many.
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
            types={name: model for name, model in content_types().items() if _importable(model)},
            locales=list(Locale.objects.values_list("language_code", flat=True)),
            default_locale=Locale.get_default().language_code,
        )
        with connection.cursor() as cursor:
            # Ids seen in this run. In the session's own temporary table, because a file may have millions.
            cursor.execute("CREATE TEMP TABLE IF NOT EXISTS import_seen (id text PRIMARY KEY, line integer NOT NULL)")
            cursor.execute("TRUNCATE import_seen")

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
        for start in range(0, len(self.waiting), BATCH):
            self._write(self.waiting[start : start + BATCH])
        if self.report.written and not self.report.dry_run:
            finish_search()
        self.report.finish()
        return self.report

    # --- batches ---

    def _flush(self) -> None:
        batch, self.batch = self._first_of_each_id(self.batch), []
        self._write(batch)
        if self.progress:
            self.progress(self.report)

    def _write(self, batch: list[Prepared]) -> None:
        if not batch:
            return
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
                    self._fail(prepared, "", f"the database refused it: {str(error).splitlines()[0]}")

    def _write_together(self, batch: list[Prepared]) -> None:
        """Write a batch in one transaction; the report counts it only when that is done."""
        try:
            with transaction.atomic():
                plan = _Plan(batch, overwrite=self.overwrite, last_chance=self.at_end)
                writer = Writer(self.filing, plan.targets)
                if not self.report.dry_run:
                    writer.write(plan.new, plan.existing)
        except BaseException:
            self.filing.forget()
            raise
        self._count(plan, writer)

    def _count(self, plan: "_Plan", writer: Writer) -> None:
        report = self.report
        report.created += len(plan.new)
        report.updated += len(plan.existing)
        report.unchanged += plan.unchanged
        for prepared in plan.kept:
            report.keep(prepared.item.id)
        for prepared, field, reason in plan.refused:
            self._fail(prepared, field, reason)
        for prepared in plan.waiting:
            if len(self.waiting) < MAX_WAITING:
                self.waiting.append(prepared)
            else:
                self._fail(prepared, "target", "stands after the teaser, and too many others wait for theirs")
        report.made.update(writer.made)
        report.made.update(self.filing.made)
        report.named_by_slug.extend(self.filing.named_by_slug)
        self.filing.made.clear()
        self.filing.named_by_slug.clear()

    def _fail(self, prepared: Prepared, field: str, reason: str) -> None:
        self.report.fail([Problem(prepared.line, prepared.item.id, field, reason)])

    def _first_of_each_id(self, batch: list[Prepared]) -> list[Prepared]:
        """Without the items whose id an earlier line of this file has; those are bad lines."""
        if not batch:
            return []
        ids = [prepared.item.id for prepared in batch]
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO import_seen SELECT DISTINCT ON (id) id, line"
                " FROM unnest(%s::text[], %s::int[]) AS given (id, line)"
                " ORDER BY id, line ON CONFLICT (id) DO NOTHING",
                [ids, [prepared.line for prepared in batch]],
            )
            if cursor.rowcount == len(batch):
                return batch
            cursor.execute("SELECT id, line FROM import_seen WHERE id = ANY(%s)", [ids])
            seen = dict(cursor.fetchall())
        for prepared in batch:
            if seen[prepared.item.id] != prepared.line:
                self._fail(prepared, "id", f"is the id of line {seen[prepared.item.id]} already")
        return [prepared for prepared in batch if seen[prepared.item.id] == prepared.line]


class _Plan:
    """What is to be done with each item of a batch, by what is in the database."""

    def __init__(self, batch: list[Prepared], *, overwrite: bool, last_chance: bool):
        self.new: list[Prepared] = []
        self.existing: list[tuple[Prepared, ContentPage]] = []
        self.unchanged = 0
        self.kept: list[Prepared] = []
        self.refused: list[tuple[Prepared, str, str]] = []
        self.waiting: list[Prepared] = []
        self.last_chance = last_chance
        there = {
            page.import_id: page
            for page in ContentPage.objects.filter(
                import_id__in=[prepared.item.id for prepared in batch]
            ).select_related("content_type", "locale")
        }
        changed = []
        for prepared in batch:
            page = there.get(prepared.item.id)
            if page is None:
                self.new.append(prepared)
            elif page.import_fingerprint == prepared.fingerprint:
                self.unchanged += 1
            elif (kind := page.specific_class) is not prepared.item.model:
                self.refuse(prepared, "type", f"was {kind.get_type_name()!r} before; a type can't change")
            elif (code := page.locale.language_code) != prepared.item.locale:
                self.refuse(prepared, "locale", f"was {code!r} before; a language can't change")
            else:
                changed.append((prepared, page))
        edited = set() if overwrite or not changed else edited_here(page for _prepared, page in changed)
        self.kept = [prepared for prepared, page in changed if page.pk in edited]
        self.existing = [(prepared, page) for prepared, page in changed if page.pk not in edited]
        self.targets = self._find_targets()
        self._refuse_taken_slugs()
        self._refuse_second_translations()
        self._load()

    def refuse(self, prepared: Prepared, field: str, reason: str) -> None:
        self.refused.append((prepared, field, reason))
        self.new = [each for each in self.new if each is not prepared]
        self.existing = [pair for pair in self.existing if pair[0] is not prepared]

    def _all(self) -> list[Prepared]:
        return [*self.new, *(prepared for prepared, _page in self.existing)]

    def _find_targets(self) -> dict[str, int]:
        wanted = {prepared.item.target for prepared in self._all() if prepared.item.target}
        if not wanted:
            return {}
        targets = dict(ContentPage.objects.filter(import_id__in=wanted).values_list("import_id", "pk"))
        for prepared in self._all():
            if prepared.item.target and prepared.item.target not in targets:
                if self.last_chance:
                    self.refuse(prepared, "target", f"there is no item {prepared.item.target!r}, here or in the file")
                else:
                    self.waiting.append(prepared)
                    self.new = [each for each in self.new if each is not prepared]
                    self.existing = [pair for pair in self.existing if pair[0] is not prepared]
        return targets

    def _refuse_taken_slugs(self) -> None:
        """A slug that an item asks for must be free; one made of a headline gives way by itself."""
        asked: dict[tuple[str, str], Prepared] = {}
        for prepared in self._all():
            key = (prepared.item.locale, prepared.item.slug)
            if prepared.item.slug and asked.setdefault(key, prepared) is not prepared:
                self.refuse(prepared, "slug", f"{prepared.item.slug!r} is the slug of line {asked[key].line} already")
        if not asked:
            return
        own = {prepared.item.id: page.pk for prepared, page in self.existing}
        pages = ContentPage.objects.filter(slug__in={slug for _locale, slug in asked}).select_related("locale")
        for page in pages:
            prepared = asked.get((page.locale.language_code, page.slug))
            if prepared is not None and own.get(prepared.item.id) != page.pk:
                self.refuse(prepared, "slug", f"{page.slug!r} is the slug of another page: “{page.title}”")

    def _refuse_second_translations(self) -> None:
        keys = {translation_key(prepared): prepared for prepared in self.new}
        seen: dict[tuple[object, str], Prepared] = {}
        for prepared in list(self.new):
            first = seen.setdefault((translation_key(prepared), prepared.item.locale), prepared)
            if first is not prepared:
                code = prepared.item.locale
                self.refuse(prepared, "translation_of", f"line {first.line} is its translation into {code!r} already")
        for page in ContentPage.objects.filter(translation_key__in=keys).select_related("locale"):
            for prepared in list(self.new):
                same_language = prepared.item.locale == page.locale.language_code
                if same_language and translation_key(prepared) == page.translation_key:
                    self.refuse(prepared, "translation_of", f"“{page.title}” is its translation already")

    def _load(self) -> None:
        """Replace the plain pages of ``existing`` by specific ones."""
        loaded: dict[int, ContentPage] = {}
        for model in {prepared.item.model for prepared, _page in self.existing}:
            ids = [page.pk for prepared, page in self.existing if prepared.item.model is model]
            loaded |= model.objects.select_related("locale").in_bulk(ids)
        self.existing = [(prepared, loaded[page.pk]) for prepared, page in self.existing]


def _importable(model: type[ContentPage]) -> bool:
    """Types that may stand in the folder of a year."""
    return any("FolderPage" in str(parent) for parent in model.parent_page_types)
