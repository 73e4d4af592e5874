"""The workload that all contestants share: an MLP on 55,000 images in batches of 128, with per-layer dropout."""

from typing import Any

import numpy as np

from runner.build.arrays import Dataset, Examples
from runner.build.builtin import read_builtin
from runner.plan.facts import DataFacts
from runner.plan.plan import Plan, make_plan
from schemas.recipe import Recipe

EXAMPLES = 55_000
BATCH = 128

MLP = [
    {"kind": "flatten"},
    {"kind": "dense", "units": 300, "activation": "relu", "kernel_initializer": "he_normal", "dropout": 0.2},
    {"kind": "dense", "units": 100, "activation": "relu", "kernel_initializer": "he_normal", "dropout": 0.1},
]
LENET = [
    {"kind": "conv2d", "filters": 6, "kernel_size": 5, "padding": "same", "activation": "relu"},
    {"kind": "max_pooling2d"},
    {"kind": "conv2d", "filters": 16, "kernel_size": 5, "activation": "relu"},
    {"kind": "max_pooling2d"},
    {"kind": "flatten"},
    {"kind": "dense", "units": 120, "activation": "relu"},
    {"kind": "dense", "units": 84, "activation": "relu"},
]


WORKLOADS = {"mlp": MLP, "lenet": LENET}


def images(n: int = EXAMPLES) -> Examples:
    """Real images, repeated to the size of MNIST's training part; speed does not depend on their variety."""
    sample = read_builtin("mnist-5k")
    index = np.arange(n) % len(sample)
    return Examples(sample.x[index], sample.y[index])


def plan_for(epochs: int, layers: list[dict[str, Any]], n: int = EXAMPLES) -> Plan:
    """The plan of the workload."""
    recipe = Recipe.model_validate(
        {
            "recipe": 1,
            "name": "bench",
            "task": "classification",
            "data": {"source": "builtin", "name": "mnist-5k", "scale": "1/255", "batch_size": BATCH},
            "model": {"kind": "sequential", "input_dropout": 0.05 if layers is MLP else 0.0, "layers": layers},
            "optimizer": {"kind": "sgd", "nesterov": True},
            "schedule": {"kind": "1cycle", "max_lr": 0.1},
            "training": {"epochs": epochs},
        }
    )
    return make_plan(recipe, DataFacts("builtin", "made", "1", n, 0, 0, (28, 28, 1), 10, 1))


def dataset(n: int = EXAMPLES) -> Dataset:
    """Training examples alone: all contestants train without validation."""
    return Dataset(images(n), None, None)
