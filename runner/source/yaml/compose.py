"""Full YAML to nodes, with ruamel's pure Python scanner and parser; rejects what the language does not allow."""

import re
from dataclasses import replace
from typing import Any

from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from runner.diagnostics import Diagnostic
from runner.diagnostics.visible import quoted
from runner.source.yaml.nodes import Entry, MappingNode, Node, Scalar, Sequence
from runner.source.yaml.parser_events import Directive, EventStream
from runner.source.yaml.positions import Refused, SourceText
from runner.source.yaml.read import MAX_DEPTH, MAX_NODES, Budget
from runner.source.yaml.scalars import check_escapes, join_surrogates, resolve

_COLON = re.compile(r"\s*:")
_LONGEST_MARK = 80
_BEFORE_COMMA = re.compile(r"(-?[0-9]+),$")
_DECIMAL = re.compile(r"-?[0-9]+\.[0-9]+")
"""Maximum number of characters shown of a tag, an anchor or an alias."""


class _Composer:
    """Builds the tree of one document and collects errors on the way."""

    def __init__(self, source: SourceText, offset: int, budget: Budget) -> None:
        self.problems: list[Diagnostic] = []
        self._source = source
        self._offset = offset
        self._budget = budget
        self._events = EventStream(source.text[offset:])

    def document(self) -> Node | None:
        self._next()
        event = self._next()
        if not isinstance(event, DocumentStartEvent):
            return None
        root = self._node(self._next(), 0)
        self._next()  # the end of this document
        following = self._next()
        if isinstance(following, DocumentStartEvent):
            raise Refused(self._error("R006", "a file contains one recipe; a second document starts here", following))
        return root

    def _next(self) -> Any:
        try:
            return self._events.get_event()
        except Directive:
            start = self._offset + self._events.index
            end = start + len(self._source.line(self._source.line_of(start)))
            message = "directives such as %YAML and %TAG are not part of the recipe language"
            raise Refused(self._source.diagnostic("R005", message, start, end)) from None
        except YAMLError as error:
            from runner.source.yaml.syntax import explain_syntax

            raise Refused(explain_syntax(self._source, self._offset, error)) from None
        except Exception as error:
            # The scanner crashes on some broken texts (chr() of a huge escape, an index past the end). Whatever
            # happened, the text is not YAML; the scanner's position is the best place to report.
            at = self._offset + self._events.index
            raise Refused(self._source.diagnostic("R004", f"not valid YAML: {error}", at, at + 1)) from None

    def _node(self, event: Any, depth: int) -> Node:
        self._count(event, depth)
        if isinstance(event, AliasEvent):
            self._forbid("aliases such as '*name' are", event, "write the value out, or share it through extends")
            return Scalar(self._source, *self._range(event), None, broken=True)
        if event.anchor is not None:
            self._forbid("anchors such as '&name' are", event, "delete it; recipes share values through extends")
        if event.tag is not None:
            self._forbid("tags such as '!name' are", event, "delete the tag; a value's type follows from its key")
        match event:
            case ScalarEvent():
                return self._scalar(event)
            case SequenceStartEvent():
                return self._sequence(event, depth)
            case _:
                return self._mapping(event, depth)

    def _count(self, event: Any, depth: int) -> None:
        self._budget.nodes -= 1
        if self._budget.nodes < 0:
            message = f"a recipe and the files it extends may have at most {MAX_NODES:,} keys and values"
            raise Refused(self._error("R002", message, event))
        if depth > MAX_DEPTH:
            raise Refused(self._error("R002", f"lists and mappings may nest at most {MAX_DEPTH} deep", event))

    def _scalar(self, event: ScalarEvent) -> Scalar:
        start, end = self._range(event)
        style = event.style or ""
        try:
            text = event.value if event.value.isascii() else join_surrogates(event.value)
            value = text if style else resolve(text)
            if style and not text.isprintable():
                check_escapes(text)
        except ValueError as error:
            self.problems.append(self._source.diagnostic("R009", str(error), start, end))
            return Scalar(self._source, start, end, None, style, broken=True)
        return Scalar(self._source, start, end, value, style)

    def _sequence(self, event: SequenceStartEvent, depth: int) -> Sequence:
        items: list[Node] = []
        following = self._next()
        while not isinstance(following, CollectionEndEvent):
            items.append(self._node(following, depth + 1))
            following = self._next()
        return Sequence(self._source, *self._extent(event, following, items), tuple(items))

    def _mapping(self, event: MappingStartEvent, depth: int) -> MappingNode:
        entries: dict[str, Entry] = {}
        values: list[Node] = []
        following = self._next()
        while not isinstance(following, CollectionEndEvent):
            key = self._node(following, depth + 1)
            value = _beside(key, self._node(self._next(), depth + 1))
            values.append(value)
            self._enter(entries, key, value)
            following = self._next()
        extent, partial = self._extent(event, following, values), len(entries) < len(values)
        return MappingNode(self._source, *extent, entries, bool(event.flow_style), partial)

    def _enter(self, entries: dict[str, Entry], key: Node, value: Node) -> None:
        if not isinstance(key, Scalar) or not isinstance(key.value, str):
            self._refuse_key(entries, key, value)
        elif key.value == "<<" and not key.style:
            if isinstance(value, Scalar) and value.broken:
                self.problems.pop()  # of the alias, which goes with its key
            message = "merge keys ('<<') are not part of the recipe language"
            self._problem("R005", message, key, help="share values between recipes through extends")
        elif key.value in entries:
            line = entries[key.value].key.span.line
            self._problem("R007", f"duplicate key {quoted(key.value)}", key, f"first on line {line}")
        else:
            entries[key.value] = Entry(key, value)

    def _refuse_key(self, entries: dict[str, Entry], key: Node, value: Node) -> None:
        if isinstance(key, Scalar) and key.broken:
            return
        written = self._source.text[key.start : key.end]
        message = "a key must be text, not a list or a mapping"
        help = "put the key in quotes if it is meant as text"
        if isinstance(key, Scalar):
            message = f"the key {quoted(written)} is not text"
            whole = _BEFORE_COMMA.search(self._source.text, max(0, key.start - _LONGEST_MARK), key.start)
            decimal = f"{whole[1]}.{written}" if whole else ""
            if _DECIMAL.fullmatch(decimal):
                help = f"write {decimal} with a point if it is one number; otherwise {help}"
                self._break_last(entries)
            elif written and isinstance(value, Scalar) and value.value is None and value.start == value.end:
                message, help = f"the value {quoted(written)} has no key", f"write its key before it: 'key: {written}'"
        self._problem("R008", message, key, help=help)

    def _break_last(self, entries: dict[str, Entry]) -> None:
        """Say nothing more of the last value: it is the first part of a number."""
        name, last = next(reversed(entries.items()), ("", None))
        if last is not None and isinstance(last.value, Scalar):
            broken = Scalar(self._source, last.value.start, last.value.end, None, broken=True)
            entries[name] = Entry(last.key, broken)

    def _problem(self, code: str, message: str, node: Node, note: str = "", help: str = "") -> None:
        self.problems.append(
            self._source.diagnostic(
                code, message, node.start, node.end, notes=(note,) * bool(note), help=(help,) * bool(help)
            )
        )

    def _forbid(self, what: str, event: Any, help: str) -> None:
        start = self._offset + event.start_mark.index
        word = self._source.text[start : start + _LONGEST_MARK].split(maxsplit=1)[0].rstrip(",]}")
        message = f"{what} not part of the recipe language"
        self.problems.append(self._source.diagnostic("R005", message, start, start + len(word), help=(help,)))

    def _error(self, code: str, message: str, event: Any) -> Diagnostic:
        return self._source.diagnostic(code, message, *self._range(event))

    def _range(self, event: Any) -> tuple[int, int]:
        return self._offset + event.start_mark.index, self._offset + event.end_mark.index

    def _extent(self, start: Any, end: Any, parts: list[Node]) -> tuple[int, int]:
        """The extent of a collection: a block's end event comes after comments, so its last part counts."""
        last = self._offset + end.end_mark.index if start.flow_style or not parts else parts[-1].end
        return self._offset + start.start_mark.index, last


def compose(source: SourceText, budget: Budget, offset: int) -> tuple[Node | None, list[Diagnostic]]:
    """Parse any text; the results are those of :func:`runner.source.yaml.parse.parse`."""
    composer = _Composer(source, offset, budget)
    return composer.document(), composer.problems


def _beside(key: Node, value: Node) -> Node:
    """Place an empty value after the colon; the scanner puts it at the next token."""
    if not isinstance(value, Scalar) or value.start != value.end:
        return value
    colon = _COLON.match(key.source.text, key.end)
    at = colon.end() if colon else key.end
    return replace(value, start=at, end=at)
