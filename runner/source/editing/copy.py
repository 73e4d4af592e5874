"""Adapts a recipe's comments to a copy: the path of its schema, and the command that runs it."""

import os
import re
import shlex
from pathlib import Path

import schemas
from runner.text import printable

_SCHEMA = re.compile(r"(?m)^(#\s*yaml-language-server:\s*\$schema=)\S+")
_RUN = re.compile(r"(?m)^(#[ \t]*Run:[ \t]*recipe run[ \t]+)\S+")


def adapted(text: str, copy: Path) -> str:
    """The text of a gallery recipe, with its comments adapted to a copy.

    Args:
        text: the recipe.
        copy: the path of the copy, as the user named it; its folder must exist.
    """
    text = _SCHEMA.sub(lambda found: found[1] + _schema_from(copy.parent), text)
    return _RUN.sub(lambda found: found[1] + printable(shlex.quote(str(copy))), text)


def _schema_from(folder: Path) -> str:
    """The path of the program's schema, as an editor resolves it from a file in ``folder``.

    Relative within the program's own checkout, so that the checkout can be moved; absolute elsewhere. Editors end the
    path at the first space, so a path with spaces is written as a URL.
    """
    schema = Path(os.path.realpath(schemas.__file__)).with_name("recipe.schema.json")
    place, checkout = Path(os.path.realpath(folder)), schema.parent.parent
    if (checkout / "pyproject.toml").is_file() and place.is_relative_to(checkout):
        return os.path.relpath(schema, place)
    return str(schema) if re.fullmatch(r"[!-~]+", str(schema)) else schema.as_uri()
