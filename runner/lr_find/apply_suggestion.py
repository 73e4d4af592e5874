"""``recipe lr-find --apply``: finds the key for a suggestion and writes it."""

from pathlib import Path

from runner.diagnostics import Diagnostic
from runner.errors import KeyPath, NotWritten, RecipeError
from runner.numerals import setting
from runner.source.editing import edit
from runner.source.editing.rewriting import remove_leftovers, write_atomic
from runner.source.load import Loaded, load
from schemas.recipe import Recipe
from schemas.rules.parts import rate_place


def key_of(recipe: Recipe) -> KeyPath | None:
    """The key of the recipe's learning rate; None for schedules with several."""
    place = rate_place(recipe)
    return place.path if place.single else None


def place_to_write(loaded: Loaded, sets: list[str] | None) -> KeyPath:
    """The key for --apply, determined before the test.

    Raises:
        RecipeError: there is no single key, or it is not in the recipe's own file.
    """
    assert loaded.recipe is not None
    assert loaded.document is not None
    if sets:
        raise RecipeError("--apply cannot be combined with --set, which is not in the file", "edit the recipe first")
    place = key_of(loaded.recipe)
    if place is None:
        raise RecipeError("--apply needs one learning rate to write, but this schedule has several", "edit it by hand")
    origin = loaded.document.origin(place)
    if origin.kind == "default":  # a new key goes into the file of its mapping
        origin = loaded.document.origin(place[:-1])
    if origin.kind != "recipe":
        where = "no file" if origin.kind == "default" else origin
        message = f"--apply writes only into {loaded.path}, but {dotted(place)} comes from {where}"
        raise RecipeError(message, "change it there")
    try:
        remove_leftovers(loaded.path)
    except OSError as error:
        raise NotWritten(f"{loaded.path} cannot be written: {error}") from error
    return place


def dotted(place: KeyPath) -> str:
    """A key in the form used with ``--set``."""
    return ".".join(map(str, place))


def write(loaded: Loaded, place: KeyPath, value: float, root: Path | None) -> list[Diagnostic]:
    """Write the suggestion if the recipe is valid with it, and return the resulting warnings.

    Raises:
        RecipeError: the recipe would not be valid, or cannot be written; it is unchanged.
    """
    wanted = f"{dotted(place)}: {setting(value)}"
    changed = load(loaded.path, sets=[f"{dotted(place)}={value}"], root=root)
    if changed.recipe is None:
        raise RecipeError(f"with {wanted} the recipe is not valid by itself; nothing was written")
    try:
        text = loaded.path.read_bytes().decode("utf-8")
        write_atomic(loaded.path, edit.set_value(text, place, value))
    except (OSError, KeyError) as error:
        raise NotWritten(f"{wanted} cannot be written: {error}") from error
    return [finding for finding in changed.diagnostics if finding not in loaded.diagnostics]
