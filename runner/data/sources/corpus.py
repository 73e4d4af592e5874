"""The texts of a language model: a .txt file, the .txt files of a folder, or a column of a CSV file."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from runner.data.access import DataAccess
from runner.data.files import FileFacts, check_unchanged, file_facts, total_size
from runner.data.folders import document_files
from runner.data.path_list import Paths
from runner.data.paths import named_files, named_folder
from runner.data.sources.listed import known_files, manifest_hash
from runner.data.sources.listed_parts import listed_parts
from runner.data.sources.own_parts import ALL, PARTS, divided, shares_of
from runner.data.splits.groups import by_size
from runner.data.splits.shares import Indices, Parts, sizes
from runner.data.text.text_files import ENDINGS, read_texts
from runner.data.text.tokens import tokens_of
from runner.errors import DataError, KeyPath
from schemas.array_data import TextData

Tokens = list[bytes]
MOST = 1 << 30
"""Bytes of all texts: their tokens are in memory while they are numbered, at up to 60 bytes each."""
_FILE, _FOLDER, _SPLITS = ("data", "file"), ("data", "folder"), ("data", "splits")


@dataclass(frozen=True)
class Corpus:
    """Texts as they lie in their files.

    Attributes:
        texts: the tokens of each, those of a folder in the order of their paths.
        own: places of the texts by the folder of the part that they lie in, or all of them under ``all``.
        files: where they are from.
        sha256: of the files.
        called: what one of several texts is called; empty for one that is not divided by texts but in its order.
        divides: of each text what the column says that divides them.
    """

    texts: list[Tokens]
    own: dict[str, Indices]
    files: Sequence[FileFacts]
    sha256: str
    called: str = ""
    divides: Sequence[str] | None = None

    def parts(self, data: TextData, seed: int) -> dict[str, list[Tokens]]:
        """The texts of each part: whole ones, of which none is in two parts, or stretches of the only one in its order.

        Raises:
            DataError: they cannot be divided so.
        """
        if not self.called:
            return _stretches(self.texts[0], shares_of(data.splits, PARTS[1:]))
        if data.folder is not None and data.splits.fold is None:
            found = self._by_size(data, seed)
        elif data.folder is not None:
            found = divided(self.own, None, data.splits, seed)
        else:
            name = self.files[0].path.name
            found = listed_parts(self.own, self.divides, None, data.splits, seed, lambda k: f"{name}: row {k + 1:,}")
        return {part: [self.texts[k] for k in found[part].tolist()] for part in PARTS if part in found}

    def _by_size(self, data: TextData, seed: int) -> Parts:
        """Whole files, so that parts without a folder of their own have about their shares of the tokens."""
        pool = self.own[ALL] if ALL in self.own else self.own["train"]
        given = {part: self.own[part] for part in PARTS[1:] if part in self.own}
        shares = shares_of(data.splits, [part for part in PARTS[1:] if part not in given])
        if list(shares) == ["train"] and shares["train"] == 1:
            return {"train": pool, **given}
        try:
            found = by_size([len(self.texts[k]) for k in pool.tolist()], shares, seed)
        except DataError as error:
            raise DataError(str(error), *error.help, path=_SPLITS) from error
        return {part: pool[places] for part, places in found.items()} | given


def read_corpus(data: TextData, access: DataAccess) -> Corpus:
    """Read what a recipe names.

    Raises:
        DataError: a file or a column is missing or broken, or there is too much text.
    """
    if data.folder is not None:
        return _folder(named_folder(data.folder, access, _FOLDER), data)
    assert data.file is not None
    (path,) = named_files([data.file], access, _FILE)
    file = file_facts(path)
    texts, divides = _file(path, data, data.splits.column)
    check_unchanged([file])
    called = "" if path.suffix in ENDINGS else "rows"
    return Corpus(texts, {ALL: np.arange(len(texts))}, [file], file.sha256, called, divides)


def texts_at(path: Path, data: TextData) -> list[Tokens]:
    """The tokens of the texts of another file, or of a folder, in the order of their paths.

    Raises:
        DataError: they cannot be read.
    """
    return _folder(path, data).texts if path.is_dir() else _file(path, data)[0]


def _folder(root: Path, data: TextData) -> Corpus:
    try:
        found = document_files(root, ENDINGS)
        paths = Paths([path for part in found.values() for path in part])
        _require_little(paths.texts, root.name)
        known, texts = known_files(paths), read_texts(paths)
    except DataError as error:
        raise DataError(str(error), *error.help, path=_FOLDER) from error
    bounds = np.cumsum([0, *map(len, found.values())]).tolist()
    own = {part: np.arange(*pair) for part, pair in zip(found, pairwise(bounds), strict=True)}
    sha256 = manifest_hash(known, [""] * len(paths), root, {})
    return Corpus([tokens_of(text, data.tokens) for text in texts], own, known, sha256, "files")


def _file(path: Path, data: TextData, divides: str | None = None) -> tuple[list[Tokens], list[str] | None]:
    """The tokens of a text file, or of each row of a table with what the column says that divides the rows."""
    if path.suffix in ENDINGS:
        try:
            _require_little([str(path)], path.name)
            return [tokens_of(read_texts([path])[0], data.tokens)], None
        except DataError as error:
            raise DataError(str(error), *error.help, path=_FILE) from error
    from runner.data.tables.strings import read_strings  # with pyarrow, which a text file does without

    named: dict[str, KeyPath] = {data.text: ("data", "text")}
    named |= {} if divides is None else {divides: ("data", "splits", "column")}
    columns = read_strings(path, named, _FILE)
    texts = [tokens_of(text, data.tokens) for text in columns[data.text]]
    return texts, None if divides is None else columns[divides]


def _require_little(paths: Sequence[str], name: str) -> None:
    size = total_size(paths)
    if size > MOST:
        raise DataError(
            f"{name} has {size / (1 << 30):.1f} GiB of text; a language model reads at most {MOST >> 30} GiB",
            "take a part of it",
        )


def _stretches(tokens: Tokens, shares: dict[str, float]) -> dict[str, list[Tokens]]:
    if not tokens:
        raise DataError("the text has no token", "name a file with text in it")
    try:
        ends = np.cumsum([0, *sizes(len(tokens), shares).values()]).tolist()
    except DataError as error:
        raise DataError(str(error), *error.help, path=_SPLITS) from error
    return {part: [tokens[start:stop]] for part, (start, stop) in zip(shares, pairwise(ends), strict=True)}
