"""Published weights: found by Keras' own names, checked before they are read, and taken weight by weight."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import pytest
from keras.src.legacy.saving import legacy_h5_format

from runner.data.access import DataAccess
from runner.data.examples import Dataset
from runner.data.facts import DataFacts
from runner.engine.step.learner import make_learner
from runner.errors import PublishedMissing, RecipeError, WeightsError
from runner.model import published_file
from runner.model.build import build_model, layer_shapes, without_weights
from runner.model.planned_shapes import planned_shapes
from runner.model.transfer import source_arrays, with_sources
from runner.plan.make_plan import make_plan
from runner.plan.plan import Plan
from runner.record.checkpoint import newest_checkpoint
from runner.record.manifest import weights_entries
from runner.record.manifest_model import parse_lock
from runner.workflows.weights import with_recorded_weights, with_weights
from schemas.layers.applications import published
from schemas.layers.applications.table import applications
from schemas.recipe import Recipe
from tests.engine.problem import BASE, Problem, examples, go_on
from tests.engine.test_resume import Killed, trainer
from tests.engine.test_resume import fingerprint as bits
from tests.model.keras_published import TABLE, asked, table
from tests.model.test_applications import FAMILIES, planned

NAME = "mobilenet_2_5_224_tf_no_top.h5"
LAYER = {
    "kind": "application", "application": "mobilenet", "alpha": 0.25, "pooling": "avg", "name": "base",
    "weights": "imagenet",
}  # fmt: skip


@pytest.fixture(scope="module")
def original() -> Any:
    """A MobileNet of Keras with random weights, the moving averages too."""
    model = keras.applications.MobileNet(include_top=False, weights=None, alpha=0.25, input_shape=(32, 32, 3))
    random = np.random.default_rng(11)
    model.set_weights([random.uniform(0.1, 0.5, weight.shape) for weight in model.weights])
    return model


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of Keras' weights, which is empty."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    (tmp_path / "keras" / "models").mkdir(parents=True)
    return tmp_path / "keras" / "models"


@pytest.fixture
def file(cache: Path, original: Any) -> Path:
    """The file that Keras would have downloaded, in the form that it has."""
    return saved(original, cache / NAME)


def saved(model: Any, path: Path) -> Path:
    with h5py.File(path, "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, model)
    return path


@pytest.fixture
def plan() -> Plan:
    """A plan before it is known where its weights are."""
    recipe = Recipe.model_validate(
        {**BASE, "data": {"source": "builtin", "name": "photos"}, "model": {"kind": "sequential", "layers": [LAYER]}}
    )
    facts = DataFacts("builtin", "made", "1", 16, 20, 0, (32, 32, 3), 3, 1)
    return make_plan(recipe, facts)


def begun(plan: Plan, **access: Any) -> Plan:
    return with_weights(plan, DataAccess(**access))


def of_keras(model: Any, original: Any) -> list[str]:
    """Layers of the original with weights that the model has too, bit by bit, in the layer of the same name."""
    own = {layer.name: layer.get_weights() for layer in original.layers if layer.weights}
    got = {name: model.get_layer(f"base.{name}").get_weights() for name in own}
    assert len(own) == 54
    return [name for name, weights in own.items() if all(map(np.array_equal, weights, got[name]))]


def data() -> Dataset:
    generator = np.random.default_rng(5)
    return Dataset(examples(generator, 16, (32, 32, 3)), examples(generator, 20, (32, 32, 3)), None)


def learner_of(plan: Plan) -> Any:
    return make_learner(plan, data())


def refused(code: str, call: Callable[[], Any]) -> str:
    with pytest.raises(RecipeError) as error:
        call()
    assert error.value.code == code
    assert error.value.place == ("model", "layers", 0, "weights")
    return "; ".join([str(error.value), *error.value.help])


def test_each_layer_of_the_model_has_the_weights_of_keras_file(plan: Plan, file: Path, original: Any) -> None:
    taking = begun(plan)
    assert [each.file for each in taking.published] == [file]
    assert taking.fingerprint != plan.fingerprint
    assert [row.name for row in with_sources(taking, planned_shapes(taking)) if row.taken] == ["base"]
    model = learner_of(taking).model
    assert len(of_keras(model, original)) == 54
    images = np.random.default_rng(3).integers(0, 256, (2, 32, 32, 3)).astype(np.float32)
    pooled = keras.Model(model.input, model.get_layer("output").input)(images)
    wanted = original(keras.applications.mobilenet.preprocess_input(images.copy())).numpy().mean((1, 2))
    np.testing.assert_allclose(pooled, wanted, rtol=2e-5)


@pytest.mark.slow
def test_frozen_layers_keep_them_and_a_killed_run_goes_on_without_the_file(
    file: Path, original: Any, tmp_path: Path
) -> None:
    """Four steps with a checkpoint every two: to the bit the weights of a run that nobody killed."""
    recipe = Recipe.model_validate(
        {
            **BASE,
            "data": {"source": "builtin", "name": "photos", "batch_size": 8},
            "model": {"kind": "sequential", "layers": [LAYER]},
            "groups": {"base": {"layers": ["base[:83]"], "factor": 0}},
            "training": {"epochs": 2, "checkpoint": "2 steps"},
        }
    )
    facts = DataFacts("builtin", "made", "1", 16, 20, 0, (32, 32, 3), 3, 1)
    taking = begun(make_plan(recipe, facts))
    reference = trainer(Problem(taking, data(), learner_of(taking)), tmp_path / "straight")
    reference.run()
    kept = of_keras(reference.learner.model, original)
    assert len(kept) == 2 + 12 * 4 + 2
    assert "conv_pw_13" not in kept
    with pytest.raises(Killed):
        trainer(Problem(taking, data(), learner_of(taking)), tmp_path / "killed", kill_at=3).run()
    lock = lock_of(taking)
    file.unlink()
    again = with_recorded_weights(make_plan(recipe, facts), DataAccess(), lock)
    assert again.fingerprint == taking.fingerprint
    assert [each.file for each in again.published] == [None]
    going = trainer(Problem(again, data(), make_learner(again, data(), goes_on=True)), tmp_path / "killed")
    checkpoint, _ = newest_checkpoint(tmp_path / "killed")
    assert checkpoint is not None
    go_on(going, checkpoint)
    going.run()
    assert bits(going) == bits(reference)


def lock_of(plan: Plan) -> dict[str, Any]:
    """What the lock of a run says of its weights, read as from a file."""
    written = {"fingerprint": plan.fingerprint, "recipe": plan.recipe.model_dump(mode="json"), **weights_entries(plan)}
    return parse_lock(json.dumps(written).encode())


def test_a_run_that_goes_on_keeps_what_it_began_with(plan: Plan, file: Path) -> None:
    taking = begun(plan)
    lock = lock_of(taking)
    assert with_recorded_weights(plan, DataAccess(), lock) == taking
    file.write_bytes(b"another")
    assert with_recorded_weights(plan, DataAccess(), lock).published == (replace(taking.published[0], file=None),)
    fresh = {"kind": "sequential", "layers": [{**LAYER, "weights": "none"}]}
    changed = make_plan(Recipe.model_validate({**plan.recipe.model_dump(), "model": fresh}), plan.data)
    with pytest.raises(WeightsError, match="cannot change while it goes on"):
        with_recorded_weights(changed, DataAccess(), lock)
    with pytest.raises(ValueError, match="must say which"):
        source_arrays(plan)
    file.unlink()
    with pytest.raises(PublishedMissing):
        begun(plan)
    assert with_weights(plan, DataAccess(), [{}, lock]).fingerprint == taking.fingerprint


def test_a_missing_file_is_named_with_its_folder_address_and_ways_out(plan: Plan, cache: Path) -> None:
    said = refused("R610", lambda: begun(plan))
    address = f"https://storage.googleapis.com/tensorflow/keras-applications/mobilenet/{NAME}"
    for part in (
        f"{NAME}, the imagenet weights of 'base', is not in {cache}",
        address,
        "--allow-network",
        "put the file",
    ):
        assert part in said


def stated(monkeypatch: pytest.MonkeyPatch, digest: str | None) -> None:
    """Keras states this hash for every file."""
    table = {
        name: tuple(row._replace(hash=digest) for row in rows) for name, rows in published.published_files().items()
    }
    monkeypatch.setattr(published, "published_files", lambda: table)


@pytest.mark.parametrize("algorithm", ["md5", "sha256"])
def test_a_file_of_another_hash_is_not_opened(
    plan: Plan, file: Path, monkeypatch: pytest.MonkeyPatch, algorithm: str
) -> None:
    right = hashlib.new(algorithm, file.read_bytes()).hexdigest()
    stated(monkeypatch, right)
    assert begun(plan).published[0].file == file
    stated(monkeypatch, right[:-1] + ("0" if right[-1] != "0" else "1"))
    assert "not the file that Keras publishes" in refused("R613", lambda: begun(plan))


def test_the_person_may_have_it_fetched(
    plan: Plan, cache: Path, original: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From Keras' address, into Keras' cache, where Keras finds it; what has another hash does not get there."""
    content = saved(original, tmp_path / "server.h5").read_bytes()
    asked_for: list[str] = []

    def fetch(address: str, path: Path) -> None:
        asked_for.append(address)
        path.write_bytes(content)

    monkeypatch.setattr(published_file, "fetch_whole", fetch)
    stated(monkeypatch, "0" * 32)
    assert "not the file" in refused("R613", lambda: begun(plan, network=True))
    assert list(cache.iterdir()) == []
    stated(monkeypatch, hashlib.md5(content, usedforsecurity=False).hexdigest())
    fetched = begun(plan, network=True)
    assert [path.name for path in cache.iterdir()] == [NAME]
    assert asked_for == [published.published_files()["mobilenet"][0].address.rpartition("/")[0] + f"/{NAME}"] * 2
    assert begun(plan, network=True) == fetched
    assert len(asked_for) == 2


