"""Published configurations have the published sizes, train, and go on after a kill; on little data of the same form."""

import re
from pathlib import Path
from typing import Any

import pytest

from runner import api
from runner.events import Event
from runner.model.build import layer_shapes
from runner.source.load import load
from tests.published.conftest import CONFIGURATIONS, Workplace

PARAMETERS = {
    "geron_cifar10_batchnorm": 508_210,
    "geron_cifar10_selu_1cycle": 500_210,
    "geron_fashion_cnn": 1_413_834,
    "geron_fashion_mlp": 266_610,
    "geron_ridership_rnn": 1_121,
    "keras_forda_convnet": 25_858,
    "keras_heart_mlp": None,  # it depends on the categories of the table
    "keras_imdb_bilstm": 2_757_761,
    "keras_imdb_convnet": 2_806_273,
    "keras_imdb_transformer": 657_758,
    "keras_mnist_convnet": 34_826,
    "mlperf_tiny_autoencoder": 269_992,
    "mlperf_tiny_ds_cnn": 24_908,
    "mlperf_tiny_mobilenet": 221_794,
    "mlperf_tiny_resnet8": 78_666,
}
"""As the source prints them, or counted by hand from the layers that it names."""
SHORTER: dict[str, dict[str, Any]] = {
    "geron_cifar10_batchnorm": {"model.layers.1.repeat": 1},
    "geron_cifar10_selu_1cycle": {"model.layers.1.repeat": 2, "training.epochs": 5},
    "geron_ridership_rnn": {"data.stride": 50},
    "mlperf_tiny_mobilenet": {"model.layers.9.repeat": 1},
}


class Killed(Exception):
    """What ends a run without a word."""


def short(file: Path) -> dict[str, Any]:
    """Changes that leave an epoch of a few steps."""
    sets: dict[str, Any] = {"training.epochs": 1, "training.checkpoint": "1 steps", "data.batch_size": 8}
    if "train[" in file.read_text():
        sets |= {"data.splits.train": "train[:16]", "data.splits.validation": "train[16:]"}
    return {**sets, "expect": None}


@pytest.mark.parametrize("file", CONFIGURATIONS, ids=lambda file: file.stem)
def test_a_configuration_names_its_source_and_validates_without_a_warning(file: Path) -> None:
    loaded = load(file)
    assert not loaded.diagnostics
    text = file.read_text()
    assert re.search(r"^# Source: .*(\n#   .*)?https://", text, re.MULTILINE)
    assert "\n# Deviates: " in text
    assert loaded.recipe is not None
    assert loaded.recipe.expect or "nothing is expected here" in text


def test_a_configuration_has_the_published_number_of_parameters(workplace: Workplace) -> None:
    counted = {}
    for file in CONFIGURATIONS:
        sets = {**short(file), "training.epochs": 5}
        plan = api.plan(api.load(workplace.folder / file.name, sets=sets), data_dir=workplace.prepared)
        counted[file.stem] = sum(layer.parameters for layer in layer_shapes(plan.layers, plan.data.shape))
    assert counted.keys() == PARAMETERS.keys()
    assert counted == {name: known or counted[name] for name, known in PARAMETERS.items()}


@pytest.mark.slow
@pytest.mark.parametrize("file", CONFIGURATIONS, ids=lambda file: file.stem)
def test_a_configuration_trains_and_goes_on_after_a_kill(workplace: Workplace, file: Path) -> None:
    folder, prepared = workplace
    loaded = api.load(folder / file.name, sets={**short(file), **SHORTER.get(file.stem, {})})
    run, first = folder / "runs" / file.stem, []

    def kill(event: Event) -> None:
        if event.name == "steps":
            first.append(event)
            raise Killed

    with pytest.raises(Killed):
        api.run(loaded, run_dir=run, data_dir=prepared, emit=kill)
    result = api.resume(run, data_dir=prepared)
    assert result.status == "finished"
    steps = [event for event in api.events(run) if event.name == "steps"]
    assert sum(len(event.loss) for event in steps) >= 2
    assert (run / "model.keras").is_file()
