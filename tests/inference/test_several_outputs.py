"""What a run of several outputs is used for, and what is said of its data."""

import json
import shutil
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from typer.testing import CliRunner

from runner.cli import app
from runner.inference import standalone
from runner.inference.export.convert import convert
from runner.inference.preprocess import Preprocess
from runner.inference.saved_model import with_named_outputs
from runner.record.kept_evaluation import read_evaluation
from runner.source.gallery import gallery
from tests.data import test_record_source as records
from tests.data import test_tfds_features as people
from tests.inference.test_export import needs_extra
from tests.inference.test_export_raw import RUNTIMES
from tests.inference.trained import rows

RECIPE = """\
recipe: 1
name: two
task: multi_output
data: {source: csv, files: t.csv, target: [price, kind], batch_size: 32}
model:
  kind: functional
  layers: [{kind: dense, units: 8, activation: relu}]
  outputs:
    sort: {task: classification, target: kind, class_weight: balanced, metrics: [accuracy, f1_macro]}
    price: {task: regression}
optimizer: {kind: adam, learning_rate: 0.01}
training: {epochs: 2}
after: [evaluate]
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("two")
    draw = np.random.default_rng(1)
    lines = ["a,b,price,kind"]
    for k, (a, b) in enumerate(draw.normal(size=(200, 2))):
        kind = "rare" if k < 3 else "low" if a < -0.3 else "high"
        lines.append(f"{a:.3f},{b:.3f},{2 * b:.3f},{kind}")
    (found / "t.csv").write_text("\n".join(lines) + "\n")
    (found / "r.yaml").write_text(RECIPE)
    program(found, "run", found / "r.yaml", "--run-dir", found / "run", "--progress", "none", "--json")
    return found


def program(folder: Path, *arguments: str | Path, code: int = 0) -> str:
    done = CliRunner().invoke(app, list(map(str, arguments)), env={"RECIPE_CACHE_DIR": str(folder / "cache")})
    assert done.exit_code == code, done.output
    return done.output if code else done.stdout


def asked(folder: Path, *arguments: str | Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(program(folder, *arguments, "--json"))
    return found


def test_other_rows_are_evaluated_with_the_classes_of_the_run(folder: Path) -> None:
    """The whole table in another order of columns and rows has the figures of its three parts together."""
    header, *rows = (folder / "t.csv").read_text().splitlines()
    parts = [asked(folder, "evaluate", folder / "run", "--split", part) for part in ("train", "validation", "test")]
    swapped = [",".join(reversed(row.split(","))) for row in (header, *reversed(rows))]
    (folder / "other.csv").write_text("\n".join([*swapped, "high,,0,0"]) + "\n")
    found = asked(folder, "evaluate", folder / "run", "--data", folder / "other.csv")
    assert found["examples"] == sum(part["examples"] for part in parts) == 200
    for figure in ("sort_accuracy", "sort_loss", "price_loss"):
        mean = sum(part["metrics"][figure] * part["examples"] for part in parts) / 200
        assert found["metrics"][figure] == pytest.approx(mean, rel=1e-5)
    assert [target["name"] for target in found["targets"]] == ["price"]
    (folder / "wrong.csv").write_text("a,b,price,kind\n0,0,1,other\n")
    told = program(folder, "evaluate", folder / "run", "--data", folder / "wrong.csv", code=2)
    assert "row 1, column 'kind': must be a class of the run (high, low, rare); received 'other'" in told


def test_an_evaluation_follows_the_training(folder: Path) -> None:
    (remark,) = asked(folder, "show", folder / "run")["remarks"]
    assert remark.startswith("after the training, evaluate: 20 test examples: loss ")
    assert read_evaluation(folder / "run" / "evaluation-test.safetensors").outputs.keys() == {"sort", "price"}


def test_the_checks_of_data_are_made_of_each_target(folder: Path) -> None:
    (folder / "leak.csv").write_text(
        "\n".join(
            line + ("," + ("twice" if k == 0 else line.split(",")[2]))
            for k, line in enumerate((folder / "t.csv").read_text().splitlines())
        )
    )
    (folder / "leak.yaml").write_text(RECIPE.replace("t.csv", "leak.csv"))
    found = asked(folder, "data", "check", folder / "leak.yaml")["findings"]
    told = [finding["message"] for finding in found if finding["kind"] in ("class", "giveaway")]
    assert any(text.startswith("kind: 1 class has fewer than 5 training examples") for text in told)
    assert any(text.startswith("price: 'twice' alone predicts the target") for text in told)


def test_each_output_has_the_baselines_of_its_task(folder: Path) -> None:
    found = asked(folder, "data", "baseline", folder / "r.yaml")["baselines"]
    assert found.keys() == {"majority", "mean", "median", "linear"}
    assert found["majority"].keys() == {"sort_accuracy"}
    assert found["linear"]["price_mean_absolute_error"] < 0.01 < found["mean"]["price_mean_absolute_error"]
    assert found["linear"]["sort_accuracy"] > found["majority"]["sort_accuracy"]
    assert "–" in program(folder, "data", "baseline", folder / "r.yaml")


def test_a_step_shows_targets_and_predictions_of_each_output(folder: Path) -> None:
    shown = program(folder, "inspect", folder / "run", "--step", "0")
    assert "price -" in shown
    assert ", kind low" in shown
    assert "%, price " in shown


def test_a_run_says_what_one_answer_to_all_comes_to(folder: Path) -> None:
    """In its result, in ``show`` and in the report: by the same figures as ``data baseline``."""
    shown = asked(folder, "show", folder / "run")["baseline"]
    told = asked(folder, "data", "baseline", folder / "r.yaml")["baselines"]
    assert shown["test_sort_accuracy"] == told["majority"]["sort_accuracy"]
    assert shown["test_price_mean_absolute_error"] == told["median"]["price_mean_absolute_error"]
    assert shown.keys() == {f"{p}_{m}" for p in ("val", "test") for m in ("sort_accuracy", "price_mean_absolute_error")}
    words = "always the most frequent answer and always the median"
    assert words in " ".join(program(folder, "show", folder / "run").split())
    program(folder, "report", folder / "run", "--output", folder / "report.html")
    assert words in (folder / "report.html").read_text()


def test_classes_of_an_output_are_evaluated_by_name(folder: Path) -> None:
    found = asked(folder, "evaluate", folder / "run")
    (sort,) = found["outputs"]
    assert (sort["name"], [one["name"] for one in sort["classes"]]) == ("sort", ["high", "low", "rare"])
    recall = sum(one["recall"] * one["support"] for one in sort["classes"]) / found["examples"]
    assert recall == pytest.approx(found["metrics"]["sort_accuracy"])
    told = program(folder, "evaluate", folder / "run").splitlines()
    first = [line.split()[0] for line in told if line]
    assert first[(begin := first.index("sort")) : begin + 4] == ["sort", "high", "low", "rare"]


@needs_extra
@pytest.mark.slow
@pytest.mark.parametrize("to", ["onnx", "litert", "savedmodel", "openvino"])
def test_an_export_has_outputs_of_their_names(folder: Path, tmp_path: Path, to: str) -> None:
    """In a process without Keras; each is compared, and scores as the run did."""
    check = asked(folder, "export", folder / "run", "--to", to, "--output", tmp_path / "out", "--check")["check"]
    assert (check["flips"], check["problems"], check["imported"]) == (0, [], [RUNTIMES[to]])
    assert check["decisions"] == 2 * check["examples"]
    recorded = asked(folder, "show", folder / "run")["metrics"]
    for name, figure in (("sort", "accuracy"), ("price", "mean_absolute_error")):
        assert check["outputs"][name]["flips"] == 0
        assert check["outputs"][name]["score"] == pytest.approx(recorded[f"test_{name}_{figure}"])
    if to == "onnx":
        _is_used_by_name(folder, tmp_path / "out")
        _is_caught(tmp_path / "out", tmp_path)


def _is_used_by_name(folder: Path, out: Path) -> None:
    """With nothing but the runtime and what lies in the folder: what ``recipe predict`` says."""
    import onnxruntime

    session = onnxruntime.InferenceSession(out / "model.onnx")
    given = [rows(line)[0] for line in ("a,b\n0.5,-1\n", "a,b\n-2,0.25\n")]
    names = [output.name for output in session.get_outputs()]
    found = dict(zip(names, session.run(None, {"input": Preprocess.open(out / "preprocess.json")(given)}), strict=True))
    (out.parent / "new.csv").write_text("a,b\n0.5,-1\n-2,0.25\n")
    told = rows(program(folder, "predict", folder / "run", out.parent / "new.csv"))
    words = {one["name"]: one["class_names"] for one in json.loads((out / "preprocess.json").read_text())["outputs"]}
    assert [words["sort"][k] for k in found["sort"].argmax(axis=1)] == [row["sort"] for row in told]
    assert found["price"][:, 0] == pytest.approx([float(row["price"]) for row in told], abs=1e-5)


def _is_caught(out: Path, target: Path) -> None:
    """Names of classes or of outputs that were changed."""
    for change, wanted in (
        (lambda outputs: outputs[0].update(class_names=["high", "rare", "low"]), "sort: class 1 was exported as 'low'"),
        (lambda outputs: outputs.reverse(), "the outputs were exported as sort, price, and preprocess.json has price"),
    ):
        copy = Path(shutil.copytree(out, target / "copy", dirs_exist_ok=True))
        metadata = json.loads((copy / "preprocess.json").read_text())
        change(metadata["outputs"])
        (copy / "preprocess.json").write_text(json.dumps(metadata))
        assert wanted in " ".join(standalone.check(copy, None, benched=False)["problems"])


@needs_extra
@pytest.mark.slow
def test_a_probability_beside_a_large_number_keeps_its_digits_in_8_bits(tmp_path: Path) -> None:
    """One scale for both, of which a step would be 8, would leave 0 of it."""
    inputs = keras.Input((2,))
    dense = keras.layers.Dense
    price = dense(1, kernel_initializer=keras.initializers.Constant(300.0), name="price")(inputs)
    ill = dense(1, activation="sigmoid", kernel_initializer=keras.initializers.Constant(1.0), name="ill")(inputs)
    model = keras.Model(inputs, keras.layers.Concatenate(name="output")([price, ill]))
    named = with_named_outputs(model, {"price": slice(0, 1), "ill": slice(1, 2)})
    x = np.random.default_rng(0).uniform(-2, 2, (200, 2)).astype(np.float32)
    convert(named, None, "litert", tmp_path, x)
    found = standalone.open_model(tmp_path, {"format": "litert", "model": "model.tflite",
                                             "outputs": [{"name": "price"}, {"name": "ill"}]})(x)  # fmt: skip
    wanted = model.predict(x, verbose=0)
    np.testing.assert_allclose(found[:, 1], wanted[:, 1], atol=0.03)
    np.testing.assert_allclose(found[:, 0], wanted[:, 0], atol=30)


def test_flips_are_counted_for_each_output() -> None:
    outputs = [
        {"name": "sort", "task": "classification", "columns": [0, 2], "threshold": None},
        {"name": "price", "task": "regression", "columns": [2, 3], "threshold": None},
    ]
    wanted = np.array([[0.9, 0.1, 1], [0.2, 0.8, 2], [0.6, 0.4, 3]], np.float32)
    other = wanted + np.array([[0, 0, 0], [0.7, -0.7, 0.5], [0, 0, 0.5]], np.float32)
    y = np.array([[0, 1], [1, 2], [1, 3]], np.float32)
    found = standalone.compared(lambda _: other, wanted, wanted, {"int8": False, "outputs": outputs}, y)
    assert found["flips"] == 3
    assert found["outputs"]["sort"] == pytest.approx(
        {"flips": 1, "largest_difference": 0.7, "score": 1 / 3, "score_of_keras": 2 / 3}
    )
    assert found["outputs"]["price"] == pytest.approx(
        {"flips": 2, "largest_difference": 0.5, "score": 1 / 3, "score_of_keras": 0}
    )


SOURCES = {
    "tfds": "{source: tfds, name: people, inputs: [features/age, town, both], "
    "target: [pay, features/kind, marks, married], splits: "
    "{train: 'train[:30]', validation: 'train[30:]', test: test}, batch_size: 8}",
    "texts": "{source: tfds, name: people, inputs: note, target: [pay, features/kind, marks, married], "
    "output: multi_hot, splits: "
    "{train: 'train[:30]', validation: 'train[30:]', test: test}, batch_size: 8}",
    "tfrecord": "{source: tfrecord, files: a.tfrecord, inputs: [visits, raw], target: [pay, kind, marks, married], "
    "batch_size: 8, "
    "features: {visits: {dtype: int64, shape: [2]}, raw: {dtype: int16, shape: [2, 2], encoding: raw}, "
    "pay: {dtype: float32}, kind: {dtype: text}, marks: {dtype: int64, shape: [3]}, married: {dtype: int64}}}",
}


@pytest.mark.parametrize("source", SOURCES)
def test_features_of_datasets_and_records_are_targets_of_outputs(
    tmp_path: Path, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planned, checked, shown, trained, evaluated and predicted like columns of a table."""
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path))
    if source != "tfrecord":
        people.prepare(tmp_path)
    else:
        change = {
            k: {"pay": [k / 2], "kind": [b"abc"[k % 3 : k % 3 + 1]], "married": [1 - k % 2],
                "marks": [k % 2, int(k % 3 == 0), int(k % 5 == 0)]} for k in range(records.ROWS)
        }  # fmt: skip
        records.write(tmp_path, "a.tfrecord", change=change)
    outputs = f"sort: {{task: classification, target: {'kind' if source == 'tfrecord' else 'features/kind'}}}"
    text = RECIPE.replace("{source: csv, files: t.csv, target: [price, kind], batch_size: 32}", SOURCES[source])
    head, _, tail = text.partition("    sort:")
    more = "marks: {task: multi_label, threshold: f1}\n    wed: {task: binary, target: married, threshold: f1}"
    text = f"{head}    {outputs}\n    pay: {{task: regression}}\n    {more}\n" + tail[tail.index("optimizer:") :]
    (tmp_path / "r.yaml").write_text(text)
    assert "pay" in program(tmp_path, "plan", tmp_path / "r.yaml")
    shown = program(tmp_path, "data", "show", tmp_path / "r.yaml")
    assert f"{'kind' if source == 'tfrecord' else 'features/kind'}: b" in shown
    found = asked(tmp_path, "data", "check", tmp_path / "r.yaml")["findings"]
    leak = "examples of test have the inputs of one in train"
    wanted = "pay: 'input 0' alone predicts" if source == "tfrecord" else leak
    assert any(wanted in one["message"] for one in found), found
    program(tmp_path, "run", tmp_path / "r.yaml", "--run-dir", tmp_path / "run", "--progress", "none")
    evaluated = asked(tmp_path, "evaluate", tmp_path / "run")
    assert [one["name"] for one in evaluated["outputs"][0]["classes"]] == ["a", "b", "c"]
    assert [one["name"] for one in evaluated["targets"]] == ["pay"]
    _, marks, wed = evaluated["outputs"]
    assert [one["name"] for one in marks["classes"]] == ["0", "1", "2"]
    assert [one["name"] for one in wed["classes"]] == ["0", "1"]
    kept = json.loads((tmp_path / "run" / "threshold.json").read_text())["threshold"]
    assert kept == {"marks": marks["threshold"], "wed": wed["threshold"]}
    assert len(marks["threshold"]) == 3
    if source == "tfds":  # its labels are looked at by the run, and not by the plan
        more = ("--set", "model.outputs.marks.target=both", "--set", "data.inputs=[town]")
        more += ("--set", "data.target=[pay, features/kind, both, married]", "--run-dir", str(tmp_path / "refused"))
        assert "a label is 0 or 1" in program(tmp_path, "run", tmp_path / "r.yaml", *more, code=2)
    np.save(tmp_path / "x.npy", np.zeros((2, 6), np.float32))
    (tmp_path / "x.txt").write_text("number 7")
    given = tmp_path / ("x.txt" if source == "texts" else "x.npy")
    told = rows(program(tmp_path, "predict", tmp_path / "run", given))
    labels = {"marks", "marks_0", "marks_1", "marks_2", "wed", "wed_probability"}
    assert told[0].keys() == {"id", "sort", "sort_probability", "pay"} | labels
    assert told[0]["sort"] in "abc"
    if source == "texts":
        (tmp_path / "more.csv").write_text("note,pay\nnumber 7,3\n")
        said = program(tmp_path, "evaluate", tmp_path / "run", "--data", tmp_path / "more.csv", code=2)
        assert "a target of the run has several" in said


