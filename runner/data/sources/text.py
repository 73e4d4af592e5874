"""``source: text``: a folder of files for each class, or a column of a CSV file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from runner.data.access import DataAccess
from runner.data.examples import Array, Dataset, Examples
from runner.data.facts import DataFacts
from runner.data.files import FileFacts, check_unchanged, file_facts
from runner.data.paths import named_files, named_folder
from runner.data.placement import Placement
from runner.data.sample_weights import said_weights
from runner.data.sources.listed import Said, known_files, listed, manifest_hash
from runner.data.sources.listed_parts import listed_parts
from runner.data.sources.listed_targets import columns_of, read_targets, targets_said
from runner.data.sources.own_parts import ALL, sizes_of
from runner.data.sources.reading import Reading, dataset_of
from runner.data.splits.shares import Indices, Parts
from runner.data.targets import Targets, Where, require_trained
from runner.data.text.encoding import Encoding, fit_encoding
from runner.data.text.standard import words_of
from runner.data.text.text_files import read_texts, text_folders
from runner.errors import DataError, KeyPath
from schemas.array_data import TextData
from schemas.recipe import Recipe


@dataclass(frozen=True)
class _Found:
    """Texts as they lie in their files."""

    texts: Sequence[str]
    labels: Sequence[Said]
    own: dict[str, Indices]
    weights: Sequence[str] | None
    files: Sequence[FileFacts]
    sha256: str
    where: Where
    divides: Sequence[str] | None = None
    """Values of the column that divides the texts."""


@dataclass(frozen=True)
class TextDetails:
    """What loading needs of the facts."""

    texts: Sequence[str]
    files: Sequence[FileFacts]
    targets: Targets
    parts: Parts
    encoding: Encoding
    weights: Array | None


class TextSource:
    """Texts with their labels."""

    def __init__(self, data: TextData, access: DataAccess, recipe: Recipe) -> None:
        self.data, self.access, self.recipe = data, access, recipe

    def facts(self, report: Callable[[str], None]) -> DataFacts:
        """Read all texts, and fix the vocabulary by those that train: the model's size depends on it.

        Raises:
            DataError: a file or a column is missing or broken, or the texts cannot be divided.
        """
        found = self._table() if self.data.file is not None else self._folder()
        place: KeyPath = ("data", "target" if self.data.file is not None else "folder")
        targets = read_targets(found.labels, self.data.targets, self.recipe, found.where, place)
        classes = targets.values if targets.names else None
        parts = listed_parts(found.own, found.divides, classes, self.data.splits, self.recipe.seed, found.where)
        require_trained(targets, parts, found.where, place)
        encoding = fit_encoding([found.texts[k] for k in parts["train"]], self.data)
        if masks(self.recipe):
            require_words(found.texts, found.where)
        weights = said_weights(found.weights, parts["train"], found.where)
        return DataFacts(
            "text",
            self.data.called,
            found.sha256[:12],
            *sizes_of(parts),
            encoding.shape,
            targets.classes,
            encoding.dtype.itemsize,
            class_names=targets.names,
            sha256=found.sha256,
            targets=targets.several,
            target_classes=targets.classes_of,
            labels=targets.labels,
            weighted=weights is not None,
            vocabulary=encoding.numbers,
            remarks=(("vocabulary", described(encoding)),),
            details=TextDetails(found.texts, found.files, targets, parts, encoding, weights),
        )

    def load(self, facts: DataFacts, placement: Placement, seed: int) -> Dataset:
        """Encode the texts of each part, or make ready to encode them as the model trains.

        Raises:
            DataError: a file has changed.
        """
        details = facts.details
        assert isinstance(details, TextDetails)
        check_unchanged(details.files)
        return dataset_of(details.parts, lambda _: reading_of(details, facts), placement)

    def _table(self) -> _Found:
        data = self.data
        assert data.file is not None
        from runner.data.tables.strings import read_strings  # with pyarrow, which texts of other sources do without

        (path,) = named_files([data.file], self.access, ("data", "file"))
        facts = file_facts(path)
        columns = read_strings(path, columns_of(data, "text"), ("data", "file"))
        check_unchanged([facts])
        texts = columns[data.text]
        return _Found(
            texts,
            targets_said(columns, data.targets),
            {ALL: np.arange(len(texts))},
            columns[data.weight] if data.weight is not None else None,
            (facts,),
            facts.sha256,
            lambda k: f"{path.name}: row {k + 1:,}",
            columns[data.splits.column] if data.splits.column is not None else None,
        )

    def _folder(self) -> _Found:
        assert self.data.folder is not None
        root = named_folder(self.data.folder, self.access, ("data", "folder"))
        try:
            files = listed(text_folders(root))
            known, texts = known_files(files.paths), read_texts(files.paths)
        except DataError as error:
            raise DataError(str(error), *error.help, path=("data", "folder")) from error
        sha256 = manifest_hash(known, files.labels, root, {})
        return _Found(
            texts, files.labels, files.own, None, known, sha256, lambda k: str(files.paths[k].relative_to(root.parent))
        )


def masks(recipe: Recipe) -> bool:
    """Whether a layer masks what is behind the end of a text."""
    return any(getattr(layer, "mask_zero", False) for layer in recipe.model.layers)


def require_words(texts: Sequence[str], where: Where) -> None:
    """Of a text without words nothing is left behind a mask: its mean would be 0/0.

    Raises:
        DataError: one has none.
    """
    empty = next((k for k, text in enumerate(texts) if not words_of(text)), None)
    if empty is not None:
        raise DataError(
            f"{where(empty)}: the text has no word, and mask_zero leaves nothing of it",
            "remove the text, or remove `mask_zero`",
            path=("data",),
        )


def described(encoding: Encoding) -> str:
    """What a plan says of an encoding."""
    words = f"{len(encoding.words):,} words of the training part"
    return words if encoding.length is None else f"{words}, in sequences of {encoding.length:,}"


def reading_of(details: TextDetails, facts: DataFacts) -> Reading:
    """How the texts of a part are read by their places."""
    encoding, targets = details.encoding, details.targets.values

    def taken(places: Indices) -> Examples:
        weight = None if details.weights is None else details.weights[places]
        return Examples(encoding.encoded([details.texts[k] for k in places]), targets[places], weight)

    return Reading(
        lambda asked: map(taken, asked), facts.shape, encoding.dtype, targets, str(facts.sha256), facts.weighted
    )
