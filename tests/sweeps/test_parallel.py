"""The picture of a sweep's trials, for a wide screen and for a narrow one."""

from pathlib import Path as FilePath

import pytest

from runner.sweeps.parallel import Parallel, parallel
from runner.sweeps.table import Row
from schemas.sweep import Scalar
from tests.sweeps.made import definition

CHOICES = "{choice: [0.00125, 0.0025, 0.005, 0.01, 0.02, 0.04, 0.08]}"


def row(number: int, rate: float, units: int, value: float, state: str = "finished") -> Row:
    """A trial of a learning rate and units."""
    values: dict[str, Scalar] = {"optimizer.learning_rate": rate, "model.layers.0.units": units}
    return Row(number, values, state, value, 3, ())


@pytest.fixture
def pictures(tmp_path: FilePath) -> list[Parallel]:
    """Two trials, of which the second is better: its loss is smaller."""
    of = definition(tmp_path, rate="{log: [1e-5, 0.1]}")
    return parallel(of, [row(0, 1e-5, 4, 0.75, "pruned"), row(1, 0.1, 10, 0.25)])


def test_upright_axes_are_side_by_side_with_the_best_on_top(pictures: list[Parallel]) -> None:
    wide = pictures[0]
    assert wide.look == "wide"
    xs = [axis.low[0] for axis in wide.axes]
    assert xs == sorted(xs) == [axis.high[0] for axis in wide.axes]
    assert [[label.text for label in axis.labels] for axis in wide.axes] == [
        ["1e-05", "0.1", "learning_rate"], ["4", "16", "units"], ["0.75", "0.25", "val_loss"],
    ]  # fmt: skip
    best = [tuple(map(float, point.split(","))) for point in wide.paths[-1].points.split()]
    (x0, top), (x1, middle), (x2, end) = best
    assert wide.paths[-1].look == "best"
    assert [x0, x1, x2] == pytest.approx(xs, abs=0.1)
    assert (top, end) == (wide.axes[0].high[1], wide.axes[2].high[1])
    assert middle == pytest.approx(sum(end[1] for end in (wide.axes[1].low, wide.axes[1].high)) / 2, abs=0.1)


def test_level_axes_are_one_below_the_other_with_the_best_on_the_right(pictures: list[Parallel]) -> None:
    narrow = pictures[1]
    assert narrow.look == "narrow"
    ys = [axis.low[1] for axis in narrow.axes]
    assert ys == sorted(ys) == [axis.high[1] for axis in narrow.axes]
    assert [label.text for label in narrow.axes[0].labels] == ["optimizer.learning_rate", "1e-05", "0.1"]
    points = [tuple(map(float, point.split(","))) for point in narrow.paths[-1].points.split()]
    assert points == [(354.0, ys[0]), (180.0, ys[1]), (354.0, ys[2])]
    assert narrow.paths[0].look == "ended"
    edges = [label for axis in narrow.axes for label in axis.labels if label.anchor == "middle"]
    assert not edges
    assert all(label.y < narrow.size[1] for axis in narrow.axes for label in axis.labels)


def test_choices_that_do_not_fit_side_by_side_are_written_only_at_the_ends(tmp_path: FilePath) -> None:
    wide, narrow = parallel(definition(tmp_path, rate=CHOICES), [row(0, 0.005, 4, 0.5), row(1, 0.02, 8, 0.4)])
    assert [label.text for label in wide.axes[0].labels[:7]] == [
        "0.00125",
        "0.0025",
        "0.005",
        "0.01",
        "0.02",
        "0.04",
        "0.08",
    ]
    assert [label.text for label in narrow.axes[0].labels[1:]] == ["0.00125", "0.08"]


def test_no_trial_with_a_result_is_no_picture(tmp_path: FilePath) -> None:
    assert parallel(definition(tmp_path), []) == []
