"""What a sweep looks like on the terminal."""

import io
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from runner.cli import sweeping
from runner.cli.training import TerminalOptions
from runner.events import Warned
from runner.sweeps.board import PlainBoard, importance_lines, live_table, table, values_text
from runner.sweeps.live_board import LiveBoard
from runner.sweeps.table import Row, best
from runner.sweeps.unit import Unit
from tests.sinks.screen import TerminalScreen
from tests.sweeps.made import definition

RATE, UNITS = "optimizer.learning_rate", "model.layers.0.units"


def rows() -> list[Row]:
    """Trials of every state."""
    return [
        Row(0, {RATE: 0.01, UNITS: 4}, "finished", 0.5, 3, ("a",)),
        Row(1, {RATE: 0.1, UNITS: 8}, "finished", 0.25, 3, ("b",)),
        Row(2, {RATE: 0.5, UNITS: 8}, "failed", None, 1, ("c",), "the loss of step 9 is \x1b[31mnan"),
        Row(3, {RATE: 0.3, UNITS: 16}, "pruned", 0.125, 1, ("d",)),
        Row(4, {RATE: 0.2, UNITS: 16}, "revived", 0.25, 1, ("e",)),
        Row(5, {RATE: 0.2, UNITS: 12}, "running", None, 0, ("f",)),
    ]


def test_the_table_marks_the_best_and_wraps_values_to_fit_the_width(tmp_path: Path) -> None:
    of = definition(tmp_path)
    assert list(table(rows(), of, 80)) == [
        "trial  state     val_loss  epochs  values",
        "    0  finished    0.5000       3  learning_rate 0.01, units 4",
        "    1  best        0.2500       3  learning_rate 0.1, units 8",
        "    2  failed                   1  learning_rate 0.5, units 8  (the loss of step",
        "                                   9 is \\x1b[31mnan)",
        "    3  pruned      0.1250       1  learning_rate 0.3, units 16",
        "    4  revived     0.2500       1  learning_rate 0.2, units 16",
        "    5  running                     learning_rate 0.2, units 12",
    ]
    for width in (40, 120):
        assert all(len(line) <= width for line in table(rows(), of, width))
    assert "\x1b" not in "".join(table(rows(), of, 200))


def test_values_stand_below_their_trial_where_there_is_no_room_beside_it(tmp_path: Path) -> None:
    assert list(table(rows()[:1], definition(tmp_path), 40)) == [
        "trial  state  val_loss  epochs",
        "    0  best     0.5000       3",
        "  learning_rate 0.01, units 4",
    ]


def test_what_is_drawn_anew_has_a_line_for_each_trial(tmp_path: Path) -> None:
    lines = list(live_table(rows(), definition(tmp_path), 60))
    assert len(lines) == 1 + len(rows())
    assert all(len(line) <= 60 for line in lines)
    assert lines[3].endswith("~")


def test_importance_is_a_share_as_in_the_report() -> None:
    assert list(importance_lines({"schedule.max_lr": 0.574, "seed": 0.05}))[2:] == [
        "  schedule.max_lr  57%",
        "  seed             5%",
    ]


def test_of_equal_results_the_first_is_the_best_and_a_pruned_one_never(tmp_path: Path) -> None:
    found = best(definition(tmp_path), rows())
    assert found is not None
    assert found.number == 1
    assert best(definition(tmp_path), rows()[2:4]) is None


def test_values_of_one_name_are_told_apart_by_their_paths() -> None:
    both = {"model.layers.0.units": 4, "model.layers.1.units": 8, "seed": 1}
    assert values_text(both) == "model.layers.0.units 4, model.layers.1.units 8, seed 1"


