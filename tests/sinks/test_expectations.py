"""Each bound with its value, on a quiet screen and in the object of ``--json``."""

from collections.abc import Iterable
from io import StringIO
from typing import Any

from runner.events import Evaluated, Event, ExpectationChecked
from runner.sinks.alerts import AlertsSink
from runner.sinks.plain_lines import PlainSink
from runner.sinks.summary import SummarySink
from tests.sinks.script import finished, started

CHECKS = [
    ExpectationChecked(metric="val_loss", expectation="<= 0.1", value=0.6372, met=False),
    ExpectationChecked(metric="test_accuracy", expectation=">= 0.9", value=0.95, met=True),
    ExpectationChecked(metric="loss", expectation="< 1", value=None, met=None),
]
MISSED = finished(300, status="expectation_missed", message="1 of 2 expectations missed", metrics={"val_loss": 0.6372})


def quiet(*events: Event) -> str:
    stream = StringIO()
    sink = AlertsSink(stream)
    for event in events:
        sink(event)
    return stream.getvalue()


def result(events: Iterable[Event]) -> dict[str, Any]:
    sink = SummarySink()
    for event in events:
        sink(event)
    return sink.result()


def test_a_quiet_screen_names_each_bound_of_a_run_that_missed_one() -> None:
    assert (
        quiet(started(3), *CHECKS, MISSED)
        == """\
result    finished, but missed an expectation: 1 of 2 expectations missed
expected  val_loss <= 0.1: missed (0.6372)
expected  test_accuracy >= 0.9: met (0.9500)
expected  loss < 1: not tested
"""
    )


def test_a_quiet_screen_stays_empty_where_all_are_met() -> None:
    assert quiet(started(3), CHECKS[1], finished(300)) == ""
    assert "val_loss" not in quiet(started(3), CHECKS[0], finished(1), started(3), finished(1, status="failed"))


def test_the_result_has_each_bound_with_its_value() -> None:
    assert result([started(3), *CHECKS, MISSED])["expectations"] == [
        {"metric": "val_loss", "bound": "<= 0.1", "value": 0.6372, "met": False},
        {"metric": "test_accuracy", "bound": ">= 0.9", "value": 0.95, "met": True},
        {"metric": "loss", "bound": "< 1", "value": None, "met": None},
    ]
    assert result([started(3), finished(300, checkpoint=28)])["checkpoint"] == 28


def test_the_summary_has_the_final_figures_of_every_part() -> None:
    stream = StringIO()
    sink = PlainSink(stream)
    sink(started(3))
    sink(finished(300, metrics={"loss": 0.5, "val_loss": 0.25, "test_loss": 0.75}))
    assert "test      loss 0.7500\nmetrics   loss 0.5000, val_loss 0.2500\n" in stream.getvalue()


def test_an_evaluation_within_an_epoch_has_a_line_between_the_rows() -> None:
    stream = StringIO()
    sink = PlainSink(stream)
    sink(started(3))
    sink(Evaluated(split="validation", metrics={"val_loss": 0.31}, examples=9, step=1500, best=True))
    sink(Evaluated(split="test", metrics={"test_loss": 0.31}, examples=9))
    assert stream.getvalue().endswith("\n  step 1,500: val_loss 0.3100, best so far\n")
