"""Samples that packages ship: complete, divided evenly, the same for the same seed."""

import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import load_linnerud

from runner.data.builtin import load_builtin
from runner.data.facts import builtin_facts
from runner.data.sample_reading import read_builtin, sample_file
from runner.errors import DataError
from schemas.data import BuiltinData
from schemas.samples import SAMPLES


def data(name: str, **splits: str) -> BuiltinData:
    return BuiltinData.model_validate({"source": "builtin", "name": name, "splits": splits})


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_what_its_facts_say(name: str) -> None:
    sample, facts = read_builtin(name), SAMPLES[name]
    assert sample.x.shape == (facts.examples, *facts.shape)
    if facts.classes is not None:
        assert sorted(set(sample.y.tolist())) == list(range(facts.classes))


@pytest.mark.parametrize("name", SAMPLES)
def test_splits_have_their_sizes_and_share_no_example(name: str) -> None:
    facts = builtin_facts(data(name, train="70%", validation="15%", test="15%"))
    parts = load_builtin(facts, seed=1)
    assert parts.validation is not None
    assert parts.test is not None
    assert (len(parts.train), len(parts.validation), len(parts.test)) == (facts.train, facts.validation, facts.test)
    assert facts.train + facts.validation + facts.test == SAMPLES[name].examples
    whole = np.concatenate([part.x.reshape(len(part), -1) for part in (parts.train, parts.validation, parts.test)])
    everything = read_builtin(name).x.reshape(len(whole), -1)
    assert np.array_equal(np.unique(whole, axis=0), np.unique(everything, axis=0))


def test_every_split_has_the_classes_in_their_overall_shares() -> None:
    parts = load_builtin(builtin_facts(data("digits", train="60%", validation="20%", test="20%")), seed=5)
    overall = np.bincount(read_builtin("digits").y) / 1797
    for part in (parts.train, parts.validation, parts.test):
        assert part is not None
        assert np.abs(np.bincount(part.y) / len(part) - overall).max() < 2 / len(part)


def test_the_seed_decides_the_split() -> None:
    facts = builtin_facts(data("digits"))
    first, again, other = (load_builtin(facts, seed).train.x for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_autompg_has_a_place_for_each_origin() -> None:
    sample = read_builtin("autompg")
    np.testing.assert_array_equal(sample.x[0], [8, 307, 130, 3504, 12, 70, 1, 0, 0])
    assert sample.y[0] == 18
    assert sample.x[:, 6:].sum(0).tolist() == [245, 68, 79]
    assert sample.y.mean() == pytest.approx(23.446, abs=1e-3)


def test_linnerud_has_three_targets() -> None:
    linnerud = load_linnerud()
    sample, facts = read_builtin("linnerud"), builtin_facts(data("linnerud"))
    np.testing.assert_array_equal(sample.x, linnerud.data)
    np.testing.assert_array_equal(sample.y, linnerud.target)
    assert facts.targets == tuple(name.lower() for name in linnerud.target_names)


def test_photos_are_patches_of_two_pictures() -> None:
    sample = read_builtin("photos")
    assert np.bincount(sample.y).tolist() == [260, 260]
    with Image.open(sample_file("photos")) as picture:
        pixels = np.asarray(picture)
    np.testing.assert_array_equal(sample.x[21], pixels[32:64, 32:64])  # 20 patches are a row


@pytest.mark.parametrize("splits", [{"train": "90%", "test": "20%"}, {"train": "0%"}, {"train": "100 steps"}])
def test_shares_that_do_not_fit_are_refused(splits: dict[str, str]) -> None:
    with pytest.raises(DataError, match="splits"):
        builtin_facts(data("digits", **splits))
