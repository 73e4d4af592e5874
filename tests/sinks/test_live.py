"""The live display, drawn on a screen in memory and on a real pseudo-terminal."""

import os
import signal
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pexpect  # type: ignore[import-untyped]
import pytest
from rich.console import Console

from runner.events import DeviceChosen, Event, RunStarted, Stage, Warned
from runner.sinks import live_view
from runner.sinks.live import LiveSink
from runner.sinks.live_state import Training
from tests.cli.program import LIMIT
from tests.sinks.screen import TerminalScreen
from tests.sinks.script import call, ended, finished, started, whole_run

FINAL = """\
recipe    mnist_1cycle, seed 42, fingerprint 0a1b2c3d
data      tfds mnist 3.0.1, batches of 128
model     266,610 parameters
steps     300 in 3 epochs, 100 per epoch
schedule  rise 135, fall 135, final 30 steps
run       runs/mnist_1cycle/20260102-030405-0a1b2c3d
device    CPU, 2 threads (no GPU: no NVIDIA driver was found)

       learning                               val      val
epoch      rate momentum    loss accuracy    loss accuracy   time   phase
─────────────────────────────────────────────────────────────────────────
  1/3   0.07404  0.87596  1.0146   0.7994  0.5415   0.8496  1.20s * rise
  2/3   0.07585  0.87415  0.2557   0.9361  0.1726   0.9521  1.20s   fall
  plateau: rate x0.5; val_loss 0.0812, best 0.0712, wait 3
  3/3 0.0001109  0.94989  0.0989   0.9700  0.0810   0.9775  1.20s * final
* best val_accuracy so far

result    finished
test      loss 0.0512, accuracy 0.9841
best      epoch 3, val_accuracy 0.9852
expected  test_accuracy >= 0.983: met (0.9841)
time      18.2s total, 12.7s training, 300 steps
run       runs/mnist_1cycle/20260102-030405-0a1b2c3d
"""

UNDER_WAY = """\

       learning                               val      val
epoch      rate momentum    loss accuracy    loss accuracy   time   phase
─────────────────────────────────────────────────────────────────────────
  1/3   0.07404  0.87596  1.0146   0.7994  0.5415   0.8496  1.20s * rise
  2/3  0.099889  0.85011  0.4355   0.8548                           fall
* best val_accuracy so far

fall  epoch 2/3  step 150/300  ETA 2s  12,800 examples/s
━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━─────────────────────────────────────   50%
rate 0.099889   momentum 0.85011        loss 0.3080  log scale
          ▂▃▄▅▆▇███                     █▇▆▅▄▃▂▁
▁▁▁▁▂▃▄▆▇██████████                     █████████▇▇▆▅▄▃▂▁▁▁"""


def terminal(width: int = 80, height: int = 24) -> tuple[Console, StringIO]:
    stream = StringIO()
    console = Console(
        file=stream, force_terminal=True, width=width, height=height, color_system="256", markup=False,
        highlight=False, emoji=False, _environ={},
    )  # fmt: skip
    return console, stream


def show(*events: Event, width: int = 80, height: int = 24) -> TerminalScreen:
    console, stream = terminal(width, height)
    sink = LiveSink(console)
    for event in events:
        sink(event)
    sink.close()
    return TerminalScreen(width).feed(stream.getvalue())


def training(epochs: int, *events: Event, **changes: object) -> Training:
    state = Training.start(started(epochs, **changes))
    for event in events:
        state.apply(event)
    return state


def test_what_stays_on_the_screen() -> None:
    screen = show(*whole_run(3, "plateau"))
    assert screen.text == FINAL
    assert screen.overflowed == []
    assert screen.cursor_shown


def test_the_display_in_the_middle_of_an_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.monotonic", lambda: 0.0)
    events = [*(call(0, part, 300) for part in range(4)), ended(0, 300), call(1, 0, 300), call(1, 1, 300)]
    lines = live_view.training(training(3, *events), None, 80, 24)
    assert "\n".join(line.plain.rstrip() for line in lines) == UNDER_WAY


@pytest.mark.parametrize("width", [20, 40, 60, 80, 200])
@pytest.mark.parametrize("height", [6, 10, 24, 60])
def test_no_size_overflows(width: int, height: int) -> None:
    events = list(whole_run(30, "plateau", "hang"))[1:]
    metrics = ("loss", *(f"metric_with_a_long_name_{n}" for n in range(9)))
    state = training(30, *events, call(29, 3, 3000), metrics=metrics)
    stage = live_view.waiting(Stage(stage="evaluate", message="evaluating on a very long list" * 9), 0.0, width)
    for lines in (live_view.training(state, None, width, height), live_view.training(state, stage, width, height)):
        assert max(line.cell_len for line in lines) <= width
        assert len(lines) < height
    assert max(line.cell_len for line in live_view.finished(state, width)) <= width


def test_a_short_terminal_shows_the_newest_epochs_and_the_heading() -> None:
    state = training(30, *list(whole_run(30, "hang"))[1:], call(29, 3, 3000))
    lines = [line.plain.split()[:1] for line in live_view.training(state, None, 80, 24)]
    assert lines[1:4] == [["learning"], ["epoch"], ["─" * 73]]
    assert lines[4:16] == [[f"{epoch}/30"] for epoch in [*range(20, 31), 30]]
    assert lines[16] == ["*"]
    assert len(lines) == 23


