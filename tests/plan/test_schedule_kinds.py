"""From a recipe's words to values and rows, for every kind."""

from typing import Any

import pytest

from schemas.schedule import kinds
from tests.golden import formulas
from tests.plan.schedule_helpers import compiled, rates

Row = tuple[str, int, int, float, float, str]
"""Name, start, stop, first and last learning rate, curve."""

N = 100
"""Steps of the runs here: ten epochs of ten steps."""

VALUES: dict[str, tuple[dict[str, Any], Any]] = {
    "constant": ({"learning_rate": 0.3}, lambda t: 0.3),
    "power": (
        {"initial_lr": 0.1, "decay_every": "2 epochs", "power": 1.5},
        lambda t: formulas.power(t, 0.1, 20, 1.5),
    ),
    "exponential": (
        {"initial_lr": 0.1, "decay_every": "25%", "staircase": True},
        lambda t: formulas.exponential(t, 0.1, 25, 0.1, 25),
    ),
    "piecewise": (
        {"boundaries": ["15 steps", "5 epochs", "75%"], "values": [0.1, 0.05, 0.2, 0.01]},
        lambda t: formulas.piecewise(t, [15, 50, 75], [0.1, 0.05, 0.2, 0.01]),
    ),
    "linear": ({"initial_lr": 0.1}, lambda t: formulas.linear(t, 0.1, 0.0, N)),
    "polynomial": ({"initial_lr": 0.1, "final_lr": 0.01}, lambda t: formulas.polynomial(t, 0.1, 0.01, N, 2)),
    "inverse_sqrt": ({"initial_lr": 0.1, "decay_every": "5 steps"}, lambda t: formulas.inverse_sqrt(t, 0.1, 5)),
    "cosine": ({"initial_lr": 0.1}, lambda t: formulas.cosine(t, 0.1, 0.0, N)),
    "cosine_restarts": (
        {"initial_lr": 0.1, "first_period": "1 epoch", "m_mul": 0.5},
        lambda t: formulas.cosine_restarts(t, 0.1, 0.0, 10, N, 2, 0.5),
    ),
    "cyclic": (
        {"min_lr": 0.01, "max_lr": 0.1, "half_cycle": "2 epochs", "mode": "exp_range", "gamma": 0.98},
        lambda t: formulas.cyclic(t, 0.01, 0.1, 20, "exp_range", 0.98),
    ),
    "wsd": (
        {"max_lr": 0.1},
        lambda t: formulas.table(t, [(5, 0, 0.1, "linear"), (75, 0.1, 0.1, "linear"), (20, 0.1, 0, "linear")]),
    ),
    "1cycle": (
        {"max_lr": 0.1},
        lambda t: formulas.table(t, [(45, 0.01, 0.1, "linear"), (45, 0.1, 0.01, "linear"), (10, 0.01, 1e-5, "linear")]),
    ),
    "phases": (
        {
            "phases": [
                {"name": "a", "duration": "30%", "learning_rate": 0.1},
                {
                    "name": "b",
                    "duration": "7 epochs",
                    "learning_rate": {"from": 0.1, "to": 0.001},
                    "curve": "exponential",
                },
            ]
        },
        lambda t: formulas.table(t, [(30, 0.1, 0.1, "linear"), (70, 0.1, 0.001, "exponential")]),
    ),
    "plateau": (
        {"base": {"kind": "cosine", "initial_lr": 0.1}},
        lambda t: formulas.cosine(t, 0.1, 0.0, N),
    ),
}


def test_every_kind_of_the_language_is_tested_here() -> None:
    assert set(VALUES) == set(kinds())


@pytest.mark.parametrize("kind", VALUES)
def test_a_kind_equals_its_formula_at_every_step(kind: str) -> None:
    keys, formula = VALUES[kind]
    expected = [formula(t) for t in range(N)]
    assert rates(compiled(kind=kind, **keys), *range(N)) == pytest.approx(expected, rel=1e-12, abs=1e-16)


