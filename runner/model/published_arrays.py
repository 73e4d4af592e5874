"""The arrays in a file of published weights: Keras' older HDF5 form, read without Keras building anything from it."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import h5py
import numpy as np
from keras.src.legacy.saving.legacy_h5_format import load_attributes_from_hdf5_group
from keras.src.saving.saving_lib import safe_get_h5_dataset, safe_get_h5_group
from numpy.typing import NDArray

from runner.errors import PublishedUnusable
from runner.plan.published import PublishedWeights
from runner.text import printable

T = TypeVar("T")
Shapes = tuple[tuple[int, ...], ...]
_AGAIN = "restore it, or start a new run"


def published_arrays(weights: PublishedWeights) -> list[NDArray[Any]]:
    """All arrays of the file, in the order of the application's weights.

    The file's bytes are those of the plan: their SHA-256 is compared first, on the same open file.

    Raises:
        PublishedUnusable: the file is gone, has changed, or is not a file of weights.
    """
    arrays = _read(weights, lambda datasets: [np.asarray(dataset, np.float32) for dataset in datasets])
    if not all(np.isfinite(array).all() for array in arrays):
        raise PublishedUnusable(f"{_named(weights)} has weights that are not finite", path=weights.path)
    return arrays


def published_shapes(weights: PublishedWeights) -> Shapes:
    """Shapes of all arrays of the file, in the order of the application's weights.

    Raises:
        PublishedUnusable: as :func:`published_arrays`.
    """
    return _read(weights, lambda datasets: tuple(tuple(dataset.shape) for dataset in datasets))


def require_fits(weights: PublishedWeights, wanted: Sequence[tuple[int, ...]], found: Shapes) -> None:
    """The file has the weights of the application as it is built.

    Raises:
        PublishedUnusable: their number or shapes differ.
    """
    if len(wanted) != len(found):
        what = f"{len(found):,} arrays, and the application has {len(wanted):,} weights"
        raise PublishedUnusable(f"{_named(weights)} has {what}", path=weights.path)
    for number, (own, theirs) in enumerate(zip(wanted, found, strict=True)):
        if tuple(own) != theirs:
            what = f"has array {number + 1:,} of shape {list(theirs)}; the application's weight is {list(own)}"
            raise PublishedUnusable(f"{_named(weights)} {what}", path=weights.path)


def _read(weights: PublishedWeights, use: Callable[[list[Any]], T]) -> T:
    if weights.file is None:
        raise PublishedUnusable(
            f"{_named(weights)} is no longer on this machine, or has changed", _AGAIN, path=weights.path
        )
    try:
        with weights.file.open("rb") as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != weights.sha256:
                raise PublishedUnusable(
                    f"{_named(weights)} has changed since the run was planned", "start again", path=weights.path
                )
            with h5py.File(stream, "r") as file:
                datasets = list(_datasets(file))
                _require_no_more(datasets, weights.file.stat().st_size)
                return use(datasets)
    # what h5py raises for a file of another form, or a damaged one
    except (OSError, KeyError, ValueError, TypeError, AttributeError, RuntimeError) as error:
        said = printable(" ".join(str(error).split()))
        raise PublishedUnusable(f"{_named(weights)} is not a file of weights: {said}", path=weights.path) from error


def _datasets(file: Any) -> Iterator[Any]:
    """Layer by layer; Keras' own look-ups follow no link out of the file."""
    group = file if "layer_names" in file.attrs or "layer_names0" in file.attrs else file["model_weights"]
    for layer in load_attributes_from_hdf5_group(group, "layer_names"):
        part = safe_get_h5_group(group, layer)
        for name in load_attributes_from_hdf5_group(part, "weight_names"):
            yield safe_get_h5_dataset(part, name)


def _require_no_more(datasets: Sequence[Any], size: int) -> None:
    """Arrays that are read take no more memory than the file has bytes; Keras writes them as they are."""
    if any(dataset.dtype.kind not in "fiu" for dataset in datasets):
        raise ValueError("an array does not hold numbers")
    if sum(dataset.nbytes for dataset in datasets) > size:
        raise ValueError("its arrays are larger than the file")


def _named(weights: PublishedWeights) -> str:
    return printable(weights.name if weights.file is None else str(weights.file))
