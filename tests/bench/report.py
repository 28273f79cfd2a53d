"""The figures as tables, for a terminal or for docs/performance.md."""

import statistics
from dataclasses import dataclass

from tests.bench import cases
from tests.bench.wrk import Figures


@dataclass(frozen=True)
class Measured:
    """All rounds of one kind of request to one system, and its statements a request."""

    size: int
    case: str
    system: str
    rounds: list[Figures]
    statements: float | None

    @property
    def rate(self) -> float:
        return statistics.median(each.rate for each in self.rounds)

    @property
    def p50(self) -> float:
        return statistics.median(each.p50 for each in self.rounds)

    @property
    def p99(self) -> float:
        return statistics.median(each.p99 for each in self.rounds)


@dataclass(frozen=True)
class Target:
    """What a case must show: at least ``times`` the rate of another system of the same case and size."""

    case: str
    ours: str
    theirs: str
    times: float


TARGETS = [
    Target("detail, warm", cases.WARM, cases.BARE, 0.75),
    Target("list of 20, warm", cases.WARM, cases.BARE, 0.75),
    Target("detail, cold", cases.COLD, cases.V2, 40),
    Target("list of 20, cold", cases.COLD, cases.V2, 120),
    Target("search, cold", cases.COLD, cases.V2, 40),
    Target("search without highlights, cold", cases.COLD, cases.V2, 40),
]
#: What must not grow with the archive: the rate at its smallest over the rate at its largest.
STEADY, AT_MOST = ("list of 20, cold", "filter, cold", "search, cold", "search without highlights, cold"), 1.5


@dataclass(frozen=True)
class Visible:
    """How long edits took to show, in milliseconds."""

    size: int
    how: str
    written: list[float]
    shown: list[float]

    @property
    def since_written(self) -> list[float]:
        """From the moment at which the editor's program knew that it is done; readers may see it a little before."""
        return [max(0.0, shown - written) for shown, written in zip(self.shown, self.written, strict=True)]


def rates(found: list[Measured]) -> str:
    """Every figure of every system."""
    rows = [["articles", "request", "system", "req/s", "min-max", "p50 ms", "p99 ms", "SQL", "ratio"]]
    for each in found:
        every = [one.rate for one in each.rounds]
        rows.append(
            [
                f"{each.size:,}",
                each.case,
                each.system,
                f"{each.rate:,.0f}" if each.rate >= 100 else f"{each.rate:.1f}",
                f"{min(every):,.0f}-{max(every):,.0f}",
                f"{each.p50:.2f}",
                f"{each.p99:.2f}",
                "" if each.statements is None else f"{each.statements:.3g}",
                _ratios(each, found),
            ]
        )
    return table(rows)


def _ratios(of: Measured, found: list[Measured]) -> str:
    """Of Ostriv's figure to each of the others."""
    if of.system not in (cases.WARM, cases.COLD):
        return ""
    others = [each for each in found if (each.size, each.case) == (of.size, of.case) and each is not of]
    return ", ".join(f"{of.rate / each.rate:.3g} × {each.system}" for each in others)


def verdicts(found: list[Measured], waits: list[Visible]) -> str:
    """Each target, what was measured, and whether it is reached."""
    rows = [["articles", "target", "asked for", "measured", "reached"]]
    by_key = {(each.size, each.case, each.system): each for each in found}
    sizes = sorted({each.size for each in found})
    for size in sizes:
        for target in TARGETS:
            ours, theirs = (by_key.get((size, target.case, name)) for name in (target.ours, target.theirs))
            if ours and theirs:
                ratio = ours.rate / theirs.rate
                words = [f"{size:,}", target.case, f"≥ {target.times} × {target.theirs}", f"{ratio:.3g}"]
                rows.append([*words, _yes(ratio >= target.times)])
    for case in STEADY:
        few, many = (
            by_key.get((size, case, cases.COLD)) for size in (sizes[:1] or [0], sizes[-1:] or [0]) for size in size
        )
        if few and many and few is not many:
            ratio = few.rate / many.rate
            words = [f"{few.size:,} and {many.size:,}", f"{case}, time of a request", f"≤ {AT_MOST} ×", f"{ratio:.2f}"]
            rows.append([*words, _yes(ratio <= AT_MOST)])
    for each in waits:
        for since, values in (("beginning", each.shown), ("commit", each.since_written)):
            p50, p99 = percentile(values, 50), percentile(values, 99)
            words = [f"{each.size:,}", f"visible after its {since}, {each.how}", "p50 20 ms, p99 100 ms"]
            rows.append([*words, f"{p50:.1f} ms, {p99:.1f} ms", _yes(p50 <= 20 and p99 <= 100)])
    return table(rows)


def waits(found: list[Visible]) -> str:
    """From the beginning of publishing until it was written, and until a reader saw it."""
    rows = [
        ["articles", "published", "edits", "written p50 ms", "p99", "visible p50 ms", "p99", "between p50 ms", "p99"]
    ]
    for each in found:
        every = (each.written, each.shown, each.since_written)
        figures = [percentile(values, part) for values in every for part in (50, 99)]
        rows.append([f"{each.size:,}", each.how, str(len(each.shown)), *(f"{figure:.1f}" for figure in figures)])
    return table(rows)


def percentile(values: list[float], part: int) -> float:
    """The nearest-rank percentile."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -(-len(ordered) * part // 100) - 1))]


def table(rows: list[list[str]]) -> str:
    """A table that Markdown knows, its columns in line."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    return "\n".join([lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]])


def _yes(reached: bool) -> str:
    return "yes" if reached else "no"
