"""``source: text`` for a language model: a text file, or a column of a CSV file, as sequences of tokens."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from runner.data.access import DataAccess
from runner.data.examples import Array, Dataset, Examples
from runner.data.facts import DataFacts
from runner.data.files import FileFacts, check_unchanged, file_facts
from runner.data.paths import named_files
from runner.data.placement import Placement
from runner.data.sources.listed_parts import listed_parts
from runner.data.sources.own_parts import ALL, PARTS, shares_of, sizes_of
from runner.data.sources.reading import Reading, dataset_of
from runner.data.splits.shares import Indices, Parts, sizes
from runner.data.text.text_files import read_texts
from runner.data.text.tokens import TokenVocabulary, fit_tokens, sequences, tokens_of
from runner.data.text.vocabulary import UNSEEN
from runner.errors import DataError, KeyPath
from schemas.array_data import TextData
from schemas.recipe import Recipe

LENGTH = 64
"""Tokens of a sequence, where the recipe gives no length."""
TEXT = ".txt"
"""End of the name of a file that is one text."""
_PLACE = ("data", "file")
Tokens = list[bytes]


@dataclass(frozen=True)
class TokenDetails:
    """What loading, and the saved model, need of the facts."""

    file: FileFacts
    vocabulary: TokenVocabulary
    length: int
    inputs: Array
    """Sequences of all parts, ``(n, length)``."""
    targets: Array
    parts: Parts


class LanguageSource:
    """Sequences of tokens, each with the token after it."""

    def __init__(self, data: TextData, access: DataAccess, recipe: Recipe) -> None:
        self.data, self.access, self.recipe = data, access, recipe

    def facts(self, report: Callable[[str], None]) -> DataFacts:
        """Read all texts, divide them, and fix the vocabulary by those that train.

        Raises:
            DataError: the file is missing or broken, or a part has too few tokens for a sequence.
        """
        assert self.data.file is not None
        length = self.data.length or LENGTH
        (path,) = named_files([self.data.file], self.access, _PLACE)
        file = file_facts(path)
        texts = self._texts(path)
        check_unchanged([file])
        ends = path.suffix != TEXT
        vocabulary = fit_tokens(texts["train"], self.data.tokens, self.data.vocabulary, ends=ends)
        rows = {part: vocabulary.row(found) for part, found in texts.items()}
        cut = {part: sequences(row, length) for part, row in rows.items()}
        for part, (inputs, _) in cut.items():
            if not len(inputs):
                _refuse(part, len(rows[part]), length)
        bounds = np.cumsum([0, *(len(inputs) for inputs, _ in cut.values())])
        parts = {part: np.arange(*pair) for part, pair in zip(cut, pairwise(bounds.tolist()), strict=True)}
        inputs, targets = (np.concatenate(arrays) for arrays in zip(*cut.values(), strict=True))
        return DataFacts(
            "text",
            self.data.called,
            file.sha256[:12],
            *sizes_of(parts),
            (length,),
            len(vocabulary.names),
            4,
            sha256=file.sha256,
            vocabulary=len(vocabulary.names),
            tokens=vocabulary.names,
            remarks=tuple(_remarks(vocabulary, rows, length)),
            details=TokenDetails(file, vocabulary, length, inputs, targets, parts),
        )

    def load(self, facts: DataFacts, placement: Placement, seed: int) -> Dataset:
        """The sequences of each part.

        Raises:
            DataError: the file has changed.
        """
        details = facts.details
        assert isinstance(details, TokenDetails)
        check_unchanged([details.file])

        def taken(places: Indices) -> Examples:
            return Examples(details.inputs[places], details.targets[places])

        reading = Reading(
            lambda asked: map(taken, asked), facts.shape, details.inputs.dtype, details.targets, facts.sha256
        )
        return dataset_of(details.parts, lambda _: reading, placement)

    def _texts(self, path: Path) -> dict[str, list[Tokens]]:
        """The tokens of each text of each part: rows of a table at random, or stretches of one text in their order."""
        (texts, divides), splits = _read(path, self.data, self.data.splits.column), self.data.splits
        if path.suffix == TEXT:
            return _stretches(texts[0], shares_of(splits, PARTS[1:]))
        own = {ALL: np.arange(len(texts))}
        parts = listed_parts(own, divides, None, splits, self.recipe.seed, lambda k: f"{path.name}: row {k + 1:,}")
        return {part: [texts[k] for k in places.tolist()] for part, places in parts.items()}


def sequences_of(path: Path, data: TextData, details: TokenDetails) -> Examples:
    """Another file as a trained language model takes it.

    Raises:
        DataError: it cannot be read, or has too few tokens for a sequence.
    """
    row = details.vocabulary.row(_read(path, data)[0])
    inputs, targets = sequences(row, details.length)
    if not len(inputs):
        raise DataError(f"{path.name} has {len(row):,} tokens, too few for a sequence of {details.length:,}")
    return Examples(inputs, targets)


def _read(path: Path, data: TextData, divides: str | None = None) -> tuple[list[Tokens], list[str] | None]:
    """The tokens of a text file, or of each row of a table with what the column says that divides the rows."""
    if path.suffix == TEXT:
        try:
            return [tokens_of(read_texts([path])[0], data.tokens)], None
        except DataError as error:
            raise DataError(str(error), *error.help, path=_PLACE) from error
    from runner.data.tables.strings import read_strings  # with pyarrow, which a text file does without

    named: dict[str, KeyPath] = {data.text: ("data", "text")}
    named |= {} if divides is None else {divides: ("data", "splits", "column")}
    columns = read_strings(path, named, _PLACE)
    texts = [tokens_of(text, data.tokens) for text in columns[data.text]]
    return texts, None if divides is None else columns[divides]


def _stretches(tokens: Tokens, shares: dict[str, float]) -> dict[str, list[Tokens]]:
    if not tokens:
        raise DataError("the text has no token", "name a file with text in it")
    try:
        ends = np.cumsum([0, *sizes(len(tokens), shares).values()]).tolist()
    except DataError as error:
        raise DataError(str(error), *error.help, path=("data", "splits")) from error
    return {part: [tokens[start:stop]] for part, (start, stop) in zip(shares, pairwise(ends), strict=True)}


def _refuse(part: str, count: int, length: int) -> None:
    raise DataError(
        f"the {part} part has {count:,} tokens; a sequence takes {length:,} and the one after them",
        "take a smaller `length`, or give the part a larger share in `splits`",
        path=("data", "length"),
    )


def _remarks(vocabulary: TokenVocabulary, rows: dict[str, Array], length: int) -> Iterator[tuple[str, str]]:
    """What a plan shows: the vocabulary, and how many tokens there are."""
    counts = ", ".join(f"{part} {(len(row) - 1) // length * length:,}" for part, row in rows.items())
    yield "vocabulary", f"{len(vocabulary.tokens):,} {vocabulary.kind} of the training part"
    yield "tokens", f"{counts}, in sequences of {length:,}"
    unseen = {part: float((row == UNSEEN).mean()) for part, row in rows.items() if (row == UNSEEN).any()}
    if unseen:
        yield "unknown", ", ".join(f"{share:.1%} of {part}" for part, share in unseen.items())
