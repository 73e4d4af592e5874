"""Arrays, images and texts of a person's own: keys that go together."""

from collections.abc import Iterator

from schemas.data import TfdsData, has_text_keys, is_array, is_images, is_table, is_text
from schemas.findings import Finding, Path
from schemas.recipe import Recipe
from schemas.rules.model import LAYERS
from schemas.rules.tell import Rule, error, warning

_DATA: Path = ("data",)
_COLUMNS: dict[str, dict[str, tuple[str, ...]]] = {
    "images": {"path": ("file",), "column": ("files",), "target": ("file", "files"), "weight": ("file", "files")},
    "text": {"text": ("file",), "target": ("file",), "weight": ("file",)},
}
"""Keys that name a column, and the keys of the files that have it."""
_PLACES = {
    "folder": "folder, whose folders are the classes",
    "file": "CSV file of paths",
    "files": "set of files that hold images",
}

_LOOKING_UP = ("embedding", "custom", "time_distributed")
"""Layers that may look numbers up: what custom code does is not known here."""


def an_embedding_knows_its_rows(recipe: Recipe) -> Iterator[Finding]:
    """R314: only a text's vocabulary says by itself how many numbers there are."""
    data = recipe.data
    if is_text(data) and data.output == "int":
        return
    if isinstance(data, TfdsData) and has_text_keys(data) and data.output in (None, "int"):
        return
    if is_table(data) and any(column.output == "int" for column in data.columns.values()):
        return
    for k, layer in enumerate(recipe.model.layers):
        if layer.kind == "embedding" and vars(layer)["input_dim"] is None:
            yield error(
                "R314",
                (*LAYERS, k),
                "embedding must have input_dim, except after a text's vocabulary; received none",
                "write `input_dim`: the largest number of the inputs plus 1",
            )


def files_are_named_once(recipe: Recipe) -> Iterator[Finding]:
    """R315: examples come from a folder, or from files whose columns are named."""
    data = recipe.data
    if not (is_images(data) or is_text(data)):
        return
    ways = ("folder", "file", "files") if is_images(data) else ("folder", "file")
    named = [key for key in ways if getattr(data, key) is not None]
    if len(named) != 1:
        received = {0: "none", 2: "both"}.get(len(named), "all of them")
        yield error(
            "R315",
            (*_DATA, named[-1] if named else "source"),
            f"{data.source} are read from one of {', '.join(ways)}; received {received}",
            f"write `{': PATH` or `'.join(ways)}: PATH`",
        )
        return
    if recipe.task == "language_model":
        return  # whose keys are R746's
    for key, wanted in _COLUMNS[data.source].items():
        if named[0] not in wanted and key in data.model_fields_set:
            yield error(
                "R315",
                (*_DATA, key),
                f"{key} is a column for `{'` or `'.join(wanted)}`, but the data is a {_PLACES[named[0]]}",
                f"remove it, or write `{wanted[0]}` in place of `{named[0]}`",
            )
    if named[0] == "files" and len(data.targets) > 1:
        yield error(
            "R315",
            (*_DATA, "target"),
            f"images in Arrow and Parquet files have one target; received {len(data.targets)} columns",
            "list the images in a CSV file and write `file: PATH`",
        )


def arrays_are_named_once(recipe: Recipe) -> Iterator[Finding]:
    """R316: inputs and target are divided into parts, or the parts name their own arrays."""
    data = recipe.data
    if not is_array(data):
        return
    both = data.inputs is not None and data.target is not None
    named = [key for key in ("inputs", "target", "weight") if getattr(data, key) is not None]
    if data.train is not None and named:
        key = named[0]
        what = f"the training arrays are named once; received both `train` and `{key}`"
        yield error("R316", (*_DATA, key), what, f"remove `{key}`")
    elif data.train is None and not both:
        yield error(
            "R316",
            (*_DATA, "source"),
            "npz needs an array of inputs and one of targets",
            "write `inputs: NAME` and `target: NAME`, or `train: {inputs: NAME, target: NAME}`",
        )


def texts_are_words(recipe: Recipe) -> Iterator[Finding]:
    """R317: numbers of words have no scale, and only sequences have a length."""
    data = recipe.data
    if not is_text(data) and not (isinstance(data, TfdsData) and has_text_keys(data)):
        return
    output = data.output or "int"
    if output != "int" and data.length is not None:
        yield error(
            "R317",
            (*_DATA, "length"),
            f"length is the length of a sequence, but output {output} has one value for each word",
            "remove `length`, or write `output: int`",
        )
    for key, written in (("scale", data.scale is not None), ("center", data.center)):
        if output == "int" and written:
            yield error(
                "R317",
                (*_DATA, key),
                f"{key} would change the numbers of the words, which an embedding looks up",
                "remove it",
            )


def numbers_of_words_are_looked_up(recipe: Recipe) -> Iterator[Finding]:
    """R740: the number of a word says nothing by its size, so a layer looks it up before others compute with it."""
    layers = recipe.model.layers
    if not is_text(recipe.data) or recipe.data.output != "int" or not layers or recipe.task == "language_model":
        return
    if any(layer.kind in _LOOKING_UP for layer in layers):
        return
    yield warning(
        "R740",
        (*LAYERS, 0),
        f"words are numbered, and {layers[0].kind} computes with these numbers as if they were sizes",
        "put an `embedding` first, or write `output: tf_idf` or `multi_hot` under `data`",
    )


def fit_needs_a_size(recipe: Recipe) -> Iterator[Finding]:
    """R318: without a size images stay as they are."""
    data = recipe.data
    if is_images(data) and data.size is None and "fit" in data.model_fields_set:
        yield error(
            "R318",
            (*_DATA, "fit"),
            f"fit acts only where images are resized; received fit {data.fit} and no size",
            "write `size: [height, width]`, or remove `fit`",
        )


RULES: tuple[Rule, ...] = (
    an_embedding_knows_its_rows,
    files_are_named_once,
    arrays_are_named_once,
    texts_are_words,
    numbers_of_words_are_looked_up,
    fit_needs_a_size,
)