def test_texts_of_a_file_with_several_targets_are_evaluated_with_the_figures_of_the_run(tmp_path: Path) -> None:
    """Columns of labels and of a number beside a text; the file is that which trained, in another order of columns."""
    urgent = ["yes" if k % 7 < 3 else "no" for k in range(90)]
    lines = [f"note {k % 7} and {k % 3},{urgent[k]},{k % 3 // 2},{k % 7}.5,{k % 5}" for k in range(90)]
    (tmp_path / "t.csv").write_text("\n".join(["note,urgent,late,price,part", *lines, ""]))
    data = "{source: text, file: t.csv, text: note, target: [urgent, late, price], output: multi_hot, batch_size: 32"
    words = "splits: {by: column, column: part, words: {train: ['0', '1', '2'], validation: ['3'], test: ['4']}}"
    outputs = "    flags: {task: multi_label, target: [urgent, late]}\n    price: {task: regression}"
    sort = RECIPE[RECIPE.index("    sort:") : RECIPE.index("\noptimizer")]
    recipe = RECIPE.replace("{source: csv, files: t.csv, target: [price, kind], batch_size: 32}", f"{data}, {words}}}")
    (tmp_path / "r.yaml").write_text(recipe.replace(sort, outputs))
    trained = json.loads(
        program(tmp_path, "run", tmp_path / "r.yaml", "--run-dir", tmp_path / "run", "--progress", "none", "--json")
    )
    held_out = [",".join(reversed(line.split(","))) for line in lines if line.endswith(",4")]
    (tmp_path / "other.csv").write_text("\n".join(["part,price,late,urgent,note", *held_out, ""]))
    found = asked(tmp_path, "evaluate", tmp_path / "run", "--data", tmp_path / "other.csv")
    assert found["examples"] == len(held_out) == 18
    for figure, value in trained["metrics"].items():
        if figure.startswith("test_"):
            assert found["metrics"][figure.removeprefix("test_")] == pytest.approx(value, rel=1e-5)
    said = rows(program(tmp_path, "predict", tmp_path / "run", tmp_path / "other.csv"))
    assert list(said[0]) == ["id", "flags", "flags_urgent", "flags_late", "price"]
    (tmp_path / "texts" / "yes").mkdir(parents=True)
    (tmp_path / "texts" / "yes" / "a.txt").write_text("note 1")
    refused = program(tmp_path, "evaluate", tmp_path / "run", "--data", tmp_path / "texts", code=2)
    assert "give a CSV file with the columns urgent, late, price" in refused


