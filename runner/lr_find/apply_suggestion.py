"""``recipe lr-find --apply``: where a suggestion goes, and putting it there."""

import sys
from pathlib import Path

from runner.cli import options
from runner.cli.common import fail, show
from runner.source.editing import edit
from runner.source.editing.rewriting import remove_leftovers, write_atomic
from runner.source.load import Loaded, load
from runner.source.yaml.nodes import Path as KeyPath
from schemas.recipe import Recipe
from schemas.rules.parts import rate_place


def key_of(recipe: Recipe) -> KeyPath | None:
    """Where the recipe writes its learning rate; None for schedules that write several."""
    place = rate_place(recipe)
    return place.path if place.single else None


def place_to_write(loaded: Loaded, sets: list[str] | None) -> KeyPath:
    """The key for --apply, known before anything is tested; leaves with 2 when it is not the recipe's own."""
    assert loaded.recipe is not None
    assert loaded.document is not None
    if sets:
        fail("--apply writes what was found for the recipe as it stands, not with --set", ["edit the recipe first"])
    place = key_of(loaded.recipe)
    if place is None:
        fail("--apply needs one learning rate to write, but this schedule has several", ["take it over by hand"])
    origin = loaded.document.origin(place)
    if origin.kind == "default":  # the key is new: it goes where the mapping around it stands
        origin = loaded.document.origin(place[:-1])
    if origin.kind != "recipe":
        where = "no file" if origin.kind == "default" else origin
        fail(f"--apply writes into {loaded.path} alone, but {dotted(place)} comes from {where}", ["change it there"])
    try:
        remove_leftovers(loaded.path)
    except OSError as error:
        fail(f"{loaded.path} cannot be written: {error}", code=1)
    return place


def dotted(place: KeyPath) -> str:
    """A key as it is written after ``--set``."""
    return ".".join(map(str, place))


def write(loaded: Loaded, place: KeyPath, value: float, root: Path | None, color: options.Color) -> None:
    """Write the suggestion, if the recipe is a valid one with it; warnings that come with it are told."""
    changed = load(loaded.path, sets=[f"{dotted(place)}={value}"], root=root)
    show([finding for finding in changed.diagnostics if finding not in loaded.diagnostics], sys.stderr, color)
    if changed.recipe is None:
        fail(f"with {dotted(place)}: {value} the recipe is not valid by itself; nothing was written")
    try:
        text = loaded.path.read_bytes().decode("utf-8")
        write_atomic(loaded.path, edit.set_value(text, place, value))
    except (OSError, KeyError) as error:
        fail(f"{dotted(place)}: {value} cannot be written: {error}", code=1)
    print(f"{loaded.path}: {dotted(place)} is now {value}", file=sys.stderr)
