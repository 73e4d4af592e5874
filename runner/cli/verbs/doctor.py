"""The verb ``recipe doctor``."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from runner.cli import options
from runner.cli.common import print_json, use_color
from runner.data.access import data_directory
from runner.doctor.datasets import data
from runner.doctor.finding import Finding, State, worst
from runner.doctor.machine import cpu, disk, terminal
from runner.doctor.packages import packages, python
from runner.doctor.tensorflow import tensorflow
from runner.hardware.gpu import System
from runner.text import printable
from runner.views.lines import Screen, paragraph, stdout_screen

_STYLES: dict[State, str] = {"ok": "", "warning": "yellow", "error": "bold red"}
_TOPIC = 12
_END: dict[State, str] = {
    "ok": "everything needed for a run is installed",
    "warning": "runs will work; see the warnings",
    "error": "runs will not work until the errors are fixed",
}


def command(
    data_dir: options.DataDir = None,
    offline: Annotated[bool, typer.Option("--offline", help="Do not contact the dataset server.")] = False,
    json: options.Json = False,
    color: options.ColorOption = "auto",
) -> None:
    """Check this machine (Python, packages, TensorFlow, GPU, data, disk, terminal) and say what to install.

    Changes and downloads nothing. Exit code: 0; 1 if something that every run needs is broken.
    """
    screen = stdout_screen(color=use_color(color, sys.stdout))
    found: list[Finding] = []
    for finding in _findings(data_dir, offline=offline):
        found.append(finding)
        if not json:
            repeated = len(found) > 1 and found[-2].topic == finding.topic
            screen.print(_lines(finding, screen, repeated=repeated))
    if json:
        print_json({"status": worst(found), "checks": [finding.to_dict() for finding in found]})
    else:
        screen.print([Text(), *paragraph(screen, _END[worst(found)])])
    raise typer.Exit(1 if worst(found) == "error" else 0)


def _findings(directory: Path | None, *, offline: bool) -> Iterator[Finding]:
    """Yield findings one by one, slow checks as late as their topic allows."""
    system = System()
    yield python()
    yield from packages()
    yield from cpu(system)
    yield from tensorflow(system)
    yield from data(data_directory(directory), offline=offline)
    yield disk()
    yield terminal(system)


def _lines(finding: Finding, screen: Screen, *, repeated: bool) -> list[Text]:
    """Topic and text, with help lines below."""
    mark = "" if finding.state == "ok" else f"{finding.state}: "
    body = paragraph(screen, printable(f"{mark}{finding.text}"), indent=_TOPIC, style=_STYLES[finding.state])
    if not repeated:
        body[0] = Text.assemble((f"{finding.topic:<{_TOPIC}}", "bold"), body[0][_TOPIC:])
    for line in finding.help:
        body += paragraph(screen, printable(f"= help: {line}"), indent=_TOPIC + 2, hang=8)
    return body
