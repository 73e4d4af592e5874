"""Arguments and inputs for every layer of the catalogue, drawn at random from small pools."""

from typing import Any, Literal, get_args, get_origin

from hypothesis import strategies as st
from pydantic import TypeAdapter

from schemas.deferred import Deferred
from schemas.layers import Layer
from schemas.layers.catalogue.admitted import ADMITTED
from schemas.layers.catalogue.classes import layer_class

LAYER = TypeAdapter[Any](Layer)
Shapes = list[tuple[int, ...]]

INNER = [
    {"kind": "dense", "units": 3},
    {"kind": "conv1d", "filters": 2, "kernel_size": 2},
    {"kind": "conv2d", "filters": 2, "kernel_size": 2},
    {"kind": "flatten"},
    {"kind": "lstm", "units": 2},
    {"kind": "elu"},
    {"kind": "max_pooling1d"},
    {"kind": "softmax"},
]
EQUATIONS = [
    {"equation": "ab,bc->ac", "output_shape": 4, "bias_axes": "c"},
    {"equation": "abc,cd->abd", "output_shape": [None, 4], "bias_axes": "d"},
    {"equation": "abc,bd->adc", "output_shape": [4, None]},
    {"equation": "abc,cde->abde", "output_shape": [3, 2, 2], "bias_axes": "de"},
    {"equation": "...b,bc->...c", "output_shape": 3, "bias_axes": "c"},
    {"equation": "ab...,bc->ac...", "output_shape": 3},
    {"equation": "abc,cd->abe", "output_shape": [None, 4]},
    {"equation": "abc,cd->abd", "output_shape": 4},
]
ENDS = st.integers(0, 2) | st.lists(st.integers(0, 2), min_size=2, max_size=2)


