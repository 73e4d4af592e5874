"""``source: images``: image files in a folder for each class or in the rows of a CSV file, or rows that hold them."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from runner.data.access import DataAccess
from runner.data.examples import Array, Dataset, Examples
from runner.data.facts import DataFacts
from runner.data.files import content_hash
from runner.data.images.held import HeldImage, ImageFile, called
from runner.data.images.image_files import image_folders, images_of_column
from runner.data.images.known import known_images
from runner.data.images.many import ImagesFacts, OnError, images_facts
from runner.data.images.table import ImageTable
from runner.data.known_files import KnownFiles
from runner.data.path_list import Paths
from runner.data.paths import named_files, named_folder
from runner.data.pixels.jpeg import JPEG_DECODER
from runner.data.placement import Placement
from runner.data.sample_weights import said_weights
from runner.data.sources.listed import Listed, Said, chosen, listed, manifest_hash
from runner.data.sources.listed_parts import listed_parts
from runner.data.sources.listed_targets import columns_of, read_targets, targets_said
from runner.data.sources.own_parts import ALL, sizes_of
from runner.data.sources.reading import Reading, dataset_of
from runner.data.splits.shares import Indices, Parts
from runner.data.targets import Targets, require_trained
from runner.errors import DataError, KeyPath
from schemas.array_data import ImagesData
from schemas.data_base import several
from schemas.recipe import Recipe


@dataclass(frozen=True)
class ImageDetails:
    """What loading needs of the facts."""

    images: ImageTable
    files: KnownFiles
    """The file of each image."""
    targets: Targets
    parts: Parts
    weights: Array | None = None

    def called(self, place: int) -> str:
        """An image by its place among those of all parts: ``cats/3.png``, or ``train/0.arrow: row 7``."""
        return f"{self.files.paths[place].parent.name}/{self.images.name(place)}"


@dataclass(frozen=True)
class _Found:
    """Images before they are opened."""

    images: Listed[ImageFile, Said]
    looked: Callable[[OnError], tuple[ImagesFacts, KnownFiles]]
    """What their headers say, and the file of each that can be read."""
    sha256: Callable[[KnownFiles, Sequence[Said]], str]
    """Of what the images at some places are, by their files and labels."""
    where: Callable[[ImageFile], str]
    weights: Sequence[str] | None = None
    """Of each image."""
    divides: Sequence[str] | None = None
    """Of each image, in the column that divides them."""


class ImagesSource:
    """Images with their labels."""

    def __init__(self, data: ImagesData, access: DataAccess, recipe: Recipe) -> None:
        self.data, self.access, self.recipe = data, access, recipe
        self.key = next((key for key in ("file", "files") if getattr(data, key) is not None), "folder")

    def facts(self, report: Callable[[str], None]) -> DataFacts:
        """Headers of all images, and a hash of the files; pixels are decoded only for ``on_error: skip``.

        Raises:
            DataError: a file is missing or broken, sizes differ, or the images cannot be divided.
        """
        try:
            found = {"file": self._table, "files": self._held, "folder": self._folder}[self.key]()
            headers, known = found.looked(self.data.on_error)
            files = chosen(found.images, headers.places)
        except DataError as error:
            place: KeyPath = ("data", self.key)
            raise DataError(
                str(error), *error.help, path=place if error.path == DataError.path else error.path
            ) from error
        divides = None if found.divides is None else [found.divides[k] for k in headers.places]
        targets, parts = self._divided(files, divides, found.where)
        said = None if found.weights is None else [found.weights[k] for k in headers.places]
        weights = said_weights(said, parts["train"], lambda place: found.where(files.paths[place]))
        height, width = self._size(headers)
        channels = self._channels(headers)
        sha256 = found.sha256(known, files.labels)
        return DataFacts(
            "images",
            self.data.called,
            sha256[:12],
            *sizes_of(parts),
            (height, width, channels),
            targets.classes,
            1,
            class_names=targets.names,
            sha256=sha256,
            remarks=(("images", f"{height} x {width}, {'grey' if channels == 1 else 'rgb'}{self._resized()}"),),
            left_out=headers.skipped,
            targets=targets.several,
            target_classes=targets.classes_of,
            labels=targets.labels,
            weighted=weights is not None,
            details=ImageDetails(headers.images, known, targets, parts, weights),
        )

    def load(self, facts: DataFacts, placement: Placement, seed: int) -> Dataset:
        """Decode all images once, or make ready to decode them as the model trains.

        Raises:
            DataError: a file has changed since the facts, or cannot be decoded.
        """
        details = facts.details
        assert isinstance(details, ImageDetails)
        details.files.require_same()
        return dataset_of(details.parts, lambda _: self._reading(facts, details), placement)

    def _folder(self) -> _Found:
        assert self.data.folder is not None
        root = named_folder(self.data.folder, self.access, ("data", "folder"))
        return _in_files(listed(image_folders(root)), root)

    def _table(self) -> _Found:
        data = self.data
        assert data.file is not None
        from runner.data.tables.strings import read_strings  # with pyarrow, which folders do without

        (table,) = named_files([data.file], self.access, ("data", "file"))
        columns = read_strings(table, columns_of(data, "path"), ("data", "file"))
        root = table.parent.resolve()
        paths = images_of_column(columns[data.path], root, table.name, data.path)
        weights = columns[data.weight] if data.weight is not None else None
        images = Listed(Paths.of(paths), targets_said(columns, data.targets), {ALL: np.arange(len(paths))})
        divides = columns[data.splits.column] if data.splits.column is not None else None
        return _in_files(images, root, weights, divides)

    def _held(self) -> _Found:
        from runner.data.sources.held_images import held_images

        paths = named_files(several(self.data.files), self.access, ("data", "files"))
        held = held_images(paths, self.data.column, self.data.targets[0], self.data.weight)

        def sha256(known: KnownFiles, labels: Sequence[Said]) -> str:
            said = [
                content_hash(held.files),
                self.data.column or "",
                *map(str, labels),
                *([self.data.weight] if self.data.weight else []),
                *(name for name in held.images.own),
            ]
            return hashlib.sha256("\0".join(said).encode()).hexdigest()

        def looked(on_error: OnError) -> tuple[ImagesFacts, KnownFiles]:
            headers = images_facts(held.images.paths, on_error)
            return headers, KnownFiles.of(held.files).at([int(held.file_of[k]) for k in headers.places])

        images = Listed[ImageFile, Said](held.images.paths, held.images.labels, held.images.own)
        return _Found(images, looked, sha256, called, held.weights)

    def _divided(
        self, files: Listed[ImageFile, Said], divides: Sequence[str] | None, called: Callable[[ImageFile], str]
    ) -> tuple[Targets, Parts]:
        def where(place: int) -> str:
            return called(files.paths[place])

        place: KeyPath = ("data", self.key if self.key == "folder" else "target")
        targets = read_targets(files.labels, self.data.targets, self.recipe, where, place)
        classes = targets.values if targets.names else None
        parts = listed_parts(files.own, divides, classes, self.data.splits, self.recipe.seed, where)
        require_trained(targets, parts, where, place)
        return targets, parts

    def _size(self, headers: ImagesFacts) -> tuple[int, int]:
        if self.data.size is not None:
            return self.data.size[0], self.data.size[1]
        try:
            return headers.size()
        except DataError as error:
            help = "write `size: [height, width]`, and `fit: crop`, `pad` or `stretch`"
            raise DataError(str(error), help, path=("data", "source")) from error

    def _channels(self, headers: ImagesFacts) -> int:
        grey = headers.grey if self.data.color is None else self.data.color == "grey"
        return 1 if grey else 3

    def _resized(self) -> str:
        return f", resized by {self.data.fit}" if self.data.size is not None else ""

    def _reading(self, facts: DataFacts, details: ImageDetails) -> Reading:
        def blocks(asked: Iterator[Indices]) -> Iterator[Examples]:
            from runner.data.pixels.images import Images
            from runner.data.pixels.parallel_decoding import decoded_blocks

            size = (facts.shape[0], facts.shape[1]) if self.data.size is not None else None
            how = {"crop": "crop", "pad": "pad", "stretch": "fit"}[self.data.fit]
            held = self.key == "files"
            own = None if held else details.files  # compared as they are read
            images = Images(details.images, facts.shape[2], size, how, own)  # type: ignore[arg-type]
            for block, pixels in decoded_blocks(images, facts.shape, asked):
                if held:
                    details.files.require_same(block)
                weight = None if details.weights is None else details.weights[block]
                yield Examples(pixels, details.targets.values[block], weight)

        jpeg = details.images.has("JPEG")
        identity = f"{facts.sha256} {JPEG_DECODER}" if jpeg else str(facts.sha256)
        return Reading(blocks, facts.shape, np.dtype(np.uint8), details.targets.values, identity, facts.weighted)


def _in_files(
    images: Listed[Path, Said] | Listed[Path, str],
    root: Path,
    weights: Sequence[str] | None = None,
    divides: Sequence[str] | None = None,
) -> _Found:
    """Images that are files, under a folder."""
    more = {"weights": weights, "divides": divides}

    def sha256(known: KnownFiles, labels: Sequence[Said]) -> str:
        return manifest_hash(known, labels, root, {name: said for name, said in more.items() if said is not None})

    return _Found(
        Listed[ImageFile, Said](images.paths, images.labels, images.own),
        lambda on_error: known_images(images.paths, on_error),
        sha256,
        lambda file: called(file) if isinstance(file, HeldImage) else str(file.relative_to(root)),
        weights,
        divides,
    )
