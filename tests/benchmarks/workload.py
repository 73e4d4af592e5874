"""The workloads that all contestants share: images in batches of 128, and sentences of made-up words."""

import os
from pathlib import Path
from typing import Any

import numpy as np

from runner.data.access import DataAccess, data_directory
from runner.data.examples import Dataset, Examples
from runner.data.facts import DataFacts
from runner.data.load import load_data
from runner.data.sample_reading import read_builtin
from runner.data.tfds.metadata import tfds_facts
from runner.plan.make_plan import make_plan
from runner.plan.plan import Plan
from schemas.data import TfdsData
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


def _residual(filters: int, strides: int, source: str, out: str) -> list[dict[str, Any]]:
    """Two convolutions with batch normalization beside a shortcut by a 1 x 1 convolution."""
    conv = {"kind": "conv2d", "filters": filters, "kernel_size": 3, "padding": "same", "use_bias": False}
    return [
        {**conv, "strides": strides, "inputs": [source]},
        {"kind": "batch_normalization"},
        {"kind": "activation", "activation": "relu"},
        conv,
        {"kind": "batch_normalization", "name": f"{out}_learned"},
        {**conv, "kernel_size": 1, "strides": strides, "inputs": [source], "name": f"{out}_shortcut"},
        {"kind": "add", "inputs": [f"{out}_learned", f"{out}_shortcut"]},
        {"kind": "activation", "activation": "relu", "name": out},
    ]


RESNET: list[dict[str, Any]] = [
    *_residual(16, 1, "input", "first"),
    *_residual(32, 2, "first", "second"),
    {"kind": "global_average_pooling2d"},
]
LSTM = [{"kind": "reshape", "target_shape": [28, 28]}, {"kind": "lstm", "units": 64}]
"""An image as 28 rows, one after another."""
WORDS, SENTENCE = 20_000, 40
EMBEDDING = [
    {"kind": "embedding", "input_dim": WORDS, "output_dim": 64},
    {"kind": "global_average_pooling1d"},
    {"kind": "dense", "units": 64, "activation": "relu"},
]
"""1.3 million weights, of which a batch uses a quarter."""
_ROWS = {"kind": "reshape", "target_shape": [28, 28]}
_POOLED = {"kind": "global_average_pooling2d"}
_STRIDE = {"kernel_size": 3, "strides": 2, "padding": "same", "activation": "relu"}
_NORMALIZED = [
    {"kind": "conv2d", "filters": 16, "kernel_size": 3, "strides": 2, "padding": "same"},
    {"kind": "group_normalization", "groups": 4},
    {"kind": "activation", "activation": "relu"},
]
NETWORKS: dict[str, list[dict[str, Any]]] = {
    "gru": [_ROWS, {"kind": "gru", "units": 64}],
    "bidirectional": [_ROWS, {"kind": "bidirectional", "layer": {"kind": "lstm", "units": 64}}],
    "attention": [
        _ROWS,
        {"kind": "dense", "units": 64, "name": "rows"},
        {"kind": "multi_head_attention", "num_heads": 4, "key_dim": 16, "name": "attended"},
        {"kind": "add", "inputs": ["rows", "attended"]},
        {"kind": "layer_normalization"},
        {"kind": "global_average_pooling1d"},
    ],
    "conv1d": [_ROWS, {"kind": "conv1d", "filters": 32, "kernel_size": 3}, {"kind": "global_average_pooling1d"}],
    "separable": [{"kind": "separable_conv2d", "filters": units, **_STRIDE} for units in (16, 32)] + [_POOLED],
    "depthwise": [{"kind": "conv2d", "filters": 16, **_STRIDE}, {"kind": "depthwise_conv2d", **_STRIDE}, _POOLED],
    "group normalization": [*_NORMALIZED, *_NORMALIZED, _POOLED],
    "layer normalization": [
        {"kind": "flatten"},
        *[{"kind": "dense", "units": 100, "activation": "relu"}, {"kind": "layer_normalization"}] * 2,
    ],
}
"""Others than those that the table has in full, on images as rows or pictures."""
WORKLOADS = {
    "mlp": MLP,
    "lenet": LENET,
    "resnet": RESNET,
    "stream": MLP,
    "lstm": LSTM,
    "embedding": EMBEDDING,
    "batch 16": MLP,
    "batch 4096": MLP,
}
SIZES = {
    "resnet": (4, 6_000),
    "lstm": (4, 6_000),
    "embedding": (4, 10_000),
    "batch 16": (3, 20_000),
    **dict.fromkeys(NETWORKS, (4, 6_000)),
}
"""Epochs and examples of workloads that are not trained on all of them."""
BATCHES = {"batch 16": 16, "batch 4096": 4096, **dict.fromkeys(NETWORKS, 64)}
MADE = {"source": "builtin", "name": "mnist-5k"}
READ = {"source": "tfds", "name": "mnist", "splits": {"train": "train[:55000]"}, "resident_limit": "32 MiB"}
"""The same number of images from their files, of which three quarters have room in memory."""


def images(n: int = EXAMPLES) -> Examples:
    """Real images, repeated to the size of MNIST's training part; speed does not depend on their variety."""
    sample = read_builtin("mnist-5k")
    index = np.arange(n) % len(sample)
    return Examples(sample.x[index], sample.y[index])


def sentences(n: int) -> Examples:
    """Words at random, and a class for each sentence; speed does not depend on what they mean."""
    generator = np.random.default_rng(0)
    words = generator.integers(0, WORDS, (n, SENTENCE)).astype(np.int32)
    return Examples(words, (words.sum(1) % 10).astype(np.int32))


def plan_for(workload: str, epochs: int, n: int = EXAMPLES, **more: Any) -> Plan:
    """The plan of a workload; ``more`` are further keys of its recipe."""
    layers, source = (WORKLOADS | NETWORKS)[workload], READ if workload == "stream" else MADE
    scale = {} if workload == "embedding" else {"scale": "1/255"}
    recipe = Recipe.model_validate(
        {
            "recipe": 1,
            "name": "bench",
            "task": "classification",
            "data": {**source, **scale, "batch_size": BATCHES.get(workload, BATCH)},
            "model": {
                "kind": "functional" if any("inputs" in layer for layer in layers) else "sequential",
                "input_dropout": 0.05 if layers is MLP else 0.0,
                "layers": layers,
            },
            "optimizer": {"kind": "sgd", "nesterov": True},
            "schedule": {"kind": "1cycle", "max_lr": 0.1},
            "training": {"epochs": epochs},
            **more,
        }
    )
    data = recipe.data
    if not isinstance(data, TfdsData):
        shape, size = ((SENTENCE,), 4) if workload == "embedding" else ((28, 28, 1), 1)
        return make_plan(recipe, DataFacts("builtin", "made", "1", n, 0, 0, shape, 10, size))
    facts = tfds_facts(data, data_directory(None))
    assert facts is not None, "prepared() asks first"
    return make_plan(recipe, facts)


def prepared(workload: str) -> bool:
    """Whether the workload's data is on this machine."""
    return workload != "stream" or Path(os.environ.get("TFDS_DATA_DIR", ""), "mnist").is_dir()


def dataset(plan: Plan) -> Dataset:
    """Training examples alone: all contestants train without validation."""
    if plan.data.source == "tfds":
        return load_data(plan, DataAccess())
    return Dataset(examples(plan), None, None)


def examples(plan: Plan) -> Examples:
    """Those of a plan that are in memory."""
    return sentences(plan.data.train) if plan.data.shape == (SENTENCE,) else images(plan.data.train)
