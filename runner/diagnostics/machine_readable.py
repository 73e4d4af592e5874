"""Machine-readable diagnostics: JSON, and GitHub's workflow commands."""

import json
from collections.abc import Sequence

from runner.diagnostics.model import Diagnostic, Severity, Span


def as_mapping(diagnostic: Diagnostic) -> dict[str, object]:
    """The diagnostic in JSON types; the keys are stable and always present."""
    span = diagnostic.span
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "file": span.file if span else None,
        "line": span.line if span else None,
        "column": span.column if span else None,
        "end_column": span.end_column if span else None,
        "label": diagnostic.label or None,
        "suggestion": diagnostic.fix,
        "help": list(diagnostic.help),
        "notes": list(diagnostic.notes),
    }


def render_json(diagnostics: Sequence[Diagnostic]) -> str:
    """One indented JSON array; ASCII only, so that it cannot control a terminal."""
    return json.dumps([as_mapping(item) for item in diagnostics], indent=2) + "\n"


def render_github(diagnostics: Sequence[Diagnostic]) -> str:
    """One annotation per line; GitHub shows each beside the line of the file."""
    return "".join(f"{_annotation(item)}\n" for item in diagnostics)


def _annotation(diagnostic: Diagnostic) -> str:
    message = ": ".join(filter(None, (diagnostic.message, diagnostic.label)))
    title = f"{diagnostic.severity}[{diagnostic.code}]"
    return annotation(diagnostic.severity, title, "; ".join((message, *diagnostic.help)), diagnostic.span)


def annotation(severity: Severity, title: str, message: str, span: Span | None) -> str:
    """A workflow command of GitHub Actions, without the line feed; one without a file is shown for the whole job."""
    properties: dict[str, str | int] = {}
    if span is not None and not span.is_argument:
        properties = {"file": span.file, "line": span.line, "col": span.column, "endColumn": span.end_column}
    properties["title"] = title
    fields = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{severity} {fields}::{_data(message)}"


def _data(text: str) -> str:
    """Escape characters that would end the command or start another."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
