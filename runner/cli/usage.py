"""Command-line mistakes, reported in the same form as errors in a recipe."""

import re
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import typer

from runner.cli.error_output import say
from runner.cli.verb_table import VERBS

# click's error classes, wherever this version of typer keeps them
_errors = import_module(typer.BadParameter.__module__)
UsageError: type[Exception] = _errors.UsageError

_OTHERS = {"out": "--run-dir", "output": "--run-dir", "output-dir": "--run-dir", "logdir": "--run-dir",
           "save-dir": "--run-dir", "verbose": "--progress", "silent": "--quiet", "override": "--set",
           "v": "--progress", "o": "--run-dir",
           "config": "FILE", "recipe": "FILE", "gpu": "hardware.device=gpu", "cpu": "hardware.device=cpu"}  # fmt: skip
"""Options of other programs and their names here."""
_DRY = ("dry-run", "dryrun", "check", "summary")
"""Options of other programs for what a verb of its own does here."""
_SHORT = {"bs": "batch_size", "wd": "weight_decay"}
"""Abbreviations of keys that are too short to be recognized by their letters."""
_FEW_VERBS = 3
_RATES = ("learning_rate", "max_lr", "initial_lr")
_RULES = (
    (r"Input should be a valid integer.*", "a whole number"),
    (r"Input should be a valid number.*", "a number"),
    (r"Input should be greater than or equal to (\S+)", r"at least \1"),
    (r"Input should be greater than (\S+)", r"above \1"),
    (r"Input should be less than or equal to (\S+)", r"at most \1"),
    (r"Input should be less than (\S+)", r"below \1"),
    (r"(?:Value error, )?'.*' is not one of (.*?)\.?", r"one of \1"),
)
"""Pydantic's messages about a value, and what the value must be."""


def report(error: Exception, arguments: Sequence[str]) -> int:
    """Print on stderr what is wrong with the arguments and how to write them; return the exit code.

    Args:
        error: the usage error.
        arguments: the program's arguments.
    """
    if type(error).__name__ == "NoArgsIsHelpError":
        error.show()  # type: ignore[attr-defined]
        return 2
    verb = next((word for word in arguments if word in VERBS), "")
    message, help = _message(error, arguments, verb)
    command = f"recipe {verb}".strip()
    say(message, [*help, f"`{command} --help` lists the arguments and options"])
    return 2


def _message(error: Any, arguments: Sequence[str], verb: str) -> tuple[str, list[str]]:
    match error:
        case _errors.NoSuchOption():
            return f"unknown option '{error.option_name}'", _instead(error, arguments, verb)
        case _errors.MissingParameter() if error.param is not None:
            name = _name(error.param)
            known = name.startswith("FILE")
            return f"missing argument {name}", ["a recipe, or a name that `recipe ls` lists"] if known else []
        case _errors.BadParameter() if error.param is not None:
            return _bad_value(error, arguments), []
        case _errors.BadOptionUsage():
            takes = "takes no value" if "does not take" in error.message else "needs a value"
            return f"{error.option_name} {takes}", []
    extra = re.fullmatch(r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)", error.format_message(), re.DOTALL)
    if extra is not None:
        word = extra[1].partition(" ")[0]
        return f"unexpected argument '{extra[1]}'", [f"--target {word}"] if verb == "init" else []
    unknown = re.fullmatch(r"No such command '(.*?)'\..*", error.format_message(), re.DOTALL)
    if unknown is not None:
        return f"no verb '{verb} {unknown[1]}'", _below(error, verb, unknown[1])
    return error.format_message().rstrip(".").replace("Missing command", "missing verb"), []


def _below(error: Any, verb: str, word: str) -> list[str]:
    """What an unknown word after ``recipe data`` means: one of the verbs below it."""
    from runner.diagnostics import suggest

    names = list(error.ctx.command.commands) if error.ctx is not None else []
    near = suggest(word, names)
    verbs = ", ".join(f"{verb} {name}" for name in names)
    return [f"did you mean `recipe {verb} {near}`?" if near else f"verbs: {verbs}"]


def _name(parameter: Any) -> str:
    """An option as written, or an argument as the help names it."""
    if parameter.param_type_name == "option":
        return str(max(parameter.opts, key=len))
    return re.sub(r"\[.*?\]|\.\.\.", "", str(parameter.metavar or parameter.name)).strip()


