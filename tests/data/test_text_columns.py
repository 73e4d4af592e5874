"""Columns of texts in a table: what is learnt of them, and what is said where they cannot be used."""

from pathlib import Path

import numpy as np
import pytest

from runner.data.statistics.text_treatment import FittedText
from runner.data.tabular.prepared import PreparedTable
from runner.errors import DataError
from tests.data.test_table_source import IN_MEMORY, facts, source

ALONE = {"x": {"type": "ignore"}}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECIPE_CACHE_DIR", str(tmp_path / "cache"))
    lines = ["review,x,said,part"]
    for n in range(100):
        said = "" if n % 10 == 9 else f"b a {'good Film' if n % 3 else 'poor film?'}" + " seldom" * (n % 5 == 4)
        lines.append(f"{'good' if n % 3 else 'bad'},{n % 7},{said},{['train', 'train', 'train', 'dev', 'test'][n % 5]}")
    (tmp_path / "t.csv").write_text("\n".join(lines) + "\n")
    return tmp_path


def test_the_vocabulary_is_of_the_training_part_and_ties_go_by_word(folder: Path) -> None:
    found = facts(folder, columns={"said": {"output": "multi_hot"}}, splits={"by": "column", "column": "part"})
    assert isinstance(found.details, PreparedTable)
    learnt = found.details.fitted["said"]
    assert isinstance(learnt, FittedText)
    assert learnt.encoding.words == ("a", "b", "film", "good", "poor")  # "seldom" is in the test part alone
    (said,) = (column for column in found.columns if column.name == "said")
    assert (said.role, said.width, said.note) == ("input", 6, "multi_hot, 5 words")
    assert found.shape == (1 + 6,)
    assert found.vocabulary is None


def test_a_missing_text_has_no_word_or_its_row_is_dropped(folder: Path) -> None:
    columns = {"said": {"output": "multi_hot", "vocabulary": 2}, **ALONE, "part": {"type": "ignore"}}
    train = source(folder, columns=columns).load(facts(folder, columns=columns), IN_MEMORY, 0).train
    assert train.x.shape[1] == 3
    assert 0 < (train.x.sum(axis=1) == 0).sum() <= facts(folder, columns=columns).columns[2].missing == 10
    columns["said"]["missing"] = "drop"
    found = facts(folder, columns=columns)
    assert found.train + found.validation + found.test == 90
    assert (source(folder, columns=columns).load(found, IN_MEMORY, 0).train.x.sum(axis=1) > 0).all()


def test_a_sequence_is_the_only_input(folder: Path) -> None:
    said = {"said": {"output": "int", "length": 3}}
    with pytest.raises(DataError, match="a sequence of words, the only input; there are also 'x', 'part'") as caught:
        facts(folder, columns=said)
    assert caught.value.place == ("data", "columns", "said", "output")
    columns = {**said, **ALONE, "part": {"type": "ignore"}}
    found = facts(folder, columns=columns)
    assert (found.shape, found.encoded, found.vocabulary) == ((3,), (3,), 8)
    train = source(folder, columns=columns).load(found, IN_MEMORY, 0).train
    assert set(np.unique(train.x[:, :2])) == {0, 2, 3}


def test_a_text_without_a_word_is_named_where_a_mask_would_leave_nothing(folder: Path) -> None:
    columns = {"said": {"output": "int"}, **ALONE, "part": {"type": "ignore"}}
    masked = source(folder, columns=columns)
    masked.masked = True
    with pytest.raises(DataError, match=r"t.csv: row \d+: column 'said' has no word, and mask_zero leaves nothing"):
        masked.facts(lambda _: None)
    columns["said"]["missing"] = "drop"
    masked = source(folder, columns=columns)
    masked.masked = True
    assert masked.facts(lambda _: None).train == 72


def test_a_column_without_a_word_is_named(folder: Path) -> None:
    (folder / "t.csv").write_text("review,x,said\n" + "good,1,?!\nbad,2,...\n" * 20)
    with pytest.raises(DataError, match="column 'said' has no word in the training part"):
        facts(folder, columns={"said": {"output": "tf_idf"}})
