"""Columns fit the width."""

import pytest

from runner.sinks.layout import Column, Layout, fit
from runner.sinks.table import EpochTable
from tests.sinks.script import ended, started

TABLE = EpochTable.start(started(10)).including(ended(0, 1000))


@pytest.mark.parametrize(
    ("width", "missing"),
    [
        (120, set()),
        (80, {"phase"}),
        (66, {"phase", "time"}),
        (60, {"phase", "time"}),
        (51, {"phase", "time", "momentum"}),
        (42, {"phase", "time", "momentum", "val_accuracy"}),
        (18, {"phase", "time", "momentum", "val_accuracy", "val_loss", "accuracy", "best", "learning_rate"}),
        (5, {"phase", "time", "momentum", "val_accuracy", "val_loss", "accuracy", "best", "learning_rate", "loss"}),
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
    table = EpochTable.start(started(1)).including(ended(0, 100, momentum=None))
    assert "momentum" not in {column.key for column in table.columns(stacked=True)}


def test_a_metric_that_an_epoch_lacks_is_a_dash() -> None:
    assert TABLE.cells(ended(0, 1000, metrics={"loss": 1.0}))["val_loss"] == "-"


def test_a_cell_that_is_too_long_is_cut() -> None:
    assert Layout([Column("a", ("a",), 3), Column("b", ("b",), 1)]).line({"a": "12345", "b": "x"}) == "12~  x"


def test_long_and_hostile_metric_names_are_cut_and_inert() -> None:
    table = EpochTable.start(started(1, metrics=("loss", "\x1b[31m" + "x" * 40)))
    assert table.columns(stacked=True)[3].heading == ("", "\\x1b[31mxxxxx~")
