"""Layers over sequences have the shapes that Keras gives them."""

from typing import Any

import numpy as np
import pytest

from runner.model.build import build_model, layer_shapes
from runner.plan.layers import expand
from schemas.layers.shape import Misfit
from schemas.model import Sequential

EMBED = {"kind": "embedding", "input_dim": 50, "output_dim": 6}
END = {"kind": "global_max_pooling1d"}


def planned(*layers: dict[str, Any]) -> Any:
    return expand(Sequential.model_validate({"kind": "sequential", "layers": list(layers)}), 3)


CHAINS: list[list[dict[str, Any]]] = [
    *(
        [EMBED, {"kind": "conv1d", "filters": 4, "kernel_size": k, "strides": s, "padding": p, "dilation_rate": d}, END]
        for k in (1, 3, [4])
        for s in (1, 2)
        for p in ("valid", "same", "causal")
        for d in ((1, 2) if s == 1 else (1,))
    ),
    *(
        [EMBED, {"kind": kind, "pool_size": n, "strides": s, "padding": p}, END]
        for kind in ("max_pooling1d", "average_pooling1d")
        for n in (2, 3)
        for s in (None, 2)
        for p in ("valid", "same")
    ),
    *(
        [EMBED, {"kind": kind, "units": 5, "return_sequences": True, "go_backwards": b}, {"kind": kind, "units": 4}]
        for kind in ("lstm", "gru")
        for b in (False, True)
    ),
    *(
        [EMBED, {"kind": "bidirectional", "layer": {"kind": "gru", "units": 5, "return_sequences": r}, "merge_mode": m}]
        + ([END] if r else [])
        for r in (True, False)
        for m in ("concat", "sum", "mul", "ave")
    ),
    [EMBED | {"mask_zero": True}, {"kind": "dropout", "rate": 0.1}, {"kind": "global_average_pooling1d"}],
    [EMBED, {"kind": "flatten"}],
    [EMBED | {"mask_zero": True}, {"kind": "position_embedding"}, {"kind": "global_average_pooling1d"}],
    [EMBED, {"kind": "position_encoding"}, {"kind": "global_average_pooling1d"}],
]


@pytest.mark.parametrize("layers", CHAINS, ids=lambda chain: str(chain[1])[:70])
def test_shapes_of_the_rules_are_those_of_keras(layers: list[dict[str, Any]]) -> None:
    items, shape = planned(*layers), (11,)
    ours: list[Any] = []
    for item in items:
        ours.append(item.layer.output_shape([ours[-1] if ours else shape]))
    assert ours == [row.output_shape for row in layer_shapes(items, shape)]


@pytest.mark.parametrize("kind", ["conv1d", "max_pooling1d"])
def test_a_window_longer_than_the_sequence_is_refused_as_keras_refuses_it(kind: str) -> None:
    size = {"filters": 2, "kernel_size": 12} if kind == "conv1d" else {"pool_size": 12}
    layer = planned(EMBED, {"kind": kind, **size}, END)[1].layer
    with pytest.raises(Misfit, match="11 steps") as caught:
        layer.output_shape([(11, 6)])
    assert caught.value.code == "R155"


def test_padding_does_not_count_in_the_mean_of_a_masked_embedding() -> None:
    model = build_model(planned(EMBED | {"mask_zero": True}, {"kind": "global_average_pooling1d"}), (4,), "m")
    rows = np.array([[3, 7, 0, 0], [3, 7, 7, 3]], np.float32)
    short, full = model.predict_on_batch(rows)
    np.testing.assert_allclose(short, full, rtol=1e-6)


@pytest.mark.parametrize("kind", ["lstm", "gru"])
def test_two_models_of_one_seed_start_alike(kind: str) -> None:
    import keras

    def weights() -> list[Any]:
        keras.utils.set_random_seed(3)
        return list(build_model(planned(EMBED, {"kind": kind, "units": 4}), (5,), "m").get_weights())

    one, other = weights(), weights()
    assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))
