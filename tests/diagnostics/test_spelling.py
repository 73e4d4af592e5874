"""Did you mean ...?"""

import pytest

from runner.diagnostics import suggest

LAYERS = [
    "dense", "conv2d", "separable_conv2d", "max_pooling2d", "average_pooling2d", "global_average_pooling2d",
    "global_max_pooling2d", "zero_padding2d", "flatten", "reshape", "activation", "dropout", "spatial_dropout2d",
    "gaussian_noise", "batch_normalization", "layer_normalization",
]  # fmt: skip
SCHEDULES = [
    "constant", "power", "exponential", "piecewise", "linear", "polynomial", "inverse_sqrt", "cosine",
    "cosine_restarts", "cyclic", "wsd", "1cycle", "phases", "plateau",
]  # fmt: skip
OPTIMIZERS = ["sgd", "rmsprop", "adam", "adamw", "nadam", "adamax", "lion", "adagrad", "adadelta"]
METRICS = ["loss", "accuracy", "val_loss", "val_accuracy", "test_loss", "test_accuracy"]
KEYS = [
    "kind",
    "units",
    "activation",
    "dropout",
    "kernel_initializer",
    "learning_rate",
    "batch_size",
    "max_lr",
    "epochs",
]


@pytest.mark.parametrize(
    ("word", "choices", "meant"),
    [
        ("exp", SCHEDULES, "exponential"), ("OneCycle", SCHEDULES, "1cycle"), ("one_cycle", SCHEDULES, "1cycle"),
        ("1Cycle", SCHEDULES, "1cycle"), ("1_cycle", SCHEDULES, "1cycle"), ("1-cycle", SCHEDULES, "1cycle"),
        ("OneCycleLR", SCHEDULES, "1cycle"), ("onecycle", SCHEDULES, "1cycle"), ("CosineDecay", SCHEDULES, "cosine"),
        ("ExponentialDecay", SCHEDULES, "exponential"), ("InverseTimeDecay", SCHEDULES, "power"),
        ("PiecewiseConstantDecay", SCHEDULES, "piecewise"), ("CosineDecayRestarts", SCHEDULES, "cosine_restarts"),
        ("ReduceLROnPlateau", SCHEDULES, "plateau"), ("sgdr", SCHEDULES, "cosine_restarts"),
        ("const", SCHEDULES, "constant"),
        ("cosin", SCHEDULES, "cosine"), ("plataeu", SCHEDULES, "plateau"), ("poly", SCHEDULES, "polynomial"),
        ("Dense", LAYERS, "dense"), ("Conv2D", LAYERS, "conv2d"), ("MaxPool2D", LAYERS, "max_pooling2d"),
        ("MaxPooling2D", LAYERS, "max_pooling2d"), ("AvgPool2D", LAYERS, "average_pooling2d"),
        ("BatchNorm", LAYERS, "batch_normalization"), ("BatchNormalization", LAYERS, "batch_normalization"),
        ("GlobalAveragePooling2D", LAYERS, "global_average_pooling2d"), ("Flaten", LAYERS, "flatten"),
        ("FC", LAYERS, "dense"), ("conv", LAYERS, "conv2d"), ("dense_layer", LAYERS, "dense"),
        ("SGD", OPTIMIZERS, "sgd"), ("Adam", OPTIMIZERS, "adam"), ("RMSProp", OPTIMIZERS, "rmsprop"),
        ("adm", OPTIMIZERS, "adam"),
        ("AdamW", OPTIMIZERS, "adamw"), ("adam_w", OPTIMIZERS, "adamw"),
        ("val_acc", METRICS, "val_accuracy"), ("acc", METRICS, "accuracy"), ("test_acc", METRICS, "test_accuracy"),
        ("valloss", METRICS, "val_loss"),
        ("droput", KEYS, "dropout"), ("batchSize", KEYS, "batch_size"), ("bs", KEYS, "batch_size"),
        ("lr", KEYS, "learning_rate"),
        ("lr", ["max_lr", "initial_lr"], "max_lr"), ("lr", ["initial_lr", "max_lr"], "initial_lr"),
        ("neurons", KEYS, "units"),
        ("unit", KEYS, "units"), ("n_epochs", KEYS, "epochs"), ("KernelInitializer", KEYS, "kernel_initializer"),
        ("zzz", KEYS, None), ("", KEYS, None), ("x" * 1000, KEYS, None), ("dense", [], None), ("训练", KEYS, None),
        ("units", ["units"], None), ("onecycle", LAYERS, None),
    ],
)  # fmt: skip
def test_suggestions(word: str, choices: list[str], meant: str | None) -> None:
    assert suggest(word, choices) == meant
