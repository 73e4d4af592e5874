"""Options that several verbs share, each written once."""

from pathlib import Path
from typing import Annotated, Literal

import typer

Progress = Literal["auto", "live", "plain", "none"]
Color = Literal["auto", "always", "never"]

File = Annotated[
    Path, typer.Argument(metavar="FILE", help="A recipe, or the name of one of the gallery.", show_default=False)
]
Run = Annotated[str, typer.Argument(metavar="RUN", help="A run directory, the name of a run, or 'latest'.")]
Sets = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Set a key, such as training.epochs=3; VALUE is YAML."),
]
Root = Annotated[Path | None, typer.Option(help="Folder that `extends` may not leave (default: the recipe's).")]
DataDir = Annotated[
    Path | None, typer.Option(help="tensorflow-datasets directory (default: TFDS_DATA_DIR).", show_default=False)
]
NoFallback = Annotated[bool, typer.Option("--no-fallback", help="Make data that cannot be had an error.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout at the end.")]
ProgressOption = Annotated[Progress, typer.Option(help="How progress is shown on stderr.")]
Force = Annotated[
    bool, typer.Option("--force", help="Try what is estimated to need more memory than this machine has.")
]
AllowCode = Annotated[
    bool, typer.Option("--allow-code", help="Import the own Python that a recipe names; read it first.")
]
KillAt = Annotated[int | None, typer.Option(hidden=True, min=0, help="Kill this process at a step (selftest).")]
Warned = Annotated[
    bool, typer.Option("--warned", hidden=True, help="The recipe's warnings were told by whoever started this process.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Warnings and failures only.")]
ColorOption = Annotated[Color, typer.Option(help="Colours; `auto` heeds NO_COLOR.")]
