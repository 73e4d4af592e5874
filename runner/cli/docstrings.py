"""Help texts of the verbs, without importing them."""

import ast
import re
from pkgutil import get_data

_LONGEST = 66
"""Characters of a summary; a list of verbs on 80 columns has room for as many."""


def summary(text: str) -> str:
    """The first sentence of a docstring; where it is long, as far as its first colon, comma, semicolon or bracket."""
    sentence = " ".join(text.partition("\n\n")[0].split()).partition(". ")[0].removesuffix(".")
    return sentence if len(sentence) <= _LONGEST else re.split(r"[:,;]| \(", sentence, maxsplit=1)[0]


def docstring(module: str, function: str) -> str:
    """The docstring of a verb, parsed from its source; empty if there is none."""
    for node in ast.parse(get_data("runner.cli.verbs", f"{module}.py") or b"").body:
        if isinstance(node, ast.FunctionDef) and node.name == function:
            return ast.get_docstring(node) or ""
    return ""
