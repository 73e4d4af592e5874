"""What the plan must know about the data, without reading the data."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from runner.errors import DataError
from schemas.data import BuiltinData, Fallback
from schemas.samples import SAMPLES

_VERSION = "1"
"""Of the built-in samples."""
_TARGET = 4
"""Bytes of a class, of a number to predict, or of a weight."""


@dataclass(frozen=True)
class ColumnFacts:
    """A column of a table, as a plan shows it."""

    name: str
    type: str
    role: str
    """``target``, ``weight``, ``input``, ``split``, ``time``, ``target, input``, or ``not used``."""
    missing: int
    """Rows without a value."""
    distinct: int | None
    """Values that differ; None: more than are counted."""
    width: int
    """Numbers that the recipe's first layer receives of it."""
    note: str
    """What becomes of it, or why it is not used."""
    hint: str = ""
    """What its words are most likely meant to be, where a recipe can say so; empty: nothing else."""


@dataclass(frozen=True)
class ImageInput:
    """Images of a column, in what the recipe's first layer receives of a row."""

    name: str
    """Of the column."""
    first: int
    """Place of the first pixel; the others follow it."""
    shape: tuple[int, int, int]
    """Height, width and channels."""


@dataclass(frozen=True)
class DataFacts:
    """Metadata of the examples that train."""

    source: str
    name: str
    version: str
    train: int
    """Number of training examples."""
    validation: int
    """Number of validation examples; 0: none."""
    test: int
    """Number of test examples; 0: none."""
    shape: tuple[int, ...]
    """Shape of one input, without the batch axis."""
    classes: int | None
    """Number of classes; None for regression."""
    bytes_per_value: int = 4
    """Size of one stored input value: 1 for images kept as uint8."""
    class_names: tuple[str, ...] = ()
    """Names of the classes in their order, where the data has them."""
    sha256: str = ""
    """Of everything that the examples depend on besides the recipe, where they are a person's own files."""
    columns: tuple[ColumnFacts, ...] = ()
    """Of a table, in its order."""
    encoded: tuple[int, ...] | None = None
    """Shape of one input behind the layers that the source puts before the recipe's; None: there are none."""
    vocabulary: int | None = None
    """How many different numbers a sequence of words may have; None where inputs are no such numbers."""
    remarks: tuple[tuple[str, str], ...] = ()
    """What else a plan shows of the data: a word, and what there is to say."""
    left_out: tuple[str, ...] = ()
    """Files that are not used, and why: where the recipe says ``on_error: skip``."""
    weighted: bool = False
    """Whether each example has a weight."""
    targets: tuple[str, ...] = ()
    """Names of the numbers or labels that are predicted of an example; empty where there is one target."""
    target_classes: tuple[tuple[str, ...], ...] | None = None
    """For several outputs the names of the classes of each target, none of a number; None: a model has one output."""
    labels: bool = False
    """Whether targets are labels, each 0 or 1."""
    tokens: tuple[str, ...] = ()
    """Of a language model what each number stands for, in their order; empty of other data."""
    shared: int | None = None
    """Bytes of all examples in memory where that is less than they have apart: windows of a series have values in
    common, and pixels of a table's images are bytes; None: it is not."""
    features: tuple[tuple[str, tuple[int, ...]], ...] = ()
    """Names of columns, and the places along the last axis of what each becomes before the recipe's first layer; empty
    where inputs are no rows of named columns."""
    images: tuple[ImageInput, ...] = ()
    """Columns of images of a table, of which ``features`` says nothing."""
    details: object = field(default=None, compare=False, repr=False)
    """What the source itself found and needs again to load the examples."""

    @property
    def next_token(self) -> bool:
        """Whether an example has a target for each of its steps: the number of the token that comes next."""
        return bool(self.tokens)

    @property
    def task(self) -> Literal["classification", "language_model", "regression", "multi_label", "multi_output"]:
        """What the targets are for."""
        if self.next_token:
            return "language_model"
        if self.target_classes is not None:
            return "multi_output"
        return "multi_label" if self.labels else "regression" if self.classes is None else "classification"

    def of_each_target(self) -> Iterator[tuple[str, "DataFacts"]]:
        """The targets of several outputs by name, each with the facts of data that has it alone; of others none."""
        if self.target_classes is None:
            return
        for name, names in zip(self.targets, self.target_classes, strict=True):
            yield name, replace(self, targets=(), target_classes=None, classes=len(names) or None, class_names=names)

    @property
    def output_names(self) -> tuple[str, ...]:
        """Names of what a trained model gives: of the classes, or of several numbers or labels."""
        return self.targets or self.class_names

    @property
    def layer_input(self) -> tuple[int, ...]:
        """Shape of what the recipe's first layer receives, without the batch axis."""
        return self.shape if self.encoded is None else self.encoded

    @property
    def identity(self) -> str:
        """What enters the fingerprint: the label, and the content of a person's own files."""
        return f"{self.label} {self.sha256}" if self.sha256 else self.label

    @property
    def label(self) -> str:
        """Such as ``tfds mnist 3.0.1``."""
        return f"{self.source} {self.name} {self.version}"

    @property
    def bytes_per_example(self) -> int:
        """Of an input, its target and its weight, as they are stored."""
        steps = self.shape[0] if self.next_token else 1
        targets = len(self.targets) if self.labels else _TARGET * max(len(self.targets), steps)
        return math.prod(self.shape) * self.bytes_per_value + targets + self.weighted * _TARGET


def split_sizes(data: BuiltinData | Fallback, total: int) -> tuple[int, int, int]:
    """Training, validation and test examples of a sample of ``total`` examples.

    Raises:
        DataError: when the parts are empty or larger than the sample.
    """
    shares = data.splits
    for name, share in (("train", shares.train), ("validation", shares.validation), ("test", shares.test)):
        if share.unit != "%":
            raise DataError(f"data.splits.{name} is a share such as '80%', got '{share}'")
    sizes = shares.sizes(total)
    if min(sizes) < 0 or sizes[0] < 1 or shares.train.value + shares.validation.value + shares.test.value > 100 + 1e-9:
        raise DataError(
            f"data.splits of {data.name} ask for {shares.train} + {shares.validation} + {shares.test} "
            f"of {total} examples; the parts add up to at most 100% and leave at least one to train"
        )
    return sizes


def builtin_facts(data: BuiltinData | Fallback) -> DataFacts:
    """Facts of a built-in sample, from the table above."""
    sample = SAMPLES[data.name]
    train, validation, test = split_sizes(data, sample.examples)
    return DataFacts(
        "builtin",
        data.name,
        _VERSION,
        train,
        validation,
        test,
        sample.shape,
        sample.classes,
        1 if sample.image else 4,
        targets=sample.targets,
        features=tuple((name, (place,)) for place, name in enumerate(sample.features)),
    )
