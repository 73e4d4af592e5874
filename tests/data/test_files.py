"""Files of a source: found by patterns, known by content, watched for changes."""

import os
from pathlib import Path

import pytest

from runner.data.files import check_unchanged, content_hash, file_facts, found_files
from runner.errors import DataError


def test_patterns_mean_files_in_the_order_of_their_names_and_each_once(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    for name in ("b.csv", "a.csv", "deep/c.csv", "x.txt", "odd[1].csv"):
        (tmp_path / name).write_text(name)
    names = [str(p.relative_to(tmp_path)) for p in found_files(["x.txt", "**/*.csv", "a.csv", "odd[1].csv"], tmp_path)]
    assert names == ["x.txt", "a.csv", "b.csv", "deep/c.csv", "odd[1].csv"]


@pytest.mark.parametrize("pattern", ["none.csv", "*.parquet"])
def test_a_pattern_without_a_file_is_refused(tmp_path: Path, pattern: str) -> None:
    with pytest.raises(DataError) as caught:
        found_files([pattern], tmp_path)
    assert str(caught.value) == f"{pattern}: no such file"


def test_changes_are_noticed(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("one")
    facts = file_facts(path)
    check_unchanged([facts], read=True)
    os.utime(path, ns=(1, 1))
    check_unchanged([facts])  # touched, the content is the same
    path.write_text("two")
    with pytest.raises(DataError, match=r"a.csv has changed: the same size, other content"):
        check_unchanged([facts])
    os.utime(path, ns=(facts.modified, facts.modified))
    check_unchanged([facts])  # nothing to be seen without reading
    with pytest.raises(DataError, match="other content"):
        check_unchanged([facts], read=True)
    path.write_text("three")
    with pytest.raises(DataError, match="3 bytes then, 5 now"):
        check_unchanged([facts])
    path.unlink()
    with pytest.raises(DataError, match=r"a.csv can no longer be read"):
        check_unchanged([facts])


def test_the_hash_is_of_contents_in_their_order_and_not_of_names(tmp_path: Path) -> None:
    for name, text in (("a", "1"), ("b", "2"), ("c", "1")):
        (tmp_path / name).write_text(text)
    a, b, c = (file_facts(tmp_path / name) for name in "abc")
    assert content_hash([a, b]) == content_hash([c, b]) != content_hash([b, a])
    assert a.sha256 == "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b"
