"""Fixes in the files: all that leave no doubt, comments kept, nothing outside of the folder."""

from pathlib import Path

import pytest

from runner.errors import OutsideFolder
from runner.source import Loaded, load
from runner.source.fix import Fixed, fix
from tests.source.samples import MNIST, small


def fixed(path: Path, folder: Path | None = None) -> tuple[Loaded, list[Fixed]]:
    """Mend a recipe."""
    told: list[Fixed] = []
    return fix(lambda: load(path), folder or path.parent, told.append), told


def written(path: Path, text: str) -> Path:
    """A file with this text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


def test_faults_that_others_hid_are_mended_too(tmp_path: Path) -> None:
    text = MNIST.replace("kind: 1cycle", "kind: OneCycle").replace("max_lr: 0.1", 'max_lr: "0.1"  # peak')
    path = written(tmp_path / "r.yaml", text)
    loaded, told = fixed(path)
    assert loaded.ok
    assert path.read_text() == MNIST.replace("max_lr: 0.1", "max_lr: 0.1  # peak")
    assert [(fixed.span.line, fixed.what) for fixed in told] == [
        (30, "OneCycle → 1cycle"), (31, '"0.1" → 0.1'),
    ]  # fmt: skip


def test_byte_order_mark_and_line_ends_stay(tmp_path: Path) -> None:
    text = "\ufeff" + small(seed='seed: "1"').replace("\n", "\r\n")
    path = written(tmp_path / "r.yaml", text)
    fixed(path)
    assert path.read_bytes().decode() == text.replace('"1"', "1")


def test_a_base_is_mended_where_it_is(tmp_path: Path) -> None:
    base = written(tmp_path / "b" / "_base.yaml", small(seed="sead: 1  # s"))
    loaded, told = fixed(written(tmp_path / "r.yaml", "extends: b/_base.yaml\nhardwre: {device: cpu}\n"))
    assert loaded.ok
    assert base.read_text() == small(seed="seed: 1  # s")
    assert [Path(fixed.span.file).name for fixed in told] == ["r.yaml", "_base.yaml"]


@pytest.mark.parametrize(
    "text",
    [
        small(training="training: {epochs: 1, loss: mean_error}"),
        small(schedule="schedule: {kind: polynomial, initial_lr: 1, inal_lr: 0.1, staircase_: true}"),
        small(training="training: {epochs: ten}"),
    ],
)
def test_what_leaves_a_doubt_is_left_to_the_person(tmp_path: Path, text: str) -> None:
    loaded, _ = fixed(written(tmp_path / "r.yaml", text))
    assert not loaded.ok


def test_two_words_as_near_as_each_other_are_not_chosen_between(tmp_path: Path) -> None:
    path = written(tmp_path / "r.yaml", small(optimizer="optimizer: {kind: aadam}"))
    _, told = fixed(path)
    assert told == []


def test_a_link_out_of_the_folder_is_not_written_through(tmp_path: Path) -> None:
    outside = written(tmp_path / "out" / "r.yaml", small(seed='seed: "1"'))
    inside = tmp_path / "in" / "r.yaml"
    inside.parent.mkdir()
    inside.symlink_to(outside)
    with pytest.raises(OutsideFolder, match="is a link out of its folder"):
        fixed(inside)
    assert outside.read_text() == small(seed='seed: "1"')
    fixed(inside, tmp_path)
    assert outside.read_text() == small(seed="seed: 1")
    assert inside.is_symlink()


def test_a_faultless_recipe_is_not_written(tmp_path: Path) -> None:
    path = written(tmp_path / "r.yaml", MNIST)
    before = path.stat().st_mtime_ns
    loaded, told = fixed(path)
    assert loaded.ok
    assert told == []
    assert path.stat().st_mtime_ns == before


def test_values_of_arguments_are_not_written_anywhere(tmp_path: Path) -> None:
    path = written(tmp_path / "r.yaml", small())
    told: list[Fixed] = []
    loaded = fix(lambda: load(path, sets=['seed="1"']), tmp_path, told.append)
    assert not loaded.ok
    assert told == []
    assert path.read_text() == small()


@pytest.mark.parametrize(
    "text",
    [
        *(small(model=f"model: {{kind: sequential, layers: [{{kind: {kind}}}]}}") for kind in (
            "spectral_normalization", "Normalization", "category_encoding", "RandomFlip", "hashing", "Lambda", "Conv4D",
            "sync_batch_normalization", "conv1d",
        )),
        *(small(optimizer=f"optimizer: {{kind: {kind}}}") for kind in ("radam", "RAdam", "sgdw", "nadamw")),
        *(small(optimizer=f"optimizer: {kind}") for kind in ("radam", "adm1")),
        *(small(schedule=f"schedule: {{kind: {kind}, initial_lr: 1}}") for kind in ("linear_warmup", "CosineDecay")),
        small(training="training: {epochs: 1, loss: kl_divergence}"),
        small(training="training: {epochs: 1, metrics: [sparse_top_k_categorical_accuracy]}"),
        small(training="training: {epochs: 1, metrics: kl_divergence}"),
        small(training="training: {epochs: 10, steps_per_epoch: 15}"),
        small(training="training: {num_epochs: 10}"),
        *(small(model=f"model: {{kind: sequential, layers: [{{kind: dense, units: 3, {key}: {{}}}}]}}") for key in (
            "bias_regularizer", "initializer", "activity_regularizer",
        )),
    ],
)  # fmt: skip
def test_names_of_other_trainers_are_never_changed(tmp_path: Path, text: str) -> None:
    path = written(tmp_path / "r.yaml", text)
    loaded, told = fixed(path)
    assert (loaded.ok, told) == (False, [])
    assert path.read_text() == text


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("denes", "dense"),
        ("desne", "dense"),
        ("dens", "dense"),
        ("densse", "dense"),
        ("danse", "dense"),
        ("Dense", "dense"),
        ("upsampling2d", "up_sampling2d"),
        ("UpSampling2D", "up_sampling2d"),
    ],
)
def test_one_slip_is_mended(tmp_path: Path, wrong: str, right: str) -> None:
    text = small(model=f"model: {{kind: sequential, layers: [{{kind: {wrong}, units: 3}}]}}")
    path = written(tmp_path / "r.yaml", text)
    fixed(path)
    assert path.read_text() == text.replace(wrong, right)


@pytest.mark.parametrize("kind", ["cropping2d", "group_normalization", "unit_normalization", "alpha_dropout"])
def test_a_name_of_keras_that_is_near_another_stays_itself(tmp_path: Path, kind: str) -> None:
    text = small(model=f"model: {{kind: sequential, layers: [{{kind: {kind}, unitss: 3}}]}}")
    path = written(tmp_path / "r.yaml", text)
    fixed(path)
    assert f"kind: {kind}" in path.read_text()
