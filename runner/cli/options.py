"""Options shared by several verbs."""

from pathlib import Path
from typing import Annotated, Literal

import typer


def complete_file(incomplete: str) -> list[str]:
    """Gallery names and recipe files."""
    from runner.cli.complete import recipes

    return recipes(incomplete)


def complete_path(incomplete: str) -> list[str]:
    """Recipe files and folders."""
    from runner.cli.complete import files

    return files(incomplete)


def complete_gallery(incomplete: str) -> list[str]:
    """Gallery names only."""
    return [name for name in complete_file(incomplete) if "/" not in name and not name.endswith((".yaml", ".yml"))]


def complete_run(incomplete: str) -> list[str]:
    """Names of runs."""
    from runner.cli.complete import runs

    return runs(incomplete)


def complete_file_or_run(incomplete: str) -> list[str]:
    """Recipes and runs, for verbs that take either."""
    return [*complete_file(incomplete), *complete_run(incomplete)]


def complete_set(incomplete: str) -> list[str]:
    """Keys of the language, and the words that a key accepts."""
    from runner.cli.complete import settings

    return settings(incomplete)


def complete_field(incomplete: str) -> list[str]:
    """Keys of the language."""
    return [key.removesuffix("=") for key in complete_set(incomplete)]


Progress = Literal["auto", "live", "plain", "none"]
Color = Literal["auto", "always", "never"]

File = Annotated[
    Path,
    typer.Argument(
        metavar="FILE",
        help="A recipe file, or the name of a gallery recipe.",
        show_default=False,
        autocompletion=complete_file,
    ),
]
RUN_HELP = (
    "A run directory, 'latest', 'latest~2', a recipe's name, a tag, or the beginning of a run's name or fingerprint."
)
Run = Annotated[str, typer.Argument(metavar="RUN", help=RUN_HELP, autocompletion=complete_run)]
SeveralRuns = Annotated[
    list[str], typer.Argument(metavar="RUN...", help=RUN_HELP, show_default=False, autocompletion=complete_run)
]
Tags = Annotated[
    list[str] | None,
    typer.Option(
        "--tag", metavar="TAG", help="Give the run a tag, by which it can be named; repeatable.", show_default=False
    ),
]
Note = Annotated[str | None, typer.Option(metavar="TEXT", help="Give the run a note.", show_default=False)]
Sets = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Set a key, such as training.epochs=3; VALUE is YAML.",
        autocompletion=complete_set,
    ),
]
Root = Annotated[Path | None, typer.Option(help="Folder that `extends` may not leave (default: the recipe's).")]
DataDir = Annotated[
    Path | None, typer.Option(help="tensorflow-datasets directory (default: TFDS_DATA_DIR).", show_default=False)
]
NoFallback = Annotated[
    bool, typer.Option("--no-fallback", help="Fail if the data is unavailable instead of using the recipe's fallback.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout at the end.")]
ProgressOption = Annotated[Progress, typer.Option(help="How progress is shown on stderr.")]
Force = Annotated[bool, typer.Option("--force", help="Run even if the estimate says that memory will not suffice.")]
AllowCode = Annotated[
    bool, typer.Option("--allow-code", help="Import the custom code that the recipe names; read it first.")
]
AllowNetwork = Annotated[
    bool,
    typer.Option("--allow-network", help="Fetch files that the recipe names by an address, and weights."),
]
KillAt = Annotated[int | None, typer.Option(hidden=True, min=0, help="Kill this process at a step (selftest).")]
Warned = Annotated[
    bool, typer.Option("--warned", hidden=True, help="The parent process has already shown the recipe's warnings.")
]
Repeat = Annotated[str | None, typer.Option(hidden=True, help="The run's place in the parent process' repeat.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print only warnings and failures.")]
ColorOption = Annotated[Color, typer.Option(help="When to use colours; `auto` respects NO_COLOR.")]
