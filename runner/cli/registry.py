"""The verbs on the command line; a verb's module is imported only when the verb is used."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup

from runner.cli.help_format import HelpContext, fitting
from runner.cli.verb_table import VERBS
from runner.interrupts import importing

HELP = {"help_option_names": ["-h", "--help"]}
_ELSEWHERE = ("train", "list", "copy", "check", "format")
"""Verbs of other programs, for which suggestions are made."""
_OPTIONS = {"help": "--help", "version": "--version", "completion": "--install-completion"}
"""Verbs of other programs that are options here."""
_COMPLETION = ("--install-completion", "--show-completion", "--help", "-h")
_SHELLS = ("bash", "zsh", "fish", "powershell", "pwsh")


class _Summaries(TyperGroup):
    """Verbs with their help text only, so that listing them imports none of their modules."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        from runner.cli.docstrings import docstring, summary

        if cmd_name in VERBS:
            text = docstring(*VERBS[cmd_name].split(":"))
            return TyperCommand(cmd_name, help=text, short_help=summary(text))
        return None


class _Verbs(TyperGroup):
    context_class = HelpContext

    def list_commands(self, ctx: Any) -> list[str]:
        return list(VERBS)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        _Summaries().format_commands(ctx, formatter)

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        summaries: Any = _Summaries(name=self.name, params=list(self.params))
        ctx.command = summaries  # otherwise completion would import every verb it offers
        return list(summaries.shell_complete(ctx, incomplete))

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        place = VERBS.get(cmd_name)
        if place is None:
            return None
        module, _, function = place.partition(":")
        verb = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
        with importing():
            found = import_module(f"runner.cli.verbs.{module}")
            if hasattr(found, "GROUP"):  # verbs of its own below this one
                return fitting(typer.main.get_command(found.GROUP))
            verb.command(cmd_name, context_settings=HELP)(getattr(found, function))
            return fitting(typer.main.get_command(verb))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            if ctx.resilient_parsing:  # completion: the word is not complete yet
                return None, None, args
            _unknown_verb(args[0])
        return super().resolve_command(ctx, args)


def _unknown_verb(word: str) -> NoReturn:
    from runner.cli.common import fail, find_recipe
    from runner.diagnostics import suggest, sure
    from runner.diagnostics.names import one_slip

    if find_recipe(word) is not None:
        fail(f"no verb {word!r}", [f"`recipe run {word}` trains it"])
    if word in _OPTIONS:
        fail(f"no verb {word!r}", [f"write `recipe {_OPTIONS[word]}`"])
    near = sure(word, VERBS) or suggest(sure(word, _ELSEWHERE) or word, VERBS)
    near = near or next((verb for verb in VERBS if len(word) > 2 and one_slip(word, verb)), None)
    fail(f"no verb {word!r}", [f"did you mean `recipe {near}`?" if near else f"verbs: {', '.join(VERBS)}"])


def _wants_completion(arguments: Sequence[str]) -> bool:
    """Whether typer's completion is needed; it adds 10 % to the start-up of every verb."""
    if arguments[:1] and arguments[0] in _COMPLETION and arguments[1:2] and arguments[1] in _SHELLS:
        # typer accepts a shell's name only if shell detection is disabled
        os.environ["_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION"] = "1"
    if os.environ.get("_RECIPE_COMPLETE") == "complete_bash":
        from runner.cli.bash_words import rejoin

        rejoin(os.environ)
    return "_RECIPE_COMPLETE" in os.environ or (bool(arguments) and arguments[0] in _COMPLETION)


app = typer.Typer(
    name="recipe",
    cls=_Verbs,
    help="Train Keras models from recipes. What `recipe plan` prints is what trains.",
    no_args_is_help=True,
    add_completion=_wants_completion(sys.argv[1:]),
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings=HELP,
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
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Print the versions of recipe, TensorFlow and Keras."
        ),
    ] = False,
) -> None:
    pass
