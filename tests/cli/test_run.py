"""``recipe run`` as a person uses it."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.program import GALLERY, LIMIT, environment, recipe, result_of, started

SMALL = """\
recipe: 1
name: small
task: classification
data: {source: builtin, name: digits, scale: 1/16}
model:
  kind: sequential
  layers:
    - {kind: flatten}
    - {kind: dense, units: 16, activation: relu, dropout: 0.1}
optimizer: {kind: sgd}
schedule: {kind: 1cycle, max_lr: 0.1}
training: {epochs: 10}
expect: {test_accuracy: ">= 0.5"}
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL)
    return path


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, "subprocess.CompletedProcess[str]"]:
    """A folder in which the recipe was trained, with `scratch` for temporary files, and what the program said."""
    folder = tmp_path_factory.mktemp("trained")
    (folder / "scratch").mkdir()
    (folder / "small.yaml").write_text(SMALL)
    written = {"TMPDIR": str(folder / "scratch"), "PYTHONDONTWRITEBYTECODE": ""}  # bytecode that TensorFlow makes, too
    done = recipe("run", "small.yaml", "--json", "--progress", "plain", cwd=folder, **written)
    assert done.returncode == 0, done.stderr
    return folder, done


def test_a_run_trains_and_leaves_its_record(trained: tuple[Path, "subprocess.CompletedProcess[str]"]) -> None:
    tmp_path, done = trained
    result = result_of(done)
    assert result["status"] == "finished"
    assert result["device"] == "CPU"
    assert result["steps"] == 450
    assert result["seconds"]["total"] > result["seconds"]["training"] > 0
    assert {"loss", "accuracy", "val_loss", "val_accuracy", "test_loss", "test_accuracy"} == set(result["metrics"])
    assert result["warnings"] == []
    value = result["metrics"]["test_accuracy"]
    assert result["expectations"] == [{"metric": "test_accuracy", "bound": ">= 0.5", "value": value, "met": True}]
    directory = tmp_path / result["run_dir"]
    assert directory.parent == tmp_path / "runs" / "small"
    assert directory.name.endswith(result["fingerprint"][:8])
    assert (directory / "recipe.yaml").read_text() == SMALL
    lock = json.loads((directory / "lock.json").read_text())
    assert lock["fingerprint"] == result["fingerprint"]
    assert lock["packages"]["tensorflow"]
    assert {"model.keras", "best.keras", "events.jsonl", "resolved.yaml"} <= {path.name for path in directory.iterdir()}
    assert "\x1b" not in done.stderr
    assert "oneDNN" not in done.stderr
    assert "CPU" in done.stderr
    again = recipe("run", directory / "resolved.yaml", "--json", "-q", cwd=tmp_path)
    assert result_of(again)["metrics"] == result["metrics"]
    assert result_of(again)["fingerprint"] == result["fingerprint"]
    assert again.stderr == ""


