"""Arrays from files: what NumPy writes comes back; what lies, is cut, or runs code is refused and takes no memory."""

import io
import pickle
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits

from runner.data.arrays.npy_file import npy_facts, open_npy
from runner.data.arrays.npz_file import npz_facts, read_npz
from runner.data.arrays.together import number_of_examples
from runner.errors import DataError

ARRAYS = [
    np.arange(12, dtype=np.float32).reshape(3, 4),
    np.asfortranarray(np.arange(12).reshape(3, 4)),
    np.array(["a", "bcd"]),
    np.array([True, False]),
    np.zeros((0, 5), np.uint8),
    np.array(3.5),
    np.arange(5, dtype=">i4"),
]


@pytest.mark.parametrize("array", ARRAYS)
def test_arrays_come_back(tmp_path: Path, array: np.ndarray) -> None:
    np.save(tmp_path / "a.npy", array)
    np.savez_compressed(tmp_path / "c.npz", x=array, y=array)
    np.savez(tmp_path / "a.npz", x=array)
    for found in (open_npy(tmp_path / "a.npy"), *(read_npz(tmp_path / f"{n}.npz")["x"] for n in "ac")):
        assert found.dtype == array.dtype
        assert found.shape == array.shape
        assert np.array_equal(found, array)
    assert npy_facts(tmp_path / "a.npy").shape == array.shape
    assert [(f.name, f.shape, f.dtype) for f in npz_facts(tmp_path / "c.npz")] == [
        (name, array.shape, array.dtype) for name in "xy"
    ]


def test_an_npy_file_is_mapped_and_not_read(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.zeros(10_000_000))
    tracemalloc.start()
    array = open_npy(tmp_path / "a.npy")
    assert array[123456] == 0
    assert tracemalloc.get_traced_memory()[1] < 1 << 20
    tracemalloc.stop()
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 1


class Trap:
    def __reduce__(self) -> object:
        return (Path.touch, (Path("trapped"),))


def test_python_objects_are_refused_and_none_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    np.save("a.npy", np.array([Trap()], object), allow_pickle=True)
    np.savez("a.npz", x=np.array([Trap()], object))
    for read in (lambda: open_npy(Path("a.npy")), lambda: read_npz(Path("a.npz"))):
        with pytest.raises(DataError, match="holds Python objects, which are not read"):
            read()
    Path("b.npy").write_bytes(pickle.dumps(Trap()))
    with pytest.raises(DataError, match=r"b.npy is not an array in NumPy's format"):
        open_npy(Path("b.npy"))
    assert not Path("trapped").exists()


def test_records_are_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.zeros(3, [("a", "f4"), ("b", "i4")]))
    with pytest.raises(DataError, match="holds values of type"):
        open_npy(tmp_path / "a.npy")


def header(shape: object, dtype: str = "<f8") -> bytes:
    out = io.BytesIO()
    np.lib.format.write_array_header_1_0(out, {"shape": shape, "fortran_order": False, "descr": dtype})
    return out.getvalue()


@pytest.mark.parametrize("shape", [(1 << 50,), (1 << 20, 1 << 20, 1 << 20), (10,)])
def test_a_header_that_promises_more_than_there_is_is_refused(tmp_path: Path, shape: tuple[int, ...]) -> None:
    (tmp_path / "a.npy").write_bytes(header(shape) + b"\0" * 72)
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("x.npy", header(shape) + b"\0" * 72)
    for read in (lambda: open_npy(tmp_path / "a.npy"), lambda: read_npz(tmp_path / "a.npz")):
        with pytest.raises(DataError, match="has 72 bytes of values, its header says"):
            read()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x93NUMPY",
        b"\x93NUMPY\x09\x00" + b"\0" * 100,
        header((-1,)),
        b"\x93NUMPY\x01\x00\xff\xff" + b"{" * 65535,
        b"\x93NUMPY\x01\x00\x10\x00" + b"(" * 16,
        header(("x",)),
    ],
)
def test_broken_headers_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.npy").write_bytes(content)
    with pytest.raises(DataError, match=r"a\.npy"):
        open_npy(tmp_path / "a.npy")


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "bomb.npz", x=np.zeros(10_000_000))
    tracemalloc.start()
    with pytest.raises(DataError, match=r"bomb.npz: array 'x' would grow from [\d,]+ bytes to 80,000,000"):
        read_npz(tmp_path / "bomb.npz")
    assert tracemalloc.get_traced_memory()[1] < 8 << 20
    tracemalloc.stop()


def test_arrays_above_the_limit_together_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=np.zeros(100), y=np.zeros(100))
    assert len(npz_facts(tmp_path / "a.npz", limit=1600)) == 2
    with pytest.raises(DataError, match="its arrays take 1,600 bytes, the limit is 1,599"):
        npz_facts(tmp_path / "a.npz", limit=1599)


def test_a_changed_bit_is_noticed(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=np.arange(1000.0))
    content = bytearray((tmp_path / "a.npz").read_bytes())
    content[3000] ^= 1
    (tmp_path / "a.npz").write_bytes(content)
    with pytest.raises(DataError, match=r"a.npz is not an npz file that can be read: Bad CRC"):
        read_npz(tmp_path / "a.npz")


def test_a_cut_file_and_other_files_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=np.arange(1000.0))
    (tmp_path / "cut.npz").write_bytes((tmp_path / "a.npz").read_bytes()[:4000])
    np.save(tmp_path / "a.npy", np.arange(9.0))
    (tmp_path / "cut.npy").write_bytes((tmp_path / "a.npy").read_bytes()[:-1])
    with zipfile.ZipFile(tmp_path / "other.npz", "w") as archive:
        archive.writestr("readme.txt", "hello")
    for name in ("cut.npz", "a.npy", "other.npz", "none.npz"):
        with pytest.raises(DataError, match=name):
            read_npz(tmp_path / name)
    with pytest.raises(DataError, match="71 bytes of values, its header says 72"):
        open_npy(tmp_path / "cut.npy")


def test_arrays_are_as_long_as_each_other(tmp_path: Path) -> None:
    digits = load_digits()
    np.savez(tmp_path / "d.npz", x=digits.images, y=digits.target, short=digits.target[:7], one=np.array(1))
    facts = npz_facts(tmp_path / "d.npz")
    assert number_of_examples(facts, ["x", "y"], "d.npz") == 1797
    with pytest.raises(DataError, match="'x' has 1,797, 'short' has 7"):
        number_of_examples(facts, ["x", "short"], "d.npz")
    with pytest.raises(DataError, match="array 'one' is a single value"):
        number_of_examples(facts, ["one"], "d.npz")
    with pytest.raises(DataError, match=r"array 'labels' not found in d.npz; it has 'x', 'y', 'short', 'one'"):
        number_of_examples(facts, ["labels"], "d.npz")
