"""What a person asks of predictions of several outputs: thresholds, probable classes, samples with dropout on."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from runner import api
from runner.errors import InputError
from runner.inference.given_threshold import given_threshold
from tests.inference.trained import Trained, program, rows

KINDS = ("p", "q", "r")
LABELS = ("cold", "wet")


def told(run: Trained, *options: str) -> list[dict[str, str]]:
    return rows(program("predict", run.folder, run.folder.parent / "t.csv", *options).stdout)


def numbers(told: Sequence[dict[str, str]], *columns: str) -> Any:
    return np.array([[float(row[name]) for name in columns] for row in told], np.float32)


def test_a_threshold_is_for_all_that_have_one_or_for_those_that_are_named(clinic: Trained) -> None:
    """A class is the second above it, a label is there; of three classes none is told below it."""
    plain = told(clinic)
    sick = np.where([row["ill"] == "yes" for row in plain], *(
        [sign * numbers(plain, "ill_probability")[:, 0] + shift for sign, shift in ((1, 0), (-1, 1))]
    ))  # fmt: skip
    there, shares = numbers(plain, *(f"sky_{label}" for label in LABELS)), numbers(plain, "kind_probability")[:, 0]

    def wanted(ill: float, sky: float, kind: float) -> list[tuple[str, str, str]]:
        return [
            ("yes" if p > ill else "no", "; ".join(np.array(LABELS)[labels > sky]), row["kind"] if q >= kind else "")
            for p, labels, q, row in zip(sick, there, shares, plain, strict=True)
        ]

    bound = float(np.median(shares))
    found = set()
    for options, bounds in (
        ((), (0.3, 0.4, 0)),
        (("0.55",), (0.55, 0.55, 0)),
        (("sky=0.7", f"kind={bound}"), (0.3, 0.7, bound)),
    ):
        made = told(clinic, *(part for one in options for part in ("--threshold", one)))
        cells = [(row["ill"], row["sky"], row["kind"]) for row in made]
        assert cells == wanted(*bounds), options
        found.add(tuple(cells))
    assert len(found) == 3
    one = next(iter(api.predict(clinic.folder, [{"a": 0, "b": 0}], threshold={"ill": 0.0})))
    assert one["ill"] == "yes"


def test_the_most_probable_classes_of_each_output_that_has_classes(clinic: Trained) -> None:
    made = told(clinic, "--top-k", "3")
    names = [name for name in made[0] if name.startswith("kind")]
    ranks = [name for k in (1, 2, 3) for name in (f"kind_class_{k}", f"kind_probability_{k}")]
    assert names == ["kind", "kind_probability", *ranks]
    assert [name for name in made[0] if name.startswith("ill")][-2:] == ["ill_class_2", "ill_probability_2"]
    assert not [name for name in made[0] if name.startswith(("days_", "sky_class"))]
    shares = numbers(made, *(f"kind_probability_{k}" for k in (1, 2, 3)))
    np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-5)
    assert (np.diff(shares, axis=1) <= 0).all()
    assert all({row[f"kind_class_{k}"] for k in (1, 2, 3)} == set(KINDS) for row in made)
    outputs = clinic.model.predict({"a": np.zeros((1, 1)), "b": np.zeros((1, 1))}, verbose=0)[0]
    (row,) = api.predict(clinic.folder, [{"a": 0, "b": 0}], top_k=2)
    order = np.argsort(-outputs[4:], kind="stable")
    assert [row["kind_class_1"], row["kind_class_2"]] == [KINDS[k] for k in order[:2]]
    assert row["kind_probability_2"] == pytest.approx(outputs[4:][order[1]], abs=1e-6)


def test_samples_have_the_mean_and_deviation_of_each_output(clinic: Trained, tmp_path: Path) -> None:
    """Over many samples the mean is near the prediction without dropout; the form of the file changes nothing."""
    names = ["ill", "days", "sky", "kind"]
    made = told(clinic, "--mc-samples", "400")
    spread = [name for name in made[0] if "_mean" in name or "_std" in name]
    assert spread == [
        "ill_mean", "ill_std", "days_mean", "days_std", "sky_mean_cold", "sky_mean_wet", "sky_std_cold", "sky_std_wet",
        "kind_mean", "kind_std",
    ]  # fmt: skip
    plain = numbers(made, "ill_probability", "days", "sky_cold", "sky_wet", "kind_probability")
    means = numbers(made, "ill_mean", "days_mean", "sky_mean_cold", "sky_mean_wet", "kind_mean")
    deviations = numbers(made, "ill_std", "days_std", "sky_std_cold", "sky_std_wet", "kind_std")
    assert (deviations > 0).all()
    assert (np.abs(means - plain) < deviations).mean() > 0.95
    table, listed = tmp_path / "p.parquet", tmp_path / "p.json"
    for file in (table, listed):
        program("predict", clinic.folder, clinic.folder.parent / "t.csv", "--mc-samples", "400", "--output", file)
    columns = pq.read_table(table)
    assert [str(columns.schema.field(name).type) for name in ("ill", "ill_mean", "kind", "days_std")] == [
        "string", "double", "string", "double",
    ]  # fmt: skip
    assert columns.to_pylist() == json.loads(listed.read_text())
    assert [str(row["days_std"]) for row in columns.to_pylist()] == [row["days_std"] for row in made]
    assert {*names} < {*columns.column_names}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--top-k", "4"), "must be at most the largest number of classes of an output, 3; received 4"),
        (("--threshold", "days=0.5"), "days is a regression, which has no threshold"),
        (("--threshold", "rain=0.5"), "rain is no output of this run"),
        (("--threshold", "rain=0.5"), "outputs that have one: ill, sky, kind"),
        (("--threshold", "ill=1.5"), "must be from 0 to 1; received 1.5"),
        (("--threshold", "ill"), "must be a number from 0 to 1, or NAME=NUMBER; received 'ill'"),
    ],
)
def test_what_no_output_has_is_refused(clinic: Trained, options: tuple[str, ...], message: str) -> None:
    said = program("predict", clinic.folder, clinic.folder.parent / "t.csv", *options, status=2).stderr
    assert message in " ".join(said.split())


def test_a_threshold_is_a_number_or_names() -> None:
    assert given_threshold([]) is None
    assert given_threshold(["0.4"]) == 0.4
    assert given_threshold(["a=0.4", "b = 1"]) == {"a": 0.4, "b": 1.0}
    for texts, message in ((["a=1", "a=0"], "a: is given twice"), (["0.1", "0.2"], "a number is given twice"),
                           (["0.1", "a=1"], "takes one number, or NAME=NUMBER")):  # fmt: skip
        with pytest.raises(InputError, match=message):
            given_threshold(texts)


def test_a_run_with_one_output_has_no_names(cancer: Trained, tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", cancer.split("test").x[:2])
    said = program("predict", cancer.folder, tmp_path / "x.npy", "--threshold", "a=0.4", status=2).stderr
    assert "NAME=NUMBER is for a run with several outputs" in said
