"""When the validation examples are evaluated, and what acts on what comes of it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from runner.data.facts import DataFacts
from runner.data.part import part_of
from runner.data.placement import Placement, Window
from runner.data.sources.builtin import streamed
from runner.data.streaming.block_order import StreamedSplit, collected
from runner.engine.loop import trainer as trainer_module
from runner.errors import DataError
from runner.events import EarlyStopped, EpochEnded, Evaluated, Event, PlateauCut
from runner.plan.make_plan import make_plan
from schemas.recipe import Recipe
from tests.engine.problem import BASE, Problem, examples
from tests.engine.test_trainer import fixed_pace

Make = Callable[..., Problem]


def told(case: Problem) -> list[tuple[int, set[str]]]:
    """Steps after which validation figures were told, with the kinds of them."""
    found = []
    for event in case.events:
        if isinstance(event, EpochEnded | Evaluated):
            kinds = {"part" if "part" in name else "all" for name in event.metrics if name.startswith("val_")}
            if kinds and event.step is not None:
                found.append((event.step, kinds))
    return found


ALL, PART = {"all"}, {"part"}


@pytest.mark.parametrize(
    ("validation", "training", "wanted"),
    [
        (None, {"epochs": 3}, [(10, ALL), (20, ALL), (30, ALL)]),
        ({}, {"epochs": 2}, [(10, ALL), (20, ALL)]),
        ({"every": "2 epochs"}, {"epochs": 5}, [(20, ALL), (40, ALL), (50, ALL)]),
        ({"every": "100%"}, {"epochs": 3}, [(30, ALL)]),
        ({"every": "50%"}, {"epochs": 3}, [(15, ALL), (30, ALL)]),
        ({"every": "8 steps"}, {"epochs": 2}, [(8, ALL), (16, ALL), (20, ALL)]),
        ({"every": "8 steps"}, {"epochs": None, "steps": 13}, [(8, ALL), (13, ALL)]),
        ({"every": "0.5 epochs"}, {"epochs": 1}, [(5, ALL), (10, ALL)]),
        ({"every": "0.01 epochs"}, {"epochs": None, "steps": 3}, [(1, ALL), (2, ALL), (3, ALL)]),
        ({"every": "2 epochs", "between": "25%"}, {"epochs": 3}, [(10, PART), (20, ALL), (30, ALL)]),
        ({"every": "15 steps", "between": "3 examples"}, {"epochs": 3}, [(10, PART), (15, ALL), (20, PART), (30, ALL)]),
    ],
)
def test_it_takes_place_where_the_recipe_says_and_at_the_end(
    problem: Make, validation: Any, training: dict[str, Any], wanted: list[tuple[int, set[str]]]
) -> None:
    case = problem(training={**training, **({} if validation is None else {"validation": validation})}, n=77)
    outcome = case.train()
    assert told(case) == wanted
    assert outcome.metrics["val_loss"] == told_last(case).metrics["val_loss"]


def told_last(case: Problem) -> EpochEnded:
    return [event for event in case.events if isinstance(event, EpochEnded)][-1]


def within(case: Problem) -> list[Evaluated]:
    return [event for event in case.events if isinstance(event, Evaluated)]


def test_it_changes_neither_the_weights_nor_with_the_length_of_calls(
    problem: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = problem(training={"epochs": 3}, n=77)
    plain.train()
    seen = []
    for count in (1, 4, 64):
        monkeypatch.setattr(trainer_module, "CallLength", fixed_pace(count))
        case = problem(training={"epochs": 3, "validation": {"every": "7 steps", "between": "30%"}}, n=77)
        case.train()
        weights = zip(plain.learner.model.get_weights(), case.learner.model.get_weights(), strict=True)
        assert all(np.array_equal(one, other) for one, other in weights)
        seen.append([(event.step, event.metrics, event.best) for event in within(case)])
    assert seen[0] == seen[1] == seen[2]
    assert [step for step, _, _ in seen[0]] == [7, 14, 21, 28]


def test_the_figures_are_those_of_the_model_at_that_step(problem: Make) -> None:
    case = problem(training={"epochs": 1, "validation": {"every": "4 steps"}}, n=77)
    trainer = case.trainer()
    split = case.dataset.validation
    assert split is not None
    found = []

    def hear(event: Event) -> None:
        if isinstance(event, Evaluated):
            predicted = np.asarray(case.learner.model(split.x))  # type: ignore[attr-defined]
            loss = -np.log(predicted[np.arange(len(split)), split.y]).mean()  # type: ignore[attr-defined]
            found.append((event.metrics["val_loss"], float(loss), event.examples))

    trainer.training.emit = hear
    trainer.run()
    assert len(found) == 2
    for told, wanted, count in found:
        assert told == pytest.approx(wanted, rel=1e-5)
        assert count == 20


def test_early_stopping_counts_evaluations_and_stops_within_an_epoch(problem: Make) -> None:
    stopping = {"patience": 3, "min_delta": 100.0}
    case = problem(training={"epochs": 9, "early_stopping": stopping, "validation": {"every": "4 steps"}}, n=77)
    outcome = case.train()
    assert (outcome.ended_by, outcome.steps) == ("early_stopping", 16)
    (stopped,) = [event for event in case.events if isinstance(event, EarlyStopped)]
    assert (stopped.epoch, stopped.wait) == (1, 3)
    assert told(case) == [(4, ALL), (8, ALL), (12, ALL), (16, ALL), (16, ALL)], "the last row is the epoch's"
    assert outcome.metrics["val_loss"] == within(case)[-1].metrics["val_loss"]


def test_a_monitor_that_an_epoch_does_not_compute_does_not_count(problem: Make) -> None:
    stopping = {"patience": 2, "min_delta": 100.0}
    case = problem(training={"epochs": 20, "early_stopping": stopping, "validation": {"every": "3 epochs"}}, n=77)
    assert case.train().steps == 90


def test_a_plateau_cuts_after_evaluations_and_from_the_next_step_on(problem: Make) -> None:
    schedule = {"kind": "plateau", "learning_rate": 0.1, "patience": 1, "min_delta": 100.0}
    case = problem(training={"epochs": 2, "validation": {"every": "6 steps"}}, schedule=schedule, n=77)
    case.train()
    assert [event.step for event in case.events if isinstance(event, PlateauCut)] == [12, 18, 20]
    rates = [rate for event in case.steps() for rate in event.learning_rate]
    assert [np.float32(rate) for rate in rates] == [np.float32(0.1 * 0.5 ** (0 if t < 12 else 1 if t < 18 else 2))
                                                   for t in range(20)]  # fmt: skip


def test_the_best_model_may_lie_within_an_epoch(problem: Make) -> None:
    schedule = {"kind": "piecewise", "boundaries": ["14 steps"], "values": [0.1, 30.0]}
    case = problem(training={"epochs": 3, "validation": {"every": "7 steps"}}, schedule=schedule, n=77)
    trainer = case.trainer()
    trainer.run()
    assert (trainer.state.best.step, trainer.state.best.epoch) == (14, 1)
    assert trainer.state.best.metrics.keys() == {"loss", "accuracy", "val_loss", "val_accuracy"}
    assert [event.best for event in within(case)] == [True, True, False, False]


def test_the_training_loss_chooses_the_best_at_the_end_of_epochs_alone(problem: Make) -> None:
    case = problem(training={"epochs": 2, "best": "loss", "validation": {"every": "7 steps"}}, n=77)
    case.train()
    assert not any(event.best for event in within(case))
    assert told_last(case).best


def test_a_part_is_drawn_by_the_seed_without_repetition() -> None:
    split = examples(np.random.default_rng(0), 50)
    part, again, other = (part_of(split, 20, seed) for seed in (1, 1, 2))
    assert part.digest() == again.digest() != other.digest()
    rows = {row.tobytes() for row in part.x}  # type: ignore[attr-defined]
    assert len(rows) == 20
    assert rows <= {row.tobytes() for row in split.x}
    whole = part_of(split, 50, 1)
    assert whole.digest() == split.digest()


def test_a_part_of_a_split_that_is_read_as_it_trains_is_consecutive() -> None:
    split = examples(np.random.default_rng(0), 50)
    reading = streamed(split, Placement(Window(4, 3), False, 0))
    part = part_of(reading, 11, 5)
    assert isinstance(part, StreamedSplit)
    found = collected(part)
    (first,) = [i for i in range(40) if np.array_equal(split.x[i : i + 11], found.x)]
    assert np.array_equal(split.y[first : first + 11], found.y)
    assert part.digest() != reading.digest()


def test_the_part_has_the_size_that_the_recipe_gives(problem: Make) -> None:
    case = problem(training={"epochs": 2, "validation": {"every": "2 epochs", "between": "7 examples"}}, n=77)
    case.train()
    (row, _) = [event for event in case.events if isinstance(event, EpochEnded)]
    accuracy = row.metrics["val_part_accuracy"] * 7
    assert accuracy == pytest.approx(round(accuracy), abs=1e-5)
    assert "val_part_loss" in case.plan.monitors


def test_a_part_larger_than_the_whole_is_refused() -> None:
    training = {"epochs": 4, "validation": {"every": "2 epochs", "between": "16 examples"}}
    facts = DataFacts("builtin", "made", "1", 75, 15, 0, (4,), 3)
    recipe = Recipe.model_validate({**BASE, "training": training})
    with pytest.raises(DataError, match="between is 16 examples, and 'made' has 15"):
        make_plan(recipe, facts)
    assert make_plan(recipe, replace(facts, validation=16)).validation.part == 16
