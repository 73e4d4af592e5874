"""What holds for every curve, whatever its numbers."""

from fractions import Fraction
from itertools import pairwise
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner import curves
from runner.curves import Curve, Segment
from runner.curves.cyclic import CyclicMode
from runner.curves.types import SHAPES, Shape
from tests.curves.helpers import at, over
from tests.golden import formulas

rates = st.floats(1e-7, 10.0)
shapes = st.sampled_from(SHAPES)
scales = st.floats(0.3, 500)


@st.composite
def tables(draw: st.DrawFn) -> list[Segment]:
    """Draw continuous phase tables of one to six rows."""
    edges = [0, *np.cumsum(draw(st.lists(st.integers(1, 60), min_size=1, max_size=6))).tolist()]
    values = draw(st.lists(rates, min_size=len(edges), max_size=len(edges)))
    spans, ways = pairwise(edges), pairwise(values)
    return [Segment(*span, *way, draw(shapes)) for span, way in zip(spans, ways, strict=True)]


@st.composite
def kinds(draw: st.DrawFn, total: int) -> tuple[Curve, float, float]:
    """Draw a curve of any kind with its lower and upper bound."""
    low, high = sorted((draw(rates), draw(rates)))
    final, scale = draw(st.sampled_from([0.0, low])), draw(scales)
    flank, mode = draw(st.integers(1, 40)), draw(st.sampled_from(get_args(CyclicMode)))
    restarts = {"t_mul": draw(st.floats(1, 3)), "m_mul": 1.0}
    return draw(
        st.sampled_from(
            [
                (curves.constant(high), high, high),
                (curves.power(high, scale, exponent=draw(st.floats(0.1, 3))), 0.0, high),
                (curves.power(high, scale, staircase=True), 0.0, high),
                (curves.exponential(high, scale, every=draw(st.integers(1, 30))), 0.0, high),
                (curves.inverse_sqrt(high, scale), 0.0, high),
                (curves.piecewise([total // 2], [low, high]), low, high),
                (curves.linear(high, final, total), final, high),
                (curves.polynomial(high, final, total, exponent=draw(st.floats(0.1, 3))), final, high),
                (curves.cosine(high, final, total), final, high),
                (curves.cosine_restarts(high, final, 1 + scale, total, **restarts), final, high),
                (curves.cyclic(low, high, flank, mode=mode), low, high),
                (curves.warmup(curves.cosine(high, final, total), flank, first=final), final, high),
                (curves.scaled(curves.linear(high, final, total), 0.5, low), min(final, low), high),
            ]
        )
    )


@given(st.data(), st.integers(1, 300))
def test_every_kind_stays_within_its_bounds(data: st.DataObject, total: int) -> None:
    curve, low, high = data.draw(kinds(total))
    values = over(curve, total)
    assert np.all(np.isfinite(values))
    assert low <= values.min()
    assert values.max() <= high


@given(st.data(), st.integers(1, 300), st.lists(st.integers(0, 300), max_size=6))
def test_pieces_have_the_same_bits_as_the_whole(data: st.DataObject, total: int, cuts: list[int]) -> None:
    curve, *_ = data.draw(kinds(total))
    _assert_same_in_pieces(curve, total, cuts)


@given(tables(), st.lists(st.integers(0, 300), max_size=6))
def test_pieces_of_a_table_have_the_same_bits_as_the_whole(table: list[Segment], cuts: list[int]) -> None:
    _assert_same_in_pieces(curves.segments(table), table[-1].stop, cuts)


def _assert_same_in_pieces(curve: Curve, total: int, cuts: list[int]) -> None:
    steps = np.arange(total, dtype=np.int64)
    whole = curve(steps)
    assert np.concatenate([curve(part) for part in np.split(steps, sorted(cuts))]).tobytes() == whole.tobytes()
    assert np.concatenate([curve(steps[k : k + 1]) for k in range(total)]).tobytes() == whole.tobytes()
    assert curve(steps[::-3]).tobytes() == whole[::-3].tobytes()


@given(tables())
def test_a_table_has_exactly_the_first_value_of_every_row_and_the_last_of_the_last(table: list[Segment]) -> None:
    curve, last = curves.segments(table), table[-1].stop - 1
    starts = [row for row in table if row.start != last]
    assert at(curve, [row.start for row in starts]) == [row.first for row in starts]
    assert at(curve, [last]) == [table[-1].last]


@given(tables())
def test_a_table_equals_the_independent_walk_through_it(table: list[Segment]) -> None:
    rows = [(row.stop - row.start, row.first, row.last, row.shape) for row in table]
    expected = [formulas.table(t, rows) for t in range(table[-1].stop)]
    assert over(curves.segments(table), table[-1].stop).tolist() == pytest.approx(expected, rel=1e-11)


@given(tables())
def test_a_phase_never_leaves_the_range_between_its_ends_and_never_turns(table: list[Segment]) -> None:
    values = over(curves.segments(table), table[-1].stop)
    for row in table:
        inside = values[row.start : row.stop]
        assert min(row.first, row.last) <= inside.min()
        assert inside.max() <= max(row.first, row.last)
        moves = np.diff(inside) * np.sign(row.last - row.first)
        assert np.all(moves >= -1e-14 * max(row.first, row.last))


@given(tables())
def test_no_step_of_a_phase_is_longer_than_its_shape_allows(table: list[Segment]) -> None:
    values = over(curves.segments(table), table[-1].stop)
    for row in table:
        span = row.stop - row.start - (row is table[-1])
        inside = values[row.start : row.stop]
        if row.shape == "exponential":
            allowed = abs(np.log(row.last / row.first)) / max(span, 1)
            assert np.all(abs(np.diff(np.log(inside))) <= allowed + 1e-9)
        else:
            steepest = np.pi / 2 if row.shape == "cosine" else 1.0
            assert np.all(abs(np.diff(inside)) <= steepest * abs(row.last - row.first) / max(span, 1) + 1e-12)


@given(st.integers(1, 400), st.fractions(1, 60, max_denominator=8), st.fractions(1, 4, max_denominator=16))
def test_periods_begin_at_the_rounded_sums_of_exact_lengths(total: int, first: Fraction, t_mul: Fraction) -> None:
    starts = formulas.restart_starts(first, t_mul, total)
    period, growth = float(first), float(t_mul)
    steps = np.arange(total, dtype=np.int64)
    assert curves.period_start(np.arange(len(starts)), period, growth).tolist() == starts
    assert curves.period_at(steps, period, growth).tolist() == [
        max(k for k, start in enumerate(starts) if start <= t) for t in range(total)
    ]


@given(st.integers(0, 10**12), st.floats(1, 1e6), st.one_of(st.just(1.0), st.floats(1 + 1e-9, 100)))
def test_the_period_of_any_step_up_to_a_million_million_covers_it(step: int, first: float, t_mul: float) -> None:
    t = np.array([step], dtype=np.int64)
    period = curves.period_at(t, first, t_mul)
    start, stop = (curves.period_start(period + k, first, t_mul) for k in (0, 1))
    assert start <= t < stop


@given(rates, rates, st.integers(1, 50), shapes)
def test_a_warmup_hands_over_exactly_the_first_value_of_what_follows(
    first: float, initial: float, length: int, shape: Shape
) -> None:
    after = curves.cosine(initial, 0.0, 100)
    curve = curves.warmup(after, length, first=first, shape=shape)
    assert at(curve, [0, length]) == [first, initial]
    assert at(curve, range(length, length + 100)) == at(after, range(100))
