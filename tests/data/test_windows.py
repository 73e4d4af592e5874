"""Windows over a series: all of them, none across a series' end, and none that knows a later part."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runner.data.series.windows import Windows, time_bounds
from runner.errors import DataError

SPEED = settings(max_examples=60, deadline=None)
few = st.integers(1, 9)


@SPEED
@given(st.integers(20, 120), few, few, few)
def test_windows_are_those_that_a_loop_finds(rows: int, length: int, horizon: int, stride: int) -> None:
    windows = Windows(length, horizon, stride)
    starts = windows.starts(rows)
    expected = [start for start in range(0, rows, stride) if start + length + horizon <= rows]
    assert starts.tolist() == expected
    assert windows.count(rows) == len(expected)
    values = np.arange(rows)
    for start, seen, asked in zip(starts, windows.inputs(starts), windows.targets(starts), strict=True):
        assert np.array_equal(seen, values[start : start + length])
        assert np.array_equal(asked, values[start + length : start + length + horizon])


@SPEED
@given(st.integers(60, 300), few, few, few)
def test_no_part_has_a_row_of_another(rows: int, length: int, horizon: int, stride: int) -> None:
    windows, bounds = (
        Windows(length, horizon, stride),
        time_bounds(rows, {"train": 0.5, "validation": 0.25, "test": 0.25}),
    )
    starts = windows.starts(rows)
    expected = {
        name: [start for start in starts if first <= start and start + windows.span <= stop]
        for name, (first, stop) in bounds.items()
    }
    if not all(expected.values()):
        with pytest.raises(DataError, match="gets no window"):
            windows.split(starts, bounds)
        return
    parts = windows.split(starts, bounds)
    assert {name: found.tolist() for name, found in parts.items()} == expected
    rows_of = {
        name: set(np.concatenate([windows.inputs(found).ravel(), windows.targets(found).ravel()]).tolist())
        for name, found in parts.items()
    }
    assert max(rows_of["train"]) < min(rows_of["validation"])
    assert max(rows_of["validation"]) < min(rows_of["test"])


def test_no_window_has_rows_of_two_series() -> None:
    series = np.array(["a"] * 5 + ["b"] * 2 + ["c"] * 4)
    windows = Windows(2, 1)
    assert windows.of_series(series).tolist() == [0, 1, 2, 7, 8]
    with pytest.raises(DataError, match="one series after another"):
        windows.of_series(np.array([0, 0, 0, 1, 1, 1, 0, 0, 0]))
    with pytest.raises(DataError, match=r"takes 3 rows .* the series has 2"):
        windows.of_series(np.array([0, 0, 1, 1]))


def test_bounds_go_on_from_part_to_part() -> None:
    assert time_bounds(10, {"train": 0.6, "test": 0.4}) == {"train": (0, 6), "test": (6, 10)}


@pytest.mark.parametrize("wrong", [{"length": 0}, {"length": 3, "horizon": 0}, {"length": 3, "stride": 0}])
def test_windows_without_rows_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(DataError, match="of at least 1, got 0"):
        Windows(**wrong)


def test_a_series_that_is_too_short_is_told() -> None:
    with pytest.raises(DataError, match=r"takes 6 rows \(5 to look at, 1 to predict\), the series has 5"):
        Windows(5).starts(5)
    with pytest.raises(DataError, match="part 'test' has 2 rows and gets no window of 3"):
        Windows(3, 3).split(Windows(3, 3).starts(20), {"train": (0, 18), "test": (18, 20)})
