"""Every code: file, line, column, suggestion and exit code, as the program tells them."""

import json
import os
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from typer.testing import CliRunner

from runner.cli import app
from runner.diagnostics import registry
from tests.cli.program import recipe
from tests.diagnostics.block_recipes import SHAPES
from tests.diagnostics.rule_recipes import DIGITS, RULES, WARNINGS, whole
from tests.source.bad_recipes import READING, SHAPE, Case
from tests.source.samples import marked, small

TEXTS = [*READING, *SHAPE, *RULES, *SHAPES]


class Files(NamedTuple):
    """A fault that needs more than a text: other files, arguments, or a deep look."""

    code: str
    files: dict[str, str]
    """Texts by name; the fault is «marked» in one of them, or nowhere."""
    arguments: tuple[str, ...] = ()
    says: str = ""


SEVERAL = [
    Files("R001", {}, ("missing.yaml",), "no such file"),
    Files("R001", {"folder.yaml/x.txt": ""}, ("folder.yaml/x",), "no such file"),
    Files("R002", {"r.yaml": "#" * 300_000}, says="300,000 bytes"),
    Files("R002", {"r.yaml": "a: " + "[" * 32 + "«[»"}, says="32 deep"),
    Files("R002", {"r.yaml": "extends: b.yaml\n", "b.yaml": "a: [" + "1, " * 9_994 + "«1»]"}, says="10,000"),
    Files("R020", {"r.yaml": small(seed="extends: «bse.yaml»")}, says="no such file"),
    Files("R021", {"r.yaml": small(seed="extends: «/etc/passwd.yaml»")}, says="outside"),
    Files("R021", {"r.yaml": small(seed="extends: «https://example.org/a.yaml»")}, says="not a URL"),
    Files("R021", {"r.yaml": small(seed="extends: «base.json»")}, says="not a recipe"),
    Files("R022", {"r.yaml": "extends: b.yaml\n" + small(), "b.yaml": "extends: «r.yaml»"}, says="r.yaml → b.yaml"),
    Files("R012", {"r.yaml": "extends: b.yaml\n", "b.yaml": small(seed="«sead»: 1")}, says="seed"),
    Files("R018", {"r.yaml": "extends: b.yaml\nname: x\n", "b.yaml": small(recipe="recipe: «7»")}, says="version 7"),
    Files("R024", {"r.yaml": small()}, ("--set", "«training.epochs»"), "key.key=VALUE"),
    Files("R025", {"r.yaml": small()}, ("--set", "training.«epoch»=3"), "did you mean 'epochs'?"),
    Files("R025", {"r.yaml": small()}, ("--set", "model.layers.«7».units=3"), "got '7'"),
    Files("R014", {"r.yaml": small()}, ("--set", "training.epochs=«0»"), "at least 1, got 0"),
    Files("R015", {"r.yaml": small()}, ("--set", "training.epochs=«'3'»"), "a number is written 3"),
]
DEEP = [
    Case(
        "R201",
        whole(
            data="data: {source: builtin, name: digits, scale: 1/16, batch_size: 1400}",
            training="training: {epochs: 2}",
            schedule="schedule: {kind: power, initial_lr: 1, decay_every: 2 epochs, warmup: {duration: «4 steps»}}",
        ),
    ),
    Case("R202", whole(data="data: {source: tfds, name: «mnist»}"), says="not prepared"),
    Case("R550", whole(data="data: {source: csv, files: «'s3://b/people.csv'», target: age}"), says="nothing may be"),
    Case("R290", whole(data="data: {source: csv, files: «../people.csv», target: age}"), says="outside of"),
    Case("R205", whole(data=DIGITS, model="model: {kind: sequential, layers: [{kind: flatten}, "
                                          "«{kind: dense, units: 100000000000}»]}"), says="TiB"),
    Case("R441", whole(data=DIGITS, model="model: {kind: sequential, layers: [{kind: flatten}, {kind: dense, "
                                          "units: 9}], weights: {run: «nowhere»}}"), says="no run 'nowhere'"),
    Case("R610", whole(data="data: {source: builtin, name: photos}", model="model: {kind: sequential, layers: [{kind: "
                       "application, application: vgg16, pooling: avg, weights: «imagenet»}]}"), says="nothing may be"),
]  # fmt: skip
BY_RUN = {
    "R203": "needs data that this folder has not; tests/cli/test_validate.py",
    "R204": "a run; below",
    "R206": "a run; tests/cli/test_custom_code.py",
    "R207": "a run; tests/cli/test_custom_code.py",
    "R530": "a run; tests/cli/test_custom_schedule.py",
    "R524": "needs Keras; tests/model/test_inner_layers.py",
    "R442": "needs a trained run; tests/model/test_transfer.py",
    "R613": "needs a file of weights; tests/model/test_published.py",
    "R319": "needs image files; tests/data/test_own_files.py",
    "R692": "needs a table; tests/data/test_number_marks.py",
}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything happens in a folder of its own, and no variable sets a key."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    for name in [name for name in os.environ if name.startswith("RECIPE__")]:
        monkeypatch.delenv(name)


