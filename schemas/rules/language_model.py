"""A language model: its texts, its layers, of which none looks ahead, and its output at every step."""

from collections.abc import Iterator
from typing import Any

from schemas.data import is_text
from schemas.findings import Finding
from schemas.graph import ENTRY, applied, sources_of
from schemas.layers import LayerBase
from schemas.metrics import name_of
from schemas.recipe import Recipe
from schemas.rules.model import LAYERS
from schemas.rules.tell import Rule, error

TASK = "language_model"
_APART = frozenset({
    "activation", "activity_regularization", "add", "alpha_dropout", "average", "dense", "drop_path", "dropout", "elu",
    "embedding", "gaussian_dropout", "gaussian_noise", "identity", "layer_normalization", "leaky_relu", "masking",
    "maximum", "minimum", "multiply", "position_embedding", "position_encoding", "prelu", "relu", "rescaling",
    "spatial_dropout1d", "subtract", "time_distributed",
})  # fmt: skip
"""Layers that treat each step by itself."""
_ALONG = frozenset({"concatenate", "rms_normalization", "softmax", "unit_normalization"})
"""Layers that do so along the last axis."""
_RECURRENT = frozenset({"gru", "lstm", "simple_rnn"})
_ATTENTION = frozenset({"additive_attention", "attention", "group_query_attention", "multi_head_attention"})
_LAST = (-1, 2)
"""Numbers of the axis of the features."""


def texts_are_the_data(recipe: Recipe) -> Iterator[Finding]:
    """R745: tokens come from a text."""
    if recipe.task != TASK:
        return
    if not is_text(recipe.data):
        what = f"a language model takes `source: text`; received {recipe.data.source}"
        way = "write `source: text` with `file:`, a .txt or a CSV file, or `folder:`, a folder of .txt files"
        yield error("R745", ("data", "source"), what, way)


def keys_of_the_text_act(recipe: Recipe) -> Iterator[Finding]:
    """R746: the next token is the target, and all tokens are kept in their order."""
    data = recipe.data
    if recipe.task != TASK:
        yield error(
            "R746", ("data", "tokens"), "tokens are those of a language model", f"write `task: {TASK}`, or remove it"
        )
    elif is_text(data):
        alone = data.file is not None and data.file.endswith(".txt")
        without = ("text",) if alone or data.folder is not None else ()
        for key in (*without, "target", "weight", "ngrams", "output"):
            if key in data.model_fields_set and (key, data.output) != ("output", "int"):
                what = "a language model predicts the next token of the text as it stands"
                yield error("R746", ("data", key), f"{what}; {key} has no use", "remove it")
        if alone and data.splits.by != "share":
            what = f"the parts of a .txt file follow one another; received by {data.splits.by}"
            yield error("R746", ("data", "splits", "by"), what, "remove it, or take a CSV file with a text in each row")


def targets_are_tokens(recipe: Recipe) -> Iterator[Finding]:
    """R747: what a language model gives and is judged by are probabilities of the next token."""
    if recipe.task != TASK:
        return
    training, model = recipe.training, recipe.model
    if model.output.activation is not None:
        way = "remove it: the loss applies the softmax, and the saved model gives probabilities"
        yield _unfit(("model", "output", "activation"), f"activation {model.output.activation}", way)
    if model.kind == "functional" and model.inputs:
        yield _unfit(("model", "inputs"), "parts of the input", "remove `inputs`: layers take `input`")
    if training.loss is not None and not isinstance(training.loss, str) and training.loss.kind == "custom":
        yield _unfit(("training", "loss"), "a custom loss", "remove it: the loss is the crossentropy of the next token")
    for k, metric in enumerate(training.metrics or ()):
        if not isinstance(metric, str):
            way = "take perplexity, accuracy or top_5_accuracy"
            yield _unfit(("training", "metrics", k), f"the custom metric {name_of(metric)}", way)
    for k, step in enumerate(recipe.after or ()):
        if not isinstance(step, str):
            way = "remove it; the run's model.keras takes texts, and opens in plain Keras"
            yield _unfit(("after", k), "an export", way)


def _unfit(path: tuple[str | int, ...], what: str, way: str) -> Finding:
    return error("R747", path, f"a language model has no use for {what}", way)


def no_step_sees_a_later_one(recipe: Recipe) -> Iterator[Finding]:
    """R748: a step whose output depends on later tokens sees the one that it predicts."""
    for k, layer in enumerate(applied(recipe.model) if recipe.task == TASK else ()):
        found = _looks_ahead(layer)
        if found is not None:
            key, what, way = found
            path = (*LAYERS, k, key) if key in layer.model_fields_set else (*LAYERS, k)
            yield error("R748", path, what, way)


