"""The program ``recipe``: one file a verb, no logic beyond arguments and printing.

A verb's module is imported when the verb is used: ``recipe validate`` pays neither for plans nor for pictures.
"""

import gc
import sys
from importlib import import_module
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup

from runner.cli.plugins import disable_plugins

disable_plugins()

VERBS = {
    "run": "run:command",
    "resume": "resume:command",
    "launch": "launch:command",
    "validate": "validate:command",
    "plan": "plan:command",
    "lr-find": "lr_find:command",
    "why": "why:command",
    "fmt": "fmt:command",
    "history": "history:command",
    "selftest": "selftest:command",
    "doctor": "doctor:command",
    "ls": "gallery:ls",
    "show": "gallery:show",
    "cp": "gallery:cp",
    "schema": "schema:schema",
    "explain": "schema:explain",
}
"""Every verb, and the module and function that do it."""


class _Summaries(TyperGroup):
    """Verbs with their help alone: to list them, nothing of what they do is imported."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        from runner.cli.docstrings import docstring

        return TyperCommand(cmd_name, help=docstring(*VERBS[cmd_name].split(":")))


class _Verbs(TyperGroup):
    def list_commands(self, ctx: Any) -> list[str]:
        return list(VERBS)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        _Summaries().format_commands(ctx, formatter)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        place = VERBS.get(cmd_name)
        if place is None:
            return None
        module, _, function = place.partition(":")
        verb = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
        verb.command(cmd_name)(getattr(import_module(f"runner.cli.{module}"), function))
        return typer.main.get_command(verb)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            _unknown_verb(args[0])
        return super().resolve_command(ctx, args)


def _unknown_verb(word: str) -> NoReturn:
    from runner.cli.common import fail
    from runner.diagnostics import suggest

    near = suggest(word, VERBS)
    fail(f"no verb {word!r}", [f"did you mean `recipe {near}`?" if near else f"verbs: {', '.join(VERBS)}"])


app = typer.Typer(
    name="recipe",
    cls=_Verbs,
    help="Train Keras models from recipes. What `recipe plan` prints is what trains.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


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
    gc.freeze()  # what is imported by now lives to the end
    try:
        app()
    finally:
        if "tensorflow" not in sys.modules:
            gc.freeze()  # nor is the rest worth searching for cycles: the process ends, and takes everything with it
