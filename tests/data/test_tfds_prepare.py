"""recipe data prepare: a dataset from files on the disk, held against their registered checksums; no network."""

import gzip
import hashlib
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow_datasets as tfds

from runner.data.placement import Placement
from runner.data.tfds.load import builder_of, load_tfds
from runner.data.tfds.metadata import tfds_facts
from runner.data.tfds.prepare import prepare, prepare_from_files
from runner.errors import DataError, HubError
from schemas.data import TfdsData

FILES = {"train": 30, "t10k": 12}


def images(part: str) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(FILES[part])
    n = FILES[part]
    return random.integers(0, 256, (n, 28, 28), np.uint8), np.arange(n, dtype=np.uint8) % 10


def write(folder: Path) -> dict[str, Path]:
    """Four files in the form of MNIST's."""
    folder.mkdir()
    found = {}
    for part in FILES:
        x, y = images(part)
        contents = {
            f"{part}-images-idx3-ubyte.gz": struct.pack(">IIII", 2051, len(x), 28, 28) + x.tobytes(),
            f"{part}-labels-idx1-ubyte.gz": struct.pack(">II", 2049, len(y)) + y.tobytes(),
        }
        for name, content in contents.items():
            found[name] = folder / name
            found[name].write_bytes(gzip.compress(content, mtime=0))
    return found


def registered(builder: Any, files: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """The true builder of MNIST with the checksums and sizes of these files."""
    import tensorflow_datasets.image_classification.mnist as mnist

    infos = {}
    for url, info in builder.url_infos.items():
        content = files[info.filename].read_bytes()
        infos[url] = type(info)(len(content), hashlib.sha256(content).hexdigest(), info.filename)
    monkeypatch.setattr(type(builder), "url_infos", infos)
    for part, n in FILES.items():
        monkeypatch.setattr(mnist, f"_{'TRAIN' if part == 'train' else 'TEST'}_EXAMPLES", n, raising=False)


def test_files_with_the_registered_checksums_become_the_dataset(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    builder = builder_of("mnist", tmp_path / "tfds")
    registered(builder, write(tmp_path / "from"), monkeypatch)
    said: list[str] = []
    where = prepare(builder, tmp_path / "from", said.append, network=False)
    assert where == tmp_path / "tfds" / "mnist" / "3.0.1"
    assert "4 of 4 registered files" in said[0]
    data = TfdsData.model_validate({"source": "tfds", "name": "mnist", "splits": {"test": "test"}})
    facts = tfds_facts(data, tmp_path / "tfds")
    assert facts is not None
    found = load_tfds(data, facts, tmp_path / "tfds", Placement(None, True, 0))
    for part, split in (("train", found.train), ("t10k", found.test)):
        assert split is not None
        x, y = images(part)
        (block,) = split.blocks(100)
        wanted = sorted((image.tobytes(), int(label)) for image, label in zip(x, y, strict=True))
        assert sorted((image.tobytes(), int(label)) for image, label in zip(block.x, block.y, strict=True)) == wanted


def test_a_file_with_another_checksum_is_refused_before_anything_is_prepared(tmp_path: Path) -> None:
    write(tmp_path / "from")
    with pytest.raises(DataError, match=r"images-idx3-ubyte\.gz has .* bytes and SHA-256 .* has registered") as caught:
        prepare_from_files("mnist", tmp_path / "tfds", tmp_path / "from", print, network=False)
    assert "fetch it again from https://storage.googleapis.com/" in caught.value.help[0]
    assert not (tmp_path / "tfds" / "mnist").exists()


def test_what_is_missing_is_named_and_not_downloaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def connected(*_: Any, **__: Any) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr("requests.Session.send", connected)
    builder = builder_of("mnist", tmp_path / "tfds")
    files = write(tmp_path / "from")
    registered(builder, files, monkeypatch)
    files["train-images-idx3-ubyte.gz"].unlink()
    with pytest.raises(HubError, match=r"needs https://.*train-images-idx3-ubyte\.gz, which is not there") as caught:
        prepare(builder, tmp_path / "from", print, network=False)
    assert "put train-images-idx3-ubyte.gz into a folder" in caught.value.help[0]
    assert "--allow-network" in caught.value.help[1]


def test_a_dataset_that_is_prepared_is_left_as_it_is(tmp_path: Path) -> None:
    version = tmp_path / "mnist" / "3.0.1"
    version.mkdir(parents=True)
    (version / "dataset_info.json").write_text("{}")
    said: list[str] = []
    assert prepare_from_files("mnist", tmp_path, None, said.append, network=False) == version
    assert said == [f"mnist is prepared in {version}"]
    assert tfds.__version__  # its builder was not even made


def test_a_name_that_there_is_not_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no dataset 'mnits'"):
        prepare_from_files("mnits", tmp_path, None, print, network=False)
