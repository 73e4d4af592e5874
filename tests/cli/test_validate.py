"""``recipe validate``: all errors of all files, without TensorFlow."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.program import GALLERY, environment, recipe

HEAVY = ("tensorflow", "keras", "tensorflow_datasets", "sklearn", "mlxtend", "matplotlib", "pandas", "scipy")


def imported_by(*arguments: str) -> set[str]:
    script = (
        "import sys, json\n"
        "from runner.cli import app\n"
        f"app({list(arguments)!r}, standalone_mode=False)\n"
        "print(json.dumps(sorted(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], env=environment(), capture_output=True, text=True, check=True)
    return set(json.loads(done.stderr.splitlines()[-1]))


def test_validating_the_gallery_imports_nothing_heavy() -> None:
    assert not imported_by("validate", str(GALLERY)) & set(HEAVY)


def test_planning_without_shapes_imports_nothing_heavy() -> None:
    file = str(GALLERY / "digits_constant.yaml")
    assert not imported_by("plan", file, "--no-shapes") & set(HEAVY)
    assert not imported_by("plan", file, "--format", "csv") & set(HEAVY)


def test_the_gallery_is_valid_and_without_warnings(tmp_path: Path) -> None:
    done = recipe("validate", GALLERY, "--output-format", "concise", cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    (custom,) = done.stdout.splitlines()  # it always says what code a run would import
    assert "from_custom.yaml" in custom
    assert "R185" in custom
    assert "valid" in done.stderr


def test_every_error_of_every_file_is_told_on_stdout(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text("recipe: 1\nname: x\ntask: clasification\nmodl: 3\n")
    done = recipe("validate", ".", "--output-format", "concise", cwd=tmp_path)
    assert done.returncode == 2
    lines = done.stdout.splitlines()
    for name in ("a", "b"):
        mine = [line for line in lines if line.startswith(f"{name}.yaml:")]
        assert any("'clasification'" in line and "classification" in line for line in mine)
        assert any("modl" in line and "model" in line for line in mine)
        assert any("training" in line for line in mine)


def test_a_missing_file_exits_2(tmp_path: Path) -> None:
    done = recipe("validate", "nowhere.yaml", cwd=tmp_path)
    assert done.returncode == 2
    assert "nowhere.yaml" in done.stdout
    assert "Traceback" not in done.stderr


def test_a_missing_default_folder_exits_2(tmp_path: Path) -> None:
    done = recipe("validate", cwd=tmp_path)
    assert done.returncode == 2
    assert "no such file or directory" in done.stdout


GOOD = """\
recipe: 1
name: x
task: classification
data: {source: builtin, name: digits, scale: 1/16}
model:
  kind: sequential
  layers:
    - {kind: flatten}
    - {kind: dense, units: 30}  # hidden
