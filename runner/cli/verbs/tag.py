"""``recipe tag``."""

from typing import Annotated

import typer

from runner.cli import options
from runner.cli.error_output import fail
from runner.cli.run_arguments import run_of


def command(
    run: Annotated[
        str,
        typer.Argument(metavar="RUN", help=options.RUN_HELP, show_default=False, autocompletion=options.complete_run),
    ],
    tags: Annotated[
        list[str] | None, typer.Argument(metavar="[TAG]...", help="Tags to add.", show_default=False)
    ] = None,
    remove: Annotated[
        list[str] | None, typer.Option("--remove", metavar="TAG", help="Remove a tag; repeatable.", show_default=False)
    ] = None,
    note: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Set the note; an empty text removes it.", show_default=False)
    ] = None,
    json: options.Json = False,
) -> None:
    """Give a run tags and a note, and print what it has. A tag names the run wherever a verb takes a run.

    They are in the run's file tags.json; no result and no fingerprint depends on them. A run that trains can be tagged
    too. Several runs may have the same tag: `recipe runs --tag TAG` lists them.
    """
    from runner.errors import RunError
    from runner.record.tags import change_tags, read_tags
    from runner.text import one_line

    directory = run_of(run)
    try:
        if tags or remove or note is not None:
            found = change_tags(directory, add=tags or (), remove=remove or (), note=note)
        else:
            found = read_tags(directory)
    except RunError as error:
        fail(str(error), error.help)
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}")
    if json:
        from runner.cli.common import print_json

        print_json({"run_dir": str(directory), **found._asdict()})
        return
    print("tags ", ", ".join(found.tags) or "none")
    print("note ", one_line(found.note) if found.note else "none")