def test_a_line_is_printed_for_each_trial_that_ends_here_or_elsewhere(tmp_path: Path) -> None:
    stream, now = io.StringIO(), rows()[:1]
    board = PlainBoard(stream, definition(tmp_path), lambda: now)
    now = rows()
    board.changed()
    board.changed()
    board.waiting()
    board.waiting()
    assert stream.getvalue().splitlines() == [
        "sweep     trial 1 finished: val_loss 0.2500 after 3 epochs",
        "sweep     trial 2 failed: the loss of step 9 is \\x1b[31mnan",
        "sweep     trial 3 pruned: val_loss 0.1250 after 1 epoch",
        "sweep     trial 4 revived: val_loss 0.2500 after 1 epoch",
        "sweep     the last trials are trained by other workers; waiting for them",
    ]


def unit(number: int) -> Unit:
    """What a board shows of a run."""
    return cast(Unit, SimpleNamespace(number=number, values={RATE: 0.1}, goes_on=False))


def test_a_warning_that_every_trial_has_is_printed_once(tmp_path: Path) -> None:
    stream = io.StringIO()
    board = PlainBoard(stream, definition(tmp_path), list, told=["the recipe warns of 3"])
    for number in range(3):
        board.event(unit(number), Warned(message=f"10% are {number}.4 epochs"))
        board.event(unit(number), Warned(message=f"the recipe warns of {number}"))
    board.event(unit(2), Warned(message="another"))
    assert stream.getvalue().splitlines() == [
        "sweep     trial 0: warning: 10% are 0.4 epochs",
        "sweep     trial 2: warning: another",
    ]


def test_a_process_that_trains_one_trial_leaves_its_end_to_the_one_that_started_it(tmp_path: Path) -> None:
    stream, now = io.StringIO(), rows()[:1]
    board = PlainBoard(stream, definition(tmp_path), lambda: now, ends=False)
    board.began(unit(1))
    now = rows()
    board.changed()
    assert stream.getvalue() == "sweep     trial 1 of 4 begins: learning_rate 0.1\n"


@pytest.fixture
def live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A live board of 120 columns; ``rows`` can be changed, and ``lines`` are what the screen shows."""
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("LINES", "30")
    stream = io.StringIO()
    shown = SimpleNamespace(rows=[], lines=lambda: TerminalScreen(120).feed(stream.getvalue()).text.splitlines())
    shown.board = LiveBoard(stream, definition(tmp_path), lambda: shown.rows)
    yield shown
    shown.board.close()


def test_a_trial_whose_process_is_starting_is_running_not_stopped(live: Any) -> None:
    stopped = Row(1, {RATE: 0.1}, "stopped", None, 0, ("b",))
    live.rows = [rows()[0], stopped]
    live.board.changed()
    assert "    1  stopped" in live.lines()[2]  # nobody trains it
    live.board.apart(1)
    assert "    1  running" in live.lines()[2]
    assert live.lines()[3] == "1 of 4 trials ended; trial 1 trains in a process of its own"
    live.rows = [rows()[0], Row(2, {RATE: 0.1}, "stopped", None, 0, ())]
    live.board.changed()
    assert "    2  running" in live.lines()[2]  # it was just drawn, and has no run yet


def test_the_live_board_tells_a_warning_once_above_itself(live: Any) -> None:
    for number in range(3):
        live.board.event(unit(number), Warned(message="10% are 0.4 epochs"))
    assert [line for line in live.lines() if line] == [
        "trial 0: warning: 10% are 0.4 epochs",
        "0 of 4 trials ended",
    ]


@pytest.mark.parametrize("live", [True, False])
def test_a_process_for_one_trial_prints_nothing_into_a_live_board(live: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []
    board = SimpleNamespace(changed=None, close=lambda: None)
    search = SimpleNamespace(board=lambda *_, **__: board, work=lambda _, apart, only: apart(1))
    monkeypatch.setattr(sweeping, "wants_live", lambda *_: live)
    monkeypatch.setattr(sweeping, "work_apart", lambda verb, arguments, meanwhile: started.append(arguments))
    asked = sweeping.Asked(Path("a.yaml"), (), None, False, None, False, False, None, False, None)
    sweeping._work(cast(Any, search), asked, (), TerminalOptions("auto", False, "auto", False))
    assert [("--quiet" in arguments, arguments[-4:]) for arguments in started] == [
        (live, ["--only", "1", "--progress", "plain"])
    ]
