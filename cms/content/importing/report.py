"""What an import did, in plain values and on one screen."""

import time
from collections import Counter
from dataclasses import dataclass, field

#: Of a million bad lines nobody reads more than the first; the total is counted all the same.
PROBLEMS_KEPT = 100
LINES_NAMED = 5
_PROBLEMS_SHOWN = 15
_NAMES_SHOWN = 10


@dataclass(frozen=True)
class Problem:
    """Why a line was not imported: its number in the file, its id if it has one, the field, and the reason."""

    line: int
    id: str
    field: str
    reason: str

    def __str__(self) -> str:
        where = f"line {self.line}" + (f" ({self.id})" if self.id else "")
        return f"{where}: {self.field}: {self.reason}" if self.field else f"{where}: {self.reason}"


@dataclass
class Tally:
    """How often something happened, and in which lines first."""

    count: int = 0
    lines: list[int] = field(default_factory=list)

    def add(self, line: int, count: int = 1) -> None:
        self.count += count
        if len(self.lines) < LINES_NAMED and line not in self.lines:
            self.lines.append(line)

    def __str__(self) -> str:
        named = ", ".join(str(line) for line in self.lines)
        more = ", ..." if self.count > len(self.lines) else ""
        return f"{self.count} (line {named}{more})" if len(self.lines) == 1 else f"{self.count} (lines {named}{more})"


@dataclass
class ImportReport:
    """Counts, problems and losses of one import."""

    dry_run: bool = False
    lines: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    #: Pages edited in the admin since their import, whose source changed too; the import left them alone.
    kept: int = 0
    failed: int = 0
    problems: list[Problem] = field(default_factory=list)
    problems_total: int = 0
    kept_ids: list[str] = field(default_factory=list)
    #: Pages that stand below another page than the ``parent`` of their line; an import moves none.
    elsewhere: int = 0
    elsewhere_ids: list[str] = field(default_factory=list)
    dropped: dict[str, Tally] = field(default_factory=dict)
    changed: dict[str, Tally] = field(default_factory=dict)
    unknown_fields: dict[str, Tally] = field(default_factory=dict)
    made: Counter[str] = field(default_factory=Counter)
    #: Sections that the file named by slug only: their names were made of the slugs.
    named_by_slug: list[str] = field(default_factory=list)
    seconds: float = 0.0
    _started: float = field(default_factory=time.monotonic, repr=False)

    @property
    def written(self) -> int:
        return self.created + self.updated

    @property
    def rate(self) -> float:
        """Lines a second."""
        seconds = self.seconds or time.monotonic() - self._started
        return self.lines / seconds if seconds else 0.0

    def fail(self, problems: list[Problem]) -> None:
        """A line was not imported, for these reasons."""
        self.failed += 1
        self.problems_total += len(problems)
        self.problems.extend(problems[: PROBLEMS_KEPT - len(self.problems)])

    def keep(self, import_id: str) -> None:
        self.kept += 1
        if len(self.kept_ids) < PROBLEMS_KEPT:
            self.kept_ids.append(import_id)

    def note_elsewhere(self, import_id: str) -> None:
        self.elsewhere += 1
        if len(self.elsewhere_ids) < PROBLEMS_KEPT:
            self.elsewhere_ids.append(import_id)

    def note(self, table: dict[str, Tally], name: str, line: int, count: int = 1) -> None:
        table.setdefault(name, Tally()).add(line, count)

    def finish(self) -> None:
        self.seconds = time.monotonic() - self._started
        self.problems.sort(key=lambda problem: problem.line)

    def as_dict(self) -> dict[str, object]:
        """The report as plain JSON values."""
        return {
            "dry_run": self.dry_run,
            "lines": self.lines,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "kept": self.kept,
            "kept_ids": self.kept_ids,
            "elsewhere": self.elsewhere,
            "elsewhere_ids": self.elsewhere_ids,
            "failed": self.failed,
            "problems": [problem.__dict__ for problem in self.problems],
            "problems_total": self.problems_total,
            "dropped": {name: tally.__dict__ for name, tally in sorted(self.dropped.items())},
            "changed": {name: tally.__dict__ for name, tally in sorted(self.changed.items())},
            "unknown_fields": {name: tally.__dict__ for name, tally in sorted(self.unknown_fields.items())},
            "made": dict(sorted(self.made.items())),
            "named_by_slug": self.named_by_slug,
            "seconds": round(self.seconds, 3),
            "rate": round(self.rate, 1),
        }

    def as_text(self) -> str:
        """The report for a terminal."""
        would = "would be " if self.dry_run else ""
        rows = [
            f"{self.lines} lines in {self.seconds:.1f} s ({self.rate:.0f} a second)"
            + (": a dry run, nothing was changed" if self.dry_run else ""),
            f"  {would}created {self.created}, {would}updated {self.updated}, unchanged {self.unchanged}, "
            f"kept (edited here) {self.kept}, failed {self.failed}",
        ]
        if self.made:
            rows.append(f"  {would}made: " + ", ".join(f"{count} {name}" for name, count in sorted(self.made.items())))
        if self.named_by_slug:
            rows.append(f"Sections named after their slugs, to be named in the admin: {_some(self.named_by_slug)}")
        rows += _tallies("Fields of no meaning here, left out:", self.unknown_fields)
        rows += _tallies("In the text, kept in another form:", self.changed)
        rows += _tallies("In the text, not kept:", self.dropped)
        if self.kept:
            rows.append("Edited here since their import, left alone (--overwrite imports them too):")
            rows.append(f"  {_some(self.kept_ids, self.kept)}")
        if self.elsewhere:
            rows.append("Standing below another page than their `parent`, not moved (move them in the admin):")
            rows.append(f"  {_some(self.elsewhere_ids, self.elsewhere)}")
        if self.problems_total:
            rows.append(f"{self.failed} lines were not imported:")
            rows += [f"  {problem}" for problem in self.problems[:_PROBLEMS_SHOWN]]
            if (more := self.problems_total - _PROBLEMS_SHOWN) > 0:
                rows.append(f"  and {more} more (--json lists up to {PROBLEMS_KEPT})")
        return "\n".join(rows)


def _tallies(title: str, table: dict[str, Tally]) -> list[str]:
    if not table:
        return []
    ordered = sorted(table.items(), key=lambda entry: -entry[1].count)
    rows = [title, *(f"  {name}: {tally}" for name, tally in ordered[:_NAMES_SHOWN])]
    if len(ordered) > _NAMES_SHOWN:
        rows.append(f"  and {len(ordered) - _NAMES_SHOWN} more (--json lists all)")
    return rows


def _some(names: list[str], total: int = 0) -> str:
    total = total or len(names)
    more = f" and {total - _NAMES_SHOWN} more" if total > _NAMES_SHOWN else ""
    return ", ".join(names[:_NAMES_SHOWN]) + more
