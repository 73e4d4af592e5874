"""Custom code: imported from one folder when it is allowed, and held to what it is meant to be."""

import sys
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from runner.custom_import import locate, resolve
from runner.data.facts import builtin_facts
from runner.errors import BuildError, CodeError
from runner.model.build import build_model, layer_shapes
from runner.model.custom import custom_layer
from runner.model.custom_loss import require_loss
from runner.model.losses import make_loss
from runner.plan.allow_code import with_code
from runner.plan.custom_code import digest
from runner.plan.make_plan import make_plan
from runner.plan.plan import Plan
from schemas.custom import CustomLoss
from schemas.layers.custom import CustomLayer
from schemas.recipe import Recipe
from tests.model.opening import custom_objects

LAYERS = """
import keras
import tensorflow as tf
from {beside} import ONE

class Scale(keras.layers.Layer):
    def __init__(self, factor=1.0, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor
    def build(self, shape):
        self.gain = self.add_weight(shape=(), initializer="ones", name="gain")
    def call(self, x):
        return x * self.factor * self.gain * ONE

class Unsaved(keras.layers.Layer):
    def __init__(self, factor):
        super().__init__()
        self.factor = factor

class Two(keras.layers.Layer):
    def call(self, x):
        return x, x

class Mean(keras.losses.Loss):
    def call(self, y, p):
        return tf.reduce_mean((y - p) ** 2, axis=-1)

def scaled(factor):
    return Scale(factor)

def wrong(): return 3
def broken(): raise RuntimeError("it is broken")
def power(y, p, exponent): return tf.abs(y - p) ** exponent
def scalar(y, p): return tf.reduce_mean(y - p)
def raising(y, p): raise ValueError("no such thing")
def chosen(y, p): return -tf.math.log(tf.gather(p, y, batch_dims=1))
VALUE = 7
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a module of one's own, which needs another one beside it."""
    (tmp_path / "mine.py").write_text(LAYERS.replace("{beside}", "mine_helper"))
    (tmp_path / "mine_helper.py").write_text("ONE = 1.0\n")
    (tmp_path / "mine_exits.py").write_text("raise SystemExit(3)\n")
    (tmp_path / "mine_fails.py").write_text("import no_such_module\n")
    return tmp_path


def layer(name: str, /, **arguments: Any) -> CustomLayer:
    target = name if ":" in name else f"mine:{name}"
    return CustomLayer(kind="custom", target=target, arguments=arguments, name="own")


def plan(loss: dict[str, Any] | str | None = None, *layers: dict[str, Any], name: str = "digits") -> Plan:
    task = "regression" if name == "diabetes" else "classification"
    recipe = Recipe.model_validate({
        "recipe": 1, "name": "x", "task": task, "data": {"source": "builtin", "name": name},
        "model": {"kind": "sequential", "layers": list(layers) or [{"kind": "flatten"}]},
        "training": {"epochs": 1, "loss": loss},
    })  # fmt: skip
    return make_plan(recipe, builtin_facts(recipe.data))


def own(target: str, **arguments: Any) -> dict[str, Any]:
    return {"kind": "custom", "target": f"mine:{target}", "arguments": arguments}


