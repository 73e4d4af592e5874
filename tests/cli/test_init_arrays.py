"""`recipe init FILE.npz`: which array is which, by names and shapes; the recipe plans as it is."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from runner.cli import app
from runner.data.access import DataAccess
from runner.plan.plan import Plan
from runner.source.load import load
from runner.workflows.prepare import prepare
from tests.cli.program import recipe, result_of

RANDOM = np.random.default_rng(5)
ROWS = RANDOM.normal(size=(300, 6)).astype(np.float32)
PIXELS = RANDOM.integers(0, 17, (300, 9, 9)).astype(np.uint8)
CLASSES = np.arange(300) % 3


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECIPE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def init(*arguments: str, **arrays: Any) -> tuple[int, str]:
    np.savez("made.npz", **arrays)
    done = CliRunner().invoke(app, ["init", "made.npz", *arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def planned(**arrays: Any) -> tuple[Plan, str]:
    code, said = init(**arrays)
    assert code == 0, said
    loaded = load(Path("made.yaml"))
    assert loaded.recipe is not None, loaded.diagnostics
    assert not loaded.diagnostics
    return prepare(loaded.recipe, DataAccess().beside(Path("made.yaml")), print), Path("made.yaml").read_text()


@pytest.mark.parametrize(
    ("x", "y", "task", "expected"),
    [
        (ROWS, CLASSES, "classification", 'test_accuracy: ">= 0.367"'),
        (ROWS, np.array(["u", "v", "w"] * 100), "classification", 'test_accuracy: ">= 0.367"'),
        (ROWS, ROWS[:, 0], "regression", "test_mean_absolute_error"),
        (ROWS, ROWS[:, :2], "regression", "test_mean_absolute_error"),
        (ROWS, (ROWS[:, :3] > 0).astype(np.uint8), "multi_label", "test_accuracy"),
        (ROWS, np.arange(300), "regression", "test_mean_absolute_error"),
    ],
)
def test_the_task_follows_from_the_targets(x: Any, y: Any, task: str, expected: str) -> None:
    plan, text = planned(x=x, y=y)
    assert plan.recipe.task == task
    assert (plan.data.train, plan.data.validation, plan.data.test) == (180, 60, 60)
    assert expected in text
    assert ("target_scale: standard" in text) == (task == "regression")


def test_arrays_of_parts_go_together_by_their_names() -> None:
    plan, text = planned(x_train=PIXELS, y_train=CLASSES, x_test=PIXELS[:60], y_test=CLASSES[:60])
    assert (plan.data.train, plan.data.validation, plan.data.test) == (240, 60, 60)
    assert "test: {inputs: x_test, target: y_test}" in text
    plan, text = planned_again(train_x=PIXELS, train_y=CLASSES, val_x=PIXELS[:50], val_y=CLASSES[:50])
    assert (plan.data.train, plan.data.validation, plan.data.test) == (240, 50, 60)


def planned_again(**arrays: Any) -> tuple[Plan, str]:
    Path("made.yaml").unlink()
    return planned(**arrays)


def test_pixels_are_scaled_by_their_range_and_have_a_channel(folder: Path) -> None:
    _, text = planned(images=PIXELS, labels=CLASSES)
    assert "scale: 1/16" in text
    assert "target_shape: [9, 9, 1]" in text
    assert "conv2d" in text
    changed = ("--set", "training.epochs=4", "--set", "expect=null")
    assert result_of(recipe("run", "made.yaml", *changed, "--json", cwd=folder))["status"] == "finished"


def test_an_array_of_another_name_is_named_by_target() -> None:
    code, said = init("--output", "-", features=ROWS, stars=CLASSES, note=np.array(["a"] * 300))
    assert code == 2
    assert "does not say which of its arrays is predicted" in said
    assert "--target ARRAY" in said
    code, said = init("--output", "-", "--target", "stars", features=ROWS, stars=CLASSES, note=np.array(["a"] * 300))
    assert code == 0
    assert "inputs: features\n  target: stars\n  # not used: 'note'\n" in said
    code, said = init("--target", "star", features=ROWS, stars=CLASSES)
    assert (code, "did you mean 'stars'?" in said) == (2, True)


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"a": ROWS, "b": ROWS, "y": CLASSES}, "does not say which of its arrays are the inputs of 'y'"),
        ({"x": ROWS, "y": np.arange(20)}, "does not say which of its arrays are the inputs of 'y'"),
        ({"x": ROWS[:0], "y": CLASSES[:0]}, "have no examples"),
        ({"x": ROWS}, "does not say which of its arrays is predicted; it has 'x' (300, 6)"),
    ],
)
def test_arrays_that_do_not_tell_are_refused(arrays: dict[str, Any], message: str) -> None:
    code, said = init(**arrays)
    assert code == 2
    assert message in " ".join(said.split())
    assert not Path("made.yaml").exists()


def test_one_npy_file_is_no_set_of_examples() -> None:
    np.save("x.npy", ROWS)
    done = CliRunner().invoke(app, ["init", "x.npy"])
    assert done.exit_code == 2
    assert "recipe cp from_npz" in done.output
