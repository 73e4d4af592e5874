"""The verb ``recipe why``."""

import sys
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from runner.cli import options
from runner.cli.common import fail, print_json, read, recipe_path
from runner.cli.run_arguments import run_meant
from runner.cli.streams import output_width
from runner.data.access import DataAccess
from runner.errors import ManifestBroken, UnknownField
from runner.record.directory import RunPaths
from runner.record.manifest import recorded_access
from runner.source.editing.emit import to_flow
from runner.text import printable
from runner.workflows.provenance import Answer, ask_recipe, ask_run
from runner.wrapping import wrapped

_File = Annotated[
    str,
    typer.Argument(
        metavar="FILE",
        help="A recipe file, the name of a gallery recipe, or a run.",
        autocompletion=options.complete_file_or_run,
    ),
]
_Field = Annotated[
    str,
    typer.Argument(
        metavar="[FIELD]",
        help="Dotted path, such as training.epochs or model.layers.1.units.",
        autocompletion=options.complete_field,
    ),
]
_Everything = Annotated[bool, typer.Option("--all", help="Without FIELD: also show values left at their default.")]


def command(
    file: _File,
    field: _Field = "",
    everything: _Everything = False,
    sets: options.Sets = None,
    root: options.Root = None,
    data_dir: options.DataDir = None,
    json: options.Json = False,
    color: options.ColorOption = "auto",
) -> None:
    """Show where a value came from (default, base, recipe, environment or --set) and which values it overrode.

    For a mapping, shows every value in it; without FIELD, every value that was set. Name a run by its directory,
    NAME/latest or latest.
    """
    data = DataAccess(data_dir, download=False)
    run = run_meant(file)
    loaded = read(
        recipe_path(file) if run is None else RunPaths(run).resolved,
        sets if run is None else (),
        root,
        color,
        quiet=True,
    )
    try:
        if run is None:
            answers = ask_recipe(loaded, field, data.beside(loaded.path, root))
        else:
            answers = ask_run(run, loaded, field, recorded_access(RunPaths(run), data))
    except UnknownField as error:
        fail(str(error), error.help)
    except ManifestBroken as error:
        fail(str(error))
    except (OSError, ValueError) as error:
        fail(f"the record of {file} cannot be read: {error}")
    if not field and not everything:
        answers = _set(answers, quiet=json)
    if json:
        found = [_as_mapping(answer) for answer in answers]
        print_json(found[0] if len(found) == 1 else {"fields": found})
    else:
        for line in map(printable, _lines(answers)):
            hang = len(line) - len(line.lstrip()) + 2
            print("\n".join(wrapped(line, output_width(), hang=hang)))


def _set(answers: list[Answer], *, quiet: bool) -> list[Answer]:
    """Only the answers about values that were set or overridden; prints on stderr how many others there are."""
    kept = [answer for answer in answers if answer.source or answer.instead_of]
    if not quiet and len(kept) < len(answers):
        print(f"{len(answers) - len(kept)} more are defaults; --all shows them", file=sys.stderr)
    return kept


def _lines(answers: list[Answer]) -> Iterator[str]:
    if len(answers) == 1:
        yield from _one(answers[0])
        return
    rows = [(f"{answer.field.name} = {to_flow(answer.field.value)}", _origin(answer)) for answer in answers]
    most = output_width()
    width = min(max(len(left) for left, _ in rows), 60)
    for left, right in rows:
        if most is not None and width + 2 + len(right) > most:
            yield from (left, f"    {right}")
        else:
            yield f"{left:<{width}}  {right}"


def _one(answer: Answer) -> Iterator[str]:
    field = answer.field
    value = answer.inferred.value if answer.inferred else to_flow(field.value)
    yield f"{field.name} = {value}"
    rows = [("", _origin(answer), answer.source.text if answer.source else "")]
    rows += [("instead of ", other.origin, other.text) for other in answer.instead_of]
    if answer.source or answer.instead_of:
        default = "none, the key is required" if field.required else to_flow(field.default)
        rows += [("default: ", default, "")] if len(field.path) > 0 else []
    width = max(len(word) + len(origin) for word, origin, _ in rows)
    for word, origin, text in rows:
        yield f"  {word + origin:<{width}}  {text}".rstrip()
    for line in field.text.splitlines():
        yield f"  {line}".replace("``", "`")


def _origin(answer: Answer) -> str:
    if answer.source:
        return answer.source.origin
    inferred = answer.inferred
    if inferred:
        return f"inferred: {inferred.value}, from {inferred.why}"
    return f"default of {answer.field.owner}" if answer.field.owner else "default"


def _as_mapping(answer: Answer) -> dict[str, Any]:
    field, inferred = answer.field, answer.inferred
    return {
        "field": field.name,
        "value": field.value,
        "origin": answer.source.origin if answer.source else "default",
        "line": answer.source.text if answer.source else None,
        "instead_of": [{"origin": other.origin, "line": other.text} for other in answer.instead_of],
        "inferred": {"value": inferred.value, "from": inferred.why} if inferred else None,
        "default": field.default,
        "required": field.required,
        "meaning": field.text,
    }
