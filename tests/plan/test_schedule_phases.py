"""The phase table as a recipe writes it: coverage, continuity, momentum."""

from typing import Any

import pytest

from tests.plan.schedule_helpers import compiled, momenta, rates, refused


def _row(name: str, duration: str, first: float | str, last: float | str, **more: Any) -> dict[str, Any]:
    return {"name": name, "duration": duration, "learning_rate": {"from": first, "to": last}, **more}


def test_a_table_is_followed_row_by_row() -> None:
    schedule = compiled(
        kind="phases",
        phases=[
            _row("up", "2 epochs", 0.0, 0.4, purpose="to wake up"),
            {"name": "stay", "duration": "50 steps", "learning_rate": 0.4},
            _row("down", "30%", 0.4, 0.1, curve="cosine"),
        ],
    )
    assert rates(schedule, 0, 20, 69, 70, 99) == [0.0, 0.4, 0.4, 0.4, 0.1]
    assert [row.purpose for row in schedule.phases] == ["to wake up", "", ""]
    assert [row.curve for row in schedule.phases] == ["linear", "constant", "cosine"]


def test_a_jump_that_is_not_announced_names_the_phase_and_both_values() -> None:
    error = refused(kind="phases", phases=[_row("a", "50%", 0.1, 0.2), _row("b", "50%", 0.3, 0.4)])
    assert error.message == "a phase must start where the one before ended; learning rate jumps from 0.2 to 0.3"
    assert error.path == ("phases", 1, "learning_rate")
    assert "jump: true" in error.help[0]


def test_a_jump_that_is_announced_is_made() -> None:
    schedule = compiled(kind="phases", phases=[_row("a", "50%", 0.1, 0.2), _row("b", "50%", 0.3, 0.4, jump=True)])
    assert rates(schedule, 0, 50, 99) == [0.1, 0.3, 0.4]
    assert rates(schedule, 49) == pytest.approx([0.198])


def test_a_ratio_that_was_written_as_a_decimal_is_no_jump() -> None:
    compiled(kind="phases", phases=[_row("a", "50%", 0.1, "1/3"), _row("b", "50%", 0.33333333333, 0.4)])


def test_rows_without_momentum_keep_the_optimizers_own() -> None:
    schedule = compiled(
        kind="phases",
        phases=[
            {"name": "a", "duration": "50%", "learning_rate": 0.1},
            {"name": "b", "duration": "50%", "learning_rate": 0.1, "momentum": {"from": 0.9, "to": 0.5}},
        ],
    )
    assert momenta(schedule, 0, 49, 50, 99) == [0.9, 0.9, 0.9, 0.5]
    assert [row.momentum for row in schedule.phases] == [(0.9, 0.9), (0.9, 0.5)]


def test_a_jump_of_the_momentum_is_refused_too() -> None:
    row = {"name": "b", "duration": "50%", "learning_rate": 0.1, "momentum": 0.5}
    table = [{"name": "a", "duration": "50%", "learning_rate": 0.1}, row]
    error = refused(kind="phases", phases=table)
    assert error.message == "a phase must start where the one before ended; momentum jumps from 0.9 to 0.5"
    assert error.path == ("phases", 1, "momentum")
    row["jump"] = True
    assert [phase.momentum for phase in compiled(kind="phases", phases=table).phases] == [(0.9, 0.9), (0.5, 0.5)]


def test_momentum_in_a_row_needs_an_optimizer_with_momentum() -> None:
    table = [{"name": "a", "duration": "100%", "learning_rate": 0.1, "momentum": 0.5}]
    assert refused(kind="phases", phases=table, base_momentum=None).path == ("phases", 0, "momentum")


def test_momentum_in_rows_and_beside_them_is_refused() -> None:
    table = [{"name": "a", "duration": "100%", "learning_rate": 0.1, "momentum": 0.5}]
    error = refused(kind="phases", phases=table, momentum=0.8)
    assert (error.path, "twice" in error.message) == (("momentum",), True)


def test_an_exponential_row_from_or_to_zero_is_refused_but_a_constant_zero_is_not() -> None:
    for first, last in ((0.0, 0.1), (0.1, 0.0)):
        error = refused(kind="phases", phases=[_row("a", "100%", first, last, curve="exponential")])
        assert error.path == ("phases", 0, "curve")
        assert f"goes from {first:g} to {last:g}" in error.message
    frozen = {"name": "a", "duration": "100%", "learning_rate": 0.1, "momentum": 0.0, "curve": "exponential"}
    assert momenta(compiled(kind="phases", phases=[frozen]), 0, 99) == [0.0, 0.0]


def test_a_table_that_is_too_short_or_too_long_says_by_how_much() -> None:
    short = refused(kind="phases", phases=[_row("a", "40%", 0.1, 0.1), _row("b", "5 epochs", 0.1, 0.1)])
    assert short.message == "durations must add up to the 100 steps; a + b last 90"
    assert (short.path, short.help) == (("phases",), ("add 10 steps",))
    assert refused(kind="phases", phases=[_row("a", "101 steps", 0.1, 0.1)]).help == ("remove 1 steps",)


def test_thirds_in_percent_add_up() -> None:
    third = [_row(name, share, 0.1, 0.1) for name, share in (("a", "33.3%"), ("b", "33.3%"), ("c", "33.4%"))]
    assert [row.stop for row in compiled(steps=1000, kind="phases", phases=third).phases] == [333, 666, 1000]


def test_more_phases_than_steps_are_refused() -> None:
    error = refused(steps=2, kind="phases", phases=[_row(name, "1 step", 0.1, 0.1) for name in "abc"])
    assert error.message == "3 phases need at least a step each; there are 2 steps"
    assert error.path == ("phases",)


def test_a_row_that_rounds_to_nothing_is_refused_by_name() -> None:
    table = [_row("a", "50%", 0.1, 0.1), _row("b", "0.3 steps", 0.1, 0.1), _row("c", "50%", 0.1, 0.1)]
    error = refused(kind="phases", phases=table)
    assert error.message == "phase 'b' is shorter than one step: it lasts 0.3 of the 100 steps"
    assert error.path == ("phases", 1, "duration")


def test_a_thousand_rows_are_compiled() -> None:
    rows = [_row(f"row {k}", "0.1%", 0.1, 0.1, momentum=0.5) for k in range(1000)]
    assert len(compiled(steps=10_000, kind="phases", phases=rows).phases) == 1000
