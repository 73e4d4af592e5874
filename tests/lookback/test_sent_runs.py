"""A run that somebody sent, given to every verb that reads runs: nothing of it acts, and every verb answers."""

import json
import os
import pickle
import struct
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.lookback.conftest import Recipe
from tests.lookback.written import write

SENT, OWN = "digits_phases/20260101-100000-eeeeeeee", "digits_phases/20260101-000000-abcdef01"
EVIL = (
    "\x1b[2J\x1b]0;x\x07\u202e\x9b31m\"'><script>alert(1)</script><img src=x onerror=alert(1)>\r=cmd()|{{ 7 * 7 }}[red]"
)
VERBS = (
    ("show",), ("show", "--json"), ("compare", OWN), ("compare", OWN, "--json"), ("compare", OWN, "--plot", "c.svg"),
    ("diff", OWN), ("diff", OWN, "--format", "md"), ("report", "--output", "r.html"), ("history", "--format", "table"),
    ("history", "--format", "csv"), ("history", "--plot", "h.svg"), ("replay", "--progress", "plain"),
    ("watch", "--progress", "plain"), ("why", "training.epochs"), ("tag",), ("tag", "mine"), ("track",),
    ("resume",), ("verify",), ("evaluate",), ("predict", "x.npy"), ("export", "--to", "keras", "--output", "out"),
    ("inspect", "--step", "0"),
)  # fmt: skip
PICTURES = ("c.svg", "r.html", "h.svg")


def _events(run: Path, change: Callable[[dict[str, Any]], None]) -> None:
    lines = [json.loads(line) for line in (run / "events.jsonl").read_text().splitlines()]
    for line in lines:
        change(line)
    (run / "events.jsonl").write_text("".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines))


def _lock(run: Path, **values: Any) -> None:
    (run / "lock.json").write_text(json.dumps({**json.loads((run / "lock.json").read_text()), **values}))


def texts_of_events(run: Path) -> None:
    def change(event: dict[str, Any]) -> None:
        for key in ("recipe", "data", "description", "message", "phase", "metric"):
            if isinstance(event.get(key), str):
                event[key] += EVIL
        for phase in event.get("phases", ()):
            phase["name"] += EVIL
        if isinstance(event.get("metrics"), dict):
            event["metrics"][EVIL] = 0.5

    _events(run, change)


def texts_of_the_lock(run: Path) -> None:
    _lock(run, data=EVIL, packages={EVIL: EVIL}, host={"variables": {EVIL: EVIL}}, origins={EVIL: f"--set {EVIL}"})


def note(run: Path) -> None:
    (run / "tags.json").write_text(json.dumps({"tags": ["a"], "note": EVIL}))


def note_of_ten_megabytes(run: Path) -> None:
    (run / "tags.json").write_text(json.dumps({"tags": [], "note": "n" * 10**7}))


def tag(run: Path) -> None:
    (run / "tags.json").write_text(json.dumps({"tags": [EVIL]}))


def recipe_text(run: Path) -> None:
    (run / "recipe.yaml").write_text(f"# {EVIL}\n" + (run / "recipe.yaml").read_text())


def recipe_that_constructs(run: Path) -> None:
    for name in ("recipe.yaml", "resolved.yaml"):
        (run / name).write_text('!!python/object/apply:os.system ["touch acted"]\n')


def numbers_beyond_all_runs(run: Path) -> None:
    _events(run, lambda event: event.update({k: 2**52 for k in ("steps", "epochs", "first_step") if k in event}))


def numbers_that_are_none(run: Path) -> None:
    nothing = {"metrics": {"loss": float("nan"), "accuracy": 1e308}}
    _events(run, lambda event: event.update({k: v for k, v in nothing.items() if isinstance(event.get(k), dict)}))


def folder_with_a_null(run: Path) -> None:
    _lock(run, data_folder="/no\0where", code_folder="\0")


def folder_of_a_hundred_thousand_letters(run: Path) -> None:
    _lock(run, data_folder="/" + "a" * 100_000)


def half_of_a_surrogate_pair(run: Path) -> None:
    for name in ("lock.json", "events.jsonl"):
        path = run / name
        path.write_text(path.read_text().replace('"builtin digits 1"', '"\\ud800 digits"'))


class _Acts:
    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, ("touch acted",)


def pickles(run: Path) -> None:
    (run / "checkpoints").mkdir()
    for name in ("model.keras", "evaluation-test.safetensors", "checkpoints/step-000000000040.safetensors"):
        (run / name).write_bytes(pickle.dumps(_Acts()))


def header_of_an_exabyte(run: Path) -> None:
    (run / "checkpoints").mkdir()
    for name in ("evaluation-test.safetensors", "checkpoints/step-000000000040.safetensors"):
        (run / name).write_bytes(struct.pack("<Q", 1 << 60) + b"{}")


def link(run: Path) -> None:
    (run / "events.jsonl").unlink()
    (run / "events.jsonl").symlink_to("/etc/passwd")


def names_of_files(run: Path) -> None:
    (run / "x\x1b[2J\n.txt").write_text("")


ATTACKS = (
    texts_of_events, texts_of_the_lock, note, note_of_ten_megabytes, tag, recipe_text, recipe_that_constructs,
    numbers_beyond_all_runs, numbers_that_are_none, folder_with_a_null, folder_of_a_hundred_thousand_letters,
    half_of_a_surrogate_pair, pickles, header_of_an_exabyte, link, names_of_files,
)  # fmt: skip


def acting(text: str) -> set[str]:
    """Characters that a terminal would act on."""
    return {character for character in text if unicodedata.category(character) in ("Cc", "Cf", "Cs")} - {"\n", "\t"}


def files(folder: Path) -> Iterable[Path]:
    return {path for path in folder.rglob("*") if "runs" not in path.parts} - {folder / name for name in PICTURES}


@pytest.mark.parametrize("attack", ATTACKS, ids=[attack.__name__ for attack in ATTACKS])
def test_nothing_of_a_sent_run_acts_and_every_verb_answers(
    base: Path, recipe: Recipe, attack: Callable[[Path], None]
) -> None:
    run = write(base, SENT.partition("/")[2])
    (run / "resolved.yaml").write_text((run / "recipe.yaml").read_text())
    attack(run)
    before = files(base.parent)
    for verb in (*VERBS, ("runs",), ("runs", "--json")):
        of_runs = verb[0] == "runs"
        done = recipe(verb[0], *(() if of_runs else (str(run),)), *verb[1:])
        assert done.exception is None or isinstance(done.exception, SystemExit), (verb, done.exception)
        assert done.exit_code in (0, 1, 2), verb
        assert acting(done.output) == set(), verb
        assert len(done.output) < 100_000, verb
        if done.exit_code:
            assert "error" in done.output, verb
    for picture in filter(Path.exists, map(base.parent.joinpath, PICTURES)):
        text = picture.read_text()
        assert acting(text) == set(), picture.name
        assert "<script>alert" not in text
        assert "<img src=x" not in text
    assert files(base.parent) == before
