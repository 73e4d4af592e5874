"""The evaluation that a run keeps, in its report."""

import base64
import io
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from runner.errors import RunError
from runner.lookback.evaluated import evaluated
from runner.lookback.paired_view import paired_runs
from runner.lookback.recorded_run import read_past
from runner.lookback.report import render
from runner.record.kept_evaluation import EvaluationFacts, KeptEvaluation, KeptExample, path_of, to_bytes
from tests.lookback.test_report import ALLOWED, EVIL, Elements

FOLDER = "digits_phases/20260101-000000-abcdef01"
FACTS: dict[str, Any] = {
    "fingerprint": "abcdef01" * 8, "step": 40, "split": "test", "task": "classification", "data": "csv a.csv",
    "data_sha256": "cd" * 32, "examples": 4, "names": ("ash", "birch", "cedar"), "metrics": {"loss": 0.25},
}  # fmt: skip
ARRAYS = {
    "target": np.array([0, 1, 1, 2], np.int32),
    "decided": np.array([0, 2, 2, 2], np.int32),
    "confidence": np.array([1.0, 0.6, 0.6, 0.8], np.float32),
    "truth": np.array([1.0, 0.3, 0.2, 0.8], np.float32),
}


def example(**fields: Any) -> KeptExample:
    return KeptExample(**{"place": 2, "name": "a.csv: row 3", "target": "birch", "said": "cedar 60.0%", **fields})


def keep(folder: Path, facts: dict[str, Any] | None = None, arrays: dict[str, Any] | None = None) -> None:
    made = EvaluationFacts(**{**FACTS, "worst": (example(),), **(facts or {})})
    path_of(folder, made.split).write_bytes(to_bytes(KeptEvaluation(made, arrays or ARRAYS)))


def page(folder: Path) -> str:
    return render([read_past(folder)]).replace("<wbr>", "")


def test_classes_that_are_confused_are_counted(base: Path) -> None:
    keep(base / FOLDER)
    found, remark = evaluated(read_past(base / FOLDER))
    assert found is not None
    assert remark == ""
    assert found.pairs == [("birch", "cedar", "2", "100.0%")]
    assert found.matrix is not None
    assert [(cell.text, cell.right) for cell in found.matrix.cells] == [("1", True), ("2", False), ("1", True)]
    assert [cell.ground for cell in found.matrix.cells] == [" half deep", " half", " half deep"]
    # bins (0.53, 0.6], (0.73, 0.8], (0.93, 1]: |0 − 1.2| + |1 − 0.8| + |1 − 1| over 4 examples
    assert found.calibration.startswith("Expected calibration error 0.3500")
    text = page(base / FOLDER)
    for part in ("Evaluation on the test split", "4 examples of csv a.csv: loss 0.2500",
                 "confusion matrix of 3 classes: 2 of 4",
                 "accuracy by confidence", "a.csv: row 3"):  # fmt: skip
        assert part in text


def test_pictures_are_in_the_file_and_the_policy_admits_them_alone(base: Path) -> None:
    image = np.arange(48, dtype=np.uint8).reshape(1, 6, 8)
    keep(base / FOLDER, arrays={**ARRAYS, "images": image})
    text = page(base / FOLDER)
    found = Elements(text)
    assert found.tags <= {*ALLOWED.split(), "img"}
    sources = [value for name, value in found.attributes if name == "src"]
    assert len(sources) == 1
    data = base64.b64decode(sources[0].removeprefix("data:image/png;base64,"))
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(data))), image[0])
    assert re.search("style-src 'sha256-[^']+'; img-src data:; base-uri 'none'", text)


def test_numbers_of_the_worst_examples_are_aligned_on_the_right(base: Path) -> None:
    cells = [("row 1", "4.5", "coast"), ("row 2", "-12", ""), ("row 3", "", "hill")]
    worst = [example(name=name, target="1", said="birch", values={"t": t, "where": where}) for name, t, where in cells]
    keep(base / FOLDER, facts={"worst": tuple(worst)})
    found, _ = evaluated(read_past(base / FOLDER))
    assert found is not None
    assert found.worst_headings == ["example", "target", "model", "t", "where"]
    assert found.worst_numbers == [2, 4]
    assert '<td class="number">-12</td>' in page(base / FOLDER)


