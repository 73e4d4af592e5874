"""Describes in words what a shape expects."""

from runner.diagnostics.visible import quoted
from runner.source.checking.allowed import Either, Leaf, Many, Model, Shape, Table, Tagged
from schemas.memory_size import MemorySize
from schemas.quantities import Duration, Expectation, PartField
from schemas.wall_time import WallTime


def describe(shape: Shape) -> str:
    """Describe what a shape expects, as the end of "must be …"."""
    match shape:
        case Leaf():
            return _describe_leaf(shape)
        case Many():
            return "a list"
        case Table() | Tagged():
            return "a mapping"
        case Model():
            few = len(shape.fields) <= 4
            return f"a mapping with {listing([quoted(key) for key in shape.fields], 'and')}" if few else "a mapping"
        case Either():
            return listing([describe(option) for option in shape.options], "or")


def _describe_leaf(leaf: Leaf) -> str:
    if leaf.choices:
        words = [quoted(choice) for choice in leaf.choices]
        return listing(words, "or") if len(words) <= 4 else f"one of {len(words)} words"
    if leaf.base is float and leaf.takes_ratio:
        return "a number or a ratio such as 1/255"
    names = {
        int: "a whole number",
        float: "a number",
        str: "text",
        bool: "true or false",
        Duration: "a duration with its unit",
        Expectation: "a comparison",
        MemorySize: "an amount of memory with its unit",
        WallTime: "a time with its unit",
    }
    forms = {PartField: "a share in percent"}
    return forms.get(leaf.annotation) or names.get(leaf.base, "of another type")


def listing(words: list[str], last: str) -> str:
    """Join words, for example ``a, b and c``."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"
