"""From a path to a recipe, or to a list of everything that is wrong with it.

Modules needed only for errors and overrides are imported on demand: validating a valid recipe must cost little
beyond the import of pydantic.
"""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from runner.diagnostics import Diagnostic, Span
from runner.diagnostics.model import VARIABLE
from runner.diagnostics.visible import quoted
from runner.source.blocks.detection import has_blocks, without_model
from runner.source.blocks.repeated import told_once
from runner.source.loaded import Loaded
from runner.source.merging.document import Document
from runner.source.merging.extends import Chain
from runner.source.merging.merge_layers import Layer
from runner.source.yaml.nodes import VERSION_KEY, MappingNode, Scalar
from runner.source.yaml.positions import Refused, SourceText
from runner.source.yaml.read import MAX_FAULTS
from schemas import rules
from schemas.recipe import LANGUAGE_VERSION, Recipe

if TYPE_CHECKING:
    from runner.source.blocks.expansion import Expanded

__all__ = ["Loaded", "load"]


def load(
    path: str | os.PathLike[str],
    *,
    sets: Iterable[str] = (),
    root: str | os.PathLike[str] | None = None,
    environment: Mapping[str, str] | None = None,
) -> Loaded:
    """Read, merge and check a recipe; no content of a file makes this function raise.

    Args:
        path: The recipe's file.
        sets: Arguments of ``--set``, in order; they override everything else.
        root: Folder that ``extends`` may not leave; by default the recipe's.
        environment: Variables such as ``RECIPE__TRAINING__EPOCHS``; by default none.
    """
    within = Path(root) if root is not None else None
    loader = _Loader(Path(path), within)
    loader.read()
    loader.environment(environment or {})
    for text in sets:
        loader.override(text)
    recipe = loader.check()
    return Loaded(Path(path), recipe, loader.ordered(), loader.document(), loader.texts(), within)


