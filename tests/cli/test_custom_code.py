"""Custom code, as a person uses it: named by validate, refused by what would run it, imported with --allow-code."""

import json
import shutil
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from typer.testing import CliRunner

from runner.cli import app
from runner.data.facts import builtin_facts
from runner.engine.start import start_tensorflow
from runner.plan.allow_code import with_code
from runner.plan.make_plan import make_plan
from runner.source.load import load
from schemas.hardware import Hardware
from tests.cli.program import recipe, result_of
from tests.model.opening import custom_objects

RECIPE = """\
recipe: 1
name: own
task: classification
data: {source: builtin, name: iris, batch_size: 16, scale: standard}
model:
  kind: functional
  layers:
    - {kind: dense, units: 4, activation: relu, name: hidden}
    - {kind: custom, target: "mine:Gate", arguments: {start: 0.5}, inputs: [input, hidden]}
training:
  epochs: 2
  checkpoint: 3 steps
  loss: {kind: custom, target: "mine:focal", arguments: {gamma: 2.0}}
optimizer: {kind: custom, target: "mine:Follows", learning_rate: 0.05}
"""
MINE = """\
import pathlib
import keras
import tensorflow as tf
import mine_beside

pathlib.Path("IMPORTED").touch()

class Gate(keras.layers.Layer):
    def __init__(self, start, **kwargs):
        super().__init__(**kwargs)
        self.start = start
    def build(self, shapes):
        self.gate = self.add_weight(shape=(), initializer=keras.initializers.Constant(self.start), name="gate")
    def call(self, inputs):
        return inputs[0] * self.gate + inputs[1] * (1 - self.gate)

def focal(y, p, gamma):
    right = tf.gather(p, tf.cast(y, tf.int32), batch_dims=1)
    if tf.reduce_min(right) < 0:  # a condition on a tensor, which AutoGraph makes one of the graph
        right = -right
    return -((1 - right) ** gamma) * tf.math.log(right + 1e-7)

class Follows(keras.optimizers.Optimizer):
    def update_step(self, gradient, variable, learning_rate):
        variable.assign_sub(learning_rate * gradient)
"""


def put(folder: Path, text: str = RECIPE, mine: str = MINE) -> Path:
    """A recipe in a folder of its own, with its code beside it."""
    (folder / "recipes").mkdir(exist_ok=True)
    (folder / "recipes" / "own.yaml").write_text(text)
    (folder / "recipes" / "mine.py").write_text(mine)
    (folder / "recipes" / "mine_beside.py").write_text("ONE = 1\n")
    return folder / "recipes" / "own.yaml"


def snapshot(folder: Path) -> list[tuple[str, int]]:
    """Every name under the folder with its time of change."""
    return sorted((str(path), path.stat().st_mtime_ns) for path in folder.rglob("*"))


