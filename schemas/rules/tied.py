"""An output whose kernel is the table of an embedding."""

from collections.abc import Iterator

from schemas.findings import Finding
from schemas.recipe import Recipe
from schemas.rules.model import LAYERS
from schemas.rules.tell import Rule, error

_OUTPUT = ("model", "output")
_WHY = "a tied output has the table of the embedding for its kernel"


def one_embedding_is_tied(recipe: Recipe) -> Iterator[Finding]:
    """R751: the rows of the table are the tokens that are predicted."""
    tables = [layer for layer in recipe.model.layers if layer.kind == "embedding"]
    if recipe.task != "language_model":
        what = f"only a language model predicts what its embedding takes; received task {recipe.task}"
        yield error("R751", (*_OUTPUT, "tied"), what, "remove `tied`")
    elif len(tables) != 1:
        way = "remove `tied`" if tables else "put `{kind: embedding, output_dim: 64}` first"
        what = f"a tied output takes the table of the only embedding; the model has {len(tables)}"
        yield error("R751", (*_OUTPUT, "tied"), what, way)


def keys_of_the_kernel_have_one_place(recipe: Recipe) -> Iterator[Finding]:
    """R752: what is written of the output's own kernel, or of its size, would not act."""
    for key in ("units", "kernel_initializer", "kernel_regularizer", "kernel_constraint"):
        if key in recipe.model.output.model_fields_set:
            of_table = key.replace("kernel", "embeddings")
            way = "remove it" if key == "units" else f"write `{of_table}` at the embedding"
            yield error("R752", (*_OUTPUT, key), f"{_WHY}; {key} has no effect", way)
    for k, layer in enumerate(recipe.model.layers):
        if layer.kind == "embedding" and "input_dim" in layer.model_fields_set:
            what = f"{_WHY}, with a row for each token of the vocabulary; input_dim has no effect"
            yield error("R752", (*LAYERS, k, "input_dim"), what, "remove it")


RULES: tuple[Rule, ...] = (one_embedding_is_tied, keys_of_the_kernel_have_one_place)
