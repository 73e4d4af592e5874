"""``recipe validate``: all errors of all files, without TensorFlow."""

import json
import subprocess
import sys
from pathlib import Path

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
    done = recipe("validate", GALLERY, cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    assert done.stdout == ""
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
