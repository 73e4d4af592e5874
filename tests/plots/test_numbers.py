import pytest

from runner.plots.number_format import alike, count, nice_step


def test_labels_of_an_axis_are_alike() -> None:
    assert alike([0.0, 0.05, 0.1]) == ["0", "0.05", "0.10"]
    assert alike([0.0, 5e-5, 1e-4]) == ["0", "0.00005", "0.00010"]
    assert alike([0.0, 5e-6, 1e-5]) == ["0", "5e-06", "1e-05"]
    assert alike([950_000.0, 1_000_000.0]) == ["9.5e+05", "1e+06"]
    assert alike([0.0, 99_000.0]) == ["0", "99000"]


def test_steps_are_counted_in_millions_from_a_million_on() -> None:
    assert [count(value) for value in (0, 4300, 999_999, 2_500_000, 10**8, 10**12)] == [
        "0",
        "4,300",
        "999,999",
        "2.5 M",
        "100 M",
        "1000 G",
    ]


@pytest.mark.parametrize(("span", "most", "whole", "step"), [(10, 6, True, 2), (10, 10, True, 1), (0.3, 4, False, 0.1)])
def test_steps_between_ticks_are_round(span: float, most: int, whole: bool, step: float) -> None:
    assert nice_step(span, most, whole=whole) == pytest.approx(step)
