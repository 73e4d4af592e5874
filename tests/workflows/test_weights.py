"""Where the weights that a recipe takes are found, and what they do to its fingerprint."""

import io
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from runner.data.access import DataAccess
from runner.data.facts import builtin_facts
from runner.errors import RecipeError, WeightsError, WeightsMissing
from runner.plan.make_plan import make_plan
from runner.plan.plan import Plan
from runner.workflows.weights import with_recorded_weights, with_weights
from schemas.recipe import Recipe
from tests.engine.problem import BASE


def model_file(weights: bytes, saved: str = "today") -> bytes:
    """A file with the members of a saved model; nothing opens it here."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("metadata.json", json.dumps({"date_saved": saved}))
        archive.writestr("config.json", "{}")
        archive.writestr("model.weights.h5", weights)
    return buffer.getvalue()


Made = Callable[..., Path]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Made:
    """Make the folder of a run below ``runs/`` of the working directory, or elsewhere."""
    monkeypatch.chdir(tmp_path)

    def make(place: str, weights: bytes = b"1", file: str = "model.keras", saved: str = "today") -> Path:
        folder = Path(place)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "recipe.yaml").touch()
        (folder / file).write_bytes(model_file(weights, saved))
        return folder

    return make


OLDER, NEWER = "runs/base/20260101-101500-aaaaaaaa", "runs/base/20260201-101500-bbbbbbbb"


def plan(run: str = "base", **weights: Any) -> Plan:
    model = {**BASE["model"], "weights": {"run": run, **weights}}
    recipe = Recipe.model_validate({**BASE, "model": model})
    return make_plan(recipe, builtin_facts(recipe.data))  # type: ignore[arg-type]


def begun(run: str = "base", **weights: Any) -> Plan:
    return with_weights(plan(run, **weights), DataAccess().beside(Path("recipe.yaml")))


def lock_of(made: Plan) -> dict[str, Any]:
    source = made.weights
    assert source is not None
    weights = {"run": source.run, "which": source.which, "sha256": source.sha256}
    return {"recipe": made.recipe.model_dump(mode="json"), "weights": weights, "fingerprint": made.fingerprint}


def test_a_name_is_the_newest_run_and_a_handle_is_one(run: Made) -> None:
    run(OLDER, b"1")
    newer = run(NEWER, b"2")
    found = begun().weights
    assert found is not None
    assert (found.run, found.file) == ("base/20260201-101500-bbbbbbbb", newer / "model.keras")
    older = begun("base/20260101-101500-aaaaaaaa").weights
    assert older is not None
    assert older.sha256 != found.sha256


def test_which_is_the_best_or_the_last_model(run: Made) -> None:
    run(OLDER, b"1")
    with pytest.raises(WeightsMissing, match=r"best\.keras is missing") as raised:
        begun(which="best")
    assert raised.value.help[0] == "`which: last` takes model.keras"
    run(OLDER, b"2", "best.keras")
    assert begun(which="best").weights != begun().weights


def test_the_fingerprint_knows_the_weights_and_not_where_they_lie(run: Made) -> None:
    run(OLDER, b"1", saved="today")
    run("runs/other/20260301-101500-cccccccc", b"1", saved="tomorrow")
    run("elsewhere", b"1", "best.keras")
    same = {begun().fingerprint, begun("other").fingerprint, begun("./elsewhere", which="best").fingerprint}
    assert len(same) == 1
    run(OLDER, b"2")
    assert begun().fingerprint not in same
    assert begun("other", layers=["d*"]).fingerprint not in same
    assert plan().fingerprint not in same


@pytest.mark.parametrize(
    "named",
    [
        "{}/outside/run",
        "../outside/run",
        "./../outside/run",
        "./link",
        "runs",
        "nowhere",
        "base/model.keras",
        "\0",
        "./",
    ],
)
def test_a_recipe_names_no_other_place(run: Made, tmp_path: Path, named: str) -> None:
    run(OLDER)
    (tmp_path / "inner").mkdir()
    outside = run("outside/run")
    os.chdir("inner")
    Path("link").symlink_to(outside)
    with pytest.raises(RecipeError) as raised:
        begun(named.format(tmp_path))
    assert raised.value.code in ("R441", "R290")


def test_a_model_that_is_a_link_is_refused(run: Made, tmp_path: Path) -> None:
    folder = run(OLDER)
    (folder / "model.keras").unlink()
    (tmp_path / "secret").write_bytes(model_file(b"3"))
    (folder / "model.keras").symlink_to(tmp_path / "secret")
    with pytest.raises(WeightsError, match="symbolic link"):
        begun()


def test_a_run_goes_on_without_its_source(run: Made) -> None:
    folder = run(OLDER)
    first = begun()
    (folder / "model.keras").unlink()
    (folder / "recipe.yaml").unlink()
    again = with_recorded_weights(plan(), DataAccess(), lock_of(first))
    assert again.fingerprint == first.fingerprint
    assert again.weights is not None
    assert again.weights.file is None
    with pytest.raises(WeightsMissing):
        begun()
    locks = [{}, lock_of(first) | {"fingerprint": "0" * 64}, lock_of(first)]
    found = with_weights(plan(), DataAccess(), locks)  # as `recipe run --resume` looks for it
    assert found.fingerprint == first.fingerprint
    with pytest.raises(WeightsMissing):
        with_weights(plan(layers=["dense_1"]), DataAccess(), locks)


def test_a_run_that_goes_on_takes_the_source_that_it_began_with_and_no_newer_one(run: Made) -> None:
    older = run(OLDER, b"1")
    first = begun()
    run(NEWER, b"2")
    again = with_recorded_weights(plan(), DataAccess(), lock_of(first)).weights
    assert again is not None
    assert again.file == older / "model.keras"
    run(OLDER, b"3")
    changed = with_recorded_weights(plan(), DataAccess(), lock_of(first)).weights
    assert changed is not None
    assert changed.file is None


def test_the_weights_of_a_run_that_goes_on_cannot_change(run: Made) -> None:
    run(OLDER)
    lock = lock_of(begun())
    with pytest.raises(WeightsError, match="cannot change"):
        with_recorded_weights(plan(layers=["d*"]), DataAccess(), lock)
    fresh = Recipe.model_validate(BASE)
    with pytest.raises(WeightsError, match="cannot change"):
        with_recorded_weights(make_plan(fresh, builtin_facts(fresh.data)), DataAccess(), lock)  # type: ignore[arg-type]
