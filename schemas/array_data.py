"""A person's own arrays, images and texts."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Items, Node, defaults_of
from schemas.column_splits import ListedSplits
from schemas.data_base import Color, DataBase, FilePath, FilePattern, Fit, ImageSize, Label, Ngrams, Shares, several
from schemas.later import is_none, is_one, is_words
from schemas.tagged import by_tag


class FileData(DataBase):
    """What sources of a person's own files share."""

    splits: Shares = Field(default_factory=defaults_of(Shares))
    """How the examples are divided. A part with its own arrays or folder is used as a whole: its share does not count,
    and training keeps the rest where ``train`` is omitted."""

    @property
    def called(self) -> str:
        """How messages and plans call the data: by its file or folder."""
        named = (several(getattr(self, key, None)) for key in ("file", "folder", "files", "source"))
        return next(names[0] for names in named if names)

    def has_own(self, part: str) -> bool:
        """Whether a part is known to have arrays of its own."""
        return getattr(self, part, None) is not None


Arrays = Label | Annotated[Items[Label], Field(min_length=2, max_length=100)]
"""One array of targets, or for several outputs a list of them."""
Columns = Label | Annotated[Items[Label], Field(min_length=2, max_length=100)]
"""One column of targets, or several."""


class PartArrays(Node):
    """The arrays of one part."""

    inputs: Label
    """Array of inputs: its name in the npz file, or the path of an npy file."""
    target: Arrays
    """Array of targets, likewise; for several outputs a list of them, in the order used for the training part."""
    weight: Label | None = Field(default=None, exclude_if=is_none)
    """Array of weights, likewise; by default every example of the part has weight 1."""


class NpzData(FileData):
    """Arrays of one npz file, or of npy files, which are read from the disk by position."""

    source: Literal["npz"]
    file: FilePath | None = None
    """The npz file. Without it, ``inputs`` and ``target`` are the paths of npy files."""
    inputs: Label | None = None
    """Array of inputs, one example after another along the first axis."""
    target: Arrays | None = None
    """Array of targets: whole numbers or words for classification, numbers for regression, of shape (n,), or (n, k) for
    k numbers per example; 0 and 1 of shape (n, k) for multi_label. For multi_output a list of arrays of shape (n,), or
    (n, k) for labels; each output has the name of its array."""
    weight: Label | None = Field(default=None, exclude_if=is_none)
    """Array with a weight for each example, 0 or more. The loss of a batch is Σ wᵢ · lossᵢ / examples, as in Keras, in
    training, validation and test; metrics are not weighted."""
    train: PartArrays | None = None
    """Arrays for training, in place of ``inputs`` and ``target``."""
    validation: PartArrays | None = None
    """Arrays evaluated after every epoch; by default a share of the training arrays."""
    test: PartArrays | None = None
    """Arrays evaluated once, at the end; by default a share of the training arrays."""

    @property
    def targets(self) -> tuple[str, ...]:
        """Arrays of targets that train."""
        return several(self.target if self.train is None else self.train.target)


