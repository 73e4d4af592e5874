"""Every kind, at every step of a run, against an independent formula."""

from collections.abc import Callable

import pytest

from runner import curves
from runner.curves import Curve, Segment
from tests.curves.helpers import over
from tests.golden import formulas

N = 97
ROWS: list[formulas.Row] = [
    (13, 0.001, 0.4, "exponential"),
    (31, 0.4, 0.2, "cosine"),
    (20, 0.2, 0.2, "linear"),
    (33, 0.2, 1e-5, "exponential"),
]


def _segments(rows: list[formulas.Row]) -> list[Segment]:
    starts = [sum(row[0] for row in rows[:k]) for k in range(len(rows))]
    return [
        Segment(start, start + length, first, last, shape)  # type: ignore[arg-type]
        for start, (length, first, last, shape) in zip(starts, rows, strict=True)
    ]


def _cycle(shapes: tuple[str, str, str]) -> Curve:
    return curves.segments(curves.one_cycle(0.01, 0.1, 1e-5, (44, 87), N, shapes=shapes))  # type: ignore[arg-type]


def _cycle_rows(shapes: tuple[str, str, str]) -> list[formulas.Row]:
    return [(44, 0.01, 0.1, shapes[0]), (43, 0.1, 0.01, shapes[1]), (10, 0.01, 1e-5, shapes[2])]


LINES = ("linear", "linear", "linear")
MIXED = ("cosine", "linear", "exponential")

KINDS: dict[str, tuple[Curve, Callable[[int], float]]] = {
    "constant": (curves.constant(0.3), lambda t: formulas.constant(t, 0.3)),
    "power": (curves.power(0.1, 10), lambda t: formulas.power(t, 0.1, 10, 1)),
    "power, c = 2": (curves.power(0.1, 7.5, exponent=2), lambda t: formulas.power(t, 0.1, 7.5, 2)),
    "power in stairs": (
        curves.power(0.1, 7.5, exponent=0.5, staircase=True),
        lambda t: formulas.power(t, 0.1, 7.5, 0.5, staircase=True),
    ),
    "exponential": (curves.exponential(0.1, 20), lambda t: formulas.exponential(t, 0.1, 20, 0.1)),
    "exponential in stairs": (
        curves.exponential(0.1, 20, rate=0.5, every=8),
        lambda t: formulas.exponential(t, 0.1, 20, 0.5, 8),
    ),
    "exponential in stairs behind a warmup": (
        curves.exponential(0.1, 20, rate=0.5, every=8, offset=3),
        lambda t: formulas.exponential(t, 0.1, 20, 0.5, 8, 3),
    ),
    "piecewise": (
        curves.piecewise([10, 50], [0.1, 0.01, 0.5]),
        lambda t: formulas.piecewise(t, [10, 50], [0.1, 0.01, 0.5]),
    ),
    "linear": (curves.linear(0.1, 0.001, N), lambda t: formulas.linear(t, 0.1, 0.001, N)),
    "polynomial": (
        curves.polynomial(0.1, 0.001, N, exponent=1.7),
        lambda t: formulas.polynomial(t, 0.1, 0.001, N, 1.7),
    ),
    "inverse_sqrt": (curves.inverse_sqrt(0.1, 12.5), lambda t: formulas.inverse_sqrt(t, 0.1, 12.5)),
    "cosine": (curves.cosine(0.1, 0.001, N), lambda t: formulas.cosine(t, 0.1, 0.001, N)),
    "cosine_restarts, equal periods": (
        curves.cosine_restarts(0.1, 0.001, 12.5, N, t_mul=1, m_mul=0.5),
        lambda t: formulas.cosine_restarts(t, 0.1, 0.001, 12.5, N, 1, 0.5),
    ),
    "cosine_restarts, doubling periods": (
        curves.cosine_restarts(0.1, 0.001, 5, N, t_mul=2, m_mul=0.9),
        lambda t: formulas.cosine_restarts(t, 0.1, 0.001, 5, N, 2, 0.9),
    ),
    "cosine_restarts, slowly growing periods": (
        curves.cosine_restarts(0.1, 0.001, 1.25, N, t_mul=1.0625),
        lambda t: formulas.cosine_restarts(t, 0.1, 0.001, 1.25, N, 1.0625, 1),
    ),
    "cyclic": (curves.cyclic(0.01, 0.1, 9), lambda t: formulas.cyclic(t, 0.01, 0.1, 9, "triangular", 1)),
    "cyclic, halving": (
        curves.cyclic(0.01, 0.1, 9, mode="triangular2"),
        lambda t: formulas.cyclic(t, 0.01, 0.1, 9, "triangular2", 1),
    ),
    "cyclic, shrinking": (
        curves.cyclic(0.01, 0.1, 9, mode="exp_range", gamma=0.97),
        lambda t: formulas.cyclic(t, 0.01, 0.1, 9, "exp_range", 0.97),
    ),
    "wsd": (
        curves.segments(curves.wsd(0.0, 0.1, 1e-4, (11, 70), N, shape="cosine")),
        lambda t: formulas.table(t, [(11, 0.0, 0.1, "linear"), (59, 0.1, 0.1, "linear"), (27, 0.1, 1e-4, "cosine")]),
    ),
    "1cycle": (_cycle(LINES), lambda t: formulas.table(t, _cycle_rows(LINES))),
    "1cycle, other shapes": (_cycle(MIXED), lambda t: formulas.table(t, _cycle_rows(MIXED))),
    "1cycle's momentum": (
        curves.segments(curves.one_cycle_momentum(0.95, 0.85, (44, 87), N, shapes=("linear", "linear", "linear"))),
        lambda t: formulas.table(
            t, [(44, 0.95, 0.85, "linear"), (43, 0.85, 0.95, "linear"), (10, 0.95, 0.95, "linear")]
        ),
    ),
    "phases": (curves.segments(_segments(ROWS)), lambda t: formulas.table(t, ROWS)),
    "warmup before cosine": (
        curves.warmup(curves.cosine(0.1, 0.0, N - 10), 10, first=0.001, shape="exponential"),
        lambda t: (
            formulas.along("exponential", 0.001, 0.1, t / 10) if t < 10 else formulas.cosine(t - 10, 0.1, 0.0, N - 10)
        ),
    ),
    "plateau's scale": (
        curves.scaled(curves.linear(0.1, 0.0, N), 0.25, 0.01),
        lambda t: max(0.25 * formulas.linear(t, 0.1, 0.0, N), min(formulas.linear(t, 0.1, 0.0, N), 0.01)),
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_equals_an_independent_formula_at_every_step(kind: str) -> None:
    curve, formula = KINDS[kind]
    assert over(curve, N).tolist() == pytest.approx([formula(t) for t in range(N)], rel=1e-12, abs=1e-16)
