from runner.plots.points import Point, Row, telling_points
from runner.plots.sampled_steps import sample
from tests.plots.tracks import ONE_CYCLE, PIECEWISE, track


def points(**keys: object) -> list[Point]:
    drawn = track(steps=1000, per_epoch=100, **keys)
    samples = sample(drawn)
    rows = [Row(row.start, row.stop, *row.learning_rate) for row in drawn.schedule.phases]
    return telling_points(rows, samples.steps, samples.rates)


def shown(found: list[Point]) -> list[tuple[float, str]]:
    return [(step, f"{value:.3g}") for step, value in found]


def test_turns_are_told_at_their_steps() -> None:
    assert shown(points(**ONE_CYCLE)) == [(0, "0.01"), (450, "0.1"), (900, "0.01"), (999, "1e-05")]


def test_flat_stretches_are_told_in_their_middle_and_the_last_at_the_end_alone() -> None:
    assert shown(points(**PIECEWISE)) == [(150, "0.1"), (500, "0.01"), (999, "0.001")]


def test_a_value_that_stays_is_told_once() -> None:
    assert shown(points(kind="constant", learning_rate=0.1)) == [(999, "0.1")]


def test_both_sides_of_a_jump_are_told() -> None:
    restarts = points(kind="cosine_restarts", initial_lr=0.1, first_period="500 steps", t_mul=1, m_mul=0.5)
    assert shown(restarts) == [(0, "0.1"), (499, "0"), (500, "0.05"), (999, "0")]


def test_of_many_phases_first_highest_and_last_are_told() -> None:
    found = points(kind="cyclic", min_lr=0.1, max_lr=0.3, half_cycle="1 epoch")
    assert shown(found) == [(0, "0.1"), (100, "0.3"), (999, "0.102")]
