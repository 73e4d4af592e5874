"""Images and texts that a CSV file lists are divided by its columns."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from runner.data.examples import Dataset, labels
from tests.data.test_own_files import Opened, fault

N = 40
CAMERAS = [f"camera {k // 4}" for k in range(N)]
"""Ten cameras with four pictures each."""
DAYS = [f"2026-{1 + k % 12:02d}-{1 + k // 12:02d}" for k in range(N)]
PARTS = ["train", "train", "val", "test", ""] * (N // 5)


def listing(folder: Path, source: str, **columns: list[str]) -> dict[str, Any]:
    """A CSV file of images or texts, with the place of each as the number that is predicted."""
    names = [f"{k}.png" if source == "images" else f"word{k} and more" for k in range(N)]
    if source == "images":
        for k, name in enumerate(names):
            Image.fromarray(np.full((2, 2), k, np.uint8)).save(folder / name)
    columns = {"path" if source == "images" else "text": names, "place": [str(k) for k in range(N)], **columns}
    with (folder / "list.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(columns)
        rows.writerows(zip(*columns.values(), strict=True))
    return {"source": source, "file": "list.csv", "target": "place", "task": "regression"}


def places(dataset: Dataset) -> dict[str, list[int]]:
    """Which examples a part has, by their targets."""
    parts = {"train": dataset.train, "validation": dataset.validation, "test": dataset.test}
    return {name: labels(split).astype(int).tolist() for name, split in parts.items() if split is not None}


@pytest.fixture(params=["images", "text"])
def source(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_group_is_in_one_part(tmp_path: Path, source: str) -> None:
    data = listing(tmp_path, source, camera=CAMERAS)
    splits = {"by": "group", "column": "camera", "validation": "20%", "test": "20%"}
    found = places(Opened(tmp_path, **data, splits=splits).load())
    assert {name: len(held) for name, held in found.items()} == {"train": 24, "validation": 8, "test": 8}
    cameras = {name: {CAMERAS[k] for k in held} for name, held in found.items()}
    assert not (cameras["train"] & cameras["validation"] | cameras["train"] & cameras["test"])
    assert not cameras["validation"] & cameras["test"]


def test_folds_keep_groups_together_and_hold_each_out_once(tmp_path: Path, source: str) -> None:
    data, held = listing(tmp_path, source, camera=CAMERAS), list[int]()
    for fold in range(1, 5):
        splits = {"by": "group", "column": "camera", "test": "20%", "fold": f"{fold}/4"}
        found = places(Opened(tmp_path, **data, splits=splits).load())
        assert not {CAMERAS[k] for k in found["train"]} & {CAMERAS[k] for k in found["validation"]}
        held += found["validation"]
    assert sorted(held + found["test"]) == list(range(N))


def test_the_last_examples_in_time_are_the_test(tmp_path: Path, source: str) -> None:
    found = places(
        Opened(tmp_path, **listing(tmp_path, source, day=DAYS), splits={"by": "time", "column": "day"}).load()
    )
    ordered = [DAYS[k] for part in ("train", "validation", "test") for k in sorted(found[part], key=DAYS.__getitem__)]
    assert ordered == sorted(DAYS)


def test_times_with_zones_are_moments(tmp_path: Path) -> None:
    hours = [f"2026-01-01T12:{k:02d}:00{'+02:00' if k % 2 else '-03:00'}" for k in range(N)]
    data = listing(tmp_path, "text", hour=hours)
    found = places(Opened(tmp_path, **data, splits={"by": "time", "column": "hour", "test": "50%"}).load())
    assert all(k % 2 == 0 for k in found["test"]), "12 o'clock in UTC-3 is after 12 o'clock in UTC+2"


def test_a_column_says_the_part(tmp_path: Path, source: str) -> None:
    found = places(
        Opened(tmp_path, **listing(tmp_path, source, part=PARTS), splits={"by": "column", "column": "part"}).load()
    )
    assert found == {
        "train": [k for k in range(N) if PARTS[k] == "train"],
        "validation": [k for k in range(N) if PARTS[k] == "val"],
        "test": [k for k in range(N) if PARTS[k] == "test"],
    }


def test_added_examples_move_no_others(tmp_path: Path) -> None:
    ids, splits = [f"id{k}" for k in range(N)], {"by": "id", "column": "id", "validation": "20%", "test": "20%"}
    data = listing(tmp_path, "text", id=ids)
    before = places(Opened(tmp_path, **data, splits=splits).load())
    with (tmp_path / "list.csv").open("a") as file:
        file.writelines(f"one more,{N + k},new{k}\n" for k in range(N))
    after = places(Opened(tmp_path, **data, splits=splits).load())
    assert all(set(held) <= set(after[part]) for part, held in before.items())
    assert sum(map(len, after.values())) == 2 * N


def test_the_data_of_other_groups_is_other_data(tmp_path: Path) -> None:
    splits = {"by": "group", "column": "camera"}
    first = Opened(tmp_path, **listing(tmp_path, "images", camera=CAMERAS), splits=splits).facts.sha256
    assert Opened(tmp_path, **listing(tmp_path, "images", camera=CAMERAS[::-1]), splits=splits).facts.sha256 != first


@pytest.mark.parametrize(
    ("splits", "says", "helps"),
    [
        ({"by": "group", "column": "camera"}, "'camera'", "divided by group"),
        ({"by": "time", "column": "part"}, "'part' is 'train', which is neither a number nor a date", "ISO 8601"),
        ({"by": "column", "column": "part", "words": {"test": ["held out"]}}, "no row has 'held out'", ""),
        ({"by": "column", "column": "camera", "words": {"test": ["camera 1"]}}, "no row trains", "'camera 0'"),
        ({"by": "group", "column": "kamera"}, "column 'kamera' not found in list.csv", "did you mean 'camera'?"),
    ],
)
def test_a_column_that_cannot_divide_is_named(
    tmp_path: Path, source: str, splits: dict[str, Any], says: str, helps: str
) -> None:
    missing = splits["by"] == "group"
    cameras = ["", *CAMERAS[1:]] if missing else CAMERAS
    data = listing(tmp_path, source, camera=cameras, part=["train"] * N)
    error = fault(tmp_path, **data, splits=splits)
    assert says in str(error)
    assert helps in "\n".join(error.help)
    assert error.path == ("data", "splits", "column")
