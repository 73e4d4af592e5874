"""Images and texts that a CSV file lists may have several targets: numbers, labels, or those of several outputs."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from runner.data.access import DataAccess
from runner.data.sources import source_of
from runner.errors import DataError
from runner.plan.make_plan import make_plan
from schemas.recipe import Recipe
from tests.data.test_listed_parts import N, listing
from tests.data.test_own_files import BIG, Opened, every, fault
from tests.schemas.rules_helpers import recipe

WET = ["yes" if k % 3 else "No" for k in range(N)]
COLD = [str(k % 2) for k in range(N)]
KIND = [["ash", "oak", "elm"][k % 3] for k in range(N)]


@pytest.mark.parametrize("source", ["images", "text"])
@pytest.mark.parametrize("limit", [BIG, 1])
def test_columns_of_numbers_go_side_by_side(tmp_path: Path, source: str, limit: int) -> None:
    data = listing(tmp_path, source, half=[str(k / 2) for k in range(N)]) | {"target": ["place", "half"]}
    found = Opened(tmp_path, **data)
    assert found.facts.targets == ("place", "half")
    y = every(found.load(limit).train)[1]
    assert (y.dtype, y.shape) == (np.float32, (32, 2))
    assert np.array_equal(y[:, 0], 2 * y[:, 1])


@pytest.mark.parametrize("source", ["images", "text"])
def test_columns_of_labels_are_names_of_labels(tmp_path: Path, source: str) -> None:
    data = listing(tmp_path, source, wet=WET, cold=COLD) | {"target": ["wet", "cold"], "task": "multi_label"}
    found = Opened(tmp_path, **data)
    assert (found.facts.targets, found.facts.labels, found.facts.classes) == (("wet", "cold"), True, None)
    parts = found.load()
    y = np.concatenate([every(part)[1] for part in (parts.train, parts.validation, parts.test)])
    assert y.dtype == np.uint8
    assert y.sum(axis=0).tolist() == [sum(word == "yes" for word in WET), N // 2]


def several_outputs(
    folder: Path, source: str, *, more: dict[str, list[str]] | None = None, **columns: list[str]
) -> Recipe:
    data = listing(folder, source, **columns, **(more or {})) | {"target": [*columns]}
    data |= {"splits": {"by": "column", "column": "part"}} if more else {}
    del data["task"]
    data |= {"output": "multi_hot"} if source == "text" else {"scale": "1/255"}
    outputs = {"kind": {"task": "classification"}, "flags": {"task": "multi_label", "target": ["wet", "cold"]},
               "size": {"task": "regression"}}  # fmt: skip
    model = {"kind": "functional", "layers": [{"kind": "flatten"}], "outputs": outputs}
    return Recipe.model_validate(recipe({"task": "multi_output", "data": data, "model": model}))


@pytest.mark.parametrize("source", ["images", "text"])
def test_several_outputs_have_a_column_each(tmp_path: Path, source: str) -> None:
    sizes = [f"{k / 4}" for k in range(N)]
    made = several_outputs(tmp_path, source, kind=KIND, wet=WET, cold=COLD, size=sizes)
    opened = source_of(made.data, DataAccess().within(tmp_path), made)
    facts = opened.facts(lambda message: None)
    assert facts.targets == ("kind", "wet", "cold", "size")
    assert facts.target_classes == (("ash", "elm", "oak"), ("0", "1"), ("0", "1"), ())
    plan = make_plan(made, facts)
    assert [output.name for output in plan.outputs] == ["kind", "flags", "size"]
    details: Any = facts.details
    rows = details.targets.values
    assert rows.dtype == np.float32
    assert np.array_equal(rows[:, 3], np.arange(N) / 4)
    assert [facts.target_classes[0][int(place)] for place in rows[:, 0]] == KIND


def test_a_word_that_is_no_label_and_a_class_that_does_not_train_are_named(tmp_path: Path) -> None:
    data = listing(tmp_path, "text", wet=["maybe" if k == 6 else word for k, word in enumerate(WET)], cold=COLD)
    error = fault(tmp_path, **data | {"target": ["wet", "cold"], "task": "multi_label"})
    assert "list.csv: row 7: 'maybe' is no label" in str(error)
    assert error.path == ("data", "target")
    kinds = ["fir" if k == 39 else kind for k, kind in enumerate(KIND)]
    parts = ["test" if k == 39 else "train" for k in range(N)]
    made = several_outputs(tmp_path, "text", kind=kinds, wet=WET, cold=COLD, size=COLD, more={"part": parts})
    opened = source_of(made.data, DataAccess().within(tmp_path), made)
    with pytest.raises(DataError, match="row 40: its class 'fir' is in test, and no example of it trains"):
        opened.facts(lambda message: None)


def test_the_same_labels_in_other_columns_are_other_data(tmp_path: Path) -> None:
    data = listing(tmp_path, "images", wet=WET, cold=COLD) | {"task": "multi_label"}
    hashes = {Opened(tmp_path, **data | {"target": names}).facts.sha256 for names in (["wet", "cold"], ["cold", "wet"])}
    assert len(hashes) == 2