def test_a_sent_run_takes_no_other_files_from_the_folder_that_it_names_and_tells_the_folder(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its lock is anybody's text: what it names is read only to be compared, and nothing of it is kept or shown."""
    sent, private = shutil.copytree(folder / "run", tmp_path / "sent"), tmp_path / "private"
    private.mkdir()
    (private / "t.csv").write_text((folder / "t.csv").read_text().replace("rare", "secret"))
    lock = json.loads((sent / "lock.json").read_text())
    before = sorted(path.name for path in sent.iterdir())
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    for changes, says in (({}, "the run was trained on"), ({"data": None}, "does not say what was read there")):
        (sent / "lock.json").write_text(json.dumps({**lock, "data_folder": str(private), **changes}))
        for verb in (("evaluate",), ("inspect", "--step", "0"), ("resume",), ("verify",)):
            if verb[0] in ("resume", "verify") and not changes:
                continue  # the first asks for a policy, the second trains in a directory of its own
            told = program(folder, verb[0], sent, *verb[1:], code=2)
            assert says in " ".join(told.split()), verb
            assert "secret" not in told
            assert changes or f"data is read from {private}" in told
    assert sorted(path.name for path in sent.iterdir()) == before


def test_a_root_that_only_the_record_names_is_told(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the folder of the recipe is known: the gallery's, or one below that in which the program starts."""
    private = tmp_path / "private"
    private.mkdir()
    shutil.copy(folder / "t.csv", private)
    for known in (tmp_path / "here", gallery().resolve()):
        sent = shutil.copytree(folder / "run", tmp_path / f"sent-{known.name}")
        lock = json.loads((sent / "lock.json").read_text())
        (sent / "lock.json").write_text(json.dumps({**lock, "data_folder": str(known), "data_root": str(private)}))
        (tmp_path / "here").mkdir(exist_ok=True)
        monkeypatch.chdir(tmp_path / "here")
        done = CliRunner().invoke(app, ["evaluate", str(sent)], env={"RECIPE_CACHE_DIR": str(folder / "cache")})
        assert done.exit_code == 0, done.output
        assert f"data is read from {private}, as" in " ".join(done.output.split())


def test_of_a_folder_that_is_known_nothing_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    done = CliRunner().invoke(app, ["evaluate", "run"], env={"RECIPE_CACHE_DIR": str(folder / "cache")})
    assert done.exit_code == 0, done.output
    assert "data is read from" not in done.output


def test_other_texts_evaluate_a_run_of_a_dataset_by_the_features_that_it_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file with the examples of the test part has the figures of that part; `predict` reads the same column."""
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path))
    people.prepare(tmp_path)
    head, model = RECIPE.partition("  outputs:")[0], "optimizer: {kind: adam, learning_rate: 0.01}\n"
    text = head.replace("multi_output", "classification").replace("functional", "sequential")
    data = (
        SOURCES["texts"]
        .replace("[pay, features/kind, marks, married]", "town")
        .replace("multi_hot", "tf_idf, ngrams: 2")
    )
    text = text.replace("{source: csv, files: t.csv, target: [price, kind], batch_size: 32}", data)
    (tmp_path / "r.yaml").write_text(f"{text}{model}training: {{epochs: 2}}\n")
    program(tmp_path, "run", tmp_path / "r.yaml", "--run-dir", tmp_path / "run", "--progress", "none")
    lines = [f"number {k},{('Rome', 'Oslo', 'Lima')[k % 3]}" for k in range(people.NUMBERS["test"])]
    (tmp_path / "more.csv").write_text("\n".join(["note,town", *lines]) + "\n")
    found = asked(tmp_path, "evaluate", tmp_path / "run", "--data", tmp_path / "more.csv")
    assert found["metrics"] == pytest.approx(asked(tmp_path, "evaluate", tmp_path / "run")["metrics"], rel=1e-6)
    assert len(rows(program(tmp_path, "predict", tmp_path / "run", tmp_path / "more.csv"))) == len(lines)
    (tmp_path / "more.csv").write_text("text,town\nnumber 7,Rome\n")
    assert "note" in program(tmp_path, "evaluate", tmp_path / "run", "--data", tmp_path / "more.csv", code=2)