def _looks_ahead(layer: LayerBase) -> tuple[str, str, str] | None:
    """Key, message and way out of a layer that mixes steps with later ones, or may do so; None: it does not."""
    kind, keys = layer.kind, vars(layer)
    sees = "lets a step see the tokens after it, the one that it predicts among them"
    if kind in _ATTENTION:
        if keys.get("attention_axes") not in (None, (1,)):
            return "attention_axes", f"{kind} along other axes {sees}", "remove `attention_axes`"
        if not keys["use_causal_mask"]:
            return "use_causal_mask", f"{kind} without a causal mask {sees}", "write `use_causal_mask: true`"
    elif kind == "bidirectional":
        return "layer", f"{kind} {sees}", f"use the inner layer alone, `kind: {keys['layer'].kind}`"
    elif kind in _RECURRENT:
        if keys["go_backwards"]:
            return "go_backwards", f"{kind} from the end {sees}", "remove `go_backwards`"
    elif kind == "conv1d":
        if keys["padding"] == "same" and _widest(keys["kernel_size"]) > 1:
            return "padding", f"conv1d with padding {keys['padding']} {sees}", "write `padding: causal`"
    elif kind in _ALONG:
        axis = keys.get("axis", -1)
        if any(one not in _LAST for one in (axis if isinstance(axis, tuple) else (axis,))):
            return "axis", f"{kind} along the steps {sees}", "remove `axis`: the last one has the features"
    elif kind not in _APART and not _shortens(layer):
        why = "custom code may let" if kind == "custom" else f"{kind} may let"
        what = f"{why} a step see the tokens after it, the one that it predicts among them"
        return "kind", what, "take layers that keep the steps apart, or causal ones: `recipe explain R748` lists them"
    return None


def every_step_has_an_output(recipe: Recipe) -> Iterator[Finding]:
    """R749: as many steps come out as tokens go in, because each has a target."""
    for k, layer in enumerate(applied(recipe.model) if recipe.task == TASK else ()):
        kind, keys = layer.kind, vars(layer)
        if kind in _RECURRENT and not keys["return_sequences"]:
            way = "write `return_sequences: true`"
            yield error("R749", (*LAYERS, k), f"{kind} returns only the last step of a sequence", way)
        elif kind == "conv1d" and (_widest(keys["strides"]) > 1 or _is_cut(keys)):
            yield error(
                "R749", (*LAYERS, k), "conv1d shortens the sequence", "write `padding: causal`, without `strides`"
            )
        elif _shortens(layer):
            yield error("R749", (*LAYERS, k), f"{kind} changes the number of steps", "remove it")


def tokens_are_looked_up(recipe: Recipe) -> Iterator[Finding]:
    """R750: the input has a number for each step, of which an embedding makes features; no other layer knows steps."""
    if recipe.task != TASK:
        return
    way = "put `{kind: embedding, output_dim: 64}` first, and only there"
    if not recipe.model.layers:
        yield error("R750", LAYERS, "a language model begins with an embedding of its tokens; there is no layer", way)
    pairs = zip(applied(recipe.model), sources_of(recipe.model), strict=True)
    for k, (layer, sources) in enumerate(pairs):
        if (layer.kind == "embedding") != (ENTRY in sources):
            what = "takes the numbers of tokens" if ENTRY in sources else "takes features, not numbers of tokens"
            yield error("R750", (*LAYERS, k), f"an embedding, and nothing else, takes tokens; {layer.kind} {what}", way)


def _is_cut(keys: dict[str, Any]) -> bool:
    return keys["padding"] == "valid" and _widest(keys["kernel_size"]) > 1


def _shortens(layer: LayerBase) -> bool:
    """Whether a layer is there to change the steps."""
    return "pooling" in layer.kind or layer.kind in (
        "flatten", "permute", "repeat_vector", "reshape", "up_sampling1d", "zero_padding1d",
    )  # fmt: skip


def _widest(size: int | tuple[int, ...]) -> int:
    return size if isinstance(size, int) else max(size)


RULES: tuple[Rule, ...] = (
    texts_are_the_data,
    keys_of_the_text_act,
    targets_are_tokens,
    no_step_sees_a_later_one,
    every_step_has_an_output,
    tokens_are_looked_up,
)
