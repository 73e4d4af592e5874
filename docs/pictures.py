"""The README's pictures, from what the program really prints: ``make pictures``.

The texts are the output of the verbs; the table is what the live display shows in the middle of a run that has just
been trained, folded from the run's record. Each picture has the colours of a light and of a dark terminal, and takes
those that the reader's browser asks for. The report is a screenshot by Chromium, and is left as it is without one.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.terminal_theme import MONOKAI, TerminalTheme
from rich.text import Text

from runner.events import DeviceChosen, RunStarted, Steps
from runner.record.events_file import read_events
from runner.sinks import live_view, notes
from runner.sinks.live_state import Training

RECIPE = "mnist_1cycle"
FOLDER = Path(__file__).parent
WIDTH = 80
SHOWN = 0.66
"""Share of the run that the picture of the table has behind it."""
STEP = 3000
"""That the picture of ``recipe inspect`` looks into."""
PAGE = (900, 1640)
"""Pixels of the report that are shown: its head, its summary and its first curves."""
LIGHT = TerminalTheme(
    (255, 255, 255),
    (31, 35, 40),
    [
        (31, 35, 40), (179, 30, 40), (26, 116, 49), (140, 94, 0), (9, 87, 173), (146, 51, 168), (11, 112, 128),
        (87, 96, 106),
    ],
)  # fmt: skip
# Without rich's window and web font: a file that loads nothing, in the reader's own monospaced font.
FORM = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" role="img">
<title>{title}</title>
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
 font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width; white-space: pre }}
.{unique_id}-paper {{ fill: #0c0c0c }}
{styles}
@light
</style>
<defs>{lines}</defs>
<rect class="{unique_id}-paper" x="0.5" y="0.5" width="99.9%" height="99.9%" rx="8"/>
<g transform="translate({terminal_x}, 14)">{backgrounds}<g class="{unique_id}-matrix">{matrix}</g></g>
</svg>
"""


def recipe(*arguments: str, folder: Path | None = None) -> str:
    """Standard output of the program, with colours."""
    command = [sys.executable, "-m", "runner", *arguments]
    paths = {"PYTHONPATH": os.pathsep.join([os.fspath(FOLDER.parent), os.environ.get("PYTHONPATH", "")])}
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder, env={**os.environ, **paths})
    return done.stdout


def write(name: str, title: str, lines: Sequence[Text]) -> None:
    """Write lines of a terminal as ``docs/NAME.svg``."""
    console = Console(record=True, width=WIDTH, file=StringIO(), force_terminal=True, color_system="256", markup=False)
    for line in lines:
        console.print(line, soft_wrap=True)

    def drawn(theme: TerminalTheme) -> str:
        form = FORM.replace("{title}", title)
        return console.export_svg(title=title, theme=theme, code_format=form, unique_id=name, clear=False)

    rules = "\n".join(re.findall(rf"^ *\.{name}-r\d+ .*$", drawn(LIGHT), flags=re.MULTILINE))
    paper = f".{name}-paper {{ fill: #ffffff; stroke: #d0d7de }}"
    light = f"@media (prefers-color-scheme: light) {{\n{paper}\n{rules}\n}}"
    text = drawn(MONOKAI).replace("@light", light)
    (FOLDER / f"{name}.svg").write_text("".join(f"{line.rstrip()}\n" for line in text.splitlines()), encoding="utf-8")


def printed(*arguments: str, folder: Path | None = None) -> list[Text]:
    """What a verb prints, on as many columns as the pictures have."""
    return [Text.from_ansi(line) for line in recipe(*arguments, "--color", "always", folder=folder).splitlines()]


def table(run: Path) -> list[Text]:
    """Header and live display of a run in its middle."""
    state: Training | None = None
    lines: list[Text] = []
    for event in read_events(run / "events.jsonl"):
        if isinstance(event, RunStarted):
            state = Training.start(event)
            said = notes.laid_out(notes.header(event), WIDTH)
            lines += [Text(line).copy() for line in said if not line.startswith("run ")]
        elif isinstance(event, DeviceChosen):
            lines += map(Text, notes.laid_out([notes.device(event)], WIDTH))
        elif state is not None:
            state.apply(event)
            if isinstance(event, Steps) and state.under_way and state.done > SHOWN * state.run.steps:
                break
    assert state is not None
    for line in lines:
        line.stylize("dim", 0, notes.LABEL)
    return [*lines, *live_view.training(state, None, WIDTH, 60)]


def trained(folder: Path) -> Iterator[str]:
    """Two runs of the recipe that differ in the peak of their schedule, with evaluations."""
    for rate in ("0.3", "0.1"):
        options = ("--progress", "none", "--json", "--set", f"schedule.max_lr={rate}", "--set", "expect=null")
        run = json.loads(recipe("run", RECIPE, *options, folder=folder))["run_dir"]
        recipe("evaluate", run, folder=folder)
        yield run


def report(run: Path, browser: str) -> None:
    """Screenshots of the report, light and dark, as ``docs/report-light.png`` and ``docs/report-dark.png``."""
    recipe("report", str(run))
    width, height = PAGE
    for scheme, number in (("light", 1), ("dark", 0)):
        picture = FOLDER / f"report-{scheme}.png"
        options = [f"--blink-settings=preferredColorScheme={number}", f"--window-size={width},{height}"]
        options += ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--screenshot={picture}"]
        subprocess.run([browser, *options, (run / "report.html").as_uri()], check=True, capture_output=True)


def main() -> None:
    """Write all pictures."""
    write("plan", f"recipe plan {RECIPE}", printed("plan", RECIPE))
    for scheme, options in (("light", ()), ("dark", ("--dark",))):
        recipe("plan", RECIPE, "--no-shapes", "--plot", str(FOLDER / f"schedule-{scheme}.svg"), *options)
    with TemporaryDirectory() as name:
        folder = Path(name).resolve()
        before, run = trained(folder)
        write("table", f"recipe run {RECIPE}", table(folder / run))
        write("runs", "recipe runs", printed("runs", folder=folder))
        write("compare", "recipe compare", printed("compare", before, run, folder=folder))
        looked = printed("inspect", run, "--step", str(STEP), "--top", "4", folder=folder)
        write("inspect", f"recipe inspect --step {STEP}", looked)
        browser = shutil.which("chromium") or shutil.which("google-chrome")
        if browser is not None:
            report(folder / run, browser)


if __name__ == "__main__":
    main()
