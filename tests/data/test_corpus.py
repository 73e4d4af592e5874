"""A folder of texts for a language model: whole files, in their order, each in one part."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from runner.data.sources import corpus
from runner.data.splits.groups import by_size
from runner.data.text.tokens import END
from runner.errors import DataError
from tests.data.test_tokens import opened

THIRDS = {"train": "40%", "validation": "30%", "test": "30%"}


def write(folder: Path, **words: int) -> None:
    """Files of as many words as said; a double underscore in a name is a slash."""
    for name, count in words.items():
        path = folder / f"{name.replace('__', '/')}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(" ".join(f"{path.stem}{n}" for n in range(count)))


def read(folder: Path, /, **data: Any) -> tuple[dict[str, list[str]], Any]:
    """The texts of each part, by the tokens of what trains, validates and tests."""
    facts, dataset, details = opened(folder, folder="c", vocabulary=1000, **data)
    parts = {name: getattr(dataset, name) for name in ("train", "validation", "test")}
    return {
        name: [text.strip() for text in details.vocabulary.text(part.x.reshape(-1)).split(END)]
        for name, part in parts.items()
        if part is not None
    }, facts


def test_a_folder_is_read_in_the_order_of_its_paths_with_an_end_after_each_file(tmp_path: Path) -> None:
    write(tmp_path / "c", **{"b": 3, "a__z": 2, "a__b": 4, "a-c": 1})
    (tmp_path / "c" / "notes.md").write_text("not read")
    (tmp_path / "c" / ".hidden.txt").write_text("not read")
    found, facts = read(tmp_path, length=1, splits={"train": "100%", "validation": "0%", "test": "0%"})
    assert found == {"train": ["b0 b1 b2 b3", "z0 z1", "ac0", "b0 b1 b2"]}
    assert ("files", "train 4, none of them in two parts") in facts.remarks


def test_no_file_is_in_two_parts_and_parts_have_their_shares_of_the_words(tmp_path: Path) -> None:
    draw = np.random.default_rng(3)
    sizes = {f"f{chr(97 + n)}": int(draw.integers(20, 300)) for n in range(24)}
    write(tmp_path / "c", **sizes)
    _, facts = read(tmp_path, length=2, splits=THIRDS)
    texts = corpus.read_corpus(*_asked(tmp_path)).parts(_asked(tmp_path)[0], seed=0)
    names = {part: [text[0].decode()[:-1] for text in of] for part, of in texts.items()}
    assert sorted(name for of in names.values() for name in of) == sorted(sizes)
    assert all(of == sorted(of) for of in names.values())
    counts = {part: sum(sizes[name] for name in of) / sum(sizes.values()) for part, of in names.items()}
    assert counts == pytest.approx({"train": 0.4, "validation": 0.3, "test": 0.3}, abs=0.03)
    words = {name: sum(len(text) for text in of) for name, of in texts.items()}
    assert facts.train in range(words["train"] // 2 - 1, (words["train"] + 24) // 2 + 1)


def _asked(folder: Path) -> Any:
    from runner.data.access import DataAccess
    from schemas.array_data import TextData

    data = TextData.model_validate({"source": "text", "folder": "c", "splits": THIRDS, "batch_size": 8})
    return data, DataAccess().within(folder)


def test_folders_of_parts_are_taken_as_they_are(tmp_path: Path) -> None:
    write(tmp_path / "c", train__a=9, train__b=5, dev__c=6, test__deep__d=7)
    found, facts = read(tmp_path, length=3)
    assert {part: [text.split()[0] for text in of if text] for part, of in found.items()} == {
        "train": ["a0", "b0"], "validation": ["[UNK]"], "test": ["[UNK]"],
    }  # fmt: skip
    assert ("files", "train 2, validation 1, test 1, none of them in two parts") in facts.remarks
    write(tmp_path / "c", beside=3)
    with pytest.raises(DataError, match=r"c has folders of parts, and beside\.txt beside them"):
        opened(tmp_path, folder="c")


def test_what_the_files_are_called_and_hold_is_the_data(tmp_path: Path) -> None:
    write(tmp_path / "c", a=30, b=30, d=30)
    before = read(tmp_path)[1].sha256
    assert read(tmp_path)[1].sha256 == before
    os.rename(tmp_path / "c" / "d.txt", tmp_path / "c" / "e.txt")
    assert read(tmp_path)[1].sha256 != before


def test_a_folder_that_is_not_of_text_says_what_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "c").mkdir()
    os.mkfifo(tmp_path / "c" / "waits.txt")  # nothing is read of what is no file
    with pytest.raises(DataError, match=r"c has no \.txt file"):
        opened(tmp_path, folder="c")
    write(tmp_path / "c", a=90, b=9)
    with pytest.raises(DataError, match="3 parts need as many files, there are 2"):
        opened(tmp_path, folder="c")
    (tmp_path / "c" / "x.txt").write_bytes(b"caf\xe9")
    with pytest.raises(DataError, match=r"c/x\.txt is not in UTF-8: byte 0xe9 at place 3"):
        opened(tmp_path, folder="c")
    monkeypatch.setattr(corpus, "MOST", 20)
    with pytest.raises(DataError, match="of text; a language model reads at most"):
        opened(tmp_path, folder="c")


def test_files_of_different_sizes_are_given_where_most_is_lacking() -> None:
    sizes = [50, 1, 30, 9, 10]
    parts = by_size(sizes, {"train": 0.5, "validation": 0.3, "test": 0.2}, seed=1)
    assert {part: sum(sizes[k] for k in of) for part, of in parts.items()} == {
        "train": 50,
        "validation": 30,
        "test": 20,
    }
