"""The named inputs of a functional model, and layers that are applied in several places."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from schemas.data import BuiltinData, is_table
from schemas.findings import Finding, Path
from schemas.graph import ends_of, entries_of, roots_of, sources_of
from schemas.layers.shape import Misfit
from schemas.model import Functional
from schemas.recipe import Recipe
from schemas.rules.model import LAYERS, RESERVED
from schemas.rules.samples import samples
from schemas.rules.tell import Rule, error, listed
from schemas.samples import SAMPLES

if TYPE_CHECKING:
    from schemas.model_inputs import NamedInput

_INPUTS: Path = ("model", "inputs")
_MOST = 12
"""Names that a help text lists."""


def named_inputs(recipe: Recipe) -> dict[str, "NamedInput"]:
    """The named inputs of the model; empty where it has none."""
    return recipe.model.inputs if isinstance(recipe.model, Functional) else {}


def inputs_say_what_they_are(recipe: Recipe) -> Iterator[Finding]:
    """R500: an input is some columns or one part, and has a name of its own."""
    layers = {layer.name for layer in recipe.model.layers}
    for name, written in named_inputs(recipe).items():
        path: Path = (*_INPUTS, name)
        given = written.model_fields_set
        if len(given) != 1:
            received = listed(sorted(given)).replace(" or ", " and ") if given else "neither"
            what = f"an input is `columns` or an `index`; received {received}"
            yield error("R500", path, what, "write one of them: `{columns: [a, b]}` or `{index: 0}`")
        if name in RESERVED or name in layers:
            other = f"the model's own {name}" if name in RESERVED else "a layer"
            yield error("R500", path, f"'{name}' is also the name of {other}", "give the input another name")


def columns_are_inputs(recipe: Recipe) -> Iterator[Finding]:
    """R501: columns are those of a table or of a sample of rows, each named once, and no target."""
    known = _columns(recipe)
    for name, written in named_inputs(recipe).items():
        path: Path = (*_INPUTS, name, "columns")
        columns = written.columns or ()
        if columns and known == () and not is_table(recipe.data):
            yield error("R501", path, _without_columns(recipe), "write `index`, or leave `inputs` out")
            continue
        for k, column in enumerate(columns):
            wrong = _wrong_column(recipe, known, columns[:k], column)
            if wrong is not None:
                yield error("R501", (*path, k), *wrong)


def _columns(recipe: Recipe) -> tuple[str, ...]:
    """Features of a sample; empty where the files alone tell, and for data without columns."""
    return SAMPLES[recipe.data.name].features if isinstance(recipe.data, BuiltinData) else ()


def _without_columns(recipe: Recipe) -> str:
    of = getattr(recipe.data, "name", recipe.data.source)
    return f"columns are those of csv, parquet, or a built-in sample of rows; received data of {of}"


def _wrong_column(recipe: Recipe, known: tuple[str, ...], before: tuple[str, ...], name: str) -> tuple[str, str] | None:
    """What is wrong with a column, and the way out."""
    if name in before:
        return f"column '{name}' is named twice", "remove one of them"
    data = recipe.data
    if not is_table(data):
        return None if name in known else (f"there is no feature '{name}'", f"there are {_some(known)}")
    if name in data.targets or name == data.weight:
        return f"column '{name}' is what is predicted or a weight, and no input", "remove it"
    ignored = name in data.columns and data.columns[name].type == "ignore"
    return (f"column '{name}' is of type ignore, and no input", "remove one of the two") if ignored else None


def _some(names: tuple[str, ...]) -> str:
    return listed(names) if len(names) <= _MOST else f"{', '.join(names[:_MOST])}, …"


def parts_are_there(recipe: Recipe) -> Iterator[Finding]:
    """R502: an index takes one of several parts, which rows of a table do not have."""
    for name, written in named_inputs(recipe).items():
        path: Path = (*_INPUTS, name, "index")
        if written.index is None:
            continue
        if is_table(recipe.data):
            what = "index takes a part along the first of two axes or more; a row of a table has one"
            yield error("R502", path, what, "name `columns`")
        from schemas.layers.entry import TakenPart  # most functional models take the whole example

        for _, sample in samples(recipe):
            try:
                TakenPart(index=written.index).output_shape([sample.shape])
            except Misfit as misfit:
                yield error(misfit.code, path, misfit.message, misfit.help)


def inputs_are_used(recipe: Recipe) -> Iterator[Finding]:
    """R503: an input that no layer takes is most likely a forgotten branch."""
    named = named_inputs(recipe)
    sources = {number for wires in sources_of(recipe.model) for number in wires} | set(ends_of(recipe.model).values())
    if None in sources:  # one of them may be meant
        return
    entries = entries_of(recipe.model)
    for name in named:
        if entries[name] not in sources:
            help = f"write `inputs: [{name}]` on a layer, or remove it"
            yield error("R503", (*_INPUTS, name), f"no layer takes the input '{name}'", help)


def shared_layers_come_before(recipe: Recipe) -> Iterator[Finding]:
    """R504: what is applied once more has been applied before."""
    before: list[str] = []
    for k, (layer, root) in enumerate(zip(recipe.model.layers, roots_of(recipe.model), strict=True)):
        if layer.kind == "shared" and root == k:
            name = vars(layer)["layer"]
            there = f"names before it are {listed(before)}" if before else "give the layer a `name` first"
            yield error("R504", (*LAYERS, k, "layer"), f"no layer before this one is called '{name}'", there)
        elif layer.name is not None:
            before.append(layer.name)


RULES: tuple[Rule, ...] = (
    inputs_say_what_they_are,
    columns_are_inputs,
    parts_are_there,
    inputs_are_used,
    shared_layers_come_before,
)
