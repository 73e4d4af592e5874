"""What a person hears, and what is read, before TensorFlow is started."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from runner.data.access import DataAccess
from runner.data.early import MOST, read_early
from runner.data.facts import builtin_facts
from runner.errors import DeviceError
from runner.events import Event, FallbackUsed, Planned, RunStarted, Stage, Warned
from runner.plan.make_plan import make_plan
from runner.plan.plan import Plan
from runner.record.directory import open_explicit
from runner.workflows import run as workflow
from runner.workflows.run import RunRequest, run
from schemas.data import BuiltinData
from schemas.recipe import Recipe
from tests.engine.problem import BASE


def plan_of(name: str = "iris") -> Plan:
    recipe = Recipe.model_validate({**BASE, "data": {**BASE["data"], "name": name}, "training": {"epochs": 1}})
    assert isinstance(recipe.data, BuiltinData)
    return make_plan(recipe, builtin_facts(recipe.data))


def request_of(plan: Plan, folder: Path, **more: Any) -> RunRequest:
    return RunRequest(
        plan=plan, written="", resolved="", origins={}, access=DataAccess(),
        open_directory=lambda plan: open_explicit(folder), **more,
    )  # fmt: skip


def test_plan_fallback_and_warnings_are_heard_before_tensorflow_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Event] = []

    def refuse(plan: Plan, emit: Any) -> Any:
        assert [type(event) for event in heard] == [Planned, FallbackUsed, Warned]
        raise DeviceError("none")

    monkeypatch.setattr(workflow, "_start", refuse)
    plan = replace(plan_of(), fallback="the hub is out of reach")
    with pytest.raises(DeviceError):
        run(request_of(plan, tmp_path / "run", warnings=("never acts",)), heard.append)
    assert len(heard) == 3
    assert not (tmp_path / "run").exists()


def test_a_warning_is_told_once_and_recorded_once(tmp_path: Path) -> None:
    heard: list[Event] = []
    run(request_of(plan_of(), tmp_path / "run", warnings=("never acts",)), heard.append)
    assert [type(event) for event in heard[:4]] == [Planned, Warned, Stage, RunStarted]
    assert [event.message for event in heard if isinstance(event, Warned)] == ["never acts"]
    assert (tmp_path / "run" / "events.jsonl").read_text().count("never acts") == 1


READ = """
import sys
from types import SimpleNamespace as Plan
from runner.data.access import DataAccess
from runner.data.early import read_early
from runner.data.facts import builtin_facts
from runner.data.placement import Placement
from schemas.data import BuiltinData
from schemas.samples import SAMPLES
from tests.engine.problem import BASE
from schemas.recipe import Recipe

def audit(event, arguments):
    if event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        print("opened to write:", arguments)

sys.addaudithook(audit)
for name in SAMPLES:
    data = BuiltinData.model_validate({"source": "builtin", "name": name, "batch_size": 8})
    plan = Plan(source=data, data=builtin_facts(data), placement=Placement(None, False, 0), recipe=Plan(seed=1))
    before = set(sys.modules)
    reading = read_early(plan, DataAccess())
    if reading is not None:
        len(reading.train)
        new = {m.partition(".")[0] for m in set(sys.modules) - before} - set(sys.stdlib_module_names) - {"runner"}
        print(name, "imports", new) if new else print(name)
"""


def test_what_is_read_early_imports_no_package_and_writes_no_file() -> None:
    done = subprocess.run([sys.executable, "-c", READ], capture_output=True, text=True, check=True)
    read = done.stdout.split("\n")
    assert {"digits", "iris", "mnist-5k"} <= set(read)
    assert "photos" not in read
    assert not [line for line in read if " " in line]


def test_much_data_is_not_read_before_the_model_is_known_to_fit_beside_it() -> None:
    plan = plan_of()
    assert read_early(plan, DataAccess()) is not None
    many = replace(plan, data=replace(plan.data, shape=(MOST // plan.data.train,)))
    assert read_early(many, DataAccess()) is None
