"""Merges a recipe with the files that it extends into one tree."""

import os
import re
from pathlib import Path

from runner.diagnostics import Diagnostic
from runner.diagnostics.visible import quoted
from runner.source.merging.merge import merge
from runner.source.merging.merge_layers import Layer
from runner.source.yaml.nodes import EXTENDS, MappingNode, Node, Scalar, Sequence
from runner.source.yaml.parse import parse
from runner.source.yaml.positions import Refused, SourceText
from runner.source.yaml.read import Budget, read_source

MAX_FILES = 32
"""Maximum number of inclusions of a recipe; a file included twice counts twice."""
SUFFIXES = (".yaml", ".yml")

_URL = r"[A-Za-z][A-Za-z0-9+.-]*:"


class Chain:
    """Reads a recipe and the files that it extends.

    Bases are looked up next to the file that names them; links are followed before the check, and only files under
    ``root`` are opened. All files share one budget, so that many small files cannot exceed the limits of one large
    file.
    """

    def __init__(self, root: Path) -> None:
        self.problems: list[Diagnostic] = []
        self.complete = True
        """False if a base could not be read, so that missing keys may not be the recipe's fault."""
        self.sources: list[SourceText] = []
        """The recipe first, then its bases in the order in which they were read."""
        self.layers: list[Layer] = []
        """The layer of each file itself, highest precedence last."""
        self._root = root
        self._budget = Budget()
        self._read: dict[Path, MappingNode | None] = {}
        self._open: list[Path] = []
        self._inclusions = 0

    def load(self, path: Path, name: str) -> MappingNode | None:
        """The mapping that a file says, over those that it extends; None when there is none.

        Args:
            path: What is opened.
            name: What diagnostics call it.

        Raises:
            Refused: the file cannot be read or is not YAML.
        """
        own = self._own(path, name)
        if own is None:
            return None
        self._open.append(path)
        below: MappingNode | None = None
        for target in self._targets(own):
            base = self._base(target, name)
            if base is not None:
                below = base if below is None else merge(below, base)
        self._open.pop()
        above = own.replace({key: entry for key, entry in own.entries.items() if key != EXTENDS})
        self.layers.append(Layer((), above))
        return above if below is None else merge(below, above)

    def _own(self, path: Path, name: str) -> MappingNode | None:
        """What a file says itself."""
        if path not in self._read:
            source = read_source(path, name, self._budget)
            self.sources.append(source)
            root, problems = parse(source, self._budget)
            self.problems.extend(problems)
            if not isinstance(root, MappingNode):
                self.problems.append(_no_mapping(source, root))
            self._read[path] = root if isinstance(root, MappingNode) else None
        return self._read[path]

    def _targets(self, own: MappingNode) -> list[Scalar]:
        value = own.get(EXTENDS)
        items = value.items if isinstance(value, Sequence) else () if value is None else (value,)
        targets = [item for item in items if isinstance(item, Scalar) and isinstance(item.value, str)]
        for item in items:
            if item not in targets and not (isinstance(item, Scalar) and item.broken):
                self.complete = False
                self._problem("R013", f"'{EXTENDS}' must be a path or a list of paths", item)
        return targets

    def _base(self, target: Scalar, name: str) -> MappingNode | None:
        """A base; what goes wrong is told where it is named, what is wrong inside it where it is."""
        path = self._resolved(target, name)
        if path is None:
            return None
        display = os.path.normpath(os.path.join(os.path.dirname(name), str(target.value)))
        try:
            base = self.load(path, display)
        except Refused as refused:
            base = None
            self.problems.append(self._unreadable(refused.diagnostic, target))
        self.complete &= base is not None
        return base

    def _resolved(self, target: Scalar, name: str) -> Path | None:
        named = str(target.value)
        beside = (self._open[-1].parent / named) if named else self._root
        try:
            path = beside.resolve()
        except (OSError, RuntimeError, ValueError):  # a loop of links, or a name that is too long
            path = beside
        fault = self._fault(named, path)
        if fault is None:
            self._inclusions += 1
            return path
        self.complete = False
        code, message, *help = fault
        self._problem(code, message, target, *help)
        return None

    def _fault(self, named: str, path: Path) -> tuple[str, str] | tuple[str, str, str] | None:
        """Code, message and way out of a name that may not be read."""
        if re.match(_URL, named):
            return "R021", f"'{EXTENDS}' must be a file, not a URL: {quoted(named)}", "download it beside the recipe"
        if os.path.isabs(named):
            help = "copy the file beside the recipe, or name it by a path that starts from the recipe's folder"
            return "R021", f"{quoted(named)} is outside the recipe's folder", help
        if not path.is_relative_to(self._root):
            help = "copy the file beside the recipe, or allow a folder further up with --root FOLDER"
            return "R021", f"{quoted(named)} is outside the recipe's folder", help
        if path.suffix not in SUFFIXES:
            return "R021", f"{quoted(named)} is not a recipe: its name does not end in .yaml or .yml"
        if path in self._open:
            return "R022", f"{quoted(named)} extends itself: {' → '.join(file.name for file in (*self._open, path))}"
        if self._inclusions >= MAX_FILES:
            return "R022", f"a recipe extends at most {MAX_FILES} files"
        return None

    def _unreadable(self, diagnostic: Diagnostic, target: Scalar) -> Diagnostic:
        if diagnostic.code != "R001":
            return diagnostic
        message = f"{quoted(target.value)} {diagnostic.message.removeprefix('the recipe ')}"
        return target.source.diagnostic("R020", message, target.start, target.end)

    def _problem(self, code: str, message: str, node: Node, *help: str) -> None:
        self.problems.append(node.source.diagnostic(code, message, node.start, node.end, help=help))


def _no_mapping(source: SourceText, root: Node | None) -> Diagnostic:
    if root is None or root.start == root.end:
        return source.diagnostic("R019", "the recipe is empty", 0, 1, help=("start with 'recipe: 1'",))
    what = "a list" if isinstance(root, Sequence) else "one value"
    message = f"a recipe is a mapping of keys to values; this is {what}"
    is_table = source.name.lower().endswith((".csv", ".tsv"))
    help = (
        f"`recipe init {source.name} --target COLUMN` writes a recipe for a table"
        if is_table
        else "start with 'recipe: 1'"
    )
    return source.diagnostic("R019", message, root.start, root.end, help=(help,))
