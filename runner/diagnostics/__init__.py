"""What is wrong with a recipe, where, and how it is told."""

from runner.diagnostics.codes import Page, explain, registry
from runner.diagnostics.model import Diagnostic, Severity, Span
from runner.diagnostics.render import Format, render
from runner.diagnostics.spelling import suggest

__all__ = ["Diagnostic", "Format", "Page", "Severity", "Span", "explain", "registry", "render", "suggest"]