def places(stdout: str, code: str) -> list[tuple[int, int]]:
    found: list[dict[str, Any]] = json.loads(stdout)
    return [(one["line"], one["column"]) for one in found if one["code"] == code]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A folder, and the result of a run in it that was allowed."""
    folder = tmp_path_factory.mktemp("own")
    put(folder)
    done = recipe("run", "recipes/own.yaml", "--allow-code", "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "R185" not in done.stderr
    return folder, result_of(done)


def test_validate_accepts_it_and_says_what_would_be_imported(tmp_path: Path) -> None:
    put(tmp_path)
    before = snapshot(tmp_path)
    done = recipe("validate", "recipes/own.yaml", "--output-format", "json", cwd=tmp_path)
    assert done.returncode == 0
    assert places(done.stdout, "R185") == [(9, 30), (13, 32), (14, 35)]
    assert "import mine and call Gate" in done.stdout
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize(
    "verb", [["run"], ["lr-find"], ["launch"], ["selftest", "resume"]], ids=" ".join
)  # fmt: skip
def test_what_would_import_it_is_refused_before_anything_is_done(tmp_path: Path, verb: list[str]) -> None:
    put(tmp_path)
    before = snapshot(tmp_path)
    done = recipe(*verb, "recipes/own.yaml", cwd=tmp_path)
    assert done.returncode == 2
    assert "error[R206]: the recipe wants to import mine and call Gate" in done.stderr
    assert "--> recipes/own.yaml:9:30" in done.stderr
    assert "--> recipes/own.yaml:13:32" in done.stderr
    assert "--> recipes/own.yaml:14:35" in done.stderr
    assert "add --allow-code" in done.stderr
    assert "Traceback" not in done.stderr
    assert "starting TensorFlow" not in done.stderr
    assert done.stdout == ""
    assert snapshot(tmp_path) == before


def test_plan_does_without_shapes_until_it_is_allowed(tmp_path: Path) -> None:
    put(tmp_path)
    before = snapshot(tmp_path)
    done = recipe("plan", "recipes/own.yaml", cwd=tmp_path)
    assert done.returncode == 0
    assert "warning[R185]" in done.stderr
    assert "parameters" not in done.stdout
    assert snapshot(tmp_path) == before
    done = recipe("plan", "recipes/own.yaml", "--allow-code", "--json", cwd=tmp_path)
    assert [layer["output_shape"] for layer in json.loads(done.stdout)["layers"]] == [[4], [4], [3]]
    assert json.loads(done.stdout)["loss"] == "mine:focal"
    assert json.loads(done.stdout)["slots_counted"] is False
    assert "R185" not in done.stderr


def test_a_deep_look_builds_the_model_only_when_it_is_allowed(tmp_path: Path) -> None:
    put(tmp_path, RECIPE.replace("start: 0.5", "begin: 0.5"))
    look = ("validate", "--deep", "recipes/own.yaml", "--output-format", "json")
    done = recipe(*look, cwd=tmp_path)
    assert done.returncode == 0
    assert not (tmp_path / "IMPORTED").exists()
    done = recipe(*look, "--allow-code", cwd=tmp_path)
    assert done.returncode == 2
    assert places(done.stdout, "R207") == [(9, 30)]


def test_an_allowed_run_trains_and_its_lock_has_the_hash(trained: tuple[Path, dict[str, Any]]) -> None:
    folder, result = trained
    assert result["status"] == "finished"
    lock = json.loads((folder / result["run_dir"] / "lock.json").read_text())
    assert list(lock["code"]) == ["mine:Follows", "mine:Gate", "mine:focal"]
    assert all(len(digest) == 64 for digest in lock["code"].values())
    assert lock["code_folder"] == str(folder / "recipes")
    assert sorted(path.name for path in (folder / "recipes").iterdir()) == ["mine.py", "mine_beside.py", "own.yaml"]


def test_the_trained_model_opens_with_its_classes(
    trained: tuple[Path, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, result = trained
    monkeypatch.chdir(folder)
    found = load(folder / "recipes" / "own.yaml").recipe
    assert found is not None
    plan = with_code(make_plan(found, builtin_facts(found.data)), folder / "recipes")
    model = keras.models.load_model(
        folder / result["run_dir"] / "model.keras", custom_objects=custom_objects(plan.layers)
    )
    assert not model.compiled  # with an optimizer of custom code: it predicts, and is to be compiled again
    assert model.count_params() == 4 * 4 + 4 + 1 + 4 * 3 + 3
    predictions = model.predict(np.zeros((5, 4), np.float32), verbose=0)
    assert predictions.shape == (5, 3)
    np.testing.assert_allclose(predictions.sum(axis=-1), 1, rtol=1e-5)


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that was killed at step 6, in a folder beside its recipe and code; to be copied within it."""
    folder = tmp_path_factory.mktemp("killed")
    done = recipe("run", put(folder), "--allow-code", "--run-dir", "r", "--kill-at", "6", cwd=folder)
    assert done.returncode < 0
    return folder / "r"


