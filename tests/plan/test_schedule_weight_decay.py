"""Weight decay under any kind: the optimizer's own, one value, or a table of its own."""

import io
from typing import Any

import numpy as np
import pytest

from runner.data.facts import DataFacts
from runner.errors import ScheduleError
from runner.plan.make_plan import make_plan
from runner.plan.plan import Plan
from runner.plan.rows import write_csv
from runner.plan.schedule import CompiledSchedule, compile_schedule
from schemas.recipe import Recipe
from tests.plan.schedule_helpers import parsed
from tests.schedule_examples import EXAMPLES

CONSTANT: dict[str, Any] = {"kind": "constant", "learning_rate": 0.1}
HALVES = {
    "phases": [
        {"duration": "50%", "weight_decay": {"from": 0, "to": 0.2}},
        {"duration": "50%", "weight_decay": {"from": 0.2, "to": 0.1}},
    ]
}


def compiled(own: float | None = 0.004, **keys: Any) -> CompiledSchedule:
    return compile_schedule(
        parsed(**keys), steps=100, steps_per_epoch=10, base_momentum=0.9, base_weight_decay=own
    )  # fmt: skip


def decays(schedule: CompiledSchedule, *steps: int) -> list[float]:
    values = schedule.evaluate(steps)["weight_decay"]
    assert values is not None
    assert values.dtype == np.float32
    return [float(str(value)) for value in values]


def plan(**schedule: Any) -> Plan:
    recipe = Recipe.model_validate({
        "recipe": 1, "name": "decay", "task": "classification",
        "data": {"source": "builtin", "name": "iris", "batch_size": 8},
        "model": {"kind": "sequential", "layers": [{"kind": "dense", "units": 5}]},
        "optimizer": {"kind": "adamw"}, "schedule": schedule, "training": {"epochs": 2},
    })  # fmt: skip
    return make_plan(recipe, DataFacts("builtin", "made", "1", 16, 20, 0, (4,), 3))


def csv_of(**schedule: Any) -> list[str]:
    out = io.StringIO()
    write_csv(plan(**schedule), out)
    return out.getvalue().splitlines()


def test_without_a_word_nothing_is_driven() -> None:
    schedule = compiled(**CONSTANT)
    assert "weight_decay" not in schedule.evaluate([0, 99])
    assert (schedule.tables.get("weight_decay", ()), schedule.phases[0].weight_decay) == ((), None)


@pytest.mark.parametrize("kind", EXAMPLES)
def test_one_value_stands_under_every_kind(kind: str) -> None:
    schedule = compiled(kind=kind, **EXAMPLES[kind], weight_decay=0.05)
    assert decays(schedule, 0, 50, 99) == [0.05] * 3
    assert {row.weight_decay for row in schedule.phases} == {(0.05, 0.05)}


def test_a_table_counts_from_the_start_of_the_run_and_reaches_its_end_at_the_last_step() -> None:
    schedule = compiled(**CONSTANT, weight_decay=HALVES, warmup={"duration": "10 steps"})
    assert decays(schedule, 0, 25, 50, 99) == [0.0, 0.1, 0.2, 0.1]
    assert [(row.start, row.stop) for row in schedule.tables.get("weight_decay", ())] == [(0, 50), (50, 100)]


def test_a_plateau_may_have_it_on_its_base() -> None:
    assert decays(compiled(kind="plateau", base={**CONSTANT, "weight_decay": 0.05}), 7) == [0.05]


def test_an_optimizer_without_is_refused() -> None:
    with pytest.raises(ScheduleError, match="gives weight decay, but the optimizer has none") as caught:
        compiled(own=None, **CONSTANT, weight_decay=0.1)
    assert caught.value.path == ("weight_decay",)


def test_a_table_that_jumps_or_does_not_cover_the_run_is_refused() -> None:
    rows: list[Any] = [{"duration": "50%", "weight_decay": 0.1}, {"duration": "50%", "weight_decay": 0.2}]
    with pytest.raises(ScheduleError, match=r"weight decay jumps from 0\.1 to 0\.2") as caught:
        compiled(**CONSTANT, weight_decay={"phases": rows})
    assert caught.value.path == ("weight_decay", "phases", 1, "weight_decay")
    with pytest.raises(ScheduleError, match="weight decay phase 1 last 50") as caught:
        compiled(**CONSTANT, weight_decay={"phases": rows[:1]})
    assert caught.value.path == ("weight_decay", "phases")


def test_csv_has_the_column_only_where_the_schedule_drives_it() -> None:
    assert csv_of(**CONSTANT)[:2] == ["step,epoch,phase,learning_rate,momentum", "0,1,constant,0.1,0.9"]
    assert csv_of(**CONSTANT, weight_decay=HALVES) == [
        "step,epoch,phase,learning_rate,momentum,weight_decay",
        "0,1,constant,0.1,0.9,0.0",
        "1,1,constant,0.1,0.9,0.1",
        "2,2,constant,0.1,0.9,0.2",
        "3,2,constant,0.1,0.9,0.1",
    ]
