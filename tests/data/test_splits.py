"""Splits: parts share nothing, have their sizes, keep groups and moments whole, and stay as they were."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_wine

from runner.data.splits.by_column import by_column, by_hash, by_time
from runner.data.splits.folds import fold_of, folds
from runner.data.splits.groups import by_group
from runner.data.splits.shares import Parts, by_share, stratified
from runner.errors import DataError

SPEED = settings(max_examples=50, deadline=None)
SHARES = {"train": 0.7, "validation": 0.1, "test": 0.2}
seeds = st.integers(0, 2**63 - 1)
weights = st.lists(st.integers(1, 20), min_size=1, max_size=5)


def as_shares(parts: list[int], rest: int = 0) -> dict[str, float]:
    return {str(place): part / (sum(parts) + rest) for place, part in enumerate(parts)}


def check_parts(parts: Parts, n: int, whole: bool) -> None:
    together = np.concatenate(list(parts.values()))
    assert len(np.unique(together)) == len(together)
    assert all(np.array_equal(part, np.sort(part)) for part in parts.values())
    assert together.min() >= 0
    assert together.max() < n
    if whole:
        assert len(together) == n


@SPEED
@given(st.integers(100, 2000), weights, st.integers(0, 20), seeds)
def test_shares_are_met_within_one_and_nothing_is_given_twice(n: int, parts: list[int], rest: int, seed: int) -> None:
    shares = as_shares(parts, rest)
    found = by_share(n, shares, seed)
    check_parts(found, n, rest == 0)
    assert all(abs(len(found[name]) - n * share) <= 1 for name, share in shares.items())
    assert all(np.array_equal(found[name], by_share(n, shares, seed)[name]) for name in shares)


def test_another_seed_is_another_split() -> None:
    assert not np.array_equal(by_share(100, SHARES, 1)["train"], by_share(100, SHARES, 2)["train"])


@SPEED
@given(st.lists(st.integers(0, 12), min_size=120, max_size=400), weights, st.integers(0, 9), seeds)
def test_every_class_is_in_every_part_within_one(classes: list[int], parts: list[int], rest: int, seed: int) -> None:
    shares = as_shares(parts, rest)
    try:
        found = stratified(np.array(classes), shares, seed)
    except DataError:
        assert min(shares.values()) * len(classes) < 2 + len(shares)
        return
    check_parts(found, len(classes), rest == 0)
    overall = Counter(classes)
    for name, share in shares.items():
        here = Counter(np.array(classes)[found[name]].tolist())
        assert all(abs(here[c] - share * count) <= 1 for c, count in overall.items())
        assert abs(len(found[name]) - share * len(classes)) <= 1 + len(shares)


def test_rare_classes_do_not_all_fall_to_one_part() -> None:
    found = stratified(np.arange(1000), SHARES, 3)
    assert [len(part) for part in found.values()] == [700, 100, 200]


def test_wine_is_stratified_by_names_as_well() -> None:
    names = load_wine().target_names[load_wine().target]
    found = stratified(names, {"train": 0.5, "test": 0.5}, 0)
    assert sorted(Counter(names[found["train"]]).values()) == pytest.approx([24, 29.5, 35.5], abs=1)


@SPEED
@given(st.lists(st.integers(0, 40), min_size=60, max_size=300), seeds)
def test_a_group_is_on_one_side(groups: list[int], seed: int) -> None:
    if len(set(groups)) < 3:
        return
    found = by_group(np.array(groups), SHARES, seed)
    check_parts(found, len(groups), whole=True)
    sides = [set(np.array(groups)[part].tolist()) for part in found.values()]
    assert sum(map(len, sides)) == len(set(groups))
    largest = max(Counter(groups).values())
    for name, share in SHARES.items():
        assert abs(len(found[name]) - share * len(groups)) <= largest + 1


def test_every_part_gets_a_group_even_when_one_is_huge() -> None:
    groups = np.array(["a"] * 1000 + ["b", "c"])
    assert all(len(part) for part in by_group(groups, SHARES, 0).values())
    with pytest.raises(DataError, match="3 parts need as many groups, there are 2"):
        by_group(groups[:1001], SHARES, 0)


def test_equal_groups_are_divided_at_random() -> None:
    groups = np.repeat(np.arange(50), 4)
    first, second = (by_group(groups, SHARES, seed)["train"] for seed in (0, 1))
    assert len(first) == len(second) == 140
    assert not np.array_equal(first, second)


@SPEED
@given(st.lists(st.text(max_size=8), min_size=1, max_size=80, unique=True), st.data(), seeds)
def test_rows_that_are_added_or_taken_move_no_other(ids: list[str], data: st.DataObject, seed: int) -> None:
    later = data.draw(st.permutations([*ids, *(f"new {i}" for i in range(30))]))
    kept = later[: data.draw(st.integers(1, len(later)))]
    before, after = by_hash(ids, SHARES, seed), by_hash(kept, SHARES, seed)
    side = {ids[row]: name for name, rows in before.items() for row in rows}
    for name, rows in after.items():
        assert all(side.get(kept[row], name) == name for row in rows)
    check_parts(after, len(kept), whole=True)


def test_hashed_shares_are_met_on_the_average_and_never_change() -> None:
    found = by_hash(range(100_000), SHARES, 7)
    assert [len(part) for part in found.values()] == pytest.approx([70_000, 10_000, 20_000], rel=0.02)
    assert by_hash(["a", "b", "c", "d", "e", "f"], {"x": 0.5, "y": 0.5}, 0)["x"].tolist() == [0, 3, 4, 5]
    assert by_hash([7, 8.0, "9"], SHARES, 1)["train"].tolist() == by_hash(["7", "8", 9], SHARES, 1)["train"].tolist()
    with pytest.raises(DataError, match="row 2 has no id"):
        by_hash(["a", None], SHARES, 0)


@SPEED
@given(st.lists(st.integers(0, 200), min_size=50, max_size=200))
def test_time_goes_on_from_part_to_part_and_no_moment_is_divided(times: list[int]) -> None:
    found = by_time(np.array(times), {"train": 0.6, "test": 0.4}) if len(set(times)) > 30 else None
    if found is None:
        return
    check_parts(found, len(times), whole=True)
    column = np.array(times)
    assert column[found["train"]].max() < column[found["test"]].min()


def test_time_is_divided_by_shares() -> None:
    days = np.array("2020-01-01", "datetime64[us]") + np.arange(100).astype("timedelta64[D]")
    shuffled = np.random.default_rng(0).permutation(100)
    found = by_time(days[shuffled], SHARES)
    assert sorted(shuffled[found["train"]]) == list(range(70))
    assert sorted(shuffled[found["test"]]) == list(range(80, 100))
    days[7] = np.datetime64("NaT")
    with pytest.raises(DataError, match="row 8 has no time"):
        by_time(days, SHARES)
    with pytest.raises(DataError, match="part 'train' gets no row: rows of one moment"):
        by_time(np.ones(10), SHARES)


def test_a_column_names_the_parts() -> None:
    values = ["tr", "te", None, "tr", "dev", "x"]
    found = by_column(values, {"train": ["tr"], "rest": ["te", "dev"]})
    assert (found["train"].tolist(), found["rest"].tolist()) == ([0, 3], [1, 4])
    with pytest.raises(DataError, match="part 'test': no row has 'tst'; the column has 'dev', 'te', 'tr', 'x'"):
        by_column(values, {"train": ["tr"], "test": ["tst"]})
    with pytest.raises(DataError, match="'tr' stands for two parts: 'train' and 'test'"):
        by_column(values, {"train": ["tr"], "test": ["tr"]})


@SPEED
@given(st.integers(10, 200), st.integers(2, 10), seeds)
def test_every_example_is_held_out_once(n: int, k: int, seed: int) -> None:
    found = folds(n, k, seed)
    assert np.array_equal(np.sort(np.concatenate([held for _, held in found])), np.arange(n))
    assert all(np.array_equal(np.sort(np.concatenate(pair)), np.arange(n)) for pair in found)
    lengths = [len(held) for _, held in found]
    assert max(lengths) - min(lengths) <= 1


def test_folds_are_stratified_or_keep_groups() -> None:
    classes = load_wine().target
    for _, held in folds(178, 5, 0, classes=classes):
        assert np.bincount(classes[held]) == pytest.approx(np.bincount(classes) / 5, abs=1)
    groups = np.repeat(np.arange(20), 5)
    assert all(not set(groups[train]) & set(groups[held]) for train, held in folds(100, 4, 0, groups=groups))


@pytest.mark.parametrize(("n", "k", "groups"), [(5, 6, None), (5, 1, None), (6, 4, np.array([0, 0, 1, 1, 2, 2]))])
def test_folds_that_cannot_be_made_are_refused(n: int, k: int, groups: object) -> None:
    with pytest.raises(DataError, match="folds are from 2 to"):
        folds(n, k, 0, groups=groups)  # type: ignore[arg-type]


@pytest.mark.parametrize("shares", [{}, {"a": 0.0, "b": 1.0}, {"a": -0.1}, {"a": 0.7, "b": 0.4}])
def test_wrong_shares_are_refused(shares: dict[str, float]) -> None:
    for call in (by_share, by_group_of, stratified_of, by_hash_of):
        with pytest.raises(DataError, match="add up to at most 1"):
            call(100, shares, 0)


def by_group_of(n: int, shares: dict[str, float], seed: int) -> Parts:
    return by_group(np.arange(n), shares, seed)


def stratified_of(n: int, shares: dict[str, float], seed: int) -> Parts:
    return stratified(np.arange(n), shares, seed)


def by_hash_of(n: int, shares: dict[str, float], seed: int) -> Parts:
    return by_hash(range(n), shares, seed)


def test_a_part_that_gets_nothing_is_refused() -> None:
    with pytest.raises(DataError, match="part 'validation' gets none of 4 examples"):
        by_share(4, SHARES, 0)


def test_a_fold_takes_nothing_of_the_test_part_and_keeps_classes_and_groups() -> None:
    classes, groups = np.arange(120) % 3, np.arange(120) // 4
    parts = {"train": np.arange(0, 80), "validation": np.arange(80, 100), "test": np.arange(100, 120)}
    held = []
    for fold in ("1/5", "2/5", "3/5", "4/5", "5/5"):
        found = fold_of(parts, fold, 1, classes)
        assert found["test"] is parts["test"]
        assert np.bincount(classes[found["validation"]]).min() >= 6
        assert sorted([*found["train"], *found["validation"]]) == list(range(100))
        by_group = fold_of(parts, fold, 1, None, groups)
        assert not set(groups[by_group["train"]]) & set(groups[by_group["validation"]])
        held += list(found["validation"])
    assert sorted(held) == list(range(100))