class ImagesData(FileData):
    """Images: a folder of files for each class, paths in a CSV file, or Arrow and Parquet files that hold them."""

    source: Literal["images"]
    splits: ListedSplits = Field(default_factory=defaults_of(ListedSplits))
    """How the examples are divided. A part with its own folder is used as a whole: its share does not count, and
    training keeps the rest where ``train`` is omitted."""
    folder: FilePath | None = None
    """Folder with a folder for each class, or with ``train``, ``validation`` and ``test``, each with such folders."""
    file: FilePath | None = None
    """CSV file with a row for each image, in place of ``folder``; paths start from its folder."""
    files: FilePattern | Annotated[Items[FilePattern], Field(min_length=1, max_length=1000)] | None = Field(
        default=None, exclude_if=is_none
    )
    """Arrow or Parquet files that contain images, in place of ``folder``, such as datasets saved by Hugging Face: a
    path, a pattern such as ``birds/*/*.arrow``, or a list. The names of files or folders may name the parts."""
    column: Label | None = Field(default=None, exclude_if=is_none)
    """Column of the images in ``files``; by default the one that contains images."""
    path: Label = "path"
    """Column of the paths."""
    target: Columns = "label"
    """Column of the classes, or of the numbers of a regression, also in ``files``. In ``file`` it may be a list:
    several numbers, the labels of ``task: multi_label`` (0 or 1, no or yes), or the targets of several outputs."""
    weight: Label | None = Field(default=None, exclude_if=is_none)
    """Column with a weight for each example, 0 or more: how much it counts in the loss, as for tables."""
    size: ImageSize | None = None
    """Height and width that the model sees. By default all images must have the same size."""
    fit: Fit = "crop"
    """How an image with other proportions is fitted: by cropping, by black bars, or by distortion."""
    color: Color | None = None
    """Channels. By default grey if no image has colors."""
    on_error: Literal["fail", "skip"] = "fail"
    """``skip`` leaves out images that cannot be decoded, counts and names them; every file is then decoded once more
    when the run is planned."""

    @property
    def targets(self) -> tuple[str, ...]:
        """Columns that are predicted."""
        return several(self.target)


class TextData(FileData):
    """Texts: a folder of .txt files for each class, or a column of a CSV file; for a language model .txt files."""

    source: Literal["text"]
    splits: ListedSplits = Field(default_factory=defaults_of(ListedSplits))
    """How the examples are divided. A part with its own folder is used as a whole: its share does not count, and
    training keeps the rest where ``train`` is omitted."""
    folder: FilePath | None = None
    """Folder with a folder for each class, or with ``train``, ``validation`` and ``test``, each with such folders. For
    a language model a folder of .txt files, in folders of any names, or of those of the parts."""
    file: FilePath | None = None
    """CSV file with a row for each text, in place of ``folder``. For a language model also a .txt file, of which the
    parts follow one another: it trains on the beginning, and is tested on the end."""
    text: Label = "text"
    """Column of the texts."""
    target: Columns = "label"
    """Column of the classes, or of the numbers of a regression; or a list: several numbers, the labels of ``task:
    multi_label`` (0 or 1, no or yes), or the targets of several outputs."""
    weight: Label | None = Field(default=None, exclude_if=is_none)
    """Column with a weight for each example, 0 or more: how much it counts in the loss, as for tables."""
    vocabulary: Annotated[int, Field(ge=1, le=1_000_000)] = 20_000
    """Largest number of words that the model knows: the most frequent ones in the training part, ties in alphabetical
    order."""
    length: Annotated[int, Field(ge=1, le=100_000)] | None = None
    """Number of words per text, for ``output: int``: longer texts are cut, shorter ones are padded with zeros. For a
    language model, the number of tokens in a sequence, all that it sees before the next one; 64 by default."""
    tokens: Literal["words", "characters"] = Field(default="words", exclude_if=is_words)
    """What a language model predicts one after another. ``words``: in small letters and without punctuation.
    ``characters``: as they stand in the text, blanks and line ends included."""
    ngrams: Ngrams = Field(default=1, exclude_if=is_one)
    """Largest number of neighbouring words that form one term: ``2`` adds pairs such as "not good" to the words, and
    the vocabulary keeps the most frequent terms. For ``output: int`` they follow all words of the text."""
    output: Literal["int", "multi_hot", "tf_idf"] = "int"
    """``int``: the numbers of the words in order, for an embedding. ``multi_hot``: whether each word occurs.
    ``tf_idf``: how often it does, times log(1 + texts/(1 + texts with the word))."""

    @property
    def targets(self) -> tuple[str, ...]:
        """Columns that are predicted."""
        return several(self.target)


BY_KIND = by_tag(NpzData | ImagesData | TextData, "source")
