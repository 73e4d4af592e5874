"""``recipe export``: the same decisions without Keras, and what the check catches."""

import importlib.util
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from runner.inference.export.formats import FORMATS, FormatFacts
from tests.cli.program import LIMIT, started, wait_for
from tests.faults.program import HOOKS
from tests.inference.trained import Trained, program

pytestmark = pytest.mark.slow

EXTRA = {name for facts in FORMATS.values() for name in facts.packages}
needs_extra = pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in EXTRA), reason="[export] and [openvino] are not installed"
)


def exported(run: Trained, folder: Path, *options: str, to: str = "onnx", status: int = 0) -> dict[str, Any]:
    done = program("export", run.folder, "--to", to, "--output", folder, "--json", *options, status=status)
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


@pytest.fixture(scope="module")
def named(iris: Trained, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An ONNX export with class names; to be copied before something happens to it."""
    folder = tmp_path_factory.mktemp("onnx") / "iris"
    exported(iris, folder)
    return folder


@needs_extra
@pytest.mark.parametrize(
    ("to", "runtime"),
    [
        ("savedmodel", "tensorflow"),
        ("onnx", "onnxruntime"),
        ("litert", "ai_edge_litert"),
        ("openvino", "openvino"),
    ],
)
def test_no_decision_flips_in_a_process_without_keras(digits: Trained, tmp_path: Path, to: str, runtime: str) -> None:
    found = exported(digits, tmp_path / "out", "--check", "--bench", to=to)
    check = found["check"]
    assert (check["flips"], check["problems"], check["imported"]) == (0, [], [runtime])
    assert check["examples"] == len(digits.split("test"))
    assert check["largest_difference"] < 1e-5
    assert found["bench"]["bytes"] == found["bytes"] > 1000
    assert found["bench"]["latency_ms"] > 0 < found["bench"]["examples_per_second"]


@needs_extra
@pytest.mark.parametrize(
    ("name", "to"),
    [("cancer", "onnx"), ("cancer", "litert"), ("cancer", "openvino"), ("diabetes", "onnx"), ("diabetes", "litert")],
)
def test_a_single_output_and_standard_scaling_are_exported(
    name: str, to: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    check = exported(request.getfixturevalue(name), tmp_path / "out", "--check", to=to)["check"]
    assert (check["flips"], check["problems"]) == (0, [])


@needs_extra
def test_the_folder_says_what_goes_in_and_comes_out(iris: Trained, named: Path) -> None:
    assert sorted(path.name for path in named.iterdir()) == ["check.py", "golden.npz", "model.onnx", "preprocess.json"]
    found = json.loads((named / "preprocess.json").read_text())
    assert found["class_names"] == ["setosa", "versicolor", "virginica"]
    assert found["input"]["shape"] == [None, 4]
    with np.load(named / "golden.npz") as golden:
        assert len(golden["x"]) == len(iris.split("test")) == 15
        outputs = iris.outputs(golden["x"])
        np.testing.assert_allclose(golden["outputs"], outputs, atol=1e-6)
        assert golden["class_name"].tolist() == [found["class_names"][c] for c in outputs.argmax(axis=1)]


@needs_extra
def test_openvino_sends_no_statistics(iris: Trained, tmp_path: Path) -> None:
    exported(iris, tmp_path / "out", to="openvino")
    assert "openvino.tools.ovc.telemetry_stub" in sys.modules
    assert sys.modules["openvino_telemetry"] is None
    assert sorted(path.name for path in (tmp_path / "out/openvino_model").iterdir()) == ["model.bin", "model.xml"]


@needs_extra
def test_golden_examples_are_32_and_of_every_class(digits: Trained, tmp_path: Path) -> None:
    exported(digits, tmp_path / "out", to="keras")
    with np.load(tmp_path / "out" / "golden.npz") as golden:
        assert golden["x"].shape == (32, 8, 8, 1)
        assert golden["x"].dtype == np.uint8
        decided = set(digits.outputs(digits.split("test").x).argmax(axis=1))
        assert {int(name) for name in golden["class_name"]} == decided


@needs_extra
def test_the_folder_checks_itself_without_this_package(named: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(named, tmp_path / "copy")
    done = subprocess.run(
        [sys.executable, "-I", copy / "check.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["imported"] == ["onnxruntime"]


def changed(folder: Path, target: Path, **values: Any) -> Path:
    """A copy whose metadata says something else."""
    copy = Path(shutil.copytree(folder, target / "changed"))
    found = json.loads((copy / "preprocess.json").read_text())
    (copy / "preprocess.json").write_text(json.dumps(found | values))
    return copy


@needs_extra
def test_two_class_names_that_were_swapped_are_caught(iris: Trained, named: Path, tmp_path: Path) -> None:
    copy = changed(named, tmp_path, class_names=["setosa", "virginica", "versicolor"])
    check = exported(iris, copy, "--check", status=1)["check"]
    assert "class 1 was exported as 'versicolor', and preprocess.json calls it 'virginica'" in check["problems"]
    assert any("expected the class 'virginica', got 'versicolor'" in problem for problem in check["problems"])


@needs_extra
@pytest.mark.parametrize("names", [["setosa", "versicolor"], ["setosa", "versicolor", "virginica", "more"]])
def test_another_number_of_class_names_is_caught(iris: Trained, named: Path, tmp_path: Path, names: list[str]) -> None:
    check = exported(iris, changed(named, tmp_path, class_names=names), "--check", status=1)["check"]
    assert f"preprocess.json has {len(names)} class names; 3 were exported" in check["problems"]


@needs_extra
def test_a_model_of_other_weights_is_caught(cancer: Trained, tmp_path: Path) -> None:
    exported(cancer, tmp_path / "out")
    import onnx

    path = tmp_path / "out" / "model.onnx"
    model = onnx.load(path)
    for weight in model.graph.initializer:
        array = onnx.numpy_helper.to_array(weight)
        if array.dtype == np.float32:
            weight.CopyFrom(onnx.numpy_helper.from_array(-array, weight.name))
    onnx.save(model, path)
    check = exported(cancer, tmp_path / "out", "--check", status=1)["check"]
    assert check["problems"][0] == "model.onnx is not the file that was exported"
    assert check["flips"] > 0


@needs_extra
def test_a_model_that_cannot_be_run_is_said(iris: Trained, named: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(named, tmp_path / "copy"))
    (copy / "model.onnx").write_bytes(b"none")
    done = program("export", iris.folder, "--to", "onnx", "--output", copy, "--check", status=2)
    assert "cannot be run" in done.stderr


@needs_extra
def test_an_export_that_is_there_is_replaced_only_with_force(iris: Trained, named: Path, tmp_path: Path) -> None:
    copy = changed(named, tmp_path, class_names=["a", "b", "c"])
    done = program("export", iris.folder, "--to", "onnx", "--output", copy, status=2)
    assert "already exists and is an export" in done.stderr
    assert exported(iris, copy, "--force")["written"] is True
    assert json.loads((copy / "preprocess.json").read_text())["class_names"][0] == "setosa"


@needs_extra
def test_a_check_is_of_the_export_that_was_asked_for(digits: Trained, named: Path) -> None:
    done = program("export", digits.folder, "--to", "onnx", "--output", named, "--check", status=2)
    assert "its fingerprint is" in done.stderr


@needs_extra
def test_a_file_that_may_not_grow_is_named_and_nothing_is_left(iris: Trained, tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, hard))
    try:
        done = program("export", iris.folder, "--to", "onnx", "--output", tmp_path / "out", status=1)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert f"error: {tmp_path}/out/model.onnx: File too large" in done.stderr
    assert list(tmp_path.iterdir()) == []


@needs_extra
def test_a_signal_within_the_conversion_leaves_nothing(iris: Trained, tmp_path: Path) -> None:
    fault = {"PYTHONPATH": str(HOOKS), "RECIPE_FAULT": "slow-import:tf2onnx.tfonnx"}
    process = started("export", iris.folder, "--to", "onnx", "--output", "out", cwd=tmp_path, **fault)
    wait_for(lambda: (tmp_path / "begun").exists() or process.poll() is not None)
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=LIMIT)
    assert process.returncode == 143, said
    assert "Traceback" not in said
    assert [path.name for path in tmp_path.iterdir()] == ["begun"]


def test_a_folder_of_something_else_is_never_replaced(iris: Trained, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    for options in ([], ["--force"]):
        done = program("export", iris.folder, "--to", "keras", "--output", tmp_path, *options, status=2)
        assert "is something else" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_the_output_is_a_folder(iris: Trained, tmp_path: Path) -> None:
    done = program("export", iris.folder, "--to", "onnx", "--output", tmp_path / "m.onnx", status=2)
    assert "--output: must name a folder" in done.stderr


def test_a_missing_package_names_the_extra(iris: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FORMATS, "onnx", FormatFacts("model.onnx", ("no_such_package",)))
    done = program("export", iris.folder, "--to", "onnx", "--output", tmp_path / "out", status=2)
    assert "needs no_such_package" in done.stderr
    assert "pip install 'recipe-runner[export]'" in done.stderr


@needs_extra
def test_eight_bits_say_what_they_cost(digits: Trained, tmp_path: Path) -> None:
    whole = exported(digits, tmp_path / "whole", to="litert")
    found = exported(digits, tmp_path / "small", "--int8", to="litert")
    assert found["bytes"] < whole["bytes"]
    check = found["check"]
    recorded = digits.result["metrics"]["test_accuracy"]
    assert check["score_of_keras"] == pytest.approx(recorded)
    assert abs(check["score"] - recorded) < 0.1
    assert "--int8: is for --to litert" in program("export", digits.folder, "--to", "onnx", "--int8", status=2).stderr


@needs_extra
@pytest.mark.skipif("TFDS_DATA_DIR" not in os.environ, reason="needs whole MNIST (TFDS_DATA_DIR)")
@pytest.mark.parametrize("to", ["savedmodel", "onnx", "litert", "openvino"])
def test_no_decision_of_10_000_flips_on_mnist(mnist: Path, tmp_path: Path, to: str) -> None:
    done = program("export", mnist, "--to", to, "--output", tmp_path / "out", "--check")
    assert "0 of 10,000 decisions flipped" in done.stdout
