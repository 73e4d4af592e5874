"""Turns the scanner's errors into helpful sentences."""

import re

from ruamel.yaml.error import MarkedYAMLError, YAMLError

from runner.diagnostics import Diagnostic
from runner.diagnostics.visible import quoted
from runner.source.yaml.positions import SourceText

# The scanner's message, whether the start of the construct is the better place to show, the message to use instead,
# and the help. The first match is used.
_KNOWN: tuple[tuple[str, bool, str, str], ...] = (
    ("'\\t' that cannot start", False, "a tab is used as indentation", "indent with spaces"),
    ("undefined tag handle", False, "tags such as '!name' are not part of the recipe language", "delete the tag"),
    (
        "mapping values are not allowed",
        False,
        "this ':' has no key before it on its line",
        "write one 'key: value' per line; put text that contains ': ' in quotes",
    ),
    ("could not find expected ':'", True, "this line is not of the form 'key: value'", "write 'key: value'"),
    ("expected <block end>", False, "this line does not fit the indentation above it", "align it with its neighbours"),
    ("expected ',' or ']'", True, "the '[' is not closed, or a ',' is missing after it", "close it with ']'"),
    ("expected ',' or '}'", True, "the '{' is not closed, or a ',' is missing after it", "close it with '}'"),
    ("while scanning a quoted scalar", True, "the quote is not closed", "close the quote, or double a quote inside it"),
    ("unknown escape character", False, "this escape is unknown inside double quotes", "write '\\\\' for a backslash"),
    ("cannot start any token", False, "text cannot start with this character", "put the text in quotes"),
    ("indentation indicators", False, "'>' and '|' start a block of text", "put the text in quotes"),
    (
        "expected '<document start>'",
        False,
        "this line does not continue the text above it",
        "write one 'key: value' per line, from the first line on",
    ),
    ("expected the node content", False, "a value is missing before this character", "write the value, or delete it"),
)
# What other languages write, where YAML cannot be read: the pattern of the line, the message and the help.
_FOREIGN = (
    (re.compile(r"\s*(?P<at>//)"), "this is no comment", "a comment begins with '#'"),
    (
        re.compile(r".*?(?P<at>\$\{)"),
        "variables are not replaced in a recipe",
        "write the value; `--set KEY=VALUE` gives another",
    ),
    (
        re.compile(r".*?(?P<at>\{\{|\{%)"),
        "templates are not replaced in a recipe",
        "write the value; `--set KEY=VALUE` gives another",
    ),
)
_PAIR = re.compile(r"(?P<margin> *)(?P<key>[A-Za-z_]\w*)(?: +| *= *)(?P<value>[^\s:=][^:]*)$")


_INDENTATION = ("mapping values are not allowed", "expected <block end>")
"""The scanner's messages for a line that is indented too far, among other errors."""
_DASH = re.compile(r" *(?P<dash>-)[^\s\-0-9.]")
_LINE = re.compile(r"(?P<margin> *(?:- +)*)(?P<word>[^\s:#][^:#]{0,80}?)?(?::(?: +(?P<value>[^#\s])?.*)?)?$")


def explain_syntax(source: SourceText, offset: int, error: YAMLError) -> Diagnostic:
    """The diagnostic for an error that the scanner or parser raised on ``source.text[offset:]``."""
    if not isinstance(error, MarkedYAMLError):
        return source.diagnostic("R004", "not valid YAML", offset, offset + 1)
    problem = f"{error.context or ''}: {error.problem or ''}"
    for at_context in (False, True):
        if foreign := _foreign(source, source.line_of(_place(source, offset, error, at_context))):
            return foreign
    if any(pattern in problem for pattern in _INDENTATION) and (found := _too_far(source, offset, error)):
        return found
    if "mapping values are not allowed" in problem:
        number = source.line_of(_place(source, offset, error, False))
        if found := _dash_without_space(source, number) or _without_colon(source, number):
            return found
    for pattern, at_context, sentence, way_out in _KNOWN:
        if pattern in problem:
            at = _place(source, offset, error, at_context)
            code = "R005" if "tag handle" in pattern else "R004"
            return source.diagnostic(code, sentence, at, at + 1, help=(way_out,))
    at = _place(source, offset, error, False)
    return source.diagnostic("R004", f"not valid YAML: {error.problem or error.context}", at, at + 1)


def _place(source: SourceText, offset: int, error: MarkedYAMLError, at_context: bool) -> int:
    preferred = error.context_mark if at_context else error.problem_mark
    mark = preferred or error.problem_mark or error.context_mark
    return min(offset + mark.index, len(source.text)) if mark else offset


def _foreign(source: SourceText, number: int) -> Diagnostic | None:
    """The error for a line that has what only other languages know."""
    for pattern, sentence, help in _FOREIGN:
        if match := pattern.match(source.line(number)):
            start, end = (source.offset_of(number) + place for place in match.span("at"))
            return source.diagnostic("R004", sentence, start, end, help=(help,))
    return None


def _without_colon(source: SourceText, number: int) -> Diagnostic | None:
    """The error for a key without a colon, ``epochs 3``, which YAML only notices at the colon of the next line."""
    above, below = _PAIR.match(source.line(number - 1)) if number > 1 else None, _LINE.match(source.line(number))
    if not above or not below or above["margin"] != below["margin"]:
        return None
    start = source.offset_of(number - 1) + above.start("key")
    help = f"write '{above['key']}: {above['value'].strip()}'"
    return source.diagnostic("R004", "a key without a ':'", start, start + len(above["key"]), help=(help,))


def _dash_without_space(source: SourceText, number: int) -> Diagnostic | None:
    """The error for an item of a list such as ``-{kind: dense}``, which YAML reads as text."""
    item = _DASH.match(source.line(number))
    if not item:
        return None
    at = source.offset_of(number) + item.start("dash")
    return source.diagnostic(
        "R004", "a '-' without a space after it begins no item", at, at + 1, help=("write '- ' and then the item",)
    )


def _too_far(source: SourceText, offset: int, error: MarkedYAMLError) -> Diagnostic | None:
    """The error for a line that is indented further than the one above, whose value is already complete."""
    number = source.line_of(_place(source, offset, error, False))
    above = next((k for k in range(number - 1, 0, -1) if source.line(k).partition("#")[0].strip()), 0)
    wrong, right = _LINE.match(source.line(number)), _LINE.match(source.line(above)) if above else None
    if not wrong or not right or not wrong["word"] or not right["value"]:
        return None
    item = "-" in wrong["margin"] and "-" in right["margin"]
    column, wanted = (match["margin"].index("-") if item else len(match["margin"]) for match in (wrong, right))
    if column <= wanted:
        return None
    start = source.offset_of(number) + column
    what, beside = ("this item", "the one") if item else (f"the key {quoted(wrong['word'])}", quoted(right["word"]))
    spaces = f"{column - wanted} space{'s' * (column - wanted > 1)}"
    help = f"align it with {beside} on line {above}: remove {spaces}"
    length = 1 if item else len(wrong["word"])
    return source.diagnostic("R004", f"{what} is indented too far", start, start + length, help=(help,))