def test_nothing_is_imported_without_leave(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.delitem(sys.modules, "mine", raising=False)
    with pytest.raises(CodeError, match="--allow-code"):
        resolve("mine:Scale", None)
    with pytest.raises(BuildError, match="--allow-code") as caught:
        layer_shapes(plan(None, {"kind": "flatten"}, own("Scale")).layers, (8, 8, 1))
    assert (caught.value.path, caught.value.code) == (("model", "layers", 1, "target"), "R207")
    with pytest.raises(BuildError, match="--allow-code"):
        require_loss(plan(own("power", exponent=2)))
    assert "mine" not in sys.modules


def test_a_class_and_a_function_make_layers_with_the_name_of_the_recipe(folder: Path) -> None:
    for target in ("Scale", "scaled"):
        made = custom_layer(layer(target, factor=3.0), folder)
        assert (made.name, made.factor) == ("own", 3.0)
        np.testing.assert_array_equal(made(np.ones((1, 2))), [[3, 3]])


def test_the_folder_is_on_the_path_for_the_import_alone_and_stays_clean(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    before, path = set(folder.iterdir()), list(sys.path)
    resolve("mine:Scale", folder)
    assert sys.path == path
    assert set(folder.iterdir()) == before


def test_a_module_of_the_same_name_in_another_folder_is_another(folder: Path, tmp_path_factory: Any) -> None:
    other = tmp_path_factory.mktemp("other")
    (other / "mine.py").write_text("VALUE = 8\n")
    assert [resolve("mine:VALUE", place) for place in (folder, other, folder)] == [7, 8, 7]


@pytest.mark.parametrize(
    ("target", "arguments", "says"),
    [
        ("Scael", {}, "did you mean 'Scale'?"),
        ("no_such_module_at_all:X", {}, "cannot be imported: ModuleNotFoundError"),
        ("mine_fails:X", {}, "No module named 'no_such_module'"),
        ("mine_exits:X", {}, "cannot be imported: SystemExit: 3"),
        ("Scale", {"faktor": 3}, "Unrecognized keyword arguments"),
        ("Scale", {"name": "other"}, "multiple values for keyword argument 'name'"),
        ("Unsaved", {"factor": 2.0}, "cannot be saved"),
        ("wrong", {}, "must give a keras.layers.Layer; received a value of type int"),
        ("VALUE", {}, "must be a class or a function"),
        ("broken", {}, "RuntimeError: it is broken"),
    ],
)  # fmt: skip
def test_what_is_no_layer_is_refused(folder: Path, target: str, arguments: dict[str, Any], says: str) -> None:
    with pytest.raises(CodeError) as caught:
        custom_layer(layer(target, **arguments), folder)
    assert says in str(caught.value)


def test_a_module_that_has_the_name_of_one_of_the_program_is_refused(folder: Path) -> None:
    (folder / "runner.py").write_text("X = 1\n")
    with pytest.raises(CodeError, match=r"another module of this program .*give runner.py another name"):
        resolve("runner:X", folder)


def test_an_error_of_an_own_layer_is_told_at_its_target(folder: Path) -> None:
    allowed = with_code(plan(None, {"kind": "flatten"}, own("Two")), folder)
    with pytest.raises(BuildError, match="a layer has one output; received tuple") as caught:
        layer_shapes(allowed.layers, (8, 8, 1))
    assert caught.value.path == ("model", "layers", 1, "target")


def test_shapes_of_a_model_beyond_memory_cost_nothing_when_an_own_layer_is_called_later(folder: Path) -> None:
    layer_shapes(plan(None, {"kind": "flatten"}, {"kind": "dense", "units": 10**9}).layers, (8, 8, 1))
    allowed = with_code(plan(None, {"kind": "flatten"}, own("scaled", factor=2.0)), folder)
    assert build_model(allowed.layers, (8, 8, 1), "m").count_params() == 1 + 64 * 10 + 10


def test_a_saved_model_opens_with_its_classes(folder: Path, tmp_path: Path) -> None:
    allowed = with_code(plan(None, {"kind": "flatten"}, own("scaled", factor=2.0)), folder)
    model = build_model(allowed.layers, (8, 8, 1), "m")
    model.save(tmp_path / "m.keras")
    opened = keras.models.load_model(tmp_path / "m.keras", custom_objects=custom_objects(allowed.layers))
    x = np.random.default_rng(0).normal(size=(2, 8, 8, 1)).astype(np.float32)
    np.testing.assert_array_equal(opened(x), model(x))


def test_a_loss_is_a_function_with_arguments_or_a_class(folder: Path) -> None:
    y, p = tf.constant([1.0, 3.0]), tf.constant([[2.0], [5.0]])
    for target, arguments in (("power", {"exponent": 2}), ("Mean", {})):
        loss = make_loss(CustomLoss(kind="custom", target=f"mine:{target}", arguments=arguments), 0.0, folder)
        np.testing.assert_array_equal(loss(y, p), [1, 4])


def test_classes_reach_a_loss_as_whole_numbers(folder: Path) -> None:
    require_loss(with_code(plan(own("chosen")), folder))
    loss = make_loss(CustomLoss(kind="custom", target="mine:chosen"), 0.0, folder)
    np.testing.assert_allclose(loss(tf.constant([1]), tf.constant([[0.5, 0.5]])), [np.log(2)], rtol=1e-6)


@pytest.mark.parametrize(
    ("target", "says"),
    [("scalar", "one value per example"), ("raising", "no such thing"), ("Scale", "keras.losses.Loss"),
     ("VALUE", "a function or a class"), ("missing", "has no 'missing'")],
)  # fmt: skip
def test_what_is_no_loss_is_told_at_its_target(folder: Path, target: str, says: str) -> None:
    with pytest.raises(BuildError) as caught:
        require_loss(with_code(plan(own(target), name="diabetes"), folder))
    assert says in str(caught.value)
    assert caught.value.path == ("training", "loss", "target")
    assert caught.value.code == "R207"


def test_a_target_is_hashed_without_being_imported(tmp_path: Path) -> None:
    package = tmp_path / "own_package"
    package.mkdir()
    (package / "__init__.py").write_text("raise SystemExit\n")
    (package / "inner.py").write_text("raise SystemExit\n")
    assert locate(tmp_path, "own_package.inner") == package / "inner.py"
    one = digest(tmp_path, "own_package.inner:X")
    (package / "inner.py").write_text("X = 1\n")
    assert one is not None
    assert len(one) == 64
    assert digest(tmp_path, "own_package.inner:X") != one
    assert digest(tmp_path, "own_package.other:X") is None
    assert digest(tmp_path, "sys:exit") is None
    assert "own_package" not in sys.modules
