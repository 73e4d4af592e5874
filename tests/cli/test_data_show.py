"""``recipe data show``: examples at each of their stages, in the terminal, as JSON and as a picture."""

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from runner.cli import app
from tests.cli.program import recipe

CHANGES = "augment: [{kind: flip, probability: 1.0}, {kind: mixup, alpha: 1.0}]"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def recipe_of(data: str, task: str = "classification") -> str:
    model = "model: {kind: sequential, layers: [{kind: flatten}]}\ntraining: {epochs: 1}\n"
    Path("r.yaml").write_text(f"recipe: 1\nname: r\ntask: {task}\ndata: {{{data}}}\n{model}")
    return "r.yaml"


def shown(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, ["data", "show", *arguments])
    assert done.exit_code == code, done.output
    return done.stdout if code == 0 else done.output


def values(*arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(shown("--json", *arguments))
    return found


def test_the_stages_of_images_show_what_is_done_to_them() -> None:
    file = recipe_of(f"source: builtin, name: digits, scale: 1/16, {CHANGES}")
    raw, given, changed = (values(file, "--stage", stage) for stage in ("raw", "input", "augmented"))
    assert raw["examples"] == {"train": 1437, "validation": 180, "test": 180}
    assert sum(counts["train"] for counts in raw["classes"].values()) == 1437
    assert (raw["values"][0]["low"], raw["values"][0]["high"]) == (0, 16)
    assert given["values"][0]["high"] == 1
    assert given["values"][0]["mean"] == pytest.approx(raw["values"][0]["mean"] / 16)
    assert given["labels"] == raw["labels"]
    assert sum(raw["values"][0]["histogram"]) == 1024 * 64
    # the same examples, in the same order, each with a share of the next one
    mixed = [label for label in changed["labels"] if "%" in label]
    assert len(mixed) > 20
    named = [changed["labels"][k] for k in range(31)]
    assert all(raw["labels"][k] in said or raw["labels"][k + 1] in said for k, said in enumerate(named))
    assert changed["values"][0]["deviation"] < raw["values"][0]["deviation"]


def test_pictures_are_drawn_in_the_terminal_and_into_a_file() -> None:
    file = recipe_of("source: builtin, name: digits, scale: 1/16")
    text = shown(file, "--output", "digits.png")
    assert "digits 1: 1,437 train, 180 validation, 180 test; raw, shape 8 x 8 x 1" in text
    assert "all values" in text
    assert "█" in text or "#" in text
    picture = Image.open(io.BytesIO(Path("digits.png").read_bytes())).convert("L")
    assert min(picture.size) > 500
    assert len(np.unique(np.asarray(picture))) > 10


def test_columns_of_a_table_are_shown_as_the_file_has_them_and_as_the_model_gets_them() -> None:
    made = np.random.default_rng(0)
    colors = made.choice(["red", "blue"], 300)
    rows = [f"{'' if k == 5 else 10 + k % 7},{colors[k]},{'yes' if k % 3 else 'no'}" for k in range(300)]
    Path("t.csv").write_text("\n".join(["size,color,kind", *rows]) + "\n")
    file = recipe_of("source: csv, files: t.csv, target: kind")
    raw = {item["name"]: item for item in values(file)["values"]}
    assert (raw["size"]["low"], raw["size"]["high"]) == (10, 16)
    assert {word for word, _ in raw["color"]["words"]} == {"red", "blue"}
    given = values(file, "--stage", "input")["values"]
    assert given[0]["mean"] == pytest.approx(0, abs=1e-6)
    assert given[0]["deviation"] == pytest.approx(1, abs=1e-2)
    assert {item["high"] for item in given[1:]} <= {0, 1}
    assert "color" in shown("t.csv", "--target", "kind")
    assert "no images to draw" in shown(file, "--output", "t.png", code=2)


def test_texts_are_shown_by_their_beginning() -> None:
    for kind, text in (("good", "what a\nlovely day"), ("bad", "dull \x1b[31m and long " * 20)):
        Path("texts", kind).mkdir(parents=True)
        for k in range(10):
            Path("texts", kind, f"{k}.txt").write_text(f"{text} number {k}")
    text = shown("texts")
    assert "good: what a lovely day number" in text
    assert "\x1b" not in text
    assert all(len(line) <= 100 for line in text.splitlines())


def test_another_ending_than_a_pictures_is_refused() -> None:
    assert "--output takes a .svg or .png file" in shown(
        recipe_of("source: builtin, name: digits"), "--output", "a.pdf", code=2
    )


def test_tensorflow_says_nothing(tmp_path: Path) -> None:
    """In a process of its own: what is imported first decides whether TensorFlow is heard."""
    done = recipe("data", "show", "iris_cyclic", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
