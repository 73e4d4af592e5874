"""A prepared dataset that tensorflow-datasets does not ship: one answer for plan and run, no code from its folder."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow_datasets as tfds

from runner.data.placement import Placement, Window
from runner.data.tfds.load import load_tfds
from runner.data.tfds.metadata import tfds_facts
from runner.errors import DataError
from schemas.data import TfdsData

N = {"train": 30, "test": 12}
SPLITS = {"train": "train[:50%] + test[:5]", "validation": "train[-5:]", "test": "test[5:]"}
IN_MEMORY = Placement(None, True, 0)


def example(k: int) -> dict[str, Any]:
    return {"pixels": np.full((2, 3, 1), k, np.uint8), "name": f"number {k}", "kind": k % 4}


def numbered(first: int, count: int) -> Iterator[tuple[int, dict[str, Any]]]:
    return ((k, example(first + k)) for k in range(count))


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Written by tensorflow-datasets itself."""
    folder = tmp_path_factory.mktemp("tfds")
    features = tfds.features.FeaturesDict({
        "pixels": tfds.features.Image(shape=(2, 3, 1)),
        "name": tfds.features.Text(),
        "kind": tfds.features.ClassLabel(num_classes=4),
    })  # fmt: skip

    class MyShapes(tfds.core.GeneratorBasedBuilder, skip_registration=True):
        """Of the test."""

        VERSION = tfds.core.Version("1.2.0")

        def _info(self) -> Any:
            return self.dataset_info_from_configs(features=features, supervised_keys=("pixels", "kind"))

        def _split_generators(self, manager: Any) -> Any:
            return {name: numbered(100 * (name == "test"), n) for name, n in N.items()}

        def _generate_examples(self) -> Any:
            raise AssertionError

    MyShapes(data_dir=str(folder)).download_and_prepare()
    return folder


def data(**splits: Any) -> TfdsData:
    return TfdsData.model_validate({"source": "tfds", "name": "my_shapes", "splits": {**SPLITS, **splits}})


@pytest.mark.parametrize("where", [IN_MEMORY, Placement(Window(4, 2), True, 0)], ids=["in memory", "as it trains"])
def test_it_is_planned_and_read_slices_and_unions_included(prepared: Path, where: Placement) -> None:
    facts = tfds_facts(data(), prepared)
    assert facts is not None
    assert (facts.train, facts.validation, facts.test, facts.shape, facts.classes) == (20, 5, 7, (2, 3, 1), 4)
    found = load_tfds(data(), facts, prepared, where)
    blocks = list(found.train.blocks(6))
    values = np.concatenate([block.x for block in blocks])[:, 0, 0, 0].tolist()
    assert len(set(values)) == 20
    assert [value < 100 for value in values] == [True] * 15 + [False] * 5
    assert (np.concatenate([block.y for block in blocks]) == np.array(values) % 4).all()
    assert found.validation is not None
    assert found.test is not None
    assert (len(found.validation), len(found.test)) == (5, 7)


def test_a_feature_of_ones_own_is_refused_by_the_plan_and_its_module_is_not_imported(
    prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = tmp_path / "my_shapes" / "1.2.0"
    version.parent.mkdir()
    (prepared / "my_shapes" / "1.2.0").rename(version)
    try:
        written = json.loads((version / "features.json").read_text())
        changed = json.loads(json.dumps(written))
        changed["featuresDict"]["features"]["pixels"]["pythonClassName"] = "evil_module.features.image_feature.Image"
        (version / "features.json").write_text(json.dumps(changed))
        (tmp_path / "evil_module.py").write_text("raise SystemExit(99)")
        monkeypatch.syspath_prepend(str(tmp_path))
        with pytest.raises(DataError, match="evil_module"):
            tfds_facts(data(), tmp_path)
        assert "evil_module" not in sys.modules
        (version / "features.json").write_text(json.dumps(written))
    finally:
        version.rename(prepared / "my_shapes" / "1.2.0")


def test_files_outside_the_folder_are_refused(prepared: Path) -> None:
    info = prepared / "my_shapes" / "1.2.0" / "dataset_info.json"
    written = info.read_text()
    facts = tfds_facts(data(), prepared)
    assert facts is not None
    try:
        info.write_text(written.replace("{DATASET}-{SPLIT}", "../{DATASET}-{SPLIT}"))
        with pytest.raises(DataError, match="outside its folder"):
            load_tfds(data(), facts, prepared, IN_MEMORY)
    finally:
        info.write_text(written)
