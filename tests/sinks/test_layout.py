"""Columns fit the width."""

import pytest

from runner.events import PhaseRow
from runner.sinks.epoch_table import EpochTable
from runner.sinks.headings import stacked
from runner.sinks.layout import Column, Layout, fit
from tests.sinks.script import ended, started

TABLE = EpochTable.start(started(10)).including(ended(0, 1000))


@pytest.mark.parametrize(
    ("width", "missing"),
    [
        (120, set()),
        (80, set()),
        (70, {"time"}),
        (60, {"time", "accuracy"}),
        (51, {"time", "accuracy", "val_accuracy"}),
        (40, {"time", "accuracy", "val_accuracy", "momentum"}),
        (34, {"time", "accuracy", "val_accuracy", "momentum", "phase"}),
        (24, {"time", "accuracy", "val_accuracy", "momentum", "phase", "learning_rate"}),
        (15, {"time", "accuracy", "val_accuracy", "momentum", "phase", "learning_rate", "best", "val_loss"}),
        (5, {"time", "accuracy", "val_accuracy", "momentum", "phase", "learning_rate", "best", "val_loss", "loss"}),
    ],
)
def test_the_least_important_columns_go_first(width: int, missing: set[str]) -> None:
    columns = TABLE.columns(stacked=True)
    layout = fit(columns, width)
    assert {column.key for column in columns} - {column.key for column in layout.columns} == missing
    assert layout.width <= width


def test_headings_of_validation_are_stacked_to_save_width() -> None:
    above, below = Layout(TABLE.columns(stacked=True)).heading()
    assert above == "        learning                                   val       val"
    assert below == "epoch       rate  momentum     loss  accuracy     loss  accuracy    time     phase"


def test_validation_comes_after_training_whatever_the_order_of_the_events() -> None:
    table = EpochTable.start(started(1, metrics=("val_loss", "loss")))
    assert table.metrics == ("loss", "val_loss")


def test_an_optimizer_without_momentum_has_no_such_column() -> None:
    table = EpochTable.start(started(1, momentum=False)).including(ended(0, 100, momentum=None))
    assert "momentum" not in {column.key for column in table.columns(stacked=True)}


def test_a_metric_that_an_epoch_lacks_is_a_dash() -> None:
    assert TABLE.cells(ended(0, 1000, metrics={"loss": 1.0}))["val_loss"] == "-"


def test_a_cell_is_never_cut() -> None:
    assert Layout([Column("a", ("a",), 3), Column("b", ("b",), 1)]).line({"a": "12345", "b": "x"}) == "12345  x"


@pytest.mark.parametrize("value", [2.778e-4, 7.702e-07, 27780.4, -3.1e-12, 1.5e30, float("nan"), float("-inf"), -99.9])
def test_a_figure_is_shown_whole_or_its_column_is_left_out(value: float) -> None:
    names = ("loss", "mean_absolute_error", "val_loss", "val_mean_absolute_error")
    event = ended(0, 1000, metrics=dict.fromkeys(names, value), learning_rate=7.702e-07)
    table = EpochTable.start(started(10, metrics=names)).including(event)
    cells = table.cells(event)
    for width in range(5, 130):
        layout = fit(table.columns(stacked=True), width)
        line = layout.line(cells)
        assert len(line) <= width
        shown = [cells[column.key] for column in layout.columns if cells[column.key]]
        assert line.split() == shown, width


@pytest.mark.parametrize("metrics", [("accuracy",), ("accuracy", "top_5_accuracy"), ("mean_absolute_error",)])
@pytest.mark.parametrize("phase", ["rise", "a phase with a very long name"])
def test_at_80_columns_phase_and_momentum_stay(metrics: tuple[str, ...], phase: str) -> None:
    names = ("loss", *metrics, *(f"val_{name}" for name in ("loss", *metrics)))
    phases = (PhaseRow(name=phase, start=0, stop=100),)
    event = ended(0, 10000, metrics=dict.fromkeys(names, 7.702e-07), phase=phase)
    table = EpochTable.start(started(100, metrics=names, phases=phases)).including(event)
    shown = {column.key for column in fit(table.columns(stacked=True), 80).columns}
    assert shown >= {"epoch", "learning_rate", "momentum", "phase", "loss", "val_loss", "best"}


def test_a_table_has_all_its_columns_before_the_first_step() -> None:
    assert [column.key for column in EpochTable.start(started(10)).columns(stacked=True)] == [
        "epoch", "learning_rate", "momentum", "loss", "accuracy", "val_loss", "val_accuracy", "time", "best", "phase",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("loss", ("loss",)),
        ("val_loss", ("val", "loss")),
        ("learning_rate", ("learning", "rate")),
        ("val_top_5_accuracy", ("val", "top 5", "accuracy")),
        ("val_mean_absolute_error", ("val mean", "absolute", "error")),
    ],
)
def test_a_heading_is_broken_to_be_narrow(name: str, lines: tuple[str, ...]) -> None:
    assert stacked(name) == lines


def test_long_and_hostile_metric_names_are_cut_and_inert() -> None:
    table = EpochTable.start(started(1, metrics=("loss", "\x1b[31m" + "x" * 40)))
    assert table.columns(stacked=True)[4].heading == ("", "\\x1b[31mxxxxx~")
