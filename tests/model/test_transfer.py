"""Layers begin with the weights of a trained model, to the bit, or the run is refused."""

import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from runner.engine.step.learner import Learner, make_learner
from runner.errors import WeightsError
from runner.model.build import layer_shapes
from runner.model.model_file import content_digest
from runner.model.saving import save_model
from runner.model.transfer import with_sources
from runner.plan.plan import Plan
from runner.plan.weights import SourceWeights
from tests.engine.problem import BASE, Problem

HIDDEN = [
    {"kind": "dense", "units": 5, "activation": "tanh", "name": "body"},
    {"kind": "batch_normalization", "name": "norm"},
    {"kind": "dense", "units": 4, "dropout": 0.1},
]


def problem(layers: list[dict[str, Any]], **parts: Any) -> Problem:
    return Problem.make(np.random.default_rng(7), model={"kind": "sequential", "layers": layers}, **parts)


@pytest.fixture
def source(tmp_path: Path) -> tuple[Path, Learner]:
    """A model with weights of its own, and its file."""
    found = problem(HIDDEN)
    draw = np.random.default_rng(1)
    found.learner.model.set_weights([draw.random(w.shape, np.float32) for w in found.learner.model.get_weights()])
    path = tmp_path / "model.keras"
    save_model(found.learner.model, found.learner.optimizer.optimizer, found.plan, path)
    return path, found.learner


def taking(plan: Plan, file: Path | None, sha256: str | None = None, **weights: Any) -> Plan:
    """The plan whose layers take weights from a file."""
    tree = plan.recipe.model_dump(mode="json")
    tree["model"]["weights"] = {"run": "base", **weights}
    digest = sha256 or content_digest(file)  # type: ignore[arg-type]
    recipe = type(plan.recipe).model_validate(tree)
    return replace(plan, recipe=recipe, weights=SourceWeights("base/1", "last", digest, file))


def arrays(model: Any, name: str) -> list[Any]:
    return list(model.get_layer(name).get_weights())


def equal(one: list[Any], other: list[Any]) -> bool:
    return all(np.array_equal(*pair) for pair in zip(one, other, strict=True))


def test_layers_begin_with_the_weights_of_the_same_names_and_the_others_as_from_scratch(
    source: tuple[Path, Learner],
) -> None:
    path, trained = source
    fresh = problem(HIDDEN, training={**BASE["training"], "ema": {"decay": 0.9}})
    plan = taking(fresh.plan, path, layers=["body", "n*"])
    learner = make_learner(plan, fresh.dataset)
    for name in ("body", "norm"):
        assert equal(arrays(learner.model, name), arrays(trained.model, name))
        assert not equal(arrays(learner.model, name), arrays(fresh.learner.model, name))
    for name in ("dense_1", "output"):
        assert equal(arrays(learner.model, name), arrays(fresh.learner.model, name))
    assert [layer.name for layer in learner.model.layers] == [layer.name for layer in fresh.learner.model.layers]
    assert learner.average is not None
    assert np.array_equal(learner.average.variables[0], arrays(trained.model, "body")[0])


def test_left_out_layers_means_all_but_the_output(source: tuple[Path, Learner]) -> None:
    fresh = problem(HIDDEN)
    rows = with_sources(taking(fresh.plan, source[0]), layer_shapes(fresh.plan.layers, fresh.plan.data.layer_input))
    assert {row.name: row.taken for row in rows if row.weights} == {
        "body": True,
        "norm": True,
        "dense_1": True,
        "output": False,
    }


def test_a_run_that_goes_on_needs_no_source() -> None:
    fresh = problem(HIDDEN)
    plan = taking(fresh.plan, None, "0" * 64)
    assert equal(make_learner(plan, fresh.dataset, goes_on=True).model.get_weights(), fresh.learner.model.get_weights())
    with pytest.raises(WeightsError, match="no longer on this machine"):
        make_learner(plan, fresh.dataset)


def test_the_next_layers_of_the_process_have_the_names_that_they_had_before(source: tuple[Path, Learner]) -> None:
    fresh = problem(HIDDEN)
    before = keras.random.SeedGenerator(1).name
    make_learner(taking(fresh.plan, source[0]), fresh.dataset)
    count = [keras.random.SeedGenerator(1).name]
    make_learner(fresh.plan, fresh.dataset)
    count.append(keras.random.SeedGenerator(1).name)
    first, second, third = (int(name.rpartition("_")[2]) for name in (before, *count))
    assert second - first == third - second


@pytest.mark.parametrize(
    ("changed", "weights", "says", "place"),
    [
        (
            {"units": 6},
            {},
            r"shapes \[4, 6\] and \[6\], in the run \[4, 5\] and \[5\]",
            "run",
        ),
        ({"use_bias": False}, {"layers": ["*"]}, r"\[4, 5\], in the run \[4, 5\] and \[5\]", "layers"),
        ({"name": "other"}, {}, "no layer 'other'", "run"),
        ({}, {"layers": ["body", "b*y"]}, "matches 'b\\*y'", "layers"),
    ],
)
def test_a_layer_that_does_not_fit_is_told_with_both_shapes(
    source: tuple[Path, Learner],
    changed: dict[str, Any],
    weights: dict[str, Any],
    says: str,
    place: str,
) -> None:
    fresh = problem([HIDDEN[0] | changed, *HIDDEN[1:]])
    plan = taking(fresh.plan, source[0], **weights)
    with pytest.raises(WeightsError, match=says) as raised:
        with_sources(plan, layer_shapes(plan.layers, plan.data.layer_input))
    assert raised.value.code == "R442"
    assert raised.value.path[2] == place
    with pytest.raises(WeightsError, match=says):
        make_learner(plan, fresh.dataset)


def test_another_model_than_the_planned_one_is_refused(source: tuple[Path, Learner]) -> None:
    fresh = problem(HIDDEN)
    with pytest.raises(WeightsError, match="has changed since"):
        make_learner(taking(fresh.plan, source[0], "0" * 64), fresh.dataset)


def test_weights_that_are_not_finite_are_refused(source: tuple[Path, Learner]) -> None:
    path, trained = source
    trained.model.get_layer("body").kernel.assign(np.full((4, 5), np.nan, np.float32))
    fresh = problem(HIDDEN)
    save_model(trained.model, trained.optimizer.optimizer, fresh.plan, path)
    with pytest.raises(WeightsError, match="'body' are not finite"):
        make_learner(taking(fresh.plan, path), fresh.dataset)


def test_a_model_that_names_code_is_refused(source: tuple[Path, Learner]) -> None:
    path, _ = source
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["config.json"] = members["config.json"].replace(b'"module": "keras.layers"', b'"module": "os"')
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    fresh = problem(HIDDEN)
    with pytest.raises(WeightsError, match="not Keras'"):
        make_learner(taking(fresh.plan, path), fresh.dataset)


def test_the_digest_says_what_is_in_a_model_and_not_when_it_was_saved(source: tuple[Path, Learner]) -> None:
    path, _ = source
    before = content_digest(path)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, b"{}" if name == "metadata.json" else content)
    assert content_digest(path) == before
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    with pytest.raises(Exception, match="packed"):
        content_digest(path)
