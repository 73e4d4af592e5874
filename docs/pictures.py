"""The README's pictures, from what the program really prints: ``make pictures``.

The plan is the output of ``recipe plan``; the table is what the live display shows in the middle of a run that has just
been trained, folded from the run's record.
"""

import subprocess
import sys
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.terminal_theme import MONOKAI
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
# Without rich's window and web font: a file that loads nothing, in the reader's own monospaced font.
FORM = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" role="img">
<title>{title}</title>
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
 font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width; white-space: pre }}
{styles}
</style>
<defs>{lines}</defs>
<rect fill="#0c0c0c" width="{width}" height="{height}" rx="8"/>
<g transform="translate({terminal_x}, 14)">{backgrounds}<g class="{unique_id}-matrix">{matrix}</g></g>
</svg>
"""


def recipe(*arguments: str) -> str:
    """Standard output of the program, with colours."""
    command = [sys.executable, "-m", "runner", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def write(name: str, title: str, lines: list[Text]) -> None:
    """Write lines of a terminal as ``docs/NAME.svg``."""
    console = Console(record=True, width=WIDTH, file=StringIO(), force_terminal=True, color_system="256", markup=False)
    for line in lines:
        console.print(line, soft_wrap=True)
    form = FORM.replace("{title}", title)
    svg = console.export_svg(title=title, theme=MONOKAI, code_format=form, unique_id=name)
    (FOLDER / f"{name}.svg").write_text("".join(f"{line.rstrip()}\n" for line in svg.splitlines()), encoding="utf-8")


def plan() -> list[Text]:
    """What ``recipe plan`` prints, on as many columns as the picture has."""
    return [Text.from_ansi(line) for line in recipe("plan", RECIPE, "--color", "always").splitlines()]


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


def main() -> None:
    """Write both pictures."""
    write("plan", f"recipe plan {RECIPE}", plan())
    with TemporaryDirectory() as folder:
        run = Path(folder, "run")
        recipe("run", RECIPE, "--run-dir", str(run), "--progress", "none")
        write("table", f"recipe run {RECIPE}", table(run))


if __name__ == "__main__":
    main()
