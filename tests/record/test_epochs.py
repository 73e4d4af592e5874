"""The epochs of a run with their metrics, and lines of one step."""

import json
from dataclasses import replace
from io import StringIO
from math import inf, nan
from pathlib import Path

import pytest

from runner.events import Steps, parse
from runner.record import history_forms
from runner.record.epochs import read_epochs
from runner.record.events_file import EventsWriter
from runner.record.single_steps import single_step
from tests.sinks.script import ended, started, whole_run


def test_each_epoch_has_its_validation_metrics(tmp_path: Path) -> None:
    with EventsWriter(tmp_path / "events.jsonl") as writer:
        for event in whole_run(3):
            writer(event)
    out, epochs = StringIO(), read_epochs(tmp_path / "events.jsonl")
    history_forms.as_csv(epochs.heading, epochs.rows(), out)
    heading, *rows = out.getvalue().splitlines()
    assert heading == ("epoch,steps,phase,learning_rate,momentum,loss,accuracy,val_loss,val_accuracy,seconds,best")
    assert [row.split(",")[:2] for row in rows] == [["1", "100"], ["2", "200"], ["3", "300"]]
    assert [row.rsplit(",", 1)[1] for row in rows] == ["true", "false", "true"]
    out = StringIO()
    history_forms.as_json(epochs.heading, epochs.rows(2), out)
    assert [row["val_loss"] for row in json.loads(out.getvalue())] == [
        ended(epoch, 300).metrics["val_loss"] for epoch in (1, 2)
    ]


def test_an_epoch_that_was_done_again_counts_once(tmp_path: Path) -> None:
    again = ended(1, 300, metrics={"loss": 0.25})
    with EventsWriter(tmp_path / "events.jsonl") as writer:
        for event in (started(3), ended(0, 300), ended(1, 300), started(3, resumed_at=150), again):
            writer(event)
    rows = list(read_epochs(tmp_path / "events.jsonl").rows())
    assert [(row[0], row[5]) for row in rows] == [(1, ended(0, 300).metrics["loss"]), (2, 0.25)]


ONE = Steps(first_step=7, epoch=0, learning_rate=(1e-05,), momentum=(0.9,), loss=(0.5,), examples=8, seconds=0.1)


@pytest.mark.parametrize(
    "event",
    [ONE, replace(ONE, momentum=None), replace(ONE, loss=(nan,)), replace(ONE, loss=(-inf,)), replace(ONE, time=1.0),
     replace(ONE, weight_decay=(0.01,)), replace(ONE, compiled=True, skipped=1), replace(ONE, seconds=1.5e-07),
     replace(ONE, metrics={}), replace(ONE, metrics={"loss": 0.25, "mean_squared_error": 1e-07})],
)  # fmt: skip
def test_a_line_of_one_step_is_read_as_the_model_reads_it(event: Steps) -> None:
    line = event.to_json().encode() + b"\n"
    found, whole = single_step(line), parse(line)
    assert found is not None
    assert isinstance(whole, Steps)
    read = (whole.first_step, whole.epoch, whole.learning_rate, whole.momentum, whole.loss, whole.weight_decay)
    assert repr((found.step, found.epoch, *map(as_tuple, found[2:]))) == repr(read)


def as_tuple(value: float | None) -> tuple[float, ...] | None:
    return None if value is None else (value,)


@pytest.mark.parametrize(
    ("old", "new"),
    [("7", "-7"), ("7", "7.5"), ("7", "1" + "0" * 30), ("7", '"7"'), ("[0.9]", "[]"), ("[0.5]", "[0.5,0.5]"),
     ("1e-05", "-1e-05"), ("1e-05", "1e999"), ("1e-05", "NaN"), ("0.9", "Infinity"), ("0.1,", "NaN,"), ("}", "},")],
)  # fmt: skip
def test_what_the_pattern_does_not_know_is_left_to_the_model(old: str, new: str) -> None:
    line = replace(ONE, time=1.0).to_json()
    assert old in line
    assert single_step((line.replace(old, new, 1) + "\n").encode()) is None
