"""Names of datasets, known without importing TensorFlow."""

from pathlib import Path

import pytest
import tensorflow_datasets as tfds

from runner.data.tfds.names import known_names, require_known
from runner.errors import DataError


def prepared(folder: Path, *names: str) -> Path:
    for name in names:
        version = folder / name / "1.0.0"
        version.mkdir(parents=True)
        (version / "dataset_info.json").write_text("{}")
    return folder


def test_every_dataset_that_tensorflow_datasets_lists_is_known() -> None:
    listed = set(tfds.list_builders(with_community_datasets=False))
    assert len(listed) > 300
    assert listed - known_names() == set()


def test_a_slip_is_an_error_with_the_names_that_are_near(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no dataset 'fashon_mnist'") as caught:
        require_known("fashon_mnist", prepared(tmp_path, "iris_of_mine", "wine_of_mine"))
    assert "fashion_mnist" in caught.value.help[0]
    assert "iris_of_mine, wine_of_mine" in caught.value.help[1]


def test_a_prepared_name_is_suggested_as_well(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="'my_flower'") as caught:
        require_known("my_flower", prepared(tmp_path, "my_flowers"))
    assert caught.value.help[0].startswith("did you mean my_flowers")


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist", "kmnist", "cifar10", "beans", "rock_paper_scissors"])
def test_a_known_name_may_be_downloaded(name: str, tmp_path: Path) -> None:
    require_known(name, tmp_path)
