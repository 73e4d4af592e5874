"""A first recipe for a folder: of images or texts by class, or with a dataset of Hugging Face."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from runner.data.files import found_files
from runner.data.folders import Folders
from runner.data.images.facts import ENDINGS
from runner.data.images.held import ImageFile
from runner.data.images.image_files import image_folders
from runner.data.images.many import ImagesFacts, images_facts
from runner.data.sources.held_images import held_images
from runner.data.tables.source import ARROW, PARQUET
from runner.data.text.standard import words_of
from runner.data.text.text_files import read_texts, text_folders
from runner.errors import DataError
from runner.source.editing.emit import to_flow
from runner.workflows.hub_columns import Note, image_column
from runner.workflows.new_recipe import heading, written
from runner.workflows.new_start import start_of
from runner.workflows.new_training import Aim, epochs, training

Kind = Literal["hub", "images", "text"]
_SIDE = 64
"""Pixels to which images of different or of larger sizes are brought."""
_WORDS = 500
"""Most words of a sequence that are suggested."""


@dataclass(frozen=True)
class _Examples:
    """What a recipe of examples with one label each is written from."""

    labels: Sequence[str]
    parts: frozenset[str]
    """That have files of their own."""

    @property
    def aim(self) -> Aim:
        """To tell the classes apart."""
        return Aim("classification", max(Counter(self.labels).values()) / len(self.labels), len(self.labels))

    def training(self) -> Iterator[str]:
        """What ends the recipe."""
        yield from (*training(self.aim, epochs(len(self.labels))), *self.aim.expected())


def kind_of(folder: Path) -> Kind:
    """What a folder holds.

    Raises:
        DataError: none of what is read from folders.
    """
    for path in sorted(folder.rglob("*")):
        suffix = path.suffix.lower()
        if suffix in (*ARROW, *PARQUET):
            return "hub"
        if suffix in ENDINGS:
            return "images"
        if suffix == ".txt":
            return "text"
    raise DataError(f"{folder.name} holds no images, no .txt files, and no Arrow or Parquet files")


def written_folder(folder: Path, targets: Sequence[str], shown: str, output: str, root: Path | None, note: Note) -> str:
    """The recipe's text.

    Args:
        folder: that is looked at.
        targets: columns that are predicted, of a dataset of Hugging Face; ``label`` if there is none.
        shown: the folder, as the recipe names it.
        output: name of the recipe's file, for the line that says how to run it.
        root: folder that must be allowed because the data lies outside of the recipe's.
        note: is told of a choice between columns.

    Raises:
        DataError: the folder holds nothing that can be used.
    """
    kind = kind_of(folder)
    if kind == "hub":
        return _hub(folder, targets, shown, output, root, note)
    if targets:
        raise DataError("the folders are the classes, so that there is no column to predict", "leave out --target")
    lines = _images(folder, shown, output, root) if kind == "images" else _texts(folder, shown, output, root)
    return "\n".join([*lines, ""])


def _hub(folder: Path, targets: Sequence[str], shown: str, output: str, root: Path | None, note: Note) -> str:
    pattern = pattern_of(folder)
    paths = found_files([pattern], folder)
    target = targets[0] if targets else "label"
    column = image_column(paths[0], folder.name, target, note)
    if column is None:
        return written(start_of(paths, targets or ["label"]), f"{shown}/{pattern}", output, root)
    if len(targets) > 1:
        raise DataError("images have one target", "give --target once")
    held = held_images(paths, column, target)
    facts = images_facts(held.images.paths)
    keys = [f"files: {to_flow(f'{shown}/{pattern}')}", f"column: {to_flow(column)}"]
    keys += [f"target: {to_flow(targets[0])}"] if targets else []
    found = _Examples(held.images.labels, frozenset(held.images.own) - {"all"})
    return "\n".join([*_of_images(found, facts, keys, output, root), ""])


def pattern_of(folder: Path) -> str:
    """Of the files of a dataset; what the library keeps beside them, such as ``cache-….arrow``, is not of it."""
    for suffix in (*ARROW, *PARQUET):
        names = [path.name for path in folder.rglob(f"*{suffix}")]
        if names:
            begins = "data-" if any(name.startswith("data-") for name in names) and suffix in ARROW else ""
            return f"**/{begins}*{suffix}"
    raise DataError(f"{folder.name} holds no Arrow or Parquet files")


def _images(folder: Path, shown: str, output: str, root: Path | None) -> Iterator[str]:
    found = image_folders(folder)
    files: list[ImageFile] = [path for part in found.parts.values() for path in part.paths]
    yield from _of_images(_labelled(found), images_facts(files), [f"folder: {to_flow(shown)}"], output, root)


def _labelled(folders: Folders) -> _Examples:
    labels = [folders.classes[label] for part in folders.parts.values() for label in part.labels]
    return _Examples(labels, frozenset(folders.parts) - {"all"})


def _of_images(
    found: _Examples, facts: ImagesFacts, keys: Sequence[str], output: str, root: Path | None
) -> Iterator[str]:
    yield from _head(found, "images", output, root)
    yield from ("data:", "  source: images", *(f"  {key}" for key in keys))
    sizes = {(image.height, image.width) for image in facts.images}
    side = min(next(iter(sizes)) if len(sizes) == 1 else (_SIDE, _SIDE))
    if len(sizes) > 1 or max(next(iter(sizes))) > 4 * _SIDE:
        yield f"  size: [{_SIDE}, {_SIDE}]  # of {len(sizes):,} size{'s' * (len(sizes) > 1)}; cut at the sides"
        side = _SIDE
    yield from (
        "  scale: 1/255",
        "  # augment: [{kind: flip}, {kind: crop, padding: 4}]  # if classes stay what they are",
    )
    yield from _splits(found)
    yield from ("model:", "  kind: sequential", "  layers:")
    yield from convolution_layers(side)
    yield from found.training()


def convolution_layers(side: int) -> Iterator[str]:
    """Layers for images.

    Args:
        side: pixels of the shorter side.
    """
    for filters in (16, 32)[: 1 + (side >= 16)]:
        yield f"    - {{kind: conv2d, filters: {filters}, kernel_size: 3, padding: same, activation: relu}}"
        yield from ["    - {kind: max_pooling2d}"] if side >= 4 else []
    yield "    - {kind: global_average_pooling2d}"
    yield "    - {kind: dense, units: 32, activation: relu, kernel_initializer: he_normal}"


def _texts(folder: Path, shown: str, output: str, root: Path | None) -> Iterator[str]:
    folders = text_folders(folder)
    found = _labelled(folders)
    texts = read_texts(path for part in folders.parts.values() for path in part.paths)
    long = float(np.quantile([len(words_of(text)) for text in texts], 0.9))
    length = min(max(8 * math.ceil(long / 8), 8), _WORDS)
    yield from _head(found, "texts", output, root)
    yield from ("data:", "  source: text", f"  folder: {to_flow(shown)}")
    yield f"  length: {length}  # words; nine of ten texts have no more than {long:,.0f}"
    yield from _splits(found)
    yield from ("model:", "  kind: sequential", "  layers:", "    - {kind: embedding, output_dim: 32}")
    yield from ("    - {kind: global_average_pooling1d}", "    - {kind: dropout, rate: 0.3}")
    yield from found.training()


def _head(found: _Examples, what: str, output: str, root: Path | None) -> Iterator[str]:
    counts = Counter(found.labels)
    goal = f"tell the {len(counts):,} classes of {len(found.labels):,} {what} apart"
    yield from heading(goal, found.aim, output, root)


def _splits(found: _Examples) -> Iterator[str]:
    free = [part for part in ("validation", "test") if part not in found.parts]
    share = 20 if len(found.labels) < 1000 else 10
    if found.parts:
        yield f"  # {', '.join(sorted(found.parts, reverse=True))}: as their folders or files say"
    if free:
        yield f"  splits: {{{', '.join(f'{part}: {share}%' for part in free)}}}"
    yield f"  batch_size: {32 if len(found.labels) < 10_000 else 128}"
    yield ""
