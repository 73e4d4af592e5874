import pytest

from runner.plots.number_format import alike, count, nice_step, short


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (0.1, "0.1"),
        (0.001, "0.001"),
        (1e-5, "1e-5"),
        (2.5e-4, "2.5e-4"),
        (1.5849e-4, "1.58e-4"),
        (0.949999988, "0.95"),
        (1e6, "1e6"),
        (9.999e-4, "1e-3"),
    ],
)
def test_short_is_how_one_writes_it(value: float, text: str) -> None:
    assert short(value) == text


def test_labels_of_an_axis_are_alike() -> None:
    assert alike([0.0, 0.05, 0.1]) == ["0", "0.05", "0.10"]
    assert alike([0.0, 5e-5, 1e-4]) == ["0", "5e-5", "1e-4"]
    assert alike([950_000.0, 1_000_000.0]) == ["9.5e5", "1e6"]
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