def test_without_pictures_the_policy_admits_none(base: Path) -> None:
    keep(base / FOLDER)
    assert "img-src" not in page(base / FOLDER)


def test_nothing_that_an_evaluation_holds_becomes_markup(base: Path) -> None:
    evil = EVIL[:150]
    keep(base / FOLDER, {
        "names": (evil, "birch", "cedar"), "metrics": {evil: 1.0}, "data": evil,
        "worst": (example(name=evil, target=evil, said=evil, values={evil: evil}),),
    })  # fmt: skip
    text = page(base / FOLDER)
    found = Elements(text)
    assert found.tags <= set(ALLOWED.split())
    assert not [name for name, _ in found.attributes if name.startswith("on") or name == "src"]
    assert not set(text) & {"\x1b", "\u202e"}


def test_an_evaluation_of_another_state_is_not_shown(base: Path) -> None:
    for changed in ({"step": 30}, {"fingerprint": "0" * 64}):
        keep(base / FOLDER, changed)
        text = page(base / FOLDER)
        assert "Evaluation on the" not in text
        assert "`recipe evaluate` makes it again" in text


def test_the_test_split_comes_before_others(base: Path) -> None:
    keep(base / FOLDER, {"split": "train"})
    assert "Evaluation on the train split" in page(base / FOLDER)
    keep(base / FOLDER)
    assert "Evaluation on the test split" in page(base / FOLDER)


def test_a_broken_file_is_named(base: Path) -> None:
    path_of(base / FOLDER, "test").write_bytes(b"no evaluation")
    with pytest.raises(RunError, match=r"evaluation-test.safetensors is not the evaluation of a run"):
        page(base / FOLDER)


def test_residuals_have_their_quantiles_and_two_charts(base: Path) -> None:
    generator = np.random.default_rng(3)
    target = generator.normal(size=(400, 2)).astype(np.float32)
    errors = generator.normal(size=(400, 2)).astype(np.float32) * [1, 10] + [0, 5]
    arrays = {"target": target, "predicted": (target + errors).astype(np.float32)}
    keep(base / FOLDER, {"task": "regression", "examples": 400, "names": ("height", "width"), "worst": ()}, arrays)
    found, _ = evaluated(read_past(base / FOLDER))
    assert found is not None
    assert found.matrix is None
    name, mean, deviation, low, median, high = found.residuals[1]
    made = (arrays["predicted"] - target)[:, 1].astype(np.float64)
    wanted = [made.mean(), made.std(), *np.quantile(made, [0.05, 0.5, 0.95])]
    assert name == "width"
    assert [float(text) for text in (mean, deviation, low, median, high)] == pytest.approx(wanted, rel=1e-3)
    assert [chart.title for chart in found.charts][2:] == [
        "width: distribution of residuals",
        "width: residuals by prediction",
    ]


def test_labels_have_precision_and_recall(base: Path) -> None:
    arrays = {
        "target": np.array([[1, 0], [1, 1], [0, 1]], np.uint8),
        "probability": np.array([[0.9, 0.2], [0.4, 0.8], [0.6, 0.7]], np.float32),
    }
    keep(base / FOLDER, {"task": "multi_label", "examples": 3, "names": ("red", "blue"), "worst": ()}, arrays)
    found, _ = evaluated(read_past(base / FOLDER))
    assert found is not None
    assert found.labels == [("red", "0.5000", "0.5000", "0.5000", "2"), ("blue", "1.0000", "1.0000", "1.0000", "2")]


@pytest.mark.parametrize("classes", [1, 21])
def test_a_matrix_has_2_to_20_classes(base: Path, classes: int) -> None:
    zeros = {name: np.zeros_like(array) for name, array in ARRAYS.items()}
    keep(base / FOLDER, {"names": tuple(f"c{k}" for k in range(classes))}, zeros)
    found, _ = evaluated(read_past(base / FOLDER))
    assert found is not None
    assert found.matrix is None
    page(base / FOLDER)


