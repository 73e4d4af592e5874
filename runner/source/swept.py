"""Tries the values of a sweep's ranges on the recipe, each alone, as ``--set`` would put them there."""

from collections.abc import Iterator
from dataclasses import replace

from pydantic import ValidationError

from runner.diagnostics import Diagnostic, Severity
from runner.source.checking.allowed import recipe_shape
from runner.source.checking.inspection import inspect
from runner.source.merging.document import Document
from runner.source.merging.overrides import Override, apply
from runner.source.swept_together import Written, broken_rules, none_fits, parts_of
from runner.source.yaml.nodes import MappingNode, Node, Scalar, Sequence, to_data
from runner.source.yaml.positions import Refused
from schemas import rules
from schemas.recipe import Recipe

MOST = 300_000
"""Ends of all ranges, times values of the recipe: trying them takes about a second."""


def check_ranges(document: Document, recipe: Recipe) -> Iterator[Diagnostic]:
    """Yield what is wrong with the values of the ranges; the recipe itself is valid.

    R462: a field does not take a value, or there is no such field. R464: there are too many values to try on a recipe
    of this size. R466, a warning: a value breaks a rule between fields, which another range may mend. R760: no
    combination of values mends it.
    """
    assert recipe.sweep is not None
    ends, size = sum(len(each.ends) for each in recipe.sweep.ranges.values()), _size(document.root)
    if ends * size > MOST:
        message = f"{ends:,} values are too many to try on a recipe of {size:,}"
        yield document.diagnostic(("sweep",), "R464", message, help=("give ranges instead of long lists of choices",))
        return
    base = document.root.replace({key: entry for key, entry in document.root.entries.items() if key != "sweep"})
    known = {finding.code for finding in rules.check(recipe)}
    ranges = document.node(("sweep", "ranges"))
    assert isinstance(ranges, MappingNode)
    found: dict[str, list[Diagnostic | None]] = {}
    written = list[Written]()
    for path, each in recipe.sweep.ranges.items():
        entry = ranges.entries[path]
        values = document.node(("sweep", "ranges", path, each.form))
        assert isinstance(values, Sequence)
        tried = [_as_tried(value, each.form) for value in values.items]
        written.append((entry.key, each, tried[0]))
        found[path] = [_tried(base, entry.key, value, known) for value in tried]
    broken = [of for of in found.values() if all(one is not None and one.code == "R466" for one in of)]
    if broken and none_fits(base, written, known, MOST // size):
        first = broken[0][0]
        assert first is not None
        yield _hopeless(first)
        return
    for findings in found.values():
        yield from dict.fromkeys(filter(None, findings))  # what is wrong with the path is so for each value


def _as_tried(value: Node, form: str) -> Scalar:
    """A value of a range as trials have it: those of log and linear are numbers with a fraction, 1 as well."""
    assert isinstance(value, Scalar)
    assert value.value is not None
    return replace(value, value=float(value.value)) if form in ("log", "linear") else value


def _tried(base: MappingNode, path: Scalar, value: Scalar, known: set[str]) -> Diagnostic | None:
    """What is wrong with the recipe that has this value at this path."""
    try:
        changed = apply(base, Override(parts_of(path), value), recipe_shape())
        recipe = Recipe.model_validate(to_data(changed), by_alias=True, by_name=False)
    except Refused as refused:
        return _at(path, "R462", f"no range for '{path.value}': {refused.diagnostic.message}", refused.diagnostic)
    except ValidationError as error:
        found = inspect(changed, recipe_shape())
        message = found[0].message if found else error.errors(include_url=False)[0]["msg"]
        if isinstance(value.value, float) and "a whole number" in message:
            return _fraction(value, message)
        return _at(value, "R462", message, found[0] if found else None)
    broken = broken_rules(recipe, known)
    if not broken:
        return None
    first = broken[0]
    message = f"trials with {path.value}: {value.value} fail unless another range helps: {first.message} ({first.code})"
    return _at(value, "R466", message, None, "warning")._replace(help=(first.help,) if first.help else ())


def _hopeless(first: Diagnostic) -> Diagnostic:
    """The error that stands for all warnings of R466, of which this is one."""
    message = first.message.replace(" fail unless another range helps", " fail, whatever the other ranges give", 1)
    help = (*first.help, "change these values, or the keys of the recipe that they contradict")
    return first._replace(code="R760", severity="error", message=message, help=help)


def _fraction(value: Scalar, message: str) -> Diagnostic:
    found = _at(value, "R462", f"{message}; log and linear have numbers with a fraction", None)
    return found._replace(help=("write {int: [1, 8]} for whole numbers",))


def _at(place: Scalar, code: str, message: str, cause: Diagnostic | None, severity: Severity = "error") -> Diagnostic:
    span = place.span
    help = (*cause.help, *filter(None, [cause.label])) if cause is not None else ()
    return Diagnostic(
        code=code, message=message, severity=severity, span=span, excerpt=place.source.line(span.line), help=help
    )


def _size(node: Node) -> int:
    """Number of values, lists and mappings of a tree."""
    match node:
        case MappingNode():
            return 1 + sum(_size(entry.value) for entry in node.entries.values())
        case Sequence():
            return 1 + sum(map(_size, node.items))
        case _:
            return 1