optimizer: {kind: sgd}
schedule: {kind: constant, learning_rate: 0.1}
training: {epochs: 2}
"""


def test_fixes_are_written_and_told(tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"
    path.write_text(
        GOOD.replace("units: 30", 'unitz: "30"').replace("constant", "Constant").replace("{epochs", "{epohcs")
    )
    done = recipe("validate", "--fix", "r.yaml", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert "fixed r.yaml:9:21: unitz → units" in done.stderr
    assert 'fixed r.yaml:9:28: "30" → 30' in done.stderr
    assert path.read_text() == GOOD


def test_what_cannot_be_fixed_is_still_told(tmp_path: Path) -> None:
    (tmp_path / "r.yaml").write_text(GOOD.replace("units: 30", "units: many").replace("seed", "sead"))
    done = recipe("validate", "--fix", "--output-format", "concise", "r.yaml", cwd=tmp_path)
    assert done.returncode == 2
    assert "error[R013]" in done.stdout


def deep(folder: Path, text: str, *arguments: str) -> tuple[int, list[str]]:
    """Exit code and lines of ``validate --deep``."""
    (folder / "r.yaml").write_text(text)
    done = recipe("validate", "--deep", "--output-format", "concise", "r.yaml", *arguments, cwd=folder)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout.splitlines()


def test_a_deep_look_finds_nothing_in_a_good_recipe(tmp_path: Path) -> None:
    assert deep(tmp_path, GOOD) == (0, [])


def test_a_schedule_that_does_not_fit_the_steps_is_told_at_its_line(tmp_path: Path) -> None:
    text = GOOD.replace("{kind: constant, learning_rate: 0.1}", "{kind: 1cycle, max_lr: 0.1}").replace(
        "1/16", "1/16, batch_size: 1400"
    )
    code, lines = deep(tmp_path, text)
    assert code == 2
    assert [line for line in lines if line.startswith("r.yaml:11:11: error[R201]") and "shorter than one step" in line]


def test_a_model_beyond_memory_is_told_at_its_largest_layer_with_the_figure(tmp_path: Path) -> None:
    code, (line,) = deep(tmp_path, GOOD.replace("units: 30", "units: 30000000000"))
    assert code == 2
    assert line.startswith("r.yaml:9:7: error[R205] the run needs about ")
    assert "TiB weights, gradients and optimizer slots" in line
    assert "activations of a batch" in line


def test_a_dataset_that_is_not_here_is_a_warning(tmp_path: Path) -> None:
    text = GOOD.replace("source: builtin, name: digits", "source: tfds, name: mnist, splits: {test: test}")
    code, (line,) = deep(tmp_path, text)
    assert code == 0
    assert line.startswith("r.yaml:4:28: warning[R202] dataset 'mnist' is not prepared in")


def test_a_layer_that_keras_refuses_is_told_at_its_line(tmp_path: Path) -> None:
    text = GOOD.replace(
        "source: builtin, name: digits, scale: 1/16",
        "source: tfds, name: tiny, splits: {train: train, test: test}, scale: 1/255",
    ).replace("- {kind: flatten}", "- {kind: conv2d, filters: 1, kernel_size: 9}\n    - {kind: flatten}")
    write_tiny_dataset(tmp_path / "data")
    code, (line,) = deep(tmp_path, text, "--data-dir", "data")
    assert code == 2
    assert line.startswith("r.yaml:8:7: error[R203] conv2d: ")


def test_a_split_that_the_dataset_lacks_is_told(tmp_path: Path) -> None:
    text = GOOD.replace("source: builtin, name: digits", "source: tfds, name: tiny, splits: {train: training}")
    write_tiny_dataset(tmp_path / "data")
    code, (line,) = deep(tmp_path, text, "--data-dir", "data")
    assert code == 2
    assert line.startswith("r.yaml:4:28: error[R202] split 'training' is not in the dataset")


FEATURES = "tensorflow_datasets.core.features"


def write_tiny_dataset(data_dir: Path) -> None:
    """The metadata of a dataset of 100 images of 8 x 8 pixels in four classes."""
    folder = data_dir / "tiny" / "1.0.0"
    folder.mkdir(parents=True)
    info = {
        "splits": [{"name": "train", "shardLengths": ["100"]}, {"name": "test", "shardLengths": ["20"]}],
        "supervisedKeys": {"tuple": {"items": [{"featureKey": "image"}, {"featureKey": "label"}]}},
    }
    image = {"shape": {"dimensions": ["8", "8", "1"]}, "dtype": "uint8"}
    features = {
        "image": {"pythonClassName": f"{FEATURES}.image_feature.Image", "image": image},
        "label": {
            "pythonClassName": f"{FEATURES}.class_label_feature.ClassLabel",
            "classLabel": {"numClasses": "4"},
        },
    }
    (folder / "dataset_info.json").write_text(json.dumps(info))
    (folder / "features.json").write_text(json.dumps({"featuresDict": {"features": features}}))


@pytest.mark.parametrize(
    ("word", "help"),
    [
        ("valdate", "did you mean `recipe validate`?"),
        ("lr_find", "did you mean `recipe lr-find`?"),
        ("train", "did you mean `recipe run`?"),
        ("expl", "did you mean `recipe explain`?"),
        ("zzz", "verbs: run, "),
        ("\x1b[2J", "verbs: run, "),
    ],
)
def test_a_misspelt_verb_exits_2_with_the_nearest(tmp_path: Path, word: str, help: str) -> None:
    done = recipe(word, "x.yaml", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert help in done.stderr
    assert "\x1b" not in done.stderr
