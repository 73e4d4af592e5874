"""A schedule of custom code: what it gives is what trains, and what is no learning rate is refused beforehand."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter

from runner.data.facts import builtin_facts
from runner.errors import CodeError, CustomScheduleError
from runner.plan.allow_code import with_code
from runner.plan.make_plan import make_plan
from runner.plan.schedule import CompiledSchedule, compile_schedule
from schemas.recipe import Recipe
from schemas.rules import check
from schemas.schedule import Schedule
from tests.engine.problem import BASE

SCHEDULE: TypeAdapter[Any] = TypeAdapter(Schedule)
MINE = """\
import itertools
import numpy as np

calls = itertools.count()

def rate(step, peak):
    return peak / (1 + step / 10)

def rates(steps, peak):
    assert steps.dtype == np.int64
    return peak / (1 + steps / 10)

def counted(step):
    return next(calls) + 1.0

def negative(step):
    return 3.0 - step

def endless(step):
    return 1e39 if step == 7 else 1.0

def text(step):
    return "0.1"

def broken(step):
    return 1 / (step - 5)

def short(steps):
    return steps[:-1] * 0.1

NUMBER = 0.1
"""


def compiled(folder: Path, target: str, **keys: Any) -> CompiledSchedule:
    (folder / "mine.py").write_text(MINE)
    written = {"kind": "custom", "target": f"mine:{target}", **keys}
    return compile_schedule(
        SCHEDULE.validate_python(written), steps=40, steps_per_epoch=10, base_momentum=None, code=folder
    )


@pytest.mark.parametrize(("target", "vectorised"), [("rate", False), ("rates", True)])
def test_the_function_is_the_curve(tmp_path: Path, target: str, vectorised: bool) -> None:
    found = compiled(tmp_path, target, arguments={"peak": 0.5}, vectorised=vectorised)
    t = np.arange(40)
    np.testing.assert_array_equal(found.evaluate(t)["learning_rate"], (0.5 / (1 + t / 10)).astype(np.float32))
    (phase,) = found.phases
    assert (phase.name, phase.learning_rate.first, phase.stop) == ("custom", 0.5, 40)


def test_its_steps_count_from_the_end_of_a_warmup_and_a_plateau_cuts_it(tmp_path: Path) -> None:
    keys = {"arguments": {"peak": 0.5}, "warmup": {"duration": "4 steps"}}
    rates = compiled(tmp_path, "rate", **keys).evaluate([0, 2, 4, 14])["learning_rate"]
    np.testing.assert_allclose(rates, [0, 0.25, 0.5, 0.25])
    base = {"kind": "custom", "target": "mine:rate", "arguments": {"peak": 0.5}}
    plateau = SCHEDULE.validate_python({"kind": "plateau", "base": base})
    cut = compile_schedule(plateau, steps=40, steps_per_epoch=10, base_momentum=None, code=tmp_path)
    assert cut.evaluate(10, scale=0.5)["learning_rate"] == pytest.approx(0.125)


@pytest.mark.parametrize(
    ("target", "vectorised", "says"),
    [
        ("counted", False, "must give the same for the same step"),
        ("negative", False, "received -1 at step 4"),
        ("endless", False, r"received 1e\+39 at step 7"),
        ("text", False, "must return a number; received a value of type str at step 0"),
        ("broken", False, "ZeroDivisionError.*at step 5"),
        ("short", True, "one for each step"),
        ("NUMBER", False, "must be a function"),
        ("rat", False, "did you mean 'rate'"),
    ],
)
def test_what_is_no_learning_rate_is_refused(tmp_path: Path, target: str, vectorised: bool, says: str) -> None:
    with pytest.raises(CustomScheduleError, match=says) as raised:
        compiled(tmp_path, target, vectorised=vectorised)
    assert raised.value.code == "R530"
    assert raised.value.place == ("schedule", "target")


def test_without_permission_nothing_is_imported_and_no_value_is_known(tmp_path: Path) -> None:
    made = tmp_path / "IMPORTED"
    (tmp_path / "mine.py").write_text(f"import os\nos.mkdir({str(made)!r})\ndef rate(step): return 0.1\n")
    recipe = Recipe.model_validate({**BASE, "schedule": {"kind": "custom", "target": "mine:rate"}})
    named = [finding for finding in check(recipe) if finding.code == "R185"]
    assert [finding.path for finding in named] == [("schedule", "target")]
    plan = make_plan(recipe, builtin_facts(recipe.data))  # type: ignore[arg-type]
    with pytest.raises(CodeError, match="only with --allow-code"):
        plan.schedule.evaluate(0)
    assert math.isnan(plan.schedule.phases[0].learning_rate.first)
    assert not (tmp_path / "IMPORTED").exists()
    allowed = with_code(plan, tmp_path)
    assert (tmp_path / "IMPORTED").exists()
    assert allowed.schedule.evaluate(0)["learning_rate"] == np.float32(0.1)
    assert allowed.code is not None
    assert list(allowed.code.sources) == ["mine:rate"]
    assert allowed.fingerprint == plan.fingerprint
