"""Findings as annotations of GitHub Actions, which shows each beside its line of the file."""

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from runner.diagnostics import Diagnostic
from runner.source.load import Loaded


def in_actions() -> bool:
    """Whether the program runs in a workflow of GitHub Actions."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def annotate(diagnostics: Sequence[Diagnostic]) -> None:
    """Also write diagnostics as workflow commands, on stderr: what is on stdout stays as it is."""
    from runner.diagnostics import render

    sys.stderr.write(render(diagnostics, "github", color=False))


def annotate_missed(loaded: Loaded, result: Mapping[str, Any]) -> None:
    """Write an annotation for every expectation that a run missed, at its line of the recipe."""
    missed = [one for one in result["expectations"] if one["met"] is False]
    sys.stderr.writelines(f"{line}\n" for line in _lines(loaded, missed, fallback="fallback" in result))


def _lines(loaded: Loaded, missed: Iterable[Mapping[str, Any]], *, fallback: bool) -> Iterable[str]:
    from runner.diagnostics.machine_readable import annotation

    assert loaded.document is not None
    place = ("data", "fallback", "expect") if fallback else ("expect",)
    for one in missed:
        span = loaded.document.text((*place, one["metric"])).span
        message = f"expected {one['metric']} {one['bound']}, got {one['value']}"
        yield annotation("error", "expectation missed", message, span)