@pytest.mark.parametrize("width", [60, 80])
def test_rows_that_left_a_short_screen_are_there_at_the_end(width: int) -> None:
    screen = show(*whole_run(40), width=width, height=16)
    assert screen.overflowed == []
    assert [f"{epoch}/40 " in screen.text for epoch in range(1, 41)] == [True] * 40
    assert screen.text.count(" 7/40 ") == 1


def test_hostile_text_is_inert_and_visible() -> None:
    # the screen refuses raw control characters by itself
    text = show(*whole_run(3, "hostile")).text
    assert r"recipe    [red]\x1b[2J\u202eevil, seed 42" in text
    assert r"warning   [bold]\x1b]0;title\x07 \u2066x" in text


def test_waiting_shows_what_for_and_how_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.monotonic", lambda: 172.0)
    line = live_view.waiting(Stage(stage="compile", message="compiling [b]\x1b"), 100.0, 80)
    assert line.plain[2:] == r"compiling [b]\x1b  1m12s"


def test_a_run_that_ends_before_training_has_no_table() -> None:
    end = finished(0, status="failed", message="no such dataset", metrics={}, best=None)
    text = show(Stage(stage="data", message="reading mnist"), end).text
    assert text == "\nresult    failed: no such dataset\ntime      18.2s total, 12.7s training, 0 steps\n"


def test_a_warning_stands_above_the_table() -> None:
    text = show(started(2), *(call(0, part, 200) for part in range(4)), Warned(message="careful"), ended(0, 200)).text
    assert text.index("warning   careful") < text.index("epoch  ")


def test_a_long_path_is_left_in_one_piece() -> None:
    long = "/data/" + "x" * 90
    screen = show(started(2, run_dir=long))
    assert f"run\n{long}\n" in screen.text


def test_two_runs_in_a_row_each_have_their_table() -> None:
    text = show(*whole_run(2), *whole_run(3)).text
    assert (text.count(" 1/2 "), text.count(" 1/3 "), text.count("expected")) == (1, 1, 2)


def test_a_resumed_run_goes_on_from_its_step() -> None:
    state = training(3, call(1, 0, 300), resumed_at=100)
    assert (state.epoch, state.done) == (1, 125)
    assert Training.start(started(3, resumed_at=100)).done == 100


def test_table_and_curves_of_a_resumed_run_are_whole() -> None:
    before = [*(call(0, part, 300) for part in range(4)), ended(0, 300)]
    console, stream = terminal()
    sink = LiveSink(console, past=lambda run: before if run.resumed_at == 100 else [])
    for event in (started(3, resumed_at=100), call(1, 0, 300)):
        sink(event)
    sink.close()
    whole = training(3, *before, call(1, 0, 300))
    assert sink._display.training is not None
    assert sink._display.training.rate.points(30) == whole.rate.points(30)
    assert sink._display.training.loss.points(30) == whole.loss.points(30)
    assert sink._display.training.rows == whole.rows
    assert "  1/3 " in TerminalScreen(80).feed(stream.getvalue()).text


def test_a_new_run_does_not_ask_for_a_past() -> None:
    def past(run: RunStarted) -> list[Event]:
        raise AssertionError(run)

    console, _ = terminal()
    sink = LiveSink(console, past=past)
    sink(started(3))
    sink.close()


def test_the_time_left_counts_down_and_leaves_compiling_out(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 50.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    state = training(3, call(0, 0, 300))
    assert state.remaining is None
    state.apply(call(0, 1, 300))
    assert state.remaining == pytest.approx(250 * 0.25 / 25)
    now = 51.0
    assert state.remaining == pytest.approx(250 * 0.25 / 25 - 1)


def play(*arguments: str, size: tuple[int, int] = (24, 80)) -> Any:
    environment = {**os.environ, "TERM": "xterm-256color", "PYTHONUTF8": "1"}
    for name in ("NO_COLOR", "CI", "COLUMNS", "LINES"):
        environment.pop(name, None)
    return pexpect.spawn(
        sys.executable,
        ["-m", "tests.sinks.script", *arguments],
        cwd=str(Path(__file__).parents[2]),
        env=environment,
        dimensions=size,
        encoding="utf-8",
        timeout=LIMIT,
    )


@pytest.mark.parametrize(("rows", "columns"), [(24, 80), (20, 60)])
def test_on_a_real_terminal(rows: int, columns: int) -> None:
    child = play("12", "0.01", "plateau", size=(rows, columns))
    child.expect(pexpect.EOF)
    screen = TerminalScreen(columns).feed(child.before)
    assert screen.overflowed == []
    assert screen.cursor_shown
    for epoch in range(1, 13):
        assert screen.text.count(f"{epoch:>2}/12 ") == 1
    assert "━" in child.before
    assert "━" not in screen.text
    assert "result    finished" in screen.text


def test_an_interrupt_leaves_the_terminal_in_order() -> None:
    child = play("4", "0.01", "hang")
    child.expect_exact("4/4")
    child.kill(signal.SIGINT)
    child.expect(pexpect.EOF)
    screen = TerminalScreen(80).feed(child.before)
    assert screen.cursor_shown
    assert "KeyboardInterrupt" in screen.text


def test_the_device_is_named_with_the_reason() -> None:
    event = DeviceChosen(device="GPU", description="NVIDIA A100", reason=None)
    assert "device    GPU, NVIDIA A100\n" in show(event).text
