"""Every command in README and docs is one that the program takes: the verb, its options and their values exist."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runner.cli import VERBS
from runner.cli.registry import app

REPOSITORY = Path(__file__).parents[2]
PAGES = [REPOSITORY / "README.md", REPOSITORY / "CHANGELOG.md", *sorted((REPOSITORY / "docs").glob("*.md"))]
INLINE = re.compile(r"`(recipe [a-z][^`]*)`")
ENDS = {"|", "<", ">", ">>", "&&", ";", "2>"}
"""Of a command in a shell."""
PLACE = re.compile(r"[A-Z][A-Z_]*…?|.*[…|].*")
"""What stands for a value, or for one of several."""


def commands(page: Path) -> Iterator[str]:
    """Commands of a page: lines of its blocks, and code within its text."""
    block = False
    for line in page.read_text(encoding="utf-8").splitlines():
        if line.lstrip().startswith("```"):
            block = not block
        elif block:
            line_of_block = re.match(r"\s*(?:\$ |.*\| )?(?:[A-Z_]+=\S+ )*(recipe [a-z].*)", line)
            if line_of_block:
                yield line_of_block[1]
        else:
            for found in INLINE.findall(line):  # a sentence may name an option without a value
                yield f"{found} VALUE" if _lacks_value(found) else found


def _lacks_value(command: str) -> bool:
    return "requires an argument" in (misfit(command) or "")


def words(command: str) -> list[str]:
    """Its words after ``recipe``, without brackets of what may be left out, as far as the command goes."""
    found = shlex.split(command.replace("\\|", "|"), comments=True)[1:]
    end = next((k for k, word in enumerate(found) if word in ENDS), len(found))
    return [word.strip("[]") for word in found[:end] if word not in ("…", "...")]


def misfit(command: str) -> str | None:
    """What the program does not take of a command."""
    import typer

    verb, *rest = words(command)
    if verb not in VERBS:
        return f"no verb {verb}"
    root: Any = typer.main.get_command(app)
    context = root.make_context("recipe", ["ls"])
    found = root.get_command(context, verb)
    while hasattr(found, "commands") and rest and rest[0] in found.commands:
        found = found.commands[rest.pop(0)]
    try:
        return _unparsed(found, type(context)(found), rest)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def _unparsed(found: Any, context: Any, rest: list[str]) -> str | None:
    given, over, _ = found.make_parser(context).parse_args(rest)
    parameters = {parameter.name: parameter for parameter in found.params}
    for name, value in given.items():
        each = value if isinstance(value, list | tuple) else [value]
        if value is not None and not any(isinstance(word, str) and PLACE.fullmatch(word) for word in each):
            parameters[name].process_value(context, value)
    return f"too many arguments: {over}" if over else None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_is_one_of_the_program(page: Path) -> None:
    wrong = [(command, why) for command in commands(page) if (why := misfit(command)) is not None]
    assert not wrong


@pytest.mark.parametrize("command", ["rnu x.yaml", "run x --epochs 3", "export RUN --to pdf", "schema one two three"])
def test_what_the_program_does_not_take_is_found(command: str) -> None:
    assert misfit(f"recipe {command}") is not None
