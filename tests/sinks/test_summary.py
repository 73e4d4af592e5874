"""The object that ``--json`` prints."""

from runner.events import ExpectationChecked, RunEnded
from runner.sinks.summary import SummarySink


def test_every_expectation_is_listed_with_what_became_of_it() -> None:
    sink = SummarySink({"test_accuracy": ">= 0.9", "val_loss": "<= 0.1", "loss": "<= 1"})
    sink(ExpectationChecked(metric="val_loss", expectation="<= 0.1", value=0.25, met=False))
    sink(ExpectationChecked(metric="loss", expectation="<= 1", value=0.5, met=True))
    assert sink.result()["expectations"] == [
        {"metric": "test_accuracy", "bound": ">= 0.9", "value": None, "met": None},
        {"metric": "val_loss", "bound": "<= 0.1", "value": 0.25, "met": False},
        {"metric": "loss", "bound": "<= 1", "value": 0.5, "met": True},
    ]


def test_a_run_that_was_stopped_has_tested_none() -> None:
    sink = SummarySink({"test_accuracy": ">= 0.9"})
    sink(
        RunEnded(
            status="interrupted", message=None, steps=3, seconds_total=1, seconds_training=1, metrics={}, best=None
        )
    )
    assert [one["met"] for one in sink.result()["expectations"]] == [None]


def test_a_recipe_that_expects_nothing_has_an_empty_list() -> None:
    assert SummarySink().result()["expectations"] == []