def _bad_value(error: Any, arguments: Sequence[str]) -> str:
    name, message = _name(error.param), error.message
    received = _value_of(name, arguments)
    for pattern, rule in _RULES:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found:
            got = f"; received {received!r}" if received is not None else ""
            return f"{name} must be {found.expand(rule)}{got}"
    return f"{name}: {message}"


def _value_of(option: str, arguments: Sequence[str]) -> str | None:
    """The value given for an option; None if there is none."""
    for word, after in zip(arguments, [*arguments[1:], ""], strict=True):
        if word.startswith(f"{option}="):
            return word.partition("=")[2]
        if word == option:
            return after if after and not after.startswith("--") else None
    return None


def _instead(error: Any, arguments: Sequence[str], verb: str) -> list[str]:
    """What an unknown option probably meant: another option of the verb, or a key of the recipe."""
    from runner.diagnostics import suggest, sure

    own = [opt for parameter in error.ctx.command.params for opt in (*parameter.opts, *parameter.secondary_opts)]
    own = [opt for opt in own if opt.startswith("--")] + ["--help"]
    word = error.option_name.lstrip("-")
    other = _OTHERS.get(word, "")
    if other in own:
        return [f"did you mean '{other}'?"]
    if word in _DRY:
        return ["`recipe plan FILE` shows what will train, and trains nothing"]
    if other == "FILE":
        return ["the recipe is an argument: give its name without an option"]
    near = sure(word, [opt.lstrip("-") for opt in own]) if len(word) > 1 else None
    if "=" in other and "--set" in own:
        return [_as_set(other)]
    key = _key_of(word, arguments) if "--set" in own and len(word) > 1 else None
    if key is not None and (near is None or key.rpartition(".")[2] == word.replace("-", "_")):
        value = _value_of(error.option_name, arguments) or "VALUE"
        return [_as_set(f"{key}={value}")]
    close = f"--{near}" if near else suggest(word, error.possibilities or ())
    others = [] if close else _verbs_with(error.option_name)
    if others:
        return [f"it is an option of {' and '.join(f'`recipe {verb}`' for verb in others)}"]
    return [f"did you mean '{close}'?"] if close else []


def _verbs_with(option: str) -> list[str]:
    """The verbs that have an option; none if it belongs to many, which says little."""
    group = typer.main.get_command(import_module("runner.cli.registry").app)
    commands = {verb: group.get_command(None, verb) for verb in VERBS}  # type: ignore[attr-defined]
    found = [verb for verb, command in commands.items() if any(option in param.opts for param in command.params)]
    return found if len(found) <= _FEW_VERBS else []


def _as_set(setting: str) -> str:
    import shlex

    return f"it is a key of the recipe: write --set {shlex.quote(setting)}"


def _key_of(word: str, arguments: Sequence[str]) -> str | None:
    """The key of the language with the option's name."""
    from runner.cli.set_keys import keys
    from runner.diagnostics import sure

    by_name: dict[str, str] = {}
    for path in sorted(keys(), key=lambda path: (path.count("."), path.startswith("data."))):
        by_name.setdefault(path.rpartition(".")[2], path)
    plain = _SHORT.get(word, word.replace("-", "_"))
    if plain == "lr" or (plain in _RATES and plain in by_name):
        return _rate(arguments)
    found = plain if plain in by_name else sure(plain, by_name)
    return by_name[found] if found else None


def _rate(arguments: Sequence[str]) -> str | None:
    """The key of the learning rate in the recipe on the command line; None if it has no single one."""
    from runner.cli.common import find_recipe
    from runner.source.load import load

    files = [path for word in arguments[1:] if (path := find_recipe(word)) is not None]
    recipe = load(files[0]).recipe if files else None
    if recipe is None:
        return "schedule.max_lr"
    if recipe.schedule is None:
        return "optimizer.learning_rate"
    base = getattr(recipe.schedule, "base", None)
    place, fields = ("schedule", recipe.schedule) if base is None else ("schedule.base", base)
    return next((f"{place}.{name}" for name in _RATES if name in type(fields).model_fields), None)
