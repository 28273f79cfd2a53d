"""Importing content from other systems: the service behind ``ostriv import``."""

from cms.content.importing.lock import ImportRunningError
from cms.content.importing.report import ImportReport, Problem
from cms.content.importing.service import import_items, import_lines

__all__ = ["ImportReport", "ImportRunningError", "Problem", "import_items", "import_lines"]
