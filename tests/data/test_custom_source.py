"""source: custom: what a function of the person's own may return, and what is said of anything else."""

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from runner.data.access import DataAccess
from runner.data.examples import Examples
from runner.data.facts import DataFacts
from runner.data.placement import Placement, Window
from runner.data.sources import source_of
from runner.data.streaming.block_order import StreamedSplit, collected
from runner.errors import CodeError, DataError
from schemas.recipe import Recipe

IN_MEMORY = Placement(None, True, 0)
STREAMED = Placement(Window(4, 2), False, 0)
NAMES = itertools.count()
HEAD = """
import numpy as np
x = np.arange(120, dtype=np.float64).reshape(40, 3)
y = np.arange(40) % 2
words = np.array(["no", "yes"])[y]
class Pairs:
    def __init__(self, x, y): self.x, self.y = x, y
    def __len__(self): return len(self.x)
    def __getitem__(self, k): return self.x[k], self.y[k]
class Broken(Pairs):
    def __getitem__(self, k):
        if k == 7: raise OSError("no such tape")
        return self.x[k], self.y[k]
class Odd(Pairs):
    def __getitem__(self, k): return (self.x[k][: 3 - (k == 5)], self.y[k])
class Single(Pairs):
    def __getitem__(self, k): return self.x[k]
"""


def source(folder: Path, returned: str, *, task: str = "classification", allowed: bool = True, **data: Any) -> Any:
    """The source of a module of its own, whose function returns this."""
    module = f"mine{next(NAMES)}"
    (folder / f"{module}.py").write_text(f"{HEAD}\ndef load(scale=1):\n    return {returned}\n")
    tree = {
        "recipe": 1,
        "name": "mine",
        "task": task,
        "data": {"source": "custom", "target": f"{module}:load", **data},
        "model": {"kind": "sequential", "layers": []},
        "training": {"epochs": 1},
    }
    recipe = Recipe.model_validate(tree)
    access = DataAccess().within(folder)
    return source_of(recipe.data, access.allowing(folder) if allowed else access, recipe)


def facts(folder: Path, returned: str, **keys: Any) -> DataFacts:
    found = source(folder, returned, **keys).facts(lambda _: None)
    assert isinstance(found, DataFacts)
    return found


def test_arrays_are_divided_and_classes_named(tmp_path: Path) -> None:
    made = source(tmp_path, "x * scale, words", arguments={"scale": 2})
    found = made.facts(lambda _: None)
    assert (found.train, found.validation, found.test) == (32, 4, 4)
    assert (found.shape, found.class_names, found.weighted) == ((3,), ("no", "yes"), False)
    train = made.load(found, IN_MEMORY, 0).train
    assert isinstance(train, Examples)
    assert train.x.dtype == np.float32
    places = (train.x[:, 0] / 6).astype(int)  # of the examples: each begins with 3k, doubled
    np.testing.assert_array_equal(train.y, places % 2)


def test_a_sequence_gives_what_its_arrays_give_in_memory_and_streamed(tmp_path: Path) -> None:
    arrays, pairs = (source(tmp_path, returned) for returned in ("(x, y)", "Pairs(x, y)"))
    a, b = (one.facts(lambda _: None) for one in (arrays, pairs))
    assert (a.train, a.shape, a.class_names) == (b.train, b.shape, b.class_names)
    wanted = arrays.load(a, IN_MEMORY, 0).train
    found, flow = pairs.load(b, IN_MEMORY, 0).train, pairs.load(b, STREAMED, 0).train
    np.testing.assert_array_equal(found.x, wanted.x)
    assert isinstance(flow, StreamedSplit)
    np.testing.assert_array_equal(collected(flow).x, wanted.x)


def test_parts_of_their_own_are_taken_whole(tmp_path: Path) -> None:
    found = facts(tmp_path, "{'train': (x, y), 'test': Pairs(x[:10], y[:10])}")
    assert (found.train, found.validation, found.test) == (36, 4, 10)


def test_weights_and_several_numbers(tmp_path: Path) -> None:
    made = source(tmp_path, "x, x[:, :2], np.arange(40)", task="regression")
    found = made.facts(lambda _: None)
    assert (found.targets, found.weighted, found.classes) == (("0", "1"), True, None)
    train = made.load(found, IN_MEMORY, 0).train
    np.testing.assert_array_equal(train.weight * 3, train.x[:, 0])


@pytest.mark.parametrize("change", ["(x + 1, y)", "(x, 1 - y)", "(x.astype('f4'), y)", "Pairs(x[::-1].copy(), y)"])
def test_another_content_is_another_identity(tmp_path: Path, change: str) -> None:
    assert facts(tmp_path, change).sha256 != facts(tmp_path, "(x, y)").sha256
    assert facts(tmp_path, "(x, y)").sha256 == facts(tmp_path, "(x.copy(), y)").sha256


@pytest.mark.parametrize(
    ("returned", "error", "says"),
    [
        ("x", CodeError, "returned an array for all, which has no targets"),
        ("None", CodeError, "returned a value of type NoneType for all"),
        ("(x, y, y, y)", CodeError, "returned a tuple of 4 for all"),
        ("{'training': (x, y)}", CodeError, "returned a mapping with 'training'"),
        ("{'test': (x, y)}", CodeError, "returned no 'train'"),
        ("1 / 0", CodeError, "ZeroDivisionError: division by zero"),
        ("Broken(x, y)", CodeError, "example 7 of all: OSError: no such tape"),
        ("Single(x, y)", CodeError, "example 0 of all is a value of type ndarray"),
        ("Pairs(x[:0], y[:0])", DataError, "returned no example for all"),
        ("Odd(x, y)", DataError, "example 0 is float64 of (3,), example 5 is float64 of (2,)"),
        ("(x, y[:9])", DataError, "40 inputs, 9 targets"),
        ("(x, np.eye(2)[y])", DataError, "their shape is (40, 2)"),
        ("(words, y)", DataError, "holds text"),
        ("(x, y, -y)", DataError, "weight"),
        ("{'train': (x, y), 'test': (x[:, :2], y)}", DataError, "inputs of all parts must be alike"),
    ],
)
def test_what_is_none_of_the_forms_is_told_at_the_target(
    tmp_path: Path, returned: str, error: type[DataError | CodeError], says: str
) -> None:
    with pytest.raises(error) as caught:
        facts(tmp_path, returned)
    assert says in str(caught.value)
    assert caught.value.place == ("data", "target")


def test_a_value_that_is_not_finite_is_named(tmp_path: Path) -> None:
    made = source(tmp_path, "np.where(x == 33, np.nan, x), y", splits={"validation": "0%", "test": "0%"})
    with pytest.raises(DataError, match="nan in example 11 is not a finite number"):
        made.load(made.facts(lambda _: None), IN_MEMORY, 0)


def test_nothing_is_imported_without_permission(tmp_path: Path) -> None:
    (tmp_path / "seen").mkdir()
    made = source(tmp_path, "open('seen/it', 'w')", allowed=False)
    with pytest.raises(CodeError, match="imported only with --allow-code"):
        made.facts(lambda _: None)
