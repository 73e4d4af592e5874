"""The benchmarks' table: on the screen as it grows, at the end in docs/benchmarks.md and, in part, in the README."""

import os
import platform
import re
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from runner.hardware.cores import cores

DOCS = Path(__file__).parents[2] / "docs" / "benchmarks.md"
README = Path(__file__).parents[2] / "README.md"
BEGIN, END = "<!-- made by `make bench` -->", "<!-- end -->"
"""What is between these lines is generated."""
PACKAGES = ("tensorflow", "keras", "numpy", "torch", "lightning")


@dataclass(frozen=True)
class Row:
    """One contestant in one case; several rounds of each."""

    case: str
    contestant: str
    seconds: tuple[float, ...]
    """Of each round."""
    ratios: tuple[float, ...] = ()
    """To the engine, or to what else the case compares with, of each round."""
    peak: float | None = None
    """MiB of memory."""

    @property
    def cells(self) -> tuple[str, ...]:
        """What the table shows."""
        rounds = f" ({', '.join(f'{ratio:.2f}' for ratio in self.ratios)})" if len(self.ratios) > 1 else ""
        ratio = f"{statistics.median(self.ratios):.2f}{rounds}" if self.ratios else ""
        peak = "" if self.peak is None else f"{self.peak:,.0f} MiB"
        return self.case, self.contestant, f"{statistics.median(self.seconds):.3f}", ratio, peak


HEADINGS = ("case", "contestant", "seconds", "ratio (rounds)", "peak memory")


def markdown(rows: Iterable[Row]) -> list[str]:
    """The rows as a table."""
    return [
        f"| {' | '.join(HEADINGS)} |",
        "|---|---|---:|---:|---:|",
        *(f"| {' | '.join(row.cells)} |" for row in rows),
    ]


def machine(rounds: int) -> str:
    """Where and when the figures were measured, and with what."""
    found = []
    for package in PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    python = f"Python {platform.python_version()}, {', '.join(found)}"
    return f"{date.today():%d %B %Y}, {processor()}, {cores()} cores; {python}; medians of {rounds} rounds."


def processor() -> str:
    """The processor's name."""
    information = Path("/proc/cpuinfo")
    named = (
        re.search(r"^model name\s*:\s*(.+)$", information.read_text("utf-8"), re.M) if information.exists() else None
    )
    return named[1].strip() if named is not None else platform.processor() or platform.machine()


def written(text: str, lines: Sequence[str]) -> str:
    """The text with the lines in place of what was generated before.

    Raises:
        ValueError: the text has no place for them.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"there must be a line {BEGIN} and behind it a line {END}")
    return "\n".join([before + BEGIN, "", *lines, "", END + after])


def quoted(rows: Sequence[Row]) -> list[str]:
    """What the README shows of them: seconds an epoch of the two networks that everybody knows."""
    columns = {
        "engine": "`recipe`",
        "fit": "Keras `fit`, learning rate set per batch",
        "lightning": "PyTorch Lightning",
    }
    there = {(row.case, row.contestant): statistics.median(row.seconds) for row in rows}
    kept = [name for name in columns if all((case, name) in there for case in ("mlp", "lenet"))]
    lines = [f"| | {' | '.join(columns[name] for name in kept)} |", f"|---|{'---|' * len(kept)}"]
    for case, said in (("mlp", "MLP"), ("lenet", "LeNet")):
        lines.append(f"| {said} | {' | '.join(f'{there[case, name]:.2f}' for name in kept)} |")
    return lines


def write(rows: Sequence[Row], rounds: int) -> None:
    """Put the figures into both files."""
    for path, lines in ((DOCS, [machine(rounds), "", *markdown(rows)]), (README, quoted(rows))):
        new = path.with_name(f"{path.name}.new")
        new.write_text(written(path.read_text("utf-8"), lines), "utf-8")
        os.replace(new, path)
