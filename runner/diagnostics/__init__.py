"""Diagnostics: what is wrong with a recipe, where, and how it is printed.

Only the types are imported immediately. Everything else is imported on first use, since a valid recipe never needs
it.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from runner.diagnostics.model import Diagnostic, Format, Severity, Span

if TYPE_CHECKING:
    from runner.diagnostics.codes import Page, explain, registry
    from runner.diagnostics.rendering import render
    from runner.diagnostics.spelling import suggest, sure

__all__ = ["Diagnostic", "Format", "Page", "Severity", "Span", "explain", "registry", "render", "suggest", "sure"]

_HOMES = {
    "Page": "codes",
    "explain": "codes",
    "registry": "codes",
    "render": "rendering",
    "suggest": "spelling",
    "sure": "spelling",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
