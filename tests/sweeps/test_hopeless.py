"""A sweep is refused where no combination of its values makes a valid recipe, and only there."""

from pathlib import Path

import pytest

from runner.source.load import load
from tests.sweeps.made import TEXT

LOSSES = "training.loss: {choice: [mean_squared_error, mean_absolute_error]}"


def codes(folder: Path, ranges: str) -> list[str]:
    """What is wrong with a recipe that searches these ranges."""
    path = folder / "irises.yaml"
    head = TEXT[: TEXT.index("  ranges:")].format(epochs=3, sampler="random", pruner="none", trials="  trials: 4")
    path.write_text(f"{head}  ranges:\n" + "".join(f"    {line}\n" for line in ranges.split("\n")))
    return [each.code for each in load(path).diagnostics]


@pytest.mark.parametrize(
    "more",
    ["", "\noptimizer.learning_rate: {log: [1e-3, 0.5]}", "\ntraining.epochs: {int: [1, 9]}"],
    ids=["alone", "log", "int"],
)
def test_one_error_where_no_trial_can_train(tmp_path: Path, more: str) -> None:
    assert codes(tmp_path, LOSSES + more) == ["R760"]


def test_a_warning_for_each_value_that_another_range_may_mend(tmp_path: Path) -> None:
    others = "task: {choice: [regression]}\ndata.name: {choice: [diabetes]}"
    assert set(codes(tmp_path, f"{LOSSES}\n{others}")) == {"R466"}


def test_a_range_with_one_value_that_fits_is_no_error(tmp_path: Path) -> None:
    mixed = "training.loss: {choice: [mean_squared_error, sparse_categorical_crossentropy]}"
    assert codes(tmp_path, mixed) == ["R466"]


def test_too_many_combinations_are_not_tried(tmp_path: Path) -> None:
    units = "model.layers.0.units: {int: [1, 1000]}\ntraining.epochs: {int: [1, 1000]}"
    assert set(codes(tmp_path, f"{LOSSES}\n{units}")) == {"R466"}
