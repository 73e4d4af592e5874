"""A repeated recipe on the terminal: which of its runs comes next, and what they have in common."""

import shlex
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from runner.text import printable
from runner.workflows.repeats import Spread, figures
from runner.wrapping import LABEL, labelled


def rest_lines(file: Path, missing: int) -> Iterator[str]:
    """How the runs that have not finished are made up for."""
    if missing:
        runs = "1 run has" if missing == 1 else f"{missing} runs have"
        command = f"recipe run {shlex.quote(str(file))} --resume"
        yield f"{'repeat':<{LABEL}}{runs} not finished; `{printable(command)}` trains the rest"


def announce(index: int, count: int, name: str, *, done: str | None = None) -> None:
    """Print on stderr which run comes next, or where the one lies that is finished."""
    what = f"{name}, finished in {done}" if done is not None else name
    space = "\n" if index > 1 else ""
    print(space + labelled("repeat", f"run {index} of {count}: {what}", sys.stderr), file=sys.stderr)


def spread_lines(runs: int, spreads: Mapping[str, Spread]) -> Iterator[str]:
    """Mean ± standard error of every metric, with the least and the largest value."""
    yield f"{'repeat':<{LABEL}}mean ± standard error of {runs} runs"
    rows = [(printable(name), *figures(spread)) for name, spread in spreads.items()]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for name, middle, between, count in rows:
        fewer = "" if int(count) == runs else f"  ({count} runs)"
        yield f"{'':<{LABEL}}{name:<{widths[0]}}  {middle:<{widths[1]}}  {between}{fewer}".rstrip()


def as_json(names: list[str], spreads: Mapping[str, Spread]) -> dict[str, Any]:
    """The runs that a recipe stands for, and the spread of its metrics."""
    return {"runs": names, "metrics": {name: asdict(spread) for name, spread in spreads.items()}}
