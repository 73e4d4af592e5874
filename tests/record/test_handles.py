"""From what a person types to a run."""

from pathlib import Path

import pytest

from runner.errors import RunNotFound
from runner.record.handles import find_recorded, find_run, list_runs

RUNS = [
    "mnist/20260103-000000-cccc0000",
    "mnist/20260102-000000-aaaa1111-10",
    "mnist/20260102-000000-aaaa1111-2",
    "mnist/20260102-000000-aaaa1111",
    "mnist_1cycle/20260101-000000-bbbb2222",
]


@pytest.fixture
def base(tmp_path: Path) -> Path:
    for name in RUNS:
        (tmp_path / "runs" / name).mkdir(parents=True)
    (tmp_path / "runs/mnist/notes").mkdir()
    (tmp_path / "runs/mnist/20260109-000000-file").write_text("not a directory")
    return tmp_path / "runs"


def test_runs_are_listed_newest_first(base: Path) -> None:
    assert [str(path.relative_to(base)) for path in list_runs(base)] == RUNS


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("latest", RUNS[0]),
        ("latest~0", RUNS[0]),
        ("latest~2", RUNS[2]),
        ("mnist/latest", RUNS[0]),
        ("mnist/latest~3", RUNS[3]),
        ("mnist", RUNS[0]),
        ("mnist_1cycle/latest", RUNS[4]),
        ("mnist_1cycle", RUNS[4]),
        ("mnist_", RUNS[4]),
        ("bbbb", RUNS[4]),
        ("20260103", RUNS[0]),
        ("mnist/20260103", RUNS[0]),
        ("mnist/20260102-000000-aaaa1111-10", RUNS[1]),
    ],
)
def test_found(base: Path, text: str, found: str) -> None:
    assert find_run(text, base) == base / found


def test_a_path_is_a_run_when_it_has_its_files(base: Path, tmp_path: Path) -> None:
    own = tmp_path / "elsewhere"
    own.mkdir()
    with pytest.raises(RunNotFound):
        find_run(str(own), base)
    (own / "events.jsonl").write_text("")
    assert find_run(str(own), base) == own


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("mnist", RUNS[0]), ("mnist/", RUNS[0]), ("mnist_1cycle", RUNS[4]), ("mnist/latest~2", RUNS[2]),
        ("mnist/20260103", RUNS[0]), ("latest", RUNS[0]), ("latest~4", RUNS[4]), ("bbbb", RUNS[4]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", ["runs", "elsewhere"])
def test_a_handle_may_follow_the_path_of_a_folder_of_runs(
    base: Path, monkeypatch: pytest.MonkeyPatch, place: str, text: str, found: str
) -> None:
    """As a shell completes it; also of runs that were copied from another machine."""
    monkeypatch.chdir(base.parent)
    if place != base.name:
        base.rename(base.with_name(place))
    assert find_run(f"{place}/{text}") == Path(place) / found
    with pytest.raises(RunNotFound, match="'mnist/latest~3' is the oldest"):
        find_run(f"{place}/mnist/latest~4")


def test_text_of_a_recipe_is_never_the_path_of_a_folder(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(base.parent)
    with pytest.raises(RunNotFound, match="no run 'runs/mnist' under"):
        find_recorded("runs/mnist", base)


def test_an_ambiguous_name_lists_the_candidates(base: Path) -> None:
    with pytest.raises(RunNotFound) as caught:
        find_run("mnist/", base)
    assert str(caught.value).splitlines() == ["'mnist/' matches 4 runs:", *(f"  {name}" for name in RUNS[:4])]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("latest~5", "no run 'latest~5': there are 5 runs, and 'latest~4' is the oldest"),
        ("mnist_1cycle/latest~1", "there is 1 run of 'mnist_1cycle', and 'mnist_1cycle/latest~0' is the oldest"),
        ("latest~99999999999", "no run 'latest~99999999999' under"),
        ("latest~", "no run 'latest~' under"),
    ],
)
def test_a_run_before_the_oldest_is_refused(base: Path, text: str, says: str) -> None:
    with pytest.raises(RunNotFound, match=says):
        find_run(text, base)


@pytest.mark.parametrize("text", ["", "cifar", "cifar/latest", "[red]\x1b"])
def test_an_unknown_name_lists_what_there_is(base: Path, text: str) -> None:
    with pytest.raises(RunNotFound) as caught:
        find_run(text, base)
    first, *others = str(caught.value).splitlines()
    assert first.startswith("no run '")
    assert "\x1b" not in first
    assert others == [f"  {name}" for name in RUNS]


def test_a_long_list_is_cut(tmp_path: Path) -> None:
    for day in range(10, 25):
        (tmp_path / f"a/202601{day}-000000-aaaa1111").mkdir(parents=True)
    with pytest.raises(RunNotFound) as caught:
        find_run("2026", tmp_path)
    assert str(caught.value).splitlines()[-1] == "  and 5 more"


def test_without_any_run_it_says_where_it_looked(tmp_path: Path) -> None:
    with pytest.raises(RunNotFound, match="no run 'latest': there is no run under "):
        find_run("latest", tmp_path / "runs")


@pytest.mark.parametrize("given", ["digits.yaml", "recipes/digits.yml"])
def test_the_name_of_a_recipe_file_is_told_the_commands_that_take_it(base: Path, given: str) -> None:
    with pytest.raises(RunNotFound) as caught:
        find_run(given, base)
    first, *others = str(caught.value).splitlines()
    assert f"'{given}' is the name of a recipe's file, and a run is needed" in first
    assert f"`recipe run {given} --resume` continues one" in first
    assert others == [f"  {name}" for name in RUNS]
    with pytest.raises(RunNotFound, match=r"`recipe run digits.yaml` starts one.*; there is no run under "):
        find_run("digits.yaml", base / "empty")
