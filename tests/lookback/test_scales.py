"""Y axes of a report: chosen from the curves, and honest about what they leave out."""

import re
from itertools import pairwise

import numpy as np
import pytest

from runner.lookback.chart import HEIGHT, LEFT, TOP, Across, Chart, Line, chart
from runner.lookback.evaluation_charts import matrix_of
from runner.lookback.reduce import Curve
from runner.lookback.scales import linear, logarithmic, settled

ACCURACY = [0.2, 0.6, 0.9, 0.91, 0.93, 0.92, 0.94, 0.95, 0.95, 0.96] + [0.96] * 10


def curve(values: list[float]) -> Curve:
    return Curve(np.arange(1.0, len(values) + 1), np.array(values))


def drawn(values: list[float], *, log: bool = False) -> Chart:
    across = Across("epoch", 1.0, float(len(values)))
    found = chart("accuracy", [Line("training", "line-1", curve(values))], across, log=log, settle=True)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("values", "low", "high"),
    [
        ([0.5, 0.9], 0.468, 0.932),  # of the data, not of zero
        ([0.001, 0.1], 0.0, 0.10792),  # but not below zero where no value is
        ([-1.0, 1.0], -1.16, 1.16),
        ([0.05, 0.05], 0.046, 0.054),
    ],
)
def test_an_axis_has_the_values_and_a_margin(values: list[float], low: float, high: float) -> None:
    scale = linear([curve(values)])
    assert (scale.low, scale.high) == (pytest.approx(low), pytest.approx(high))


def test_epochs_that_would_take_most_of_the_axis_are_cut_and_said() -> None:
    found = drawn(ACCURACY)
    assert found.note == "epochs 1 to 2 are off the scale"
    scale = linear([curve(ACCURACY)], after=2)
    assert scale.low > 0.89
    points = [tuple(map(float, pair.split(","))) for pair in found.lines[0].points.split()]
    bottom = TOP + found.inside[3]
    assert points[0][1] == pytest.approx(bottom, abs=0.06)  # it comes in through the lower edge, between two epochs
    assert LEFT < points[0][0] < points[1][0]
    assert all(TOP <= y <= bottom + 0.06 < HEIGHT for _, y in points)
    assert len(points) == len(ACCURACY) - 1
    assert drawn([1 - value for value in ACCURACY]).note == "epochs 1 to 2 are off the scale"
    assert drawn(ACCURACY[1:]).note == "epoch 1 is off the scale"


@pytest.mark.parametrize(
    "values", [[0.1, 0.5], [0.2] + [0.9] * 20, np.linspace(0.1, 0.9, 20).tolist(), [0.5], [3.2, 1.9, 1.7]]
)
def test_a_curve_that_fits_is_shown_whole(values: list[float]) -> None:
    assert settled([curve(values)]) is None
    assert drawn(values).note == ""
    assert len(dict.fromkeys(drawn(values).lines[0].points.split())) == len(values)


def test_a_lone_point_is_a_dot() -> None:
    line = drawn([0.5]).lines[0]
    assert line.look == "line-1 dot"
    assert len(line.points.split()) == 2
    assert drawn([0.5, 0.6]).lines[0].look == "line-1"


@pytest.mark.parametrize("steps", [9, 1_000, 160_000, 99_999_999])
def test_the_numbers_of_an_axis_do_not_touch_on_a_phone(steps: int) -> None:
    found = chart("loss", [Line("each step", "line-1", curve([1.0, 0.5]))], Across("step", 0.0, float(steps)))
    assert found is not None
    ends = [(mark.at - 5.4 * len(mark.text), mark.at + 5.4 * len(mark.text)) for mark in found.x_marks]
    assert all(right + 6 < left for (_, right), (left, _) in pairwise(ends))
    assert len(ends) > 2


def test_what_a_logarithmic_axis_has_no_room_for_is_said() -> None:
    assert drawn([2.0, 0.02], log=True).note == "logarithmic"
    assert drawn([2.0, 1e9, 1.2e12], log=True).note == "logarithmic; less than 1e+06 is on the edge"


def test_a_loss_of_zero_is_at_the_lower_edge_of_a_logarithmic_axis() -> None:
    found = drawn([1.0, 0.1, 0.0, 0.001], log=True)
    assert found.note == "logarithmic; less than 0.00083 is on the edge"
    assert logarithmic([curve([1.0, 0.0, 0.001])]).low == pytest.approx(0.001 / 1.2)
    assert re.findall(r",([\d.]+)", found.lines[0].points)[2] == f"{TOP + found.inside[3]:.1f}"
    assert drawn([0.0, 0.0], log=True).note == ""


def test_long_names_of_classes_keep_what_tells_them_apart() -> None:
    matrix = matrix_of({(0, 0): 1, (1, 1): 1}, [f"a_rather_long_name_of_class_{k}" for k in range(2)])
    assert matrix is not None
    assert [name for _, name in matrix.names] == ["a_rath…class_0", "a_rath…class_1"]
