"""Shared by the verbs: reading a recipe or exiting with its errors, error output, colours."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

import typer

from runner.cli.annotations import annotate, in_actions
from runner.cli.error_output import fail
from runner.cli.options import Color
from runner.diagnostics import Diagnostic, Format
from runner.source.load import Loaded, load
from runner.text import printable
from runner.wrapping import terminal_columns

if TYPE_CHECKING:
    from runner.errors import RecipeError

__all__ = ["fail", "find_recipe", "gallery_recipe", "print_json", "read", "recipe_path", "refuse", "show", "use_color"]


def use_color(color: Color, stream: TextIO) -> bool:
    """Whether to colour ``stream``, by the option, NO_COLOR, and whether it is a terminal."""
    if color != "auto":
        return color == "always"
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def show(diagnostics: Sequence[Diagnostic], stream: TextIO, color: Color, form: Format = "full") -> None:
    """Print diagnostics; an empty list is printed only as JSON."""
    if not diagnostics and form != "json":
        return  # a valid recipe does not pay for importing the renderer
    from runner.diagnostics import render

    stream.write(render(diagnostics, form, color=use_color(color, stream), columns=terminal_columns(stream)))
    if form in ("full", "concise") and in_actions():
        annotate(diagnostics)


def read(
    path: Path,
    sets: Sequence[str] | None,
    root: Path | None,
    color: Color,
    *,
    quiet: bool = False,
    allow_code: bool | None = None,
) -> Loaded:
    """Load a recipe, printing its diagnostics on stderr (``quiet``: errors only); exits with 2 on an error.

    ``path`` is a file or the name of a gallery recipe. ``allow_code`` says whether custom code may be imported; None
    if the verb imports none.
    """
    loaded = load(recipe_path(str(path)), sets=sets or (), root=root, environment=os.environ)
    if allow_code is not None:
        from runner.workflows.code_permission import judged

        loaded = judged(loaded, allowed=allow_code)
    show([d for d in loaded.diagnostics if not quiet or d.severity == "error"], sys.stderr, color)
    if loaded.recipe is None:
        raise typer.Exit(2)
    return loaded


def recipe_path(file: str) -> Path:
    """The file of that name, or else the gallery recipe; exits with 2 if there is neither."""
    if "=" in file and not file.endswith((".yaml", ".yml")) and not os.path.exists(file):
        fail(f"{printable(file)} is not a recipe", [f"write `--set {printable(file)}` to change a key of the recipe"])
    return Path(file) if os.path.exists(file) or Path(file).suffix else gallery_recipe(file)


def find_recipe(word: str) -> Path | None:
    """The file or gallery recipe that a command-line word names, if any."""
    from runner.source.gallery import paths

    if os.path.isfile(word):
        return Path(word)
    return paths().get(word)


def gallery_recipe(name: str) -> Path:
    """The gallery recipe of that name; exits with 2 if there is none."""
    from runner.diagnostics import suggest
    from runner.source.gallery import paths

    found = paths()
    if name not in found:
        fail(f"no recipe {name!r} in the gallery", [_meant_by(name, suggest(name, found))])
    return found[name]


def _meant_by(name: str, near: str | None) -> str:
    """What a name that no recipe of the gallery has most likely means."""
    beside = next((name + ending for ending in (".yaml", ".yml") if os.path.isfile(name + ending)), None)
    if beside is not None:
        return f"did you mean the file {beside!r}?"
    if name.rpartition("/")[2].partition("~")[0] == "latest":
        return f"this names a run, and --resume takes no value: `recipe resume {printable(name)}` continues it"
    return f"did you mean {near!r}?" if near else "`recipe ls` lists them"


def refuse(loaded: Loaded | None, error: "RecipeError", color: Color) -> NoReturn:
    """Report an error found after reading, at its place in the recipe if it has one, and exit with its status."""
    if loaded is None or error.code is None:
        fail(str(error), error.help, code=error.exit_status, details=error.details)
    assert loaded.document is not None
    show([loaded.document.diagnostic(error.place, error.code, str(error), help=error.help)], sys.stderr, color)
    raise typer.Exit(error.exit_status)


def print_json(value: Any) -> None:
    """Print one JSON value on stdout, with null for NaN and infinity; ASCII only, so that no terminal interprets it."""
    import json

    print(json.dumps(_finite(value), indent=2, allow_nan=False))


def _finite(value: Any) -> Any:
    match value:
        case dict():
            return {key: _finite(item) for key, item in value.items()}
        case list() | tuple():
            return [_finite(item) for item in value]
        case float() if value != value or value in (float("inf"), float("-inf")):
            return None
        case _:
            return value


def note(message: str) -> None:
    """A remark on stderr."""
    print(f"note: {printable(message)}", file=sys.stderr)
