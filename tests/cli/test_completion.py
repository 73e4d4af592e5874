"""What the shell offers on a Tab, by the protocol that its script speaks."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from runner.cli.complete import recipes, runs, settings
from runner.cli.set_keys import keys
from tests.cli.program import environment, recipe

WATCHED = """
import sys
sys.argv[:] = ["recipe"]
from runner.cli import main
try:
    main()
finally:
    print(*sys.modules, file=sys.stderr)
"""


def offered(line: str, folder: Path) -> tuple[list[str], set[str]]:
    """What bash is offered for the last word of a line, and the modules that it took."""
    words = line.split(" ")
    variables = {"_RECIPE_COMPLETE": "complete_bash", "COMP_WORDS": "\n".join(words)}
    done = subprocess.run(
        [sys.executable, "-c", WATCHED],
        cwd=folder, env=environment(None, COMP_CWORD=str(len(words) - 1), **variables), capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    return done.stdout.split(), set(done.stderr.split())


def with_runs(folder: Path) -> None:
    for name in ("mine/20260101-000000-abcdefgh", "mine/20260102-000000-abcdefgh", "other/20260101-120000-12345678"):
        run = folder / "runs" / name
        run.mkdir(parents=True)
        (run / "recipe.yaml").write_text("recipe: 1\nname: mine\n")


def test_verbs_complete_without_importing_one(tmp_path: Path) -> None:
    words, modules = offered("recipe l", tmp_path)
    assert words == ["launch", "lr-find", "ls"]
    assert not {"runner.cli.verbs.launch", "schemas.recipe", "tensorflow"} & modules


def test_recipes_of_the_gallery_and_files_complete_without_the_program_behind_them(tmp_path: Path) -> None:
    (tmp_path / "iris_mine.yaml").touch()
    (tmp_path / "iris.txt").touch()
    words, modules = offered("recipe run iri", tmp_path)
    assert words == ["iris_cyclic", "iris_mine.yaml"]
    assert not {"tensorflow", "keras", "rich", "runner.cli.running", "runner.plan.plan"} & modules


@pytest.mark.parametrize("words", ["schedule.kind =", "schedule.kind = co", "data.source=x --set schedule.kind ="])
def test_bash_takes_words_apart_at_the_equals_sign_and_gets_values(words: str, tmp_path: Path) -> None:
    (tmp_path / "constant.yaml").touch()
    found, _ = offered(f"recipe run iris_cyclic --set {words}", tmp_path)
    assert {"constant", "cosine"} <= set(found)
    assert not any("=" in word or word.endswith(".yaml") for word in found)


def test_keys_of_set_complete_to_their_equals_sign(tmp_path: Path) -> None:
    words, modules = offered("recipe run iris_cyclic --set training.epo", tmp_path)
    assert words == ["training.epochs="]
    assert not {"tensorflow", "rich", "runner.cli.running"} & modules


def test_runs_complete(tmp_path: Path) -> None:
    with_runs(tmp_path)
    assert offered("recipe history m", tmp_path)[0] == [
        "mine",
        "mine/latest",
        "mine/20260102-000000-abcdefgh",
        "mine/20260101-000000-abcdefgh",
    ]
    assert offered("recipe resume l", tmp_path)[0] == ["latest"]
    assert "latest" in offered("recipe show l", tmp_path)[0]


def test_every_key_and_word_that_is_offered_is_the_languages() -> None:
    assert {"training.epochs", "schedule.max_lr", "schedule.warmup.duration", "hardware.device", "seed"} <= set(keys())
    assert settings("schedule.kind=1") == ["schedule.kind=1cycle"]
    assert settings("hardware.deterministic=t") == ["hardware.deterministic=true"]
    assert settings("no_such") == settings("training.epochs=") == []


def test_folders_complete_as_they_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine" / "deep").mkdir(parents=True)
    (tmp_path / "mine" / "a.yaml").touch()
    (tmp_path / "mine" / ".hidden.yaml").touch()
    assert recipes("mine") == ["mine/"]
    assert recipes("mine/") == ["mine/a.yaml", "mine/deep/"]
    assert recipes("./mine/a") == ["./mine/a.yaml"]
    assert recipes("nowhere/") == runs("") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_for_a_shell_is_shown(shell: str, tmp_path: Path) -> None:
    done = recipe("--show-completion", shell, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "_RECIPE_COMPLETE=complete_" + shell in done.stdout


def test_the_script_is_installed_at_home(tmp_path: Path) -> None:
    done = recipe("--install-completion", "bash", cwd=tmp_path, HOME=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "_RECIPE_COMPLETE=complete_bash" in (tmp_path / ".bash_completions" / "recipe.sh").read_text()
    assert os.listdir(tmp_path / ".bash_completions") == ["recipe.sh"]


def test_completion_is_in_the_help_of_the_program(tmp_path: Path) -> None:
    assert "--install-completion" in recipe("--help", cwd=tmp_path).stdout
