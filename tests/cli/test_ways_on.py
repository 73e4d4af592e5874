"""What is said after a run that has diverged: a key that the recipe has, and a checkpoint that there is."""

import re
from pathlib import Path
from typing import Any

import pytest

from runner.cli.training import ways_on
from schemas.recipe import Recipe
from schemas.rules.parts import rate_place
from schemas.schedule import ScheduleBase, kinds
from tests.engine.problem import BASE

SCHEDULES: dict[str, dict[str, Any]] = {
    "constant": {"learning_rate": 0.1},
    "power": {"initial_lr": 0.1, "decay_every": "1 epoch"},
    "exponential": {"initial_lr": 0.1, "decay_every": "1 epoch"},
    "linear": {"initial_lr": 0.1},
    "polynomial": {"initial_lr": 0.1},
    "inverse_sqrt": {"initial_lr": 0.1, "decay_every": "1 epoch"},
    "cosine": {"initial_lr": 0.1},
    "cosine_restarts": {"initial_lr": 0.1, "first_period": "1 epoch"},
    "cyclic": {"min_lr": 0.01, "max_lr": 0.1, "half_cycle": "1 epoch"},
    "wsd": {"max_lr": 0.1},
    "1cycle": {"max_lr": 0.1},
    "piecewise": {"boundaries": ["1 epoch"], "values": [0.1, 0.01]},
    "phases": {"phases": [{"name": "a", "duration": "100%", "learning_rate": 0.1}]},
}
CASES: list[tuple[Any, str]] = [
    (None, "optimizer.learning_rate"),
    *(({"kind": kind, **keys}, "schedule.") for kind, keys in SCHEDULES.items()),
    *(({"kind": "plateau", "base": {"kind": kind, **keys}}, "schedule.base.") for kind, keys in SCHEDULES.items()),
    ({"kind": "plateau", "learning_rate": 0.1}, "schedule.learning_rate"),
]


def recipe_with(schedule: Any) -> Recipe:
    return Recipe.model_validate({**BASE, "schedule": schedule})


def advice(schedule: Any, checkpoint: int | None) -> str:
    result = {"status": "diverged", "run_dir": "runs/a b", "checkpoint": checkpoint}
    (line,) = ways_on(result, recipe_with(schedule), Path("my recipe.yaml"))
    return line


def test_every_kind_of_schedule_is_here() -> None:
    assert kinds().keys() == {*SCHEDULES, "plateau"}


@pytest.mark.parametrize("cls", kinds().values(), ids=kinds())
def test_a_schedule_names_a_key_of_its_own(cls: type[ScheduleBase]) -> None:
    assert cls.rate_key in cls.model_fields


@pytest.mark.parametrize(("schedule", "prefix"), CASES, ids=str)
def test_the_key_that_is_named_is_one_that_the_recipe_has(schedule: Any, prefix: str) -> None:
    line = advice(schedule, 28)
    found = re.search(r"--set '?([a-z_.]+)=(…|\[…\]')", line)
    assert found is not None, line
    assert found[1].startswith(prefix)
    written: Any = recipe_with(schedule)
    for key in found[1].split("."):
        written = getattr(written, key)
    if schedule is not None:
        assert isinstance(written, float if found[2] == "…" else tuple)
    assert rate_place(recipe_with(schedule)).single == (found[2] == "…")


def test_a_checkpoint_is_named_only_where_there_is_one() -> None:
    schedule = {"kind": "cosine", "initial_lr": 0.1}
    going = "`recipe resume 'runs/a b' --set schedule.initial_lr=… --policy continue`"
    assert advice(schedule, 1028) == f"{going} continues after step 1,028 at a smaller rate"
    assert advice(schedule, 0) == f"{going} starts again at a smaller rate"
    anew = "`recipe run 'my recipe.yaml' --set schedule.initial_lr=…` starts again at a smaller rate"
    assert advice(schedule, None) == anew


def test_a_finished_run_needs_no_advice() -> None:
    assert list(ways_on({"status": "finished", "run_dir": "r"}, recipe_with(None), Path("r.yaml"))) == []
