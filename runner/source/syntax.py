"""The scanner's complaints in sentences that help."""

from ruamel.yaml.error import MarkedYAMLError, YAMLError

from runner.diagnostics import Diagnostic
from runner.source.text import SourceText

# What the scanner says, whether the place where the construct began is the better one to show, what is said
# instead, and the way out. The first that fits is taken.
_KNOWN: tuple[tuple[str, bool, str, str], ...] = (
    ("'\\t' that cannot start", False, "a tab stands where spaces belong", "indent by spaces"),
    ("undefined tag handle", False, "tags such as '!name' are not part of the recipe language", "delete the tag"),
    (
        "mapping values are not allowed",
        False,
        "this ':' has no key of its own line before it",
        "write one 'key: value' a line; text that holds ': ' goes in quotes",
    ),
    ("could not find expected ':'", True, "this line is not of the form 'key: value'", "write 'key: value'"),
    ("expected <block end>", False, "this line does not fit the indentation above it", "align it with its neighbours"),
    ("expected ',' or ']'", True, "the '[' is not closed, or a ',' is missing after it", "close it with ']'"),
    ("expected ',' or '}'", True, "the '{' is not closed, or a ',' is missing after it", "close it with '}'"),
    ("while scanning a quoted scalar", True, "the quote is not closed", "close the quote, or double a quote inside it"),
    ("unknown escape character", False, "this escape is unknown inside double quotes", "write '\\\\' for a backslash"),
    ("cannot start any token", False, "text cannot begin with this character", "put the text in quotes"),
    ("indentation indicators", False, "'>' and '|' begin a block of text", "put the text in quotes"),
)


def explain_syntax(source: SourceText, offset: int, error: YAMLError) -> Diagnostic:
    """The diagnostic for what the scanner or parser raised on ``source.text[offset:]``."""
    if not isinstance(error, MarkedYAMLError):
        return source.diagnostic("R004", "not valid YAML", offset, offset + 1)
    said = f"{error.context or ''}: {error.problem or ''}"
    for pattern, at_context, sentence, way_out in _KNOWN:
        if pattern in said:
            at = _place(source, offset, error, at_context)
            code = "R005" if "tag handle" in pattern else "R004"
            return source.diagnostic(code, sentence, at, at + 1, help=(way_out,))
    at = _place(source, offset, error, False)
    return source.diagnostic("R004", f"not valid YAML: {error.problem or error.context}", at, at + 1)


def _place(source: SourceText, offset: int, error: MarkedYAMLError, at_context: bool) -> int:
    preferred = error.context_mark if at_context else error.problem_mark
    mark = preferred or error.problem_mark or error.context_mark
    return min(offset + mark.index, len(source.text)) if mark else offset