def test_a_server_that_does_not_give_it_is_told(plan: Plan, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fetch(address: str, path: Path) -> None:
        raise OSError("the server answered 404 Not Found")

    monkeypatch.setattr(published_file, "fetch_whole", fetch)
    assert "cannot be fetched: the server answered 404" in refused("R610", lambda: begun(plan, network=True))
    assert list(cache.iterdir()) == []


def broken(path: Path, how: str, original: Any) -> str:
    """Make a file that no application can begin with; gives what is said of it."""
    if how == "text":
        path.write_bytes(b"<html>not found</html>")
        return "is not a file of weights"
    with h5py.File(path, "r+") as file:
        part = file["conv1"]
        name = part.attrs["weight_names"][0]
        shape, parent, leaf = part[name].shape, part[name].parent, part[name].name.rpartition("/")[2]
        if how == "nan":
            part[name][0, 0, 0, 0] = np.nan
            return "not finite"
        del parent[leaf]
        if how == "bomb":
            parent.create_dataset(leaf, (1 << 28,), np.float32, chunks=(1 << 20,))
            return "larger than the file"
        if how == "link":
            parent[leaf] = h5py.ExternalLink("elsewhere.h5", "/weights")
            return "ExternalLink"
        if how == "names":
            parent.create_dataset(leaf, data=["a"])
            return "does not hold numbers"
        if how == "shape":
            parent.create_dataset(leaf, data=np.zeros((*shape[:-1], shape[-1] + 1), np.float32))
            return "array 1 of shape [3, 3, 3, 9]; the application's weight is [3, 3, 3, 8]"
        part.attrs["weight_names"] = part.attrs["weight_names"][:0]
        return "134 arrays, and the application has 135 weights"


@pytest.mark.parametrize("how", ["text", "nan", "bomb", "link", "names", "shape", "count"])
def test_what_is_no_file_of_these_weights_is_refused(plan: Plan, file: Path, original: Any, how: str) -> None:
    said = broken(file, how, original)
    taking = begun(plan)
    if how != "nan":
        assert said in refused("R613", lambda: with_sources(taking, planned_shapes(taking)))
    assert said in refused("R613", lambda: learner_of(taking))


def test_a_file_that_changes_after_the_plan_is_refused(plan: Plan, file: Path) -> None:
    taking = begun(plan)
    file.write_bytes(file.read_bytes() + b"0")
    assert "has changed since" in refused("R613", lambda: source_arrays(taking))


def test_efficientnet_has_the_layer_that_goes_with_its_weights() -> None:
    """Keras adds it for ``weights="imagenet"`` alone; counts of layers in groups follow."""
    names = []
    for weights in ("none", "imagenet"):
        with without_weights():
            model = build_model(planned("efficientnet_b0", weights=weights), (32, 32, 3), "saved")
        names.append([layer.name for layer in model.layers])
    assert set(names[1]) - set(names[0]) == {"base.rescaling_1"}
    assert "load_weights" not in vars(keras.src.models.Functional)


@pytest.mark.parametrize("side", [32, 160])
def test_the_name_follows_keras_logic_of_sizes(side: int) -> None:
    row = published.published_file("mobilenet", {"alpha": 0.25, "depth_multiplier": 1}, (side, side))
    answer = asked("mobilenet", side, side, alpha=0.25)
    assert answer is not None
    assert {"file": row.file, "address": row.address, "hash": row.hash} == answer.row


def test_keras_cache_is_where_keras_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KERAS_HOME", raising=False)
    monkeypatch.setenv("HOME", str(Path.cwd()))
    assert published_file.keras_models() == Path.cwd() / ".keras" / "models"


@pytest.mark.slow
@pytest.mark.parametrize("name", FAMILIES)
def test_the_layers_of_a_model_are_in_the_order_of_the_file(name: str) -> None:
    """The arrays of a file, which go by Keras' order, are given to the layers in the order of the whole model."""
    least = applications()[name].least
    layers = planned(name, weights="imagenet")
    order = layer_shapes(layers, (least, least, 3))[0].inner
    with without_weights():
        model = build_model(layers, (least, least, 3), "ordered")
    names = [layer.name for layer in model.layers if layer.name.startswith("base.") and layer.weights]
    assert names == [name for name in order if name in names]
    assert len(names) > 10


@pytest.mark.slow
def test_the_table_of_files_is_that_of_the_installed_keras() -> None:
    """After another Keras: ``make catalogue``."""
    assert TABLE.read_text("utf-8") == table()
