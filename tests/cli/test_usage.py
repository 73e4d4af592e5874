"""Mistakes on the command line read like mistakes in a recipe, and say how it is written."""

from pathlib import Path

import pytest

from runner.cli import VERBS
from runner.cli.program import perform
from tests.cli.program import GALLERY, recipe


@pytest.fixture
def told(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> "Told":
    return Told(capfd, monkeypatch)


class Told:
    """Runs the program in this process and gives its exit code and what it said on standard error."""

    def __init__(self, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capfd, self._monkeypatch = capfd, monkeypatch

    def __call__(self, *arguments: str) -> tuple[int, list[str]]:
        import sys

        with self._monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", sys.stdout)  # the program puts its own in their place
            patch.setattr(sys, "stderr", sys.stderr)
            code = perform(arguments)
        return code, self._capfd.readouterr().err.splitlines()


@pytest.mark.parametrize(
    ("option", "written"),
    [
        ("--epochs 3", "training.epochs=3"),
        ("--epochs=3", "training.epochs=3"),
        ("--lr 0.1", "schedule.max_lr=0.1"),
        ("--learning-rate 0.1", "schedule.max_lr=0.1"),
        ("--learning_rate 0.1", "schedule.max_lr=0.1"),
        ("--seed 7", "seed=7"),
        ("--batch-size 64", "data.batch_size=64"),
        ("--batch_size 64", "data.batch_size=64"),
        ("--bs 64", "data.batch_size=64"),
        ("--momentum -0.5", "optimizer.momentum=-0.5"),
        ("--device gpu", "hardware.device=gpu"),
        ("--gpu", "hardware.device=gpu"),
        ("--epochs", "training.epochs=VALUE"),
        ("--name 'a b'", "'name=a b'"),
    ],
)
def test_an_option_that_is_a_key_of_the_recipe_names_its_place(told: Told, option: str, written: str) -> None:
    import shlex

    code, said = told("run", "iris_cyclic", *shlex.split(option))
    assert code == 2
    assert said[0] == f"error: unknown option '{option.split()[0].partition('=')[0]}'"
    assert said[1] == f"  = help: it is a key of the recipe: write --set {written}"


@pytest.mark.parametrize(("name", "key"), [("digits_constant", "learning_rate"), ("digits_wsd", "max_lr")])
def test_a_rate_is_called_what_the_recipes_own_schedule_calls_it(told: Told, name: str, key: str) -> None:
    assert f"--set schedule.{key}=0.5" in told("run", "--lr", "0.5", str(GALLERY / f"{name}.yaml"))[1][1]


@pytest.mark.parametrize(
    ("arguments", "message", "help"),
    [
        (["run"], "missing argument FILE", "`recipe run --help` lists the arguments and options"),
        (["cp"], "missing argument NAME", "`recipe cp --help` lists the arguments and options"),
        (["selftest"], "missing argument FILE", "`recipe selftest --help` lists the arguments and options"),
        (["selftest", "resume"], "missing argument FILE", "`recipe selftest resume FILE`"),
        (["run", "x", "--progress", "fancy"],
         "--progress must be one of 'auto', 'live', 'plain', 'none'; received 'fancy'", "recipe run --help"),
        (["history", "--every", "x"], "--every must be a whole number; received 'x'", "recipe history --help"),
        (["history", "--every=0"], "--every must be at least 1; received '0'", "recipe history --help"),
        (["lr-find", "x", "--max-lr", "1e9"], "--max-lr must be at most 1000000; received '1e9'", "recipe lr-find"),
        (["run", "x", "--set"], "--set needs a value", "recipe run --help"),
        (["run", "x", "--json=3"], "--json takes no value", "recipe run --help"),
        (["history", "a", "b"], "unexpected argument 'b'", "recipe history --help"),
        (["ls", "--jsn"], "unknown option '--jsn'", "did you mean '--json'?"),
        (["run", "x", "--output-dir", "y"], "unknown option '--output-dir'", "did you mean '--run-dir'?"),
        (["run", "--config", "x"], "unknown option '--config'", "the recipe is an argument"),
        (["ls", "--epochs", "3"], "unknown option '--epochs'", "`recipe ls --help`"),
        (["--bogus"], "unknown option '--bogus'", "`recipe --help`"),
        (["run", "-z", "x"], "unknown option '-z'", "`recipe run --help`"),
        (["histroy"], "no verb 'histroy'", "did you mean `recipe history`?"),
        (["trian", "x"], "no verb 'trian'", "did you mean `recipe run`?"),
        (["iris_cyclic"], "no verb 'iris_cyclic'", "`recipe run iris_cyclic` trains it"),
        (["fit", "x"], "no verb 'fit'", "did you mean `recipe run`?"),
        (["version"], "no verb 'version'", "write `recipe --version`"),
        (["data", "chekc"], "no verb 'data chekc'", "did you mean `recipe data check`?"),
        (["data", "nope"], "no verb 'data nope'", "verbs: data check,"),
        (["plan", "--mc-samples", "1"], "unknown option '--mc-samples'", "it is an option of `recipe predict`"),
        (["xyzzy"], "no verb 'xyzzy'", "verbs: run, resume,"),
    ],
)  # fmt: skip
def test_every_mistake_has_the_one_form(told: Told, arguments: list[str], message: str, help: str) -> None:
    code, said = told(*arguments)
    assert code == 2
    assert said[0] == f"error: {message}"
    assert any(help in line for line in said[1:])
    assert all(line.startswith("  = help: ") for line in said[1:])


@pytest.mark.parametrize("verb", VERBS)
def test_no_verb_speaks_in_another_style(told: Told, verb: str) -> None:
    code, said = told(verb, "--no-such-option")
    assert code == 2
    assert said[0] == "error: unknown option '--no-such-option'"
    assert not any(line.startswith(("Usage", "Try", "Error")) for line in said)


def test_what_was_typed_reaches_no_terminal_unfiltered(told: Told) -> None:
    for arguments in (
        ["\x1b[2J"],
        ["run", "--\x1b[2J"],
        ["history", "a", "\x1b[2J"],
        ["history", "--every", "\x1b[2J"],
    ):
        assert not any("\x1b" in line for line in told(*arguments)[1])


def test_a_message_of_several_lines_is_shown_in_lines(tmp_path: Path) -> None:
    for name in ("a/20260101-000000-abcdefgh", "a/20260102-000000-abcdefgh"):
        run = tmp_path / "runs" / name
        run.mkdir(parents=True)
        (run / "events.jsonl").touch()
    for arguments in (["history", "runs"], ["resume", "a/2026"], ["history", "20260"]):
        said = recipe(*arguments, cwd=tmp_path).stderr
        assert "\\n" not in said
        assert "\n  a/20260102-000000-abcdefgh\n" in said


def test_a_line_feed_in_a_name_does_not_pose_as_an_error(told: Told) -> None:
    said = told("history", "x\nerror: all is lost")[1]
    assert [line for line in said if line.startswith("error:")] == said[:1]


def test_selftest_takes_a_recipe_alone(told: Told) -> None:
    code, said = told("selftest", "no_such_recipe")
    assert (code, said[0]) == (2, "error: no recipe 'no_such_recipe' in the gallery")


def test_latest_is_a_run_in_every_verb_that_looks_at_one(tmp_path: Path) -> None:
    run = tmp_path / "runs" / "mine" / "20260101-000000-abcdefgh"
    run.mkdir(parents=True)
    text = (GALLERY / "iris_cyclic.yaml").read_text()
    for name in ("recipe.yaml", "resolved.yaml"):
        (run / name).write_text(text)
    (run / "events.jsonl").touch()
    said = "latest is runs/mine/20260101-000000-abcdefgh\n"
    resolved = recipe("show", "iris_cyclic", "--resolved", cwd=tmp_path).stdout
    shown = recipe("show", "latest", "--resolved", cwd=tmp_path)
    assert (shown.returncode, shown.stdout, shown.stderr) == (0, resolved, said)
    assert recipe("show", run, "--resolved", cwd=tmp_path).stdout == resolved
    assert recipe("why", "mine/latest", "training.epochs", cwd=tmp_path).stderr.startswith(said)
    assert recipe("history", cwd=tmp_path).stderr.startswith(said)
    refused = recipe("show", "latest", "--set", "seed=3", cwd=tmp_path)
    assert refused.returncode == 2
    assert "--set applies to recipes" in refused.stderr


def test_without_a_run_latest_says_where_it_looked(told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for verb in ("history", "resume"):
        code, said = told(verb)
        assert code == 2
        assert said[0] == "error: no run 'latest': there is no run under runs"
        assert "runs are searched for in ./runs" in said[1]


def test_the_list_of_verbs_fits_80_columns_without_being_cut(tmp_path: Path) -> None:
    lines = recipe("--help", cwd=tmp_path, COLUMNS="80").stdout.partition("Commands:\n")[2].splitlines()
    assert len(lines) == len(VERBS)
    assert max(map(len, lines)) <= 80
    assert not [line for line in lines if "..." in line or line.rstrip() != line]


def test_a_verb_with_two_letters_swapped_is_recognised(told: Told) -> None:
    assert "did you mean `recipe run`?" in told("rnu", "x.yaml")[1][-1]


def test_a_missing_recipe_names_the_one_beside_it_that_is_alike(told: Told, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").touch()
    (tmp_path / "mien.txt").touch()
    assert "did you mean 'mine.yaml'?" in told("run", str(tmp_path / "mien.yaml"))[1][-2]
    assert not any("did you mean" in line for line in told("run", str(tmp_path / "nowhere" / "mien.yaml"))[1])


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["run", "mine.yaml", "training.epochs=3"], "write `--set training.epochs=3` to change a key of the recipe"),
        (["run", "mine"], "did you mean the file 'mine.yaml'?"),
        (["run", "mine.yaml", "--resume", "latest"], "`recipe resume latest` continues it"),
        (["run", "mine.yaml", "-o", "out"], "did you mean '--run-dir'?"),
        (["run", "mine.yaml", "-v"], "did you mean '--progress'?"),
        (["run", "mine.yaml", "--dry-run"], "`recipe plan FILE` shows what will train"),
        (["predict", "t.csv", "latest"], "'t.csv' is a file, and a run is needed in its place"),
        (["plan", "t.csv"], "`recipe init t.csv --target COLUMN` writes a recipe for a table"),
        (["init", "t.csv", "y"], "--target y"),
    ],
)
def test_habits_are_answered_with_the_command_that_is_meant(
    told: Told, arguments: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.yaml").write_text((GALLERY / "digits_constant.yaml").read_text())
    (tmp_path / "t.csv").write_text("a,y\n1,2\n")
    code, said = told(*arguments)
    assert code == 2
    assert says in " ".join(" ".join(said).split())
