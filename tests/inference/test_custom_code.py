"""A model with a custom layer is used where the person allows its code, and only there."""

from pathlib import Path

import pytest

from tests.inference.trained import Trained, evaluated, program

pytestmark = pytest.mark.slow

MODULE = """\
import keras

class Shift(keras.layers.Layer):
    def __init__(self, by=1.0, **kwargs):
        super().__init__(**kwargs)
        self.by = by

    def call(self, inputs):
        return inputs + self.by

    def get_config(self):
        return {**super().get_config(), "by": self.by}
"""
RECIPE = """\
recipe: 1
name: shifted
task: classification
data: {source: builtin, name: iris, scale: standard, batch_size: 64}
model:
  kind: sequential
  layers: [{kind: custom, target: "shifts:Shift", arguments: {by: 0.5}}, {kind: dense, units: 8, activation: relu}]
optimizer: {kind: adam}
schedule: {kind: constant, learning_rate: 0.01}
training: {epochs: 3}
"""
ROW = b"5.1,3.5,1.4,0.2\n"


@pytest.fixture(scope="module")
def shifted(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    folder = tmp_path_factory.mktemp("shifted")
    (folder / "shifts.py").write_text(MODULE)
    (folder / "r.yaml").write_text(RECIPE)
    program("run", folder / "r.yaml", "--run-dir", folder / "run", "--progress", "none", "--allow-code")
    return Trained(folder / "run", {})


def test_without_being_allowed_the_code_is_not_imported(shifted: Trained) -> None:
    for arguments in (["evaluate", shifted.folder], ["predict", shifted.folder, "-"]):
        assert "--allow-code" in program(*arguments, stdin=ROW, status=2).stderr


def test_with_the_code_allowed_the_model_is_used(shifted: Trained) -> None:
    assert evaluated(shifted.folder, "--allow-code")["examples"] == 15
    assert "setosa" in program("predict", shifted.folder, "-", "--allow-code", "--top-k", "3", stdin=ROW).stdout


def test_with_the_code_allowed_the_model_is_exported(shifted: Trained, tmp_path: Path) -> None:
    pytest.importorskip("ai_edge_litert", reason="the extra [export] is not installed")
    done = program("export", shifted.folder, "--to", "litert", "--output", tmp_path / "o", "--check", "--allow-code")
    assert "0 of 15 decisions flipped" in done.stdout
