"""Columns of images in a table: which layers take them, and where their files lie."""

from collections.abc import Iterator

from schemas.data import is_table
from schemas.findings import Finding, Path
from schemas.graph import ENTRY, ends_of, sources_of
from schemas.recipe import Recipe
from schemas.rules.model import LAYERS
from schemas.rules.model_inputs import named_inputs
from schemas.rules.tell import Rule, error, listed


def image_columns(recipe: Recipe) -> tuple[str, ...]:
    """Columns of a table whose images are inputs; none of other data."""
    return recipe.data.image_columns if is_table(recipe.data) else ()


def images_are_taken_by_name(recipe: Recipe) -> Iterator[Finding]:
    """R765: a row with an image is no one array, so that layers take its parts by name."""
    names = image_columns(recipe)
    if not names:
        return
    image = names[0]
    help = f"write `inputs: {{photo: {{columns: [{image}]}}, facts: {{columns: [...]}}}}`, and name them on the layers"
    if recipe.model.kind != "functional":
        what = f"column '{image}' holds images, which a sequential model cannot take apart from the other columns"
        yield error("R765", ("model", "kind"), what, f"write `kind: functional` and {help.removeprefix('write ')}")
        return
    what = f"this layer takes the whole input, where the pixels of '{image}' are in one row with the other columns"
    places: list[Path] = [(*LAYERS, k) for k, sources in enumerate(sources_of(recipe.model)) if ENTRY in sources]
    if ENTRY in ends_of(recipe.model).values():
        places.append(LAYERS)
    for place in places:
        yield error("R765", place, what, help)


def an_image_is_an_input(recipe: Recipe) -> Iterator[Finding]:
    """R766: an image has the shape (height, width, channels), and stands beside no number."""
    images = image_columns(recipe)
    for name, written in named_inputs(recipe).items():
        columns = written.columns or ()
        found = [column for column in columns if column in images]
        if found and len(columns) > 1:
            others = [column for column in columns if column != found[0]]
            what = f"an input with the image '{found[0]}' has no other column; received also {listed(others)}"
            help = f"write two inputs: `{{columns: [{found[0]}]}}` and another one for the rest"
            yield error("R766", ("model", "inputs", name, "columns"), what, help)


def image_files_are_here(recipe: Recipe) -> Iterator[Finding]:
    """R767: paths of images start from the folder of the table, which an address has not."""
    data = recipe.data
    if not is_table(data) or not data.image_columns:
        return
    for pattern in data.patterns:
        if "://" in pattern:
            what = (
                f"paths of the images in '{data.image_columns[0]}' start from the table's folder; received an address"
            )
            yield error("R767", ("data", "files"), what, "download the table and its images")


RULES: tuple[Rule, ...] = (images_are_taken_by_name, an_image_is_an_input, image_files_are_here)