def test_resume_wants_leave_again_and_tells_changed_code(killed: Path) -> None:
    folder, run = killed.parent, shutil.copytree(killed, killed.with_name("first"))
    put(folder)
    refused = recipe("resume", run, cwd=folder)
    assert refused.returncode == 2
    assert "error[R206]" in refused.stderr
    put(folder, mine=MINE + "# changed\n")
    changed = recipe("resume", run, "--allow-code", cwd=folder)
    assert changed.returncode == 2, changed.stderr
    assert "code.mine:Gate: " in changed.stderr
    assert "--policy" in changed.stderr
    put(folder)
    done = recipe("resume", run, "--allow-code", "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert result_of(done)["steps"] == 16


def test_changed_code_goes_on_by_a_policy(killed: Path) -> None:
    folder, run = killed.parent, shutil.copytree(killed, killed.with_name("second"))
    put(folder, mine=MINE + "# changed\n")
    done = recipe("resume", run, "--allow-code", "--policy", "continue", "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    again = recipe("resume", run, "--allow-code", cwd=folder)
    assert "is finished" in again.stderr


@pytest.mark.parametrize(
    ("name", "mine", "place", "says"),
    [
        ("mine1", "raise RuntimeError('at import')", "9:30", "mine1 cannot be imported: RuntimeError: at import"),
        ("mine2", "def Gate(start): return 3", "9:30", "must give a keras.layers.Layer"),
        ("mine3", MINE.replace("right = tf", "right = tff"), "13:32", "name 'tff' is not defined"),
        ("mine4", MINE.replace("[0] * self", "[0] * self.no"), "9:30", "mine4:Gate: 'Gate' object has no attribute"),
        ("mine6", MINE.replace("learning_rate * gradient", "0.1 * gradient"), "14:35", "learning rate does not act"),
        ("mine5", "import sys; sys.exit(5)", "9:30", "SystemExit: 5"),
    ],
)  # fmt: skip
def test_an_error_of_the_code_is_told_at_its_target_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, mine: str, place: str, says: str
) -> None:
    """In this process, in which TensorFlow runs: each case has a module of its own name, since imports stay."""
    put(tmp_path, RECIPE.replace("mine:", f"{name}:"))
    (tmp_path / "recipes" / f"{name}.py").write_text(mine)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TF_NUM_INTEROP_THREADS", "2")
    start_tensorflow(Hardware(device="cpu"))
    done = CliRunner().invoke(app, ["run", "recipes/own.yaml", "--allow-code"])
    assert done.exit_code == 2, done.stderr
    assert "error[R207]" in done.stderr
    assert f"--> recipes/own.yaml:{place}" in done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "runs").exists()


def test_a_target_set_on_the_command_line_or_by_a_base_is_held_to_the_same(tmp_path: Path) -> None:
    file = put(tmp_path)
    (file.parent / "child.yaml").write_text("extends: own.yaml\nname: child\n")
    done = recipe("run", "recipes/child.yaml", "--set", "training.loss.target=mine:other", cwd=tmp_path)
    assert done.returncode == 2
    assert "--> recipes/own.yaml:9:30" in done.stderr
    assert "--> --set training.loss.target" in done.stderr
    assert not (tmp_path / "IMPORTED").exists()


@pytest.mark.slow
def test_callbacks_that_make_another_model_on_one_worker_end_the_run(tmp_path: Path) -> None:
    apart = (
        "\nimport json, os\n"
        "class Apart(keras.callbacks.Callback):\n"
        "    def on_epoch_end(self, epoch, logs=None):\n"
        "        worker = json.loads(os.environ['TF_CONFIG'])['task']['index']\n"
        "        weight = self.model.trainable_variables[0]\n"
        "        weight.assign(weight * (1.0 + epoch * worker))\n"
    )
    put(tmp_path, RECIPE + 'callbacks: [{target: "mine:Apart"}]\n', MINE + apart)
    done = recipe("launch", "recipes/own.yaml", "--allow-code", "--run-dir", "out", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    said = " ".join(done.stderr.split())
    assert "after callback mine:Apart, on_epoch_end the model of worker 1 is not that of worker 0" in said


def test_two_workers_are_allowed_what_their_launch_is_allowed(tmp_path: Path) -> None:
    put(tmp_path)
    done = recipe("launch", "recipes/own.yaml", "--allow-code", "--run-dir", "out", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert result_of(done)["status"] == "finished"