def _per_side(rank: int, values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return values | st.lists(values, min_size=rank, max_size=rank)


def _borders(rank: int) -> st.SearchStrategy[Any]:
    return ENDS if rank == 1 else st.integers(0, 2) | st.lists(ENDS, min_size=rank, max_size=rank)


def _by_name(kind: str, name: str, rank: int) -> st.SearchStrategy[Any] | None:
    small = st.integers(1, 3)
    pools: dict[str, st.SearchStrategy[Any]] = {
        "kernel_size": _per_side(rank, small),
        "strides": _per_side(rank, st.integers(1, 2)),
        "dilation_rate": _per_side(rank, st.integers(1, 2)),
        "pool_size": _per_side(rank, small),
        "size": _per_side(rank, small) if rank > 1 else small,
        "output_size": _per_side(rank, small),
        "cropping": _borders(rank),
        "output_padding": _per_side(rank, st.integers(0, 1)),
        "rate": st.sampled_from([0.0, 0.25]),
        "dropout": st.sampled_from([0.0, 0.25]),
        "recurrent_dropout": st.sampled_from([0.0, 0.25]),
        "axis": st.integers(-4, 4),
        "axes": st.integers(-3, 3) | st.lists(st.integers(-3, 3), min_size=2, max_size=2),
        "shared_axes": st.lists(st.integers(1, 4), min_size=1, max_size=2, unique=True),
        "attention_axes": st.just([1]),
        "output_shape": small | st.lists(small, min_size=1, max_size=2),
        "dims": st.permutations([1, 2]) | st.permutations([1, 2, 3]) | st.just([1, 1]),
        "filters": st.sampled_from([2, 4]),
        "groups": st.sampled_from([1, 2] if kind != "group_normalization" else [1, 2, -1]),
        "num_query_heads": st.sampled_from([2, 4]),
        "interpolation": st.sampled_from(["nearest", "bilinear"]),
        "fill_mode": st.just("constant"),
        "epsilon": st.just(1e-3),
    }
    if name == "padding" and kind.startswith("zero_padding"):
        return _borders(rank)
    if name.endswith("_constraint"):
        return st.sampled_from(["max_norm", {"kind": "unit_norm", "axis": 0}])
    return pools.get(name)


def _by_type(annotation: Any) -> st.SearchStrategy[Any]:
    options = [option for option in get_args(annotation) if option is not type(None)]
    if get_origin(annotation) is Literal:
        return st.sampled_from([choice for choice in options if choice not in ("elu",)])
    base = annotation if annotation in (bool, int, float) else options[0] if options else annotation
    base = next((item.type for item in getattr(base, "__metadata__", ()) if isinstance(item, Deferred)), base)
    if base is bool:
        return st.booleans()
    if base is float:
        return st.sampled_from([0.5, 0.0, 2.0])
    if hasattr(base, "model_fields"):
        return st.just({"l2": 0.01})
    return st.integers(1, 3)


@st.composite
def arguments(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    """A layer as a recipe has it: the required keys, and a few of the others."""
    if kind == "einsum_dense":
        return {"kind": kind, **draw(st.sampled_from(EQUATIONS))}
    if kind == "time_distributed":
        return {"kind": kind, "layer": draw(st.sampled_from(INNER))}
    cls = layer_class(kind)
    assert cls is not None
    fields = {field.alias or name: field for name, field in cls.model_fields.items()}
    optional = [name for name, field in fields.items() if not field.is_required() and name not in ("name", "inputs")]
    chosen = draw(st.lists(st.sampled_from(optional), max_size=4, unique=True)) if optional else []
    needed = [name for name, field in fields.items() if field.is_required() and name != "kind"]
    given: dict[str, Any] = {"kind": kind}
    for name in (*needed, *chosen):
        values = _by_name(kind, name, ADMITTED[kind].rank)
        given[name] = draw(_by_type(fields[name].annotation) if values is None else values)
    return given


@st.composite
def shapes(draw: st.DrawFn, kind: str) -> Shapes:
    """Shapes of inputs, without the batch, that hardly ever have too many axes or too few."""
    entry = ADMITTED[kind]
    side = st.integers(1, 5)
    axes = {"time_distributed": [2, 3, 4], "einsum_dense": [1, 2, 3], "masking": [1, 2], "repeat_vector": [1, 1, 2],
            "simple_rnn": [2, 2, 1], "permute": [2, 3]}.get(kind)  # fmt: skip
    if entry.family.startswith("attention.") or kind == "dot":
        count = 2 if kind == "dot" else draw(st.integers(1, 3))
        return [(*draw(st.tuples(st.sampled_from([2, 3]))), draw(st.sampled_from([2, 3]))) for _ in range(count)]
    if axes is None:
        least = entry.rank + 1 + (entry.family == "recurrent.RecurrentConvolution")
        axes = [least] * 5 + [least + 1] if entry.rank else [1, 2, 3]
    number = draw(st.sampled_from(axes))
    return [(*(draw(side) for _ in range(number - 1)), draw(st.sampled_from([2, 4])))]


BUILT: dict[str, tuple[dict[str, Any], Shapes]] = {}
"""One example of each layer that builds: filled below."""
_REQUIRED: dict[str, dict[str, Any]] = {
    "einsum_dense": {"equation": "abc,cd->abd", "output_shape": [3, 2], "bias_axes": "d"},
    "time_distributed": {"layer": {"kind": "conv1d", "filters": 2, "kernel_size": 2}},
    "attention": {"use_scale": True, "dropout": 0.2, "score_mode": "concat"},
    "additive_attention": {"dropout": 0.2},
    "multi_head_attention": {"num_heads": 2, "key_dim": 3, "dropout": 0.2, "use_causal_mask": True},
    "group_query_attention": {"head_dim": 2, "num_query_heads": 4, "num_key_value_heads": 2, "dropout": 0.2},
    "dot": {"axes": 1},
    "simple_rnn": {"units": 3, "dropout": 0.2, "recurrent_dropout": 0.3},
    "permute": {"dims": [2, 1]},
    "group_normalization": {"groups": 2},
    "resizing": {"height": 3, "width": 4},
    "center_crop": {"height": 3, "width": 4},
    "rescaling": {"scale": 0.5},
    "relu": {"negative_slope": 0.1, "max_value": 3.0},
    "prelu": {"shared_axes": [1]},
    "activity_regularization": {"l2": 0.1},
    **{f"conv_lstm{rank}d": {"filters": 2, "kernel_size": 2, "dropout": 0.2, "recurrent_dropout": 0.3}
       for rank in (1, 2, 3)},
}  # fmt: skip


def _value(name: str) -> Any:
    return {"filters": 2, "kernel_size": 2, "output_size": 2, "pool_size": 2, "rate": 0.3, "n": 3}[name]


def _input(kind: str) -> Shapes:
    entry = ADMITTED[kind]
    if kind == "dot" or entry.family.startswith("attention."):
        return [(3, 4), (3, 4)]
    if kind == "repeat_vector":
        return [(4,)]
    if entry.rank:
        return [(3,) * (entry.rank + (entry.family == "recurrent.RecurrentConvolution")) + (4,)]
    return [(3, 5, 4)] if kind == "time_distributed" else [(3, 4)]


for _kind in ADMITTED:
    _cls = layer_class(_kind)
    assert _cls is not None
    _needed = [name for name, field in _cls.model_fields.items() if field.is_required() and name != "kind"]
    BUILT[_kind] = (
        {"kind": _kind, **(_REQUIRED.get(_kind) or {name: _value(name) for name in _needed})},
        _input(_kind),
    )
