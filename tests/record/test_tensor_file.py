"""Files of tensors: what safetensors reads is what was written, and another byte is noticed."""

from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open

from runner.record.tensor_file import digest_of, holds, write_tensors

ARRAYS = {
    "a.flags": np.array([True, False, True]),
    "b.wide": np.arange(400_003, dtype=np.float64).reshape(1, -1),
    "c.scalar": np.array(7, np.int64),
    "d.columns": np.asfortranarray(np.arange(6, dtype=np.float32).reshape(2, 3)),
    "e.none": np.zeros((0, 4), np.float32),
    "f.half": np.array([1.5, -0.0], np.float16),
}
TEXT = {"state": '{"name": "\u00fcber"}'}


def test_safetensors_reads_what_was_written(tmp_path: Path) -> None:
    written = write_tensors(tmp_path / "t", ARRAYS, TEXT, "state")
    assert written == {**TEXT, "sha256": digest_of(TEXT["state"], ARRAYS)}
    with safe_open(tmp_path / "t", framework="np") as file:
        assert file.metadata() == written
        for name, array in ARRAYS.items():
            found = file.get_tensor(name)
            assert (found.dtype, found.shape, found.tobytes()) == (array.dtype, array.shape, array.tobytes())
        assert set(file.keys()) == set(ARRAYS)


@pytest.mark.parametrize("at", [-1, -9, -1_500_000, -3_200_000])
def test_another_byte_is_noticed_wherever_it_is(tmp_path: Path, at: int) -> None:
    path = tmp_path / "t"
    write_tensors(path, ARRAYS, TEXT, "state")
    assert holds(path, ARRAYS)
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)
    assert not holds(path, ARRAYS)


def test_a_file_that_ends_early_holds_less(tmp_path: Path) -> None:
    path = tmp_path / "t"
    write_tensors(path, ARRAYS, TEXT, "state")
    path.write_bytes(path.read_bytes()[:-1])
    assert not holds(path, ARRAYS)


def test_no_other_file_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "t"
    path.write_text("kept")
    with pytest.raises(FileExistsError):
        write_tensors(path, ARRAYS, TEXT, "state")
    assert path.read_text() == "kept"
