"""Help texts of the verbs, without importing them."""

import ast
from pkgutil import get_data


def docstring(module: str, function: str) -> str:
    """The docstring of a verb, parsed from its source; empty if there is none."""
    for node in ast.parse(get_data("runner.cli.verbs", f"{module}.py") or b"").body:
        if isinstance(node, ast.FunctionDef) and node.name == function:
            return ast.get_docstring(node) or ""
    return ""
