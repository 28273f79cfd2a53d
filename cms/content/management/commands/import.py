# ruff: noqa: N999 (the command is called that)
"""``ostriv import FILE.jsonl``: the terminal's side of :mod:`cms.content.importing`."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, no_translations

from cms.content.importing import ImportReport, ImportRunningError, import_lines
from cms.content.importing.reading import lines_of

BAD_LINES, UNUSABLE = 1, 2


class Command(BaseCommand):
    help = (
        "Import articles and other content from a file with one JSON object a line (docs/operator/import.md). "
        "Exit code 0: all lines went in; 1: some did not; 2: nothing was read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE.jsonl", help="the file, or - for standard input")
        parser.add_argument("--dry-run", action="store_true", help="check every line and change nothing")
        parser.add_argument("--overwrite", action="store_true", help="also import what was edited here since")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")
        parser.add_argument(
            "--files", metavar="FOLDER", help="where pictures and documents are; by default the folder of the file"
        )

    @no_translations  # reasons that come from Django are told in the language of the others
    def handle(self, *args: Any, **options: Any) -> None:
        path = None if options["file"] == "-" else Path(options["file"])
        folder = Path(options["files"]) if options["files"] else path.parent if path else None
        if folder is not None and not folder.is_dir():
            self._stop(f"There is no folder {folder}.")
        if path is None:
            self._import(sys.stdin.buffer, folder, options)
            return
        try:
            file = path.open("rb")
        except OSError as error:
            self._stop(f"Can't read {path}: {error.strerror}.")
        with file:
            self._import(file, folder, options)

    def _import(self, file: Any, folder: Path | None, options: dict[str, Any]) -> None:
        quiet = options["json"] or options["verbosity"] == 0 or not self.stderr.isatty()
        try:
            report = import_lines(
                lines_of(file),
                folder,
                dry_run=options["dry_run"],
                overwrite=options["overwrite"],
                progress=None if quiet else self._progress,
            )
        except ImportRunningError as error:
            self._stop(str(error))
        except OSError as error:
            self._stop(f"Can't read {options['file']}: {error.strerror}.")
        if not quiet:
            self.stderr.write("\r\033[K", ending="")
        if options["json"]:
            self.stdout.write(json.dumps(report.as_dict(), ensure_ascii=False, indent=2))
        else:
            self.stdout.write(report.as_text())
        if report.failed:
            sys.exit(BAD_LINES)

    def _progress(self, report: ImportReport) -> None:
        self.stderr.write(
            f"\r\033[K{report.lines} lines, {report.rate:.0f} a second, {report.failed} failed", ending=""
        )

    def _stop(self, message: str) -> Any:
        self.stderr.write(message)
        sys.exit(UNUSABLE)
