"""The program as a library does what the verbs do."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import runner
from runner import api
from runner.errors import DataError, RecipeInvalid, RunNotFound
from tests.cli.program import environment, recipe
from tests.source.samples import small

DRIVER = """
import json, threading
from runner.api import events, find_lr, load, plan, resume, run, stream
from runner.errors import DeviceError, RunError
from runner.events import EpochEnded, RunEnded

recipe = load("iris_cyclic", sets={"training.epochs": 4, "after": ["report"]})
heard = []
first = run(recipe, run_dir="one", emit=heard.append)
told = {"status": first.status, "metrics": dict(first.metrics), "steps": plan(recipe).steps}
told["after"] = [(step["step"], step["done"]) for step in first.values["after"]]
names = [type(event).__name__ for event in heard]
told["early"] = names[:2]
apart = ("Planned", "Warned")  # which are heard before TensorFlow is started
recorded = [type(event).__name__ for event in events("one")]
told["recorded"] = [n for n in recorded if n not in apart] == [n for n in names if n not in apart]
try:
    resume("one")
except RunError as error:
    told["finished"] = str(error)
told["longer"] = resume("one", sets={"training.epochs": 5}, policy="continue").values["steps"]
others = []
thread = threading.Thread(target=lambda: others.append(run(recipe, run_dir="two")))
thread.start()
thread.join()
told["in a thread"] = dict(others[0].metrics) == told["metrics"]
streamed = []
for event in stream(recipe, run_dir="left"):
    streamed.append(type(event).__name__)
    if isinstance(event, EpochEnded):
        break
told["left"] = [event.status for event in events("left") if isinstance(event, RunEnded)]
others = [[name for name in some if name != "Steps"] for some in (streamed, names)]
told["streamed"] = "Steps" in streamed and others[0] == others[1][: len(others[0])]
told["taken up"] = dict(resume("left").metrics) == told["metrics"]
told["suggestion"] = find_lr(recipe).suggestion
try:
    run(load("iris_cyclic", sets={"hardware.threads": 1, "training.epochs": 1}), run_dir="three")
except DeviceError as error:
    told["threads"] = str(error)
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a process says that trains by the library, and the result of the program beside it."""
    folder = tmp_path_factory.mktemp("api")
    done = subprocess.run(
        [sys.executable, "-c", DRIVER], cwd=folder, env=environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    beside = recipe("run", "iris_cyclic", "--set", "training.epochs=4", "--json", "-q", cwd=folder)
    values: dict[str, Any] = json.loads(done.stdout)
    return {**values, "beside": json.loads(beside.stdout)}


def test_a_run_is_the_same_as_the_programs(told: dict[str, Any]) -> None:
    assert (told["status"], told["steps"]) == ("finished", 24)
    assert told["metrics"] == told["beside"]["metrics"]
    assert told["early"] == ["Planned", "Warned"]
    assert told["recorded"]


def test_the_steps_of_after_follow_a_run(told: dict[str, Any]) -> None:
    assert told["after"] == [["report", True]]


def test_a_finished_run_goes_on_only_with_a_change(told: dict[str, Any]) -> None:
    assert told["finished"] == "one is finished"
    assert told["longer"] == 30


def test_a_run_may_be_in_another_thread(told: dict[str, Any]) -> None:
    assert told["in a thread"]


def test_leaving_the_iterator_interrupts_the_run_and_it_resumes_exactly(told: dict[str, Any]) -> None:
    assert told["streamed"]
    assert told["left"] == ["interrupted"]
    assert told["taken up"]


def test_the_range_test_suggests_a_rate(told: dict[str, Any]) -> None:
    assert 1e-3 < told["suggestion"] < 10


def test_other_threads_need_another_process(told: dict[str, Any]) -> None:
    assert "TensorFlow already runs in this process" in told["threads"]


def test_a_recipe_with_errors_raises_all_of_them(tmp_path: Path) -> None:
    (tmp_path / "r.yaml").write_text(small(seed="sed: 3", training="training: {epoch: 1}"))
    with pytest.raises(RecipeInvalid, match="unknown key 'sed'") as caught:
        api.load(tmp_path / "r.yaml")
    assert [found.code for found in caught.value.diagnostics] == ["R012", "R012"]


def test_custom_code_is_not_imported_without_leave(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("raise SystemExit('imported')")
    layers = "layers: [{kind: flatten}, {kind: custom, target: 'mine:Gate'}]"
    (tmp_path / "r.yaml").write_text(small(model=f"model: {{kind: sequential, {layers}}}"))
    assert api.plan(tmp_path / "r.yaml").code is None
    with pytest.raises(RecipeInvalid, match="wants to import"):
        api.run(tmp_path / "r.yaml", run_dir=tmp_path / "run")


def test_a_root_holds_for_data_too(tmp_path: Path) -> None:
    (tmp_path / "recipes").mkdir()
    (tmp_path / "rows.csv").write_text("a,b\n" + "".join(f"{n}.5,{'xy'[n % 2]}\n" for n in range(40)))
    file = tmp_path / "recipes" / "r.yaml"
    file.write_text(small(data="data: {source: csv, files: ../rows.csv, target: b}"))
    with pytest.raises(DataError, match="is outside of the recipe"):
        api.plan(file)
    assert api.plan(api.load(file, root=tmp_path)).steps > 0


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecipeInvalid, match="nowhere"):
        api.load("nowhere")
    with pytest.raises(RunNotFound):
        api.events(tmp_path / "nowhere")
    with pytest.raises(DataError):
        api.plan(api.load("mnist_1cycle"), data_dir=tmp_path, fallback=False)


@pytest.mark.parametrize(
    "before", ["", "import runner.plan.plan", "import runner.api", "from runner.errors import RecipeError"]
)
def test_the_package_gives_the_functions_whatever_was_imported_before(before: str) -> None:
    code = (
        f"{before}\n"
        "from runner import evaluate, find_lr, load, plan, predict, resume, run\n"
        "import runner.plan.plan\n"
        "from runner import plan as again\n"
        "recipe = load('iris_cyclic')\n"
        "print(plan(recipe).steps == again(recipe).steps, 'tensorflow' in __import__('sys').modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["True", "False"], done.stderr


def test_the_package_names_what_it_does_not_have() -> None:
    with pytest.raises(AttributeError, match="no attribute 'trian'"):
        runner.trian  # type: ignore[attr-defined]  # noqa: B018
