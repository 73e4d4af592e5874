"""The benchmarks' table: on the screen as it grows, in docs/benchmarks.md and, in part, in the README."""

import os
import platform
import re
import statistics
import sys
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
    """Of each round; none where it was not measured."""
    ratios: tuple[float, ...] = ()
    """To the engine, or to what else the case compares with, of each round."""
    peak: float | None = None
    """MiB of memory."""

    @property
    def cells(self) -> tuple[str, ...]:
        """What the table shows."""
        if not self.seconds:
            return self.case, self.contestant, "not measured", "", ""
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
    """When and where the figures were measured, and with what."""
    return f"{date.today():%d %B %Y}, {where(rounds)}"


def where(rounds: int) -> str:
    """Machine, versions and rounds: rows of one table agree in them."""
    found = []
    for package in PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    python = f"Python {platform.python_version()}, {', '.join(found)}"
    return f"{processor()}, {cores()} cores; {python}; medians of {rounds} rounds."


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
    there = {(row.case, row.contestant): statistics.median(row.seconds) for row in rows if row.seconds}
    kept = [name for name in columns if all((case, name) in there for case in ("mlp", "lenet"))]
    lines = [f"| | {' | '.join(columns[name] for name in kept)} |", f"|---|{'---|' * len(kept)}"]
    for case, said in (("mlp", "MLP"), ("lenet", "LeNet")):
        lines.append(f"| {said} | {' | '.join(f'{there[case, name]:.2f}' for name in kept)} |")
    return lines


def _measured_before() -> tuple[str, list[str]]:
    """The line on machine and versions, and the rows, of the table that is there; empty if there is none."""
    lines = DOCS.read_text("utf-8").partition(BEGIN)[2].partition(END)[0].strip().splitlines()
    rows = [line for line in lines if line.startswith("| ")][1:]
    return (lines[0], rows) if rows else ("", [])


def is_mergeable(rounds: int) -> bool:
    """Whether there is a table, and rows measured now may stand beside its own."""
    before, rows = _measured_before()
    return bool(rows) and where(rounds) in before


def require_mergeable(rounds: int) -> None:
    """Leave the program unless rows measured now may stand beside those of the table that is there."""
    if is_mergeable(rounds):
        return
    before, rows = _measured_before()
    if not rows:
        sys.exit("PART: docs/benchmarks.md has no table yet; run `make bench` without PART first")
    sys.exit(
        f"PART: the table in docs/benchmarks.md was measured elsewhere: {before}\n"
        f"here: {where(rounds)}\nrun `make bench` without PART"
    )


def merged(before: Sequence[str], rows: Sequence[Row], order: Sequence[str]) -> list[str]:
    """Lines of a table in which the rows of each case that was measured again replace those before.

    Args:
        before: lines of its rows, without the headings.
        rows: measured now.
        order: of the cases; rows of others, which are measured no more, go.
    """
    renewed = {row.case for row in rows}
    heading, rule, *lines = markdown(rows)
    kept = [line for line in before if _case(line) in order and _case(line) not in renewed]
    return [heading, rule, *sorted([*kept, *lines], key=lambda line: order.index(_case(line)))]


def _case(line: str) -> str:
    return line.split("|")[1].strip()


def write(rows: Sequence[Row], rounds: int, order: Sequence[str] = ()) -> None:
    """Put the figures into both files.

    Args:
        rows: what was measured.
        rounds: of each.
        order: of all cases, where the rows are put among those of the table that is there; the README is renewed if
            both of its networks are among them.
    """
    renewed = dict.fromkeys(row.case for row in rows)
    lines = merged(_measured_before()[1], rows, order) if order else markdown(rows)
    again = {_case(line) for line in lines[2:]} != set(renewed)
    said = [machine(rounds) + (f" Last measured again: {', '.join(renewed)}." if again else "")]
    places = [(DOCS, [*said, "", *lines])]
    if {"mlp", "lenet"} <= {row.case for row in rows}:
        places.append((README, quoted(rows)))
    for path, text in places:
        new = path.with_name(f"{path.name}.new")
        new.write_text(written(path.read_text("utf-8"), text), "utf-8")
        os.replace(new, path)
