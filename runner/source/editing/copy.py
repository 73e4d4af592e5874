"""A recipe's comments made true for a copy: where its schema lies, and by what command it is run."""

import os
import re
import shlex
from pathlib import Path

import schemas
from runner.text import printable

_SCHEMA = re.compile(r"(?m)^(#\s*yaml-language-server:\s*\$schema=)\S+")
_RUN = re.compile(r"(?m)^(#[ \t]*Run:[ \t]*recipe run[ \t]+)\S+")


def adapted(text: str, copy: Path) -> str:
    """The text of a recipe of the gallery with the comments of its copy.

    Args:
        text: the recipe.
        copy: where it is going to lie, as the person named it; its folder is there.
    """
    text = _SCHEMA.sub(lambda found: found[1] + _schema_from(copy.parent), text)
    return _RUN.sub(lambda found: found[1] + printable(shlex.quote(str(copy))), text)


def _schema_from(folder: Path) -> str:
    """The schema that came with the program, as an editor finds it from a file in ``folder``.

    Relative within the program's own checkout, so that the checkout can be moved; the whole path from elsewhere. An
    editor ends the name at the first space, so that one with spaces is written as an address.
    """
    schema = Path(os.path.realpath(schemas.__file__)).with_name("recipe.schema.json")
    place, checkout = Path(os.path.realpath(folder)), schema.parent.parent
    if (checkout / "pyproject.toml").is_file() and place.is_relative_to(checkout):
        return os.path.relpath(schema, place)
    return str(schema) if re.fullmatch(r"[!-~]+", str(schema)) else schema.as_uri()
