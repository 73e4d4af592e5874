"""Edits of a recipe's text that keep everything else: comments, order, layout, line endings."""

from collections.abc import Iterable

from runner.diagnostics import Diagnostic, Span
from runner.source.editing.emit import scalar
from runner.source.yaml.nodes import MappingNode, Node, steps
from runner.source.yaml.nodes import Path as KeyPath
from runner.source.yaml.parse import parse
from runner.source.yaml.positions import BOM, SourceText
from runner.source.yaml.read import Budget

Change = tuple[int, int, str]
"""Start, end and new text."""


def apply_fixes(text: str, file: str, diagnostics: Iterable[Diagnostic]) -> tuple[str, int]:
    """Apply the fixes of the diagnostics about one file.

    Returns:
        The new text and the number of fixes made; of two overlapping fixes only the first is made.
    """
    fixes = fixes_of(file, diagnostics)
    return _replaced(text, fixes), len(fixes)


def fixes_of(file: str, diagnostics: Iterable[Diagnostic]) -> list[tuple[Span, str]]:
    """The spans and replacements of :func:`apply_fixes`."""
    fixes: list[tuple[Span, str]] = []
    for diagnostic in diagnostics:
        span = diagnostic.span
        if diagnostic.fix is not None and span is not None and span.file == file and not _overlaps(span, fixes):
            fixes.append((span, diagnostic.fix))
    return fixes


def _overlaps(span: Span, fixes: list[tuple[Span, str]]) -> bool:
    return any(
        span.line == other.line and span.column < other.end_column and other.column < span.end_column
        for other, _ in fixes
    )


def _replaced(text: str, changes: list[tuple[Span, str]]) -> str:
    bom = BOM if text.startswith(BOM) else ""
    source = SourceText("", text.removeprefix(BOM))
    return bom + spliced(source.text, [(*source.offsets(span), new) for span, new in changes])


def spliced(text: str, changes: Iterable[Change]) -> str:
    """The text with all changes made; they must not overlap."""
    pieces: list[str] = []
    at = 0
    for start, end, new in sorted(changes):
        pieces += [text[at:start], new]
        at = end
    return "".join([*pieces, text[at:]])


def set_value(text: str, path: KeyPath, value: str | float | bool | None) -> str:
    """The text with a scalar at ``path``, changed in place or added as a new key of its mapping.

    Args:
        text: The text of a recipe file.
        path: Keys and indices; all but the last must exist.
        value: The value to write.

    Raises:
        KeyError: the mapping that the key belongs to does not exist.
        Refused: the text is not YAML.
    """
    bom = BOM if text.startswith(BOM) else ""
    source = SourceText("", text.removeprefix(BOM))
    root, _ = parse(source, Budget())
    found = [node for _, node in steps(root, path)] if root is not None else []
    if len(found) == len(path) + 1:
        start, end, new = _replacement(found[-1], scalar(value))
    elif len(found) == len(path) and isinstance(found[-1], MappingNode):
        start, end, new = _insertion(found[-1], f"{path[-1]}: {scalar(value)}")
    else:
        raise KeyError(".".join(map(str, path)))
    return bom + source.text[:start] + new + source.text[end:]


def _replacement(node: Node, value: str) -> Change:
    if node.start == node.end:  # "key:" with nothing after the colon
        return node.start, node.start, f" {value}"
    return node.start, _end(node), value


def _insertion(mapping: MappingNode, entry: str) -> Change:
    """A new last entry: after the last one in braces, otherwise on its own line with the same indentation."""
    entries = list(mapping.entries.values())
    if mapping.flow:
        at = max(_end(entries[-1].value), entries[-1].key.end) if entries else mapping.start + 1
        return at, at, f", {entry}" if entries else entry
    text = mapping.source.text
    at = max(_end(entries[-1].value), entries[-1].key.end)
    while at < len(text) and text[at] not in "\r\n":  # a comment after the last value stays with it
        at += 1
    newline = "\r\n" if "\r\n" in text else "\n"
    return at, at, f"{newline}{' ' * (entries[0].key.span.column - 1)}{entry}"


def _end(node: Node) -> int:
    """The end of a value, without the line breaks that a block of text ends with."""
    return node.start + len(node.source.text[node.start : node.end].rstrip())