ROWS: dict[str, tuple[dict[str, Any], list[Row]]] = {
    "constant": ({"learning_rate": 0.3}, [("constant", 0, 100, 0.3, 0.3, "constant")]),
    "power": ({"initial_lr": 0.2, "decay_every": "99 steps"}, [("decay", 0, 100, 0.2, 0.1, "power")]),
    "exponential": (
        {"initial_lr": 1.0, "decay_every": "99 steps", "decay_rate": 0.5},
        [("decay", 0, 100, 1.0, 0.5, "exponential")],
    ),
    "piecewise": (
        {"boundaries": ["50%"], "values": [0.2, 0.1]},
        [("piece 1", 0, 50, 0.2, 0.2, "constant"), ("piece 2", 50, 100, 0.1, 0.1, "constant")],
    ),
    "linear": ({"initial_lr": 0.1}, [("decay", 0, 100, 0.1, 0.0, "linear")]),
    "polynomial": ({"initial_lr": 0.1}, [("decay", 0, 100, 0.1, 0.0, "polynomial")]),
    "inverse_sqrt": ({"initial_lr": 0.2, "decay_every": "33 steps"}, [("decay", 0, 100, 0.2, 0.1, "inverse_sqrt")]),
    "cosine": ({"initial_lr": 0.1, "final_lr": 0.01}, [("decay", 0, 100, 0.1, 0.01, "cosine")]),
    "cosine_restarts": (
        {"initial_lr": 0.4, "final_lr": 0.01, "first_period": "20 steps", "m_mul": 0.5, "t_mul": 4.0},
        [("period 1", 0, 20, 0.4, 0.01, "cosine"), ("period 2", 20, 100, 0.2, 0.01, "cosine")],
    ),
    "cyclic": (
        {"min_lr": 0.0, "max_lr": 1.0, "half_cycle": "40 steps", "mode": "triangular2"},
        [
            ("cycle 1 up", 0, 40, 0.0, 1.0, "triangular2"),
            ("cycle 1 down", 40, 80, 1.0, 0.0, "triangular2"),
            ("cycle 2 up", 80, 100, 0.0, 0.2375, "triangular2"),
        ],
    ),
    "wsd": (
        {"max_lr": 0.1, "final_lr": 0.01, "curve": "cosine"},
        [
            ("ramp", 0, 5, 0.0, 0.1, "linear"),
            ("stable", 5, 80, 0.1, 0.1, "constant"),
            ("decay", 80, 100, 0.1, 0.01, "cosine"),
        ],
    ),
    "1cycle": (
        {"max_lr": 1.0, "final": {"curve": "exponential"}},
        [
            ("first half", 0, 45, 0.1, 1.0, "linear"),
            ("second half", 45, 90, 1.0, 0.1, "linear"),
            ("final", 90, 100, 0.1, 0.0001, "exponential"),
        ],
    ),
    "phases": (
        {"phases": [{"name": "all", "duration": "100%", "learning_rate": {"from": 0.1, "to": 0.2}}]},
        [("all", 0, 100, 0.1, 0.2, "linear")],
    ),
    "plateau": ({"learning_rate": 0.1}, [("constant", 0, 100, 0.1, 0.1, "constant")]),
}


@pytest.mark.parametrize("kind", ROWS)
def test_a_kind_has_these_rows_and_says_what_they_are_for(kind: str) -> None:
    keys, expected = ROWS[kind]
    phases = compiled(kind=kind, **keys).phases
    rows = [(row.name, row.start, row.stop, *row.learning_rate, row.curve) for row in phases]
    assert [row[:3] + row[5:] for row in rows] == [row[:3] + row[5:] for row in expected]
    assert [row[3:5] for row in rows] == [pytest.approx(row[3:5], rel=1e-12) for row in expected]
    assert kind == "phases" or all(row.purpose for row in phases)


@pytest.mark.parametrize("kind", ROWS)
def test_a_warmup_precedes_any_kind_and_moves_it_whole(kind: str) -> None:
    keys, _ = VALUES[kind]
    plain = compiled(steps=100, kind=kind, **keys)
    warm = compiled(steps=107, kind=kind, warmup={"duration": "7 steps"}, **keys)
    assert rates(warm, *range(7, 107)) == rates(plain, *range(100))
    goal = rates(plain, 0)[0]
    assert rates(warm, *range(7)) == pytest.approx([goal * t / 7 for t in range(7)], rel=1e-15)
    assert [(row.name, row.start, row.stop) for row in warm.phases[:1]] == [("warmup", 0, 7)]
    assert [row.start - 7 for row in warm.phases[1:]] == [row.start for row in plain.phases]


@pytest.mark.parametrize("kind", ["exponential", "power", "inverse_sqrt"])
def test_changes_every_epoch_behind_a_warmup_come_with_the_epochs_of_the_run(kind: str) -> None:
    schedule = compiled(
        kind=kind, initial_lr=1.0, decay_every="13 steps", every="1 epoch", warmup={"duration": "7 steps"}
    )
    changes = [t for t in range(8, 100) if rates(schedule, t) != rates(schedule, t - 1)]
    assert changes == list(range(10, 100, 10))


def test_shares_behind_a_warmup_are_shares_of_what_it_leaves() -> None:
    schedule = compiled(steps=110, kind="1cycle", max_lr=0.1, warmup={"duration": "10 steps"})
    assert [(row.start, row.stop) for row in schedule.phases] == [(0, 10), (10, 55), (55, 100), (100, 110)]


def test_a_share_of_a_warmup_is_one_of_the_run() -> None:
    schedule = compiled(steps=110, kind="constant", learning_rate=0.1, warmup={"duration": "50%"})
    assert [(row.start, row.stop) for row in schedule.phases] == [(0, 55), (55, 110)]


def test_many_periods_end_in_one_row_that_covers_the_rest() -> None:
    schedule = compiled(steps=5000, kind="cyclic", min_lr=0.1, max_lr=0.2, half_cycle="1 step")
    assert len(schedule.phases) == 1000
    assert (schedule.phases[-1].name, schedule.phases[-1].start) == ("cycle 500 down and later", 999)
    assert schedule.phases[-1].stop == 5000
    assert schedule.phases[-1].learning_rate == (0.2, 0.2)


def test_a_thousand_periods_are_a_thousand_rows() -> None:
    schedule = compiled(steps=2000, kind="cosine_restarts", initial_lr=0.1, first_period="2 steps", t_mul=1.0)
    assert [row.name for row in schedule.phases[-2:]] == ["period 999", "period 1000"]
    assert schedule.phases[-1].learning_rate == (0.1, 0.0)
