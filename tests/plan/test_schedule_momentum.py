"""Momentum under any kind: the optimizer's own, one value, a table of its own."""

from typing import Any

from tests.plan.schedule_helpers import compiled, momenta, refused

CONSTANT: dict[str, Any] = {"kind": "constant", "learning_rate": 0.1}


def _table(*rows: tuple[str, Any], **more: Any) -> dict[str, Any]:
    return {"phases": [{"duration": duration, "momentum": value, **more} for duration, value in rows]}


def test_without_a_word_the_optimizers_own_momentum_stays() -> None:
    schedule = compiled(**CONSTANT, base_momentum=0.7)
    assert momenta(schedule, 0, 99) == [0.7, 0.7]
    assert schedule.phases[0].momentum == (0.7, 0.7)


def test_an_optimizer_without_momentum_has_no_curve() -> None:
    schedule = compiled(**CONSTANT, base_momentum=None)
    assert schedule.hyperparameters.keys() == {"learning_rate"}
    assert (schedule.phases[0].momentum, schedule.tables) == (None, {})


def test_one_value_replaces_the_optimizers() -> None:
    assert momenta(compiled(**CONSTANT, momentum=0.5), 0, 99) == [0.5, 0.5]


def test_a_table_of_its_own_counts_from_the_start_of_the_run() -> None:
    ways = _table(("50%", {"from": 0.95, "to": 0.85}), ("5 epochs", {"from": 0.85, "to": 0.95}))
    schedule = compiled(**CONSTANT, momentum=ways, warmup={"duration": "10 steps"})
    assert momenta(schedule, 0, 50, 99) == [0.95, 0.85, 0.95]
    assert [row.momentum for row in schedule.phases] == [(0.95, 0.93), (0.93, 0.95)]
    assert [(row.start, row.stop) for row in schedule.tables.get("momentum", ())] == [(0, 50), (50, 100)]


def test_a_phase_that_ends_where_momentum_jumps_shows_the_value_before_the_jump() -> None:
    jump = {"phases": [{"duration": "50%", "momentum": 0.9}, {"duration": "50%", "momentum": 0.5, "jump": True}]}
    schedule = compiled(kind="piecewise", boundaries=["50%"], values=[0.1, 0.2], momentum=jump)
    assert [row.momentum for row in schedule.phases] == [(0.9, 0.9), (0.5, 0.5)]


def test_a_table_that_does_not_cover_the_run_is_refused() -> None:
    error = refused(**CONSTANT, momentum=_table(("50%", 0.9)))
    assert error.path == ("momentum", "phases")
    assert error.message == "durations must add up to the 100 steps; momentum phase 1 last 50"


def test_a_table_that_jumps_is_refused() -> None:
    error = refused(**CONSTANT, momentum=_table(("50%", 0.9), ("50%", 0.8)))
    assert error.path == ("momentum", "phases", 1, "momentum")
    assert error.message == "a phase must start where the one before ended; momentum jumps from 0.9 to 0.8"


def test_a_row_shorter_than_a_step_and_an_exponential_to_zero_are_refused() -> None:
    assert refused(**CONSTANT, momentum=_table(("0 steps", 0.9), ("100%", 0.9))).path == (
        "momentum",
        "phases",
        0,
        "duration",
    )
    zero = _table(("100%", {"from": 0.9, "to": 0.0}), curve="exponential")
    assert refused(**CONSTANT, momentum=zero).path == ("momentum", "phases", 0, "curve")


def test_momentum_for_an_optimizer_without_is_refused() -> None:
    for given in (0.5, _table(("100%", 0.5))):
        assert refused(**CONSTANT, momentum=given, base_momentum=None).path == ("momentum",)


def test_zero_is_a_momentum_and_not_the_lack_of_one() -> None:
    assert momenta(compiled(**CONSTANT, base_momentum=0.0), 0) == [0.0]
    assert momenta(compiled(**CONSTANT, momentum=0.0), 0) == [0.0]
