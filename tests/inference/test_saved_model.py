"""A run's model file is opened, and nothing that a file from elsewhere would slip in."""

import json
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.inference.trained import Trained, program


def rewritten(path: Path, **members: bytes) -> None:
    """The same archive with some members replaced or added."""
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, value in {**content, **{key.replace("__", "."): v for key, v in members.items()}}.items():
            archive.writestr(name, value)


def config_of(path: Path) -> Any:
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read("config.json"))


def test_a_module_that_is_not_of_keras_is_not_imported(iris: Trained, tmp_path: Path) -> None:
    copy = iris.copied(tmp_path)
    config = config_of(copy / "model.keras")
    config["config"]["layers"][1] |= {"module": "this", "class_name": "Zen"}
    rewritten(copy / "model.keras", config__json=json.dumps(config).encode())
    assert "this" not in sys.modules
    done = program("predict", copy, "-", stdin=b"1,2,3,4\n", status=2)
    assert "names this.Zen, which is not Keras'" in done.stderr
    assert "this" not in sys.modules


def test_a_lambda_layer_is_refused(iris: Trained, tmp_path: Path) -> None:
    copy = iris.copied(tmp_path)
    config = config_of(copy / "model.keras")
    layer = config["config"]["layers"][1]
    layer |= {"module": "keras.layers", "class_name": "Lambda"}
    layer["config"] = {"name": "scaling", "function": {"class_name": "__lambda__", "config": {"code": "4wAA"}}}
    rewritten(copy / "model.keras", config__json=json.dumps(config).encode())
    done = program("predict", copy, "-", stdin=b"1,2,3,4\n", status=2)
    assert "model.keras cannot be opened" in done.stderr


def test_a_member_that_models_do_not_have_is_refused(iris: Trained, tmp_path: Path) -> None:
    copy = iris.copied(tmp_path)
    rewritten(copy / "model.keras", evil__txt=b"1")
    assert "holds evil.txt" in program("predict", copy, "-", stdin=b"1,2,3,4\n", status=2).stderr


def test_a_link_out_of_the_run_is_refused(iris: Trained, tmp_path: Path) -> None:
    copy = iris.copied(tmp_path)
    (copy / "model.keras").unlink()
    (copy / "model.keras").symlink_to(iris.folder / "model.keras")
    refused = program("predict", copy, "-", stdin=b"1,2,3,4\n", status=2).stderr
    assert "model.keras is a symbolic link: a run is a folder of plain files" in refused


@pytest.mark.parametrize("size", [0, 1000, -200])
def test_a_torn_file_is_refused(iris: Trained, tmp_path: Path, size: int) -> None:
    copy = iris.copied(tmp_path)
    content = (copy / "model.keras").read_bytes()
    (copy / "model.keras").write_bytes(content[:size])
    assert "is damaged or not a Keras file" in program("predict", copy, "-", stdin=b"1,2,3,4\n", status=2).stderr
