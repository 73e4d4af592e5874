"""The program ``recipe``: one file a verb, no logic beyond arguments and printing."""

from typing import Annotated

import typer

from runner.cli import gallery, history, lr_find, plan, run, schema, validate

app = typer.Typer(
    name="recipe",
    help="Train Keras models from recipes. What `recipe plan` prints is what trains.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.command("run")(run.command)
app.command("validate")(validate.command)
app.command("plan")(plan.command)
app.command("lr-find")(lr_find.command)
app.command("history")(history.command)
app.command("ls")(gallery.ls)
app.command("show")(gallery.show)
app.command("cp")(gallery.cp)
app.command("schema")(schema.schema)
app.command("explain")(schema.explain)


def _version(wanted: bool) -> None:
    if not wanted:
        return
    from runner.record.environment import package_versions

    versions = package_versions()
    print(f"recipe {versions['recipe-runner']}")
    for name in ("tensorflow", "keras", "tensorflow-datasets"):
        print(f"{name} {versions[name] or 'not installed'}")
    raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Versions, also of TensorFlow and Keras."),
    ] = False,
) -> None:
    pass


def main() -> None:
    """Entry point of the command."""
    app()
