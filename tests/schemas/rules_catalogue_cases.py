"""Cases of the rules on layers of Keras' catalogue."""

from typing import Any

from tests.schemas.rules_helpers import Case

ROWS = {"kind": "reshape", "target_shape": [28, 28], "name": "rows"}
FLAT = {"kind": "flatten"}
IMAGE = {"kind": "reshape", "target_shape": [28, 28, 1]}
VOLUME = {"kind": "reshape", "target_shape": [7, 7, 4, 4]}


def _at(k: int, *keys: str) -> tuple[Any, ...]:
    return ("model", "layers", k, *keys)


def _layers(*layers: dict[str, Any]) -> dict[str, Any]:
    return {"model": {"layers": list(layers)}}


def _graph(*layers: dict[str, Any]) -> dict[str, Any]:
    return {"model": {"kind": "functional", "layers": list(layers)}}


def _over(kind: str, *before: dict[str, Any], **keys: Any) -> dict[str, Any]:
    return _layers(*before, {"kind": kind, **keys}, FLAT)


def _einsum(equation: str, output: Any, **keys: Any) -> dict[str, Any]:
    return _over("einsum_dense", ROWS, equation=equation, output_shape=output, **keys)


_WIDE = {"kind": "dense", "units": 28, "name": "query"}
_NARROW = {"kind": "dense", "units": 8, "name": "query"}
_SHORT = {"kind": "reshape", "target_shape": [14, 56], "name": "short"}
_GQA = {"kind": "group_query_attention", "head_dim": 4, "num_query_heads": 4}

CASES = [
    Case("R153", _at(1, "dilation_rate"), _over("conv3d", VOLUME, filters=4, kernel_size=1, strides=2, dilation_rate=2),
         _over("conv3d", VOLUME, filters=4, kernel_size=1, strides=2)),
    Case("R154", _at(1, "groups"), _over("conv3d", VOLUME, filters=4, kernel_size=1, groups=3),
         _over("conv3d", VOLUME, filters=4, kernel_size=1, groups=2)),
    Case("R154", _at(1, "groups"), _over("group_normalization", IMAGE, groups=3, axis=1),
         _over("group_normalization", IMAGE, groups=4, axis=1), received="28 channels"),
    Case("R155", _at(1, "pool_size"), _over("max_pooling3d", VOLUME, pool_size=5),
         _over("max_pooling3d", VOLUME, pool_size=4), received="7 x 7 x 4"),
    Case("R156", _at(1), _over("max_pooling3d", ROWS), _over("max_pooling3d", VOLUME), received="2 axes"),
    Case("R310", _at(1), _over("simple_rnn", IMAGE, units=4), _over("simple_rnn", ROWS, units=4), received="3 axes"),
    Case("R310", _at(1), _over("multi_head_attention", FLAT, num_heads=2, key_dim=4),
         _over("multi_head_attention", ROWS, num_heads=2, key_dim=4)),
    Case("R182", _at(1, "kind"), _graph(ROWS, {"kind": "dot", "axes": 1}, FLAT),
         _graph(ROWS, {"kind": "dot", "axes": 1, "inputs": ["rows", "rows"]}, FLAT), received="two inputs"),
    Case("R321", _at(1, "axis"), _over("softmax", IMAGE, axis=4),
         _over("softmax", IMAGE, axis=3), received="received 4"),
    Case("R321", _at(1, "axis"), _over("rms_normalization", IMAGE, axis=[-1, 0]),
         _over("rms_normalization", IMAGE, axis=[-1, 1])),
    Case("R321", _at(1, "dims"), _over("permute", IMAGE, dims=[2, 1]), _over("permute", IMAGE, dims=[2, 1, 3])),
    Case("R321", _at(1, "shared_axes"), _over("prelu", IMAGE, shared_axes=[4]),
         _over("prelu", IMAGE, shared_axes=[1, 2])),
    Case("R321", _at(1), _over("repeat_vector", ROWS, n=2), _over("repeat_vector", FLAT, n=2)),
    Case("R322", _at(1, "cropping"), _over("cropping2d", IMAGE, cropping=[[14, 14], 0]),
         _over("cropping2d", IMAGE, cropping=[[14, 13], 0]), received="28 x 28"),
    Case("R322", _at(1, "output_padding"), _over("conv2d_transpose", IMAGE, filters=2, kernel_size=3, output_padding=1),
         _over("conv2d_transpose", IMAGE, filters=2, kernel_size=3, strides=2, output_padding=1)),
    Case("R323", _at(2, "inputs"), _graph(ROWS, _NARROW, {"kind": "attention", "inputs": ["query", "rows"]}, FLAT),
         _graph(ROWS, _WIDE, {"kind": "attention", "inputs": ["query", "rows"]}, FLAT), received="28 x 8 and 28 x 28"),
    Case("R323", _at(2, "axes"), _graph(ROWS, _SHORT, {"kind": "dot", "axes": 1, "inputs": ["rows", "short"]}, FLAT),
         _graph(ROWS, {"kind": "dot", "axes": [1, 2], "inputs": ["rows", "rows"]}, FLAT)),
    Case("R323", _at(1, "num_key_value_heads"), _layers(ROWS, _GQA | {"num_key_value_heads": 3}, FLAT),
         _layers(ROWS, _GQA | {"num_key_value_heads": 2}, FLAT)),
    Case("R324", _at(1, "equation"), _einsum("ab,bc->ac", 4), _einsum("abc,cd->abd", [None, 4]), received="3 axes"),
    Case("R324", _at(1, "equation"), _einsum("abc->ab", 4), _einsum("abc,cd->abd", [28, 4])),
    Case("R324", _at(1, "equation"), _einsum("abc,cd->bad", [None, 4]), _einsum("...c,cd->...d", 4)),
    Case("R324", _at(1, "output_shape"), _einsum("abc,cd->abd", 4), _einsum("abc,cd->abd", [None, 4])),
    Case("R324", _at(1, "output_shape"), _einsum("abc,cd->abd", [27, 4]), _einsum("ab...,bc->ac...", 4)),
    Case("R324", _at(1, "bias_axes"), _einsum("abc,cd->abd", [None, 4], bias_axes="c"),
         _einsum("abc,cd->abd", [None, 4], bias_axes="bd")),
]  # fmt: skip