def test_numbers_that_are_none_are_drawn_around(base: Path) -> None:
    keep(base / FOLDER, arrays={**ARRAYS, "confidence": np.full(4, np.nan, np.float32)})
    page(base / FOLDER)
    nothing = {"target": np.zeros((4, 1), np.float32), "predicted": np.full((4, 1), np.nan, np.float32)}
    keep(base / FOLDER, {"task": "regression", "names": (), "worst": ()}, nothing)
    page(base / FOLDER)


OTHER, THIRD = "digits_phases/20260101-010000-22222222", "digits_warmup_cosine/20260101-020000-33333333"


def test_runs_are_compared_on_the_same_examples(base: Path, recipe: Any) -> None:
    generator = np.random.default_rng(4)
    target = generator.integers(0, 3, 300).astype(np.int32)
    for folder, fingerprint, right in ((FOLDER, "abcdef01", 0.7), (OTHER, "22222222", 0.95)):
        decided = np.where(generator.random(300) < right, target, (target + 1) % 3).astype(np.int32)
        share = np.full(300, 0.5, np.float32)
        arrays = {"target": target, "decided": decided, "confidence": share, "truth": share}
        keep(base / folder, {"examples": 300, "fingerprint": fingerprint * 8}, arrays)
    done = recipe("compare", FOLDER.split("/")[1], OTHER.split("/")[1])
    assert done.exit_code == 0, done.output
    text = " ".join(done.stdout.split())
    assert re.search(r"B − A on the same 300 test examples: accuracy \+0\.[23]\d* ±", text)
    assert "(McNemar, p=" in text
    assert "B is better" in text
    done = recipe("compare", OTHER.split("/")[1], OTHER.split("/")[1])
    assert "accuracy +0 ± 0 (McNemar, p=1): not told apart" in " ".join(done.stdout.split())


def test_other_examples_are_not_paired(base: Path) -> None:
    keep(base / FOLDER)
    keep(base / OTHER, {"fingerprint": "22222222" * 8, "data_sha256": "ee" * 32})
    pasts = [read_past(base / FOLDER), read_past(base / OTHER)]
    assert paired_runs(pasts) == []
    keep(base / OTHER, {"fingerprint": "22222222" * 8, "step": 30})
    assert paired_runs(pasts) == []


@pytest.mark.parametrize("swapped", [False, True])
def test_of_errors_the_smaller_is_better(base: Path, *, swapped: bool) -> None:
    generator = np.random.default_rng(4)
    target = generator.normal(size=(200, 1)).astype(np.float32)
    scales = (2.0, 0.5) if swapped else (0.5, 2.0)
    for folder, fingerprint, scale in ((FOLDER, "abcdef01", scales[0]), (OTHER, "22222222", scales[1])):
        errors = generator.normal(scale=scale, size=(200, 1))
        arrays = {"target": target, "predicted": (target + errors).astype(np.float32)}
        facts = {"task": "regression", "examples": 200, "names": (), "worst": (), "fingerprint": fingerprint * 8}
        keep(base / folder, facts, arrays)
    (pair,) = paired_runs([read_past(base / FOLDER), read_past(base / OTHER)])
    assert pair.better == (1 if swapped else 0)


def test_labels_are_decided_by_the_thresholds_of_the_run(base: Path) -> None:
    """In the report and in a comparison: 0.9 is below the bound of the first label, 0.2 above that of the second."""
    arrays = {
        "target": np.array([[0, 1], [1, 1], [1, 0]], np.uint8),
        "probability": np.array([[0.9, 0.2], [0.97, 0.8], [0.96, 0.05]], np.float32),
    }
    facts = {"task": "multi_label", "examples": 3, "names": ("red", "blue"), "worst": ()}
    keep(base / FOLDER, {**facts, "threshold": (0.95, 0.1)}, arrays)
    keep(base / OTHER, {**facts, "fingerprint": "22222222" * 8}, arrays)
    found, _ = evaluated(read_past(base / FOLDER))
    assert found is not None
    assert [row[1:4] for row in found.labels] == [("1.0000",) * 3] * 2
    (pair,) = paired_runs([read_past(base / FOLDER), read_past(base / OTHER)])
    assert pair.found.difference == pytest.approx(4 / 6 - 1)
