"""The plan's number of steps and epochs."""

from dataclasses import replace
from typing import Any

import pytest

from runner.data.facts import DataFacts
from runner.errors import DataError
from runner.plan.make_plan import make_plan
from runner.plan.rows import plan_rows
from schemas.recipe import Recipe

FACTS = DataFacts("builtin", "made", "1", 77, 20, 0, (4,), 3)
RECIPE: dict[str, Any] = {
    "recipe": 1,
    "name": "small",
    "task": "classification",
    "data": {"source": "builtin", "name": "iris", "batch_size": 8},
    "model": {"kind": "sequential", "layers": [{"kind": "dense", "units": 5}]},
}


def plan(schedule: dict[str, Any] | None = None, **training: Any) -> Any:
    return make_plan(Recipe.model_validate({**RECIPE, "schedule": schedule, "training": training}), FACTS)


@pytest.mark.parametrize(
    ("training", "steps", "epochs"),
    [
        ({"epochs": 3}, 30, 3),
        ({"steps": 30}, 30, 3),
        ({"steps": 31}, 31, 4),
        ({"steps": 1}, 1, 1),
        ({"epochs": 3, "steps": 25}, 25, 3),
        ({"epochs": 3, "steps": 10**9}, 30, 3),
        ({"epochs": 3, "time_limit": "1 second"}, 30, 3),
    ],
)
def test_a_run_has_the_shorter_of_the_lengths_that_are_given(training: dict[str, Any], steps: int, epochs: int) -> None:
    made = plan(**training)
    assert (made.steps, made.epochs, made.steps_per_epoch) == (steps, epochs, 10)


def test_the_schedule_spans_the_steps() -> None:
    made = plan({"kind": "linear", "initial_lr": 1.0, "final_lr": 0.5}, steps=26)
    rows = list(plan_rows(made))
    assert (len(rows), rows[0].learning_rate, rows[-1].learning_rate, rows[-1].epoch) == (26, 1.0, 0.5, 3)


def test_a_run_without_a_length_has_no_plan() -> None:
    with pytest.raises(ValueError, match="epochs or steps"):
        plan()


def test_a_weight_of_a_class_that_does_not_exist_is_refused() -> None:
    with pytest.raises(DataError, match="class 3, but the 3 classes of 'made' are 0 to 2"):
        plan(epochs=1, class_weight={"3": 2.0})


@pytest.mark.parametrize("units", [1, 2, 5])
def test_an_output_that_does_not_fit_the_classes_of_the_data_is_refused(units: int) -> None:
    """Of one's own data nobody knows the classes before it is read: one unit would train on the class numbers."""
    model = {**RECIPE["model"], "output": {"units": units}}
    asked = Recipe.model_validate({**RECIPE, "model": model, "training": {"epochs": 1}})
    with pytest.raises(DataError, match=f"units must be 3, the number of classes of 'made'; received {units}"):
        make_plan(asked, FACTS)


def test_one_unit_is_enough_for_two_classes_and_a_loss_of_ones_own_reads_any() -> None:
    def with_units(units: int, **training: Any) -> Recipe:
        model = {**RECIPE["model"], "output": {"units": units}}
        return Recipe.model_validate({**RECIPE, "model": model, "training": {"epochs": 1, **training}})

    assert make_plan(with_units(1), replace(FACTS, classes=2)).loss == "binary_crossentropy"
    make_plan(with_units(4, loss={"kind": "custom", "target": "mine:loss"}), FACTS)