def told(*arguments: str) -> tuple[int, list[dict[str, Any]]]:
    """Exit code and findings of ``recipe validate``."""
    done = CliRunner().invoke(app, ["validate", "--output-format", "json", *arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, json.loads(done.stdout)


def require(found: dict[str, Any], case: Case | Files, file: str, text: str) -> None:
    """The finding is at the mark and says what it should."""
    expected = marked(text)
    assert found["code"] == case.code
    assert found["severity"] == ("warning" if case.code in WARNINGS else "error")
    assert (found["file"], found["line"], found["column"]) == (file, expected.line, expected.column)
    assert found["end_column"] == expected.column + expected.length
    sentence = f"{found['message']}; {found['label']}; {'; '.join(found['help'])}; {'; '.join(found['notes'])}"
    assert case.says in sentence


@pytest.mark.parametrize("case", TEXTS, ids=[f"{number}-{case.code}" for number, case in enumerate(TEXTS)])
def test_a_fault_is_told_with_its_place_suggestion_and_exit_code(case: Case) -> None:
    Path("r.yaml").write_bytes(marked(case.text).text.encode())
    code, found = told("r.yaml")
    mine = [finding for finding in found if finding["code"] == case.code]
    assert len(mine) == 1, found
    require(mine[0], case, "r.yaml", case.text)
    assert mine[0]["suggestion"] == case.fix
    assert code == (0 if case.code in WARNINGS else 2)
    if case in RULES:  # a broken rule is the only finding, but for R185, which is told of any custom code
        custom = "kind: custom" in case.text and case.code != "R185"
        assert [one for one in found if one["code"] != "R185" or not custom] == mine


@pytest.mark.parametrize("case", SEVERAL, ids=lambda case: case.code)
def test_a_fault_of_several_files_is_told_where_it_is(case: Files) -> None:
    for name, text in case.files.items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(marked(text).text)
    names = [argument for argument in case.arguments if argument.endswith(("yaml", "/x"))]
    arguments = [marked(argument).text for argument in case.arguments if argument not in names]
    code, found = told(*(names or ["r.yaml"]), *arguments)
    assert code == (0 if case.code in WARNINGS else 2)
    assert [finding["code"] for finding in found] == [case.code]
    file, text = place(case, names)
    require(found[0], case, file, text)


def place(case: Files, names: list[str]) -> tuple[str, str]:
    """Name and text of what is to blame."""
    for argument in case.arguments:
        if "«" in argument:
            return f"--set {marked(argument).text.partition('=')[0]}", argument
    for name, text in case.files.items():
        if "«" in text:
            return name, text
    return (names or ["r.yaml"])[0], "x"


def test_what_only_a_deep_look_finds_is_told_where_it_is() -> None:
    for case in DEEP:
        Path(f"{case.code}.yaml").write_text(marked(case.text).text)
    done = recipe("validate", "--deep", "--output-format", "json", ".", cwd=Path.cwd())
    found = {finding["code"]: finding for finding in json.loads(done.stdout)}
    assert done.returncode == 2
    for case in DEEP:
        expected = marked(case.text)
        finding = found[case.code]
        assert (finding["line"], finding["column"]) == (expected.line, expected.column), finding
        assert finding["end_column"] == expected.column + expected.length
        assert case.says in finding["message"]
    assert [found[case.code]["severity"] for case in DEEP] == [
        *("error", "warning", "error", "error", "error", "warning", "warning"),
    ]


def test_a_device_that_is_not_there_is_told_where_it_is_asked_for() -> None:
    Path("r.yaml").write_text(whole(data=DIGITS, hardware="hardware: {device: gpu}"))
    done = recipe("run", "r.yaml", cwd=Path.cwd(), CUDA_VISIBLE_DEVICES="-1")
    assert done.returncode == 2
    assert "error[R204]" in done.stderr
    assert "--> r.yaml:8:20" in done.stderr


def test_every_code_has_a_case() -> None:
    covered = {case.code for case in [*TEXTS, *SEVERAL, *DEEP]} | set(BY_RUN)
    assert set(registry()) - covered == set()
    assert covered - set(registry()) == set()


def test_there_are_enough_cases() -> None:
    assert len(TEXTS) + len(SEVERAL) + len(DEEP) >= 200