class _Loader:
    """The state of one call of :func:`load`."""

    def __init__(self, path: Path, root: Path | None) -> None:
        # Bases are next to the path that the user gave, even if that is a link to somewhere else.
        folder = Path(os.path.realpath(path.parent))
        self._path = folder / path.name
        self._name = str(path)
        self._chain = Chain(folder if root is None else Path(os.path.realpath(root)))
        self._problems = self._chain.problems
        self._tree: MappingNode | None = None
        self._expanded: Expanded | None = None
        self._overrides: list[str] = []

    def read(self) -> None:
        try:
            self._tree = self._chain.load(self._path, self._name)
        except Refused as refused:
            self._problems.append(refused.diagnostic)

    def environment(self, environment: Mapping[str, str]) -> None:
        if any(name.startswith(VARIABLE) for name in environment):
            from runner.source.merging.overrides import from_environment

            for name, text in from_environment(environment):
                self.override(text, name)

    def override(self, text: str, name: str = "") -> None:
        from runner.source.checking.allowed import recipe_shape
        from runner.source.merging.overrides import apply, argument, parse_override

        source = argument(text, name)
        self._overrides.append(source.name)
        try:
            override, problems = parse_override(source)
            self._problems.extend(problems)
            if self._tree is not None:
                self._tree = apply(self._tree, override, recipe_shape())
                self._chain.layers.append(Layer(tuple(str(part.value) for part in override.parts), override.value))
        except Refused as refused:
            self._problems.append(refused.diagnostic)

    def document(self) -> Document | None:
        if self._tree is None:
            return None
        layers, expanded = tuple(self._chain.layers), self._expanded
        if expanded is None:
            return Document(self._name, self._tree, layers)
        return Document(self._name, expanded.root, layers, self._tree, expanded.places, expanded.values)

    def texts(self) -> tuple[SourceText, ...]:
        return tuple(self._chain.sources)

    def check(self) -> Recipe | None:
        document = self.document()
        if document is None or self._speaks_another_version(document):
            return None
        if has_blocks(document.root):
            return self._check_expanded(document)
        return self._checked(document)

    def _check_expanded(self, document: Document) -> Recipe | None:
        from runner.source.blocks.expansion import expand
        from runner.source.checking.allowed import recipe_shape
        from runner.source.checking.inspection import inspect

        expanded = expand(document.root, complete=self._chain.complete)
        self._problems.extend(expanded.problems)
        if any(problem.severity == "error" for problem in expanded.problems):
            rest = without_model(document.root)
            self._problems.extend(inspect(rest, recipe_shape(), complete=self._chain.complete))
            return None
        self._expanded = expanded
        whole = self.document()
        assert whole is not None
        return self._checked(whole)

    def _checked(self, document: Document) -> Recipe | None:
        try:
            # Use the names of the language rather than those of attributes (``from``, not ``from_``).
            recipe = Recipe.model_validate(document.data, by_alias=True, by_name=False)
        except ValidationError as error:
            self._explain(document, error)
            return None
        if self._has_errors():
            return None
        self._problems.extend(_findings(document, recipe))
        if recipe.sweep is not None and not self._has_errors():
            from runner.source.swept import check_ranges

            self._problems.extend(check_ranges(document, recipe))
        return None if self._has_errors() else recipe

    def _has_errors(self) -> bool:
        return any(problem.severity == "error" for problem in self._problems)

    def _explain(self, document: Document, error: ValidationError) -> None:
        from runner.source.checking.allowed import recipe_shape
        from runner.source.checking.inspection import inspect

        found = inspect(document.root, recipe_shape(), complete=self._chain.complete)
        self._problems.extend(map(document.noted, found))
        if not self._has_errors():
            self._problems.append(_unexplained(document, error))

    def _speaks_another_version(self, document: Document) -> bool:
        match document.root.get(VERSION_KEY):
            case Scalar(value=int(version)) if version != LANGUAGE_VERSION and not isinstance(version, bool):
                self._problems.append(_unknown_version(document, version))
                return True
        return False

    def ordered(self) -> tuple[Diagnostic, ...]:
        files = [source.name for source in self._chain.sources] + self._overrides
        order = {name: number for number, name in reversed(list(enumerate(files)))}
        nowhere = Span("", 0, 0, 0)

        def place(diagnostic: Diagnostic) -> tuple[int, int, int]:
            span = diagnostic.span or nowhere
            return order.get(span.file, len(files)), span.line, span.column

        found = sorted(told_once(self._problems), key=place)
        if len(found) > MAX_FAULTS:
            message = f"the recipe has more than {MAX_FAULTS} errors; the rest are not shown"
            found[MAX_FAULTS:] = [Diagnostic(code="R002", message=message, span=Span(self._name, 1, 1, 1))]
        return tuple(found)


def _findings(document: Document, recipe: Recipe) -> Iterable[Diagnostic]:
    for finding in rules.check(recipe):
        help = (finding.help,) if finding.help else ()
        yield document.diagnostic(
            finding.path,
            finding.code,
            finding.message,
            severity=finding.severity,
            help=help,
            at_key=finding.at_key,
        )


def _unknown_version(document: Document, version: int) -> Diagnostic:
    from importlib.metadata import version as version_of

    program = f"recipe-runner {version_of('recipe-runner')}"
    message = f"unknown version {quoted(version)} of the recipe language; {program} reads version {LANGUAGE_VERSION}"
    newer = f"version {quoted(version)} needs a later program than {program}: pip install --upgrade recipe-runner"
    help = newer if version > LANGUAGE_VERSION else f"write 'recipe: {LANGUAGE_VERSION}'"
    return document.diagnostic((VERSION_KEY,), "R018", message, help=(help,))


def _unexplained(document: Document, error: ValidationError) -> Diagnostic:
    """The error for a rejection that the shapes cannot explain, because the schema uses features unknown to them."""
    first = error.errors(include_url=False)[0]
    path = tuple(part for part in first["loc"] if isinstance(part, str | int))
    return document.diagnostic(path, "R013", first["msg"])
