"""The keys of the language as ``--set`` accepts them: dotted paths read from the schema."""

from collections.abc import Iterator
from functools import cache

from runner.source.checking.allowed import Leaf, Many, Model, Shape, Table, Tagged, flatten, recipe_shape


@cache
def keys() -> dict[str, tuple[str, ...]]:
    """Every path that does not depend on the recipe, with the words it accepts if the choice is closed.

    Variants of a union, such as the kinds of schedule, are merged. List items are left out, since their index
    depends on the recipe.
    """
    found: dict[str, tuple[str, ...]] = {}
    for path, words in _walk(recipe_shape(), ()):
        found[path] = tuple(dict.fromkeys([*found.get(path, ()), *words]))
    return found


def _walk(shape: Shape, path: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for option in flatten(shape):
        match option:
            case Model():
                for name in option.fields:
                    yield from _walk(option.field(name), (*path, name))
            case Tagged():
                yield ".".join((*path, option.key)), tuple(map(str, option.by_tag))
                for variant in option.by_tag.values():
                    yield from _walk(variant, path)
            case Leaf():
                words = ("true", "false") if option.base is bool else tuple(map(str, option.choices))
                yield ".".join(path), words
            case Many() | Table():
                yield ".".join(path), ()
