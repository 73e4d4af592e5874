"""The file that an evaluation leaves in a run: read back exactly, or refused with what is wrong."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from runner.errors import NotPlain, RunError
from runner.record.kept_evaluation import (
    EvaluationFacts,
    KeptEvaluation,
    KeptExample,
    OutputFacts,
    beside,
    path_of,
    read_evaluation,
    to_bytes,
)

EXAMPLE = KeptExample(place=2, name="a.csv: row 3", target="no", said="yes 90.0%", values={"x": "1.5"})
FACTS: dict[str, Any] = {
    "fingerprint": "ab" * 32, "step": 40, "split": "test", "task": "classification", "data": "csv a.csv",
    "data_sha256": "cd" * 32, "examples": 3, "names": ("no", "yes"), "metrics": {"loss": 0.25}, "worst": (EXAMPLE,),
}  # fmt: skip
ARRAYS: dict[str, Any] = {
    "target": np.array([0, 1, 0], np.int32),
    "decided": np.array([0, 1, 1], np.int32),
    "confidence": np.array([0.8, 0.7, 0.9], np.float32),
    "truth": np.array([0.8, 0.7, 0.1], np.float32),
}


def written(folder: Path, facts: dict[str, Any] | None = None, **arrays: Any) -> Path:
    kept = KeptEvaluation(EvaluationFacts(**FACTS | (facts or {})), {**ARRAYS, **arrays})
    path = path_of(folder, "test")
    path.write_bytes(to_bytes(kept))
    return path


def test_it_is_read_back_exactly(tmp_path: Path) -> None:
    images = np.arange(64, dtype=np.uint8).reshape(1, 8, 8)
    found = read_evaluation(written(tmp_path, images=images))
    assert found.facts == EvaluationFacts(**FACTS)
    assert set(found.arrays) == {*ARRAYS, "images"}
    for name, array in {**ARRAYS, "images": images}.items():
        np.testing.assert_array_equal(found.arrays[name], array)
        assert found.arrays[name].dtype == array.dtype


FAULTS: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "another type": ({}, {"decided": np.zeros(3, np.int64)}, "decided is int64"),
    "another length": ({}, {"truth": np.zeros(2, np.float32)}, r"truth is float32 \(2,\), of 3 examples"),
    "no class": ({}, {"target": np.array([0, 2, 0], np.int32)}, "target has a class that is none of 2"),
    "below 0": ({}, {"decided": np.array([0, -1, 0], np.int32)}, "decided has a class"),
    "another array": ({}, {"more": np.zeros(3, np.float32)}, "its arrays are"),
    "large images": ({}, {"images": np.zeros((1, 97, 8), np.uint8)}, "images are"),
    "many images": ({}, {"images": np.zeros((2, 8, 8), np.uint8)}, "images are"),
    "no pixels": ({}, {"images": np.zeros((1, 0, 8), np.uint8)}, "images are"),
    "four colours": ({}, {"images": np.zeros((1, 8, 8, 4), np.uint8)}, "images are"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_no_evaluation_leaves_is_refused(tmp_path: Path, name: str) -> None:
    facts, arrays, message = FAULTS[name]
    with pytest.raises(RunError, match=message) as raised:
        read_evaluation(written(tmp_path, facts, **arrays))
    assert "recipe evaluate" in raised.value.help[0]


def test_every_flipped_or_missing_byte_is_found(tmp_path: Path) -> None:
    path = written(tmp_path)
    whole = path.read_bytes()
    for place in range(0, len(whole), 97):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(RunError):
            read_evaluation(path)
        path.write_bytes(whole[:place])
        with pytest.raises(RunError):
            read_evaluation(path)


def test_facts_are_held_to_their_types(tmp_path: Path) -> None:
    path = tmp_path / "evaluation-test.safetensors"
    kept = KeptEvaluation(EvaluationFacts.model_construct(**FACTS | {"step": -5, "examples": 3}), ARRAYS)
    path.write_bytes(to_bytes(kept))
    with pytest.raises(RunError, match="step"):
        read_evaluation(path)


def test_links_and_pipes_are_not_opened(tmp_path: Path) -> None:
    path = written(tmp_path)
    path.rename(tmp_path / "other")
    path.symlink_to(tmp_path / "other")
    with pytest.raises(NotPlain):
        read_evaluation(path)
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(NotPlain):
        read_evaluation(path)
    path.unlink()
    with pytest.raises(FileNotFoundError):
        read_evaluation(path)


SEVERAL: dict[str, Any] = {
    "task": "multi_output", "names": (), "worst": (), "outputs": (
        OutputFacts(output="ill", task="classification", names=("no", "yes"), threshold=0.3, metrics={"loss": 0.25}),
        OutputFacts(output="sky", task="multi_label", names=("wet", "cold"), threshold=(0.2, 0.9), metrics={}),
    ),
}  # fmt: skip
SKY = {"target": np.zeros((3, 2), np.uint8), "probability": np.full((3, 2), 0.5, np.float32)}


def several(folder: Path, facts: dict[str, Any], more: dict[str, Any]) -> Path:
    whole = EvaluationFacts(**{**FACTS, **SEVERAL, **facts})
    kept = beside(whole, {"ill": ARRAYS, "sky": SKY})
    path = path_of(folder, "test")
    path.write_bytes(to_bytes(KeptEvaluation(whole, {**kept.arrays, **more})))
    return path


def test_each_of_several_outputs_is_read_back_as_if_there_were_no_other(tmp_path: Path) -> None:
    found = read_evaluation(several(tmp_path, {}, {})).outputs
    assert found.keys() == {"ill", "sky"}
    assert (found["ill"].facts.task, found["sky"].facts.threshold) == ("classification", (0.2, 0.9))
    for name, arrays in (("ill", ARRAYS), ("sky", SKY)):
        assert found[name].arrays.keys() == arrays.keys()
        assert all(np.array_equal(found[name].arrays[key], array) for key, array in arrays.items())
    (alone,) = read_evaluation(written(tmp_path)).outputs.items()
    assert (alone[0], alone[1].facts) == ("", EvaluationFacts(**FACTS))


@pytest.mark.parametrize(
    ("facts", "arrays", "message"),
    [
        ({"outputs": ()}, {}, "its outputs are none"),
        ({"outputs": SEVERAL["outputs"][:1] * 2}, {}, "its outputs are ill, ill"),
        ({"outputs": SEVERAL["outputs"][:1]}, {}, "its arrays are ill.confidence"),
        ({"names": ("no",)}, {}, "its outputs are ill, sky"),
        ({}, {"target": np.zeros(3, np.int32)}, "its arrays are ill.confidence"),
        ({}, {"ill.decided": np.full(3, 2, np.int32)}, "ill: decided has a class that is none of 2"),
        ({}, {"sky.target": np.zeros((2, 2), np.uint8)}, "sky: target is uint8"),
        ({"task": "classification", "names": ("no", "yes")}, {}, "it names outputs, and its task is another"),
    ],
)
def test_several_outputs_that_no_evaluation_leaves_are_refused(
    tmp_path: Path, facts: dict[str, Any], arrays: dict[str, Any], message: str
) -> None:
    with pytest.raises(RunError, match=message):
        read_evaluation(several(tmp_path, facts, arrays))


def test_there_is_a_threshold_for_each_label(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="there are 3 thresholds for 2 names"):
        read_evaluation(written(tmp_path, {"threshold": (0.1, 0.2, 0.3)}))