def test_the_saved_model_is_plain_keras_and_takes_inputs_as_stored(
    trained: tuple[Path, "subprocess.CompletedProcess[str]"],
) -> None:
    folder, result = trained[0], result_of(trained[1])
    script = f"""
import keras, json
from runner.data.builtin import load_builtin
from runner.data.facts import builtin_facts
from schemas.data import BuiltinData
model = keras.models.load_model("{result["run_dir"]}/model.keras")
test = load_builtin(builtin_facts(BuiltinData(source="builtin", name="digits")), 0).test
print(json.dumps([model.optimizer.get_config()["name"], *model.evaluate(test.x.astype("float32"), test.y, verbose=0)]))
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=True)
    name, loss, accuracy = json.loads(done.stdout)
    assert name.lower().startswith("sgd")
    assert loss == pytest.approx(result["metrics"]["test_loss"], rel=1e-4)
    assert accuracy == pytest.approx(result["metrics"]["test_accuracy"], abs=1e-6)


def test_a_run_leaves_no_temporary_file(trained: tuple[Path, "subprocess.CompletedProcess[str]"]) -> None:
    assert list((trained[0] / "scratch").iterdir()) == []


def test_a_missed_expectation_exits_1_and_is_named(small: Path, tmp_path: Path) -> None:
    begun = time.perf_counter()
    done = recipe("run", small, "--set", "expect.test_accuracy='>= 0.9999'", "--json", cwd=tmp_path)
    wall = time.perf_counter() - begun
    assert done.returncode == 1
    result = result_of(done)
    assert result["status"] == "expectation_missed"
    value = result["metrics"]["test_accuracy"]
    assert result["expectations"] == [{"metric": "test_accuracy", "bound": ">= 0.9999", "value": value, "met": False}]
    told = [
        json.loads(line)["time"] for line in (tmp_path / result["run_dir"] / "events.jsonl").read_text().splitlines()
    ]
    assert told[-1] - told[0] - 0.02 < result["seconds"]["total"] < wall + 0.02, "since the process began"
    assert "test_accuracy >= 0.9999: missed" in done.stderr


def test_a_run_whose_executed_curve_differs_from_its_plan_exits_1(small: Path, tmp_path: Path) -> None:
    """The optimizer's variable is made to ignore the schedule, as Keras' own attribute does."""
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\n"
        "class Hook:\n"
        "    def find_spec(self, name, path, target=None):\n"
        "        if name == 'runner.engine.step.learner':\n"
        "            sys.meta_path.remove(self)\n"
        "            import runner.model.optimizer as o\n"
        "            import tensorflow as tf\n"
        "            class Deaf(o.ScheduledSGD):\n"
        "                @property\n"
        "                def learning_rate(self):\n"
        "                    return tf.Variable(0.123) if not hasattr(self, 'deaf') else self.deaf\n"
        "            class Frozen:\n"
        "                def __init__(self, v): self.v = v\n"
        "                def assign(self, x): pass\n"
        "                def __getattr__(self, name): return getattr(self.v, name)\n"
        "            real = o.build_optimizer\n"
        "            def build(*a):\n"
        "                built = real(*a)\n"
        "                frozen = Frozen(built.variables['momentum'])\n"
        "                return o.BuiltOptimizer(built.optimizer, {**built.variables, 'momentum': frozen})\n"
        "            o.build_optimizer = build\n"
        "        return None\n"
        "sys.meta_path.insert(0, Hook())\n"
    )
    done = recipe("run", small, "--json", cwd=tmp_path, PYTHONPATH=str(tmp_path))
    assert done.returncode == 1, done.stderr
    assert result_of(done)["status"] == "failed"
    assert "the plan says momentum" in result_of(done)["message"]


def test_an_invalid_recipe_exits_2_at_once_and_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(SMALL.replace("dropout: 0.1", "droput: 0.1"))
    done = recipe("run", path, cwd=tmp_path)
    assert done.returncode == 2
    assert "did you mean 'dropout'?" in done.stderr
    assert "bad.yaml:9:50" in done.stderr
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == [path]


def test_an_error_of_keras_is_told_at_the_layers_line_and_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    conv = "- {kind: conv2d, filters: 3, kernel_size: 9}"
    path.write_text(SMALL.replace("- {kind: flatten}", f"{conv}\n    - {{kind: flatten}}"))
    done = recipe("run", path, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert "bad.yaml:8:" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "runs").exists()


def test_a_directory_that_holds_a_run_is_not_written_over(small: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "precious").write_text("x")
    done = recipe("run", small, "--run-dir", "out", cwd=tmp_path)
    assert done.returncode == 2
    assert "not empty" in done.stderr
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["precious"]


def test_another_fingerprint_than_the_expected_one_is_refused(small: Path, tmp_path: Path) -> None:
    done = recipe("run", small, "--expect-sha256", "0" * 64, cwd=tmp_path)
    assert done.returncode == 2
    assert "fingerprint" in done.stderr
    assert not (tmp_path / "runs").exists()


def test_the_fallback_is_said_on_screen_in_the_lock_and_in_the_result(tmp_path: Path) -> None:
    done = recipe("run", GALLERY / "mnist_1cycle.yaml", "--set", "training.epochs=2", "--json",
                  "--set", "data.fallback.expect=null", cwd=tmp_path)  # fmt: skip
    assert done.returncode == 0, done.stderr
    result = result_of(done)
    assert result["fallback"]["used"] == "builtin mnist-5k 1"
    lock = json.loads((tmp_path / result["run_dir"] / "lock.json").read_text())
    assert lock["data"] == "builtin mnist-5k 1"
    assert "fallback" in done.stderr
    assert "not tested" in done.stderr
    assert result["expectations"]
    assert {(one["value"], one["met"]) for one in result["expectations"]} == {(None, None)}


def test_without_a_fallback_a_missing_hub_exits_2_and_names_both_ways_out(tmp_path: Path) -> None:
    done = recipe("run", GALLERY / "mnist_1cycle.yaml", "--no-fallback", cwd=tmp_path)
    assert done.returncode == 2
    assert "TFDS_DATA_DIR" in done.stderr
    assert "fallback:" in done.stderr
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("number", "code", "status"), [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated")]
)
def test_a_signal_ends_the_run_after_saving(small: Path, tmp_path: Path, number: int, code: int, status: str) -> None:
    long = ("--set", "training.epochs=100000")
    process = started("run", small, *long, "--json", "--progress", "plain", "--run-dir", "out", cwd=tmp_path)
    assert process.stderr is not None
    for line in process.stderr:
        if "2/100,000" in line or "2/100000" in line:
            break
    os.kill(process.pid, number)
    stdout, stderr = process.communicate(timeout=LIMIT)
    assert process.returncode == code, stderr
    assert json.loads(stdout)["status"] == status
    assert (tmp_path / "out" / "model.keras").is_file()
    assert (tmp_path / "out" / "best.keras").is_file()


def test_several_recipes_run_one_after_another(small: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(SMALL.replace("name: small", "name: other"))
    done = recipe("run", small, other, "-q", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.split()
    assert first.startswith("runs/small/")
    assert second.startswith("runs/other/")


def test_recipes_with_other_threads_run_one_after_another_and_as_when_alone(small: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    never = "{kind: piecewise, boundaries: [99 epochs], values: [0.1, 0.01]}"
    text = SMALL.replace("name: small", "name: other").replace("{kind: 1cycle, max_lr: 0.1}", never)
    other.write_text(text + "hardware: {threads: 1}\n")
    done = recipe("run", small, other, "--progress", "plain", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("other: in a separate process: TensorFlow takes the use of threads once a process") == 1
    first, second = json.loads(done.stdout)["runs"]
    assert (first["status"], second["status"]) == ("finished", "finished")
    alone = result_of(recipe("run", other, "-q", "--json", cwd=tmp_path))
    assert alone["metrics"] == second["metrics"]
    assert len(alone["warnings"]) == len(second["warnings"]) == 1


def test_a_ctrl_c_ends_the_recipe_that_trains_and_those_after_it(small: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(
        SMALL.replace("name: small", "name: other").replace("epochs: 10", "epochs: 100000") + "hardware: {threads: 1}\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "runner", "run", str(small), str(other), str(small), "--json", "--progress", "plain"],
        cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    assert process.stderr is not None
    for line in process.stderr:
        if "2/100,000" in line or "2/100000" in line:
            break
    os.killpg(process.pid, signal.SIGINT)
    stdout, stderr = process.communicate(timeout=LIMIT)
    assert process.returncode == 130, stderr
    assert [run["status"] for run in json.loads(stdout)["runs"]] == ["finished", "interrupted"]
