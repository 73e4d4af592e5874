"""Help texts of the verbs, without importing them."""

import re
from ast import literal_eval
from inspect import cleandoc
from pkgutil import get_data

_QUOTES = '"""'
_LONGEST = 66
"""Characters of a summary; a list of verbs on 80 columns has room for as many."""


def summary(text: str) -> str:
    """The first sentence of a docstring; where it is long, as far as its first colon, comma, semicolon or bracket."""
    sentence = " ".join(text.partition("\n\n")[0].split()).partition(". ")[0].removesuffix(".")
    return sentence if len(sentence) <= _LONGEST else re.split(r"[:,;]| \(", sentence, maxsplit=1)[0]


def docstring(module: str, function: str) -> str:
    """The docstring of a verb, cut out of its source; empty if there is no such function.

    It is the first text in three quotes behind the function's name. Parsing every verb's source for the list of verbs
    took a quarter of the time of ``recipe --help``.
    """
    source = (get_data("runner.cli.verbs", f"{module}.py") or b"").decode()
    _, _, behind = source.partition(f"\ndef {function}(")
    _, _, text = behind.partition(_QUOTES)
    return cleandoc(literal_eval(f"{_QUOTES}{text.partition(_QUOTES)[0]}{_QUOTES}"))
